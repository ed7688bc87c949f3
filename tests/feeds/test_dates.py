"""Dates as feeds write them, in every order and language seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.dates import parse_date

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Tue, 24 Nov 2026 12:00:00 GMT",
        "Tue, 24 Nov 2026 12:00:00 Z",
        "Tue, 24 Nov 2026 15:00:00 +0300",
        "Tue, 24 Nov 2026 15:00:00 +03:00",
        "Tue, 24 Nov 2026 09:00:00 --0300",
        "Tue, 24 Nov 2026 15:00 MSK",
        "Tue, 24 Nov 2026 14:00:00 EET",
        "Tue, 24 Nov 2026 13:00:00 CET",
        "Tue, 24 Nov 2026 15:00:00 Europe/Minsk",
        "Tue, 24 Nov 2026 15:00:00 GMT+03:00 (Moscow Standard Time)",
        "Tue, 24 Nov 2026 15:00:00 UTC+3",
        "Tuesday, 24-Nov-26 12:00:00 GMT",
        "24 Nov 2026 12:00:00",
        "Tue, Nov 24 2026 12:00:00",
        "Tue Nov 24 12:00:00 2026",
        "Tue Nov 24 12:00:00 2026 GMT",
        "November 24, 2026, 12:00 p.m.",
        "Tuesday, November 24, 2026 - 12:00pm",
        "Tue, 24th Nov 2026 12:00:00 GMT",
        "Вт, 24 ноя 2026 15:00:00 +0300",
        "24 ноября 2026 г., 15:00:00 +0300",
        "аўт, 24 лістапада 2026 15:00:00 +0300",
        "вт, 24 лис 2026 14:00:00 +0200",
        "wt., 24 lis 2026 13:00:00 +0100",
        "Di, 24 Nov 2026 13:00:00 +0100",
        "mar., 24 nov. 2026 13:00:00 +0100",
        "2026-11-24T12:00:00Z",
        "2026-11-24T15:00:00.123456789+03:00",
        "2026-11-24T15:00:00+0300",
        "2026-11-24T15:00+03:00",
        "2026-11-24 15:00:00 +0300",
        "2026-11-24T07:00:00-05:00Z",
        "2026-11-24T15:00:00:+0300",
        "20261124T120000Z",
        "2026/11/24 12:00",
        "24.11.2026 12:00",
        "24/11/2026 12:00",
        "11/24/2026 12:00",
        "12:00 24.11.2026",
        "1795521600",
        "1795521600000",
        " Tue,  24 Nov\n2026 12:00:00 GMT ",
    ],
)
def test_one_moment_in_many_forms(written: str) -> None:
    assert parse_date(written) == NOON


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2026",
        "24 Foo 2026",
        "Tue, 31 Feb 2026 12:00:00 GMT",
        "Tue, 24 Nov 2026 25:00:00 GMT",
        "2026-13-01",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "9999-12-31T23:59:59-12:00",
        "99999999999999",
        "9" * 5000,
    ],
)
def test_what_names_no_moment_gives_none(written: str) -> None:
    assert parse_date(written) is None


def test_a_day_without_a_time_begins_at_the_publishers_midnight() -> None:
    assert parse_date("2026-11-24", "Europe/Minsk") == datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert parse_date("24 Nov 2026") == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_written_zone_outweighs_the_publishers_and_an_unknown_one_does_not() -> None:
    assert parse_date("2026-11-24T12:00:00Z", "Europe/Minsk") == NOON
    assert parse_date("2026-11-24 15:00:00 XYZ", "Europe/Minsk") == NOON
    assert parse_date("2026-11-24 12:00:00", "No/Such") == NOON


def test_leap_seconds_and_midnight_at_24_are_moments() -> None:
    assert parse_date("2026-11-24T23:59:60Z") == datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
    assert parse_date("Tue, 24 Nov 2026 24:00:00 GMT") == datetime(2026, 11, 25, tzinfo=UTC)


def test_an_impossible_offset_is_no_offset() -> None:
    assert parse_date("2026-11-24 12:00:00+15:00") == NOON


@given(st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2100, 1, 1)))
def test_standard_forms_are_read_exactly(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == moment
    assert parse_date(moment.strftime("%d.%m.%Y %H:%M:%S")) == moment


@given(st.text(max_size=120))
def test_no_text_raises(text: str) -> None:
    moment = parse_date(text, "Europe/Vilnius")
    assert moment is None or moment.tzinfo is UTC
