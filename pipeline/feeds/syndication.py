"""RSS 0.9x–2.0, RDF and Atom 0.3/1.0 through feedparser, kept within bounds.

feedparser's handlers give the meaning; the driving is ours, because its own tolerant parser and
two of its expressions take quadratic time on hostile input. Well-formed XML goes through expat;
what expat refuses goes, whole, through a linear tokenizer that forgives everything. Article
bodies, authors and media are passed over: nothing here needs them.
"""

from __future__ import annotations

import html
import re
import xml.sax
import xml.sax.handler
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from xml.sax.expatreader import ExpatParser

from feedparser.api import StrictFeedParser

from pipeline.feeds.dates import parse_date
from pipeline.feeds.links import absolute
from pipeline.feeds.shapes import MAX_ENTRIES, MAX_TITLE, MAX_URL, Entry, ParsedFeed
from pipeline.feeds.tolerant import tokens
from pipeline.records import clean_text

MAX_ELEMENTS: Final = 100_000
"""Start tags taken of one document: 5 000 items of 20 elements; one or two seconds of work."""
MAX_DEPTH: Final = 100
MAX_TEXT: Final = 10_000
"""Characters kept of one element: more than any title, link or date."""

# Elements whose whole content is passed over, by feedparser's standard prefixes.
_PASSED_OVER: Final = frozenset((
    "description", "content:encoded", "summary", "content", "body", "xhtml:body", "fullitem",
    "abstract", "info", "dc:description", "author", "dc:creator", "dc:author", "managingeditor",
    "webmaster", "dc:publisher", "contributor", "dc:contributor", "dc:subject", "category",
    "keywords", "tags", "enclosure", "generator", "copyright", "rights", "dc:rights",
    "media:group", "media:content", "media:thumbnail", "media:description", "media:title",
    "media:keywords", "media:credit", "itunes:summary", "itunes:author", "itunes:owner",
    "itunes:keywords", "itunes:title", "itunes:subtitle", "itunes:image", "image", "textinput",
    "subtitle", "tagline", "feedburner:browserfriendly", "yandex:full-text", "turbo:content",
))  # fmt: skip
# Passed over, too, but often left open by those who take them for HTML's void elements.
_VOID: Final = frozenset(("enclosure", "media:content", "media:thumbnail", "itunes:image"))
# Where the tolerant reader leaves an unclosed description: nothing of HTML begins so.
_FIELDS: Final = frozenset(("guid", "pubdate", "link"))
# What is an item and what is around it: the tolerant reader leaves everything open there.
_ITEMS: Final = frozenset(("item", "entry"))
_ROOTS: Final = frozenset(("rss", "feed", "rdf:rdf"))
_STRUCTURE: Final = _ITEMS | _ROOTS | {"channel"}

_HOUR = re.compile(r"\d{1,2}")
_WEEKDAYS: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
# RSS 1.0 syndication module; `always` is no part of it but is seen.
_PERIODS: Final = {
    "hourly": 3_600,
    "always": 3_600,
    "daily": 86_400,
    "weekly": 7 * 86_400,
    "monthly": 30 * 86_400,
    "yearly": 365 * 86_400,
}
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|i|img|ins|mark|p|q|s|small|span|strike|strong"
    r"|sub|sup|u|wbr)(?:\s[^<>]{0,2000})?/?>",
    re.I,
)


class _Enough(Exception):
    """A bound was reached: what has been read so far stands."""


# What feedparser's handlers raise on misplaced elements, e.g. at `</width>` outside an image.
_SLIPS: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


class _Reader(StrictFeedParser):  # type: ignore[misc]  # feedparser is untyped
    """feedparser's handlers with bounds; fed by expat or by the tolerant tokenizer."""

    resolve_relative_uris = False
    sanitize_html = False

    def __init__(self, base: str) -> None:
        # feedparser joins its base anew for every element; xml:base is kept here instead.
        super().__init__("", None, "utf-8")
        self._bases = [base]
        self.hours: list[str] = []
        self.days: list[str] = []
        self.slips = 0
        """Elements at which a handler of feedparser's failed: each costs itself, not the feed."""
        self._elements = 0
        self._depth = 0
        self._room = MAX_TEXT
        self.guidislink: bool = False
        self._passing = 0
        """How deep inside an element that is passed over."""

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if self._passing:
            self._passing += 1
            return
        self._elements += 1
        if self._elements > MAX_ELEMENTS or self._depth >= MAX_DEPTH:
            raise _Enough
        if self.standard(tag) in _PASSED_OVER:
            self._passing = 1
            return
        if tag in _ITEMS and len(self.entries) >= MAX_ENTRIES:
            raise _Enough
        self._depth += 1
        self._room = MAX_TEXT
        kept = []
        base = self._bases[-1]
        for name, value in attrs:
            if name in ("xml:base", "base"):
                base = absolute(value, base) or base
            elif len(value) <= MAX_URL:
                kept.append((name, value))
        self._bases.append(base)
        try:
            super().unknown_starttag(tag, kept)
        except _SLIPS:
            self.slips += 1

    def unknown_endtag(self, tag: str) -> None:
        if self._passing:
            self._passing -= 1
            return
        self._depth -= 1
        self._room = MAX_TEXT
        try:
            super().unknown_endtag(tag)
        except _SLIPS:
            self.slips += 1
        self._bases.pop()

    def characters(self, text: str) -> None:
        if not self._passing:
            self.handle_data(text)

    def handle_data(self, text: str, escape: int = 1) -> None:
        if self._passing or self._room <= 0:
            return
        text = text[: self._room]
        self._room -= len(text)
        super().handle_data(text, escape)

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        value = super().pop(element, strip_whitespace)
        # The handlers keep one value a name; a feed lists several hours and days.
        if value and element in ("hour", "day") and not self.inentry:
            (self.hours if element == "hour" else self.days).append(value)
        return value

    def resolve_uri(self, uri: str) -> str:
        return absolute(uri, self._bases[-1]) or ""

    def _sync_author_detail(self, key: str = "author") -> None:
        """Leaves authors alone: feedparser's search for their address is quadratic (issue 562)."""

    # A guid stays as it is written: it is an identity, and only perhaps an address.
    def _start_guid(self, attrs_d: dict[str, str]) -> None:
        super()._start_guid(attrs_d)
        self._permalink = self.guidislink
        self.guidislink = False

    _start_id = _start_guid

    def _end_guid(self) -> None:
        super()._end_guid()
        self._get_context()["permalink"] = self._permalink

    _end_id = _end_guid

    def standard(self, tag: str) -> str:
        """`tag` with feedparser's own prefix for its namespace."""
        prefix, colon, name = tag.partition(":")
        return f"{self.namespacemap.get(prefix, prefix)}:{name}" if colon else tag


def parse_syndication(
    text: str, url: str, entities: Mapping[str, str], zone: str | None
) -> ParsedFeed:
    """The feed in `text`, which begins at its root element; `entities` are the DOCTYPE's."""
    reader = _Reader(url)
    problem = _strict(reader, text, entities)
    if problem == "malformed xml":
        reader = _Reader(url)
        problem = _tolerant(reader, text, entities)
    return _feed(reader, url, problem, zone)


def _strict(reader: _Reader, text: str, entities: Mapping[str, str]) -> str | None:
    """Drives `reader` by expat. Returns the problem, None for well-formed XML."""
    declarations = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities.items())
    doctype = f"<!DOCTYPE feed [{declarations}]>" if declarations else ""
    expat = ExpatParser()
    expat.setFeature(xml.sax.handler.feature_namespaces, True)
    expat.setFeature(xml.sax.handler.feature_external_ges, False)
    expat.setContentHandler(reader)
    expat.setErrorHandler(reader)
    try:
        # In one piece: expat 2.5 re-reads a long token from its start with every piece.
        expat.feed((doctype + text).encode("utf-8", "replace"))
        expat.close()
    except xml.sax.SAXException:
        return "malformed xml"
    except _Enough:
        return "too large"
    return None


def _tolerant(reader: _Reader, text: str, entities: Mapping[str, str]) -> str:
    """Drives `reader` by the tolerant tokenizer, closing what the document left open."""
    opened: list[str] = []
    passing: str | None = None
    root_closed = False

    def close(name: str) -> None:
        """Ends the nearest open `name` and all inside it; an item's tags reach no further."""
        if name not in opened:
            return
        for depth, candidate in enumerate(reversed(opened), 1):
            if candidate == name:
                for _ in range(depth):
                    reader.unknown_endtag(opened.pop())
                return
            if candidate in _STRUCTURE and name not in _STRUCTURE:
                return

    try:
        for token in tokens(text, entities):
            name = token.value
            if passing is not None and token.kind != "text":
                if token.kind == "end" and name == passing:
                    passing = None
                    continue
                if name in _STRUCTURE or (token.kind == "start" and name in _FIELDS):
                    passing = None
            if passing is not None:
                continue
            if token.kind == "text":
                reader.handle_data(name)
            elif token.kind == "end":
                root_closed = root_closed or (name in _ROOTS)
                close(name)
            elif reader.standard(name) in _PASSED_OVER:
                passing = None if token.empty or reader.standard(name) in _VOID else name
            elif len(opened) < MAX_DEPTH - 1:
                if name in _ITEMS and name in opened:
                    close(name)
                opened.append(name)
                reader.unknown_starttag(name, list(token.attributes))
                if token.empty:
                    close(name)
        while opened:
            reader.unknown_endtag(opened.pop())
    except _Enough:
        return "too large"
    return "malformed xml" if root_closed else "truncated xml"


def _feed(reader: _Reader, url: str, problem: str | None, zone: str | None) -> ParsedFeed:
    data = reader.feeddata
    atom = reader.version.startswith("atom")
    entries = [e for raw in reader.entries if (e := _entry(raw, url, zone, atom=atom)) is not None]
    if reader.slips:
        problem = problem or "malformed xml"
    if not entries:
        known = reader.entries or reader.version or "title" in data or "link" in data
        problem = (problem or "no items") if known else "not a feed"
    links = dict.get(data, "links") or []
    return ParsedFeed(
        title=plain(_text(data, "title")),
        language=_text(data, "language")[:40] or None,
        link=absolute(_text(data, "link"), url),
        entries=tuple(entries),
        ttl_s=_ttl(
            _text(data, "ttl"), _text(data, "sy_updateperiod"), _text(data, "sy_updatefrequency")
        ),
        format=reader.version or "unknown",
        problem=problem,
        hub=_link(links, "hub", url),
        self_url=_link(links, "self", url),
        skip_hours=frozenset(int(h) % 24 for h in reader.hours if _HOUR.fullmatch(h)),
        skip_days=frozenset(
            _WEEKDAYS[day[:3].lower()] for day in reader.days if day[:3].lower() in _WEEKDAYS
        ),
        skipped=len(reader.entries) - len(entries),
    )


def _entry(raw: dict[str, Any], base: str, zone: str | None, *, atom: bool) -> Entry | None:
    """One item, or None when nothing in it is an address."""
    guid = _text(raw, "id")
    url = absolute(_text(raw, "feedburner_origlink"), base) or absolute(_text(raw, "link"), base)
    url = url or _link(dict.get(raw, "links") or [], "alternate", base)
    if url is None and (guid.startswith(("http://", "https://")) or dict.get(raw, "permalink")):
        url = absolute(guid, base) if "/" in guid else None
    if url is None:
        return None
    published = _date(raw, ("published", "created"), zone)
    updated = _date(raw, ("updated",), zone)
    if published is None and not atom:
        # feedparser files dc:date, the publication date of RSS 1.0, under `updated`.
        published = updated
    return Entry(
        url=url,
        guid=guid[:MAX_URL] or None,
        title=plain(_text(raw, "title")),
        published=published,
        updated=updated,
    )


def _text(data: dict[str, Any], key: str) -> str:
    # dict.get: feedparser's own look-up answers for other keys, with warnings.
    value = dict.get(data, key)
    return value.strip() if isinstance(value, str) else ""


def _date(raw: dict[str, Any], keys: Sequence[str], zone: str | None) -> datetime | None:
    for key in keys:
        if moment := parse_date(_text(raw, key), zone):
            return moment
        parsed = dict.get(raw, f"{key}_parsed")
        if not parsed or parsed[0] < 1000:  # it makes the year -1 of `0000-00-00`
            continue
        if moment := parse_date("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed)):
            return moment
    return None


def _link(links: Sequence[dict[str, Any]], rel: str, base: str) -> str | None:
    """The first link of that relation."""
    for link in links:
        if _text(link, "rel").lower() == rel and (url := absolute(_text(link, "href"), base)):
            return url
    return None


def _ttl(ttl_min: str, period: str, frequency: str) -> int | None:
    """Seconds between polls that the feed asks for: the longest of its statements.

    `ttl` is in minutes (RSS 2.0); a period divided by its frequency (syndication module).
    """
    asked = []
    if ttl_min[:9].isdecimal():
        asked.append(int(ttl_min[:9]) * 60)
    if seconds := _PERIODS.get(period.lower()):
        asked.append(seconds // max(1, int(frequency[:6]) if frequency[:6].isdecimal() else 1))
    return max(asked, default=0) or None


def plain(title: str) -> str | None:
    """A title as plain text: escaped or inline markup resolved, spaces collapsed; None if empty."""
    if "&" in title:
        try:
            title = html.unescape(title)
        except ValueError:  # a character reference of thousands of digits
            title = title.replace("&", "")
    if "<" in title:
        title = _INLINE_TAG.sub(" ", title)
    return clean_text(title)[:MAX_TITLE] or None
