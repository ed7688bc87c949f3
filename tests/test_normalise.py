"""From what the stages found to one record."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from pipeline.normalise import Origin, build_record, content_hash
from pipeline.records import Article, Block, Language, Page, RuleHit
from tests.worlds.store import BELAVIA

MINSK = timezone(timedelta(hours=3))


def built(
    zone: str | None = "Europe/Minsk", fetched: str = "2025-10-17T22:30:00+00:00", **article: Any
):
    origin = Origin(
        "k" * 16, "http://a.by/1?utm=1", "https://a.by/1", "a.by", "https://a.by/f", zone
    )
    page = Page(
        "https://a.by/1", "https://a.by/1", 200, {}, b"", datetime.fromisoformat(fetched), 321
    )
    made = Article((Block("heading", "A"), Block("list_item", "B")), extractor="jsonld", **article)
    hits = [RuleHit("r1", "R1", "v", ("belavia",)), RuleHit("r2", "R2", "v", ())]
    return build_record(origin, page, made, Language("be", 0.123456), [BELAVIA], hits, "w" * 12)


def test_a_record_holds_what_each_stage_found() -> None:
    made = built(title="T", authors=("X", "Y"))
    assert (made.id, made.url, made.canonical_url) == (
        "k" * 16,
        "http://a.by/1?utm=1",
        "https://a.by/1",
    )
    assert (made.site, made.feed, made.title, made.authors) == (
        "a.by",
        "https://a.by/f",
        "T",
        ("X", "Y"),
    )
    assert (made.text, made.blocks) == ("A\n\nB", ("heading", "list_item"))
    assert (made.language, made.language_confidence) == ("be", 0.1235)
    assert (made.tags, made.rules) == ((BELAVIA,), ("r1", "r2"))
    assert (made.extractor, made.watchlist_version) == ("jsonld", "w" * 12)
    assert (made.http_status, made.http_ms, made.fetched) == (200, 321, "2025-10-17T22:30:00+00:00")
    assert (made.story, made.duplicate_of, made.version) == (made.id, None, 1)


@pytest.mark.parametrize(
    ("published", "iso", "day"),
    [
        (datetime(2025, 10, 17, 0, 30, tzinfo=MINSK), "2025-10-17T00:30:00+03:00", "2025-10-17"),
        (datetime(2025, 10, 16, 21, 30, tzinfo=UTC), "2025-10-16T21:30:00+00:00", "2025-10-16"),
        (
            datetime(2025, 10, 17, 9, 0, 0, 999, tzinfo=MINSK),
            "2025-10-17T09:00:00+03:00",
            "2025-10-17",
        ),
        (date(2025, 10, 17), "2025-10-17", "2025-10-17"),
    ],
)
def test_the_day_is_that_of_the_publishers_own_clock(published: Any, iso: str, day: str) -> None:
    made = built(published=published, published_source="meta", updated=published)
    assert (made.published, made.updated, made.date, made.published_source) == (
        iso,
        iso,
        day,
        "meta",
    )


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Minsk", "2025-10-18"), (None, "2025-10-17"), ("UTC", "2025-10-17")]
)
def test_an_article_without_a_date_gets_the_day_it_was_fetched_on_in_its_zone(
    zone: str | None, day: str
) -> None:
    made = built(zone)
    assert (made.date, made.published, made.published_source) == (day, None, "none")


def test_when_it_was_fetched_is_written_in_utc() -> None:
    assert built(fetched="2025-10-18T01:30:00+03:00").fetched == "2025-10-17T22:30:00+00:00"


def test_equal_texts_have_equal_hashes() -> None:
    assert content_hash("Тэкст") == hashlib.sha256("Тэкст".encode()).hexdigest()
    assert built().content_hash == content_hash("A\n\nB")
