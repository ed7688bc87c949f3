"""Loads a watchlist: a directory of YAML files, entries in all of them, rules in `rules*.yml`.

In: the directory. Out: a `Watchlist` ready to match with, stamped with a version that is the hash
of its content; or a `BrokenWatchlist` (a `ConfigError`) that names every error with file and line,
so that the daemon keeps the last good one. What is doubtful but usable is left to `lint`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from pipeline.errors import ConfigError
from pipeline.lists import Item, Problem, Report, nearest, read_items
from pipeline.records import RuleHit, Tag
from pipeline.watchlist.matcher import Matcher
from pipeline.watchlist.rule_files import read_rules
from pipeline.watchlist.rules import Rule, evaluate
from pipeline.watchlist.shapes import (
    Case,
    Entry,
    EntryKind,
    Inflect,
    Name,
    NameKind,
    Sex,
    SurnameAlone,
    source_name,
)

__all__ = ["LANGUAGES", "BrokenWatchlist", "Entry", "Name", "Watchlist", "load"]

LANGUAGES = ("be", "be_tarask", "ru", "uk", "pl", "lt", "lv", "de", "fr", "en")
"""The languages of names; forms are made for these."""
KINDS = ("person", "body", "company", "country", "place", "topic")
ENTRY_KEYS = frozenset(
    {"id", "kind", "group", "label", "names", "acronyms", "adjectives", "sex", "surname_alone"}
    | {"needs", "none_of", "inflect", "forms_add", "forms_drop", "case"}
    | {"source", "sources", "note"}
)
_NAME_KINDS: dict[str, NameKind] = {
    "names": "name",
    "acronyms": "acronym",
    "adjectives": "adjective",
}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LETTER = re.compile(r"[^\W\d_]|\d")


class BrokenWatchlist(ConfigError):
    """A watchlist that must not be used: keep the last good one. Names every error at once."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        self.problems = tuple(errors)
        first = errors[0]
        if len(errors) == 1:
            super().__init__(first.where, first.text, first.fix)
            return
        lines = "".join(f"\n  {problem}" for problem in errors)
        super().__init__(first.where, f"the watchlist has {len(errors)} errors:{lines}")


@dataclass(frozen=True)
class Watchlist:
    """A loaded watchlist: everything that tagging and alerting needs."""

    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...]
    """Sorted: a rule comes after the rules it uses."""
    version: str
    """12 hex digits of the SHA-256 of the files' names and bytes."""
    matcher: Matcher

    @cached_property
    def alerting(self) -> frozenset[str]:
        """Ids of the rules that alert; the others are categories that only serve rules."""
        return frozenset(rule.id for rule in self.rules if rule.alert)

    def apply(
        self, title: str | None, text: str, language: str
    ) -> tuple[tuple[Tag, ...], tuple[RuleHit, ...]]:
        """The tags of a document, and the rules that fire on it, categories included."""
        tags = self.matcher.tag(title, text, language)
        hits = evaluate(
            self.rules, tags, text=text, language=language, watchlist_version=self.version
        )
        return tags, hits

    def alerts_of(self, fired: Iterable[RuleHit]) -> tuple[RuleHit, ...]:
        """Of the rules that fired those that alert."""
        return tuple(hit for hit in fired if hit.id in self.alerting)


def load(directory: Path) -> Watchlist:
    """Read and check the watchlist in a directory; raises ConfigError naming file, line and fix."""
    found = sorted([*directory.glob("*.yml"), *directory.glob("*.yaml")])
    # Editors keep hidden copies beside the file that is being edited.
    files = [file for file in found if not file.name.startswith(".")]
    if not files:
        fix = "run `wirewatch init`, or name the directory with -C"
        raise ConfigError(str(directory), "no watchlist here (*.yml)", fix)
    try:
        contents = {file.name: file.read_bytes() for file in files}
    except OSError as error:
        raise ConfigError(str(error.filename), f"cannot be read: {error.strerror}") from error
    entries, rules, problems = read(contents)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise BrokenWatchlist(errors)
    return Watchlist(entries, rules, _version(contents), Matcher(entries))


def read(contents: dict[str, bytes]) -> tuple[tuple[Entry, ...], tuple[Rule, ...], list[Problem]]:
    """Parse the files (name → bytes); complete only when no error is among the problems."""
    problems: list[Problem] = []
    report = problems.append
    entry_items: list[Item] = []
    rule_items: list[Item] = []
    for file, content in contents.items():
        items = rule_items if file.startswith("rules") else entry_items
        items += read_items(content, file, report)
    entries = _read_entries(entry_items, report)
    rules = read_rules(rule_items, entries, report)
    return entries, rules, list(dict.fromkeys(problems))


def _version(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def _read_entries(items: Sequence[Item], report: Report) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    groups: dict[str, set[str]] = {}
    for item in items:
        id_ = item.text("id")
        groups.setdefault(item.text("group", "other"), set()).add(id_)
    ids = {item.text("id") for item in items}
    for item in items:
        if "names" not in item and ("any_of" in item or "all_of" in item or "near" in item):
            fix = "move it to a file whose name starts with rules"
            item.complain(
                "misplaced-rule", f"a rule in a file of entries: {item.text('id')!r}", None, fix
            )
            continue
        item.only(ENTRY_KEYS, "an entry")
        id_ = item.text("id", needed=True)
        entry = _read_entry(id_, item, ids, groups)
        if not _ID.fullmatch(id_):
            fix = "use small letters, digits, '-' and '_'"
            item.complain("bad-id", f"{id_!r} cannot be an entry id", "id", fix)
        elif id_ in entries:
            text = f"the id {id_!r} is taken by {entries[id_].where}"
            item.complain("duplicate-id", text, "id", "choose another")
        else:
            entries[id_] = entry
    return tuple(entries.values())


def _read_entry(id_: str, item: Item, ids: set[str], groups: dict[str, set[str]]) -> Entry:
    kind = cast(EntryKind, item.choice("kind", KINDS, "topic"))
    if "kind" not in item:
        item.complain("missing-key", "'kind' is missing", None, f"one of: {', '.join(KINDS)}")
    sex = item.choice("sex", ("f", "m", ""), "")
    names = _read_names(item)
    forms_add = {}
    added = item.table("forms_add")
    for language in added:
        _check_language(language, added)
        forms_add[language] = tuple(form for form, _ in added.texts(language))
    return Entry(
        id=id_,
        kind=kind,
        group=item.text("group", "other"),
        label=item.text("label", names[0].text if names else id_),
        names=names,
        sex=cast(Sex, sex) if sex else None,
        surname_alone=cast(SurnameAlone, _read_surname_alone(item, kind)),
        needs=_read_needs(item, ids, groups),
        none_of=tuple(word for word, _ in item.texts("none_of")),
        inflect=cast(Inflect, item.choice("inflect", ("auto", "none", "explicit"), "auto")),
        forms_add=forms_add,
        forms_drop=tuple(form for form, _ in item.texts("forms_drop")),
        case=cast(Case, item.choice("case", ("auto", "exact", "any"), "auto")),
        source=item.text("source"),
        where=item.where,
    )


def _read_surname_alone(item: Item, kind: str) -> str:
    value = item.text("surname_alone", "no").lower()
    value = {"true": "yes", "false": "no"}.get(value, value)
    if value not in ("yes", "with-context", "no"):
        text = f"surname_alone: {value!r} is not known"
        item.complain("unknown-value", text, "surname_alone", "yes, with-context or no")
    if "surname_alone" in item and kind != "person":
        text = "surname_alone is for persons only"
        item.complain("unknown-key", text, "surname_alone", "take it out")
    return value


def _read_needs(item: Item, ids: set[str], groups: dict[str, set[str]]) -> tuple[str, ...]:
    needs: dict[str, None] = {}
    for name, _ in item.texts("needs"):
        members = groups.get(name.removeprefix("group:")) if name.startswith("group:") else {name}
        if not members or not members <= ids:
            known = ids | {f"group:{group}" for group in groups}
            text = f"needs: {name!r} is no entry and no group"
            item.complain("unknown-id", text, "needs", nearest(name, known))
        needs |= dict.fromkeys(sorted(members or ()))
    return tuple(needs)


def _read_names(item: Item) -> tuple[Name, ...]:
    sources = _Sources(item)
    names = []
    for key, kind in _NAME_KINDS.items():
        table = item.table(key)
        for language in table:
            _check_language(language, table)
            for text, _ in table.texts(language):
                if not _LETTER.search(text):
                    table.complain("bad-name", f"{text!r} has no letter", language)
                names.append(Name(text, language, kind, sources.of(language, text)))
    sources.complain_unused()
    if not names:
        text = f"{item.text('id')!r} has no name in any language"
        item.complain("no-name", text, None, "add names: {en: [ … ]}")
    return tuple(names)


def _check_language(language: str, table: Item) -> None:
    if language not in LANGUAGES:
        fix = nearest(language, LANGUAGES) or f"one of: {', '.join(LANGUAGES)}"
        text = f"no forms are known for the language {language!r}"
        table.complain("unknown-language", text, table.key_node(language), fix)


class _Sources:
    """Where each name comes from: `sources: {eu765: [be, ru, "en:Alexander Lukashenko"]}`.

    A language alone stands for all its names that are not listed otherwise; what no source names
    comes from the entry's own `source`.
    """

    def __init__(self, item: Item) -> None:
        self._item = item
        self._default = source_name(item.text("source"))
        self._by_key: dict[str, str] = {}
        table = item.table("sources")
        for source in table:
            for key, _ in table.texts(source):
                self._by_key.setdefault(key, source)
        self._unused = set(self._by_key)

    def of(self, language: str, text: str) -> str:
        """The source of one name."""
        for key in (f"{language}:{text}", language):
            if key in self._by_key:
                self._unused.discard(key)
                return self._by_key[key]
        return self._default

    def complain_unused(self) -> None:
        """Report every key of `sources` that fits no name."""
        for key in sorted(self._unused):
            text = f"sources: no name {key!r} in this entry"
            self._item.complain("unknown-name", text, "sources", "write language or language:name")
