"""WebSub subscriptions in the database: who is asked when, by one poller at a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from pipeline.feeds.sources import FeedSource
from pipeline.feeds.websub import Offer, Subscription, Verification
from pipeline.store import feeds, subscriptions
from pipeline.store.database import Database
from pipeline.store.schema import feed_subscriptions
from tests.worlds.store import NOW, later

ONE, TWO = Offer("https://hub.example/", "https://a.example/rss"), Offer("https://b.example/", "t:")


def offer(database: Database, offered: Offer | None, token: str = "t", at: float = 0) -> None:
    with database.write() as tx:
        if feeds.next_due(tx) is None:
            feeds.sync(tx, [FeedSource("https://a.example/rss")], NOW)
        subscriptions.take_up(tx, 1, offered, token, "s", later(at))


def claim(database: Database, at: float = 0) -> list[Subscription]:
    with database.write() as tx:
        return subscriptions.claim_due(tx, later(at), 9, 60)


def rows(database: Database) -> list[Any]:
    with database.read() as connection:
        query = select(feed_subscriptions).order_by(feed_subscriptions.c.id)
        return list(connection.execute(query))


def settle(database: Database, told: Verification, at: float = 0, token: str = "t") -> None:
    with database.write() as tx:
        kept = subscriptions.by_token(tx, token)
        assert kept is not None
        subscriptions.settle(tx, kept, told, later(at))


def agreed(until: float) -> Verification:
    return Verification("subscribed", "c", later(until), later(until * 0.75))


def test_an_offer_is_taken_up_once(database: Database) -> None:
    offer(database, ONE)
    offer(database, ONE, "other")
    (kept,) = rows(database)
    assert (kept.token, kept.state, kept.due_at) == ("t", "asked", NOW)


def test_another_hub_replaces_the_first(database: Database) -> None:
    offer(database, ONE)
    offer(database, TWO, "other", at=5)
    assert [(row.state, row.hub) for row in rows(database)] == [
        ("ending", ONE.hub),
        ("asked", TWO.hub),
    ]
    offer(database, None, at=9)
    assert {row.state for row in rows(database)} == {"ending"}


def test_only_one_poller_asks_a_hub(database: Database) -> None:
    offer(database, ONE)
    (asked,) = claim(database)
    assert claim(database, at=59) == []
    assert claim(database, at=61) == [asked]


def test_an_answer_that_comes_after_its_verification_changes_nothing(database: Database) -> None:
    offer(database, ONE)
    (asked,) = claim(database)
    settle(database, agreed(3600), at=1)
    with database.write() as tx:
        subscriptions.note_asked(tx, asked, "timeout", later(2))
    (kept,) = rows(database)
    assert (kept.state, kept.attempts, kept.last_error) == ("active", 0, None)
    assert kept.due_at == later(2700)


def test_a_renewal_that_gets_no_answer_is_tried_again_before_the_lease_ends(
    database: Database,
) -> None:
    offer(database, ONE)
    settle(database, agreed(86_400))
    (asked,) = claim(database, at=65_000)
    assert asked.state == "active"
    with database.write() as tx:
        subscriptions.note_asked(tx, asked, "HTTP 503", later(65_001))
    (kept,) = rows(database)
    assert (kept.state, kept.attempts, kept.last_error) == ("active", 1, "HTTP 503")
    assert later(65_001) < kept.due_at < later(86_400)


def test_feeds_are_pushed_only_while_the_lease_lasts(database: Database) -> None:
    offer(database, ONE)
    settle(database, agreed(3600))
    with database.write() as tx:
        assert subscriptions.live(tx, [1, 2], later(3599)) == {1}
        assert subscriptions.live(tx, [1], later(3600)) == set()
        assert subscriptions.lapse(tx, later(3599)) == 0
        assert subscriptions.lapse(tx, later(3601)) == 1
    assert rows(database)[0].state == "asked"


def test_a_hub_that_never_lets_go_is_given_up_and_then_forgotten(database: Database) -> None:
    offer(database, ONE)
    offer(database, None)
    at = 0.0
    for _ in range(subscriptions.MOST_ENDINGS):
        at += 86_400
        (asked,) = claim(database, at)
        with database.write() as tx:
            subscriptions.note_asked(tx, asked, "HTTP 500", later(at))
    assert [row.state for row in rows(database)] == ["ended"]
    assert claim(database, at + subscriptions.KEEP_ENDED.total_seconds() + 1) == []
    assert rows(database) == []


def test_feeds_that_are_polled_no_more_are_let_go(database: Database) -> None:
    offer(database, ONE)
    with database.write() as tx:
        assert subscriptions.drop_unwanted(tx, NOW) == 0
        feeds.sync(tx, [], NOW)
        assert subscriptions.drop_unwanted(tx, NOW) == 1
        assert subscriptions.drop_unwanted(tx, NOW) == 0
        assert subscriptions.by_feed(tx) == {}
