"""Real processes of the program, and waiting for what they do."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

T = TypeVar("T")


def eventually(condition: Callable[[], T], what: str, within_s: float = 30.0) -> T:
    """Wait until a condition holds and answer what it gave."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.05)
    pytest.fail(f"not within {within_s:g} s: {what}")


class Program:
    """One `wirewatch` process with a session of its own; its output goes to a file."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.log = directory / f"{'-'.join(arguments)}-{time.monotonic_ns()}.log".replace("/", "_")
        self._sink = self.log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workers", "-C", str(directory), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._known: dict[int, psutil.Process] = {}

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> list[psutil.Process]:
        """The processes it has started that live."""
        try:
            found = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            found = []
        self._known.update({child.pid: child for child in found})
        return found

    def part(self, *words: str) -> psutil.Process | None:
        """The child whose command line ends in these words, before the hidden options."""
        for child in self.children():
            try:
                line = child.cmdline()
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            if "--parent" in line:
                line = line[: line.index("--parent")]
            if tuple(line[-len(words) :]) == words:
                return child
        return None

    def valkey(self) -> psutil.Process | None:
        for child in self.children():
            try:
                if "valkey" in child.name():
                    return child
            except psutil.NoSuchProcess:
                continue
        return None

    def survivors(self) -> list[psutil.Process]:
        """Those of the processes it ever had, itself included, that still live."""
        self.children()
        mine = [*self._known.values()]
        if self.process.poll() is None:
            mine.append(psutil.Process(self.process.pid))
        return [p for p in mine if _lives(p)]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self, within_s: float = 30.0) -> int:
        return self.process.wait(within_s)

    def end(self) -> None:
        """Leave nothing behind, whatever the test came to."""
        for process in self.survivors():
            process.kill()
        self.process.wait(10)
        self._sink.close()


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def running(directory: Path, *arguments: str) -> Iterator[Program]:
    """A program that is gone, with all it started, when the block ends."""
    program = Program(directory, *arguments)
    try:
        yield program
    finally:
        program.end()
