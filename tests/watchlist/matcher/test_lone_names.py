"""Persons listed under one word, and under initials: what stands beside it says whose it is."""

import pytest

from pipeline.watchlist.persons import parse
from tests.watchlist.matcher.lists import entry, tag

BUSH = entry("bush", "person", {"ru": ["Джордж Буш", "Джордж", "Буш"], "en": ["George"]}, sex="m")
CLINTON = entry("clinton", "person", {"ru": ["Хиллари Клинтон", "Клинтон"]}, sex="f")
SVETLANA = entry("svetlana", "person", {"ru": ["Светлана Тихановская", "Светлана"]}, sex="f")
POPE = entry("pope", "person", {"ru": ["Лев XIV", "Лев"], "de": ["Boris"]}, sex="m")


@pytest.mark.parametrize(
    "text",
    [
        "После убийства Джорджа Флойда прошли протесты.",
        "Выбрали Джорджа Клинтона, вице-президента.",
        "Пришёл Джордж Иванович Смирнов.",
    ],
)
def test_a_given_name_before_another_surname_is_somebody_elses(text: str) -> None:
    assert tag([BUSH], text) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Вчера Джордж ушёл.", ["Джордж"]),
        ("Это Джордж. Флойд молчит.", ["Джордж"]),
        ("Это Джордж, Флойд и Пердью.", ["Джордж"]),
        ("Джорджа Буша", ["Джорджа Буша"]),
        ("Рядом с Джорджем ЕС", ["Джорджем"]),
        ("ДЖОРДЖ ПОБЕДИЛ НА ВЫБОРАХ", ["ДЖОРДЖ"]),
        ("Встретились Буш Обама", ["Буш"]),
    ],
)
def test_a_given_name_alone_is_the_entrys(text: str, found: list[str]) -> None:
    assert tag([BUSH], text) == {"bush": found}


def test_a_given_name_that_is_a_word_begins_a_sentence() -> None:
    trump = entry("t", "person", {"ru": ["Дональд Трамп", "Трамп"]}, sex="m", surname_alone="yes")
    biden = entry("b", "person", {"ru": ["Джозеф Байден"]}, sex="m", surname_alone="yes")
    assert tag([trump], "Так.\n\nНадежды Трампа и Надежда Трамп.") == {"t": ["Трампа"]}
    assert tag([biden], "Надежды Байдена и Надежда Байден.") == {"b": ["Байдена"]}


def test_a_preposition_is_no_given_name_though_somebody_has_that_initial() -> None:
    bush = entry("b", "person", {"pl": ["George W. Bush", "Bush"]}, sex="m")
    listed = [bush, entry("x", "person", {"pl": ["Jan Nowak", "Nowak"]}, sex="m")]
    assert tag(listed, "W Nowaku", "pl") == {"x": ["Nowaku"]}


def test_capitals_of_an_english_headline_say_nothing() -> None:
    assert tag([BUSH], "George Wins Again", "en") == {"bush": ["George"]}
    assert tag([BUSH], "Yesterday George Floyd died", "en") == {}


def test_a_patronymic_or_a_number_after_a_given_name_is_nobody_elses() -> None:
    assert tag([SVETLANA], "Сказала Светлана Георгиевна вчера.") == {"svetlana": ["Светлана"]}
    assert tag([POPE], "Папа Лев XV принял.") == {"pope": ["Лев"]}


def test_german_nouns_have_capitals_and_are_no_surnames() -> None:
    assert tag([POPE], "Gestern gab Boris Rückendeckung.", "de") == {"pope": ["Boris"]}


def test_a_name_of_one_word_beside_somebody_elses_given_name_is_not_the_entrys() -> None:
    assert tag([CLINTON, BUSH], "Победа Джорджа Клинтона.") == {}
    assert tag([CLINTON], "Победа Хиллари Клинтон и Клинтон.") == {
        "clinton": ["Хиллари Клинтон", "Клинтон"]
    }
    unknown = entry("x", "person", {"ru": ["Зеленский"]}, sex="m")
    assert tag([unknown], "Владимир Зеленский") == {"x": ["Зеленский"]}


@pytest.mark.parametrize(
    ("name", "given", "surname"),
    [
        ("Гаврилов А.В.", ["А.В."], ["Гаврилов"]),
        ("А. В. Гаврилов", ["А.", "В."], ["Гаврилов"]),
        ("Симоньян М. С", ["М.", "С"], ["Симоньян"]),
        ("Джон К. Адамс", ["Джон", "К."], ["Адамс"]),
        ("J. D. Vance", ["J.", "D."], ["Vance"]),
    ],
)
def test_initials_are_no_surname(name: str, given: list[str], surname: list[str]) -> None:
    person = parse(name)
    assert person is not None
    assert (list(person.given), list(person.surname)) == (given, surname)


def test_initials_alone_are_no_person() -> None:
    assert parse("А. В.") is None


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Гаврилов А.В.", "Редактор: Гаврилова А.В. Адрес: Минск", ["Гаврилова А.В."]),
        ("Гаврилов А.В.", "Пришёл А. В. Гаврилов.", ["А. В. Гаврилов"]),
        ("Симоньян М. С", "Редактор: Симоньян М. С. Адрес: Минск", ["Симоньян М. С."]),
        ("Т. Мэй", "Т.Мэй ушла", ["Т.Мэй"]),
        ("Джон К. Адамс", "демократа Джона К. Кэлхуна", []),
        ("Джон К. Адамс", "демократа Джона К. Адамса", ["Джона К. Адамса"]),
        ("Гаврилов А.В.", "Пришёл Гаврилов.", []),
    ],
)
def test_a_name_with_initials_is_found_whole(name: str, text: str, found: list[str]) -> None:
    listed = [entry("x", "person", {"ru": [name]})]
    assert tag(listed, text).get("x", []) == found


def test_a_name_that_ends_in_a_full_stop_takes_it_along() -> None:
    listed = [entry("x", "company", {"en": ["Acme Inc.", "Acme"]})]
    assert tag(listed, "He left Acme Inc. yesterday. Then Acme.", "en") == {
        "x": ["Acme Inc.", "Acme"]
    }
