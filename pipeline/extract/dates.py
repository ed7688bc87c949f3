"""When an article was published and changed, and which source said so.

Sources from the surest to the weakest: JSON-LD, meta tags, microdata, `<time>`, the feed, a date
written near the title, the URL, such a date without its year ("yesterday, 12:30"), what htmldate
finds in the text. A date before 1990, or one that no place on Earth has reached yet, is refused and
the next source tried. Dates are told in the publisher's own zone: that of the site where it is
known, else the offset the page uses.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement

from pipeline.extract import datenear, datetext
from pipeline.extract.selectors import elements
from pipeline.extract.structured import Structured
from pipeline.extract.text import key, names, short_text
from pipeline.records import PublishedSource

FIRST_YEAR = 1990
# The day begins first at UTC+14: a stamp further ahead than that is a future everywhere.
_AHEAD = timedelta(hours=14)
# A finer source may add the time of day to a coarser one when both tell of the same day.
_SAME_DAY = timedelta(hours=36)

_META_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "og:pubdate",
    "article:published", "datepublished", "publishdate", "pubdate", "publish-date", "publish_date",
    "publication_date", "publication-date", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date",
    "dc.date", "article.published", "article_date_original", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "rnews:datepublished", "mediator_published_time", "citation_date",
    "citation_publication_date", "published_at", "date",
)  # fmt: skip
_META_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
    "dcterms.modified", "dc.date.modified", "lastmod", "last-modified",
)  # fmt: skip
_NO_LETTER = re.compile(r"[^a-z0-9]")
_MICRODATA = etree.XPath("//*[@itemprop='datePublished']")
_WITH_PROPERTY = etree.XPath("//*[@content and @property and not(self::meta)]")
# Drupal 7 and others of its time.
_RDFA = frozenset(("dc:date", "dc:created", "dc:issued", "schema:datepublished"))
_SENTENCE = 60
"""Characters around a date beyond which it stands in a sentence; a byline is shorter."""
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:[/_-]|$)")
_DATE_NAME = re.compile(r"date|time|publi|posted|created|byline|post-?meta|entry-?meta|дата", re.I)
_ELSEWHERE = re.compile(
    r"relat|recommend|sidebar|popular|most-?read|comment|teaser|widget|footer|ticker|latest", re.I
)
# Elements in which a line of the page's head stands.
_TEXT_TAGS = (
    "h1", "h2", "h3", "div", "span", "p", "time", "li", "td", "small", "em", "i", "font", "b",
    "strong", "dd", "address", "abbr", "a",
)  # fmt: skip
_OF_THE_SITE = frozenset(("header", "nav", "aside", "footer"))
_BEFORE_TITLE, _AFTER_TITLE = 12, 24  # elements
_MAX_DATE_LINE, _MAX_WORDS, _MAX_TITLE, _MAX_NEAR_LINE = 120, 10, 300, 60
_WORD = re.compile(r"[^\W\d_]{3,}")
# Elements; news pages have 500 to 20 000, and htmldate takes seconds for many more.
_HUGE = 60_000


@dataclass(frozen=True, slots=True)
class Found:
    """A date, the class of its source for the record, and the very place for the trace."""

    value: datetime | date
    source: PublishedSource
    place: str


def published(
    tree: HtmlElement,
    structured: Structured,
    url: str,
    *,
    now: datetime,
    zone: ZoneInfo | None = None,
    feed: datetime | None = None,
    selected: str | None = None,
    titles: Collection[str] = (),
) -> Found | None:
    """The day or moment of publication.

    `selected` is the text a site rule points at, `titles` are the `text.key`s of the title.
    """
    best: Found | None = None
    for candidate in _stated_dates(tree, structured, feed, selected, titles):
        found = _localised(candidate, zone)
        if _plausible(found.value, now) and (best is None or _refines(found.value, best.value)):
            best = found
        if best and isinstance(best.value, datetime):
            break
    if best is None:
        best = next(
            (
                each
                for each in _guesses(tree, url, now, zone, titles)
                if _plausible(each.value, now)
            ),
            None,
        )
    if best is None:
        return None
    offset_of_page = None if zone else _page_offset(structured)
    if offset_of_page is None or not isinstance(best.value, datetime):
        return best
    if best.value.utcoffset():
        return best
    return Found(best.value.astimezone(offset_of_page.tzinfo), best.source, best.place)


def updated(
    structured: Structured, *, now: datetime, since: datetime | date | None, zone: ZoneInfo | None
) -> Found | None:
    """When the page says it was last changed: never before it was published."""
    for candidate in _updated_candidates(structured):
        found = _localised(candidate, zone)
        if _plausible(found.value, now) and (since is None or _day(found.value) >= _day(since)):
            return found
    return None


def _stated_dates(
    tree: HtmlElement,
    structured: Structured,
    feed: datetime | None,
    selected: str | None,
    titles: Collection[str],
) -> Iterator[Found]:
    if selected and (value := datetext.read(selected)):
        yield Found(value, "text", "rule")
    yield from _in_jsonld(structured, ("datePublished", "dateCreated", "uploadDate"))
    yield from _in_meta(structured, _META_PUBLISHED)
    for element in elements(_MICRODATA, tree):
        stated = element.get("content") or element.get("datetime") or element.text_content()
        if value := datetext.read(stated or ""):
            yield Found(value, "meta", "microdata:datePublished")
            break
    for element in elements(_WITH_PROPERTY, tree):
        if _RDFA.intersection(element.get("property", "").lower().split()):
            if value := datetext.read(element.get("content", "")):
                yield Found(value, "meta", "rdfa")
            break
    for element in tree.iter("time"):
        if _is_in_a_sentence(element):
            continue  # a date that the article tells of, not its own
        if value := datetext.read(element.get("datetime") or ""):
            yield Found(value, "meta", "time")
            break
    if feed is not None:
        yield Found(feed, "feed", "feed")
    if (value := _beside_title(tree, titles)) is not None:
        yield Found(value, "text", "beside the title")


def _is_in_a_sentence(element: HtmlElement) -> bool:
    """Whether an inline element has running text around it in its paragraph."""
    for outer in element.iterancestors("p", "li", "blockquote", "td", "dd", "figcaption"):
        around = len(outer.text_content()) - len(element.text_content())
        return around > _SENTENCE
    return False


def _guesses(
    tree: HtmlElement, url: str, now: datetime, zone: ZoneInfo | None, titles: Collection[str]
) -> Iterator[Found]:
    told = _told_from_today(tree, now, zone, titles)
    if match := _URL_DATE.search(url):
        with contextlib.suppress(ValueError):  # 2025/02/30 is a path, not a day
            day = date(int(match[1]), int(match[2]), int(match[3]))
            yield told if told and _refines(told.value, day) else Found(day, "url", "url")
    if told:
        yield told
    if next(itertools.islice(tree.iter(), _HUGE, None), None) is not None:
        return
    found = find_date(
        tree,
        original_date=True,
        min_date=f"{FIRST_YEAR}-01-01",
        max_date=(now + _AHEAD).date().isoformat(),
    )
    # The first of January is htmldate's way to say that it found a year alone.
    if found and not found.endswith("-01-01"):
        yield Found(date.fromisoformat(found), "text", "htmldate")


def _updated_candidates(structured: Structured) -> Iterator[Found]:
    yield from _in_jsonld(structured, ("dateModified",))
    yield from _in_meta(structured, _META_MODIFIED)


def _in_jsonld(structured: Structured, properties: tuple[str, ...]) -> Iterator[Found]:
    article = structured.article
    nodes = ([article] if article else []) + [n for n in structured.nodes if n is not article]
    for node in nodes:
        for name in properties:
            stated = node.get(name)
            if isinstance(stated, list) and stated:
                stated = stated[0]
            if isinstance(stated, (str, int)) and (value := datetext.read(str(stated))):
                yield Found(value, "jsonld", f"jsonld:{name}")
                return


def _in_meta(structured: Structured, wanted_names: tuple[str, ...]) -> Iterator[Found]:
    published: dict[str, tuple[str, str]] = {}
    for name, contents in structured.meta.items():
        published.setdefault(_letters(name), (name, contents[0]))
    for wanted in map(_LETTERS_OF.__getitem__, wanted_names):
        name, content = published.get(wanted, ("", ""))
        if content and (value := datetext.read(content)):
            yield Found(value, "meta", f"meta:{name}")


def _letters(name: str) -> str:
    """`article:published_time`, `article.published-time` and `articlePublishedTime` are one."""
    return _NO_LETTER.sub("", name.lower())


_LETTERS_OF = {name: _letters(name) for name in _META_PUBLISHED + _META_MODIFIED}


def _beside_title(tree: HtmlElement, titles: Collection[str]) -> datetime | date | None:
    """A date in a short element of its own: named for it, or in sight of the title."""
    parts = list(tree.iter(*_TEXT_TAGS))
    at = next((i for i, each in enumerate(parts) if _is_title(each, titles)), None)
    named: datetime | date | None = None
    above: datetime | date | None = None
    for index, element in enumerate(parts):
        is_named = _DATE_NAME.search(names(element)) is not None
        near = at is not None and at - _BEFORE_TITLE <= index <= at + _AFTER_TITLE
        if not near and (named is not None or not is_named or (at is not None and index < at)):
            continue
        value = _short_date(element)
        if value is None or _is_elsewhere(element, parts[at] if at is not None else None):
            continue
        if near and at is not None and index >= at:
            return value
        # Above the title may stand today's date, for readers of the whole site.
        above = above or (value if near else None)
        named = named or value
    return above or named


def _told_from_today(
    tree: HtmlElement, now: datetime, zone: ZoneInfo | None, titles: Collection[str]
) -> Found | None:
    """A date without its year, or "yesterday", below the title; without a zone only the day."""
    here = now.astimezone(zone or UTC)
    for element, title in _below_title(tree, titles):
        line = short_text(element, _MAX_NEAR_LINE)
        if not line or len(_WORD.findall(line)) > _MAX_WORDS:
            continue
        if _ELSEWHERE.search(names(element)) or _is_elsewhere(element, title):
            continue
        if (value := datenear.find(line, here)) is not None:
            known = value if zone or not isinstance(value, datetime) else value.date()
            return Found(known, "text", "beside the title, counted from the fetch")
    return None


def _below_title(
    tree: HtmlElement, titles: Collection[str]
) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """The elements next after the title, each with the title."""
    parts = tree.iter(*_TEXT_TAGS)
    title = next((each for each in parts if _is_title(each, titles)), None)
    if title is not None:
        yield from ((each, title) for each in itertools.islice(parts, _AFTER_TITLE))


def _is_elsewhere(element: HtmlElement, title: HtmlElement | None) -> bool:
    """Whether an element is in a list of other news, or in the head or foot of the whole site."""
    return any(
        _ELSEWHERE.search(names(up)) or (up.tag in _OF_THE_SITE and not _holds(up, title))
        for up in element.iterancestors()
    )


def _holds(outer: HtmlElement, element: HtmlElement | None) -> bool:
    return element is None or outer in element.iterancestors()


def _is_title(element: HtmlElement, titles: Collection[str]) -> bool:
    if element.tag == "h1":
        return True
    line = short_text(element, _MAX_TITLE) or ""
    return key(line) in titles


def _short_date(element: HtmlElement) -> datetime | date | None:
    """The date of an element that says little else."""
    line = short_text(element, _MAX_DATE_LINE)
    if not line or len(_WORD.findall(line)) > _MAX_WORDS:
        return None
    return datetext.find(line)


def _localised(found: Found, zone: ZoneInfo | None) -> Found:
    """The date as the publisher's clock shows it; a time without any known zone is only a day."""
    value = found.value
    if isinstance(value, datetime):
        if zone is not None:
            value = value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)
        elif value.tzinfo is None:
            value = value.date()
    return Found(value, found.source, found.place)


def _plausible(value: datetime | date, now: datetime) -> bool:
    latest = now + _AHEAD
    if isinstance(value, datetime):
        return value.year >= FIRST_YEAR and value <= latest
    return value.year >= FIRST_YEAR and value <= latest.date()


def _refines(finer: datetime | date, coarser: datetime | date) -> bool:
    """Whether `finer` gives the time of day that `coarser` lacks, without contradicting it."""
    if not isinstance(finer, datetime) or isinstance(coarser, datetime):
        return False
    noon = datetime(coarser.year, coarser.month, coarser.day, 12, tzinfo=finer.tzinfo)
    return abs(finer - noon) <= _SAME_DAY


def _page_offset(structured: Structured) -> datetime | None:
    """A stamp of the page that is told in an offset other than UTC: the publisher's own clock."""
    for found in _in_meta(structured, _META_PUBLISHED + _META_MODIFIED):
        if isinstance(found.value, datetime) and found.value.utcoffset():
            return found.value
    return None


def _day(value: datetime | date) -> date:
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value
