"""A sitemap index read as one feed: its newest sitemaps are fetched, their entries gathered.

In: the index as parsed, and a way to fetch. Out: the feed, and a hash over all that was read.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from pipeline.errors import IngestError, TryLater
from pipeline.feeds.parse import parse
from pipeline.feeds.shapes import ParsedFeed
from pipeline.feeds.sitemap import gather
from pipeline.records import Page

MOST_SITEMAPS = 5
"""The newest ones hold the news; all of these and their waits fit into the lease of one poll."""


async def read_sitemaps(
    index: ParsedFeed, fetch: Callable[[str], Awaitable[Page]], zone: str | None = None
) -> tuple[ParsedFeed, str]:
    """The feed that an index comes to, and the hash of its sitemaps.

    A sitemap that cannot be had is left out; raises IngestError when none can.
    """
    found: list[ParsedFeed] = []
    digest = hashlib.sha256()
    fault: IngestError | None = None
    for place in index.children[:MOST_SITEMAPS]:
        try:
            page = await fetch(place)
        except IngestError as error:
            fault = error
            continue
        if page.status != 200:
            fault = TryLater(f"HTTP {page.status}", place)
            continue
        found.append(await asyncio.to_thread(_read, page, zone))
        digest.update(page.body)
    if not found and fault is not None:
        raise fault
    return gather(index, found), digest.hexdigest()


def _read(page: Page, zone: str | None) -> ParsedFeed:
    return parse(page.body, page.headers, page.final_url, zone=zone)
