"""Every form a name can take: `expand(word, language)`.

In: one word of a name in its dictionary form. Out: all its forms, lower-case, by the suffix
paradigms of the language's file. Whole names, initials and word order are the matcher's business.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Literal

from pipeline.watchlist.inflect import be, de, en, fr, lt, lv, pl, ru, uk
from pipeline.watchlist.inflect.lacinka import latin, soften_n
from pipeline.watchlist.inflect.paradigm import Sex, Tables, decline, decline_adjective
from pipeline.watchlist.inflect.taraskievica import classical

__all__ = ["LANGUAGES", "expand", "expand_adjective", "spellings"]

LANGUAGES: dict[str, Tables] = {
    "be": be.TABLES,
    "ru": ru.TABLES,
    "uk": uk.TABLES,
    "pl": pl.TABLES,
    "lt": lt.TABLES,
    "lv": lv.TABLES,
    "de": de.TABLES,
    "fr": fr.TABLES,
    "en": en.TABLES,
}
_APOSTROPHES = str.maketrans("’ʼ`´′", "'''''")
_VOWELS = frozenset("аеёиоуыэюяіїєaąeęioóuyėįųūāēī")
_PARTICLE_LENGTH = 2
"""Hyphenated parts as short as this (на, de) do not inflect."""
_MANY_FORMS = 500
"""Of a hyphenated word; beyond, only its last part inflects."""


def expand(
    word: str, language: str, *, sex: Sex | None = None, common: bool = False
) -> frozenset[str]:
    """All forms of one word of a name, lower-case, the dictionary form among them.

    `language` is a BCP 47 tag of which the primary part counts; for Belarusian the forms are in
    both orthographies and in Łacinka; for a language without rules the word itself is all. `sex`
    is that of the person whose name it is: a woman's surname then takes no man's endings.
    `common` words (санкция, посол) also have the plural forms that would make one name look like
    another (Борисов is no form of Борис).
    """
    return _expand(word, primary(language), sex, "common" if common else "name")


def expand_adjective(word: str, language: str) -> frozenset[str]:
    """All forms of a country's adjective or demonym, in every gender."""
    return _expand(word, primary(language), None, "adjective")


def spellings(word: str, language: str) -> frozenset[str]:
    """One form, lower-case, as all orthographies of its language write it: of Belarusian three."""
    lower = word.translate(_APOSTROPHES).lower()
    return frozenset(_belarusian_spellings({lower}) if primary(language) == "be" else {lower})


@lru_cache(maxsize=1024)
def primary(language: str) -> str:
    """The primary part of a BCP 47 tag: `be` of `be-tarask`, `be_tarask`, `be-Latn`."""
    return re.split("[-_]", language.lower(), maxsplit=1)[0]


@lru_cache(
    maxsize=1024
)  # for the names and spellings of one entry: the matcher keeps its own forms
def _expand(
    word: str, language: str, sex: Sex | None, kind: Literal["name", "common", "adjective"]
) -> frozenset[str]:
    lower = word.translate(_APOSTROPHES).lower()
    tables = LANGUAGES.get(language)
    if tables is None or _is_brand(word):
        return frozenset({lower})
    if "-" in lower:
        return _expand_parts(lower.split("-"), language, sex, kind)
    if kind == "adjective":
        forms = decline_adjective(lower, tables)
    else:
        forms = decline(lower, tables, sex, common=kind == "common")
    if language == "be":
        forms = _belarusian_spellings(forms)
    # ё is printed as е, ß as ss in Switzerland.
    plain = {form.replace("ё", "е").replace("ß", "ss") for form in forms}
    return frozenset(forms | plain)


def _is_brand(word: str) -> bool:
    """БелОМО, BoE: mixed case that ends in a capital vowel marks a name that does not inflect."""
    last = word[-1:]
    return (
        len(word) >= len("BoE")
        and last.isupper()
        and last.lower() in _VOWELS
        and any(letter.islower() for letter in word)
    )


def _expand_parts(
    parts: list[str],
    language: str,
    sex: Sex | None,
    kind: Literal["name", "common", "adjective"],
) -> frozenset[str]:
    """Forms of a hyphenated word: every inflected part with every other (Косиняка-Камыша)."""
    each = [
        _expand(part, language, sex, kind) if len(part) > _PARTICLE_LENGTH else frozenset({part})
        for part in parts
    ]
    count = 1
    for forms in each:
        count *= len(forms)
    if count > _MANY_FORMS:
        each[:-1] = [frozenset({part}) for part in parts[:-1]]
    return frozenset("-".join(combination) for combination in product(*each))


def _belarusian_spellings(forms: set[str]) -> set[str]:
    """Both orthographies, ў for an initial у after a vowel, and Łacinka of all of them."""
    cyrillic = forms | {classical(form) for form in forms}
    cyrillic |= {"ў" + form[1:] for form in cyrillic if form.startswith("у")}
    cyrillic |= {"у" + form[1:] for form in forms if form.startswith("ў")}
    return cyrillic | {latin(form) for form in cyrillic | {soften_n(form) for form in cyrillic}}
