"""What an HTTP answer means for an article, and when a URL that failed is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import outcomes
from pipeline.errors import Rejected, TryLater
from pipeline.records import Page
from tests.worlds.store import NOW

HTML = {"content-type": "text/html; charset=utf-8"}


def page(status: int = 200, headers: Mapping[str, str] = HTML, body: bytes = b"<p>x</p>") -> Page:
    return Page("https://a.by/1", "https://a.by/1", status, headers, body, NOW, 1)


@pytest.mark.parametrize(
    "good",
    [
        page(),
        page(203),
        page(headers={}),
        page(headers={"content-type": "TEXT/HTML"}),
        page(headers={"content-type": " application/xhtml+xml ; charset=x"}),
        page(headers={"content-type": ""}),
    ],
)
def test_an_html_answer_passes(good: Page) -> None:
    outcomes.require_page(good)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 522, 524])
def test_a_passing_fault_is_tried_again(status: int) -> None:
    with pytest.raises(TryLater) as caught:
        outcomes.require_page(page(status))
    assert (caught.value.reason, caught.value.after_s) == (f"HTTP {status}", None)


def test_the_wait_that_a_server_asks_for_is_kept() -> None:
    with pytest.raises(TryLater) as caught:
        outcomes.require_page(page(429, {"retry-after": "120"}))
    assert caught.value.after_s == 120


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "login required"),
        (402, "payment required"),
        (403, "forbidden"),
        (404, "not found"),
        (410, "gone"),
        (451, "blocked for legal reasons"),
        (304, "HTTP 304"),
        (300, "HTTP 300"),
        (418, "HTTP 418"),
        (501, "HTTP 501"),
        (999, "HTTP 999"),
    ],
)
def test_a_page_that_is_not_there_is_rejected_with_its_reason(status: int, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        outcomes.require_page(page(status))
    assert (caught.value.reason, caught.value.detail) == (reason, f"HTTP {status}")


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (page(headers={"content-type": "application/pdf"}), "not HTML", "application/pdf"),
        (page(headers={"content-type": "image/jpeg; x=y"}), "not HTML", "image/jpeg"),
        (page(body=b"%PDF-1.7 \x00"), "not HTML", "a PDF, whatever its Content-Type says"),
        (page(headers={}, body=b"%PDF-1.7"), "not HTML", "a PDF, whatever its Content-Type says"),
        (page(body=b""), "empty page", "HTTP 200"),
        (page(204, body=b" \r\n\t"), "empty page", "HTTP 204"),
    ],
)
def test_what_is_no_page_is_rejected_with_its_reason(
    answer: Page, reason: str, detail: str
) -> None:
    with pytest.raises(Rejected) as caught:
        outcomes.require_page(answer)
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_robot_check_is_tried_again_whatever_its_status(status: int) -> None:
    with pytest.raises(TryLater, match="challenge page: cloudflare"):
        outcomes.require_page(page(status, {"cf-mitigated": "challenge"}))


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://a.by", True),
        ("https://a.by/", True),
        ("https://a.by/#top", True),
        ("https://a.by/?p=123", False),
        ("https://a.by/1", False),
    ],
)
def test_a_front_page_is_known_by_its_url(url: str, front: bool) -> None:
    assert outcomes.is_front_page(url) is front


def test_waits_grow_and_the_last_one_repeats() -> None:
    waits = [outcomes.retry_wait_s(attempt, None, 0) for attempt in range(1, 9)]
    assert waits == [30, 120, 600, 3_600, 21_600, 21_600, 21_600, 21_600]
    assert all(a <= b for a, b in pairwise(waits))


def test_a_server_that_asks_for_more_than_a_day_is_asked_again_after_a_day() -> None:
    assert outcomes.retry_wait_s(1, 45, 0) == 45
    assert outcomes.retry_wait_s(1, 5, 0) == 30
    assert outcomes.retry_wait_s(1, 1e9, 0) == 86_400


@given(st.integers(1, 60), st.none() | st.floats(0, 1e12), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_too_short_nor_without_end(
    attempt: int, after_s: float | None, jitter: float
) -> None:
    wait = outcomes.retry_wait_s(attempt, after_s, jitter)
    assert wait >= outcomes.retry_wait_s(attempt, None, 0)
    assert wait >= min(after_s or 0, 86_400)
    assert wait <= 86_400
