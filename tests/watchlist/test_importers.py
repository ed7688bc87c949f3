"""Lists of investigators become entries that load."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.watchlist.entries import read
from pipeline.watchlist.importers import (
    Choice,
    Draft,
    guess_format,
    read_ftm,
    read_targets,
    to_yaml,
)

MINISTER = {
    "id": "NK-Minister.1",
    "schema": "Person",
    "caption": "Alena Kovaleva",
    "datasets": ["eu_fsf", "ch_seco"],
    "properties": {
        "name": ["KOVALEVA, Alena Petrovna", "Алена Іванаўна КАВАЛЁВА"],
        "alias": ["Елена Петровна Ковалева", "Олена Ковальова-Їжак", "Alena"],
        "weakAlias": ["Minister"],
        "nationality": ["by"],
        "gender": ["female"],
        "topics": ["sanction", "role.pep"],
    },
}
WORKS = {
    "id": "Q77",
    "schema": "Company",
    "datasets": ["us_ofac_sdn"],
    "properties": {"name": ['OJSC "Lighthouse Works"', "ОАО «Маяк»"], "jurisdiction": ["by", "cy"]},
}
SHIP = {"id": "ship", "schema": "Vessel", "properties": {"name": ["Wave"], "country": ["by"]}}
LINES = [json.dumps(entity, ensure_ascii=False) for entity in (MINISTER, WORKS, SHIP)]
HEADER = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers",'
    '"sanctions","phones","emails","program_ids","dataset","first_seen","last_seen","last_change"\n'
)
CSV = [
    HEADER,
    '"NK-1","Person","Alena Kovaleva","КАВАЛЁВА Алена;Елена Ковалева","","by;ru","","","","","","",'
    '"EU Financial Sanctions Files;Swiss SECO","2024","2025","2025"\n',
    '"NK-2","Company","Lighthouse Works LLC","","","cy","","","","","","","US OFAC","","",""\n',
    '"NK-3","Vessel","Wave","","","by","","","","","","","US OFAC","","",""\n',
]


def ids(drafts: Iterable[Draft]) -> list[str]:
    return [draft.id for draft in drafts]


def test_a_person_keeps_given_name_and_surname_by_language() -> None:
    minister = next(iter(read_ftm(LINES, Choice())))
    assert minister.names == {
        "be": ("Алена Кавалёва",),
        "en": ("Alena Kovaleva",),
        "ru": ("Елена Ковалева",),
        "uk": ("Олена Ковальова-Їжак",),
    }
    assert (minister.id, minister.kind, minister.sex, minister.label) == (
        "nk-minister-1",
        "person",
        "f",
        "Alena Kovaleva",
    )
    assert minister.source == "ch_seco, eu_fsf"


def test_a_company_loses_quotation_marks_and_legal_form() -> None:
    works = list(read_ftm(LINES, Choice()))[1]
    assert works.kind == "company"
    assert works.names == {"en": ("Lighthouse Works",), "ru": ("Маяк",)}


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), ["nk-minister-1", "q77"]),
        (Choice(countries=frozenset({"cy"})), ["q77"]),
        (Choice(countries=frozenset({"de"})), []),
        (Choice(topics=frozenset({"role"})), ["nk-minister-1"]),
        (Choice(topics=frozenset({"rol"})), []),
        (Choice(datasets=frozenset({"us_ofac_sdn", "x"})), ["q77"]),
        (Choice(frozenset({"by"}), frozenset({"sanction"}), frozenset({"ch_seco"})),
         ["nk-minister-1"]),
    ],
)  # fmt: skip
def test_choosing(choice: Choice, taken: list[str]) -> None:
    assert ids(read_ftm(LINES, choice)) == taken


def test_the_simple_table() -> None:
    drafts = list(read_targets(CSV, Choice()))
    assert ids(drafts) == ["nk-1", "nk-2"]
    assert drafts[0].names == {
        "en": ("Alena Kovaleva",),
        "ru": ("Алена Кавалёва", "Елена Ковалева"),
    }
    assert drafts[0].source == "EU Financial Sanctions Files, Swiss SECO"
    assert drafts[1].names == {"en": ("Lighthouse Works",)}
    assert ids(read_targets(CSV, Choice(countries=frozenset({"by"})))) == ["nk-1"]
    assert ids(read_targets(CSV, Choice(datasets=frozenset({"US OFAC"})))) == ["nk-2"]


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(ConfigError, match="has no topics"):
        list(read_targets(CSV, Choice(topics=frozenset({"sanction"}))))
    with pytest.raises(ConfigError, match="no columns"):
        list(read_targets(["a,b\n", "1,2\n"], Choice()))
    with pytest.raises(ConfigError, match="line 2: not a FollowTheMoney entity"):
        list(read_ftm([LINES[0], '{"id": 1}'], Choice()))
    with pytest.raises(ConfigError, match="line 1"):
        list(read_ftm(["[]"], Choice()))


def test_the_format_shows_at_the_first_character() -> None:
    assert guess_format("\ufeff" + LINES[0]) == "ftm"
    assert guess_format(HEADER) == "csv"
    assert guess_format("") == "csv"


def test_the_file_written_is_a_watchlist() -> None:
    belarus = "- {id: belarus, kind: country, source: t, names: {en: [Belarus]}}\n"
    text = to_yaml(read_ftm(LINES, Choice()), "imported", ("belarus",))
    entries, _, problems = read({"a.yml": belarus.encode(), "imported.yml": text.encode()})
    assert not problems
    minister = entries[1]
    assert (minister.group, minister.needs, minister.sex) == ("imported", ("belarus",), "f")
    assert minister.surname_alone == "no"
    assert {name.source for name in minister.names} == {"ch_seco"}


words = st.text(st.sampled_from("АБВабвіўABCabc'-.,:#[]{}&*!|>%@` \"0"), max_size=20)


@given(
    st.lists(
        st.builds(
            lambda id_, names: {"id": id_, "schema": "Person", "properties": {"name": names}},
            words,
            st.lists(words, max_size=4),
        ),
        max_size=4,
    )
)
def test_any_names_make_a_file_that_reads_back(entities: list[dict[str, object]]) -> None:
    drafts = {d.id: d for d in read_ftm([json.dumps(e) for e in entities], Choice())}
    entries, _, problems = read({"a.yml": to_yaml(drafts.values(), "imported").encode()})
    assert [problem for problem in problems if problem.check != "bad-name"] == []
    assert [entry.id for entry in entries] == list(drafts)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("q2,Person\n", "line 3: not as many fields as columns"),
        ("q2,Person,Jane Doe,by,more\n", "line 3: not as many fields as columns"),
        ('q2,Person,"Jane Doe,by\n', "line 3: not CSV: unexpected end of data"),
    ],
)
def test_a_broken_row_of_a_table_is_named(rows: str, problem: str) -> None:
    table = f"id,schema,name,countries\nq1,Person,John Roe,by\n{rows}"
    with pytest.raises(ConfigError, match=problem):
        list(read_targets(io.StringIO(table, newline=""), Choice()))
