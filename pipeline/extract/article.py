"""From a page to an article: the one public door of this package."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.errors import Rejected
from pipeline.extract import body, dates, metadata, page as pages, structured
from pipeline.extract.sites import SiteRules
from pipeline.records import Article, Page


def extract(
    page: Page,
    *,
    zone: str | None = None,
    feed_title: str | None = None,
    feed_published: datetime | None = None,
    rules: SiteRules | None = None,
) -> Article:
    """The article of a page; raises `Rejected` with the reason when the page is none.

    `zone` is the publisher's IANA time zone, `feed_*` is what the feed said, `page.fetched` is now.
    """
    parsed = pages.load(page)
    if parsed is None:
        raise Rejected("empty page")
    stated = structured.read(parsed.tree)
    about = metadata.read(parsed.tree, stated, parsed.url, feed_title=feed_title)
    zone_info = ZoneInfo(zone) if zone else None
    published = dates.published(
        parsed.tree,
        stated,
        parsed.url,
        now=page.fetched,
        zone=zone_info,
        feed=feed_published,
        titles=about.titles,
    )
    updated = dates.updated(
        stated, now=page.fetched, since=published.value if published else None, zone=zone_info
    )
    text = body.extract(parsed.tree, stated, about, parsed.url)
    sources = dict(about.sources)
    if published:
        sources["published"] = published.place
    if updated:
        sources["updated"] = updated.place
    return Article(
        blocks=text.blocks,
        title=about.title,
        authors=about.authors,
        published=published.value if published else None,
        published_source=published.source if published else "none",
        updated=updated.value if updated else None,
        site_name=about.site_name,
        canonical_url=about.canonical_url,
        image=about.image,
        section=about.section,
        html_lang=about.html_lang,
        extractor=text.extractor,
        sources=sources,
    )
