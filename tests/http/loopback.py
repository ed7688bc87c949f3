"""Real servers on loopback that answer byte for byte what a test says, and names for them."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult

from pipeline.errors import IngestError
from pipeline.http import Door, Limits

TLS = Path(__file__).parent / "tls"
"""A test CA and two certificates, made for these tests: one valid to 2120, one expired in 2020."""

AGENT = "WirewatchTest/1 (+https://example.org/contact)"
Answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]
T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def limits(**changes: Any) -> Limits:
    return Limits(AGENT, **{"allow_private_addresses": True, "timeout_s": 20, **changes})


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Server:
    port: int
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serve(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that reads one request a connection, hands it to `answer`, and closes."""
    server = Server(0)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.splitlines()
            headers = {
                name.strip().lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            request = Request(*first.split()[:2], headers, body)
            server.requests.append(request)
            await answer(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def reply(
    body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None
) -> Callable[[Request, asyncio.StreamWriter], Awaitable[None]]:
    """The same whole answer to every request."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, {"Content-Length": str(len(body)), **(headers or {})}) + body)

    return answer


def redirects(targets: Mapping[str, str], body: bytes = b"arrived", status: int = 302) -> Answer:
    """Redirect each path to its target; any other path is the end."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        target = targets.get(request.target)
        if target is None:
            writer.write(head(200, {"Content-Length": str(len(body))}) + body)
        else:
            writer.write(head(status, {"Location": target, "Content-Length": "0"}))

    return answer


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode("latin-1", "surrogateescape")


class Names(AbstractResolver):
    """A resolver with a fixed list of names; each may have several answers, given in turn."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self.names = {name: list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self.names.get(host)
        if not answers:
            raise OSError(None, f"no such name: {host}")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        return None


async def fault(door: Door, url: str) -> IngestError:
    """The fault that fetching the URL ends in."""
    try:
        page = await door.fetch(url)
    except IngestError as error:
        return error
    raise AssertionError(f"no fault, but {page.status} from {page.final_url}")
