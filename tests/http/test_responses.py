"""What an answer's head says: Retry-After and robot checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Page
from pipeline.responses import MAX_RETRY_AFTER_S, challenge, retry_after, told_to_wait

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
        ("Thu, 04 Jun 99999999999 12:10:00 GMT", None),
        ("Thu, 04 Jun 2026 12:10:00 +99999999999", None),
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


ARTICLE = "<title>DDoS-Guard пра атакі</title><p>Cloudflare, Qrator і Incapsula.</p>" + "х" * 20_000
JSD = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"


@pytest.mark.parametrize(
    ("answer", "vendor"),
    [
        (page("", 403, {"cf-mitigated": "challenge"}), "cloudflare"),
        (page(ARTICLE, 200, {"cf-mitigated": "challenge"}), "cloudflare"),
        (page("<title>Just a moment...</title>", 503), "cloudflare"),
        (page("<script>window._cf_chl_opt={cvId:'3'}</script>"), "cloudflare"),
        (page("<div id='cf-error-details'>Sorry, you have been blocked", 403), "cloudflare"),
        (page("<script src='/.well-known/ddos-guard/js-challenge/index.js'>", 403), "ddos-guard"),
        (page("<script src='https://check.ddos-guard.net/check.js'>"), "ddos-guard"),
        (page("Forbidden", 403, {"server": "ddos-guard"}), "ddos-guard"),
        (page("<script src='/__qrator/qauth_utm_v2d.js'></script>", 401), "qrator"),
        (page("<h1>403</h1>", 403, {"server": "QRATOR"}), "qrator"),
        (page("<script src='https://geo.captcha-delivery.com/c.js'>", 403), "datadome"),
        (page("<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>"), "imperva"),
        (page("Access Denied https://errors.edgesuite.net/18.x", 403), "akamai"),
        (page("Sucuri WebSite Firewall", 403, {"server": "Sucuri/Cloudproxy"}), "sucuri"),
        (page("", 202, {"x-amzn-waf-action": "challenge"}), "aws-waf"),
        (page("", 429, {"x-vercel-mitigated": "challenge"}), "vercel"),
        (page("<img src='/.within.website/x/cmd/anubis/static/img/pensive.webp'>"), "anubis"),
    ],
)
def test_a_robot_check_is_named(answer: Page, vendor: str) -> None:
    assert challenge(answer) == vendor


@pytest.mark.parametrize(
    "answer",
    [
        page(ARTICLE),
        page(ARTICLE, 200, {"server": "ddos-guard"}),
        page(ARTICLE, 200, {"server": "QRATOR"}),
        page(ARTICLE, 200, {"server": "cloudflare", "cf-ray": "1"}),
        page(ARTICLE + JSD, 200, {"server": "cloudflare"}),
        page(ARTICLE + "<p>Як працуе /__qrator/ і _Incapsula_Resource</p>"),
        page("not found", 404, {"server": "ddos-guard"}),
        page("Forbidden", 403, {"server": "cloudflare"}),
        page("Forbidden", 403, {"server": "nginx"}),
        page(ARTICLE, 403, {"server": "QRATOR"}),
        page("<p>Кароткая навіна</p>" + JSD, 200, {"server": "cloudflare"}),
        page("", 304, {"server": "ddos-guard"}),
    ],
)
def test_a_page_that_comes_through_a_vendor_or_speaks_of_one_is_no_robot_check(
    answer: Page,
) -> None:
    assert challenge(answer) is None


@pytest.mark.parametrize(
    ("status", "header", "wait_s"),
    [
        (429, {"retry-after": "30"}, 30.0),
        (503, {"retry-after": "30"}, 30.0),
        (429, {}, 0.0),
        (503, {"retry-after": "soon"}, 0.0),
        (301, {"retry-after": "30"}, None),
        (403, {"retry-after": "30"}, None),
        (500, {}, None),
        (200, {}, None),
    ],
)
def test_only_429_and_503_tell_us_to_stay_away(
    status: int, header: dict[str, str], wait_s: float | None
) -> None:
    assert told_to_wait(page("", status, header)) == wait_s
