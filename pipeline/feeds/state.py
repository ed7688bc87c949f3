"""What is remembered of a feed between polls, what a poll came to, and the state's JSON form.

`schedule` decides; these are the values that it takes and gives. The store keeps a state as one
JSON value, so everything in it is a plain number, text or list there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

from pipeline.feeds.rhythm import Rhythm

Status = Literal["new", "ok", "quiet", "broken", "overflow", "moved", "gone"]


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll came to."""

    kind: Literal["changed", "unchanged", "failed"]
    """`changed`: a body that reads as a feed; `unchanged`: 304, or the same body as last time
    (then `conditional` is false: the validators decided nothing)."""
    status: int | None = None
    """HTTP status, None when there was no answer."""
    error: str | None = None
    """Why it failed: the reason of `TryLater` or `Rejected`, or the feed's `problem`."""
    entries: int = 0
    """Entries in the document."""
    known: int = 0
    """How many of them had been seen before."""
    published: tuple[datetime, ...] = ()
    """Aware publication times of the entries that are new (of all, at the first poll)."""
    pushed: int = 0
    """How many more of them a hub had pushed to us since the last poll, before this one."""
    hubless: int | None = None
    """Documents in a row, this one included, that announce no hub; None: none was looked at."""
    is_pushed: bool = False
    """A hub has agreed to push the feed's entries (WebSub)."""
    ttl_s: float | None = None
    """What the feed itself asks for (ttl, sy:period)."""
    max_age_s: float | None = None
    """What its server asks for (`hints.cache_hints`)."""
    retry_after_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    permanent_redirect: str | None = None
    """Where a chain of nothing but 301 and 308 led to."""
    conditional: bool = False
    """Whether the answer rests on validators (If-None-Match, If-Modified-Since)."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that is remembered of a feed between polls. Times are aware UTC."""

    status: Status = "new"
    interval_s: float = 900.0
    """The wait chosen last, before jitter and what the feed asks for."""
    next_poll: datetime | None = None
    failures: float = 0.0
    """Weighted failures in a row."""
    failing_since: datetime | None = None
    last_error: str | None = None
    last_polled: datetime | None = None
    last_success: datetime | None = None
    last_full: datetime | None = None
    """When a whole body last came that reads as a feed."""
    last_new: datetime | None = None
    """When an entry was last new."""
    last_overflow: datetime | None = None
    window: int = 0
    """Entries that the document last listed."""
    unchanged: int = 0
    """Answers in a row that say, by validators, that nothing changed."""
    distrust_until: datetime | None = None
    """Until when validators are not sent, since the server lied about them."""
    ttl_s: float | None = None
    max_age_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    moved_to: str | None = None
    """The target of the last permanent redirect, and since when and how often in a row."""
    moved_seen: int = 0
    moved_since: datetime | None = None
    push_streak: int = 0
    """Polls in a row whose new entries a hub had pushed before, every one."""
    hubless: int = 0
    """Documents in a row that announce no hub, once push is wanted (`[web] public_url`)."""
    longest_gap: float = 0.0
    """The longest silence of the last weeks, as the number of entries expected in it; older ones
    fade."""
    rhythm: Rhythm = field(default_factory=Rhythm)

    def to_json(self) -> dict[str, Any]:
        """A plain dict of what differs from a new feed's state."""
        default, out = FeedState(), dict[str, Any]()
        for item in fields(self):
            value = getattr(self, item.name)
            if value == getattr(default, item.name):
                continue
            if isinstance(value, datetime):
                value = value.isoformat()
            elif isinstance(value, frozenset):
                value = sorted(value)
            elif isinstance(value, Rhythm):
                value = value.to_json()
            out[item.name] = value
        return out

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FeedState:
        """The state written by `to_json`. Unknown keys are another version's and are left out."""
        names = {item.name for item in fields(cls)}
        values = {name: value for name, value in data.items() if name in names}
        for name in _MOMENTS & values.keys():
            if values[name] is not None:
                values[name] = datetime.fromisoformat(values[name])
        for name in ("skip_hours", "skip_days"):
            if name in values:
                values[name] = frozenset(values[name])
        if "rhythm" in values:
            values["rhythm"] = Rhythm.from_json(values["rhythm"])
        return cls(**values)


_MOMENTS: Final = frozenset(
    (
        "next_poll",
        "failing_since",
        "last_polled",
        "last_success",
        "last_full",
        "last_new",
        "last_overflow",
        "distrust_until",
        "moved_since",
    )
)
