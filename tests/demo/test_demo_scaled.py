from __future__ import annotations

from typing import Any

import feedparser

from workers.demo.scaled import ScaledSite


def test_no_two_articles_have_the_same_text() -> None:
    articles = ScaledSite(feeds=14, articles_per_feed=30).articles
    assert len({article.text for article in articles}) == len(articles) == 14 * 30
    assert all(len(article.text) > 500 for article in articles)


def test_the_same_arguments_give_the_same_articles() -> None:
    assert ScaledSite(7, 5).articles == ScaledSite(7, 5).articles


def test_feeds_list_the_articles_and_the_pages_hold_them(ask: Any) -> None:
    site = ScaledSite(feeds=8, articles_per_feed=3)
    with site.run_in_thread():
        links = set()
        for feed in site.feeds:
            links |= {entry.link for entry in feedparser.parse(ask(feed["url"]).body).entries}
        assert links == set(site.urls)
        for url, article in zip(site.urls, site.articles, strict=True):
            page = ask(url).text
            # Editors' no-break spaces and links stand amid the words, so look for the last ones.
            assert all(block.text.rsplit(" ", 1)[-1] in page for block in article.blocks)
        assert site.expected_counts == {"stored": 24}


def test_every_site_has_an_address_of_its_own(ask: Any) -> None:
    site = ScaledSite(feeds=5, articles_per_feed=1)
    with site.run_in_thread():
        assert len(set(site.origins)) == 5
        assert all(ask(origin + "/robots.txt").status == 200 for origin in site.origins)
