"""`wirewatch run`: starts every part of the program, restarts what dies or hangs, stops all.

Parts: the embedded Valkey (unless `redis_url` is set), the poller with the keeper, and the workers,
which ingest articles and send alerts. One daemon a data directory: a lock file says so. It tells
systemd that it is ready and alive (`workers.notify`), and hears the same from its parts.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError, Unavailable
from workers import embedded, notify, processes
from workers.context import Context
from workers.cores import worker_processes
from workers.log import logger
from workers.patience import Patience

PATIENCE_S = 20.0
"""How long children may finish what they are at; after it they are killed (nothing is lost)."""
CHECK_EVERY_S = 0.2
EAR_NAME = "parts.sock"
"""Where the parts say that they live, beside the embedded server's socket."""
QUICK_DEATH_S = 10.0
FREE_DEATHS = 2
"""So many quick deaths in a row may be bad luck: they cost no pause."""
MAX_RESTART_PAUSE_S = 5.0
"""Whoever may have to be restarted often keeps nobody waiting for half a minute."""
SILENT_S = 90.0
"""A part that says it lives and then falls silent for so long hangs, and is killed."""
SICK_S = 180.0
"""Once a part could not be kept alive for so long, systemd is no longer told that all is well."""

StartPart = Callable[[str, Mapping[str, str]], processes.Child]
"""Starts a command as a child that dies with this process, something put over its environment."""


@dataclass
class Part:
    """One process of the daemon, and what is known of its health. Times are monotonic, seconds."""

    name: str
    command: str
    process: processes.Child | None = None
    started: float = 0.0
    deaths: int = 0
    """In a row, each soon after its start."""
    restart_at: float = 0.0
    heard: float | None = None
    """When it last said that it lives; None when it has not yet."""
    well: float = 0.0
    """When it was last seen to be well."""
    said_ready: bool = False

    def is_up(self, now: float) -> bool:
        """Whether it is past its start."""
        lived = self.process is not None and now - self.started >= QUICK_DEATH_S
        return self.said_ready or lived

    def hangs(self, now: float) -> bool:
        """Whether it runs, and says nothing any more."""
        return self.heard is not None and now - self.heard > SILENT_S


class Daemon:
    """Supervises the parts. Use it from the main thread."""

    def __init__(self, context: Context, start_part: StartPart | None = None) -> None:
        """`start_part`: how, if not as programs of their own."""
        self._context, self._start_part = context, start_part or self._start_program
        self._stopping = False  # no Event: setting one in a signal handler can block for ever
        self._valkey: subprocess.Popen[bytes] | None = None
        self._valkey_patience = Patience(1.0, MAX_RESTART_PAUSE_S)
        self._valkey_restart_at = 0.0
        self._ear: notify.Ear | None = None
        self._watchdog_s = notify.watchdog_s()
        self._said_ready, self._said_alive = False, 0.0
        count = worker_processes(context.settings.work)
        self._parts = [
            Part("poller", "poll"),
            *(Part(f"worker-{number + 1}", "work") for number in range(count)),
            *([Part("web", "web")] if context.settings.web.enabled else []),
        ]

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or `stop`. Raises ConfigError when another daemon runs here."""
        data_dir = self._context.settings.data_dir
        with _only_daemon(data_dir):
            previous = {
                number: signal.signal(number, lambda *_: self.stop())
                for number in (signal.SIGTERM, signal.SIGINT)
            }
            try:
                if not self._context.settings.redis_url:
                    self._valkey = embedded.start(data_dir)
                self._context.redis.ping()
                self._ear = notify.Ear(embedded.socket_path(data_dir).with_name(EAR_NAME))
                logger().info(
                    "started",
                    directory=str(self._context.directory),
                    redis=self._context.redis_name,
                    database=str(self._context.database.url),
                    parts=[part.name for part in self._parts],
                )
                while not self._stopping:
                    now = time.monotonic()
                    self._tend(now)
                    self._report(now)
                    time.sleep(CHECK_EVERY_S)
            finally:
                notify.say(notify.STOPPING)
                self._stop_all()
                for number, handler in previous.items():
                    signal.signal(number, handler)

    def stop(self) -> None:
        """Stop everything; `run` returns when it is done."""
        self._stopping = True

    def _tend(self, now: float) -> None:
        """Start what is not running; a part that keeps dying is started ever more slowly."""
        assert self._ear is not None
        self._tend_valkey(now)
        by_process = {part.process.pid: part for part in self._parts if part.process is not None}
        for process, lines in self._ear.hear():
            if part := by_process.get(process):
                part.said_ready |= notify.READY in lines
                if notify.ALIVE in lines:
                    part.heard = part.well = now
        for part in self._parts:
            if part.process is not None and part.hangs(now):
                logger().error("hangs, killed", part=part.name, silent_s=SILENT_S)
                part.process.kill()
                part.process.wait()
            if part.process is not None and part.process.poll() is not None:
                self._note_death(part, now)
            if part.process is None and now >= part.restart_at:
                part.process = self._start_part(part.command, self._ear.environ)
                part.started, part.heard, part.said_ready = now, None, False
                part.well = part.well or now
            elif part.heard is None and part.is_up(now):
                part.well = now  # it says nothing of itself, but it runs

    def _start_program(self, command: str, environ: Mapping[str, str]) -> processes.Child:
        return processes.start(self._context.directory, command, environ=environ)

    def _tend_valkey(self, now: float) -> None:
        if self._valkey is None or self._valkey.poll() is None or now < self._valkey_restart_at:
            return
        if not self._valkey_patience.away:
            logger().error("died", part="valkey", exit=self._valkey.returncode)
        try:
            self._valkey = embedded.start(self._context.settings.data_dir)
            self._valkey_patience.succeeded()
        except Unavailable as error:
            self._valkey_restart_at = now + self._valkey_patience.failed(error)

    def _report(self, now: float) -> None:
        """Tell systemd how we are: alive only while every part is kept alive."""
        if not self._said_ready and all(part.is_up(now) for part in self._parts):
            notify.say(notify.READY, f"STATUS={len(self._parts)} parts run")
            logger().info("ready")
            self._said_ready = True
        if self._watchdog_s and now - self._said_alive >= self._watchdog_s / 3:
            sick = [part.name for part in self._parts if now - part.well > SICK_S]
            if not sick:
                notify.say(notify.ALIVE)
            self._said_alive = now

    @staticmethod
    def _note_death(part: Part, now: float) -> None:
        assert part.process is not None
        part.deaths = part.deaths + 1 if now - part.started < QUICK_DEATH_S else 0
        part.restart_at = now + restart_pause_s(part.deaths)
        logger().error(
            "died",
            part=part.name,
            exit=part.process.poll(),
            restart_in_s=restart_pause_s(part.deaths),
        )
        part.process, part.heard, part.said_ready = None, None, False

    def _stop_all(self) -> None:
        """Workers first, so that they can still write; the queue server last."""
        logger().info("stopping")
        running = [part.process for part in self._parts if part.process is not None]
        processes.stop(running, PATIENCE_S)
        if self._valkey is not None:
            processes.stop([self._valkey], PATIENCE_S)
        if self._ear is not None:
            self._ear.close()
        logger().info("stopped")


def restart_pause_s(deaths: int) -> float:
    """The pause before a part is started again: none at first, then ever longer."""
    return min(2.0 ** (deaths - 3), MAX_RESTART_PAUSE_S) if deaths > FREE_DEATHS else 0.0


@contextmanager
def _only_daemon(data_dir: Path) -> Iterator[None]:
    """Hold the data directory's lock. Raises ConfigError when another daemon has it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "daemon.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise ConfigError(
                str(path), f"a daemon already runs here (process {holder})", "stop it first"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
