"""The three laws, on the demo's site: every URL ends once, and the counts add up."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pipeline.store import urls
from pipeline.store.schema import PENDING, records
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from workers import queues
from workers.context import Context, utc_now
from workers.demo.site import DemoSite
from workers.poller import Poller
from workers.worker import work


def poll_all(context: Context) -> None:
    asyncio.run(Poller(context).run(once=True))


def drain(context: Context) -> None:
    """Work until nothing is on its way; retries do not wait for their time."""
    for _ in range(50):
        with context.database.write() as tx:
            urls.wake(tx, utc_now() + timedelta(days=30))
        queues.reconcile(context.database, context.redis, utc_now(), 2)
        work(context, deliveries=False, burst=True)
        with context.database.read() as connection:
            counts = urls.counts(connection)
        if not any(counts[state] for state in PENDING):
            return
    pytest.fail(f"not drained: {counts}")


@pytest.fixture
def site(directory: WorkingDirectory):
    site = DemoSite()
    with site.run_in_thread():
        yield site


@pytest.fixture
def world(site: DemoSite, context: Context, directory: WorkingDirectory) -> Context:
    directory.write(settings=LOOPBACK + "[work]\nmax_attempts = 2\n", feeds=site.feeds)
    return context


def check_the_law(context: Context, site: DemoSite) -> None:
    with context.database.read() as connection:
        counts = urls.counts(connection)
        stored = connection.scalar(select(func.count()).select_from(records))
        distinct = connection.scalar(select(func.count(records.c.id.distinct())))
    assert Counter({state: n for state, n in counts.items() if n}) == site.expected_counts
    assert stored == distinct == counts["stored"]


def test_every_listed_url_ends_in_its_expected_state_once(world: Context, site: DemoSite) -> None:
    poll_all(world)
    drain(world)
    check_the_law(world, site)


def test_a_flushed_redis_loses_no_url_and_stores_none_twice(world: Context, site: DemoSite) -> None:
    poll_all(world)
    world.redis.flushall()
    drained_before = urls_done(world)
    queues.reconcile(
        world.database, world.redis, utc_now() + timedelta(seconds=queues.GRACE_S + 1), 2
    )
    drain(world)
    assert drained_before == 0
    check_the_law(world, site)


def urls_done(context: Context) -> int:
    with context.database.read() as connection:
        counts = urls.counts(connection)
    return sum(number for state, number in counts.items() if state not in PENDING)
