from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.language import croatian_serbian
from pipeline.language.detector import detect
from pipeline.language.profiles.dictionaries import differing, ekavian, forms

PAIRS = [
    ("Tvornica bi mogla zaposliti dvjesto ljudi", "Fabrika bi mogla da zaposli dvesta ljudi"),
    ("Ministar je razgovarao s kolegom", "Ministar je razgovarao sa kolegom"),
    ("Vlak iz Bruxellesa kasnio je jučer", "Voz iz Brisela kasnio je juče"),
    ("U siječnju rastu plaće", "U januaru rastu plate"),
]


@pytest.fixture(scope="module")
def differences() -> croatian_serbian.Differences:
    return croatian_serbian.load()


@pytest.mark.parametrize(("croatian", "serbian"), PAIRS)
def test_it_leans_to_the_side_of_the_text(
    differences: croatian_serbian.Differences, croatian: str, serbian: str
) -> None:
    assert differences.balance(croatian) > 0 > differences.balance(serbian)


@pytest.mark.parametrize(("croatian", "serbian"), PAIRS)
def test_the_detector_tells_them_apart(croatian: str, serbian: str) -> None:
    assert (detect(croatian).tag, detect(serbian).tag) == ("hr", "sr-Latn")


@pytest.mark.parametrize("text", ["", "sa svima", "sa mnom", "Ana Marko Zagreb", "s"])
def test_what_both_write_tells_nothing(
    differences: croatian_serbian.Differences, text: str
) -> None:
    assert differences.balance(text) == 0


def test_no_word_is_on_both_sides() -> None:
    folder = Path(croatian_serbian.__file__).parent / "profiles"
    for name in ("croatian_serbian.txt", "croatian_serbian_dictionary.txt"):
        lines = [
            line.split(": ", 1)[1].split()
            for line in (folder / name).read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")
        ]
        assert len(lines) == 2
        assert set(lines[0]).isdisjoint(lines[1])


def test_the_ekavian_forms_of_a_word() -> None:
    assert ekavian("cijena") == {"cena"}
    assert ekavian("promjena") == {"promena"}
    assert "vremensko" not in ekavian("vremensko")


def test_dictionaries_yield_the_words_that_only_one_has() -> None:
    words = ["cijena", "cena", "grad", "tjedan", "juče", "spit", "split"]
    # The Serbian dictionary knows the ijekavian word too; Split is a name in both.
    refused_croatian = {form for word in ("cena", "juče", "spit") for form in forms(word)}
    refused_serbian = {*forms("tjedan"), "split", "SPLIT"}
    found = differing(
        dict.fromkeys(words, 100), refused_croatian | {"split", "SPLIT"}, refused_serbian
    )
    assert found == (["cijena", "tjedan"], ["cena", "juče"])
