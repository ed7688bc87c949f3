"""What this process has done, counted; added up over all processes in Redis.

A process counts in memory and adds what it has to one hash in Redis now and then (`flush`), from
where `workers.metrics` reads the sums. A process that is killed loses seconds of counts, a Redis
that is wiped all of them: Prometheus takes both for a restart. What must be exact is counted from
the database instead.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

KEY = "wirewatch:tally"
FLUSH_EVERY_S = 5.0
STOP_PATIENCE_S = 5.0

_lock = threading.Lock()
_counts: dict[str, float] = defaultdict(float)


def count(name: str, amount: float = 1.0, **labels: str) -> None:
    """Count something, e.g. `count("fetches", status="200")`. Cheap: no Redis."""
    field = _field(name, labels)
    with _lock:
        _counts[field] += amount


def took(stage: str, seconds: float) -> None:
    """Count one run of a stage and its time."""
    count("stage_runs", stage=stage)
    count("stage_seconds", seconds, stage=stage)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Count one run of a stage, waits included; one that fails is not counted."""
    begun = time.monotonic()
    yield
    took(stage, time.monotonic() - begun)


def flush(client: redis.Redis) -> None:
    """Add what was counted to the sums. Without Redis it is kept for the next time."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
    if not taken:
        return
    try:
        with client.pipeline(transaction=True) as pipe:
            for field, amount in taken.items():
                pipe.hincrbyfloat(KEY, field, round(amount, 6))
            pipe.execute()
    except redis.RedisError:
        with _lock:
            for field, amount in taken.items():
                _counts[field] += amount


class Flusher(threading.Thread):
    """Flushes every few seconds, in a thread that may wait for Redis; stop it with `stop`."""

    def __init__(self, client: redis.Redis) -> None:
        super().__init__(name="tally", daemon=True)
        self._client = client
        self._stopping = threading.Event()

    def run(self) -> None:
        """Flush until stopped, and once more then."""
        while not self._stopping.wait(FLUSH_EVERY_S):
            flush(self._client)
        flush(self._client)

    def stop(self) -> None:
        """End after a last flush."""
        self._stopping.set()
        self.join(timeout=STOP_PATIENCE_S)


def sums(client: redis.Redis) -> list[tuple[str, dict[str, str], float]]:
    """Name, labels and sum of everything counted so far by all processes. Raises RedisError."""
    stored: dict[Any, Any] = client.hgetall(KEY)
    found = []
    for raw, amount in stored.items():
        name, *pairs = json.loads(raw)
        found.append((str(name), {str(label): str(value) for label, value in pairs}, float(amount)))
    return sorted(found, key=lambda each: (each[0], sorted(each[1].items())))


def _field(name: str, labels: dict[str, str]) -> str:
    return json.dumps([name, *sorted(labels.items())], ensure_ascii=False, separators=(",", ":"))
