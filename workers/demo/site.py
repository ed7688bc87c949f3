"""The built-in offline news site: several invented outlets on loopback, each a site of its own.

Serves feeds, articles, front and section pages, robots.txt and the trouble that real sites make,
and says for each URL how it must end, so that the demo and the tests can check the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from aiohttp import web

from workers.demo import feeds, pages, trouble
from workers.demo.content import SEED, DemoArticle, FeedSpec, Outlet, State, load_outlets
from workers.demo.loopback import LOOPBACK, Document, LoopbackServer

_HTML = "text/html; charset=utf-8"
_ROBOTS = "User-agent: *\nDisallow: /internal/\nDisallow: /search/\nAllow: /\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one URL of the site must end."""

    url: str
    state: State
    reason: str
    """Part of the reason given, any case; empty when none is expected."""
    listed: bool
    """Whether a feed names it."""
    same_as: str | None = None
    """The article's URL, when this is another name of it."""
    own_row: bool = True
    """False when the URL is the article's own once tracking parameters are removed."""


class DemoSite(LoopbackServer):
    """`async with DemoSite() as site:` or `with DemoSite().run_in_thread() as base_url:`."""

    def __init__(self, host: str = LOOPBACK, port: int = 0) -> None:
        """One listener an outlet, on `port`, `port + 1` …; 0 takes free ones."""
        self.outlets: tuple[Outlet, ...] = load_outlets()
        super().__init__(
            [(host, port + number if port else 0) for number in range(len(self.outlets))]
        )
        self._documents: list[dict[str, Document]] = []
        self._scenes: list[dict[str, trouble.Scene]] = []

    @property
    def articles(self) -> tuple[DemoArticle, ...]:
        """All articles of all outlets."""
        return tuple(article for outlet in self.outlets for article in outlet.articles)

    @property
    def seed(self) -> DemoArticle:
        """The article whose record is the seed."""
        return next(article for article in self.articles if article.file == SEED)

    @property
    def feeds(self) -> list[dict[str, str]]:
        """The feeds as entries of a `feeds.yml`."""
        return feed_entries(self.outlets, self.origins)

    @property
    def broken_feeds(self) -> list[dict[str, str]]:
        """Feeds that are none, with the `problem` that a parser must name."""
        return [
            {"url": self.base_url + path, "title": path, "problem": feed.problem}
            for path, feed in trouble.BROKEN_FEEDS.items()
        ]

    def url(self, article: DemoArticle) -> str:
        """Where the article is served."""
        return self._origin(article.outlet) + article.path

    @property
    def expected(self) -> tuple[Outcome, ...]:
        """How every article and every troublesome URL must end."""
        outcomes = [
            Outcome(self.url(article), article.expected_state, "", listed=True)
            for article in self.articles
        ]
        for outlet in self.outlets:
            origin = self._origin(outlet.id)
            outcomes += [
                Outcome(
                    origin + fault.path,
                    fault.state,
                    fault.reason,
                    fault.listed,
                    origin + fault.target if fault.target else None,
                    own_row=fault.kind != "twin",
                )
                for fault in outlet.troubles
            ]
        return tuple(outcomes)

    @property
    def expected_counts(self) -> Counter[str]:
        """State → number of URLs, once every feed's entries have been ingested."""
        return Counter(
            outcome.state for outcome in self.expected if outcome.listed and outcome.own_row
        )

    def prepare(self) -> None:
        """Render everything once: the links need the ports."""
        for outlet, origin in zip(self.outlets, self.origins, strict=True):
            self._documents.append(_documents(outlet, origin))
            self._scenes.append(
                {
                    fault.path: trouble.Scene(outlet, fault, origin, self.closing)
                    for fault in outlet.troubles
                    if fault.kind != "twin"
                }
            )

    async def respond(self, listener: int, request: web.Request) -> web.StreamResponse:
        """A document, a trouble, or 404."""
        if document := self._documents[listener].get(request.path):
            return document.answer(request)
        if scene := self._scenes[listener].get(request.path):
            return await trouble.answer(scene, request)
        if broken := trouble.BROKEN_FEEDS.get(request.path):
            return await trouble.answer_broken(broken, request, self.closing)
        return trouble.not_found(self.outlets[listener], self.origins[listener])

    def _origin(self, outlet_id: str) -> str:
        ids = [outlet.id for outlet in self.outlets]
        return self.origins[ids.index(outlet_id)]


def _documents(outlet: Outlet, origin: str) -> dict[str, Document]:
    """Path → what is served there, troubles apart."""
    newest = max(article.published for article in outlet.articles).astimezone(UTC)

    def document(text: str, content_type: str) -> Document:
        return Document(text.encode(), content_type, newest)

    found = {
        "/": document(pages.list_page(outlet, outlet.name, outlet.articles, origin), _HTML),
        "/robots.txt": document(_ROBOTS, "text/plain; charset=utf-8"),
        "/assets/style.css": document(pages.style(outlet), "text/css; charset=utf-8"),
    }
    for name, path in pages.section_paths(outlet).items():
        chosen = [article for article in outlet.articles if article.section == name]
        found[path] = document(pages.list_page(outlet, name, chosen, origin), _HTML)
    for article in outlet.articles:
        at = article.published.astimezone(UTC)
        page = pages.article_page(outlet, article, origin)
        found[article.path] = Document(page.encode(), _HTML, at)
        picture = pages.picture(article)
        found[pages.image_path(article)] = Document(picture.encode(), "image/svg+xml", at)
    for feed in outlet.feeds:
        found[feed.path] = feed_document(outlet, feed, origin)
    return found


def feed_entries(outlets: Sequence[Outlet], origins: Sequence[str]) -> list[dict[str, str]]:
    """The outlets' feeds as entries of a `feeds.yml`; `origins` are in the outlets' order."""
    return [
        {
            "url": origin + feed.path,
            "title": feed.title,
            "language": feed.language,
            "country": outlet.country,
            "zone": outlet.zone,
        }
        for outlet, origin in zip(outlets, origins, strict=True)
        for feed in outlet.feeds
    ]


def feed_document(outlet: Outlet, feed: FeedSpec, origin: str) -> Document:
    """The feed as served, its Last-Modified the time of its newest entry."""
    items = _items(outlet, feed, origin)
    channel = feeds.Channel(origin + feed.path, origin + "/", feed.title, feed.language)
    body = feeds.render(feed.format, channel, items)
    return Document(body, feeds.CONTENT_TYPES[feed.format], items[0].published)


def _items(outlet: Outlet, feed: FeedSpec, origin: str) -> Sequence[feeds.Item]:
    """The articles in the feed's language, newest first; the first feed also lists the troubles."""
    items = [
        feeds.Item(
            origin + article.path,
            article.title,
            outlet.stamp(article.published),
            pages.summary(article),
            article.author,
        )
        for article in outlet.articles
        if article.language == feed.language
    ]
    if feed is outlet.feeds[0]:
        latest = max(item.published for item in items)
        items += [
            feeds.Item(origin + fault.path, fault.title, latest)
            for fault in outlet.troubles
            if fault.listed
        ]
    return sorted(items, key=lambda item: item.published, reverse=True)
