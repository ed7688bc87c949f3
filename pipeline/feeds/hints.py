"""What an answer's head asks of the next poll: Cache-Control, Expires, Age (RFC 9111), Retry-After.

All dates are read against the server's own clock, as its Date header gives it. Header names are in
lower case. They hold on 200, 304 and errors alike; applying them is `schedule`'s affair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.responses import http_date, retry_after

_MAX_AGE = re.compile(r"""(?:^|[,\s])max-age\s{0,3}=\s{0,3}"?(\d{1,10})""", re.I)
_UNCACHED = re.compile(r"(?:^|[,\s])no-(?:store|cache)\b", re.I)


@dataclass(frozen=True, slots=True)
class CacheHints:
    """Seconds from now. None: the answer does not say."""

    max_age_s: float | None = None
    """How long the answer stays fresh, less the age it had on arrival."""
    retry_after_s: float | None = None


def cache_hints(headers: Mapping[str, str], now: datetime) -> CacheHints:
    """How long the server asks to be left alone."""
    return CacheHints(_fresh_for(headers, now), retry_after(headers, now))


def _fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    control = headers.get("cache-control", "")[:1_000]
    if _UNCACHED.search(control):
        return None
    if match := _MAX_AGE.search(control):
        lifetime = float(match[1])
    else:
        # "Expires: 0" and other non-dates mean "already stale" (RFC 9111 §5.3).
        expires = http_date(headers.get("expires", ""))
        if expires is None:
            return None
        lifetime = (expires - (http_date(headers.get("date", "")) or now)).total_seconds()
    age = headers.get("age", "").strip()
    fresh = lifetime - (float(age[:10]) if age.isascii() and age.isdigit() else 0.0)
    return fresh if fresh > 0 else None
