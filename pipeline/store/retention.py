"""Deleting what has been kept long enough, a small piece at a time.

Each function looks at the next few rows behind `after` (in the order of the table's key), deletes
those that are finished and older than `before`, and answers how far it came; so no transaction is
long, whatever the table's size. Records, URLs and how each URL ended are never touched here, but by
`records_before`, which takes a record with all that belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, literal, or_, select, tuple_

from pipeline.store.schema import (
    TERMINAL,
    alerts,
    deliveries,
    delivery_attempts,
    entries,
    events,
    metadata,
    record_versions,
    records,
    urls,
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to."""

    deleted: int
    after: Any
    """Where the next step goes on; None at the end of what is old enough."""


Prune = Callable[[Connection, datetime, Any, int], Step]


def stories(tx: Connection, before: datetime, after: int | None, limit: int) -> Step:
    """Of URLs that ended before then: their story but for the lines that say how they ended."""
    rows = tx.execute(
        select(events.c.id, events.c.at, events.c.event, urls.c.state, urls.c.changed_at)
        .join(urls, urls.c.key == events.c.url_key)
        .where(events.c.id > (after or 0))
        .order_by(events.c.id)
        .limit(limit)
    ).all()
    if not rows or rows[0].at >= before:  # lines are added in the order of time
        return Step(0, None)
    old = [
        row.id
        for row in rows
        if row.at < before
        and row.changed_at < before
        and row.state in TERMINAL
        and row.event not in TERMINAL
    ]
    if old:
        tx.execute(delete(events).where(events.c.id.in_(old)))
    return Step(len(old), rows[-1].id)


def attempts(tx: Connection, before: datetime, after: int | None, limit: int) -> Step:
    """The single attempts of finished deliveries; how a delivery ended stays with the delivery."""
    rows = tx.execute(
        select(delivery_attempts.c.id, delivery_attempts.c.at, deliveries.c.state)
        .join(deliveries, deliveries.c.id == delivery_attempts.c.delivery_id)
        .where(delivery_attempts.c.id > (after or 0))
        .order_by(delivery_attempts.c.id)
        .limit(limit)
    ).all()
    if not rows or rows[0].at >= before:
        return Step(0, None)
    old = [row.id for row in rows if row.at < before and row.state in ("delivered", "dead")]
    if old:
        tx.execute(delete(delivery_attempts).where(delivery_attempts.c.id.in_(old)))
    return Step(len(old), rows[-1].id)


def listings(tx: Connection, before: datetime, after: tuple[int, str] | None, limit: int) -> Step:
    """Which feed listed a URL when, of URLs that ended. One still listed comes back as new."""
    key = tuple_(entries.c.feed_id, entries.c.url_key)
    query = select(
        entries.c.feed_id, entries.c.url_key, entries.c.first_listed_at, urls.c.state
    ).join(urls, urls.c.key == entries.c.url_key)
    if after is not None:
        query = query.where(key > tuple_(*after))
    rows = tx.execute(query.order_by(entries.c.feed_id, entries.c.url_key).limit(limit)).all()
    old = [
        (row.feed_id, row.url_key)
        for row in rows
        if row.first_listed_at < before and row.state in TERMINAL
    ]
    if old:
        tx.execute(delete(entries).where(key.in_(old)))
    return Step(len(old), (rows[-1].feed_id, rows[-1].url_key) if rows else None)


def versions(tx: Connection, before: datetime, after: tuple[str, int] | None, limit: int) -> Step:
    """What re-fetches replaced."""
    key = tuple_(record_versions.c.record_id, record_versions.c.version)
    query = select(
        record_versions.c.record_id, record_versions.c.version, record_versions.c.replaced_at
    )
    if after is not None:
        query = query.where(key > tuple_(*after))
    order = (record_versions.c.record_id, record_versions.c.version)
    rows = tx.execute(query.order_by(*order).limit(limit)).all()
    old = [(row.record_id, row.version) for row in rows if row.replaced_at < before]
    if old:
        tx.execute(delete(record_versions).where(key.in_(old)))
    return Step(len(old), (rows[-1].record_id, rows[-1].version) if rows else None)


def records_before(
    tx: Connection, before: datetime, after: tuple[datetime, str] | None, limit: int
) -> Step:
    """Records, oldest first, with their versions, tags, alerts and deliveries.

    Their URLs stay as they are, so that a feed that lists them again brings nothing back. A record
    with an alert on its way stays until that has ended.
    """
    query = select(records.c.id, records.c.stored_at).where(records.c.stored_at < before)
    if after is not None:
        last = tuple_(literal(after[0], records.c.stored_at.type), after[1])
        query = query.where(tuple_(records.c.stored_at, records.c.id) > last)
    rows = tx.execute(query.order_by(records.c.stored_at, records.c.id).limit(limit)).all()
    if not rows:
        return Step(0, None)
    ids = [row.id for row in rows]
    on_their_way = select(alerts.c.record_id).where(
        alerts.c.record_id.in_(ids),
        alerts.c.id.in_(
            select(deliveries.c.alert_id).where(
                or_(deliveries.c.state == "pending", deliveries.c.state == "sending")
            )
        ),
    )
    busy = set(tx.scalars(on_their_way))
    _delete_records(tx, [id_ for id_ in ids if id_ not in busy])
    return Step(len(ids) - len(busy), (rows[-1].stored_at, rows[-1].id))


def _delete_records(tx: Connection, ids: list[str]) -> None:
    raised = select(alerts.c.id).where(alerts.c.record_id.in_(ids))
    sent = select(deliveries.c.id).where(deliveries.c.alert_id.in_(raised))
    tx.execute(delete(delivery_attempts).where(delivery_attempts.c.delivery_id.in_(sent)))
    tx.execute(delete(deliveries).where(deliveries.c.alert_id.in_(raised)))
    for table in metadata.tables.values():
        for column in table.columns:
            if any(key.references(records) for key in column.foreign_keys):
                tx.execute(delete(table).where(column.in_(ids)))
    tx.execute(delete(records).where(records.c.id.in_(ids)))


def shrink(connection: Connection, pages: int) -> int:
    """Give up to `pages` free pages of an SQLite file back to the disk; answers how many are left.

    Only a file made with `auto_vacuum = INCREMENTAL` (as ours are) can shrink so.
    """
    if connection.dialect.name != "sqlite":
        return 0
    if connection.exec_driver_sql("PRAGMA auto_vacuum").scalar() != 2:
        return 0
    for _ in range(pages):  # the sqlite3 module steps a statement without columns once: one page
        connection.exec_driver_sql("PRAGMA incremental_vacuum(1)")
    return int(connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0)
