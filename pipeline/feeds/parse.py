"""A document of any feed format to a `ParsedFeed`. Never raises, whatever the bytes.

In: what the door brought (bytes, headers, the final URL). Out: entries with absolute links and
aware dates, and in `problem` what is wrong. RSS, RDF and Atom go to `syndication` (feedparser),
the rest to `jsonfeed` and `sitemap`. Which entries are new, and what to do about a problem, is
the poller's affair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipeline.feeds.charset import FORBIDDEN, decode, gunzip
from pipeline.feeds.jsonfeed import parse_jsonfeed
from pipeline.feeds.shapes import Entry, ParsedFeed
from pipeline.feeds.sitemap import parse_sitemap, parse_url_list
from pipeline.feeds.syndication import parse_syndication

__all__ = ["Entry", "ParsedFeed", "parse"]

_HEAD: Final = 65_536
"""Characters in which the root element must begin; before it stand declarations, comments and
what a broken server printed first."""
_MAX_ENTITIES: Final = 200

_FEED_ROOT = re.compile(
    r"<(?:[A-Za-z][\w.-]{0,40}:)?(rss|rdf|feed|urlset|sitemapindex|channel)[\s>/]", re.I
)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_ANY_ROOT = re.compile(r"<(?:[A-Za-z_])")
# Plain text and character references only: what feedparser, too, holds for safe.
_ENTITY = re.compile(
    r"""<!ENTITY\s{1,10}([A-Za-z_][\w.-]{0,60})\s{1,10}(?:"([^"&%<]{0,128}|&#\w{1,8};)"|'([^'"&%<]{0,128})')\s{0,10}>"""
)


def parse(
    body: bytes, headers: Mapping[str, str], url: str, *, zone: str | None = None
) -> ParsedFeed:
    """The feed in `body`.

    `headers` in lower case; `url` is where the body came from, the base of relative links; `zone`
    is the publisher's IANA zone, for dates that name none.
    """
    plain_bytes = gunzip(body)
    if plain_bytes is None:
        return ParsedFeed(problem="unreadable gzip")
    text = FORBIDDEN.sub("", decode(plain_bytes, headers)).lstrip("\ufeff \t\r\n")
    if not text:
        return ParsedFeed(problem="empty")
    try:
        return _by_format(text, url, zone)
    except Exception as error:  # noqa: BLE001  # feedparser's handlers may raise anything at all
        return ParsedFeed(problem=f"parser failed: {type(error).__name__}")


def _by_format(text: str, url: str, zone: str | None) -> ParsedFeed:
    if text[0] in "{[":
        return parse_jsonfeed(text, url, zone)
    head = text[:_HEAD]
    root = _FEED_ROOT.search(head)
    if root is None:
        if _HTML_ROOT.search(head):
            return ParsedFeed(problem="html")
        return parse_url_list(text, url) or ParsedFeed(problem="not a feed")
    document = text[root.start() :]
    if root[1].lower() in ("urlset", "sitemapindex"):
        return parse_sitemap(document, url, zone)
    entities = {m[1]: m[2] or m[3] or "" for m in _ENTITY.finditer(head[: root.start()])}
    feed = parse_syndication(document, url, dict(list(entities.items())[:_MAX_ENTITIES]), zone)
    if not feed.entries and _HTML_ROOT.search(head[: root.start()]):
        return ParsedFeed(problem="html")
    return feed
