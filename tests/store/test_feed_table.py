"""The feeds' table: the list synced from the file, leases, and what a poll leaves behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.feeds.sources import FeedSource
from pipeline.store import feeds
from pipeline.store.database import Database
from pipeline.store.feeds import DueFeed, PollReceipt
from tests.worlds.store import NOW, later

ONE = FeedSource("https://a.example/rss", "Агенцтва", "be", "by", "news", "Europe/Minsk")
TWO = FeedSource("https://b.example/rss")
RECEIPT = PollReceipt(
    state={"status": "ok"},
    next_poll_at=later(600),
    etag='"e"',
    last_modified="Fri, 17 Oct 2025 06:41:00 GMT",
    body_hash="f" * 64,
    status=200,
    error=None,
)


def sync(database: Database, *sources: FeedSource, at: float = 0) -> None:
    with database.write() as tx:
        feeds.sync(tx, sources, later(at))


def claim(
    database: Database, owner: str = "poller", at: float = 0, limit: int = 9
) -> list[DueFeed]:
    with database.write() as tx:
        return feeds.claim_due(tx, owner, later(at), limit, lease_s=60)


def finish(database: Database, feed: DueFeed, receipt: PollReceipt, owner: str = "poller") -> bool:
    with database.write() as tx:
        ours = feeds.held(tx, [feed.id], owner)
        feeds.finish_polls(tx, {feed.id: receipt}, owner, NOW)
        return feed.id in ours


def test_a_new_feed_is_due_at_once_with_the_settings_of_its_entry(database: Database) -> None:
    sync(database, ONE)
    (due,) = claim(database)
    assert (due.url, due.title, due.language, due.zone, due.state) == (
        ONE.url,
        "Агенцтва",
        "be",
        "Europe/Minsk",
        {},
    )


def test_two_pollers_never_poll_a_feed_at_the_same_time(database: Database) -> None:
    sync(database, ONE, TWO)
    first = claim(database, "one", limit=1)
    second = claim(database, "two")
    assert {feed.url for feed in first + second} == {ONE.url, TWO.url}
    assert (len(first), len(second)) == (1, 1)
    assert claim(database, "three", at=59) == []


def test_a_dead_pollers_feed_is_polled_by_another_and_its_late_answer_is_dropped(
    database: Database,
) -> None:
    sync(database, ONE)
    (late,) = claim(database, "dead")
    (again,) = claim(database, "alive", at=61)
    assert not finish(database, late, RECEIPT, "dead")
    assert finish(database, again, RECEIPT, "alive")
    with database.read() as connection:
        assert feeds.overview(connection)[0].polls == 1


def test_what_a_poll_learned_is_given_to_the_next(database: Database) -> None:
    sync(database, ONE)
    finish(database, claim(database)[0], RECEIPT)
    assert claim(database, at=599) == []
    (due,) = claim(database, at=600)
    assert (due.state, due.etag, due.last_modified, due.body_hash) == (
        RECEIPT.state,
        RECEIPT.etag,
        RECEIPT.last_modified,
        RECEIPT.body_hash,
    )


def test_syncing_an_edited_list_keeps_what_was_learned(database: Database) -> None:
    sync(database, ONE)
    finish(database, claim(database)[0], RECEIPT)
    sync(database, replace(ONE, title="New"), at=1)
    with database.read() as connection:
        (row,) = feeds.overview(connection)
    assert (row.title, row.etag, row.next_poll_at, row.added_at) == ("New", '"e"', later(600), NOW)


@pytest.mark.parametrize("change", ["dropped from the list", "disabled"])
def test_a_feed_no_longer_wanted_is_kept_but_not_polled(database: Database, change: str) -> None:
    sync(database, ONE, TWO)
    rest = [TWO] if change == "dropped from the list" else [replace(ONE, enabled=False), TWO]
    sync(database, *rest)
    assert [feed.url for feed in claim(database)] == [TWO.url]
    with database.read() as connection:
        assert {row.url: row.enabled for row in feeds.overview(connection)} == {
            ONE.url: False,
            TWO.url: True,
        }


def test_a_feed_given_up_as_gone_is_polled_again_when_it_is_enabled_by_hand(
    database: Database,
) -> None:
    sync(database, ONE)
    finish(database, claim(database)[0], replace(RECEIPT, next_poll_at=None, status=410))
    sync(database, ONE, at=9_999)
    assert claim(database, at=9_999) == [], "gone stays gone while nobody touches it"
    sync(database, replace(ONE, enabled=False), at=10_000)
    sync(database, ONE, at=10_001)
    assert [feed.url for feed in claim(database, at=10_001)] == [ONE.url]


def test_the_longest_overdue_are_polled_first(database: Database) -> None:
    sync(database, TWO, at=5)
    sync(database, TWO, ONE, at=1)
    assert [feed.url for feed in claim(database, at=9, limit=1)] == [ONE.url]


def test_the_next_due_moment_counts_enabled_feeds_only(database: Database) -> None:
    with database.read() as connection:
        assert feeds.next_due(connection) is None
    sync(database, ONE, replace(TWO, enabled=False))
    finish(database, claim(database)[0], RECEIPT)
    with database.read() as connection:
        assert feeds.next_due(connection) == later(600)


def test_poll_now_makes_every_enabled_feed_due(database: Database) -> None:
    sync(database, ONE, replace(TWO, enabled=False))
    finish(database, claim(database)[0], RECEIPT)
    with database.write() as tx:
        assert feeds.poll_now(tx, later(1)) == 1
    assert [feed.url for feed in claim(database, at=1)] == [ONE.url]
