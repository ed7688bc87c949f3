"""The lead of an article, when the page keeps it outside the container of the body.

Publishers of our countries write the lead as the first paragraph of the text and do not repeat it;
their templates often put it beside the title, where extractors throw it away.
"""

from __future__ import annotations

import re

from pipeline.extract import leaves
from pipeline.extract.leaves import Leaf
from pipeline.extract.render import Line
from pipeline.extract.text import key, linked, names, text_of

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|lid|intro|standfirst|excerpt|anons|announce|preview-?text|summary|"
    r"perex|chapo|ingress|subtitle|subheading|preamble|dek|teaser-text|short-?text)(?:$|[\s_-])"
    r"|(?-i:[a-z](?:Lead|Intro|Standfirst|Excerpt|Perex|Dek|Subtitle)(?:$|[\s_A-Z-]))",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"relat|card|list|menu|nav|footer|caption|comment|sidebar", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][»\"”’)]*$")
_MIN_LEAD, _MAX_LEAD = 60, 1000
_WRAPPERS = 2


def recover(page: list[Leaf], lines: list[Line]) -> list[Line]:
    """`lines`, preceded by the lead when the page has one above them that they lack."""
    if not lines:
        return lines
    known = {leaves.anchor(key(line.text)) for line in lines}
    start = next((i for i, leaf in enumerate(page) if leaves.anchor(leaf.key) in known), 0)
    for leaf in reversed(page[:start]):
        if _is_lead(leaf):
            return [Line("paragraph", text_of(leaf.element)), *lines]
    return lines


def _is_lead(leaf: Leaf) -> bool:
    text = text_of(leaf.element)
    if not _MIN_LEAD <= len(text) <= _MAX_LEAD or not _SENTENCE_END.search(text):
        return False
    if linked(leaf.element, text) > 0.5:
        return False
    above = [leaf.element, *leaf.element.iterancestors()]
    own = [part for part in above[: _WRAPPERS + 1] if key(part.text_content()) == leaf.key]
    if not any(_NAMED.search(names(part)) for part in own):
        return False
    return not any(_ELSEWHERE.search(names(part)) for part in above[: 2 * _WRAPPERS])
