"""Dates without their year, or told from today: read only where nothing better is stated."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fetched import page_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import datenear, extract
from pipeline.records import Article

MINSK = ZoneInfo("Europe/Minsk")
NOW = datetime(2025, 11, 24, 15, 0, tzinfo=MINSK)
PROSE = "".join(
    f"<p>Paragraph {n} tells at some length what happened in the town that day, and who said so.</p>"
    for n in range(6)
)


def article(head: str, *, zone: str | None = "Europe/Minsk", url: str = "", meta: str = "", feed: datetime | None = None) -> Article:  # fmt: skip
    html = f"<html><head>{meta}</head><body><div class=page><h1>What happened in the town</h1>{head}{PROSE}</div></body></html>"
    page = page_of(html, url=url or "https://news.example/a", fetched=NOW)
    return extract(page, zone=zone, feed_published=feed)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("24 ноября, 12:30", "2025-11-24T12:30:00+03:00"),
        ("24 лістапада, 12:30", "2025-11-24T12:30:00+03:00"),
        ("Ольга Романенко — 17 жовтня, 09:41", "2025-10-17T09:41:00+03:00"),
        ("24 listopada, 12:30", "2025-11-24T12:30:00+03:00"),
        ("lapkričio 24 d. 12:30", "2025-11-24T12:30:00+03:00"),
        ("24. novembris, plkst. 12:30", "2025-11-24T12:30:00+03:00"),
        ("24. November, 12:30 Uhr", "2025-11-24T12:30:00+03:00"),
        ("le 24 novembre à 12:30", "2025-11-24T12:30:00+03:00"),
        ("Nov 24, 12:30", "2025-11-24T12:30:00+03:00"),
        ("30 декабря, 12:30", None),  # eleven months ago
        ("1 марта", "2025-03-01"),
        ("Сегодня, 12:30", "2025-11-24T12:30:00+03:00"),
        ("сёння ў 12:30", None),
        ("сёння, 12:30", "2025-11-24T12:30:00+03:00"),
        ("Вчора о 23:50", "2025-11-23T23:50:00+03:00"),
        ("wczoraj, 23:50", "2025-11-23T23:50:00+03:00"),
        ("šodien, 12:30", "2025-11-24T12:30:00+03:00"),
        ("gestern 23:50", "2025-11-23T23:50:00+03:00"),
        ("2 часа назад", "2025-11-24"),
        ("20 часов назад", "2025-11-23"),
        ("20 гадзін таму", "2025-11-23"),
        ("20 godzin temu", "2025-11-23"),
        ("prieš 20 valandų", "2025-11-23"),
        ("pirms 20 stundām", "2025-11-23"),
        ("vor 3 Tagen", "2025-11-21"),
        ("il y a 3 jours", "2025-11-21"),
        ("3 days ago", "2025-11-21"),
        ("15 мин. назад", "2025-11-24"),
    ],
)  # fmt: skip
def test_a_date_is_counted_from_the_fetch(line: str, meant: str | None) -> None:
    found = datenear.find(line, NOW)
    assert (found.isoformat() if found else None) == meant


@pytest.mark.parametrize(
    "line",
    [
        "Выборы пройдут 24 ноября",
        "17 липня 1944, 12:30",
        "Hier",
        "Сегодня",
        "3 часа",
        "Осталось 2 дня",
        "сегодня, 23:50",  # has not come yet
        "31 февраля, 12:30",
        "12:30",
        "",
    ],
)
def test_what_is_no_date_of_publication_is_not_read(line: str) -> None:
    assert datenear.find(line, NOW) is None


@given(st.text(max_size=60))
def test_no_line_makes_the_reader_fail(line: str) -> None:
    datenear.find(line, NOW)


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2030, 1, 1)),
    st.integers(0, 299),
)
def test_a_day_of_the_last_months_gets_its_year_back(today: datetime, ago: int) -> None:
    now = today.replace(tzinfo=UTC)
    day = (now - timedelta(days=ago)).date()
    months = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    assert datenear.find(f"{day.day} {months.split()[day.month - 1]}", now) == day


def test_it_is_taken_when_nothing_else_is_stated() -> None:
    found = article('<div class="when">24 ноября, 12:30</div>')
    assert found.published == datetime(2025, 11, 24, 12, 30, tzinfo=MINSK)
    assert found.published_source == "text"
    assert found.sources["published"] == "beside the title, counted from the fetch"


def test_without_a_known_zone_only_the_day_is_taken() -> None:
    assert article("<div>24 ноября, 12:30</div>", zone=None).published == date(2025, 11, 24)


def test_every_stated_date_comes_first() -> None:
    line = "<div>24 ноября, 12:30</div>"
    meta = '<meta property="article:published_time" content="2025-10-17T09:41:00+03:00">'
    assert article(line, meta=meta).published_source == "meta"
    assert article(line, feed=datetime(2025, 10, 17, tzinfo=UTC)).published_source == "feed"
    assert article(line, url="https://news.example/2025/10/17/a").published == date(2025, 10, 17)


def test_it_adds_the_time_of_day_to_the_day_of_the_url() -> None:
    found = article("<div>23 ноября, 12:30</div>", url="https://news.example/2025/11/23/a")
    assert found.published == datetime(2025, 11, 23, 12, 30, tzinfo=MINSK)


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<div class="latest-news"><span>Вчера, 10:00</span> <a href="/b">Other news</a></div>',
        "<aside><span>Вчера, 10:00</span></aside>",
        f"{PROSE * 5}<div>Вчера, 10:00</div>",
    ],
)
def test_the_dates_of_other_news_are_not_the_articles(elsewhere: str) -> None:
    assert article(elsewhere).published is None
