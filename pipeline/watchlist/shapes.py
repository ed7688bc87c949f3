"""The shapes of the watchlist: a name, an entry.

They import nothing, so that the matcher, the rules and the loader can all stand on them; `entries`
re-exports them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

EntryKind = Literal["person", "body", "company", "country", "place", "topic"]
NameKind = Literal["name", "acronym", "adjective"]
Sex = Literal["f", "m"]
SurnameAlone = Literal["yes", "with-context", "no"]
Inflect = Literal["auto", "none", "explicit"]
Case = Literal["auto", "exact", "any"]


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write an entry in one language, in its dictionary form."""

    text: str
    language: str
    """BCP 47 primary language; `be_tarask` is Belarusian in the classical orthography."""
    kind: NameKind
    source: str
    """Who says so, e.g. `eu765`, `nerel`, `wikidata`, `drafted`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something to watch for, with every name it goes by."""

    id: str
    kind: EntryKind
    group: str
    label: str
    names: tuple[Name, ...]
    sex: Sex | None
    """Chooses the paradigm of a person's surname; None for what is no person."""
    surname_alone: SurnameAlone
    """Whether a person's bare surname counts: always, only in a document that has the full name or
    a `needs` entry too, or never."""
    needs: tuple[str, ...]
    """Ids of entries one of which must be in the same document for the names to count. The full
    name of a person counts without them if the surname alone may ever count; `surname_alone: no`
    marks those who have namesakes."""
    none_of: tuple[str, ...]
    """Words which near a mention say that somebody or something else is meant."""
    inflect: Inflect
    """`auto` makes all forms by rule, `none` takes the names as they are, `explicit` adds only
    `forms_add` to them."""
    forms_add: Mapping[str, tuple[str, ...]]
    """Further forms, by language."""
    forms_drop: tuple[str, ...]
    """Generated forms never to match: common words of some language."""
    case: Case
    """`auto`: a capital where the name has one; `exact`: letter by letter; `any`: ignored."""
    source: str
    where: str
    """`file.yml:line` of the entry."""

    def needs_context(self, whole: bool) -> bool:
        """Whether a name counts only beside one of `needs`; `whole`: it is no given name and
        surname, nor a surname with initials."""
        return bool(self.needs) and (
            whole or (self.kind == "person" and self.surname_alone == "no")
        )


def source_name(source: str) -> str:
    """The short name of a source: `eu765` of `eu765 I.A 3, listed 24.9.2004`."""
    return re.split("[ ,;]", source.strip(), maxsplit=1)[0] or "unstated"
