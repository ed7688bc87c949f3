"""The keeper's clock may be set by hours, and no living worker counts as dead by that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from pipeline.alerts import Alert, Verdict
from pipeline.store import alerts as outbox
from pipeline.store import clock, urls
from pipeline.store.database import Database
from pipeline.store.schema import deliveries, feeds
from tests.worlds.store import LEASE_S, NOW, article, later, queue, row, take
from workers import queues
from workers.context import Context, utc_now
from workers.keeper import StepWatch
from workers.patience import SAY_EVERY_S, Patience

HOURS_S = 7_200.0


def test_a_clock_that_goes_with_time_was_not_set() -> None:
    watch = StepWatch()
    steps = [watch.step(later(n * 0.5 + 0.01 * (n % 3)), n * 0.5) for n in range(50)]
    assert not any(steps)


@pytest.mark.parametrize("step_s", [HOURS_S, -HOURS_S])
def test_a_clock_that_was_set_is_noticed_once(step_s: float) -> None:
    watch = StepWatch()
    watch.step(NOW, 100)
    assert watch.step(later(step_s + 0.5), 100.5) == pytest.approx(step_s)
    assert watch.step(later(step_s + 1.0), 101.0) == 0


@pytest.mark.parametrize("step_s", [HOURS_S, -HOURS_S])
def test_leases_outlive_a_clock_that_is_set_and_end_soon_after(
    database: Database, step_s: float
) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        take(tx, key)
    now = later(step_s)
    with database.write() as tx:
        clock.spare_leases(tx, now)
        assert urls.recover(tx, now + timedelta(seconds=LEASE_S), 5) == []
        assert urls.recover(tx, now + timedelta(seconds=clock.URL_LEASE_S + 1), 5) == [
            (key, "queued")
        ]


def test_due_times_come_back_with_the_clock_and_only_once(database: Database) -> None:
    """What was written before the clock went wrong stays as it is."""
    wrong = later(HOURS_S)
    with database.write() as tx:
        before, after = queue(tx, article(1), article(2))
        for key, moment in ((before, NOW), (after, wrong)):
            claim = take(tx, key, at=moment)
            due = moment + timedelta(seconds=600)
            urls.finish(tx, claim, moment, "waiting", reason="HTTP 503", due_at=due)
        tx.execute(
            insert(feeds).values(
                url="http://f/",
                added_at=NOW,
                state={},
                last_polled_at=wrong,
                next_poll_at=wrong + timedelta(seconds=300),
            )
        )
    for _ in range(2):
        with database.write() as tx:
            clock.bring_back(tx, later(1), -HOURS_S)
            assert row(tx, before).due_at == row(tx, after).due_at == later(600)
            assert tx.execute(feeds.select()).one().next_poll_at == later(300)


def test_a_delivery_in_hand_when_the_clock_is_set_is_finished_by_who_has_it(
    database: Database,
) -> None:
    with database.write() as tx:
        outbox.add(tx, [Alert("a", "rule", None, "{}", None, ("hook",))], NOW)
        delivery = outbox.claim(tx, 1, "me", NOW, 90)
        assert delivery is not None
        clock.spare_leases(tx, later(HOURS_S))
        assert outbox.finish(
            tx, delivery, Verdict("delivered"), later(HOURS_S), status=200, error=None, elapsed_ms=1
        )


def test_pending_deliveries_and_sites_do_not_wait_for_a_time_that_is_gone(
    context: Context,
) -> None:
    ahead = utc_now() + timedelta(seconds=HOURS_S)
    with context.database.write() as tx:
        outbox.add(tx, [Alert("a", "rule", None, "{}", None, ("hook",))], ahead)
        tx.execute(update(deliveries).values(dispatched_at=ahead))
    context.redis.hset("wirewatch:pace:site", "next", 1)
    context.redis.set("rq:mine", 1)
    now = utc_now()
    queues.mend_clock(context.database, context.redis, now, -HOURS_S)
    assert context.redis.keys() == [b"rq:mine"]
    with context.database.read() as connection:
        waiting = connection.execute(deliveries.select()).one()
    assert waiting.due_at == waiting.dispatched_at == now


def test_a_job_just_taken_is_not_lost_and_one_that_stays_away_is() -> None:
    absences = queues.Absences()
    assert absences.lasting({"a", "b"}, NOW) == set()
    assert absences.lasting({"a"}, later(2)) == set()
    assert absences.lasting({"a", "b"}, later(absences.LASTING_S)) == {"a"}


def test_patience_grows_and_says_so_once_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    at = 0.0
    patience = Patience(1.0, 15.0, monotonic=lambda: at)
    pauses = []
    while at < 3.9 * SAY_EVERY_S:  # the fourth is due after three minutes and three pauses
        pauses.append(patience.failed(ConnectionError("refused\n  badly")))
        at += pauses[-1]
    assert 0.8 <= pauses[0] <= 1.2
    assert max(pauses) <= 15 * 1.2
    assert pauses[6] > pauses[1]
    patience.succeeded()
    said = capsys.readouterr().out
    assert said.count("refused badly") == 4, "at first, and after each minute"
    assert said.count("server back") == 1
    assert not patience.away
