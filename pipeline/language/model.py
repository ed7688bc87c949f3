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

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_PLANE = 0x10000
"""langdetect counts characters of the Basic Multilingual Plane only."""
_SPACE, _UNKNOWN = 0, 1
_SMOOTHING = Detector.ALPHA_DEFAULT / Detector.BASE_FREQ


@dataclass(frozen=True, eq=False)
class NgramModel:
    """Read-only tables, shared by all threads and, after a fork, by all processes."""

    languages: tuple[str, ...]
    letter_codes: Ints
    """For each code point: 0 a space, 1 a letter no profile knows, else the letter's number."""
    capital: npt.NDArray[np.bool_]
    keys: Ints
    """The n-grams as numbers, ascending."""
    log_likelihood: Floats
    """One row an n-gram, one column a language; a last row of zeros for n-grams no profile has."""

    def score(self, paragraphs: list[str]) -> tuple[Floats, Ints]:
        """Sums of log-likelihood by paragraph and language, and the number of n-grams of each."""
        text = "\n".join(paragraphs) + "\n"
        points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
        points[points >= _PLANE] = _UNKNOWN
        letters = np.concatenate(([_SPACE, _SPACE], self.letter_codes[points]))
        capital = np.concatenate(([False, False], self.capital[points]))
        base = len(self.letter_codes)
        last, middle, first = letters[2:] + 1, letters[1:-1] + 1, letters[:-2] + 1
        usable = ~(capital[2:] & capital[1:-1])
        # An n-gram never spans a space: it may begin or end with one.
        one = np.where(usable & (last > 1), last, 0)
        two = np.where(usable & ((last > 1) | (middle > 1)), middle * base + last, 0)
        three = np.where(usable & (middle > 1), (first * base + middle) * base + last, 0)
        grams = np.stack((one, two, three), axis=1).ravel()
        rows = np.searchsorted(self.keys, grams)
        known = self.keys[np.minimum(rows, len(self.keys) - 1)] == grams
        rows[~known] = len(self.keys)
        ends = np.cumsum([len(paragraph) + 1 for paragraph in paragraphs])
        starts = np.concatenate(([0], ends[:-1])) * 3
        sums = np.add.reduceat(self.log_likelihood[rows], starts, axis=0)
        counts = np.add.reduceat(known, starts, dtype=np.int64)
        return sums, counts


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
    parsed = [json.loads(text) for text in profiles]
    grams = sorted({gram for profile in parsed for gram in profile["freq"] if 0 < len(gram) <= 3})
    letters = sorted({letter for gram in grams for letter in gram} - {" "})
    code = {letter: number for number, letter in enumerate(letters, start=2)}
    code[" "] = _SPACE
    letter_codes = np.full(_PLANE, _UNKNOWN, np.int64)
    capital = np.zeros(_PLANE, np.bool_)
    for point in range(_PLANE):
        letter = NGram.normalize(chr(point))
        letter_codes[point] = code.get(letter, _UNKNOWN)
        capital[point] = letter.isupper()
    for space in "\n\t\r\u00a0":
        letter_codes[ord(space)] = _SPACE

    def key(gram: str) -> int:
        number = 0
        for letter in gram:
            number = number * _PLANE + code[letter] + 1
        return number

    order = {gram: row for row, gram in enumerate(sorted(grams, key=key))}
    probability = np.zeros((len(grams) + 1, len(parsed)), np.float64)
    for column, profile in enumerate(parsed):
        for gram, count in profile["freq"].items():
            if gram in order:
                probability[order[gram], column] = count / profile["n_words"][len(gram) - 1]
    log_likelihood = np.log(probability + _SMOOTHING).astype(np.float32)
    log_likelihood[-1] = 0.0
    model = NgramModel(
        tuple(profile["name"] for profile in parsed),
        letter_codes,
        capital,
        np.array([key(gram) for gram in order], np.int64),
        log_likelihood,
    )
    for table in (model.letter_codes, model.capital, model.keys, model.log_likelihood):
        table.flags.writeable = False
    return model


@functools.cache
def shipped() -> NgramModel:
    """The model of langdetect's profiles and ours, built on first use."""
    return build(_profiles())
