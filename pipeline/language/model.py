"""langdetect's naive Bayes, exact: the likelihood of a text in each language, from n-gram profiles.

langdetect multiplies the likelihoods of n-grams drawn at random until one language reaches
0.99999, seven times, and averages. Here every n-gram of the text counts once: the mean
log-likelihood is the expectation of what the library draws, so it is the same on every run. The
profiles, the n-grams (1 to 3 letters, none inside a word in capitals), the folding of letters and
the smoothing are the library's own; the counting is vectorised.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram

from pipeline.language import key_index
from pipeline.language.key_index import Ints, KeyIndex

Floats = npt.NDArray[np.float64]

_PLANE = 0x10000
"""langdetect counts characters of the Basic Multilingual Plane only."""
_SPACE, _UNKNOWN = 0, 1
_BASE = 1 << 16
_PAIR, _TRIPLE = 1 << 49, 1 << 50
"""n-grams of two and three letters are numbered from here, so that no two share a number."""
_NO_GRAM = 1 << 51
# Scripts that none of the languages is written in; encyclopedias quote them, so that profiles hold
# a few of their letters, and all text in them would be of the language that happens to.
_OTHER_SCRIPTS = (
    (0x0530, 0x058F),  # Armenian
    (0x0700, 0x08FF),  # Syriac, Thaana, N'Ko and others, with Arabic for languages of Africa
    (0x0B00, 0x0B7F),  # Oriya
    (0x0D80, 0x0DFF),  # Sinhala
    (0x0E80, 0x10FF),  # Lao, Tibetan, Burmese, Georgian
    (0x1200, 0x1CFF),  # Ethiopic, Cherokee, Khmer, Mongolian and others
    (0x2C00, 0x2DDF),  # Glagolitic, Coptic, old Georgian, Tifinagh
    (0xA000, 0xA4FF),  # Yi, Lisu
)
_STEPS_PER_NAT = 256
"""Log-likelihoods are whole steps in tables of 16 bits: small, and their sums do not depend on the
order of adding, which differs between processors."""
_SMOOTHING = 0.05 / Detector.BASE_FREQ


@dataclass(frozen=True, eq=False)
class NgramModel:
    """Read-only tables, shared by all threads and, after a fork, by all processes."""

    languages: tuple[str, ...]
    letter_codes: Ints
    """For each code point: 0 a space, 1 a letter no profile knows, else the letter's number."""
    capital: npt.NDArray[np.bool_]
    ngrams: KeyIndex
    """Finds the row of an n-gram by its number."""
    log_likelihood: npt.NDArray[np.int16]
    """Steps; one row an n-gram, one column a language; a last row of zeros for n-grams that no
    profile has."""

    def score(self, paragraphs: list[str]) -> tuple[Floats, Ints]:
        """Sums of log-likelihood (nats) by paragraph and language, and each one's n-grams."""
        text = "\n".join(paragraphs) + "\n"
        points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
        points[points >= _PLANE] = _UNKNOWN
        letters = np.concatenate(([_SPACE, _SPACE], self.letter_codes[points]))
        capital = np.concatenate(([False, False], self.capital[points]))
        last, middle, first = letters[2:], letters[1:-1], letters[:-2]
        # An n-gram never spans a space (it may begin or end with one) and never lies in capitals.
        usable = ~(capital[2:] & capital[1:-1])
        in_word = usable & (middle != _SPACE)
        ends_word = usable & (last != _SPACE)
        pair = middle * _BASE + last
        rows = self.ngrams.rows(
            np.concatenate(
                (
                    np.where(ends_word, last, _NO_GRAM),
                    np.where(in_word | ends_word, _PAIR + pair, _NO_GRAM),
                    np.where(in_word, _TRIPLE + first * _BASE**2 + pair, _NO_GRAM),
                )
            )
        ).reshape(3, -1)
        known = rows != self.ngrams.missing
        ends = np.cumsum([len(paragraph) + 1 for paragraph in paragraphs])
        starts = np.concatenate(([0], ends[:-1]))
        table = self.log_likelihood
        by_letter = table.take(rows[0], axis=0)
        by_letter += table.take(rows[1], axis=0)
        by_letter += table.take(rows[2], axis=0)
        sums = np.add.reduceat(by_letter, starts, axis=0, dtype=np.int32)
        counts: Ints = np.add.reduceat(known.sum(axis=0), starts)
        return sums / _STEPS_PER_NAT, counts


def _profiles() -> Iterable[str]:
    """langdetect's profiles, those that we have a better one for replaced, and our own."""
    own = resources.files("pipeline.language") / "profiles"
    texts = {
        file.name.removesuffix(".json"): file.read_text(encoding="utf-8")
        for file in own.iterdir()
        if file.name.endswith(".json")
    }
    for file in (resources.files("langdetect") / "profiles").iterdir():
        if not file.name.startswith(".") and file.name not in texts:
            texts[file.name] = file.read_text(encoding="utf-8")
    return (texts[name] for name in sorted(texts))


def build(profiles: Iterable[str]) -> NgramModel:
    """The tables for profiles in langdetect's JSON format."""
    code = {" ": _SPACE}
    names: list[str] = []
    columns: list[tuple[Ints, Floats]] = []
    for text in profiles:  # one at a time: what all of them leave in pieces is not given back
        profile = json.loads(text)
        names.append(profile["name"])
        freq = {gram: n for gram, n in profile["freq"].items() if len(gram) <= NGram.N_GRAM}
        numbers = (
            _key([code.setdefault(letter, len(code) + 1) for letter in gram]) for gram in freq
        )
        counts = np.fromiter(freq.values(), np.float64, len(freq))
        sizes = np.fromiter(map(len, freq), np.int64, len(freq))
        shares = counts / np.array([1, *profile["n_words"]])[sizes]
        columns.append((np.fromiter(numbers, np.int64, len(freq)), shares))

    keys = np.unique(np.concatenate([own for own, _ in columns]))
    likelihood = np.full((len(keys) + 1, len(columns)), _SMOOTHING)
    for column, (own, shares) in enumerate(columns):
        likelihood[np.searchsorted(keys, own), column] += shares
    steps = np.round(np.log(likelihood) * _STEPS_PER_NAT).astype(np.int16)
    steps[-1] = 0

    letter_codes, capital = np.empty(_PLANE, np.int64), np.empty(_PLANE, np.bool_)
    for point in range(_PLANE):
        letter = NGram.normalize(chr(point))
        letter_codes[point], capital[point] = code.get(letter, _UNKNOWN), letter.isupper()
    letter_codes[[ord(space) for space in "\n\t\r\u00a0"]] = _SPACE
    for first, last in _OTHER_SCRIPTS:
        letter_codes[first : last + 1] = _UNKNOWN
    for table in (letter_codes, capital, steps):
        table.setflags(write=False)
    return NgramModel(tuple(names), letter_codes, capital, key_index.build(keys), steps)


def _key(codes: list[int]) -> int:
    number = 0
    for code in codes:
        number = number * _BASE + code
    return number + (0, _PAIR, _TRIPLE)[len(codes) - 1]


@functools.cache
def shipped() -> NgramModel:
    """The model of langdetect's profiles and ours, built on first use."""
    return build(_profiles())
