"""A user's working directory with its config/, small and fast, for one test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENTRIES = """\
- id: belavia
  kind: company
  group: belarus-companies
  label: Belavia
  source: written for this test
  names: {en: [Belavia], ru: [Белавиа], be: [Белавія]}
- id: lukashenko
  kind: person
  group: belarus-state
  label: Alexander Lukashenko
  sex: m
  surname_alone: yes
  source: written for this test
  names: {en: [Alexander Lukashenko], ru: [Александр Лукашенко], pl: [Aleksandr Łukaszenka]}
"""
RULES = """\
- id: airline
  label: The airline is named
  any_of: [belavia]
- id: president
  label: Lukashenko is named
  any_of: [lukashenko]
"""


@dataclass(frozen=True)
class WorkingDirectory:
    """Where the test's config/ and data/ are."""

    path: Path

    def write(
        self,
        *,
        settings: str = "",
        feeds: Sequence[Mapping[str, Any]] = (),
        entries: str = ENTRIES,
        rules: str = RULES,
    ) -> None:
        """Write config/. `settings` is TOML that is put behind the test's own `[fetch]` table."""
        config = self.path / "config"
        (config / "watchlist").mkdir(parents=True, exist_ok=True)
        (config / "settings.toml").write_text(settings, encoding="utf-8")
        (config / "feeds.yml").write_text(json.dumps(list(feeds)), encoding="utf-8")
        (config / "watchlist/entries.yml").write_text(entries, encoding="utf-8")
        (config / "watchlist/rules.yml").write_text(rules, encoding="utf-8")


LOOPBACK = """\
[fetch]
user_agent = "Wirewatch-test/0.1"
allow_private_addresses = true
per_site_gap_s = 0
per_site_concurrency = 8
timeout_s = 5
"""
"""Settings for a world of loopback sites, which ask for no patience."""
