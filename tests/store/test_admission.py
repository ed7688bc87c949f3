"""What queueing by hand and listing by a feed do with a URL, by what we know of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from pipeline.feeds.sources import FeedSource
from pipeline.store import admission, events, feeds, urls
from pipeline.store.admission import HandOptions, Listing
from pipeline.store.database import Database
from pipeline.store.schema import entries
from pipeline.store.urls import UrlIdentity
from tests.worlds.store import NOW, article, end, identity, later, queue, row, take


def add(database: Database, *identities: UrlIdentity, **options: object) -> list[str]:
    with database.write() as tx:
        return list(admission.add_by_hand(tx, identities, HandOptions(**options), later(60)))


def in_state(database: Database, state: str) -> str:
    with database.write() as tx:
        end(tx, article(1), state, reason="why")
    return article(1).key


def test_a_new_url_is_queued_by_hand(database: Database) -> None:
    assert add(database, article(1)) == ["queued"]
    with database.read() as connection:
        found = row(connection, article(1).key)
    assert (found.state, found.queue, found.generation, found.attempts) == ("queued", "hand", 1, 0)
    assert (found.url, found.site, found.feed_id) == (article(1).url, "news.example", None)


@pytest.mark.parametrize("state", ["queued", "waiting", "failed", "rejected"])
def test_a_url_that_is_not_stored_runs_at_once(database: Database, state: str) -> None:
    key = in_state(database, state)
    assert add(database, article(1)) == ["queued again"]
    with database.read() as connection:
        found = row(connection, key)
    assert (found.state, found.queue, found.attempts) == ("queued", "hand", 0)
    assert found.generation == 2, "the job of before must find itself out of date"
    assert (found.reason, found.detail, found.due_at, found.dispatched_at) == (None,) * 4


def test_a_url_being_fetched_is_left_alone(database: Database) -> None:
    key = in_state(database, "fetching")
    with database.read() as connection:
        before = row(connection, key)
    assert add(database, article(1), refetch=True, front=True) == ["already on its way"]
    with database.read() as connection:
        assert row(connection, key) == before


@pytest.mark.parametrize("state", ["stored", "duplicate"])
def test_a_stored_url_says_so_and_does_nothing(database: Database, state: str) -> None:
    key = in_state(database, state)
    with database.read() as connection:
        before = row(connection, key)
    assert add(database, article(1)) == ["already stored"]
    with database.read() as connection:
        assert row(connection, key) == before
        assert len(events.story(connection, key)) == 1


@pytest.mark.parametrize("state", ["stored", "duplicate"])
def test_refetch_queues_a_stored_url_again(database: Database, state: str) -> None:
    key = in_state(database, state)
    assert add(database, article(1), refetch=True) == ["queued again"]
    with database.read() as connection:
        found = row(connection, key)
        assert (found.state, found.refetch, found.record_id) == ("queued", True, key)


def test_a_url_named_twice_in_a_batch_is_queued_once(database: Database) -> None:
    again = identity("http://www.news.example/articles/1?utm_source=x#top")
    assert again.key == article(1).key
    assert add(database, article(1), article(2), again) == [
        "queued",
        "queued",
        "already on its way",
    ]
    with database.read() as connection:
        assert urls.counts(connection)["queued"] == 2
        assert len(events.story(connection, article(1).key)) == 1


def test_a_failed_url_named_twice_in_a_batch_is_queued_again_once(database: Database) -> None:
    key = in_state(database, "failed")
    assert add(database, article(1), article(1)) == ["queued again", "already on its way"]
    with database.read() as connection:
        assert row(connection, key).generation == 2


def test_another_name_of_a_stored_url_is_already_stored(database: Database) -> None:
    other = identity("https://news.example/amp/1")
    key = in_state(database, "stored")
    with database.write() as tx:
        assert urls.add_alias(tx, key, other, "canonical", NOW)
    assert add(database, other) == ["already stored"]
    assert add(database, other, refetch=True) == ["queued again"]
    with database.read() as connection:
        assert urls.find(connection, other.key).key == key  # type: ignore[union-attr]
        assert sum(urls.counts(connection).values()) == 1


def test_a_url_and_its_alias_in_one_batch_are_queued_once(database: Database) -> None:
    other = identity("https://news.example/amp/1")
    key = in_state(database, "failed")
    with database.write() as tx:
        urls.add_alias(tx, key, other, "redirect", NOW)
    assert add(database, other, article(1)) == ["queued again", "already on its way"]
    with database.read() as connection:
        assert row(connection, key).generation == 2


def test_an_alias_never_takes_the_name_of_a_url_of_its_own(database: Database) -> None:
    with database.write() as tx:
        first, second = queue(tx, article(1), article(2))
        assert not urls.add_alias(tx, first, article(2), "redirect", NOW)
        assert not urls.add_alias(tx, first, article(1), "redirect", NOW)
        third = identity("https://news.example/amp/1")
        assert urls.add_alias(tx, first, third, "redirect", NOW)
        assert not urls.add_alias(tx, second, third, "redirect", NOW), "the first to say so has it"
        assert urls.find(tx, third.key).key == first  # type: ignore[union-attr]


def test_the_story_says_who_queued_a_url_and_how(database: Database) -> None:
    add(database, article(1), front=True, no_alert=True)
    with database.read() as connection:
        (line,) = events.story(connection, article(1).key)
    assert line == {
        "at": later(60),
        "event": "queued",
        "data": {"by": "hand", "queue": "hand", "front": True, "no_alert": True},
    }


@pytest.mark.parametrize("better", ["hand", "live"])
def test_a_bulk_list_never_puts_a_queued_url_back_behind_the_backlog(
    database: Database, better: urls.Queue
) -> None:
    """A list of 100 000 URLs that names tonight's live news must not delay it."""
    with database.write() as tx:
        queue(tx, article(1), queue=better, front=True)
    add(database, article(1), queue="backlog")
    with database.read() as connection:
        found = row(connection, article(1).key)
    assert (found.queue, found.front) == (better, True)


def test_a_backlog_url_named_by_hand_comes_forward(database: Database) -> None:
    with database.write() as tx:
        queue(tx, article(1), queue="backlog")
    add(database, article(1), queue="hand", front=True)
    with database.read() as connection:
        found = row(connection, article(1).key)
    assert (found.queue, found.front) == ("hand", True)


def test_two_processes_queueing_the_same_urls_in_opposite_order_both_succeed(
    database: Database,
) -> None:
    for round_number in range(4):
        batch = [article(number, f"s{round_number}.example") for number in range(150)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda some: add(database, *some), [batch, batch[::-1]]))
        assert {len(each) for each in answers} == {150}
    with database.read() as connection:
        assert urls.counts(connection)["queued"] == 4 * 150


# -- listed by a feed --------------------------------------------------------------------------


@pytest.fixture
def feed_id(database: Database) -> int:
    with database.write() as tx:
        feeds.sync(tx, [FeedSource("https://news.example/rss")], NOW)
        return feeds.overview(tx)[0].id


def listed(who: UrlIdentity, title: str = "Заголовок") -> Listing:
    return Listing(who, guid=None, title=title, published=NOW)


def test_a_feed_queues_only_what_is_new(database: Database, feed_id: int) -> None:
    with database.write() as tx:
        end(tx, article(1), "stored")
        fresh, added = admission.add_listed(
            tx, feed_id, "https://news.example/rss", [listed(article(1)), listed(article(2))], NOW
        )
        assert fresh == 1
        assert [each.identity for each in added] == [article(1), article(2)]
        assert row(tx, article(1).key).state == "stored"
        found = row(tx, article(2).key)
        assert (found.queue, found.feed_id) == ("live", feed_id)
        assert [line["event"] for line in events.story(tx, article(2).key)] == ["listed", "queued"]


@pytest.mark.parametrize("state", ["failed", "rejected", "waiting", "duplicate"])
def test_a_feed_that_lists_a_url_again_does_not_run_it_again(
    database: Database, feed_id: int, state: str
) -> None:
    with database.write() as tx:
        end(tx, article(1), state)
        before = row(tx, article(1).key)
        assert admission.add_listed(tx, feed_id, "feed", [listed(article(1))], later(9))[0] == 0
        assert row(tx, article(1).key) == before


@pytest.mark.parametrize("guid", ["a\x00b", "a\ud800b", "\x00", "", None])
def test_a_guid_that_no_database_takes_does_not_cost_the_feed(
    database: Database, feed_id: int, guid: str | None
) -> None:
    with database.write() as tx:
        admission.add_listed(tx, feed_id, "feed", [Listing(article(1), guid, "title", None)], NOW)
    with database.read() as connection:
        stored = connection.scalar(select(entries.c.guid))
    assert stored in ("ab", None)


def test_a_second_listing_by_the_same_feed_adds_nothing(database: Database, feed_id: int) -> None:
    with database.write() as tx:
        admission.add_listed(tx, feed_id, "feed", [listed(article(1))], NOW)
        assert admission.add_listed(tx, feed_id, "feed", [listed(article(1))], later(9)) == (0, [])
        assert len(events.story(tx, article(1).key)) == 2


def test_a_feed_that_lists_one_article_under_two_names_makes_one_url(
    database: Database, feed_id: int
) -> None:
    again = identity("http://www.news.example/articles/1?utm_medium=rss")
    with database.write() as tx:
        fresh, added = admission.add_listed(
            tx, feed_id, "feed", [listed(article(1), "first"), listed(again, "second")], NOW
        )
        assert (fresh, len(added)) == (1, 1)
        assert feeds.listings(tx, [(feed_id, article(1).key)]).popitem()[1].title == "first"


def test_a_feed_that_lists_an_alias_lists_the_url_behind_it(
    database: Database, feed_id: int
) -> None:
    other = identity("https://news.example/amp/1")
    with database.write() as tx:
        end(tx, article(1), "stored")
        urls.add_alias(tx, article(1).key, other, "redirect", NOW)
        assert admission.add_listed(tx, feed_id, "feed", [listed(other)], NOW)[0] == 0
        assert feeds.listings(tx, [(feed_id, article(1).key)])
        assert sum(urls.counts(tx).values()) == 1


def test_a_sitemap_of_thousands_of_urls_is_taken_in(database: Database, feed_id: int) -> None:
    many = [
        Listing(
            UrlIdentity(f"{n:016x}", f"https://s.example/{n}", "c", "s.example"), "g", None, None
        )
        for n in range(5_000)
    ]
    with database.write() as tx:
        assert admission.add_listed(tx, feed_id, "feed", many, NOW)[0] == 5_000
        take(tx, many[-1].identity.key)
