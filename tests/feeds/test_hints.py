"""What an answer's head asks, read against the server's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.hints import cache_hints

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age = 600, must-revalidate"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "s-maxage=9, max-age=600"}, 600),
        ({"cache-control": "s-maxage=900"}, None),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "900"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store, max-age=600"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"expires": "Tue, 24 Nov 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Tue, 24 Nov 2026 11:00:00 GMT"}, None),
        ({"expires": "0"}, None),
        ({"expires": "-1", "date": "nonsense"}, None),
        (
            # Its clock is two hours ahead: it means one hour all the same.
            {"expires": "Tue, 24 Nov 2026 15:00:00 GMT", "date": "Tue, 24 Nov 2026 14:00:00 GMT"},
            3600,
        ),
        (
            {"cache-control": "max-age=60", "expires": "Tue, 24 Nov 2026 13:00:00 GMT"},
            60,
        ),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert cache_hints(headers, NOW).max_age_s == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120),
        ({"retry-after": "Tue, 24 Nov 2026 12:05:00 GMT"}, 300),
        (
            {
                "retry-after": "Tue, 24 Nov 2026 15:05:00 GMT",
                "date": "Tue, 24 Nov 2026 15:00:00 GMT",
            },
            300,
        ),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert cache_hints(headers, NOW).retry_after_s == seconds


names = st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"])


@given(st.dictionaries(names, st.text(max_size=200)))
def test_no_head_raises(headers: dict[str, str]) -> None:
    hints = cache_hints(headers, NOW)
    assert hints.max_age_s is None or hints.max_age_s > 0
    assert hints.retry_after_s is None or hints.retry_after_s >= 0
