"""The story of each URL: one line a room it walked through, written with what happened there.

The lines are what `wirewatch trace` tells. They are facts for people and programs alike: an event's
name is stable, its data are plain JSON.

| event | data |
|---|---|
| listed | feed, title, url: a feed listed it; by: push when a hub sent it |
| queued | by (feed, hand, requeue, alias), queue, flags |
| waiting | reason, until, attempt |
| fetched | status, bytes, ms, final_url, hops |
| extracted | extractor, title, published, published_source, blocks, chars, truncated, found |
| language | tag, confidence, runner_up, reason |
| tagged | watchlist, tags {id: count}, rules |
| retagged | watchlist, added, removed, rules_added, rules_removed, alerts |
| stored | record, version; unchanged when a re-fetch found the same text |
| duplicate | of, why |
| rejected, failed | reason, detail, attempts |
| recovered | a worker died while it had the URL |
| alias | url, how |
| alert | alert, rule, webhooks; muted and why when it is not sent |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from pipeline.store.schema import events

_INSERT = insert(events)


def note(tx: Connection, key: str, at: datetime, event: str, data: dict[str, Any]) -> None:
    """Add one line to a URL's story."""
    tx.execute(insert(events).values(url_key=key, at=at, event=event, data=_lean(data)))


def note_many(
    tx: Connection, keys: Sequence[str], at: datetime, event: str, data: dict[str, Any]
) -> None:
    """Add the same line to the stories of many URLs."""
    if keys:
        lean = _lean(data)
        rows = [{"url_key": key, "at": at, "event": event, "data": lean} for key in keys]
        tx.execute(_INSERT, rows)


def note_story(
    tx: Connection, key: str, at: datetime, lines: Sequence[tuple[str, dict[str, Any]]]
) -> None:
    """Add several lines (event, data) to one URL's story."""
    if lines:
        rows = [
            {"url_key": key, "at": at, "event": event, "data": _lean(data)} for event, data in lines
        ]
        tx.execute(_INSERT, rows)


def note_stories(
    tx: Connection, stories: Mapping[str, Sequence[tuple[str, dict[str, Any]]]], at: datetime
) -> None:
    """Add several lines (event, data) to many URLs' stories: `stories` holds them by key."""
    rows = [
        {"url_key": key, "at": at, "event": event, "data": _lean(data)}
        for key, lines in stories.items()
        for event, data in lines
    ]
    if rows:
        tx.execute(_INSERT, rows)


def story(connection: Connection, key: str) -> list[dict[str, Any]]:
    """A URL's story in order: dicts of `at` (aware datetime), `event` and `data`."""
    rows = connection.execute(
        select(events.c.at, events.c.event, events.c.data)
        .where(events.c.url_key == key)
        .order_by(events.c.id)
    )
    return [dict(row._mapping) for row in rows]


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    """Without the values that say nothing."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {}, ())}
