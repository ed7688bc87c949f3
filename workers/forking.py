"""Parts of the daemon forked from it: they share its interpreter and modules, some 40 MB each.

The supervisor loads what the parts run, has one thread and holds no connection, so it may fork at
any time. A child gets what a program of its own would have: a session, signals as they come, no
open file of the parent, a command line of its own. Linux only; elsewhere see `processes.start`.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

_ARG_START, _ARG_END = 45, 46
"""Places in proc(5)'s `stat`, after the name: where the command line lies in memory."""


class Forked:
    """A forked child, with the part of `subprocess.Popen` that the supervisor needs."""

    def __init__(self, run: Callable[[], None], command: str, environ: Mapping[str, str]) -> None:
        """Fork a child that runs `run`; `command` replaces `run` in its command line."""
        # Python's own Process: it ends the child's threads, and turns SystemExit into a status.
        self._process = multiprocessing.get_context("fork").Process(
            target=_child, args=(run, command, environ)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """Its exit status, negative the signal that killed it; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
        return self._process.exitcode

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()


def _child(run: Callable[[], None], command: str, environ: Mapping[str, str]) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Locks, sockets and pipes of the parent. Their objects live on below us on the stack, unused.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.environ.update(environ)
    _show(command)
    run()


def _show(command: str) -> None:
    """Have ps(1) show this command for `run`, if it has room in the memory of the command line."""
    words = list(sys.orig_argv)
    stat = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(stat[_ARG_START]), int(stat[_ARG_END])
    if "run" not in words or len("\0".join(words).encode()) + 1 != end - start:
        return
    words[words.index("run")] = command
    words[0] = Path(words[0]).name
    line = "\0".join(words[1:]).encode()
    name = words[0].encode().ljust(end - start - len(line) - 2)
    if len(name) + len(line) + 2 == end - start:
        ctypes.memmove(start, name + b"\0" + line + b"\0", end - start)
