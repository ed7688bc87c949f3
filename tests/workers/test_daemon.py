"""`wirewatch run` as real processes: starts all, survives any death, leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import redis

from pipeline.store.schema import PENDING, records
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import Answer, Newsroom
from tests.worlds.programs import Program, eventually, running
from workers import embedded
from workers.context import Context

ONE_WORKER = LOOPBACK + "[work]\nprocesses = 1\nmax_attempts = 3\n[poll]\nmin_interval_s = 10\n"
PARTS = (("poll",), ("work",))
A_FEW_SECONDS = 25
"""Half a second until a child sees that its parent is gone; on a loaded machine more."""


@pytest.fixture
def home(directory: WorkingDirectory) -> Path:
    directory.write(settings=ONE_WORKER)
    return directory.path


def parts_of(program: Program) -> list[psutil.Process]:
    found = [program.part(*words) for words in PARTS]
    return [process for process in (*found, program.valkey()) if process is not None]


def all_parts_run(program: Program) -> list[psutil.Process]:
    def check() -> list[psutil.Process] | None:
        assert program.process.poll() is None, program.output
        parts = parts_of(program)
        return parts if len(parts) == len(PARTS) + 1 else None

    return eventually(check, "all parts run", 60)


def workers_ready(program: Program, data_dir: Path, count: int = 1) -> None:
    """Workers have told RQ of themselves: they are past their imports."""
    with redis.Redis.from_url(embedded.url(data_dir)) as client:

        def check() -> bool:
            try:
                return client.scard("rq:workers") >= count
            except redis.RedisError:
                return False

        eventually(check, "the workers are up", 60)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_stops_everything_with_exit_0(
    directory: WorkingDirectory, number: signal.Signals
) -> None:
    """SIGINT in a directory that is too deep for a socket, with letters that URLs do not like."""
    home = directory.path
    if number == signal.SIGINT:
        home = home / "a deep one" / "100% #1?" / ("x" * 60) / ("y" * 60)
        home.mkdir(parents=True)
        directory = WorkingDirectory(home)
    directory.write(settings=ONE_WORKER)
    with running(home, "run") as program:
        all_parts_run(program)
        workers_ready(program, home / "data")
        program.send(number)
        assert program.wait() == 0, program.output
        assert program.survivors() == []
        assert not processes_of(home)
        assert "Traceback" not in program.output
    assert not embedded.socket_path(home / "data").exists()


def processes_of(home: Path) -> list[str]:
    """Processes that name the working directory, or its socket, in their command line."""
    names = (str(home), str(embedded.socket_path(home / "data").parent))
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or ())
        if any(name in line for name in names) and process.status() != psutil.STATUS_ZOMBIE:
            found.append(line)
    return found


def test_a_directory_may_have_characters_that_mean_something_in_urls() -> None:
    with tempfile.TemporaryDirectory(prefix="ww-") as short:
        data_dir = Path(short) / "50%25 #1 ?"
        server = embedded.start(data_dir)
        try:
            with redis.Redis.from_url(embedded.url(data_dir)) as client:
                assert client.config_get("dir")["dir"] == str(data_dir / "valkey")
        finally:
            server.terminate()
            server.wait(10)


def test_a_killed_supervisor_leaves_no_process(home: Path, newsroom: Newsroom) -> None:
    """While a worker is in the middle of a job."""
    url = newsroom.serve("/a.html", Answer("never", after=threading.Event()))
    with running(home, "run") as program:
        all_parts_run(program)
        context = Context(home)
        ledger.enqueue(context, url)
        eventually(lambda: newsroom.visits("/a.html"), "a worker is at work", 40)
        program.children()
        program.process.kill()
        program.process.wait()
        eventually(
            lambda: not program.survivors() and not processes_of(home), "all gone", A_FEW_SECONDS
        )
        context.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere parts are programs of their own")
def test_forked_parts_hold_no_lock_or_file_of_the_supervisor(home: Path) -> None:
    with running(home, "run") as program:
        all_parts_run(program)
        workers_ready(program, home / "data")
        for words in PARTS:
            part = program.part(*words)
            assert part is not None
            assert os.getsid(part.pid) == part.pid
            assert str(home / "data/daemon.lock") not in {file.path for file in part.open_files()}
        held = {file.path for file in psutil.Process(program.process.pid).open_files()}
        assert str(home / "data/daemon.lock") in held
        assert not [path for path in held if path.endswith((".db", "-wal", "-shm"))]


def test_any_part_may_be_killed_and_nothing_is_lost(home: Path, newsroom: Newsroom) -> None:
    with running(home, "run") as program:
        all_parts_run(program)
        workers_ready(program, home / "data")
        second_daemon_is_refused(home, program)
        context = Context(home)
        numbers = iter(range(1_000))

        def batch(size: int) -> list[str]:
            urls = newsroom.serve_articles(next(numbers) for _ in range(size))
            ledger.enqueue(context, *urls)
            return urls

        def ended(urls: list[str]) -> bool:
            return all(ledger.row(context, url).state == "stored" for url in urls)

        first = batch(3)
        eventually(lambda: ended(first), "the first articles are stored", 60)
        kills: list[tuple[str, Callable[[], psutil.Process | None]]] = [
            ("worker", lambda: program.part("work")),
            ("poller", lambda: program.part("poll")),
            ("valkey", program.valkey),
        ]
        for name, find in kills:
            urls = batch(6)
            victim = find()
            assert victim is not None
            victim.kill()
            new = eventually(
                lambda find=find, victim=victim: _other_than(victim, find()), f"{name} is back", 30
            )
            assert new.is_running()
            eventually(lambda urls=urls: ended(urls), f"work went on without the {name}", 60)
        program.send(signal.SIGTERM)
        assert program.wait() == 0, program.output
        assert program.survivors() == []
        counts = ledger.counts(context)
        assert counts["stored"] == sum(counts.values()) == 21
        assert not any(counts[state] for state in PENDING)
        assert ledger.number_of(context, records) == 21
        context.close()


def _other_than(victim: psutil.Process, found: psutil.Process | None) -> psutil.Process | None:
    return found if found is not None and found.pid != victim.pid else None


def second_daemon_is_refused(home: Path, first: Program) -> None:
    with running(home, "run") as second:
        assert second.wait() == 2
        lines = second.output.strip().splitlines()
    assert len([line for line in lines if "error" in line]) == 1, lines
    assert str(first.process.pid) in second.output
    assert "already runs" in second.output
    assert len(parts_of(first)) == len(PARTS) + 1


def test_a_broken_watchlist_is_said_in_one_line_before_anything_starts(
    directory: WorkingDirectory,
) -> None:
    directory.write(settings=ONE_WORKER, entries="- id: x\n  kind: planet\n")
    with running(directory.path, "run") as program:
        assert program.wait() == 2
        assert "entries.yml:" in program.output
        assert program.output.startswith("error:")
        assert "Traceback" not in program.output
    assert not (directory.path / "data/valkey").exists()


def test_a_broken_feed_list_is_said_before_anything_starts(directory: WorkingDirectory) -> None:
    directory.write(settings=ONE_WORKER)
    (directory.path / "config/feeds.yml").write_text("- url: [\n", encoding="utf-8")
    with running(directory.path, "run") as program:
        assert program.wait() == 2
        assert "feeds.yml:" in program.output
        assert "Traceback" not in program.output
