"""Redis and the database go away and come back: everything waits, loses nothing, and goes on.

The real daemon over real servers of the test's own. In each outage articles are queued (or, while
the database is away, under way); afterwards every one is stored once, no part has died of it, and
what the log says of it is a few lines.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pipeline.errors import Unavailable
from pipeline.store.schema import records
from tests.worlds import ledger, servers
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import Newsroom
from tests.worlds.programs import Program, eventually, running
from workers.context import Context

ONE_WORKER = LOOPBACK + "[work]\nprocesses = 1\n"
OUTAGE_S = 4.0
A_WHILE_S = 60.0
LINES_A_PART = 3
"""Away, still away, back."""


class Newspaper:
    """A running daemon, the site it reads, and its books."""

    def __init__(self, program: Program, context: Context, newsroom: Newsroom) -> None:
        self.program, self.context, self._newsroom = program, context, newsroom
        self._number = 0

    def publish(self, count: int) -> list[str]:
        """Queue new articles."""
        urls = self._newsroom.serve_articles(range(self._number, self._number + count))
        ledger.enqueue_only(self.context, *urls)
        self._number += count
        return urls

    def all_stored(self) -> bool:
        try:
            counts = ledger.counts(self.context)
        except Unavailable:
            return False
        return counts["stored"] == sum(counts.values()) == self._number

    def lines(self) -> list[dict[str, object]]:
        """The log's lines, those that are JSON."""
        lines = self.program.output.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def check(self) -> None:
        """Nothing lost, nothing twice, nobody died, and few words about it."""
        eventually(self.all_stored, "every article is stored", A_WHILE_S)
        assert ledger.number_of(self.context, records) == self._number
        ledger.audit(self.context)
        assert "Traceback" not in self.program.output, self.program.output
        lines = self.lines()
        died = [line for line in lines if line["event"] in ("died", "hangs, killed")]
        assert died == [], self.program.output
        said: dict[object, int] = {}
        for line in lines:
            if line.get("level") in ("warning", "error"):
                said[line.get("process")] = said.get(line.get("process"), 0) + 1
        assert all(number <= LINES_A_PART for number in said.values()), self.program.output


@contextmanager
def newspaper(directory: WorkingDirectory, newsroom: Newsroom, *urls: str) -> Iterator[Newspaper]:
    redis_url, *database_url = urls
    places = f'redis_url = "{redis_url}"\n'
    if database_url:
        places += f'database_url = "{database_url[0]}"\n'
    directory.write(settings=places + ONE_WORKER)
    context = Context(directory.path)
    with running(directory.path, "run") as program:
        paper = Newspaper(program, context, newsroom)
        paper.publish(3)
        eventually(paper.all_stored, "the daemon works", A_WHILE_S)
        yield paper
        program.send(signal.SIGTERM)
        assert program.wait() == 0, program.output
        assert program.survivors() == []
    context.close()


# -- Redis -------------------------------------------------------------------------------------


def gone(server: servers.Valkey) -> Callable[[], None]:
    server.kill()
    return server.start


def gone_and_back_empty(server: servers.Valkey) -> Callable[[], None]:
    server.kill()
    server.wipe()
    return server.start


def loading(server: servers.Valkey) -> Callable[[], None]:
    return server.load_for_ever()


def full(server: servers.Valkey) -> Callable[[], None]:
    server.configure(maxmemory="1")
    return lambda: server.configure(maxmemory="0")


def read_only(server: servers.Valkey) -> Callable[[], None]:
    server.follow("127.0.0.1", "1")
    return lambda: server.follow("NO", "ONE")


@pytest.mark.parametrize("outage", [gone, gone_and_back_empty, loading, full, read_only])
def test_redis_goes_and_comes_back(
    directory: WorkingDirectory,
    newsroom: Newsroom,
    outage: Callable[[servers.Valkey], Callable[[], None]],
) -> None:
    with (
        servers.own_valkey() as server,
        newspaper(directory, newsroom, server.url) as paper,
    ):
        paper.publish(5)
        end = outage(server)
        paper.publish(5)
        time.sleep(OUTAGE_S)
        assert paper.program.process.poll() is None, paper.program.output
        end()
        paper.publish(2)
        paper.check()


# -- the database ------------------------------------------------------------------------------


def test_postgresql_goes_and_comes_back(directory: WorkingDirectory, newsroom: Newsroom) -> None:
    with (
        servers.own_valkey() as valkey,
        servers.own_postgresql() as postgresql,
        newspaper(directory, newsroom, valkey.url, postgresql.url) as paper,
    ):
        paper.publish(5)
        postgresql.kill()
        time.sleep(OUTAGE_S)
        assert paper.program.process.poll() is None, paper.program.output
        postgresql.start()
        paper.publish(2)
        paper.check()


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[None]:
    """A file system of so many MB at `path`; the test is skipped where mounting is not allowed."""
    path.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "wirewatch-test", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


def test_the_disk_fills_up_and_is_cleared(directory: WorkingDirectory, newsroom: Newsroom) -> None:
    with ExitStack() as stack:
        valkey = stack.enter_context(servers.own_valkey())
        stack.enter_context(small_disk(directory.path / "data", 24))
        paper = stack.enter_context(newspaper(directory, newsroom, valkey.url))
        ballast = directory.path / "data/ballast"
        with pytest.raises(OSError), ballast.open("wb") as file:
            while True:
                file.write(b"x" * 65_536)
                file.flush()
        with pytest.raises(Unavailable, match="full"):
            paper.publish(400)
        time.sleep(OUTAGE_S)
        ballast.unlink()
        paper.publish(5)
        paper.check()


def test_another_program_holds_the_write_lock_for_a_while(
    directory: WorkingDirectory, newsroom: Newsroom
) -> None:
    with servers.own_valkey() as server, newspaper(directory, newsroom, server.url) as paper:
        paper.publish(5)
        lock = sqlite3.connect(directory.path / "data/wirewatch.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        time.sleep(OUTAGE_S)
        lock.execute("ROLLBACK")
        lock.close()
        paper.check()
