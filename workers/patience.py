"""Waiting for a server that is away: pauses that grow, and one line a minute instead of one a try.

Used by everything that runs for long. It decides how long to pause and logs; the caller sleeps.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import redis

from pipeline.errors import Unavailable
from workers.log import logger

AWAY = (redis.RedisError, Unavailable)
"""What is raised while Redis or the database is away, starting, full or read-only."""
SAY_EVERY_S = 60.0


class Patience:
    """One part's patience. Tell it of every try; it says what a person should know."""

    def __init__(
        self, first_s: float, most_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Pauses double from `first_s` to `most_s`; `monotonic` is the clock, seconds."""
        self._first_s, self._most_s, self._monotonic = first_s, most_s, monotonic
        self._pause_s = 0.0
        self._since: float | None = None
        self._said = 0.0

    @property
    def away(self) -> bool:
        """Whether the last try failed."""
        return self._since is not None

    def failed(self, error: Exception) -> float:
        """A try failed; answers the seconds to pause (±20 %, so that not all come back at once)."""
        now = self._monotonic()
        if self._since is None:
            self._since, self._said, self._pause_s = now, now, self._first_s
            logger().warning("server away, waiting", error=_line(error))
        else:
            self._pause_s = min(self._pause_s * 2, self._most_s)
            if now - self._said >= SAY_EVERY_S:
                self._said = now
                logger().warning(
                    "server still away", error=_line(error), for_s=round(now - self._since)
                )
        return self._pause_s * random.uniform(0.8, 1.2)

    def succeeded(self) -> None:
        """A try worked."""
        if self._since is not None:
            logger().info("server back", after_s=round(self._monotonic() - self._since, 1))
        self._since = None


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
