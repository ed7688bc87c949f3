"""Pages nested deeper than the parser goes, usually by thousands of tags that nobody closed.

libxml2 gives up at 2 048 open elements, whatever its options. Here the markup below a fixed depth
is written anew: every block there becomes a sibling of the block before it, so that paragraphs and
headings stay apart however deep they were. One pass, in time linear to the text.
"""

from __future__ import annotations

import re

# Well below the limit of libxml2: the extractors behind us copy and search the tree.
_MAX_DEPTH, _MAX_INLINE = 300, 50
# No `<` inside a tag, or a page of unclosed tags would take the square of its size.
_TAG = re.compile(
    r"<!--|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)"
    r"(?:(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*|[^<>]*)>"
)
_VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    )
)  # fmt: skip
_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "ins", "kbd", "label", "mark", "noindex", "nobr", "q", "s", "samp",
        "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    )
)  # fmt: skip
_RAW = frozenset(("script", "style", "textarea", "title", "xmp"))
# A block that begins ends an open paragraph; an item ends the item before it.
_ENDED_BY_ITSELF = frozenset(("li", "dd", "dt", "option", "tr", "td", "th"))


def flatten(text: str) -> str:
    """`text` with the elements that are nested too deep laid side by side; all words stay."""
    writer = _Writer()
    position = 0
    while match := _TAG.search(text, position):
        writer.words(text[position : match.start()])
        position = match.end()
        if match["name"] is None:
            end = text.find("-->", position)
            position = len(text) if end < 0 else end + 3
            continue
        name = match["name"].lower()
        if match["close"]:
            writer.close(name)
        elif name in _VOID:
            writer.words(match[0])
        elif name in _RAW:
            position = _end_of(name, text, position)
            writer.words(text[match.start() : position])
        else:
            writer.open(name, match[0])
    writer.words(text[position:])
    writer.close_all()
    return "".join(writer.parts)


def _end_of(name: str, text: str, start: int) -> int:
    """Where the raw text that begins at `start` ends, its end tag included."""
    end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, start)
    return end.end() if end else len(text)


class _Writer:
    """Writes well-formed markup: what it opens it closes, in order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._read: list[str] = []
        self._read_count: dict[str, int] = {}
        # What stands in the output beyond `_MAX_DEPTH`: one block and what is inline in it.
        self._flat: list[str] = []

    def words(self, text: str) -> None:
        if len(self._read) > _MAX_DEPTH and not self._flat and text and not text.isspace():
            self._begin("div", "<div>")
        self.parts.append(text)

    def open(self, name: str, tag: str) -> None:
        top = self._read[-1] if self._read else ""
        if (top == "p" and name not in _INLINE) or (top == name and name in _ENDED_BY_ITSELF):
            self.close(top)
        self._read.append(name)
        self._read_count[name] = self._read_count.get(name, 0) + 1
        if len(self._read) <= _MAX_DEPTH:
            self.parts.append(tag)
        elif name not in _INLINE:
            self._end_block()
            self._begin(name, tag)
        elif len(self._flat) <= _MAX_INLINE:
            if not self._flat:
                self._begin("div", "<div>")
            self._begin(name, tag)

    def close(self, name: str) -> None:
        if not self._read_count.get(name):
            return
        while True:
            top = self._read.pop()
            self._read_count[top] -= 1
            if len(self._read) < _MAX_DEPTH:
                self._end_block()
                self.parts.append(f"</{top}>")
            elif top not in _INLINE:
                self._end_block()
            elif self._flat and self._flat[-1] == top:
                self.parts.append(f"</{self._flat.pop()}>")
            if top == name:
                return

    def close_all(self) -> None:
        while self._read:
            self.close(self._read[-1])

    def _begin(self, name: str, tag: str) -> None:
        self._flat.append(name)
        self.parts.append(tag)

    def _end_block(self) -> None:
        while self._flat:
            self.parts.append(f"</{self._flat.pop()}>")
