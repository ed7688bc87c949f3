"""What to look for: every entry's names turned into word sequences with all their forms.

In: entries. Out: a frozen `Phrases` whose payloads are `Pattern`s: which entry, which of its names,
in which shape (whole, full person's name, surname alone), and what a place in a text must show to
count (capitals, exact letters, language).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.watchlist import persons
from pipeline.watchlist.fold import fold_word, repair, strip_diacritics
from pipeline.watchlist.inflect import expand, expand_adjective, primary
from pipeline.watchlist.phrases import Phrases, Word
from pipeline.watchlist.shapes import Entry, Name, Sex

Shape = Literal["whole", "full", "surname"]
EAST_SLAVIC = frozenset({"be", "ru", "uk"})
"""Languages of one readership: names of one turn up, inflected, in texts of the others."""
_CYRILLIC = re.compile("[Ѐ-ԯ]")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """An entry as the matcher uses it."""

    entry: Entry
    place: int
    """Its place in the list: of namesakes the first is the most prominent."""
    given: frozenset[str]
    """All forms of a person's given names."""
    initials: frozenset[str]
    namesakes: re.Pattern[str] | None
    """Words near a mention which say that somebody else is meant."""
    dropped: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One name of one entry, in one shape."""

    subject: Subject
    name: Name
    shape: Shape
    language: str
    scoped: bool
    """Only in texts of its own language: acronyms, adjectives, common words."""
    first_capital: bool
    last_capital: bool
    surfaces: frozenset[str]
    """The only spellings that count, letter by letter; empty: all."""
    abroad: frozenset[str]
    """In a text of an unrelated language only these forms count; empty: all."""


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Everything that the matcher knows."""

    phrases: Phrases[Pattern]
    given: frozenset[str]
    """All forms of the given names of all persons."""


def build(entries: Iterable[Entry]) -> PatternSet:
    """The patterns of all entries."""
    phrases: Phrases[Pattern] = Phrases(slot=persons.PATRONYMIC)
    given: set[str] = set()
    for place, entry in enumerate(entries):
        subject = _subject(entry, place)
        given |= subject.given
        for name in entry.names:
            _add(phrases, subject, name)
        for language, forms in entry.forms_add.items():
            for form in forms:
                _add_verbatim(phrases, subject, Name(form, language, "name", entry.source))
    phrases.freeze()
    return PatternSet(phrases, frozenset(given))


def _subject(entry: Entry, place: int) -> Subject:
    given: set[str] = set()
    initials: set[str] = set()
    if entry.kind == "person":
        sex = persons.sex_of(entry)
        for name in entry.names:
            person = persons.parse(name.text)
            if person is None:
                continue
            for token in persons.tokens(person.given):
                given |= _forms(token, name.language, sex, entry.inflect != "auto", False)
            first = fold_word(person.given[0])
            initials |= {first[:1], first[:2]}
    return Subject(
        entry=entry,
        place=place,
        given=frozenset(given),
        initials=frozenset(initials),
        namesakes=_namesakes(entry),
        dropped=frozenset(fold_word(form) for form in entry.forms_drop),
    )


def _namesakes(entry: Entry) -> re.Pattern[str] | None:
    words: set[str] = set()
    for item in entry.none_of:
        plain = fold_word(item.strip("-* "))
        if item.endswith("*"):
            words.add(re.escape(plain) + r"\w*")
        elif " " in plain:
            words.add(re.escape(plain))
        else:
            languages = EAST_SLAVIC if _CYRILLIC.search(plain) else {"pl", "lt", "lv", "en"}
            for language in languages:
                words |= {re.escape(form) for form in _forms(plain, language, None, False, False)}
    if not words:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words))})(?!\w)")


def _add(phrases: Phrases[Pattern], subject: Subject, name: Name) -> None:
    entry = subject.entry
    if name.kind == "acronym":
        _add_acronym(phrases, subject, name)
        return
    person = persons.parse(name.text) if entry.kind == "person" else None
    if person is None:
        words = persons.tokens(name.text)
        _put(phrases, subject, name, "whole", words)
        _allow_gaps(phrases, name.text, words)
        return
    given, surname = persons.tokens(person.given), persons.tokens(person.surname)
    firsts = [given] if len(person.given) == 1 else [given, persons.tokens(person.given[:1])]
    for first in firsts:
        _put(phrases, subject, name, "full", [*first, *surname], slot_after=len(first))
        _put(phrases, subject, name, "full", [*surname, *first])
    _put(phrases, subject, name, "surname", surname)


def _put(
    phrases: Phrases[Pattern],
    subject: Subject,
    name: Name,
    shape: Shape,
    words: list[str],
    slot_after: int = 0,
) -> None:
    """Add a name as its words, each in all its forms."""
    if not words:
        return
    entry = subject.entry
    sex = persons.sex_of(entry)
    rigid = entry.inflect != "auto"
    adjective = name.kind == "adjective"
    common = adjective or (words[0].islower() and shape == "whole")
    capitals = entry.case != "any" and not adjective
    phrases.add(
        [_word(token, name.language, sex, rigid, adjective) for token in words],
        Pattern(
            subject=subject,
            name=name,
            shape=shape,
            language=primary(name.language),
            scoped=common,
            first_capital=capitals and words[0][0].isupper(),
            last_capital=capitals
            and words[-1][0].isupper()
            and (entry.kind == "person" or len(words) == 1 or entry.case == "exact"),
            surfaces=frozenset(),
            abroad=_dictionary_forms(words[0]) if len(words) == 1 else frozenset(),
        ),
        slot_after,
    )


def _add_acronym(phrases: Phrases[Pattern], subject: Subject, name: Name) -> None:
    """An acronym counts letter by letter, with an ending or without (МИД, МИДа, UOKiK-u)."""
    words = persons.tokens(name.text)
    if not words:
        return
    last = words[-1]
    forms = _forms(last.lower(), name.language, None, subject.entry.inflect != "auto", False)
    endings = {form[len(last) :] for form in forms if form.startswith(fold_word(last))}
    stem = _plain(name.text)
    surfaces = {stem + ending for ending in endings} | {stem}
    phrases.add(
        [_verbatim(token) for token in words[:-1]]
        + [Word(("acronym", last, name.language), frozenset(fold_word(last) + e for e in endings))],
        _exact_pattern(subject, name, frozenset(surfaces)),
    )
    _allow_gaps(phrases, name.text, words)


def _add_verbatim(phrases: Phrases[Pattern], subject: Subject, name: Name) -> None:
    """A form given by hand: taken as it is, with a capital where it has one."""
    words = persons.tokens(name.text)
    if not words:
        return
    pattern = Pattern(
        subject=subject,
        name=name,
        shape="whole",
        language=primary(name.language),
        scoped=words[0].islower(),
        first_capital=subject.entry.case != "any" and words[0][0].isupper(),
        last_capital=False,
        surfaces=frozenset(),
        abroad=frozenset(),
    )
    phrases.add([_verbatim(token) for token in words], pattern)
    _allow_gaps(phrases, name.text, words)


def _exact_pattern(subject: Subject, name: Name, surfaces: frozenset[str]) -> Pattern:
    return Pattern(
        subject=subject,
        name=name,
        shape="whole",
        language=primary(name.language),
        scoped=True,
        first_capital=True,
        last_capital=False,
        surfaces=surfaces,
        abroad=frozenset(),
    )


def _word(token: str, language: str, sex: Sex | None, rigid: bool, adjective: bool) -> Word:
    key = (token, primary(language), sex, rigid, adjective)
    return Word(key, _forms(token, language, sex, rigid, adjective))


def _verbatim(token: str) -> Word:
    return Word(("verbatim", fold_word(token)), frozenset({fold_word(token)}))


@lru_cache(maxsize=65536)
def _forms(
    token: str, language: str, sex: Sex | None, rigid: bool, adjective: bool
) -> frozenset[str]:
    """All folded forms of a word, as texts may write them."""
    base = _dictionary_forms(token)
    if rigid:
        return base
    plain = token if repair(token) == token.lower() else repair(token)
    raw = (
        expand_adjective(plain, language)
        if adjective
        else expand(plain, language, sex=sex, common=token[0].islower())
    )
    forms = {form.replace("ё", "е") for form in raw} | base
    if primary(language) == "be":
        # Łacinka is often typed without its diacritics.
        forms |= {strip_diacritics(form) for form in forms if not _CYRILLIC.search(form)}
    return frozenset(forms)


def _dictionary_forms(token: str) -> frozenset[str]:
    """The word itself, and without its Latin diacritics, as other languages print it."""
    folded = fold_word(token)
    if folded.isascii() or _CYRILLIC.search(folded):
        return frozenset({folded})
    return frozenset({folded, strip_diacritics(folded)})


def _plain(text: str) -> str:
    return text.translate(str.maketrans("’ʼ`´′‘", "''''''"))


def _allow_gaps(phrases: Phrases[Pattern], text: str, words: list[str]) -> None:
    """Let what stands between the words of this name (&, /, full stops) stand in texts too."""
    plain, at = _plain(text), 0
    gaps = []
    for word in words:
        start = plain.index(word, at)
        if at and plain[at:start].strip() and plain[at:start] not in "-–":
            gaps.append(plain[at:start])
        at = start + len(word)
    phrases.allow_gaps(gaps)
