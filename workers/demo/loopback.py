"""A small HTTP server on loopback addresses: what the demo's sites and its receiver have in common.

A subclass says which addresses it wants, prepares what it serves once the ports are known, and
answers requests. Each address is its own listener, because the pipeline takes every `host:port`
of an IP host for a site of its own. Runs in the caller's event loop (`async with`) or in a thread.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple, Self

from aiohttp import web

LOOPBACK = "127.0.0.1"


class Visit(NamedTuple):
    """One request as it arrived; `headers["host"]` tells which site it was for."""

    at: float
    """Seconds on the monotonic clock."""
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""


@dataclass(frozen=True, slots=True)
class Document:
    """A body to serve with its validators, so that a client may ask for it conditionally."""

    body: bytes
    content_type: str
    modified: datetime
    """Aware, whole seconds (HTTP dates have no fraction)."""

    @property
    def etag(self) -> str:
        """Opaque value of the strong validator, without its quotation marks."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    def answer(self, request: web.Request) -> web.Response:
        """200 with the body, or 304 when the client's copy is current (RFC 9110 §13.2.2)."""
        headers = {
            "ETag": f'"{self.etag}"',
            "Last-Modified": format_datetime(self.modified.astimezone(UTC), usegmt=True),
        }
        if self._is_current(request):
            return web.Response(status=304, headers=headers)
        return web.Response(body=self.body, headers={**headers, "Content-Type": self.content_type})

    def _is_current(self, request: web.Request) -> bool:
        tags = request.if_none_match
        if tags is not None:  # If-None-Match, when sent, decides alone
            return any(tag.value in ("*", self.etag) for tag in tags)
        since = request.if_modified_since
        return since is not None and self.modified <= since


class LoopbackServer:
    """Base of the demo's servers. Use it once: `async with server:` or `server.run_in_thread()`."""

    def __init__(self, addresses: Sequence[tuple[str, int]]) -> None:
        """`addresses`: (host, port) of each listener, port 0 for any free one."""
        self._addresses = tuple(addresses)
        self._runners: list[web.AppRunner] = []
        self.closing = asyncio.Event()
        """Set when the server goes down: handlers that hang wait for it."""
        self.origins: tuple[str, ...] = ()
        """`http://host:port` of each listener, known once the server runs."""
        self.requests: list[Visit] = []

    @property
    def base_url(self) -> str:
        """Origin of the first listener."""
        return self.origins[0]

    def prepare(self) -> None:
        """Called once `origins` is known and before the first request."""

    async def respond(self, listener: int, request: web.Request) -> web.StreamResponse:
        """Answer one request that came in on listener number `listener`."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        sockets = [_bind(host, port) for host, port in self._addresses]
        self.origins = tuple("http://{}:{}".format(*sock.getsockname()) for sock in sockets)
        self.prepare()
        for listener, sock in enumerate(sockets):
            runner = web.AppRunner(
                self._application(listener), access_log=None, shutdown_timeout=1.0
            )
            await runner.setup()
            self._runners.append(runner)
            await web.SockSite(runner, sock).start()
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self._close()

    async def _close(self) -> None:
        self.closing.set()
        for runner in self._runners:
            await runner.cleanup()

    @contextmanager
    def run_in_thread(self) -> Iterator[str]:
        """Serve from a thread of its own while the block runs; gives `base_url`.

        Raises what the server raised when it could not start.
        """
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name=type(self).__name__, daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.__aenter__(), loop).result()
            try:
                yield self.base_url
            finally:
                asyncio.run_coroutine_threadsafe(self._close(), loop).result()
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _application(self, listener: int) -> web.Application:
        async def handle(request: web.Request) -> web.StreamResponse:
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.requests.append(Visit(time.monotonic(), request.path_qs, headers))
            return await self.respond(listener, request)

        app = web.Application(client_max_size=16 * 1024**2)
        app.router.add_route("*", "/{path:.*}", handle)
        return app


def _bind(host: str, port: int) -> socket.socket:
    """A bound socket; where only 127.0.0.1 is up, a port of that stands in for the others."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        if host == LOOPBACK or not host.startswith("127."):
            sock.close()
            raise
        sock.bind((LOOPBACK, 0))
    return sock
