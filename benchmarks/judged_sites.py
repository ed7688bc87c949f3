"""Many named sites on one loopback port, which write down when they were asked.

They judge politeness. Site 0 has far more articles than the others, and slow ones. Every site has
two hosts (`www.` and `m.`), a feed, articles, and among them redirects: on the host, to the other
host, to the next site. Every third site refuses some addresses once (429 with Retry-After); every
fourth has one host's robots.txt behind a redirect. The names end in `.test` (RFC 6761): processes
find them by `names`, a start-up hook of Python that resolves them to loopback, so that the program
itself needs no setting for it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
RETRY_AFTER_S = 2
STALLS, STALL_S = 0.1, 1.2
"""This share of answers takes so much longer: requests overlap where they may, else wait."""
ON_ITS_WAY_S = 0.2
"""A refusal has to be read and noted before it can hold for others."""
_HOOK = '''\
"""Names under .test are on loopback (RFC 6761); for the politeness benchmark's processes."""
import socket

_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    if name and name.endswith(".test"):
        host = "127.0.0.1"
    return _getaddrinfo(host, *args, **kwargs)


socket.getaddrinfo = getaddrinfo
'''


def names(directory: Path) -> dict[str, str]:
    """Environment in which Python resolves names under `.test` to loopback."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    return {"PYTHONPATH": f"{directory}:{Path(__file__).parent.parent}"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the site saw it; in monotonic seconds."""

    site: str
    host: str
    path: str
    status: int
    start: float
    """Its head was read."""
    end: float
    """Its answer was written, or the connection was found dead."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the sites publish."""

    sites: int = 12
    articles: int = 6
    burst: int = 40
    """Articles of site 0."""
    latency_s: float = 0.08
    seed: int = 1

    def paths(self, site: int) -> list[str]:
        """The addresses that a site's feed lists."""
        return [f"/news/{n}.html" for n in range(self.burst if site == 0 else self.articles)]

    def url(self, site: int, path: str, port: int) -> str:
        return f"http://www.site{site}.test:{port}{path}"

    def feeds(self, port: int) -> list[dict[str, str]]:
        """Entries of a feeds.yml."""
        return [
            {"url": self.url(n, "/feed.xml", port), "title": f"Site {n}"} for n in range(self.sites)
        ]

    @property
    def published(self) -> int:
        """How many URLs the feeds list in all."""
        return sum(len(self.paths(site)) for site in range(self.sites))


class Sites:
    """The server. What it was asked goes to a file, one line a request."""

    def __init__(self, plan: Plan, log: Path) -> None:
        self._plan, self._log = plan, log.open("w", encoding="utf-8", buffering=1)
        self._draw = random.Random(plan.seed)
        self._asked: Counter[str] = Counter()
        self.port = 0

    async def start(self) -> None:
        server = await asyncio.start_server(self._connected, LOOPBACK, 0, backlog=1_000)
        self.port = server.sockets[0].getsockname()[1]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            start = time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            return
        lines = head.split("\r\n")
        path = lines[0].split()[1]
        host = next(line for line in lines if line.lower().startswith("host:"))[5:].strip()
        host = host.partition(":")[0]
        site = int(host.rpartition("site")[2].partition(".")[0])
        status, headers, body = self._answer(site, host, path)
        slow = 4 if site == 0 else 1
        gone = asyncio.ensure_future(reader.read(1))
        latency_s = self._plan.latency_s * slow * self._draw.uniform(0.5, 1.5)
        if self._draw.random() < STALLS:
            latency_s += STALL_S
        await asyncio.wait([gone], timeout=latency_s)
        gone.cancel()
        try:
            told = {"Content-Length": str(len(body)), "Connection": "close", **headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
            writer.write(f"HTTP/1.1 {status} -\r\n{head}\r\n".encode() + body)
            await writer.drain()
        except ConnectionError:
            status = 0  # the client was killed
        finally:
            writer.close()
            asked = (f"site{site}.test", host, path, status, start, time.monotonic())
            self._log.write(json.dumps(asked) + "\n")

    def _answer(self, site: int, host: str, path: str) -> tuple[int, Mapping[str, str], bytes]:
        plan, mobile = self._plan, host.startswith("m.")
        if path == "/robots.txt":
            if site % 4 == 3 and mobile:
                return 302, {"Location": plan.url(site, "/robots.txt", self.port)}, b""
            return 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /secret/\n"
        if site % 3 == 2 and path.endswith(("4.html", "feed.xml")):
            place = f"{host}{path}"
            self._asked[place] += 1
            # A feed is refused when it is asked again, while its articles are on their way.
            if self._asked[place] == (2 if path == "/feed.xml" else 1):
                return 429, {"Retry-After": str(RETRY_AFTER_S)}, b""
        if path == "/feed.xml":
            return 200, {"Content-Type": "application/rss+xml"}, self._feed(site)
        if path.startswith("/news/"):
            number = int(path.rpartition("/")[2].partition(".")[0])
            target = f"/full/{site}-{number}.html"
            if number % 5 == 1:
                return 301, {"Location": target}, b""
            if number % 5 == 2:
                return 302, {"Location": f"http://m.site{site}.test:{self.port}{target}"}, b""
            if number % 5 == 3:
                other = (site + 1) % plan.sites
                return 302, {"Location": plan.url(other, target, self.port)}, b""
        return 200, {"Content-Type": "text/html; charset=utf-8"}, _article(path)

    def _feed(self, site: int) -> bytes:
        items = "".join(
            f"<item><title>Item {path}</title><link>{self._plan.url(site, path, self.port)}</link>"
            "<pubDate>Fri, 17 Oct 2025 06:30:00 GMT</pubDate></item>"
            for path in self._plan.paths(site)
        )
        return (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>'
            f"<link>http://www.site{site}.test/</link><description>-</description>{items}"
            "</channel></rss>"
        ).encode()


def _article(path: str) -> bytes:
    draw = random.Random(path)
    words = ("the", "minister", "said", "talks", "border", "crossing", "week", "goods", "council")
    text = "".join(
        "<p>" + " ".join(draw.choice(words) for _ in range(60)).capitalize() + ".</p>"
        for _ in range(5)
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Number {path}</title></head><body><article>'
        f"<h1>Number {path}</h1>{text}</article></body></html>"
    ).encode()


def _serve(plan: Plan, log: Path, port: multiprocessing.Queue[int]) -> None:
    async def main() -> None:
        sites = Sites(plan, log)
        await sites.start()
        port.put(sites.port)
        await asyncio.Event().wait()

    asyncio.run(main())


@contextmanager
def serving(plan: Plan, log: Path) -> Iterator[int]:
    """Serve from a process of its own, whose clock nothing else delays; gives the port."""
    spawn = multiprocessing.get_context("spawn")
    port: multiprocessing.Queue[int] = spawn.Queue()
    process = spawn.Process(target=_serve, args=(plan, log, port), daemon=True)
    process.start()
    try:
        yield port.get(timeout=30)
    finally:
        process.kill()
        process.join()


def read(log: Path) -> list[Asked]:
    """The log, oldest first."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return sorted((Asked(*json.loads(line)) for line in lines), key=lambda asked: asked.start)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one site's log says."""

    site: str
    requests: int
    most_in_flight: int
    least_gap_s: float
    """Between the starts of two requests; infinite where there were fewer."""


def judge(asked: list[Asked]) -> list[Verdict]:
    """A verdict a site."""
    verdicts = []
    for site in sorted({each.site for each in asked}):
        mine = [each for each in asked if each.site == site]
        starts = [each.start for each in mine]
        # At the same instant an end comes first: that request was over.
        edges = sorted([(each.start, 1) for each in mine] + [(each.end, -1) for each in mine])
        most = flying = 0
        for _, step in edges:
            flying += step
            most = max(most, flying)
        gaps = [later - sooner for sooner, later in itertools.pairwise(starts)]
        verdicts.append(Verdict(site, len(mine), most, min(gaps, default=float("inf"))))
    return verdicts


def broken_pauses(asked: list[Asked]) -> list[Asked]:
    """Requests to a host before its Retry-After was over, but for those already on their way."""
    broken: list[Asked] = []
    refused: dict[str, float] = {}
    for each in sorted(asked, key=lambda each: each.start):
        told = refused.get(each.host)
        if told is not None and told + ON_ITS_WAY_S < each.start < told + RETRY_AFTER_S:
            broken.append(each)
        if each.status == 429:
            refused[each.host] = each.end
    return broken
