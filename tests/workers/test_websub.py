"""Feeds that a hub pushes: agreed to only as asked, believed only when signed, trusted slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.feeds.schedule import PUSH_PROVEN, PUSH_RARER, FeedState, is_push_proven
from pipeline.feeds.websub import HUBLESS_POLLS
from pipeline.http import Door, Limits
from pipeline.store import feeds as feed_store
from pipeline.store.schema import entries, feed_subscriptions
from tests.worlds import hub as hubs
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.hub import Hub
from tests.worlds.newsroom import RSS, Answer, Newsroom
from workers import context as context_module
from workers import subscriber as subscriber_module
from workers.context import Context, utc_now
from workers.subscriber import Subscriber
from workers.web import websub as callback_module

FEED = "/rss"


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub()
    with made.run_in_thread():
        yield made


class Pushed:
    """A feed with a hub, and everything around it."""

    def __init__(self, context: Context, newsroom: Newsroom, hub: Hub) -> None:
        self.context, self.newsroom, self.hub = context, newsroom, hub
        self.topic = newsroom.base_url + FEED

    def document(self, *numbers: int, hub: bool = True) -> str:
        """The feed with some entries, dated now."""
        date = utc_now().strftime("%a, %d %b %Y %H:%M:%S GMT")
        items = "".join(
            f"<item><title>Item {n}</title><link>http://127.0.0.1:9/{n}</link>"
            f"<guid>{n}</guid><pubDate>{date}</pubDate></item>"
            for n in numbers
        )
        links = (
            f'<atom:link rel="hub" href="{self.hub.base_url}/"/>'
            f'<atom:link rel="self" href="{self.topic}"/>'
        )
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">'
            f"<channel><title>T</title>{links if hub else ''}{items}</channel></rss>"
        )

    def publish(self, *numbers: int, hub: bool = True) -> None:
        """What the site itself serves from now on."""
        self.newsroom.serve(FEED, Answer(self.document(*numbers, hub=hub), content_type=RSS))

    def poll(self) -> FeedState:
        ledger.poll_all(self.context)
        return self.state()

    def state(self) -> FeedState:
        return FeedState.from_json(self.row().state)

    def row(self) -> Any:
        with self.context.database.read() as connection:
            (row,) = feed_store.overview(connection)
        return row

    def ask_hubs(self, limits: Limits | None = None) -> None:
        """One round of the subscriber, verification included."""

        async def once() -> None:
            async with Door(limits or self.context.limits) as door:
                task = asyncio.create_task(Subscriber(self.context, door).run())
                async with asyncio.timeout(20):
                    while self.is_asking():
                        await asyncio.sleep(0.02)
                task.cancel()

        asyncio.run(once())

    def is_asking(self) -> bool:
        """Whether a hub is to be asked, is being asked, or has not verified yet."""
        until = subscriber_module.utc_now() + timedelta(seconds=subscriber_module.CLAIM_S)
        due = any(each.due_at and each.due_at <= until for each in self.subscriptions())
        return due or self.hub.is_verifying

    def subscriptions(self) -> list[Any]:
        with self.context.database.read() as connection:
            return list(
                connection.execute(select(feed_subscriptions).order_by(feed_subscriptions.c.id))
            )

    def subscribe(self, *numbers: int) -> None:
        self.publish(*numbers)
        self.poll()
        self.ask_hubs()
        assert self.subscriptions()[-1].state == "active"


@pytest.fixture
def pushed(
    reopened: Callable[..., Context],
    newsroom: Newsroom,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Pushed]:
    monkeypatch.setattr(subscriber_module, "TICK_S", 60.0)  # a poll alone asks no hub
    port = hubs.free_port()
    web = f'[web]\nport = {port}\npublic_url = "http://127.0.0.1:{port}/"\n'
    context = reopened(LOOPBACK + web, feeds=[{"url": newsroom.base_url + FEED}])
    with hubs.served(context):
        yield Pushed(context, newsroom, hub)


def test_a_feed_that_offers_a_hub_is_subscribed_to_and_pushes_come_in(pushed: Pushed) -> None:
    pushed.subscribe(1)
    (asked,) = pushed.hub.asked
    assert asked["hub.mode"] == "subscribe"
    assert asked["hub.topic"] == pushed.topic
    assert len(asked["hub.secret"]) >= 32
    assert len(asked["hub.callback"].rpartition("/")[2]) >= 32, "nobody can guess it"
    assert pushed.hub.verified == [(200, True)]
    assert pushed.hub.push(pushed.document(2, 1)) == 202
    assert ledger.counts(pushed.context)["queued"] == 2
    assert ledger.story(pushed.context, "http://127.0.0.1:9/2")[0]["data"]["by"] == "push"
    (kept,) = pushed.subscriptions()
    assert (kept.pushes, kept.forged) == (1, 0)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_is_believed_by_whichever_method_it_is_signed(pushed: Pushed, method: str) -> None:
    pushed.hub.method = method
    pushed.subscribe(1)
    assert pushed.hub.push(pushed.document(2)) == 202
    assert ledger.counts(pushed.context)["queued"] == 2


def test_a_push_with_a_wrong_signature_is_accepted_and_dropped(pushed: Pushed) -> None:
    pushed.subscribe(1)
    assert pushed.hub.push(pushed.document(2), secret="guessed") == 202
    callback = pushed.hub.asked[0]["hub.callback"]
    for header in ("", "sha256=", "md5=d41d8cd98f00b204e9800998ecf8427e", "sha256"):
        headers = {"X-Hub-Signature": header} if header else {}
        assert hubs.send(callback, pushed.document(2).encode(), headers) == 202
    assert ledger.counts(pushed.context)["queued"] == 1
    (kept,) = pushed.subscriptions()
    assert (kept.pushes, kept.forged) == (0, 5)


def test_nobody_can_make_us_agree_to_what_we_did_not_ask_for(pushed: Pushed) -> None:
    pushed.subscribe(1)
    tell = pushed.hub.tell
    assert tell(mode="unsubscribe", challenge="c")[0] == 404, "we want it"
    assert tell(mode="subscribe", challenge="c", topic="http://127.0.0.1:9/other")[0] == 404
    assert tell(mode="subscribe")[0] == 404, "no challenge"
    assert tell(mode="publish", challenge="c")[0] == 404
    assert tell(mode="subscribe", challenge="<b>c</b>") == (200, "<b>c</b>")
    origin = pushed.hub.asked[0]["hub.callback"].rpartition("/")[0]
    assert hubs.get(f"{origin}/guessed?hub.mode=subscribe&hub.challenge=c")[0] == 404
    assert hubs.send(f"{origin}/guessed", b"<rss/>", {}) == 404
    assert pushed.subscriptions()[0].state == "active"


def test_a_push_too_large_is_refused_unread(
    reopened: Callable[..., Context], newsroom: Newsroom, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriber_module, "TICK_S", 60.0)  # a poll alone asks no hub
    port = hubs.free_port()
    web = f'max_bytes = 5000\n[web]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\n'
    context = reopened(LOOPBACK + web, feeds=[{"url": newsroom.base_url + FEED}])
    with hubs.served(context):
        world = Pushed(context, newsroom, hub)
        world.subscribe(1)
        assert hub.push(world.document(*range(200))) == 413
        assert hub.push(world.document(2)) == 202
    assert ledger.counts(context)["queued"] == 2


@pytest.mark.parametrize("body", ["", "<html><body>hello</body></html>"])
def test_a_push_without_entries_makes_the_feed_due(pushed: Pushed, body: str) -> None:
    pushed.subscribe(1)
    assert pushed.row().next_poll_at > utc_now()
    assert pushed.hub.push(body) == 202
    assert pushed.row().next_poll_at <= utc_now()


# -- leases ------------------------------------------------------------------------------------


def test_a_lease_is_renewed_before_it_ends(pushed: Pushed, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed.subscribe(1)
    (kept,) = pushed.subscriptions()
    assert kept.lease_until - utc_now() > timedelta(days=9)
    shift(monkeypatch, days=8)
    pushed.ask_hubs()
    first, second = pushed.hub.asked
    assert second == first, "the same callback, topic and secret"
    (renewed,) = pushed.subscriptions()
    assert renewed.state == "active"
    assert pushed.hub.verified == [(200, True)] * 2


def test_a_lease_that_ran_out_is_asked_for_anew_and_polls_are_as_before(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed.subscribe(1)
    pushed.hub.status = 503
    shift(monkeypatch, days=11)
    pushed.ask_hubs()
    (kept,) = pushed.subscriptions()
    assert (kept.state, kept.last_error) == ("asked", "HTTP 503 as you wish")
    assert pushed.row().next_poll_at <= subscriber_module.utc_now()
    pushed.hub.status = 202
    shift(monkeypatch, days=12)
    ledger.wake_all(pushed.context)  # the pause of the hub's host is over by Redis' clock, too
    pushed.ask_hubs()
    assert pushed.subscriptions()[0].state == "active"


def test_a_hub_that_denies_is_left_alone_for_a_week(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed.subscribe(1)
    assert pushed.hub.tell(mode="denied", reason="members only")[0] == 200
    (kept,) = pushed.subscriptions()
    assert (kept.state, kept.last_error) == ("denied", "members only")
    assert pushed.row().next_poll_at <= utc_now(), "it is polled instead"
    assert pushed.hub.push(pushed.document(2)) == 410
    shift(monkeypatch, days=6)
    pushed.ask_hubs()
    assert len(pushed.hub.asked) == 1
    shift(monkeypatch, days=8)
    pushed.ask_hubs()
    assert len(pushed.hub.asked) == 2


def test_a_feed_that_is_removed_is_unsubscribed(
    pushed: Pushed, directory: WorkingDirectory
) -> None:
    pushed.subscribe(1)
    with pushed.context.database.write() as tx:
        feed_store.sync(tx, [], utc_now())
        subscriber_module.subscriptions.drop_unwanted(tx, utc_now())
    pushed.ask_hubs()
    assert [each["hub.mode"] for each in pushed.hub.asked] == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in pushed.hub.asked[1]
    assert pushed.hub.verified == [(200, True)] * 2
    assert pushed.subscriptions()[0].state == "ended"
    assert pushed.hub.push(pushed.document(2), which=0) == 410
    assert pushed.hub.tell(0, mode="subscribe", challenge="c")[0] == 404


def test_a_feed_that_drops_its_hub_for_good_is_unsubscribed(pushed: Pushed) -> None:
    pushed.subscribe(1)
    for number in range(HUBLESS_POLLS):
        assert pushed.subscriptions()[0].state == "active"
        pushed.publish(1, 2 + number, hub=False)
        pushed.poll()
    pushed.ask_hubs()
    assert pushed.subscriptions()[0].state == "ended"


def test_a_document_that_comes_once_without_its_hub_ends_nothing(pushed: Pushed) -> None:
    pushed.subscribe(1)
    for number in range(2 * HUBLESS_POLLS):
        pushed.publish(1, 2 + number, hub=bool(number % 2))
        pushed.poll()
    (kept,) = pushed.subscriptions()
    assert kept.state == "active"
    assert [each["hub.mode"] for each in pushed.hub.asked] == ["subscribe"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_hub_that_asks_to_wait_is_left_alone_for_so_long(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    pushed.hub.status, pushed.hub.retry_after = status, str(3 * 86_400)
    pushed.publish(1)
    pushed.poll()
    pushed.ask_hubs()
    asked = len(pushed.hub.asked)
    shift(monkeypatch, days=2.9)
    pushed.ask_hubs()
    assert len(pushed.hub.asked) == asked
    (kept,) = pushed.subscriptions()
    assert kept.last_error == f"HTTP {status} as you wish"
    assert kept.due_at > utc_now() + timedelta(days=2.9)


def test_a_hub_on_a_forbidden_address_is_not_asked(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed.hub.status = 500
    pushed.publish(1)
    pushed.poll()
    pushed.ask_hubs()
    asked = len(pushed.hub.asked)
    assert pushed.subscriptions()[0].last_error == "HTTP 500 as you wish"
    shift(monkeypatch, days=2)
    pushed.ask_hubs(replace(pushed.context.limits, allow_private_addresses=False))
    assert len(pushed.hub.asked) == asked
    assert "address not allowed" in pushed.subscriptions()[0].last_error


def test_without_a_public_url_nobody_is_asked(
    context: Context, newsroom: Newsroom, hub: Hub, directory: WorkingDirectory
) -> None:
    directory.write(settings=LOOPBACK, feeds=[{"url": newsroom.base_url + FEED}])
    world = Pushed(context, newsroom, hub)
    world.publish(1)
    world.poll()
    assert world.subscriptions() == []


# -- distrust ----------------------------------------------------------------------------------


def test_polls_get_rarer_only_once_push_was_ahead_of_them_and_return_at_the_first_miss(
    pushed: Pushed,
) -> None:
    pushed.subscribe(1)
    for number in range(2, 2 + PUSH_PROVEN):
        assert not is_push_proven(pushed.state())
        numbers = range(number, 0, -1)
        assert pushed.hub.push(pushed.document(*numbers)) == 202
        pushed.publish(*numbers)
        before = pushed.state()
        state = pushed.poll()
    assert is_push_proven(state)
    assert state.interval_s > before.interval_s * PUSH_RARER / 2
    assert pushed.row().next_poll_at - utc_now() < timedelta(days=1.2), "never not at all"
    assert state.status != "overflow"
    pushed.publish(99, *range(2 + PUSH_PROVEN, 0, -1))
    missed = pushed.poll()
    assert not is_push_proven(missed)
    assert missed.push_streak == 0
    assert missed.interval_s < state.interval_s


def test_entries_that_were_pushed_teach_the_feeds_rhythm_once(pushed: Pushed) -> None:
    pushed.subscribe(1)
    learned = pushed.state().rhythm.entries
    assert pushed.hub.push(pushed.document(2, 1)) == 202
    pushed.publish(2, 1)
    assert round(pushed.poll().rhythm.entries - learned) == 1
    again = pushed.poll()
    assert round(again.rhythm.entries - learned) == 1
    with pushed.context.database.read() as connection:
        flags = list(connection.scalars(select(entries.c.pushed).order_by(entries.c.guid)))
    assert flags == [False, True]


def shift(monkeypatch: pytest.MonkeyPatch, *, days: float) -> None:
    """The clock of the subscriber and the web part, days ahead."""
    later: Callable[[], datetime] = lambda: context_module.utc_now() + timedelta(days=days)  # noqa: E731
    monkeypatch.setattr(subscriber_module, "utc_now", later)
    monkeypatch.setattr(callback_module, "utc_now", later)
