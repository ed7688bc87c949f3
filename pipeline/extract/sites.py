"""Per-site rules: what a site's pages need that no general rule can know. Data, not code.

In: `config/sites.yml`. Out: `Sites`, asked with a site and a day. Markup changes: every rule is
dated, and a page fetched long ago is read with the rule of its day. Every mistake in the file is
found at load, with its line and the fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pipeline.errors import ConfigError
from pipeline.extract.selectors import Selector
from pipeline.lists import Item, Problem, nearest, read_items

KEYS = frozenset(
    ("site", "since", "body", "remove", "date", "author", "timezone", "min_length", "note")
)
_SITE = re.compile(r"(?:[\w-]+\.)*[\w-]+(?::\d{1,5})?")
_FIRST_DAY = Day(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What is known of one site from a day on. What is not set is left to the general rules."""

    site: str
    """The registrable domain, or a host under it for that host alone."""
    since: Day = _FIRST_DAY
    body: Selector | None = None
    """The element(s) that hold the article's text, and nothing else does."""
    remove: tuple[Selector, ...] = ()
    date: Selector | None = None
    """The element whose `datetime`, `content` or text is the date of publication."""
    author: Selector | None = None
    timezone: str | None = None
    """IANA zone of the publisher."""
    min_length: int | None = None
    """Characters of body below which a page is a stub."""
    where: str = ""
    """`sites.yml:line`, for whoever asks which rule was used."""


class Sites:
    """All rules, by site and day."""

    def __init__(self, rules: Iterable[SiteRules] = ()) -> None:
        self._by_site: dict[str, list[SiteRules]] = {}
        for rule in sorted(rules, key=lambda each: each.since, reverse=True):
            self._by_site.setdefault(rule.site, []).append(rule)

    def rules(self, host: str, day: Day) -> SiteRules | None:
        """The newest rule that held on `day` for `host`, or for the nearest domain above it."""
        name = host.lower().removeprefix("www.")
        while name:
            for rule in self._by_site.get(name, ()):
                if rule.since <= day:
                    return rule
            name = name.partition(".")[2]
        return None


def load(path: Path) -> Sites:
    """Read the rules; a missing file has none. Raises ConfigError naming every mistake."""
    if not path.exists():
        return Sites()
    problems: list[Problem] = []
    rules: list[SiteRules] = []
    seen: dict[tuple[str, Day], str] = {}
    for item in read_items(path.read_bytes(), path.name, problems.append):
        rule = _rule(item)
        if first := seen.get((rule.site, rule.since)):
            fix = f"merge it with {first}, or date it with since: YYYY-MM-DD"
            item.complain("duplicate", f"{rule.site} has a rule of that day already", "site", fix)
        seen[rule.site, rule.since] = rule.where
        rules.append(rule)
    if problems:
        others = "".join(f"\n  {problem}" for problem in problems[1:])
        raise ConfigError(problems[0].where, problems[0].text, problems[0].fix + others)
    return Sites(rules)


def _rule(item: Item) -> SiteRules:
    item.only(KEYS, "a site rule")
    site = item.text("site", needed=True).lower()
    if site and (not _SITE.fullmatch(site) or site.startswith("www.")):
        fix = "write the domain alone, e.g. example.org"
        item.complain("wrong-site", f"{site!r} is no site", "site", fix)
    remove = tuple(
        selector for css, _ in item.texts("remove") if (selector := _selector(item, "remove", css))
    )
    minimum = item.number("min_length", -1) if "min_length" in item else None
    if minimum is not None and (minimum < 0 or minimum != int(minimum)):
        item.complain("wrong-number", "min_length is a number of characters", "min_length")
    return SiteRules(
        site=site,
        since=_since(item),
        body=_selector(item, "body", item.text("body")),
        remove=remove,
        date=_selector(item, "date", item.text("date")),
        author=_selector(item, "author", item.text("author")),
        timezone=_timezone(item),
        min_length=None if minimum is None else int(minimum),
        where=item.where,
    )


def _selector(item: Item, key: str, css: str) -> Selector | None:
    if not css:
        return None
    try:
        return Selector(css)
    except ValueError as problem:
        fix = "tag, .class, #id, [attr=value], descendants, > and commas are understood"
        item.complain("wrong-selector", f"{key}: {css!r}: {problem}", key, fix)
        return None


def _timezone(item: Item) -> str | None:
    name = item.text("timezone")
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fix = nearest(name, available_timezones()) or "an IANA name, e.g. Europe/Minsk"
        item.complain("wrong-zone", f"{name!r} is no time zone", "timezone", fix)
        return None
    return name


def _since(item: Item) -> Day:
    text = item.text("since")
    if not text:
        return _FIRST_DAY
    try:
        return Day.fromisoformat(text)
    except ValueError:
        item.complain("wrong-date", f"since: {text!r} is no day", "since", "write YYYY-MM-DD")
        return _FIRST_DAY
