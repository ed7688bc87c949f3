"""Letters and words that decide: evidence for short texts, where n-grams alone leave doubt.

A word in small letters that holds a letter outside a language's alphabet is hardly of that
language (ы is not Ukrainian, ў only Belarusian); a common short word speaks for the languages
that have it. Alphabets after CLDR's main exemplar characters; words from `profiles/words.txt`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from itertools import islice

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_BASIC = "abcdefghijklmnopqrstuvwxyz"
_SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџш"
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
ALPHABETS = {
    "be": "абвгґдежзійклмнопрстуўфхцчшыьэюяё",
    "ru": _RUSSIAN,
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюяѝ",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ",
    "sr": _SERBIAN,
    "be-Latn": "abcćčdefghijklłmnńoprsśštuŭvyzźž",
    "sr-Latn": "abcčćdđefghijklmnoprsštuvzž",
    "hr": "abcčćdđefghijklmnoprsštuvzž",
    "sl": "abcčdefghijklmnoprsštuvzž",
    "cs": _BASIC + "áčďéěíňóřšťúůýž",
    "sk": _BASIC + "áäčďéíĺľňóôŕšťúýž",
    "pl": _BASIC + "ąćęłńóśźż",
    "lt": _BASIC + "ąčęėįšųūž",
    "lv": _BASIC + "āčēģīķļņšūž",
    "et": _BASIC + "äõöüšž",
    "fi": _BASIC + "äöåšž",
    "sv": _BASIC + "åäöéà",
    "da": _BASIC + "æøåé",
    "no": _BASIC + "æøåéòóô",
    "de": _BASIC + "äöüßé",
    "nl": _BASIC + "éëïóöüèê",
    "af": _BASIC + "éèêëîïôöû",
    "en": _BASIC + "éèêïñç",
    "fr": _BASIC + "àâæçéèêëîïôœùûüÿ",
    "es": _BASIC + "áéíñóúü",
    "pt": _BASIC + "áàâãçéêíóôõúü",
    "it": _BASIC + "àèéìíîòóùú",
    "ro": _BASIC + "ăâîșțşţ",
    "ca": _BASIC + "àçéèíïóòúü·",
    "hu": _BASIC + "áéíóöőúüű",
    "ga": _BASIC + "áéíóú",
    "mt": _BASIC + "àċèġħìòùż",
    "cy": _BASIC + "âêîôûŵŷáéíóúàèìòùäëïöü",
    "sq": _BASIC + "çë",
    "tr": _BASIC + "âçğıîöşûü",
    "id": _BASIC,
    "tl": _BASIC + "ñ",
    "sw": _BASIC,
    "so": _BASIC,
    "vi": _BASIC + "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}

REQUIRED = {"ja": re.compile("[\u3040-\u30ff]"), "ko": re.compile("[\uac00-\ud7a3]")}
"""Japanese is not written without kana nor Korean without hangul, though both profiles hold
Chinese characters."""

ALIEN_PAIRS = {"be-Latn": re.compile("[CSRcsr]z|[Ss]ch")}
"""Pairs of letters that the spelling does without: the Polish and German ones in Łacinka."""

WORD = re.compile(r"[^\W\d_]+")
NAME_PARTICLES = frozenset(("al", "bin", "da", "der", "van", "von", "zu"))
"""Between two words in capitals these belong to a name (Ursula von der Leyen, Lula da Silva), the
same in every language."""
MAX_WORDS = 40
"""More words than this tell nothing that the n-grams do not."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Read-only tables for the languages of a model, in its order."""

    alien: npt.NDArray[np.bool_]
    """Row: a letter's number; column: whether the language does without the letter."""
    letter_rows: dict[str, int]
    unusual: dict[str, npt.NDArray[np.float32]]
    """For each common word 1 for the languages that do not have it among theirs."""

    def weigh(self, text: str) -> tuple[Floats, Floats, int]:
        """(words that are common elsewhere, words with alien letters) by language; words seen."""
        words = [match.group() for match in islice(WORD.finditer(text), MAX_WORDS)]
        elsewhere = np.zeros(self.alien.shape[1], np.float32)
        for i, word in enumerate(words):
            found = self.unusual.get(word.lower())
            if found is not None and not (word in NAME_PARTICLES and _in_a_name(words, i)):
                elsewhere += found
        # Foreign names keep their letters in Latin script; in Cyrillic they are spelt anew.
        small = [word for word in words if word[0].islower() or "\u0400" <= word[0] <= "\u052f"]
        if not small:
            return elsewhere, np.zeros_like(elsewhere), len(words)
        rows = [self.letter_rows.get(letter, -1) for word in small for letter in word]
        starts = np.cumsum([0, *map(len, small[:-1])])
        strange = np.logical_or.reduceat(self.alien[rows], starts, axis=0).sum(0)
        return elsewhere, strange.astype(np.float32), len(words)


def _in_a_name(words: list[str], i: int) -> bool:
    """Whether the particles around a place stand between two words that begin with a capital."""
    first = last = i
    while first and words[first] in NAME_PARTICLES:
        first -= 1
    while last < len(words) - 1 and words[last] in NAME_PARTICLES:
        last += 1
    return words[first][0].isupper() and words[last][0].isupper()


def load(languages: tuple[str, ...]) -> Evidence:
    """The tables for these languages; one without an alphabet here is never contradicted."""
    letters = sorted({letter for alphabet in ALPHABETS.values() for letter in alphabet})
    alien = np.ones((len(letters) + 1, len(languages)), np.bool_)
    for column, language in enumerate(languages):
        alphabet = ALPHABETS.get(language)
        if alphabet is None:
            alien[:, column] = False
        else:
            alien[:-1, column] = [letter not in alphabet for letter in letters]
    unusual: dict[str, Floats] = {}
    text = (resources.files("pipeline.language") / "profiles" / "words.txt").read_text("utf-8")
    for line in text.splitlines():
        language, _, words = line.partition(":")
        if line.startswith("#"):
            continue
        for word in words.split():
            missing = unusual.setdefault(word, np.ones(len(languages), np.float32))
            missing[languages.index(language)] = 0
    alien.setflags(write=False)
    rows = {letter: row for row, letter in enumerate(letters)}
    # Capitals inside a word in small letters (iPhone) count as their small letters.
    rows |= {letter.upper(): row for letter, row in rows.items() if len(letter.upper()) == 1}
    return Evidence(alien, rows, unusual)
