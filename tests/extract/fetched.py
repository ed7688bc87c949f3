"""Pages for the extraction tests."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.records import Page

NOW = datetime(2025, 12, 31, 12, 0, tzinfo=UTC)


def page_of(
    html: str | bytes,
    *,
    url: str = "https://news.example/2025/10/article/",
    content_type: str = "text/html; charset=utf-8",
    fetched: datetime = NOW,
) -> Page:
    """A fetched page with that content."""
    return Page(
        url=url,
        final_url=url,
        status=200,
        headers={"content-type": content_type} if content_type else {},
        body=html.encode() if isinstance(html, str) else html,
        fetched=fetched,
        elapsed_ms=20,
    )
