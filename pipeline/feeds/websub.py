"""WebSub, the subscriber's side: what is asked of a hub, and what the hub's requests are worth.

Pure. After the W3C Recommendation of 23 January 2018 (https://www.w3.org/TR/websub/; § below). A
subscription is `asked` until its hub has proven that it means us (§5.3), then `active` until its
lease ends; `ending` until the hub has let go of it, then `ended`; `denied` while the hub does not
want us (§5.2). Asking is `workers.subscriber`'s, answering `workers.web.websub`'s affair.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlencode

from pipeline.errors import Rejected
from pipeline.feeds.shapes import ParsedFeed
from pipeline.urls import parse_http

SubscriptionState = Literal["asked", "active", "denied", "ending", "ended"]

LEASE_ASKED_S: Final = 10 * 86_400
"""The lease we ask for; the hub decides."""
LONGEST_LEASE: Final = timedelta(days=90)
SHORTEST_LEASE: Final = timedelta(minutes=5)
"""Promises beyond these are mistakes; a shorter lease would be renewed all the time."""
RENEWED_AFTER: Final = 0.75
"""The part of a lease after which it is renewed: a quarter is left for a hub that is away."""
RETRY_BASE: Final = timedelta(minutes=5)
RETRY_LONGEST: Final = timedelta(days=1)
DENIED_FOR: Final = timedelta(days=7)
"""A hub that does not want us is asked again after this; its mind may change with its owner."""
MOST_ENDINGS: Final = 4
"""Tries to unsubscribe; then the lease may run out by itself, and pushes are answered with 410."""
HUBLESS_POLLS: Final = 3
"""Documents in a row without a hub, after which the feed offers none: one may come from a cache,
a mirror or a mended template."""
_METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})
"""The signature methods of §7.1.1; most hubs still sign with HMAC-SHA1."""
_LINK = re.compile(
    r"""<([^<>]{1,2000})>((?:\s{0,5};\s{0,5}[^;,"]{1,100}(?:"[^"]{0,500}")?){1,10})"""
)
_REL = re.compile(r"""rel\s{0,3}=\s{0,3}(?:"([^"]{0,200})"|([\w-]{1,40}))""", re.I)


@dataclass(frozen=True, slots=True)
class Offer:
    """A hub that pushes a topic, as a feed announces it."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription, as it is kept."""

    id: int
    feed_id: int
    hub: str
    topic: str
    token: str
    """The secret part of the callback's address."""
    secret: str
    state: SubscriptionState
    attempts: int
    lease_until: datetime | None


def offer(headers: Mapping[str, str], feed: ParsedFeed, url: str) -> Offer | None:
    """The hub and topic of an answer from `url`: Link headers first, then the document (§4).

    Without a `self` link the feed cannot be subscribed to. Header names in lower case.
    """
    links = _links(headers.get("link", "")[:8_000])
    hub, topic = links.get("hub") or feed.hub, links.get("self") or feed.self_url
    if not hub or not topic:
        return None
    try:
        return Offer(parse_http(hub), parse_http(topic))
    except Rejected:
        return None


def callback(public_url: str, token: str) -> str:
    """The address that a hub is given for one subscription."""
    return f"{public_url.rstrip('/')}/websub/{token}"


def request(subscription: Subscription, public_url: str) -> bytes:
    """The form to POST to the hub (§5.1): subscribe or renew, or let go."""
    fields: dict[str, str | int] = {
        "hub.callback": callback(public_url, subscription.token),
        "hub.mode": mode(subscription),
        "hub.topic": subscription.topic,
    }
    if mode(subscription) == "subscribe":
        fields |= {"hub.lease_seconds": LEASE_ASKED_S, "hub.secret": subscription.secret}
    return urlencode(fields).encode()


def mode(subscription: Subscription) -> Literal["subscribe", "unsubscribe"]:
    """What the hub is asked for."""
    return "unsubscribe" if subscription.state == "ending" else "subscribe"


def hubless(before: int, offered: Offer | None) -> int:
    """How many documents in a row have announced no hub, `before` of them before this one."""
    return min(before + 1, HUBLESS_POLLS) if offered is None else 0


def retry_at(attempts: int, now: datetime, told_s: float = 0.0) -> datetime:
    """When a hub is asked again that did not answer, refused, or never proved its intent.

    `told_s` is the wait that it asked for itself (Retry-After), seconds.
    """
    own = min(RETRY_BASE * float(2 ** min(attempts, 20)), RETRY_LONGEST)
    return now + max(own, timedelta(seconds=told_s))


@dataclass(frozen=True, slots=True)
class Verification:
    """What a hub's GET of the callback means."""

    kind: Literal["subscribed", "unsubscribed", "denied", "refused"]
    """`refused`: it asks for something that we did not want (answer 404)."""
    challenge: str = ""
    """To be echoed as the body, when we agree."""
    lease_until: datetime | None = None
    renew_at: datetime | None = None
    reason: str | None = None


def verify(subscription: Subscription, query: Mapping[str, str], now: datetime) -> Verification:
    """Judge a hub's verification of intent (§5.3) or denial (§5.2)."""
    refused = Verification("refused")
    if query.get("hub.topic") != subscription.topic:
        return refused
    challenge = query.get("hub.challenge", "")
    match query.get("hub.mode"):
        case "denied" if subscription.state in ("ending", "ended"):
            return Verification("unsubscribed")
        case "denied":
            return Verification("denied", reason=query.get("hub.reason", "")[:300] or None)
        case "subscribe" if challenge and subscription.state in ("asked", "active"):
            lease = _lease(query.get("hub.lease_seconds", ""))
            return Verification("subscribed", challenge, now + lease, now + lease * RENEWED_AFTER)
        case "unsubscribe" if challenge and subscription.state in ("ending", "ended"):
            return Verification("unsubscribed", challenge)
    return refused


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether a push carries the signature that was agreed on (§7.1), by whichever method."""
    method, _, given = header.strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    right = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(right.encode(), given.strip().lower().encode())


def _lease(seconds: str) -> timedelta:
    asked = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 10 else 0
    lease = timedelta(seconds=asked or LEASE_ASKED_S)
    return min(max(lease, SHORTEST_LEASE), LONGEST_LEASE)


def _links(header: str) -> dict[str, str]:
    """The first target of each relation in a Link header (RFC 8288)."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(header):
        rel = _REL.search(link[2])
        for name in (rel[1] or rel[2] or "").lower().split() if rel else ():
            found.setdefault(name, link[1].strip())
    return found
