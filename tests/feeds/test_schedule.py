"""When feeds are asked, what is obeyed, how failures count, and when a feed has moved."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.schedule import (
    DAY_S,
    FeedState,
    Policy,
    PollOutcome,
    ask_in_full,
    failure_weight,
    move_due,
    next_poll,
    postpone,
    settle_move,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, HOUR = 60.0, 3600.0
FAILED = PollOutcome("failed", 503, "HTTP 503")


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def wait(state: FeedState, since: datetime = NOW) -> float:
    assert state.next_poll is not None
    return (state.next_poll - since).total_seconds()


def first_poll(gap_s: float, entries: int = 20, **extra: object) -> FeedState:
    """A feed first seen at NOW, with an entry every `gap_s` seconds up to then."""
    # A little more than the gap, so that the entries fall into all hours of the day.
    published = tuple(ago(n * gap_s * 1.07) for n in range(entries))
    outcome = PollOutcome("changed", 200, entries=entries, published=published, **extra)  # type: ignore[arg-type]
    return next_poll(FeedState(), outcome, NOW, 0.0)


def live(state: FeedState, until: datetime, publishes: list[datetime]) -> FeedState:
    """Polls the feed whenever it is due, with no jitter, while it publishes at those times."""
    now = state.next_poll
    while now is not None and now <= until:
        new = tuple(p for p in publishes if (state.last_polled or now) < p <= now)
        outcome = (
            PollOutcome("changed", 200, entries=20, known=max(20 - len(new), 0), published=new)
            if new
            else PollOutcome("unchanged", 304)
        )
        state = next_poll(state, outcome, now, 0.0)
        now = state.next_poll
    return state


def test_a_busy_feed_is_polled_sooner_than_a_slow_one_within_two_minutes_and_a_day() -> None:
    waits = [wait(first_poll(gap)) for gap in (1, 60, 600, HOUR, 6 * HOUR, DAY_S, 7 * DAY_S)]
    assert waits == sorted(waits)
    assert waits[0] == 120
    assert wait(first_poll(300 * DAY_S)) <= DAY_S
    assert wait(next_poll(FeedState(), PollOutcome("changed", 200), NOW, 0.0)) <= HOUR


def test_hourly_news_are_polled_about_every_quarter_of_an_hour() -> None:
    start = first_poll(HOUR, entries=400)
    assert 10 * MINUTE <= wait(start) <= 20 * MINUTE


def test_a_feed_that_sleeps_at_night_is_polled_more_by_day() -> None:
    published = [
        NOW + timedelta(days=day, hours=hour, minutes=17 * n)
        for day in range(21)
        for hour in range(-4, 8)
        for n in range(3)
    ]
    state = live(first_poll(20 * MINUTE), NOW + timedelta(days=21), published)
    noon, night = NOW + timedelta(days=21), NOW + timedelta(days=21, hours=13)
    assert state.rhythm.rate(noon) > 20 * state.rhythm.rate(night)
    by_day = next_poll(state, PollOutcome("unchanged", 304), noon, 0.0)
    by_night = next_poll(state, PollOutcome("unchanged", 304), night, 0.0)
    assert by_night.interval_s > 3 * by_day.interval_s


def test_the_interval_follows_a_change_of_habits() -> None:
    state = first_poll(DAY_S)
    slow = state.interval_s
    assert slow > 1.5 * HOUR
    hourly = [NOW + timedelta(minutes=20 * n) for n in range(72 * 7)]
    state = live(state, NOW + timedelta(days=7), hourly)
    assert state.interval_s < slow / 4
    quiet = live(state, NOW + timedelta(days=90), hourly)
    assert quiet.interval_s > 4 * state.interval_s


def test_a_feed_without_dates_is_learned_from_what_was_known_already() -> None:
    state = next_poll(FeedState(), PollOutcome("changed", 200, entries=30), NOW, 0.0)
    now = NOW
    for _ in range(20):
        now += timedelta(minutes=30)
        state = next_poll(state, PollOutcome("changed", 200, entries=30, known=10), now, 0.0)
    assert state.interval_s < 8 * MINUTE


def test_a_document_that_was_mostly_new_is_asked_again_before_it_turns_over() -> None:
    start = first_poll(DAY_S, entries=10)
    later = NOW + timedelta(hours=3)
    outcome = PollOutcome("changed", 200, entries=10, known=0)
    state = next_poll(start, outcome, later, 0.0)
    assert wait(state, later) <= HOUR


@pytest.mark.parametrize("kind", ["changed", "unchanged", "failed"])
@pytest.mark.parametrize("wish", ["max_age_s", "retry_after_s"])
def test_what_the_server_asks_is_a_floor_on_every_answer(kind: str, wish: str) -> None:
    start = first_poll(MINUTE)
    outcome = PollOutcome(kind, 200, entries=20, known=19, **{wish: 5 * HOUR})  # type: ignore[arg-type]
    for jitter in (0.0, 0.999):
        assert wait(next_poll(start, outcome, NOW, jitter)) >= 5 * HOUR


@pytest.mark.parametrize("kind", ["unchanged", "failed"])
def test_what_the_feed_asked_still_holds_when_its_body_does_not_come(kind: str) -> None:
    start = first_poll(MINUTE, ttl_s=2 * HOUR)
    assert wait(start) >= 2 * HOUR
    assert wait(next_poll(start, PollOutcome(kind, 304), NOW, 0.0)) >= 2 * HOUR  # type: ignore[arg-type]


def test_a_mistaken_ttl_of_weeks_costs_a_day_but_retry_after_is_obeyed() -> None:
    assert wait(first_poll(MINUTE, ttl_s=30 * DAY_S)) == DAY_S
    busy = PollOutcome("failed", 429, "HTTP 429", retry_after_s=3 * DAY_S)
    assert wait(next_poll(first_poll(MINUTE), busy, NOW, 0.5)) >= 3 * DAY_S


def test_skipped_hours_and_days_are_kept() -> None:
    state = first_poll(MINUTE, skip_hours=frozenset({12, 13}), skip_days=frozenset({1}))
    assert state.next_poll == datetime(2026, 11, 25, tzinfo=UTC)  # NOW is a Tuesday
    hours = first_poll(MINUTE, skip_hours=frozenset({12, 13}))
    assert hours.next_poll == NOW + timedelta(hours=2)


def test_a_feed_that_skips_every_hour_is_polled_all_the_same() -> None:
    assert wait(first_poll(MINUTE, skip_hours=frozenset(range(24)))) == 120


def test_jitter_lengthens_by_a_tenth_at_most() -> None:
    start = first_poll(HOUR)
    waits = [
        wait(next_poll(start, PollOutcome("unchanged", 304), NOW, j)) for j in (0.0, 0.5, 0.999)
    ]
    assert waits == sorted(waits)
    assert len(set(waits)) == 3
    assert waits[-1] <= waits[0] * 1.1


def test_a_fixed_interval_replaces_the_learned_one_but_not_what_is_asked() -> None:
    fixed = Policy(interval_s=1800)
    outcome = PollOutcome("changed", 200, entries=20, ttl_s=600)
    assert wait(next_poll(FeedState(), outcome, NOW, 0.0, fixed)) == 1800
    slower = PollOutcome("changed", 200, entries=20, ttl_s=3600)
    assert wait(next_poll(FeedState(), slower, NOW, 0.0, fixed)) == 3600


@pytest.mark.parametrize(
    ("status", "error", "weight"),
    [
        (403, "HTTP 403", 1.0),
        (401, None, 1.0),
        (None, "address not allowed", 1.0),
        (None, "too large", 1.0),
        (404, None, 0.5),
        (500, None, 0.5),
        (200, "html", 0.5),
        (200, "not a feed", 0.5),
        (200, "empty", 0.5),
        (403, "challenge page: cloudflare", 0.5),
        (None, "tls failed", 0.5),
        (None, "broken body", 0.5),
        (None, "proxy failed", 0.25),
        (None, "internal error: KeyError()", 0.25),
        (429, None, 0.25),
        (503, None, 0.25),
        (522, None, 0.25),
        (None, "timeout", 0.25),
        (None, "dns failed", 0.25),
        (None, "connection failed", 0.25),
    ],
)
def test_failures_weigh_by_how_sure_they_are_to_last(
    status: int | None, error: str | None, weight: float
) -> None:
    assert failure_weight(status, error) == weight


def failing(state: FeedState, outcome: PollOutcome, times: int) -> tuple[FeedState, list[float]]:
    waits, now = [], NOW
    for _ in range(times):
        state = next_poll(state, outcome, now, 0.0)
        waits.append(wait(state, now))
        assert state.next_poll is not None
        now = state.next_poll
    return state, waits


def test_waits_grow_to_a_day_then_a_week_and_the_feed_is_never_given_up() -> None:
    state, waits = failing(first_poll(HOUR), PollOutcome("failed", 403, "HTTP 403"), 60)
    assert waits == sorted(waits)
    assert waits[0] < HOUR
    assert DAY_S in waits
    assert waits[-1] == 7 * DAY_S
    assert max(waits) == 7 * DAY_S
    assert waits.index(DAY_S) < 10
    assert waits.count(DAY_S) > 14
    assert state.status == "broken"


def test_a_slow_feed_that_fails_is_tried_again_soon() -> None:
    start = first_poll(3 * DAY_S)
    assert start.interval_s > 3 * HOUR
    assert wait(next_poll(start, FAILED, NOW, 0.0)) < HOUR


def test_a_feed_breaks_after_some_hours_of_failures_and_heals_at_the_first_success() -> None:
    start = first_poll(HOUR)
    state, waits = failing(start, FAILED, 11)
    assert (state.status, state.last_error) == ("ok", "HTTP 503")
    state, more = failing(state, FAILED, 1)
    assert state.status == "broken"
    assert state.failing_since == NOW
    assert sum(waits + more) < DAY_S
    entry = PollOutcome("changed", 200, entries=20, known=19)
    healed = next_poll(state, entry, NOW + timedelta(hours=9), 0.0)
    assert (healed.status, healed.failures, healed.last_error) == ("ok", 0.0, None)
    assert healed.failing_since is None


def test_a_new_feed_that_never_answered_is_new_until_it_is_broken() -> None:
    state = next_poll(FeedState(), FAILED, NOW, 0.0)
    assert (state.status, state.last_error) == ("new", "HTTP 503")


def test_410_stops_a_feed_and_a_success_by_hand_revives_it() -> None:
    gone = next_poll(first_poll(HOUR), PollOutcome("failed", 410, "HTTP 410"), NOW, 0.0)
    assert (gone.status, gone.next_poll) == ("gone", None)
    back = next_poll(gone, PollOutcome("changed", 200, entries=20, known=20), NOW, 0.0)
    assert back.status == "ok"
    assert back.next_poll is not None


def test_our_own_outage_leaves_no_trace_but_a_later_poll() -> None:
    start = first_poll(HOUR)
    postponed = postpone(start, NOW, 0.5)
    assert 0 < wait(postponed) <= 15 * MINUTE
    assert postponed.failures == start.failures
    assert postponed.status == start.status
    assert wait(postpone(start, NOW, 0.0)) < wait(postpone(start, NOW, 0.9))


MOVED = PollOutcome("unchanged", 304, permanent_redirect="https://new.example/rss")


def redirected(hours: list[float], outcome: PollOutcome = MOVED) -> FeedState:
    state = first_poll(HOUR)
    for hour in hours:
        state = next_poll(state, outcome, NOW + timedelta(hours=hour), 0.0)
    return state


def test_a_feed_moves_after_five_identical_answers_over_three_days() -> None:
    assert move_due(redirected([1, 2, 3, 4, 5, 6])) is None
    assert move_due(redirected([0, 24, 48, 72.0])) is None
    state = redirected([0, 24, 48, 60, 72])
    assert (state.status, move_due(state)) == ("moved", "https://new.example/rss")
    settled = settle_move(state)
    assert (settled.status, move_due(settled), settled.moved_to) == ("ok", None, None)
    assert settled.rhythm == state.rhythm
    assert ask_in_full(settled, NOW)


@pytest.mark.parametrize(
    "other",
    [
        PollOutcome("unchanged", 304),
        PollOutcome("unchanged", 304, permanent_redirect="https://third.example/rss"),
    ],
)
def test_one_other_answer_in_between_starts_the_count_again(other: PollOutcome) -> None:
    state = redirected([0, 24, 48, 60])
    state = next_poll(state, other, NOW + timedelta(hours=66), 0.0)
    state = next_poll(state, MOVED, NOW + timedelta(hours=72), 0.0)
    assert move_due(state) is None
    assert state.moved_seen == 1


def test_a_redirect_to_what_is_no_feed_moves_nothing() -> None:
    lost = PollOutcome("failed", 200, "html", permanent_redirect="https://new.example/")
    state = redirected([0, 24, 48, 60, 72, 96], lost)
    assert move_due(state) is None
    assert state.moved_seen == 0


def test_a_poll_in_which_every_entry_is_new_is_an_overflow() -> None:
    start = first_poll(HOUR)
    later = NOW + timedelta(hours=2)
    all_new = PollOutcome("changed", 200, entries=20, known=0)
    assert start.status == "ok", "the first poll is no overflow"
    state = next_poll(start, all_new, later, 0.0)
    assert state.status == "overflow"
    half_new = PollOutcome("changed", 200, entries=20, known=10)
    assert next_poll(start, half_new, later, 0.0).status == "ok"
    calm = PollOutcome("unchanged", 304)
    assert next_poll(state, calm, later + timedelta(hours=1), 0.0).status == "overflow"
    assert next_poll(state, calm, later + timedelta(hours=25), 0.0).status != "overflow"


def test_a_feed_that_lists_one_entry_or_was_empty_does_not_overflow() -> None:
    single = first_poll(HOUR, entries=1)
    later = NOW + timedelta(hours=1)
    assert next_poll(single, PollOutcome("changed", 200, entries=1), later, 0.0).status == "ok"
    empty = next_poll(FeedState(), PollOutcome("changed", 200), NOW, 0.0)
    assert next_poll(empty, PollOutcome("changed", 200, entries=5), later, 0.0).status == "ok"


def test_a_200_with_no_items_is_broken_until_items_come_back() -> None:
    later = NOW + timedelta(hours=1)
    state = next_poll(first_poll(HOUR), PollOutcome("changed", 200), later, 0.0)
    assert (state.status, state.last_error) == ("broken", "no items")
    as_failure = PollOutcome("failed", 200, "no items")
    assert next_poll(first_poll(HOUR), as_failure, later, 0.0) == state
    still = next_poll(state, PollOutcome("unchanged", 304), later, 0.0)
    assert (still.status, still.last_error) == ("broken", "no items")
    back = next_poll(still, PollOutcome("changed", 200, entries=3, known=2), later, 0.0)
    assert (back.status, back.last_error) == ("ok", None)


def test_a_regular_feed_is_quiet_after_three_times_its_gap() -> None:
    gap = 4 * HOUR
    hourly = [NOW + timedelta(seconds=gap * n) for n in range(1, 60)]
    state = live(first_poll(gap), hourly[-1] + timedelta(minutes=30), hourly)
    last = state.last_new
    assert last is not None
    quiet_since = None
    now = state.next_poll
    while now is not None and now < last + timedelta(days=5) and quiet_since is None:
        state = next_poll(state, PollOutcome("unchanged", 304), now, 0.0)
        quiet_since = now if state.status == "quiet" else None
        now = state.next_poll
    assert quiet_since is not None
    silence = (quiet_since - last).total_seconds()
    assert 2.5 * gap < silence < 6 * gap
    woken = next_poll(
        state,
        PollOutcome("changed", 200, entries=20, known=19, published=(quiet_since,)),
        quiet_since,
        0.0,
    )
    assert woken.status == "ok"


def test_a_feed_that_was_dead_when_it_was_added_is_quiet_at_once() -> None:
    old = tuple(NOW - timedelta(days=400 + n) for n in range(10))
    outcome = PollOutcome("changed", 200, entries=10, published=old)
    state = next_poll(FeedState(), outcome, NOW, 0.0)
    assert (state.status, state.last_new) == ("quiet", old[0])


def test_nights_and_weekends_are_not_silence() -> None:
    rng = random.Random(5)
    published = [
        NOW + timedelta(days=day, hours=rng.uniform(-4, 7))
        for day in range(60)
        if (NOW + timedelta(days=day)).weekday() < 5
        for _ in range(15)
    ]
    state = live(first_poll(HOUR), NOW + timedelta(days=30), sorted(published))
    now, statuses = state.next_poll, set()
    while now is not None and now < NOW + timedelta(days=58):
        new = tuple(p for p in published if (state.last_polled or now) < p <= now)
        outcome = (
            PollOutcome("changed", 200, entries=20, known=20 - min(len(new), 19), published=new)
            if new
            else PollOutcome("unchanged", 304)
        )
        state = next_poll(state, outcome, now, 0.0)
        statuses.add(state.status)
        now = state.next_poll
    assert statuses == {"ok"}


def test_unchanged_for_a_week_is_asked_in_full() -> None:
    state = first_poll(HOUR)
    assert ask_in_full(FeedState(), NOW)
    assert not ask_in_full(state, NOW + timedelta(days=30)), "changed answers need no check"
    state = next_poll(state, PollOutcome("unchanged", 304, conditional=True), ago(-HOUR), 0.0)
    assert not ask_in_full(state, NOW + timedelta(days=1))
    assert ask_in_full(state, NOW + timedelta(days=7))


def test_the_same_body_in_full_is_proof_enough_for_another_week() -> None:
    state = first_poll(6 * DAY_S)
    week = NOW + timedelta(days=7)
    state = next_poll(state, PollOutcome("unchanged", 304, conditional=True), ago(-HOUR), 0.0)
    state = next_poll(state, PollOutcome("unchanged", 200, conditional=False), week, 0.0)
    state = next_poll(
        state, PollOutcome("unchanged", 304, conditional=True), week + timedelta(hours=1), 0.0
    )
    assert not ask_in_full(state, week + timedelta(days=6))
    assert ask_in_full(state, week + timedelta(days=7))


def test_a_server_that_lied_about_being_unchanged_is_not_asked_so_for_a_month() -> None:
    state = first_poll(HOUR)
    day = NOW + timedelta(days=1)
    state = next_poll(state, PollOutcome("unchanged", 304, conditional=True), day, 0.0)
    hidden = PollOutcome(
        "changed", 200, entries=20, known=15, published=(NOW + timedelta(hours=5),)
    )
    lied = next_poll(state, hidden, day + timedelta(hours=1), 0.0)
    assert ask_in_full(lied, day + timedelta(days=29))
    assert not ask_in_full(lied, day + timedelta(days=32))
    honest = PollOutcome(
        "changed", 200, entries=20, known=19, published=(day + timedelta(minutes=30),)
    )
    fair = next_poll(state, honest, day + timedelta(hours=1), 0.0)
    assert not ask_in_full(fair, day + timedelta(hours=2))


outcomes = st.builds(
    PollOutcome,
    kind=st.sampled_from(["changed", "unchanged", "failed"]),
    status=st.sampled_from([None, 200, 304, 403, 404, 410, 429, 503]),
    error=st.sampled_from([None, "timeout", "html"]),
    entries=st.integers(0, 50),
    known=st.integers(0, 50),
    published=st.lists(
        st.integers(-(10**7), 10**5).map(lambda s: NOW + timedelta(seconds=s)), max_size=5
    ).map(tuple),
    ttl_s=st.sampled_from([None, 60.0, 7200.0, 1e9]),
    max_age_s=st.sampled_from([None, 300.0, 90_000.0]),
    retry_after_s=st.sampled_from([None, 10.0, 100_000.0]),
    skip_hours=st.sampled_from([frozenset(), frozenset({1, 2, 3}), frozenset(range(24))]),
    skip_days=st.sampled_from([frozenset(), frozenset({5, 6})]),
    permanent_redirect=st.sampled_from([None, "https://new.example/"]),
    conditional=st.booleans(),
)


@given(
    steps=st.lists(
        st.tuples(outcomes, st.integers(1, 10**6), st.floats(0, 0.999)), min_size=1, max_size=12
    )
)
def test_any_history_keeps_the_bounds_and_survives_json(
    steps: list[tuple[PollOutcome, int, float]],
) -> None:
    state, now = FeedState(), NOW
    for outcome, seconds, jitter in steps:
        now += timedelta(seconds=seconds)
        state = next_poll(state, outcome, now, jitter)
        assert FeedState.from_json(json.loads(json.dumps(state.to_json()))) == state
        assert 120 <= state.interval_s <= DAY_S
        if state.status == "gone":
            assert state.next_poll is None
            continue
        assert wait(state, now) >= max(120, outcome.retry_after_s or 0, outcome.max_age_s or 0) - (
            # More than a day of max-age is a mistake.
            (outcome.max_age_s or 0) - DAY_S if (outcome.max_age_s or 0) > DAY_S else 0
        )
        assert wait(state, now) <= 9 * DAY_S + (outcome.retry_after_s or 0) * 1.1
        allowed = state.skip_hours != frozenset(range(24))
        if allowed and state.next_poll is not None:
            assert state.next_poll.hour not in state.skip_hours
            assert state.next_poll.weekday() not in state.skip_days


def test_a_new_state_is_an_empty_object_and_unknown_keys_are_left_out() -> None:
    assert FeedState().to_json() == {}
    assert FeedState.from_json({}) == FeedState()
    assert FeedState.from_json({"from_the_future": 1, "failures": 2.5}) == FeedState(failures=2.5)
