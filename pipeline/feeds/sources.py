"""`config/feeds.yml`: the feeds to poll, as the user lists them.

In: the file. Out: `FeedSource`s. Every mistake is reported with its line, all at once.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from pathlib import Path

from pipeline import urls
from pipeline.errors import ConfigError, Rejected
from pipeline.lists import Item, Problem, read_items

KEYS = frozenset({"url", "title", "language", "country", "kind", "zone", "seen", "enabled", "note"})


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One feed of the list."""

    url: str
    title: str = ""
    language: str | None = None
    """BCP 47, as declared by whoever added it: a hint, the text decides."""
    country: str | None = None
    kind: str | None = None
    zone: str | None = None
    """IANA time zone of the publisher, e.g. `Europe/Minsk`: says which day an article is of."""
    enabled: bool = True


def load(path: Path) -> tuple[FeedSource, ...]:
    """Read the list. A missing file is an empty list. Raises ConfigError naming every mistake."""
    if not path.exists():
        return ()
    problems: list[Problem] = []
    sources: list[FeedSource] = []
    first_seen: dict[str, str] = {}
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from error
    for item in read_items(content, str(path), problems.append, first="url"):
        source = _source(item)
        if source is None:
            continue
        if source.url in first_seen:
            fix = f"it stands at {first_seen[source.url]} too: remove one"
            item.complain("duplicate-feed", f"the feed {source.url} is listed twice", "url", fix)
        first_seen[source.url] = item.where
        sources.append(source)
    if problems:
        head, *rest = problems
        more = "".join(f"\n  {problem}" for problem in rest)
        raise ConfigError(head.where, head.text + more, head.fix)
    return tuple(sources)


def _source(item: Item) -> FeedSource | None:
    item.only(KEYS, "a feed")
    url = item.text("url", needed=True)
    if not url:
        return None
    try:
        url = urls.parse_http(url)
    except Rejected as error:
        item.complain("bad-url", f"url: {error}", "url", "give the feed's full http(s) address")
        return None
    zone = item.text("zone") or None
    if zone and zone not in zoneinfo.available_timezones():
        item.complain(
            "unknown-zone", f"zone: {zone!r} is no time zone", "zone", "e.g. Europe/Minsk"
        )
    return FeedSource(
        url=url,
        title=item.text("title") or url,
        language=item.text("language") or None,
        country=item.text("country") or None,
        kind=item.text("kind") or None,
        zone=zone,
        enabled=item.flag("enabled", True),
    )
