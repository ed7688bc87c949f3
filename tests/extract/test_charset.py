"""The languages of the project in the encodings they were written in, with and without labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import STORIES

from pipeline.extract.page import decode

_SLAVIC_LATIN, _BALTIC = ("iso-8859-2", "windows-1250"), ("windows-1257", "iso-8859-13")
ENCODINGS = {
    "be": ("windows-1251", "iso-8859-5", "utf-16"),
    "ru": ("windows-1251", "koi8-r", "iso-8859-5", "cp866", "utf-16"),
    "uk": ("windows-1251", "koi8-u", "utf-16"),
    "pl": (*_SLAVIC_LATIN, "utf-16"),
    "lt": (*_BALTIC, "iso-8859-4", "utf-16"),
    "lv": (*_BALTIC, "iso-8859-4", "utf-16"),
    "et": (*_BALTIC, "iso-8859-4"),
    "de": ("windows-1252", "iso-8859-1"),
    "fr": ("windows-1252", "iso-8859-1"),
}
CASES = [(language, encoding) for language, each in ENCODINGS.items() for encoding in each]
# Typists of the older encodings had neither these quotation marks nor dashes.
_PLAIN = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "„": '"',
        "“": '"',
        "”": '"',
        "’": "'",
        "«": '"',
        "»": '"',
        "…": "...",
        "³": "3",
        "·": "-",
        "\u00a0": " ",
    }
)
TEXTS = {
    language: [
        story.text.translate(_PLAIN) for _, story in STORIES.values() if story.language == language
    ]
    for language in ENCODINGS
}


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_true_header_or_meta_tag_is_believed(language: str, encoding: str) -> None:
    for text in TEXTS[language]:
        raw = page(text).encode(encoding)
        assert text in decode(raw, f"text/html; charset={encoding}")[0]
        raw = page(text, f'<meta charset="{encoding}">').encode(encoding)
        assert text in decode(raw, "text/html")[0]


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_without_a_label_the_encoding_is_found(language: str, encoding: str) -> None:
    for text in TEXTS[language]:
        assert text in decode(page(text).encode(encoding))[0]


@pytest.mark.parametrize("lie", ["utf-8", "windows-1251", "windows-1257", "iso-8859-1"])
@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_false_label_is_seen_through(language: str, encoding: str, lie: str) -> None:
    for text in TEXTS[language]:
        assert text in decode(page(text).encode(encoding), f"text/html; charset={lie}")[0]


@given(
    st.sampled_from([case for case in CASES if case[1] != "utf-16"]),
    st.sampled_from([str, str.upper, str.title]),
    st.data(),
)
def test_a_true_label_is_believed_whatever_the_words(
    case: tuple[str, str], spelled: type[str], data: st.DataObject
) -> None:
    language, encoding = case
    words = " ".join(TEXTS[language]).split()
    drawn = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=40))
    raw = page(spelled(" ".join(drawn))).encode(encoding, "ignore")
    wanted = raw.decode("windows-1252" if encoding == "iso-8859-1" else encoding)
    assert decode(raw, f"text/html; charset={encoding}")[0] == wanted
