"""Bytes of a feed to text: gzip, byte-order marks, the header's charset, the XML declaration.

Own code in front of feedparser's, whose expressions for the declaration and the DOCTYPE take
cubic time on hostile bytes. Everything here is linear and never raises.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from typing import Final

MAX_BYTES: Final = 15_000_000
"""What is read of a document, counted after decompression; the door's own limit."""

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML 1.0 document may hold. Feeds hold it, and XML parsers stop there."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<?" or "<r" in encodings of more than one byte a character (XML 1.0, appendix F).
_WIDE: Final = (
    (re.compile(rb"<\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<"), "utf-32-be"),
    (re.compile(rb"<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[^\x00]"), "utf-16-be"),
)
_XML_ENCODING = re.compile(
    r"""\s*<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}["']([\w.:-]{1,40})["']"""
)
_HEADER_CHARSET = re.compile(r"""charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})""", re.I)
# Servers name the subset; files hold the superset (WHATWG Encoding standard).
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "utf-8"}
)
"""Python's codecs that are no charset of a document (some take quadratic time), and UTF-8, which
is tried before."""
_SUPERSETS: Final = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}


_GZIP = b"\x1f\x8b"
_GZIP_LAYERS = 2
"""A `.xml.gz` that its server packs once more for the way."""


def gunzip(body: bytes, limit: int = MAX_BYTES) -> bytes | None:
    """`body` out of gzip, or as it is when it is none; at most `limit` bytes; None if unreadable.

    A cut-off stream gives what it holds. A file that was packed twice is unpacked twice.
    """
    for _ in range(_GZIP_LAYERS):
        if body[:2] != _GZIP:
            break
        body = _unpack(body, limit)
        if not body:
            return None
    return body[:limit]


def _unpack(packed: bytes, limit: int) -> bytes:
    """What one layer of gzip holds, in however many members; empty if unreadable."""
    out = bytearray()
    rest = packed
    while rest[:2] == _GZIP and len(out) < limit:
        inflater = zlib.decompressobj(wbits=31)
        try:
            out += inflater.decompress(rest, limit - len(out))
        except zlib.error:
            break
        rest = inflater.unused_data
    return bytes(out)


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """`body` as text, by the first of these that fits: byte-order mark, wide characters, valid
    UTF-8, the XML declaration, the header's charset, UTF-8 with a few broken letters, a guess.

    Valid UTF-8 with a letter beyond ASCII is never anything else, whatever is declared.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    for pattern, encoding in _WIDE:
        if pattern.match(body):
            return body.decode(encoding, "replace")
    names = [m[1] for m in (_XML_ENCODING.match(_latin(body[:512])), _header_charset(headers)) if m]
    for name in (n for n in names if n.lower().startswith(("iso-2022", "hz"))):
        # Seven-bit encodings look like ASCII, thus like UTF-8.
        if (text := _strictly(body, name)) is not None:
            return text
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken:
        return text
    for name in names:
        if (legacy := _strictly(body, name)) is not None:
            return legacy
    letters = len(body) - len(text) + broken
    if broken * 10 <= letters:
        return text
    return body.decode(_guess(body), "replace")


def _header_charset(headers: Mapping[str, str]) -> re.Match[str] | None:
    return _HEADER_CHARSET.search(headers.get("content-type", "")[:500])


def _latin(head: bytes) -> str:
    return head.decode("latin-1")


def _strictly(body: bytes, name: str) -> str | None:
    """`body` in the encoding called `name`; None if that is no text encoding or does not fit."""
    try:
        encoding = codecs.lookup(name).name
        if encoding in _NO_CHARSETS:
            return None
        return body.decode(_SUPERSETS.get(encoding, encoding))
    except (LookupError, UnicodeError):
        return None


def _guess(body: bytes) -> str:
    """The legacy encoding of undeclared bytes: Cyrillic words are long runs of high bytes."""
    high = re.findall(rb"[\xc0-\xff]{1,64}", body[:100_000])
    if not high:
        return "utf-8"
    return "windows-1251" if sum(map(len, high)) / len(high) >= 3 else "windows-1252"
