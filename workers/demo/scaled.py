"""The demo's news site at scale: many sites, each with a feed and any number of articles.

For benchmarks and tests. Every site has a loopback address of its own, so that politeness counts
it as one site. Every article recombines paragraphs of the shipped articles of its language and
adds sentences with numbers of its own, so that no two have the same text; the same arguments
always give the same articles. Pages are rendered when asked for.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address

from aiohttp import web

from pipeline.records import Block
from workers.demo import pages
from workers.demo.content import DemoArticle, FeedSpec, Outlet, load_outlets
from workers.demo.loopback import Document, LoopbackServer
from workers.demo.site import feed_document, feed_entries
from workers.demo.trouble import not_found

_FIRST_ADDRESS = IPv4Address("127.0.0.2")
_PARAGRAPHS = 6
_HTML = "text/html; charset=utf-8"
_ROBOTS = "User-agent: *\nDisallow:\n"


class ScaledSite(LoopbackServer):
    """`feeds` sites with `articles_per_feed` articles each; every answer takes `latency_s` more."""

    def __init__(
        self, feeds: int = 20, articles_per_feed: int = 50, latency_s: float = 0.0
    ) -> None:
        super().__init__([(str(_FIRST_ADDRESS + number), 0) for number in range(feeds)])
        self._latency_s = latency_s
        models = load_outlets()
        self.outlets: tuple[Outlet, ...] = tuple(
            _outlet(models[number % len(models)], number, articles_per_feed)
            for number in range(feeds)
        )
        self._pages: list[dict[str, DemoArticle]] = [
            {article.path: article for article in outlet.articles} for outlet in self.outlets
        ]
        self._documents: list[dict[str, Document]] = []

    @property
    def articles(self) -> tuple[DemoArticle, ...]:
        """All articles of all sites."""
        return tuple(article for outlet in self.outlets for article in outlet.articles)

    @property
    def feeds(self) -> list[dict[str, str]]:
        """The feeds as entries of a `feeds.yml`."""
        return feed_entries(self.outlets, self.origins)

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the articles are served, in the order of `articles`."""
        return tuple(
            origin + article.path
            for outlet, origin in zip(self.outlets, self.origins, strict=True)
            for article in outlet.articles
        )

    @property
    def expected_counts(self) -> Counter[str]:
        """State → number of URLs, once every feed's entries have been ingested."""
        return Counter(article.expected_state for article in self.articles)

    def prepare(self) -> None:
        """Render the feeds."""
        for outlet, origin in zip(self.outlets, self.origins, strict=True):
            feed = outlet.feeds[0]
            served = feed_document(outlet, feed, origin)
            robots = Document(_ROBOTS.encode(), "text/plain", served.modified)
            self._documents.append({feed.path: served, "/robots.txt": robots})

    async def respond(self, listener: int, request: web.Request) -> web.StreamResponse:
        """The feed, robots.txt or an article, after the latency."""
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        outlet, origin = self.outlets[listener], self.origins[listener]
        if document := self._documents[listener].get(request.path):
            return document.answer(request)
        if article := self._pages[listener].get(request.path):
            page = pages.article_page(outlet, article, origin)
            return Document(page.encode(), _HTML, article.published).answer(request)
        return not_found(outlet, origin)


def _outlet(model: Outlet, number: int, size: int) -> Outlet:
    """An outlet like the model, with `size` articles in the model's language."""
    sources = [article for article in model.articles if article.language == model.language]
    name = f"{model.name} {number + 1}"
    feed = FeedSpec("/feed.xml", model.feeds[0].format, name, model.language)
    articles = tuple(_article(sources, number, serial) for serial in range(size))
    return replace(model, id=f"{model.id}-{number}", name=name, feeds=(feed,),
                   articles=articles, troubles=())  # fmt: skip


def _article(sources: Sequence[DemoArticle], outlet: int, serial: int) -> DemoArticle:
    """One article of paragraphs drawn from the sources, each ending in a sentence of its own."""
    draw = random.Random(f"{outlet}/{serial}")
    model = sources[serial % len(sources)]
    pool = [
        block.text for article in sources for block in article.blocks if block.kind == "paragraph"
    ]
    filler: Sequence[str] = pages.phrases(model.language)["filler"]

    def paragraph(text: str, number: int) -> Block:
        day, few = draw.randint(1, 99), draw.randint(2, 99)
        own = draw.choice(filler).format(day=day, many=number, few=few)
        return Block("paragraph", f"{text} {own}")

    first, *others = draw.sample(pool, min(_PARAGRAPHS, len(pool)))
    # This number belongs to no other article, whatever the rest draws.
    blocks = [paragraph(first, 1_000_000 + outlet * 10_000 + serial)]
    blocks += [paragraph(text, draw.randint(100, 99_999)) for text in others]
    published = model.published - timedelta(minutes=7 * serial)
    body = " ".join(block.text for block in blocks)
    return replace(
        model,
        file=f"{outlet}-{serial}.txt",
        path=f"/news/{outlet}/{100_000 + serial}.html",
        title=f"{model.title} ({outlet + 1}/{serial + 1})",
        published=published,
        day=published.date().isoformat(),
        blocks=tuple(blocks),
        mentions={entry: name for entry, name in model.mentions.items() if name in body},
    )
