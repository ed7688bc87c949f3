"""Whole pages to whole articles: the seed in every markup, and articles in ten languages."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from chrome import CHROME
from fetched import page_of
from markups import MARKUPS as FIRST_MARKUPS
from markups import Story
from markups_more import MORE_MARKUPS
from stories import STORIES

from pipeline.extract import extract
from pipeline.records import Article, seed_text

MARKUPS = {**FIRST_MARKUPS, **MORE_MARKUPS}
SEED_FILE = Path(__file__).with_name("seed.txt").read_text(encoding="utf-8")
SEED_DAY = "2025-10-17"
_PARAGRAPHS = SEED_FILE.removeprefix(f" date {SEED_DAY} ").rstrip("\n").split("\n\n")
SEED = Story(
    "ru",
    "Вестник",
    "Минск ищет контакты с Европой: что предлагает дипломат Лукашенко",
    "Ольга Романенко",
    f"{SEED_DAY}T09:41:00+03:00",
    "17 октября 2025, 09:41",
    "Политика",
    tuple(("paragraph" if text.endswith((".", '"')) else "heading", text) for text in _PARAGRAPHS),
)
ZONES = {
    "be": "Europe/Minsk", "ru": "Europe/Minsk", "uk": "Europe/Kyiv", "pl": "Europe/Warsaw",
    "lt": "Europe/Vilnius", "lv": "Europe/Riga", "et": "Europe/Tallinn", "de": "Europe/Berlin",
    "fr": "Europe/Paris", "en": "Europe/London",
}  # fmt: skip
# These say the author in prose or not at all; no rule should guess it there.
ANONYMOUS = {
    "bitrix_paragraphs", "bitrix_breaks", "drupal", "state_agency", "european_commission", "typo3",
    "blogger", "table_layout", "tilda", "tilda_feed", "webflow", "soup_of_spans", "aspnet_form",
    "hashed_flat", "div_paragraphs", "livejournal", "elementor",
}  # fmt: skip


def read(story: Story, markup: str, encoding: str = "utf-8") -> Article:
    html = MARKUPS[markup](story, CHROME[story.language])
    page = page_of(html.encode(encoding), content_type=f"text/html; charset={encoding}")
    return extract(page, zone=ZONES[story.language])


def day(article: Article) -> str:
    published = article.published
    assert published is not None
    return (published.date() if isinstance(published, datetime) else published).isoformat()


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_seed_comes_out_of_every_markup_byte_for_byte(markup: str) -> None:
    article = read(SEED, markup)
    assert seed_text(day(article), article.text) == SEED_FILE
    assert article.title == SEED.title


@pytest.mark.parametrize("markup", ["table_layout", "bitrix_breaks", "aspnet_form"])
def test_the_seed_comes_out_of_old_pages_in_windows_1251(markup: str) -> None:
    article = read(SEED, markup, encoding="windows-1251")
    assert seed_text(day(article), article.text) == SEED_FILE


@pytest.mark.parametrize("name", STORIES)
def test_a_labelled_page_gives_its_text_title_date_and_author(name: str) -> None:
    markup, story = STORIES[name]
    article = read(story, markup)
    assert article.text == story.text
    assert article.title == story.title
    published = datetime.fromisoformat(story.published)
    if isinstance(article.published, datetime):
        assert article.published.date() == published.date()
    else:
        assert article.published == published.date()
    if markup not in ANONYMOUS:
        assert article.authors == (story.author,)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_survives_three_markups_that_are_not_its_own(name: str) -> None:
    own, story = STORIES[name]
    others = [markup for markup in MARKUPS if markup not in (own, "tilda")]
    start = list(STORIES).index(name) * 3
    for markup in (others[(start + step) % len(others)] for step in range(3)):
        assert read(story, markup).text == story.text, markup


def test_kinds_of_blocks_are_told_apart() -> None:
    kinds = {
        block.kind
        for name in ("ru-prices", "be-harvest", "be-school")
        for block in read(STORIES[name][1], "wordpress_classic").blocks
    }
    assert kinds == {"paragraph", "heading", "list_item", "quote", "table_row"}


def test_every_field_tells_its_source() -> None:
    article = read(SEED, "wordpress_classic")
    assert article.sources["title"] == "jsonld"
    assert article.sources["published"] == "jsonld:datePublished"
    assert article.sources["canonical_url"] == "link"
    assert article.sources["text"] == article.extractor == "trafilatura-precision"
    assert article.published_source == "jsonld"


def test_a_page_built_by_scripts_is_read_from_its_json_ld() -> None:
    article = read(SEED, "client_rendered")
    assert article.extractor == "jsonld"
    assert article.text == SEED.text


def test_an_article_on_a_page_without_any_date_has_none() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in _PARAGRAPHS)
    article = extract(page_of(f"<html><body><h1>Title here</h1>{paragraphs}</body></html>"))
    assert article.published is None
    assert article.published_source == "none"


def test_the_feed_date_is_a_named_source() -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in _PARAGRAPHS)
    said = datetime.fromisoformat("2025-10-16T23:30:00+00:00")
    article = extract(
        page_of(f"<html><body><h1>Title here</h1>{paragraphs}</body></html>"),
        zone="Europe/Minsk",
        feed_published=said,
        feed_title="Title here",
    )
    assert article.published == said
    assert day(article) == date(2025, 10, 17).isoformat()
    assert article.published_source == "feed"
