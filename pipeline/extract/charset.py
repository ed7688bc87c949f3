"""Which legacy encoding a page is in, when neither it nor its server says so truthfully.

Every encoding is tried with the letters of every language that used it: the common letters of that
language count for the pair, letters it does not have and odd symbols against it. No tables to load,
the same answer every time.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

# The letters of a language beyond ASCII: the common ones, a space, the others.
_CYRILLIC = {
    "be": "аіеноктрслы бвгдёжзймпуўфхцчшьэюя",
    "ru": "оеаинтсрвл бгдёжзйкмпуфхцчшщъыьэюя",
    "uk": "оанитівсрелк бгґдєжзїймпуфхцчшщьюя",
}
_BALTIC = {"lt": "ėšžųį ąčęūõäöü", "lv": "āīēšū čģķļņž", "et": "äõüö šž"}
_CENTRAL = {
    "pl": "łąężó ćńśź",
    "cs": "áíéěřčšžý ďňóťúů",
    "sk": "áíéčšžýľú äďĺňóôŕť",
    "hu": "áéöóőí úüű",
    "ro": "ăîşţâ ",
}
_WESTERN = {
    "de": "üäöß ", "fr": "éèàê âçëîïôùûœ", "sv": "äåö é", "es": "óáíéñ úü", "da": "æøå é",
    "pt": "ãçáéóí õâàêôú", "it": "àèùòé ìíóù", "nl": "éëï èóöáü", "is": "áíðéóúþöæ ý",
}  # fmt: skip

# The first of two equals wins: the encodings of Windows were by far the more common.
_CANDIDATES: dict[str, dict[str, str]] = {
    "windows-1251": _CYRILLIC,
    "windows-1257": _BALTIC,
    "windows-1250": _CENTRAL,
    "windows-1252": _WESTERN,
    "koi8-r": {"ru": _CYRILLIC["ru"]},
    "koi8-u": {"uk": _CYRILLIC["uk"]},
    "cp866": _CYRILLIC,
    "iso-8859-5": _CYRILLIC,
    "iso-8859-13": _BALTIC,
    "iso-8859-4": _BALTIC,
    "iso-8859-2": _CENTRAL,
}
_BY_CODEC = {codecs.lookup(name).name: name for name in _CANDIDATES}
# Punctuation that typists of these languages use; any other symbol is a sign of a wrong guess.
_PUNCTUATION = frozenset("«»„“”‚‘’–—…№§°©®\u00a0€•·")
_WORDS = re.compile(r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")
_LATIN, _CYRILLIC_LETTER = re.compile(r"[a-zA-Z]"), re.compile(r"[\u0400-\u04ff]")
_HTML_LANG = re.compile(rb"<html[^>]{0,300}?\blang\s*=\s*[\"']?([a-zA-Z]{2})", re.IGNORECASE)
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SAMPLE_BYTES = 60_000

_LETTER, _RARE_LETTER, _ODD_LETTER = 1.0, 0.0, -1.5
_SYMBOL, _ODD_WORD, _BROKEN = -2.0, -2.0, -8.0
# The page's own `lang` decides between near equals, not against the letters.
_STATED_LANGUAGE = 1.2
# How many points the best guess must be ahead of a label that is no longer believed: some at once,
# more for each byte beyond ASCII. A few letters prove nothing.
_FAR_BETTER, _BETTER_BY_BYTE, _ENOUGH = 6.0, 0.3, 4


def guess(body: bytes) -> str:
    """The likeliest legacy encoding of `body`, which is known not to be UTF-8 or UTF-16."""
    sample, stated = _sample(body), _stated_language(body)
    return max(_CANDIDATES, key=lambda encoding: _score(sample, encoding, stated))


def belies(body: bytes, encoding: str) -> bool:
    """Whether `body` is evidently not in the legacy `encoding` that its label says.

    Only another encoding whose letters fit far better speaks against a label, and only one of the
    encodings known here can be judged.
    """
    label = _BY_CODEC.get(codecs.lookup(encoding).name)
    sample = _sample(body)
    beyond_ascii = len(sample) - len(sample.decode("ascii", errors="ignore"))
    if label is None or beyond_ascii < _ENOUGH:
        return False
    stated = _stated_language(body)
    best = max(_score(sample, other, stated) for other in _CANDIDATES)
    return best - _score(sample, label, stated) > _FAR_BETTER + _BETTER_BY_BYTE * beyond_ascii


def _sample(body: bytes) -> bytes:
    return _MARKUP.sub(b" ", body[: 8 * _SAMPLE_BYTES])[:_SAMPLE_BYTES]


def _stated_language(body: bytes) -> str:
    match = _HTML_LANG.search(body[:4096])
    return match[1].decode("ascii").lower() if match else ""


def _score(sample: bytes, encoding: str, stated: str) -> float:
    """How much `sample`, read in `encoding`, looks like text of its best language."""
    text = sample.decode(encoding, errors="replace")
    words = _WORDS.findall(text)
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    symbols = sum(char > "\x7f" and not char.isalpha() for char in text)
    usual = sum(map(text.count, _PUNCTUATION))
    broken = text.count("\ufffd")
    base = broken * _BROKEN + (symbols - usual - broken) * _SYMBOL
    base += sum(map(_is_odd, words)) * _ODD_WORD
    counts = Counter(char.lower() for char in letters)
    best = float("-inf")
    for language, alphabet in _CANDIDATES[encoding].items():
        common, _, rare = alphabet.partition(" ")
        told = sum(counts[char] for char in common)
        known = sum(counts[char] for char in rare)
        weight = _STATED_LANGUAGE if language == stated else 1.0
        points = (told * _LETTER + known * _RARE_LETTER) * weight
        best = max(best, points + (len(letters) - told - known) * _ODD_LETTER)
    return base + best


def _is_odd(word: str) -> bool:
    """Two scripts in one word, or capitals inside it: "Минск" misread is "лХМЯЙ"."""
    if _LATIN.search(word) and _CYRILLIC_LETTER.search(word):
        return True
    return len(word) > 1 and not word.isupper() and not word[1:].islower()
