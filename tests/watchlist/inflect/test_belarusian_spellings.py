"""Taraškievica and Łacinka by rule, beside what readers of both write."""

import pytest

from pipeline.watchlist.inflect import expand
from pipeline.watchlist.inflect.lacinka import latin, soften_n
from pipeline.watchlist.inflect.taraskievica import classical


@pytest.mark.parametrize(
    ("official", "taraskievica"),
    [
        ("снег", "сьнег"),
        ("святлана", "сьвятлана"),
        ("дзмітрый", "дзьмітрый"),
        ("палітзняволены", "палітзьняволены"),
        ("пытанне", "пытаньне"),
        ("палессе", "палесьсе"),
        ("суддзя", "судзьдзя"),
        ("адбіцця", "адбіцьця"),
        ("наталля", "натальля"),
        ("ціханоўская", "ціханоўская"),
        ("мінск", "мінск"),
    ],
)
def test_soft_signs_of_taraskievica(official: str, taraskievica: str) -> None:
    assert classical(official) == taraskievica


@pytest.mark.parametrize(
    ("cyrillic", "lacinka"),
    [
        ("лукашэнка", "łukašenka"),
        ("ціханоўская", "cichanoŭskaja"),
        ("святлана", "sviatłana"),
        ("сьвятлана", "śviatłana"),
        ("вільня", "vilnia"),
        ("беларусь", "biełaruś"),
        ("юры", "jury"),
        ("алексіевіч", "aleksijevič"),
        ("з'езд", "zjezd"),
        ("лявон", "lavon"),
        ("жодзіна", "žodzina"),
        ("хрыстос", "chrystos"),
        ("ґузік", "guzik"),
    ],
)
def test_letters_of_lacinka(cyrillic: str, lacinka: str) -> None:
    assert latin(cyrillic) == lacinka


def test_marked_lacinka_marks_a_soft_n_too() -> None:
    assert latin(soften_n("фрэнсіс")) == "freńsis"


def test_latin_letters_pass_through_lacinka() -> None:
    assert latin("nexta") == "nexta"


@pytest.mark.parametrize(
    "form",
    ["святланы", "сьвятланы", "sviatłany", "śviatłany"],
)
def test_a_name_is_expanded_in_all_three_spellings(form: str) -> None:
    assert form in expand("Святлана", "be", sex="f")


@pytest.mark.parametrize(("word", "form"), [("Украіна", "ўкраіне"), ("ўгнаенні", "угнаенням")])
def test_an_initial_u_may_be_short_after_a_vowel(word: str, form: str) -> None:
    assert form in expand(word, "be")
