"""Child processes that never outlive their parent.

The supervisor starts each part of the program as a process of its own. A child watches its parent:
when that is gone, however it died, the child stops as on SIGTERM, and for certain a little later.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

CHECK_EVERY_S = 0.5
LAST_RESORT_S = 15.0
PARENT_OPTION = "--parent"
_PR_SET_PDEATHSIG = 1


class Child(Protocol):
    """What the supervisor needs of a child: `subprocess.Popen` has it, and `forking.Forked`."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def poll(self) -> int | None:
        """Its exit status, negative the signal that killed it; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""

    def terminate(self) -> None:
        """Send SIGTERM."""

    def kill(self) -> None:
        """Send SIGKILL."""


def start(
    directory: Path,
    *arguments: str,
    log: IO[bytes] | None = None,
    environ: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `wirewatch -C directory arguments…` as a child that dies with this process.

    It gets a session of its own, so that Ctrl-C reaches only the supervisor, which stops the
    others in order. `log` takes what it prints instead of our own output; `environ` is put over
    our own environment.
    """
    command = [sys.executable, "-m", "workers", "-C", str(directory), *arguments]
    return subprocess.Popen(
        [*command, PARENT_OPTION, str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        env={**os.environ, **environ} if environ else None,
    )


def die_with_parent() -> None:
    """Ask Linux to send this process SIGTERM when its parent dies, however it dies (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def watch_parent(parent: int) -> None:
    """Stop this process when its parent is gone: first as asked politely, then at once."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(CHECK_EVERY_S)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_RESORT_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def stop(children: Sequence[Child], patience_s: float) -> None:
    """Ask children to stop, wait, and end those that do not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + patience_s
    for child in children:
        try:
            child.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
