"""The way of one fetch through redirects: where it is, whence it came, what it may carry on.

Pure, so that a caller who has to stop on the way can keep the trail and go on later from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.errors import Rejected
from pipeline.records import Hop

MAX_REDIRECTS = 10
"""Browsers follow 20; a way to an article that is longer than this is a loop with a counter."""

_NOT_ACROSS_SITES = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a fetch is, and the redirects behind it, oldest first."""

    at: str
    hops: tuple[Hop, ...] = ()

    def onward(self, status: int, target: str, most: int = MAX_REDIRECTS) -> Trail:
        """The trail at a redirect's target. Raises Rejected for loops and for too long a way."""
        if target == self.at or any(target == hop.url for hop in self.hops):
            raise Rejected("redirect loop", target)
        if len(self.hops) >= most:
            raise Rejected("too many redirects", f"more than {most}")
        return Trail(target, (*self.hops, Hop(self.at, status)))

    def carried(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The request headers that may still be sent: secrets stay with the host they are for."""
        hosts = {urlsplit(url).netloc for url in (self.at, *(hop.url for hop in self.hops))}
        if len(hosts) == 1:
            return dict(headers)
        return {k: v for k, v in headers.items() if k.lower() not in _NOT_ACROSS_SITES}
