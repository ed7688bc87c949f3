"""What holds for every text: offsets, independence of order and of unrelated entries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Tag
from pipeline.watchlist.matcher import Matcher
from tests.watchlist.matcher.lists import BELARUS, EU, KGB, KOLESNIKOVA, LUKASHENKO, VIKTAR, entry

LISTED = [LUKASHENKO, VIKTAR, KOLESNIKOVA, BELARUS, KGB, EU]
UNRELATED = entry("unrelated", "place", {"ru": ["Зурбаган"], "en": ["Zurbagan"]})
MATCHER = Matcher(LISTED)
WITH_UNRELATED = Matcher([*LISTED, UNRELATED])
SHUFFLED = Matcher([EU, KGB, BELARUS, KOLESNIKOVA, LUKASHENKO, VIKTAR])
"""Of namesakes the first of the list is the more prominent: those two keep their order."""

PIECES = st.sampled_from(
    [
        *("Лукашенко", "ЛУКАШЕНКО", "Виктор", "Александра", "Марию", "Колесникову", "Григорьевич"),
        *("Беларуси", "беларуских", "белорус", "КГБ", "ЕС", "EU's", "l’Union", "européenne"),
        *("А.", "г.", ",", "-", "«", "»", "\u00ad", "\u0301", "\u0306", "’", "'", "``", "_", "×"),
        *("İ", "ß", "ẞ", "ﬁ", "😀", "\ud800", "ґ", "²", "I", "a", "\u200b", "\u2060", "\u00a0"),
        *("\n", "\n\n", " ", "  ", "Łukaszenkę", "Лyкaшeнкo", "Лукашэ́нка", "Бе\u00adларусь"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.lists(PIECES, max_size=25).map(" ".join)
LANGUAGES = st.sampled_from(["ru", "be", "fr", "en", "pl", "und"])


def found(matcher: Matcher, text: str, language: str) -> dict[str, Tag]:
    return {tag.id: tag for tag in matcher.tag(text[:40], text, language)}


@given(TEXTS, LANGUAGES)
def test_offsets_always_give_the_surface_back(text: str, language: str) -> None:
    for tag in MATCHER.tag(text[:40], text, language):
        for mention in tag.mentions:
            source = text[:40] if mention.where == "title" else text
            assert source[mention.start : mention.end] == mention.surface
            assert mention.surface


@given(TEXTS, LANGUAGES)
def test_the_order_of_the_list_changes_no_tag(text: str, language: str) -> None:
    assert found(SHUFFLED, text, language) == found(MATCHER, text, language)


@given(TEXTS, LANGUAGES)
def test_an_unrelated_entry_changes_no_other_tag(text: str, language: str) -> None:
    assert found(WITH_UNRELATED, text, language) == found(MATCHER, text, language)


@given(TEXTS, LANGUAGES)
def test_a_text_is_tagged_the_same_whatever_was_tagged_before(text: str, language: str) -> None:
    assert found(Matcher(LISTED), text, language) == found(MATCHER, text, language)


def test_a_megabyte_and_a_text_of_names_only_are_tagged() -> None:
    text = "Лукашенко и Беларусь. " * 50_000
    tags = {tag.id: tag.count for tag in MATCHER.tag(None, text, "ru")}
    assert tags == {"lukashenko": 50_000, "belarus": 50_000}
    assert found(MATCHER, "а" * 1_000_000, "ru") == {}
    assert found(MATCHER, "Александр " * 5_000, "ru") == {}


def test_a_title_without_a_text_and_nothing_at_all() -> None:
    assert [tag.id for tag in MATCHER.tag("Лукашенко", "", "ru")] == ["lukashenko"]
    assert MATCHER.tag(None, "", "ru") == ()
