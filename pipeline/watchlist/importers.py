"""Turns lists that investigators use into watchlist entries.

In: lines of FollowTheMoney JSON (`entities.ftm.json`, any FtM export) or of OpenSanctions'
`targets.simple.csv`, and a choice by country, topic or dataset. Out: drafts, and the YAML of a file
of `config/watchlist/`. A draft is cautious: full names only, no surname alone, each name with its
source, so that a person may open up what needs it.

Formats: followthemoney.tech (schemata and properties) and opensanctions.org/docs/bulk.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from pipeline.errors import ConfigError
from pipeline.watchlist.persons import PATRONYMIC
from pipeline.watchlist.shapes import EntryKind, Sex

Format = Literal["ftm", "csv"]

_KINDS: Mapping[str, EntryKind] = {
    "Person": "person",
    "Company": "company",
    "Asset": "company",
    "LegalEntity": "company",
    "Organization": "body",
    "PublicBody": "body",
}
"""FollowTheMoney schemata that can be named in the news; others (Vessel, Address …) are left."""
_COUNTRY_PROPERTIES = ("country", "nationality", "citizenship", "jurisdiction", "mainCountry")
_NAME_PROPERTIES = ("name", "alias", "previousName")
"""`weakAlias` stays out: FollowTheMoney defines it as too vague to match with."""
_SEXES: Mapping[str, Sex] = {"male": "m", "female": "f"}
_MOST_WORDS = 8
"""Longer names are addresses or descriptions."""
_MOST_NAMES = 12
"""Names of one language; sanction lists hold dozens of spellings that no newspaper uses."""

_CYRILLIC = re.compile("[Ѐ-ԯ]")
_LATIN = re.compile("[a-zA-ZÀ-ɏ]")
_LETTERS_OF = (
    ("uk", re.compile("[їєґЇЄҐ]")),
    ("be", re.compile("[ўЎ]|[шжчрцШЖЧРЦ]э|чы|дз[ьеёія]|ц[ья]|^Аляк|Сярг")),
    ("ru", re.compile("[ыэъЫЭЪ]")),
    ("uk", re.compile("и.*[іІ]|[іІ].*и")),
    ("be", re.compile("[іІ]")),
    ("pl", re.compile("[łńśźżąęŁŚŹŻ]")),
    ("lv", re.compile("[āēīļņķģĀĒĪĻŅĶĢ]")),
    ("lt", re.compile("[ėįųĖĮŲ]")),
    ("de", re.compile("[äöüßÄÖÜ]")),
    ("fr", re.compile("[éèêçàœÉÈÊÇÀ]")),
)
"""Letters that show a name's language; what shows none is Russian or English by its script."""
_NOT_IN_ID = re.compile("[^a-z0-9]+")
_LEGAL_FORMS = re.compile(
    r"^(?:OJSC|JSC|CJSC|LLC|PJSC|OOO|OAO|ZAO|ООО|ОАО|ЗАО|ПАО|ААТ|ЗАТ|ТАА|РУП)\s+"
    r"|,?\s+(?:OJSC|JSC|CJSC|LLC|PJSC|Ltd\.?|Limited|OOO|OAO|ZAO|ООО|ОАО|ЗАО|ПАО|GmbH|AG|S\.A\.)$"
)
_QUOTES = re.compile("[\"«»“”„‘’']")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entities to take; an empty field does not restrict."""

    countries: frozenset[str] = frozenset()
    """ISO 3166 codes in small letters, e.g. `by`."""
    topics: frozenset[str] = frozenset()
    """FollowTheMoney topics, e.g. `sanction`, `role.pep`; a topic covers those below it."""
    datasets: frozenset[str] = frozenset()
    """Names (`eu_fsf`) or, in `targets.simple.csv`, titles."""

    def takes(self, countries: Iterable[str], topics: Iterable[str], datasets: set[str]) -> bool:
        """Whether an entity with these properties is chosen."""
        return (
            (not self.countries or not self.countries.isdisjoint(c.lower() for c in countries))
            and (not self.topics or any(_below(topic, self.topics) for topic in topics))
            and (not self.datasets or not self.datasets.isdisjoint(datasets))
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be."""

    id: str
    kind: EntryKind
    label: str
    names: Mapping[str, tuple[str, ...]]
    sex: Sex | None
    source: str


def guess_format(head: str) -> Format:
    """The format of a file by its first characters."""
    return "ftm" if head.lstrip("\ufeff \t\r\n").startswith("{") else "csv"


def read_ftm(lines: Iterable[str], choice: Choice) -> Iterator[Draft]:
    """Drafts from FollowTheMoney JSON, one a line. Raises ConfigError at a line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entity = json.loads(line)
            schema, properties = entity["schema"], entity["properties"]
            id_ = str(entity["id"])
        except (ValueError, KeyError, TypeError):
            where = f"line {number}"
            fix = "give a file with one FollowTheMoney entity a line, or targets.simple.csv"
            raise ConfigError(where, "not a FollowTheMoney entity", fix) from None
        kind = _KINDS.get(schema)
        datasets = set(entity.get("datasets") or ())
        countries = _values(properties, _COUNTRY_PROPERTIES)
        if kind is None or not choice.takes(countries, properties.get("topics") or (), datasets):
            continue
        names = _values(properties, _NAME_PROPERTIES)
        genders = [_SEXES[g] for g in properties.get("gender") or () if g in _SEXES]
        source = ", ".join(sorted(datasets)) or "ftm"
        yield from _draft(id_, kind, names, genders[0] if len(genders) == 1 else None, source)


def read_targets(lines: Iterable[str], choice: Choice) -> Iterator[Draft]:
    """Drafts from OpenSanctions' `targets.simple.csv`. Raises ConfigError for another table, and
    at a row that is broken.

    The table has no topics: choosing by topic needs the FollowTheMoney export.
    """
    if choice.topics:
        fix = "use entities.ftm.json, or choose by country or dataset"
        raise ConfigError("--topic", "targets.simple.csv has no topics", fix)
    rows = csv.DictReader(lines, strict=True)
    if not {"id", "schema", "name"} <= set(rows.fieldnames or ()):
        fix = "give OpenSanctions' targets.simple.csv or FollowTheMoney JSON lines"
        raise ConfigError("line 1", "no columns id, schema and name", fix)
    for row in _whole(rows):
        kind = _KINDS.get(row["schema"] or "")
        datasets = set(_split(row.get("dataset")))
        if kind is None or not choice.takes(_split(row.get("countries")), (), datasets):
            continue
        names = [row["name"] or "", *_split(row.get("aliases"))]
        source = ", ".join(sorted(datasets)) or "opensanctions"
        yield from _draft(row["id"] or row["name"], kind, names, None, source)


def _whole(rows: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    """The rows, as long as each has the columns of the first line."""
    fix = "export the table again, or take the line out"
    try:
        for row in rows:
            if None in row or None in row.values():
                raise ConfigError(f"line {rows.line_num}", "not as many fields as columns", fix)
            yield row
    except csv.Error as error:
        raise ConfigError(f"line {rows.line_num + 1}", f"not CSV: {error}", fix) from None


def to_yaml(drafts: Iterable[Draft], group: str, needs: tuple[str, ...] = ()) -> str:
    """The drafts as the text of a watchlist file."""
    items: list[dict[str, Any]] = []
    for draft in drafts:
        item: dict[str, Any] = {
            "id": draft.id,
            "kind": draft.kind,
            "group": group,
            "label": draft.label,
        }
        if draft.sex:
            item["sex"] = draft.sex
        if needs:
            item["needs"] = list(needs)
        item["names"] = {language: list(names) for language, names in draft.names.items()}
        item["source"] = draft.source
        items.append(item)
    return yaml.safe_dump(
        items, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )


def _draft(
    id_: str, kind: EntryKind, written: Iterable[str], sex: Sex | None, source: str
) -> Iterator[Draft]:
    names: dict[str, list[str]] = {}
    for raw in written:
        name = _clean_person(raw) if kind == "person" else _clean_organisation(raw)
        # The patronymic that a clean name lacks shows the language best.
        language = _language_of(raw) if name else None
        known = names.setdefault(language, []) if language else []
        if language and name not in known and len(known) < _MOST_NAMES:
            known.append(name)
    if names:
        label = names.get("en", next(iter(names.values())))[0]
        ordered = {language: tuple(names[language]) for language in sorted(names)}
        slug = _NOT_IN_ID.sub("-", id_.lower()).strip("-") or "entry"
        yield Draft(slug, kind, label, ordered, sex, source)


def _language_of(name: str) -> str | None:
    """The language of a name by its letters, or None for what no rule of ours can match."""
    if len(name.split()) > _MOST_WORDS:
        return None
    cyrillic, latin = _CYRILLIC.search(name), _LATIN.search(name)
    if not cyrillic and not latin:
        return None
    for language, letters in _LETTERS_OF:
        if letters.search(name):
            return language
    return "ru" if cyrillic else "en"


def _clean_person(name: str) -> str:
    """Given name and surname: «LUKASHENKO, Aleksandr Grigoryevich» → «Aleksandr Lukashenko».

    A name of one word is no name of a person to match with; it becomes empty.
    """
    name = " ".join(name.split())
    surname, comma, given = name.partition(",")
    words = f"{given} {surname}".split() if comma and given.strip() else name.split()
    shouted = [word for word in words if len(word) > 1 and word.isupper()]
    if shouted and len(shouted) < len(words) and words[: len(shouted)] == shouted:
        words = [*words[len(shouted) :], *shouted]
    words = [word.title() if len(word) > 1 and word.isupper() else word for word in words]
    kept = [
        word
        for place, word in enumerate(words)
        if not (0 < place < len(words) - 1 and PATRONYMIC.search(word.lower()))
    ]
    return " ".join(kept) if len(kept) > 1 else ""


def _clean_organisation(name: str) -> str:
    """Without quotation marks and legal form: «OJSC "Naftan"» → «Naftan»."""
    name = " ".join(_QUOTES.sub(" ", name).split())
    return _LEGAL_FORMS.sub("", _LEGAL_FORMS.sub("", name)).strip(" ,")


def _values(properties: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [str(value) for name in names for value in properties.get(name) or ()]


def _split(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


def _below(topic: str, wanted: frozenset[str]) -> bool:
    """Whether a topic is a wanted one or stands below it: `role.pep` below `role`."""
    return any(topic == want or topic.startswith(f"{want}.") for want in wanted)
