"""Folding: what looks the same becomes the same, and every offset finds its way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.watchlist.fold import WORD, fold, fold_word, strip_diacritics


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Iгар", "ігар"),
        ("ПЛЫШЭЎСКI", "плышэўскі"),
        ("Ниĸолай", "николай"),
        ("Bаpвapа", "варвара"),
        ("SpaceХ", "spacex"),
        ("Lukаshenko", "lukashenko"),
        ("Лукашéнко", "лукашенко"),
        ("MИ-6", "ми-6"),
        ("Алёна", "алена"),
        ("Валер’ян", "валер'ян"),
        ("Валерʼян", "валер'ян"),
    ],
)
def test_look_alikes_accents_and_apostrophes_are_folded(written: str, folded: str) -> None:
    assert fold_word(written) == folded


def test_a_word_in_one_script_is_left_in_it() -> None:
    assert fold_word("Reuters и Кремль") == "reuters и кремль"


@pytest.mark.parametrize(
    ("text", "word", "surface"),
    [
        ("сам Лука\u00adшэнка ў", "лукашэнка", "Лука\u00adшэнка"),
        ("сам Лукашэ\u0301нка ў", "лукашэнка", "Лукашэ\u0301нка"),
        ("\ufeffЛукашэнка", "лукашэнка", "Лукашэнка"),
        ("у\u200bрад", "урад", "у\u200bрад"),
        ("Сергеи\u0306 тут", "сергей", "Сергеи\u0306"),
        ("Łukaszenka z\u0301le", "źle", "z\u0301le"),
    ],
)
def test_what_does_not_show_is_skipped_and_kept_in_the_surface(
    text: str, word: str, surface: str
) -> None:
    folded = fold(text)
    at = folded.text.index(word)
    start, end = folded.span(at, at + len(word))
    assert text[start:end] == surface


def test_a_cyrillic_stress_mark_makes_no_other_letter() -> None:
    assert fold_word("Г\u0301омель") == "гомель"


def test_capitals_are_those_of_the_original() -> None:
    folded = fold("\u00adюрий Юрий")
    assert not folded.is_capital(folded.text.index("юрий"))
    assert folded.is_capital(folded.text.rindex("юрий"))


def test_every_letter_of_unicode_keeps_its_place() -> None:
    letters = "".join(map(chr, range(0x20, 0x2000)))
    folded = fold(letters)
    length = len(folded.text)
    assert length == (len(letters) if folded.offsets is None else len(folded.offsets) - 1)


@given(
    st.text(st.sampled_from("аАбёЁйiIİоoOксс\u0301\u0306\u00ad\u200b ’'-ŁłßẞǄéΣ.\n"), max_size=60)
)
def test_spans_of_words_are_in_order_and_within_the_text(text: str) -> None:
    folded = fold(text)
    last = 0
    for match in WORD.finditer(folded.text):
        start, end = folded.span(*match.span())
        assert last <= start < end <= len(text)
        last = end


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


def test_diacritics_are_stripped_letter_by_letter() -> None:
    assert strip_diacritics("Łukašenka Nausėda Rinkēvičs") == "Lukasenka Nauseda Rinkevics"


def test_a_pile_of_marks_on_one_letter_is_one_letter() -> None:
    assert fold("а" + "\u0301" * 10_000).text == "а"
