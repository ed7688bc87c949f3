"""What a feed of any format comes down to: a `ParsedFeed` of `Entry`s.

The parsers of the formats (syndication, jsonfeed, sitemap) fill these shapes; `parse` hands them
out. The bounds that hold for every format are here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MAX_ENTRIES: Final = 5_000
"""Entries taken from one document. Real feeds list 10–500; only archives and sitemaps list more."""
MAX_URL: Final = 4_096
"""Longer addresses are no article of any site seen, and cost every later stage."""
MAX_TITLE: Final = 1_000

FATAL_PROBLEMS: Final = frozenset(
    {"html", "empty", "not a feed", "unreadable gzip", "parser failed"}
)
"""Problems of a document that is no feed at all. The others come with what could be had."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed: an address, and what the feed says of it."""

    url: str
    """Absolute http(s) URL as the feed gives it, resolved but not yet canonical."""
    guid: str | None = None
    title: str | None = None
    """Plain text."""
    published: datetime | None = None
    """Aware, UTC."""
    updated: datetime | None = None
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A document read as a feed. `problem` says in a few stable words what is wrong with it."""

    title: str | None = None
    language: str | None = None
    """As declared: a hint, often wrong."""
    link: str | None = None
    """The site that the feed belongs to."""
    entries: tuple[Entry, ...] = ()
    """In the document's order; sitemaps newest first."""
    ttl_s: int | None = None
    """Seconds the feed asks to be left alone: RSS ttl or the syndication module's period."""
    format: str = "unknown"
    """feedparser's version names (`rss20`, `atom10`, …), `json`, `sitemap`, `news-sitemap`,
    `text-sitemap`, `sitemap-index`."""
    problem: str | None = None
    """None, or one of: html, empty, not a feed, no items, truncated xml, malformed xml, too large,
    unreadable gzip, parser failed: (which error)."""
    children: tuple[str, ...] = ()
    """A sitemap index's sitemaps, newest first, bounded."""
    hub: str | None = None
    """WebSub hub."""
    self_url: str | None = None
    """The feed's own address as it claims it (the WebSub topic)."""
    skip_hours: frozenset[int] = frozenset()
    """Hours (UTC, 0–23) in which the feed asks not to be polled."""
    skip_days: frozenset[int] = frozenset()
    """Weekdays (Monday is 0, UTC) on which the feed asks not to be polled."""
    skipped: int = 0
    """Items without a usable link: counted, since nothing can be fetched for them."""

    @property
    def is_feed(self) -> bool:
        """Whether the document was a feed at all, with or without items or blemishes."""
        return (self.problem or "").partition(":")[0] not in FATAL_PROBLEMS
