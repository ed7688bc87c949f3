"""WebSub subscriptions: what hubs were asked for, what they agreed to, when they are asked again.

Like all of the store these take the caller's open transaction. What a state means and when to try
again is decided in `pipeline.feeds.websub`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update
from sqlalchemy import insert as plain_insert

from pipeline.feeds.websub import (
    DENIED_FOR,
    MOST_ENDINGS,
    Offer,
    Subscription,
    Verification,
    retry_at,
)
from pipeline.store.schema import feed_subscriptions as table
from pipeline.store.schema import feeds

WANTED = ("asked", "active", "denied")
"""States of a subscription that we want to have."""
KEEP_ENDED = timedelta(days=30)
"""For so long a hub that still pushes is told that nobody listens (410)."""
_COLUMNS = [table.c[item.name] for item in fields(Subscription)]


def take_up(
    tx: Connection, feed_id: int, offered: Offer | None, token: str, secret: str, now: datetime
) -> None:
    """Want what a feed offers, under a new `token` and `secret`; let go of what it no longer does.

    `offered` is None when the feed announces no hub.
    """
    kept = False
    for row in tx.execute(
        select(table.c.id, table.c.hub, table.c.topic).where(
            table.c.feed_id == feed_id, table.c.state.in_(WANTED)
        )
    ):
        if offered is not None and (row.hub, row.topic) == (offered.hub, offered.topic):
            kept = True
        else:
            _end(tx, table.c.id == row.id, now)
    if offered is not None and not kept:
        tx.execute(
            plain_insert(table).values(
                feed_id=feed_id,
                hub=offered.hub,
                topic=offered.topic,
                token=token,
                secret=secret,
                state="asked",
                due_at=now,
                changed_at=now,
            )
        )


def anything_to_do(connection: Connection, now: datetime) -> bool:
    """Whether a hub has to be asked, or a subscription is over. Takes no lock."""
    open_ = or_(table.c.due_at <= now, _unwanted(), _lapsed(now))
    return connection.scalar(select(table.c.id).where(open_).limit(1)) is not None


def drop_unwanted(tx: Connection, now: datetime) -> int:
    """Let go of the subscriptions of feeds that are polled no more. Answers how many."""
    return _end(tx, _unwanted(), now)


def lapse(tx: Connection, now: datetime) -> int:
    """Ask anew where a lease has run out, and poll those feeds at once. Answers how many."""
    over = list(
        tx.scalars(
            update(table)
            .where(_lapsed(now))
            .values(state="asked", changed_at=now)
            .returning(table.c.feed_id)
        )
    )
    _poll_soon(tx, over, now)
    return len(over)


def claim_due(tx: Connection, now: datetime, limit: int, lease_s: float) -> list[Subscription]:
    """Take subscriptions whose hub is to be asked now; no other poller takes them meanwhile."""
    forgotten = (table.c.state == "ended") & (table.c.due_at <= now)
    tx.execute(delete(table).where(forgotten))
    due = (
        select(table.c.id)
        .where(table.c.due_at <= now)
        .order_by(table.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    if not ids:
        return []
    rows = tx.execute(
        update(table)
        .where(table.c.id.in_(ids))
        .values(due_at=now + timedelta(seconds=lease_s))
        .returning(*_COLUMNS)
    )
    return [Subscription(*row) for row in rows]


def note_asked(
    tx: Connection, asked: Subscription, error: str | None, now: datetime, told_s: float = 0.0
) -> None:
    """A hub was asked: it is asked again unless it proves its intent before.

    `told_s` is how long it asked to be left alone, seconds.
    """
    attempts = asked.attempts + 1
    given_up = asked.state == "ending" and attempts >= MOST_ENDINGS
    due = now + KEEP_ENDED if given_up else retry_at(attempts, now, told_s)
    values = {"attempts": attempts, "last_error": error, "due_at": due}
    if given_up:
        values |= {"state": "ended", "changed_at": now}
    # Its verification may have come before its answer: then it is not asked again.
    untouched = (table.c.attempts == asked.attempts) & (table.c.state == asked.state)
    verified = table.c.lease_until.is_distinct_from(asked.lease_until)
    tx.execute(update(table).where(table.c.id == asked.id, untouched, ~verified).values(values))


def by_token(connection: Connection, token: str) -> Subscription | None:
    """The subscription behind a callback's address."""
    row = connection.execute(select(*_COLUMNS).where(table.c.token == token)).one_or_none()
    return None if row is None else Subscription(*row)


def settle(tx: Connection, subscription: Subscription, told: Verification, now: datetime) -> None:
    """Write what a hub has agreed to, or has denied."""
    values: dict[str, object] = {"attempts": 0, "last_error": None, "changed_at": now}
    match told.kind:
        case "subscribed":
            values |= {
                "state": "active",
                "lease_until": told.lease_until,
                "due_at": told.renew_at,
            }
        case "unsubscribed":
            values |= {"state": "ended", "lease_until": None, "due_at": now + KEEP_ENDED}
        case "denied":
            values |= {
                "state": "denied",
                "lease_until": None,
                "due_at": now + DENIED_FOR,
                "last_error": told.reason or "denied by the hub",
            }
        case "refused":
            return
    tx.execute(update(table).where(table.c.id == subscription.id).values(values))
    if told.kind == "denied":
        _poll_soon(tx, [subscription.feed_id], now)


def note_push(tx: Connection, subscription: Subscription, now: datetime, *, forged: bool) -> None:
    """Count a push; one with a wrong signature is only counted."""
    mine = update(table).where(table.c.id == subscription.id)
    if forged:
        tx.execute(mine.values(forged=table.c.forged + 1))
    else:
        tx.execute(mine.values(pushes=table.c.pushes + 1, last_push_at=now))


def live(connection: Connection, feed_ids: Iterable[int], now: datetime) -> set[int]:
    """Those of the feeds that a hub has agreed to push at this time."""
    return set(
        connection.scalars(
            select(table.c.feed_id).where(
                table.c.feed_id.in_(list(feed_ids)),
                table.c.state == "active",
                table.c.lease_until > now,
            )
        )
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many subscriptions are in each state that is not over."""
    states = (*WANTED, "ending")
    query = select(table.c.state, func.count()).where(table.c.state.in_(states))
    found: dict[str, int] = dict(connection.execute(query.group_by(table.c.state)).all())
    return {state: found[state] for state in states if state in found}


def by_feed(connection: Connection) -> dict[int, Row[*tuple[Any, ...]]]:
    """The subscription of each feed that has one, for people."""
    columns = (
        table.c.feed_id,
        table.c.hub,
        table.c.state,
        table.c.lease_until,
        table.c.pushes,
        table.c.forged,
        table.c.last_push_at,
        table.c.last_error,
    )
    query = select(*columns).where(table.c.state.in_(WANTED)).order_by(table.c.id)
    return {row.feed_id: row for row in connection.execute(query)}


def _unwanted() -> ColumnElement[bool]:
    polled = select(feeds.c.id).where(feeds.c.enabled, feeds.c.next_poll_at.is_not(None))
    return table.c.state.in_(WANTED) & table.c.feed_id.not_in(polled)


def _lapsed(now: datetime) -> ColumnElement[bool]:
    return (table.c.state == "active") & (table.c.lease_until <= now)


def _end(tx: Connection, which: ColumnElement[bool], now: datetime) -> int:
    return tx.execute(
        update(table).where(which).values(state="ending", attempts=0, due_at=now, changed_at=now)
    ).rowcount


def _poll_soon(tx: Connection, feed_ids: list[int], now: datetime) -> None:
    """Feeds whose polls may have become rare are polled as before."""
    if feed_ids:
        later = feeds.c.id.in_(feed_ids) & (feeds.c.next_poll_at > now)
        tx.execute(update(feeds).where(later).values(next_poll_at=now))
