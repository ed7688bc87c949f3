"""Any bytes: nothing raises, and nothing grows beyond its bounds."""

from __future__ import annotations

import gzip
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.parse import ParsedFeed, parse
from pipeline.feeds.shapes import MAX_ENTRIES, MAX_TITLE, MAX_URL

URL = "https://news.example/rss"
SIZE = 400_000
"""Large enough that anything quadratic runs into the test's time limit by minutes."""

PIECES = [
    b'<?xml version="1.0" encoding="utf-8"?>',
    b"<rss version='2.0'>",
    b"<channel>",
    b"<item>",
    b"</item>",
    b"<title>",
    b"</title>",
    b"<link>",
    b"/a?b=c&amp;d",
    b"http://[::1",
    b"//",
    b"</link>",
    b"<guid isPermaLink='true'>",
    b"</guid>",
    b"<pubDate>",
    b"Tue, 31 Feb 2026 25:61:61 +9999",
    b"</pubDate>",
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://[x'>",
    b"<entry>",
    b"<link href='&#xFFFFFFFFF;'/>",
    b"<content type='xhtml'>",
    b"<source>",
    b"</source>",
    b"<textInput>",
    b"<image>",
    b"<width>x</width>",
    b"<cloud/>",
    b"<svg>",
    b"<dc:creator>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [<!ENTITY a '&b;'>]>",
    b"&a;",
    b"&#0;",
    b"<?pi",
    b"<a:b xmlns:a='x'>",
    b'{"items": [{"id": 1e999, "url": ["x"]}]}',
    b"<urlset><url><loc>http://</loc><lastmod>9999-99-99</lastmod></url>",
    b"<sitemapindex><sitemap><loc>",
    b"\xff\xfe",
    b"\x00",
    b"\x1f\x8b",
    "ў".encode(),
    b"\xd1",
]


def sound(feed: ParsedFeed) -> None:
    """What holds for every feed, whatever it was read from."""
    assert len(feed.entries) <= MAX_ENTRIES
    for entry in feed.entries:
        assert entry.url.startswith(("http://", "https://"))
        assert len(entry.url) <= MAX_URL
        assert len(entry.title or "") <= MAX_TITLE
        for moment in (entry.published, entry.updated):
            assert moment is None or moment.utcoffset() == timedelta(0)
            assert moment is None or moment.tzinfo is UTC
    assert (not feed.entries and not feed.children) <= (feed.problem is not None)
    if not feed.is_feed:
        assert feed.entries == ()


@given(body=st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    sound(parse(body, {}, URL))
    sound(parse(b"<rss><channel>" + body, {}, URL))


@given(
    pieces=st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=60),
    header=st.sampled_from(["", "text/xml; charset=utf-16", "text/html; charset=idna", "x" * 99]),
    url=st.sampled_from([URL, "", "not a url", "http://[", "file:///etc/passwd"]),
)
def test_any_mixture_of_feed_pieces_is_read_without_an_error(
    pieces: list[bytes], header: str, url: str
) -> None:
    feed = parse(b"".join(pieces), {"content-type": header}, url)
    sound(feed)
    assert not (feed.problem or "").startswith("parser failed")


@given(cut=st.integers(min_value=0, max_value=1500), flip=st.integers(min_value=0, max_value=255))
def test_a_feed_cut_and_flipped_anywhere_is_read_without_an_error(cut: int, flip: int) -> None:
    items = "".join(
        f"<item><title>Навіна {n}</title><link>/{n}</link><guid>{n}</guid>"
        f"<pubDate>Tue, 24 Nov 2026 12:0{n}:00 GMT</pubDate></item>"
        for n in range(8)
    )
    body = bytearray(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    body[cut % len(body)] = flip
    sound(parse(bytes(body), {}, URL))
    sound(parse(bytes(body[:cut]), {}, URL))


def many(unit: str) -> str:
    return unit * (SIZE // len(unit))


HEAD = "<rss version='2.0'><channel><title>t</title>"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(f"{HEAD}<item><author>{many('a.')}</author></item>", id="author address"),
        pytest.param(
            f"{HEAD}<item><d:creator xmlns:d='http://purl.org/dc/elements/1.1/'>{many('a.')}",
            id="creator address, cut off",
        ),
        pytest.param(f"{HEAD}<item><managingEditor>{many('a-')}", id="editor address, cut off"),
        pytest.param(f"<?xml {many(chr(34) + ' encoding=' + chr(34))}", id="declaration"),
        pytest.param(f"<!DOCTYPE x [{many('<!ENTITY a ')}]><rss>", id="doctype"),
        pytest.param(many("<"), id="angles"),
        pytest.param(HEAD + many("<"), id="angles in a feed"),
        pytest.param(HEAD + many("<a "), id="unclosed tags"),
        pytest.param(HEAD + "<a " + many("b=c "), id="attributes"),
        pytest.param(HEAD + "<a " + many("b"), id="one attribute"),
        pytest.param(HEAD + many("<a b='"), id="unclosed quotes"),
        pytest.param(HEAD + many("<![CDATA["), id="unclosed sections"),
        pytest.param(HEAD + many("<!--"), id="unclosed comments"),
        pytest.param(HEAD + many("<?x "), id="unclosed instructions"),
        pytest.param(HEAD + many("<a>"), id="deep"),
        pytest.param(HEAD + "<x>" * 90 + many("</a>"), id="stray ends"),
        pytest.param(HEAD + "<x y='&nbsp;'>" + many("<item><title><b></i>"), id="bad nesting"),
        pytest.param(HEAD + "<item>" + many("<category>a</category>"), id="categories"),
        pytest.param(HEAD + "<item><title>" + many("&amp;"), id="ampersands"),
        pytest.param(HEAD + "<item><title>&#" + many("9") + ";", id="huge reference"),
        pytest.param(HEAD + "<item><title>" + many("&lt;b "), id="markup in a title"),
        pytest.param(HEAD + "<item><pubDate>" + many("1 "), id="date"),
        pytest.param(HEAD + "<item><link>" + many("a."), id="host"),
        pytest.param(HEAD + "<ttl>" + many("9") + "</ttl>", id="ttl"),
        pytest.param(f"<rss xml:base='http://x/{many('a/')}'>" + many("<a/>"), id="base"),
        pytest.param(many("["), id="json depth"),
        pytest.param('{"items": [{"id": ' + many("9") + "}]}", id="json number"),
        pytest.param("<urlset>" + many("<url>"), id="sitemap depth"),
        pytest.param("<urlset><url>" + many("<loc>/a</loc>"), id="sitemap row"),
    ],
)
def test_what_is_quadratic_elsewhere_is_read_in_bounded_time(document: str) -> None:
    sound(parse(document.encode(), {}, URL))


def test_entity_bombs_stay_small() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>{HEAD}<item><title>&l11;</title><link>/1</link>'
    )
    (entry,) = parse(f"{bomb}</item></channel></rss>".encode(), {}, URL).entries
    assert entry.url == "https://news.example/1"
    flat = f'<!DOCTYPE x [<!ENTITY a "{"b" * 120}">]>{HEAD}<item><link>/1</link><title>'
    feed = parse(f"{flat}{'&a;' * 50_000}</title></item></channel></rss>".encode(), {}, URL)
    assert [len(e.title or "") for e in feed.entries] == [MAX_TITLE]


def test_external_entities_are_not_read() -> None:
    document = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{HEAD}'
        "<item><title>[&e;]</title><link>/1</link></item></channel></rss>"
    )
    (entry,) = parse(document.encode(), {}, URL).entries
    assert "root:" not in (entry.title or "")
    sitemap = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>/1?&e;</loc></url></urlset>"
    )
    assert all("root" not in e.url for e in parse(sitemap.encode(), {}, URL).entries)


def test_a_gzip_bomb_is_cut_at_the_limit() -> None:
    bomb = gzip.compress(HEAD.encode() + b" " * 200_000_000, compresslevel=1)
    assert parse(bomb, {}, URL).problem == "truncated xml"


def test_the_number_of_entries_is_bounded() -> None:
    feed = parse((HEAD + "<item><link>/a</link></item>" * 6_000).encode(), {}, URL)
    assert (len(feed.entries), feed.problem) == (MAX_ENTRIES, "too large")
