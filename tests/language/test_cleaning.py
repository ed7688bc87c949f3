from __future__ import annotations

import pytest

from pipeline.language.cleaning import clean
from pipeline.language.detector import detect


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Прэзідэнт", "Прэзідэнт"),
        ("Прэз\u00adід\u200bэнт", "Прэзідэнт"),
        ("у\u0306сё", "ўсё"),
        ("Монморанси\u0301 Лава\u0301ль", "Монморанси Лаваль"),
        ("сям\u02bcя", "сям’я"),
        ("Пpэзiдэнт", "Прэзідэнт"),  # p and i are Latin
        ("Lukаšenka", "Lukašenka"),  # а is Cyrillic
        ("ЛУКАШЕНКО ЗАЯВИЛ", "лукашенко заявил"),
        ("США и НАТО обсудили войну", "США и НАТО обсудили войну"),
    ],
)
def test_letters_become_what_they_look_like(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "noise",
    [
        "https://example.by/novosti?id=1",
        "www.example.org/a",
        "@nasha_niva",
        "#Беларусь",
        "press@example.com",
        "zerkalo.io",
        "svaboda.org/a/1.html",
        '<a href="x">',
    ],
)
def test_addresses_and_accounts_go(noise: str) -> None:
    assert clean(f"слова {noise} слова").split() == ["слова", "слова"]


@pytest.mark.parametrize("unit", ["a.", "@", "<", "http://", "a@", "\n", "\n ", "Aа", "a\n\n"])
def test_hostile_text_is_answered_too(unit: str) -> None:
    # 20 000 characters; with a pattern that backtracks over them this would run for minutes,
    # past the time limit of the test run.
    detect(unit * (20_000 // len(unit)))


def test_paragraphs_stay_apart() -> None:
    assert clean("адзін @x\n\nдва #y\n\nтры").count("\n\n") == 2


def test_latin_names_go_from_a_short_cyrillic_text_only() -> None:
    assert "Reuters" not in clean("Об этом сообщило агентство Reuters со ссылкой на источники")
    assert "Reuters" in clean("Reuters reported, citing Минск")


def test_a_headline_in_capitals_is_told_like_one_in_small_letters() -> None:
    headline = "Улады вызвалілі журналіста пасля пяці гадоў турмы"
    assert detect(headline.upper()) == detect(headline.lower())


def test_latin_i_in_cyrillic_words_changes_no_answer() -> None:
    headline = "Вязні сумлення: сем лістоў з-за кратаў"
    assert detect(headline.replace("і", "i")).tag == "be"
