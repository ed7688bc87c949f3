"""Who may write a URL's outcome: one run, the one with the latest claim."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pipeline.store import admission, urls
from pipeline.store import events as story
from pipeline.store.database import Database
from pipeline.store.schema import TERMINAL, events
from tests.worlds.store import LEASE_S, NOW, article, end, later, queue, row, take


def test_a_second_run_of_the_same_job_does_nothing(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        take(tx, key, "first")
    with database.write() as tx:
        assert urls.claim(tx, key, 1, "second", NOW, LEASE_S) is None
        assert row(tx, key).lease_owner == "first"


@pytest.mark.parametrize("state", ["stored", "duplicate", "rejected", "waiting"])
def test_a_job_that_runs_again_after_its_url_moved_on_does_nothing(
    database: Database, state: str
) -> None:
    with database.write() as tx:
        end(tx, article(1), state)
        before = row(tx, article(1).key)
        assert urls.claim(tx, article(1).key, before.generation, "again", NOW, LEASE_S) is None
        assert row(tx, article(1).key) == before


def test_a_job_of_an_earlier_generation_does_nothing(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        queue(tx, article(1))
        assert urls.claim(tx, key, 1, "old job", NOW, LEASE_S) is None
        assert urls.claim(tx, key, 2, "new job", NOW, LEASE_S) is not None


def test_a_failed_job_that_rq_requeues_runs_again(database: Database) -> None:
    with database.write() as tx:
        end(tx, article(1), "failed", reason="timeout")
        assert urls.claim(tx, article(1).key, 1, "rq requeue", NOW, LEASE_S) is not None


def test_an_overtaken_run_changes_nothing(database: Database) -> None:
    """A worker hangs past its lease; another takes over; the first wakes up and wants to store."""
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        hung = take(tx, key, "hung")
        urls.recover(tx, later(LEASE_S + 1), max_attempts=5)
        other = take(tx, key, "other", later(LEASE_S + 2))
        before = row(tx, key)
        assert urls.held(tx, [hung]) == [False]
        assert not urls.finish(tx, hung, later(20), "stored", record_id=key)
        assert row(tx, key) == before
        assert urls.finish(tx, other, later(21), "rejected", reason="gone")
        assert row(tx, key).state == "rejected"


def test_a_run_presumed_dead_changes_nothing_even_if_nobody_took_over(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        hung = take(tx, key)
        urls.recover(tx, later(LEASE_S + 1), max_attempts=5)
        assert not urls.finish(tx, hung, later(20), "stored", record_id=key)
        assert row(tx, key).state == "queued"


def test_a_run_whose_url_was_queued_anew_by_hand_changes_nothing(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        running = take(tx, key)
        admission.requeue(tx, [key], admission.HandOptions(), later(1))
        assert not urls.finish(tx, running, later(2), "failed", reason="timeout")
        assert row(tx, key).state == "queued"


def test_a_finished_run_cannot_finish_twice(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        claim = take(tx, key)
        assert urls.finish(tx, claim, NOW, "rejected", reason="gone")
        assert not urls.finish(tx, claim, NOW, "stored", record_id=key)
        assert row(tx, key).state == "rejected"


def test_a_settled_url_fences_off_the_run_under_way(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        running = take(tx, key)
        urls.settle(tx, key, later(1))
        assert urls.held(tx, [running]) == [False]
        assert not urls.finish(tx, running, later(2), "failed", reason="timeout")
        assert (row(tx, key).state, row(tx, key).record_id) == ("stored", key)


def test_a_renewed_lease_is_not_recovered(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        take(tx, key, "alive")
        urls.renew(tx, "alive", later(60))
        assert urls.recover(tx, later(LEASE_S + 1), max_attempts=5) == []
        assert row(tx, key).state == "fetching"


def test_renewing_touches_only_ones_own_leases(database: Database) -> None:
    with database.write() as tx:
        mine, others = queue(tx, article(1), article(2))
        take(tx, mine, "me")
        take(tx, others, "other")
        urls.renew(tx, "me", later(60))
        assert urls.recover(tx, later(LEASE_S + 1), max_attempts=5) == [(others, "queued")]
        assert row(tx, mine).state == "fetching"


def test_an_attempt_is_given_back_when_nothing_was_asked_of_the_site(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        urls.finish(tx, take(tx, key), NOW, "waiting", due_at=later(1), tried=False)
        assert row(tx, key).attempts == 0
        urls.wake(tx, later(2))
        urls.finish(tx, take(tx, key), NOW, "waiting", due_at=later(9), reason="timeout")
        assert row(tx, key).attempts == 1


@pytest.mark.parametrize("state", TERMINAL)
def test_a_terminal_url_holds_no_lease_and_waits_for_nothing(
    database: Database, state: str
) -> None:
    with database.write() as tx:
        end(tx, article(1), state)
        found = row(tx, article(1).key)
    assert found.state == state
    assert (found.lease_owner, found.lease_until, found.due_at, found.dispatched_at) == (None,) * 4


def test_a_transaction_that_fails_leaves_neither_state_nor_story(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        claim = take(tx, key)
    with pytest.raises(RuntimeError, match="killed"), database.write() as tx:
        urls.finish(tx, claim, NOW, "stored", record_id=key)
        story.note(tx, key, NOW, "stored", {"record": key})
        raise RuntimeError("killed")
    with database.read() as connection:
        assert row(connection, key).state == "fetching"
        assert connection.scalars(select(events.c.event)).all() == ["queued"]
