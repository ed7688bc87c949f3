"""Bytes to text to tree."""

from __future__ import annotations

import pytest
from fetched import page_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.page import decode, load, parse

RUSSIAN = "Минск ищет контакты с Европой – «впервые» за пять лет. Ещё рано."
BELARUSIAN = "Мінск шукае кантакты з Еўропай – упершыню за пяць гадоў. Яшчэ рана."
LITHUANIAN = (
    "Vilniaus miesto taryba šiandien svarstė biudžetą, žmonės rinkosi prie rūmų anksti rytą."
)
LATVIAN = (
    "Rīgas dome šodien apsprieda budžetu, cilvēki pulcējās pie ēkas jau agri no rīta, sākās sēde."
)
POLISH = (
    "Rada miasta obradowała dziś nad budżetem, mieszkańcy zebrali się pod gmachem już o świcie."
)
CZECH = (
    "Zastupitelé dnes jednali o rozpočtu, lidé se sešli před budovou už za úsvitu, řekl náměstek."
)
ESTONIAN = (
    "Linnavolikogu arutas täna eelarvet, inimesed kogunesid hoone ees juba hommikul vara, ütles."
)
GERMAN = (
    "Der Stadtrat beriet heute über den Haushalt, die Menschen standen früh vor dem Gebäude: müde."
)


def html(text: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        (BELARUSIAN, "windows-1251"),
        (RUSSIAN.replace("«", "").replace("»", "").replace("–", "-"), "koi8-r"),
        (LITHUANIAN, "windows-1257"),
        (LATVIAN, "windows-1257"),
        (LATVIAN, "iso-8859-4"),
        (LITHUANIAN, "iso-8859-13"),
        (ESTONIAN, "iso-8859-13"),
        (POLISH, "iso-8859-2"),
        (POLISH, "windows-1250"),
        (CZECH, "iso-8859-2"),
        (GERMAN, "windows-1252"),
        (RUSSIAN, "utf-16"),
    ],
)
@pytest.mark.parametrize("told_by", ["header", "meta", "nobody"])
def test_legacy_encodings_are_read_right(text: str, encoding: str, told_by: str) -> None:
    head = f'<meta charset="{encoding}">' if told_by == "meta" else ""
    header = f"text/html; charset={encoding}" if told_by == "header" else "text/html"
    found, _, source = decode(html(text, head).encode(encoding), header)
    assert text in found
    if encoding != "utf-16":
        assert source == ("guess" if told_by == "nobody" else told_by)


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_zeros(wide: str) -> None:
    assert RUSSIAN in decode(html(RUSSIAN).encode(wide))[0]


@pytest.mark.parametrize("wrong", ["windows-1251", "iso-8859-1", "koi8-r", "no-such-charset"])
def test_valid_utf_8_wins_over_wrong_labels(wrong: str) -> None:
    body = html(RUSSIAN, f'<meta charset="{wrong}">').encode()
    assert decode(body, f"text/html; charset={wrong}") == (body.decode(), "utf-8", "utf-8")


def test_the_header_wins_over_the_meta_tag() -> None:
    body = html(RUSSIAN, '<meta charset="iso-8859-2">').encode("windows-1251")
    assert RUSSIAN in decode(body, "text/html; charset=windows-1251")[0]


def test_a_label_that_says_utf_8_for_other_bytes_is_not_believed() -> None:
    body = html(RUSSIAN, '<meta charset="utf-8">').encode("windows-1251")
    found, encoding, source = decode(body, "text/html; charset=utf-8")
    assert RUSSIAN in found
    assert (encoding, source) == ("windows-1251", "guess")


def test_a_few_broken_bytes_do_not_turn_utf_8_into_something_else() -> None:
    body = html(RUSSIAN * 20).encode().replace("рано".encode(), b"\xd1\xff", 1)
    found, encoding, _ = decode(body, "text/html; charset=utf-8")
    assert encoding == "utf-8"
    assert found.count(RUSSIAN) == 19


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    body = html("l’été").encode("windows-1252")
    assert "l’été" in decode(body, "text/html; charset=iso-8859-1")[0]


@pytest.mark.parametrize("codec", ["idna", "punycode", "unicode_escape", "rot13", "base64", "zlib"])
def test_python_codecs_that_are_no_encodings_are_not_used(codec: str) -> None:
    body = html(RUSSIAN).encode("windows-1251")
    assert RUSSIAN in decode(body, f"text/html; charset={codec}")[0]


def test_control_characters_and_lone_surrogates_are_gone() -> None:
    raw = html("a\x00b\x0bc").encode("utf-16-le", "surrogatepass") + b"\x00\xd8"
    text = decode(raw)[0]
    assert "abc" in text
    assert not any("\ud800" <= char <= "\udfff" or char == "\x00" for char in text)


@given(st.binary(max_size=400), st.sampled_from([None, "text/html; charset=utf-16", "x; charset="]))
def test_any_bytes_are_decoded_and_parsed_without_an_error(body: bytes, header: str | None) -> None:
    text = decode(body, header)[0]
    text.encode("utf-8")
    parse(text)


@pytest.mark.parametrize("depth", [300, 3000, 60_000])
def test_text_below_any_nesting_is_found(depth: int) -> None:
    tree = parse(
        "<html><body>" + "<div>" * depth + "<p>deep words</p>" + "</div>" * depth + "<p>after</p>"
    )
    assert tree is not None
    assert "deep words" in tree.text_content()
    assert "after" in tree.text_content()


@pytest.mark.parametrize("nothing", [b"", b"   \n", b"\xef\xbb\xbf", b"<!-- only this -->"])
def test_a_page_with_nothing_in_it_gives_no_text(nothing: bytes) -> None:
    parsed = load(page_of(nothing))
    assert parsed is None or not parsed.tree.text_content().strip()


def test_a_long_tag_with_few_attributes_keeps_them() -> None:
    tree = parse(f"<body><p id=kept data-story='{'word ' * 9000}'>text</p></body>")
    assert tree is not None
    assert tree.find(".//p").get("id") == "kept"


def test_a_tag_with_thousands_of_attributes_keeps_its_text() -> None:
    tree = parse(f"<body><p {' '.join(f'a{n}=1' for n in range(20_000))}>text</p></body>")
    assert tree is not None
    assert tree.find(".//p").text == "text"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "windows-1251"), (BELARUSIAN, "windows-1251"), (RUSSIAN.replace("–", "-"), "cp866")],
)
def test_a_western_label_for_cyrillic_letters_is_not_believed(text: str, encoding: str) -> None:
    text = text.replace("«", "").replace("»", "").replace("–", "-")
    found, _, source = decode(html(text).encode(encoding), "text/html; charset=iso-8859-1")
    assert text in found
    assert source == "guess"
