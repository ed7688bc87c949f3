"""What another watchlist would change in records that are already stored.

In: records as stored and a list not yet in force (or two lists). Out: for each record the tags and
alerting rules that it would gain and lose, and their totals. Nothing is written: `wirewatch requeue
--retag` applies a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.records import Record, Tag
from pipeline.watchlist.entries import Watchlist

EXAMPLES = 3
"""Records named for each tag and rule that changes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a list says of one record."""

    tags: tuple[Tag, ...]
    rules: tuple[str, ...]
    """Ids of the alerting rules that fire."""


@dataclass(frozen=True, slots=True)
class Change:
    """How two outcomes for one record differ."""

    record_id: str
    tags_added: tuple[Tag, ...]
    tags_removed: tuple[Tag, ...]
    tags_recounted: tuple[tuple[str, int, int], ...]
    """(tag id, mentions before, mentions after) of the tags that stay."""
    rules_added: tuple[str, ...]
    rules_removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(
            self.tags_added
            or self.tags_removed
            or self.tags_recounted
            or self.rules_added
            or self.rules_removed
        )


@dataclass(slots=True)
class Tally:
    """In how many records a tag or rule comes and goes, with a few of them."""

    added: int = 0
    removed: int = 0
    examples: list[str] = field(default_factory=list)
    """`surface @ record id` for tags, the record id for rules."""


@dataclass(slots=True)
class Report:
    """The sum over all records."""

    records: int = 0
    changed: int = 0
    tags: dict[str, Tally] = field(default_factory=dict)
    rules: dict[str, Tally] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Count one record."""
        self.records += 1
        self.changed += bool(change)
        for tag in change.tags_added:
            _count(self.tags, tag.id, 1, f"{tag.mentions[0].surface} @ {change.record_id}")
        for tag in change.tags_removed:
            _count(self.tags, tag.id, -1, f"{tag.mentions[0].surface} @ {change.record_id}")
        for rule in change.rules_added:
            _count(self.rules, rule, 1, change.record_id)
        for rule in change.rules_removed:
            _count(self.rules, rule, -1, change.record_id)


def judge(watchlist: Watchlist, record: Record) -> Outcome:
    """What a list says of a stored record, by the very functions that tag new ones."""
    tags, fired = watchlist.apply(record.title, record.text, record.language)
    return Outcome(tags, tuple(hit.id for hit in watchlist.alerts_of(fired)))


def changes(
    records: Iterable[Record], new: Watchlist, old: Watchlist | None = None
) -> Iterator[Change]:
    """One change a record, empty ones included, in their order.

    The comparison is with `old`, or with what is stored; a record that `old` itself tagged is not
    tagged again.
    """
    for record in records:
        if old is None or record.watchlist_version == old.version:
            before = Outcome(record.tags, record.rules)
        else:
            before = judge(old, record)
        if record.watchlist_version == new.version:
            after = Outcome(record.tags, record.rules)
        else:
            after = judge(new, record)
        yield compare(record.id, before, after)


def compare(record_id: str, before: Outcome, after: Outcome) -> Change:
    """The difference of two outcomes."""
    old_tags = {tag.id: tag for tag in before.tags}
    new_tags = {tag.id: tag for tag in after.tags}
    return Change(
        record_id=record_id,
        tags_added=tuple(tag for tag in after.tags if tag.id not in old_tags),
        tags_removed=tuple(tag for tag in before.tags if tag.id not in new_tags),
        tags_recounted=tuple(
            (tag.id, old_tags[tag.id].count, tag.count)
            for tag in after.tags
            if tag.id in old_tags and old_tags[tag.id].count != tag.count
        ),
        rules_added=tuple(rule for rule in after.rules if rule not in before.rules),
        rules_removed=tuple(rule for rule in before.rules if rule not in after.rules),
    )


def _count(tallies: dict[str, Tally], id_: str, sign: int, example: str) -> None:
    tally = tallies.setdefault(id_, Tally())
    if sign > 0:
        tally.added += 1
    else:
        tally.removed += 1
    if len(tally.examples) < EXAMPLES:
        tally.examples.append(f"{'+' if sign > 0 else '−'} {example}")
