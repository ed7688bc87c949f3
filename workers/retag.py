"""Tags stored records again with the watchlist in force, without fetching anything.

What changes is written as a run's outcome would be: tags, rules, the list's version, a line in the
story, and alerts for rules that had not fired before; one transaction a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from pipeline import alerts
from pipeline.records import Record, RuleHit
from pipeline.store import alerts as outbox
from pipeline.store import events, records
from workers.context import Context, utc_now

BATCH = 50
"""Records a transaction: live work goes on between two of them."""


@dataclass(frozen=True, slots=True)
class Change:
    """What tagging a record again came to."""

    record_id: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rules_added: tuple[str, ...]
    rules_removed: tuple[str, ...]
    alerts: int
    """How many new ones were put into the outbox."""


def retag(context: Context, record_ids: Sequence[str], *, no_alert: bool) -> Iterator[Change]:
    """Tag these records again; yields what became of each as it is done."""
    for start in range(0, len(record_ids), BATCH):
        batch = record_ids[start : start + BATCH]
        with context.database.read() as connection:
            found = [record for key in batch if (record := records.get(connection, key))]
        done = [_tagged(context, record) for record in found]
        with context.database.write() as tx:
            changes = [
                _save(context, tx, before, after, hits, no_alert)
                for before, (after, hits) in zip(found, done, strict=True)
            ]
        yield from changes


def _tagged(context: Context, record: Record) -> tuple[Record, tuple[RuleHit, ...]]:
    """The record with today's tags, and the alerting rules that fire on it."""
    watchlist = context.watchlist
    tags, fired = watchlist.apply(record.title, record.text, record.language)
    hits = watchlist.alerts_of(fired)
    after = replace(
        record,
        tags=tags,
        rules=tuple(hit.id for hit in hits),
        watchlist_version=watchlist.version,
    )
    return after, hits


def _save(
    context: Context,
    tx: Connection,
    before: Record,
    after: Record,
    hits: Sequence[RuleHit],
    no_alert: bool,
) -> Change:
    now = utc_now()
    old, new = {tag.id for tag in before.tags}, {tag.id for tag in after.tags}
    records.save(tx, after, now)
    subscriptions = {hook.name: hook.rules for hook in context.settings.webhooks}
    muted = "tagged again with --no-alert" if no_alert else None
    raised = outbox.add(tx, alerts.decide(after, hits, subscriptions, now=now, muted=muted), now)
    change = Change(
        after.id,
        added=tuple(sorted(new - old)),
        removed=tuple(sorted(old - new)),
        rules_added=tuple(sorted(set(after.rules) - set(before.rules))),
        rules_removed=tuple(sorted(set(before.rules) - set(after.rules))),
        alerts=len(raised),
    )
    line = {
        "watchlist": after.watchlist_version,
        "added": list(change.added),
        "removed": list(change.removed),
        "rules_added": list(change.rules_added),
        "rules_removed": list(change.rules_removed),
        "alerts": [alert.id for alert in raised],
    }
    events.note(tx, after.id, now, "retagged", line)
    return change
