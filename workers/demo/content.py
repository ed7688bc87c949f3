"""The demo's outlets and articles, read from `articles/`.

`outlets.yml` says who publishes what and when; each `*.txt` beside it is one article in the text
form of a record, so the file is also, byte for byte, what the pipeline must make of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import yaml

from pipeline.records import Block, BlockKind, seed_text

ARTICLES = Path(__file__).parent / "articles"
SEED = "seed.txt"
_SENTENCE_ENDS = tuple('.!?…:;»”"')

State = Literal["stored", "duplicate", "rejected", "failed"]


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article as published, and what the pipeline must make of it."""

    file: str
    """Its text form in `articles/`; names the article."""
    outlet: str
    path: str
    """On its outlet's site, beginning with a slash."""
    language: str
    title: str
    published: datetime
    """Aware, in the publisher's own zone."""
    day: str
    """The day in the publisher's own zone, YYYY-MM-DD."""
    author: str
    section: str
    caption: str
    """Of the picture: furniture, not to be part of the record."""
    blocks: tuple[Block, ...]
    mentions: Mapping[str, str]
    """Watchlist id → one (inflected) form of its name that the text or title holds."""
    expected_state: State = "stored"

    @property
    def text(self) -> str:
        """The body: the blocks parted by one blank line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def record_text(self) -> str:
        """The text form of the record that must come of the page."""
        return seed_text(self.day, self.text)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One URL that is no article of its own, and how it must end."""

    kind: str
    """Which fault: a key of `workers.demo.trouble`."""
    path: str
    title: str
    listed: bool
    """Whether the outlet's feed names it."""
    state: State
    reason: str
    """Part of the reason that the URL's end must give, any case; empty when there is none."""
    target: str | None = None
    """The path of the article that this URL leads to."""


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of an outlet: the articles in its language."""

    path: str
    format: Literal["rss", "atom", "rdf", "json"]
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """One publisher: a site of its own, with its content management system's kind of pages."""

    id: str
    name: str
    language: str
    country: str
    zone: str
    """IANA zone of its dates."""
    clock: Literal["local", "utc"]
    """How its pages and feeds write instants."""
    template: str
    """Folder of page templates in `templates/`."""
    feeds: tuple[FeedSpec, ...]
    articles: tuple[DemoArticle, ...]
    troubles: tuple[Trouble, ...]

    def stamp(self, instant: datetime) -> datetime:
        """The same instant with the offset that this outlet writes."""
        return instant.astimezone(UTC) if self.clock == "utc" else instant


def load_outlets(directory: Path = ARTICLES) -> tuple[Outlet, ...]:
    """All outlets with their articles, in the order of `outlets.yml`."""
    raw = yaml.safe_load((directory / "outlets.yml").read_text("utf-8"))
    return tuple(_outlet(entry, directory) for entry in raw)


def _outlet(raw: Mapping[str, Any], directory: Path) -> Outlet:
    zone = ZoneInfo(raw["zone"])
    return Outlet(
        id=raw["id"],
        name=raw["name"],
        language=raw["language"],
        country=raw["country"],
        zone=raw["zone"],
        clock=raw["clock"],
        template=raw["template"],
        feeds=tuple(FeedSpec(**feed) for feed in raw["feeds"]),
        articles=tuple(_article(entry, raw, zone, directory) for entry in raw["articles"]),
        troubles=tuple(
            Trouble(**{"listed": True, "reason": "", **trouble}) for trouble in raw["troubles"]
        ),
    )


def _article(
    raw: Mapping[str, Any], outlet: Mapping[str, Any], zone: ZoneInfo, directory: Path
) -> DemoArticle:
    published = datetime.fromisoformat(raw["published"]).replace(tzinfo=zone)
    day = published.date().isoformat()
    written = (directory / raw["file"]).read_text("utf-8")
    body = written.removeprefix(f" date {day} ").removesuffix("\n\n")
    return DemoArticle(
        file=raw["file"],
        outlet=outlet["id"],
        path=raw["path"],
        language=raw.get("language", outlet["language"]),
        title=raw["title"],
        published=published,
        day=day,
        author=raw["author"],
        section=raw["section"],
        caption=raw["caption"],
        blocks=_blocks(body.split("\n\n"), raw.get("kinds", {})),
        mentions=raw["mentions"],
    )


def _blocks(lines: Sequence[str], kinds: Mapping[int, str]) -> tuple[Block, ...]:
    """`kinds` names lists and quotes by line number; of the rest, a line that ends no sentence
    is a heading.
    """
    return tuple(
        Block(cast(BlockKind, kinds.get(number) or _kind(line)), line)
        for number, line in enumerate(lines)
    )


def _kind(line: str) -> BlockKind:
    return "paragraph" if line.endswith(_SENTENCE_ENDS) else "heading"
