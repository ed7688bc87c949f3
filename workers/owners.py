"""Names of the processes that hold leases and turns, and whether one of them is surely dead.

A lease ends by itself, some seconds after its holder died; on the machine where it died that need
not be waited for. Elsewhere, and off Linux, no process ever counts as surely dead.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import sys
from functools import cache
from pathlib import Path

NAME = re.compile(r"-(?P<pid>\d+)-(?P<place>[0-9a-f]{8})(-[0-9a-f]{8})?$")
MOST_HOST_CHARS = 40
"""A lease's owner has room for 80 characters."""


def own_name() -> str:
    """This process: host, process id, and where that id means anything."""
    return f"{socket.gethostname()[:MOST_HOST_CHARS]}-{os.getpid()}-{_place() or '0' * 8}"


def is_surely_dead(name: str) -> bool:
    """Whether a process by this name, or one that begins with it, was here and is gone."""
    found = NAME.search(name)
    if found is None or found["place"] != _place():
        return False
    try:
        os.kill(int(found["pid"]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


@cache
def _place() -> str | None:
    """This boot of this machine and its space of process ids, in a container its own (proc(5))."""
    if sys.platform != "linux":
        return None
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:  # a sandbox that hides them
        return None
    return hashlib.sha256(f"{boot}{space}".encode()).hexdigest()[:8]
