"""Where feeds have moved: from the address in the user's list to the one that is polled.

The list is the user's and is never written; a move is remembered here, found again from the listed
address, and may be undone by hand, after which it is never made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlalchemy import insert as plain_insert

from pipeline.feeds.schedule import FeedState, settle_move
from pipeline.store.schema import feed_moves, feeds


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a feed."""

    from_url: str
    to_url: str
    merged: bool
    """The target was a feed of its own already, which goes on for both."""
    moved_at: datetime
    undone_at: datetime | None


def addresses(connection: Connection) -> dict[str, str]:
    """For each address that a feed has left for good: where it is polled now."""
    steps: dict[str, str] = {}
    for move in history(connection):
        if move.undone_at is None:
            steps.pop(move.to_url, None)  # moved back: what led away from there is over
            steps[move.from_url] = move.to_url
    found = {}
    for left in steps:
        url, passed = left, set[str]()
        while url in steps and url not in passed:
            passed.add(url)
            url = steps[url]
        found[left] = url
    return found


def history(connection: Connection, url: str | None = None) -> list[Move]:
    """All moves, or those from or to an address, in their order."""
    columns = [feed_moves.c[name] for name in Move.__slots__]
    query = select(*columns).order_by(feed_moves.c.id)
    if url is not None:
        query = query.where(_concerns(url))
    return [Move(**row._mapping) for row in connection.execute(query)]


def is_refused(connection: Connection, from_url: str, to_url: str) -> bool:
    """Whether this move was undone by hand before."""
    return (
        connection.scalar(
            select(feed_moves.c.id)
            .where(
                feed_moves.c.from_url == from_url,
                feed_moves.c.to_url == to_url,
                feed_moves.c.undone_at.is_not(None),
            )
            .limit(1)
        )
        is not None
    )


def move(tx: Connection, feed_id: int, from_url: str, to_url: str, now: datetime) -> Move:
    """Poll a feed at another address from now on; one that has a feed already takes it over."""
    other = tx.scalar(select(feeds.c.id).where(feeds.c.url == to_url))
    if other is None:
        _place(tx, feeds.c.id == feed_id, url=to_url)
    else:
        _place(tx, feeds.c.id == feed_id, enabled=False)
        tx.execute(
            update(feeds)
            .where(feeds.c.id == other, feeds.c.enabled.is_(False))
            .values(enabled=True, next_poll_at=now)
        )
    merged = other is not None
    tx.execute(
        plain_insert(feed_moves).values(
            feed_id=other if merged else feed_id,
            from_url=from_url,
            to_url=to_url,
            merged=merged,
            moved_at=now,
        )
    )
    return Move(from_url, to_url, merged, now, None)


def undo(tx: Connection, url: str, now: datetime) -> Move | None:
    """Take back the last move from or to an address; None when there is none to take back.

    The feed is polled at its old address again, at once; an answer under way is dropped.
    """
    row = tx.execute(
        select(feed_moves)
        .where(_concerns(url), feed_moves.c.undone_at.is_(None))
        .order_by(feed_moves.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    tx.execute(update(feed_moves).where(feed_moves.c.id == row.id).values(undone_at=now))
    which = feeds.c.url == row.from_url if row.merged else feeds.c.id == row.feed_id
    _place(
        tx,
        which,
        url=row.from_url,
        enabled=True,
        next_poll_at=now,
        lease_owner=None,
        lease_until=None,
    )
    return Move(row.from_url, row.to_url, row.merged, row.moved_at, now)


def _place(tx: Connection, which: ColumnElement[bool], **values: Any) -> None:
    """Change the row of a feed that moves: nothing that its old server said holds any longer."""
    feed = tx.execute(select(feeds.c.id, feeds.c.state).where(which)).one()
    state = settle_move(FeedState.from_json(feed.state)).to_json()
    told = {"etag": None, "last_modified": None, "body_hash": None}
    tx.execute(update(feeds).where(feeds.c.id == feed.id).values(**values, **told, state=state))


def _concerns(url: str) -> ColumnElement[bool]:
    return or_(feed_moves.c.from_url == url, feed_moves.c.to_url == url)
