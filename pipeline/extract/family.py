"""The article as the largest family of alike blocks, for pages on which trafilatura finds nothing.

Site builders wrap every paragraph in containers of its own, without any name an extractor knows;
but all paragraphs of one article are built alike, and no other kind of block holds as much prose.
"""

from __future__ import annotations

import re

from pipeline.extract.leaves import Leaf
from pipeline.extract.render import Line
from pipeline.extract.text import SENTENCE_END, linked, names, text_of

_OTHERS = re.compile(r"comment|disqus|relat|cookie|consent|modal|sidebar|widget", re.IGNORECASE)
_MIN_SENTENCE, _MIN_PROSE = 20, 60
_MAX_LINKED = 0.5
_Signature = tuple[tuple[str, str | None], ...]


def largest(page: list[Leaf]) -> list[Line]:
    """The prose blocks of the most voluminous family; what stands between them is left out."""
    families: dict[_Signature, list[Line]] = {}
    for leaf in page:
        text = text_of(leaf.element)
        if len(text) < _MIN_SENTENCE or not SENTENCE_END.search(text):
            continue
        share = linked(leaf.element, text)
        if share < _MAX_LINKED and not _is_elsewhere(leaf):
            families.setdefault(_signature(leaf), []).append(Line(leaf.kind, text, share))
    return max(families.values(), key=_prose, default=[])


def _prose(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines if len(line.text) >= _MIN_PROSE)


def _is_elsewhere(leaf: Leaf) -> bool:
    return any(_OTHERS.search(names(up)) for up in leaf.element.iterancestors())


def _signature(leaf: Leaf) -> _Signature:
    element, parent = leaf.element, leaf.element.getparent()
    parts = (element,) if parent is None else (element, parent)
    return tuple((part.tag, part.get("class")) for part in parts)
