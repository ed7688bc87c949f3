"""A process that died here is known to be dead; nobody else is taken for dead."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from redis import asyncio as aioredis
from sqlalchemy import select, update

from pipeline.store import urls
from pipeline.store.schema import feeds
from pipeline.store.schema import urls as urls_table
from tests.worlds import ledger
from tests.worlds.store import article, queue
from workers import owners, queues
from workers.context import Context, utc_now
from workers.politeness import Budget, Turn, Turns
from workers.robots import Robots

NAME_OF_A_CHILD = "from workers import owners; print(owners.own_name(), end='')"


@pytest.fixture
def dead() -> str:
    """The name of a process that was here and is gone."""
    return subprocess.run(
        [sys.executable, "-c", NAME_OF_A_CHILD], capture_output=True, text=True, check=True
    ).stdout


def test_a_process_that_ended_here_is_surely_dead(dead: str) -> None:
    assert owners.is_surely_dead(dead)
    assert owners.is_surely_dead(f"{dead}-0123abcd")


def test_who_lives_or_lives_elsewhere_is_not(dead: str) -> None:
    host, pid, place = dead.rsplit("-", 2)
    elsewhere = f"{place[:-1]}{'0' if place[-1] != '0' else '1'}"
    others = [
        owners.own_name(),
        f"{owners.own_name()}-0123abcd",
        f"{host}-{pid}-{elsewhere}",
        f"{host}-1-{place}",
        f"{host}-{pid}",
        "somebody",
        "",
    ]
    assert [name for name in others if owners.is_surely_dead(name)] == []


def test_what_a_dead_worker_had_in_hand_is_queued_before_its_lease_ends(
    context: Context, dead: str
) -> None:
    now = utc_now()
    with context.database.write() as tx:
        first, second = queue(tx, article(1), article(2))
        for key, owner in ((first, dead), (second, owners.own_name())):
            assert urls.claim(tx, key, 1, f"{owner}-0123abcd", now, 3_600)
    assert queues.reconcile(context.database, context.redis, now, 5).recovered == 1
    with context.database.read() as connection:
        assert [row.state for row in urls.rows(connection, [first, second])] == [
            "queued",
            "fetching",
        ]
    with context.database.write() as tx:
        tx.execute(update(urls_table).values(lease_until=now + ledger.LATER))


def test_feeds_that_a_dead_poller_had_in_hand_are_polled_at_once(
    context: Context, dead: str
) -> None:
    now = utc_now()
    held = now + timedelta(hours=1)
    with context.database.write() as tx:
        for url, owner in (("http://a/", dead), ("http://b/", owners.own_name())):
            values = {"url": url, "added_at": now, "state": {}, "next_poll_at": now}
            tx.execute(feeds.insert().values(values | {"lease_owner": owner, "lease_until": held}))
    queues.free_feeds(context.database, now)
    with context.database.read() as connection:
        free = connection.scalars(select(feeds.c.url).where(feeds.c.lease_until < now)).all()
    assert free == ["http://a/"]


def test_turns_and_askers_of_the_dead_make_room_and_those_of_the_living_stay(
    context: Context, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def both_turns_taken() -> tuple[bool, bool, bool]:
        client = aioredis.Redis.from_url(context.redis_url)
        turns, robots = Turns(client, Budget(2, 0, 60)), Robots(client, "agent")
        assert isinstance(await turns.take("site", "host"), Turn)
        with monkeypatch.context() as patch:
            patch.setattr(owners, "own_name", lambda: dead)
            assert isinstance(await turns.take("site", "host"), Turn)
            assert await robots.may_ask("http://host/", 60)
        assert await robots.may_ask("http://other/", 60)
        assert not isinstance(await turns.take("site", "host"), Turn)
        await asyncio.to_thread(queues.release_dead, context.redis)
        freed = isinstance(await turns.take("site", "host", promised=True), Turn)
        full = not isinstance(await turns.take("site", "host", promised=True), Turn)
        asked = await robots.may_ask("http://host/", 60), await robots.may_ask("http://other/", 60)
        await client.aclose()
        return freed, full, asked == (True, False)

    assert asyncio.run(both_turns_taken()) == (True, True, True)
