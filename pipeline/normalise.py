"""From what the stages found to one record. Pure; the shape is `pipeline.records.Record`."""

from __future__ import annotations

import hashlib
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.records import Article, Language, Page, Record, RuleHit, Tag


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: the URL's identity and the feed that listed it."""

    key: str
    url: str
    canonical_url: str
    site: str
    feed: str | None
    zone: str | None
    """IANA time zone of the publisher, where it is known."""


def build_record(
    origin: Origin,
    page: Page,
    article: Article,
    language: Language,
    tags: Sequence[Tag],
    hits: Sequence[RuleHit],
    watchlist_version: str,
) -> Record:
    """The record of one article. Its version and whom it repeats are known only to the store.

    An article without a date gets the day it was fetched on, in the publisher's zone, and says so:
    `published` is empty and `published_source` is `none`.
    """
    text = article.text
    return Record(
        id=origin.key,
        url=origin.url,
        canonical_url=origin.canonical_url,
        site=origin.site,
        feed=origin.feed,
        title=article.title,
        authors=article.authors,
        published=_iso(article.published),
        published_source=article.published_source,
        date=_day(article.published, page.fetched, origin.zone),
        updated=_iso(article.updated),
        fetched=page.fetched.astimezone(UTC).isoformat(timespec="seconds"),
        language=language.tag,
        language_confidence=round(language.confidence, 4),
        text=text,
        blocks=tuple(block.kind for block in article.blocks),
        tags=tuple(tags),
        rules=tuple(hit.id for hit in hits),
        story=origin.key,
        duplicate_of=None,
        version=1,
        content_hash=content_hash(text),
        extractor=article.extractor,
        watchlist_version=watchlist_version,
        http_status=page.status,
        http_ms=page.elapsed_ms,
        truncated=article.truncated,
    )


def content_hash(text: str) -> str:
    """SHA-256 of a record's text, hexadecimal: equal texts are one story."""
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(moment: datetime | date | None) -> str | None:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat() if moment else None


def _day(published: datetime | date | None, fetched: datetime, zone: str | None) -> str:
    """The day in the publisher's zone; an instant that carries its own offset keeps its day."""
    if published is None:
        published = fetched.astimezone(zoneinfo.ZoneInfo(zone) if zone else UTC)
    if isinstance(published, datetime):
        published = published.date()
    return published.isoformat()
