"""Per-site rules: selectors, the lint of the file, and their use."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fetched import page_of
from lxml.html import document_fromstring

from pipeline.errors import ConfigError, Rejected
from pipeline.extract import extract
from pipeline.extract.explain import explain
from pipeline.extract.selectors import Selector
from pipeline.extract.sites import Sites, load

SHIPPED = Path(__file__).parents[2] / "config" / "sites.yml"

TREE = document_fromstring(
    '<div id="main" class="post big"><p class="lead">1</p><section><p data-kind="text-a">2</p></section>'
    '<a href="https://x.example/a.pdf" rel="author me">3</a></div><p>4</p>'
)


@pytest.mark.parametrize(
    ("css", "texts"),
    [
        ("p", ["1", "2", "4"]),
        (".lead", ["1"]),
        ("p.lead", ["1"]),
        ("div.post.big > p", ["1"]),
        ("#main p", ["1", "2"]),
        ("#main > section > p", ["2"]),
        ("[data-kind]", ["2"]),
        ('[data-kind="text-a"]', ["2"]),
        ("[data-kind^=text]", ["2"]),
        ("a[href$='.pdf']", ["3"]),
        ("a[href*=example]", ["3"]),
        ("a[rel~=author]", ["3"]),
        (".lead, a", ["1", "3"]),
        ("* > a", ["3"]),
        (".missing", []),
    ],
)
def test_selectors_find_what_css_says(css: str, texts: list[str]) -> None:
    assert [element.text_content() for element in Selector(css).select(TREE)] == texts


@pytest.mark.parametrize(
    "css", ["", "p:first-child", "p >", "> p", "p + p", "p, ", "[a", "p..x", "%"]
)
def test_what_is_not_understood_is_said_at_once(css: str) -> None:
    with pytest.raises(ValueError, match=r"understood|empty"):
        Selector(css)


def rules_from(tmp_path: Path, text: str) -> Sites:
    path = tmp_path / "sites.yml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {site: a.example, bodi: p}", r"sites.yml:1: unknown key 'bodi'.*did you mean 'body'"),
        ("- {body: p}", r"sites.yml:1: 'site' is missing"),
        ("- {site: https://a.example/}", r"is no site"),
        ("- {site: www.a.example}", r"write the domain alone"),
        ("- {site: a.example,\n   body: 'p:hover'}", r"sites.yml:2: body: 'p:hover'"),
        ("- {site: a.example, remove: ['p >']}", r"remove: 'p >'"),
        ("- {site: a.example, timezone: Europe/Mins}", r"did you mean 'Europe/Minsk'"),
        ("- {site: a.example, min_length: -5}", r"min_length"),
        ("- {site: a.example, since: 17.10.2025}", r"write YYYY-MM-DD"),
        ("- {site: a.example}\n- {site: a.example}", r"sites.yml:2: .*already"),
        ("site: a.example", r"must be one list"),
        ("- [a", r"not YAML"),
    ],
)
def test_every_mistake_in_the_file_is_named_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        rules_from(tmp_path, text)


def test_the_shipped_file_is_right_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    shipped = load(SHIPPED).rules("www.nashaniva.com", date(2026, 1, 1))
    assert shipped is not None
    assert shipped.timezone == "Europe/Minsk"
    assert load(tmp_path / "none.yml").rules("a.example", date(2026, 1, 1)) is None


def test_a_page_is_read_with_the_rule_of_its_day(tmp_path: Path) -> None:
    sites = rules_from(
        tmp_path,
        "- {site: a.example, body: .old}\n- {site: a.example, since: 2025-03-01, body: .new}\n"
        "- {site: news.a.example, body: .sub}",
    )

    def body(host: str, day: date) -> str | None:
        rule = sites.rules(host, day)
        return rule.body.css if rule and rule.body else None

    assert body("a.example", date(2025, 2, 28)) == ".old"
    assert body("www.a.example", date(2025, 3, 1)) == ".new"
    assert body("m.a.example", date(2025, 3, 1)) == ".new"
    assert body("news.a.example", date(2025, 3, 1)) == ".sub"
    assert body("b.example", date(2025, 3, 1)) is None


PAGE = (
    '<html><body><h1>What happened</h1><div class="stamp">17.10.2025 23:30</div><div class="who">Anna Smith</div>'
    '<div class="odd-name"><p>The only sentence of the article that the rule points at, long enough to count.</p>'
    '<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table><p class="junk">Junk of the site.</p></div>'
    '<div class="post-content"><p>' + "Another text that general rules would take for the article. " * 8 + "</p></div></body></html>"
)  # fmt: skip


def test_a_rule_gives_body_date_author_and_zone(tmp_path: Path) -> None:
    sites = rules_from(
        tmp_path,
        "- {site: a.example, body: .odd-name, remove: .junk, date: .stamp, author: .who,\n"
        "   timezone: Europe/Minsk, min_length: 50}",
    )
    article = extract(page_of(PAGE), rules=sites.rules("a.example", date(2025, 10, 18)))
    assert [block.kind for block in article.blocks] == [
        "paragraph",
        "list_item",
        "list_item",
        "table_row",
    ]
    assert "Junk" not in article.text
    assert "a | b" in article.text
    assert article.authors == ("Anna Smith",)
    assert article.published == datetime(2025, 10, 17, 20, 30, tzinfo=UTC)
    assert article.extractor == "rule"
    told = {finding.field: finding for finding in explain(article)}
    assert told["rule"].source == "sites.yml:1"
    assert told["authors"].source == told["published"].source == "rule"
    assert told["zone"].source == "Europe/Minsk (rule)"
    assert told["title"].value == "What happened"


def test_a_rule_whose_selector_finds_nothing_leaves_the_body_to_the_general_rules(
    tmp_path: Path,
) -> None:
    sites = rules_from(tmp_path, "- {site: a.example, body: .gone, date: .gone, author: .gone}")
    article = extract(page_of(PAGE), rules=sites.rules("a.example", date(2025, 10, 18)))
    assert "Another text" in article.text
    assert article.extractor != "rule"


def test_the_minimum_length_is_the_sites_own(tmp_path: Path) -> None:
    html = "<html><body><h1>Brief</h1><p>A flash of one sentence, as the agency writes them.</p></body></html>"
    with pytest.raises(Rejected, match="stub"):
        extract(page_of(html))
    sites = rules_from(tmp_path, "- {site: a.example, min_length: 20}")
    assert extract(page_of(html), rules=sites.rules("a.example", date(2025, 10, 18))).text
