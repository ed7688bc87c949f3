"""Requests against delay: our schedule beside fixed intervals, Miniflux's and Media Cloud's.

    python -m benchmarks.schedule [--feeds 60] [--days 28] [--seed 7] [--svg out.svg] [--json]

Publication times are made from a seed, not recorded (`publication`). Every policy replays the same
feeds: polls are counted and, for each entry, the time from its publication to the poll that shows
it; the first week is for learning and not counted. A policy is a curve, drawn by turning its one
knob; ours is compared at the same number of requests.

The median over all entries rewards whoever polls little but the busiest feeds, as Miniflux does:
with few feeds, of which one or two write most, the two are about even there. The mean, the 90th
percentile and the median over feeds are printed beside it for that reason.

The others are written anew from their published behaviour: Miniflux's `entry_frequency`
(internal/model/feed.go, storage/feed.go: weekly count from the mean gap of the last week's
entries), Media Cloud's share of duplicates (rss-fetcher, fetcher/tasks.py).
"""

from __future__ import annotations

import argparse
import bisect
import itertools
import json
import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from benchmarks.publication import DAY, HOUR, START, Feed, make_feed
from pipeline.feeds.schedule import FeedState, Policy, PollOutcome, next_poll

LEARNING_S = 7 * DAY

# -- the policies ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Poll:
    """What one poll of the replay shows."""

    at: float
    listed: Sequence[float]
    new: Sequence[float]
    dated: bool


class Poller(Protocol):
    """Decides for one feed when it is polled after a poll."""

    def wait(self, poll: Poll) -> float: ...


class Fixed:
    def __init__(self, minutes: float) -> None:
        self._wait = minutes * 60

    def wait(self, poll: Poll) -> float:
        return self._wait


class Miniflux:
    """entry_frequency; 5 minutes to 24 hours, `factor` is its setting (1 by default)."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._stored: list[float] = []

    def wait(self, poll: Poll) -> float:
        # It stores the time of the poll where a feed gives no date.
        self._stored += poll.new if poll.dated else [poll.at] * len(poll.new)
        week = [t for t in self._stored[-5000:] if t >= poll.at - 7 * DAY]
        span = max(week) - min(week) if len(week) > 1 else 0.0
        weekly = math.ceil(7 * DAY / (span / (len(week) - 1))) if span else 0
        minutes = round(7 * 24 * 60 / (weekly * self._factor)) if weekly else 24 * 60
        return min(max(minutes, 5), 24 * 60) * 60.0


class MediaCloud:
    """Share of duplicates: more than two thirds lengthen, less than a third shorten the wait."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._minutes = 360.0
        self._last: float | None = None
        self._last_new = 0.0

    def wait(self, poll: Poll) -> float:
        wait = self._minutes * self._scale
        if poll.new:
            self._last_new = poll.at
        if self._last is not None:
            late = (poll.at - self._last) / 60 - wait
            known = len(poll.listed) - len(poll.new)
            share = 100 * known / len(poll.listed) if poll.new else 101.0
            if share >= 67 and late >= -20:
                recent = (poll.at - self._last_new) / DAY <= 31
                self._minutes = min(self._minutes + (10 if recent else 60), 24 * 60)
            elif share < 33 and late <= 20:
                self._minutes = 360 if self._minutes > 360 else max(self._minutes - 60, 10)
        self._last = poll.at
        return self._minutes * self._scale * 60


class Ours:
    """`minutes` is the wait of a feed with an entry an hour (15 by default)."""

    def __init__(self, minutes: float, rng: random.Random) -> None:
        self._policy = Policy(hourly_wait_s=minutes * 60)
        self._rng = rng
        self._state = FeedState()

    def wait(self, poll: Poll) -> float:
        now = START + timedelta(seconds=poll.at)
        outcome = PollOutcome(
            "changed" if poll.new else "unchanged",
            entries=len(poll.listed),
            known=len(poll.listed) - len(poll.new),
            published=tuple(START + timedelta(seconds=t) for t in poll.new) if poll.dated else (),
        )
        self._state = next_poll(self._state, outcome, now, self._rng.random(), self._policy)
        assert self._state.next_poll is not None
        return (self._state.next_poll - now).total_seconds()


# -- the replay --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """One policy at one setting, over all feeds."""

    policy: str
    setting: float
    requests_day: float
    """Requests a feed a day."""
    median_min: float
    """Median delay of all entries, minutes."""
    mean_min: float
    p90_min: float
    feed_median_min: float
    """Median over the feeds of each one's median delay."""
    missed: int
    """Entries that left the document before a poll showed them."""


def replay(
    policy: str, setting: float, feeds: Sequence[Feed], days: int, poller: Callable[[], Poller]
) -> Result:
    """Poll every feed for `days` days by its own poller."""
    requests, missed = 0, 0
    delays: list[float] = []
    medians = []
    for number, feed in enumerate(feeds):
        mine, own = poller(), []
        at, seen = random.Random(number).uniform(0, HOUR), 0
        while at < days * DAY:
            shown = bisect.bisect_right(feed.times, at)
            first = max(shown - feed.window, 0)
            new = feed.times[max(seen, first) : shown]
            if at >= LEARNING_S:
                requests += 1
                own += [at - t for t in new if t >= LEARNING_S]
                missed += sum(t >= LEARNING_S for t in feed.times[seen : max(seen, first)])
            seen = shown
            at += mine.wait(Poll(at, feed.times[first:shown], new, feed.dated))
        delays += own
        if own:
            medians.append(statistics.median(own))
    delays.sort()
    return Result(
        policy=policy,
        setting=setting,
        requests_day=requests / len(feeds) / (days - LEARNING_S / DAY),
        median_min=statistics.median(delays) / 60,
        mean_min=statistics.fmean(delays) / 60,
        p90_min=delays[int(0.9 * len(delays))] / 60,
        feed_median_min=statistics.median(medians) / 60,
        missed=missed,
    )


KNOBS: dict[str, tuple[float, ...]] = {
    "fixed": (5, 10, 15, 30, 60, 120),
    "miniflux": (0.5, 1, 2, 4, 8),
    "mediacloud": (0.05, 0.1, 0.25, 0.5, 1),
    "ours": (2, 5, 15, 40, 120, 360),
}
NAMED = {
    "fixed": {15: "fixed 15 min", 60: "fixed 60 min"},
    "miniflux": {1: "Miniflux entry_frequency, factor 1"},
    "mediacloud": {1: "Media Cloud duplicate share, its defaults"},
}


def poller(policy: str, setting: float, seed: int) -> Callable[[], Poller]:
    match policy:
        case "fixed":
            return lambda: Fixed(setting)
        case "miniflux":
            return lambda: Miniflux(setting)
        case "mediacloud":
            return lambda: MediaCloud(setting)
        case _:
            rng = random.Random(seed)
            return lambda: Ours(setting, rng)


def ours_at(curve: Sequence[Result], requests_day: float, measure: str) -> float | None:
    """A measure of our curve at a number of requests, interpolated between two settings."""
    ordered = sorted(curve, key=lambda r: r.requests_day)
    for low, high in itertools.pairwise(ordered):
        if low.requests_day <= requests_day <= high.requests_day:
            x0, x1 = math.log(low.requests_day), math.log(high.requests_day)
            y0, y1 = math.log(getattr(low, measure)), math.log(getattr(high, measure))
            share = (math.log(requests_day) - x0) / ((x1 - x0) or 1)
            return math.exp(y0 + share * (y1 - y0))
    return None


MEASURES = ("median_min", "mean_min", "p90_min", "feed_median_min")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--policy", action="append", choices=tuple(KNOBS))
    parser.add_argument("--svg", type=Path, help="draw the curves into this file")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    feeds = [make_feed(rng, args.days) for _ in range(args.feeds)]
    results = [
        replay(policy, setting, feeds, args.days, poller(policy, setting, args.seed))
        for policy in args.policy or KNOBS
        for setting in KNOBS[policy]
    ]
    if args.svg:
        args.svg.write_text(svg(results), encoding="utf-8")
    if args.json:
        print(json.dumps([vars(result) for result in results], indent=1))
        return
    entries = sum(sum(t >= LEARNING_S for t in feed.times) for feed in feeds)
    print(f"{len(feeds)} feeds, {entries} entries in {args.days - 7} days, seed {args.seed}")
    print(f"{'policy':12}{'setting':>9}{'req/feed/day':>14}{'median':>9}{'mean':>9}{'p90':>9}"
          f"{'feeds’ median':>15}{'missed':>8}   minutes")  # fmt: skip
    for r in results:
        print(f"{r.policy:12}{r.setting:9g}{r.requests_day:14.1f}{r.median_min:9.1f}{r.mean_min:9.1f}"
              f"{r.p90_min:9.1f}{r.feed_median_min:15.1f}{r.missed:8}")  # fmt: skip
    print("\nat equal requests:", *(f"{m:>22}" for m in MEASURES))
    for line in comparison(results):
        print(line)


def comparison(results: Sequence[Result]) -> list[str]:
    """For each other policy's point: its delay, ours with as many requests, the ratio."""
    curve = [r for r in results if r.policy == "ours"]
    lines = []
    for r in results:
        if r.policy == "ours" or not curve:
            continue
        name = NAMED[r.policy].get(int(r.setting), "") if r.setting >= 1 else ""
        cells = []
        for measure in MEASURES:
            mine, theirs = ours_at(curve, r.requests_day, measure), getattr(r, measure)
            cells.append(f"{theirs:7.1f} →{mine:6.1f} ({mine / theirs:4.2f})" if mine else " " * 22)
        lines.append(
            f"{name or f'{r.policy} {r.setting:g}':44}{r.requests_day:6.1f}" + " ".join(cells)
        )
    return lines


def svg(results: Sequence[Result]) -> str:
    """The curves, both axes logarithmic: requests a feed a day to the right, delay upwards."""
    width, height, margin = 720, 440, 60
    colours = {"ours": "#c00", "fixed": "#888", "miniflux": "#06c", "mediacloud": "#393"}
    xs = [math.log10(r.requests_day) for r in results]
    ys = [math.log10(r.median_min) for r in results]

    def place(result: Result) -> tuple[float, float]:
        x = (math.log10(result.requests_day) - min(xs)) / (max(xs) - min(xs))
        y = (math.log10(result.median_min) - min(ys)) / (max(ys) - min(ys))
        return margin + x * (width - 2 * margin), height - margin - y * (height - 2 * margin)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{width / 2}" y="{height - 15}" text-anchor="middle">'
        "requests a feed a day</text>",
        f'<text x="18" y="{height / 2}" transform="rotate(-90 18 {height / 2})" '
        'text-anchor="middle">median delay, minutes</text>',
    ]
    for policy, colour in colours.items():
        curve = sorted((r for r in results if r.policy == policy), key=lambda r: r.requests_day)
        if not curve:
            continue
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in map(place, curve))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        for result in curve:
            x, y = place(result)
            label = (
                f"{policy} {result.setting:g}: {result.requests_day:.1f}, {result.median_min:.1f}"
            )
            parts.append(
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{colour}"><title>{label}</title>'
                f'</circle><text x="{x + 6:.0f}" y="{y - 6:.0f}" fill="{colour}" font-size="10">'
                f"{result.median_min:.0f}</text>"
            )
        x, y = place(curve[0])
        parts.append(f'<text x="{x:.0f}" y="{y - 20:.0f}" fill="{colour}">{policy}</text>')
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    main()
