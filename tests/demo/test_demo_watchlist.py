"""The shipped watchlist finds in the demo's articles what their authors put there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.watchlist.entries import Watchlist, load
from workers.demo.content import DemoArticle, load_outlets

CONFIG = Path(__file__).parents[2] / "config" / "watchlist"
ARTICLES = [article for outlet in load_outlets() for article in outlet.articles]


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load(CONFIG)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.file)
def test_every_name_in_an_article_is_tagged_at_its_place(
    watchlist: Watchlist, article: DemoArticle
) -> None:
    tags = watchlist.matcher.tag(article.title, article.text, article.language)
    found = {tag.id: {mention.surface for mention in tag.mentions} for tag in tags}
    for entry, surface in article.mentions.items():
        assert any(surface in seen or seen in surface for seen in found.get(entry, ())), (
            entry,
            surface,
            found.get(entry),
        )
