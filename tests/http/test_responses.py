"""What an answer's head says: Retry-After and robot checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Page
from pipeline.responses import MAX_RETRY_AFTER_S, challenge, retry_after

NOW = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("Thu, 04 Jun 2026 12:10:00 GMT", 600.0),
        ("Thu, 04 Jun 2026 12:10:00 +0000", 600.0),
        ("Thursday, 04-Jun-26 12:10:00 GMT", 600.0),
        ("Thu Jun  4 12:10:00 2026", 600.0),
        ("Thu, 04 Jun 2026 11:00:00 GMT", 0.0),
        ("86400000000000000000000", MAX_RETRY_AFTER_S),
        ("Thu, 04 Jun 2037 12:10:00 GMT", MAX_RETRY_AFTER_S),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Thu, 99 Foo 2026 12:10:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_no_header_asks_for_nothing() -> None:
    assert retry_after({}, NOW) is None


@given(st.integers(0, 3_000_000), st.timedeltas(timedelta(days=-3_000), timedelta(days=3_000)))
def test_a_server_with_a_wrong_clock_means_the_same_wait(seconds: int, error: timedelta) -> None:
    theirs = NOW + error
    headers = {
        "retry-after": http_date(theirs + timedelta(seconds=seconds)),
        "date": http_date(theirs),
    }
    assert retry_after(headers, NOW) == min(seconds, MAX_RETRY_AFTER_S)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_server_writes_is_no_wait_or_a_sane_one(value: str, date: str) -> None:
    seconds = retry_after({"retry-after": value, "date": date}, NOW)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_S


def page(body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
    return Page("https://a.by/1", "https://a.by/1", status, headers or {}, body.encode(), NOW, 1)


ARTICLE = "<title>DDoS-Guard пра атакі</title><p>Cloudflare, Qrator і Incapsula.</p>" + "х" * 9_000


@pytest.mark.parametrize(
    ("answer", "vendor"),
    [
        (page("", 403, {"cf-mitigated": "challenge"}), "cloudflare"),
        (page("", 200, {"cf-mitigated": "challenge"}), "cloudflare"),
        (
            page("<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/h/b/x>"),
            "cloudflare",
        ),
        (page("<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'>" + ARTICLE), None),
        (page("<script src='/.well-known/ddos-guard/js-challenge/index.js'>", 403), "ddos-guard"),
        (page("<script src='/.well-known/ddos-guard/check'>"), "ddos-guard"),
        (page("Forbidden", 403, {"server": "ddos-guard"}), "ddos-guard"),
        (page(ARTICLE, 200, {"server": "ddos-guard"}), None),
        (page("not found", 404, {"server": "ddos-guard"}), None),
        (page("<script src='/__qrator/qauth_utm_v2d.js'></script>", 401), "qrator"),
        (page("<h1>403</h1>", 403, {"server": "QRATOR"}), "qrator"),
        (page(ARTICLE, 200, {"server": "QRATOR"}), None),
        (page("Please enable JS", 403, {"x-datadome": "protected"}), "datadome"),
        (page(ARTICLE, 200, {"x-datadome": "protected"}), None),
        (page("<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>"), "imperva"),
        (page("Sucuri WebSite Firewall", 403, {"server": "Sucuri/Cloudproxy"}), "sucuri"),
        (page("https://errors.edgesuite.net/18.x", 403, {"server": "AkamaiGHost"}), "akamai"),
        (page("Forbidden", 403, {"server": "cloudflare"}), None),
        (page(ARTICLE), None),
    ],
)
def test_a_robot_check_is_named_and_an_article_is_not(answer: Page, vendor: str | None) -> None:
    assert challenge(answer) == vendor
