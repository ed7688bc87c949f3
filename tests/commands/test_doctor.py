"""`doctor` against servers that are set up wrongly: each problem with what to do about it."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from pipeline.store import alerts
from pipeline.store.database import Database
from tests.worlds import servers
from tests.worlds.command_line import Run
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from workers.commands import doctor

HOOK = '[[webhooks]]\nname = "desk"\nurl = "http://127.0.0.1:9/hook"\nsecret = "whsec_{}"\n'.format(
    "A" * 32
)


def problems(run: Run) -> dict[str, str]:
    """What is wrong, by check; the exit code must say so."""
    done = run("doctor", "--json")
    found = {c["check"]: c["detail"] for c in done.json if c["result"] == "problem"}
    assert done.code == (1 if found else 0)
    return found


@pytest.fixture
def foreign(
    directory: WorkingDirectory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[servers.Valkey]:
    """A Redis of somebody else's making."""
    with servers.own_valkey() as server:
        monkeypatch.setenv("WIREWATCH_REDIS_URL", server.url)
        directory.write(settings=LOOPBACK)
        yield server


def test_a_well_kept_server_is_fine(wirewatch: Run, foreign: servers.Valkey) -> None:
    assert problems(wirewatch) == {}
    lines = {c["check"]: c["detail"] for c in wirewatch("doctor", "--json").json}
    assert "append-only file" in lines["redis"]
    assert lines["clock"].startswith("Redis ")


def test_a_server_that_evicts_loses_jobs(wirewatch: Run, foreign: servers.Valkey) -> None:
    foreign.configure(maxmemory_policy="allkeys-lru")
    assert "noeviction" in problems(wirewatch)["redis"]


def test_a_server_that_keeps_nothing(wirewatch: Run, foreign: servers.Valkey) -> None:
    foreign.configure(appendonly="no", save="")
    assert "appendonly yes" in problems(wirewatch)["redis"]
    foreign.configure(save="60 1")
    assert problems(wirewatch) == {}


def test_a_server_that_is_nearly_full(wirewatch: Run, foreign: servers.Valkey) -> None:
    with redis.Redis.from_url(foreign.url) as client:
        used = client.info("memory")["used_memory"]
    foreign.configure(maxmemory=str(int(used * 1.1)))
    assert "raise maxmemory" in problems(wirewatch)["redis"]


def test_a_replica(wirewatch: Run, foreign: servers.Valkey) -> None:
    foreign.follow("127.0.0.1", "1")
    assert "name the primary" in problems(wirewatch)["redis"]


def test_a_server_that_does_not_answer(wirewatch: Run, foreign: servers.Valkey) -> None:
    foreign.kill()
    assert "start the server" in problems(wirewatch)["redis"]
    foreign.start()


def test_clocks_that_differ(
    wirewatch: Run, foreign: servers.Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor, "utc_now", lambda: datetime.fromtimestamp(time.time(), UTC) - timedelta(minutes=2)
    )
    assert "time service" in problems(wirewatch)["clock"]


def test_a_disk_that_is_nearly_full_and_a_queue_that_is(
    wirewatch: Run, directory: WorkingDirectory
) -> None:
    directory.write(settings="[poll]\npause_below_free_mb = 10_000_000\n")
    found = problems(wirewatch)
    assert "polls pause below" in found["disk"]


def test_too_few_files(wirewatch: Run, directory: WorkingDirectory) -> None:
    directory.write(settings="[poll]\nconcurrency = 2000\n")

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        assert "LimitNOFILE" in problems(wirewatch)["files"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_damaged_database(wirewatch: Run, directory: WorkingDirectory) -> None:
    directory.write(settings=LOOPBACK)
    path = directory.path / "data/wirewatch.db"
    path.parent.mkdir()
    servers.migrate(f"sqlite:///{path}")
    damage(path)
    assert "restore a copy" in problems(wirewatch)["database"]


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(4096 * 4, len(content) - 4096, 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(content)


def test_a_disabled_webhook(wirewatch: Run, directory: WorkingDirectory) -> None:
    directory.write(settings=LOOPBACK + HOOK)
    path = directory.path / "data/wirewatch.db"
    path.parent.mkdir()
    servers.migrate(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    with database.write() as tx:
        alerts.disable(tx, "desk", "http://127.0.0.1:9/hook", "410 Gone", datetime.now(UTC))
    database.close()
    assert "is disabled" in problems(wirewatch)["webhooks"]
