"""The one transaction in which an article becomes a record: all that belongs to it, or nothing.

Record, tags, alerts, aliases, story and state of the URL; articles that are ready together share
it. It may be run twice (`workers.writing`): it changes nothing but the database.
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
from pipeline.store import events, records
from pipeline.store import urls as url_store
from pipeline.store.records import SameText
from pipeline.store.urls import Outcome
from workers.log import logger
from workers.runs import OVERTAKEN, Name, Run, finish

SAME_TEXT = "same text"
"""Why an article is a duplicate whose text is one of its site's already."""


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


@dataclass(frozen=True, slots=True)
class Finished:
    """The article of a run, to be stored."""

    run: Run
    record: Record
    hits: Sequence[RuleHit]
    names: Sequence[Name]
    """Other names of its URL."""
    subscriptions: Mapping[str, Sequence[str]]
    """Rules a webhook."""
    now: datetime


def store(tx: Connection, articles: Sequence[Finished]) -> list[Stored]:
    """Store the articles of some runs, but those whose claim was lost.

    New ones, which most are, with a few statements for all of them; then the others one by one.
    """
    articles = [replace(each, run=each.run.draft()) for each in articles]
    held = url_store.held(tx, [each.run.claim for each in articles])
    there = records.existing(tx, [each.record.id for each in articles])
    new = [
        place
        for place, each in enumerate(articles)
        if held[place] and not each.names and each.record.id not in there
    ]
    stored = dict(zip(new, _store_new(tx, [articles[place] for place in new]), strict=True))
    for place, each in enumerate(articles):
        if place not in stored:
            stored[place] = _store_one(tx, each) if held[place] else Stored(OVERTAKEN)
    return [stored[place] for place in range(len(articles))]


def _store_new(tx: Connection, articles: Sequence[Finished]) -> list[Stored]:
    """Store articles that have no record yet, and whose URLs have no other names."""
    if not articles:
        return []
    now = max(each.now for each in articles)
    same = records.same_texts(tx, {each.record.content_hash for each in articles})
    outcomes: list[Outcome] = []
    stored: list[Stored] = []
    for each in articles:
        record, run = each.record, each.run
        first = same.get(record.content_hash)
        if first is not None and first.site == record.site:
            run.tell("duplicate", of=first.id, why=SAME_TEXT)
            outcomes.append(Outcome(run.claim, "duplicate", first.id, SAME_TEXT))
            stored.append(Stored("duplicate", record_id=first.id, why=SAME_TEXT))
            continue
        if first is not None:
            record = replace(record, story=first.story, duplicate_of=first.id)
        else:
            same[record.content_hash] = SameText(record.id, record.site, record.story)
        record = replace(record, version=1)
        run.tell("stored", record=record.id, version=1, outcome="new")
        outcomes.append(Outcome(run.claim, "stored", record.id))
        stored.append(Stored("stored", record))
    records.add(tx, [each.record for each in stored if each.record is not None], now)
    for place, each in enumerate(articles):
        if (added := stored[place].record) is not None and each.hits:
            raised = _raise_alerts(tx, each.run, added, each.hits, None, each.subscriptions, now)
            stored[place] = replace(stored[place], alerts=raised)
    events.note_stories(tx, {each.run.claim.key: each.run.story for each in articles}, now)
    url_store.conclude(tx, outcomes, now)
    return stored


def _store_one(tx: Connection, article: Finished) -> Stored:
    """Store an article whose claim is held, whatever is known of it and its other names."""
    run, record, names, now = article.run, article.record, article.names, article.now
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
            return _duplicate(tx, run, same.id, SAME_TEXT, now)
        record = replace(record, story=same.story, duplicate_of=same.id)
    record, outcome = records.save(tx, record, now)
    run.tell("stored", record=record.id, version=record.version, outcome=outcome)
    raised = _raise_alerts(tx, run, record, article.hits, twin, article.subscriptions, now)
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
