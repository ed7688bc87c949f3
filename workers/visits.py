"""Visits to sites: the one way in which anything is asked of a site.

turn → robots.txt → request, at every hop of every redirect. A hop to another site needs that
site's turn and its robots.txt; a hop on the same site, like robots.txt itself, needs the gap again.
Nothing here waits longer than the caller has patience for: it is told when to come back, and a
visit that stopped on its way goes on from there (kept in Redis for an hour; losing it is harmless).

Settings: `[fetch] per_site_concurrency, per_site_gap_s, respect_robots, timeout_s, user_agent`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import redis
from redis import asyncio as aioredis

from pipeline import urls
from pipeline.errors import Rejected, TryLater
from pipeline.http import Door, Limits, Reply
from pipeline.records import Hop, Page
from pipeline.responses import told_to_wait
from pipeline.robots import MAX_CHARS
from pipeline.settings import FetchSettings
from pipeline.trail import MAX_REDIRECTS, Trail
from workers.log import logger
from workers.politeness import Budget, Turn, Turns, Went
from workers.robots import MAX_REDIRECTS as MAX_ROBOTS_REDIRECTS
from workers.robots import Robots, Rules, origin

KEEP_TRAIL_S = 3_600
LEASE_MARGIN_S = 10.0
"""A turn outlives the longest request by this, for a process that is slow to give it back."""
ASK_AGAIN_S = 1.0
"""Someone else is asking for the robots.txt: its answer is looked for again after this."""
EARLY_S = 0.5
"""A caller that looks at what is due twice a second, and has patience for longer, comes back by so
much before its turn and waits for the rest here: so that the site's turn finds somebody there."""
AT_ONCE = 500
"""A process may have 1,024 files open on many systems, and a name to look up takes one as well."""
CONNECTIONS = 16
"""To Redis, of one process. More would only wait inside the server."""
REDIS_TIMEOUT_S = 10.0


class TurnNotCome(Exception):
    """The site's budget is used up for now; come back in `wait_s` seconds, with `promised`."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"{wait_s:.1f} s")


@asynccontextmanager
async def open_visits(
    fetch: FetchSettings,
    limits: Limits,
    redis_url: str,
    *,
    respect_robots: bool | None = None,
    at_once: int = AT_ONCE,
) -> AsyncIterator[Visits]:
    """The visits of one event loop, with their door and their connections to Redis.

    `respect_robots`: as the settings have it, unless given. `at_once`: requests under way in all.
    """
    pool = aioredis.BlockingConnectionPool.from_url(
        redis_url,
        max_connections=CONNECTIONS,
        timeout=REDIS_TIMEOUT_S,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
    )
    client = aioredis.Redis.from_pool(pool)
    try:
        async with Door(limits) as door:
            lease_s = limits.timeout_s + LEASE_MARGIN_S
            budget = Budget(fetch.per_site_concurrency, fetch.per_site_gap_s, lease_s)
            yield Visits(
                Turns(client, budget),
                Robots(client, fetch.user_agent),
                door,
                trails=Trails(client),
                gap_s=fetch.per_site_gap_s,
                lease_s=lease_s,
                timeout_s=limits.timeout_s,
                at_once=at_once,
                respect_robots=fetch.respect_robots if respect_robots is None else respect_robots,
            )
    finally:
        await client.aclose()


@dataclass(slots=True)
class _Visit:
    """One visit under way."""

    first: str
    """The URL it began with, under whose name its trail is kept."""
    headers: Mapping[str, str]
    promised: bool
    """Whether the site at hand, when asked for the first time now, is expected to be ready."""
    ends: float
    """Monotonic seconds until which turns are waited for."""
    most_hops: int
    cut_at: int | None = None
    spent_s: float = 0.0
    """In requests, without the waits between them."""


class Trails:
    """Where visits stopped that have to wait for their next hop."""

    def __init__(self, client: aioredis.Redis) -> None:
        self._client = client

    async def take(self, first: str) -> tuple[Trail, float] | None:
        """The trail kept for a URL and the seconds its requests took; it is kept no longer."""
        raw = await self._client.getdel(_trail_key(first))
        if raw is None:
            return None
        kept = json.loads(raw)
        return Trail(kept["at"], tuple(Hop(*hop) for hop in kept["hops"])), kept["spent_s"]

    async def keep(self, first: str, trail: Trail, spent_s: float) -> None:
        """Remember where a visit is."""
        hops = [[hop.url, hop.status] for hop in trail.hops]
        value = json.dumps({"at": trail.at, "hops": hops, "spent_s": spent_s})
        await self._client.set(_trail_key(first), value, ex=KEEP_TRAIL_S)


class Visits:
    """Fetches under the sites' budgets and rules."""

    def __init__(
        self,
        turns: Turns,
        robots: Robots,
        door: Door,
        *,
        trails: Trails,
        gap_s: float,
        lease_s: float,
        timeout_s: float,
        at_once: int,
        respect_robots: bool,
    ) -> None:
        self._turns, self._robots, self._door, self._trails = turns, robots, door, trails
        self._gap_s, self._lease_s, self._timeout_s = gap_s, lease_s, timeout_s
        self._room = asyncio.Semaphore(at_once)
        self._respect_robots = respect_robots

    async def fetch(
        self,
        url: str,
        *,
        promised: bool = False,
        insist: bool = False,
        headers: Mapping[str, str] | None = None,
        patience_s: float = 0.0,
    ) -> Page:
        """The page at a URL, redirects followed.

        `promised`: the caller comes back at the time it was given. `insist`: a robots.txt that
        could not be had a while ago is asked for again. `patience_s`: how long turns may be waited
        for here, all of them together. Raises TurnNotCome, TryLater, Rejected, RedisError.
        """
        visit = _Visit(
            url, headers or {}, promised, time.monotonic() + patience_s, most_hops=MAX_REDIRECTS
        )
        trail = Trail(urls.parse_http(url).partition("#")[0])
        if promised and (kept := await self._trails.take(url)):
            trail, visit.spent_s = kept
        return await self._follow(visit, trail, insist=insist, robots=self._respect_robots)

    async def _follow(self, visit: _Visit, trail: Trail, *, insist: bool, robots: bool) -> Page:
        """From where the visit is to the page at the end of its redirects."""
        while True:
            try:
                if robots:
                    rules = await self._rules(visit, trail.at, insist=insist)
                    rules.require(trail.at, self._robots.user_agent)
                reply, site = await self._ask_in_turn(visit, trail)
            except TurnNotCome:
                if trail.hops:
                    await self._trails.keep(visit.first, trail, visit.spent_s)
                raise
            if reply.target is None:
                return replace(
                    reply.page,
                    url=visit.first,
                    hops=trail.hops,
                    elapsed_ms=round(visit.spent_s * 1000),
                )
            onward = trail.onward(reply.page.status, reply.target, visit.most_hops)
            visit.promised = urls.site(onward.at) == site
            trail = onward

    async def _ask_in_turn(self, visit: _Visit, trail: Trail) -> tuple[Reply, str]:
        """The answer of where the visit is, and its site. Raises TurnNotCome, TryLater, Rejected.

        Whoever waits for a turn takes no room from those whose turn it is.
        """
        site, host = urls.site(trail.at), urlsplit(trail.at).netloc
        while True:
            async with self._room:
                turn = await self._turns.take(site, host, promised=visit.promised)
                if isinstance(turn, Turn):
                    return await self._ask(visit, trail, turn), site
            visit.promised = True
            if time.monotonic() + turn > visit.ends:
                raise TurnNotCome(turn)
            await asyncio.sleep(turn)

    async def _ask(self, visit: _Visit, trail: Trail, turn: Turn) -> Reply:
        """One request, in its turn, and what it taught of the site."""
        waited_s, sent_at = 0.0, None

        async def ready() -> None:
            nonlocal waited_s, sent_at
            sent_at = time.monotonic()
            if sent_at > turn.sent_by:
                waited_s = await self._turns.start(turn)
                await asyncio.sleep(waited_s)

        went, took_s, told_s = Went.GOOD, None, None
        started = time.monotonic()
        try:
            reply = await self._door.ask(
                trail.at,
                headers=trail.carried(visit.headers),
                timeout_s=max(self._timeout_s - visit.spent_s, 1.0),
                cut_at=visit.cut_at,
                ready=ready,
            )
            told_s = told_to_wait(reply.page)
            took_s = time.monotonic() - started - waited_s
            if reply.page.status >= 500 or told_s is not None:
                went = Went.FAILED
            elif reply.page.status >= 400:
                went = Went.REFUSED
            return reply
        except TryLater:
            went, took_s = Went.FAILED, time.monotonic() - started - waited_s
            raise
        finally:
            visit.spent_s += time.monotonic() - started - waited_s
            await self._give_back(turn, went, took_s, told_s, sent_at)

    async def _give_back(
        self,
        turn: Turn,
        went: Went,
        took_s: float | None,
        told_s: float | None,
        sent_at: float | None,
    ) -> None:
        """End the turn. Without Redis it ends by itself, and the answer is not lost for that."""
        try:
            await self._turns.give_back(turn, went, took_s=took_s, told_s=told_s, sent_at=sent_at)
        except redis.RedisError as error:
            logger().warning("turn not given back", site=turn.site, error=str(error))

    # -- robots.txt ----------------------------------------------------------------------------

    async def _rules(self, visit: _Visit, url: str, *, insist: bool) -> Rules:
        """What the origin's robots.txt asks, learned now if need be. Raises TurnNotCome."""
        while True:
            rules = await self._robots.known(url)
            if rules is not None and not (insist and rules.fault):
                return rules
            if await self._robots.may_ask(url, self._lease_s):
                try:
                    return await self._learn(visit, url)
                finally:
                    await self._robots.done(url)
            if time.monotonic() + ASK_AGAIN_S > visit.ends:
                raise TurnNotCome(max(self._gap_s, ASK_AGAIN_S))
            await asyncio.sleep(ASK_AGAIN_S)

    async def _learn(self, visit: _Visit, url: str) -> Rules:
        """Ask for the origin's robots.txt, in the site's turn."""
        place = f"{origin(url)}/robots.txt"
        asking = _Visit(
            place,
            {},
            visit.promised,
            visit.ends,
            most_hops=MAX_ROBOTS_REDIRECTS,
            cut_at=MAX_CHARS,
        )
        trail = Trail(place)
        if kept := await self._trails.take(place):
            trail, asking.spent_s = kept
        try:
            rules = Rules.of(await self._follow(asking, trail, insist=False, robots=False))
        except TryLater as error:
            rules = Rules(fault=str(error))
        except Rejected:  # a redirect loop and the like: no usable file
            rules = Rules()
        rules = await self._robots.learn(url, rules)
        await self._turns.delay(urlsplit(url).netloc, rules.delay_s(self._robots.user_agent))
        visit.promised = True  # its turn had come; robots.txt took it
        return rules


def _trail_key(first: str) -> str:
    return f"wirewatch:trail:{hashlib.sha256(first.encode()).hexdigest()[:32]}"
