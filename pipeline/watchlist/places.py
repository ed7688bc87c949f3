"""What one place in a text shows: whether a name counts there, and who a bare surname may be.

In: a folded text and the names that fit at a place. Out: the groups of names that pass their test;
for surnames the candidates that initials, given names and namesakes beside them leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.watchlist import given_names, persons
from pipeline.watchlist.fold import WORD, Folded
from pipeline.watchlist.patterns import Group, Namesakes, Pattern, Subject
from pipeline.watchlist.phrases import Found

UNKNOWN_LANGUAGE = "und"
_SHORTEST_SURE_ACRONYM = 3
"""In a text of unknown language shorter acronyms are too likely words (ES, UN, US)."""
_NAMESAKE_REACH = 60
"""Letters before and after a mention in which a `none_of` word counts: about six words."""

_SPACES = " \u00a0\u202f"
_INITIAL = r"[^\W\d_]{1,2}\."
_INITIALS_BEFORE = re.compile(rf"(?<![\w.-])({_INITIAL})(?:[-{_SPACES}]?{_INITIAL})?[{_SPACES}]?$")
_INITIALS_AFTER = re.compile(rf"[{_SPACES}]({_INITIAL})(?:[-{_SPACES}]?{_INITIAL})?")
_INITIALS_REACH = 10
_WORD_BEFORE = re.compile(rf"({WORD.pattern})[{_SPACES}]$")
_WORD_REACH = 32
_INITIAL_LETTERS = 2
_SENTENCE_ENDS = '.!?…:;»”"—–'  # and the start of the text
_NEXT_WORD = re.compile(rf"[{_SPACES}]({WORD.pattern})")
_TITLE_CASE = frozenset({"en", "und"})
"""Languages whose headlines have capitals throughout."""
_CAPITAL_NOUNS = frozenset({"de"})
"""Languages in which a capital is no sign of a name."""
_TITLE_WORDS, _LONG_WORD = 3, 4
"""So many words of so many letters make a line whose capitals say something."""
CLOSING_QUOTES = {"»": "«", "“": "„", "”": "“„", '"': '"'}
"""Closing quotation mark → its opening ones."""


Place = Found[tuple[Group, ...]]
"""Where names fit, and which."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The entries that a place may name: one pattern each, in the list's order."""

    patterns: tuple[Pattern, ...]
    by_id: Mapping[str, Pattern]
    picky: bool
    """Some have words that rule them out, not yet looked for."""

    @classmethod
    def of(cls, patterns: Iterable[Pattern], *, picky: bool = False) -> Candidates:
        """Candidates from patterns of different entries."""
        listed = tuple(patterns)
        return cls(listed, {pattern.id: pattern for pattern in listed}, picky)

    @classmethod
    def merged(cls, groups: Sequence[Group], language: str) -> Candidates | None:
        """One pattern an entry, that of the text's language before others; None of no groups."""
        by_id: dict[str, Pattern] = {}
        for group in groups:
            for pattern in group.patterns:
                other = by_id.get(pattern.id)
                if other is None or other.language != language == pattern.language:
                    by_id[pattern.id] = pattern
        if not by_id:
            return None
        listed = sorted(by_id.values(), key=lambda p: p.subject.place)
        return cls.of(listed, picky=any(group.picky for group in groups))

    def left(self, place: Place, part: Folded, given: frozenset[str], language: str) -> Candidates:
        """Those that no dropped form and no word near the place rules out."""
        start, _, end, _ = place
        text = part.text
        surface = text[start:end]
        left = [
            pattern
            for pattern in self.patterns
            if surface not in pattern.subject.dropped
            and (
                pattern.subject.namesakes is None
                or not _near(pattern.subject.namesakes, text, start, end)
            )
            and not (
                pattern.lone and _is_anothers(pattern.subject, start, end, part, given, language)
            )
        ]
        return self if len(left) == len(self.patterns) else Candidates.of(left)


@dataclass(slots=True, eq=False)
class Hit:
    """A place where names fit; offsets into the folded part."""

    part: int
    """0 the title, 1 the text."""
    start: int
    end: int
    candidates: Candidates
    sure: bool
    """A whole name or a surname with initials: no surname alone."""


def passing(
    place: Place, part: Folded, language: str, *, shouted: bool = False
) -> tuple[list[Group], list[Group]]:
    """The groups that count at a place: whole and full names, surnames alone.

    `shouted`: in a line of capitals the ending of an acronym is one of them (В МИДЕ).
    """
    start, last, end, bags = place
    first_capital = part.is_capital(start)
    last_capital = first_capital if last == start else part.is_capital(last)
    names: list[Group] = []
    surnames: list[Group] = []
    for bag in bags:
        for group in bag:
            test = group.test
            if (
                (first_capital or not test.first_capital)
                and (last_capital or not test.last_capital)
                and (
                    language in test.home
                    or test.abroad is None
                    or language == UNKNOWN_LANGUAGE
                    or part.text[start:end] in test.abroad
                )
                and (
                    test.surfaces is None or _spelled(test.surfaces, place, part, language, shouted)
                )
                and (not test.written or _same_capitals(test.written, place, part))
            ):
                (surnames if group.shape == "surname" else names).append(group)
    return names, surnames


def initials(
    start: int, end: int, candidates: Candidates, part: Folded
) -> tuple[int, int, Candidates, bool] | None:
    """A surname with initials («Ю. В. Амбразевич», «Лукашенко А.»), or None.

    Its span, whose it may be, and whether that is beyond doubt.
    """
    text = part.text
    before = after = None
    if "." in text[max(0, start - 2) : start]:
        before = _INITIALS_BEFORE.search(text, max(0, start - _INITIALS_REACH), start)
    if "." in text[end + 2 : end + 4]:
        after = _INITIALS_AFTER.match(text, end)
    for match in (before, after):
        if match is None or not _are_initials(match, part):
            continue
        letters = match.group(1)[:-1]
        left = Candidates.of(p for p in candidates.patterns if letters in p.subject.initials)
        return min(start, match.start(1)), max(end, match.end()), left, len(left.patterns) == 1
    return None


def beside(
    start: int, end: int, candidates: Candidates, part: Folded, given: frozenset[str]
) -> tuple[int, int, Candidates, bool]:
    """A surname without initials: its span, whose it may be, and whether a given name says so.

    «Виктор Лукашенко» is nobody whose given name is another; in «Борис Джонсон» what looks like the
    surname Борис is a given name.
    """
    text = part.text
    before = after = None
    if start and text[start - 1] in _SPACES:
        before = _WORD_BEFORE.search(text, max(0, start - _WORD_REACH), start)
    if text[end : end + 1] in _SPACES:
        after = WORD.match(text, end + 1)
    for word in (before, after):
        if word is None or not part.is_capital(word.start()):
            continue
        name = word[0].rstrip(_SPACES)
        own = [p for p in candidates.patterns if name in p.subject.given]
        if own:
            return min(start, word.start()), max(end, word.end()), Candidates.of(own), True
        if word is after and _begins_name(after, part):
            continue
        if name in given and not (word is before and _is_common_word(before, part)):
            skeleton = persons.skeleton(name)
            candidates = Candidates.of(
                p for p in candidates.patterns if skeleton in p.subject.skeletons
            )
        elif word is after and text[start:end] in given:
            return start, end, Candidates.of(()), False
    return start, end, candidates, False


def _is_anothers(
    subject: Subject, start: int, end: int, part: Folded, given: frozenset[str], language: str
) -> bool:
    """Whether a person's name of one word is, with the word beside it, somebody else's: «Билл
    Клинтон», «Джордж Флойд»."""
    text = part.text
    if start and text[start - 1] in _SPACES and subject.given:
        before = _WORD_BEFORE.search(text, max(0, start - _WORD_REACH), start)
        if before and part.is_capital(before.start()):
            name = before[1]
            if (
                name in given
                and len(name) > _INITIAL_LETTERS
                and name not in subject.words
                and persons.skeleton(name) not in subject.skeletons
                and not _is_common_word(before, part)
            ):
                return True
    if text[start:end] not in given_names.forms() or language in _CAPITAL_NOUNS:
        return False
    after = _NEXT_WORD.match(text, end)
    if after and persons.PATRONYMIC.search(after[1]):
        after = _NEXT_WORD.match(text, after.end())
    return (
        after is not None
        and part.is_capital(after.start(1))
        and not part.is_capital(after.end() - 1)  # an acronym, a number of a king
        and after[1] not in subject.words
        and not (language in _TITLE_CASE and _is_titled(start, end, part))
    )


def _begins_name(after: re.Match[str], part: Folded) -> bool:
    """Whether a word after a surname is the next person's: «советник Трампа Стивен Миллер»."""
    follows = _NEXT_WORD.match(part.text, after.end())
    return (
        follows is not None
        and part.is_capital(follows.start(1))
        and not persons.PATRONYMIC.search(follows[1])
    )


def _is_common_word(before: re.Match[str], part: Folded) -> bool:
    """Whether a given name is a word, too, and has its capital from the start of a sentence."""
    at = before.start()
    begun = part.text[:at].rstrip()[-1:] in _SENTENCE_ENDS
    return begun and before[1] in given_names.common_words()


def _is_titled(start: int, end: int, part: Folded) -> bool:
    """Whether in the line of a place every long word has a capital (Boris Wins Again)."""
    first, last = part.span(start, end)
    line_start = part.original.rfind("\n", 0, first) + 1
    line_end = part.original.find("\n", last)
    line = part.original[line_start : line_end if line_end >= 0 else None]
    words = [word for word in WORD.findall(line) if len(word) >= _LONG_WORD]
    return len(words) >= _TITLE_WORDS and all(word[0].isupper() for word in words)


def patronymic(end: int, part: Folded) -> int:
    """The end of a full name, with the patronymic after it («Лукашенко Александр Григорьевич»)."""
    if part.text[end : end + 1] in _SPACES:
        word = WORD.match(part.text, end + 1)
        if word and part.is_capital(word.start()) and persons.PATRONYMIC.search(word[0]):
            return word.end()
    return end


def closing_quote(text: str, start: int, end: int) -> int:
    """The end of a name, with the closing quotation mark when it has the opening one."""
    for mark in CLOSING_QUOTES.get(text[end : end + 1], ""):
        opened = text.rfind(mark, start, end)
        if opened >= 0 and text[end] not in text[opened + 1 : end]:
            return end + 1
    return end


def is_shouted(start: int, end: int, part: Folded) -> bool:
    """Whether a place stands in a line of capitals, beside other words."""
    first, last = part.span(start, end)
    line_start = part.original.rfind("\n", 0, first) + 1
    line_end = part.original.find("\n", last)
    line = part.original[line_start : line_end if line_end >= 0 else None]
    return line.isupper() and line.strip() != part.original[first:last]


def _spelled(
    surfaces: frozenset[str], place: Place, part: Folded, language: str, shouted: bool
) -> bool:
    start, _, end, _ = place
    if language == UNKNOWN_LANGUAGE and end - start < _SHORTEST_SURE_ACRONYM:
        return False
    first, last = part.span(start, end)
    # As it stands, or else with its look-alikes repaired.
    written = (part.original[first:last], part.spelled(start, end))
    if shouted and end - start > _SHORTEST_SURE_ACRONYM:
        return any(surface.upper() in written for surface in surfaces)
    return not surfaces.isdisjoint(written)


def _same_capitals(written: tuple[str, ...], place: Place, part: Folded) -> bool:
    """Whether each word has its capitals where the name has them."""
    start, _, end, _ = place
    found = [word.span() for word in WORD.finditer(part.text, start, end)]
    if len(found) != len(written):
        return False
    return all(
        all(
            part.is_capital(first + at) == letter.isupper()
            for at, letter in enumerate(word[: last - first])
        )
        for (first, last), word in zip(found, written, strict=True)
    )


def _near(namesakes: Namesakes, text: str, start: int, end: int) -> bool:
    """Whether one of the words is near, in the same paragraph."""
    before = max(0, start - _NAMESAKE_REACH)
    before = max(before, text.rfind("\n\n", before, start))
    while before and before < start and text[before - 1].isalnum():
        before += 1  # not from the middle of a word
    after = end + _NAMESAKE_REACH
    paragraph = text.find("\n\n", end, after)
    return namesakes.are_in(text, before, start) or namesakes.are_in(
        text, end, after if paragraph < 0 else paragraph
    )


def _are_initials(match: re.Match[str], part: Folded) -> bool:
    """«Ю.», «Дз.»: a capital first; «г.», «ЕС.» are none."""
    start, letters = match.start(1), match.group(1)[:-1]
    return part.is_capital(start) and not (len(letters) > 1 and part.is_capital(start + 1))
