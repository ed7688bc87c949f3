"""The service manager's protocol, sd_notify(3): saying that we are ready, alive or stopping.

`wirewatch run` speaks it to systemd (`Type=notify`, `WatchdogSec=`), and hears it from its parts:
each is told of a socket in `$NOTIFY_SOCKET`, as systemd does it. So a part that runs alone under
systemd (`wirewatch poll`) needs nothing else. Without the variable nothing is said.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

SOCKET = "NOTIFY_SOCKET"
WATCHDOG_USEC, WATCHDOG_PID = "WATCHDOG_USEC", "WATCHDOG_PID"
READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"
FROM = "X_WIREWATCH_PID"
"""Who says it; a manager passes over names that begin with X_."""
BEAT_S = 5.0
"""How often a living part says so."""
_LONGEST_MESSAGE = 4_096


def say(*lines: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send assignments like `READY=1` to whoever started us. False: nobody listens."""
    address = environ.get(SOCKET, "")
    if not address:
        return False
    if address.startswith("@"):  # Linux's abstract names
        address = "\0" + address[1:]
    message = "\n".join((*lines, f"{FROM}={os.getpid()}")).encode()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)  # a full queue means that we were heard often enough
            sender.sendto(message, address)
    except OSError:
        return False
    return True


def watchdog_s(environ: Mapping[str, str] = os.environ) -> float | None:
    """Within how many seconds systemd wants to hear from us; None when it does not watch us."""
    limit, of = environ.get(WATCHDOG_USEC, ""), environ.get(WATCHDOG_PID, "")
    if not limit.isdigit() or (of and of != str(os.getpid())):
        return None
    return int(limit) / 1e6


class Ear:
    """Hears what the parts say, on a socket of our own."""

    def __init__(self, path: Path) -> None:
        """Listen at `path`; a socket left behind there is replaced."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)
        self._socket.bind(str(path))

    @property
    def environ(self) -> dict[str, str]:
        """What a part must find in its environment to be heard, and not to take itself for us."""
        return {SOCKET: str(self._path), WATCHDOG_USEC: "", WATCHDOG_PID: ""}

    def hear(self) -> list[tuple[int, frozenset[str]]]:
        """What was said since the last call: the process, and its lines."""
        heard: list[tuple[int, frozenset[str]]] = []
        while True:
            try:
                message = self._socket.recv(_LONGEST_MESSAGE)
            except BlockingIOError:
                return heard
            lines = message.decode("utf-8", "replace").splitlines()
            for line in lines:
                name, _, value = line.partition("=")
                if name == FROM and value.isdigit():
                    heard.append((int(value), frozenset(lines)))

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
