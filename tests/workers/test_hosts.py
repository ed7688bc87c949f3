"""Several machines: own directories, the same Redis and PostgreSQL, and nothing is done twice."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.store.schema import PENDING, feeds, records
from tests.worlds import ledger, servers
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.programs import eventually, running
from workers.context import Context
from workers.demo.scaled import ScaledSite

HOSTS = ("one", "two")


@pytest.mark.timeout(180)
def test_two_hosts_poll_and_work_side_by_side(
    tmp_path: Path, redis_url: str, postgresql: str
) -> None:
    database_url = servers.new_database(postgresql)
    site = ScaledSite(feeds=6, articles_per_feed=8, latency_s=0.02)
    with ExitStack() as stack:
        stack.enter_context(site.run_in_thread())
        places = f'redis_url = "{redis_url}"\ndatabase_url = "{database_url}"\n'
        for host in HOSTS:
            (tmp_path / host).mkdir()
            WorkingDirectory(tmp_path / host).write(settings=places + LOOPBACK, feeds=site.feeds)
        programs = [
            stack.enter_context(running(tmp_path / host, part))
            for host in HOSTS
            for part in ("poll", "work")
        ]
        context = Context(tmp_path / HOSTS[0])

        def done() -> bool:
            for program in programs:
                assert program.process.poll() is None, program.output
            counts = ledger.counts(context)
            return sum(counts.values()) == len(site.urls) and not any(counts[s] for s in PENDING)

        eventually(done, "all is stored", 120)
        assert Counter({s: n for s, n in ledger.counts(context).items() if n}) == (
            site.expected_counts
        )
        assert ledger.number_of(context, records) == ledger.counts(context)["stored"]
        ledger.audit(context)
        with context.database.read() as connection:
            polls = sum(connection.scalars(select(feeds.c.polls)))
        asked = [visit for visit in site.requests if visit.path == "/feed.xml"]
        assert len(asked) == polls, "a feed was polled by both"
        fetched = Counter(
            (visit.headers["host"], visit.path) for visit in site.requests if "/news/" in visit.path
        )
        assert max(fetched.values()) == 1, "an article was fetched by both"
        context.close()
