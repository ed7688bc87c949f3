"""The one guarded door to the network: every request of the program goes through `Door`.

In: a URL that strangers may have written. Out: a `Page`, or a fault as `TryLater` (it may work
later) or `Rejected` (it never will), with a short stable reason. Held at each hop: http(s) only,
no credentials, the address that is really connected to is allowed, TLS is verified. Held over all
hops: one deadline, at most `max_redirects`, a body counted after decompression. No cookies are
kept. What a status means is left to the caller, as are politeness and the number of requests in
flight: `ask` makes one request for those who have to wait between hops (`workers.visits`).

Settings: `[fetch] user_agent, timeout_s, max_bytes, allow_private_addresses, proxy`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import quote_from_bytes

import ada_url
import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from pipeline.errors import IngestError, Rejected, TryLater
from pipeline.records import Page
from pipeline.resolvers import Guard, PooledResolver
from pipeline.responses import challenge, retry_after
from pipeline.trail import MAX_REDIRECTS, Trail
from pipeline.urls import parse_http

__all__ = ["Door", "Limits", "Reply", "challenge", "retry_after"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_BODY_WANTED = (
    "video/",
    "audio/",
    "image/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/vnd.ms-",
    "application/vnd.openxmlformats",
)
_MAX_HEADER = 65_536
_POST_ANSWER_BYTES = 65_536
_CHUNK = 65_536

_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}


@dataclass(frozen=True)
class Limits:
    """How the door behaves; sizes in bytes, times in seconds."""

    user_agent: str
    timeout_s: float = 30
    """For all of one fetch: names, connections, redirects, body."""
    max_bytes: int = 15_000_000
    """Of a body, after decompression."""
    max_redirects: int = MAX_REDIRECTS
    allow_private_addresses: bool = False
    """Lifts the ban on loopback and private networks only."""
    connect_timeout_s: float = 10
    proxy: str | None = None
    """`http://host:port`; its own address is trusted, the targets asked through it are checked."""
    dns_cache_s: int = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request brought: the answer, and where it redirects to, None if it does not."""

    page: Page
    target: str | None


Ready = Callable[[], Awaitable[None]]
"""Called when a connection stands and before anything is sent over it."""


class Door:
    """Fetches URLs over one connection pool. Use as an async context manager."""

    def __init__(
        self,
        limits: Limits,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits
        self._resolver = resolver
        self._own_resolver: PooledResolver | None = None
        self._tls = tls
        self._guard: Guard | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Door:
        limits = self._limits
        if self._resolver is None:
            self._resolver = self._own_resolver = PooledResolver()
        self._guard = Guard(
            self._resolver,
            allow_private=limits.allow_private_addresses,
            proxy=limits.proxy,
        )
        connector = aiohttp.TCPConnector(
            resolver=self._guard,
            ttl_dns_cache=limits.dns_cache_s,
            ssl=self._tls or ssl.create_default_context(),
            # Callers bound what is in flight; waiting here would eat the deadline of a fetch.
            limit=0,
            # Requests to one site lie seconds apart: a kept connection would mostly be found dead.
            force_close=True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={**_HEADERS, "User-Agent": limits.user_agent},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_timeout_s),
            max_line_size=_MAX_HEADER,
            max_field_size=_MAX_HEADER,
            middlewares=(_never_again,),
            trace_configs=[_watch_connecting()],
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        if self._own_resolver is not None:
            await self._own_resolver.close()
            self._resolver = self._own_resolver = None

    async def fetch(self, url: str, *, headers: Mapping[str, str] | None = None) -> Page:
        """GET the URL, following redirects; any final status is returned as a `Page`.

        The body of video, audio, images, fonts, PDF, ZIP and office documents is left unread
        (`b""`): no caller wants it. Redirects end in the URL that answered, `Page.final_url`.
        Raises `TryLater` or `Rejected`, see the module's text.
        """
        start = _Start.now()
        asked = _sendable(headers)
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                trail = Trail(_address(url))
                while True:
                    answer = await self._once("GET", trail.at, trail.carried(asked))
                    if answer.target is None:
                        return start.page(url, trail, answer)
                    trail = trail.onward(answer.status, answer.target, self._limits.max_redirects)
        except TimeoutError as fault:
            raise TryLater("timeout", str(fault) or f"{self._limits.timeout_s:g} s") from fault

    async def ask(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
        cut_at: int | None = None,
        ready: Ready | None = None,
    ) -> Reply:
        """GET the URL, once: a redirect is an answer like any other. Raises as `fetch` does.

        `timeout_s` shortens the deadline. `cut_at`: bytes of body that are enough; the rest is
        not read, where otherwise a body over the limit is refused.
        """
        start = _Start.now()
        limit_s = min(self._limits.timeout_s, timeout_s or self._limits.timeout_s)
        try:
            async with asyncio.timeout(limit_s):
                at = _address(url)
                answer = await self._once("GET", at, _sendable(headers), cut_at=cut_at, ready=ready)
                return Reply(start.page(url, Trail(at), answer), answer.target)
        except TimeoutError as fault:
            raise TryLater("timeout", str(fault) or f"{limit_s:g} s") from fault

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Page:
        """POST to the URL, for webhooks; redirects are not followed but returned.

        At most 64 KiB of the answer are kept.
        """
        start = _Start.now()
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                at = _address(url)
                answer = await self._once("POST", at, headers, body, cut_at=_POST_ANSWER_BYTES)
                return start.page(url, Trail(at), answer)
        except TimeoutError as fault:
            raise TryLater("timeout", str(fault) or f"{self._limits.timeout_s:g} s") from fault

    async def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        cut_at: int | None = None,
        ready: Ready | None = None,
    ) -> _Answer:
        """One request and its answer, faults translated."""
        if self._session is None or self._guard is None:
            raise RuntimeError("use `async with Door(…)`")
        try:
            await self._guard.check(url)
            async with self._session.request(
                method,
                URL(url, encoded=True),
                data=body,
                headers=headers,
                allow_redirects=False,
                proxy=self._limits.proxy,
                trace_request_ctx=ready,
            ) as response:
                head = _lower(response.headers)
                if method == "GET":
                    target = _target(url, response.status, response.headers.get("Location", ""))
                    if target is not None:
                        return _Answer(response.status, head, b"", target)
                    if head.get("content-type", "").lower().startswith(_NO_BODY_WANTED):
                        response.close()
                        return _Answer(response.status, head, b"", None)
                if cut_at is None:
                    content = await _read(response, self._limits.max_bytes, cut=False)
                else:
                    content = await _read(response, cut_at, cut=True)
                return _Answer(response.status, head, content, None)
        except (IngestError, TimeoutError):
            raise
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise _translated(fault) from fault


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    target: str | None


@dataclass(frozen=True, slots=True)
class _Start:
    """When a fetch began, by the wall and by the monotonic clock."""

    wall: datetime
    ticks: float

    @classmethod
    def now(cls) -> _Start:
        return cls(datetime.now(UTC), time.monotonic())

    def page(self, url: str, trail: Trail, answer: _Answer) -> Page:
        return Page(
            url=url,
            final_url=trail.at,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched=self.wall,
            elapsed_ms=round((time.monotonic() - self.ticks) * 1000),
            hops=trail.hops,
        )


def _sendable(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Validators are echoed from old answers; one that cannot be sent is better left out."""
    return {k: v for k, v in (headers or {}).items() if v.isascii() and v.isprintable()}


def _watch_connecting() -> aiohttp.TraceConfig:
    """Calls a request's `Ready`. Connections are never reused, so each request has its moment."""

    async def connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        if context.trace_request_ctx is not None:
            await context.trace_request_ctx()

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(connected)
    return trace


def _address(url: str) -> str:
    return parse_http(url).partition("#")[0]


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers under lower-case names, repeated ones joined; bytes beyond UTF-8 as Latin-1."""
    merged: dict[str, str] = {}
    for name, value in headers.items():
        name = name.lower()
        if not value.isascii():
            value = _text(value)
        merged[name] = f"{merged[name]}, {value}" if name in merged else value
    return merged


def _text(value: str) -> str:
    # aiohttp keeps bytes that are not UTF-8 as lone surrogates, which nothing can store.
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _target(url: str, status: int, location: str) -> str | None:
    """Where an answer redirects to, None if it does not."""
    location = location.strip() if status in _REDIRECTS else ""
    if not location:
        return None
    raw = location.encode("utf-8", "surrogateescape")
    try:
        location = raw.decode("utf-8")
    except UnicodeDecodeError:
        location = quote_from_bytes(raw, safe="/:?#[]@!$&'()*+,;=%~-._")
    try:
        return _address(ada_url.join_url(url, location))
    except ValueError:
        raise Rejected("invalid URL", f"redirect to {location[:200]!r}") from None


async def _read(response: aiohttp.ClientResponse, most: int, *, cut: bool) -> bytes:
    """The body, never holding more than `most` bytes plus one chunk."""
    length = response.content_length
    if not cut and length is not None and length > most:
        response.close()
        raise Rejected("too large", f"{length} bytes announced, {most} allowed")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            response.close()
            if cut:
                del body[most:]
                break
            raise Rejected("too large", f"more than {most} bytes")
    return bytes(body)


async def _never_again(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a request twice when a connection breaks: a server that counts
    our requests counts that one too."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as fault:
        raise _translated(fault) from fault


def _translated(fault: Exception) -> IngestError:
    """A fault of the HTTP library in our words."""
    detail = f"{type(fault).__name__}: {fault}"[:300]
    match fault:
        case aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError():
            return TryLater("proxy failed", detail)
        case aiohttp.ClientConnectorDNSError():
            return TryLater("dns failed", detail)
        case aiohttp.ClientSSLError():
            return TryLater("tls failed", detail)
        case aiohttp.ClientPayloadError():
            return TryLater("broken body", detail)
        case aiohttp.ClientResponseError():
            return TryLater("broken answer", detail)
        case aiohttp.InvalidURL():
            return Rejected("invalid URL", detail)
        case ValueError():
            return Rejected("invalid request", detail)
        case socket.gaierror():
            return TryLater("dns failed", detail)
    return TryLater("connection failed", detail)
