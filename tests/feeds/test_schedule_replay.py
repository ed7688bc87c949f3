"""The claim of `benchmarks/schedule.py`, kept by a small replay: sooner with as many requests.

Miniflux's median over all entries is left to the benchmark's larger sample: with as few feeds as
here it is the median of the busiest one or two.
"""

from __future__ import annotations

import functools
import random

import pytest

from benchmarks.publication import make_feed
from benchmarks.schedule import Result, ours_at, poller, replay

DAYS = 14
FEEDS = [make_feed(random.Random(seed), DAYS) for seed in range(20)]
CASES = [
    *(("fixed", 60, m) for m in ("median_min", "mean_min", "p90_min")),
    *(("mediacloud", 0.1, m) for m in ("median_min", "mean_min", "p90_min")),
    *(("miniflux", 1, m) for m in ("mean_min", "p90_min", "feed_median_min")),
]


@functools.cache
def run(policy: str, setting: float) -> Result:
    return replay(policy, setting, FEEDS, DAYS, poller(policy, setting, 1))


@pytest.fixture(scope="module")
def ours() -> list[Result]:
    return [run("ours", minutes) for minutes in (20, 50, 150)]


@pytest.mark.parametrize(("policy", "setting", "measure"), CASES)
def test_entries_are_seen_sooner_than_by_the_others_at_equal_requests(
    ours: list[Result], policy: str, setting: float, measure: str
) -> None:
    other = run(policy, setting)
    mine = ours_at(ours, other.requests_day, measure)
    assert mine is not None, "our curve does not reach as many requests"
    assert mine < getattr(other, measure)
