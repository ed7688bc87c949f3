from __future__ import annotations

import json
from importlib import resources

import pytest

from pipeline.language.letters import ALPHABETS
from pipeline.language.model import shipped
from pipeline.language.profiles.build import half, profile
from pipeline.language.profiles.spellings import cyrillic, lacinka, serbian_cyrillic, taraskievica

FOLDER = resources.files("pipeline.language") / "profiles"


@pytest.mark.parametrize("name", ["be", "be-Latn", "sr", "sr-Latn", "ga", "mt"])
def test_a_profile_of_ours_ships(name: str) -> None:
    assert name in shipped().languages


def test_profiles_hold_counts_of_ngrams_and_nothing_else() -> None:
    for file in FOLDER.iterdir():
        if file.name.endswith(".json"):
            data = json.loads(file.read_text(encoding="utf-8"))
            assert set(data) == {"freq", "n_words", "name"}
            assert data["name"] == file.name.removesuffix(".json")
            assert all(1 <= len(gram) <= 3 and n > 0 for gram, n in data["freq"].items())


def test_every_profile_is_credited() -> None:
    credits_text = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    for file in FOLDER.iterdir():
        if file.name.endswith(".json"):
            assert f"`{file.name.removesuffix('.json')}`" in credits_text


def test_alphabets_are_of_languages_that_have_a_profile() -> None:
    assert set(ALPHABETS) <= set(shipped().languages)


@pytest.mark.parametrize(
    ("official", "classical"),
    [
        ("снег", "сьнег"),
        ("жыццё", "жыцьцё"),
        ("насенне", "насеньне"),
        ("дзве", "дзьве"),
        ("сад", "сад"),
    ],
)
def test_taraskievica_has_its_soft_signs(official: str, classical: str) -> None:
    assert taraskievica(official) == classical


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("Беларусь", "Biełaruś"),
        ("шчасьце", "ščaście"),
        ("Людзі", "Ludzi"),
        ("з'езд", "zjezd"),
        ("хлеб", "chleb"),
        ("вольны", "volny"),
        ("яе", "jaje"),
        ("ДЗЯРЖАВА", "DZIARŽAVA"),
    ],
)
def test_lacinka_is_spelt_by_the_rules(word: str, latin: str) -> None:
    assert lacinka(word) == latin


@pytest.mark.parametrize("word", ["сьнег", "людзі", "жыцьцё", "хлеб", "Менск", "яны", "вольны"])
def test_lacinka_comes_back_in_cyrillic(word: str) -> None:
    assert cyrillic(lacinka(word)) == word


def test_serbian_letters_of_two_signs_become_one() -> None:
    assert serbian_cyrillic("ljubavnjadžep") == "љубавњаџеп"


def test_the_halves_of_a_text_share_no_line() -> None:
    lines = [f"line {i}" for i in range(200)]
    assert set(half(lines)).isdisjoint(half(lines, odd=True))
    assert set(half(lines)) | set(half(lines, odd=True)) == set(lines)


def test_the_parts_of_a_profile_weigh_the_same() -> None:
    from collections import Counter

    small, large = Counter({"a": 10, " a": 10}), Counter({"b": 1000, " b": 1000})
    made = profile("xx", [small, large])
    assert made["freq"] == {" a": 5_000_000, " b": 5_000_000, "a": 5_000_000, "b": 5_000_000}
    assert made["n_words"] == [10_000_000, 10_000_000, 0]
