"""What an answer's head says: when to come back, and whether a robot check stands in the way.

Pure; the caller passes `now`. Header names are in lower case, as in `Page.headers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.records import Page

MAX_RETRY_AFTER_S = 31 * 86_400.0
"""No server means more than a month; larger values are mistakes or malice."""

_MAX_DATE = 64
_TOO_MUCH = frozenset({429, 503})

_REFUSALS = frozenset({202, 401, 403, 405, 429, 503})
"""Statuses that robot checks are served with; 202 is AWS WAF's."""
_CHALLENGE_BYTES = 30_000
"""A page with an article, its navigation and scripts is larger than this in its HTML."""
_LOOK_AT = 65_536

# From the vendors' documentation where they have any, else from the pages they serve.
_CHALLENGE_HEADERS = (
    ("cf-mitigated", ("challenge",), "cloudflare"),
    ("x-vercel-mitigated", ("challenge", "deny"), "vercel"),
    ("x-amzn-waf-action", ("challenge", "captcha"), "aws-waf"),
)
_CHALLENGE_MARKS = (
    (b"_cf_chl_opt", "cloudflare"),
    (b"cf-error-details", "cloudflare"),
    (b"<title>just a moment...</title>", "cloudflare"),
    (b"/.well-known/ddos-guard/", "ddos-guard"),
    (b"check.ddos-guard.net", "ddos-guard"),
    (b"/__qrator/", "qrator"),
    (b"servicepipe.ru/", "servicepipe"),
    (b"/.within.website/x/cmd/anubis/", "anubis"),
    (b"captcha-delivery.com", "datadome"),
    (b"_incapsula_resource", "imperva"),
    (b"errors.edgesuite.net", "akamai"),
    (b"sucuri_cloudproxy_js", "sucuri"),
    (b"px-captcha", "perimeterx"),
)
_CHALLENGE_SERVERS = (
    ("ddos-guard", "ddos-guard"),
    ("qrator", "qrator"),
    ("sucuri", "sucuri"),
    ("variti", "variti"),
)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by the Retry-After header (RFC 9110 §10.2.3), None without a usable one.

    A date is read against the server's own clock, as its Date header gives it: a server whose
    clock is an hour off still means the same wait. Never negative, at most a month.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), MAX_RETRY_AFTER_S)
    at = http_date(value)
    if at is None:
        return None
    server_now = http_date(headers.get("date", "")) or now
    return min(max((at - server_now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def told_to_wait(page: Page) -> float | None:
    """Seconds that a 429 or 503 asks us to stay away; 0 when it does not say, None for all others.

    Retry-After with other statuses speaks of one resource (RFC 9110 §10.2.3), not of our pace.
    """
    if page.status not in _TOO_MUCH:
        return None
    return retry_after(page.headers, page.fetched) or 0.0


def http_date(value: str) -> datetime | None:
    """A date of an HTTP header (RFC 9110 §5.6.7), aware; None for what is none."""
    try:
        parsed = parsedate_to_datetime(value[:_MAX_DATE])
    except (ValueError, OverflowError):  # the latter for years of 400 digits
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def challenge(page: Page) -> str | None:
    """The vendor whose robot check was served instead of the page, or None.

    An article that merely mentions a vendor, or comes through one, is no robot check: a vendor's
    own header is believed at once, its scripts only in a refusal or a page too small for an
    article, its name in `Server` only in a refusal that carries nothing else.
    """
    for header, values, vendor in _CHALLENGE_HEADERS:
        if page.headers.get(header, "").lower() in values:
            return vendor
    refused = page.status in _REFUSALS
    small = len(page.body) < _CHALLENGE_BYTES
    if refused or small:
        body = page.body[:_LOOK_AT].lower()
        for mark, vendor in _CHALLENGE_MARKS:
            if mark in body:
                return vendor
    if refused and small:
        server = page.headers.get("server", "").lower()
        for name, vendor in _CHALLENGE_SERVERS:
            if name in server:
                return vendor
    return None
