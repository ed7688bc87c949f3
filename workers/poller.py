"""Polls due feeds: one event loop, many feeds at a time, each under a lease.

due feeds → turn at the site → conditional GET → parse → store (entries, URLs, the feed's state, in
one transaction) → dispatch. What an answer means for the next poll is decided in
`pipeline.feeds.schedule`. A feed's failure is that feed's state; it never stops the poller.
Settings: `[poll]`, `[fetch]`.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import redis
from sqlalchemy import Connection

from pipeline import urls
from pipeline.errors import IngestError, Rejected, TryLater, Unavailable
from pipeline.feeds import health, schedule
from pipeline.feeds.hints import cache_hints
from pipeline.feeds.outage import RecentPoll
from pipeline.feeds.parse import parse
from pipeline.feeds.schedule import FeedState, Policy, PollOutcome
from pipeline.feeds.shapes import Entry, ParsedFeed
from pipeline.feeds.sources import FeedSource
from pipeline.http import Door
from pipeline.records import Page, clean_text
from pipeline.responses import challenge
from pipeline.store import admission, feeds
from pipeline.store.admission import Listing
from pipeline.store.feeds import DueFeed, PollReceipt
from pipeline.store.urls import UrlIdentity
from workers import feed_changes, queues
from workers.context import Context, utc_now
from workers.line import LONGEST_S, WINDOW_S, Line
from workers.log import logger
from workers.politeness import wait_for_turn
from workers.sitemap_index import read_sitemaps

TICK_S = 0.5
LEASE_S = 300.0
"""Longer than any poll with its wait for a turn; after it another poller may take the feed."""
AWAY_S = 10.0
"""A feed that could not be polled because a server of ours is away is tried again after this."""
PATIENCE_S = 10.0
"""How long polls under way may take to end when the poller stops."""
MAX_PAUSE_S = 30.0
SAY_EVERY_S = 60.0
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll: what was asked, what came, what it means."""

    feed: DueFeed
    state: FeedState
    outcome: PollOutcome
    page: Page | None = None
    parsed: ParsedFeed | None = None
    body_hash: str | None = None
    has_validators: bool = True
    """False: an unchanged answer would not mean an unchanged feed, as of a sitemap index."""
    answered: bool = True
    """False: nothing came from the site, which may be our own line's fault."""


class Poller:
    """Polls feeds until stopped."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stopping = asyncio.Event()
        self._polls: set[asyncio.Task[None]] = set()
        self._last_said = 0.0
        self._synced: tuple[FeedSource, ...] | None = None
        self._line = Line()
        self._suspects: dict[int, tuple[float, Poll]] = {}
        """By feed, the silent polls of late: forgiven when it turns out that our line is down."""
        poll = context.settings.poll
        self._policy = Policy(
            min_s=poll.min_interval_s,
            max_s=poll.max_interval_s,
            interval_s=poll.interval_s or None,
        )

    async def run(self, *, once: bool = False) -> int:
        """Poll due feeds until `stop`; with `once` poll every feed now and end.

        Answers how many polls were made.
        """
        made = 0
        pause_s = TICK_S
        async with Door(self._context.limits) as door:
            if once:
                await asyncio.to_thread(self._make_all_due)
            while not self._stopping.is_set():
                share = self._line.share(time.monotonic())
                most = max(1, int(self._context.settings.poll.concurrency * share))
                room = most - len(self._polls)
                try:
                    due = await asyncio.to_thread(self._claim, room) if room > 0 else []
                    pause_s = TICK_S
                except (Unavailable, redis.RedisError) as error:
                    due, pause_s = [], min(pause_s * 2, MAX_PAUSE_S)
                    self._say_away(error)
                made += len(due)
                for feed in due:
                    task = asyncio.create_task(self._poll(door, feed))
                    self._polls.add(task)
                    task.add_done_callback(self._polls.discard)
                if once and not due and not self._polls:
                    break
                await self._pause(0 if due and share == 1 else pause_s)
            if self._polls:
                await asyncio.wait(self._polls, timeout=PATIENCE_S)
            # The rest must not take the closing of the door for a fault of their feeds.
            for task in self._polls:
                task.cancel()
            await asyncio.gather(*self._polls, return_exceptions=True)
        return made

    def stop(self) -> None:
        """End when the polls under way are done."""
        self._stopping.set()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), max(seconds, 0.01))
        except TimeoutError:
            return

    def _make_all_due(self) -> None:
        self._sync()
        with self._context.database.write() as tx:
            feeds.poll_now(tx, utc_now())

    def _sync(self) -> None:
        """Bring the table up to the user's list."""
        with self._context.database.write() as tx:
            feeds.sync(tx, self._context.feeds, utc_now())

    def _claim(self, room: int) -> list[DueFeed]:
        listed = self._context.feeds
        if listed is not self._synced:
            self._sync()
            self._synced = listed
        with self._context.database.write(durable=False) as tx:
            return feeds.claim_due(tx, self._context.owner, utc_now(), room, LEASE_S)

    async def _poll(self, door: Door, feed: DueFeed) -> None:
        """One feed, from its turn to its next date."""
        try:
            poll = await self._ask(door, feed)
            await self._watch_line(poll)
            new = await asyncio.to_thread(self._store, poll)
            await asyncio.to_thread(self._dispatch, new)
        except (Unavailable, redis.RedisError) as error:
            self._say_away(error)
            await asyncio.to_thread(self._give_back, feed)
        except Exception as error:  # noqa: BLE001 (a bug with one feed must not stop the others)
            logger().exception("poll failed", feed=feed.url)
            state = FeedState.from_json(feed.state)
            failed = PollOutcome("failed", error=f"internal error: {error!r}")
            await asyncio.to_thread(self._store, Poll(feed, state, failed))

    async def _watch_line(self, poll: Poll) -> None:
        """Learn from the poll whether our own line is up; blame no feed once it is down."""
        at, now = time.monotonic(), utc_now()
        site, worked = urls.site(poll.feed.url), poll.state.last_success
        worked_lately = worked is not None and (now - worked).total_seconds() < LONGEST_S
        was_failing = poll.state.failures > 0 or not worked_lately
        turn = self._line.note(RecentPoll(site, poll.answered, was_failing), at)
        self._suspects = {
            feed_id: (when, silent)
            for feed_id, (when, silent) in self._suspects.items()
            if at - when < WINDOW_S and feed_id != poll.feed.id
        }
        if turn == "down":
            logger().error("most sites are silent: our own line is down; no feed is blamed")
            suspects, self._suspects = self._suspects, {}
            await asyncio.to_thread(self._forgive, [silent for _, silent in suspects.values()])
        elif turn == "up":
            logger().info("sites answer again; polling ramps up")
        if not poll.answered and not self._line.down:
            self._suspects[poll.feed.id] = (at, poll)

    def _forgive(self, suspects: list[Poll]) -> None:
        """Take back the blame for polls that our own outage spoiled."""
        now = utc_now()
        with self._context.database.write() as tx:
            for poll in suspects:
                state = schedule.postpone(poll.state, now, random.random())
                if state.next_poll is not None:
                    feeds.forgive(tx, poll.feed.id, state.to_json(), state.next_poll)

    def _give_back(self, feed: DueFeed) -> None:
        """Let the feed be polled again soon; with the database away its lease has to run out."""
        until = utc_now() + timedelta(seconds=AWAY_S)
        with suppress(Unavailable), self._context.database.write(durable=False) as tx:
            feeds.shorten_lease(tx, feed.id, self._context.owner, until)

    async def _ask(self, door: Door, feed: DueFeed) -> Poll:
        """Fetch the feed as it is due to be asked, and read the answer."""
        state = FeedState.from_json(feed.state)
        conditional: dict[str, str] = {}
        if not schedule.ask_in_full(state, utc_now()):
            if feed.etag:
                conditional["If-None-Match"] = feed.etag
            if feed.last_modified:
                conditional["If-Modified-Since"] = feed.last_modified
        try:
            page = await self._fetch(door, feed.url, conditional)
            poll = await asyncio.to_thread(read_answer, feed, state, page, bool(conditional))
            if poll.parsed is not None and poll.parsed.children:
                return await self._read_index(door, poll, poll.parsed)
        except IngestError as error:
            outcome = PollOutcome("failed", error=error.reason)
            return Poll(feed, state, outcome, answered=not isinstance(error, TryLater))
        return poll

    async def _fetch(self, door: Door, url: str, headers: dict[str, str] | None = None) -> Page:
        """Fetch when it is the site's turn; only this feed waits."""
        site = urls.site(url)
        turn = await wait_for_turn(self._context.turns, site)
        try:
            return await door.fetch(url, headers=headers)
        finally:
            await asyncio.to_thread(self._context.turns.give_back, site, turn)

    async def _read_index(self, door: Door, poll: Poll, index: ParsedFeed) -> Poll:
        """The poll of a sitemap index: of the sitemaps in it."""
        parsed, body_hash = await read_sitemaps(
            index, lambda url: self._fetch(door, url), poll.feed.zone
        )
        if not parsed.entries:
            outcome = replace(poll.outcome, kind="failed", error="no items")
            return replace(poll, outcome=outcome, parsed=None, body_hash=None)
        outcome = replace(poll.outcome, error=parsed.problem)
        if body_hash == poll.feed.body_hash and poll.state.last_full is not None:
            outcome, known = replace(outcome, kind="unchanged", error=None, conditional=False), None
        else:
            known = parsed
        return replace(
            poll, outcome=outcome, parsed=known, body_hash=body_hash, has_validators=False
        )

    def _store(self, poll: Poll) -> int:
        """One transaction: what the feed lists, and when it is asked again."""
        now = utc_now()
        new = 0
        outcome = poll.outcome
        with self._context.database.write() as tx:
            if poll.parsed is not None:
                listings = list(
                    filter(None, (_listing(entry, poll.feed.url) for entry in poll.parsed.entries))
                )
                new, added = admission.add_listed(tx, poll.feed.id, poll.feed.url, listings, now)
                fresh = listings if poll.state.last_full is None else added
                outcome = replace(
                    outcome,
                    entries=len(listings),
                    known=len(listings) - len(added),
                    published=tuple(item.published for item in fresh if item.published),
                )
            if outcome.permanent_redirect:
                target = feed_changes.heed_refusal(tx, poll.feed, outcome)
                outcome = replace(outcome, permanent_redirect=target)
            if not poll.answered and self._line.down and poll.state.status != "gone":
                state = schedule.postpone(poll.state, now, random.random())
            else:
                state = schedule.next_poll(poll.state, outcome, now, random.random(), self._policy)
            ours = feeds.finish_poll(
                tx, poll.feed.id, self._context.owner, _receipt(poll, outcome, state), now
            )
            if ours:
                self._follow(tx, poll, outcome, state, now)
        logger().info(
            "polled",
            feed=poll.feed.url,
            outcome=outcome.kind,
            status=outcome.status,
            error=outcome.error,
            entries=outcome.entries,
            new=new,
            next=state.next_poll.isoformat(timespec="seconds") if state.next_poll else None,
        )
        return new

    def _follow(
        self, tx: Connection, poll: Poll, outcome: PollOutcome, state: FeedState, now: datetime
    ) -> None:
        """What follows from the feed's new state, in the poll's transaction."""
        hooks = {hook.name: hook.rules for hook in self._context.settings.webhooks}
        alert = feed_changes.tell(tx, poll.feed, poll.state, state, hooks, now)
        if alert:
            reason = health.explain(state, now)
            logger().warning(alert.rule_id, feed=poll.feed.url, reason=reason, alert=alert.id)
        moved = feed_changes.follow_move(tx, poll.feed, outcome, state, now)
        if moved:
            self._synced = None  # who is polled may have changed
            logger().info("feed moved", feed=moved.from_url, to=moved.to_url, merged=moved.merged)

    def _dispatch(self, new: int) -> None:
        if new:
            queues.dispatch(self._context.database, self._context.redis, utc_now(), only=("live",))

    def _say_away(self, error: Exception) -> None:
        if time.monotonic() - self._last_said > SAY_EVERY_S:
            self._last_said = time.monotonic()
            logger().warning("server away, waiting", error=str(error))


def read_answer(feed: DueFeed, state: FeedState, page: Page, conditional: bool) -> Poll:
    """What a feed's answer comes to. Pure."""
    hints = cache_hints(page.headers, page.fetched)
    permanent = page.hops and all(hop.status in PERMANENT for hop in page.hops)
    outcome = PollOutcome(
        "failed",
        status=page.status,
        max_age_s=hints.max_age_s,
        retry_after_s=hints.retry_after_s,
        permanent_redirect=page.final_url if permanent else None,
        conditional=conditional,
    )
    if page.status == 304:
        return Poll(feed, state, replace(outcome, kind="unchanged"), page)
    if vendor := challenge(page):
        return Poll(feed, state, replace(outcome, error=f"challenge page: {vendor}"), page)
    if not 200 <= page.status < 300:
        return Poll(feed, state, replace(outcome, error=f"HTTP {page.status}"), page)
    body_hash = hashlib.sha256(page.body).hexdigest()
    if body_hash == feed.body_hash and state.last_full is not None:
        outcome = replace(outcome, kind="unchanged", conditional=False)
        return Poll(feed, state, outcome, page, body_hash=body_hash)
    parsed = parse(page.body, page.headers, page.final_url, zone=feed.zone)
    if not parsed.is_feed or not (parsed.entries or parsed.children):
        return Poll(feed, state, replace(outcome, error=parsed.problem or "no items"), page)
    outcome = replace(
        outcome,
        kind="changed",
        error=parsed.problem,
        ttl_s=parsed.ttl_s,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )
    return Poll(feed, state, outcome, page, parsed, body_hash)


def _listing(entry: Entry, feed_url: str) -> Listing | None:
    """A feed's entry with its identity; None for a link that is no http(s) URL."""
    try:
        identity = UrlIdentity.of(entry.url, referrer=feed_url)
    except Rejected:
        return None
    title = clean_text(entry.title) if entry.title else None
    guid = clean_text(entry.guid) if entry.guid else None
    return Listing(identity, guid, title, entry.published)


def _receipt(poll: Poll, outcome: PollOutcome, state: FeedState) -> PollReceipt:
    """What to keep for the next poll. Validators come from the last whole body that was read."""
    etag, last_modified = poll.feed.etag, poll.feed.last_modified
    if poll.page is not None and poll.body_hash is not None:
        headers = poll.page.headers if poll.has_validators else {}
        etag, last_modified = headers.get("etag"), headers.get("last-modified")
    return PollReceipt(
        state=state.to_json(),
        next_poll_at=state.next_poll,
        etag=etag,
        last_modified=last_modified,
        body_hash=poll.body_hash or poll.feed.body_hash,
        status=outcome.status,
        error=state.last_error,
    )
