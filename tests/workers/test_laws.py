"""The three laws, on the demo's site: whatever happens, every URL ends once, as it must."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pipeline.store.schema import PENDING, records
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK
from workers import queues
from workers.context import Context, utc_now
from workers.demo.site import DemoSite

IMPATIENT = LOOPBACK.replace("timeout_s = 5", "timeout_s = 2") + "[work]\nmax_attempts = 2\n"


@pytest.fixture
def site() -> Iterator[DemoSite]:
    site = DemoSite()
    with site.run_in_thread():
        yield site


@pytest.fixture
def world(site: DemoSite, reopened: Callable[..., Context]) -> Context:
    return reopened(IMPATIENT, feeds=site.feeds)


def check_the_law(context: Context, site: DemoSite) -> None:
    listed = [outcome for outcome in site.expected if outcome.listed and outcome.own_row]
    expected = {outcome.url: outcome.state for outcome in listed}
    assert {url: ledger.row(context, url).state for url in expected} == expected
    for outcome in listed:
        assert outcome.reason.lower() in (ledger.row(context, outcome.url).reason or "").lower()
    counts = ledger.counts(context)
    assert Counter({state: n for state, n in counts.items() if n}) == site.expected_counts
    with context.database.read() as connection:
        distinct = connection.scalar(select(func.count(records.c.id.distinct())))
    assert ledger.number_of(context, records) == distinct == counts["stored"]


def test_every_listed_url_ends_in_its_expected_state_once(world: Context, site: DemoSite) -> None:
    ledger.poll_all(world)
    ledger.drain(world)
    check_the_law(world, site)


def test_a_flushed_redis_loses_no_url_and_stores_none_twice(world: Context, site: DemoSite) -> None:
    ledger.poll_all(world)
    world.redis.flushall()
    counts = ledger.counts(world)
    assert sum(counts[state] for state in PENDING) == sum(counts.values()) > 0
    late = utc_now() + timedelta(seconds=queues.GRACE_S + 1)
    assert queues.reconcile(world.database, world.redis, late, 2).lost == sum(counts.values())
    ledger.drain(world)
    check_the_law(world, site)


def test_the_site_polled_and_worked_twice_is_the_same_as_once(
    world: Context, site: DemoSite
) -> None:
    ledger.poll_all(world)
    ledger.drain(world)
    before = ledger.snapshot(world)
    ledger.poll_all(world)
    ledger.drain(world)
    assert ledger.snapshot(world) == before
