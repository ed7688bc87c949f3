"""Clean a text before detection: what is no language goes, letters become what they look like.

In: text as published. Out: text of the same paragraphs, fit for counting n-grams. It is only
looked at by the detector; the record keeps the published characters.
"""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, zero-width characters, direction marks, variation selectors, and the stress marks
# that dictionaries and Wikipedia put on Cyrillic vowels (after NFC none is left on a letter that
# needs it).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_STRESS = re.compile("(?<=[\u0400-\u04ff])[\u0300\u0301]")
_APOSTROPHES = str.maketrans("\u02bc\u02b9\u2032\u0060\u00b4\u2018\u201b\uff07", "\u2019" * 8)

_TLDS = "by|ru|ua|com|org|net|info|eu|pl|lt|lv|ee|de|fr|uk|me|tv|io|media|news|online|press|live"
_NOISE = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\S+@\S+\.\w+"
    r"|(?<!\w)[@#][\w.]+"
    rf"|\b[\w-]+(?:\.[\w-]+)*\.(?:{_TLDS})\b(?:/\S*)?",
    re.IGNORECASE,
)

# A word that holds both alphabets is a Cyrillic word with look-alikes typed or pasted in.
_MIXED_WORD = re.compile(
    "[A-Za-z\u0400-\u052f’']*(?:[\u0400-\u052f][A-Za-z]|[A-Za-z][\u0400-\u052f])[A-Za-z\u0400-\u052f’']*"
)
_LOOK_ALIKES = str.maketrans("aeopcxyijsABEKMHOPCTXIJSY", "аеорсхуіјѕАВЕКМНОРСТХІЈЅУ")
# The other way round: one Cyrillic letter in a Latin word.
_LOOK_ALIKES_BACK = str.maketrans("аеорсхуіјѕАВЕКМНОРСТХІЈЅУ", "aeopcxyijsABEKMHOPCTXIJSY")

_CAPITAL_WORD = re.compile(r"\b[^\W\d_]{2,}\b")
# A line is a headline in capitals when it has this many words and so many of them are in capitals.
_MIN_WORDS = 2
_CAPITAL_SHARE = 0.6


def clean(text: str) -> str:
    """The text without addresses, account names and invisible characters, look-alikes folded."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        text = _STRESS.sub("", text).translate(_APOSTROPHES)
        text = _MIXED_WORD.sub(_fold_word, text)
    text = _NOISE.sub(" ", text)
    if any(_shouts(line) for line in text.splitlines()):
        text = "\n".join(line.lower() if _shouts(line) else line for line in text.split("\n"))
    return text


def _fold_word(match: re.Match[str]) -> str:
    word = match.group()
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in word)
    if cyrillic * 2 >= len(word):
        return word.translate(_LOOK_ALIKES)
    return word.translate(_LOOK_ALIKES_BACK)


def _shouts(line: str) -> bool:
    """Whether the line is set in capitals, whose n-grams no profile holds."""
    if line.upper() == line and line.lower() != line:
        return True
    words = _CAPITAL_WORD.findall(line)
    capitals = sum(word.isupper() for word in words)
    return len(words) >= _MIN_WORDS and capitals >= _CAPITAL_SHARE * len(words)
