"""A moved feed is found from the address in the user's list, and may be moved back by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row

from pipeline.feeds.schedule import FeedState
from pipeline.feeds.sources import FeedSource
from pipeline.store import feed_moves, feeds
from pipeline.store.database import Database
from pipeline.store.feeds import PollReceipt
from tests.worlds.store import NOW, later

A, B, C = (FeedSource(f"https://{name}.example/rss", title=name.upper()) for name in "abc")


def sync(database: Database, *sources: FeedSource) -> None:
    with database.write() as tx:
        feeds.sync(tx, sources, NOW)


def rows(database: Database) -> dict[str, Row[Any]]:
    with database.read() as connection:
        return {row.url: row for row in feeds.overview(connection)}


def polled(database: Database) -> set[str]:
    return {url for url, row in rows(database).items() if row.enabled}


def move(database: Database, source: FeedSource, target: FeedSource) -> feed_moves.Move:
    feed_id = rows(database)[source.url].id
    with database.write() as tx:
        return feed_moves.move(tx, feed_id, source.url, target.url, NOW)


def undo(database: Database, source: FeedSource) -> feed_moves.Move | None:
    with database.write() as tx:
        return feed_moves.undo(tx, source.url, later(5))


def learn(database: Database, source: FeedSource) -> None:
    """Poll it once, with an answer that leaves everything behind."""
    state = FeedState(status="moved", moved_to=B.url, moved_seen=5, last_full=NOW, window=20)
    receipt = PollReceipt(state.to_json(), later(600), '"e"', "yesterday", "f" * 64, 200, None)
    with database.write() as tx:
        for due in feeds.claim_due(tx, "poller", NOW, 9, 60):
            feeds.finish_polls(tx, {due.id: receipt}, "poller", NOW)


def test_the_listed_address_leads_to_the_moved_feed(database: Database) -> None:
    sync(database, A)
    learn(database, A)
    number = rows(database)[A.url].id
    assert not move(database, A, B).merged
    sync(database, replace(A, title="New title"))
    (row,) = rows(database).values()
    assert (row.id, row.url, row.title, row.enabled) == (number, B.url, "New title", True)
    assert (row.etag, row.last_modified, row.body_hash) == (None, None, None)
    state = FeedState.from_json(row.state)
    assert (state.status, state.moved_to, state.last_full, state.window) == ("ok", None, None, 20)


def test_a_list_that_is_edited_after_the_move_means_the_same_feed(database: Database) -> None:
    sync(database, A)
    move(database, A, B)
    sync(database, replace(B, title="Theirs"), A)
    (row,) = rows(database).values()
    assert (row.url, row.title) == (B.url, "Theirs"), "the entry of the address itself rules"
    sync(database, replace(B, enabled=False))
    assert polled(database) == set()
    sync(database, A, replace(B, enabled=False))
    assert polled(database) == {B.url}


def test_a_target_already_subscribed_takes_the_feed_over(database: Database) -> None:
    sync(database, A, B, C)
    assert move(database, A, B).merged
    assert polled(database) == {B.url, C.url}
    sync(database, A, B, C)
    assert polled(database) == {B.url, C.url}
    sync(database, A)
    assert polled(database) == {B.url}
    assert undo(database, A) is not None
    sync(database, A)
    assert polled(database) == {A.url}
    assert rows(database)[A.url].next_poll_at == later(5)


def test_a_target_that_was_known_but_not_polled_is_polled(database: Database) -> None:
    sync(database, A, B)
    sync(database, A)
    assert move(database, A, B).merged
    assert polled(database) == {B.url}
    sync(database, A)
    assert polled(database) == {B.url}


def test_moves_are_followed_one_after_the_other_and_back(database: Database) -> None:
    sync(database, A)
    move(database, A, B)
    move(database, B, C)
    sync(database, A)
    assert polled(database) == {C.url}
    move(database, C, A)
    for listed in ((A,), (B,), (C,), (A, B, C)):
        sync(database, *listed)
        assert polled(database) == {A.url}, listed


def test_merged_feeds_whose_servers_change_their_minds(database: Database) -> None:
    sync(database, A, B)
    move(database, A, B)
    sync(database, A, B)
    move(database, B, A)
    sync(database, A, B)
    assert polled(database) == {A.url}


def test_a_move_taken_back_holds(database: Database) -> None:
    sync(database, A)
    learn(database, A)
    move(database, A, B)
    with database.read() as connection:
        assert not feed_moves.is_refused(connection, A.url, B.url)
    undone = undo(database, B)
    assert undone is not None
    assert (undone.from_url, undone.undone_at) == (A.url, later(5))
    (row,) = rows(database).values()
    assert (row.url, row.next_poll_at, row.enabled) == (A.url, later(5), True)
    sync(database, A)
    assert polled(database) == {A.url}
    with database.read() as connection:
        assert feed_moves.is_refused(connection, A.url, B.url)
        assert not feed_moves.is_refused(connection, A.url, C.url)
        assert feed_moves.addresses(connection) == {}
        assert [each.to_url for each in feed_moves.history(connection, A.url)] == [B.url]
        assert feed_moves.history(connection, C.url) == []
    assert undo(database, A) is None


def test_an_answer_under_way_is_dropped_when_the_move_is_taken_back(database: Database) -> None:
    sync(database, A)
    move(database, A, B)
    with database.write() as tx:
        (due,) = feeds.claim_due(tx, "poller", NOW, 9, 60)
    undo(database, A)
    receipt = PollReceipt({}, later(600), '"theirs"', None, None, 200, None)
    with database.write() as tx:
        assert feeds.held(tx, [due.id], "poller") == set()
        feeds.finish_polls(tx, {due.id: receipt}, "poller", NOW)
    assert rows(database)[A.url].etag is None


@pytest.mark.parametrize("steps", ["ab", "abbc", "abbcca", "abbaab"])
def test_every_listed_address_leads_somewhere_that_is_polled(
    database: Database, steps: str
) -> None:
    by_name = {"a": A, "b": B, "c": C}
    sync(database, A, B, C)
    for start, end in zip(steps[::2], steps[1::2], strict=True):
        move(database, by_name[start], by_name[end])
        sync(database, A, B, C)
    with database.read() as connection:
        moved = feed_moves.addresses(connection)
    assert {moved.get(each.url, each.url) for each in (A, B, C)} == polled(database)
