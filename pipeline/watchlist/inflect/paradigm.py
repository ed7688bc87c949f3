"""The engine of the suffix paradigms: a lemma's ending decides which endings its other forms take.

In: a lower-case word and a language's tables. Out: its forms, lower-case. There is no dictionary:
rules over-generate on purpose, since a form that no text holds costs one row of a hash table, and a
form that is missing costs a mention. The tables themselves are in the files of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Sex = Literal["f", "m"]
BARE_STEM = "0"
SOFTENED = "~"
_SHORTEST = 3
"""A form shorter than this is too likely another word; also the length from which words inflect."""
_MAX_LOSS = 2
"""No inflection in these languages takes more than two letters off a name."""


@dataclass(frozen=True)
class Rule:
    """Words that end in `suffix` have the forms `stem` + each of `endings`."""

    suffix: str
    """A regular expression for the end of the dictionary form; what it matches is taken off."""
    endings: str
    """Parted by spaces. `0` is the bare stem; `~` before an ending softens the stem first."""
    example: str
    """`dictionary form: form form …`; the tests hold the rule to it."""
    stem: str = ""
    """What replaces the suffix before the ending comes: a `re` template, for fleeting vowels."""
    of: Literal["f", "m", "thing", "common"] | None = None
    """Whom the rule is for: women's names, men's names (both also words of unknown sex), only
    words that are no person's name, only common words. None is for all."""

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.suffix})$")

    @cached_property
    def _endings(self) -> tuple[str, ...]:
        return tuple(self.endings.split())

    def applies_to(self, sex: Sex | None, common: bool) -> bool:
        """Whether the rule is for a name of this sex (None: not a person's, or not known)."""
        if self.of == "common":
            return common
        return self.of is None or sex is None or self.of == sex

    def forms(self, word: str, softening: Mapping[str, Sequence[str]]) -> set[str] | None:
        """The forms of `word`, or None when it does not end in the suffix."""
        match = self._pattern.search(word)
        if match is None:
            return None
        stem = word[: match.start()] + match.expand(self.stem)
        forms: set[str] = set()
        for ending in self._endings:
            if ending == BARE_STEM:
                forms.add(stem)
            elif ending.startswith(SOFTENED):
                forms.update(soft + ending[1:] for soft in soften(stem, softening))
            else:
                forms.add(stem + ending)
        return forms


@dataclass(frozen=True)
class Tables:
    """How one language inflects."""

    groups: tuple[tuple[Rule, ...], ...]
    """In each group the first rule that fits decides; the groups add up."""
    adjectives: tuple[Rule, ...] = ()
    """Dictionary form → the forms of all genders, for adjectives of countries and the like."""
    softening: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """End of a stem → what it becomes before a softening ending; the longest end decides."""
    irregular: Mapping[str, str] = field(default_factory=dict)
    """Dictionary form → its other forms, for the few names that follow no rule."""
    function_words: frozenset[str] = frozenset()
    """Prepositions, conjunctions, pronouns, auxiliaries: never a form of a name."""
    keep_start: int = 0
    """Letters at the start that every form shares with the dictionary form."""


def soften(stem: str, softening: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The stem before a softening ending: by its longest listed end, else none."""
    for length in (3, 2, 1):
        soft = softening.get(stem[-length:])
        if soft is not None and len(stem) >= length:
            return [stem[:-length] + end for end in soft]
    default = softening.get("")
    return [stem + end for end in default] if default else []


def decline(word: str, tables: Tables, sex: Sex | None, common: bool) -> set[str]:
    """All forms of a lower-case word, itself among them."""
    forms = {word}
    if len(word) < _SHORTEST:
        return forms
    forms.update(tables.irregular.get(word, "").split())
    for group in tables.groups:
        for rule in group:
            if not rule.applies_to(sex, common):
                continue
            found = rule.forms(word, tables.softening)
            if found is not None:
                forms |= found
                break
    return _plausible(forms, word, tables)


def decline_adjective(word: str, tables: Tables) -> set[str]:
    """The forms of an adjective in all genders; of a word that is none, as `decline`."""
    forms = decline(word, tables, None, common=True)
    for rule in tables.adjectives:
        found = rule.forms(word, tables.softening)
        if found is not None:
            forms |= found
            break
    return _plausible(forms, word, tables)


def _plausible(forms: set[str], word: str, tables: Tables) -> set[str]:
    shortest = max(_SHORTEST, len(word) - _MAX_LOSS)
    start = word[: min(tables.keep_start, len(word) - 1)]
    return {
        form
        for form in forms
        if form == word
        or (len(form) >= shortest and form.startswith(start) and form not in tables.function_words)
    }


def spread(stems: str, endings: str) -> str:
    """Every stem with every ending, as a rule's `endings`: for stems that alternate."""
    return " ".join(stem + ending for stem in stems.split() for ending in endings.split())


def words(text: str) -> frozenset[str]:
    """A list of words as tables write it: parted by spaces."""
    return frozenset(text.split())
