"""From an element tree to lines: one a paragraph, heading, list item, quote, table row.

Reads trafilatura's tree, and HTML where a site rule names the body. trafilatura's own text output
cannot tell a heading from a paragraph or a list of links from a list; its tree can. A line break
inside running text begins a new line, as in the pages that part their paragraphs with `<br><br>`;
inside a heading or a cell it is a space.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.records import BlockKind, clean_text

CELL_SEPARATOR = " | "
"""Joins the cells of a data table into one line: readable, and hardly ever used inside a cell."""

_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("head", "h1", "h2", "h3", "h4", "h5", "h6", "summary"), "heading"),
    **dict.fromkeys(("item", "li", "dd", "dt"), "list_item"),
    **dict.fromkeys(("quote", "blockquote"), "quote"),
}
_BLOCKS = frozenset(
    (
        *_KINDS, "p", "code", "pre", "div", "section", "article", "main", "center", "address", "dl",
        "figure", "details", "header",
    )
)  # fmt: skip
_LISTS = frozenset(("list", "ul", "ol", "dl"))
_ROWS, _CELLS = frozenset(("row", "tr")), frozenset(("cell", "td", "th"))
_BREAKS, _LINKS = frozenset(("lb", "br", "hr")), frozenset(("ref", "a"))
_SKIPPED = frozenset(("graphic", "figcaption", "picture", "img"))


@dataclass(slots=True)
class Line:
    """A block in the making, with what the boilerplate filter needs to know of it."""

    kind: BlockKind
    text: str
    links: float = 0.0
    """Share of its characters that are link text, 0–1."""
    group: int = 0
    """The same number for all items of one list; 0 outside of lists."""


def lines(body: Any) -> list[Line]:
    """The lines of an element, in reading order."""
    writer = _Writer()
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if event == "end":
            writer.end(element.tag)
            if element is not body:
                writer.add(element.tail)
        elif element.tag in _SKIPPED:
            walker.skip_subtree()
        else:
            writer.start(element.tag)
            writer.add(element.text)
    writer.flush()
    return writer.lines


def length(found: Iterable[Line]) -> int:
    """Characters in all the lines."""
    return sum(len(line.text) for line in found)


class _Writer:
    """Collects text until the block around it ends."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._linked = 0
        self._kinds: list[BlockKind] = ["paragraph"]
        self._in_links = self._in_lists = self._in_cells = self._group = 0
        self._cells: list[str] = []
        self._cells_linked = 0

    def start(self, tag: str) -> None:
        if tag in _BREAKS:
            self._break()
        elif tag in _LINKS:
            self._in_links += 1
        elif tag in _CELLS:
            self._end_cell()
            self._in_cells += 1
        elif tag in _ROWS:
            self.flush()
        elif self._in_cells:
            self._parts.append(" ")
        elif tag in _LISTS:
            self.flush()
            self._group += self._in_lists == 0
            self._in_lists += 1
        elif tag in _BLOCKS:
            self.flush()
            self._kinds.append(_KINDS.get(tag, self._kinds[-1]))

    def end(self, tag: str) -> None:
        if tag in _LINKS:
            self._in_links -= 1
        elif tag in _CELLS:
            self._end_cell()
            self._in_cells -= 1
        elif tag in _ROWS:
            self._end_row()
        elif self._in_cells or tag in _BREAKS:
            return
        elif tag in _LISTS:
            self.flush()
            self._in_lists -= 1
        elif tag in _BLOCKS:
            self.flush()
            self._kinds.pop()

    def add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._in_links:
                self._linked += len(text.strip())

    def flush(self) -> None:
        if not self._parts:
            return
        if text := clean_text("".join(self._parts)):
            share = min(1.0, self._linked / len(text))
            group = self._group if self._in_lists else 0
            self.lines.append(Line(self._kinds[-1], text, share, group))
        self._parts.clear()
        self._linked = 0

    def _break(self) -> None:
        if self._kinds[-1] == "heading" or self._in_cells:
            self._parts.append(" ")
        else:
            self.flush()

    def _end_cell(self) -> None:
        if not self._parts:
            return
        if text := clean_text("".join(self._parts)):
            self._cells.append(text)
            self._cells_linked += self._linked
        self._parts.clear()
        self._linked = 0

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            text = CELL_SEPARATOR.join(self._cells)
            share = min(1.0, self._cells_linked / len(text))
            self.lines.append(Line("table_row", text, share))
        self._cells.clear()
        self._cells_linked = 0
