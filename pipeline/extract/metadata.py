"""Title, authors, site name, canonical URL, image and section of a page, each with its source."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipeline.extract import structured as sd
from pipeline.extract.structured import Structured
from pipeline.records import clean_text

# " и ", " and " … part names in one string; so do commas, semicolons, slashes and bars.
_NAME_SEPARATOR = re.compile(
    r"\s*[,;/|•·]\s*|\s+(?:and|und|et|i|oraz|и|і|й|та|ir|un|ja|&)\s+", re.IGNORECASE
)
_BY = re.compile(
    r"^\s*(?:автор(?:ы|и|ка)?|аўтар(?:ы|ка)?|текст|тэкст|by|von|par|autor(?:ka|zy|ius|s)?|author)\b\s*:?\s*",
    re.I,
)
_META_AUTHOR = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
)
_TITLE_SEPARATOR = re.compile(r"\s+[|–—·•»:-]\s+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of the article beside its body and dates."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    site_name: str | None = None
    canonical_url: str | None = None
    image: str | None = None
    section: str | None = None
    html_lang: str | None = None
    titles: frozenset[str] = frozenset()
    """Every form in which the page writes its title: lines of the body equal to one are no body."""
    sources: Mapping[str, str] = field(default_factory=dict)


def read(
    tree: HtmlElement, structured: Structured, url: str, author: str | None = None
) -> Metadata:
    """Read the metadata of a parsed page; `author` is the text a site rule points at."""
    sources: dict[str, str] = {}

    def first(name: str, candidates: Iterable[tuple[str, str | None]]) -> str | None:
        for source, value in candidates:
            cleaned = clean_text(html.unescape(value)) if value else ""
            if cleaned:
                sources[name] = source
                return cleaned
        return None

    titles = list(_titles(tree, structured))
    title = first("title", titles)
    authors, authors_source = _authors(structured, author)
    if authors:
        sources["authors"] = authors_source
    article = structured.article or {}
    publisher = sd.names(article.get("publisher"))
    canonical = first("canonical_url", _canonical(tree, structured))
    image = first(
        "image",
        (
            ("meta:og:image", structured.first_meta("og:image", "og:image:url")),
            ("jsonld", sd.first_url(article.get("image"))),
            ("meta:twitter:image", structured.first_meta("twitter:image", "twitter:image:src")),
        ),
    )
    site_name = first(
        "site_name",
        (
            ("meta:og:site_name", structured.first_meta("og:site_name")),
            ("jsonld", publisher[0] if publisher else None),
            ("meta:application-name", structured.first_meta("application-name")),
        ),
    )
    section = first(
        "section",
        (
            ("jsonld", _first_text(article.get("articleSection"))),
            ("meta:article:section", structured.first_meta("article:section", "og:section")),
        ),
    )
    root = tree.getroottree().getroot()
    return Metadata(
        title=title,
        authors=authors,
        site_name=site_name,
        canonical_url=urljoin(url, canonical) if canonical else None,
        image=urljoin(url, image) if image else None,
        section=section,
        html_lang=root.get("lang") or root.get("xml:lang") or None,
        titles=frozenset(_title_forms(value for _, value in titles)),
        sources=sources,
    )


def key(text: str) -> str:
    """Letters and digits only, case folded: equal for two spellings of one line."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _titles(tree: HtmlElement, structured: Structured) -> Iterator[tuple[str, str | None]]:
    article = structured.article or {}
    yield "jsonld", _first_text(article.get("headline"))
    for heading in tree.iter("h1"):
        if text := clean_text(heading.text_content()):
            yield "h1", text
            break
    yield "meta:og:title", structured.first_meta("og:title", "twitter:title")
    element = tree.find(".//title")
    yield "title", element.text if element is not None else None


def _title_forms(titles: Iterable[str | None]) -> Iterator[str]:
    for title in titles:
        if not title:
            continue
        whole = html.unescape(title)
        yield key(whole)
        # "Title - Site name" and "Title | Section | Site name"
        yield key(_TITLE_SEPARATOR.split(whole)[0])


def _authors(structured: Structured, selected: str | None) -> tuple[tuple[str, ...], str]:
    if selected and (names := _split([selected])):
        return names, "rule"
    article = structured.article or {}
    stated = article.get("author") or article.get("creator")
    if names := _split(_resolved(structured, stated)):
        return names, "jsonld"
    for name in _META_AUTHOR:
        if names := _split(sd.names(list(structured.meta.get(name, ())))):
            return names, f"meta:{name}"
    return (), "none"


def _resolved(structured: Structured, stated: object) -> list[str]:
    """Author names, following references such as `{"@id": "#/person/1"}` into the graph."""
    found = sd.names(stated)
    if found:
        return found
    references = stated if isinstance(stated, list) else [stated]
    nodes = [structured.by_id(r.get("@id")) for r in references if isinstance(r, dict)]
    return [name for node in nodes if node for name in sd.names(dict(node))]


def _split(names: Iterable[str]) -> tuple[str, ...]:
    parts: dict[str, None] = {}
    for name in names:
        for part in _NAME_SEPARATOR.split(_BY.sub("", clean_text(name))):
            if part and any(char.isalpha() for char in part):
                parts.setdefault(part)
    return tuple(parts)


def _canonical(tree: HtmlElement, structured: Structured) -> Iterator[tuple[str, str | None]]:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield "link", link.get("href")
    yield "meta:og:url", structured.first_meta("og:url")


def _first_text(value: object) -> str | None:
    if isinstance(value, list):
        return next((text for item in value if (text := _first_text(item))), None)
    return value if isinstance(value, str) else None
