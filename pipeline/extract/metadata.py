"""Title, authors, site name, canonical URL, image and section of a page, each with its source."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extract import authors as author_names
from pipeline.extract import structured as sd
from pipeline.extract import titles
from pipeline.extract.selectors import elements
from pipeline.extract.structured import Structured
from pipeline.extract.text import key, text_of
from pipeline.records import clean_text

_IMAGES = etree.XPath("//img[@itemprop='image']")
_SECTIONS = etree.XPath("//*[@itemprop='articleSection']")
_CATEGORIES = etree.XPath("//a[contains(@rel, 'category')]")
# The home page in one of a site's languages is "/be/".
_LANGUAGE = 2


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
    tree: HtmlElement,
    structured: Structured,
    url: str,
    *,
    author: str | None = None,
    feed_title: str | None = None,
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

    site_name = first("site_name", _site_names(structured))
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    known_as = [name for _, name in _site_names(structured) if name]
    known_as += [host, host.rpartition(".")[0]] if "." in host else []
    title, title_source, forms = titles.read(tree, structured, known_as, feed_title)
    people, people_source = author_names.read(tree, structured, known_as, author)
    if title:
        sources["title"] = title_source
    if people:
        sources["authors"] = people_source
    canonical = first("canonical_url", _canonical(tree, structured))
    image = first("image", _images(tree, structured))
    section = first("section", _sections(tree, structured, forms))
    root = tree.getroottree().getroot()
    html_lang = root.get("lang") or root.get("xml:lang") or None
    if html_lang:
        sources["html_lang"] = "html"
    return Metadata(
        title=title,
        authors=people,
        site_name=site_name,
        canonical_url=_absolute(url, canonical),
        image=_absolute(url, image),
        section=section,
        html_lang=html_lang,
        titles=forms,
        sources=sources,
    )


def _site_names(structured: Structured) -> Iterator[tuple[str, str | None]]:
    article = structured.article or {}
    yield "meta:og:site_name", structured.first_meta("og:site_name")
    for name in sd.names(article.get("publisher")):
        yield "jsonld", name
    yield "meta:application-name", structured.first_meta("application-name")


def _images(tree: HtmlElement, structured: Structured) -> Iterator[tuple[str, str | None]]:
    yield "meta:og:image", structured.first_meta("og:image", "og:image:url", "og:image:secure_url")
    yield "jsonld", sd.first_url((structured.article or {}).get("image"))
    yield "meta:twitter:image", structured.first_meta("twitter:image", "twitter:image:src")
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "image_src":
            yield "link", link.get("href")
    for image in elements(_IMAGES, tree):
        yield "microdata:image", image.get("src")


def _sections(
    tree: HtmlElement, structured: Structured, titles: frozenset[str]
) -> Iterator[tuple[str, str | None]]:
    yield "jsonld", sd.first_text((structured.article or {}).get("articleSection"))
    yield (
        "meta:article:section",
        structured.first_meta("article:section", "og:section", "articlesection"),
    )
    for element in elements(_SECTIONS, tree):
        yield "microdata:articleSection", element.get("content") or text_of(element)
    for node in structured.nodes:
        if "breadcrumblist" in sd.types(node):
            yield "jsonld:breadcrumb", _last_crumb(node.get("itemListElement"), titles)
    for link in elements(_CATEGORIES, tree):
        if "category" in (link.get("rel") or "").lower().split():
            yield "rel=category", text_of(link)


def _last_crumb(items: object, titles: frozenset[str]) -> str | None:
    """The last step of a path "Home › Section › Article" that is neither home nor the article."""
    crumbs = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    for crumb in reversed(crumbs):
        item = crumb.get("item")
        stated = crumb.get("name") or (item.get("name") if isinstance(item, dict) else None)
        address = sd.first_url(item) or ""
        if not isinstance(stated, str) or key(stated) in titles:
            continue
        if len(urlsplit(address).path.strip("/")) > _LANGUAGE:
            return stated
    return None


def _canonical(tree: HtmlElement, structured: Structured) -> Iterator[tuple[str, str | None]]:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield "link", link.get("href")
    yield "meta:og:url", structured.first_meta("og:url")


def _absolute(base: str, address: str | None) -> str | None:
    """The http(s) address that `address` means on the page at `base`."""
    if not address:
        return None
    try:
        joined = urljoin(base, address)
        return joined if urlsplit(joined).scheme in ("http", "https") else None
    except ValueError:  # "http://[broken"
        return None
