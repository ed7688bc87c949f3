"""What the shape of a URL says about the page: an article or not, this article or another.

Guesses, made to err on the safe side: `pipeline.urls.alias` believes a claim only when nothing
here speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from pipeline import url_rules as rules
from pipeline.url_parts import Parts, registrable

_DATE = re.compile(
    r"/(?:(?:19|20)\d\d(?:[/-](?:\d{1,2}|[a-z]{3}(?=/\d))){1,2}|\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d|(?:19|20)\d{6})"
    r"(?=[/.-]|\Z)"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r"[0-9a-z]+")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|d)\Z")
_MIN_ID = 4
_MIN_MIXED_ID = 8
_SLUG_WORDS = 3


def names_article(path: str) -> bool:
    """Whether a path is so specific that what it names can only be one article."""
    return bool(_DATE.search(path)) or _is_specific(path.rstrip("/").rpartition("/")[2])


def may_be_article(parts: Parts) -> bool:
    """Whether a URL can be that of one article, rather than a home, section or log-in page."""
    if rules.NOT_ARTICLES.intersection(_segments(parts.path)):
        return False
    left = _segments(_DATE.sub("", parts.path))
    return bool(left) and (any(map(_is_specific, left[-2:])) or bool(_ids(parts)))


def distinct(here: Parts, there: Parts) -> bool:
    """Whether two URLs of one site look like two pages rather than two names of one.

    `there` is what `here` is claimed to be: it must name the article at least as well.
    """
    mine, yours = _language(here), _language(there)
    segments_here, segments_there = _segments(here.path), _segments(there.path)
    ids_here, ids_there = _ids(here), _ids(there)
    same_id = bool(_main_ids(here) & ids_there)
    if mine != yours and ((mine and yours) or same_id or segments_here[-1:] == segments_there[-1:]):
        # `/123` and `/ru/123` are the default language and another one.
        return True
    if _other_day(here, there):
        return True
    if ids_here and ids_there:
        return not same_id
    if segments_here == segments_there:
        return bool((_parameters(here) - _parameters(there)) & rules.CONTENT_PARAMETERS)
    if segments_here[: len(segments_there)] == segments_there:
        return True
    if segments_here[-1:] == segments_there[-1:]:
        return False
    common = set(segments_here) & set(segments_there)
    words_here = _slug_words(segment for segment in segments_here if segment not in common)
    words_there = _slug_words(segment for segment in segments_there if segment not in common)
    opaque = (ids_here or not segments_here) and not words_here & words_there
    if opaque and len(words_there) >= _SLUG_WORDS > len(words_here):
        # `/node/123` and `/?p=123` are short for a slug.
        return False
    if words_here == words_there:
        # `…-100` and `…-102`, `…` and `…-2` are two articles with one headline.
        last_here, last_there = "".join(segments_here[-1:]), "".join(segments_there[-1:])
        return _DIGITS.findall(last_here) != _DIGITS.findall(last_there)
    # Editors lengthen and shorten slugs; one other word may be another article.
    fewer, more = sorted((words_here, words_there), key=len)
    return not fewer <= more or 2 * len(fewer) <= len(more)


def _other_day(here: Parts, there: Parts) -> bool:
    """Whether both paths bear a date, and not the same one: digests keep their slug for years."""
    mine, yours = _date(here.path), _date(there.path)
    return bool(mine and yours) and not (mine <= yours or yours <= mine)


def _date(path: str) -> set[str]:
    found = _DATE.search(path.lower())
    if not found:
        return set()
    text = re.sub(r"(\d{4})(\d\d)(\d\d)", r"\1/\2/\3", found[0])
    return {token.lstrip("0") for token in _TOKEN.findall(text)}


def _is_specific(segment: str) -> bool:
    return (
        any(c.isdigit() for c in segment)
        or segment.count("-") + segment.count("_") >= 2
        or segment.lower().endswith((".html", ".htm", ".shtml"))
        or len(unquote(segment)) >= 25
    )


def _segments(path: str) -> list[str]:
    segments = [_EXTENSION.sub("", segment) for segment in path.lower().split("/") if segment]
    return segments[:-1] if segments[-1:] in (["index"], ["default"]) else segments


def _language(parts: Parts) -> str:
    """The language version that a host label or a path segment but the last chooses, or ""."""
    domain = registrable(parts.host) or parts.host
    labels = parts.host.removesuffix(domain).split(".")
    for word in (*labels, *_segments(parts.path)[:-1]):
        if word in rules.LANGUAGES:
            return word
    return ""


def _ids(parts: Parts) -> set[str]:
    """What looks like the number of an article: digits, a UUID, letters mixed with digits."""
    return _ids_of(parts.path) | _ids_of(parts.query)


def _main_ids(parts: Parts) -> set[str]:
    """The ids most likely to be the article's own: sections and authors have shorter numbers."""
    ids = _ids_of(parts.path) or _ids_of(parts.query)
    most = max(map(len, ids), default=0)
    return {found for found in ids if len(found) == most}


def _ids_of(text: str) -> set[str]:
    text = _DATE.sub("", text).lower()
    found = set(_UUID.findall(text))
    for token in _TOKEN.findall(_UUID.sub("", text)):
        runs = _DIGITS.findall(token)
        if len(runs) == 1 and len(runs[0]) >= _MIN_ID:
            year = len(token) == 4 and token[:2] in ("19", "20")
            found |= set() if year else {runs[0]}
        elif len(runs) > 1 and len(token) >= _MIN_MIXED_ID:
            found.add(token)
    return found


def _parameters(parts: Parts) -> set[str]:
    return {pair.partition("=")[0].lower() for pair in parts.query.split("&")}


def _slug_words(segments: Iterable[str]) -> set[str]:
    """The words of the wordiest segment."""
    return max((set(_WORD.findall(unquote(s))) for s in segments), key=len, default=set())
