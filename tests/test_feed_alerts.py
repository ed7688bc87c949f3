"""Who is told of a feed's turn for the worse, in which words, under which id."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.feed_alerts import AlertedFeed, decide
from pipeline.feeds.health import event
from pipeline.feeds.schedule import FeedState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEED = AlertedFeed(7, "https://a.example/rss", "Агенцтва", "be")
BEFORE = FeedState(status="ok", last_polled=NOW - timedelta(hours=1), last_new=NOW)
QUIET = replace(
    BEFORE, status="quiet", last_new=NOW - timedelta(days=2), next_poll=NOW + timedelta(hours=1)
)
BROKEN = replace(BEFORE, status="broken", failing_since=NOW - timedelta(days=1), last_error="html")
MOVED = replace(BEFORE, status="moved", moved_to="https://b.example/", moved_since=NOW)
OVERFLOW = replace(BEFORE, status="overflow", last_overflow=NOW)
GONE = replace(BEFORE, status="gone", last_error="gone")


def alert(after: FeedState, before: FeedState = BEFORE, now: datetime = NOW, **hooks: Any) -> Any:
    told = event(before, after, now)
    assert told is not None
    return decide(FEED, told, before, after, hooks, now)


def test_the_payload_says_which_feed_what_and_since_when() -> None:
    made = alert(QUIET, desk=["feed.*"])
    assert json.loads(made.payload) == {
        "type": "feed.quiet",
        "timestamp": "2026-11-24T12:00:00Z",
        "data": {
            "alert": made.id,
            "feed": {"url": FEED.url, "title": "Агенцтва", "language": "be"},
            "state": "quiet",
            "reason": "nothing new for 2 d; an entry every 4 h is usual",
            "since": "2026-11-22T12:00:00Z",
            "error": None,
            "next_poll": "2026-11-24T13:00:00Z",
            "moved_to": None,
        },
    }
    assert (made.rule_id, made.record_id, made.feed_id) == ("feed.quiet", None, 7)


@pytest.mark.parametrize("state", [QUIET, BROKEN, MOVED, OVERFLOW, GONE], ids=lambda s: s.status)
def test_every_state_has_its_type(state: FeedState) -> None:
    made = alert(state)
    data = json.loads(made.payload)["data"]
    assert (made.rule_id, data["state"]) == (f"feed.{state.status}", state.status)
    assert data["error"] == state.last_error
    assert data["moved_to"] == state.moved_to
    assert data["reason"] and data["since"]


def test_only_webhooks_that_ask_for_it_are_told() -> None:
    hooks: dict[str, list[str]] = {
        "all-rules": [],
        "one-rule": ["airline"],
        "this": ["airline", "feed.quiet"],
        "other": ["feed.broken"],
        "every": ["feed.*"],
    }
    made = alert(QUIET, **hooks)
    assert (made.webhooks, made.muted) == (("this", "every"), None)
    nobody = alert(QUIET, everything=[])
    assert (nobody.webhooks, nobody.muted) == ((), "no webhook asks for feed alerts of this type")


@pytest.mark.parametrize("state", [QUIET, BROKEN, MOVED, OVERFLOW, GONE], ids=lambda s: s.status)
def test_the_same_change_has_the_same_id_whenever_it_is_computed(state: FeedState) -> None:
    again = replace(state, last_overflow=NOW, next_poll=NOW)
    later = alert(again, now=NOW + timedelta(minutes=5))
    assert later.id == alert(state).id


def test_another_change_has_another_id() -> None:
    ids = {alert(state).id for state in (QUIET, BROKEN, MOVED, OVERFLOW, GONE)}
    ids.add(alert(replace(QUIET, last_new=NOW - timedelta(days=9))).id)
    ids.add(alert(replace(BROKEN, failing_since=NOW)).id)
    ids.add(alert(OVERFLOW, before=replace(BEFORE, last_polled=NOW)).id)
    assert len(ids) == 8


def test_one_silence_is_one_alert_though_failures_came_between() -> None:
    assert alert(QUIET, before=BROKEN).id == alert(QUIET).id


def test_a_feed_found_quiet_at_its_first_poll_has_not_fallen_silent() -> None:
    assert event(FeedState(), QUIET, NOW) is None
