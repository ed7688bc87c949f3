"""The spellings of Belarusian from one another, and Serbian from Latin to Cyrillic letters.

Official Cyrillic → taraškievica (the soft signs only) → Łacinka, and Łacinka → Cyrillic. The rules
are those of Taraškievič's grammar (1918; the 2005 codification for the soft signs) and of the
Łacinka of 1929. Loan words keep their official vowels, so derived text is close, not exact: good
for counting n-grams, not for showing to readers.
"""

from __future__ import annotations

import re

_SOFTENING = "еёіюяьЕЁІЮЯЬ"
# з, с, ц, дз, л, н become soft before a soft consonant of this set: снег → сьнег, жыццё → жыцьцё.
_ASSIMILATION = re.compile(
    rf"(?:(?<=[зсцЗСЦ])(?=(?:дз|[зсцлнмпбвф])[{_SOFTENING}])"
    rf"|(?<=л)(?=л[{_SOFTENING}])|(?<=н)(?=н[{_SOFTENING}]))"
)

_VOWELS = "аеёіоуыэюя"
_PLAIN = {
    **dict(zip("абвгґджзйкмнопрстуўфхцчшыэ", "abvhgdžzjkmnoprstuŭf_cčšye", strict=True)),
    "х": "ch",
}
_IOTATED = {"е": "e", "ё": "o", "ю": "u", "я": "a", "і": "i"}
_ACUTE = {"з": "ź", "с": "ś", "ц": "ć", "н": "ń"}
_APOSTROPHES = "'’ʼ"

_LATIN_LETTERS = {
    **{latin: cyrillic for cyrillic, latin in _PLAIN.items() if cyrillic != "х"},
    **{acute: cyrillic + "ь" for cyrillic, acute in _ACUTE.items()},
    "g": "г",  # ґ is rare in print
    "ł": "л",
    "w": "в",
}
_LATIN_IOTATED = {"a": "я", "e": "е", "o": "ё", "u": "ю", "i": "і"}


def taraskievica(text: str) -> str:
    """Official Belarusian text with the soft signs of the classical spelling."""
    return _ASSIMILATION.sub("ь", text)


def lacinka(text: str) -> str:
    """Belarusian Cyrillic text, official or classical, in Latin letters."""
    return re.sub(r"[\w'’ʼ]+", lambda word: _word_to_latin(word.group()), text)


def _word_to_latin(word: str) -> str:
    lower = word.lower()
    out: list[str] = []
    for i, letter in enumerate(lower):
        before = lower[i - 1] if i else ""
        if letter in _IOTATED:
            if letter == "і":
                latin = "ji" if before in _VOWELS + _APOSTROPHES and before else "i"
            elif before == "л":
                latin = _IOTATED[letter]
            elif not before or before in _VOWELS + "ўйь" + _APOSTROPHES:
                latin = "j" + _IOTATED[letter]
            else:
                latin = "i" + _IOTATED[letter]
        elif letter == "л":
            latin = "l" if lower[i + 1 : i + 2] in tuple("еёіюяьл") else "ł"
        elif letter in _ACUTE and lower[i + 1 : i + 2] == "ь":
            latin = _ACUTE[letter]
        elif letter == "ь" or (letter in _APOSTROPHES and lower[i + 1 : i + 2] in tuple("еёюяі")):
            latin = ""
        else:
            latin = _PLAIN.get(letter, letter)
        out.append(latin.capitalize() if word[i].isupper() and latin else latin)
    joined = "".join(out)
    return joined.upper() if len(word) > 1 and word.isupper() else joined


def cyrillic(text: str) -> str:
    """Łacinka in Cyrillic letters, classical spelling."""
    return re.sub(r"[^\W\d_]+", lambda word: _word_to_cyrillic(word.group()), text)


def _word_to_cyrillic(word: str) -> str:
    lower = word.lower()
    out: list[str] = []
    i = 0
    while i < len(lower):
        letter, after = lower[i], lower[i + 1 : i + 2]
        previous = out[-1] if out else ""
        step = 1
        if letter == "c" and after == "h":
            text, step = "х", 2
        elif letter in "ji" and after in _LATIN_IOTATED and after:
            starts = letter == "j" and previous[-1:].lower() in tuple("бвгдзкмнпрстфх")
            text, step = ("'" if starts else "") + _LATIN_IOTATED[after], 2
        elif letter == "j":
            text = "й"
        elif letter == "i":
            text = "і"
        elif letter == "l":
            if after in _LATIN_IOTATED and after and after != "i":
                text, step = "л" + _LATIN_IOTATED[after], 2
            else:
                text = "л" if after in ("i", "l") else "ль"
        else:
            text = _LATIN_LETTERS.get(letter, letter)
        out.append(text.capitalize() if word[i].isupper() else text)
        i += step
    joined = "".join(out)
    return joined.upper() if len(word) > 1 and word.isupper() else joined


_SERBIAN_PAIRS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_SERBIAN = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))


def serbian_cyrillic(word: str) -> str:
    """A Serbian word in small Latin letters, in Cyrillic."""
    for pair, letter in _SERBIAN_PAIRS.items():
        word = word.replace(pair, letter)
    return "".join(_SERBIAN.get(letter, letter) for letter in word)
