"""robots.txt of each origin, fetched once a day and shared through Redis.

What the files mean is decided in `pipeline.robots`.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import redis

from pipeline import robots
from pipeline.errors import Rejected, TryLater
from workers.fetching import Fetcher

KEEP_S = 86_400
"""RFC 9309 §2.4: not longer than a day."""
KEEP_FAILURE_S = 600
MAX_DELAY_S = 60.0
"""A longer Crawl-delay is taken as this: news would be old before we read it."""


class Robots:
    """What the sites' robots.txt files ask of us."""

    def __init__(self, client: redis.Redis, fetcher: Fetcher, user_agent: str) -> None:
        self._client, self._fetcher, self._user_agent = client, fetcher, user_agent

    def learn(self, url: str, *, insist: bool = False) -> bool:
        """Fetch the origin's file unless it is known. Answers whether the site was asked.

        `insist`: a file that could not be had a while ago is asked for again.
        """
        known = self._known(url)
        if known is not None and not (insist and known["fault"]):
            return False
        learned = self._ask(url)
        keep = KEEP_FAILURE_S if learned["fault"] else KEEP_S
        self._client.set(_key(url), json.dumps(learned), ex=keep)
        return True

    def require(self, url: str) -> None:
        """Pass a URL that may be fetched; `learn` comes first. Raises Rejected or TryLater."""
        known = self._known(url)
        if known is None:
            return
        if known["fault"]:
            raise TryLater("robots.txt not available", known["fault"], after_s=KEEP_FAILURE_S)
        if not robots.allowed(known["text"], self._user_agent, url):
            raise Rejected("disallowed by robots.txt")

    def delay_s(self, url: str) -> float:
        """The Crawl-delay the origin asks for, seconds; 0 when it asks nothing or is not known."""
        known = self._known(url)
        asked = robots.crawl_delay(known["text"], self._user_agent) if known else None
        return min(asked or 0.0, MAX_DELAY_S)

    def _ask(self, url: str) -> dict[str, str | None]:
        """`text`: the file, None when there is none; `fault`: why that cannot be told.

        4xx: there is none, all is allowed; 5xx and silence: wait (RFC 9309 §2.3.1.3-4).
        """
        try:
            page = self._fetcher.fetch(f"{_origin(url)}/robots.txt")
        except TryLater as error:
            return {"text": None, "fault": str(error)}
        except Rejected:  # redirect loops and the like: no usable file
            return {"text": None, "fault": None}
        if page.status >= 500:
            return {"text": None, "fault": f"HTTP {page.status}"}
        text = page.body[: robots.MAX_CHARS].decode("utf-8", "replace")
        return {"text": text if page.status < 300 else None, "fault": None}

    def _known(self, url: str) -> dict[str, str | None] | None:
        raw = self._client.get(_key(url))
        return json.loads(raw) if raw else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _key(url: str) -> str:
    return f"wirewatch:robots.txt:{_origin(url)}"
