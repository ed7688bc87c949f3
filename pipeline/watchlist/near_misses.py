"""Why an entry whose name stands in a text got no tag: which of its own conditions held it back.

In: a watchlist and a document. Out: one `NearMiss` for each entry that would be tagged if a
condition of it (context, namesakes, surname, capitals) were lifted. Asked by `watchlist explain`,
so speed does not matter; the verdict is the matcher's own, run with the condition lifted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.records import Mention, Tag
from pipeline.watchlist.matcher import Matcher
from pipeline.watchlist.shapes import Entry


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A name that is in the text and does not count."""

    id: str
    label: str
    mention: Mention
    """The first place, as it would count without the condition."""
    reasons: tuple[str, ...]
    """What holds it back; several when only all of them lifted together let it count."""


_LIFTED: Mapping[str, Callable[[Entry], Entry]] = {
    "needs": lambda entry: replace(entry, needs=()),
    "none_of": lambda entry: replace(entry, none_of=()),
    "surname_alone": lambda entry: (
        replace(entry, surname_alone="yes") if entry.kind == "person" else entry
    ),
    "forms_drop": lambda entry: replace(entry, forms_drop=()),
    "case": lambda entry: replace(entry, case="any"),
}


def near_misses(
    entries: Sequence[Entry], tags: Sequence[Tag], title: str | None, text: str, language: str
) -> tuple[NearMiss, ...]:
    """The entries that have a name in the document but no tag, in the order of the list."""
    tagged = {tag.id for tag in tags}
    by_id = {entry.id: entry for entry in entries}
    open_entries = [_lift_all(entry) for entry in entries if entry.id not in tagged]
    found = Matcher(open_entries).tag(title, text, language)
    counted = [mention for tag in tags for mention in tag.mentions]
    misses = []
    for tag in found:
        mentions = [mention for mention in tag.mentions if not _taken(mention, counted)]
        if not mentions:
            continue
        entry = by_id[tag.id]
        context = [by_id[id_] for id_ in entry.needs if id_ in by_id and id_ != entry.id]
        lifted_alone = [
            name
            for name, lift in _LIFTED.items()
            if lift(entry) != entry
            and _has(entry.id, [lift(entry), *context], title, text, language)
        ]
        if "needs" in lifted_alone and "surname_alone" in lifted_alone:
            # Its full name is there: a surname that may stand alone frees that too.
            lifted_alone.remove("surname_alone")
        reasons = [_reason(name, entry) for name in lifted_alone or _conditions(entry)]
        misses.append(NearMiss(entry.id, entry.label, mentions[0], tuple(reasons)))
    order = {entry.id: place for place, entry in enumerate(entries)}
    return tuple(sorted(misses, key=lambda miss: order[miss.id]))


def _taken(mention: Mention, counted: Sequence[Mention]) -> bool:
    """Whether the place counts for another entry: part of a longer name, or a namesake's."""
    return any(
        (other.where == "title") == (mention.where == "title")
        and other.start < mention.end
        and mention.start < other.end
        for other in counted
    )


def _lift_all(entry: Entry) -> Entry:
    for lift in _LIFTED.values():
        entry = lift(entry)
    return entry


def _has(id_: str, entries: Sequence[Entry], title: str | None, text: str, language: str) -> bool:
    return any(tag.id == id_ for tag in Matcher(entries).tag(title, text, language))


def _conditions(entry: Entry) -> Iterator[str]:
    """The conditions that an entry has at all."""
    for name, lift in _LIFTED.items():
        if lift(entry) != entry:
            yield name


def _reason(name: str, entry: Entry) -> str:
    return {
        "needs": f"none of {', '.join(entry.needs)} is in the document (needs)",
        "none_of": f"one of {', '.join(entry.none_of)} is near (none_of)",
        "surname_alone": f"a surname alone does not count (surname_alone: {entry.surname_alone})",
        "forms_drop": "the form is dropped (forms_drop)",
        "case": "the letters are not written as the name is (case)",
    }[name]
