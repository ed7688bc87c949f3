"""Trying feeds and looking for them, without storing anything: what `feeds add|check|discover` see.

A feed is fetched and read as the poller would, under the site's budget (`workers.visits`), which is
shared with the daemon when its Redis answers. Where feeds may be is `pipeline.feeds.discover`'s.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

import redis

from pipeline import robots
from pipeline.errors import IngestError, TryLater
from pipeline.feeds import discover
from pipeline.feeds.discover import Candidate
from pipeline.feeds.parse import parse
from pipeline.feeds.shapes import ParsedFeed
from pipeline.records import Page
from pipeline.responses import challenge
from workers import embedded, processes
from workers.context import Context
from workers.sitemap_index import read_sitemaps
from workers.visits import TurnNotCome, Visits, open_visits

PERMANENT = frozenset({301, 308})
MOST_CANDIDATES = 30
"""Addresses tried of one page; more is an index of a portal, from which a person has to choose."""
PATIENCE_S = 1_800.0
"""A site with hundreds of feeds is checked to the end; one that wants more is busy."""
STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What one address answered."""

    url: str
    problem: str | None = None
    """Why it is no feed to poll, None when it is one."""
    detail: str = ""
    status: int | None = None
    title: str | None = None
    language: str | None = None
    """As the feed declares it: often wrong."""
    format: str | None = None
    entries: int = 0
    newest: datetime | None = None
    moved_to: str | None = None
    """Where it has moved for good, by its permanent redirects."""
    ms: int = 0
    body_hash: str = ""
    page: Page | None = None
    """The answer, when it came and is no feed."""

    @property
    def is_page(self) -> bool:
        """It is a web page: feeds may be found on it."""
        return self.page is not None and self.problem == "html"


class Prober:
    """Fetches under the sites' budgets. Use it as an async context manager."""

    def __init__(self, context: Context, *, respect_robots: bool = False) -> None:
        """`respect_robots` is for pages: feeds are published to be polled."""
        self._context, self._respect_robots = context, respect_robots
        self._fetch = context.settings.fetch
        self._opened = AsyncExitStack()
        self._visits: Visits | None = None

    async def __aenter__(self) -> Prober:
        redis_url = self._opened.enter_context(_some_redis(self._context))
        self._visits = await self._opened.enter_async_context(
            open_visits(
                self._fetch,
                self._context.limits,
                redis_url,
                respect_robots=self._respect_robots,
                at_once=self._context.settings.poll.concurrency,
            )
        )
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self._opened.aclose()

    async def probe(self, url: str, zone: str | None = None) -> Probe:
        """Try one address. Whatever comes is an answer; nothing is raised for it."""
        try:
            page = await self.page(url)
            feed = await asyncio.to_thread(_parse, page, zone)
            if feed is not None and feed.children:
                feed, _ = await read_sitemaps(feed, self.page, zone)
        except IngestError as error:
            return Probe(url, problem=error.reason, detail=error.detail)
        return read(url, page, feed)

    async def robots_txt(self, url: str) -> str:
        """The robots.txt of a page's host; empty when there is none."""
        try:
            page = await self.page(urljoin(url, "/robots.txt"))
        except IngestError:
            return ""
        return page.body.decode("utf-8", "replace") if page.status == 200 else ""

    def may_guess(self, robots_txt: str, url: str) -> bool:
        """Whether an address that nobody announced may be tried."""
        if not self._fetch.respect_robots:
            return True
        return robots.allowed(robots_txt or None, self._fetch.user_agent, url)

    async def page(self, url: str) -> Page:
        """What an address answers, redirects followed. Raises TryLater, Rejected."""
        if self._visits is None:
            raise RuntimeError("use `async with Prober(…)`")
        try:
            return await self._visits.fetch(url, patience_s=PATIENCE_S)
        except TurnNotCome as pause:
            raise TryLater("site busy", f"for another {pause.wait_s:.0f} s") from pause


@contextmanager
def _some_redis(context: Context) -> Iterator[str]:
    """The Redis that is shared with the daemon; where none answers, one for this command alone."""
    if _answers(context.redis):
        yield context.redis_url
        return
    with TemporaryDirectory(prefix="wirewatch-") as directory:
        server = embedded.start(Path(directory))
        try:
            yield embedded.url(Path(directory))
        finally:
            processes.stop([server], STOP_S)


def _parse(page: Page, zone: str | None) -> ParsedFeed | None:
    """A good answer read as a feed; None for any other answer."""
    if challenge(page) or not 200 <= page.status < 300:
        return None
    return parse(page.body, page.headers, page.final_url, zone=zone)


def read(url: str, page: Page, feed: ParsedFeed | None) -> Probe:
    """What an answer is worth as a feed; `feed` is what a good one holds. Pure."""
    permanent = page.hops and all(hop.status in PERMANENT for hop in page.hops)
    moved_to = page.final_url if permanent and page.final_url != url else None
    if vendor := challenge(page):
        return Probe(url, f"challenge page: {vendor}", status=page.status, ms=page.elapsed_ms)
    if feed is None:
        said = f"HTTP {page.status}"
        return Probe(url, said, status=page.status, moved_to=moved_to, ms=page.elapsed_ms)
    problem = None if feed.is_feed and feed.entries else feed.problem or "no items"
    return Probe(
        url=url,
        problem=problem,
        status=page.status,
        title=feed.title,
        language=feed.language,
        format=feed.format if feed.is_feed else None,
        entries=len(feed.entries),
        newest=max((entry.published for entry in feed.entries if entry.published), default=None),
        moved_to=moved_to,
        ms=page.elapsed_ms,
        body_hash=hashlib.sha256(page.body).hexdigest(),
        page=None if feed.is_feed else page,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A feed of a site, and how it was found."""

    candidate: Candidate
    probe: Probe


async def search(prober: Prober, page: Page, told: Callable[[int, int], None]) -> list[Found]:
    """The feeds of the site of a page: those it announces, else those at the usual addresses.

    `told` is called with how many addresses were tried, of how many.
    """
    robots_txt = await prober.robots_txt(page.final_url)
    announced = discover.advertised(page.body, page.headers, page.final_url)
    named = discover.in_robots(robots_txt, page.final_url)
    found = await _try(prober, (*announced, *named), told)
    if found:
        return found
    usual = discover.well_known(page.final_url)
    return await _try(prober, [c for c in usual if prober.may_guess(robots_txt, c.url)], told)


async def _try(
    prober: Prober, candidates: Sequence[Candidate], told: Callable[[int, int], None]
) -> list[Found]:
    """Those of the candidates that are feeds, each feed once."""
    each = list({candidate.url: candidate for candidate in candidates}.values())[:MOST_CANDIDATES]
    probes = await probe_all(prober, [(candidate.url, None) for candidate in each], told)
    found: dict[str, Found] = {}
    for candidate, probe in zip(each, probes, strict=True):
        if probe.problem is None:
            found.setdefault(probe.body_hash, Found(candidate, probe))
    return list(found.values())


async def probe_all(
    prober: Prober, addresses: Iterable[tuple[str, str | None]], told: Callable[[int, int], None]
) -> list[Probe]:
    """Try many addresses (URL, zone) at once; the answers in their order."""
    tasks = [asyncio.create_task(prober.probe(url, zone)) for url, zone in addresses]
    for done, task in enumerate(asyncio.as_completed(tasks), 1):
        await task
        told(done, len(tasks))
    return [task.result() for task in tasks]


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
