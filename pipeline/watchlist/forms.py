"""The words of a name and the forms under which texts have them.

In: a name as the watchlist writes it. Out: its tokens, and for each token every folded form that
the matcher looks for. How a word is declined is `inflect`'s business.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from pipeline.watchlist.fold import SURROGATES, WORD, Folded, fold_word, repair, strip_diacritics
from pipeline.watchlist.inflect import expand, expand_adjective, primary, spellings
from pipeline.watchlist.shapes import Entry, Name, Sex

How = Literal["name", "common", "adjective", "rigid"]
"""How a word inflects: as a proper name, as a common word, as an adjective, not at all."""
CYRILLIC = re.compile("[Ѐ-ԯ]")
_ELISION = re.compile(r"(?<!\w)([cdjlmnst]|(?:jus|lors|puis|quoi)?qu)'(?=\w)")
_ONE_APOSTROPHE = str.maketrans("’ʼ`´′‘_", "'''''' ")


def plain_marks(name: str) -> str:
    """A name with the apostrophes and spaces of folded text, its letters as they are."""
    return name.translate(_ONE_APOSTROPHE)


def split_elisions(part: Folded) -> Folded:
    """French text with its elided words parted from the next (l'Europe), length kept."""
    if b"'" not in part.blank:
        return part
    blank = _ELISION.sub(r"\1 ", part.blank.decode("utf-8", SURROGATES))
    return replace(
        part,
        text=_ELISION.sub(r"\1 ", part.text),
        blank=blank.encode("utf-8", SURROGATES),
    )


def tokens(text: str, language: str) -> list[str]:
    """The tokens of a name as texts are tokenised, but with their case."""
    plain = plain_marks(text)
    if primary(language) == "fr":
        plain = re.sub(_ELISION.pattern, r"\1 ", plain, flags=re.IGNORECASE)
    return WORD.findall(plain)


def how_inflected(entry: Entry, name: Name) -> How:
    """How the words of a name inflect; bodies and companies are mostly called by common words."""
    if entry.inflect != "auto":
        return "rigid"
    if name.kind == "adjective":
        return "adjective"
    return "common" if entry.kind in ("body", "company", "topic") else "name"


def word_forms(entry: Entry, word: str, name: Name) -> frozenset[str]:
    """The folded forms under which one word of a name is found, less those the entry drops."""
    how: How = "rigid" if name.kind == "acronym" else how_inflected(entry, name)
    dropped = {fold_word(form) for form in entry.forms_drop}
    return forms_of(word, name.language, entry.sex, how) - dropped


@lru_cache(maxsize=4096)
def forms_of(token: str, language: str, sex: Sex | None, how: How) -> frozenset[str]:
    """All folded forms of a word, as texts may write them."""
    base = dictionary_forms(token)
    plain = token if repair(token) == token.lower() else repair(token)
    if how == "rigid":
        raw = spellings(plain, language)
    elif how == "adjective":
        raw = expand_adjective(plain, language)
    else:
        common = how == "common" or token[0].islower()
        raw = expand(plain, language, sex=sex, common=common)
    forms = {form.replace("ё", "е") for form in raw} | base
    if primary(language) == "be":
        # Łacinka is often typed without its diacritics.
        latin = [form for form in forms if not CYRILLIC.search(form)]
        forms.update(form.replace("ł", "l") for form in latin)
        forms.update(strip_diacritics(form) for form in latin)
    return frozenset(forms)


def dictionary_forms(token: str) -> frozenset[str]:
    """The word itself, and without its Latin diacritics, as other languages print it."""
    folded = fold_word(token)
    if folded.isascii() or CYRILLIC.search(folded):
        return frozenset({folded})
    return frozenset({folded, strip_diacritics(folded)})
