"""The lead of an article, when the page keeps it outside the container of the body.

Publishers of our countries write the lead as the first paragraph of the text and do not repeat it;
their templates often put it beside the title, where extractors throw it away.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml.html import HtmlElement

from pipeline.extract import leaves, phrases
from pipeline.extract.leaves import Leaf
from pipeline.extract.render import Line
from pipeline.extract.text import key, linked, names, text_of
from pipeline.extract.titles import is_title

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|lid|intro|standfirst|excerpt|anons|announce|preview-?text|summary|"
    r"perex|chapo|ingress|subtitle|subheading|preamble|dek|teaser-text|short-?text)(?:$|[\s_-])"
    r"|(?-i:[a-z](?:Lead|Intro|Standfirst|Excerpt|Perex|Dek|Subtitle)(?:$|[\s_A-Z-]))",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"relat|(?:^|[\s_-])(?:cards?|list|menu|nav)(?:$|[\s_-])|footer|caption|comment|sidebar",
    re.IGNORECASE,
)
# Prose between title and text that is no lead: captions, notes on the author, on sharing …
_NO_LEAD = re.compile(
    r"caption|credit|photo|image|gallery|media|video|audio|player|author|byline|\bbio|date|time|meta|"
    r"share|social|note|disclaim|notice|banner|promo|advert|subscri|newsletter|cookie|consent|tags?\b|"
    r"breadcrumb|toc\b|contents|also|teaser|recommend|paywall|login|alert|warning|popup|modal|hidden|control|option|tool|sign-?up",
    re.IGNORECASE,
)
_NO_LEAD_TAGS = frozenset(
    ("figure", "figcaption", "aside", "nav", "footer", "form", "button", "label")
)
_SENTENCE_END = re.compile(r"[.!?…][»\"”’)]*$")
_MIN_LEAD, _MAX_LEAD = 60, 1000
_MAX_LINKED = 0.5
_WRAPPERS = 2
_QUOTES = frozenset("\"«“„‘'")
# Blocks above the text in which a lead without a name is looked for.
_NEAR = 15


def recover(
    tree: HtmlElement, page: list[Leaf], lines: list[Line], titles: Collection[str]
) -> list[Line]:
    """`lines`, preceded by the lead when the page has one above them that they lack.

    The lead is what the page names so, or the only prose between the title and the text.
    """
    if not lines:
        return lines
    known = {leaves.anchor(key(line.text)) for line in lines}
    start = next((i for i, leaf in enumerate(page) if leaves.anchor(leaf.key) in known), 0)
    unnamed: list[Leaf] = []
    for distance, leaf in enumerate(reversed(page[:start])):
        if _is_lead(leaf):
            return [_line(leaf), *lines]
        if is_title(leaf.key, titles):
            break
        if distance < _NEAR and _is_prose(leaf, page[start]):
            unnamed.append(leaf)
    if len(unnamed) == 1 and _is_below_title(tree, unnamed[0].element, titles):
        return [_line(unnamed[0]), *lines]
    return lines


def _line(leaf: Leaf) -> Line:
    return Line("paragraph", text_of(leaf.element))


def _is_below_title(tree: HtmlElement, element: HtmlElement, titles: Collection[str]) -> bool:
    """Whether the title stands above `element`."""
    for each in tree.iter("h1", "h2", element.tag):
        if each is element:
            return False
        if each.tag in ("h1", "h2") and is_title(key(each.text_content()), titles):
            return True
    return False


def _is_prose(leaf: Leaf, first: Leaf) -> bool:
    """Whether a block without a name for it could be the lead of the text that begins at `first`:
    a sentence, no quotation, in nothing else's box.
    """
    if leaf.kind != "paragraph" or not _reads_as_lead(leaf):
        return False
    text = text_of(leaf.element)
    if text[0] in _QUOTES or phrases.PHOTO_CREDIT.search(text) or phrases.CALL.match(text):
        return False
    path = leaves.path(leaf.element, leaves.shared_ancestor(leaf.element, first.element))
    return not any(
        part.tag in _NO_LEAD_TAGS or _NO_LEAD.search(names(part)) or _ELSEWHERE.search(names(part))
        for part in path
    )


def _reads_as_lead(leaf: Leaf) -> bool:
    if len(leaf.key) < _MIN_LEAD // 2:
        return False
    text = text_of(leaf.element)
    if not _MIN_LEAD <= len(text) <= _MAX_LEAD or not _SENTENCE_END.search(text):
        return False
    return linked(leaf.element, text) <= _MAX_LINKED


def _is_lead(leaf: Leaf) -> bool:
    if not _reads_as_lead(leaf):
        return False
    above = [leaf.element, *leaf.element.iterancestors()]
    own = [part for part in above[: _WRAPPERS + 1] if key(part.text_content()) == leaf.key]
    if not any(_NAMED.search(names(part)) for part in own):
        return False
    return not any(_ELSEWHERE.search(names(part)) for part in above[: 2 * _WRAPPERS])
