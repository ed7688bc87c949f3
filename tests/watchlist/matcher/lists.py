"""Small watchlists for the tests of the matcher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.records import Mention, Tag
from pipeline.watchlist.matcher import Matcher
from pipeline.watchlist.shapes import Entry, Name


def entry(
    id_: str,
    kind: str = "body",
    names: Mapping[str, Sequence[str]] | None = None,
    *,
    acronyms: Mapping[str, Sequence[str]] | None = None,
    adjectives: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> Entry:
    """An entry with names by language; everything else as a plain entry has it."""
    listed = [
        Name(text, language, name_kind, "test")
        for name_kind, by_language in (
            ("name", names or {}),
            ("acronym", acronyms or {}),
            ("adjective", adjectives or {}),
        )
        for language, texts in by_language.items()
        for text in texts
    ]
    defaults: dict[str, Any] = {
        "group": "test",
        "label": id_.upper(),
        "sex": None,
        "surname_alone": "no",
        "needs": (),
        "none_of": (),
        "inflect": "auto",
        "forms_add": {},
        "forms_drop": (),
        "case": "auto",
        "source": "test",
        "where": "test.yml:1",
    }
    return Entry(id=id_, kind=kind, names=tuple(listed), **(defaults | more))


LUKASHENKO = entry(
    "lukashenko",
    "person",
    {
        "ru": ["Александр Лукашенко"],
        "be": ["Аляксандр Лукашэнка"],
        "pl": ["Alaksandr Łukaszenka"],
        "en": ["Alexander Lukashenko"],
    },
    sex="m",
    surname_alone="yes",
)
VIKTAR = entry(
    "viktar", "person", {"ru": ["Виктор Лукашенко"]}, sex="m", surname_alone="with-context"
)
KOLESNIKOVA = entry(
    "kolesnikova",
    "person",
    {"ru": ["Мария Колесникова"]},
    sex="f",
    surname_alone="with-context",
    needs=("belarus",),
)
BELARUS = entry(
    "belarus",
    "country",
    {
        "ru": ["Беларусь", "Белоруссия", "Республика Беларусь"],
        "be": ["Беларусь"],
        "pl": ["Białoruś"],
        "en": ["Belarus"],
        "fr": ["Biélorussie"],
        "de": ["Belarus"],
    },
    acronyms={"ru": ["РБ"]},
    adjectives={"ru": ["беларуский", "белорус"], "en": ["Belarusian"], "pl": ["białoruski"]},
)
KGB = entry("kgb", "body", {"ru": ["КГБ Беларуси"]}, acronyms={"ru": ["КГБ"]}, needs=("belarus",))
EU = entry(
    "eu",
    "body",
    {"ru": ["Европейский союз"], "fr": ["Union européenne"], "en": ["European Union"]},
    acronyms={"ru": ["ЕС"], "en": ["EU"], "lt": ["ES"], "fr": ["UE"]},
)


def tag(
    entries: Sequence[Entry], text: str, language: str = "ru", title: str | None = None
) -> dict[str, list[str]]:
    """Entry id → the surfaces of its mentions, checked against the text."""
    tags = Matcher(entries).tag(title, text, language)
    return {one.id: [checked(m, text, title) for m in one.mentions] for one in tags}


def checked(mention: Mention, text: str, title: str | None) -> str:
    """The surface of a mention that is what stands at its place."""
    source = (title or "") if mention.where == "title" else text
    assert source[mention.start : mention.end] == mention.surface
    return mention.surface


def only(tags: Sequence[Tag]) -> Tag:
    """The one tag there is."""
    (one,) = tags
    return one
