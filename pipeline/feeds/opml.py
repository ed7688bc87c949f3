"""Feed lists in OPML 2.0 (opml.org), the exchange format of feed readers.

Export writes every setting of a feed: those that OPML knows under its names, the others as
attributes of our namespace, which other readers keep or ignore. Import takes any reader's file.
A new setting of `FeedSource` is carried without a change here.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any, Final

from lxml import etree

from pipeline import urls
from pipeline.errors import ConfigError, Rejected
from pipeline.feeds.charset import FORBIDDEN, decode
from pipeline.feeds.sources import FeedSource

NAMESPACE: Final = "urn:wirewatch:opml"
_STANDARD: Final = {"url": "xmlUrl", "title": "title", "language": "language"}
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,30});)")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed:(?=//)", re.I)
_FLAGS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def export_opml(sources: Iterable[FeedSource], title: str) -> bytes:
    """An OPML document of the feeds, UTF-8."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"wirewatch": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for source in sources:
        outline = etree.SubElement(body, "outline", {"type": "rss"})
        for item in fields(source):
            value = getattr(source, item.name)
            if item.default is not MISSING and value == item.default:
                continue
            outline.set(_STANDARD.get(item.name) or f"{{{NAMESPACE}}}{item.name}", _written(value))
        # Readers show `text`, which OPML demands; `title` alone says what the feed is called.
        outline.set("text", _written(source.title or source.url))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def import_opml(document: bytes, where: str) -> tuple[FeedSource, ...]:
    """The feeds of an OPML document, in its order, each address once; folders are left out.

    `where` is the file's name for messages. Raises ConfigError naming the line.
    """
    text = _DECLARATION.sub("", decode(document, {}), count=1)
    # Readers are known to write addresses without escaping their ampersands.
    text = _BARE_AMPERSAND.sub("&amp;", text).strip()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise ConfigError(f"{where}:{line}", f"no OPML: {error.msg}", "export it anew") from error
    if _local(root.tag) != "opml":
        raise ConfigError(f"{where}:1", "no OPML: it does not begin with <opml>", "check the file")
    found: dict[str, FeedSource] = {}
    for outline in root.iter(etree.Element):
        if _local(outline.tag) == "outline" and (source := _source(outline, where)):
            found.setdefault(source.url, source)
    return tuple(found.values())


def _source(outline: etree._Element, where: str) -> FeedSource | None:
    """The feed of one outline; None for a folder or a plain link."""
    standard = {str(k).lower(): str(v) for k, v in outline.attrib.items() if str(k)[0] != "{"}
    link = standard.get("xmlurl", "").strip()
    if not link:
        return None
    place = f"{where}:{outline.sourceline}"
    try:
        url = urls.parse_http(_FEED_SCHEME.sub("", link, count=1))
    except Rejected as error:
        raise ConfigError(place, f"xmlUrl: {error}", "give the feed's http(s) address") from error
    values: dict[str, Any] = {"url": url}
    hints = typing.get_type_hints(FeedSource)
    for item in fields(FeedSource):
        written = outline.get(f"{{{NAMESPACE}}}{item.name}")
        if written is not None:
            values[item.name] = _read(written, hints[item.name], f"{place}: {item.name}")
    text = standard.get("text", "")
    if title := standard.get("title") or (text if text != link else ""):
        values["title"] = title
    if language := standard.get("language", "").strip():
        values["language"] = language
    return FeedSource(**values)


def _written(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return FORBIDDEN.sub("", text)


def _read(written: str, hint: Any, where: str) -> Any:
    """The value of a setting as its type in `FeedSource` wants it."""
    kinds = [kind for kind in typing.get_args(hint) or (hint,) if kind is not type(None)]
    if bool in kinds:
        if written.strip().lower() not in _FLAGS:
            raise ConfigError(where, f"{written!r} is neither true nor false", "write true")
        return _FLAGS[written.strip().lower()]
    for kind in (int, float):
        if kind in kinds:
            try:
                return kind(written)
            except ValueError as error:
                raise ConfigError(where, f"{written!r} is no number", "write e.g. 900") from error
    return written


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()
