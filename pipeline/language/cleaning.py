"""Clean a text before detection: what is no language goes, letters become what they look like.

In: text as published. Out: text of the same paragraphs, fit for counting n-grams. It is only
looked at by the detector; the record keeps the published characters.
"""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, zero-width characters, direction marks, variation selectors.
_INVISIBLE = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_STRESS = "\u0300\u0301"
_DROPPED = re.compile(f"[{_INVISIBLE}]|(?<=[\u0400-\u04ff])[{_STRESS}]")
# The apostrophe as a letter: langdetect would take it for one that no profile knows.
_LETTER_APOSTROPHES = re.compile("[\u02b9\u02bc\u2032]")
_UNUSUAL = re.compile(f"[{_INVISIBLE}{_STRESS}\u02b9\u02bc\u2032]")

_TLDS = "by|ru|ua|com|org|net|info|eu|pl|lt|lv|ee|de|fr|uk|me|tv|io|media|news|online|press|live"
_TAG = re.compile(r"<[^<>]{1,300}>")
# What every address and account name holds. Looking for it first, and then only at the words
# around it, takes a twentieth of the time of looking for addresses everywhere.
_SIGN_OF_NOISE = re.compile(r"[@#:.](?:(?<=[@#])|(?<=:)//|(?<=\.)[A-Za-z]{2})")
_SPACE = re.compile(r"\s|$")
_NOISE = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[\w.+-]{1,64}@[\w.-]+\.\w+"
    r"|(?<!\w)[@#][\w.]+"
    rf"|\b[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_TLDS})\b(?:/\S*)?",
    re.IGNORECASE,
)

# A word that holds both alphabets is a word of one of them with look-alikes of the other.
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_MEET = re.compile("[A-Za-z](?:(?=[\u0400-\u052f])|(?<=[\u0400-\u052f].))")
_WORD = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u052f]+")
_LATIN = "aeopcxyijsABEKMHOPCTXIJSY"
_CYRILLIC = "аеорсхуіјѕАВЕКМНОРСТХІЈЅУ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)

# n-grams inside words in capitals are not counted, so a short text in capitals would have none;
# a long one has enough other words unless all of it is in capitals.
_SHORT = 300
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_CAPITAL_SHARE = 0.6
# Fewer letters in capitals are abbreviations (BYN, EUR/USD), which are of no language.
_ABBREVIATIONS = 10

_LATIN_WORD = re.compile(r"[A-Za-z]+")
_OTHER_LETTERS = re.compile("[\u0370-\u1dff]")


def clean(text: str) -> str:
    """The text without addresses, account names and invisible characters, look-alikes folded."""
    if not text.isascii():
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        if _UNUSUAL.search(text):
            text = _LETTER_APOSTROPHES.sub("\u2019", _DROPPED.sub("", text))
        if _CYRILLIC_LETTER.search(text) and _MEET.search(text):
            text = _WORD.sub(_fold, text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = _without_noise(text)
    if _is_shouting(text):
        text = text.lower()
    if len(text) <= _SHORT and not text.isascii():
        text = _without_latin_names(text)
    return text


def _without_noise(text: str) -> str:
    kept: list[str] = []
    done = 0
    for sign in _SIGN_OF_NOISE.finditer(text):
        if sign.start() < done:
            continue
        before = max(text.rfind(space, done, sign.start()) for space in " \n\t\u00a0")
        start = before + 1 if before >= 0 else done
        end = sign.end()
        if space := _SPACE.search(text, end):
            end = space.start()
        kept += text[done:start], _NOISE.sub(" ", text[start:end])
        done = end
    return "".join([*kept, text[done:]]) if kept else text


def _without_latin_names(text: str) -> str:
    """langdetect's rule: Latin words go when other letters are more than twice as many."""
    latin = sum(map(len, _LATIN_WORD.findall(text)))
    if latin and latin * 2 < len(_OTHER_LETTERS.findall(text)):
        return _LATIN_WORD.sub(" ", text)
    return text


def _fold(match: re.Match[str]) -> str:
    word = match.group()
    if not _MEET.search(word):
        return word
    cyrillic = sum(letter >= "\u0400" for letter in word)
    return word.translate(_TO_CYRILLIC if cyrillic * 2 >= len(word) else _TO_LATIN)


def _is_shouting(text: str) -> bool:
    """Whether the text is set in capitals: all of it, or most words of a short one."""
    if len(text) > _SHORT:
        return text.isupper()
    words: list[str] = _LETTERS.findall(text)
    if sum(map(len, words)) < _ABBREVIATIONS:
        return False
    capitals = sum(map(str.isupper, words))
    return capitals > _CAPITAL_SHARE * len(words)
