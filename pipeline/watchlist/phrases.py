"""Names as sequences of words, each in any of its forms: a trie walked over the tokens of a text.

In: names as lists of words with their forms, each with an item. Out: for every place of a folded
text where a name begins, the ends of the names that fit there. One hash look-up a token decides
that most tokens begin nothing; so the cost hardly grows with the number of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from pipeline.watchlist.fold import SURROGATES, WORD, Folded

Item = TypeVar("Item")
Bag = TypeVar("Bag")

# What may stand between two words of a name: spaces, one line break, a dash, quotation marks.
_SPACE = r"[ \t\u00a0\u2007\u2009\u202f]"
_GAP = "|".join(
    (
        rf"{_SPACE}{{1,3}}",
        rf"{_SPACE}?\n(?=\S)",
        rf"{_SPACE}?[-‐‑‒–—−]{_SPACE}?",
        rf"{_SPACE}?[\"«»„“”›‹]{_SPACE}?",
    )
)
_INITIAL = 2
"""Letters of the longest initial (Дз., Yu.)."""
_AFTER_INITIAL = re.compile(rf"\.(?:{_SPACE}|-)?({WORD.pattern})")
_REMEMBERED = 8_192
"""Words of which is remembered whether they fit a slot. When they are so many it starts anew."""
_SLOT_WORDS = 3
"""At most so many words in the slot between given name and surname (Ю. Г., Рыгоравіч)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: forms are folded; equal keys mean equal forms."""

    key: Hashable
    forms: frozenset[str]


Found = tuple[int, int, int, Sequence[Bag]]
"""Names that end at the same place: where they start, where their last word starts, where they end
(offsets into the folded text), and their bags. A plain tuple: there are dozens a document."""


@dataclass(slots=True)
class _Node(Generic[Item, Bag]):
    children: dict[int, _Node[Item, Bag]] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    bag: Bag | None = None
    slot: bool = False
    lower: bool = False
    """Of a first word: some name that begins with it may be written in lower case."""


class _Begun(NamedTuple, Generic[Item, Bag]):
    """What a first word begins."""

    bags: Sequence[Bag]
    """Of the names that it is the whole of."""
    nodes: Sequence[_Node[Item, Bag]]
    """Those that go on."""
    seconds: frozenset[int]
    """The words that can be next."""
    slot: bool
    """Whether there may be other words before those."""


_Cases = tuple[_Begun[Item, Bag] | None, _Begun[Item, Bag]]
"""What a word begins in small letters, and with a capital."""


def _begun(nodes: Sequence[_Node[Item, Bag]]) -> _Begun[Item, Bag] | None:
    if not nodes:
        return None
    going_on = tuple(node for node in nodes if node.children)
    return _Begun(
        bags=tuple(node.bag for node in nodes if node.bag is not None),
        nodes=going_on,
        seconds=frozenset(symbol for node in going_on for symbol in node.children),
        slot=any(node.slot for node in going_on),
    )


class Phrases(Generic[Item, Bag]):
    """A set of names to find, built once, read by any number of threads.

    Items of names that are the same words end in one bag, made by `pack` when the set is frozen.
    """

    def __init__(self, pack: Callable[[list[Item]], Bag], slot: re.Pattern[str]) -> None:
        """`slot`: which words, besides initials, may stand in a slot, e.g. patronymics."""
        self._pack = pack
        self._slot = slot
        self._root: _Node[Item, Bag] = _Node()
        self._symbols: dict[Hashable, int] = {}
        self._forms: dict[bytes, tuple[int, ...]] = {}
        self._begun: dict[bytes, _Cases[Item, Bag]] = {}
        self._slotted: dict[bytes, bool] = {}
        self._gaps: set[str] = set()
        self._next = re.compile(rf"(?:{_GAP})({WORD.pattern})")

    def add(self, words: Sequence[Word], item: Item, *, lower: bool, slot_after: int = 0) -> None:
        """Add a name; between its first `slot_after` words and the others there is a slot.

        `lower`: whether it may begin with a small letter; others are passed over fast.
        """
        node = self._root
        for place, word in enumerate(words, 1):
            node = node.children.setdefault(self._symbol(word), _Node())
            node.slot = node.slot or place == slot_after
            node.lower = node.lower or (lower and place == 1)
        node.items.append(item)

    def allow_gaps(self, gaps: Iterable[str]) -> None:
        """Let these, too, stand between words (names like AT&T)."""
        self._gaps.update(gaps)

    def freeze(self) -> None:
        """Make ready to search; nothing may be added later."""
        every = [self._root]
        for node in every:
            every.extend(node.children.values())
            if node.items:
                node.bag = self._pack(node.items)
        nothing: list[Item] = []
        no_children: dict[int, _Node[Item, Bag]] = {}
        for node in every:
            node.items = nothing
            node.children = node.children or no_children
        starts = self._root.children
        later = {symbol for node in every if node is not self._root for symbol in node.children}
        # Forms of one word share what they begin and what they go on with: one object for all.
        begun: dict[tuple[int, ...], _Cases[Item, Bag] | None] = {}
        going_on: dict[tuple[int, ...], tuple[int, ...]] = {}
        for form, symbols in self._forms.items():
            if symbols not in begun:
                nodes = [starts[symbol] for symbol in symbols if symbol in starts]
                any_case = _begun(nodes)
                lower = _begun([node for node in nodes if node.lower])
                begun[symbols] = any_case and (lower, any_case)
                going_on[symbols] = tuple(symbol for symbol in symbols if symbol in later)
            cases = begun[symbols]
            if cases:
                self._begun[form] = cases
        self._forms = {form: known for form, s in self._forms.items() if (known := going_on[s])}
        self._symbols.clear()
        own = "".join(f"|{re.escape(gap)}" for gap in sorted(self._gaps, key=len, reverse=True))
        self._next = re.compile(rf"(?:{_GAP}{own})({WORD.pattern})")

    def _symbol(self, word: Word) -> int:
        symbol = self._symbols.get(word.key)
        if symbol is None:
            symbol = self._symbols[word.key] = len(self._symbols)
            for form in word.forms:
                key = form.encode("utf-8", SURROGATES)
                self._forms[key] = (*self._forms.get(key, ()), symbol)
        return symbol

    def scan(self, folded: Folded) -> Iterator[list[Found[Bag]]]:
        """At every token that begins names: those names, the longest first."""
        original, offsets = folded.original, folded.offsets
        # Most tokens begin nothing: look all of them up at C speed, then place the few.
        tokens = folded.blank.split()
        known = self._begun
        candidates = [place for place, token in enumerate(tokens) if token in known]
        if not candidates:
            return
        # A token stands at `start` exactly where it stands in here between spaces.
        blank = f" {folded.blank.decode('utf-8', SURROGATES)} "
        tokens.append(b"")
        end = 0
        passed: list[bytes] = []
        words_of = self._forms.get
        for place in candidates:
            token = tokens[place]
            small, capital = known[token]
            goes_on = False
            if capital.nodes:
                following = tokens[place + 1]
                goes_on = not capital.seconds.isdisjoint(words_of(following, ())) or (
                    capital.slot and self._may_fit_slot(following)
                )
            if not goes_on and not capital.bags:
                passed.append(token)
                continue
            padded = f" {token.decode('utf-8', SURROGATES)} "
            if passed:
                for _ in range(passed.count(token)):
                    end = blank.index(padded, end) + len(padded) - 2
                passed.clear()
            start = blank.index(padded, end)
            end = start + len(padded) - 2
            begun = capital if original[offsets[start] if offsets else start].isupper() else small
            if begun is None:
                continue
            found: list[Found[Bag]] = []
            if goes_on and begun.nodes:
                found = self._walk(folded.text, blank, tokens, place, start, end, begun.nodes)
            if begun.bags:
                found.append((start, start, end, begun.bags))
            if found:
                yield found

    def _walk(
        self,
        text: str,
        blank: str,
        tokens: Sequence[bytes],
        place: int,
        start: int,
        end: int,
        nodes: Sequence[_Node[Item, Bag]],
    ) -> list[Found[Bag]]:
        """The names of two words and more that begin with a token, the longest first."""
        found: list[Found[Bag]] = []
        # All paths take one token a step: so one look at the text a step serves them all.
        paths = [(node, 0) for node in nodes]
        while paths:
            place += 1
            symbols = self._forms.get(tokens[place], ())
            if not symbols and not any(node.slot for node, _ in paths):
                break
            if text.startswith(" ", end) and not blank.startswith(" ", end + 2):
                at, end = end + 1, blank.index(" ", end + 2) - 1
            elif gap := self._next.match(text, end):
                at, end = gap.span(1)
            else:
                paths = [path for path in paths if path[1]]
                gap = _AFTER_INITIAL.match(text, end) if paths else None
                if gap is None:
                    break
                at, end = gap.span(1)
            in_slot: bool | None = None
            longer: list[tuple[_Node[Item, Bag], int]] = []
            bags: list[Bag] = []
            for node, slotted in paths:
                for symbol in symbols:
                    child = node.children.get(symbol)
                    if child is not None:
                        if child.bag is not None:
                            bags.append(child.bag)
                        if child.children:
                            longer.append((child, 0))
                if node.slot and slotted < _SLOT_WORDS:
                    if in_slot is None:
                        in_slot = self._may_fit_slot(tokens[place]) and (
                            end - at > _INITIAL or text.startswith(".", end)
                        )
                    if in_slot:
                        longer.append((node, slotted + 1))
            if bags:
                found.append((start, at, end, bags))
            paths = longer
        found.reverse()
        return found

    def _may_fit_slot(self, token: bytes) -> bool:
        """Whether a token may be an initial or is what else may stand in a slot."""
        fits = self._slotted.get(token)
        if fits is None:
            word = token.decode("utf-8", SURROGATES)
            fits = len(word) <= _INITIAL or self._slot.search(word) is not None
            if len(self._slotted) >= _REMEMBERED:
                self._slotted.clear()
            self._slotted[token] = fits
        return fits
