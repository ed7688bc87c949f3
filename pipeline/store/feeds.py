"""Feeds and the state of each: when it is polled next, what it answered last, who polls it now.

`config/feeds.yml` says which feeds there are; everything learned about them lives here. A feed is
polled under a lease, so that two pollers never poll it twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from pipeline.feeds.sources import FeedSource
from pipeline.store import feed_moves
from pipeline.store.database import insert
from pipeline.store.schema import Instant, entries, feeds


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed claimed to be polled, with what the last poll left behind."""

    id: int
    url: str
    title: str
    language: str | None
    zone: str | None
    state: dict[str, Any]
    """`pipeline.feeds.schedule.FeedState` as JSON; empty when it was never polled."""
    etag: str | None
    last_modified: str | None
    body_hash: str | None


@dataclass(frozen=True, slots=True)
class PollReceipt:
    """What one poll leaves behind for the next."""

    state: dict[str, Any]
    next_poll_at: datetime | None
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    status: int | None
    error: str | None


def sync(tx: Connection, sources: Sequence[FeedSource], now: datetime) -> None:
    """Make the table's list equal to the file's. A feed no longer listed is kept, not polled.

    One that is enabled again is due at once, even if it had been given up as gone. A feed listed
    under an address that it has left (`feed_moves`) is found where it is now.
    """
    wanted = _where_they_are(sources, feed_moves.addresses(tx))
    for source in wanted:
        settings = {
            "title": source.title,
            "language": source.language,
            "country": source.country,
            "kind": source.kind,
            "zone": source.zone,
            "enabled": source.enabled,
        }
        again = not_(feeds.c.enabled) if source.enabled else false()
        due = case((again, literal(now, Instant())), else_=feeds.c.next_poll_at)
        tx.execute(
            insert(tx, feeds)
            .values(url=source.url, added_at=now, state={}, next_poll_at=now, **settings)
            .on_conflict_do_update(index_elements=["url"], set_=settings | {"next_poll_at": due})
        )
    listed = {source.url for source in wanted}
    dropped = [
        row.id
        for row in tx.execute(select(feeds.c.id, feeds.c.url).where(feeds.c.enabled))
        if row.url not in listed
    ]
    if dropped:
        tx.execute(update(feeds).where(feeds.c.id.in_(dropped)).values(enabled=False))


def _where_they_are(
    sources: Sequence[FeedSource], moved: Mapping[str, str]
) -> tuple[FeedSource, ...]:
    """The sources at their present addresses, each once; the entry of that address itself rules.

    A feed is polled when any entry that leads to it is enabled.
    """
    found: dict[str, FeedSource] = {}
    for source in sources:
        url = moved.get(source.url, source.url)
        other = found.get(url)
        ruling = source if other is None or source.url == url else other
        enabled = source.enabled or (other is not None and other.enabled)
        found[url] = replace(ruling, url=url, enabled=enabled)
    return tuple(found.values())


def claim_due(
    tx: Connection, owner: str, now: datetime, limit: int, lease_s: float
) -> list[DueFeed]:
    """Take up to `limit` due feeds to poll, the longest overdue first."""
    due = (
        select(feeds.c.id)
        .where(
            feeds.c.enabled,
            feeds.c.next_poll_at <= now,
            or_(feeds.c.lease_until.is_(None), feeds.c.lease_until < now),
        )
        .order_by(feeds.c.next_poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    if not ids:
        return []
    rows = tx.execute(
        update(feeds)
        .where(feeds.c.id.in_(ids))
        .values(lease_owner=owner, lease_until=now + timedelta(seconds=lease_s))
        .returning(feeds)
    )
    return [DueFeed(**{name: getattr(row, name) for name in DueFeed.__slots__}) for row in rows]


def held(tx: Connection, feed_ids: Sequence[int], owner: str) -> set[int]:
    """Those of the feeds that are still `owner`'s to poll, until the end of the transaction."""
    query = select(feeds.c.id).where(feeds.c.id.in_(feed_ids), feeds.c.lease_owner == owner)
    return set(tx.scalars(query.order_by(feeds.c.id).with_for_update()))


_FINISH = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed"), feeds.c.lease_owner == bindparam("owner"))
    .values(
        state=bindparam("state"),
        next_poll_at=bindparam("next_poll_at"),
        etag=bindparam("etag"),
        last_modified=bindparam("last_modified"),
        body_hash=bindparam("body_hash"),
        last_status=bindparam("status"),
        last_error=bindparam("error"),
        last_polled_at=bindparam("now"),
        polls=feeds.c.polls + 1,
        lease_owner=None,
        lease_until=None,
    )
)


def finish_polls(
    tx: Connection, receipts: Mapping[int, PollReceipt], owner: str, now: datetime
) -> None:
    """Write what polls came to, by feed. One no longer `held` is left as it is."""
    if receipts:
        tx.execute(
            _FINISH,
            [
                {name: getattr(receipt, name) for name in PollReceipt.__slots__}
                | {"feed": feed_id, "owner": owner, "now": now}
                for feed_id, receipt in receipts.items()
            ],
        )


def shorten_lease(tx: Connection, feed_id: int, owner: str, until: datetime) -> None:
    """Give a feed back that could not be polled: another try may begin at `until`."""
    tx.execute(
        update(feeds)
        .where(feeds.c.id == feed_id, feeds.c.lease_owner == owner)
        .values(lease_until=until)
    )


def forgive(tx: Connection, feed_id: int, state: dict[str, Any], next_poll_at: datetime) -> None:
    """Take back what a poll did to a feed whose fault it was not. A poll under way goes before."""
    tx.execute(
        update(feeds)
        .where(feeds.c.id == feed_id, feeds.c.lease_owner.is_(None))
        .values(state=state, next_poll_at=next_poll_at, last_error=state.get("last_error"))
    )


def next_due(connection: Connection) -> datetime | None:
    """When the next feed is due."""
    moment: datetime | None = connection.scalar(
        select(func.min(feeds.c.next_poll_at)).where(feeds.c.enabled)
    )
    return moment


def poll_now(tx: Connection, now: datetime) -> int:
    """Make every enabled feed due at once. Answers how many there are."""
    return tx.execute(update(feeds).where(feeds.c.enabled).values(next_poll_at=now)).rowcount


def overview(connection: Connection) -> list[Row[Any]]:
    """All feeds with how many entries each has listed, by title."""
    listed = (
        select(entries.c.feed_id, func.count().label("listed")).group_by(entries.c.feed_id)
    ).subquery()
    return list(
        connection.execute(
            select(feeds, func.coalesce(listed.c.listed, 0).label("listed"))
            .outerjoin(listed, listed.c.feed_id == feeds.c.id)
            .order_by(func.lower(feeds.c.title), feeds.c.id)
        )
    )


def get(connection: Connection, feed_id: int) -> Row[Any] | None:
    """One feed's row."""
    return connection.execute(select(feeds).where(feeds.c.id == feed_id)).one_or_none()


def pushed_since(
    connection: Connection, feed_id: int, keys: Collection[str], since: datetime
) -> set[str]:
    """Those of the URLs that a hub has pushed for the feed since the last poll."""
    return set(
        connection.scalars(
            select(entries.c.url_key).where(
                entries.c.feed_id == feed_id,
                entries.c.url_key.in_(keys),
                entries.c.pushed,
                entries.c.first_listed_at > since,
            )
        )
    )


def poll_soon(tx: Connection, feed_id: int, now: datetime) -> None:
    """Make one feed due at once: its hub says that something is new."""
    later = (feeds.c.id == feed_id) & feeds.c.enabled & (feeds.c.next_poll_at > now)
    tx.execute(update(feeds).where(later).values(next_poll_at=now))


def known(connection: Connection, feed_ids: Collection[int]) -> dict[int, Row[Any]]:
    """The rows of some feeds."""
    rows = connection.execute(_KNOWN, {"ids": list(feed_ids)})
    return {row.id: row for row in rows}


_KNOWN = select(feeds).where(feeds.c.id.in_(bindparam("ids", expanding=True)))


def listings(
    connection: Connection, listed: Collection[tuple[int, str]]
) -> dict[tuple[int, str], Row[Any]]:
    """What feeds said of URLs, title and date, by (feed id, URL key)."""
    rows = connection.execute(_LISTINGS, {"keys": [key for _, key in listed]})
    return {pair: row for row in rows if (pair := (row.feed_id, row.url_key)) in listed}


_LISTINGS: Select[Any] = select(
    entries.c.feed_id, entries.c.url_key, entries.c.title, entries.c.published_at
).where(entries.c.url_key.in_(bindparam("keys", expanding=True)))
