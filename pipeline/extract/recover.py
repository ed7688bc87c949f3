"""Blocks that the extractor lost in the middle of an article, found again in the page.

A heading, paragraph or list item is put back only where the text before and the text after it
follow each other in the extracted body, and only when it stands beside them in the page: as their
sibling, or built like one of them. (A looser rule for headings, "between two kept paragraphs", was
wrong twice as often as right: those are the titles of related-article boxes.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract.metadata import key
from pipeline.extract.render import Line
from pipeline.records import BlockKind, clean_text

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
_NEVER = frozenset(("a", "aside", "button", "figcaption", "figure", "footer", "form", "label", "nav"))
_NOISE = re.compile(
    r"relat|recommend|read-?(?:more|also|next)|teaser|promo|newsletter|subscri|comment|widget|"
    r"sidebar|footer|share|social|banner|\bads?\b|advert|sponsor|more-?news|also|popular|"
    r"most-?read|caption|credit|copyright|author|byline|\bdate|timestamp|\btags?\b|embed|"
    r"toc\b|table-of-contents|login|paywall|modal|popup|hidden|player|gallery|slider|carousel",
    re.IGNORECASE,
)
_MAX_HEADING = 200
_MIN_TEXT = 30
_MAX_LINKED = 0.5
_SENTENCE_END = re.compile(r"[.!?…:;][»\"”’)\]]*$")
# Enough letters to tell one block of a page from another.
_ANCHOR = 40


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A block of the page that holds no other block."""

    element: HtmlElement
    kind: BlockKind
    key: str


def recover(tree: HtmlElement, lines: list[Line]) -> list[Line]:
    """`lines` with the lost blocks of the page put back in their places."""
    keys = [key(line.text) for line in lines]
    position: dict[str, int] = {}
    for index, own in enumerate(keys):
        position.setdefault(own[:_ANCHOR], index)
    inserted: dict[int, list[Line]] = {}
    lost: list[_Leaf] = []
    before: _Leaf | None = None
    end = -1
    for leaf in _leaves(tree):
        start = position.get(leaf.key[:_ANCHOR])
        if start is None:
            if before is not None:
                lost.append(leaf)
            continue
        if before is not None and lost and start == end + 1:
            found = [_line(each) for each in lost if _belongs(each, before, leaf)]
            if found:
                inserted[start] = found
        if len(leaf.key) >= _MIN_TEXT:
            before, end, lost = leaf, _last(keys, start, leaf.key), []
    return [line for index, kept in enumerate(lines) for line in (*inserted.get(index, ()), kept)]


def _leaves(tree: HtmlElement) -> Iterator[_Leaf]:
    for element in tree.iter(*_KINDS):
        if any(inner.tag in _BLOCKS for inner in element.iterdescendants()):
            continue
        own = key(element.text_content())
        if own:
            yield _Leaf(element, _KINDS[element.tag], own)


def _last(keys: list[str], start: int, whole: str) -> int:
    """The last line of a block that was rendered as several (parted by line breaks)."""
    end = start
    while end + 1 < len(keys) and len(keys[end]) < len(whole) and keys[end + 1] in whole:
        end += 1
    return end


def _line(leaf: _Leaf) -> Line:
    text = clean_text(leaf.element.text_content())
    return Line(leaf.kind, text, _linked(leaf.element, text))


def _linked(element: HtmlElement, text: str) -> float:
    return sum(len(clean_text(a.text_content())) for a in element.iter("a")) / max(1, len(text))


def _belongs(leaf: _Leaf, before: _Leaf, after: _Leaf) -> bool:
    # A list is taken or left as a whole.
    whole = leaf.element
    if leaf.kind == "list_item" and (parent := whole.getparent()) is not None:
        whole = parent
    text = clean_text(whole.text_content())
    if leaf.kind == "heading":
        if len(leaf.key) > _MAX_HEADING or whole.find(".//a") is not None:
            return False
    elif len(text) < _MIN_TEXT or _linked(whole, text) > _MAX_LINKED:
        return False
    # Captions are seldom sentences, lost paragraphs always are.
    if leaf.kind == "paragraph" and not _SENTENCE_END.search(text):
        return False
    shared = _shared_ancestor(before.element, after.element)
    path = _path(whole, shared)
    if not path or any(part.tag in _NEVER or _NOISE.search(_names(part)) for part in path):
        return False
    own = key(text)
    if all(key(part.text_content()) == own for part in path[1:]):
        return True
    built = [(part.tag, part.get("class")) for part in path]
    return leaf.kind == "paragraph" and any(
        built == [(part.tag, part.get("class")) for part in _path(other.element, shared)]
        for other in (before, after)
    )


def _shared_ancestor(one: HtmlElement, other: HtmlElement) -> HtmlElement | None:
    above = set(one.iterancestors())
    return next((up for up in other.iterancestors() if up in above), None)


def _path(element: HtmlElement, top: HtmlElement | None) -> list[HtmlElement]:
    """`element` and what holds it, up to but without `top`; empty when it is not inside `top`."""
    path = [element]
    for up in element.iterancestors():
        if up is top:
            return path
        path.append(up)
    return []


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
