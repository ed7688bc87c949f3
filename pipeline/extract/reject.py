"""Telling what is no article: challenge pages, walls, soft 404s, section pages, galleries, stubs.

A real article must never be refused, so that a phrase alone decides nothing: it counts where it is
all that a line says (`sayings`), on a page with next to no text; and a page that declares an
article is never a section page.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.extract import paywall, prepare, render, sayings
from pipeline.extract.structured import Structured, types
from pipeline.extract.text import SENTENCE_END, linked, text_of
from pipeline.records import Block

MIN_LENGTH = 120
"""Characters of body below which a page is a stub; a site rule may set another."""

# A challenge, a wall or an error page says little besides.
_LITTLE_TEXT = 3000
_MARKUP_WINDOW = 200_000
# A teaser of a paid article ends within this; longer text is the article, whatever the page says.
_MAX_TEASER, _MAX_ANNOUNCED_TEASER = 1500, 4000
# All paragraphs of a page that holds one: comments and the beginnings of other articles count.
_MAX_PAGE_OF_TEASER = 6000
_MAX_WALL = 4000
_MISSING_WORDS = 1.5
_MIN_PROSE, _NO_PROSE, _FEW_PROSE = 60, 200, 400
_MANY_TEASERS, _MANY_HEADINGS, _MANY_IMAGES = 10, 6, 3
_TEASER = 25


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a page tells articles from other pages, read before the tree is changed."""

    text: str
    """All the page's text."""
    challenge_markup: bool
    has_password: bool
    teasers: int
    """Links with the text of a headline; these are counted no further than is asked below."""
    linked_headings: int
    images: int
    is_home: bool
    paywall: bool
    """Whether a line of the page says that the rest of the article must be paid for."""

    @property
    def little(self) -> bool:
        """Whether the page says next to nothing."""
        return len(self.text) <= _LITTLE_TEXT


def look(tree: HtmlElement, source: str, url: str) -> Sight:
    """Gather the evidence of a page: its tree without scripts, and its whole source."""
    text = " ".join(tree.text_content().split())
    path = urlsplit(url).path.strip("/").lower()
    return Sight(
        text=text,
        challenge_markup=len(text) <= _LITTLE_TEXT
        and sayings.has_challenge_markup(source[:_MARKUP_WINDOW]),
        has_password=tree.find('.//input[@type="password"]') is not None,
        teasers=_count(tree, ("a",), _MANY_TEASERS, _is_teaser),
        linked_headings=_count(tree, ("h2", "h3", "h4"), _MANY_HEADINGS, _is_linked_heading),
        images=_count(tree, ("img", "amp-img"), _MANY_IMAGES, lambda _: True),
        is_home=path in ("", "index.html", "index.php") and not urlsplit(url).query,
        paywall=prepare.paragraph_text(tree) < _MAX_PAGE_OF_TEASER
        and paywall.may_announce(text)
        and paywall.announced(line.text for line in render.lines(tree)),
    )


def why_not(
    sight: Sight,
    structured: Structured,
    title: str | None,
    blocks: Sequence[Block],
    *,
    truncated: bool,
    min_length: int | None = None,
) -> str | None:
    """The reason why a page is no article; None when it is one."""
    size, prose = _size(blocks), _prose(blocks)
    declared = declares_article(structured)
    if not declared and prose < _FEW_PROSE:
        if sight.little and _is_challenge(sight, title, blocks, prose):
            return "challenge page"
        if _is_not_found(sight, title, blocks, prose):
            return "soft 404"
    if truncated and size >= MIN_LENGTH // 2:
        return None
    if not declared:
        if prose < _NO_PROSE and sight.has_password and sight.little:
            said = [title or "", *(block.text for block in blocks)]
            if any(sayings.LOGIN.search(line) for line in said):
                return "login wall"
        asking = _size(block for block in blocks if sayings.asks_consent(block.text))
        if size < _MAX_WALL and 2 * asking > size:
            return "cookie wall"
    if sight.is_home or (not declared and _is_section(sight, structured, blocks, prose)):
        return "section page"
    if size >= (MIN_LENGTH if min_length is None else min_length):
        return None
    if sayings.LOGIN.search(sight.text) and sight.little and not declared:
        return "login wall"
    if sayings.COOKIES.search(sight.text) and sight.little and not declared and not blocks:
        return "cookie wall"
    if sight.images >= _MANY_IMAGES or _is_gallery(structured):
        return "gallery without text"
    return "stub"


def is_truncated(sight: Sight, structured: Structured, blocks: Sequence[Block]) -> bool:
    """Whether the body is only the free beginning of a paid article."""
    size = _size(blocks)
    words = sum(len(block.text.split()) for block in blocks)
    stated = str((structured.article or {}).get("wordCount") or "")
    if _is_paid(structured):
        missing = stated.isdecimal() and int(stated) > _MISSING_WORDS * words
        return missing or size < _MAX_TEASER
    return sight.paywall and size < _MAX_ANNOUNCED_TEASER


def declares_article(structured: Structured) -> bool:
    """Whether the page tells machines that it is an article."""
    if "article" in (structured.first_meta("og:type") or "").lower():
        return True
    if structured.first_meta("article:published_time"):
        return True
    article = structured.article
    return article is not None and any(
        "article" in name or name in ("blogposting", "report", "liveblogposting")
        for name in types(article)
    )


def _is_challenge(sight: Sight, title: str | None, blocks: Collection[Block], prose: int) -> bool:
    if prose < MIN_LENGTH:
        return sight.challenge_markup or sayings.CHALLENGE.search(sight.text) is not None
    if prose < _NO_PROSE and title and sayings.CHALLENGE.search(title):
        return True
    lines = [title or "", *(block.text for block in blocks)]
    return any(sayings.is_all(sayings.CHALLENGE, line) for line in lines)


def _count(
    tree: HtmlElement, tags: tuple[str, ...], enough: int, wanted: Callable[[HtmlElement], bool]
) -> int:
    return sum(1 for _ in itertools.islice(filter(wanted, tree.iter(*tags)), enough))


def _is_teaser(link: HtmlElement) -> bool:
    return len(link.text_content()) >= _TEASER


def _is_linked_heading(heading: HtmlElement) -> bool:
    text = text_of(heading)
    if len(text) < _TEASER:
        return False
    return linked(heading, text) > 0.8 or any(up.tag == "a" for up in heading.iterancestors())


def _is_not_found(sight: Sight, title: str | None, blocks: Collection[Block], prose: int) -> bool:
    """Whether the page is the message that there is no such page.

    The title or a line must be that message and no more; a page that says something besides must
    also tell the lost reader what to do.
    """
    lines = [block.text for block in blocks]
    in_title = title is not None and sayings.says_not_found(title)
    if not in_title and not (sight.little and any(map(sayings.says_not_found, lines))):
        return False
    if prose < (_NO_PROSE if in_title else MIN_LENGTH):
        return True
    return any(map(sayings.advises_the_lost, lines))


def _is_section(
    sight: Sight, structured: Structured, blocks: Collection[Block], prose: int
) -> bool:
    listing = any(
        name in ("collectionpage", "searchresultspage")
        for node in structured.nodes
        for name in types(node)
    )
    if prose < _NO_PROSE and (sight.teasers >= _MANY_TEASERS or listing):
        return True
    # Summaries that break off: no article ends most of its lines so.
    lines = [block.text for block in blocks if len(block.text) >= _MIN_PROSE]
    if len(lines) >= 3 and 3 * sum(line.endswith(("…", "...")) for line in lines) > 2 * len(lines):
        return True
    if sight.linked_headings < _MANY_HEADINGS:
        return False
    # A list of teasers has a heading for every paragraph.
    headings = sum(block.kind == "heading" for block in blocks)
    return 2 * headings > sum(_is_prose(block) for block in blocks)


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _is_prose(block: Block) -> bool:
    return (
        block.kind == "paragraph"
        and len(block.text) >= _MIN_PROSE
        and SENTENCE_END.search(block.text) is not None
    )


def _prose(blocks: Iterable[Block]) -> int:
    """Characters of paragraphs that are sentences."""
    return _size(block for block in blocks if _is_prose(block))


def _is_gallery(structured: Structured) -> bool:
    return any(
        name in ("imagegallery", "mediagallery", "videoobject")
        for node in structured.nodes
        for name in types(node)
    )


def _is_paid(structured: Structured) -> bool:
    free = (structured.article or {}).get("isAccessibleForFree")
    tier = structured.first_meta("article:content_tier") or ""
    return str(free).lower() == "false" or tier.lower() in ("locked", "metered")
