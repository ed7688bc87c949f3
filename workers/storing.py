"""The one transaction in which an article becomes a record: all that belongs to it, or nothing.

Record, tags, alerts, aliases, story and state of the URL. It may be run twice (`workers.writing`):
it changes nothing but the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from pipeline import alerts
from pipeline.records import Record, RuleHit
from pipeline.store import alerts as outbox
from pipeline.store import records
from pipeline.store import urls as url_store
from workers.log import logger
from workers.runs import OVERTAKEN, Name, Run, finish


@dataclass(frozen=True, slots=True)
class Stored:
    """What an article came to."""

    state: str
    record: Record | None = None
    """None: it is a duplicate, of `record_id`, for the reason `why`."""
    record_id: str | None = None
    why: str | None = None
    alerts: int = 0

    def log(self, url: str) -> None:
        """Say it in one line, once it is committed."""
        if self.record is not None and self.state == "stored":
            logger().info(
                "stored",
                url=url,
                record=self.record.id,
                version=self.record.version,
                site=self.record.site,
                language=self.record.language,
                tags=len(self.record.tags),
                alerts=self.alerts,
            )
        elif self.state == "duplicate":
            logger().info("duplicate", url=url, of=self.record_id, why=self.why)


def store(
    tx: Connection,
    run: Run,
    record: Record,
    hits: Sequence[RuleHit],
    names: Sequence[Name],
    subscriptions: Mapping[str, Sequence[str]],
    now: datetime,
) -> Stored:
    """Store the article of a run, unless its claim was lost. `subscriptions`: rules a webhook."""
    run = run.draft()
    if not url_store.holds(tx, run.claim):
        return Stored(OVERTAKEN)
    twin, how = _twin(tx, run, names)
    if twin is not None and twin.record_id is not None:
        return _duplicate(tx, run, twin.record_id, how, now)
    if twin is not None:  # its own fetch would bring this very page
        record = replace(
            record,
            id=twin.key,
            url=twin.url,
            canonical_url=twin.canonical,
            site=twin.site,
            story=twin.key,
        )
    is_new = not records.exists(tx, record.id)
    if is_new and (same := records.same_text(tx, record.content_hash, but=record.id)):
        if same.site == record.site:
            return _duplicate(tx, run, same.id, "same text", now)
        record = replace(record, story=same.story, duplicate_of=same.id)
    record, outcome = records.save(tx, record, now)
    run.tell("stored", record=record.id, version=record.version, outcome=outcome)
    raised = _raise_alerts(tx, run, record, hits, twin, subscriptions, now)
    if twin is not None:
        url_store.settle(tx, twin.key, now)
        run.write(tx, twin.key, now)
        return _duplicate(tx, run, twin.key, how, now)
    for name, relation in names:
        if url_store.add_alias(tx, record.id, name, relation, now):
            run.tell("alias", url=name.url, how=relation)
    finish(tx, run, now, "stored", record_id=record.id)
    return Stored("stored", record, alerts=raised)


def _twin(tx: Connection, run: Run, names: Sequence[Name]) -> tuple[Row[Any] | None, str]:
    """The other URL we know that is the same article by a redirect or canonical link, and how."""
    for name, how in names:
        row = url_store.find(tx, name.key)
        if row is not None and run.claim.key not in (row.key, row.record_id):
            return row, how
    return None, ""


def _raise_alerts(
    tx: Connection,
    run: Run,
    record: Record,
    hits: Sequence[RuleHit],
    twin: Row[Any] | None,
    subscriptions: Mapping[str, Sequence[str]],
    now: datetime,
) -> int:
    """Put the record's alerts into the outbox; answers how many are new."""
    silent = run.claim.no_alert if twin is None else twin.no_alert
    muted = "queued with --no-alert" if silent else None
    raised = outbox.add(tx, alerts.decide(record, hits, subscriptions, now=now, muted=muted), now)
    for alert in raised:
        run.tell(
            "alert",
            alert=alert.id,
            rule=alert.rule_id,
            webhooks=list(alert.webhooks),
            muted=alert.muted,
        )
    return len(raised)


def _duplicate(tx: Connection, run: Run, record_id: str, why: str, now: datetime) -> Stored:
    run.tell("duplicate", of=record_id, why=why)
    finish(tx, run, now, "duplicate", reason=why, record_id=record_id)
    return Stored("duplicate", record_id=record_id, why=why)
