"""Everything that happened to one URL: its names, who listed it, its story, its alerts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from pipeline.store import alerts as outbox
from pipeline.store import events
from pipeline.store import urls as url_store
from pipeline.store.schema import aliases, entries, feeds, record_versions, urls


def trace(connection: Connection, key: str) -> dict[str, Any] | None:
    """The whole story behind a URL's key or an alias's, as plain data; None if never seen."""
    row = url_store.find(connection, key)
    if row is None:
        return None
    raised = outbox.of_record(connection, row.key)
    receipts = outbox.receipts(connection, [alert.id for alert in raised])
    return {
        "url": row.url,
        "canonical": row.canonical,
        "key": row.key,
        "site": row.site,
        "state": row.state,
        "reason": row.reason,
        "detail": row.detail,
        "attempts": row.attempts,
        "waiting_until": row.due_at,
        "record": row.record_id,
        "first_seen": row.first_seen_at,
        "aliases": _plain(
            connection,
            select(aliases.c.url, aliases.c.how, aliases.c.seen_at).where(
                aliases.c.url_key == row.key
            ),
        ),
        "duplicates": _plain(
            connection,
            select(urls.c.url, urls.c.reason).where(
                urls.c.record_id == row.key, urls.c.state == "duplicate"
            ),
        ),
        "listed_by": _plain(
            connection,
            select(
                feeds.c.url.label("feed"),
                feeds.c.title.label("feed_title"),
                entries.c.title,
                entries.c.published_at,
                entries.c.first_listed_at,
            )
            .join(feeds, feeds.c.id == entries.c.feed_id)
            .where(entries.c.url_key == row.key)
            .order_by(entries.c.first_listed_at),
        ),
        "replaced_versions": _plain(
            connection,
            select(record_versions.c.version, record_versions.c.replaced_at).where(
                record_versions.c.record_id == row.key
            ),
        ),
        "story": events.story(connection, row.key),
        "alerts": [
            {
                "alert": alert.id,
                "rule": alert.rule_id,
                "at": alert.created_at,
                "muted": alert.muted,
                "deliveries": [
                    {
                        "webhook": receipt.webhook,
                        "state": receipt.state,
                        "due": receipt.due_at,
                        "at": receipt.at,
                        "status": receipt.status,
                        "error": receipt.error,
                        "ms": receipt.ms,
                    }
                    for receipt in receipts
                    if receipt.alert_id == alert.id
                ],
            }
            for alert in raised
        ],
    }


def _plain(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(query)]
