"""Saving records with versions, finding the same text, filtering and reading back."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from pipeline.records import Record, Tag, clean_text, to_json
from pipeline.store import records
from pipeline.store.database import Database
from pipeline.store.records import Filter, SameText
from pipeline.store.schema import record_tags, record_versions
from pipeline.store.urls import UrlIdentity
from tests.worlds.store import NOW, article, later, queue, record


def put(
    database: Database, number: int = 1, site: str = "news.example", **values: object
) -> Record:
    who = article(number, site)
    with database.write() as tx:
        queue(tx, who)
        return records.save(tx, record(who, **values), later(number))[0]  # type: ignore[arg-type]


def found(database: Database, **chosen: str) -> set[str]:
    with database.read() as connection:
        answers = {each.id for each in records.find(connection, Filter(**chosen))}
        assert records.count(connection, Filter(**chosen)) == len(answers)
        return answers


def test_a_record_is_read_back_as_it_was_saved(database: Database) -> None:
    saved = put(database, title='«Белавиа» — 😀 "x" \' \\', authors=("Ž. Č.", "І. Ї."))
    with database.read() as connection:
        assert records.get(connection, saved.id) == saved
        assert records.get(connection, "0" * 16) is None


def test_the_same_text_again_makes_no_version(database: Database) -> None:
    put(database)
    with database.write() as tx:
        again, outcome = records.save(
            tx, record(article(1), fetched="2025-10-18T00:00:00+00:00"), later(9)
        )
        assert (again.version, outcome) == (1, "unchanged")
        assert records.get(tx, again.id).fetched == "2025-10-18T00:00:00+00:00"  # type: ignore[union-attr]
        assert tx.scalar(select(func.count()).select_from(record_versions)) == 0


def test_another_text_makes_a_version_and_keeps_what_it_replaced(database: Database) -> None:
    first = put(database)
    with database.write() as tx:
        second, outcome = records.save(tx, record(article(1), "Иначе."), later(9))
        third, _ = records.save(tx, record(article(1)), later(10))
        assert (second.version, outcome, third.version) == (2, "changed", 3)
        kept = tx.execute(select(record_versions).order_by(record_versions.c.version)).all()
    assert [(row.version, row.replaced_at) for row in kept] == [(1, later(9)), (2, later(10))]
    restored = kept[0].record
    assert list(restored) == list(to_json(first))
    assert restored["text"] == first.text and restored["tags"][0]["mentions"][0]["start"] == 0


def test_refetching_a_repeated_text_keeps_its_story(database: Database) -> None:
    """Another outlet's copy stays in the story of the first."""
    original = put(database)
    put(database, 2, "copy.example", story=original.id, duplicate_of=original.id)
    with database.write() as tx:
        again, outcome = records.save(tx, record(article(2, "copy.example")), later(9))
    assert (outcome, again.story, again.duplicate_of) == ("unchanged", original.id, original.id)
    with database.read() as connection:
        assert records.get(connection, again.id) == again


def test_the_same_text_is_found_in_its_oldest_record(database: Database) -> None:
    first = put(database, 1)
    second = put(database, 2, "copy.example", story=first.story)
    put(database, 3, text="Другой.", title=None)
    with database.read() as connection:
        assert records.same_text(connection, first.content_hash, but="") == SameText(
            first.id, "news.example", first.story
        )
        assert records.same_text(connection, first.content_hash, but=first.id).id == second.id  # type: ignore[union-attr]
        assert records.same_text(connection, "f" * 64, but="") is None


def test_filters_name_what_they_say(database: Database) -> None:
    one = put(database, 1).id
    two = put(
        database,
        2,
        "b.example",
        text="Belavia flies 100% of_routes.",
        title=None,
        language="en",
        date="2025-10-19",
        tags=(),
        rules=("air",),
    ).id
    assert found(database) == {one, two}
    assert found(database, tag="belavia") == {one}
    assert found(database, tag="bela") == set()
    assert found(database, language="en") == {two}
    assert found(database, site="b.example") == {two}
    assert found(database, rule="airline") == {one}
    assert found(database, rule="air") == {two}
    assert found(database, rule="a%") == set()
    assert found(database, since="2025-10-18") == {two}
    assert found(database, until="2025-10-18") == {one}
    assert found(database, since="2025-10-17", until="2025-10-17") == {one}
    assert found(database, text="0% of_") == {two}
    assert found(database, text="0_ of") == set()
    assert found(database, text="летает") == {one}
    assert found(database, text="Белавиа", language="en") == set()


def test_a_part_of_the_text_is_found_as_written_on_both_databases(database: Database) -> None:
    one = put(database, 1, text="Belavia flies.", title=None).id
    assert found(database, text="Belavia") == {one}
    assert found(database, text="BELAVIA") == set()


def test_the_newest_day_comes_first_and_a_limit_holds(database: Database) -> None:
    for number, day in enumerate(["2025-10-17", "2025-10-19", "2025-10-18"], 1):
        put(database, number, text=str(number), date=day)
    with database.read() as connection:
        days = [each.date for each in records.find(connection, Filter(), 2)]
    assert days == ["2025-10-19", "2025-10-18"]


def test_a_listing_left_half_read_does_not_disturb_the_next_query(database: Database) -> None:
    saved = [put(database, number, text=str(number)) for number in range(1, 4)]
    with database.read() as connection:
        listing = records.find(connection, Filter())
        next(listing)
        assert records.get(connection, saved[0].id) == saved[0]
        assert records.count(connection, Filter()) == 3
        assert len(list(listing)) == 2


def test_tags_to_filter_by_follow_the_record(database: Database) -> None:
    saved = put(database)
    other = Tag("minsk", "place", "Minsk", 2, 0.5, ())
    with database.write() as tx:
        records.save(tx, replace(saved, tags=(other,)), later(9))
        rows = tx.execute(select(record_tags)).all()
    assert [(row.tag_id, row.kind, row.count, row.score) for row in rows] == [
        ("minsk", "place", 2, 0.5)
    ]


@pytest.mark.parametrize("title", ["a\x00b", "\x1f", "line\u2028break", "�", "[/bold]"])
def test_titles_of_odd_characters_are_stored(database: Database, title: str) -> None:
    saved = put(database, title=clean_text(title))
    with database.read() as connection:
        assert records.get(connection, saved.id) == saved


def test_nothing_is_stored_without_a_url(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as tx:
        records.save(tx, record(article(1)), NOW)


def test_two_workers_that_store_one_text_at_once_make_one_record(database: Database) -> None:
    """Whoever looks first stores first; the other waits for it, and then finds it."""
    first, second = article(1), article(2)
    with database.write() as tx:
        queue(tx, first, second)
    looked = threading.Event()

    def store(who: UrlIdentity, pause_s: float) -> bool:
        with database.write() as tx:
            made = record(who, "One text.")
            found = records.same_text(tx, made.content_hash, but=made.id)
            looked.set()
            time.sleep(pause_s)
            if found is None:
                records.save(tx, made, NOW)
            return found is None

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(store, first, 0.3)
        looked.wait(10)
        two = pool.submit(store, second, 0.0)
        assert (one.result(), two.result()) == (True, False)
