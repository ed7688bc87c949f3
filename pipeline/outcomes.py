"""What an HTTP answer means for an article, and when a URL that failed is tried again. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.errors import Rejected, TryLater
from pipeline.records import Page
from pipeline.responses import challenge, retry_after

RETRY_WAITS_S = (30, 120, 600, 3_600, 21_600)
"""Waits after the first, second … failed attempt, seconds; the last one repeats."""
MAX_RETRY_AFTER_S = 86_400.0
"""A server that asks for more than a day is asked again after a day."""
JITTER = 0.25
"""Each wait is lengthened by up to this share, so that retries do not come in herds."""

_TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_HTML = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
_NAMES = {401: "login required", 402: "payment required", 403: "forbidden", 404: "not found",
          410: "gone", 451: "blocked for legal reasons"}  # fmt: skip


def require_page(page: Page) -> None:
    """Pass a 2xx answer with an HTML body. Raises TryLater or Rejected with the reason."""
    vendor = challenge(page)
    if vendor:
        raise TryLater(f"challenge page: {vendor}", f"HTTP {page.status}")
    if page.status in _TRY_LATER:
        wait = retry_after(page.headers, page.fetched)
        raise TryLater(f"HTTP {page.status}", after_s=wait)
    if not 200 <= page.status < 300:
        raise Rejected(_NAMES.get(page.status, f"HTTP {page.status}"), f"HTTP {page.status}")
    kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in _HTML:
        raise Rejected("not HTML", kind)
    if page.body[:5] == b"%PDF-":
        raise Rejected("not HTML", "a PDF, whatever its Content-Type says")
    if not page.body.strip():
        raise Rejected("empty page", f"HTTP {page.status}")


def is_front_page(url: str) -> bool:
    """Whether a URL is a site's front page: where sites send you when an article is gone."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def retry_wait_s(attempt: int, after_s: float | None, jitter: float) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1); `jitter` is in [0, 1).

    Never sooner than the server asked for (`after_s`), up to a day.
    """
    wait = RETRY_WAITS_S[min(attempt, len(RETRY_WAITS_S)) - 1] * (1 + JITTER * jitter)
    return max(wait, min(after_s or 0.0, MAX_RETRY_AFTER_S))
