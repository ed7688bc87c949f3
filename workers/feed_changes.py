"""What a poll changes beyond its own row: a move is made, a turn for the worse is told.

Both happen in the transaction of the poll, so that a crash leaves neither half done. What is a move
and what is worth telling is decided in `pipeline.feeds`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from pipeline import feed_alerts, urls
from pipeline.alerts import Alert
from pipeline.errors import Rejected
from pipeline.feed_alerts import AlertedFeed
from pipeline.feeds import health
from pipeline.feeds.schedule import FeedState, PollOutcome, move_due
from pipeline.store import alerts as outbox
from pipeline.store import feed_moves
from pipeline.store.feed_moves import Move
from pipeline.store.feeds import DueFeed


def heed_refusal(tx: Connection, feed: DueFeed, outcome: PollOutcome) -> str | None:
    """The permanent redirect of an answer, unless a move there was undone by hand."""
    target = _address(outcome.permanent_redirect)
    if target is None or target == feed.url or feed_moves.is_refused(tx, feed.url, target):
        return None
    return target


def follow_move(
    tx: Connection, feed: DueFeed, outcome: PollOutcome, state: FeedState, now: datetime
) -> Move | None:
    """Move the feed when that is due and the target has just answered with a feed."""
    target = move_due(state)
    if target is None or outcome.kind == "failed":
        return None
    return feed_moves.move(tx, feed.id, feed.url, target, now)


def tell(
    tx: Connection,
    feed: DueFeed,
    before: FeedState,
    after: FeedState,
    subscriptions: Mapping[str, Sequence[str]],
    now: datetime,
) -> Alert | None:
    """Put the alert of a state that has just begun into the outbox; None when none has."""
    event = health.event(before, after, now)
    if event is None:
        return None
    about = AlertedFeed(feed.id, feed.url, feed.title, feed.language)
    alert = feed_alerts.decide(about, event, before, after, subscriptions, now)
    return next(iter(outbox.add(tx, [alert], now)), None)


def _address(url: str | None) -> str | None:
    try:
        return urls.parse_http(url) if url else None
    except Rejected:
        return None
