"""robots.txt of each origin as it is known: a minute in the process, a day in Redis.

What the files mean is decided in `pipeline.robots`; they are asked for by `workers.visits`, under
the site's budget like everything else.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import redis
from redis import asyncio as aioredis

from pipeline import robots
from pipeline.errors import Rejected, TryLater
from pipeline.records import Page
from workers import owners

KEEP_S = 86_400
"""RFC 9309 §2.4: not longer than a day."""
KEEP_STALE_S = 7 * 86_400
"""An old copy stands in while the site's server fails (§2.3.1.4 allows that)."""
KEEP_FAILURE_S = 600
KEEP_HERE_S = 60.0
MOST_CHARS_HERE = 16_000_000
"""Of all files that one process keeps."""
MAX_DELAY_S = 60.0
"""A longer Crawl-delay is taken as this: news would be old before we read it."""
MAX_REDIRECTS = 5
"""§2.3.1.2: so many are followed; a file behind more counts as none."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin asks of us. `fault`: why that cannot be told; then it is not to be asked."""

    text: str | None = None
    """The file, None when there is none."""
    fault: str | None = None

    def require(self, url: str, user_agent: str) -> None:
        """Pass a URL that may be fetched. Raises Rejected or TryLater."""
        if self.fault:
            raise TryLater("robots.txt not available", self.fault, after_s=KEEP_FAILURE_S)
        if not robots.allowed(self.text, user_agent, url):
            raise Rejected("disallowed by robots.txt")

    def delay_s(self, user_agent: str) -> float:
        """The Crawl-delay, seconds; 0 when it asks for none."""
        return min(robots.crawl_delay(self.text, user_agent) or 0.0, MAX_DELAY_S)

    @classmethod
    def of(cls, page: Page) -> Rules:
        """What the answer to a request for robots.txt comes to (RFC 9309 §2.3.1).

        4xx: there is no file, all is allowed. 5xx, and 429, which is one in all but name: wait.
        """
        if page.status >= 500 or page.status == 429:
            return cls(fault=f"HTTP {page.status}")
        if not 200 <= page.status < 300:
            return cls()
        return cls(page.body[: robots.MAX_CHARS].decode("utf-8", "replace"))


class Robots:
    """What the sites' robots.txt files ask of us, as far as it is known."""

    def __init__(self, client: aioredis.Redis, user_agent: str) -> None:
        self.user_agent = user_agent
        self._client = client
        self._here: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._chars = 0

    async def known(self, url: str) -> Rules | None:
        """The rules of a URL's origin, None when its file has to be asked for."""
        place = origin(url)
        kept = self._here.get(place)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        stored = await self._stored(place)
        if stored is None or stored["until"] <= time.time():
            return None
        rules = Rules(stored["text"], stored["fault"])
        if rules.fault is None:
            self._keep_here(place, rules)
        return rules

    async def may_ask(self, url: str, lease_s: float) -> bool:
        """Whether it is the caller who asks for the file: one at a time, `done` ends it."""
        key = f"{_key(origin(url))}:asking"
        name = owners.own_name()
        return bool(await self._client.set(key, name, nx=True, px=int(lease_s * 1000)))

    async def done(self, url: str) -> None:
        """The caller has asked, or cannot yet."""
        await self._client.delete(f"{_key(origin(url))}:asking")

    async def learn(self, url: str, rules: Rules) -> Rules:
        """Keep what was learned of an origin; answers the rules in force.

        A file that cannot be had leaves the last one in force, for a week.
        """
        place = origin(url)
        if rules.fault is not None:
            stored = await self._stored(place)
            if stored is not None and stored["fault"] is None:
                rules = Rules(stored["text"])
                await self._store(place, rules, KEEP_FAILURE_S, stored["born"])
                return rules
            await self._store(place, rules, KEEP_FAILURE_S, time.time())
            return rules
        await self._store(place, rules, KEEP_S, time.time())
        self._keep_here(place, rules)
        return rules

    async def _stored(self, place: str) -> dict[str, Any] | None:
        raw = await self._client.get(_key(place))
        if raw is None:
            return None
        stored: dict[str, Any] = json.loads(raw)
        return stored if "until" in stored else None

    async def _store(self, place: str, rules: Rules, fresh_s: float, born: float) -> None:
        now = time.time()
        left_s = fresh_s if rules.fault else max(born + KEEP_STALE_S - now, fresh_s)
        value = {"text": rules.text, "fault": rules.fault, "until": now + fresh_s, "born": born}
        await self._client.set(_key(place), json.dumps(value), px=int(left_s * 1000))

    def _keep_here(self, place: str, rules: Rules) -> None:
        self._drop(place)
        self._here[place] = (time.monotonic() + KEEP_HERE_S, rules)
        self._chars += _size(rules)
        while self._chars > MOST_CHARS_HERE:
            self._drop(next(iter(self._here)))

    def _drop(self, place: str) -> None:
        old = self._here.pop(place, None)
        if old is not None:
            self._chars -= _size(old[1])


def release_dead(client: redis.Redis) -> None:
    """Let others ask for the files that surely dead processes were asking for."""
    for key in client.scan_iter(match=f"{_key('*')}:asking", count=1_000):
        name = cast("bytes | None", client.get(key))
        if name is not None and owners.is_surely_dead(name.decode()):
            client.delete(key)


def origin(url: str) -> str:
    """Scheme and network location: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _size(rules: Rules) -> int:
    return len(rules.text or "") + 500  # the rest of an entry


def _key(place: str) -> str:
    return f"wirewatch:robots.txt:{place}"
