"""Croatian or Serbian in Latin letters: the words and constructions in which they differ.

The two share nearly all letters, n-grams and short words, so a text of them is judged by what
readers go by: the yat vowel (vrijeme / vreme), terms and names (tvornica / fabrika), the infinitive
against `da` (može uložiti / može da uloži), `s` against `sa`. Lists in `profiles/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from itertools import islice

_WORD = re.compile(r"[^\W\d_]+")
MAX_WORDS = 200
_FILES = ("croatian_serbian_dictionary.txt", "croatian_serbian.txt")
_SIDES = {"hr": 1.0, "sr-Latn": -1.0}

# After a verb of wanting, being able or beginning Serbian goes on with `da` and a finite verb,
# Croatian with the infinitive (which Serbian has too, so that it tells nothing).
_BEFORE_DA = frozenset(
    {"će", "neće", "hoće", "može", "mogu", "možemo", "možete", "možeš", "mogao", "mogla", "mogli"}
    | {"treba", "trebaju", "trebalo", "mora", "moraju", "moramo", "moralo", "sme", "smije", "smeju"}
    | {"želi", "žele", "želimo", "počne", "počinje", "počeo", "počela", "počeli", "prestao"}
    | {"pokušava", "pokušavaju", "pokušao", "planira", "planiraju", "namerava", "nameravaju"}
    | {"odlučio", "odlučila", "uspeo", "uspela", "nastoji", "prestala"}
)
# Croatian says `sa` only before a sibilant and in `sa mnom`, where Serbian may say it always.
_SIBILANTS = frozenset("szšž")
_SA_WEIGHT = 0.5
_AFTER_SA = frozenset(("mnom",))


@dataclass(frozen=True, eq=False)
class Differences:
    """Words and beginnings of words that speak for Croatian (+1) or Serbian (−1). Read-only."""

    words: dict[str, float]
    stems: dict[str, float]

    def balance(self, text: str) -> float:
        """How many more words of the text are Croatian than Serbian, of those that differ."""
        total = 0.0
        previous = ""
        for match in islice(_WORD.finditer(text), MAX_WORDS):
            word = match.group().lower()
            total += self._side(word) + _construction(previous, word)
            previous = word
        return total

    def _side(self, word: str) -> float:
        side = self.words.get(word, 0.0)
        for size in range(len(word), 1, -1):
            if side:
                break
            side = self.stems.get(word[:size], 0.0)
        return side


def _construction(previous: str, word: str) -> float:
    if word == "da" and previous in _BEFORE_DA:
        return _SIDES["sr-Latn"]
    if previous == "da" and word == "li":
        return _SIDES["sr-Latn"]
    if previous == "sa" and word[0] not in _SIBILANTS and word not in _AFTER_SA:
        return _SA_WEIGHT * _SIDES["sr-Latn"]
    if previous == "s":
        return _SIDES["hr"]
    return 0.0


def load() -> Differences:
    """The lists that ship; what is written by hand overrides what dictionaries say."""
    words: dict[str, float] = {}
    stems: dict[str, float] = {}
    for name in _FILES:
        text = (resources.files("pipeline.language") / "profiles" / name).read_text("utf-8")
        for line in text.splitlines():
            language, _, entries = line.partition(":")
            if line.startswith("#"):
                continue
            for entry in entries.split():
                table = stems if entry.endswith("*") else words
                table[entry.rstrip("*")] = _SIDES[language]
    return Differences(words, stems)
