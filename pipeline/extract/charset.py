"""Which character encoding a page is in, when neither it nor its server says so truthfully.

Candidates are the legacy encodings of the project's languages. Each is tried on the non-ASCII
bytes of the page and scored by what its letters are: the letters of the languages that used it
count for it, everything else against it. No tables to load, the same answer every time.
"""

from __future__ import annotations

import re

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіўїєґ"
_WESTERN = "äöüßéèêëàâçîïôûùœæåøñáíóú"
_CENTRAL = "ąćęłńóśźżáčďéěíňřšťúůýžĺľŕôäăâîşţőűöüß"
_BALTIC = "ąčęėįšųūžāčēģīķļņšūžõäöüåé"

# encoding → the lower-case letters beyond ASCII that its users' languages write.
_CANDIDATES: dict[str, str] = {
    "windows-1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "cp866": _CYRILLIC,
    "iso-8859-5": _CYRILLIC,
    "windows-1257": _BALTIC,
    "iso-8859-13": _BALTIC,
    "iso-8859-4": _BALTIC,
    "windows-1250": _CENTRAL,
    "iso-8859-2": _CENTRAL,
    "windows-1252": _WESTERN,
}
_BY_LANGUAGE: dict[str, str] = {
    **dict.fromkeys(("be", "ru", "uk", "bg"), _CYRILLIC),
    **dict.fromkeys(("lt", "lv", "et"), _BALTIC),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), _CENTRAL),
    **dict.fromkeys(("de", "fr", "en", "sv", "fi", "da", "nb", "no", "es", "it"), _WESTERN),
}
# Punctuation that typists of these languages really use; other symbols are a sign of a wrong guess.
_PUNCTUATION = frozenset("«»„“”‚‘’–—…№§°©®\u00a0€•·")
_WORDS = re.compile(r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")
_HTML_LANG = re.compile(rb"<html[^>]{0,300}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SAMPLE_BYTES = 60_000

_LETTER, _ODD_LETTER, _SYMBOL, _CASE_BREAK, _BROKEN, _LANGUAGE = 1.0, -1.5, -2.0, -2.0, -8.0, 1.0


def guess(body: bytes) -> str:
    """The likeliest legacy encoding of `body`, which is known not to be UTF-8 or UTF-16."""
    sample = _MARKUP.sub(b" ", body[: 8 * _SAMPLE_BYTES])[:_SAMPLE_BYTES]
    stated = _HTML_LANG.search(body[:4096])
    stated_letters = _BY_LANGUAGE.get(stated[1].decode("ascii").lower()[:2]) if stated else None
    return max(_CANDIDATES, key=lambda name: _score(sample, name, stated_letters))


def _score(sample: bytes, encoding: str, stated_letters: str | None) -> float:
    """How much `sample`, read in `encoding`, looks like text; higher is better."""
    text = sample.decode(encoding, errors="replace")
    letters = _CANDIDATES[encoding]
    score = text.count("\ufffd") * _BROKEN
    for char in text:
        if char < "\x80" or char == "\ufffd":
            continue
        if char.isalpha():
            known = char.lower() in letters
            score += _LETTER if known else _ODD_LETTER
            if known and stated_letters is not None and char.lower() in stated_letters:
                score += _LANGUAGE
        elif char not in _PUNCTUATION:
            score += _SYMBOL
    # A wrong table turns "Минск" into "лХМЯЙ": capitals in the middle or at the end of a word.
    for word in _WORDS.findall(text):
        if not word.isupper() and not word[1:].islower() and len(word) > 1:
            score += _CASE_BREAK
    return score
