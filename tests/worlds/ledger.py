"""What the database says of URLs, and the few moves every test makes with them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, func, select, update

from pipeline.store import admission, events, urls
from pipeline.store.admission import HandOptions
from pipeline.store.schema import PENDING, TERMINAL, alerts, deliveries, records
from pipeline.store.urls import UrlIdentity
from workers import queues
from workers.context import Context, utc_now
from workers.poller import Poller
from workers.worker import work

LATER = timedelta(days=30)


def enqueue(context: Context, *given: str, **options: Any) -> list[str]:
    """Queue URLs by hand and send them to Redis; the answers."""
    answers = enqueue_only(context, *given, **options)
    queues.dispatch(context.database, context.redis, utc_now())
    return answers


def enqueue_only(context: Context, *given: str, **options: Any) -> list[str]:
    """Queue URLs by hand in the database: the keeper sends them to Redis."""
    with context.database.write() as tx:
        answers = admission.add_by_hand(
            tx, [UrlIdentity.of(url) for url in given], HandOptions(**options), utc_now()
        )
    return list(answers)


def poll_all(context: Context) -> None:
    asyncio.run(Poller(context).run(once=True))


def run_jobs(context: Context, *, deliveries: bool = False) -> None:
    """Repair the queues, then work until they are empty."""
    queues.reconcile(context.database, context.redis, utc_now(), max_attempts(context))
    work(context, articles=not deliveries, deliveries=deliveries, burst=True)


def wake_all(context: Context) -> None:
    """Nothing waits for its time any more, and no host is left alone for having said so."""
    for key in context.redis.scan_iter("wirewatch:host:*"):
        context.redis.hdel(key, "hold", "strikes", "tail")
    with context.database.write() as tx:
        urls.wake(tx, utc_now() + LATER)


def drain(context: Context) -> None:
    """Work until nothing is on its way; retries do not wait for their time."""
    for _ in range(200):
        wake_all(context)
        run_jobs(context)
        if not any(counts(context)[state] for state in PENDING):
            return
    pytest.fail(f"not drained: {counts(context)}")


def ingest(context: Context, url: str, **options: Any) -> Row[Any]:
    """Queue a URL by hand and work until nothing is on its way; its row."""
    enqueue(context, url, **options)
    drain(context)
    return row(context, url)


def run_again(context: Context, url: str) -> str:
    """Run the URL's last job once more, as after a lost acknowledgement."""
    from workers.ingest import ingest as job

    url_row = row(context, url)
    return asyncio.run(job(url_row.key, url_row.generation))


def max_attempts(context: Context) -> int:
    return context.settings.work.max_attempts


def row(context: Context, url: str) -> Row[Any]:
    with context.database.read() as connection:
        found = urls.find(connection, UrlIdentity.of(url).key)
    assert found is not None, f"{url} was never seen"
    return found


def own_row(context: Context, url: str) -> Row[Any] | None:
    """The row under a URL's own key, aliases not followed."""
    with context.database.read() as connection:
        found = urls.rows(connection, [UrlIdentity.of(url).key])
    return found[0] if found else None


def story(context: Context, url: str) -> list[dict[str, Any]]:
    with context.database.read() as connection:
        return events.story(connection, row(context, url).key)


def told(context: Context, url: str) -> list[str]:
    """The names of a URL's events."""
    return [line["event"] for line in story(context, url)]


def counts(context: Context) -> dict[str, int]:
    with context.database.read() as connection:
        return urls.counts(connection)


def number_of(context: Context, table: Any) -> int:
    with context.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def snapshot(context: Context) -> dict[str, Any]:
    """All that a second run of a job must leave as it is."""
    with context.database.read() as connection:
        return {
            table.name: [
                tuple(line)
                for line in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in (records, alerts, deliveries)
        } | {"states": urls.counts(connection)}


def audit(context: Context) -> None:
    """The second law: every URL is in one state, with all that belongs to it, and has a story."""
    with context.database.read() as connection:
        rows = connection.execute(select(urls.urls)).all()
        kept = set(connection.scalars(select(records.c.id)))
        stories: dict[str, set[str]] = {row.key: set() for row in rows}
        for line in connection.execute(select(events.events.c.url_key, events.events.c.event)):
            stories[line.url_key].add(line.event)
    assert sum(counts(context).values()) == len(rows)
    assert kept <= stories.keys()
    for row in rows:
        held = row.lease_owner is not None and row.lease_until is not None
        assert held == (row.state == "fetching"), row
        assert (row.due_at is not None) == (row.state == "waiting"), row
        if row.state in ("stored", "duplicate"):
            assert row.record_id in kept, row
        if row.state in ("rejected", "failed", "waiting"):
            assert row.reason, row
        if row.state in TERMINAL:
            told = stories[row.key]
            assert row.state in told or (row.state == "failed" and "recovered" in told), (row, told)
        assert stories[row.key], row


def expire_leases(context: Context) -> None:
    """As if the workers that hold a URL or a delivery had been silent for too long."""
    past = utc_now() - timedelta(hours=1)
    with context.database.write() as tx:
        for table in (urls.urls, deliveries):
            tx.execute(
                update(table).where(table.c.lease_until.is_not(None)).values(lease_until=past)
            )
