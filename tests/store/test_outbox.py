"""The outbox: alerts written once, and the life of a delivery."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from pipeline.alerts import Alert, Verdict, alert_identity
from pipeline.store import alerts as outbox
from pipeline.store import records
from pipeline.store.database import Database
from pipeline.store.schema import deliveries
from tests.worlds.store import NOW, article, later, queue, record

LEASE_S = 90.0
ALERT = Alert(
    id=alert_identity("airline", article(1).key),
    rule_id="airline",
    record_id=article(1).key,
    payload='{"type":"watchlist.match","text":"Белавиа"}',
    muted=None,
    webhooks=("newsroom", "archive"),
)
DONE = {"status": 200, "error": None, "elapsed_ms": 12}
REFUSED = {"status": 500, "error": "HTTP 500", "elapsed_ms": 12}


@pytest.fixture
def store(database: Database) -> Database:
    with database.write() as tx:
        queue(tx, article(1))
        records.save(tx, record(article(1)), NOW)
    return database


def raised(database: Database, *alerts: Alert) -> list[int]:
    """Put alerts into the outbox; the ids of all deliveries."""
    with database.write() as tx:
        outbox.add(tx, alerts, NOW)
        return list(tx.scalars(select(deliveries.c.id).order_by(deliveries.c.id)))


def claimed(database: Database, number: int, at: float = 0) -> outbox.Delivery:
    with database.write() as tx:
        delivery = outbox.claim(tx, number, "deliverer", later(at), LEASE_S)
    assert delivery is not None
    return delivery


def finished(
    database: Database, delivery: outbox.Delivery, verdict: Verdict, at: float = 0, **how: object
) -> bool:
    with database.write() as tx:
        return outbox.finish(tx, delivery, verdict, later(at), **(how or DONE))  # type: ignore[arg-type]


def state(database: Database, number: int) -> str:
    with database.read() as connection:
        return str(connection.scalar(select(deliveries.c.state).where(deliveries.c.id == number)))


def test_an_alert_is_written_once_however_often_it_is_raised(store: Database) -> None:
    with store.write() as tx:
        assert outbox.add(tx, [ALERT, ALERT], NOW) == [ALERT]
    with store.write() as tx:
        assert outbox.add(tx, [replace(ALERT, payload="changed")], later(9)) == []
        assert outbox.get(tx, ALERT.id).payload == ALERT.payload  # type: ignore[union-attr]
        assert outbox.counts(tx) == {"pending": 2, "sending": 0, "delivered": 0, "dead": 0}


def test_a_muted_alert_is_kept_with_its_reason_and_goes_nowhere(store: Database) -> None:
    muted = replace(ALERT, muted="queued with --no-alert", webhooks=())
    assert raised(store, muted) == []
    with store.read() as connection:
        (line,) = outbox.recent(connection, 9, state="muted")
        assert (line.id, line.muted, line.webhook) == (ALERT.id, "queued with --no-alert", None)
        assert outbox.recent(connection, 9, state="pending") == []
        assert [alert.id for alert in outbox.of_record(connection, article(1).key)] == [ALERT.id]


def test_a_due_delivery_is_sent_to_redis_once(store: Database) -> None:
    ids = raised(store, ALERT)
    with store.write() as tx:
        assert outbox.take_due(tx, 1, NOW) == ids[:1]
        assert outbox.take_due(tx, 9, NOW) == ids[1:]
        assert outbox.take_due(tx, 9, NOW) == []
        assert outbox.dispatched_before(tx, later(1)) == ids
        outbox.undispatch(tx, ids[:1])
        assert outbox.take_due(tx, 9, NOW) == ids[:1]


def test_a_delivery_carries_the_very_bytes_of_its_alert(store: Database) -> None:
    (first, _) = raised(store, ALERT)
    delivery = claimed(store, first)
    assert (delivery.alert_id, delivery.webhook, delivery.attempts, delivery.payload) == (
        ALERT.id,
        "newsroom",
        1,
        ALERT.payload,
    )


def test_a_delivery_is_held_by_one_run(store: Database) -> None:
    (first, _) = raised(store, ALERT)
    claimed(store, first)
    with store.write() as tx:
        assert outbox.claim(tx, first, "second", NOW, LEASE_S) is None


def test_a_delivered_one_is_not_sent_again(store: Database) -> None:
    (first, _) = raised(store, ALERT)
    assert finished(store, claimed(store, first), Verdict("delivered"))
    with store.write() as tx:
        assert outbox.claim(tx, first, "again", later(999), LEASE_S) is None
        assert first not in outbox.take_due(tx, 9, later(999))


def test_a_refused_delivery_waits_until_it_is_due(store: Database) -> None:
    (first, _) = raised(store, ALERT)
    finished(store, claimed(store, first), Verdict("pending", later(300)), **REFUSED)
    with store.write() as tx:
        assert outbox.claim(tx, first, "early", later(299), LEASE_S) is None
        assert first not in outbox.take_due(tx, 9, later(299))
        assert first in outbox.take_due(tx, 9, later(300))
    assert claimed(store, first, 300).attempts == 2


def test_a_dead_workers_delivery_is_sent_again_and_the_late_run_changes_nothing(
    store: Database,
) -> None:
    (first, _) = raised(store, ALERT)
    late = claimed(store, first)
    with store.write() as tx:
        assert outbox.recover(tx, later(LEASE_S - 1)) == 0
        assert outbox.recover(tx, later(LEASE_S + 1)) == 1
    again = claimed(store, first, 100)
    assert not finished(store, late, Verdict("dead"), 101)
    assert state(store, first) == "sending"
    assert finished(store, again, Verdict("delivered"), 102)


BOTH = ["newsroom", "archive"]


def test_a_late_run_is_fenced_off_even_after_a_replay(store: Database) -> None:
    (first, _) = raised(store, ALERT)
    late = claimed(store, first)
    with store.write() as tx:
        outbox.recover(tx, later(100))
    finished(store, claimed(store, first, 100), Verdict("delivered"), 101)
    with store.write() as tx:
        assert outbox.replay(tx, ALERT.id, ["newsroom"], later(102)) == 1
    claimed(store, first, 103)
    assert not finished(store, late, Verdict("dead"), 104)
    assert state(store, first) == "sending"


def test_every_attempt_is_kept(store: Database) -> None:
    (first, _) = raised(store, ALERT)
    finished(store, claimed(store, first), Verdict("pending", later(5)), 1, **REFUSED)
    finished(store, claimed(store, first, 5), Verdict("delivered"), 6)
    with store.read() as connection:
        lines = outbox.receipts(connection, [ALERT.id])
    assert [(line.webhook, line.status, line.error, line.at) for line in lines] == [
        ("newsroom", 500, "HTTP 500", later(1)),
        ("newsroom", 200, None, later(6)),
        ("archive", None, None, None),
    ]


def test_replay_sends_a_muted_alert_to_the_webhooks_that_want_it_now(store: Database) -> None:
    muted = replace(ALERT, muted="no webhook wants this rule", webhooks=())
    with store.write() as tx:
        outbox.add(tx, [muted], NOW)
        assert outbox.replay(tx, muted.id, [], later(1)) == 0
        assert outbox.replay(tx, muted.id, ["newsroom"], later(1)) == 1
        assert len(outbox.take_due(tx, 9, later(1))) == 1
        assert outbox.get(tx, muted.id).muted is None  # type: ignore[union-attr]


def test_replay_sends_delivered_and_dead_ones_again_with_all_their_attempts(
    store: Database,
) -> None:
    (first, second) = raised(store, ALERT)
    finished(store, claimed(store, first), Verdict("delivered"))
    finished(store, claimed(store, second), Verdict("dead"), **REFUSED)
    with store.write() as tx:
        assert outbox.replay(tx, ALERT.id, BOTH, later(50)) == 2
        assert outbox.replay(tx, ALERT.id, BOTH, later(50)) == 0, "they are on their way already"
        assert sorted(outbox.take_due(tx, 9, later(50))) == [first, second]
    again = claimed(store, first, 50)
    assert (again.alert_id, again.payload, again.attempts) == (ALERT.id, ALERT.payload, 1)


def test_a_disabled_webhook_gets_nothing_until_its_url_is_changed(store: Database) -> None:
    (first, second) = raised(store, ALERT)
    old, new = "https://old.example/hook", "https://new.example/hook"
    with store.write() as tx:
        outbox.disable(tx, "newsroom", old, "the endpoint answered 410 Gone", NOW)
        outbox.disable(tx, "newsroom", old, "the endpoint answered 410 Gone", later(1))
        assert outbox.take_due(tx, 9, later(2)) == [second]
        assert outbox.reconcile_webhooks(tx, {"newsroom": old, "archive": new}) == []
        assert outbox.reconcile_webhooks(tx, {}) == [], "taken out of the settings"
        assert outbox.take_due(tx, 9, later(2)) == []
        assert outbox.reconcile_webhooks(tx, {"newsroom": new}) == ["newsroom"]
        assert outbox.reconcile_webhooks(tx, {"newsroom": old}) == [], "it is enabled"
        assert outbox.take_due(tx, 9, later(3)) == [first]


def test_the_newest_alerts_come_first_and_filters_hold(store: Database) -> None:
    other = replace(ALERT, id="alert_other", rule_id="president", webhooks=("archive",))
    with store.write() as tx:
        outbox.add(tx, [ALERT], NOW)
        outbox.add(tx, [other], later(1))
        assert [line.rule_id for line in outbox.recent(tx, 9)] == ["president"] + ["airline"] * 2
        assert [line.id for line in outbox.recent(tx, 9, rule="president")] == ["alert_other"]
        assert len(outbox.recent(tx, 2)) == 2


def test_what_waits_to_be_sent_is_counted(store: Database) -> None:
    with store.read() as connection:
        assert outbox.due_count(connection, later(9)) == 0
    (first, second) = raised(store, ALERT)
    finished(store, claimed(store, first), Verdict("delivered"))
    finished(store, claimed(store, second), Verdict("pending", later(300)), **REFUSED)
    with store.read() as connection:
        assert outbox.due_count(connection, later(299)) == 0
        assert outbox.due_count(connection, later(300)) == 1
