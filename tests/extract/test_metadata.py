"""Title, authors, canonical address and the rest."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

import json

import pytest
from fetched import page_of

from pipeline.extract import extract
from pipeline.records import Article

PROSE = "".join(
    f"<p>Paragraph {n} tells at some length what happened in the town that day, and who said so.</p>"
    for n in range(6)
)


def article(head: str = "", body: str = "<h1>What happened</h1>", **more: str) -> Article:
    return extract(
        page_of(f"<html lang=en><head>{head}</head><body>{body}{PROSE}</body></html>"), **more
    )


def ld(**properties: object) -> str:
    node = {"@type": "NewsArticle", "datePublished": "2025-10-17", **properties}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def test_the_title_is_the_form_on_which_most_of_the_page_agrees() -> None:
    found = article(
        ld(headline="An old headline")
        + '<meta property="og:title" content="What happened"><title>What happened | News</title>'
    )
    assert found.title == "What happened"


def test_without_agreement_json_ld_wins() -> None:
    found = article(
        ld(headline="The headline") + '<meta property="og:title" content="For sharing">'
    )
    assert (found.title, found.sources["title"]) == ("The headline", "jsonld")


@pytest.mark.parametrize("tail", [" - News Example", " | News Example", " — news.example"])
def test_the_name_of_the_site_is_cut_off_the_title(tail: str) -> None:
    head = (
        f'<meta property="og:site_name" content="News Example"><title>What happened{tail}</title>'
    )
    assert article(head, body="<p>no heading</p>").title == "What happened"


def test_a_kicker_is_cut_off_when_the_page_names_the_title_without_it() -> None:
    head = ld(headline="Borders: The bridge over the river is open")
    head += '<meta property="og:title" content="The bridge over the river is open">'
    body = "<h1>Borders: The bridge over the river is open</h1>"
    assert article(head, body).title == "The bridge over the river is open"
    assert article(ld(headline="Borders: The bridge"), body).title.startswith("Borders")


def test_a_heading_that_is_the_logo_is_no_title() -> None:
    head = '<meta property="og:site_name" content="News Example"><title>What happened</title>'
    found = article(head, body="<h1>News Example</h1><h1>What happened</h1>")
    assert found.title == "What happened"


def test_parts_of_a_heading_do_not_run_together() -> None:
    body = "<h1><span class=kicker>Borders</span><span>What happened</span></h1>"
    assert article(body=body).title == "Borders What happened"


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ({"name": "Anna Kowalska"}, ("Anna Kowalska",)),
        ([{"name": "Anna Kowalska"}, {"name": "Jan Nowak"}], ("Anna Kowalska", "Jan Nowak")),
        ("Anna Kowalska, Jan Nowak", ("Anna Kowalska", "Jan Nowak")),
        ("Анна Иванова и Пётр Сидоров", ("Анна Иванова", "Пётр Сидоров")),
        ("Ганна Іванова і Пётр Сідараў", ("Ганна Іванова", "Пётр Сідараў")),
        ({"name": "By Anna Smith"}, ("Anna Smith",)),
        ({"name": "Anna Smith (as)"}, ("Anna Smith",)),
        ({"givenName": "Anna", "familyName": "Smith"}, ("Anna Smith",)),
        ({"name": "https://news.example/anna"}, ()),
        ({"name": "a.smith@news.example"}, ()),
    ],
)
def test_authors_are_single_names(stated: object, authors: tuple[str, ...]) -> None:
    assert article(ld(headline="What happened", author=stated)).authors == authors


def test_a_person_in_the_byline_comes_before_the_newsroom_in_json_ld() -> None:
    head = ld(headline="What happened", author={"name": "News Example"})
    head += '<meta property="og:site_name" content="News Example">'
    byline = "<h1>What happened</h1><div class=byline>By <a href=/a>Anna Smith</a></div>"
    assert article(head, byline).authors == ("Anna Smith",)
    assert article(head).authors == ("News Example",)


@pytest.mark.parametrize(
    "byline",
    [
        '<a rel="author" href="/a">Anna Smith</a>',
        '<span itemprop="author" itemscope><span itemprop="name">Anna Smith</span></span>',
        '<p class="author-name">Anna Smith</p>',
        '<ul class="metaAuthorList"><li><a href="/a">Anna Smith</a></li></ul>',
        '<div class="article__author">Автор: Anna Smith</div>',
    ],
)
def test_bylines_of_many_makes_are_read(byline: str) -> None:
    assert article(body=f"<h1>What happened</h1>{byline}").authors == ("Anna Smith",)


def test_an_author_in_a_comment_is_not_the_articles() -> None:
    comment = '<div class="comments"><div class="comment-author author">Anna Smith</div></div>'
    assert article(body=f"<h1>What happened</h1>{comment}").authors == ()


def test_addresses_are_absolute_and_of_the_web() -> None:
    head = '<link rel="canonical" href="/a"><meta property="og:image" content="../i.jpg">'
    found = article(head)
    assert found.canonical_url == "https://news.example/a"
    assert found.image == "https://news.example/2025/10/i.jpg"
    assert article('<link rel="canonical" href="javascript:alert(1)">').canonical_url is None
    assert article('<link rel="canonical" href="http://[broken">').canonical_url is None


def test_json_ld_that_is_slightly_broken_is_still_read() -> None:
    for script in (
        '{"@type": "NewsArticle", "headline": "Told", "datePublished": "2025-10-17",}',
        '<!-- {"@type": "NewsArticle", "headline": "Told", "datePublished": "2025-10-17"} -->',
        '{"@type": "NewsArticle", "headline": "Told", "datePublished": "2025-10-17"};',
        '{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "Told", "datePublished": "2025-10-17"}',
        '{"@graph": [{"@type": ["Article", "NewsArticle"], "headline": "Told", "datePublished": "2025"}]}',
    ):
        assert article(f'<script type="application/ld+json">{script}</script>').title == "Told"


def test_the_article_is_not_taken_for_one_it_links_to() -> None:
    listed = {
        "@type": "ItemList",
        "itemListElement": [{"@type": "NewsArticle", "headline": "Other"}],
    }
    head = f'<script type="application/ld+json">{json.dumps(listed)}</script>'
    assert article(head).title == "What happened"


def test_language_and_section_are_kept() -> None:
    found = article(ld(headline="What happened", articleSection=["World", "Europe"]))
    assert (found.html_lang, found.section) == ("en", "World")
