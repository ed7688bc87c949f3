"""Belarusian forms in Latin letters (Łacinka), from either Cyrillic orthography.

The letters of the modern table: č š ž, ŭ, ch, hard ł and soft l, soft ć ń ś ź, j or i before the
vowels that carry softness. From classical forms come the texts with all marks of softness
(śniežań), from official ones the texts without.
"""

from __future__ import annotations

import re

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "ж": "ž", "з": "z", "й": "j",
    "к": "k", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ў": "ŭ", "ф": "f", "х": "ch", "ц": "c", "ч": "č", "ш": "š", "ы": "y", "э": "e", "'": "",
}  # fmt: skip
_IOTATED = {"е": "e", "ё": "o", "ю": "u", "я": "a"}
_SOFT_VOWELS = "еёіюяь"
_AFTER_THESE_J = frozenset("аеёіоуыэюяўьй'")
_SOFT_CONSONANTS = {"z": "ź", "s": "ś", "c": "ć", "n": "ń"}


_SOFT_N = re.compile("н(?=(?:дз|[бвзмпсфц])[еёіюяь])")


def soften_n(form: str) -> str:
    """A classical form with the softness of н marked, as the strictest Łacinka has it (Freńsis)."""
    return _SOFT_N.sub("нь", form)


def latin(form: str) -> str:
    """A lower-case Cyrillic form in Łacinka; Latin letters stay as they are."""
    out: list[str] = []
    for before, letter, after in zip(" " + form, form, form[1:] + " ", strict=False):
        if letter == "л":
            out.append("l" if after in _SOFT_VOWELS else "ł")
        elif letter == "ь":
            if out:
                out[-1] = _SOFT_CONSONANTS.get(out[-1], out[-1])
        elif letter in _IOTATED:
            vowel = _IOTATED[letter]
            if before == " " or before in _AFTER_THESE_J:
                out.append("j" + vowel)
            else:
                out.append(vowel if before == "л" else "i" + vowel)
        elif letter == "і":
            out.append("ji" if before == "'" else "i")
        else:
            out.append(_LETTERS.get(letter, letter))
    return "".join(out)
