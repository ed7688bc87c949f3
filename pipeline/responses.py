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

_CHALLENGE_BYTES = 65_536


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
    at = _http_date(value)
    if at is None:
        return None
    server_now = _http_date(headers.get("date", "")) or now
    return min(max((at - server_now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def challenge(page: Page) -> str | None:
    """The vendor whose robot check was served instead of the page, or None.

    "cloudflare", "ddos-guard", "qrator", "datadome", "imperva", "akamai" or "sucuri".
    """
    headers = page.headers
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "cloudflare"
    if headers.get("x-datadome") and page.status in (401, 403, 405):
        return "datadome"
    body = page.body[:_CHALLENGE_BYTES].lower()
    server = headers.get("server", "").lower()
    refused = page.status in (401, 403, 405, 429, 503)
    if b"/cdn-cgi/challenge-platform/" in body and (refused or b"<title>just a moment" in body):
        return "cloudflare"
    if b"/.well-known/ddos-guard/" in body and (refused or len(page.body) < 10_000):
        return "ddos-guard"
    if refused and "ddos-guard" in server:
        return "ddos-guard"
    if b"/__qrator/" in body or (refused and "qrator" in server):
        return "qrator"
    if b"_incapsula_resource" in body and len(page.body) < 10_000:
        return "imperva"
    if refused and server.startswith("akamaighost") and b"errors.edgesuite.net" in body:
        return "akamai"
    if b"sucuri_cloudproxy_js" in body or (refused and "sucuri" in server):
        return "sucuri"
    return None
