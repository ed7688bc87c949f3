"""CSS selectors for the site rules, compiled to XPath.

The part of CSS that site rules need: `tag`, `*`, `.class`, `#id`, `[attr]`, `[attr=v]` with
`^= $= *= ~=`, descendants, children (`>`) and groups (`,`). Anything else is a `ValueError` that
says so, at load time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

_SIMPLE = re.compile(
    r"""(?P<tag>\*|[a-zA-Z][\w-]*)
      | \.(?P<class>-?[a-zA-Z_][\w-]*)
      | \#(?P<id>-?[a-zA-Z_][\w-]*)
      | \[\s*(?P<attribute>[a-zA-Z][\w:-]*)\s*
          (?:(?P<operator>[~^$*]?=)\s*
             (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w-]+))\s*)?\]
    """,
    re.VERBOSE,
)
_COMBINATOR = re.compile(r"\s*(?P<child>>)\s*|\s+")


class Selector:
    """A compiled CSS selector."""

    def __init__(self, css: str) -> None:
        """Compile `css`; raises ValueError with the reason when that is not possible."""
        self.css = css
        self._xpath = etree.XPath(" | ".join(_group(part.strip()) for part in css.split(",")))

    def select(self, tree: HtmlElement) -> list[HtmlElement]:
        """The matching elements in document order."""
        return elements(self._xpath, tree)


def elements(xpath: etree.XPath, tree: HtmlElement) -> list[HtmlElement]:
    """The elements that an XPath finds."""
    found = xpath(tree)
    listed = found if isinstance(found, list) else []
    return [each for each in listed if isinstance(each, HtmlElement)]


def _group(css: str) -> str:
    if not css:
        raise ValueError("an empty selector")
    xpath = "."
    axis = "//"
    position = 0
    while position < len(css):
        conditions: list[str] = []
        tag = "*"
        start = position
        while match := _SIMPLE.match(css, position):
            if match["tag"]:
                if position != start:
                    break
                tag = match["tag"].lower()
            else:
                conditions += _conditions(match)
            position = match.end()
        if position == start:
            raise ValueError(f"{css[position:]!r} is not understood")
        xpath += axis + tag + "".join(f"[{condition}]" for condition in conditions)
        if position == len(css):
            return xpath
        combinator = _COMBINATOR.match(css, position)
        if combinator is None or combinator.end() == len(css):
            raise ValueError(f"{css[position:]!r} is not understood")
        axis = "/" if combinator["child"] else "//"
        position = combinator.end()
    return xpath


def _conditions(match: re.Match[str]) -> Iterator[str]:
    if match["class"]:
        yield f"contains(concat(' ', normalize-space(@class), ' '), ' {match['class']} ')"
        return
    if match["id"]:
        yield f"@id = '{match['id']}'"
        return
    name = f"@{match['attribute'].lower()}"
    if not match["operator"]:
        yield name
        return
    value = next(v for v in (match["double"], match["single"], match["bare"]) if v is not None)
    quoted = f"'{value}'" if "'" not in value else f'"{value}"'
    yield {
        "=": f"{name} = {quoted}",
        "^=": f"starts-with({name}, {quoted})",
        "*=": f"contains({name}, {quoted})",
        "~=": f"contains(concat(' ', normalize-space({name}), ' '), concat(' ', {quoted}, ' '))",
        "$=": f"substring({name}, string-length({name}) - string-length({quoted}) + 1) = {quoted}",
    }[match["operator"]]
