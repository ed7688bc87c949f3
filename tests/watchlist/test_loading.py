"""A list loads whole or not at all, and says where and why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.watchlist.entries import BrokenWatchlist, load, read
from tests.watchlist.conftest import COUNTRIES, ListWriter

PERSON = """
- id: somebody
  kind: person
  group: people
  label: Some Body
  sex: f
  surname_alone: with-context
  needs: [group:members, belarus]
  none_of: [Мария*, another]
  inflect: explicit
  case: exact
  names:
    ru: [Анна Иванова, "Анна Петрова"]
    en: Anna Ivanova
  acronyms: {en: [AI]}
  adjectives: {ru: [анновский]}
  forms_add: {ru: [Аннушке]}
  forms_drop: [аня]
  source: eu765 I.A 3, listed 1.1.2020
  sources: {cldr: [en], seen: ["ru:Анна Петрова"]}
  note: a remark
"""


def test_every_key_of_an_entry_arrives(write_list: ListWriter) -> None:
    entry = load(write_list(a=COUNTRIES, b=PERSON)).entries[-1]
    assert (entry.id, entry.kind, entry.group, entry.label) == (
        "somebody",
        "person",
        "people",
        "Some Body",
    )
    assert (entry.sex, entry.surname_alone, entry.inflect, entry.case) == (
        "f",
        "with-context",
        "explicit",
        "exact",
    )
    assert entry.needs == ("lithuania", "poland", "belarus")
    assert entry.none_of == ("Мария*", "another")
    assert entry.forms_add == {"ru": ("Аннушке",)}
    assert entry.forms_drop == ("аня",)
    assert entry.where == "b.yml:2"
    assert [(name.text, name.language, name.kind, name.source) for name in entry.names] == [
        ("Анна Иванова", "ru", "name", "eu765"),
        ("Анна Петрова", "ru", "name", "seen"),
        ("Anna Ivanova", "en", "name", "cldr"),
        ("AI", "en", "acronym", "cldr"),
        ("анновский", "ru", "adjective", "eu765"),
    ]


def test_yes_and_no_are_words_where_yaml_would_make_them_booleans(write_list: ListWriter) -> None:
    entry = "- {id: a, kind: person, surname_alone: %s, names: {en: [Ann No]}, source: t}"
    for written, meant in (("yes", "yes"), ("no", "no"), ("true", "yes"), ("off", None)):
        directory = write_list(a=entry % written)
        if meant is None:
            with pytest.raises(ConfigError, match="surname_alone"):
                load(directory)
        else:
            assert load(directory).entries[0].surname_alone == meant


WRONG = [
    ("- {id: a, kind: body, nmaes: {en: [A]}}", "unknown key 'nmaes'", "names"),
    ("- {id: a, kind: bodi, names: {en: [Aa]}}", "kind: 'bodi'", "body"),
    ("- {id: a, names: {en: [Aa]}}", "'kind' is missing", "one of"),
    ("- {kind: body, names: {en: [Aa]}}", "'id' is missing", "add id"),
    ("- {id: A B, kind: body, names: {en: [Aa]}}", "cannot be an entry id", "small letters"),
    ("- {id: a, kind: body, names: {eng: [Aa]}}", "no forms are known", "en"),
    ("- {id: a, kind: body, names: {en: ['?!']}}", "has no letter", ""),
    ("- {id: a, kind: body, source: x}", "has no name in any language", "add names"),
    ("- {id: a, kind: body, names: [Aa]}", "must be a mapping", ""),
    ("- {id: a, kind: body, names: {en: [{x: y}]}}", "must be a list of words", ""),
    ("- {id: a, kind: body, names: {en: [Aa]}, needs: [b]}", "no entry and no group", ""),
    ("- {id: a, kind: body, names: {en: [Aa]}, needs: [group:x]}", "no entry and no group", ""),
    ("- {id: a, kind: body, names: {en: [Aa]}, surname_alone: yes}", "for persons only", "out"),
    ("- {id: a, kind: person, names: {en: [Aa]}, sex: x}", "sex: 'x'", "f, m"),
    ("- {id: a, kind: body, names: {en: [Aa]}, sources: {x: [ru]}}", "no name 'ru'", "language"),
    ("- {id: a, kind: body, kind: body, names: {en: [Aa]}}", "given twice", ""),
    ("id: a", "must be one list", "- id"),
    ("- a", "no mapping", "- id"),
    ("- {id: a", "not YAML", ""),
    ("- id: a\n\tkind: b", "not YAML", ""),
]


@pytest.mark.parametrize(("content", "problem", "fix"), WRONG)
def test_a_wrong_entry_is_named_with_its_line_and_the_fix(
    write_list: ListWriter, content: str, problem: str, fix: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write_list(good=COUNTRIES, wrong=f"# a comment\n\n{content}"))
    assert caught.value.where in ("wrong.yml:3", "wrong.yml:4", "wrong.yml:1")
    assert problem in str(caught.value)
    assert fix in str(caught.value)


def test_all_errors_are_told_at_once(write_list: ListWriter) -> None:
    rules = "- {id: r, any_of: [belrus]}\n"
    with pytest.raises(BrokenWatchlist) as caught:
        load(
            write_list(a=COUNTRIES, b="- {id: belarus, kind: body, names: {en: [Bb]}}", rules=rules)
        )
    assert [problem.where for problem in caught.value.problems] == ["b.yml:1", "rules.yml:1"]
    assert "a.yml:2" in str(caught.value)
    assert "did you mean 'belarus'?" in str(caught.value)


def test_an_empty_directory_says_how_to_get_a_list(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wirewatch init"):
        load(tmp_path)


def test_bytes_that_are_no_text_are_an_error_and_no_crash() -> None:
    for content in (
        b"\xff\xfe\x00",
        b"\x00\x01",
        "- {id: \ud800}".encode("utf-8", "surrogatepass"),
    ):
        _, _, problems = read({"a.yml": content})
        assert [problem.check for problem in problems] == ["not-yaml"]


def test_a_rule_among_entries_is_told_where_it_belongs(write_list: ListWriter) -> None:
    with pytest.raises(ConfigError, match="file whose name starts with rules"):
        load(write_list(a=COUNTRIES, b="- {id: r, any_of: [belarus]}"))


def test_conditions_in_a_circle_of_aliases_are_refused(write_list: ListWriter) -> None:
    with pytest.raises(ConfigError, match="nested more than"):
        load(write_list(a=COUNTRIES, rules="- {id: r, any_of: &a [{any_of: *a}]}"))


def test_an_editors_hidden_copy_is_no_part_of_the_list(write_list: ListWriter) -> None:
    directory = write_list(a=COUNTRIES)
    version = load(directory).version
    (directory / ".a.yml").write_text("- broken")
    assert load(directory).version == version


def test_a_file_that_cannot_be_read_is_a_config_error(write_list: ListWriter) -> None:
    directory = write_list(a=COUNTRIES)
    (directory / "b.yml").symlink_to(directory / "nowhere")
    with pytest.raises(ConfigError, match=r"b\.yml: cannot be read"):
        load(directory)


LINES = [*COUNTRIES.splitlines(), "- &x {id: y, any_of: [*x]}", "  - [", "? {a: b}", "\t", "<<: *x"]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=30))
def test_any_lines_load_or_are_complained_of(lines: list[str]) -> None:
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    for name in ("a.yml", "rules.yml"):
        _, _, problems = read({name: content})
        assert all(problem.where.startswith(name) for problem in problems)


def test_the_version_is_that_of_the_content(write_list: ListWriter) -> None:
    one = load(write_list(a=COUNTRIES)).version
    assert load(write_list(a=COUNTRIES)).version == one
    assert load(write_list(a=COUNTRIES + "# changed\n")).version != one
    assert load(write_list(b=COUNTRIES)).version != one
    assert len(one) == 12
    assert int(one, 16) >= 0


def test_an_entry_whose_id_is_taken_is_checked_all_the_same(write_list: ListWriter) -> None:
    twice = "- {id: belarus, kind: contry, names: {xx: [Aa]}, source: t}\n"
    with pytest.raises(BrokenWatchlist) as caught:
        load(write_list(entries=COUNTRIES, more=twice))
    checks = [problem.check for problem in caught.value.problems]
    assert sorted(checks) == ["duplicate-id", "unknown-language", "unknown-value"]
