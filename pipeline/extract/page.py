"""From the bytes of a page to one clean parsed tree, shared by everything that reads it.

Encoding, in this order: byte order mark, valid UTF-8, the HTTP header, the page's own meta tag, a
guess. Labels mean what the WHATWG Encoding Standard says (iso-8859-1 is windows-1252).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.extract import charset, nesting
from pipeline.extract.selectors import elements
from pipeline.records import Page

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels that Python does not know, or reads narrower than browsers do (encoding.spec.whatwg.org).
_LABELS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "l1"), "windows-1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "windows-1254"),
    **dict.fromkeys(("win-1251", "cp-1251", "win1251", "x-cp1251"), "windows-1251"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "cp949"),
    "utf8": "utf-8",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
}
# The encodings of the standard, by Python's canonical names.
_KNOWN = frozenset(
    (
        "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp866", "koi8-r", "koi8-u", "mac-roman",
        "mac-cyrillic", "cp874", "gb18030", "big5", "euc_jp", "iso2022_jp", "shift_jis", "cp932",
        "cp949", "euc_kr", "iso8859-16",
        *(f"iso8859-{part}" for part in range(2, 16)), *(f"cp125{part}" for part in range(9)),
    )
)  # fmt: skip
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,300}?charset\s*=|\?xml\b[^>]{0,100}?encoding\s*=)\s*[\"']?\s*([\w.:-]+)",
    re.IGNORECASE,
)
# HTML 4.12.5: authors must declare within the first 1024 bytes; browsers and we look further.
_META_WINDOW = 16_384
# A declared encoding may be broken in a few places (a cut page, a pasted quote), not in many.
_TOLERATED_ERRORS = 0.01

_MANY_ATTRIBUTES = etree.XPath("//*[@*[200]]")
_LONG_TAG, _STRETCH = re.compile(r"<[a-zA-Z][^<>]{16000,}>"), 8000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MAX_ATTRIBUTES = 2000
_UNWANTED_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\r")


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as one tree, with the address and the text it came from."""

    url: str
    source: str
    tree: HtmlElement
    encoding: str
    encoding_source: str
    """`bom`, `utf-8`, `header`, `meta` or `guess`."""


def load(page: Page) -> ParsedPage | None:
    """Decode and parse `page`; None when it holds no element at all."""
    text, encoding, source = decode(page.body, page.headers.get("content-type"))
    tree = parse(text)
    return None if tree is None else ParsedPage(page.final_url, text, tree, encoding, source)


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str, str]:
    """The text of `body`, the encoding it was read in, and what told the encoding."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(encoding, errors="replace")), encoding, "bom"
    wide = _wide(body)
    if wide:
        return _clean(body.decode(wide, errors="replace")), wide, "guess"
    # ISO-2022 encodings are pure ASCII with escape characters: only a label tells them.
    if b"\x1b" not in body:
        try:
            return body.translate(None, _CONTROL_BYTES).decode("utf-8"), "utf-8", "utf-8"
        except UnicodeDecodeError:
            pass
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body[:_META_WINDOW])
    labels = (("header", header[1] if header else ""), ("meta", meta[1].decode() if meta else ""))
    for source, label in labels:
        encoding = _LABELS.get(label.lower(), label.lower())
        text = _try(body, encoding)
        if text is not None and not charset.belies(body, encoding):
            return _clean(text), encoding, source
    if (text := _try(body, "utf-8")) is not None:
        return _clean(text), "utf-8", "guess"
    encoding = charset.guess(body)
    return _clean(body.decode(encoding, errors="replace")), encoding, "guess"


def parse(text: str) -> HtmlElement | None:
    """The tree of an HTML text, without comments; None when there is nothing to parse."""
    if not text.strip():
        return None
    if _may_hold_long_tags(text):
        text = _LONG_TAG.sub(_with_few_attributes, text)
    tree, complete = _parse(text)
    if not complete:
        tree, _ = _parse(nesting.flatten(text))
    if tree is not None:
        # Every copy of an element takes the square of the number of its attributes.
        for element in elements(_MANY_ATTRIBUTES, tree):
            element.attrib.clear()
    return tree


def _may_hold_long_tags(text: str) -> bool:
    """Whether a stretch as long as half a `_LONG_TAG` holds no bracket: a cheap first look."""
    starts = range(0, len(text), _STRETCH)
    return any(
        text.find("<", start, start + _STRETCH) < 0 and text.find(">", start, start + _STRETCH) < 0
        for start in starts
    )


def _with_few_attributes(tag: re.Match[str]) -> str:
    """A long tag, or its bare name when it has thousands of attributes: libxml2 compares each with
    all before it.
    """
    name, *attributes = _QUOTED.sub("", tag[0]).split()
    return tag[0] if len(attributes) < _MAX_ATTRIBUTES else f"{name.rstrip('>')}>"


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether libxml2 read to the end (it stops at its limit of nesting)."""
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    try:
        tree = document_fromstring(text.encode("utf-8"), parser=parser)
    except etree.ParserError:  # "Document is empty": no text, or nothing survived the limit
        tree = None
    stopped = any("xcessive depth" in error.message for error in parser.error_log)
    return tree, not stopped


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: its ASCII letters bring zeros, nearly all of them on one side."""
    head = body[:4096]
    low, high = head[::2].count(0), head[1::2].count(0)
    if low + high < max(4, len(head) // 50) or max(low, high) < 9 * min(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _try(body: bytes, encoding: str) -> str | None:
    """`body` read in `encoding`, unless that is no encoding of pages or evidently wrong."""
    try:
        # Python has codecs that are no character sets; some take quadratic time.
        if not encoding or codecs.lookup(encoding).name not in _KNOWN:
            return None
    except LookupError:
        return None
    text = body.decode(encoding, errors="replace")
    beyond_ascii = len(body) - len(body.decode("ascii", errors="ignore"))
    return text if text.count("\ufffd") <= _TOLERATED_ERRORS * max(beyond_ascii, 100) else None


def _clean(text: str) -> str:
    return _UNWANTED_CHARACTERS.sub("", text)
