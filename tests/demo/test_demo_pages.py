"""The pages are realistic and yet hold exactly what a record must hold."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import lxml.html
import pytest

from pipeline.extract.article import extract
from pipeline.records import Page, seed_text
from workers.demo.content import DemoArticle, load_outlets
from workers.demo.site import DemoSite

OUTLETS = {outlet.id: outlet for outlet in load_outlets()}
ARTICLES = [article for outlet in OUTLETS.values() for article in outlet.articles]


@pytest.fixture(params=ARTICLES, ids=lambda article: article.file)
def article(request: pytest.FixtureRequest) -> DemoArticle:
    chosen: DemoArticle = request.param
    return chosen


def test_a_page_makes_the_record_that_is_shipped_with_it(
    site: DemoSite, ask: Any, article: DemoArticle
) -> None:
    url = site.url(article)
    answer = ask(url)
    page = Page(url, url, answer.status, answer.headers, answer.body, datetime.now(UTC), 1)
    found = extract(page, zone=OUTLETS[article.outlet].zone)
    assert isinstance(found.published, date)
    at = found.published
    day = at.astimezone(article.published.tzinfo).date() if isinstance(at, datetime) else at
    assert seed_text(day.isoformat(), found.text) == article.record_text
    assert [block.kind for block in found.blocks] == [block.kind for block in article.blocks]
    assert found.title == article.title


def test_a_page_has_the_furniture_that_a_record_leaves_out(
    site: DemoSite, ask: Any, article: DemoArticle
) -> None:
    tree = lxml.html.fromstring(ask(site.url(article)).body)
    shown = tree.text_content()
    assert article.author in shown
    assert article.caption in shown
    assert tree.xpath("string(//link[@rel='canonical']/@href)") == site.url(article)
    assert tree.xpath("string(//meta[@property='og:title']/@content)") == article.title
    assert tree.xpath("//figure | //div[contains(@class, 'photo') or contains(@class, 'img')]")
    assert tree.xpath("//footer | //div[@class='bottom']")
    assert len(tree.xpath("//a")) > 8


def test_the_seed_page_carries_its_date_in_minsk_time(site: DemoSite, ask: Any) -> None:
    tree = lxml.html.fromstring(ask(site.url(site.seed)).body)
    data = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
    assert data["@type"] == "NewsArticle"
    assert data["datePublished"] == "2025-10-17T09:41:00+03:00"


def test_one_article_was_published_on_the_day_before_by_the_clock_of_its_page(
    site: DemoSite,
) -> None:
    late = [
        article
        for article in site.articles
        if article.published.astimezone(UTC).date().isoformat() != article.day
    ]
    assert [article.file for article in late] == ["be-cyhunka.txt"]
