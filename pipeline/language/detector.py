"""The language of a text: langdetect's n-grams with our profiles, letters that decide, weak priors.

In: a text (paragraphs parted by blank lines) and what the feed, page and site declare. Out: a
`Language`: BCP 47 tag, `und` when unsure, calibrated confidence, shares by paragraph, the reason.
The same text gives the same answer in every process and on every machine.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.language import letters
from pipeline.language.cleaning import clean
from pipeline.language.model import NgramModel, shipped
from pipeline.records import Language

Scores = npt.NDArray[np.float64]

# Weights of the evidence, in log-odds: the best on held-out texts that no profile has seen
# (benchmarks/language_sets.py), chosen by mean log loss over languages, so that confidence is
# calibrated too.
NGRAM_LIMIT = 20
"""Neighbouring n-grams repeat one another: a text counts as at most so many independent ones."""
WORD_WEIGHT = 2.0
ALIEN_WEIGHT = 4.0
ALIEN_LIMIT = 3
WORD_LIMIT = 12
"""Words and alien letters weigh as in a text of at most so many words."""
STEM_WEIGHT = 2.0
STEM_LIMIT = 4

# Priors: what others declare about the text is often wrong (a Belarusian page marked `ru`).
# All three together are worth less than two words, and nothing from PRIOR_FADES letters on.
PRIOR_WEIGHTS = {"feed": 1.0, "page": 0.7, "site": 0.7}
PRIOR_FADES = 300

MIN_CONFIDENCE = 0.5
FEW_LETTERS = 20
"""Of a text shorter than this only a confident answer is given."""
FEW_LETTERS_CONFIDENCE = 0.9

PARAGRAPH_LETTERS = 40
"""A shorter paragraph is of the document's language."""
PARAGRAPH_CONFIDENCE = 0.95
MAX_PARAGRAPH = 1200
"""Characters of a paragraph that are looked at: enough to know it."""
MAX_TEXT = 20_000

_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_DECLARED = {"nb": "no", "nn": "no", "sh": "sr", "iw": "he", "in": "id"}
_NO_LETTERS = Language("und", 0.0, reason="no letters that a profile knows")


@dataclass(frozen=True, slots=True)
class Hints:
    """Languages that others declare for the text (BCP 47), taken as weak priors."""

    feed: str | None = None
    page: str | None = None
    site: str | None = None


NO_HINTS = Hints()


def detect(text: str, *, hints: Hints = NO_HINTS) -> Language:
    """The language of the text: the one of most of its letters, `und` when unsure."""
    cleaned = [clean(part) for part in re.split(r"\n\s*\n", text[:MAX_TEXT])]
    paragraphs = [part[:MAX_PARAGRAPH] for part in cleaned if part.strip()]
    if not paragraphs:
        return _NO_LETTERS
    model, evidence = shipped(), _evidence()
    sums, counts = model.score(paragraphs)
    total = int(counts.sum())
    if total == 0:
        return _NO_LETTERS
    whole = " ".join(paragraphs[:8])
    size = sum(map(len, paragraphs))
    prior, declared = _priors(model.languages, hints, size)
    scores = _weigh(model, evidence, sums.sum(axis=0), total, whole) + prior
    return _answer(model, scores, paragraphs, size, declared)


def _answer(
    model: NgramModel, scores: Scores, paragraphs: list[str], size: int, declared: str
) -> Language:
    odds = np.exp(scores - scores.max())
    odds /= odds.sum()
    first, second = np.argsort(-odds)[:2]
    confidence = float(odds[first])
    best = model.languages[first]
    reason = f"n-grams, words{declared}"
    floor = FEW_LETTERS_CONFIDENCE if size < FEW_LETTERS else MIN_CONFIDENCE
    if confidence < floor:
        return Language("und", confidence, best, {}, f"unsure: {best} {confidence:.2f}")
    return Language(best, confidence, model.languages[second], {best: 1.0}, reason)


def _weigh(
    model: NgramModel, evidence: letters.Evidence, sums: Scores, count: int, text: str
) -> Scores:
    """Log-odds of each language for a text with these sums over its n-grams."""
    scores = sums.astype(np.float64) / max(count, 1) * min(count, NGRAM_LIMIT)
    elsewhere, alien, words = evidence.weigh(text)
    scale = min(1.0, WORD_LIMIT / max(words, 1))
    scores -= WORD_WEIGHT * scale * elsewhere
    scores -= ALIEN_WEIGHT * np.minimum(scale * alien, ALIEN_LIMIT)
    croatian, serbian = model.languages.index("hr"), model.languages.index("sr-Latn")
    if np.argmax(scores) in (croatian, serbian):
        balance = max(-STEM_LIMIT, min(STEM_LIMIT, evidence.croatian(text)))
        scores[croatian] += STEM_WEIGHT * balance / 2
        scores[serbian] -= STEM_WEIGHT * balance / 2
    return scores


def _priors(languages: tuple[str, ...], hints: Hints, size: int) -> tuple[Scores, str]:
    prior = np.zeros(len(languages))
    return prior, ""


@functools.cache
def _evidence() -> letters.Evidence:
    return letters.load(shipped().languages)
