"""The seed's article: every mention, no false one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.watchlist.entries import load

ROOT = Path(__file__).parents[3]
EXPECTED = {
    "ambrazevich-yury": ["Юрия Амбразевича"] * 2 + ["Амбразевич"] * 5 + ["Амбразевичем"],
    "lukashenko-aliaksandr": ["Александра Лукашенко", "Александр Лукашенко"] + ["Лукашенко"] * 2,
    "minsk": ["Минск", "Минска", "Минском", "Минска", "Минск"],
    "belavia": ["Белавиа"],
    "unesco": ["ЮНЕСКО"],
    "holy-see": ["Ватикане"],
    "washington": ["Вашингтон"] * 2,
    "usa": ["США", "США", "Соединенные Штаты", "Американские"],
    "france": ["французской", "Франции"],
    "european-union": ["ЕС"] * 3,
    "political-prisoners": ["политзаключенных"],
    "sanctions-relief": ["снятие санкций"],
    "putin-vladimir": ["Владимира Путина", "Путина"],
    "trump-donald": ["Дональда Трампа", "Трамп", "Трамп", "Трамп", "Трампа"],
}
BELARUS_NAMES, BELARUS_ADJECTIVES, BELARUS_ACRONYMS = 10, 5, 4


@pytest.fixture(scope="module")
def surfaces() -> dict[str, list[str]]:
    seed = (ROOT / "workers" / "demo" / "articles" / "seed.txt").read_text("utf-8")
    text = seed.split(" ", 3)[3].rstrip("\n")
    tags = load(ROOT / "config" / "watchlist").matcher.tag(None, text, "ru")
    for tag in tags:
        for mention in tag.mentions:
            assert text[mention.start : mention.end] == mention.surface
    return {tag.id: [mention.surface for mention in tag.mentions] for tag in tags}


@pytest.mark.parametrize("id_", EXPECTED)
def test_every_mention_of_the_seed_is_found(id_: str, surfaces: dict[str, list[str]]) -> None:
    assert surfaces[id_] == EXPECTED[id_]


def test_belarus_is_found_by_name_adjective_and_acronym(surfaces: dict[str, list[str]]) -> None:
    found = surfaces["belarus"]
    assert sum(s.startswith("Беларус") for s in found) == BELARUS_NAMES
    assert sum(s.startswith("беларус") for s in found) == BELARUS_ADJECTIVES
    assert found.count("РБ") == BELARUS_ACRONYMS


def test_no_function_word_is_taken_for_a_name(surfaces: dict[str, list[str]]) -> None:
    lower = {surface.lower() for found in surfaces.values() for surface in found}
    assert lower.isdisjoint({"после", "с", "ее", "это", "его"})
