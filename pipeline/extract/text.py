"""Small readings of text that the other modules share."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from pipeline.records import clean_text

SENTENCE_END = re.compile(r"[.!?…:;][»\"”’)\]]*$")
"""How a sentence ends; captions, labels and headings seldom do."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """Letters and digits only, case folded: equal for two spellings of one line."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def text_of(element: HtmlElement) -> str:
    """The text of an element as one clean line."""
    return clean_text(element.text_content())


def short_text(element: HtmlElement, limit: int) -> str | None:
    """The text of an element as one clean line; None when it is longer than `limit` characters."""
    content = element.text_content()
    # Indentation counts for nothing, but megabytes are not cleaned to find that out.
    if len(content) > 8 * limit + 400:
        return None
    text = clean_text(content)
    return text if len(text) <= limit else None


def linked(element: HtmlElement, whole: str) -> float:
    """The share of an element's text `whole` that is inside links, 0–1."""
    return sum(len(text_of(link)) for link in element.iter("a")) / max(1, len(whole))


def names(element: HtmlElement) -> str:
    """Class and id of an element, where sites tell what it is."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"
