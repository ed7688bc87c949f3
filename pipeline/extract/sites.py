"""Per-site rules: what a site's pages need that no general rule can know. Data, not code.

Read from `config/sites.yml`; every mistake in it is a `ConfigError` with the line and the fix.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What is known of one site. Selectors are CSS."""

    site: str
    body: str | None = None
    remove: tuple[str, ...] = ()
    date: str | None = None
    author: str | None = None
    timezone: str | None = None
    min_length: int | None = None
    since: date | None = None
