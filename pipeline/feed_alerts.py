"""From a feed's turn for the worse to an alert: what is sent, to whom, under which id.

In: a feed before and after a poll, and what `pipeline.feeds.health` says of it. Out: an `Alert` for
the outbox that records' alerts use. Its rule is its type, `feed.quiet` and so on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipeline.alerts import Alert
from pipeline.feeds.health import FeedEvent
from pipeline.feeds.schedule import FeedState, Status

EVERY_FEED_ALERT: Final = "feed.*"
"""In a webhook's `rules`: all types of feed alerts."""
NOBODY: Final = "no webhook asks for feed alerts of this type"

_BEGINNINGS: Final[dict[Status, str]] = {
    "quiet": "last_new",
    "broken": "failing_since",
    "moved": "moved_since",
}
"""The remembered moment that is the same in every poll of one such state."""


@dataclass(frozen=True, slots=True)
class AlertedFeed:
    """The feed that an alert is about."""

    id: int
    """Its row."""
    url: str
    """Where it was polled when this happened."""
    title: str
    language: str | None


def decide(
    feed: AlertedFeed,
    event: FeedEvent,
    before: FeedState,
    after: FeedState,
    subscriptions: Mapping[str, Sequence[str]],
    now: datetime,
) -> Alert:
    """The alert of a state that began.

    It goes only to webhooks whose `rules` name its type or `feed.*`: those that list none want the
    watchlist's alerts. One that nobody asks for is kept with that reason.
    """
    names = tuple(name for name, wanted in subscriptions.items() if wants(wanted, event.type))
    alert_id = alert_identity(feed.url, event.type, before, after)
    body = {
        "type": event.type,
        "timestamp": _written(now),
        "data": {
            "alert": alert_id,
            "feed": {"url": feed.url, "title": feed.title, "language": feed.language},
            "state": after.status,
            "reason": event.reason,
            "since": _written(event.since),
            "error": after.last_error,
            "next_poll": _written(after.next_poll),
            "moved_to": after.moved_to if after.status == "moved" else None,
        },
    }
    return Alert(
        id=alert_id,
        rule_id=event.type,
        record_id=None,
        payload=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        muted=None if names else NOBODY,
        webhooks=names,
        feed_id=feed.id,
    )


def wants(rules: Sequence[str], type_: str) -> bool:
    """Whether a webhook with these `rules` asks for feed alerts of a type."""
    return type_ in rules or EVERY_FEED_ALERT in rules


def alert_identity(url: str, type_: str, before: FeedState, after: FeedState) -> str:
    """The id of the alert for one change of state: the same however often it is computed.

    One silence, one run of failures and one move is one change; the others are told apart by the
    poll before them.
    """
    beginning = getattr(after, _BEGINNINGS.get(after.status, ""), None) or before.last_polled
    text = f"{type_}\n{url}\n{_written(beginning)}"
    return "alert_" + hashlib.sha256(text.encode()).hexdigest()[:24]


def _written(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
