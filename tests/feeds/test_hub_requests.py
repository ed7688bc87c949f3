"""What hubs may make us agree to, and which pushes are theirs."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import websub
from pipeline.feeds.shapes import ParsedFeed
from pipeline.feeds.websub import Offer, Subscription

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOPIC = "https://news.example/rss?a=1&b=2"
ASKED = Subscription(1, 7, "https://hub.example/", TOPIC, "token", "secret", "asked", 0, None)
FEED = ParsedFeed(hub="https://hub.example/", self_url=TOPIC)


def query(mode: str = "subscribe", **said: str) -> dict[str, str]:
    given = {"mode": mode, "topic": TOPIC, "challenge": "c", "lease_seconds": "3600"} | said
    return {f"hub.{name}": value for name, value in given.items()}


# -- what a feed offers ------------------------------------------------------------------------


def test_a_document_with_a_hub_and_its_own_address_is_an_offer() -> None:
    assert websub.offer({}, FEED, "https://x.example/") == Offer("https://hub.example/", TOPIC)


@pytest.mark.parametrize(
    "header",
    [
        '<https://h.example/>; rel="hub", <https://t.example/f>; rel="self"',
        "<https://h.example/>; rel=hub, <https://t.example/f>; rel=self",
        '<https://h.example/> ; title="a, b; c" ; rel="alternate hub",<https://t.example/f>;rel=SELF',
    ],
)
def test_link_headers_come_before_the_document(header: str) -> None:
    found = websub.offer({"link": header}, FEED, "https://x.example/")
    assert found == Offer("https://h.example/", "https://t.example/f")


@pytest.mark.parametrize(
    "feed",
    [
        ParsedFeed(),
        ParsedFeed(hub="https://hub.example/"),
        ParsedFeed(self_url=TOPIC),
        ParsedFeed(hub="ftp://hub.example/", self_url=TOPIC),
        ParsedFeed(hub="https://hub.example/", self_url="urn:feed"),
    ],
)
def test_half_an_offer_is_none(feed: ParsedFeed) -> None:
    assert websub.offer({}, feed, "https://x.example/") is None


@given(st.text(alphabet='<>;,="a relhubself\\', max_size=300))
def test_no_link_header_raises(header: str) -> None:
    websub.offer({"link": header}, ParsedFeed(), "https://x.example/")


# -- what is asked -----------------------------------------------------------------------------


def test_a_request_says_what_the_recommendation_asks_for() -> None:
    form = {
        k: v[0] for k, v in parse_qs(websub.request(ASKED, "https://w.example/x/").decode()).items()
    }
    assert form == {
        "hub.callback": "https://w.example/x/websub/token",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.lease_seconds": "864000",
        "hub.secret": "secret",
    }


def test_a_secret_is_not_sent_to_let_go() -> None:
    form = parse_qs(websub.request(replace(ASKED, state="ending"), "https://w.example").decode())
    assert form["hub.mode"] == ["unsubscribe"]
    assert "hub.secret" not in form


def test_a_hub_that_does_not_answer_is_asked_ever_more_seldom_but_daily() -> None:
    waits = [websub.retry_at(attempts, NOW) - NOW for attempts in range(60)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=5), timedelta(days=1))


# -- what is agreed to -------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["asked", "active"])
def test_what_was_asked_for_is_agreed_to(state: websub.SubscriptionState) -> None:
    told = websub.verify(replace(ASKED, state=state), query(), NOW)
    assert (told.kind, told.challenge) == ("subscribed", "c")
    assert told.lease_until == NOW + timedelta(hours=1)
    assert NOW < told.renew_at < told.lease_until


@pytest.mark.parametrize("state", ["denied", "ending", "ended"])
def test_what_was_not_asked_for_is_refused(state: websub.SubscriptionState) -> None:
    assert websub.verify(replace(ASKED, state=state), query(), NOW).kind == "refused"


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("asked", "refused"),
        ("active", "refused"),
        ("ending", "unsubscribed"),
        ("ended", "unsubscribed"),
    ],
)
def test_only_what_is_ending_can_be_let_go(state: websub.SubscriptionState, kind: str) -> None:
    assert websub.verify(replace(ASKED, state=state), query("unsubscribe"), NOW).kind == kind


@pytest.mark.parametrize(
    "said",
    [{"topic": "https://news.example/rss"}, {"challenge": ""}, {"mode": "publish"}, {"mode": ""}],
)
def test_anything_else_is_refused(said: dict[str, str]) -> None:
    assert websub.verify(ASKED, query(**said), NOW).kind == "refused"


@pytest.mark.parametrize("state", ["ending", "ended"])
def test_a_denial_of_what_is_not_wanted_ends_it(state: websub.SubscriptionState) -> None:
    said = {"hub.mode": "denied", "hub.topic": TOPIC}
    assert websub.verify(replace(ASKED, state=state), said, NOW).kind == "unsubscribed"


@pytest.mark.parametrize("state", ["asked", "active", "denied"])
def test_a_denial_needs_no_challenge(state: websub.SubscriptionState) -> None:
    said = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "no"}
    told = websub.verify(replace(ASKED, state=state), said, NOW)
    assert (told.kind, told.reason) == ("denied", "no")


@given(st.text(max_size=30))
def test_any_lease_ends_within_bounds(seconds: str) -> None:
    told = websub.verify(ASKED, query(lease_seconds=seconds), NOW)
    lease = told.lease_until - NOW
    assert websub.SHORTEST_LEASE <= lease <= websub.LONGEST_LEASE


# -- signatures --------------------------------------------------------------------------------


@given(st.binary(max_size=200), st.sampled_from(["sha1", "sha256", "sha384", "sha512"]))
def test_a_signature_is_good_for_its_body_and_secret_only(body: bytes, method: str) -> None:
    digest = hmac.new(b"secret", body, method).hexdigest()
    assert websub.is_signed(body, f"{method}={digest}", "secret")
    assert websub.is_signed(body, f" {method.upper()}={digest.upper()} ", "secret")
    assert not websub.is_signed(body + b" ", f"{method}={digest}", "secret")
    assert not websub.is_signed(body, f"{method}={digest}", "other")
    assert not websub.is_signed(body, f"{method}={digest[:-1]}", "secret")


@given(st.text(max_size=100))
def test_no_other_header_is_a_signature(header: str) -> None:
    assert not websub.is_signed(b"body", header, "secret")
    assert not websub.is_signed(b"body", f"md5={hashlib.md5(b'body').hexdigest()}", "secret")
