"""One tagged document as the rules see it: mentions by entry, and how close mentions are.

In: tags and the text they were found in. Out: the mentions of a term, whether mentions of several
terms stand together. Knows nothing of rules.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Literal

from pipeline.records import Mention, Tag, Where

Unit = Literal["tokens", "sentence", "paragraph"]
Evidence = tuple[tuple[str, Mention], ...]
"""(tag id, mention) pairs."""

NEAR_MENTIONS = 200
"""Mentions of one term that are tried for closeness: a page made of names must stall no worker."""

_WORD = re.compile(r"\w+")
_PARAGRAPH_END = re.compile(r"\n\n+")
# A sentence may end here: a stop that does not follow an initial («Ю. Амбразевич»), then a space.
_STOP = re.compile(r"(?<!\b\w)[.!?…]+[»”“\"')\]]*\s+[^\w\s]*\s*(?=\w)|\n\n+")


class Document:
    """The tags of one document, and the places of its words and sentences, found when needed."""

    def __init__(self, tags: Sequence[Tag], text: str) -> None:
        self.text = text
        self.mentions: dict[str, tuple[Mention, ...]] = {tag.id: tag.mentions for tag in tags}
        self.fired: dict[str, Evidence] = {}
        """Why each of the rules judged so far fired; a rule that did not fire is absent."""

    def has(self, name: str, ids: frozenset[str]) -> bool:
        """Whether a term is anywhere in the document."""
        return not ids.isdisjoint(self.mentions) or name in self.fired

    def find(self, name: str, ids: frozenset[str], where: frozenset[Where]) -> Evidence:
        """The mentions of a term, in reading order; with `where`, only those at these places."""
        found: Iterable[tuple[str, Mention]]
        if name in self.fired:
            found = self.fired[name]
        else:
            present = ids & self.mentions.keys()
            found = ((id_, mention) for id_ in present for mention in self.mentions[id_])
        if where:
            found = (pair for pair in found if pair[1].where in where)
        return tuple(sorted(found, key=_reading_order))

    def together(self, terms: Sequence[Evidence], unit: Unit, window: int) -> Evidence:
        """One mention of each term, all within `window` units of each other; () if none.

        A mention serves one term only. The title is a paragraph of its own: its mentions are always
        near each other and never near the text's.
        """
        placed = [
            (*self._place(pair[1], unit), index, pair)
            for index, found in enumerate(terms)
            for pair in found[:NEAR_MENTIONS]
        ]
        placed.sort(key=itemgetter(0, 1))
        first = 0
        for last, (part, position, _, _) in enumerate(placed):
            while placed[first][0] != part or position - placed[first][1] > window:
                first += 1
            chosen = _one_each([item[2:] for item in placed[first : last + 1]], len(terms))
            if chosen:
                return chosen
        return ()

    def _place(self, mention: Mention, unit: Unit) -> tuple[str, int]:
        """Title or text, and the number of the word, sentence or paragraph a mention starts in."""
        if mention.where == "title":
            return "title", 0
        if unit == "tokens":
            starts = self._words
        else:
            starts = self._sentences if unit == "sentence" else self._paragraphs
        return "text", bisect_right(starts, mention.start)

    @cached_property
    def _words(self) -> list[int]:
        return [match.start() for match in _WORD.finditer(self.text)]

    @cached_property
    def _sentences(self) -> list[int]:
        return [
            match.end()
            for match in _STOP.finditer(self.text)
            if "\n" in match[0] or not self.text[match.end()].islower()
        ]

    @cached_property
    def _paragraphs(self) -> list[int]:
        return [match.end() for match in _PARAGRAPH_END.finditer(self.text)]


def _reading_order(pair: tuple[str, Mention]) -> tuple[bool, int]:
    return pair[1].where != "title", pair[1].start


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
