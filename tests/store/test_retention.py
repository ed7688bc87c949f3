"""What is finished and old goes, in small steps; what a person may still ask for stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from pipeline.alerts import Alert, Verdict
from pipeline.store import admission, alerts, events, feeds, records, retention
from pipeline.store import urls as url_store
from pipeline.store.database import Database
from pipeline.store.schema import delivery_attempts, entries, metadata, record_tags, record_versions
from pipeline.store.schema import records as records_table
from tests.worlds.store import NOW, article, end, later, queue, record, row, take

DAY_S = 86_400.0


def walk(database: Database, prune: retention.Prune, before: datetime, limit: int = 3) -> int:
    """All steps of one kind; how many rows went."""
    deleted, after, steps = 0, None, 0
    while True:
        with database.write() as tx:
            step = prune(tx, before, after, limit)
        deleted, after, steps = deleted + step.deleted, step.after, steps + 1
        assert steps < 100
        if after is None:
            return deleted


def number(database: Database, table: Any) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def told(database: Database, key: str) -> list[str]:
    with database.read() as connection:
        return [line["event"] for line in events.story(connection, key)]


def stored(tx: Connection, number: int) -> str:
    """A stored article with its story; its key."""
    who = article(number)
    (key,) = queue(tx, who)
    claim = take(tx, key)
    records.save(tx, record(who, f"Text {number}."), NOW)
    events.note(tx, key, NOW, "fetched", {"status": 200})
    events.note(tx, key, NOW, "stored", {"record": key})
    url_store.finish(tx, claim, NOW, "stored", record_id=key)
    return key


def test_of_an_old_story_how_it_ended_stays(database: Database) -> None:
    with database.write() as tx:
        keys = [stored(tx, n) for n in range(8)]
        (on_its_way,) = queue(tx, article(99))
    assert walk(database, retention.stories, NOW) == 0, "nothing is older"
    assert walk(database, retention.stories, later(DAY_S)) == 16
    assert {tuple(told(database, key)) for key in keys} == {("stored",)}
    assert told(database, on_its_way) == ["queued"]
    assert walk(database, retention.stories, later(DAY_S)) == 0


def test_a_story_that_went_on_of_late_stays_whole(database: Database) -> None:
    with database.write() as tx:
        key = stored(tx, 1)
        tx.execute(
            update(url_store.urls).where(url_store.urls.c.key == key).values(changed_at=later(9))
        )
    assert walk(database, retention.stories, later(5)) == 0


def raised(tx: Connection, key: str, name: str) -> None:
    alert = Alert(name, "airline", key, "{}", None, ("hook",))
    alerts.add(tx, [alert], NOW)


def delivery_of(tx: Connection, alert_id: str) -> int:
    found = tx.scalar(
        select(alerts.deliveries.c.id).where(alerts.deliveries.c.alert_id == alert_id)
    )
    assert found is not None
    return int(found)


def attempt(tx: Connection, alert_id: str, verdict: Verdict) -> None:
    delivery = alerts.claim(tx, delivery_of(tx, alert_id), "me", NOW, 60)
    assert delivery is not None
    alerts.finish(tx, delivery, verdict, NOW, status=200, error=None, elapsed_ms=1)


def test_attempts_of_finished_deliveries_go_and_the_deliveries_stay(database: Database) -> None:
    with database.write() as tx:
        for n, verdict in enumerate(
            (Verdict("delivered"), Verdict("dead"), Verdict("pending", due_at=later(60)))
        ):
            raised(tx, stored(tx, n), f"alert-{n}")
            attempt(tx, f"alert-{n}", verdict)
    assert walk(database, retention.attempts, later(DAY_S), limit=2) == 2
    assert number(database, delivery_attempts) == 1
    with database.read() as connection:
        assert alerts.counts(connection) == {"pending": 1, "sending": 0, "delivered": 1, "dead": 1}


def test_a_record_goes_with_all_that_is_its_own_and_its_url_stays_known(database: Database) -> None:
    with database.write() as tx:
        keys = [stored(tx, n) for n in range(5)]
        records.save(tx, record(article(0), "Another text."), NOW)
        raised(tx, keys[0], "sent")
        attempt(tx, "sent", Verdict("delivered"))
        raised(tx, keys[1], "on its way")
    assert number(database, record_versions) == 1
    assert walk(database, retention.records_before, later(DAY_S)) == 4
    assert number(database, records_table) == 1, "an alert of it is still to be delivered"
    assert number(database, record_versions) == number(database, delivery_attempts) == 0
    assert number(database, record_tags) == 1
    with database.read() as connection:
        assert row(connection, keys[0]).state == "stored"
        assert connection.scalar(select(func.count()).select_from(alerts.alerts)) == 1


def test_old_versions_and_listings_go(database: Database) -> None:
    with database.write() as tx:
        key = stored(tx, 1)
        for n in range(7):
            records.save(tx, record(article(1), f"Version {n}."), NOW)
        feed = tx.execute(
            insert(metadata.tables["feeds"])
            .values(url="http://f/", added_at=NOW, state={})
            .returning(metadata.tables["feeds"].c.id)
        ).scalar_one()
        (waiting,) = queue(tx, article(2))
        for listed in (key, waiting):
            tx.execute(insert(entries).values(feed_id=feed, url_key=listed, first_listed_at=NOW))
    assert walk(database, retention.versions, later(DAY_S)) == 7
    assert walk(database, retention.listings, later(DAY_S), limit=1) == 1
    with database.read() as connection:
        assert feeds.listings(connection, [(feed, waiting)])


@pytest.mark.parametrize(
    "prune",
    [
        retention.stories,
        retention.attempts,
        retention.versions,
        retention.listings,
        retention.records_before,
    ],
)
def test_an_empty_database_has_nothing_to_let_go(
    database: Database, prune: retention.Prune
) -> None:
    assert walk(database, prune, later(DAY_S)) == 0


def test_an_sqlite_file_gives_freed_pages_back(database: Database) -> None:
    if not database.is_sqlite:
        with database.write() as tx:
            assert retention.shrink(tx, 10) == 0
        return
    with database.write() as tx:
        for n in range(300):
            who = article(n)
            queue(tx, who)
            records.save(tx, record(who, f"{n} " * 5_000), NOW)
    walk(database, retention.records_before, later(DAY_S), limit=100)
    with database.write() as tx:
        free = tx.exec_driver_sql("PRAGMA freelist_count").scalar()
        assert free > 300
        assert retention.shrink(tx, 100) == free - 100
        assert retention.shrink(tx, 1_000_000) == 0


def test_walking_goes_on_where_it_stopped(database: Database) -> None:
    with database.write() as tx:
        admission.add_by_hand(tx, [article(n) for n in range(3)], admission.HandOptions(), NOW)
        for n in range(3, 6):
            end(tx, article(n), "rejected", reason="x")
    with database.write() as tx:
        first = retention.stories(tx, later(DAY_S), None, 2)
        second = retention.stories(tx, later(DAY_S), first.after, 2)
    assert first.after is not None
    assert second.after > first.after
