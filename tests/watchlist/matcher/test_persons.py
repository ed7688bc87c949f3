"""People: order of names, initials, patronymics, surnames alone, namesakes."""

import pytest

from pipeline.watchlist.persons import PATRONYMIC, parse, sex_of
from tests.watchlist.matcher.lists import BELARUS, KOLESNIKOVA, LUKASHENKO, VIKTAR, entry, tag


@pytest.mark.parametrize(
    "surface",
    [
        "Александр Лукашенко",
        "Александру Лукашенко",
        "Лукашенко Александр",
        "Лукашенко Александр Григорьевич",
        "Александра Григорьевича Лукашенко",
        "А. Лукашенко",
        "А.Г. Лукашенко",
        "А. Г. Лукашенко",
        "Лукашенко А.Г.",
        "Лукашенко А. Г.",
        "АЛЕКСАНДР ЛУКАШЕНКО",
        "Александр\nЛукашенко",
        "Александр Лукашенко",
    ],
)
def test_a_full_name_is_one_mention_in_any_order_and_case(surface: str) -> None:
    assert tag([LUKASHENKO], f"Вчера {surface} уехал.") == {"lukashenko": [surface]}


@pytest.mark.parametrize(
    ("language", "surface"),
    [
        ("en", "Alexander G. Lukashenko"),
        ("en", "Alexander Grigoryevich Lukashenko's"),
        ("pl", "Alaksandrem Łukaszenką"),
        ("be", "Лукашэнкам"),
        ("be", "Łukašenkam"),
        ("be", "Lukasenkam"),
    ],
)
def test_names_of_every_language_inflect_their_own_way(language: str, surface: str) -> None:
    assert tag([LUKASHENKO], f"… {surface} …", language) == {"lukashenko": [surface]}


def test_a_comma_or_a_paragraph_parts_a_name() -> None:
    listed = [entry("x", "person", {"ru": ["Иван Сидоренко"]}, sex="m")]
    assert tag(listed, "Иван, Сидоренко") == {}
    assert tag(listed, "Иван\n\nСидоренко") == {}


def test_a_preposition_is_no_initial() -> None:
    listed = [entry("x", "person", {"ru": ["Иван Сидоренко"]}, sex="m")]
    assert tag(listed, "Иван и Сидоренко") == {}


@pytest.mark.parametrize(
    ("alone", "text", "found"),
    [
        ("yes", "Приехал Сидоренко.", ["Сидоренко"]),
        ("no", "Приехал Сидоренко.", []),
        ("with-context", "Приехал Сидоренко.", []),
        ("with-context", "Сидоренко из Беларуси.", ["Сидоренко"]),
        ("with-context", "Иван Сидоренко. Сидоренко.", ["Иван Сидоренко", "Сидоренко"]),
        ("with-context", "И. Сидоренко", ["И. Сидоренко"]),
        ("no", "Иван Сидоренко из Беларуси. Сидоренко.", ["Иван Сидоренко"]),
        ("no", "И. Сидоренко из Беларуси", ["И. Сидоренко"]),
    ],
)
def test_a_surname_alone_counts_as_the_entry_allows(
    alone: str, text: str, found: list[str]
) -> None:
    person = entry(
        "x",
        "person",
        {"ru": ["Иван Сидоренко"]},
        sex="m",
        surname_alone=alone,
        needs=("belarus",),
    )
    assert tag([person, BELARUS], text).get("x", []) == found


@pytest.mark.parametrize(
    "text",
    ["Иван Сидоренко приехал.", "Сидоренко Иван Петрович", "И. Сидоренко", "Пишет Сидоренко И. П."],
)
def test_one_whose_surname_never_stands_alone_has_namesakes_and_needs_context(text: str) -> None:
    person = entry("x", "person", {"ru": ["Иван Сидоренко"]}, sex="m", needs=("belarus",))
    assert tag([person, BELARUS], text) == {}
    found = tag([person, BELARUS], f"{text}\n\nТак пишут в Беларуси.")
    assert set(found) == {"x", "belarus"}
    free = entry("x", "person", {"ru": ["Иван Сидоренко"]}, sex="m")
    assert set(tag([free], text)) == {"x"}


def test_persons_who_need_context_are_none_for_each_other() -> None:
    listed = [
        entry("a", "person", {"ru": ["Иван Сидоренко"]}, sex="m", needs=("belarus", "b")),
        entry("b", "person", {"ru": ["Пётр Наумов"]}, sex="m", needs=("belarus", "a")),
        BELARUS,
    ]
    assert tag(listed, "Иван Сидоренко и Пётр Наумов") == {}
    assert set(tag(listed, "Иван Сидоренко и Пётр Наумов, белорусы")) == {"a", "b", "belarus"}


def test_a_full_name_needs_no_context() -> None:
    assert tag([KOLESNIKOVA], "Марию Колесникову перевели.") == {
        "kolesnikova": ["Марию Колесникову"]
    }


def test_a_surname_alone_is_the_one_named_in_full_in_the_document() -> None:
    text = "Виктор Лукашенко приехал. Лукашенко вышел."
    assert tag([LUKASHENKO, VIKTAR], text) == {"viktar": ["Виктор Лукашенко", "Лукашенко"]}


def test_a_surname_alone_is_the_one_named_last_before_it() -> None:
    text = "Виктор Лукашенко вышел. Александр Лукашенко остался. Лукашенко молчал."
    found = tag([LUKASHENKO, VIKTAR], text)
    assert found["lukashenko"] == ["Александр Лукашенко", "Лукашенко"]


def test_the_title_may_name_whom_the_text_means() -> None:
    found = tag([LUKASHENKO, VIKTAR], "Лукашенко вышел.", title="Виктор Лукашенко уволен")
    assert found == {"viktar": ["Виктор Лукашенко", "Лукашенко"]}


def test_a_surname_that_may_stand_alone_is_context_for_a_topic() -> None:
    sanctions = entry("sanctions", "topic", {"ru": ["санкции"]}, needs=("lukashenko",))
    found = tag([LUKASHENKO, VIKTAR, sanctions], "Санкции против режима Лукашенко.")
    assert set(found) == {"lukashenko", "sanctions"}
    assert tag([VIKTAR, sanctions], "Санкции против Лукашенко.") == {}
    assert tag([LUKASHENKO, VIKTAR, sanctions], "Санкции против Виктора Лукашенко.") == {
        "viktar": ["Виктора Лукашенко"]
    }


def test_a_surname_of_nobody_named_in_full_is_the_most_prominents() -> None:
    assert tag([LUKASHENKO, VIKTAR], "Лукашенко вышел.") == {"lukashenko": ["Лукашенко"]}


@pytest.mark.parametrize(
    "text",
    [
        "Ирина Лукашенко молчит.",
        "Лукашенко Ирина молчит.",
        "И. Лукашенко молчит.",
        "Лукашенко И.В. молчит.",
    ],
)
def test_another_given_name_or_initial_means_somebody_else(text: str) -> None:
    assert tag([LUKASHENKO], text) == {}


def test_a_surname_before_the_next_persons_full_name_is_the_entrys() -> None:
    assert tag([LUKASHENKO], "Советник Лукашенко Виктор Хренин молчит.") == {
        "lukashenko": ["Лукашенко"]
    }


def test_another_spelling_of_the_given_name_is_the_same_person() -> None:
    listed = [entry("x", "person", {"ru": ["Наталья Кочанова"]}, sex="f", surname_alone="yes")]
    assert tag(listed, "Наталия Кочанова и Н. Кочанова") == {"x": ["Кочанова", "Н. Кочанова"]}


def test_a_given_name_before_a_surname_is_no_surname() -> None:
    borys = [entry("borys", "person", {"ru": ["Анжелика Борис"]}, sex="f", surname_alone="yes")]
    assert tag(borys, "Борис Джонсон ушёл.") == {}
    assert tag(borys, "Встреча с Анжеликой Борис.") == {"borys": ["Анжеликой Борис"]}


def test_initials_that_two_persons_share_are_the_one_named_in_full() -> None:
    andrei = entry("andrei", "person", {"ru": ["Андрей Лукашенко"]}, sex="m")
    text = "Пришёл Андрей Лукашенко. Потом А. Лукашенко ушёл."
    assert tag([LUKASHENKO, VIKTAR, andrei], text) == {"andrei": ["Андрей Лукашенко"]}
    assert tag([LUKASHENKO, andrei], "А. Лукашенко ушёл.") == {"lukashenko": ["А. Лукашенко"]}


@pytest.mark.parametrize("word", ["Лилии", "-младшего", "младший"])
def test_words_near_a_mention_tell_namesakes_apart(word: str) -> None:
    listed = [
        entry(
            "lukashenko",
            "person",
            {"ru": ["Александр Лукашенко"]},
            sex="m",
            surname_alone="yes",
            none_of=("Лилия", "-младший"),
        )
    ]
    assert tag(listed, f"Галерея Лукашенко {word} открыта.") == {}
    assert tag(listed, f"Галерея {word} открыта.\n\nЛукашенко уехал.") == {
        "lukashenko": ["Лукашенко"]
    }


def test_the_end_of_a_sentence_is_no_initial() -> None:
    assert tag([LUKASHENKO], "Так было в 2020 г. Лукашенко ушёл.") == {"lukashenko": ["Лукашенко"]}
    assert tag([LUKASHENKO], "Он из ЕС. Лукашенко ушёл.") == {"lukashenko": ["Лукашенко"]}


def test_a_womans_surname_is_not_a_mans_genitive_nor_the_reverse() -> None:
    he = entry("he", "person", {"ru": ["Пётр Колесников"]}, sex="m", surname_alone="yes")
    assert tag([KOLESNIKOVA, he, BELARUS], "Беларусь. Пришла с Колесниковой.")["kolesnikova"] == [
        "Колесниковой"
    ]
    assert tag([he], "Пришла с Колесниковой.") == {}
    assert tag([KOLESNIKOVA, BELARUS], "Беларусь. Пришёл с Колесниковым.") == {
        "belarus": ["Беларусь"]
    }


@pytest.mark.parametrize(
    ("name", "given", "surname"),
    [
        ("Юрий Амбразевич", ["Юрий"], ["Амбразевич"]),
        ("Ursula von der Leyen", ["Ursula"], ["von", "der", "Leyen"]),
        ("Урсула фон дер Ляйен", ["Урсула"], ["фон", "дер", "Ляйен"]),
        ("Урсула фон дэр Ляен", ["Урсула"], ["фон", "дэр", "Ляен"]),
        ("Аляксандр Рыгоравіч ЛУКАШЭНКА", ["Аляксандр"], ["ЛУКАШЭНКА"]),
        ("ЛУКАШЕНКО Александр Григорьевич", ["Александр"], ["ЛУКАШЕНКО"]),
        ("Уладзімір Уладзіміравіч Навумаў", ["Уладзімір"], ["Навумаў"]),
        ("Xi Jinping", ["Jinping"], ["Xi"]),
        ("Władysław Kosiniak-Kamysz", ["Władysław"], ["Kosiniak-Kamysz"]),
    ],
)
def test_names_are_taken_apart(name: str, given: list[str], surname: list[str]) -> None:
    person = parse(name)
    assert person is not None
    assert list(person.given) == given
    assert list(person.surname) == surname


@pytest.mark.parametrize("name", ["Лев XIV", "papież Leon", "Нехта"])
def test_some_names_have_no_surname(name: str) -> None:
    assert parse(name) is None


@pytest.mark.parametrize(
    "word",
    [
        "григорьевич",
        "григорьевича",
        "григорьевной",
        "ильинична",
        "рыгоравіч",
        "рыгоравічам",
        "рыгораўна",
        "григоровичем",
        "григорівна",
        "ryhoravich",
        "ryhorauna",
        "grigorievich",
    ],
)
def test_patronymics_are_known_in_any_case(word: str) -> None:
    assert PATRONYMIC.search(word)


@pytest.mark.parametrize("word", ["президент", "вчера", "министр", "president", "сказал"])
def test_other_words_are_no_patronymics(word: str) -> None:
    assert not PATRONYMIC.search(word)


@pytest.mark.parametrize(
    ("name", "sex"),
    [
        ("Светлана Тихановская", "f"),
        ("Наталья Эйсмонт", "f"),
        ("Иван Эйсмонт", "m"),
        ("Никита Кравченко", "m"),
        ("Сергей Тихановский", "m"),
        ("Гюльчатай Иванова", "f"),
        ("Саша Кравченко", None),
    ],
)
def test_the_sex_is_read_off_a_name_that_shows_it(name: str, sex: str | None) -> None:
    assert sex_of(entry("x", "person", {"ru": [name]})) == sex
