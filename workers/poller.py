"""Polls due feeds: one event loop, many feeds at a time, each under a lease.

due feeds → turn at the site → conditional GET → parse → write (`workers.poll_writer`: entries, URLs
and the feeds' states, many polls in one transaction) → dispatch. What an answer means for the next
poll is decided in `pipeline.feeds.schedule`. A feed's failure is that feed's state; it never stops
the poller.
Settings: `[poll]`, `[fetch]`.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import redis
from sqlalchemy import Connection

from pipeline import urls
from pipeline.errors import IngestError, TryLater, Unavailable
from pipeline.feeds import schedule
from pipeline.feeds.hints import cache_hints
from pipeline.feeds.outage import RecentPoll
from pipeline.feeds.parse import parse
from pipeline.feeds.schedule import FeedState, Policy, PollOutcome
from pipeline.feeds.shapes import ParsedFeed
from pipeline.feeds.sources import FeedSource
from pipeline.http import Door
from pipeline.records import Page
from pipeline.responses import challenge
from pipeline.store import feeds
from pipeline.store.feeds import DueFeed
from workers.context import Context, utc_now
from workers.line import LONGEST_S, WINDOW_S, Line
from workers.log import logger
from workers.poll_writer import Poll, PollWriter, Written
from workers.pressure import Gauge
from workers.sitemap_index import read_sitemaps
from workers.subscriber import Subscriber
from workers.visits import EARLY_S, TurnNotCome, Visits, open_visits

TICK_S = 0.5
LEASE_S = 300.0
"""Longer than any poll with its wait for a turn; after it another poller may take the feed."""
TURN_PATIENCE_S = 2.0
"""How long a poll waits for its site's turn, as after a redirect; for a longer wait the feed is
given back, so that it takes no room from other sites' feeds."""
WHOLE_PATIENCE_S = 200.0
"""The same for what has to be polled in one go: a sitemap index and its sitemaps. Shorter than the
lease. With `once` all feeds are waited for like that."""
AWAY_S = 10.0
"""A feed that could not be polled because a server of ours is away is tried again after this."""
PATIENCE_S = 10.0
"""How long polls under way may take to end when the poller stops."""
MAX_PAUSE_S = 30.0
BUSY_PAUSE_S = 0.02
"""Between two looks at whether polls have ended."""
CLAIMS = 8
"""Feeds are claimed when this part of the polls that may be under way has ended."""
SAY_EVERY_S = 60.0
PERMANENT = frozenset({301, 308})


class Poller:
    """Polls feeds until stopped."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stopping = asyncio.Event()
        self._polls: set[asyncio.Task[None]] = set()
        self._last_said = 0.0
        self._synced: tuple[FeedSource, ...] | None = None
        self._promised: set[int] = set()
        """The feeds that were told when their site's turn comes."""
        self._turn_patience_s = TURN_PATIENCE_S
        self._line = Line()
        self._gauge = Gauge(context)
        self._suspects: dict[int, tuple[float, Poll]] = {}
        """By feed, the silent polls of late: forgiven when it turns out that our line is down."""
        poll = context.settings.poll
        self._policy = Policy(
            min_s=poll.min_interval_s,
            max_s=poll.max_interval_s,
            hourly_wait_s=poll.hourly_interval_s,
            interval_s=poll.interval_s or None,
        )
        self._writer = PollWriter(
            context,
            self._policy,
            lambda: utc_now(),
            excused=lambda poll: not poll.answered and self._line.down,
            told=self._tell,
        )

    async def run(self, *, once: bool = False) -> int:
        """Poll due feeds until `stop`; with `once` poll every feed now and end.

        Answers how many polls were made.
        """
        made = 0
        pause_s = TICK_S
        fetch, limits = self._context.settings.fetch, self._context.limits
        sites = open_visits(
            fetch,
            limits,
            self._context.redis_url,
            respect_robots=False,  # feeds are published to be polled
            at_once=self._context.settings.poll.concurrency,
        )
        async with sites as visits, Door(limits) as door:
            if once:
                self._turn_patience_s = WHOLE_PATIENCE_S
                await self._make_all_due()
            subscribing = asyncio.create_task(Subscriber(self._context, door).run())
            while not self._stopping.is_set():
                share = self._line.share(time.monotonic())
                try:
                    if not once:  # what a person asks for is polled
                        share = min(share, await asyncio.to_thread(self._gauge.share))
                    most = max(1, int(self._context.settings.poll.concurrency * share))
                    room = most - len(self._polls) if share else 0
                    # Claiming for one feed costs as much as for many.
                    enough = room >= max(1, most // CLAIMS) or (once and not self._polls)
                    due = await self._claim(room) if enough else []
                    pause_s = TICK_S if enough else BUSY_PAUSE_S
                except (Unavailable, redis.RedisError) as error:
                    due, enough, pause_s = [], False, min(pause_s * 2, MAX_PAUSE_S)
                    self._say_away(error)
                made += len(due)
                for feed in due:
                    task = asyncio.create_task(self._poll(visits, feed))
                    self._polls.add(task)
                    task.add_done_callback(self._polls.discard)
                if once and enough and not due and not self._polls:
                    break
                await self._pause(0 if due and share == 1 else pause_s)
            if self._polls:
                await asyncio.wait(self._polls, timeout=PATIENCE_S)
            # The rest must not take the closing of the door for a fault of their feeds.
            for task in self._polls:
                task.cancel()
            subscribing.cancel()
            await asyncio.gather(subscribing, *self._polls, return_exceptions=True)
        return made

    def stop(self) -> None:
        """End when the polls under way are done."""
        self._stopping.set()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), max(seconds, 0.01))
        except TimeoutError:
            return

    async def _make_all_due(self) -> None:
        await self._sync(await asyncio.to_thread(self._listed))

        def now_due(tx: Connection) -> None:
            feeds.poll_now(tx, utc_now())

        await self._context.writer.write(now_due)

    def _listed(self) -> tuple[FeedSource, ...]:
        """The user's list, read again when its file has changed."""
        return self._context.feeds

    async def _sync(self, listed: tuple[FeedSource, ...]) -> None:
        """Bring the table up to the user's list."""

        def sync(tx: Connection) -> None:
            feeds.sync(tx, listed, utc_now())

        await self._context.writer.write(sync)
        self._synced = listed

    async def _claim(self, room: int) -> list[DueFeed]:
        listed = await asyncio.to_thread(self._listed)
        if listed is not self._synced:
            await self._sync(listed)

        def claim(tx: Connection) -> list[DueFeed]:
            return feeds.claim_due(tx, self._context.owner, utc_now(), room, LEASE_S)

        return await self._context.writer.write(claim, durable=False)

    async def _poll(self, visits: Visits, feed: DueFeed) -> None:
        """One feed, from its turn to its next date."""
        try:
            poll = await self._ask(visits, feed)
            await self._watch_line(poll)
            await self._writer.write(poll)
        except TurnNotCome as pause:
            self._promised.add(feed.id)
            await self._give_back(feed, max(pause.wait_s - EARLY_S, 0.0))
        except (Unavailable, redis.RedisError) as error:
            self._say_away(error)
            await self._give_back(feed, AWAY_S)
        except Exception as error:  # noqa: BLE001 (a bug with one feed must not stop the others)
            logger().exception("poll failed", feed=feed.url)
            state = FeedState.from_json(feed.state)
            failed = PollOutcome("failed", error=f"internal error: {error!r}")
            with suppress(Unavailable):  # then its lease has to run out
                await self._writer.write(Poll(feed, state, failed))

    async def _watch_line(self, poll: Poll) -> None:
        """Learn from the poll whether our own line is up; blame no feed once it is down."""
        at, now = time.monotonic(), utc_now()
        site, worked = urls.site(poll.feed.url), poll.state.last_success
        worked_lately = worked is not None and (now - worked).total_seconds() < LONGEST_S
        was_failing = poll.state.failures > 0 or not worked_lately
        turn = self._line.note(RecentPoll(site, poll.answered, was_failing), at)
        self._suspects.pop(poll.feed.id, None)
        while self._suspects:  # oldest first
            oldest = next(iter(self._suspects))
            if at - self._suspects[oldest][0] < WINDOW_S:
                break
            del self._suspects[oldest]
        if turn == "down":
            logger().error("most sites are silent: our own line is down; no feed is blamed")
            suspects, self._suspects = self._suspects, {}
            await self._forgive([silent for _, silent in suspects.values()])
        elif turn == "up":
            logger().info("sites answer again; polling ramps up")
        if not poll.answered and not self._line.down:
            self._suspects[poll.feed.id] = (at, poll)

    async def _forgive(self, suspects: list[Poll]) -> None:
        """Take back the blame for polls that our own outage spoiled."""
        now = utc_now()

        def forgive(tx: Connection) -> None:
            for poll in suspects:
                state = schedule.postpone(poll.state, now, random.random())
                if state.next_poll is not None:
                    feeds.forgive(tx, poll.feed.id, state.to_json(), state.next_poll)

        await self._context.writer.write(forgive)

    async def _give_back(self, feed: DueFeed, wait_s: float) -> None:
        """Let the feed be polled after a wait; with the database away its lease has to run out."""
        until = utc_now() + timedelta(seconds=wait_s)

        def shorten(tx: Connection) -> None:
            feeds.shorten_lease(tx, feed.id, self._context.owner, until)

        with suppress(Unavailable):
            await self._context.writer.write(shorten, durable=False)

    async def _ask(self, visits: Visits, feed: DueFeed) -> Poll:
        """Fetch the feed as it is due to be asked, and read the answer."""
        state = FeedState.from_json(feed.state)
        conditional: dict[str, str] = {}
        if not schedule.ask_in_full(state, utc_now()):
            if feed.etag:
                conditional["If-None-Match"] = feed.etag
            if feed.last_modified:
                conditional["If-Modified-Since"] = feed.last_modified
        try:
            page = await visits.fetch(
                feed.url,
                headers=conditional,
                promised=self._came_back(feed),
                patience_s=self._turn_patience_s,
            )
            if page.status == 304:  # nothing to read: not worth a thread
                return read_answer(feed, state, page, bool(conditional))
            poll = await asyncio.to_thread(read_answer, feed, state, page, bool(conditional))
            if poll.parsed is not None and poll.parsed.children:
                return await self._read_index(visits, poll, poll.parsed)
        except IngestError as error:
            outcome = PollOutcome("failed", error=error.reason)
            return Poll(feed, state, outcome, answered=not isinstance(error, TryLater))
        return poll

    def _came_back(self, feed: DueFeed) -> bool:
        """Whether the feed was told to come now."""
        promised = feed.id in self._promised
        self._promised.discard(feed.id)
        return promised

    async def _read_index(self, visits: Visits, poll: Poll, index: ParsedFeed) -> Poll:
        """The poll of a sitemap index: of the sitemaps in it."""
        until = time.monotonic() + WHOLE_PATIENCE_S

        async def fetch(url: str) -> Page:
            return await visits.fetch(url, patience_s=until - time.monotonic())

        parsed, body_hash = await read_sitemaps(index, fetch, poll.feed.zone)
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

    def _tell(self, written: Written) -> None:
        """Log a poll that has been written."""
        poll, outcome, state = written.poll, written.outcome, written.state
        for name, about in written.events:
            logger().warning(name, feed=poll.feed.url, **about)
        if written.moved:
            self._synced = None  # who is polled may have changed
        # Hundreds a second may be as before: those are no news.
        log = logger().debug if outcome.kind == "unchanged" else logger().info
        log(
            "polled",
            feed=poll.feed.url,
            outcome=outcome.kind,
            status=outcome.status,
            error=outcome.error,
            entries=outcome.entries,
            new=written.new,
            next=state.next_poll.isoformat(timespec="seconds") if state.next_poll else None,
        )

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
    if page.status == 304 and conditional:  # to a plain request it says nothing
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
