"""What `watchlist check` warns of, and what it lets pass."""

from __future__ import annotations

import pytest

from pipeline.watchlist.entries import load
from pipeline.watchlist.inflect import LANGUAGES
from pipeline.watchlist.lint import common_words, form_count, lint, missing_languages
from tests.watchlist.conftest import COUNTRIES, ListWriter


def found(write_list: ListWriter, content: str, rules: str = "") -> dict[str, list[str]]:
    watchlist = load(write_list(entries=content, **({"rules": rules} if rules else {})))
    texts: dict[str, list[str]] = {}
    for problem in lint(watchlist.entries, watchlist.rules):
        if problem.severity == "warning":
            texts.setdefault(problem.check, []).append(str(problem))
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_common_words(language: str) -> None:
    words = common_words(language)
    assert len(words) > 5_000
    assert all(3.5 <= frequency <= 8 for frequency in words.values())


def test_common_words_are_words_and_no_names() -> None:
    assert {"после", "было", "выборы"} <= common_words("ru").keys()
    assert not {"россия", "лукашенко", "минск"} & common_words("ru").keys()
    assert not common_words("xx")


def test_a_form_that_is_another_common_word_is_warned_of(write_list: ListWriter) -> None:
    entry = "- {{id: e, kind: topic, source: t, names: {{uk: [кошта]}}{}}}"
    (warning,) = found(write_list, entry.format(""))["common-form"]
    assert "entries.yml:1" in warning
    assert "forms_drop: [" in warning
    dropped = "".join(warning.split("forms_drop: [")[1].split("]")[0])
    assert not found(write_list, entry.format(f", forms_drop: [{dropped}]"))


def test_a_common_form_of_the_same_word_is_not_warned_of(write_list: ListWriter) -> None:
    border = "- {id: e, kind: topic, source: t, names: {ru: [граница], pl: [granica]}}"
    assert not found(write_list, border)


def test_a_capital_keeps_a_name_from_its_common_word(write_list: ListWriter) -> None:
    name = "- {{id: e, kind: company, source: t, names: {{ru: [{}]}}}}"
    assert not found(write_list, name.format("Горизонт"))
    assert found(write_list, name.format("Время"))["common-name"]


def test_a_name_of_two_entries_is_warned_of_unless_they_can_be_told_apart(
    write_list: ListWriter,
) -> None:
    pair = COUNTRIES + (
        "- {id: one, kind: place, source: t, names: {en: [Brest]}}\n"
        "- {id: two, kind: place, source: t, names: {en: [BREST]}%s}\n"
    )
    (warning,) = found(write_list, pair % "")["shared-name"]
    assert "'one'" in warning
    assert "two (entries.yml:24)" in warning
    assert not found(write_list, pair % ", needs: [belarus]")
    assert not found(write_list, pair % ", none_of: [Bretagne]")


def test_the_same_context_does_not_tell_two_entries_apart(write_list: ListWriter) -> None:
    one = "- {id: one, kind: place, source: t, names: {en: [Brest]}, needs: [belarus]}\n"
    two = one.replace("one", "two")
    assert found(write_list, COUNTRIES + one + two)["shared-name"]
    other = two.replace("belarus", "poland")
    assert not found(write_list, COUNTRIES + one + other)
    people = (one + other).replace("place", "person, sex: m").replace("Brest", "John Doe")
    assert not found(write_list, COUNTRIES + people)
    known = people.replace("sex: m", "sex: m, surname_alone: with-context")
    assert found(write_list, COUNTRIES + known)["shared-name"]


def test_acronyms_are_compared_letter_by_letter(write_list: ListWriter) -> None:
    pair = (
        "- {id: one, kind: body, source: t, names: {en: [Abba]}, acronyms: {en: [EUs]}}\n"
        "- {id: two, kind: body, source: t, names: {en: [Cedi]}, acronyms: {en: [%s]}}\n"
    )
    assert found(write_list, pair % "EUs")["shared-name"]
    assert not found(write_list, pair % "EUS")


def test_a_dropped_form_that_no_name_has_is_warned_of(write_list: ListWriter) -> None:
    entry = "- {id: e, kind: place, source: t, names: {ru: [Лида, Новая Лида]}, forms_drop: [%s]}"
    assert found(write_list, entry % "лидер")["idle-drop"]
    assert not found(write_list, entry % "Лидой, новую")
    assert not found(write_list, entry % "новая лида")


def test_a_very_short_name_is_warned_of(write_list: ListWriter) -> None:
    entry = "- {id: e, kind: body, source: t, %s: {en: [Un]}}"
    assert found(write_list, entry % "names")["short-name"]
    assert not found(write_list, entry % "acronyms")


def test_a_person_without_sex_is_warned_of(write_list: ListWriter) -> None:
    person = "- {{id: p, kind: person, source: t, names: {{ru: [Анна Бич]}}{}}}"
    assert found(write_list, person.format(""))["no-sex"]
    assert not found(write_list, person.format(", sex: f"))
    assert not found(write_list, person.format(", inflect: none"))


def test_a_category_that_serves_nothing_is_warned_of(write_list: ListWriter) -> None:
    rules = "- {{id: a, any_of: [belarus], alert: {}}}\n"
    assert found(write_list, COUNTRIES, rules.format("false"))["idle-rule"]
    assert not found(write_list, COUNTRIES, rules.format("true"))
    used = rules.format("false") + "- {id: b, all_of: [poland], none_of: [{any_of: [a]}]}"
    assert not found(write_list, COUNTRIES, used)


def test_many_forms_are_warned_of(write_list: ListWriter) -> None:
    letters = "бвгджзклмнпрстфх"
    words = ", ".join(f"Р{one}а{two}ина" for one in letters for two in letters)
    entry = f"- {{id: e, kind: body, source: t, names: {{ru: [{words}]}}, inflect: %s}}"
    assert found(write_list, entry % "auto")["many-forms"]
    assert not found(write_list, entry % "none")


def test_languages_without_a_name_are_counted(write_list: ListWriter) -> None:
    poland = load(write_list(entries=COUNTRIES)).entries[1]
    assert missing_languages(poland) == ("be", "uk", "pl", "lt", "lv", "de", "fr")
    assert form_count(poland) > 8
