"""`wirewatch run`: starts every part of the program, restarts what dies, stops it all in order.

Parts: the embedded Valkey (unless `redis_url` is set), the poller with the keeper, the workers, and
one worker for deliveries. One daemon a data directory: a lock file says so.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError, Unavailable
from workers import embedded, processes
from workers.context import Context
from workers.log import logger

PATIENCE_S = 20.0
"""How long children may finish what they are at; after it they are killed (nothing is lost)."""
CHECK_EVERY_S = 0.2
QUICK_DEATH_S = 10.0
MAX_RESTART_PAUSE_S = 30.0


@dataclass
class Part:
    """One process of the daemon and how often it died."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = 0.0
    restart_at: float = 0.0


class Daemon:
    """Supervises the parts. Use it from the main thread."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stopping = False  # no Event: setting one in a signal handler can block for ever
        self._valkey: subprocess.Popen[bytes] | None = None
        count = context.settings.work.processes or os.cpu_count() or 1
        self._parts = [
            Part("poller", ("poll",)),
            Part("deliverer", ("work", "--deliveries")),
            *(Part(f"worker-{number + 1}", ("work",)) for number in range(count)),
        ]

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or `stop`. Raises ConfigError when another daemon runs here."""
        with _only_daemon(self._context.settings.data_dir):
            previous = {
                number: signal.signal(number, lambda *_: self.stop())
                for number in (signal.SIGTERM, signal.SIGINT)
            }
            try:
                if not self._context.settings.redis_url:
                    self._valkey = embedded.start(self._context.settings.data_dir)
                self._context.redis.ping()
                logger().info(
                    "started",
                    directory=str(self._context.directory),
                    redis=self._context.redis_name,
                    database=str(self._context.database.url),
                    parts=[part.name for part in self._parts],
                )
                while not self._stopping:
                    self._tend()
                    time.sleep(CHECK_EVERY_S)
            finally:
                self._stop_all()
                for number, handler in previous.items():
                    signal.signal(number, handler)

    def stop(self) -> None:
        """Stop everything; `run` returns when it is done."""
        self._stopping = True

    def _tend(self) -> None:
        """Start what is not running; a part that keeps dying is started ever more slowly."""
        if self._valkey is not None and self._valkey.poll() is not None:
            logger().error("died", part="valkey", exit=self._valkey.returncode)
            try:
                self._valkey = embedded.start(self._context.settings.data_dir)
            except Unavailable as error:
                logger().error("not restarted", part="valkey", error=str(error))
        now = time.monotonic()
        for part in self._parts:
            if part.process is not None and part.process.poll() is not None:
                self._note_death(part, now)
            if part.process is None and now >= part.restart_at:
                part.process = processes.start(self._context.directory, *part.arguments)
                part.started = now

    @staticmethod
    def _note_death(part: Part, now: float) -> None:
        assert part.process is not None
        quick = now - part.started < QUICK_DEATH_S
        part.pause_s = min(max(part.pause_s * 2, 1.0), MAX_RESTART_PAUSE_S) if quick else 0.0
        part.restart_at = now + part.pause_s
        logger().error(
            "died", part=part.name, exit=part.process.returncode, restart_in_s=part.pause_s
        )
        part.process = None

    def _stop_all(self) -> None:
        """Workers first, so that they can still write; the queue server last."""
        logger().info("stopping")
        running = [part.process for part in self._parts if part.process is not None]
        processes.stop(running, PATIENCE_S)
        if self._valkey is not None:
            processes.stop([self._valkey], PATIENCE_S)
        logger().info("stopped")


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
