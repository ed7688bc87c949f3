"""Finds what is doubtful in a watchlist: the warnings and notes behind `watchlist check`.

In: loaded entries and rules. Out: `Problem`s with file and line. Errors that make a list unusable
are found by `entries.load`; here are names that two entries share, generated forms that are common
words (`frequencies/`), entries with very many forms, and languages without a name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from pipeline.lists import Problem, Severity
from pipeline.watchlist.fold import WORD, fold_word
from pipeline.watchlist.forms import word_forms
from pipeline.watchlist.inflect import LANGUAGES, primary, spellings
from pipeline.watchlist.rules import Rule, used_rules
from pipeline.watchlist.shapes import Entry, Name

MANY_FORMS = 2000
"""Forms of one entry in all languages together. In the default list the mean is 150, the most 1618;
a Belarusian word alone has some thirty in its three spellings."""
MORE_COMMON = 1.5
"""How much more common (Zipf) than its own dictionary form a form must be to be another word:
«после» (6.0) is no form of «посол» (4.0) to a reader, «границы» (4.5) is one of «граница» (4.0)."""
RARE = 3.5
"""The frequency at the most of a word that the lists do not hold."""
OFTEN_FIRST = 5.5
"""From here a word starts sentences, with a capital, often enough to pass for a name (lt «Kas»)."""
SHORTEST_NAME = 3
"""Letters of a name that may stand alone. Acronyms count letter by letter and may be shorter."""
SHOWN_FORMS = 6
"""Colliding forms that one problem lists."""


@cache
def common_words(language: str) -> Mapping[str, float]:
    """Folded lower-case words of a language → their Zipf frequency; empty for unknown languages."""
    file = files("pipeline.watchlist").joinpath("frequencies", f"{language}.txt")
    if not file.is_file():
        return {}
    words: dict[str, float] = {}
    for line in file.read_text("utf-8").splitlines():
        frequency, *row = line.split(" ")
        for word in row:
            folded = fold_word(word)
            words[folded] = max(float(frequency), words.get(folded, 0.0))
    return words


def lint(entries: Sequence[Entry], rules: Sequence[Rule] = ()) -> tuple[Problem, ...]:
    """Every warning and note on a watchlist, in the order of the files."""
    found: list[Problem] = []
    for entry in entries:
        found += _collisions(entry)
        found += _idle_drops(entry)
        found += _many_forms(entry)
        found += _missing(entry)
    found += _duplicates(entries)
    found += _idle_categories(rules)
    return tuple(found)


def form_count(entry: Entry) -> int:
    """How many word forms the names of an entry have."""
    added = sum(len(forms) for forms in entry.forms_add.values())
    words: dict[tuple[str, str, str], Name] = {}
    for name in entry.names:
        for word in WORD.findall(fold_word(name.text)):
            words.setdefault((word, name.language, name.kind), name)
    return added + sum(len(word_forms(entry, word, name)) for (word, _, _), name in words.items())


def missing_languages(entry: Entry) -> tuple[str, ...]:
    """The languages with rules in which an entry has no name."""
    named = {primary(name.language) for name in entry.names}
    return tuple(language for language in LANGUAGES if language not in named)


def _collisions(entry: Entry) -> Iterator[Problem]:
    for name, word in _lone_words(entry):
        if len(word) < SHORTEST_NAME:
            text = f"the name {name.text!r} ({name.language}) can stand alone and is very short"
            fix = "write it under acronyms, or give a longer name"
            yield Problem("warning", "short-name", entry.where, text, fix)
            continue
        words = common_words(primary(name.language))
        folded = fold_word(word)
        own = words.get(folded)
        proper = word[:1].isupper()
        least = 0.0 if proper and own is None else (own or RARE) + MORE_COMMON
        same = {fold_word(spelled) for spelled in spellings(word, name.language)}
        forms = sorted(word_forms(entry, word, name) - {folded} - same)
        hits = {form: words[form] for form in forms if words.get(form, -1.0) >= least}
        if own and proper and not entry.needs and entry.case != "exact":
            text = f"the name {name.text!r} ({name.language}) is a common word without its capital"
            yield Problem(_severity(own, proper), "common-name", entry.where, text, "add needs")
        if hits:
            ranked = sorted(hits, key=lambda form: -hits[form])
            shown = ", ".join(f"{form} ({hits[form]:.1f})" for form in ranked[:SHOWN_FORMS])
            text = f"forms of {name.text!r} ({name.language}) are common words: {shown}"
            fix = f"add forms_drop: [{', '.join(ranked)}] if they are other words"
            severity = _severity(hits[ranked[0]], proper)
            yield Problem(severity, "common-form", entry.where, text, fix)


def _severity(frequency: float, proper: bool) -> Severity:
    """A name with a capital meets its common word only where that starts a sentence."""
    return "note" if proper and frequency < OFTEN_FIRST else "warning"


def _lone_words(entry: Entry) -> Iterator[tuple[Name, str]]:
    """The words that match without another beside them: one-word names, and surnames."""
    for name in entry.names:
        words = name.text.split()
        if name.kind == "acronym" or not words:
            continue
        if len(words) == 1:
            yield name, words[0]
        elif entry.kind == "person" and entry.surname_alone == "yes" and name.kind == "name":
            yield name, words[-1]


def _idle_drops(entry: Entry) -> Iterator[Problem]:
    """Dropped forms that no name of the entry has: a slip, or a rule that was since corrected."""
    if not entry.forms_drop:
        return
    undropped = replace(entry, forms_drop=())
    made = {fold_word(form) for forms in entry.forms_add.values() for form in forms}
    for name in entry.names:
        for word in name.text.split():
            made |= word_forms(undropped, word, name)
    for form in entry.forms_drop:
        if " " not in form and fold_word(form) not in made:
            text = f"forms_drop: {form!r} is no form of any name of {entry.id!r}"
            yield Problem("warning", "idle-drop", entry.where, text, "take it out")


def _many_forms(entry: Entry) -> Iterator[Problem]:
    count = form_count(entry)
    if count > MANY_FORMS:
        text = f"{entry.id!r} has {count} forms"
        fix = "split it, or set inflect: none for what does not inflect"
        yield Problem("warning", "many-forms", entry.where, text, fix)


def _missing(entry: Entry) -> Iterator[Problem]:
    missing = missing_languages(entry)
    if missing:
        text = f"{entry.id!r} has no name in {', '.join(missing)}"
        yield Problem("note", "no-name-in-language", entry.where, text)
    if entry.kind == "person" and entry.sex is None and entry.inflect == "auto":
        text = f"{entry.id!r} does not say f or m: its surname takes the forms of both"
        yield Problem("warning", "no-sex", entry.where, text, "add sex: f or sex: m")


def _duplicates(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Names that two entries share, where nothing says how to tell them apart."""
    owners: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        for name in entry.names:
            owners[primary(name.language), _same(name)][entry.id] = entry
    for (language, _), owning in owners.items():
        alike: dict[tuple[tuple[str, ...], ...], list[Entry]] = defaultdict(list)
        for entry in owning.values():
            needs = entry.needs if entry.needs_context(entry.kind != "person") else ()
            alike[needs, entry.none_of].append(entry)
        for first, *others in alike.values():
            if others:
                shared = ", ".join(f"{other.id} ({other.where})" for other in others)
                text = f"{first.id!r} shares a name ({language}) with {shared}"
                fix = "take it out of one, or tell them apart with needs or none_of"
                yield Problem("warning", "shared-name", first.where, text, fix)


def _same(name: Name) -> str:
    return name.text if name.kind == "acronym" else fold_word(name.text)


def _idle_categories(rules: Sequence[Rule]) -> Iterator[Problem]:
    used = Counter(id_ for rule in rules for id_ in used_rules(rule))
    for rule in rules:
        if not rule.alert and not used[rule.id]:
            text = f"the category {rule.id!r} serves no rule and does not alert"
            yield Problem("warning", "idle-rule", rule.where, text, "use it or take it out")
