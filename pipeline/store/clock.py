"""Mending what a wrong clock wrote, once the clock has been set right.

Leases and due times are instants of the wall clock. Set forward, it ends the leases of workers that
live; set back, it leaves due times and leases hours away. Rows that were written "in the future"
are known by their own time of change, so mending twice, or on two machines, does no harm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from pipeline.store.schema import alerts, deliveries, delivery_attempts, feeds, urls

URL_LEASE_S, FEED_LEASE_S, DELIVERY_LEASE_S = 30.0, 300.0, 90.0
"""What a lease lasts from now on: who lives renews or ends it before, who is dead is found then."""
_BATCH = 500


def spare_leases(tx: Connection, now: datetime) -> None:
    """Let every lease end a while from now, whatever the clock said when it was taken."""
    for table, span_s in (
        (urls, URL_LEASE_S),
        (feeds, FEED_LEASE_S),
        (deliveries, DELIVERY_LEASE_S),
    ):
        until = now + timedelta(seconds=span_s)
        tx.execute(update(table).where(table.c.lease_until.is_not(None)).values(lease_until=until))


def bring_back(tx: Connection, now: datetime, step_s: float) -> int:
    """The clock was set back by `-step_s` seconds: bring due times written before that with it.

    Answers how many URLs and feeds. Deliveries are due at once: one retry comes early.
    """
    step = timedelta(seconds=step_s)
    tx.execute(update(urls).where(urls.c.dispatched_at > now).values(dispatched_at=now))
    tx.execute(update(deliveries).where(deliveries.c.dispatched_at > now).values(dispatched_at=now))
    tx.execute(
        update(deliveries)
        .where(
            deliveries.c.state == "pending",
            deliveries.c.due_at > now,
            or_(
                deliveries.c.alert_id.in_(select(alerts.c.id).where(alerts.c.created_at > now)),
                deliveries.c.id.in_(
                    select(delivery_attempts.c.delivery_id).where(delivery_attempts.c.at > now)
                ),
            ),
        )
        .values(due_at=now)
    )
    return _bring_back_urls(tx, now, step) + _bring_back_feeds(tx, now, step)


def _bring_back_urls(tx: Connection, now: datetime, step: timedelta) -> int:
    rows = tx.execute(
        select(urls.c.key, urls.c.due_at).where(
            urls.c.state == "waiting", urls.c.due_at > now, urls.c.changed_at > now
        )
    ).all()
    for start in range(0, len(rows), _BATCH):
        tx.execute(
            update(urls)
            .where(urls.c.key == bindparam("of"))
            .values(
                due_at=bindparam("due", type_=urls.c.due_at.type),
                changed_at=bindparam("at", type_=urls.c.changed_at.type),
            ),
            [
                {"of": row.key, "due": row.due_at + step, "at": now}
                for row in rows[start : start + _BATCH]
            ],
        )
    return len(rows)


def _bring_back_feeds(tx: Connection, now: datetime, step: timedelta) -> int:
    rows = tx.execute(
        select(feeds.c.id, feeds.c.next_poll_at).where(
            feeds.c.next_poll_at > now, feeds.c.last_polled_at > now
        )
    ).all()
    for row in rows:
        tx.execute(
            update(feeds)
            .where(feeds.c.id == row.id)
            .values(next_poll_at=row.next_poll_at + step, last_polled_at=now)
        )
    return len(rows)
