"""Feed lists go out and come back with every setting; other readers' files come in."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.feeds.opml import export_opml, import_opml
from pipeline.feeds.sources import FeedSource

words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"),
    min_size=1,
    max_size=30,
)
maybe = st.one_of(st.none(), words)
sources = st.builds(
    FeedSource,
    url=st.text(string.ascii_lowercase, min_size=1, max_size=20).map(
        lambda path: f"https://news.example/{path}?a=1&b=2"
    ),
    title=st.one_of(st.just(""), words),
    language=st.sampled_from([None, "be", "zh-Hant"]),
    country=st.sampled_from([None, "BY"]),
    kind=maybe,
    zone=st.sampled_from([None, "Europe/Minsk"]),
    enabled=st.booleans(),
)


@given(st.lists(sources, max_size=8, unique_by=lambda s: s.url))
def test_every_setting_survives_the_round_trip(feeds: list[FeedSource]) -> None:
    assert import_opml(export_opml(feeds, "Mine"), "mine.opml") == tuple(feeds)


def test_a_title_that_is_the_address_survives_too() -> None:
    feeds = (FeedSource(url="https://news.example/rss", title="https://news.example/rss"),)
    assert import_opml(export_opml(feeds, "Mine"), "mine.opml") == feeds


def test_other_readers_see_text_and_address() -> None:
    document = export_opml([FeedSource(url="https://news.example/rss")], "A & B").decode()
    assert 'text="https://news.example/rss"' in document
    assert 'type="rss"' in document
    assert "<title>A &amp; B</title>" in document


def test_folders_links_and_copies_in_other_readers_files() -> None:
    document = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <opml version="1.0"><body>
      <outline text="Беларусь"><outline text="Наша Ніва" xmlURL="https://nn.example/rss?a=1&b=2"/>
        <outline text="deeper"><outline title="T" text="x" xmlUrl="feed:https://t.example/rss"/>
      </outline></outline>
      <outline type="link" text="no feed" url="https://x.example/"/>
      <outline text="copy" xmlUrl="https://nn.example/rss?a=1&amp;b=2" language="be"/>
      <outline text="https://u.example/f" xmlUrl="https://u.example/f"/>
    </body></opml>"""
    assert import_opml(document.encode(), "other.opml") == (
        FeedSource(url="https://nn.example/rss?a=1&b=2", title="Наша Ніва"),
        FeedSource(url="https://t.example/rss", title="T"),
        FeedSource(url="https://u.example/f"),
    )


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ("<opml><body>\n<outline xmlUrl='https://a.example/'></body></opml>", "f.opml:2"),
        ("<html></html>", "f.opml:1"),
        ("", "f.opml:1"),
        ("<opml><body>\n\n<outline xmlUrl='ftp://a.example/'/></body></opml>", "f.opml:3"),
        (
            "<opml xmlns:wirewatch='urn:wirewatch:opml'><body>\n"
            "<outline xmlUrl='https://a.example/' wirewatch:enabled='perhaps'/></body></opml>",
            "f.opml:2",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(document: str, where: str) -> None:
    with pytest.raises(ConfigError) as caught:
        import_opml(document.encode(), "f.opml")
    assert caught.value.where.startswith(where)
    assert caught.value.fix


def test_entity_bombs_are_refused() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE opml [<!ENTITY l0 "lol">{levels}]><opml><body>'
        "<outline text='&l11;' xmlUrl='https://a.example/'/></body></opml>"
    )
    with pytest.raises(ConfigError):
        import_opml(bomb.encode(), "f.opml")
