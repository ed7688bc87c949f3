"""Writes what polls came to: their entries, and when each feed is asked next.

Polls that end together are written in one transaction, by statements that take many feeds at a
time: most polls find nothing new, and then writing that is most of their cost. What an answer means
for the next poll is decided in `pipeline.feeds.schedule`.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import redis
from sqlalchemy import Connection

from pipeline.errors import Rejected, Unavailable
from pipeline.feeds import health, schedule, websub
from pipeline.feeds.schedule import FeedState, Policy, PollOutcome
from pipeline.feeds.shapes import Entry, ParsedFeed
from pipeline.records import Page, clean_text
from pipeline.store import admission, feeds, subscriptions
from pipeline.store.admission import Document, Listing
from pipeline.store.feeds import DueFeed, PollReceipt
from pipeline.store.urls import UrlIdentity
from workers import feed_changes, queues, tally
from workers.context import Context
from workers.log import logger

GATHER_S = 0.02
"""Polls that end within this are written together."""
MOST_POLLS, MOST_ENTRIES = 100, 600
"""Of one transaction: about a tenth of a second, in which no other process can write."""


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


@dataclass(frozen=True, slots=True)
class Written:
    """What one poll came to, for the log."""

    poll: Poll
    outcome: PollOutcome
    state: FeedState
    new: int
    """URLs never seen before."""
    events: tuple[tuple[str, dict[str, Any]], ...] = ()
    """What else happened: an alert, a move."""
    moved: bool = False


class PollWriter:
    """Gathers polls that have ended, and writes them together."""

    def __init__(
        self,
        context: Context,
        policy: Policy,
        clock: Callable[[], datetime],
        *,
        excused: Callable[[Poll], bool],
        told: Callable[[Written], None],
    ) -> None:
        """`excused`: whether a feed is not to blame for its silence, as our own line is down.

        `told` hears of each poll once it is written, in the event loop.
        """
        self._context, self._policy, self._clock = context, policy, clock
        self._excused, self._told = excused, told
        self._ended: list[tuple[Poll, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, poll: Poll) -> None:
        """Write a poll; returns when that is done. Raises what writing it raised."""
        done = asyncio.get_running_loop().create_future()
        self._ended.append((poll, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_ended())
        await done

    async def _write_ended(self) -> None:
        try:
            await asyncio.sleep(GATHER_S)
            while self._ended:
                batch = self._next_batch()
                results = await self._write_together([poll for poll, _ in batch])
                for (_, done), result in zip(batch, results, strict=True):
                    if isinstance(result, Written):
                        self._told(result)
                    if done.done():  # its poll was cancelled: the poller is stopping
                        continue
                    if isinstance(result, Written):
                        done.set_result(None)
                    else:
                        done.set_exception(result)
                await asyncio.to_thread(self._pass_on, results)
        finally:
            self._writing = None

    def _next_batch(self) -> list[tuple[Poll, asyncio.Future[None]]]:
        """Take the polls of the next transaction off the list, at least one."""
        count = entries = 0
        for poll, _ in self._ended[:MOST_POLLS]:
            entries += len(poll.parsed.entries) if poll.parsed is not None else 0
            if count and entries > MOST_ENTRIES:
                break
            count += 1
        batch, self._ended = self._ended[:count], self._ended[count:]
        return batch

    async def _write_together(self, polls: Sequence[Poll]) -> list[Written | Exception]:
        """One result a poll. A poll that cannot be written costs no other."""
        # An unchanged feed that is asked once more after a power cut is no loss.
        durable = any(poll.parsed is not None for poll in polls)
        work = partial(self._transaction, polls)
        try:
            return list(await self._context.writer.write(work, durable=durable))
        except Unavailable as error:
            return [error] * len(polls)
        except Exception as error:  # noqa: BLE001 (it is told to the poll's own task)
            if len(polls) == 1:
                return [error]
            return [each for poll in polls for each in await self._write_together([poll])]

    def _pass_on(self, results: Sequence[Written | Exception]) -> None:
        """What follows a transaction, for the metrics and for the workers."""
        written = [result for result in results if isinstance(result, Written)]
        self._count(written)
        if any(each.new for each in written):
            self._dispatch()

    def _count(self, written: Sequence[Written]) -> None:
        """For the metrics."""
        for each in written:
            tally.count("polls", outcome=each.outcome.kind)
            if each.new:
                tally.count("entries_listed", each.new, by="poll")
        tally.flush(self._context.redis)

    def _transaction(self, polls: Sequence[Poll], tx: Connection) -> list[Written]:
        now, owner = self._clock(), self._context.owner
        ours = feeds.held(tx, [poll.feed.id for poll in polls], owner)
        live = self._pushed_feeds(tx, polls, now)
        written = [
            self._one(tx, poll, taken, now, poll.feed.id in live)
            for poll, taken in zip(polls, _take_in(tx, polls, now), strict=True)
        ]
        receipts = {
            each.poll.feed.id: _receipt(each.poll, each.outcome, each.state)
            for each in written
            if each.poll.feed.id in ours
        }
        feeds.finish_polls(tx, receipts, owner, now)
        return [
            self._follow(tx, each, now) if each.poll.feed.id in ours else each for each in written
        ]

    def _pushed_feeds(self, tx: Connection, polls: Sequence[Poll], now: datetime) -> set[int]:
        """Those of the feeds that a hub has agreed to push."""
        if not self._context.settings.web.public_url:
            return set()
        return subscriptions.live(tx, [poll.feed.id for poll in polls], now)

    def _one(
        self, tx: Connection, poll: Poll, taken: Intake | None, now: datetime, is_pushed: bool
    ) -> Written:
        """What a poll comes to, `taken` being what its feed lists, and when it is asked again."""
        new = 0
        outcome = replace(poll.outcome, is_pushed=is_pushed)
        if poll.parsed is not None and taken is not None:
            listings, new, added = taken
            pushed = _pushed(tx, poll, listings) if is_pushed else []
            fresh = listings if poll.state.last_full is None else [*added, *pushed]
            outcome = replace(
                outcome,
                entries=len(listings),
                known=len(listings) - len(added) - len(pushed),
                pushed=len(pushed),
                published=tuple(item.published for item in fresh if item.published),
            )
            if self._context.settings.web.public_url and poll.page is not None:
                offered = websub.offer(poll.page.headers, poll.parsed, poll.page.final_url)
                hubless = websub.hubless(poll.state.hubless, offered)
                outcome = replace(outcome, hubless=hubless)
                if offered or hubless >= websub.HUBLESS_POLLS:
                    token, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
                    subscriptions.take_up(tx, poll.feed.id, offered, token, secret, now)
        if outcome.permanent_redirect:
            target = feed_changes.heed_refusal(tx, poll.feed, outcome)
            outcome = replace(outcome, permanent_redirect=target)
        if self._excused(poll) and poll.state.status != "gone":
            state = schedule.postpone(poll.state, now, random.random())
        else:
            state = schedule.next_poll(poll.state, outcome, now, random.random(), self._policy)
        return Written(poll, outcome, state, new)

    def _follow(self, tx: Connection, written: Written, now: datetime) -> Written:
        """What follows from the feed's new state, in the poll's transaction."""
        poll, state = written.poll, written.state
        hooks = {hook.name: hook.rules for hook in self._context.settings.webhooks}
        events: list[tuple[str, dict[str, Any]]] = []
        alert = feed_changes.tell(tx, poll.feed, poll.state, state, hooks, now)
        if alert:
            events.append(
                (alert.rule_id, {"reason": health.explain(state, now), "alert": alert.id})
            )
        moved = feed_changes.follow_move(tx, poll.feed, written.outcome, state, now)
        if moved:
            events.append(("feed moved", {"to": moved.to_url, "merged": moved.merged}))
        return replace(written, events=tuple(events), moved=moved is not None)

    def _dispatch(self) -> None:
        """Send the new URLs to the workers at once; the keeper would, half a second later."""
        try:
            queues.dispatch(
                self._context.database, self._context.redis, self._clock(), only=("live",)
            )
        except (Unavailable, redis.RedisError) as error:
            logger().debug("left to the keeper", error=str(error))


Intake = tuple[Sequence[Listing], int, list[Listing]]
"""What a feed lists, how many of its URLs are new to us, and what is new to the feed."""


def _take_in(tx: Connection, polls: Sequence[Poll], now: datetime) -> list[Intake | None]:
    """Take in what the feeds list; None for a poll that read no list."""
    documents = [
        Document(poll.feed.id, poll.feed.url, listings_of(poll.parsed, poll.feed.url))
        for poll in polls
        if poll.parsed is not None
    ]
    answers = admission.add_listed_together(tx, documents, now) if documents else []
    taken = iter(
        (document.listings, new, added)
        for document, (new, added) in zip(documents, answers, strict=True)
    )
    return [next(taken) if poll.parsed is not None else None for poll in polls]


def listings_of(parsed: ParsedFeed, feed_url: str) -> list[Listing]:
    """A document's entries with their identities; links that are no http(s) URLs are left out."""
    return [
        listing for entry in parsed.entries if (listing := _listing(entry, feed_url)) is not None
    ]


def _pushed(tx: Connection, poll: Poll, listings: Sequence[Listing]) -> list[Listing]:
    """Those of the entries that a hub has pushed since the last poll."""
    if poll.state.last_polled is None:
        return []
    by_key = {listing.identity.key: listing for listing in listings}
    keys = feeds.pushed_since(tx, poll.feed.id, by_key.keys(), poll.state.last_polled)
    return [by_key[key] for key in keys]


def _listing(entry: Entry, feed_url: str) -> Listing | None:
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
