"""What a page says about itself for machines: JSON-LD, meta tags, microdata — read once.

Everything here is as published; what to believe is decided in `metadata` and `dates`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

Node = Mapping[str, Any]

# schema.org types by how surely they are the article of the page; lower is better.
_ARTICLE_TYPES = {
    "newsarticle": 0,
    "reportagenewsarticle": 0,
    "analysisnewsarticle": 0,
    "opinionnewsarticle": 0,
    "backgroundnewsarticle": 0,
    "reviewnewsarticle": 0,
    "askpublicnewsarticle": 0,
    "liveblogposting": 1,
    "advertisercontentarticle": 1,
    "article": 1,
    "blogposting": 2,
    "techarticle": 2,
    "scholarlyarticle": 2,
    "report": 2,
    "socialmediaposting": 3,
    "claimreview": 3,
    "review": 4,
    "creativework": 4,
    "videoobject": 5,
    "webpage": 6,
    "itempage": 6,
}
# Properties that hold other works, not this one.
_OTHER_WORKS = frozenset(
    ("itemlistelement", "haspart", "relatedlink", "comment", "mentions", "about", "liveblogupdate")
)
_MAX_DEPTH = 12

_WRAPPERS = re.compile(r"^\s*(?://)?\s*(?:<!\[CDATA\[|<!--)|(?://)?\s*(?:\]\]>|-->)\s*;?\s*$")
# Without one of these there is no wrapper: a cheap first look.
_WRAPPER_MARKS = ("<![CDATA[", "<!--", "]]>", "-->")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Structured:
    """The machine-readable statements of one page."""

    article: Node | None
    """The JSON-LD object that is the article, if any."""
    nodes: tuple[Node, ...]
    """All JSON-LD objects, outermost first."""
    meta: Mapping[str, tuple[str, ...]]
    """Contents of the meta tags by name, property or itemprop in lower case."""

    def first_meta(self, *names: str) -> str | None:
        """The first non-empty meta content among `names`, tried in order."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def by_id(self, node_id: object) -> Node | None:
        """The fullest JSON-LD object with that `@id`."""
        found = [node for node in self.nodes if node.get("@id") == node_id] if node_id else []
        return max(found, key=len, default=None)


def read(tree: HtmlElement) -> Structured:
    """Collect the JSON-LD objects and meta tags of a page."""
    ranked = [
        (depth, node)
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower() and script.text
        for depth, node in _walk(_load(script.text), 0)
    ]
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if content is None:
            continue
        for attribute in ("property", "name", "itemprop"):
            name = element.get(attribute)
            if name:
                meta.setdefault(name.strip().lower(), []).append(content.strip())
                break
    ordered = sorted(range(len(ranked)), key=lambda i: (ranked[i][0], i))
    return Structured(
        article=_best_article(ranked),
        nodes=tuple(ranked[i][1] for i in ordered),
        meta={name: tuple(values) for name, values in meta.items()},
    )


def types(node: Node) -> list[str]:
    """The schema.org types of a JSON-LD object, lower case, without their namespace."""
    declared = node.get("@type")
    listed = declared if isinstance(declared, list) else [declared]
    return [re.split(r"[/:#]", str(name))[-1].lower() for name in listed if name]


def names(value: object) -> list[str]:
    """The names in a JSON-LD value: a string, a Person or Organization, or a list of those."""
    if isinstance(value, list):
        return [name for item in value for name in names(item)]
    if isinstance(value, str):
        text = html.unescape(value).strip()
        return [text] if text and not text.startswith(("http://", "https://", "//")) else []
    if isinstance(value, dict):
        if value.get("name"):
            return names(value["name"])
        parts = (value.get("givenName"), value.get("familyName"))
        return names(" ".join(part for part in parts if isinstance(part, str)))
    return []


def first_url(value: object) -> str | None:
    """The first address in a JSON-LD value: a string, an ImageObject, or a list of those."""
    if isinstance(value, list):
        return next((url for item in value if (url := first_url(item))), None)
    if isinstance(value, dict):
        return next(
            (url for key in ("url", "contentUrl", "@id") if (url := first_url(value.get(key)))),
            None,
        )
    return value.strip() or None if isinstance(value, str) else None


def first_text(value: object) -> str | None:
    """The first string in a JSON-LD value that may be a list."""
    if isinstance(value, list):
        return next((text for item in value if (text := first_text(item))), None)
    return value if isinstance(value, str) else None


def _load(text: str) -> object:
    """Parse a JSON-LD script, forgiving what publishers get wrong."""
    if any(mark in text for mark in _WRAPPER_MARKS):
        text = _WRAPPERS.sub("", _WRAPPERS.sub("", text))
    text = text.strip().rstrip(";")
    repairs: tuple[Callable[[str], str], ...] = (
        lambda raw: raw,
        lambda raw: _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", raw)),
        html.unescape,
    )
    for repair in repairs:
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return _load_several(text)


def _load_several(text: str) -> list[object]:
    """Objects written one after the other in one script, up to the first broken one."""
    decoder = json.JSONDecoder(strict=False)
    found: list[object] = []
    position = 0
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while position < len(text) and text[position] in " \n\r\t,;":
            position += 1
    return found


def _walk(value: object, depth: int) -> Iterator[tuple[int, Node]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield depth, value
        for key, inner in value.items():
            if isinstance(inner, (dict, list)) and key.lower() not in _OTHER_WORKS:
                yield from _walk(inner, depth + 1)


def _best_article(ranked: list[tuple[int, Node]]) -> Node | None:
    """The object most surely the article: by type, then nearest to the top, then first."""
    best: tuple[int, int, int] | None = None
    chosen: Node | None = None
    for position, (depth, node) in enumerate(ranked):
        rank = min((_ARTICLE_TYPES[t] for t in types(node) if t in _ARTICLE_TYPES), default=None)
        if rank is None or not any(
            node.get(key) for key in ("headline", "datePublished", "articleBody")
        ):
            continue
        if best is None or (rank, depth, position) < best:
            best, chosen = (rank, depth, position), node
    return chosen
