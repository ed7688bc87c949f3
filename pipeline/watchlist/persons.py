"""The parts of a person's name: given names, patronymic, surname, initials.

In: a name as the watchlist writes it, in any language, given name first («Юрий Амбразевич»), or
with the surname in capitals as sanction lists do («ЛУКАШЭНКА Аляксандр»). Out: its parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.watchlist import given_names
from pipeline.watchlist.fold import fold_word
from pipeline.watchlist.inflect import primary
from pipeline.watchlist.inflect.paradigm import words
from pipeline.watchlist.shapes import Entry, Sex

PATRONYMIC = re.compile(
    "(?:[оеёа]в[иі]ч|[ьи]ич|[лк]іч)(?:а|у|ем|ам|ом|ові|еві|е|і)?$"
    "|(?:[оеёиії]вн|[аеё]ўн|[иі]чн)(?:а|ы|е|у|ой|ою|ай|аю|и|і)$"
    r"|(?:[oeai]vi(?:ch|tch|č|ć|tsch|čs)|[oeai]wi(?:cz|tsch)|[oea]vičius)\w{0,3}$"
    r"|(?:[oei]vn|[ae](?:ŭ|u)n|[oó]wn|iczn|ičn|ichn|[oe]wn)\w{1,2}$"
)
"""Folded patronymics in any case: Рыгоравіча, Григорьевной, Ryhoravich, Ryhorauna."""

_PARTICLES = words(
    "von fon van der den de del della di da du le la bin ibn al el ter ten zu zum vom "
    "фон ван дер дэр ден де дель делла ди да дю ле ла бин аль эль тер дэ ды дзі"
)
_FAMILY_NAME_FIRST = words(
    "xi li wang zhang chen kim lee si ван ли си чжан чэнь ким лі сі чжан кім"
)
"""Names that come first in Chinese and Korean usage."""
_VOWELS = frozenset("аеиоуыэюяёіїєьйaeiouyąęėįųūāēīóö'")
_ROMAN = re.compile(r"[IVXLC]+\.?")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]?")
"""«А.», «А.В.», «Дз.», «А.В»."""
_WOMENS_SURNAME = {
    "ru": re.compile("[сц]кая$|[оеё]ва$"),
    "be": re.compile("[сц]кая$|[аоеёэ]ва$"),
    "uk": re.compile("[сц]ька$|[оеє]ва$"),
}
_MENS_SURNAME = {
    "ru": re.compile("[сц]кий$|[оеё]в$"),
    "be": re.compile("[сц]кі$|[аоеёэ]ў$"),
    "uk": re.compile("[сц]ький$|[оеє]в$"),
}


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart; every part is a list of words as written."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    abbreviated: bool = False
    """The given names are initials."""


def parse(name: str) -> PersonName | None:
    """The parts of a name, or None for what has none: a single word, «Лев XIV», «papież Leon»."""
    words = name.split()
    if len(words) < 2 or any(_ROMAN.fullmatch(word) for word in words) or words[0].islower():
        return None
    initials = _initials(words)
    shouted = [word for word in words if len(word) > 1 and word.isupper() and word not in initials]
    if len(initials) == len(words):
        return None
    if words[-1] in initials:
        given, surname = initials, [word for word in words if word not in initials]
    elif shouted and len(shouted) < len(words):
        given = [word for word in words if word not in shouted]
        surname = shouted
    elif fold_word(words[0]) in _FAMILY_NAME_FIRST:
        given, surname = words[1:], words[:1]
    else:
        at = len(words) - 1
        while at > 1 and fold_word(words[at - 1]) in _PARTICLES:
            at -= 1
        given, surname = words[:at], words[at:]
    given = given[:1] + [word for word in given[1:] if not PATRONYMIC.search(fold_word(word))]
    return PersonName(tuple(given), tuple(surname), all(word in initials for word in given))


def _initials(words: Sequence[str]) -> list[str]:
    """The initials among the words; a letter alone is one beside others («Симоньян М. С»)."""
    dotted = [word for word in words if _INITIALS.fullmatch(word)]
    return [word for word in words if word in dotted or len(word) == 1] if dotted else []


def skeleton(word: str) -> str:
    """The first letter and the first consonants after it: what spellings of a name share."""
    return word[:1] + "".join(c for c in word[1:] if c not in _VOWELS)[:2]


def sex_of(entry: Entry) -> Sex | None:
    """A person's sex: as the entry says, else as a common given name or the surname shows it."""
    if entry.sex is not None or entry.kind != "person":
        return entry.sex
    for name in entry.names:
        person = parse(name.text)
        if person is None:
            continue
        sex = given_names.sex(person.given[0])
        if sex is not None:
            return sex
        language, surname = primary(name.language), fold_word(person.surname[-1])
        if language in _WOMENS_SURNAME and _WOMENS_SURNAME[language].search(surname):
            return "f"
        if language in _MENS_SURNAME and _MENS_SURNAME[language].search(surname):
            return "m"
    return None
