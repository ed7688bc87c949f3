"""Finds the watchlist's entries in a document and decides which of the finds count.

In: entries at start-up; then a title, a text and its language. Out: tags, each with every mention
that counts, offsets exact in the original. Decided here: capitals, exact acronyms, languages, whose
a surname alone is, namesakes, names that need their country in the document. The forms of words are
`inflect`'s business, categories and alerts are the rules'.

Score of a tag: 3 a mention in the title, 2 in the lead (the first paragraph), 1 in the rest, at
most three mentions of each counted: 18 is the most, 1 a single passing mention.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.records import Mention, Tag, Where
from pipeline.watchlist.fold import WORD, Folded, fold
from pipeline.watchlist.inflect import primary
from pipeline.watchlist.patterns import EAST_SLAVIC, Pattern, Subject, build
from pipeline.watchlist.phrases import Found
from pipeline.watchlist.shapes import Entry

WEIGHTS: dict[Where, int] = {"title": 3, "lead": 2, "body": 1}
COUNTED = 3
"""Mentions counted for the score at each place: the fourth says nothing new."""

UNKNOWN_LANGUAGE = "und"
_NAMESAKE_WINDOW = 60
"""Letters before and after a mention in which a `none_of` word counts: about six words."""
_SHORTEST_SURE_ACRONYM = 3
"""In a text of unknown language shorter acronyms are too likely words (ES, UN, US)."""

_SPACE = "[ \u00a0\u202f]"
_INITIAL = r"[^\W\d_]{1,2}\."
_INITIALS_BEFORE = re.compile(rf"(?<![\w.])({_INITIAL})(?:{_SPACE}?{_INITIAL})?{_SPACE}?$")
_INITIALS_AFTER = re.compile(rf"{_SPACE}({_INITIAL})(?:{_SPACE}?{_INITIAL})?")
_INITIALS_REACH = 10
_WORD_BEFORE = re.compile(rf"({WORD.pattern}){_SPACE}$")
_WORD_AFTER = re.compile(rf"{_SPACE}({WORD.pattern})")
_WORD_REACH = 40
_ACRONYM_ENDING = re.compile(r"[-‑][^\W\d_]{1,4}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place where names fit; exactly one entry will get it."""

    start: int
    end: int
    """Offsets into the folded part."""
    part: int
    """0 the title, 1 the text."""
    candidates: tuple[Pattern, ...]
    sure: bool
    """Not a surname alone: a whole name, or a surname with initials."""


class Matcher:
    """All names of a watchlist, ready to be found; immutable once built."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._patterns = build(entries)

    def tag(self, title: str | None, text: str, language: str) -> tuple[Tag, ...]:
        """The entries named in a document, the highest score first.

        `text` is the blocks joined by blank lines, its first block the lead; `language` a BCP 47
        tag or `und`. Mentions are sorted by place, the title's first.
        """
        parts = (fold(title or ""), fold(text))
        spoken = primary(language)
        hits: list[_Hit] = []
        context: set[str] = set()
        for number, part in enumerate(parts):
            hits += self._hits(part, number, spoken, context)
        owners = _settle(hits, context)
        return _tags(owners, parts, text.find("\n\n"))

    def _hits(self, part: Folded, number: int, language: str, context: set[str]) -> list[_Hit]:
        """The longest names at each place; ids named inside a longer name go to `context`."""
        hits: list[_Hit] = []
        covered = 0
        for start_end, found in self._patterns.phrases.scan(part.text):
            hit = self._longest(part, number, language, found)
            if hit is None:
                continue
            if start_end <= covered:
                context.update(pattern.subject.entry.id for pattern in hit.candidates if hit.sure)
            else:
                hits.append(hit)
                covered = hit.end
        return hits

    def _longest(
        self, part: Folded, number: int, language: str, found: Sequence[Found[Pattern]]
    ) -> _Hit | None:
        for place in found:
            fits = [p for p in place.payloads if _fits(p, part, place, language)]
            whole = [pattern for pattern in fits if pattern.shape != "surname"]
            if whole:
                return _Hit(place.start, place.end, number, _unique(whole, language), True)
            if fits:
                hit = self._surname(part, number, place, _unique(fits, language))
                if hit is not None:
                    return hit
        return None

    def _surname(
        self, part: Folded, number: int, place: Found[Pattern], fits: tuple[Pattern, ...]
    ) -> _Hit | None:
        """A surname alone or with initials, unless somebody else's given name is beside it."""
        start, end = place.start, place.end
        text = part.text
        before = _INITIALS_BEFORE.search(text, max(0, start - _INITIALS_REACH), start)
        after = _INITIALS_AFTER.match(text, end)
        for initials in (before, after):
            if initials is None or not _are_initials(initials, part):
                continue
            letters = initials.group(1)[:-1]
            fits = tuple(p for p in fits if letters in p.subject.initials)
            if not fits:
                return None
            start, end = min(start, initials.start(1)), max(end, initials.end())
            return _Hit(start, end, number, fits, True)
        neighbours = (
            _WORD_BEFORE.search(text, max(0, start - _WORD_REACH), start),
            _WORD_AFTER.match(text, end),
        )
        for word in neighbours:
            if word is None or not part.is_capital(word.start(1)):
                continue
            if word.group(1) in self._patterns.given:
                fits = tuple(p for p in fits if word.group(1) in p.subject.given)
            elif word is neighbours[1] and text[start:end] in self._patterns.given:
                # «Борис Джонсон»: what looks like a surname is a given name here.
                return None
        return _Hit(start, end, number, fits, False) if fits else None


def _fits(pattern: Pattern, part: Folded, place: Found[Pattern], language: str) -> bool:
    """Whether a name counts at a place: language, capitals, letters, words that say otherwise."""
    known = language != UNKNOWN_LANGUAGE
    if pattern.scoped and known and pattern.language != language:
        return False
    if pattern.first_capital and not part.is_capital(place.start):
        return False
    if pattern.last_capital and not part.is_capital(place.last):
        return False
    surface = part.text[place.start : place.end]
    if surface in pattern.subject.dropped:
        return False
    if pattern.surfaces:
        start, end = part.span(place.start, place.end)
        written = part.original[start:end].replace("’", "'")
        if written not in pattern.surfaces or (not known and len(written) < _SHORTEST_SURE_ACRONYM):
            return False
    if (
        known
        and pattern.abroad
        and language != pattern.language
        and not EAST_SLAVIC.issuperset({language, pattern.language})
        and surface not in pattern.abroad
    ):
        return False
    namesakes = pattern.subject.namesakes
    return namesakes is None or not _near(namesakes, part.text, place)


def _near(words: re.Pattern[str], text: str, place: Found[Pattern]) -> bool:
    before = max(0, place.start - _NAMESAKE_WINDOW, text.rfind("\n\n", 0, place.start))
    after = place.end + _NAMESAKE_WINDOW
    paragraph_end = text.find("\n\n", place.end, after)
    return bool(
        words.search(text, before, place.start)
        or words.search(text, place.end, after if paragraph_end < 0 else paragraph_end)
    )


def _unique(patterns: Sequence[Pattern], language: str) -> tuple[Pattern, ...]:
    """One pattern an entry, that of the text's language before others, in the list's order."""
    by_entry: dict[str, Pattern] = {}
    for pattern in patterns:
        known = by_entry.get(pattern.subject.entry.id)
        if known is None or (known.language != language and pattern.language == language):
            by_entry[pattern.subject.entry.id] = pattern
    return tuple(sorted(by_entry.values(), key=lambda pattern: pattern.subject.place))


def _are_initials(match: re.Match[str], part: Folded) -> bool:
    """«Ю.», «Дз.»: a capital first; «г.», «ЕС.» are none."""
    start = match.start(1)
    letters = match.group(1)[:-1]
    return part.is_capital(start) and not (len(letters) > 1 and part.is_capital(start + 1))


def _settle(hits: Sequence[_Hit], context: set[str]) -> list[tuple[_Hit, Pattern]]:
    """Which entry each hit counts for; hits that count for none are left out."""
    full: list[tuple[tuple[int, int], str]] = []
    for hit in hits:
        if hit.sure:
            for pattern in hit.candidates:
                if not _is_conditional(pattern):
                    context.add(pattern.subject.entry.id)
                if pattern.subject.entry.kind == "person":
                    full.append(((hit.part, hit.start), pattern.subject.entry.id))
    # A name that needs another may itself be what a third one needs.
    waiting = {p.subject for hit in hits if hit.sure for p in hit.candidates if _is_conditional(p)}
    while ready := {s for s in waiting if not context.isdisjoint(s.entry.needs)}:
        context |= {subject.entry.id for subject in ready}
        waiting -= ready
    settled: list[tuple[_Hit, Pattern]] = []
    for hit in hits:
        if hit.sure:
            settled += [(hit, p) for p in hit.candidates if p.subject.entry.id in context]
        else:
            owner = _owner(hit, full, context)
            if owner is not None:
                settled.append((hit, owner))
    return settled


def _is_conditional(pattern: Pattern) -> bool:
    """Whether the name counts only beside what its entry needs; a person's full name never does."""
    return bool(pattern.subject.entry.needs) and pattern.shape == "whole"


def _owner(
    hit: _Hit, full: Sequence[tuple[tuple[int, int], str]], context: set[str]
) -> Pattern | None:
    """Whose a surname alone is: of those named in full the one named last before it, else the most
    prominent of those whose surname may stand alone."""
    by_id = {pattern.subject.entry.id: pattern for pattern in hit.candidates}
    named = [(at, id_) for at, id_ in full if id_ in by_id]
    if named:
        before = [id_ for at, id_ in named if at < (hit.part, hit.start)]
        owner = by_id[before[-1] if before else named[0][1]]
        return owner if owner.subject.entry.surname_alone != "no" else None
    for pattern in hit.candidates:
        if pattern.subject.entry.surname_alone == "yes":
            return pattern
    for pattern in hit.candidates:
        entry = pattern.subject.entry
        if entry.surname_alone == "with-context" and not context.isdisjoint(entry.needs):
            return pattern
    return None


def _tags(
    settled: Sequence[tuple[_Hit, Pattern]], parts: Sequence[Folded], lead_end: int
) -> tuple[Tag, ...]:
    mentions: dict[Subject, list[Mention]] = defaultdict(list)
    for hit, pattern in settled:
        part = parts[hit.part]
        start, end = part.span(hit.start, hit.end)
        where: Where = "body"
        if hit.part == 0:
            where = "title"
        elif lead_end < 0 or start < lead_end:
            where = "lead"
        mentions[pattern.subject].append(
            Mention(start, end, part.original[start:end], pattern.name.text, where)
        )
    tags = [
        Tag(
            id=subject.entry.id,
            kind=subject.entry.kind,
            label=subject.entry.label,
            count=len(found),
            score=float(_score(found)),
            mentions=tuple(found),
        )
        for subject, found in mentions.items()
    ]
    return tuple(sorted(tags, key=lambda tag: (-tag.score, tag.id)))


def _score(mentions: Sequence[Mention]) -> int:
    counts = Counter(mention.where for mention in mentions)
    return sum(WEIGHTS[where] * min(COUNTED, count) for where, count in counts.items())
