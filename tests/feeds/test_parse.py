"""What each format, and each usual slip in it, comes down to."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from pipeline.feeds.parse import ParsedFeed, parse
from pipeline.feeds.sitemap import MAX_SITEMAP_ENTRIES, gather

URL = "https://news.example/feeds/main.xml"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def read(document: str | bytes, *, zone: str | None = None, **headers: str) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse(body, {k.replace("_", "-"): v for k, v in headers.items()}, URL, zone=zone)


def rss(items: str, channel: str = "", version: str = "2.0") -> str:
    return (
        f'<?xml version="1.0"?><rss version="{version}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        f"<channel><title>News</title>{channel}{items}</channel></rss>"
    )


def item(link: str = "https://news.example/1", inside: str = "") -> str:
    return f"<item><link>{link}</link>{inside}</item>"


def link_of(items: str) -> str:
    (entry,) = read(rss(items)).entries
    return entry.url


def test_rss_2_gives_title_link_guid_and_date() -> None:
    feed = read(
        rss(
            item(
                "https://news.example/1",
                "<title>First</title><guid isPermaLink='false'>n1</guid>"
                "<pubDate>Tue, 24 Nov 2026 15:00:00 +0300</pubDate>",
            ),
            "<link>https://news.example/</link><language>be</language>",
        )
    )
    assert (feed.format, feed.problem, feed.title) == ("rss20", None, "News")
    assert (feed.language, feed.link) == ("be", "https://news.example/")
    (entry,) = feed.entries
    assert (entry.url, entry.guid, entry.title) == ("https://news.example/1", "n1", "First")
    assert entry.published == NOON


@pytest.mark.parametrize(
    ("version", "name"), [("0.91", "rss091u"), ("0.92", "rss092"), ("2.0", "rss20"), ("", "rss")]
)
def test_old_rss_versions_are_read(version: str, name: str) -> None:
    feed = read(rss(item(), version=version))
    assert (feed.format, len(feed.entries)) == (name, 1)


def test_rdf_items_stand_outside_the_channel_and_dc_date_is_their_publication() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://news.example/"><title>News</title></channel>'
        '<item rdf:about="https://news.example/1"><title>First</title>'
        "<link>https://news.example/1</link><dc:date>2026-11-24T13:00:00+01:00</dc:date></item>"
        "</rdf:RDF>"
    )
    assert feed.format == "rss10"
    (entry,) = feed.entries
    assert (entry.url, entry.title, entry.published) == ("https://news.example/1", "First", NOON)


def test_atom_1_resolves_links_against_xml_base_and_keeps_the_kinds_of_dates_apart() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pl" xml:base="https://base.example/a/">'
        '<title>News</title><link rel="self" href="f.xml"/><link rel="hub" href="https://hub.example/"/>'
        '<entry xml:base="b/"><id>tag:1</id><title type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml">One <i>two</i></div></title>'
        '<link rel="enclosure" href="x.mp3"/><link rel="alternate" href="1"/>'
        "<published>2026-11-24T12:00:00Z</published><updated>2026-11-24T12:00:01.5Z</updated>"
        "</entry><entry><id>tag:2</id><link href='/2'/><updated>2026-11-24T12:00:00Z</updated>"
        "</entry></feed>"
    )
    first, second = feed.entries
    assert (feed.format, feed.language) == ("atom10", "pl")
    assert (feed.hub, feed.self_url) == ("https://hub.example/", "https://base.example/a/f.xml")
    assert (first.url, first.title) == ("https://base.example/a/b/1", "One two")
    assert first.published == NOON
    assert first.updated == NOON.replace(second=1)
    assert second.url == "https://base.example/2"
    assert (second.published, second.updated) == (None, NOON)


def test_atom_03_is_read() -> None:
    feed = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>News</title>'
        '<entry><id>1</id><title>First</title><link rel="alternate" type="text/html" href="/1"/>'
        "<issued>2026-11-24T12:00:00Z</issued></entry></feed>"
    )
    (entry,) = feed.entries
    assert feed.format == "atom03"
    assert (entry.url, entry.published) == ("https://news.example/1", NOON)


def test_an_entry_in_another_feed_keeps_its_own_link_not_its_sources() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://a.example/1"/>'
        '<source><title>Other</title><link href="https://other.example/"/></source>'
        "<title>Own</title></entry></feed>"
    )
    assert [(e.url, e.title) for e in feed.entries] == [("https://a.example/1", "Own")]


def test_json_feed_takes_urls_numeric_ids_and_the_websub_hub() -> None:
    feed = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "News",
                "language": "lt",
                "home_page_url": "https://news.example/",
                "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
                "items": [
                    {
                        "id": 7,
                        "url": "/7",
                        "title": "Seven",
                        "date_published": "2026-11-24T12:00:00Z",
                    },
                    {"id": "https://news.example/8"},
                    {"id": "9", "external_url": "https://elsewhere.example/9"},
                    {"id": "no link"},
                    "no object",
                ],
            }
        )
    )
    assert (feed.format, feed.language, feed.hub) == ("json", "lt", "https://hub.example/")
    assert [e.url for e in feed.entries] == [
        "https://news.example/7",
        "https://news.example/8",
        "https://elsewhere.example/9",
    ]
    assert (feed.entries[0].guid, feed.entries[0].published) == ("7", NOON)
    assert feed.skipped == 1


@pytest.mark.parametrize("document", ["{}", "[1, 2]", '{"items": {}}', '{"items": [', "[" * 99_999])
def test_other_json_is_no_feed(document: str) -> None:
    assert read(document).problem == "not a feed"


NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'
)


def test_a_news_sitemap_is_a_feed_newest_first() -> None:
    row = (
        "<url><loc>https://news.example/{0}</loc><news:news><news:publication>"
        "<news:name>News</news:name><news:language>uk</news:language></news:publication>"
        "<news:publication_date>2026-11-24T{0}:00:00Z</news:publication_date>"
        "<news:title>At {0} &amp; on</news:title></news:news></url>"
    )
    feed = read(NEWS.format(row.format("10") + row.format("12") + row.format("11")))
    assert (feed.format, feed.title, feed.language) == ("news-sitemap", "News", "uk")
    assert [e.title for e in feed.entries] == ["At 12 & on", "At 11 & on", "At 10 & on"]
    assert feed.entries[0].published == NOON


def test_a_plain_sitemap_gives_its_newest_thousand() -> None:
    rows = "".join(
        f"<url><loc>/{n}</loc><lastmod>2026-{1 + n % 11:02}-01</lastmod></url>" for n in range(3000)
    )
    feed = read(f"<urlset><url><loc>/undated</loc></url>{rows}</urlset>")
    assert (feed.format, len(feed.entries)) == ("sitemap", 1000)
    assert all(e.updated and e.updated.month >= 8 for e in feed.entries)
    assert all(e.published is None for e in feed.entries)


def test_a_sitemap_index_gives_its_newest_children_news_first() -> None:
    rows = "".join(
        f"<sitemap><loc>/map-{year}-{month:02}.xml</loc></sitemap>"
        for year in (2024, 2025, 2026)
        for month in range(1, 12)
    )
    feed = read(f"<sitemapindex>{rows}<sitemap><loc>/news.xml</loc></sitemap></sitemapindex>")
    assert feed.format == "sitemap-index"
    assert feed.entries == ()
    assert feed.problem is None
    assert feed.children[:2] == (
        "https://news.example/news.xml",
        "https://news.example/map-2026-11.xml",
    )
    assert len(feed.children) == 20


def test_a_bare_ampersand_in_a_sitemap_costs_the_address_nothing() -> None:
    rows = "".join(f"<url><loc>/n?a={n}&b=2&amp;lt=3</loc></url>" for n in range(2))
    feed = read(NEWS.format(rows))
    assert feed.problem == "malformed xml"
    assert [entry.url for entry in feed.entries] == [
        f"https://news.example/n?a={n}&b=2&lt=3" for n in range(2)
    ]


def test_an_ampersand_in_cdata_is_no_fault() -> None:
    feed = read(NEWS.format("<url><loc><![CDATA[/n?a=1&b=2]]></loc></url>"))
    assert (feed.problem, feed.entries[0].url) == (None, "https://news.example/n?a=1&b=2")


def test_the_sitemaps_of_an_index_make_one_feed() -> None:
    index = read("<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>")
    row = "<url><loc>/{0}</loc><lastmod>2026-11-{0:02}</lastmod></url>"
    first = read(f"<urlset>{row.format(3)}{row.format(1)}</urlset>")
    second = read(f"<urlset>{row.format(2)}{row.format(3)}</urlset>")
    feed = gather(index, [first, second, read("<html></html>")])
    assert [e.url[-1] for e in feed.entries] == ["3", "2", "1"]
    assert (feed.format, feed.problem) == ("sitemap-index", None)
    assert gather(index, []).problem == "no items"


def test_a_child_date_in_the_index_outweighs_the_name() -> None:
    feed = read(
        "<sitemapindex><sitemap><loc>/2020-01.xml</loc><lastmod>2026-11-24</lastmod></sitemap>"
        "<sitemap><loc>/2026-10.xml</loc></sitemap></sitemapindex>"
    )
    assert feed.children == ("https://news.example/2020-01.xml", "https://news.example/2026-10.xml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/1", "https://news.example/1"),
        ("1", "https://news.example/feeds/1"),
        ("?id=1&amp;b=2", "https://news.example/feeds/main.xml?id=1&b=2"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("www.news.example/1", "https://www.news.example/1"),
        ("news.example/1", "https://news.example/1"),
        ("http:/news.example/1", "http://news.example/1"),
        ("https//news.example/1", "https://news.example/1"),
        ("http:///news.example/1", "http://news.example/1"),
        ("https:news.example/1", "https://news.example/1"),
        ("  https://news.example/1\n ", "https://news.example/1"),
        ("https://news.example/?a=1&amp;amp;b=2", "https://news.example/?a=1&b=2"),
        ("https://навіны.бел/1", "https://xn--80ae5ac4e2c.xn--90ais/1"),
        ("news.html", "https://news.example/feeds/news.html"),
        ("archive.php?id=1", "https://news.example/feeds/archive.php?id=1"),
    ],
)
def test_links_become_absolute(written: str, meant: str) -> None:
    assert link_of(item(written)) == meant


@pytest.mark.parametrize("link", ["", "mailto:a@news.example", "javascript:x()", "http://", "#top"])
def test_an_item_whose_link_leads_nowhere_is_counted_not_given(link: str) -> None:
    feed = read(rss(item(link) + item()))
    assert [e.url for e in feed.entries] == ["https://news.example/1"]
    assert feed.skipped == 1


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>https://news.example/5</guid>", "https://news.example/5"),
        ("<guid isPermaLink='false'>https://news.example/5</guid>", "https://news.example/5"),
        ("<guid isPermaLink='true'>/5</guid>", "https://news.example/5"),
    ],
)
def test_a_guid_that_is_an_address_stands_in_for_a_missing_link(guid: str, url: str) -> None:
    assert link_of(f"<item>{guid}<title>x</title></item>") == url


def test_a_guid_that_is_a_mere_number_is_no_link() -> None:
    feed = read(rss("<item><guid>12345</guid><title>x</title></item>"))
    assert (feed.entries, feed.skipped) == ((), 1)


def test_a_guid_is_kept_as_written() -> None:
    (entry,) = read(rss(item(inside="<guid>a/../b c</guid>"))).entries
    assert entry.guid == "a/../b c"


def test_feedburners_original_link_wins() -> None:
    inside = "<feedburner:origLink>https://news.example/real</feedburner:origLink>"
    assert link_of(item("https://feedproxy.example/~r/1", inside)) == "https://news.example/real"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("A &amp;amp; B", "A & B"),
        ("<![CDATA[A &laquo;B&raquo; <b>C</b>]]>", "A «B» C"),
        ("A &lt;b&gt;B&lt;/b&gt;", "A B"),
        ("2 &lt; 3 &gt; 1", "2 < 3 > 1"),
        (" two \n lines ", "two lines"),
        ("М\u200bі\u00adнск", "Мінск"),
    ],
)
def test_titles_are_plain_text(written: str, plain: str) -> None:
    (entry,) = read(rss(item(inside=f"<title>{written}</title>"))).entries
    assert entry.title == plain


def test_an_item_needs_no_title_guid_or_date() -> None:
    (entry,) = read(rss(item())).entries
    assert (entry.title, entry.guid, entry.published, entry.updated) == (None, None, None, None)


def test_titles_of_media_and_itunes_are_not_the_items() -> None:
    document = rss(
        item(
            inside="<title>Own</title><media:group><media:title>Other</media:title></media:group>"
            "<itunes:title>Third</itunes:title>"
        )
    ).replace(
        "<rss ",
        '<rss xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ',
    )
    assert [e.title for e in read(document).entries] == ["Own"]


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>30</ttl>", 1800),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            21600,
        ),
        ("<ttl>5</ttl><sy:updatePeriod> Hourly </sy:updatePeriod>", 3600),
        ("<ttl>soon</ttl><sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>0</ttl>", None),
        ("", None),
    ],
)
def test_the_wait_that_a_feed_asks_for(channel: str, seconds: int | None) -> None:
    assert read(rss(item(), channel)).ttl_s == seconds


def test_hours_and_days_to_skip() -> None:
    feed = read(
        rss(
            item(),
            "<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>x</hour></skipHours>"
            "<skipDays><day>Saturday</day><day>Sunday</day><day>Someday</day></skipDays>",
        )
    )
    assert feed.skip_hours == {0, 23}
    assert feed.skip_days == {5, 6}


@pytest.mark.parametrize("date", ["0000-00-00", "0000-00-00 00:00:00", "00.00.0000", "--"])
def test_a_date_that_names_no_day_is_none(date: str) -> None:
    feed = read(rss(item(inside=f"<pubDate>{date}</pubDate>")))
    assert feed.entries[0].published is None


def test_a_date_without_a_zone_is_the_publishers() -> None:
    document = rss(item(inside="<pubDate>24 Nov 2026 15:00:00</pubDate>"))
    assert read(document, zone="Europe/Minsk").entries[0].published == NOON
    assert read(document).entries[0].published == NOON.replace(hour=15)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("hello", "not a feed"),
        ("<a><b/></a>", "not a feed"),
        ("<!DOCTYPE html><html><body>Just a moment</body></html>", "html"),
        ("<html><body><feed></body></html>", "html"),
        (rss(""), "no items"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "no items"),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "no items"),
        ("<urlset></urlset>", "no items"),
        ("<sitemapindex/>", "no items"),
        (b"\x1f\x8bnonsense", "unreadable gzip"),
    ],
)
def test_what_is_wrong_is_named(document: str | bytes, problem: str) -> None:
    feed = read(document)
    assert (feed.problem, feed.entries) == (problem, ())
    assert feed.is_feed == (problem == "no items")


TWO = item("/1", "<title>One</title>") + item("/2", "<title>Two</title>")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (rss(TWO)[:-20], "truncated xml"),
        (rss(TWO.replace("One", "A & B")), "malformed xml"),
        (rss(TWO.replace("One", "A&nbsp;B")), "malformed xml"),
        (rss(TWO.replace("One", "<b>A")), "malformed xml"),
        (rss(TWO.replace("One", "A <i>B</b></i>")), "malformed xml"),
        (rss(TWO.replace("</link>", "")), "malformed xml"),
        (rss(TWO.replace("</item>", "", 1)), "malformed xml"),
        (
            rss(TWO).replace("<title>One", "<undeclared:x>y</undeclared:x><title>One"),
            "malformed xml",
        ),
        (rss(TWO).replace("<title>One", "<x a='1' a='2'/><title>One"), "malformed xml"),
        (rss(TWO).replace("<title>One", "<description><p>text<title>One"), "malformed xml"),
        (rss(TWO).replace("<link>", "<description><p>a<p>b<link>"), "malformed xml"),
        (rss(TWO).replace("<link>", "<enclosure url='/1.mp3'><link>"), "malformed xml"),
        (rss(TWO) + "<script>alert(1)</script>", "malformed xml"),
        (rss(TWO).replace("One", "O\x00n\x0be"), None),
        ("<br/><b>Warning</b>: mysql_connect() in /x.php\n" + rss(TWO), None),
        ("<!-- proxy -->\n\n  " + rss(TWO), None),
    ],
)
def test_broken_xml_gives_what_can_be_had(document: str, problem: str | None) -> None:
    feed = read(document)
    assert [e.url for e in feed.entries] == ["https://news.example/1", "https://news.example/2"]
    assert feed.problem == problem
    assert feed.is_feed


def test_a_cut_off_feed_gives_every_item_before_the_cut() -> None:
    whole = rss("".join(item(f"/{n}", f"<title>N{n}</title>") for n in range(50)))
    cut = whole[: whole.index("N30")]
    assert len(read(cut).entries) == 31
    assert read(cut).entries[:30] == read(whole).entries[:30]


def test_broken_and_sound_xml_of_the_same_feed_read_the_same() -> None:
    items = (
        item("/1?a=1&amp;b=2", "<title>A &amp;amp; «B»</title><guid isPermaLink='false'>1</guid>")
        + item(
            "/2", "<title><![CDATA[<i>C</i> & D]]></title><description>x &lt;p&gt;</description>"
        )
        + item("/3", "<dc:date>2026-11-24</dc:date><enclosure url='/3.mp3'/>")
    )
    channel = "<ttl>10</ttl><skipHours><hour>3</hour></skipHours><atom:link rel='hub' href='/hub'/>"
    sound = read(rss(items, channel))
    broken = read(rss(items, channel + "<x>&nbsp;</x>"))
    assert (sound.problem, broken.problem) == (None, "malformed xml")
    assert broken.entries == sound.entries
    assert (broken.ttl_s, broken.skip_hours, broken.hub) == (600, {3}, "https://news.example/hub")


def test_entities_that_the_document_declares_itself_are_read() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY who "Свабода"><!ENTITY copy "&#169;">]>'
    document = doctype + rss(item(inside="<title>&who; &copy;</title>")).partition("?>")[2]
    assert [e.title for e in read(document).entries] == ["Свабода ©"]


BELARUSIAN = rss(item(inside="<title>Навіны Беларусі: ўвесь дзень</title>"))


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "", ""),
        ("utf-8", "windows-1251", "windows-1251"),
        ("utf-8-sig", "", ""),
        ("windows-1251", "windows-1251", ""),
        ("windows-1251", "", "text/xml; charset=windows-1251"),
        ("windows-1251", "", ""),
        ("windows-1251", "utf-8", "text/xml; charset=utf-8"),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "", ""),
        ("utf-16-be", "", ""),
        ("utf-32", "", ""),
        ("utf-8", "no-such-charset", "text/xml; charset=hex"),
        ("utf-8", "unicode_escape", "text/xml; charset=punycode"),
    ],
)
def test_any_charset(encoding: str, declared: str, header: str) -> None:
    document = BELARUSIAN
    if declared:
        document = document.replace('"1.0"?', f'"1.0" encoding="{declared}"?')
    feed = read(document.encode(encoding), content_type=header)
    assert [e.title for e in feed.entries] == ["Навіны Беларусі: ўвесь дзень"]


def test_one_broken_letter_does_not_spoil_the_others() -> None:
    body = BELARUSIAN.encode().replace("ў".encode(), b"\xd1")
    (entry,) = read(body, content_type="text/xml; charset=utf-8").entries
    assert entry.title is not None
    assert entry.title.startswith("Навіны Беларусі: ")


def test_seven_bit_charsets_are_not_taken_for_ascii() -> None:
    document = rss(item(inside="<title>日本</title>")).replace("?>", ' encoding="iso-2022-jp"?>', 1)
    assert read(document.encode("iso-2022-jp")).entries[0].title == "日本"


def test_gzip_is_read_whole_cut_and_in_pieces() -> None:
    body = rss(TWO).encode()
    assert len(read(gzip.compress(body)).entries) == 2
    assert len(read(gzip.compress(gzip.compress(body))).entries) == 2, "file and server both"
    assert len(read(gzip.compress(body[:300]) + gzip.compress(body[300:])).entries) == 2
    noise = "".join(item(f"/{n}", f"<title>{hash(str(n))}</title>") for n in range(500))
    packed = gzip.compress(rss(noise).encode())
    cut = read(packed[: len(packed) // 2])
    assert cut.problem == "truncated xml"
    assert len(cut.entries) > 100


# -- plain-text sitemaps -----------------------------------------------------------------------


def test_a_plain_text_sitemap_is_read_one_address_a_line() -> None:
    body = b"\xef\xbb\xbfhttps://a.example/1\r\n\r\n  https://a.example/2?a=1&b=2 \r\nHTTPS://a.example/3"
    feed = parse(body, {"content-type": "text/plain"}, "https://a.example/sitemap.txt")
    assert (feed.format, feed.problem) == ("text-sitemap", None)
    assert [entry.url for entry in feed.entries] == [
        "https://a.example/1",
        "https://a.example/2?a=1&b=2",
        "https://a.example/3",
    ]


def test_text_that_only_mentions_an_address_is_no_sitemap() -> None:
    for body in (b"https://a.example/1\nGone for lunch.", b"See https://a.example/1", b"https://"):
        assert parse(body, {}, "https://a.example/sitemap.txt").problem == "not a feed"


def test_of_a_long_plain_text_sitemap_both_ends_are_taken() -> None:
    body = "\n".join(f"https://a.example/{number}" for number in range(50_000)).encode()
    feed = parse(body, {}, "https://a.example/sitemap.txt")
    assert len(feed.entries) == MAX_SITEMAP_ENTRIES
    assert feed.entries[0].url == "https://a.example/0"
    assert feed.entries[-1].url == "https://a.example/49999"
