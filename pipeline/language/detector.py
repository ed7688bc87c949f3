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

from pipeline.language import croatian_serbian, letters
from pipeline.language.cleaning import clean
from pipeline.language.key_index import Ints
from pipeline.language.model import shipped
from pipeline.records import Language

Scores = npt.NDArray[np.float64]

# Weights of the evidence, in log-odds: the best on held-out texts that no profile has seen
# (benchmarks/language_sets.py), chosen by mean log loss over languages, so that confidence is
# calibrated too.
NGRAMS_A_LETTER = 3
"""Of one, two and three letters: those that end at one letter repeat one another, and count as
one."""
NGRAM_LIMIT = 25
"""Neighbours repeat one another too: a text counts as at most so many independent n-grams."""
WORD_WEIGHT = 3.0
ALIEN_WEIGHT = 5.0
ALIEN_LIMIT = 3
WORD_LIMIT = 12
"""Words and alien letters weigh as in a text of at most so many words."""
RIVAL_WEIGHT = 3.5
RIVAL_LIMIT = 4
"""A word in which Croatian and Serbian differ, and how many more of one's count at most."""

# What a watch on Belarus and the EU reads: these more often, those more seldom than the rest.
EXPECTED = frozenset(("be", "de", "en", "fr", "lt", "lv", "pl", "ru", "uk"))
UNEXPECTED = frozenset(("af", "ca", "cy", "id", "mk", "so", "sw", "tl", "vi"))
EXPECTED_WEIGHT = 1.2

# Priors: what others declare about the text is often wrong (a Belarusian page marked `ru`).
# All three together are worth a word or two, and nothing for a text of PRIOR_FADES characters.
PRIOR_WEIGHTS = {"feed": 1.0, "page": 0.7, "site": 0.7}
PRIOR_FADES = 300

MIN_CONFIDENCE = 0.5
FEW_LETTERS = 20
"""Of a text shorter than this only a confident answer is given."""
FEW_LETTERS_CONFIDENCE = 0.8
MIN_LETTERS = 3
ALIEN_SHARE = 0.4
"""Of a text with so many words in letters that even the best language lacks, there is no profile:
Kazakh would be Belarusian, Tatar Russian."""

PARAGRAPH_LETTERS = 60
"""A shorter paragraph is taken to be of the document's language."""
PARAGRAPH_LEAD = 1.0
"""Log-odds by which the n-grams of a paragraph must favour another language to look closer."""
PARAGRAPH_CONFIDENCE = 0.98

MAX_PARAGRAPH = 600
"""Characters of a paragraph that are looked at: enough to know it."""
MAX_TEXT = 20_000

_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_DECLARED = {"nb": "no", "nn": "no", "sh": "sr", "iw": "he", "in": "id"}
_SCRIPT_OF_REGION = {"tw": "hant", "hk": "hant", "mo": "hant"}
_BLANK_LINE = re.compile(r"\n\s*\n")
_NO_LETTERS = Language("und", 0.0, reason="hardly any letters that a profile knows")


@dataclass(frozen=True, slots=True)
class Hints:
    """Languages that others declare for the text (BCP 47), taken as weak priors."""

    feed: str | None = None
    page: str | None = None
    site: str | None = None


NO_HINTS = Hints()


def load() -> None:
    """Build the tables (half a second): call it before forking, so that the children share them."""
    _evidence()
    _differences()
    _expected()


def detect(text: str, *, hints: Hints = NO_HINTS) -> Language:
    """The language of the text: the one of most of its letters, `und` when unsure."""
    parts = [
        part for part in _BLANK_LINE.split(clean(text[:MAX_TEXT])) if part and not part.isspace()
    ]
    paragraphs = [part[:MAX_PARAGRAPH] for part in parts]
    if not paragraphs:
        return _NO_LETTERS
    sums, counts = shipped().score(paragraphs)
    if not counts.any():
        return _NO_LETTERS
    sizes = [len(part) for part in parts]
    if sum(sizes) < FEW_LETTERS and sum(map(str.isalpha, "".join(parts))) < MIN_LETTERS:
        return _NO_LETTERS
    prior = _prior(hints, sum(sizes))
    whole = _judge(paragraphs, sums, counts, prior)
    languages = _by_paragraph(whole, paragraphs, sums, counts)
    letters_of: dict[str, int] = {}
    for language, size in zip(languages, sizes, strict=True):
        letters_of[language] = letters_of.get(language, 0) + size
    if len(letters_of) > 1:
        # Of a mixed text the answer is for its largest part, judged by itself.
        main = max(letters_of, key=lambda language: letters_of[language])
        own = [i for i, language in enumerate(languages) if language == main]
        whole = _judge([paragraphs[i] for i in own], sums[own], counts[own], prior)
    total = sum(sizes)
    shares = {
        _TAGS.get(language, language): round(size / total, 3)
        for language, size in sorted(letters_of.items(), key=lambda item: -item[1])
    }
    return _answer(whole, shares, total)


@dataclass(frozen=True, slots=True)
class _Judgement:
    """Log-odds of each language for one text, by the kind of evidence."""

    ngrams: Scores
    words: Scores
    letters: Scores
    prior: Scores
    alien_share: Scores
    """Of each language the share of words with letters that it lacks."""

    @property
    def odds(self) -> Scores:
        """The posterior of each language; sums to 1."""
        scores = self.ngrams + self.words + self.letters + self.prior
        odds: Scores = np.exp(scores - scores.max())
        odds /= odds.sum()
        return odds


def _judge(paragraphs: list[str], sums: Scores, counts: Ints, prior: Scores) -> _Judgement:
    model, evidence = shipped(), _evidence()
    text = "\n".join(paragraphs)
    ngrams = sums.sum(axis=0) * _independent(counts.sum())
    elsewhere, alien, seen = evidence.weigh(text)
    scale = min(1.0, WORD_LIMIT / max(seen, 1))
    words = -WORD_WEIGHT * scale * elsewhere.astype(np.float64)
    strange = -ALIEN_WEIGHT * np.minimum(scale * alien.astype(np.float64), ALIEN_LIMIT)
    for language, required in letters.REQUIRED.items():
        if not required.search(text):
            strange[model.languages.index(language)] -= ALIEN_WEIGHT * WORD_LIMIT
    best = model.languages[int(np.argmax(ngrams + words + strange))]
    if best in letters.ALIEN_PAIRS:
        found = min(len(letters.ALIEN_PAIRS[best].findall(text)), ALIEN_LIMIT)
        strange[model.languages.index(best)] -= ALIEN_WEIGHT * scale * found
    croatian, serbian = model.languages.index("hr"), model.languages.index("sr-Latn")
    if best in ("hr", "sr-Latn"):
        balance = _differences().balance(text)
        balance = max(-RIVAL_LIMIT, min(RIVAL_LIMIT, balance))
        words[croatian] += RIVAL_WEIGHT * balance / 2
        words[serbian] -= RIVAL_WEIGHT * balance / 2
    return _Judgement(ngrams, words, strange, prior, alien / max(seen, 1))


def _independent(counts: Ints) -> Scores:
    """Which share of so many n-grams counts as independent of the others."""
    shares: Scores = np.minimum(counts / NGRAMS_A_LETTER, NGRAM_LIMIT) / np.maximum(counts, 1)
    return shares


def _by_paragraph(
    whole: _Judgement, paragraphs: list[str], sums: Scores, counts: Ints
) -> list[str]:
    """The language of each paragraph: the document's, unless its own text clearly differs."""
    names = shipped().languages
    best = int(np.argmax(whole.odds))
    languages = [names[best]] * len(paragraphs)
    if len(paragraphs) == 1:
        return languages
    lead = (sums.max(axis=1) - sums[:, best]) * _independent(counts)
    for i in np.flatnonzero(lead > PARAGRAPH_LEAD):
        if len(paragraphs[i]) < PARAGRAPH_LETTERS:
            continue
        odds = _judge([paragraphs[i]], sums[[i]], counts[[i]], _expected()).odds
        if odds.max() >= PARAGRAPH_CONFIDENCE:
            languages[i] = names[int(np.argmax(odds))]
    return languages


def _answer(judged: _Judgement, shares: dict[str, float], size: int) -> Language:
    names = shipped().languages
    odds = judged.odds
    first, second = np.argsort(-odds, kind="stable")[:2]
    best, other = (_TAGS.get(names[i], names[i]) for i in (first, second))
    confidence = round(float(odds[first]), 4)
    kinds = {
        "n-grams": judged.ngrams,
        "words": judged.words,
        "letters": judged.letters,
        "prior": judged.prior,
    }
    leads = {kind: scores[first] - scores[second] for kind, scores in kinds.items()}
    reason = f"{best} over {other} by " + ", ".join(
        f"{kind} {lead:+.1f}" for kind, lead in leads.items() if abs(lead) >= 0.05
    )
    if confidence < (FEW_LETTERS_CONFIDENCE if size < FEW_LETTERS else MIN_CONFIDENCE):
        return Language("und", confidence, best, {}, f"unsure: {reason}")
    alien = float(judged.alien_share[first])
    if alien > ALIEN_SHARE:
        reason = f"unsure: {best} lacks letters of {alien:.0%} of the words"
        return Language("und", round(confidence * (1 - alien), 4), best, {}, reason)
    return Language(best, confidence, other, shares, reason)


@functools.cache
def _expected() -> Scores:
    """Log-odds by language before anything is known of the text."""
    return EXPECTED_WEIGHT * np.array(
        [(name in EXPECTED) - (name in UNEXPECTED) for name in shipped().languages], np.float64
    )


def _prior(hints: Hints, size: int) -> Scores:
    """Log-odds by language before reading: what feed, page and site declare of a short text."""
    names = shipped().languages
    prior = _expected().copy()
    fade = max(0.0, 1 - size / PRIOR_FADES)
    if fade:
        for source, weight in PRIOR_WEIGHTS.items():
            tag: str | None = getattr(hints, source)
            if tag:
                prior[[i for i, name in enumerate(names) if _matches(tag, name)]] += weight * fade
    return prior


def _matches(declared: str, name: str) -> bool:
    """Whether a declared tag (`be-BY`, `sr_Latn_RS`, `nb`) means the profile's language."""
    first, *rest = re.split("[-_]", declared.strip().lower())
    language, _, script = _TAGS.get(name, name).lower().partition("-")
    if _DECLARED.get(first, first) != language:
        return False
    scripts = [_SCRIPT_OF_REGION.get(part, part) for part in rest]
    said = next((part for part in scripts if part in ("latn", "cyrl", "hans", "hant")), None)
    return said is None or said == (script or "cyrl")


@functools.cache
def _evidence() -> letters.Evidence:
    return letters.load(shipped().languages)


@functools.cache
def _differences() -> croatian_serbian.Differences:
    return croatian_serbian.load()
