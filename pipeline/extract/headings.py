"""Sub-headings that the extractor lost, found again in the page.

The strict rule: a heading is put back only when it is a sibling of the text before and of the text
after it, and those two follow each other in the extracted body. (A looser rule, "between two kept
paragraphs", was wrong twice as often as right: those are the titles of related-article boxes.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from pipeline.extract.metadata import key
from pipeline.extract.render import Line
from pipeline.records import clean_text

_HEADINGS = ("h2", "h3", "h4", "h5")
_TEXT = ("p", "div", "li", "blockquote", "span", "section")
_BOX = re.compile(
    r"relat|recommend|read-?more|teaser|promo|newsletter|subscribe|comment|widget|sidebar|footer|"
    r"share|social|banner|\bads?\b|more-?news|also|popular|most-?read",
    re.IGNORECASE,
)
_MAX_HEADING = 200
_MIN_ANCHOR = 30
_MAX_WRAPPERS = 3


def recover(tree: HtmlElement, lines: list[Line]) -> list[Line]:
    """`lines` with the lost sub-headings of the page put back in their places."""
    keys = [key(line.text) for line in lines]
    known = set(keys)
    lost = {
        heading
        for heading in tree.iter(*_HEADINGS)
        if (own := key(heading.text_content())) and len(own) < _MAX_HEADING and own not in known
    }
    if not lost:
        return lines
    position: dict[str, int] = {}
    for index, own in enumerate(keys):
        if len(own) > _MIN_ANCHOR:
            position.setdefault(own, index)
    inserted: dict[int, str] = {}
    previous: HtmlElement | None = None
    previous_index = -1
    waiting: HtmlElement | None = None
    for element in tree.iter(*_HEADINGS, *_TEXT):
        if element in lost:
            waiting = element if previous is not None else None
            continue
        if element.tag in ("div", "section", "span") and len(element) > 3:
            continue
        index = position.get(key(element.text_content()))
        if index is None:
            continue
        if (
            waiting is not None
            and previous is not None
            and index == previous_index + 1
            and _stands_between(waiting, previous, element)
        ):
            inserted[index] = clean_text(waiting.text_content())
        waiting, previous, previous_index = None, element, index
    return list(_with(lines, inserted))


def _with(lines: list[Line], inserted: dict[int, str]) -> Iterable[Line]:
    for index, line in enumerate(lines):
        if index in inserted:
            yield Line("heading", inserted[index])
        yield line


def _stands_between(heading: HtmlElement, before: HtmlElement, after: HtmlElement) -> bool:
    """Whether `heading`, or a wrapper that holds nothing else, is a sibling of both texts."""
    if heading.find(".//a") is not None or any(up.tag == "a" for up in heading.iterancestors()):
        return False
    above_before, above_after = set(before.iterancestors()), set(after.iterancestors())
    own = key(heading.text_content())
    wrapper = heading
    for _ in range(_MAX_WRAPPERS):
        parent = wrapper.getparent()
        if parent is None:
            return False
        if parent in above_before and parent in above_after:
            return not any(
                _BOX.search(f"{part.get('class') or ''} {part.get('id') or ''}")
                for part in (heading, wrapper)
            )
        if key(parent.text_content()) != own:
            return False
        wrapper = parent
    return False
