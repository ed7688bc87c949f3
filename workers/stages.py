"""The CPU stages of one page: extract, detect, tag.

A hostile page can hold a C parser for minutes or eat all memory. So a worker hands each page to a
process that can be killed (`workers.readers`), and neither the worker nor its other jobs notice.
`read` is what runs there; it runs in line where no worker is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from pipeline.records import Article, Language, Page, RuleHit, Tag
from workers.lists import Lists


@dataclass(frozen=True, slots=True)
class Task:
    """A page, and what its feed says of it."""

    page: Page
    zone: str | None = None
    feed_title: str | None = None
    feed_published: datetime | None = None
    feed_language: str | None = None
    site_language: str | None = None
    """What most of the site's latest records are in."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages found."""

    article: Article
    language: Language
    tags: tuple[Tag, ...]
    hits: tuple[RuleHit, ...]
    """Of the rules that alert."""
    watchlist_version: str
    found: tuple[tuple[str, str, str], ...]
    """Each field's name, value and source, as `records explain` shows them."""


class Stages(Protocol):
    """Where pages are read."""

    async def read(self, task: Task) -> Reading:
        """Read one page. Raises Rejected (no article) or Broken (it could not be read)."""


def read(lists: Lists, task: Task) -> Reading:
    """extract → detect → tag → evaluate, in this process."""
    # Loaded here: the worker that only hands pages on must not carry the models.
    from pipeline.extract.article import extract
    from pipeline.extract.explain import explain
    from pipeline.language.detector import Hints, detect

    host = urlsplit(task.page.final_url).hostname or ""
    article = extract(
        task.page,
        zone=task.zone,
        feed_title=task.feed_title,
        feed_published=task.feed_published,
        rules=lists.sites.rules(host, task.page.fetched.date()),
    )
    language = detect(
        article.text, hints=Hints(task.feed_language, article.html_lang, task.site_language)
    )
    watchlist = lists.watchlist
    tags, fired = watchlist.apply(article.title, article.text, language.tag)
    hits = watchlist.alerts_of(fired)
    found = tuple((each.field, each.value, each.source) for each in explain(article))
    return Reading(article, language, tags, hits, watchlist.version, found)


class InLine:
    """Reads pages in this process: for tests, and a plain `rq worker`."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    async def read(self, task: Task) -> Reading:
        """`Stages.read`."""
        return read(self._lists, task)
