"""Ten thousand loopback feeds in one process, for `benchmarks.polling`: fast, and its own witness.

Every feed is a site of its own (127.x.y.z, one port). A feed lists its 20 newest entries; an entry
appears when the benchmark asks for it or at random. The server notes when each entry appeared, when
it was first served, and how long each feed was left alone. Raw HTTP over asyncio, since the client
is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

LISTED = 20
"""Entries of a document, as most news feeds have."""
_SENTENCE = "The ministry said on Tuesday that talks about the crossing had been useful so far. "


def feed_url(number: int, port: int) -> str:
    """The address of a feed; each is on a site of its own."""
    return f"http://{_host(number)}:{port}/feed-{number}.xml"


def entry_url(number: int, entry: int) -> str:
    """The address of one entry of a feed."""
    return f"http://{_host(number)}/news/{number}-{entry}.html"


def _host(number: int) -> str:
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


class World:
    """The feeds and what happened to them."""

    def __init__(self, feeds: int, latency_s: float) -> None:
        self.latency_s = latency_s
        self.newest = [LISTED - 1] * feeds
        """By feed, the number of its newest entry: also its validator."""
        self.appeared: dict[tuple[int, int], float] = {}
        self.served: dict[tuple[int, int], float] = {}
        self.forget()

    def forget(self) -> None:
        """Count from now on."""
        self.started = time.time()
        self.statuses = {200: 0, 304: 0}
        self.last_asked = [self.started] * len(self.newest)
        self.longest_gap = [0.0] * len(self.newest)
        self.appeared.clear()
        self.served.clear()

    def publish(self, number: int) -> None:
        """An entry appears."""
        self.newest[number] += 1
        self.appeared[number, self.newest[number]] = time.time()

    async def publish_at_random(self, each_second: float, seed: int = 1) -> None:
        """Entries appear all over the world until cancelled."""
        rng = random.Random(seed)
        while True:
            await asyncio.sleep(rng.expovariate(each_second))
            self.publish(rng.randrange(len(self.newest)))

    def answer(self, number: int, validator: str) -> bytes:
        """The answer to a poll."""
        now, newest = time.time(), self.newest[number]
        gap = now - self.last_asked[number]
        self.longest_gap[number] = max(self.longest_gap[number], gap)
        self.last_asked[number] = now
        etag = f'"{newest}"'
        if validator == etag:
            self.statuses[304] += 1
            return _response(304, b"", etag)
        self.statuses[200] += 1
        for entry in range(newest - LISTED + 1, newest + 1):
            if (number, entry) in self.appeared:
                self.served.setdefault((number, entry), now)
        return _response(200, document(number, newest), etag)

    def stats(self) -> dict[str, object]:
        """What the server saw since `forget`."""
        now = time.time()
        gaps = [
            max(longest, now - last)
            for longest, last in zip(self.longest_gap, self.last_asked, strict=True)
        ]
        return {
            "seconds": now - self.started,
            "unchanged": self.statuses[304],
            "changed": self.statuses[200],
            "longest_gaps_s": sorted(gaps),
        }

    def entries(self) -> list[tuple[str, float, float]]:
        """URL, when it appeared, when it was first served (0: not yet)."""
        return [
            (entry_url(*key), at, self.served.get(key, 0.0)) for key, at in self.appeared.items()
        ]


def document(number: int, newest: int) -> bytes:
    """A feed's RSS document, newest entry first."""
    items = "".join(
        f"<item><title>Report {entry} of feed {number} about the border</title>"
        f"<link>{entry_url(number, entry)}</link><guid>{entry_url(number, entry)}</guid>"
        "<pubDate>Fri, 17 Oct 2025 06:30:00 GMT</pubDate>"
        f"<description>{_SENTENCE * 5}</description></item>"
        for entry in range(newest, newest - LISTED, -1)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed {number}'
        f"</title><link>http://{_host(number)}/</link><description>-</description>{items}"
        "</channel></rss>"
    ).encode()


def _response(status: int, body: bytes, etag: str = "") -> bytes:
    kind = "application/rss+xml" if etag else "application/json"
    head = (
        f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"{f'ETag: {etag}' if etag else 'X-World: yes'}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """One request, one answer."""

    def __init__(self, world: World, control: Callable[[str, dict[str, str]], object]) -> None:
        self._world, self._control = world, control
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" not in self._received:
            return
        head = self._received.decode("latin-1")
        target = head.split(" ", 2)[1]
        if target.startswith("/feed-"):
            number = int(target[len("/feed-") : -len(".xml")])
            lower = head.lower()
            _, found, rest = lower.partition("\r\nif-none-match:")
            reply = self._world.answer(number, rest.split("\r\n", 1)[0].strip() if found else "")
        else:
            parts = urlsplit(target)
            made = self._control(parts.path.strip("/"), dict(parse_qsl(parts.query)))
            reply = _response(200, json.dumps(made).encode())
        if self._world.latency_s:
            loop = asyncio.get_running_loop()
            loop.call_later(self._world.latency_s, self._send, reply)
        else:
            self._send(reply)

    def _send(self, reply: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(reply)
            self._transport.close()


async def serve(feeds: int, latency_s: float) -> None:
    """Serve until killed; the port is the first line printed."""
    world = World(feeds, latency_s)
    loop = asyncio.get_running_loop()
    publishing: list[asyncio.Task[None]] = []

    def control(verb: str, given: dict[str, str]) -> object:
        match verb:
            case "stats":
                return world.stats()
            case "entries":
                return world.entries()
            case "forget":
                world.forget()
            case "publish":
                for number in range(int(given["feeds"])):
                    world.publish(number)
            case "random":
                task = loop.create_task(world.publish_at_random(float(given["rate"])))
                publishing.append(task)
            case "quiet":
                while publishing:
                    publishing.pop().cancel()
        return verb

    server = await loop.create_server(
        lambda: _Connection(world, control), "0.0.0.0", 0, backlog=4_096
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", type=int)
    parser.add_argument("latency", type=float)
    options = parser.parse_args()
    asyncio.run(serve(options.feeds, options.latency))
