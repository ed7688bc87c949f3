"""One spelling for what looks the same: text as the matcher compares it, and the way back.

In: any text. Out: its lower-case folding, with every offset traceable to the original: look-alike
letters of the other script repaired inside a word (the EU's own list has Latin letters in half of
its Cyrillic names), ё as е, one apostrophe; soft hyphens, zero-width characters and stress marks
skipped. Look-alikes after the confusables of Unicode UTS 39, for the letters of both alphabets.

Nearly all texts hold letters of two scripts and some thirty common marks only. The others, and
words of mixed script, are searched letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

WORD = re.compile(r"\w+(?:'\w+)*")
"""A token of folded text: letters and digits, apostrophes inside. Folding turns _ into a space: a
plain `\\w` is half again as fast as a class without it."""

_CYRILLIC_BY_LATIN = {
    "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "i": "і", "k": "к", "m": "м", "o": "о",
    "p": "р", "t": "т", "x": "х", "y": "у", "ĸ": "к", "ı": "і", "ï": "ї", "ë": "е", "á": "а",
    "é": "е", "ó": "о", "ý": "у", "j": "ј", "s": "ѕ",
}  # fmt: skip
_LATIN_BY_CYRILLIC = {
    "а": "a", "в": "b", "с": "c", "е": "e", "н": "h", "і": "i", "к": "k", "м": "m", "о": "o",
    "р": "p", "т": "t", "х": "x", "у": "y", "ѕ": "s", "ј": "j",
}  # fmt: skip
_TO_CYRILLIC = str.maketrans(_CYRILLIC_BY_LATIN)
_TO_LATIN = str.maketrans(_LATIN_BY_CYRILLIC)
# These shapes are the same in both scripts; lower-case к, м, н, т, в are not.
_AMBIGUOUS = frozenset("асеіорхуѕјaceiopxysjАВЕЗКМНОРСТУХІЅЈABCEHIKMOPSTXYJ")

_LATIN = "a-zA-ZÀ-ɏ"
_CYRILLIC = "Ѐ-ԯ"
# Begins with one set of letters, which `re` skips to fast; the look-behind comes second.
_SCRIPT_CHANGE = re.compile(f"[{_LATIN}](?:(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}].))")
_CYRILLIC_LETTER = re.compile(f"[{_CYRILLIC}]")
_LATIN_LETTER = re.compile(f"[{_LATIN}]")
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0f"
)
_MARKS = "\u0300-\u036f"
_SKIPPED = re.compile(f"[{_INVISIBLE}{_MARKS}]")
_MARK = re.compile(f"[{_MARKS}]")
_RARE_MARK = re.compile(r"[^\w' ]")
_SAME_LENGTH = (("ё", "е"), ("’", "'"), ("ʼ", "'"), ("`", "'"), ("´", "'"), ("′", "'"), ("‘", "'"))

SURROGATES = "surrogatepass"
"""How text becomes bytes here: a lone surrogate is no reason to lose a document."""

_PARTING = "«»—–“”„…•·°€№™©®§−‐‑×÷‚\u00a0\u2009\u202f"
"""The marks outside ASCII that part tokens in nearly all texts."""
_BLANKED = bytes(
    ord(" ") if byte < 0x80 and not (chr(byte).isalnum() or byte == ord("'")) else byte
    for byte in range(256)
)


def _script(byte: int) -> str:
    """What the first byte of a letter in UTF-8 says: (l)atin, (c)yrillic, D2 (which ґ has), neither
    (space), ? for rare letters and marks."""
    letter = chr(byte)
    if letter.isascii():
        return "l" if letter.isalpha() else " "
    if 0xC3 <= byte <= 0xC8:
        return "l"
    return {0xD0: "c", 0xD1: "c", 0xD2: "2"}.get(byte, "?")


_SCRIPTS = "".join(map(_script, range(256))).encode()
_CONTINUATION = bytes(range(0x80, 0xC0))


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text that knows where it came from."""

    text: str
    offsets: Sequence[int] | None
    """Folded offset → original offset, one more than there are letters; None: they are the same."""
    original: str
    blank: bytes
    """The folded text in UTF-8 with everything that is no part of a `WORD` a space."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the original text of a piece of the folded one."""
        if self.offsets is None:
            return start, end
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        while last < len(self.original) and _MARK.match(self.original, last):
            last += 1
        return first, last

    def is_capital(self, offset: int) -> bool:
        """Whether the letter at an offset of the folded text was a capital."""
        at = offset if self.offsets is None else self.offsets[offset]
        return self.original[at].isupper()

    def spelled(self, start: int, end: int) -> str:
        """A piece of the folded text with the capitals of the original."""
        return "".join(
            letter.upper() if self.is_capital(at) else letter
            for at, letter in enumerate(self.text[start:end], start)
        )


def fold(text: str) -> Folded:
    """The folding of a text, with the way back."""
    visible, offsets = text, None
    lower = _lower(text)
    blank, scripts = _blank(lower)
    if b"?" in scripts and _SKIPPED.search(text):
        visible, offsets = _visible(text)
        lower = _lower(visible)
        blank, scripts = _blank(lower)
    if _may_mix(scripts) and _SCRIPT_CHANGE.search(lower):
        lower = _repair(visible, lower)
        blank, _ = _blank(lower)
    return Folded(lower, offsets, text, blank)


def _may_mix(scripts: bytes) -> bool:
    """Whether letters of two scripts stand side by side, as far as the common ones go."""
    if b"?" in scripts:
        return True
    return b"c" in scripts and b"l" in scripts and (b"lc" in scripts or b"cl" in scripts)


def _lower(text: str) -> str:
    """In small letters, of the same length: İ alone would become two."""
    lower = text.replace("İ", "I").replace("_", " ").lower()
    for old, new in _SAME_LENGTH:
        lower = lower.replace(old, new)
    return lower


def _blank(lower: str) -> tuple[bytes, bytes]:
    """Folded text with its tokens only, and the script of every letter (? for rare ones)."""
    if lower.isascii():
        blank, scripts = lower.encode().translate(_BLANKED), b""
    else:
        for mark in _PARTING:
            lower = lower.replace(mark, " ")
        blank = lower.encode("utf-8", SURROGATES).translate(_BLANKED)
        scripts = blank.translate(_SCRIPTS, _CONTINUATION)
        if b"2" in scripts:
            scripts = blank.replace("ґ".encode(), b"c").translate(_SCRIPTS, _CONTINUATION)
            scripts = scripts.replace(b"2", b"?")
        if b"?" in scripts:
            blank = _RARE_MARK.sub(" ", lower).encode("utf-8", SURROGATES)
    if b"'" in blank:
        blank = b" %b " % blank.replace(b"''", b"  ")
        blank = blank.replace(b" '", b"  ").replace(b"' ", b"  ")[1:-1]
    return blank, scripts


def fold_word(word: str) -> str:
    """The folding of one word or name, as the matcher's tables hold it."""
    return fold(word).text


def repair(word: str) -> str:
    """A word in lower case with its look-alike letters in one script; ё and apostrophes stay."""
    lower = word.lower()
    return _repair(word, lower) if len(lower) == len(word) else lower


def strip_diacritics(word: str) -> str:
    """A Latin word in bare letters (Łukašenka → Lukasenka), as hurried typists write it."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not _MARK.match(c))
    return bare.translate(str.maketrans("łŁøØđĐıß", "lLoOdDis"))


def _visible(text: str) -> tuple[str, list[int]]:
    """The text without what does not show, letters composed, and the offsets of what is left."""
    out: list[str] = []
    offsets: list[int] = []
    at = 0
    for skipped in _SKIPPED.finditer(text):
        mark, start = skipped[0], skipped.start()
        if at < start:
            # The letter before by itself: a mark may change it.
            out += (text[at : start - 1], text[start - 1])
            offsets.extend(range(at, start))
        at = start + 1
        if out and _MARK.match(mark):
            composed = unicodedata.normalize("NFC", out[-1] + mark)
            # й and ї are letters; a stress mark on a Cyrillic vowel is not part of one.
            if len(composed) == 1 and (mark in "\u0306\u0308" or not _is_cyrillic(out[-1])):
                out[-1] = composed
    out.append(text[at:])
    offsets.extend(range(at, len(text) + 1))
    return "".join(out), offsets


def _is_cyrillic(letter: str) -> bool:
    return _CYRILLIC_LETTER.match(letter) is not None


def _repair(visible: str, lower: str) -> str:
    """Folded text with every word of mixed script in one script."""
    pieces: list[str] = []
    done = 0
    for match in _SCRIPT_CHANGE.finditer(lower):
        if match.start() < done:
            continue
        start, end = match.start(), match.end()
        while start > done and lower[start - 1].isalpha():
            start -= 1
        while end < len(lower) and lower[end].isalpha():
            end += 1
        pieces += (lower[done:start], _in_one_script(visible[start:end], lower[start:end]))
        done = end
    return "".join(pieces) + lower[done:]


@lru_cache(maxsize=4096)
def _in_one_script(original: str, lower: str) -> str:
    """A word of mixed script in the script of its letters that exist in one script only."""
    sure = [letter for letter in original if letter not in _AMBIGUOUS] or list(original)
    cyrillic = sum(1 for letter in sure if _is_cyrillic(letter))
    latin = sum(1 for letter in sure if _LATIN_LETTER.match(letter))
    return lower.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
