"""What to look for: every entry's names turned into word sequences with all their forms.

In: entries. Out: frozen `Phrases` whose bags hold `Group`s of `Pattern`s: which entry, which of its
names, in which shape (whole, a person's full name, the surname alone), and the `Test` that a place
in a text must pass to count: language, capitals, exact letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pipeline.watchlist import given_names, persons
from pipeline.watchlist.fold import WORD, fold_word
from pipeline.watchlist.forms import (
    CYRILLIC,
    How,
    dictionary_forms,
    forms_of,
    how_inflected,
    plain_marks,
    tokens,
)
from pipeline.watchlist.inflect import primary
from pipeline.watchlist.phrases import Phrases, Word
from pipeline.watchlist.shapes import Entry, Name, Sex

Shape = Literal["whole", "full", "surname"]
EAST_SLAVIC = frozenset({"be", "ru", "uk"})
"""Languages of one readership: names of one turn up, inflected, in texts of the others."""


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Words which near a mention say that somebody else is meant."""

    words: frozenset[str]
    prefixes: tuple[str, ...]
    phrases: tuple[str, ...]

    def are_in(self, text: str, start: int, end: int) -> bool:
        """Whether one of them is in a piece of folded text."""
        tokens = WORD.findall(text, start, end)
        return bool(
            not self.words.isdisjoint(tokens)
            or (self.prefixes and any(token.startswith(self.prefixes) for token in tokens))
            or any(text.find(phrase, start, end) >= 0 for phrase in self.phrases)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """An entry as the matcher uses it."""

    entry: Entry
    place: int
    """Its place in the list: of namesakes the first is the most prominent."""
    sex: Sex | None
    given: frozenset[str]
    """All forms of a person's given names."""
    skeletons: frozenset[str]
    """Their first consonants: Наталья and Наталия, Сергей and Сяргей have the same."""
    initials: frozenset[str]
    words: frozenset[str]
    """All forms of all words of the names of a person who is listed under one word, too; else
    empty."""
    namesakes: Namesakes | None
    dropped: frozenset[str]
    """Folded forms that never count."""


@dataclass(frozen=True, slots=True)
class Test:
    """What a place in a text must show for a name to count there."""

    home: frozenset[str]
    """Languages of texts in which every form counts."""
    abroad: frozenset[str] | None
    """The forms that count in texts of other languages; None: all."""
    first_capital: bool = False
    last_capital: bool = False
    surfaces: frozenset[str] | None = None
    """The only spellings that count, letter by letter; None: all."""
    written: tuple[str, ...] = ()
    """The words whose capitals the text must share; empty: any."""


_SHORT_ACRONYM_ENDINGS = {"en": frozenset({"'s"})}
"""Endings also of acronyms too short to inflect like words (EU's)."""
NOWHERE: frozenset[str] = frozenset()
"""`Test.abroad` of names that do not count at all in other languages."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One name of one entry, in one shape."""

    id: str
    """The entry's."""
    subject: Subject
    name: Name
    shape: Shape
    test: Test
    language: str
    conditional: bool
    """Counts only beside what the entry needs."""
    lone: bool
    """One word for a person: what stands beside it may make it somebody else's."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Patterns of the same words that count under the same test, of one shape."""

    test: Test
    shape: Shape
    patterns: tuple[Pattern, ...]
    """One an entry, in the list's order."""
    picky: bool
    """Whether something beside the place may rule some of them out."""


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Everything that the matcher knows."""

    phrases: Phrases[Pattern, tuple[Group, ...]]
    given: frozenset[str]
    """All forms of the given names of all persons on the list, and of common ones."""


def build(entries: Iterable[Entry]) -> PatternSet:
    """The patterns of all entries."""
    phrases: Phrases[Pattern, tuple[Group, ...]] = Phrases(pack=pack, slot=persons.PATRONYMIC)
    given = set(given_names.forms())
    for place, entry in enumerate(entries):
        subject = _subject(entry, place)
        given |= subject.given
        for name in entry.names:
            _add(phrases, subject, name)
        for language, forms in entry.forms_add.items():
            for form in forms:
                _add_verbatim(phrases, subject, Name(form, language, "name", entry.source))
    phrases.freeze()
    forms_of.cache_clear()  # they are in the tables now
    return PatternSet(phrases, frozenset(given))


def pack(patterns: Iterable[Pattern]) -> tuple[Group, ...]:
    """Patterns by test and shape, the first of each entry, in the list's order."""
    groups: dict[tuple[Test, Shape], dict[str, Pattern]] = {}
    for pattern in patterns:
        groups.setdefault((pattern.test, pattern.shape), {}).setdefault(pattern.id, pattern)
    return tuple(
        Group(
            test,
            shape,
            tuple(sorted(by_id.values(), key=lambda pattern: pattern.subject.place)),
            any(p.lone or p.subject.namesakes or p.subject.dropped for p in by_id.values()),
        )
        for (test, shape), by_id in groups.items()
    )


def _subject(entry: Entry, place: int) -> Subject:
    given: set[str] = set()
    initials: set[str] = set()
    skeletons: set[str] = set()
    sex = persons.sex_of(entry)
    if entry.kind == "person":
        for name in entry.names:
            person = persons.parse(name.text)
            if person is None:
                continue
            if not person.abbreviated:
                given |= _all_forms(entry, sex, name, person.given)
            first = fold_word(person.given[0])
            initials |= {first[:1], first[:2]}
            skeletons.add(persons.skeleton(first))
    words: set[str] = set()
    if entry.kind == "person" and any(_is_lone(name) for name in entry.names):
        for name in entry.names:
            words |= _all_forms(entry, sex, name, name.text.split())
    return Subject(
        entry=entry,
        place=place,
        sex=sex,
        given=frozenset(given),
        skeletons=frozenset(skeletons),
        initials=frozenset(initials),
        words=frozenset(words),
        namesakes=_namesakes(entry),
        dropped=frozenset(fold_word(form) for form in entry.forms_drop),
    )


def _all_forms(entry: Entry, sex: Sex | None, name: Name, parts: Iterable[str]) -> set[str]:
    how = how_inflected(entry, name)
    words = tokens(" ".join(parts), name.language)
    return {form for word in words for form in forms_of(word, name.language, sex, how)}


def _is_lone(name: Name) -> bool:
    return name.kind == "name" and WORD.fullmatch(plain_marks(name.text)) is not None


def _namesakes(entry: Entry) -> Namesakes | None:
    words: set[str] = set()
    prefixes: set[str] = set()
    phrases: set[str] = set()
    for item in entry.none_of:
        plain = fold_word(item.strip("-* "))
        if item.endswith("*"):
            prefixes.add(plain)
        elif not WORD.fullmatch(plain):
            phrases.add(plain)
        else:
            languages = EAST_SLAVIC if CYRILLIC.search(plain) else {"pl", "lt", "lv", "en"}
            for language in languages:
                words |= forms_of(plain, language, None, "name")
    if not (words or prefixes or phrases):
        return None
    return Namesakes(frozenset(words), tuple(prefixes), tuple(phrases))


_Target = Phrases[Pattern, tuple[Group, ...]]


def _pattern(subject: Subject, name: Name, shape: Shape, test: Test) -> Pattern:
    entry = subject.entry
    return Pattern(
        id=entry.id,
        subject=subject,
        name=name,
        shape=shape,
        test=test,
        language=primary(name.language),
        conditional=entry.needs_context(shape == "whole"),
        lone=shape == "whole" and entry.kind == "person" and _is_lone(name),
    )


def _add(phrases: _Target, subject: Subject, name: Name) -> None:
    entry = subject.entry
    if name.kind == "acronym":
        _add_acronym(phrases, subject, name)
        return
    person = persons.parse(name.text) if entry.kind == "person" else None
    if person is None:
        words = tokens(name.text, name.language)
        _put(phrases, subject, name, "whole", words)
        _allow_gaps(phrases, name.text, words)
        return
    given = tokens(" ".join(person.given), name.language)
    surname = tokens(" ".join(person.surname), name.language)
    firsts = [given]
    if len(person.given) > 1:
        firsts.append(tokens(person.given[0], name.language))
    # A surname with initials is found as one, in whatever order.
    for first in firsts if not person.abbreviated else ():
        _put(phrases, subject, name, "full", [*first, *surname], slot_after=len(first))
        _put(phrases, subject, name, "full", [*surname, *first])
    _put(phrases, subject, name, "surname", surname)


def _put(
    phrases: _Target,
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
    how = how_inflected(entry, name)
    adjective = name.kind == "adjective"
    capitals = entry.case != "any" and not adjective
    first, last = words[0], words[-1]
    if adjective or (shape == "whole" and first[0].islower()):
        abroad: frozenset[str] | None = NOWHERE  # a common word of one language only
    else:
        abroad = dictionary_forms(first) if len(words) == 1 else None
    test = Test(
        home=_home(name.language),
        abroad=abroad,
        first_capital=capitals and first[0].isupper(),
        last_capital=capitals and last[0].isupper() and entry.kind == "person",
        written=tuple(words) if entry.case == "exact" else (),
    )
    phrases.add(
        [_word(token, name.language, subject.sex, how) for token in words],
        _pattern(subject, name, shape, test),
        lower=not test.first_capital,
        slot_after=slot_after,
    )


def _add_acronym(phrases: _Target, subject: Subject, name: Name) -> None:
    """An acronym counts letter by letter, with an ending or without (МИД, МИДа)."""
    words = tokens(name.text, name.language)
    if not words:
        return
    last = fold_word(words[-1])
    rigid = subject.entry.inflect != "auto"
    forms = forms_of(last, name.language, None, "rigid" if rigid else "name")
    endings = {form[len(last) :] for form in forms if form.startswith(last)}
    endings |= _SHORT_ACRONYM_ENDINGS.get(primary(name.language), frozenset())
    stem = spelled(fold_word(name.text), name.text)
    test = Test(
        home=frozenset({primary(name.language)}),
        abroad=NOWHERE,
        surfaces=frozenset(stem + ending for ending in endings),
    )
    phrases.add(
        [
            *(_verbatim(token) for token in words[:-1]),
            Word(("acronym", last, name.language), frozenset(last + end for end in endings)),
        ],
        _pattern(subject, name, "whole", test),
        lower=not stem[0].isupper(),
    )
    _allow_gaps(phrases, name.text, words)


def _add_verbatim(phrases: _Target, subject: Subject, name: Name) -> None:
    """A form given by hand: taken as it is, with a capital where it has one."""
    words = tokens(name.text, name.language)
    if not words:
        return
    case = subject.entry.case
    test = Test(
        home=_home(name.language),
        abroad=NOWHERE if words[0].islower() else None,
        first_capital=case != "any" and words[0][0].isupper(),
        written=tuple(words) if case == "exact" else (),
    )
    pattern = _pattern(subject, name, "whole", test)
    phrases.add([_verbatim(token) for token in words], pattern, lower=not test.first_capital)
    _allow_gaps(phrases, name.text, words)


def spelled(folded: str, written: str) -> str:
    """Folded letters with the capitals of the text that they come from (of the same length)."""
    return "".join(
        letter.upper() if original.isupper() else letter
        for letter, original in zip(folded, written, strict=True)
    )


def _home(language: str) -> frozenset[str]:
    own = primary(language)
    return EAST_SLAVIC if own in EAST_SLAVIC else frozenset({own})


def _word(token: str, language: str, sex: Sex | None, how: How) -> Word:
    key = (token, primary(language), sex, how)
    return Word(key, forms_of(token, language, sex, how))


def _verbatim(token: str) -> Word:
    return Word(("verbatim", fold_word(token)), frozenset({fold_word(token)}))


def _allow_gaps(phrases: _Target, text: str, words: list[str]) -> None:
    """Let what stands between the words of this name (&, /, full stops) stand in texts too."""
    plain = plain_marks(text)
    gaps, at = [], 0
    for word in words:
        start = plain.index(word, at)
        if at and plain[at:start].strip("-–'’\"«»„“” "):
            gaps.append(plain[at:start])
        at = start + len(word)
    phrases.allow_gaps(gaps)
