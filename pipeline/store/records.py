"""Records: saving with versions, finding the same text, listing and exporting.

A record's id is its URL's key. Saving the same text again changes only when it was fetched; another
text makes the next version, and what it replaced is kept in `record_versions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from pipeline.records import Mention, Record, Tag, tag_to_json, to_json
from pipeline.store.schema import record_tags, record_versions, records

USUAL_OF, USUAL_LEAST, USUAL_SHARE = 20, 5, 0.8
"""A site's usual language is that of 80 % of its last 20 records, when there are 5 at least."""
_COLUMNS = [records.c[f.name] for f in fields(Record)]


@dataclass(frozen=True, slots=True)
class SameText:
    """An earlier record with the very same text."""

    id: str
    site: str
    story: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records a listing means; an empty field does not restrict."""

    tag: str | None = None
    language: str | None = None
    site: str | None = None
    rule: str | None = None
    since: str | None = None
    """First publication day, YYYY-MM-DD."""
    until: str | None = None
    """Last publication day, YYYY-MM-DD."""
    text: str | None = None
    """Part of the title or the text, as written."""


def same_text(connection: Connection, content_hash: str, but: str) -> SameText | None:
    """The oldest record with this text, other than `but`.

    To the end of the transaction nobody else may look for the same text: else two workers that
    store it at once would not see each other's, and make it two records. (SQLite has one writer.)
    """
    if connection.dialect.name == "postgresql":
        _lock_text(connection, content_hash)
    row = connection.execute(
        select(records.c.id, records.c.site, records.c.story)
        .where(records.c.content_hash == content_hash, records.c.id != but)
        .order_by(records.c.stored_at)
        .limit(1)
    ).one_or_none()
    return SameText(row.id, row.site, row.story) if row else None


def same_texts(tx: Connection, hashes: Collection[str]) -> dict[str, SameText]:
    """`same_text` of many records that are not stored yet, by their hashes."""
    if tx.dialect.name == "postgresql":
        for content_hash in sorted(hashes):  # in one order, or two workers wait for each other
            _lock_text(tx, content_hash)
    same: dict[str, SameText] = {}
    for row in tx.execute(_OF_TEXTS, {"hashes": list(hashes)}):
        same.setdefault(row.content_hash, SameText(row.id, row.site, row.story))
    return same


_OF_TEXTS = (
    select(records.c.id, records.c.site, records.c.story, records.c.content_hash)
    .where(records.c.content_hash.in_(bindparam("hashes", expanding=True)))
    .order_by(records.c.stored_at)
)


def _lock_text(connection: Connection, content_hash: str) -> None:
    lock = int(content_hash[:16], 16) - 2**63  # an advisory lock's number is a signed bigint
    connection.execute(select(func.pg_advisory_xact_lock(lock)))


def add(tx: Connection, fresh: Sequence[Record], now: datetime) -> None:
    """Store records of which there is none of the same id."""
    if fresh:
        tx.execute(_INSERT, [_row(record) | {"stored_at": now} for record in fresh])
        _insert_tags(tx, fresh)


_INSERT = insert(records)


def save(
    tx: Connection, record: Record, now: datetime
) -> tuple[Record, Literal["new", "changed", "unchanged"]]:
    """Store a record; answers it with its version, and what it was to us.

    An unchanged text stays in the story it was found to belong to.
    """
    before = get(tx, record.id)
    if before is None:
        record = replace(record, version=1)
        add(tx, [record], now)
        return record, "new"
    outcome: Literal["changed", "unchanged"] = "changed"
    if before.content_hash == record.content_hash:
        outcome = "unchanged"
        record = replace(
            record,
            version=before.version,
            story=before.story,
            duplicate_of=before.duplicate_of,
        )
    else:
        record = replace(record, version=before.version + 1)
        tx.execute(
            insert(record_versions).values(
                record_id=before.id, version=before.version, replaced_at=now, record=to_json(before)
            )
        )
    tx.execute(update(records).where(records.c.id == record.id).values(_row(record)))
    _save_tags(tx, record)
    return record, outcome


def _row(record: Record) -> dict[str, Any]:
    row = {f.name: getattr(record, f.name) for f in fields(Record)}
    return row | {"tags": [tag_to_json(tag) for tag in record.tags]}


def _save_tags(tx: Connection, record: Record) -> None:
    tx.execute(delete(record_tags).where(record_tags.c.record_id == record.id))
    _insert_tags(tx, [record])


def _insert_tags(tx: Connection, tagged: Sequence[Record]) -> None:
    rows = [
        {
            "tag_id": tag.id,
            "record_id": record.id,
            "kind": tag.kind,
            "count": tag.count,
            "score": tag.score,
        }
        for record in tagged
        for tag in record.tags
    ]
    if rows:
        tx.execute(_INSERT_TAGS, rows)


_INSERT_TAGS = insert(record_tags)


def exists(connection: Connection, record_id: str) -> bool:
    """Whether there is a record of this id."""
    return connection.scalar(select(records.c.id).where(records.c.id == record_id)) is not None


def existing(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of the ids of which there are records."""
    return set(connection.scalars(_EXISTING, {"ids": list(ids)}))


_EXISTING = select(records.c.id).where(records.c.id.in_(bindparam("ids", expanding=True)))


def get(connection: Connection, record_id: str) -> Record | None:
    """One record by its id."""
    row = connection.execute(select(*_COLUMNS).where(records.c.id == record_id)).one_or_none()
    return None if row is None else _record(row)


def find(connection: Connection, chosen: Filter, limit: int | None = None) -> Iterator[Record]:
    """The records a filter names, newest publication day first; streamed, not held in memory."""
    query = _where(select(*_COLUMNS), chosen).order_by(records.c.date.desc(), records.c.id)
    streamed = {"yield_per": 200}  # of this statement: the connection has other readers
    for row in connection.execute(query.limit(limit), execution_options=streamed):
        yield _record(row)


def count(connection: Connection, chosen: Filter) -> int:
    """How many records a filter names."""
    return connection.scalar(_where(select(func.count()).select_from(records), chosen)) or 0


def usual_language(connection: Connection, site: str) -> str | None:
    """The language that most of a site's latest records are in; None without a clear one."""
    latest = connection.scalars(_LATEST_LANGUAGES, {"of": site}).all()
    if len(latest) < USUAL_LEAST:
        return None
    language, number = Counter(latest).most_common(1)[0]
    return language if number >= USUAL_SHARE * len(latest) and language != "und" else None


_LATEST_LANGUAGES = (
    select(records.c.language)
    .where(records.c.site == bindparam("of"))
    .order_by(records.c.stored_at.desc())
    .limit(USUAL_OF)
)


def _where(query: Select[Any], chosen: Filter) -> Select[Any]:
    if chosen.tag:
        tagged = select(record_tags.c.record_id).where(record_tags.c.tag_id == chosen.tag)
        query = query.where(records.c.id.in_(tagged))
    if chosen.language:
        query = query.where(records.c.language == chosen.language)
    if chosen.site:
        query = query.where(records.c.site == chosen.site)
    if chosen.rule:
        query = query.where(
            records.c.rules.cast(Text).contains(f'"{chosen.rule}"', autoescape=True)
        )
    if chosen.since:
        query = query.where(records.c.date >= chosen.since)
    if chosen.until:
        query = query.where(records.c.date <= chosen.until)
    if chosen.text:
        query = query.where(
            or_(_holds(records.c.title, chosen.text), _holds(records.c.text, chosen.text))
        )
    return query


def _holds(column: Column[Any], part: str) -> ColumnElement[bool]:
    """Whether a text has a part as written: LIKE would pass over case on SQLite only."""
    return func.replace(column, part, "") != column


def _record(row: Row[Any]) -> Record:
    values = dict(row._mapping)
    for name in ("authors", "blocks", "rules"):
        values[name] = tuple(values[name])
    values["tags"] = tuple(
        Tag(**(tag | {"mentions": tuple(Mention(**mention) for mention in tag["mentions"])}))
        for tag in values["tags"]
    )
    return Record(**values)
