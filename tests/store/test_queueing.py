"""In which order URLs go to Redis, and how they come back from waiting and from dead workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
import rq

from pipeline.feeds.sources import FeedSource
from pipeline.store import admission, events, feeds, urls
from pipeline.store.admission import HandOptions, Listing, Selection
from pipeline.store.database import Database
from tests.worlds.store import LEASE_S, NOW, article, end, later, queue, row, take
from workers import queues


def sent(database: Database, name: urls.Queue, limit: int = 100) -> list[str]:
    with database.write() as tx:
        return [key for key, _, _ in urls.take_undispatched(tx, name, limit, NOW)]


def test_queues_are_served_hand_before_live_before_backlog() -> None:
    assert urls.QUEUES == ("hand", "live", "backlog")


def test_each_queue_sends_its_own_urls_only_once(database: Database) -> None:
    with database.write() as tx:
        queue(tx, article(1), queue="hand")
        queue(tx, article(2), queue="backlog")
        feeds.sync(tx, [FeedSource("https://f.example/rss")], NOW)
        feed_id = feeds.overview(tx)[0].id
        admission.add_listed(tx, feed_id, "feed", [Listing(article(3), None, None, None)], NOW)
    assert [sent(database, name) for name in urls.QUEUES] == [
        [article(1).key],
        [article(3).key],
        [article(2).key],
    ]
    assert [sent(database, name) for name in urls.QUEUES] == [[], [], []]


def test_front_goes_first_then_the_longest_known(database: Database) -> None:
    with database.write() as tx:
        for number, seconds, front in [(1, 2, False), (2, 1, False), (3, 3, True)]:
            admission.add_by_hand(tx, [article(number)], HandOptions(front=front), later(seconds))
    assert sent(database, "hand") == [article(3).key, article(2).key, article(1).key]


def test_no_more_are_sent_than_there_is_room_for(database: Database) -> None:
    with database.write() as tx:
        queue(tx, *(article(number) for number in range(5)))
    assert len(sent(database, "hand", 3)) == 3
    assert sent(database, "hand", 0) == []
    assert sent(database, "hand", -7) == [], "more in Redis than the window holds"
    assert len(sent(database, "hand", 3)) == 2


def test_a_url_given_with_front_stands_before_what_redis_holds_already(
    database: Database, redis_url: str
) -> None:
    client = redis.Redis.from_url(redis_url)
    with database.write() as tx:
        queue(tx, article(1), article(2))
    queues.dispatch(database, client, NOW)
    with database.write() as tx:
        queue(tx, article(3), front=True)
    queues.dispatch(database, client, NOW)
    assert rq.Queue("hand", connection=client).job_ids[0] == f"ingest-{article(3).key}-1"
    client.close()


def test_waiting_urls_are_queued_when_their_time_has_come_and_no_sooner(
    database: Database,
) -> None:
    with database.write() as tx:
        end(tx, article(1), "waiting", due_at=later(60), reason="timeout")
        end(tx, article(2), "waiting", due_at=later(61))
        assert urls.wake(tx, later(59)) == 0
        assert urls.wake(tx, later(60)) == 1
        woken = row(tx, article(1).key)
        assert (woken.state, woken.attempts, woken.due_at) == ("queued", 1, None)
        assert row(tx, article(2).key).state == "waiting"
    assert sent(database, "hand") == [article(1).key]


def test_a_job_lost_in_redis_is_sent_again(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
    assert sent(database, "hand") == [key]
    with database.write() as tx:
        assert urls.dispatched_before(tx, NOW) == []
        assert urls.dispatched_before(tx, later(1)) == [(key, 1)]
        urls.undispatch(tx, [key])
    assert sent(database, "hand") == [key]


def test_undispatch_leaves_a_url_alone_that_a_worker_took_meanwhile(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        urls.take_undispatched(tx, "hand", 9, NOW)
        take(tx, key)
        before = row(tx, key)
        urls.undispatch(tx, [key])
        assert row(tx, key) == before


def test_undispatch_takes_more_keys_than_one_statement_holds(database: Database) -> None:
    with database.write() as tx:
        keys = queue(tx, *(article(number) for number in range(1_200)))
        urls.take_undispatched(tx, "hand", 5_000, NOW)
        urls.undispatch(tx, keys)
        assert len(urls.take_undispatched(tx, "hand", 5_000, NOW)) == 1_200


def test_a_dead_workers_url_is_queued_again_and_the_lost_try_counts(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        take(tx, key)
        assert urls.recover(tx, later(LEASE_S - 1), 5) == []
        assert urls.recover(tx, later(LEASE_S + 1), 5) == [(key, "queued")]
        found = row(tx, key)
    assert (found.state, found.attempts, found.lease_owner, found.reason) == (
        "queued",
        1,
        None,
        None,
    )
    assert sent(database, "hand") == [key]


def test_a_url_that_keeps_killing_its_workers_fails(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        states = []
        for number in range(10):
            at = NOW + timedelta(minutes=number)
            take(tx, key, f"victim-{number}", at)
            states += [state for _, state in urls.recover(tx, at + timedelta(seconds=30), 3)]
            if states[-1] == "failed":
                break
        found = row(tx, key)
    assert states == ["queued", "queued", "failed"]
    assert (found.state, found.reason, found.attempts) == ("failed", "worker died", 3)


def test_failed_worker_died_does_not_carry_the_detail_of_an_earlier_wait(
    database: Database,
) -> None:
    with database.write() as tx:
        end(tx, article(1), "waiting", reason="timeout", detail="after 30 s", due_at=later(1))
        urls.wake(tx, later(2))
        take(tx, article(1).key)
        urls.recover(tx, later(60), 2)
        found = row(tx, article(1).key)
    assert (found.state, found.reason, found.detail) == ("failed", "worker died", None)


def test_reconcile_tells_the_story_of_a_dead_worker(database: Database, redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        take(tx, key)
    done = queues.reconcile(database, client, later(LEASE_S + 1), 5)
    assert (done.recovered, done.dispatched) == (1, 1)
    with database.read() as connection:
        assert events.story(connection, key)[-1]["event"] == "recovered"
    client.close()


# -- requeue -----------------------------------------------------------------------------------


@pytest.fixture
def mixed(database: Database) -> Database:
    with database.write() as tx:
        feeds.sync(tx, [FeedSource("https://a.example/rss_100%", title="Агенцтва")], NOW)
        feed_id = feeds.overview(tx)[0].id
        admission.add_listed(
            tx, feed_id, "f", [Listing(article(1, "a.example"), None, None, None)], NOW
        )
        claim = take(tx, article(1, "a.example").key)
        urls.finish(tx, claim, later(10), "failed", reason="HTTP 503")
        end(tx, article(2, "b.example"), "failed", reason="internal error")
        end(tx, article(3, "b.example"), "rejected", reason="gone")
        end(tx, article(4, "b.example"), "stored")
        end(tx, article(5, "b.example"), "waiting", reason="HTTP 503")
    return database


@pytest.mark.parametrize(
    ("selection", "numbers"),
    [
        (Selection(), [2, 1]),
        (Selection(("failed", "rejected")), [2, 3, 1]),
        (Selection(site="b.example"), [2]),
        (Selection(site="example"), []),
        (Selection(reason="http 5"), [1]),
        (Selection(reason="%"), []),
        (Selection(since=later(5)), [1]),
        (Selection(since=later(10)), [1]),
        (Selection(since=later(11)), []),
        (Selection(feed="a.example/RSS"), [1]),
        (Selection(feed="100%"), [1]),
        (Selection(feed="Агенцтва"), [1]),
        (Selection(feed="_"), [1]),
        (Selection(feed="b.example"), []),
        (Selection(("stored",), reason="gone"), []),
    ],
)
def test_a_selection_names_what_it_says(
    mixed: Database, selection: Selection, numbers: list[int]
) -> None:
    with mixed.read() as connection:
        keys = admission.select_keys(connection, selection)
        found = [int(row(connection, key).url.rpartition("/")[2]) for key in keys]
    assert sorted(found) == sorted(numbers)


def test_requeued_urls_start_afresh(mixed: Database) -> None:
    with mixed.write() as tx:
        keys = admission.select_keys(tx, Selection())
        admission.requeue(tx, keys, HandOptions(queue="backlog"), later(99))
        for key in keys:
            found = row(tx, key)
            assert (found.state, found.queue, found.attempts, found.reason) == (
                "queued",
                "backlog",
                0,
                None,
            )
            assert events.story(tx, key)[-1]["data"] == {"by": "requeue", "queue": "backlog"}
