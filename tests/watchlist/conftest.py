"""Small watchlists for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.records import Mention, Record, Tag, Where
from pipeline.watchlist.entries import Watchlist, load

ListWriter = Callable[..., Path]

COUNTRIES = """
- id: belarus
  kind: country
  group: countries
  names: {ru: [Беларусь], en: [Belarus]}
  source: test
- id: poland
  kind: country
  group: members
  names: {ru: [Польша], en: [Poland]}
  source: test
- id: lithuania
  kind: country
  group: members
  names: {ru: [Литва], en: [Lithuania]}
  source: test
- id: sanctions
  kind: topic
  group: topics
  needs: [belarus]
  names: {ru: [санкции], en: [sanctions]}
  source: other, page 3
"""
"""Four entries that most tests need."""


@pytest.fixture
def write_list(tmp_path: Path) -> ListWriter:
    """Writes files (`rules="…"` becomes rules.yml) and answers their directory."""
    count = 0

    def write(**files: str) -> Path:
        nonlocal count
        count += 1
        directory = tmp_path / f"list-{count}"
        directory.mkdir()
        for name, content in files.items():
            (directory / f"{name}.yml").write_text(content, "utf-8")
        return directory

    return write


@pytest.fixture
def load_rules(write_list: ListWriter) -> Callable[[str], Watchlist]:
    """A watchlist of the four entries and the given rules."""
    return lambda rules: load(write_list(entries=COUNTRIES, rules=rules))


def tag(id_: str, *places: tuple[int, Where], length: int = 4) -> Tag:
    """A tag with mentions at the given offsets."""
    mentions = tuple(Mention(at, at + length, "x" * length, id_, where) for at, where in places)
    return Tag(id_, "topic", id_, len(mentions), 1.0, mentions)


def record(
    id_: str, text: str, tags: Sequence[Tag] = (), version: str = "", **other: object
) -> Record:
    """A stored record of a text."""
    values: dict[str, object] = {
        "id": id_,
        "url": f"https://example.org/{id_}",
        "canonical_url": f"https://example.org/{id_}",
        "site": "example.org",
        "feed": None,
        "title": None,
        "authors": (),
        "published": None,
        "published_source": "none",
        "date": "2025-10-17",
        "updated": None,
        "fetched": "2025-10-17T10:00:00+00:00",
        "language": "ru",
        "language_confidence": 1.0,
        "text": text,
        "blocks": ("paragraph",) * (text.count("\n\n") + 1),
        "tags": tuple(tags),
        "rules": (),
        "story": id_,
        "duplicate_of": None,
        "version": 1,
        "content_hash": id_,
        "extractor": "test",
        "watchlist_version": version,
        "http_status": 200,
        "http_ms": 1,
    }
    return Record(**(values | other))
