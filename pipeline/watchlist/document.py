"""One tagged document as the rules see it: mentions by entry, and how close mentions are.

In: tags and the text they were found in. Out: the mentions of a term, whether mentions of several
terms stand together. Knows nothing of rules but their names. Answers are kept: the same few terms
are asked for by many rules.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Literal

from pipeline.records import Mention, Tag, Where

Unit = Literal["tokens", "sentence", "paragraph"]
Evidence = tuple[tuple[str, Mention], ...]
"""(tag id, mention) pairs, in reading order."""
TermKey = tuple[str, frozenset[str], frozenset[Where]]
"""A term's name, its entries, and where its mentions count."""
_Place = tuple[bool, int]
"""In the text (else the title), and the number of the word, sentence or paragraph there."""
_Placed = dict[_Place, list[tuple[str, Mention]]]

NEAR_MENTIONS = 200
"""Mentions of one term that are tried for closeness: a page made of names must stall no worker."""

_WORD = re.compile(r"\w+")
_PARAGRAPH_END = re.compile(r"\n\n+")
# A sentence may end here: a stop, then a space and something that begins a word.
# Begins with one set of characters, which `re` skips to fast.
_STOP = re.compile(r"[.!?…\n](?:(?<=\n)\n+|(?<!\n)[.!?…]*[»”“\"')\]]*\s+[^\w\s]*\s*(?=\w))")
PLACES: tuple[Where, ...] = ("title", "lead", "body")
ANYWHERE: frozenset[Where] = frozenset()
"""For `find`: wherever a mention is."""


class Document:
    """The tags of one document, and the places of its words and sentences, found when needed."""

    def __init__(self, tags: Sequence[Tag], text: str) -> None:
        self._text = text
        self._mentions = {tag.id: tag.mentions for tag in tags}
        self._fired: dict[str, Evidence] = {}
        self._present: dict[str, bool] = {}
        self._found: dict[tuple[str, frozenset[Where]], Evidence] = {}
        self._counts: dict[str, Mapping[Where, int]] = {}
        self._placed: dict[tuple[str, frozenset[Where], Unit], _Placed] = {}

    def fire(self, rule: str, evidence: Iterable[tuple[str, Mention]]) -> Evidence:
        """Note that a rule holds, and why: from now on its name is a term of the document."""
        self._fired[rule] = in_reading_order(evidence)
        return self._fired[rule]

    def has(self, name: str, ids: frozenset[str]) -> bool:
        """Whether a term is anywhere in the document."""
        if not ids:
            return name in self._fired
        present = self._present.get(name)
        if present is None:
            present = self._present[name] = not ids.isdisjoint(self._mentions)
        return present

    def find(self, name: str, ids: frozenset[str], where: frozenset[Where]) -> Evidence:
        """The mentions of a term; with `where`, only those at these places."""
        found = self._found.get((name, where))
        if found is None:
            found = self._look_up(name, ids)
            if where:
                found = tuple(pair for pair in found if pair[1].where in where)
            if name in self._fired or ids:
                self._found[name, where] = found
        return found

    def counts(self, name: str, ids: frozenset[str]) -> Mapping[Where, int]:
        """How many mentions of a term are at each place."""
        counts = self._counts.get(name)
        if counts is None:
            where = [mention.where for _, mention in self.find(name, ids, ANYWHERE)]
            counts = {place: where.count(place) for place in PLACES}
            self._counts[name] = counts
        return counts

    def _look_up(self, name: str, ids: frozenset[str]) -> Evidence:
        if name in self._fired:
            return self._fired[name]
        present = [id_ for id_ in self._mentions if id_ in ids]
        pairs = ((id_, mention) for id_ in present for mention in self._mentions[id_])
        return in_reading_order(pairs) if len(present) > 1 else tuple(pairs)

    def together(self, terms: Sequence[TermKey], unit: Unit, window: int) -> Evidence:
        """One mention of each term, all within `window` units of each other; () if none.

        A mention serves one term only. The title is a paragraph of its own: its mentions are always
        near each other and never near the text's.
        """
        placed = [self._place(term, unit) for term in terms]
        if window:
            return _within(placed, window)
        shared = set(placed[0])
        for found in placed[1:]:
            shared.intersection_update(found)
        for place in sorted(shared):
            options = [(index, pair) for index, found in enumerate(placed) for pair in found[place]]
            if chosen := _one_each(options, len(terms)):
                return chosen
        return ()

    def _place(self, term: TermKey, unit: Unit) -> _Placed:
        """The mentions of a term by the word, sentence or paragraph that they start in."""
        name, ids, where = term
        placed = self._placed.get((name, where, unit))
        if placed is None:
            if unit == "tokens":
                starts = self._words
            else:
                starts = self._sentences if unit == "sentence" else self._paragraphs
            placed = {}
            for pair in self.find(name, ids, where)[:NEAR_MENTIONS]:
                mention = pair[1]
                in_text = mention.where != "title"
                place = (in_text, bisect_right(starts, mention.start) if in_text else 0)
                placed.setdefault(place, []).append(pair)
            self._placed[name, where, unit] = placed
        return placed

    @cached_property
    def _words(self) -> list[int]:
        return [match.start() for match in _WORD.finditer(self._text)]

    @cached_property
    def _sentences(self) -> list[int]:
        text = self._text
        return [
            match.end()
            for match in _STOP.finditer(text)
            if "\n" in match[0]
            or not (text[match.end()].islower() or _is_initial(text, match.start() - 1))
        ]

    @cached_property
    def _paragraphs(self) -> list[int]:
        return [match.end() for match in _PARAGRAPH_END.finditer(self._text)]


def _is_initial(text: str, at: int) -> bool:
    """Whether the letter at `at` stands alone: «Ю. Амбразевич» is no end of a sentence."""
    return at >= 0 and text[at].isalpha() and (at == 0 or not text[at - 1].isalnum())


def in_reading_order(pairs: Iterable[tuple[str, Mention]]) -> Evidence:
    """The pairs by place, the title's first, each once."""
    ordered = {(pair[1].where != "title", pair[1].start, pair[0]): pair for pair in pairs}
    return tuple(ordered[place] for place in sorted(ordered))


def _within(placed: Sequence[_Placed], window: int) -> Evidence:
    """One mention of each term, the first and last at most `window` words apart."""
    line = [
        (place, index, pair)
        for index, found in enumerate(placed)
        for place, pairs in found.items()
        for pair in pairs
    ]
    line.sort(key=lambda item: item[0])
    first = 0
    for last, (place, _, _) in enumerate(line):
        while line[first][0][0] != place[0] or place[1] - line[first][0][1] > window:
            first += 1
        if chosen := _one_each([item[1:] for item in line[first : last + 1]], len(placed)):
            return chosen
    return ()


def _one_each(candidates: Sequence[tuple[int, tuple[str, Mention]]], terms: int) -> Evidence:
    """One candidate for each term (numbered from 0), no two at the same place; () if impossible.

    A bipartite matching by augmenting paths. Of a term no more places matter than there are terms.
    """
    options: list[dict[tuple[int, int], tuple[str, Mention]]] = [{} for _ in range(terms)]
    for index, pair in candidates:
        if len(options[index]) < terms:
            options[index].setdefault((pair[1].start, pair[1].end), pair)
    owner: dict[tuple[int, int], int] = {}

    def settle(index: int, tried: set[tuple[int, int]]) -> bool:
        for span in options[index]:
            if span in tried:
                continue
            tried.add(span)
            if span not in owner or settle(owner[span], tried):
                owner[span] = index
                return True
        return False

    if not all(options) or not all(settle(index, set()) for index in range(terms)):
        return ()
    chosen = {index: options[index][span] for span, index in owner.items()}
    return tuple(chosen[index] for index in range(terms))
