"""`enqueue --retag`: what is stored is tagged again, what is not is said."""

from __future__ import annotations

import pytest

from pipeline.store import records
from pipeline.store.database import Database
from tests.watchlist.conftest import COUNTRIES
from tests.worlds.command_line import Run
from tests.worlds.directory import WorkingDirectory
from tests.worlds.store import NOW, article, end, record

STORED = article(1)
UNSEEN = "https://nowhere.example/never-seen"


@pytest.fixture(autouse=True)
def one_untagged_record(directory: WorkingDirectory, store: Database, wirewatch: Run) -> None:
    """A stored article about Belarus that no list has tagged."""
    directory.write(entries=COUNTRIES, rules="- {id: any, label: Any, any_of: [belarus]}\n")
    with store.write() as tx:
        end(tx, STORED, "stored")
        made = record(STORED, "Польша и Беларусь.", tags=(), rules=(), watchlist_version="")
        records.save(tx, made, NOW)


def test_a_stored_url_is_tagged_again(wirewatch: Run) -> None:
    done = wirewatch("enqueue", "--retag", STORED.url, "--json")
    assert done.code == 0
    assert done.json["count"] == 1
    assert sorted(done.json["changes"][0]["added"]) == ["belarus", "poland"]
    assert (done.json["not_stored"], done.json["refused"]) == ([], [])


def test_a_url_without_a_record_is_named_and_fails(wirewatch: Run) -> None:
    done = wirewatch("enqueue", "--retag", UNSEEN)
    assert done.code == 1
    assert f"not stored  {UNSEEN}" in done.err


def test_urls_that_cannot_be_tagged_do_not_stop_the_others(wirewatch: Run) -> None:
    done = wirewatch("enqueue", "--retag", "no url", UNSEEN, STORED.url, "--json")
    assert done.code == 1
    assert done.json["count"] == 1
    assert done.json["not_stored"] == [UNSEEN]
    assert [refusal["url"] for refusal in done.json["refused"]] == ["no url"]


@pytest.mark.parametrize("option", ["--refetch", "--front"])
def test_what_would_fetch_is_refused_beside_retag(wirewatch: Run, option: str) -> None:
    done = wirewatch("enqueue", "--retag", option, STORED.url)
    assert done.code == 2
    assert option in done.err
