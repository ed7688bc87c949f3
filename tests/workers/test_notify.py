"""The service manager's protocol, over real datagram sockets: what systemd would hear."""

from __future__ import annotations

import configparser
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.programs import Program, eventually
from workers import daemon, notify, processes
from workers.context import Context

UNIT = Path(__file__).parents[2] / "docs/wirewatch.service"


class Systemd:
    """The manager's end of the socket."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1))
        self._socket.setblocking(False)
        self.lines: list[str] = []

    def listen(self) -> list[str]:
        """All lines said so far."""
        while True:
            try:
                self.lines += self._socket.recv(4_096).decode().splitlines()
            except BlockingIOError:
                return self.lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ww-") as short:
        yield f"{short}/s" if request.param == "path" else f"@ww-test-{os.getpid()}"


def test_what_is_said_arrives(address: str) -> None:
    systemd = Systemd(address)
    assert notify.say(notify.READY, "STATUS=all is well", environ={notify.SOCKET: address})
    assert systemd.listen() == ["READY=1", "STATUS=all is well", f"{notify.FROM}={os.getpid()}"]
    systemd.close()
    assert not notify.say(notify.ALIVE, environ={notify.SOCKET: address}), "nobody listens"


def test_without_a_manager_nothing_is_said() -> None:
    assert not notify.say(notify.READY, environ={})
    assert notify.watchdog_s({}) is None


def test_the_watchdog_is_for_the_process_that_it_names() -> None:
    limit = {notify.WATCHDOG_USEC: "30000000"}
    assert notify.watchdog_s(limit) == 30.0
    assert notify.watchdog_s(limit | {notify.WATCHDOG_PID: str(os.getpid())}) == 30.0
    assert notify.watchdog_s(limit | {notify.WATCHDOG_PID: "1"}) is None


def test_an_ear_hears_who_says_what_and_takes_over_a_socket_left_behind(tmp_path: Path) -> None:
    path = Path(tempfile.mkdtemp(prefix="ww-")) / "parts.sock"
    left_over = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    left_over.bind(str(path))
    left_over.close()
    ear = notify.Ear(path)
    assert notify.watchdog_s(ear.environ) is None
    notify.say(notify.READY, environ=ear.environ)
    notify.say(notify.ALIVE, environ=ear.environ)
    assert [(who, sorted(lines)[0]) for who, lines in ear.hear()] == [
        (os.getpid(), "READY=1"),
        (os.getpid(), "WATCHDOG=1"),
    ]
    assert ear.hear() == []
    ear.close()
    assert not path.exists()


def test_the_daemon_tells_systemd_that_it_is_ready_alive_and_stopping(
    directory: WorkingDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.write(settings=LOOPBACK + "[work]\nprocesses = 1\n")
    with tempfile.TemporaryDirectory(prefix="ww-") as short:
        systemd = Systemd(f"{short}/s")
        monkeypatch.setenv(notify.SOCKET, f"{short}/s")
        monkeypatch.setenv(notify.WATCHDOG_USEC, "3000000")
        program = Program(directory.path, "run")
        try:
            eventually(lambda: notify.READY in systemd.listen(), "it is ready", 60)
            before = systemd.listen().count(notify.ALIVE)
            eventually(lambda: systemd.listen().count(notify.ALIVE) > before + 2, "it is alive")
            supervisor = f"{notify.FROM}={program.process.pid}"
            others = {line for line in systemd.lines if line.startswith(notify.FROM)}
            assert others == {supervisor}, "its parts speak to it alone"
            program.send(signal.SIGTERM)
            assert program.wait() == 0, program.output
            assert notify.STOPPING in systemd.listen()
        finally:
            program.end()
            systemd.close()


def test_systemd_is_not_told_that_all_is_well_once_a_part_could_not_be_kept_alive_for_long(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 10_000.0
    with tempfile.TemporaryDirectory(prefix="ww-") as short:
        systemd = Systemd(f"{short}/s")
        monkeypatch.setenv(notify.SOCKET, f"{short}/s")
        monkeypatch.setenv(notify.WATCHDOG_USEC, "3000000")
        supervisor = daemon.Daemon(
            context,
            lambda command, environ: processes.start(context.directory, command, environ=environ),
        )
        for part in supervisor._parts:
            part.well = now
        supervisor._report(now)
        assert systemd.listen().count(notify.ALIVE) == 1
        supervisor._parts[-1].well = now - daemon.SICK_S - 1
        supervisor._report(now + 1)
        assert systemd.listen().count(notify.ALIVE) == 1
        supervisor._parts[-1].well = now
        supervisor._report(now + 2)
        assert systemd.listen().count(notify.ALIVE) == 2
        systemd.close()


IMPATIENT = """
import sys
from pathlib import Path
from workers import daemon, log, processes
from workers.context import Context
daemon.SILENT_S = 10.0
log.configure("daemon")
directory = Path(sys.argv[1])
daemon.Daemon(
    Context(directory),
    lambda command, environ: processes.start(directory, command, environ=environ),
).run()
"""


def test_a_part_that_hangs_is_killed_and_started_again(directory: WorkingDirectory) -> None:
    directory.write(settings=LOOPBACK + "[work]\nprocesses = 1\n")
    log = directory.path / "log"
    with log.open("wb") as sink:
        supervisor = psutil.Popen(
            [sys.executable, "-c", IMPATIENT, str(directory.path)], stdout=sink, stderr=sink
        )

    def poller() -> psutil.Process | None:
        return next((c for c in supervisor.children() if "poll" in c.cmdline()), None)

    try:
        eventually(lambda: '"ready"' in log.read_text(), "ready", 60)
        victim = poller()
        assert victim is not None
        victim.suspend()
        eventually(lambda: (found := poller()) and found.pid != victim.pid, "another one", 60)
        assert "hangs, killed" in log.read_text()
    finally:
        supervisor.terminate()
        assert supervisor.wait(60) == 0, log.read_text()


def test_a_part_that_keeps_dying_is_started_ever_more_slowly() -> None:
    pauses = [daemon.restart_pause_s(deaths) for deaths in range(12)]
    assert pauses[:3] == [0, 0, 0]
    assert pauses[3:] == sorted(pauses[3:])
    assert pauses[3] == 1
    assert pauses[-1] == daemon.MAX_RESTART_PAUSE_S


def test_the_unit_fits_the_program() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, encoding="utf-8")
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["ExecStart"].split()[-1] == "run"
    assert float(service["WatchdogSec"]) > 3 * daemon.CHECK_EVERY_S
    assert float(service["TimeoutStopSec"]) > 2 * daemon.PATIENCE_S
    assert service["RestartPreventExitStatus"] == "2"
