"""Rows for tests of the store: identities, records, alerts, and one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from pipeline import urls
from pipeline.normalise import content_hash
from pipeline.records import Mention, Record, Tag
from pipeline.store import admission
from pipeline.store import urls as url_store
from pipeline.store.admission import HandOptions
from pipeline.store.schema import urls as table
from pipeline.store.urls import Claim, UrlIdentity

NOW = datetime(2025, 10, 17, 6, 41, tzinfo=UTC)
"""When these tests happen."""
LEASE_S = 15.0
BELAVIA = Tag(
    "belavia", "company", "Belavia", 1, 1.0, (Mention(0, 7, "Белавиа", "Белавиа", "lead"),)
)


def later(seconds: float) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(seconds=seconds)


def identity(url: str) -> UrlIdentity:
    """Who a URL is, as the door finds it."""
    canonical = urls.canonicalize(url)
    return UrlIdentity(urls.key(canonical), url, canonical, urls.site(canonical))


def article(number: int, site: str = "news.example") -> UrlIdentity:
    """One article of a site."""
    return identity(f"https://{site}/articles/{number}")


def queue(tx: Connection, *identities: UrlIdentity, **options: Any) -> list[str]:
    """Queue URLs by hand; their keys."""
    admission.add_by_hand(tx, identities, HandOptions(**options), NOW)
    return [each.key for each in identities]


def take(tx: Connection, key: str, owner: str = "worker", at: datetime = NOW) -> Claim:
    """Claim a queued URL, as the job of its present generation does."""
    generation = row(tx, key).generation
    claim = url_store.claim(tx, key, generation, owner, at, LEASE_S)
    assert claim is not None, f"{key} could not be claimed: it is {row(tx, key).state}"
    return claim


def end(tx: Connection, who: UrlIdentity, state: str, **values: Any) -> None:
    """Bring a URL into a state by the way that workers take."""
    (key,) = queue(tx, who)
    if state == "queued":
        return
    claim = take(tx, key)
    if state == "fetching":
        return
    if state == "waiting":
        values.setdefault("due_at", later(600))
    if state in ("stored", "duplicate"):
        values.setdefault("record_id", key)
    assert url_store.finish(tx, claim, NOW, state, **values)


def row(connection: Connection, key: str) -> Row[Any]:
    """A URL's row."""
    return connection.execute(select(table).where(table.c.key == key)).one()


def record(who: UrlIdentity, text: str = "Белавиа летает.", **values: Any) -> Record:
    """The record of an article."""
    made: dict[str, Any] = {
        "id": who.key,
        "url": who.url,
        "canonical_url": who.canonical,
        "site": who.site,
        "feed": None,
        "title": "Белавиа",
        "authors": ("А. Автор",),
        "published": "2025-10-17T09:41:00+03:00",
        "published_source": "jsonld",
        "date": "2025-10-17",
        "updated": None,
        "fetched": "2025-10-17T06:41:00+00:00",
        "language": "ru",
        "language_confidence": 0.9876,
        "text": text,
        "blocks": tuple("paragraph" for _ in text.split("\n\n")),
        "tags": (BELAVIA,),
        "rules": ("airline",),
        "story": who.key,
        "duplicate_of": None,
        "version": 1,
        "content_hash": content_hash(text),
        "extractor": "trafilatura-precision",
        "watchlist_version": "0123456789ab",
        "http_status": 200,
        "http_ms": 42,
    }
    return Record(**(made | values))
