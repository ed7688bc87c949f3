"""Feeds of the demo's outlets: RSS 2.0, Atom, RSS 1.0 (RDF) and JSON Feed 1.1.

In: what the feed lists. Out: the bytes of the feed and its content type.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_REFRESH_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed."""

    url: str
    title: str
    published: datetime
    """Aware; written with the offset it has."""
    summary: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself."""

    url: str
    home: str
    title: str
    language: str


def render(format_name: str, channel: Channel, items: Sequence[Item]) -> bytes:
    """The feed in the format named: a key of `CONTENT_TYPES`."""
    writers = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}
    return writers[format_name](channel, items).encode()


def _rss(channel: Channel, items: Sequence[Item]) -> str:
    entries = "".join(
        f"""    <item>
      <title>{escape(item.title)}</title>
      <link>{escape(item.url)}</link>
      <guid isPermaLink="true">{escape(item.url)}</guid>
      <pubDate>{format_datetime(item.published)}</pubDate>
      <dc:creator>{escape(item.author)}</dc:creator>
      <description>{escape(f"<p>{escape(item.summary)}</p>")}</description>
    </item>
"""
        for item in items
    )
    return f"""{_XML}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>{escape(channel.title)}</title>
    <link>{escape(channel.home)}</link>
    <description>{escape(channel.title)}</description>
    <language>{channel.language}</language>
    <ttl>{_REFRESH_MINUTES}</ttl>
    <atom:link href={quoteattr(channel.url)} rel="self" type="application/rss+xml"/>
{entries}  </channel>
</rss>
"""


def _atom(channel: Channel, items: Sequence[Item]) -> str:
    newest = max((item.published for item in items), default=datetime(2025, 1, 1, tzinfo=UTC))
    entries = "".join(
        f"""  <entry>
    <id>{escape(item.url)}</id>
    <title>{escape(item.title)}</title>
    <link rel="alternate" type="text/html" href={quoteattr(item.url)}/>
    <published>{item.published.isoformat()}</published>
    <updated>{item.published.isoformat()}</updated>
    <author><name>{escape(item.author)}</name></author>
    <summary>{escape(item.summary)}</summary>
  </entry>
"""
        for item in items
    )
    return f"""{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.language}">
  <id>{escape(channel.url)}</id>
  <title>{escape(channel.title)}</title>
  <link rel="self" type="application/atom+xml" href={quoteattr(channel.url)}/>
  <link rel="alternate" type="text/html" href={quoteattr(channel.home)}/>
  <updated>{newest.isoformat()}</updated>
{entries}</feed>
"""


def _rdf(channel: Channel, items: Sequence[Item]) -> str:
    listing = "".join(f"<rdf:li rdf:resource={quoteattr(item.url)}/>" for item in items)
    entries = "".join(
        f"""  <item rdf:about={quoteattr(item.url)}>
    <title>{escape(item.title)}</title>
    <link>{escape(item.url)}</link>
    <description>{escape(item.summary)}</description>
    <dc:creator>{escape(item.author)}</dc:creator>
    <dc:date>{item.published.isoformat()}</dc:date>
  </item>
"""
        for item in items
    )
    return f"""{_XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/"
         xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about={quoteattr(channel.url)}>
    <title>{escape(channel.title)}</title>
    <link>{escape(channel.home)}</link>
    <description>{escape(channel.title)}</description>
    <dc:language>{channel.language}</dc:language>
    <items><rdf:Seq>{listing}</rdf:Seq></items>
  </channel>
{entries}</rdf:RDF>
"""


def _json(channel: Channel, items: Sequence[Item]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "language": channel.language,
        "items": [
            {
                "id": item.url,
                "url": item.url,
                "title": item.title,
                "summary": item.summary,
                "content_text": item.summary,
                "date_published": item.published.isoformat(),
                "authors": [{"name": item.author}],
            }
            for item in items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"
