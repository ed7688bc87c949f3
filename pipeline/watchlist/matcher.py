"""Finds the watchlist's entries in a document and decides which of the finds count.

In: entries at start-up; then a title, a text and its language. Out: tags, each with every mention
that counts, offsets exact in the original. Decided here: the longest name at each place, whose a
surname alone is, names that need their country in the document. What one place shows is judged in
`places`, the forms of words are `inflect`'s business, categories and alerts are the rules'.

Score of a tag: 3 a mention in the title, 2 in the lead (the first paragraph), 1 in the rest, at
most three mentions of each counted: 18 is the most, 1 a single passing mention.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from pipeline.records import Mention, Tag, Where
from pipeline.watchlist import places
from pipeline.watchlist.fold import Folded, fold
from pipeline.watchlist.forms import split_elisions
from pipeline.watchlist.inflect import primary
from pipeline.watchlist.patterns import Pattern, Subject, build
from pipeline.watchlist.places import Candidates, Hit, Place
from pipeline.watchlist.shapes import Entry

WEIGHTS: dict[Where, int] = {"title": 3, "lead": 2, "body": 1}
_WEIGHED = tuple(WEIGHTS.items())
COUNTED = 3
"""Mentions counted for the score at each place: the fourth says nothing new."""
_REMEMBERED = 8_192
"""Spellings of names, in one language, of which a matcher remembers whose they can be; when they
are so many it starts anew."""

_Judgement = tuple[Candidates | None, Candidates | None]
"""Whose a spelling can be: as a whole name, as a surname."""


class Matcher:
    """All names of a watchlist, ready to be found; safe to use from several threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = tuple(entries)
        self._patterns = build(entries)
        self._needs = {entry.id: frozenset(entry.needs) for entry in entries}
        self._judged: dict[str, dict[str, _Judgement]] = defaultdict(dict)

    def tag(self, title: str | None, text: str, language: str) -> tuple[Tag, ...]:
        """The entries named in a document, the highest score first.

        `text` is the blocks joined by blank lines, its first block the lead; `language` a BCP 47
        tag or `und`. Mentions are sorted by place, the title's first.
        """
        spoken = primary(language)
        parts = [fold(title or ""), fold(text)]
        if spoken == "fr":
            parts = [split_elisions(part) for part in parts]
        hits: list[Hit] = []
        context: set[str] = set()
        for number, part in enumerate(parts):
            self._find(number, part, spoken, hits, context)
        return _tags(_settle(hits, context, self._needs), parts, text.find("\n\n"))

    def _find(
        self, number: int, part: Folded, language: str, hits: list[Hit], context: set[str]
    ) -> None:
        """Add the longest names to `hits`; ids named inside a longer name go to `context`."""
        covered = 0
        judged = self._judged[language]
        for found in self._patterns.phrases.scan(part):
            hit = self._longest(number, part, language, judged, found)
            if hit is None:
                continue
            start = found[0][0]
            if start >= covered:
                # What stands before a surname may belong to the name before it.
                if hit.start < covered:
                    hit.start = start
                hits.append(hit)
                covered = hit.end
            elif hit.sure:
                context.update(p.id for p in hit.candidates.patterns if not p.conditional)

    def _longest(
        self,
        number: int,
        part: Folded,
        language: str,
        judged: dict[str, _Judgement],
        found: Sequence[Place],
    ) -> Hit | None:
        for place in found:
            start, _, end, _ = place
            if part.offsets is None:
                surface = part.original[start:end]
            else:
                first, last = part.span(start, end)
                surface = part.original[first:last]
            whole, surname = judged.get(surface) or self._judge(surface, place, part, language)
            if whole is None and surname is None:
                if not surface.isupper() or not places.is_shouted(start, end, part):
                    continue
                whole, surname = _judgement(place, part, language, shouted=True)
            if whole is not None:
                candidates = whole
                if whole.picky:
                    candidates = whole.left(place, part, self._patterns.given, language)
                if candidates.patterns:
                    if candidates.patterns[0].shape == "full":
                        end = places.patronymic(end, part)
                    return Hit(number, start, end, candidates, True)
            if surname is not None:
                candidates = surname
                if surname.picky:
                    candidates = surname.left(place, part, self._patterns.given, language)
                start, end, candidates, sure = places.initials(
                    start, end, candidates, part
                ) or places.beside(start, end, candidates, part, self._patterns.given)
                if candidates.patterns:
                    return Hit(number, start, end, candidates, sure)
        return None

    def _judge(self, surface: str, place: Place, part: Folded, language: str) -> _Judgement:
        """Whose the letters at a place can be; they alone and the language decide that."""
        judged = self._judged[language]
        if len(judged) >= _REMEMBERED:
            judged.clear()
        judged[surface] = judgement = _judgement(place, part, language)
        return judgement


def _judgement(place: Place, part: Folded, language: str, *, shouted: bool = False) -> _Judgement:
    names, surnames = places.passing(place, part, language, shouted=shouted)
    return Candidates.merged(names, language), Candidates.merged(surnames, language)


def _settle(
    hits: Sequence[Hit], context: set[str], needs: Mapping[str, frozenset[str]]
) -> list[tuple[Hit, Pattern]]:
    """Which entry each hit counts for; hits that count for none are left out."""
    named: dict[str, list[tuple[int, int]]] = defaultdict(list)
    waiting: set[Subject] = set()
    for hit in hits:
        if not hit.sure:
            continue
        for pattern in hit.candidates.patterns:
            if pattern.conditional:
                waiting.add(pattern.subject)
            else:
                context.add(pattern.id)
            if pattern.shape != "whole":
                named[pattern.id].append((hit.part, hit.start))
    # A surname that may stand alone is context too: «режим Лукашенко».
    for hit in hits:
        if not hit.sure and (owner := _owner(hit, named, frozenset())) is not None:
            context.add(owner.id)
    # A name that needs another may itself be what a third one needs.
    while ready := {s for s in waiting if not context.isdisjoint(needs[s.entry.id])}:
        context |= {subject.entry.id for subject in ready}
        waiting -= ready
    settled: list[tuple[Hit, Pattern]] = []
    for hit in hits:
        if hit.sure:
            settled += [(hit, p) for p in hit.candidates.patterns if p.id in context]
        elif (owner := _owner(hit, named, context)) is not None:
            settled.append((hit, owner))
    return settled


def _owner(
    hit: Hit, named: Mapping[str, list[tuple[int, int]]], context: Set[str]
) -> Pattern | None:
    """Whose a surname alone is: of those named in full the one named last before it, else the most
    prominent of those whose surname may stand alone here."""
    here = (hit.part, hit.start)
    by_id = hit.candidates.by_id
    last: list[tuple[tuple[int, int], str]] = []
    first: list[tuple[tuple[int, int], str]] = []
    for id_ in named.keys() & by_id.keys():
        found = named[id_]
        before = bisect_left(found, here)
        (last if before else first).append((found[before - 1 if before else 0], id_))
    if last or first:
        owner = by_id[(max(last) if last else min(first))[1]]
        return owner if owner.subject.entry.surname_alone != "no" else None
    for pattern in hit.candidates.patterns:
        if pattern.subject.entry.surname_alone == "yes":
            return pattern
    for pattern in hit.candidates.patterns:
        entry = pattern.subject.entry
        if entry.surname_alone == "with-context" and not context.isdisjoint(entry.needs):
            return pattern
    return None


def _tags(
    settled: Sequence[tuple[Hit, Pattern]], parts: Sequence[Folded], lead_end: int
) -> tuple[Tag, ...]:
    mentions: dict[Subject, list[Mention]] = defaultdict(list)
    for hit, pattern in settled:
        part = parts[hit.part]
        start, end = hit.start, hit.end
        after = part.text[end : end + 1]
        if after in places.CLOSING_QUOTES:
            end = places.closing_quote(part.text, start, end)
        elif after == "." and pattern.shape == "whole" and pattern.name.text.endswith("."):
            end += 1  # the name's own
        if part.offsets is not None:
            start, end = part.span(start, end)
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
    if len(mentions) == 1:
        return WEIGHTS[mentions[0].where]
    places_of = [mention.where for mention in mentions]
    return sum([weight * min(COUNTED, places_of.count(where)) for where, weight in _WEIGHED])
