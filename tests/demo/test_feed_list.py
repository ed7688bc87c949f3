"""The shipped feed list can be loaded, and says of each feed what a user needs to judge it."""

from __future__ import annotations

from pathlib import Path

import yaml

from pipeline.feeds import sources

FEEDS = Path(__file__).parents[2] / "config" / "feeds.yml"


def test_the_shipped_list_loads_with_a_zone_for_every_feed() -> None:
    loaded = sources.load(FEEDS)
    assert len(loaded) > 100
    assert all(feed.zone and feed.language and feed.title for feed in loaded)


def test_every_feed_says_where_it_was_seen_and_a_disabled_one_why() -> None:
    entries = yaml.safe_load(FEEDS.read_text("utf-8"))
    assert all(entry["seen"] for entry in entries)
    assert all(entry["note"] for entry in entries if not entry["enabled"])


def test_the_languages_of_the_region_are_covered() -> None:
    languages = {feed.language for feed in sources.load(FEEDS) if feed.enabled}
    assert {"be", "ru", "uk", "pl", "lt", "lv", "en", "de", "fr"} <= languages
