"""Where feeds may be: in the page, in robots.txt, at the usual places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.discover import advertised, in_robots, well_known

URL = "https://news.example/be/"


def found(html: str) -> list[str]:
    return [c.url for c in advertised(html.encode(), {}, URL)]


def test_link_tags_come_first_then_links_and_feeds_of_comments_last() -> None:
    page = """<html><head><base href="/be/">
      <link rel="alternate" type="application/rss+xml" title="Каментары" href="comments/feed">
      <link rel="alternate" type="application/rss+xml" title="Навіны" href="feed">
      <link rel="alternate" type="application/atom+xml; charset=utf-8" href="//cdn.example/a.xml">
      <link rel="alternate" type="application/feed+json" href="feed.json">
      </head><body><a href="/rss/all.rss">RSS</a></body></html>"""
    assert found(page) == [
        "https://news.example/be/feed",
        "https://cdn.example/a.xml",
        "https://news.example/be/feed.json",
        "https://news.example/be/comments/feed",
        "https://news.example/rss/all.rss",
    ]
    assert advertised(page.encode(), {}, URL)[0].title == "Навіны"


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/x">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
        '<link rel="alternate" hreflang="ru" href="/ru/">',
        '<link rel="stylesheet" type="text/css" href="/rss.css">',
        '<link rel="search" type="application/opensearchdescription+xml" href="/s.xml">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
        '<a href="/news/feeding-the-birds">Feed the birds</a>',
        '<a href="https://news.example/rssia">x</a>',
    ],
)
def test_what_is_no_feed_is_no_candidate(tag: str) -> None:
    assert found(f"<html><head>{tag}</head></html>") == []


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="alternate" type="text/xml" href="/rss.xml">',
        '<link rel="feed" href="/f">',
        '<LINK REL="Alternate" TYPE="Application/RSS+XML" HREF="/f">',
        '<a href="/export/rss2/archive/index.xml">x</a>',
        '<a class="icon-rss" href="/titres.xml">x</a>',
        '<a href="/news?format=rss">x</a>',
        '<a href="/titres.rss">x</a>',
    ],
)
def test_feeds_are_recognised_by_type_address_or_name(tag: str) -> None:
    assert len(found(f"<html><body>{tag}</body></html>")) == 1


def test_an_address_is_named_once_and_the_page_itself_never() -> None:
    tag = '<link rel="alternate" type="application/rss+xml" href="{}">'
    assert found(tag.format("/feed") * 3 + tag.format(URL)) == ["https://news.example/feed"]


@given(st.binary(max_size=400))
def test_no_page_raises(body: bytes) -> None:
    advertised(body, {}, URL)
    advertised(b"<html><link rel=alternate type=application/rss+xml href=" + body, {}, URL)


def test_robots_names_sitemaps_news_first() -> None:
    robots = (
        "User-agent: *\nDisallow: /x\n# Sitemap: /no.xml\n"
        "sitemap : /map.xml\r\nSITEMAP: https://news.example/news-map.xml\nSitemap:\n"
    )
    assert [c.url for c in in_robots(robots, URL)] == [
        "https://news.example/news-map.xml",
        "https://news.example/map.xml",
    ]


def test_the_usual_places_are_beside_the_page_then_at_the_root() -> None:
    places = [c.url for c in well_known("https://news.example:8080/be")]
    assert places[0] == "https://news.example:8080/be/rss"
    assert "https://news.example:8080/rss" in places
    assert places.index("https://news.example:8080/be/feed/") < places.index(
        "https://news.example:8080/rss"
    )
    assert len(places) == len(set(places))
    beside = well_known("https://news.example/be/index.html")
    assert beside[0].url == "https://news.example/be/rss"
    assert well_known("https://news.example/")[0].url == "https://news.example/rss"
    assert well_known("no url") == ()
