"""The laws of the learned rhythm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.rhythm import PRIOR_GAP_S, Rhythm

NOW = datetime(2026, 11, 24, 12, 20, tzinfo=UTC)
counts = st.floats(0, 500)
rhythms = st.builds(
    Rhythm,
    entries=counts,
    watched_s=st.floats(0, 2e6),
    hours=st.tuples(*[counts] * 24),
    days=st.tuples(*[counts] * 7),
)


def test_nothing_known_is_an_entry_in_four_hours_at_any_time() -> None:
    assert Rhythm().gap_s == PRIOR_GAP_S
    assert Rhythm().rate(NOW) == 1 / PRIOR_GAP_S
    assert Rhythm().expected(NOW, NOW + timedelta(days=1)) == pytest.approx(6)


@given(rhythms)
def test_hours_and_days_average_out_over_a_week(rhythm: Rhythm) -> None:
    week = 7 * 86_400
    expected = rhythm.expected(NOW, NOW + timedelta(seconds=week))
    assert expected == pytest.approx(week / rhythm.gap_s)


@given(rhythms, st.integers(0, 10**7), st.integers(0, 10**7))
def test_expectations_add_up(rhythm: Rhythm, first: int, second: int) -> None:
    middle = NOW + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    parts = rhythm.expected(NOW, middle) + rhythm.expected(middle, end)
    assert rhythm.expected(NOW, end) == pytest.approx(parts, abs=1e-6)
    assert rhythm.expected(end, NOW) <= rhythm.expected(NOW, end)


@given(rhythms, st.floats(10, 5000))
def test_a_larger_wish_for_rest_never_shortens_the_wait(rhythm: Rhythm, hourly: float) -> None:
    wait = rhythm.wait_s(NOW, hourly, 86_400)
    assert 0 < wait <= 86_400
    assert rhythm.wait_s(NOW, 2 * hourly, 86_400) >= wait


def test_a_flat_rhythm_of_an_entry_an_hour_waits_as_told() -> None:
    flat = Rhythm(entries=99, watched_s=360_000 - PRIOR_GAP_S)
    assert flat.wait_s(NOW, 900, 86_400) == pytest.approx(900)


def test_the_wait_of_the_night_ends_when_the_morning_begins() -> None:
    night = datetime(2026, 11, 24, 1, tzinfo=UTC)
    hours = (0.0,) * 6 + (40.0,) * 12 + (0.0,) * 6
    rhythm = Rhythm(entries=480, watched_s=1_800_000, hours=hours, days=(480 / 7,) * 7)
    by_night = rhythm.wait_s(night, 3600, 86_400)
    by_day = rhythm.wait_s(night.replace(hour=10), 3600, 86_400)
    assert by_night > 4 * by_day
    assert night + timedelta(seconds=by_night) <= night.replace(hour=7)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_memory_is_bounded_and_survives_json(spans: list[int]) -> None:
    rhythm, now = Rhythm(), NOW
    for span in spans:
        later = now + timedelta(seconds=span)
        rhythm = rhythm.observe(now, later, [later])
        now = later
    assert rhythm.watched_s <= 21 * 86_400 + 1
    assert rhythm.entries <= len(spans)
    assert sum(rhythm.hours) == pytest.approx(rhythm.entries, abs=1e-3)
    assert sum(rhythm.days) == pytest.approx(rhythm.entries, abs=1e-3)
    assert Rhythm.from_json(rhythm.to_json()) == rhythm
