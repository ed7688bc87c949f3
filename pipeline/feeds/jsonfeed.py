"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read forgivingly: any object with a list of items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.feeds.dates import parse_date
from pipeline.feeds.links import absolute
from pipeline.feeds.shapes import MAX_ENTRIES, MAX_URL, Entry, ParsedFeed
from pipeline.feeds.syndication import plain


def parse_jsonfeed(text: str, url: str, zone: str | None) -> ParsedFeed:
    """The feed in `text`; `problem` is `not a feed` for JSON of another kind or broken JSON."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ParsedFeed(problem="not a feed")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return ParsedFeed(problem="not a feed")
    raw = [item for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    entries = [entry for item in raw if (entry := _entry(item, url, zone)) is not None]
    if not raw and "jsonfeed.org" not in _string(document, "version"):
        return ParsedFeed(problem="not a feed")
    return ParsedFeed(
        title=plain(_string(document, "title")),
        language=_string(document, "language")[:40] or None,
        link=absolute(_string(document, "home_page_url"), url),
        entries=tuple(entries),
        format="json",
        problem=_problem(items, entries),
        hub=_hub(document, url),
        self_url=absolute(_string(document, "feed_url"), url),
        skipped=len(raw) - len(entries),
    )


def _problem(items: list[Any], entries: list[Entry]) -> str | None:
    if not entries:
        return "no items"
    return "too large" if len(items) > MAX_ENTRIES else None


def _entry(item: Mapping[str, Any], base: str, zone: str | None) -> Entry | None:
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, str | int) else ""
    # `external_url` is the page that a link blog talks about, thus second choice.
    candidates = [_string(item, "url"), _string(item, "external_url")]
    if guid.startswith(("http://", "https://")):
        candidates.append(guid)
    for candidate in candidates:
        if url := absolute(candidate, base):
            return Entry(
                url=url,
                guid=guid[:MAX_URL] or None,
                title=plain(_string(item, "title")),
                published=parse_date(_string(item, "date_published"), zone),
                updated=parse_date(_string(item, "date_modified"), zone),
            )
    return None


def _hub(document: Mapping[str, Any], base: str) -> str | None:
    hubs = document.get("hubs")
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and _string(hub, "type").lower() == "websub":
            return absolute(_string(hub, "url"), base)
    return None


def _string(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""
