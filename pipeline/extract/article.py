"""From a page to an article: the one public door of this package."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement

from pipeline.errors import Rejected
from pipeline.extract import body, dates, metadata, reject, structured, zones
from pipeline.extract import page as pages
from pipeline.extract.selectors import Selector
from pipeline.extract.sites import SiteRules
from pipeline.extract.text import text_of
from pipeline.records import Article, Page

_HTML_TYPES = ("html", "/xml", "text/plain", "octet-stream")
# Said once, so that no later search of the tree walks through them.
_NO_WORDS = ("script", "style", "template", "svg", "iframe", "canvas", "object", "embed")
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")


def extract(
    page: Page,
    *,
    zone: str | None = None,
    feed_title: str | None = None,
    feed_published: datetime | None = None,
    rules: SiteRules | None = None,
) -> Article:
    """The article of a page; raises `Rejected` with the reason when the page is none.

    `zone` is the publisher's IANA time zone (the rules' own comes first; without either, the zone
    of the country of the domain), `feed_*` is what the feed said, `page.fetched` is now.
    `Article.sources` tells for each field, for the body and for the rule used where it came from.
    """
    parsed = _parsed(page)
    tree, url = parsed.tree, parsed.url
    rules = rules or SiteRules(site=urlsplit(url).hostname or "")
    stated = structured.read(tree)
    etree.strip_elements(tree, *_NO_WORDS, with_tail=False)
    # lxml makes an element's Python object anew in every walk unless somebody holds it.
    held = list(tree.iter())
    about = metadata.read(
        tree, stated, url, author=_selected(tree, rules.author), feed_title=feed_title
    )
    zone_name, zone_source = _zone(rules, zone, url)
    zone_info = ZoneInfo(zone_name) if zone_name else None
    published = dates.published(
        tree,
        stated,
        url,
        now=page.fetched,
        zone=zone_info,
        feed=feed_published,
        selected=_selected(tree, rules.date),
        titles=about.titles,
    )
    updated = dates.updated(
        stated, now=page.fetched, since=published.value if published else None, zone=zone_info
    )
    sight = reject.look(tree, parsed.source, url)
    text = body.extract(tree, stated, about, rules)
    held.clear()
    truncated = reject.is_truncated(sight, stated, text.blocks)
    reason = reject.why_not(
        sight, stated, about.title, text.blocks, truncated=truncated, min_length=rules.min_length
    )
    if reason:
        raise Rejected(reason)
    sources = {
        **about.sources,
        "text": text.extractor,
        "encoding": f"{parsed.encoding} ({parsed.encoding_source})",
        **({"published": published.place} if published else {}),
        **({"updated": updated.place} if updated else {}),
        **({"zone": f"{zone_name} ({zone_source})"} if zone_name else {}),
        **({"rule": rules.where} if rules.where else {}),
    }
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
        truncated=truncated,
        sources=sources,
    )


def _parsed(page: Page) -> pages.ParsedPage:
    content_type = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type and not any(known in content_type for known in _HTML_TYPES):
        raise Rejected("not html", content_type)
    if page.body.lstrip()[:4].startswith(_BINARY):
        raise Rejected("not html", "binary content")
    parsed = pages.load(page)
    if parsed is None:
        raise Rejected("empty page")
    return parsed


def _zone(rules: SiteRules, given: str | None, url: str) -> tuple[str | None, str]:
    if rules.timezone:
        return rules.timezone, "rule"
    if given:
        return given, "given"
    return zones.of_country(url), "country of the domain"


def _selected(tree: HtmlElement, selector: Selector | None) -> str | None:
    """What the first element that a rule points at says."""
    found = selector.select(tree) if selector else []
    if not found:
        return None
    element = found[0]
    return element.get("datetime") or element.get("content") or text_of(element) or None
