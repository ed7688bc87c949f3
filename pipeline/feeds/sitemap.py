"""Sitemaps (sitemaps.org 0.9: XML and plain text) and Google News sitemaps, read as feeds; index
files as children.

Newest first and bounded: a site's whole archive is no news. Elements are told by their local
names, since many sites get the namespaces wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from lxml import etree

from pipeline.feeds.dates import parse_date
from pipeline.feeds.links import absolute
from pipeline.feeds.shapes import Entry, ParsedFeed
from pipeline.feeds.syndication import plain

MAX_SITEMAP_ENTRIES: Final = 1_000
"""The newest URLs taken of a sitemap: Google News allows 1 000 in one."""
MAX_ROWS: Final = 50_000
"""Rows read of one file: what the protocol allows."""
MAX_CHILDREN: Final = 20
"""The newest sitemaps taken of an index."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MONTH_IN_URL = re.compile(r"(?<!\d)(20\d{2})[-_/]?(0[1-9]|1[0-2])(?!\d{3})")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,30};)", re.I)
_ADDRESS = re.compile(r"https?://[^\s<>]{1,4096}", re.I)
_NEWS_IN_PATH = re.compile(r"//[^/]+/.*news(?!letter)", re.I)


def parse_sitemap(text: str, url: str, zone: str | None) -> ParsedFeed:
    """The sitemap in `text`, which begins at its root element."""
    root, broken = _root(text)
    if broken and _BARE_AMPERSAND.search(text):
        # Recovering, the parser drops each with the name behind it: `?a=1&b=2` is another address.
        root, _ = _root(_BARE_AMPERSAND.sub("&amp;", text))
    if root is None:
        return ParsedFeed(problem="not a feed", format="sitemap")
    if _local(root) == "sitemapindex":
        return _index(root, url, zone, broken)
    return _urlset(root, url, zone, broken)


def parse_url_list(text: str, url: str) -> ParsedFeed | None:
    """The plain-text sitemap in `text`: nothing but addresses, one a line. None: it is none."""
    rows = list(islice((row for line in text.splitlines() if (row := line.strip())), MAX_ROWS))
    if not all(_ADDRESS.fullmatch(row) for row in rows):
        return None
    places = [place for row in rows if (place := absolute(row, url))]
    if not places:
        return None
    taken = places
    if len(places) > MAX_SITEMAP_ENTRIES:
        # Nothing is dated: sites add either at the head or at the end.
        half = MAX_SITEMAP_ENTRIES // 2
        taken = places[:half] + places[-half:]
    return ParsedFeed(
        entries=tuple(Entry(url=place) for place in taken),
        format="text-sitemap",
        skipped=len(rows) - len(places),
    )


def _root(text: str) -> tuple[etree._Element | None, str | None]:
    """The root element, as far as it can be had, and what is wrong with the document."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None, "malformed xml"
    return root, "malformed xml" if len(parser.error_log.filter_from_errors()) else None


def gather(index: ParsedFeed, children: Sequence[ParsedFeed]) -> ParsedFeed:
    """The feed of an index file: the entries of its sitemaps, newest first, each URL once."""
    entries = {entry.url: entry for child in reversed(children) for entry in child.entries}
    newest = sorted(entries.values(), key=_moment, reverse=True)[:MAX_SITEMAP_ENTRIES]
    first = next((child for child in children if child.entries), index)
    return replace(
        index,
        title=first.title,
        language=first.language,
        entries=tuple(newest),
        problem=index.problem if newest else "no items",
        skipped=sum(child.skipped for child in children),
    )


def _index(root: etree._Element, url: str, zone: str | None, broken: str | None) -> ParsedFeed:
    found: list[tuple[bool, datetime, int, str]] = []
    for position, (place, fields) in enumerate(_rows(root, "sitemap", url)):
        moment = parse_date(fields.get("lastmod", ""), zone) or _month(place) or _LONG_AGO
        found.append((bool(_NEWS_IN_PATH.search(place)), moment, -position, place))
    # News sitemaps first, then the newest; without dates in the order of the index.
    found.sort(reverse=True)
    children = tuple(dict.fromkeys(place for *_, place in found))[:MAX_CHILDREN]
    problem = broken if children else "no items"
    return ParsedFeed(format="sitemap-index", problem=problem, children=children)


def _urlset(root: etree._Element, url: str, zone: str | None, broken: str | None) -> ParsedFeed:
    entries, languages, names, news = [], dict[str, int](), dict[str, int](), False
    skipped = sum(1 for element in islice(root, MAX_ROWS) if _local(element) == "url")
    for place, fields in _rows(root, "url", url):
        skipped -= 1
        news = news or "publication_date" in fields
        for counts, key in ((languages, "language"), (names, "name")):
            if value := fields.get(key):
                counts[value] = counts.get(value, 0) + 1
        entries.append(
            Entry(
                url=place,
                title=plain(fields.get("title", "")),
                published=parse_date(fields.get("publication_date", ""), zone),
                updated=parse_date(fields.get("lastmod", ""), zone),
            )
        )
    # Stable: entries without dates stay in the sitemap's order, behind the dated ones.
    entries.sort(key=_moment, reverse=True)
    return ParsedFeed(
        title=max(names, key=lambda n: names[n], default=None),
        language=max(languages, key=lambda n: languages[n], default=None),
        entries=tuple(entries[:MAX_SITEMAP_ENTRIES]),
        format="news-sitemap" if news else "sitemap",
        problem=broken if entries else "no items",
        skipped=skipped,
    )


def _rows(root: etree._Element, name: str, base: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The address and the texts by local name of each `name` element that has a usable address."""
    for element in islice(root, MAX_ROWS):
        if _local(element) != name:
            continue
        fields: dict[str, str] = {}
        for part in element.iter(etree.Element):
            fields.setdefault(_local(part), (part.text or "").strip())
        if place := absolute(fields.get("loc", ""), base):
            yield place, fields


def _moment(entry: Entry) -> datetime:
    return entry.published or entry.updated or _LONG_AGO


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _month(place: str) -> datetime | None:
    """The month that the name of a sitemap carries: `sitemap-2026-11.xml`."""
    if match := _MONTH_IN_URL.search(place):
        return datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)
    return None
