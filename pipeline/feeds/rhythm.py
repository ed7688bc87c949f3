"""When a feed publishes: its rate and its shape over the hours and weekdays, learned as it is read.

In: for each poll the span since the last one and the times of the entries new in it. Out: the
expected number of entries in any span, and the wait that spends polls where entries come.

For entries that come at random with rate r(t), polling with density proportional to the square
root of r(t) gives the least mean delay for a number of polls (the sum of delays is the integral of
r/(2·density); Lagrange). The exponents here are a little larger, since most entries come from busy
feeds: measured in `benchmarks/schedule.py`, that takes from the median delay much more than it adds
to the mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

MEMORY_S: Final = 21 * 86_400.0
"""Time constant of forgetting: three weeks tell weekdays apart and follow a change of habits."""
PRIOR_GAP_S: Final = 4 * 3_600.0
"""A feed of which nothing is known counts as if one entry had come in four hours."""
FEED_EXPONENT: Final = 0.8
TIME_EXPONENT: Final = 0.7
"""How polls follow the rate: over the feeds, and over the hours of one feed."""
_HOUR_PRIOR: Final = 0.5
_DAY_PRIOR: Final = 2.0
"""Entries assumed in each hour of the day and day of the week: flat until the feed shows more."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Forgetting counts of entries and of the time watched. Hours and weekdays are UTC."""

    entries: float = 0.0
    watched_s: float = 0.0
    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7
    """Monday first."""

    def observe(self, since: datetime, now: datetime, new: Sequence[datetime]) -> Rhythm:
        """The rhythm after watching from `since` to `now`, in which entries came at `new`."""
        span = max((now - since).total_seconds(), 0.0)
        kept = math.exp(-span / MEMORY_S)
        hours = [count * kept for count in self.hours]
        days = [count * kept for count in self.days]
        for moment in new:
            moment = moment.astimezone(UTC)
            hours[moment.hour] += 1
            days[moment.weekday()] += 1
        # Rounded to keep the stored state short, finely enough for the forgetting of a minute.
        return Rhythm(
            entries=round(self.entries * kept + len(new), 6),
            watched_s=round(self.watched_s * kept + MEMORY_S * (1 - kept), 1),
            hours=tuple(round(count, 6) for count in hours),
            days=tuple(round(count, 6) for count in days),
        )

    @property
    def gap_s(self) -> float:
        """The mean gap between entries, seconds."""
        return (self.watched_s + PRIOR_GAP_S) / (self.entries + 1)

    def rate(self, at: datetime) -> float:
        """Entries a second expected at that time."""
        return self._shape(at.hour, at.weekday()) / self.gap_s

    def expected(self, start: datetime, end: datetime) -> float:
        """Entries expected between two moments."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return 0.0
        days = (end.date() - start.date()).days
        if days < 2:
            return self._expected_by_hours(start, end)
        # Whole days in closed form: the hours of a day average to 1, the days of a week too.
        first = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        last = first + timedelta(days=days - 1)
        weeks, rest = divmod(days - 1, 7)
        shape = 7.0 * weeks + sum(
            self._day_shape((first.weekday() + number) % 7) for number in range(rest)
        )
        edges = self._expected_by_hours(start, first) + self._expected_by_hours(last, end)
        return edges + shape * 86_400 / self.gap_s

    def wait_s(self, now: datetime, hourly_wait_s: float, longest_s: float) -> float:
        """Seconds until the next poll is worth it: when the integral of its density reaches 1.

        `hourly_wait_s` is the wait of a feed that has an entry an hour, day and night.
        """
        usual = hourly_wait_s * math.pow(self.gap_s / 3600, FEED_EXPONENT)
        moment, waited, due = now.astimezone(UTC), 0.0, 0.0
        while waited < longest_s:
            shape = self._shape(moment.hour, moment.weekday())
            density = math.pow(shape, TIME_EXPONENT) / usual
            step = (_next_hour(moment) - moment).total_seconds()
            if due + density * step >= 1.0:
                return min(waited + (1.0 - due) / density, longest_s)
            due += density * step
            waited += step
            moment += timedelta(seconds=step)
        return longest_s

    def _expected_by_hours(self, start: datetime, end: datetime) -> float:
        total, moment = 0.0, start
        while moment < end:
            following = min(_next_hour(moment), end)
            total += self.rate(moment) * (following - moment).total_seconds()
            moment = following
        return total

    def _shape(self, hour: int, weekday: int) -> float:
        """How much busier than on average that hour of that weekday is; 1 on average."""
        near = (self.hours[hour - 1] + 2 * self.hours[hour] + self.hours[(hour + 1) % 24]) / 4
        by_hour = (near + _HOUR_PRIOR) / (sum(self.hours) / 24 + _HOUR_PRIOR)
        return by_hour * self._day_shape(weekday)

    def _day_shape(self, weekday: int) -> float:
        return (self.days[weekday] + _DAY_PRIOR) / (sum(self.days) / 7 + _DAY_PRIOR)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {
            "entries": self.entries,
            "watched_s": self.watched_s,
            "hours": list(self.hours),
            "days": list(self.days),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Rhythm:
        """The rhythm written by `to_json`; anything missing is as in a new one."""
        rhythm = cls(
            entries=float(data.get("entries", 0)), watched_s=float(data.get("watched_s", 0))
        )
        hours, days = data.get("hours", ()), data.get("days", ())
        if len(hours) == 24 and len(days) == 7:
            rhythm = replace(rhythm, hours=tuple(map(float, hours)), days=tuple(map(float, days)))
        return rhythm


def _next_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
