"""Who wrote an article: persons first; the newsroom's own name only when no person is named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extract import structured as sd
from pipeline.extract.selectors import elements
from pipeline.extract.structured import Structured
from pipeline.extract.text import key, names, short_text, text_of
from pipeline.records import clean_text

# Names stand in one string parted by commas, slashes, bars or the word "and" of their language.
_SEPARATOR = re.compile(
    r"\s*[,;/|•·]\s*|\s+(?:and|und|et|i|oraz|и|і|й|та|ir|un|ja|y|e|og|och|&)\s+", re.IGNORECASE
)
_LEADING = re.compile(
    r"^\W*(?:автор(?:ы|и|ка)?|аўтар(?:ы|ка)?|текст|тэкст|written by|by|von|par|por|av|"
    r"autor(?:ka|zy|ius|ė|s|i)?|author|text|tekst(?:as)?|teksts)\b\s*:?\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\s*(?:автор|аўтар|автор статьи|автор текста|autor|autorius|autorė|autors|author)\s*:\s*",
    re.IGNORECASE,
)
# One to four words in capitals after the label, and no more.
_LABELLED = re.compile(
    rf"{_LABEL.pattern}(?-i:(?:[A-ZŁŚŻŹĆŠŽČĖĀĒĪŪА-ЯЁІЎЄЇҐ][\w.'’-]*\s*){{1,4}})", re.IGNORECASE
)
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_NO_NAME = re.compile(r"[@\d]|https?:|www\.|^[\w-]+(?:\.[\w-]+)+$", re.IGNORECASE)
_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|autor|avtor)(?:s|zy)?"
    r"(?:[\s_-]*(?:names?|links?|list|item))*(?:$|\s)"
    r"|(?-i:[a-z](?:Author|Byline)(?:s|Names?|List)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BYLINES = etree.XPath(
    "//*[contains(@class, 'uthor') or contains(@class, 'yline') or contains(@class, 'utor')"
    " or contains(@class, 'vtor') or contains(@id, 'uthor') or contains(@id, 'yline')]"
)
_OF_AUTHORS = etree.XPath("//*[contains(@itemprop, 'uthor')]")
_ELSEWHERE = re.compile(
    r"comment|relat|recommend|sidebar|widget|teaser|popular|footer|bio\b|social|photo|image|quote",
    re.IGNORECASE,
)
_MAX_AUTHORS = 50
_MAX_NAME, _MAX_WORDS, _MAX_BYLINE = 60, 5, 160


def read(
    tree: HtmlElement, structured: Structured, site_names: Collection[str], selected: str | None
) -> tuple[tuple[str, ...], str]:
    """The authors and their source; `selected` is the text a site rule points at."""
    site_keys = {key(name) for name in site_names if key(name)}
    newsroom: tuple[tuple[str, ...], str] | None = None
    for source, stated in _candidates(tree, structured, selected):
        people = _people(stated, site_keys)
        persons = tuple(name for name in people if not _is_site(name, site_keys))
        if persons:
            return persons, source
        if people and newsroom is None:
            newsroom = people, source
    return newsroom or ((), "none")


def _is_site(name: str, site_keys: Collection[str]) -> bool:
    """Whether a name is the site itself or one of its desks ("Example News")."""
    own = key(name)
    return own in site_keys or any(len(site) > 2 and own.startswith(site) for site in site_keys)


def _candidates(
    tree: HtmlElement, structured: Structured, selected: str | None
) -> Iterator[tuple[str, list[str]]]:
    if selected:
        yield "rule", [selected]
    article = structured.article or {}
    yield "jsonld", _resolved(structured, article.get("author") or article.get("creator"))
    for name in _META:
        yield f"meta:{name}", sd.names(list(structured.meta.get(name, ())))
    yield "rel=author", [text_of(link) for link in tree.iter("a") if _has(link, "rel", "author")]
    yield "microdata:author", list(_microdata(tree))
    yield "byline", _byline(tree)
    yield "label", list(_labelled(tree))


def _resolved(structured: Structured, stated: object) -> list[str]:
    """Author names, following references such as `{"@id": "#/person/1"}` into the graph."""
    if found := sd.names(stated):
        return found
    references = stated if isinstance(stated, list) else [stated]
    listed = [each for each in references[:_MAX_AUTHORS] if isinstance(each, dict)]
    nodes = [structured.by_id(each.get("@id")) for each in listed]
    return [name for node in nodes if node for name in sd.names(dict(node))]


def _microdata(tree: HtmlElement) -> Iterator[str]:
    for element in elements(_OF_AUTHORS, tree):
        if not _has(element, "itemprop", "author"):
            continue
        name = element.find('.//*[@itemprop="name"]')
        if name is not None:
            yield name.get("content") or text_of(name)
        elif element.get("itemscope") is None:
            yield element.get("content") or text_of(element)


def _byline(tree: HtmlElement) -> list[str]:
    """The first element of the page that its class calls the author or byline."""
    for element in elements(_BYLINES, tree):
        if not _BYLINE_CLASS.search(names(element)):
            continue
        if any(_ELSEWHERE.search(names(each)) for each in (element, *element.iterancestors())):
            continue
        text = text_of(element)
        if not text or len(text) > _MAX_BYLINE:
            continue
        links = [text_of(link) for link in element.iter("a") if text_of(link)]
        if found := [name for name in links or [text] if _people([name])]:
            return found
    return []


def _labelled(tree: HtmlElement) -> Iterator[str]:
    """The name in a short element that begins with "Author:"."""
    for element in tree.iter("p", "div", "span", "li", "td", "b", "strong", "i", "em", "small"):
        if not element.text or not _LABEL.match(element.text[:40]):
            continue
        whole = short_text(element, _MAX_BYLINE)
        if whole is None or not _LABEL.sub("", whole):
            # The label has an element of its own: the name stands beside it.
            whole = short_text(element.getparent(), _MAX_BYLINE)
        if whole and _LABELLED.fullmatch(whole):
            yield _LABEL.sub("", whole)
            return


def _has(element: HtmlElement, attribute: str, word: str) -> bool:
    return word in (element.get(attribute) or "").lower().split()


def _people(stated: Iterable[str], site_keys: Collection[str] = ()) -> tuple[str, ...]:
    """The single names in `stated`, without what is evidently none; the site's own name is one."""
    found: dict[str, None] = {}
    for each in stated:
        if key(each) in site_keys and not _NO_NAME.search(each):
            found.setdefault(clean_text(each))
            continue
        for part in _SEPARATOR.split(_LEADING.sub("", _BRACKETS.sub("", clean_text(each)))):
            name = _LEADING.sub("", part).strip(" .:–—-")
            if not name or len(name) > _MAX_NAME or len(name.split()) > _MAX_WORDS:
                continue
            if _NO_NAME.search(name) or not any(char.isalpha() for char in name):
                continue
            found.setdefault(name)
    return tuple(found)[:_MAX_AUTHORS]
