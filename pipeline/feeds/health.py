"""How a feed fares, told to people: which change of its state is an event, in words.

The states themselves are decided in `schedule`; here each turn for the worse becomes one
`FeedEvent`, whose type is the alert's (`feed.quiet`, `feed.broken`, …).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.feeds.schedule import FeedState, Status, move_due

ALERT_TYPES: Final[dict[Status, str]] = {
    "quiet": "feed.quiet",
    "broken": "feed.broken",
    "overflow": "feed.overflow",
    "moved": "feed.moved",
    "gone": "feed.gone",
}


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A feed got into a state that somebody should know of."""

    type: str
    reason: str
    """One line for a person."""
    since: datetime | None
    """When it began, as far as known."""


def event(before: FeedState, after: FeedState, now: datetime) -> FeedEvent | None:
    """The event of one poll at `now`, or None: a state is told once, when it begins.

    A feed found quiet at its first poll has not fallen silent: there was nothing before it.
    """
    kind = ALERT_TYPES.get(after.status)
    if kind is None or after.status == before.status:
        return None
    if after.status == "quiet" and before.status == "new":
        return None
    return FeedEvent(kind, explain(after, now), _since(after, now))


def explain(state: FeedState, now: datetime) -> str:
    """The state in one line: what it is, since when, why."""
    match state.status:
        case "new":
            return (
                "not polled yet" if state.last_error is None else f"never read: {state.last_error}"
            )
        case "quiet":
            usual = _span(state.rhythm.gap_s)
            return f"nothing new for {_ago(state.last_new, now)}; an entry every {usual} is usual"
        case "broken" if state.last_error == "no items":
            return "the feed answers, but lists nothing"
        case "broken":
            return f"failing for {_ago(state.failing_since, now)}: {state.last_error}"
        case "overflow":
            return (
                f"all {state.window} entries were new {_ago(state.last_overflow, now)} ago: "
                "some were probably missed before"
            )
        case "moved":
            return f"permanently redirected to {move_due(state) or state.moved_to}"
        case "gone":
            return "the server says that the feed is gone for good (410)"
        case _:
            return f"last new entry {_ago(state.last_new, now)} ago"


def _since(state: FeedState, now: datetime) -> datetime | None:
    since = {
        "quiet": state.last_new,
        "broken": state.failing_since,
        "overflow": state.last_overflow,
        "moved": state.moved_since,
    }
    return since.get(state.status) or now


def _ago(moment: datetime | None, now: datetime) -> str:
    return _span((now - moment).total_seconds()) if moment else "an unknown time"


def _span(seconds: float) -> str:
    """A span of time in its largest unit: `3 h`."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
