"""Pages made to hurt: each must end in an article or a refusal.

There is no timing here: a page that takes the square of its size meets the time limit of the run.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fetched import page_of

from pipeline.errors import Rejected
from pipeline.extract import extract

TEXT = "".join(
    f"<p>Пункт {number}: на площади собрались жители {number + 3} деревень, обсудить мост.</p>"
    for number in range(6)
)
MANY = 1500


def ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


PAGES: dict[str, Callable[[], str]] = {
    "links": lambda: "<div><a href=/x>link text here</a> and junk</div>" * MANY,
    "attributes": lambda: f"<div {' '.join(f'a{n}={n}' for n in range(MANY))}>{TEXT}</div>",
    "attributes without end": lambda: f"<div {' '.join(f'a{n}' for n in range(40 * MANY))}>{TEXT}",
    "styled words": lambda: "<p>" + "<span>word</span> " * 2 * MANY,
    "line breaks": lambda: "<div>" + "text and text<br>" * MANY + "</div>",
    "dates": lambda: "<i class=date>17.13.2025</i> " * MANY,
    "rows": lambda: "<table>" + "<tr><td>a b c<td>d e f</tr>" * MANY + "</table>",
    "items": lambda: "<ul>" + "<li>item of a very long list" * MANY + "</ul>",
    "times": lambda: "<p>" + "word <time>now</time> " * MANY,
    "quotation marks": lambda: "<p>" + "word <q>now</q> " * MANY,
    "images": lambda: "<div>" + "<img src=a>" * 10 * MANY + f"</div>{TEXT}",
    "headings": lambda: "<h2>heading of some kind</h2>" * MANY + TEXT,
    "articles": lambda: f"<article><h1>T</h1>{TEXT}" + "<article><p>teaser</article>" * MANY,
    "quotes": lambda: TEXT + "<blockquote>A sentence long enough to count.</blockquote>" * MANY,
    "authors": lambda: "<span class=author>X Y</span>" * MANY + TEXT,
    "nested quotes": lambda: "<blockquote>" * 1500 + TEXT,
    "nested lists": lambda: "<ul><li>x" * 1000 + TEXT,
    "unclosed": lambda: "<p><b><i><u>" * MANY,
    "one text": lambda: "<p>" + "word " * 100 * MANY,
    "angle brackets": lambda: "<" * 100 * MANY,
    "spaces": lambda: "<p>" + " " * 100 * MANY + f"x</p>{TEXT}",
    "title parts": lambda: f"<title>{'a | ' * MANY}</title>{TEXT}",
    "digits": lambda: f"<p class=date>{'1.1.' * MANY}</p>{TEXT}",
    "deep json": lambda: f'<script type="application/ld+json">{"[" * MANY * 20}</script>{TEXT}',
    "json references": lambda: (
        ld(
            [
                {
                    "@type": "Article",
                    "headline": "x",
                    "author": [{"@id": str(n)} for n in range(MANY)],
                }
            ]
            + [{"@id": str(n), "name": f"N{n}"} for n in range(MANY)]
        )
        + TEXT
    ),
    "odd json": lambda: (
        ld(
            {
                "@type": ["NewsArticle", None, 3],
                "headline": {"a": ["b"]},
                "datePublished": [[], {"x": 1}],
                "author": [None, 5, {"name": [None, {"name": 7}]}],
                "publisher": 3,
                "image": [{"url": {"url": []}}],
                "wordCount": {"x": 1},
                "articleBody": ["x"],
            }
        )
        + TEXT
    ),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_made_to_hurt_ends(kind: str) -> None:
    html = f"<html><body><h1>Мост через реку</h1>{PAGES[kind]()}</body></html>"
    try:
        article = extract(page_of(html))
    except Rejected as refused:
        assert refused.reason in {"stub", "section page", "gallery without text"}
    else:
        assert article.blocks
