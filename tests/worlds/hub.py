"""A WebSub hub on loopback, after the W3C Recommendation; and the web part served from a thread."""

from __future__ import annotations

import asyncio
import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import aiohttp
import uvicorn
from aiohttp import web as aioweb

from tests.worlds.newsroom import RSS
from workers.context import Context
from workers.demo.loopback import LOOPBACK, LoopbackServer
from workers.web.app import create_app


class Hub(LoopbackServer):
    """Verifies what it is asked for, and pushes what it is told to."""

    def __init__(self, lease_s: int = 864_000, method: str = "sha256") -> None:
        super().__init__([(LOOPBACK, 0)])
        self.lease_s, self.method = lease_s, method
        self.status = 202
        """What it answers to requests; it verifies only after a 202."""
        self.retry_after = ""
        """Its Retry-After, when it has one."""
        self.asked: list[dict[str, str]] = []
        self.verified: list[tuple[int, bool]] = []
        """Status of each verification, and whether the challenge came back."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def respond(self, listener: int, request: aioweb.Request) -> aioweb.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append(form)
        if self.status == 202:
            task = asyncio.create_task(self._verify(form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return aioweb.Response(status=self.status, text="as you wish", headers=headers)

    async def _verify(self, form: dict[str, str]) -> None:
        challenge = f"challenge-{len(self.verified)}"
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": str(self.lease_s),
        }
        async with aiohttp.ClientSession() as session:
            status, said = await _get(session, form["hub.callback"], query)
        self.verified.append((status, said == challenge))

    @property
    def is_verifying(self) -> bool:
        """Whether a verification is under way."""
        return bool(self._tasks)

    def push(self, body: bytes | str, *, secret: str | None = None, which: int = -1) -> int:
        """Push to the callback that asked last; the subscriber's status. `secret` to forge."""
        form = self.asked[which]
        raw = body.encode() if isinstance(body, str) else body
        key = (form["hub.secret"] if secret is None else secret).encode()
        digest = hmac.new(key, raw, self.method).hexdigest()
        headers = {"Content-Type": RSS, "X-Hub-Signature": f"{self.method}={digest}"}
        return send(form["hub.callback"], raw, headers)

    def tell(self, which: int = -1, **said: str) -> tuple[int, str]:
        """Ask the callback for something (`mode="denied"`); its status and body."""
        form = self.asked[which]
        query = {"hub.topic": form["hub.topic"]}
        query |= {f"hub.{name}": value for name, value in said.items()}

        async def ask() -> tuple[int, str]:
            async with aiohttp.ClientSession() as session:
                return await _get(session, form["hub.callback"], query)

        return asyncio.run(ask())


async def _get(session: aiohttp.ClientSession, url: str, query: dict[str, str]) -> tuple[int, str]:
    async with session.get(f"{url}?{urlencode(query)}") as answer:
        return answer.status, await answer.text()


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    """POST; the status."""

    async def post() -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            return answer.status

    return asyncio.run(post())


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """GET; status and body."""

    async def ask() -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            return answer.status, await answer.text()

    return asyncio.run(ask())


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(context: Context) -> Iterator[str]:
    """The web part over a context, at its port; gives its address."""
    port = context.settings.web.port
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(context), host=LOOPBACK, port=port, log_config=None, access_log=False
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    waiter = threading.Event()
    while not server.started:
        assert thread.is_alive(), "the web part did not start"
        waiter.wait(0.01)
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
