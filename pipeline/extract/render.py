"""From trafilatura's element tree to lines: one a paragraph, heading, list item, quote, table row.

Trafilatura's own text output cannot tell a heading from a paragraph or a list of links from a
list; its tree can. A line break inside running text begins a new line, as in the pages that part
their paragraphs with `<br><br>`; inside a heading it is a space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.records import BlockKind, clean_text

# How the cells of a data table are joined into one line: readable, and not used inside cells.
CELL_SEPARATOR = " | "

_KINDS: dict[str, BlockKind] = {"head": "heading", "item": "list_item", "quote": "quote"}
_BLOCKS = frozenset(("p", "head", "item", "quote", "list", "row", "table", "cell", "code"))


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
    """The lines of a trafilatura body element, in reading order."""
    found: list[Line] = []
    _loose(found, body.text)
    for number, element in enumerate(body, start=1):
        if element.tag == "list":
            for item in element:
                found += _flow(item, "list_item", number)
        elif element.tag == "table":
            found += _table(element)
        elif element.tag != "graphic":
            found += _flow(element, _KINDS.get(element.tag, "paragraph"), 0)
        _loose(found, element.tail)
    return found


def length(found: list[Line]) -> int:
    """Characters in all the lines."""
    return sum(len(line.text) for line in found)


def _loose(found: list[Line], text: str | None) -> None:
    if text and (cleaned := clean_text(text)):
        found.append(Line("paragraph", cleaned))


def _table(table: Any) -> list[Line]:
    rows = []
    for row in table.iter("row"):
        cells = [clean_text(" ".join(cell.itertext())) for cell in row.iter("cell")]
        if text := CELL_SEPARATOR.join(cell for cell in cells if cell):
            rows.append(Line("table_row", text, _link_share(row, text)))
    return rows


def _link_share(element: Any, text: str) -> float:
    linked = sum(len(clean_text("".join(ref.itertext()))) for ref in element.iter("ref"))
    return min(1.0, linked / len(text))


def _flow(element: Any, kind: BlockKind, group: int) -> list[Line]:
    """The lines inside one block element, parted at line breaks and at blocks nested in it."""
    found: list[Line] = []
    parts: list[str] = []
    linked = 0

    def flush() -> None:
        nonlocal linked
        if text := clean_text("".join(parts)):
            found.append(Line(kind, text, min(1.0, linked / len(text)), group))
        parts.clear()
        linked = 0

    def add(text: str | None, in_link: bool) -> None:
        nonlocal linked
        if text:
            parts.append(text)
            if in_link:
                linked += len(text.strip())

    def walk(parent: Any, in_link: bool) -> None:
        add(parent.text, in_link)
        for child in parent:
            if child.tag == "lb":
                if kind == "heading":
                    parts.append(" ")
                else:
                    flush()
            elif child.tag in _BLOCKS:
                flush()
                found.extend(_flow(child, _KINDS.get(child.tag, kind), group))
            elif child.tag != "graphic":
                walk(child, in_link or child.tag == "ref")
            add(child.tail, in_link)

    walk(element, False)
    flush()
    return found
