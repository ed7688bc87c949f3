"""The figures of `wirewatch status`: how much, how fast, how old, what went wrong last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.store import alerts as outbox
from pipeline.store import urls as url_store
from pipeline.store.schema import feeds, records, urls

RATES = {"minute": 60, "hour": 3_600, "day": 86_400}


def overview(connection: Connection, now: datetime, last: int = 5) -> dict[str, Any]:
    """The database's figures as plain data; `last` is how many recent errors to name."""
    states = url_store.counts(connection)
    stored = {
        name: connection.scalar(
            select(func.count())
            .select_from(records)
            .where(records.c.stored_at >= now - timedelta(seconds=span))
        )
        for name, span in RATES.items()
    }
    oldest = connection.scalar(select(func.min(urls.c.changed_at)).where(urls.c.state == "queued"))
    queued = connection.execute(
        select(urls.c.queue, func.count()).where(urls.c.state == "queued").group_by(urls.c.queue)
    )
    errors = connection.execute(
        select(urls.c.changed_at, urls.c.state, urls.c.reason, urls.c.detail, urls.c.url)
        .where(urls.c.state == "failed")
        .order_by(urls.c.changed_at.desc())
        .limit(last)
    )
    return {
        "urls": {"seen": sum(states.values())} | states,
        "queued": dict(queued.all()),
        "oldest_queued": oldest,
        "records": connection.scalar(select(func.count()).select_from(records)),
        "stored_in_the_last": stored,
        "feeds": _feeds(connection, now),
        "deliveries": outbox.counts(connection),
        "last_failed": [dict(row._mapping) for row in errors],
    }


def _feeds(connection: Connection, now: datetime) -> dict[str, Any]:
    rows = connection.execute(
        select(
            feeds.c.url, feeds.c.enabled, feeds.c.state, feeds.c.next_poll_at, feeds.c.last_error
        )
    ).all()
    enabled = [row for row in rows if row.enabled]
    statuses: dict[str, int] = {}
    for row in enabled:
        status = row.state.get("status", "new")
        statuses[status] = statuses.get(status, 0) + 1
    return {
        "enabled": len(enabled),
        "disabled": len(rows) - len(enabled),
        "due": sum(1 for row in enabled if row.next_poll_at and row.next_poll_at <= now),
        "by_status": statuses,
        "in_trouble": [
            {"feed": row.url, "error": row.last_error} for row in enabled if row.last_error
        ],
    }
