"""One tagged document as the rules see it: mentions by entry, and how close mentions are.

In: tags and the text they were found in. Out: the mentions of a term, whether mentions of several
terms stand together. Knows nothing of rules but their names.

Mentions are numbered in reading order, and a set of them is an integer with those bits set: the
dozens of rules that look at every document join and count such sets at the cost of an addition.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from pipeline.records import Mention, Tag, Where

Unit = Literal["tokens", "sentence", "paragraph"]
Evidence = tuple[tuple[str, Mention], ...]
"""(tag id, mention) pairs, in reading order."""
Mask = int
"""A set of mentions: bit n is the n-th of the document."""
_Place = tuple[bool, int]
"""In the text (else the title), and the number of the word, sentence or paragraph there."""
_Placed = dict[_Place, list[int]]

NEAR_MENTIONS = 200
"""Mentions of one term that are tried for closeness: a page made of names must stall no worker."""

_WORD = re.compile(r"\w+")
_WORD_START = re.compile(r"(?<!\w)\w")
_INSIDE = re.compile(r"(?<=\w)\w")
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
        self._pairs = in_reading_order((tag.id, m) for tag in tags for m in tag.mentions)
        self._by_id: dict[str, Mask] = {}
        self._by_place: dict[Where, Mask] = dict.fromkeys(PLACES, 0)
        self._terms: dict[str, Mask] = {}
        self._numbers: dict[Unit, Sequence[_Place]] = {}
        self._placed: dict[tuple[Mask, Unit], _Placed] = {}
        bit = 1
        for id_, mention in self._pairs:
            self._by_id[id_] = self._by_id.get(id_, 0) | bit
            self._by_place[mention.where] |= bit
            bit <<= 1

    def fire(self, rule: str, mentions: Mask) -> None:
        """Note that a rule holds, and why: from now on its name is a term of the document."""
        self._terms[rule] = mentions

    def find(self, name: str, ids: frozenset[str], where: frozenset[Where] = ANYWHERE) -> Mask:
        """The mentions of a term; with `where`, only those at these places."""
        found = self._terms.get(name)
        if found is None:
            if not ids:
                return 0  # a rule that did not fire
            found = 0
            for id_, mask in self._by_id.items():
                if id_ in ids:
                    found |= mask
            self._terms[name] = found
        return found & self._at(where) if where and found else found

    def count(self, mentions: Mask, where: Where) -> int:
        """How many of the mentions are at a place."""
        return (mentions & self._by_place[where]).bit_count()

    def ids(self, mentions: Mask) -> tuple[str, ...]:
        """The tags of the mentions, in reading order."""
        found = [
            (mask & -mask, id_) for id_, own in self._by_id.items() if (mask := own & mentions)
        ]
        found.sort()
        return tuple(id_ for _, id_ in found)

    def evidence(self, mentions: Mask) -> Evidence:
        """The mentions themselves."""
        return tuple(self._pairs[number] for number in _bits(mentions))

    def together(self, terms: Sequence[Mask], unit: Unit, window: int) -> Mask:
        """One mention of each term, all within `window` units of each other; 0 if none.

        A mention serves one term only. The title is a paragraph of its own: its mentions are always
        near each other and never near the text's.
        """
        if not all(terms):
            return 0
        placed = [self._place(term, unit) for term in terms]
        if window:
            return self._within(placed, window)
        shared = set(placed[0])
        for found in placed[1:]:
            shared.intersection_update(found)
        for place in sorted(shared):
            options = [(index, n) for index, found in enumerate(placed) for n in found[place]]
            if chosen := self._one_each(options, len(terms)):
                return chosen
        return 0

    def _at(self, where: frozenset[Where]) -> Mask:
        mask = 0
        for place in where:
            mask |= self._by_place[place]
        return mask

    def _place(self, mentions: Mask, unit: Unit) -> _Placed:
        """Mentions by the word, sentence or paragraph that they start in."""
        placed = self._placed.get((mentions, unit))
        if placed is None:
            numbers = self._numbers.get(unit)
            if numbers is None:
                numbers = self._numbers[unit] = self._number(unit)
            placed = {}
            for count, number in enumerate(_bits(mentions)):
                if count == NEAR_MENTIONS:
                    break
                placed.setdefault(numbers[number], []).append(number)
            self._placed[mentions, unit] = placed
        return placed

    def _number(self, unit: Unit) -> Sequence[_Place]:
        """In which word, sentence or paragraph each mention starts."""
        starts = [mention.start for _, mention in self._pairs if mention.where != "title"]
        if unit == "tokens":
            found = word_numbers(self._text, starts)
        else:
            begins = self._sentences if unit == "sentence" else self._paragraphs
            found = [bisect_right(begins, start) for start in starts]
        return [(False, 0)] * (len(self._pairs) - len(starts)) + [(True, n) for n in found]

    def _within(self, placed: Sequence[_Placed], window: int) -> Mask:
        """One mention of each term, the first and last at most `window` words apart."""
        line = [
            (place, index, number)
            for index, found in enumerate(placed)
            for place, numbers in found.items()
            for number in numbers
        ]
        line.sort(key=lambda item: item[0])
        first = 0
        for last, (place, _, _) in enumerate(line):
            while line[first][0][0] != place[0] or place[1] - line[first][0][1] > window:
                first += 1
            if chosen := self._one_each([item[1:] for item in line[first : last + 1]], len(placed)):
                return chosen
        return 0

    def _one_each(self, candidates: Sequence[tuple[int, int]], terms: int) -> Mask:
        """One candidate for each term (numbered from 0), no two at the same place; 0 if impossible.

        A bipartite matching by augmenting paths. Of a term no more places matter than there are
        terms.
        """
        options: list[dict[tuple[int, int], int]] = [{} for _ in range(terms)]
        for index, number in candidates:
            if len(options[index]) < terms:
                mention = self._pairs[number][1]
                options[index].setdefault((mention.start, mention.end), number)
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
            return 0
        chosen = 0
        for span, index in owner.items():
            chosen |= 1 << options[index][span]
        return chosen

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


def _bits(mask: Mask) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def word_numbers(text: str, starts: Sequence[int]) -> list[int]:
    """How many words of the text begin at or before each of the rising offsets."""
    numbers: list[int] = []
    begun = at = 0
    for start in starts:
        if start > at:
            begun += len(_WORD.findall(text, at, start)) - (_INSIDE.match(text, at) is not None)
            at = start
        numbers.append(begun + (_WORD_START.match(text, at) is not None))
    return numbers
