"""Names as sequences of words, each in any of its forms: a trie walked over the tokens of a text.

In: names as lists of words with their forms, each with a payload. Out: for every place of a folded
text where a name begins, the ends of the names that fit there. One hash look-up a token decides
that most tokens begin nothing; so the cost hardly grows with the number of names.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pipeline.watchlist.fold import WORD

Payload = TypeVar("Payload")

# What may stand between two words of a name: spaces, one line break, a hyphen, quotation marks.
_SPACE = r"[ \t\u00a0\u2007\u2009\u202f]"
_GAP = rf"{_SPACE}{{1,3}}|{_SPACE}?\n(?=[^\s])|[-‐‑‒–]|{_SPACE}?[\"«»„“”›‹]{_SPACE}?"
_INITIAL = 2
"""Letters of the longest initial (Дз., Yu.)."""
_AFTER_INITIAL = re.compile(rf"(?:\.{_SPACE}?|{_SPACE}|-)({WORD.pattern})")
_SLOT_WORDS = 3
"""At most so many words in the slot between given name and surname (Ю. Г., Рыгоравіч)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: forms are folded; equal keys mean equal forms."""

    key: Hashable
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found(Generic[Payload]):
    """Names that end at the same place; offsets into the folded text."""

    start: int
    last: int
    """Where the last word starts."""
    end: int
    payloads: Sequence[Payload]


@dataclass(slots=True)
class _Node(Generic[Payload]):
    children: dict[int, _Node[Payload]] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)
    slot: bool = False


class Phrases(Generic[Payload]):
    """A set of names to find, built once, read by any number of threads."""

    def __init__(self, slot: re.Pattern[str]) -> None:
        """`slot`: which words, besides initials, may stand in a slot, e.g. patronymics."""
        self._slot = slot
        self._root: _Node[Payload] = _Node()
        self._symbols: dict[Hashable, int] = {}
        self._forms: dict[str, tuple[int, ...]] = {}
        self._gaps: set[str] = set()
        self._first: dict[str, tuple[_Node[Payload], ...]] = {}
        self._next = re.compile(rf"(?:{_GAP})({WORD.pattern})")

    def add(self, words: Sequence[Word], payload: Payload, slot_after: int = 0) -> None:
        """Add a name; between its first `slot_after` words and the others there is a slot."""
        node = self._root
        for place, word in enumerate(words, 1):
            node = node.children.setdefault(self._symbol(word), _Node())
            node.slot = node.slot or place == slot_after
        node.payloads.append(payload)

    def allow_gaps(self, gaps: Iterable[str]) -> None:
        """Let these, too, stand between words (names like AT&T)."""
        self._gaps.update(gaps)

    def freeze(self) -> None:
        """Make ready to search; nothing may be added later."""
        starts: dict[int, _Node[Payload]] = self._root.children
        self._first = {
            form: nodes
            for form, symbols in self._forms.items()
            if (nodes := tuple(starts[symbol] for symbol in symbols if symbol in starts))
        }
        own = "|".join(re.escape(gap) for gap in sorted(self._gaps, key=len, reverse=True))
        self._next = re.compile(rf"(?:{_GAP}{'|' + own if own else ''})({WORD.pattern})")

    def _symbol(self, word: Word) -> int:
        symbol = self._symbols.get(word.key)
        if symbol is None:
            symbol = self._symbols[word.key] = len(self._symbols)
            for form in word.forms:
                self._forms[form] = (*self._forms.get(form, ()), symbol)
        return symbol

    def scan(self, text: str) -> Iterator[tuple[int, list[Found[Payload]]]]:
        """For every token that begins a name: where it ends, and the names, the longest first."""
        first = self._first
        for match in WORD.finditer(text):
            nodes = first.get(match.group())
            if nodes is not None:
                found = self._walk(text, match.start(), match.end(), nodes)
                if found:
                    yield match.end(), found

    def _walk(
        self, text: str, start: int, end: int, nodes: tuple[_Node[Payload], ...]
    ) -> list[Found[Payload]]:
        ends: dict[tuple[int, int], list[Payload]] = {}
        paths = [(node, start, end, 0) for node in nodes]
        while paths:
            node, last, stop, slotted = paths.pop()
            if node.payloads and not slotted:
                ends.setdefault((stop, last), []).extend(node.payloads)
            if not node.children:
                continue
            token = self._next.match(text, stop)
            if token is None and slotted and stop - last <= _INITIAL:
                token = _AFTER_INITIAL.match(text, stop)
            if token is None:
                continue
            word, at, past = token.group(1), token.start(1), token.end()
            for symbol in self._forms.get(word, ()):
                child = node.children.get(symbol)
                if child is not None:
                    paths.append((child, at, past, 0))
            if (
                node.slot
                and slotted < _SLOT_WORDS
                and (_is_initial(text, at, past) or self._slot.search(word))
            ):
                paths.append((node, at, past, slotted + 1))
        return [
            Found(start, last, stop, payloads)
            for (stop, last), payloads in sorted(ends.items(), reverse=True)
        ]


def _is_initial(text: str, start: int, end: int) -> bool:
    return end - start <= _INITIAL and text.startswith(".", end)
