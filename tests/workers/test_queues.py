"""Redis is a window on the database: it may be wiped, cut off or full, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
import rq
from rq import Queue
from sqlalchemy import event, select, update

from pipeline.errors import Unavailable
from pipeline.store import admission
from pipeline.store import urls as url_store
from pipeline.store.admission import HandOptions
from pipeline.store.schema import PENDING, alerts, deliveries, records, urls
from pipeline.store.urls import UrlIdentity
from tests.worlds import ledger
from tests.worlds.newsroom import Newsroom, article
from tests.worlds.programs import eventually, running
from workers import keeper as keeper_module
from workers import queues
from workers.context import Context, utc_now
from workers.demo.scaled import ScaledSite
from workers.keeper import Keeper
from workers.worker import make, work


def reconcile(context: Context, later_s: float = 0) -> queues.Repairs:
    return queues.reconcile(
        context.database,
        context.redis,
        utc_now() + timedelta(seconds=later_s),
        ledger.max_attempts(context),
    )


def queued_jobs(context: Context, name: str) -> list[str]:
    return list(Queue(name, connection=context.redis).job_ids)


def dispatched(context: Context) -> int:
    with context.database.read() as connection:
        return len(url_store.dispatched_before(connection, utc_now() + ledger.LATER))


def add(context: Context, count: int, queue: url_store.Queue, start: int = 0) -> list[str]:
    """Queue URLs that nobody fetches, in the database only; their keys."""
    identities = [
        UrlIdentity(f"{start + n:016x}", f"http://x/{start + n}", f"http://x/{start + n}", "x")
        for n in range(count)
    ]
    for at in range(0, count, 1_000):
        with context.database.write() as tx:
            admission.add_by_hand(
                tx, identities[at : at + 1_000], HandOptions(queue=queue), utc_now()
            )
    return [identity.key for identity in identities]


@pytest.fixture
def taken_up(context: Context, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys in the order that a worker claims them; nothing else is done with them."""
    order: list[str] = []

    async def claim(_context: Context, key: str, generation: int) -> None:
        order.append(key)
        with context.database.write(durable=False) as tx:
            claim = url_store.claim(tx, key, generation, "test", utc_now(), 60)
            assert claim is not None
            url_store.finish(tx, claim, utc_now(), "rejected", reason="only counted")
            url_store.events.note(tx, key, utc_now(), "rejected", {"reason": "only counted"})

    monkeypatch.setattr("workers.ingest._claim", claim)
    return order


# -- a flushed Redis ---------------------------------------------------------------------------


def test_redis_flushed_while_workers_work_loses_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real workers and the real keeper, flushed again and again until all is done."""
    monkeypatch.setattr(queues, "GRACE_S", 1.0)
    site = ScaledSite(feeds=4, articles_per_feed=10, latency_s=0.03)
    with site.run_in_thread():
        ledger.enqueue(context, *site.urls)
        keeper = Keeper(context)
        keeper.start()
        with running(context.directory, "work") as one, running(context.directory, "work") as two:
            flushes = 0

            def done() -> bool:
                nonlocal flushes
                counts = ledger.counts(context)
                finished = len(site.urls) - sum(counts[state] for state in PENDING)
                if finished > 5 and finished >= 10 * flushes and flushes < 3:
                    context.redis.flushall()
                    flushes += 1
                return finished == len(site.urls)

            eventually(done, "all URLs ended", 60)
            assert flushes >= 2
            assert one.process.poll() is None, one.output
            assert two.process.poll() is None, two.output
        keeper.stop()
    assert {s: n for s, n in ledger.counts(context).items() if n} == dict(site.expected_counts)
    assert ledger.number_of(context, records) == ledger.counts(context)["stored"]
    with context.database.read() as connection:
        told = connection.execute(
            select(urls.c.key, urls.c.claims, urls.c.attempts).where(urls.c.attempts != 1)
        ).all()
    assert told == [], "an attempt too many: something ran to its end twice"


def test_jobs_lost_from_redis_are_sent_again_within_a_minute(context: Context) -> None:
    add(context, 30, "hand")
    reconcile(context)
    assert len(queued_jobs(context, "hand")) == 30
    context.redis.flushall()
    assert reconcile(context, later_s=1).lost == 0, "they may still be on their way"
    assert reconcile(context, later_s=60).lost == 30
    assert len(queued_jobs(context, "hand")) == 30


def test_one_job_lost_among_many_is_sent_again_and_only_that_one(context: Context) -> None:
    add(context, 30, "live")
    reconcile(context)
    lost = queued_jobs(context, "live")[7]
    context.redis.lrem(Queue("live", connection=context.redis).key, 1, lost)
    assert reconcile(context, later_s=60).lost == 1
    assert sorted(queued_jobs(context, "live")).count(lost) == 1
    assert len(queued_jobs(context, "live")) == 30


def test_a_delivery_that_a_killed_worker_had_taken_out_of_the_queue_is_sent_again(
    context: Context, newsroom: Newsroom
) -> None:
    """Killed between taking the job and claiming the delivery: RQ keeps it on an aside list."""
    url = newsroom.serve("/a.html", article("An alert on its way"))
    ledger.ingest(context, url)
    with context.database.write() as tx:
        alert_id = tx.scalar(select(alerts.c.id).limit(1))
        tx.execute(
            deliveries.insert().values(
                alert_id=alert_id, webhook="x", state="pending", due_at=utc_now()
            )
        )
    reconcile(context)
    queue = Queue(queues.DELIVERIES, connection=context.redis)
    (job_id,) = queue.job_ids
    context.redis.lmove(queue.key, queue.intermediate_queue_key, "LEFT", "RIGHT")
    assert reconcile(context, later_s=60).lost == 1
    assert queued_jobs(context, queues.DELIVERIES) == [job_id]


# -- the window --------------------------------------------------------------------------------


def test_the_window_is_bounded_and_topped_up(context: Context) -> None:
    add(context, queues.WINDOW + 700, "backlog")
    for _ in range(3):
        reconcile(context)
        assert len(queued_jobs(context, "backlog")) == queues.WINDOW
    for job_id in queued_jobs(context, "backlog")[:500]:
        context.redis.lrem(Queue("backlog", connection=context.redis).key, 1, job_id)
    with context.database.write() as tx:  # 500 of them are being worked on
        first = select(urls.c.key).order_by(urls.c.first_seen_at, urls.c.key).limit(500)
        holding = {"state": "fetching", "lease_owner": "x", "lease_until": utc_now() + ledger.LATER}
        tx.execute(update(urls).where(urls.c.key.in_(first)).values(holding))
    reconcile(context)
    assert len(queued_jobs(context, "backlog")) == queues.WINDOW


def test_a_backlog_by_hand_does_not_delay_a_live_url(context: Context, taken_up: list[str]) -> None:
    add(context, 20_000, "backlog")
    reconcile(context)
    assert len(queued_jobs(context, "backlog")) == queues.WINDOW
    live, hand = add(context, 1, "live", start=30_000), add(context, 1, "hand", start=40_000)
    assert queues.dispatch(context.database, context.redis, utc_now(), only=("live",)) == 1
    assert queues.dispatch(context.database, context.redis, utc_now(), only=("hand",)) == 1
    worker = make(context, list(url_store.QUEUES))
    worker.work(burst=True, max_jobs=20, logging_level="WARNING")
    assert taken_up[:2] == hand + live
    assert len(taken_up) == 20


def test_front_goes_before_what_is_already_in_redis(context: Context, taken_up: list[str]) -> None:
    add(context, 50, "hand")
    reconcile(context)
    urgent = UrlIdentity("f" * 16, "http://x/urgent", "http://x/urgent", "x")
    with context.database.write() as tx:
        admission.add_by_hand(tx, [urgent], HandOptions(front=True), utc_now())
    reconcile(context)
    work(context, deliveries=False, burst=True)
    assert taken_up[0] == urgent.key
    assert len(taken_up) == len(set(taken_up)) == 51


# -- waiting and recovery ----------------------------------------------------------------------


def test_a_waiting_url_wakes_when_its_time_has_come_and_not_before(context: Context) -> None:
    (key,) = add(context, 1, "hand")
    with context.database.write() as tx:
        due = utc_now() + timedelta(seconds=300)
        tx.execute(update(urls).values(state="waiting", due_at=due, reason="HTTP 503"))
    assert reconcile(context).woken == 0
    assert reconcile(context, later_s=290).woken == 0
    assert reconcile(context, later_s=301).woken == 1
    assert queued_jobs(context, "hand") == [queues.ingest_job_id(key, 1)]


def test_the_keeper_sends_wakes_and_recovers_by_itself(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "TICK_S", 0.02)
    queued, waiting, held = add(context, 3, "live")
    past = utc_now() - timedelta(seconds=1)
    with context.database.write() as tx:
        tx.execute(update(urls).where(urls.c.key == waiting).values(state="waiting", due_at=past))
        tx.execute(
            update(urls)
            .where(urls.c.key == held)
            .values(state="fetching", lease_owner="dead", lease_until=past)
        )
    keeper = Keeper(context)
    keeper.start()
    wanted = {queues.ingest_job_id(key, 1) for key in (queued, waiting, held)}
    eventually(lambda: set(queued_jobs(context, "live")) == wanted, "all three are in Redis", 10)
    keeper.stop()


@pytest.mark.parametrize(
    "fault", [redis.ConnectionError("away"), Unavailable("database: locked"), KeyError("a bug")]
)
def test_the_keeper_outlives_every_fault(
    context: Context, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(keeper_module, "TICK_S", 0.02)
    faults = [fault, fault]
    real = queues.reconcile

    def faulty(*given: object) -> queues.Repairs:
        if faults:
            raise faults.pop()
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(queues, "reconcile", faulty)
    add(context, 1, "live")
    keeper = Keeper(context)
    keeper.start()
    eventually(lambda: queued_jobs(context, "live"), "the keeper went on", 10)
    keeper.stop()


def test_a_keeper_that_starts_while_the_database_is_away_waits_for_it(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "TICK_S", 0.02)
    add(context, 1, "live")
    real, asked = context.database.write, []

    def write(**options: bool):
        asked.append(options)
        if len(asked) < 3:
            raise Unavailable("database: locked")
        return real(**options)

    monkeypatch.setattr(context.database, "write", write)
    keeper = Keeper(context)
    keeper.start()
    eventually(lambda: queued_jobs(context, "live"), "the keeper went on", 10)
    keeper.stop()


# -- a server away -----------------------------------------------------------------------------


def test_sending_while_redis_is_away_leaves_the_database_right(context: Context) -> None:
    add(context, 10, "hand")
    nobody = redis.Redis(unix_socket_path=str(context.directory / "nobody.sock"))
    with pytest.raises(redis.ConnectionError):
        queues.dispatch(context.database, nobody, utc_now())
    assert dispatched(context) == 0
    reconcile(context)
    assert dispatched(context) == len(queued_jobs(context, "hand")) == 10


def test_redis_going_away_between_asking_and_sending_leaves_the_database_right(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(context, 10, "hand")

    def fail(*_given: object, **_options: object) -> None:
        raise redis.ConnectionError("went away")

    monkeypatch.setattr(redis.client.Pipeline, "execute", fail)
    with pytest.raises(redis.ConnectionError):
        queues.dispatch(context.database, context.redis, utc_now())
    monkeypatch.undo()
    assert dispatched(context) == 0
    assert ledger.counts(context)["queued"] == 10
    reconcile(context)
    assert len(queued_jobs(context, "hand")) == 10


def test_a_sender_killed_before_it_sent_loses_nothing(context: Context) -> None:
    keys = add(context, 10, "hand")
    with context.database.write() as tx:
        assert len(url_store.take_undispatched(tx, "hand", 100, utc_now())) == 10
    reconcile(context)
    assert queued_jobs(context, "hand") == []
    reconcile(context, later_s=60)
    assert set(queued_jobs(context, "hand")) == {queues.ingest_job_id(key, 1) for key in keys}


def test_reconcile_at_rest_writes_nothing(context: Context) -> None:
    """Twice a second for ever: it must not wear out the disk."""
    add(context, 5, "hand")
    reconcile(context)
    writes: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split()[0] in ("INSERT", "DELETE"):
            writes.append(statement)

    event.listen(context.database.engine, "before_cursor_execute", count)
    for _ in range(5):
        assert reconcile(context) == queues.Repairs()
    assert writes == []


def test_a_worker_is_known_again_after_redis_was_wiped(context: Context) -> None:
    worker = make(context, ["hand"])
    worker.register_birth()
    context.redis.flushall()
    worker.register_again()
    (known,) = rq.Worker.all(connection=context.redis)
    assert (known.name, known.queue_names()) == (worker.name, ["hand"])
    worker.register_death()
