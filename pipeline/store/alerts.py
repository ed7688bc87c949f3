"""The outbox: alerts, and one delivery row for each webhook an alert goes to.

A delivery walks pending → sending → delivered | dead (or back to pending until it is due again).
Like a URL, one in `sending` is held by a lease; a second run of a delivered one changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, update
from sqlalchemy import insert as plain_insert

from pipeline.alerts import Alert, Verdict
from pipeline.store.database import insert
from pipeline.store.schema import (
    alerts,
    deliveries,
    delivery_attempts,
    feeds,
    instant_text,
    records,
    webhooks,
)

_OWNER_LENGTH = 80
DELIVERY_STATES = ("pending", "sending", "delivered", "dead")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery, claimed to be sent."""

    id: int
    alert_id: str
    webhook: str
    attempts: int
    payload: str
    claimed_by: str
    """Who and when: the fence. A run whose delivery passed to another one changes nothing."""


def add(tx: Connection, raised: Sequence[Alert], now: datetime) -> list[Alert]:
    """Put alerts into the outbox with their deliveries; answers those that were new."""
    fresh = []
    for alert in raised:
        added = tx.scalar(
            insert(tx, alerts)
            .values(
                id=alert.id,
                rule_id=alert.rule_id,
                record_id=alert.record_id,
                feed_id=alert.feed_id,
                created_at=now,
                muted=alert.muted,
                payload=alert.payload,
            )
            .on_conflict_do_nothing()
            .returning(alerts.c.id)  # an INSERT's row count is not known on every database
        )
        if not added:
            continue
        fresh.append(alert)
        if alert.webhooks:
            rows = [
                {"alert_id": alert.id, "webhook": name, "state": "pending", "due_at": now}
                for name in alert.webhooks
            ]
            tx.execute(plain_insert(deliveries), rows)
    return fresh


def take_due(tx: Connection, limit: int, now: datetime) -> list[int]:
    """Mark due deliveries as sent to Redis; their ids. Those of disabled webhooks stay."""
    ids = list(
        tx.scalars(
            select(deliveries.c.id)
            .where(
                deliveries.c.state == "pending",
                deliveries.c.due_at <= now,
                deliveries.c.dispatched_at.is_(None),
                deliveries.c.webhook.not_in(_disabled()),
            )
            .order_by(deliveries.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    if ids:
        tx.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(dispatched_at=now))
    return ids


def _disabled() -> Select[tuple[str]]:
    return select(webhooks.c.name).where(webhooks.c.disabled_at.is_not(None))


def dispatched_before(connection: Connection, moment: datetime) -> list[int]:
    """The pending deliveries whose job went to Redis before a moment."""
    return list(
        connection.scalars(
            select(deliveries.c.id).where(
                deliveries.c.state == "pending", deliveries.c.dispatched_at < moment
            )
        )
    )


def undispatch(tx: Connection, ids: Sequence[int]) -> None:
    """Their jobs are gone from Redis: send them again."""
    if ids:
        tx.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids), deliveries.c.state == "pending")
            .values(dispatched_at=None)
        )


def claim(
    tx: Connection, delivery_id: int, owner: str, now: datetime, lease_s: float
) -> Delivery | None:
    """Take a due delivery to send it. None: it is done, another's, not due, or its webhook gone."""
    at = instant_text(now)
    claimed_by = f"{owner[: _OWNER_LENGTH - len(at) - 1]}@{at}"
    row = tx.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state == "pending",
            deliveries.c.due_at <= now,
            deliveries.c.webhook.not_in(_disabled()),
        )
        .values(
            state="sending",
            attempts=deliveries.c.attempts + 1,
            lease_owner=claimed_by,
            lease_until=now + timedelta(seconds=lease_s),
        )
        .returning(deliveries)
    ).one_or_none()
    if row is None:
        return None
    payload = tx.scalar(select(alerts.c.payload).where(alerts.c.id == row.alert_id))
    return Delivery(row.id, row.alert_id, row.webhook, row.attempts, str(payload), claimed_by)


def finish(
    tx: Connection,
    delivery: Delivery,
    verdict: Verdict,
    now: datetime,
    *,
    status: int | None,
    error: str | None,
    elapsed_ms: int,
) -> bool:
    """Write what an attempt came to. False: the lease had passed to another run."""
    changed = tx.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery.id,
            deliveries.c.state == "sending",
            deliveries.c.lease_owner == delivery.claimed_by,
        )
        .values(
            state=verdict.state,
            due_at=verdict.due_at,
            dispatched_at=None,
            lease_owner=None,
            lease_until=None,
            last_status=status,
            last_error=error,
            delivered_at=now if verdict.state == "delivered" else None,
        )
    ).rowcount
    tx.execute(
        plain_insert(delivery_attempts).values(
            delivery_id=delivery.id, at=now, status=status, error=error, ms=elapsed_ms
        )
    )
    return bool(changed)


def release(tx: Connection, delivery: Delivery) -> None:
    """Give a claimed delivery back that was not sent: it was no attempt."""
    tx.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery.id,
            deliveries.c.state == "sending",
            deliveries.c.lease_owner == delivery.claimed_by,
        )
        .values(
            state="pending",
            attempts=deliveries.c.attempts - 1,
            dispatched_at=None,
            lease_owner=None,
            lease_until=None,
        )
    )


def anything_held(connection: Connection, now: datetime) -> bool:
    """Whether `recover` would find something."""
    query = select(deliveries.c.id).where(
        deliveries.c.state == "sending", deliveries.c.lease_until < now
    )
    return connection.scalar(query.limit(1)) is not None


def recover(tx: Connection, now: datetime) -> int:
    """Free the deliveries whose worker died, to be sent again at once. Answers how many."""
    return tx.execute(
        update(deliveries)
        .where(deliveries.c.state == "sending", deliveries.c.lease_until < now)
        .values(state="pending", due_at=now, dispatched_at=None, lease_owner=None, lease_until=None)
    ).rowcount


def disable(tx: Connection, name: str, url: str, reason: str, now: datetime) -> None:
    """Send an endpoint nothing more, until its URL is changed in the settings."""
    values = {"url": url, "disabled_at": now, "reason": reason}
    tx.execute(
        insert(tx, webhooks)
        .values(name=name, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )


def reconcile_webhooks(tx: Connection, configured: dict[str, str]) -> list[str]:
    """Re-enable endpoints whose URL was changed since they were disabled; their names."""
    disabled = tx.execute(select(webhooks).where(webhooks.c.disabled_at.is_not(None)))
    enabled = [str(row.name) for row in disabled if configured.get(row.name, row.url) != row.url]
    if enabled:
        tx.execute(
            update(webhooks)
            .where(webhooks.c.name.in_(enabled))
            .values(disabled_at=None, reason=None)
        )
    return enabled


def replay(tx: Connection, alert_id: str, receivers: Sequence[str], now: datetime) -> int:
    """Send an alert to these webhooks (again), whatever became of it. Answers how many will get it.

    One that had been muted is no longer: somebody asked for it.
    """
    again = tx.execute(
        update(deliveries)
        .where(
            deliveries.c.alert_id == alert_id,
            deliveries.c.webhook.in_(receivers),
            deliveries.c.state.in_(("delivered", "dead")),
        )
        .values(state="pending", due_at=now, dispatched_at=None, attempts=0)
    ).rowcount
    known = set(tx.scalars(select(deliveries.c.webhook).where(deliveries.c.alert_id == alert_id)))
    fresh = [
        {"alert_id": alert_id, "webhook": name, "state": "pending", "due_at": now}
        for name in receivers
        if name not in known
    ]
    if fresh:
        tx.execute(plain_insert(deliveries), fresh)
        tx.execute(update(alerts).where(alerts.c.id == alert_id).values(muted=None))
    return again + len(fresh)


def counts(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state, all states named."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    found: dict[str, int] = dict(rows.all())
    return {state: found.get(state, 0) for state in DELIVERY_STATES}


def recent(
    connection: Connection, limit: int, *, rule: str | None = None, state: str | None = None
) -> list[Row[Any]]:
    """The newest alerts, one row a delivery (or one with empty delivery columns when muted).

    `title` and `url` are those of the record or the feed that the alert is about. `rule` may end
    in `*`: all rules that begin so.
    """
    query = (
        select(
            alerts.c.id,
            alerts.c.rule_id,
            alerts.c.record_id,
            alerts.c.feed_id,
            alerts.c.created_at,
            alerts.c.muted,
            func.coalesce(records.c.title, feeds.c.title).label("title"),
            func.coalesce(records.c.url, feeds.c.url).label("url"),
            deliveries.c.webhook,
            deliveries.c.state,
            deliveries.c.attempts,
            deliveries.c.last_status,
            deliveries.c.last_error,
            deliveries.c.due_at,
            deliveries.c.delivered_at,
        )
        .outerjoin(records, records.c.id == alerts.c.record_id)
        .outerjoin(feeds, feeds.c.id == alerts.c.feed_id)
        .outerjoin(deliveries, deliveries.c.alert_id == alerts.c.id)
        .order_by(alerts.c.created_at.desc(), alerts.c.id)
        .limit(limit)
    )
    if rule and rule.endswith("*"):
        query = query.where(alerts.c.rule_id.startswith(rule[:-1], autoescape=True))
    elif rule:
        query = query.where(alerts.c.rule_id == rule)
    if state == "muted":
        query = query.where(alerts.c.muted.is_not(None))
    elif state:
        query = query.where(deliveries.c.state == state)
    return list(connection.execute(query))


def get(connection: Connection, alert_id: str) -> Row[Any] | None:
    """One alert's own row."""
    return connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()


def receipts(connection: Connection, alert_ids: Sequence[str]) -> list[Row[Any]]:
    """Every attempt to deliver these alerts, oldest first; deliveries not yet tried included."""
    return list(
        connection.execute(
            select(
                deliveries.c.alert_id,
                deliveries.c.webhook,
                deliveries.c.state,
                deliveries.c.due_at,
                delivery_attempts.c.at,
                delivery_attempts.c.status,
                delivery_attempts.c.error,
                delivery_attempts.c.ms,
            )
            .outerjoin(delivery_attempts, delivery_attempts.c.delivery_id == deliveries.c.id)
            .where(deliveries.c.alert_id.in_(alert_ids))
            .order_by(deliveries.c.id, delivery_attempts.c.id)
        )
    )


def of_record(connection: Connection, record_id: str) -> list[Row[Any]]:
    """The alerts a record raised, oldest first."""
    return list(
        connection.execute(
            select(alerts).where(alerts.c.record_id == record_id).order_by(alerts.c.created_at)
        )
    )


def due_count(connection: Connection, now: datetime) -> int:
    """How many deliveries wait to be sent now."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(deliveries)
            .where(
                or_(deliveries.c.state == "sending", deliveries.c.state == "pending"),
                or_(deliveries.c.due_at.is_(None), deliveries.c.due_at <= now),
            )
        )
        or 0
    )
