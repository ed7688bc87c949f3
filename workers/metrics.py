"""Metrics in Prometheus' text format, for the whole program and not for one process.

States, queues and ages are counted in the database at the time of asking; what passes (polls,
fetches, stage times) is added up in Redis by the processes (`workers.tally`). A server that is away
leaves its metrics out and says so in `wirewatch_up`. `docs/metrics.md` is written from `METRICS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import redis
import rq
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select

from pipeline.errors import Unavailable
from pipeline.store import alerts as outbox
from pipeline.store import urls as url_store
from pipeline.store.database import Database
from pipeline.store.schema import deliveries, feed_subscriptions, feeds, records, urls
from workers import queues, tally


@dataclass(frozen=True, slots=True)
class Described:
    """One metric: what it is called, what it says."""

    name: str
    type: Literal["gauge", "counter"]
    labels: tuple[str, ...]
    help: str


METRICS = (
    Described("wirewatch_up", "gauge", ("server",), "1 when the database or Redis answers"),
    Described("wirewatch_feeds", "gauge", ("state",),
              "Feeds by state: new, ok, quiet, broken, overflow, moved, gone; off: not enabled"),
    Described("wirewatch_feeds_due", "gauge", (), "Feeds whose poll is due or under way"),
    Described("wirewatch_feeds_oldest_due_seconds", "gauge", (),
              "How long the longest overdue feed has been due"),
    Described("wirewatch_subscriptions", "gauge", ("state",),
              "WebSub subscriptions: asked, active, denied, ending, ended"),
    Described("wirewatch_urls", "gauge", ("state",), "URLs by state; they add up to all ever seen"),
    Described("wirewatch_queued", "gauge", ("queue",), "URLs queued, by queue"),
    Described("wirewatch_oldest_queued_seconds", "gauge", ("queue",),
              "How long the longest waiting URL of a queue has been queued"),
    Described("wirewatch_jobs", "gauge", ("queue",), "Jobs in Redis, by RQ queue"),
    Described("wirewatch_records", "gauge", (), "Records stored"),
    Described("wirewatch_deliveries", "gauge", ("state",),
              "Deliveries of alerts: pending, sending, delivered, dead"),
    Described("wirewatch_oldest_due_delivery_seconds", "gauge", (),
              "How long the longest overdue delivery has been due"),
    Described("wirewatch_workers", "gauge", ("queues",), "Live workers, by the queues they serve"),
    Described("wirewatch_polls_total", "counter", ("outcome",),
              "Polls by outcome: changed, unchanged, failed"),
    Described("wirewatch_entries_listed_total", "counter", ("by",),
              "URLs never seen before that feeds listed: by poll or by push"),
    Described("wirewatch_pushes_total", "counter", ("outcome",),
              "WebSub pushes: taken in, no entries, forged (wrong signature, dropped)"),
    Described("wirewatch_fetches_total", "counter", ("status",),
              "Answers to article fetches by HTTP status; `none` when none came"),
    Described("wirewatch_stage_seconds_total", "counter", ("stage",),
              "Time of a stage, waits included: fetch, read (extraction, language, tags), store"),
    Described("wirewatch_stage_runs_total", "counter", ("stage",),
              "Runs of a stage; seconds / runs is its mean time"),
)  # fmt: skip
"""Everything that is exposed; a test holds the exposition to it."""

_COUNTED = {each.name.removeprefix("wirewatch_").removesuffix("_total"): each for each in METRICS}
_BY_NAME = {each.name: each for each in METRICS}

Value = tuple[str, tuple[str, ...], float]
"""A metric's name, the values of its labels, its value."""


def exposition(database: Database, client: redis.Redis, now: datetime) -> bytes:
    """All metrics as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Values([*_guarded("database", lambda: _stored(database, now)),
                               *_guarded("redis", lambda: _in_redis(client))]))  # fmt: skip
    return generate_latest(registry)


class _Values(Collector):
    """Values as Prometheus' library wants them."""

    def __init__(self, values: list[Value]) -> None:
        self._values = values

    def collect(self) -> Iterator[Metric]:
        families: dict[str, GaugeMetricFamily | CounterMetricFamily] = {}
        for name, labels, value in self._values:
            known = _BY_NAME[name]
            if name not in families:
                kind = GaugeMetricFamily if known.type == "gauge" else CounterMetricFamily
                families[name] = kind(name, known.help, labels=known.labels)
            families[name].add_metric(labels, value)
        yield from families.values()


def _guarded(server: str, read: Callable[[], list[Value]]) -> list[Value]:
    """A server's metrics; only that it is down when it is."""
    try:
        return [*read(), ("wirewatch_up", (server,), 1)]
    except (Unavailable, redis.RedisError):
        return [("wirewatch_up", (server,), 0)]


def _stored(database: Database, now: datetime) -> list[Value]:
    with database.read() as connection:
        return [
            *_of_feeds(connection, now),
            *_of_urls(connection, now),
            *_of_deliveries(connection, now),
            ("wirewatch_records", (), _number(connection, records)),
        ]


def _of_feeds(connection: Connection, now: datetime) -> Iterator[Value]:
    status = func.coalesce(feeds.c.state["status"].as_string(), "new")
    by_state = select(status, func.count()).where(feeds.c.enabled).group_by(status)
    for state, number in connection.execute(by_state):
        yield "wirewatch_feeds", (state,), number
    off = connection.scalar(select(func.count()).select_from(feeds).where(~feeds.c.enabled))
    yield "wirewatch_feeds", ("off",), off or 0
    due, oldest = connection.execute(
        select(func.count(), func.min(feeds.c.next_poll_at)).where(
            feeds.c.enabled, feeds.c.next_poll_at <= now
        )
    ).one()
    yield "wirewatch_feeds_due", (), due
    yield "wirewatch_feeds_oldest_due_seconds", (), _age(oldest, now)
    subscribed = select(feed_subscriptions.c.state, func.count())
    for state, number in connection.execute(subscribed.group_by(feed_subscriptions.c.state)):
        yield "wirewatch_subscriptions", (state,), number


def _of_urls(connection: Connection, now: datetime) -> Iterator[Value]:
    for state, number in url_store.counts(connection).items():
        yield "wirewatch_urls", (state,), number
    waiting = dict.fromkeys(url_store.QUEUES, (0, None))
    for name, number, oldest in connection.execute(
        select(urls.c.queue, func.count(), func.min(urls.c.changed_at))
        .where(urls.c.state == "queued")
        .group_by(urls.c.queue)
    ):
        waiting[name] = (number, oldest)
    for name, (number, oldest) in waiting.items():
        yield "wirewatch_queued", (name,), number
        yield "wirewatch_oldest_queued_seconds", (name,), _age(oldest, now)


def _of_deliveries(connection: Connection, now: datetime) -> Iterator[Value]:
    for state, number in outbox.counts(connection).items():
        yield "wirewatch_deliveries", (state,), number
    oldest = connection.scalar(
        select(func.min(deliveries.c.due_at)).where(
            deliveries.c.state == "pending", deliveries.c.due_at <= now
        )
    )
    yield "wirewatch_oldest_due_delivery_seconds", (), _age(oldest, now)


def _in_redis(client: redis.Redis) -> list[Value]:
    values: list[Value] = [
        ("wirewatch_jobs", (name,), len(rq.Queue(name, connection=client)))
        for name in (*url_store.QUEUES, queues.DELIVERIES)
    ]
    serving: dict[str, int] = {}
    for worker in rq.Worker.all(connection=client):
        served = ",".join(worker.queue_names())
        serving[served] = serving.get(served, 0) + 1
    values += [("wirewatch_workers", (names,), number) for names, number in serving.items()]
    for name, labels, amount in tally.sums(client):
        known = _COUNTED.get(name)
        if known is not None and set(labels) == set(known.labels):
            values.append((known.name, tuple(labels[label] for label in known.labels), amount))
    return values


def _number(connection: Connection, table: object) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def _age(since: datetime | None, now: datetime) -> float:
    """Seconds, 0 for nothing."""
    return max((now - since).total_seconds(), 0.0) if since else 0.0
