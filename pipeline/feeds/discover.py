"""Where a site's feeds may be: what its page advertises, what robots.txt names, what is usual.

In: a page's bytes, a robots.txt, or just an address. Out: candidates, the likeliest first. Fetching
and reading them (`parse`) is the caller's affair: a candidate is a feed only when it reads as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import ada_url
from lxml import etree, html

from pipeline.feeds.charset import decode
from pipeline.feeds.links import absolute
from pipeline.records import clean_text

WELL_KNOWN: Final = (
    "rss",
    "feed",
    "rss.xml",
    "feed/",
    "feed.xml",
    "rss/all.rss",
    "rss/all.xml",
    "rss/news",
    "atom.xml",
    "index.xml",
    "rss/rss.xml",
    "feeds/latest.rss",
    "feed.json",
    "rss?format=xml",
    "?feed=rss2",
    "news-sitemap.xml",
    "sitemap-news.xml",
    "sitemap_news.xml",
)
"""Paths under a site or a section of it, the most frequent first: counted over 150 feeds of news
sites in the region, then what the common publishing systems use."""

_FEED_TYPES: Final = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/x.atom+xml",
    "application/x-atom+xml",
)
# `application/json` and `text/xml` are feeds' types too, but more often something else's:
# WordPress announces its interfaces so.
_VAGUE_TYPES: Final = ("application/json", "application/xml", "text/xml")
_NOT_A_FEED = re.compile(r"/wp-json/|/oembed|opensearch|/xmlrpc|manifest\.json|wlwmanifest", re.I)
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._?=&-])(?:rss\d?|atom|feeds?|rdf)(?:$|[/._?=&-])|\.(?:rss|rdf|atom)$", re.I
)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|feeds?|syndication|рсс)\b", re.I)
_COMMENTS = re.compile(r"comment|kommentar|komentar|комментар|каментар|коментар", re.I)
_SITEMAP_LINE = re.compile(r"^[ \t]{0,20}sitemap[ \t]{0,5}:[ \t]{0,20}(\S{1,4096})", re.I | re.M)
_MAX_CANDIDATES: Final = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed."""

    url: str
    title: str | None
    source: Literal["link", "anchor", "robots", "well-known"]
    """Announced by a link tag, linked in the page, named in robots.txt, or merely usual."""


def advertised(body: bytes, headers: Mapping[str, str], url: str) -> tuple[Candidate, ...]:
    """The feeds that an HTML page announces in link tags, then those that it links to."""
    text = decode(body, headers).strip()
    if not text:
        return ()
    # Bytes, since lxml refuses text that declares an encoding.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ()
    base = url
    for element in root.iter("base"):
        base = absolute(element.get("href", ""), url) or url
        break
    found = [*_link_tags(root, base), *_anchors(root, base)]
    found.sort(key=lambda c: (c.source != "link", bool(_COMMENTS.search(f"{c.url} {c.title}"))))
    return _distinct(found, url)


def in_robots(robots_txt: str, url: str) -> tuple[Candidate, ...]:
    """The sitemaps that a robots.txt names, those for news first."""
    places = [absolute(m[1], url) for m in _SITEMAP_LINE.finditer(robots_txt[:500_000])]
    found = [Candidate(place, None, "robots") for place in places if place]
    found.sort(key=lambda c: "news" not in c.url.lower().split("/", 3)[-1])
    return _distinct(found, None)


def well_known(url: str) -> tuple[Candidate, ...]:
    """Where feeds usually are: beside the page at `url`, then at the root of its site."""
    try:
        page = ada_url.URL(url)
    except ValueError:
        return ()
    root = f"{page.protocol}//{page.host}/"
    folder = root + page.pathname.rpartition("/")[0].strip("/")
    if page.pathname.strip("/") and "." not in page.pathname.rpartition("/")[2]:
        # `/be` is a section although it does not end in a slash.
        folder = root + page.pathname.strip("/")
    folders = dict.fromkeys((folder.rstrip("/") + "/", root))
    return _distinct(
        (Candidate(place + path, None, "well-known") for place in folders for path in WELL_KNOWN),
        url,
    )


def _link_tags(root: html.HtmlElement, base: str) -> Iterable[Candidate]:
    for element in root.iter("link"):
        relations = element.get("rel", "").lower().split()
        kind = element.get("type", "").partition(";")[0].strip().lower()
        link = element.get("href", "")
        title = clean_text(element.get("title", "")) or None
        if "alternate" not in relations and "feed" not in relations:
            continue
        vague = kind in _VAGUE_TYPES and _FEED_ADDRESS.search(link)
        if kind not in _FEED_TYPES and not vague and not ("feed" in relations and not kind):
            continue
        if not _NOT_A_FEED.search(link) and (place := absolute(link, base)):
            yield Candidate(place, title, "link")


def _anchors(root: html.HtmlElement, base: str) -> Iterable[Candidate]:
    for element in root.iter("a"):
        link = element.get("href", "")
        words = " ".join((element.get("title", ""), element.get("class", ""), _words(element)))
        if not _FEED_ADDRESS.search(link) and not (_FEED_WORDS.search(words) and "xml" in link):
            continue
        if not _NOT_A_FEED.search(link) and (place := absolute(link, base)):
            yield Candidate(place, clean_text(_words(element)) or None, "anchor")


def _words(element: html.HtmlElement) -> str:
    return (element.text or "")[:200]


def _distinct(found: Iterable[Candidate], page: str | None) -> tuple[Candidate, ...]:
    """Each address once, without the page itself, bounded."""
    first: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.url != page:
            first.setdefault(candidate.url, candidate)
    return tuple(first.values())[:_MAX_CANDIDATES]
