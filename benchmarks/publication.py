"""Publication times of feeds that are made up, but live like real ones; the same for the same seed.

Each feed has its own rate (3 entries a month to 300 a day), day and night, weekend; some publish in
bursts, some by a program at fixed hours, some change their habits; some give no dates.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

START = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
HOUR, DAY = 3600.0, 86_400.0


@dataclass(frozen=True)
class Feed:
    times: tuple[float, ...]
    """Publication times, seconds from the start, ascending."""
    window: int
    """How many entries its document lists."""
    dated: bool
    """Whether the document gives publication dates."""


def make_feed(rng: random.Random, days: int) -> Feed:
    """A feed with habits of its own."""
    per_day = min(max(rng.lognormvariate(math.log(8), 1.6), 0.1), 300)
    peak, width = rng.uniform(7, 19), rng.uniform(2.5, 6)
    night, weekend = rng.uniform(0.01, 0.4), rng.uniform(0.15, 1.0)
    change = rng.choice((0.3, 3.0)) if rng.random() < 0.15 else 1.0
    changed_at = rng.uniform(0.3, 0.7) * days * DAY

    def shape(at: float) -> float:
        hour, weekday = at % DAY / HOUR, int(at // DAY) % 7
        distance = min(abs(hour - peak), 24 - abs(hour - peak))
        by_hour = night + (1 - night) * math.exp(-((distance / width) ** 2) / 2)
        return by_hour * (weekend if weekday >= 5 else 1) * (change if at > changed_at else 1)

    style = rng.random()
    # The first days before the start fill the document.
    begin, end = -14 * DAY, days * DAY
    if style < 0.15:
        times = _at_fixed_hours(rng, per_day, begin, end)
    else:
        times = _at_random(rng, per_day, shape, begin, end, bursts=style > 0.5)
    window = rng.choice((10, 15, 20, 20, 30, 50, 50, 100))
    return Feed(tuple(sorted(times)), window, dated=rng.random() > 0.1)


def _at_random(
    rng: random.Random,
    per_day: float,
    shape: Callable[[float], float],
    begin: float,
    end: float,
    *,
    bursts: bool,
) -> list[float]:
    """A Poisson process of that shape by thinning; with bursts, each entry may bring others."""
    mean_shape = statistics.fmean(shape(h * HOUR) for h in range(7 * 24))
    follow, spread = (rng.uniform(0.2, 0.6), rng.uniform(10, 60) * 60) if bursts else (0.0, 1.0)
    base = per_day * (1 - follow) / DAY / mean_shape
    top = 3.0 * base
    times, at = [], begin
    while at < end:
        at += rng.expovariate(top)
        if rng.random() < shape(at) * base / top:
            times.append(at)
            child = at
            while rng.random() < follow:
                child += rng.expovariate(1 / spread)
                times.append(child)
    return [t for t in times if t < end]


def _at_fixed_hours(rng: random.Random, per_day: float, begin: float, end: float) -> list[float]:
    """A program that publishes what has gathered, some times a day, a few minutes late."""
    hours = rng.sample(range(24), rng.choice((1, 2, 4, 8)))
    times = []
    for day in range(int(begin // DAY), int(end // DAY)):
        for hour in hours:
            late = rng.uniform(0, 600)
            begun = day * DAY + hour * HOUR + late
            count = _poisson(rng, min(per_day, 60) / len(hours))
            times += [begun + rng.uniform(0, 20) for _ in range(count)]
    return [t for t in times if t < end]


def _poisson(rng: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count
