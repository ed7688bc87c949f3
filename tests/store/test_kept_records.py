"""What a record is worth: a re-fetch that comes to nothing takes none away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.store import admission, urls
from pipeline.store.admission import HandOptions
from pipeline.store.database import Database
from tests.worlds.store import LEASE_S, NOW, article, end


@pytest.mark.parametrize("state", ["rejected", "failed"])
def test_a_refetch_that_comes_to_nothing_keeps_the_record(database: Database, state: str) -> None:
    with database.write() as tx:
        end(tx, article(1), "stored", record_id=article(1).key)
        admission.add_by_hand(tx, [article(1)], HandOptions(refetch=True), NOW)
        claim = urls.claim(tx, article(1).key, 2, "worker", NOW, LEASE_S)
        assert claim is not None
        urls.finish(tx, claim, NOW, state, reason="not found")
    with database.read() as connection:
        row = urls.find(connection, article(1).key)
    assert row is not None
    assert (row.state, row.record_id) == ("stored", article(1).key)
    assert row.reason == f"refetch {state}: not found"


def test_a_refetch_that_kills_its_workers_keeps_the_record(database: Database) -> None:
    with database.write() as tx:
        end(tx, article(1), "duplicate", record_id="f" * 16)
        admission.add_by_hand(tx, [article(1)], HandOptions(refetch=True), NOW)
        urls.claim(tx, article(1).key, 2, "worker", NOW, LEASE_S)
        later = NOW + timedelta(seconds=LEASE_S + 1)
        assert urls.recover(tx, later, max_attempts=1) == [(article(1).key, "duplicate")]
        row = urls.find(tx, article(1).key)
    assert row is not None
    assert row.reason == "refetch failed: worker died"


def test_a_silent_url_that_failed_is_queued_again_silently(database: Database) -> None:
    with database.write() as tx:
        admission.add_by_hand(tx, [article(1)], HandOptions(no_alert=True), NOW)
        admission.add_by_hand(tx, [article(2)], HandOptions(), NOW)
        admission.requeue(tx, [article(1).key, article(2).key], HandOptions(), NOW)
        silent = urls.find(tx, article(1).key), urls.find(tx, article(2).key)
    assert [row.no_alert for row in silent if row] == [True, False]
