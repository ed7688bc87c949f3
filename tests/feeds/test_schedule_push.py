"""Feeds that a hub pushes are polled less only while push is ahead of the polls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.feeds.schedule import (
    PUSH_PROVEN,
    PUSH_RARER,
    FeedState,
    Policy,
    PollOutcome,
    is_push_proven,
    next_poll,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=6)


def poll_pushed(state: FeedState, *, entries: int, known: int, pushed: int) -> FeedState:
    now = (state.last_polled or NOW) + timedelta(hours=1)
    found = PollOutcome("changed", 200, entries=entries, known=known, pushed=pushed, is_pushed=True)
    return next_poll(state, found, now, 0.0)


def proven() -> FeedState:
    state = next_poll(FeedState(), PollOutcome("changed", 200, entries=10), NOW, 0.0)
    for _ in range(PUSH_PROVEN):
        assert not is_push_proven(state)
        state = poll_pushed(state, entries=10, known=9, pushed=1)
    assert is_push_proven(state)
    return state


def test_push_that_was_ahead_five_times_makes_polls_rarer_within_the_bounds() -> None:
    state = proven()
    plain = replace(state, push_streak=0)
    rarer = next_poll(state, PollOutcome("unchanged", 304, is_pushed=True), LATER, 0.0)
    usual = next_poll(plain, PollOutcome("unchanged", 304, is_pushed=True), LATER, 0.0)
    assert rarer.interval_s == pytest.approx(min(usual.interval_s * PUSH_RARER, 86_400))
    fixed = Policy(interval_s=600)
    asked = next_poll(state, PollOutcome("unchanged", 304, is_pushed=True), LATER, 0.0, fixed)
    assert asked.interval_s == 600, "what the operator fixed stays"


@pytest.mark.parametrize(
    "found",
    [
        PollOutcome("changed", 200, entries=10, known=8, pushed=1, is_pushed=True),
        PollOutcome("unchanged", 304, is_pushed=False),
    ],
    ids=["an entry found first", "the hub has not agreed"],
)
def test_one_miss_ends_the_trust(found: PollOutcome) -> None:
    state = next_poll(proven(), found, LATER, 0.0)
    assert not is_push_proven(state)
    assert state.push_streak == 0


def test_polls_that_show_nothing_new_prove_nothing() -> None:
    state = next_poll(FeedState(), PollOutcome("changed", 200, entries=10), NOW, 0.0)
    for _ in range(20):
        state = poll_pushed(state, entries=10, known=10, pushed=0)
    assert state.push_streak == 0
    failed = next_poll(proven(), PollOutcome("failed", 503), LATER, 0.0)
    assert is_push_proven(failed), "a failure says nothing of push"


def test_entries_that_were_all_pushed_are_no_overflow() -> None:
    state = poll_pushed(proven(), entries=10, known=0, pushed=10)
    assert state.status == "ok"
    missed = poll_pushed(proven(), entries=10, known=0, pushed=0)
    assert missed.status == "overflow"
