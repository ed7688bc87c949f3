"""The title of an article: the form on which most of the page's own statements agree.

JSON-LD, the visible heading, Open Graph and `<title>` each name the article, with a kicker here and
the site's name there; both are cut off where another statement does without. Without agreement the
surest source wins, in that order.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from lxml.html import HtmlElement

from pipeline.extract.structured import Structured, first_text
from pipeline.extract.text import key, names
from pipeline.records import clean_text

_SEPARATOR = re.compile(r"\s+[|–—·•»:/-]+\s+|\s*[|»]\s*")
_TITLE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:entry|post|article|news|page|item)[_-]*(?:title|headline)\b|\bheadline\b",
    re.IGNORECASE,
)
_KICKER_END = re.compile(r"[:|/–—-]?\s+$")
_MIN_TITLE = 20
_MAX_HEADINGS = 5
_MAX_SITE_PART, _MAX_KICKER = 40, 40


def read(
    tree: HtmlElement, structured: Structured, site_names: Collection[str], feed: str | None
) -> tuple[str | None, str, frozenset[str]]:
    """The title, its source, and the `text.key`s of all forms in which the page writes it.

    `site_names` are the names the site goes by: they are cut off the end of a title.
    """
    site_keys = {key(name) for name in site_names if key(name)}
    found = [
        (source, _without_site(clean_text(html.unescape(stated)), site_keys))
        for source, stated in _candidates(tree, structured, site_keys, feed)
        if stated
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for source, title in found:
        if own := key(title):
            groups.setdefault(own, []).append((source, title))
    if not groups:
        return None, "none", frozenset()
    agreed = max(groups.values(), key=len)  # the first of equals: the surest source
    spellings = Counter(title for _, title in agreed)
    title = max(spellings, key=lambda each: spellings[each])
    source = next(source for source, each in agreed if each == title)
    source, title = _without_kicker(source, title, found)
    return title, source, frozenset(_forms(title for _, title in found))


def is_title(line_key: str, forms: Collection[str]) -> bool:
    """Whether a line is the title in one of its `forms`, perhaps after a kicker or section."""
    return line_key in forms or any(
        len(form) >= _MIN_TITLE
        and line_key.endswith(form)
        and len(line_key) - len(form) <= _MAX_KICKER
        for form in forms
    )


def _without_kicker(source: str, title: str, found: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """The title as another statement gives it without the "Section: " before it."""
    for other, bare in found:
        kicker = title.removesuffix(bare)
        if len(bare) >= _MIN_TITLE and kicker != title and _KICKER_END.search(kicker):
            return other, bare
    return source, title


def _candidates(
    tree: HtmlElement, structured: Structured, site_keys: Collection[str], feed: str | None
) -> Iterator[tuple[str, str | None]]:
    yield "jsonld", first_text((structured.article or {}).get("headline"))
    yield "h1", _heading(tree, site_keys)
    yield "meta:og:title", structured.first_meta("og:title", "twitter:title")
    yield "title", _stated_title(tree)
    yield "feed", feed


def _stated_title(tree: HtmlElement) -> str | None:
    element = tree.find(".//title")
    return element.text if element is not None else None


def _heading(tree: HtmlElement, site_keys: Collection[str]) -> str | None:
    """The first heading that is not the site's name in its logo."""
    for count, heading in enumerate(tree.iter("h1")):
        text = _spaced(heading)
        if count < _MAX_HEADINGS and text and key(text) not in site_keys:
            return text
    stated = key(_stated_title(tree) or "")
    for heading in tree.iter("h2", "h3"):
        own = key(heading.text_content()) if stated else ""
        if len(own) >= _MIN_TITLE and stated.startswith(own):
            return _spaced(heading)
        named = heading.get("itemprop") or ""
        if "headline" in named.split() or _TITLE_CLASS.search(names(heading)):
            return _spaced(heading) or None
    return None


def _spaced(heading: HtmlElement) -> str:
    """The text of a heading, with a space between parts that only their style parts."""
    parts = [heading.text or ""]
    for part in heading:
        parts += [part.text_content(), part.tail or ""]
    text = ""
    for part in parts:
        if text[-1:].isalnum() and part[:1].isupper():
            text += " "
        text += part
    return clean_text(text)


def _without_site(title: str, site_keys: Collection[str]) -> str:
    """`title` without the name of the site at its end."""
    for separator in reversed(list(_SEPARATOR.finditer(title))):
        tail = title[separator.end() :]
        own = key(tail)
        if len(tail) > _MAX_SITE_PART or not own:
            break
        if any(
            own == site or (len(own) > 2 and (own in site or site in own)) for site in site_keys
        ):
            return _without_site(title[: separator.start()], site_keys)
    return title


def _forms(titles: Iterable[str]) -> Iterator[str]:
    for title in titles:
        yield key(title)
        # "Title | Section | Site"
        yield key(_SEPARATOR.split(title)[0])
