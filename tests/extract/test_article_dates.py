"""When an article was published, and by which source."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from fetched import page_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import datetext, extract
from pipeline.records import Article

PROSE = "".join(
    f"<p>Paragraph {n} tells at some length what happened in the town that day, and who said so.</p>"
    for n in range(6)
)


def article(
    head: str = "",
    body: str = "",
    *,
    url: str = "https://news.example/a",
    zone: str | None = None,
    feed: datetime | None = None,
) -> Article:
    html = f"<html><head>{head}</head><body><h1>What happened</h1>{body}{PROSE}</body></html>"
    return extract(page_of(html, url=url), zone=zone, feed_published=feed)


def ld(**properties: object) -> str:
    node = {"@type": "NewsArticle", "headline": "What happened", **properties}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-10-17T09:41:00+03:00", "2025-10-17T09:41:00+03:00"),
        ("2025-10-17T06:41:00.123456Z", "2025-10-17T06:41:00+00:00"),
        ("2025-10-17T09:41:00+0300", "2025-10-17T09:41:00+03:00"),
        ("2025-10-17 09:41", "2025-10-17T09:41:00"),
        ("1760683260", "2025-10-17T06:41:00+00:00"),
        ("1760683260000", "2025-10-17T06:41:00+00:00"),
        ("20251017T064100Z", "2025-10-17T06:41:00+00:00"),
        ("Fri, 17 Oct 2025 09:41:00 +0300", "2025-10-17T09:41:00+03:00"),
        ("17.10.2025 09:41", "2025-10-17T09:41:00"),
        ("09:41, 17.10.2025", "2025-10-17T09:41:00"),
        ("17 октября 2025, 09:41", "2025-10-17T09:41:00"),
        ("17 кастрычніка 2025 г. у 09:41", "2025-10-17T09:41:00"),
        ("17 жовтня 2025, 09:41", "2025-10-17T09:41:00"),
        ("17 października 2025, 09:41", "2025-10-17T09:41:00"),
        ("2025 m. spalio 17 d. 09:41", "2025-10-17T09:41:00"),
        ("2025. gada 17. oktobrī, plkst. 9:41", "2025-10-17T09:41:00"),
        ("17. oktoober 2025 kell 09:41", "2025-10-17T09:41:00"),
        ("17. Oktober 2025, 09:41 Uhr", "2025-10-17T09:41:00"),
        ("17 octobre 2025 à 09:41", "2025-10-17T09:41:00"),
        ("Oct. 17, 2025 9:41 PM EDT", "2025-10-17T21:41:00-04:00"),
        ("9 мая 2024 года", "2024-05-09"),
        ("13/4/2025", "2025-04-13"),
    ],
)
def test_dates_are_read_as_publishers_write_them(written: str, meant: str) -> None:
    found = datetext.read(written)
    assert found is not None
    assert found.isoformat() == meant


@pytest.mark.parametrize("written", ["3/4/2025", "2025-02-30", "17", "yesterday", "", "99.99.2025"])
def test_what_is_no_date_or_may_be_two_is_not_read(written: str) -> None:
    assert datetext.read(written) is None


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2030, 1, 1)))
def test_iso_dates_are_read_back_exactly_to_the_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert datetext.read(moment.isoformat()) == moment
    assert datetext.read(moment.strftime("%d.%m.%Y %H:%M:%S")) == moment.replace(tzinfo=None)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    datetext.read(text)
    datetext.find(text)


def test_json_ld_comes_before_meta_tags() -> None:
    meta = '<meta property="article:published_time" content="2025-10-18T10:00:00+03:00">'
    found = article(meta + ld(datePublished="2025-10-17T09:41:00+03:00"))
    assert found.published == datetime.fromisoformat("2025-10-17T09:41:00+03:00")
    assert found.published_source == "jsonld"


@pytest.mark.parametrize("absurd", ["2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01"])
def test_a_date_of_the_future_or_before_1990_is_refused_and_the_next_tried(absurd: str) -> None:
    meta = '<meta property="article:published_time" content="2025-10-17T09:41:00+03:00">'
    found = article(meta + ld(datePublished=absurd))
    assert found.published == datetime.fromisoformat("2025-10-17T09:41:00+03:00")
    assert found.published_source == "meta"


def test_a_utc_stamp_is_told_in_the_zone_of_the_publisher() -> None:
    found = article(ld(datePublished="2025-10-17T23:30:00Z"), zone="Europe/Minsk")
    assert isinstance(found.published, datetime)
    assert found.published.isoformat() == "2025-10-18T02:30:00+03:00"


def test_a_site_under_the_domain_of_belarus_is_in_minsk() -> None:
    found = article(ld(datePublished="2025-10-17T23:30:00Z"), url="https://news.example.by/a")
    assert isinstance(found.published, datetime)
    assert found.published.date() == date(2025, 10, 18)
    assert found.sources["zone"] == "Europe/Minsk (country of the domain)"


def test_a_utc_stamp_follows_the_offset_that_the_page_uses_elsewhere() -> None:
    meta = '<meta property="article:modified_time" content="2025-10-18T03:00:00+03:00">'
    found = article(meta + ld(datePublished="2025-10-17T23:30:00Z"))
    assert isinstance(found.published, datetime)
    assert found.published.isoformat() == "2025-10-18T02:30:00+03:00"


def test_a_time_without_an_offset_is_the_publishers_clock_or_only_a_day() -> None:
    head = ld(datePublished="2025-10-17T23:30:00")
    assert article(head).published == date(2025, 10, 17)
    known = article(head, zone="Europe/Warsaw").published
    assert isinstance(known, datetime)
    assert known.isoformat() == "2025-10-17T23:30:00+02:00"


def test_a_finer_source_adds_the_time_to_a_coarser_one_of_the_same_day() -> None:
    meta = '<meta property="article:published_time" content="2025-10-17T09:41:00+03:00">'
    assert isinstance(article(meta + ld(datePublished="2025-10-17")).published, datetime)
    other = '<meta property="article:published_time" content="2025-10-27T09:41:00+03:00">'
    assert article(other + ld(datePublished="2025-10-17")).published == date(2025, 10, 17)


@pytest.mark.parametrize(
    "body",
    [
        '<span class="news-date">17 кастрычніка 2025, 09:41</span>',
        "<font size=1>17 октября 2025, 09:41</font>",
        '<div class="info"><span>Minsk</span> <span>17.10.2025 09:41</span></div>',
    ],
)
def test_a_date_written_beside_the_title_is_found(body: str) -> None:
    found = article(body=body, zone="Europe/Minsk")
    assert found.published == datetime.fromisoformat("2025-10-17T09:41:00+03:00")
    assert found.published_source == "text"


def test_a_date_in_a_list_of_other_news_is_not_the_articles() -> None:
    box = '<div class="related"><span class="date">12.10.2025 10:00</span><a href="/b">Other</a></div>'
    feed = datetime(2025, 10, 17, 6, 41, tzinfo=UTC)
    assert article(body=box, feed=feed).published == feed


def test_the_url_tells_the_day_when_nothing_else_does() -> None:
    found = article(url="https://news.example/2025/10/17/what-happened")
    assert (found.published, found.published_source) == (date(2025, 10, 17), "url")


def test_the_feed_comes_after_the_page_and_before_guesses() -> None:
    feed = datetime(2025, 10, 16, 20, 0, tzinfo=UTC)
    url = "https://news.example/2025/10/17/what-happened"
    assert article(url=url, feed=feed).published_source == "feed"
    meta = '<meta name="pubdate" content="2025-10-17T09:41:00+03:00">'
    assert article(meta, url=url, feed=feed).published_source == "meta"


def test_a_change_before_the_publication_is_not_believed() -> None:
    stated = {"datePublished": "2025-10-17T09:41:00Z"}
    assert article(ld(**stated, dateModified="2025-10-16T09:41:00Z")).updated is None
    later = article(ld(**stated, dateModified="2025-10-17T11:00:00Z")).updated
    assert later == datetime(2025, 10, 17, 11, tzinfo=UTC)


def test_a_stamp_slightly_ahead_of_the_fetch_is_a_wrong_clock_and_no_future() -> None:
    from fetched import NOW

    ahead = (NOW + timedelta(hours=2)).isoformat()
    assert article(ld(datePublished=ahead)).published is not None
