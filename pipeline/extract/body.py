"""The body of an article: trafilatura finds it, precision first, and we render its tree.

Order: a site rule's own elements, if any → the tree prepared → trafilatura in precision mode, and
balanced when too little came back → the largest family of blocks when next to nothing did → lost
blocks put back → boilerplate dropped → the lead put before → the JSON-LD `articleBody` for pages
that a browser would have had to build.
"""

from __future__ import annotations

import functools
import html
import logging
import re
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document, Extractor, use_config

from pipeline.extract import boilerplate, family, lead, leaves, prepare, recover, render
from pipeline.extract.leaves import Leaf
from pipeline.extract.metadata import Metadata
from pipeline.extract.render import Line
from pipeline.extract.sites import SiteRules
from pipeline.extract.structured import Structured
from pipeline.records import Block, clean_text

_CONFIG = use_config()
# It warns of every page in which it finds nothing; our own outcome says so once.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
# More than this share of the text in table rows: the table is the layout of the page.
_LAYOUT_TABLE = 0.5
# Precision mode lost the article when it kept less than this share of the page's paragraphs.
_TOO_LITTLE = 0.4
_SHORT = 250
# The page was built by a script when its own article text is this much shorter than JSON-LD's.
_CLIENT_RENDERED = 0.4

_BLOCK_TAG = re.compile(r"</?(?:p|br|div|h\d|li|ul|ol|blockquote)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of an article and the path that gave them."""

    blocks: tuple[Block, ...]
    extractor: str


def extract(tree: HtmlElement, structured: Structured, about: Metadata, rules: SiteRules) -> Body:
    """The body of the article on a page. Changes `tree`: read everything else from it before."""
    for selector in rules.remove:
        for element in selector.select(tree):
            if element.getparent() is not None:
                element.drop_tree()
    ruled = _ruled(tree, rules)
    if ruled:
        return Body(_blocks(boilerplate.drop(ruled, about.titles, about.authors)), "rule")
    prepare.for_extraction(tree)
    page = leaves.of(tree)
    lines, extractor = _found(tree, page)
    if len(lines) <= 1 or render.length(lines) < _SHORT:
        # One line is a stray paragraph, or the whole page in one piece.
        alike = family.largest(page)
        larger = render.length(lines) < _TOO_LITTLE * render.length(alike)
        finer = len(lines) <= 1 < len(alike) and render.length(alike) > _TOO_LITTLE * _SHORT
        if larger or finer:
            lines, extractor = alike, "family"
    lines = recover.recover(page, lines)
    lines = boilerplate.drop(lines, about.titles, about.authors)
    lines = lead.recover(tree, page, lines, about.titles)
    stated = _stated(structured)
    enough = render.length(stated)
    if enough > _SHORT and (
        render.length(lines) < _CLIENT_RENDERED * enough
        or (len(lines) <= 1 and enough > 0.8 * render.length(lines))
    ):
        lines, extractor = boilerplate.drop(stated, about.titles, about.authors), "jsonld"
    return Body(_blocks(lines), extractor)


def _blocks(lines: list[Line]) -> tuple[Block, ...]:
    return tuple(Block(line.kind, line.text) for line in lines)


def _ruled(tree: HtmlElement, rules: SiteRules) -> list[Line]:
    """The lines of the elements that a site rule names as the body."""
    found = rules.body.select(tree) if rules.body else []
    outermost = [each for each in found if not any(up in found for up in each.iterancestors())]
    for element in outermost:
        prepare.for_extraction(element)
    return [line for element in outermost for line in render.lines(element)]


def _found(tree: HtmlElement, page: list[Leaf]) -> tuple[list[Line], str]:
    """The lines of the first path that brings enough, and its name.

    `fast` leaves out trafilatura's comparison with readability and justext, its dearest step. It
    changes the outcome only where the main path brought next to nothing.
    """
    enough = max(_SHORT, _TOO_LITTLE * prepare.paragraph_text(tree))
    lines, extractor = _run(tree, fast=True), "trafilatura-precision"
    if render.length(lines) < enough and prepare.unmask(tree, page):
        lines = _longer(lines, _run(tree, fast=True))
    if render.length(lines) < enough:
        lines = _longer(lines, _run(tree))
    size = render.length(lines)
    in_tables = sum(len(line.text) for line in lines if line.kind == "table_row")
    if in_tables > _LAYOUT_TABLE * size > 0:
        without = _run(tree, tables=False)
        if render.length(without) > _TOO_LITTLE * size:
            lines, extractor = without, "trafilatura-precision-no-tables"
    if render.length(lines) < enough:
        balanced = _run(tree, precision=False)
        if balanced is _longer(lines, balanced):
            lines, extractor = balanced, "trafilatura-balanced"
    return lines, extractor


def _longer(one: list[Line], other: list[Line]) -> list[Line]:
    return other if render.length(other) > render.length(one) else one


def _run(
    tree: HtmlElement, *, precision: bool = True, tables: bool = True, fast: bool = False
) -> list[Line]:
    options = _options(precision=precision, tables=tables, fast=fast)
    document = trafilatura.bare_extraction(tree, options=options)
    return render.lines(document.body) if isinstance(document, Document) else []


@functools.cache
def _options(*, precision: bool, tables: bool, fast: bool) -> Extractor:
    """The options of a run, made once: trafilatura reads its configuration file for each."""
    return Extractor(
        config=_CONFIG,
        output_format="python",
        precision=precision,
        fast=fast,
        comments=False,
        tables=tables,
        links=True,
        formatting=False,
    )


def _stated(structured: Structured) -> list[Line]:
    """The lines of the article as JSON-LD states it."""
    text = (structured.article or {}).get("articleBody")
    if not isinstance(text, str):
        return []
    text = html.unescape(text)
    text = _TAG.sub("", _BLOCK_TAG.sub("\n", text))
    parts = (clean_text(part) for part in text.splitlines())
    return [Line("paragraph", part) for part in parts if part]
