"""The shapes that move between the stages, and the two written forms of a record.

In: nothing. Out: frozen dataclasses, one a stage (Page → Article → Language → Tag → Record), plus
`seed_text` (the text form, byte for byte like `shared/seed/`) and `to_json` (the JSON form).
Every contract with other programs that concerns a record is in this file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

BlockKind = Literal["paragraph", "heading", "list_item", "quote", "table_row"]
PublishedSource = Literal["jsonld", "meta", "feed", "text", "url", "none"]
Where = Literal["title", "lead", "body"]

# Unicode's spaces, and the characters that show nothing (controls, soft hyphens, zero-width,
# direction marks, lone surrogates): both are noise, and NUL is more than a database can hold.
_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)


def clean_text(text: str) -> str:
    """One line of a record: NFC, spaces collapsed, characters that show nothing removed."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way to a page: where, and with which HTTP status."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Page:
    """What the door to the network brought back: bytes, not yet text."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    """Header names in lower case."""
    body: bytes
    """Decompressed, at most `fetch.max_bytes` long."""
    fetched: datetime
    """Aware, UTC."""
    elapsed_ms: int
    hops: tuple[Hop, ...] = ()
    """The redirects before the final answer, oldest first."""


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a body: a paragraph, heading, list item, quote or table row."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without the page around it. A value that was not found is None or empty."""

    blocks: tuple[Block, ...]
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | date | None = None
    """An aware instant where the source gives one, else a day, in the publisher's own zone."""
    published_source: PublishedSource = "none"
    updated: datetime | date | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    """Absolute, as the page claims it; whether it is believed is decided in `pipeline.urls`."""
    image: str | None = None
    section: str | None = None
    html_lang: str | None = None
    extractor: str = ""
    """Which path gave the body, e.g. `trafilatura-precision`, `jsonld`."""
    truncated: bool = False
    """A paywalled teaser: the page says that there is more."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """For each field above, where its value came from, e.g. `{"title": "jsonld"}`."""

    @property
    def text(self) -> str:
        """The body: the blocks parted by one blank line."""
        return "\n\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Language:
    """The detector's answer for one document."""

    tag: str
    """BCP 47, `und` when unsure."""
    confidence: float
    """0–1."""
    runner_up: str = "und"
    shares: Mapping[str, float] = field(default_factory=dict)
    """Share of the letters by language for mixed text, e.g. `{"ru": .8, "be": .2}`."""
    reason: str = ""
    """One line for the trace: what decided."""


class Mention(NamedTuple):
    """One place where a watchlist entry is named. A tuple, since there are dozens a document."""

    start: int
    end: int
    """Character offsets into the record's text, or into its title when `where` is `title`."""
    surface: str
    """The very characters of the text."""
    form: str
    """The watchlist name that it is a form of."""
    where: Where


@dataclass(frozen=True, slots=True)
class Tag:
    """A watchlist entry found in a document, with its evidence."""

    id: str
    kind: str
    label: str
    count: int
    score: float
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A watchlist rule that fired, and the tags that made it fire."""

    id: str
    label: str
    version: str
    tags: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """One normalised article, as stored and exported. The order of fields is the contract's."""

    id: str
    url: str
    canonical_url: str
    site: str
    feed: str | None
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    """ISO 8601 with offset, or a date only."""
    published_source: PublishedSource
    date: str
    """The day in the publisher's own zone, YYYY-MM-DD."""
    updated: str | None
    fetched: str
    language: str
    language_confidence: float
    text: str
    blocks: tuple[BlockKind, ...]
    """The kind of each block of `text`, in order."""
    tags: tuple[Tag, ...]
    rules: tuple[str, ...]
    """Ids of the rules that fired."""
    story: str
    duplicate_of: str | None
    version: int
    content_hash: str
    extractor: str
    watchlist_version: str
    http_status: int
    http_ms: int
    truncated: bool = False
    """Only the free beginning of a paid article."""


def seed_text(day: str, text: str) -> str:
    """The text form of a record: one space, `date YYYY-MM-DD `, the body, two newlines."""
    return f" date {day} {text}\n\n"


def to_json(record: Record) -> dict[str, Any]:
    """The JSON form of a record: plain dicts, lists and scalars, keys in the contract's order."""
    plain = {field.name: getattr(record, field.name) for field in fields(record)}
    return plain | {"tags": [tag_to_json(tag) for tag in record.tags]}


def tag_to_json(tag: Tag) -> dict[str, Any]:
    """The JSON form of a tag."""
    return {
        "id": tag.id,
        "kind": tag.kind,
        "label": tag.label,
        "count": tag.count,
        "score": tag.score,
        "mentions": [mention._asdict() for mention in tag.mentions],
    }


def to_jsonl(record: Record) -> str:
    """The JSON form as one line, without its newline."""
    return json.dumps(to_json(record), ensure_ascii=False, separators=(", ", ": "))
