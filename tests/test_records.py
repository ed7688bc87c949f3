"""The two written forms of a record, which other programs rely on."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Article, Block, clean_text, seed_text, to_json, to_jsonl
from tests.worlds.store import article, record

CONTRACT = """
id url canonical_url site feed title authors published published_source date updated fetched
language language_confidence text blocks tags rules story duplicate_of version content_hash
extractor watchlist_version http_status http_ms truncated
"""
"""The keys of the JSON form in their order: other programs read it so."""


def test_the_text_form_is_the_seeds_byte_for_byte() -> None:
    body = Article((Block("heading", "Загаловак"), Block("paragraph", "«Абзац» — тэкст."))).text
    expected = " date 2025-10-17 Загаловак\n\n«Абзац» — тэкст.\n\n"
    assert seed_text("2025-10-17", body).encode() == expected.encode()


def test_the_json_form_has_the_contracts_keys_in_its_order() -> None:
    made = to_json(record(article(1)))
    assert list(made) == CONTRACT.split()
    assert list(made["tags"][0]) == ["id", "kind", "label", "count", "score", "mentions"]
    assert list(made["tags"][0]["mentions"][0]) == ["start", "end", "surface", "form", "where"]


def test_offsets_name_the_very_characters_of_the_text() -> None:
    made = to_json(record(article(1)))
    mention = made["tags"][0]["mentions"][0]
    assert made["text"][mention["start"] : mention["end"]] == mention["surface"]


def test_the_jsonl_form_is_one_line_of_readable_json() -> None:
    made = record(article(1), "Першы.\n\nДругі\u2028радок.", title='"x"\u0085')
    line = to_jsonl(made)
    assert "\n" not in line
    assert "Першы" in line
    assert json.loads(line) == json.loads(json.dumps(to_json(made)))


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  a \t\n b  ", "a b"),
        ("a\u00a0b\u202fc\u2009d\u3000e", "a b c d e"),
        ("дип\u00adло\u200bма\ufeffтия\u2060", "дипломатия"),
        ("и\u0306", "й"),
        ("«а» — „б“ “c” 'd' … –", "«а» — „б“ “c” 'd' … –"),
        ("a\u200b \u00ad b", "a b"),
        ("a\x00b\x08c\x7fd\x9fe", "abcde"),
        ("a\ud800b", "ab"),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_a_line_is_cleaned_of_what_nobody_sees(given_text: str, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_is_done_once_and_gives_one_nfc_line(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert "\x00" not in cleaned.encode().decode()
