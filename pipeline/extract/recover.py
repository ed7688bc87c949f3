"""Blocks that the extractor lost in the middle of an article, found again in the page.

A heading, paragraph or list item is put back only where the text before and the text after it
follow each other in the extracted body, and only when it stands beside them in the page: as their
sibling, or built like one of them. So are the closing sentences. (A looser rule for headings,
"between two kept paragraphs", was wrong twice as often as right: those are the titles of
related-article boxes.)
"""

from __future__ import annotations

import itertools
import re

from lxml.html import HtmlElement

from pipeline.extract import leaves
from pipeline.extract.leaves import Leaf
from pipeline.extract.render import Line
from pipeline.extract.text import SENTENCE_END, key, linked, names, text_of

_NEVER = frozenset(
    ("a", "aside", "button", "figcaption", "figure", "footer", "form", "label", "nav")
)
_NOISE = re.compile(
    r"relat|recommend|read-?(?:more|also|next)|teaser|promo|newsletter|subscri|comment|widget|"
    r"sidebar|footer|share|social|banner|\bads?\b|advert|sponsor|more-?news|also|popular|"
    r"most-?read|caption|credit|copyright|author|byline|\bdate|timestamp|\btags?\b|embed|"
    r"toc\b|table-of-contents|login|paywall|modal|popup|hidden|player|gallery|slider|carousel",
    re.IGNORECASE,
)
_MAX_HEADING = 200
# More blocks than that between two lines of an article are not a gap in it.
_MAX_LOST = 60
_MAX_AFTER = 2
_MIN_TEXT = 30
_MAX_LINKED = 0.5


def recover(page: list[Leaf], lines: list[Line]) -> list[Line]:
    """`lines` with the lost blocks of the page put back in their places."""
    keys = [key(line.text) for line in lines]
    position: dict[str, int] = {}
    for index, own in enumerate(keys):
        position.setdefault(leaves.anchor(own), index)
    inserted: dict[int, list[Line]] = {}
    lost: list[Leaf] = []
    before: Leaf | None = None
    end, last = -1, 0
    for place, leaf in enumerate(page):
        start = position.get(leaves.anchor(leaf.key))
        if start is None:
            if before is not None:
                lost.append(leaf)
            continue
        if before is not None and 0 < len(lost) <= _MAX_LOST and start == end + 1:
            found = [_line(each) for each in lost if _belongs(each, before, leaf)]
            if found:
                inserted[start] = found
        # A few words may stand anywhere in a page, but not just where they are due.
        if len(leaf.key) >= _MIN_TEXT or start == end + 1:
            before, end, lost = leaf, _last(keys, start, leaf.key), []
            last = place
    put_back = [
        line for index, kept in enumerate(lines) for line in (*inserted.get(index, ()), kept)
    ]
    return put_back + (_after(page[last : last + _MAX_AFTER + 1]) if end == len(keys) - 1 else [])


def _after(page: list[Leaf]) -> list[Line]:
    """Closing sentences right after the last kept block, built and placed like it."""
    found: list[Line] = []
    for leaf in page[1:]:
        line = _line(leaf)
        alike = _built(leaf.element) == _built(page[0].element)
        if not alike or line.links > _MAX_LINKED or not line.text.endswith((".", "!", "?", "…")):
            break
        found.append(line)
    return found


def _built(element: HtmlElement) -> list[tuple[str, str | None]]:
    return [
        (part.tag, part.get("class"))
        for part in (element, *itertools.islice(element.iterancestors(), 2))
    ]


def _last(keys: list[str], start: int, whole: str) -> int:
    """The last line of a block that was rendered as several (parted by line breaks)."""
    end = start
    while end + 1 < len(keys) and len(keys[end]) < len(whole) and keys[end + 1] in whole:
        end += 1
    return end


def _line(leaf: Leaf) -> Line:
    text = text_of(leaf.element)
    return Line(leaf.kind, text, linked(leaf.element, text))


def _belongs(leaf: Leaf, before: Leaf, after: Leaf) -> bool:
    # A list is taken or left as a whole.
    whole = leaf.element
    if leaf.kind == "list_item" and (parent := whole.getparent()) is not None:
        whole = parent
    text = text_of(whole)
    if leaf.kind == "heading":
        if len(leaf.key) > _MAX_HEADING or whole.find(".//a") is not None:
            return False
    elif (
        len(text) < _MIN_TEXT // (1 + (leaf.kind == "list_item"))
        or linked(whole, text) > _MAX_LINKED
    ):
        return False
    # Captions are seldom sentences, lost paragraphs always are.
    if leaf.kind == "paragraph" and not SENTENCE_END.search(text):
        return False
    shared = leaves.shared_ancestor(before.element, after.element)
    path = leaves.path(whole, shared)
    if not path or any(part.tag in _NEVER or _NOISE.search(names(part)) for part in path):
        return False
    own = key(text)
    if all(key(part.text_content()) == own for part in path[1:]):
        return True
    built = [(part.tag, part.get("class")) for part in path]
    return leaf.kind == "paragraph" and any(
        built == [(part.tag, part.get("class")) for part in leaves.path(other.element, shared)]
        for other in (before, after)
    )
