"""The smallest blocks of a page in reading order: paragraphs, headings, list items, quotes.

Computed once a page, to find again in it what the extractor left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract.text import key
from pipeline.records import BlockKind

_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("p", "div"), "paragraph"),
    **dict.fromkeys(("h2", "h3", "h4", "h5"), "heading"),
    "li": "list_item",
    "blockquote": "quote",
}
_BLOCKS = frozenset(
    (
        *_KINDS, "address", "article", "aside", "center", "dd", "details", "dl", "dt", "figcaption",
        "figure", "footer", "form", "h1", "h6", "header", "main", "nav", "ol", "pre", "section",
        "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_HEADING_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sub-?)?(?:heading|headline|title|header|h[2-5])(?:$|[\s_-])", re.IGNORECASE
)
# Enough letters to tell one block of a page from another.
_ANCHOR = 40


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block of the page that holds no other block."""

    element: HtmlElement
    kind: BlockKind
    key: str
    """`text.key` of its text."""


def of(tree: HtmlElement) -> list[Leaf]:
    """All leaves with text."""
    return list(_leaves(tree))


def anchor(text_key: str) -> str:
    """The start of a key, by which a line and its block find each other."""
    return text_key[:_ANCHOR]


def shared_ancestor(one: HtmlElement, other: HtmlElement) -> HtmlElement | None:
    """The nearest element that holds both."""
    above = set(one.iterancestors())
    return next((up for up in other.iterancestors() if up in above), None)


def path(element: HtmlElement, top: HtmlElement | None) -> list[HtmlElement]:
    """`element` and what holds it, up to but without `top`; empty when it is not inside `top`."""
    found = [element]
    for up in element.iterancestors():
        if up is top:
            return found
        found.append(up)
    return []


def _leaves(tree: HtmlElement) -> Iterator[Leaf]:
    for element in tree.iter(*_KINDS):
        if any(inner.tag in _BLOCKS for inner in element.iterdescendants()):
            continue
        if own := key(element.text_content()):
            yield Leaf(element, _kind(element), own)


def _kind(element: HtmlElement) -> BlockKind:
    """What the tag says, or, for a bare container, what its class says."""
    kind = _KINDS[element.tag]
    if kind == "paragraph" and _HEADING_CLASS.search(element.get("class") or ""):
        return "heading"
    return kind
