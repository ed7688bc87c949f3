"""A tokenizer for XML that no XML parser takes: unclosed, unescaped, undeclared, cut off.

Gives start tags, end tags and text in order; linear in the length of the text for any text (each
search either moves the position on or is remembered as hopeless). Balance is the caller's affair.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

# Possessive, and stopping at every "<": a failed match costs no more than the way to the next tag.
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z_][\w.:-]{0,99}+)"""
    r"""(?P<attributes>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>"""
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w.:-])(?P<name>[\w.:-]{1,100}+)\s*+=\s*+(?:"(?P<d>[^"]*+)"|'(?P<s>[^']*+)'|(?P<u>[^\s"'>]++))"""
)
MAX_TOKENS: Final = 1_000_000
"""Tags and texts read of one document; a second or two of work."""

_SECTIONS = (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"), ("<!", ">"))


@dataclass(frozen=True, slots=True)
class Token:
    """A start tag (with attributes), an end tag, or a piece of text with its entities resolved."""

    kind: Literal["start", "end", "text"]
    value: str
    """The tag's name in lower case, or the text."""
    attributes: tuple[tuple[str, str], ...] = ()
    empty: bool = False
    """A start tag that ends itself (`<link href="…"/>`)."""


def tokens(text: str, entities: Mapping[str, str]) -> Iterator[Token]:
    """The tags and texts of a document. `entities` are the ones that it declares itself."""
    position, hopeless = 0, set[str]()
    for _ in range(MAX_TOKENS):
        start = text.find("<", position)
        if start < 0:
            break
        if start > position:
            yield Token("text", unescape(text[position:start], entities))
        if tag := _TAG.match(text, start):
            yield _tag(tag, entities)
            position = tag.end()
            continue
        position = start + 1
        for opening, closing in _SECTIONS:
            if not text.startswith(opening, start):
                continue
            inside = start + len(opening)
            end = -1 if closing in hopeless else text.find(closing, inside)
            if end < 0:
                hopeless.add(closing)
                position = inside
            else:
                if opening == "<![CDATA[":
                    yield Token("text", text[inside:end])
                position = end + len(closing)
            break
        else:
            yield Token("text", "<")
    if position < len(text):
        yield Token("text", unescape(text[position:], entities))


def unescape(text: str, entities: Mapping[str, str]) -> str:
    """`text` with character references and HTML's and the document's own entities resolved."""
    if "&" not in text:
        return text
    if entities:
        text = re.sub(r"&([\w.-]{1,60});", lambda m: entities.get(m[1], m[0]), text)
    try:
        return html.unescape(text)
    except ValueError:  # a character reference of thousands of digits
        return text


def _tag(match: re.Match[str], entities: Mapping[str, str]) -> Token:
    name = match["name"].lower()
    if match["close"]:
        return Token("end", name)
    raw = match["attributes"]
    attributes = tuple(
        (a["name"].lower(), unescape(a["d"] or a["s"] or a["u"] or "", entities))
        for a in _ATTRIBUTE.finditer(raw)
    )
    return Token("start", name, attributes, empty=raw.endswith("/"))
