"""Every table, once. Migrations under `migrations/` bring a database to this schema.

Instants are stored as text of fixed width in UTC (`2025-10-17T06:41:00.000000Z`): it sorts, both
databases compare it alike, and a person can read it. A URL's primary key is its identity
(`pipeline.urls.key`), which is also the id of its record.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

REVISION = "0002"
"""The migration that makes this schema; a test holds the two together."""
TERMINAL = ("stored", "duplicate", "rejected", "failed")
"""The states in which a URL's story ends; every URL ends in exactly one."""
PENDING = ("queued", "fetching", "waiting")
"""The states of a URL on its way to a terminal one."""
STATES = PENDING + TERMINAL


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC text of fixed width."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To text. A naive datetime is a bug in the caller and raises ValueError."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Back to an aware datetime."""
        return None if value is None else datetime.fromisoformat(value)


def instant_text(value: datetime) -> str:
    """The stored form of an aware datetime."""
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_Serial = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("language", String(16)),
    Column("country", String(8)),
    Column("kind", String(32)),
    Column("zone", String(64)),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("added_at", Instant, nullable=False),
    Column("state", JSON, nullable=False),  # pipeline.feeds.schedule.FeedState
    Column("next_poll_at", Instant),  # null: never again (gone) until it is enabled by hand
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("polls", Integer, nullable=False, server_default="0"),
    Column("last_polled_at", Instant),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("lease_owner", String(80)),
    Column("lease_until", Instant),
    Index(
        "ix_feeds_due",
        "next_poll_at",
        sqlite_where=text("enabled"),
        postgresql_where=text("enabled"),
    ),
)

feed_moves = Table(
    "feed_moves",  # where feeds were listed before; what leads from the user's list to the feed
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False),  # that is polled at to_url
    Column("from_url", Text, nullable=False),
    Column("to_url", Text, nullable=False),
    Column("merged", Boolean, nullable=False),  # to_url was a feed of its own already
    Column("moved_at", Instant, nullable=False),
    Column("undone_at", Instant),  # by hand; a move undone is never made again
    Index("ix_feed_moves_from_url", "from_url"),
)

feed_subscriptions = Table(
    "feed_subscriptions",  # WebSub: what hubs push to us, so that it need not be polled for
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),  # of the callback's address
    Column("secret", String(64), nullable=False),  # what the hub signs with
    Column("state", String(10), nullable=False),
    Column("due_at", Instant),  # when the hub is asked (again)
    Column("attempts", Integer, nullable=False, server_default="0"),  # since it last agreed
    Column("lease_until", Instant),  # until when the hub agreed to push
    Column("pushes", Integer, nullable=False, server_default="0"),
    Column("forged", Integer, nullable=False, server_default="0"),  # pushes not signed as agreed
    Column("last_push_at", Instant),
    Column("last_error", Text),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint(
        "state IN ('asked', 'active', 'denied', 'ending', 'ended')",
        name="state",
    ),
    Index("ix_feed_subscriptions_feed_id", "feed_id"),
    Index("ix_feed_subscriptions_due_at", "due_at"),
)

urls = Table(
    "urls",
    metadata,
    Column("key", String(16), primary_key=True),
    Column("url", Text, nullable=False),  # as first seen
    Column("canonical", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("feed_id", ForeignKey("feeds.id", ondelete="SET NULL")),  # that listed it first
    Column("state", String(10), nullable=False),
    Column("reason", Text),  # short and stable; why it is in this state
    Column("detail", Text),
    Column("queue", String(10), nullable=False),
    Column("front", Boolean, nullable=False, server_default=text("false")),
    Column("no_alert", Boolean, nullable=False, server_default=text("false")),
    Column("refetch", Boolean, nullable=False, server_default=text("false")),
    Column("generation", Integer, nullable=False, server_default="1"),  # +1 at each queueing anew
    Column("attempts", Integer, nullable=False, server_default="0"),  # tries in this generation
    Column("claims", Integer, nullable=False, server_default="0"),  # the fence: +1 a claim, ever
    Column("due_at", Instant),  # waiting: until when
    Column("dispatched_at", Instant),  # queued: when its job went to Redis
    Column("lease_owner", String(80)),  # fetching: the worker process that has it …
    Column("lease_until", Instant),  # … and until when it is believed to live
    Column("record_id", String(16)),  # stored: its record; duplicate: the record it repeats
    Column("first_seen_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint(f"state IN {STATES}", name="state"),
    Index("ix_urls_state", "state", "changed_at"),
    Index("ix_urls_site", "site"),
    Index(
        "ix_urls_dispatch",
        "queue",
        "front",
        "first_seen_at",
        sqlite_where=text("state = 'queued' AND dispatched_at IS NULL"),
        postgresql_where=text("state = 'queued' AND dispatched_at IS NULL"),
    ),
    # `state` stands first in the next four although the condition says it already: without
    # statistics SQLite takes ix_urls_state otherwise, and reads all that are in the state.
    Index(
        "ix_urls_due",
        "state",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_urls_dispatched",
        "state",
        "dispatched_at",
        sqlite_where=text("state = 'queued' AND dispatched_at IS NOT NULL"),
        postgresql_where=text("state = 'queued' AND dispatched_at IS NOT NULL"),
    ),
    Index(
        "ix_urls_lease",
        "state",
        "lease_until",
        sqlite_where=text("state = 'fetching'"),
        postgresql_where=text("state = 'fetching'"),
    ),
    Index(
        "ix_urls_repeats",
        "state",
        "record_id",
        sqlite_where=text("state = 'duplicate'"),
        postgresql_where=text("state = 'duplicate'"),
    ),
)

aliases = Table(
    "aliases",
    metadata,
    Column("key", String(16), primary_key=True),  # identity of the other name
    Column("url_key", ForeignKey("urls.key"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("how", String(16), nullable=False),  # redirect | canonical
    Column("seen_at", Instant, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("url_key", ForeignKey("urls.key"), primary_key=True),
    Column("guid", Text),
    Column("title", Text),
    Column("published_at", Instant),
    Column("first_listed_at", Instant, nullable=False),
    Column("pushed", Boolean, nullable=False, server_default=text("false")),  # came by WebSub
    Index("ix_entries_url_key", "url_key"),
)

events = Table(
    "events",  # the story of each URL: one line a room
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("url_key", ForeignKey("urls.key"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("event", String(24), nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_events_url_key", "url_key", "id"),
)

records = Table(
    "records",
    metadata,
    Column("id", ForeignKey("urls.key"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("feed", Text),
    Column("title", Text),
    Column("authors", JSON, nullable=False),
    Column("published", String(40)),
    Column("published_source", String(8), nullable=False),
    Column("date", String(10), nullable=False),
    Column("updated", String(40)),
    Column("fetched", String(40), nullable=False),
    Column("language", String(16), nullable=False),
    Column("language_confidence", Float, nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("story", String(16), nullable=False),
    Column("duplicate_of", String(16)),
    Column("version", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("extractor", Text, nullable=False),
    Column("watchlist_version", String(16), nullable=False),
    Column("http_status", Integer, nullable=False),
    Column("http_ms", Integer, nullable=False),
    Column("truncated", Boolean, nullable=False, server_default=text("false")),
    Column("stored_at", Instant, nullable=False),
    Index("ix_records_content_hash", "content_hash"),
    Index("ix_records_stored_at", "stored_at"),
    Index("ix_records_date", "date"),
    Index("ix_records_site", "site", "stored_at"),
)

record_versions = Table(
    "record_versions",  # what a re-fetch replaced
    metadata,
    Column("record_id", ForeignKey("records.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("replaced_at", Instant, nullable=False),
    Column("record", JSON, nullable=False),
)

record_tags = Table(
    "record_tags",  # records.tags without the evidence, to filter by
    metadata,
    Column("tag_id", Text, primary_key=True),
    Column("record_id", ForeignKey("records.id"), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("count", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Index("ix_record_tags_record_id", "record_id"),
)

alerts = Table(
    "alerts",  # the outbox: written in the transaction of its record, or of its feed's poll
    metadata,
    Column("id", String(40), primary_key=True),  # also the webhook-id
    Column("rule_id", Text, nullable=False),  # of a feed's alert: its type, e.g. feed.quiet
    Column("record_id", ForeignKey("records.id"), index=True),
    Column("feed_id", ForeignKey("feeds.id")),
    Column("created_at", Instant, nullable=False),
    Column("muted", Text),  # why it is not sent, if it is not
    Column("payload", Text, nullable=False),  # the very bytes that are signed and sent
    Index("ix_alerts_created_at", "created_at"),
)

deliveries = Table(
    "deliveries",  # one alert to one webhook
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False),
    Column("webhook", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),
    Column("dispatched_at", Instant),
    Column("lease_owner", String(80)),
    Column("lease_until", Instant),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("delivered_at", Instant),
    CheckConstraint("state IN ('pending', 'sending', 'delivered', 'dead')", name="state"),
    Index("uq_deliveries_alert_webhook", "alert_id", "webhook", unique=True),
    Index("ix_deliveries_state", "state", "due_at"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("ms", Integer, nullable=False),
)

webhooks = Table(
    "webhooks",  # what happened to an endpoint; its settings are in settings.toml
    metadata,
    Column("name", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("disabled_at", Instant),
    Column("reason", Text),
)
