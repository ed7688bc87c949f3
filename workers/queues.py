"""RQ queues: the window of the database's queues that is in Redis, and keeping the two true.

The database holds every queued URL and due delivery; Redis holds the next few thousand as RQ jobs.
`dispatch` tops the window up, `reconcile` repairs what was lost (a flushed Redis, a killed worker).
A job carries only ids. Sending one twice is harmless: the database lets one run claim it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
import rq

from pipeline.store import alerts, clock, events, leases, urls
from pipeline.store.database import Database
from workers import owners, politeness, robots

INGEST = "workers.ingest.ingest"
DELIVER = "workers.deliver.deliver"
DELIVERIES = "deliver"
"""The queue of webhook deliveries; a worker of its own serves it, so that alerts never wait."""

OWN_KEYS = "wirewatch:*"
"""What we keep in Redis beside RQ's jobs: all of it may be lost at any time."""
WINDOW = 2_000
"""Jobs of one queue in Redis at a time: minutes of work, a few MB."""
GRACE_S = 5.0
"""A job younger than this may be on its way between two processes: not yet missed."""
JOB_TIMEOUT_S = 300
RESULT_TTL_S = 60
FAILURE_TTL_S = 366 * 86_400
"""At the most; how long they are kept is `[retention] failed_jobs_days` (`workers.retention`)."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """What `reconcile` did."""

    woken: int = 0
    """Waiting URLs whose time had come."""
    recovered: int = 0
    """URLs and deliveries whose worker had died."""
    lost: int = 0
    """Jobs that were gone from Redis."""
    dispatched: int = 0
    """Jobs sent to Redis."""


class Absences:
    """Jobs that Redis did not have at the last looks.

    One that a worker has just taken is gone from its queue and not yet claimed: only what stays
    away is lost.
    """

    LASTING_S = 4.0

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def lasting(self, missing: set[str], now: datetime) -> set[str]:
        """Those that have been missing for long enough."""
        self._since = {job: self._since.get(job, now) for job in missing}
        span = timedelta(seconds=self.LASTING_S)
        return {job for job, since in self._since.items() if now - since >= span}


def dispatch(
    database: Database,
    client: redis.Redis,
    now: datetime,
    only: Iterable[urls.Queue] = urls.QUEUES,
) -> int:
    """Top up the window: send queued URLs and due deliveries to Redis. Answers how many."""
    sent = 0
    for name in only:
        with database.read() as connection:
            if not urls.anything_undispatched(connection, name):
                continue
        queue = rq.Queue(name, connection=client)
        room = WINDOW - len(queue)
        with database.write(durable=False) as tx:
            taken = urls.take_undispatched(tx, name, room, now)
        jobs = [
            _job(INGEST, (key, generation), ingest_job_id(key, generation), front)
            for key, generation, front in _in_order(taken)
        ]
        try:
            if jobs:
                _send(queue, jobs)
        except redis.RedisError:
            with database.write(durable=False) as tx:
                urls.undispatch(tx, [key for key, _, _ in taken])
            raise
        sent += len(jobs)
    return sent + _dispatch_deliveries(database, client, now)


def _in_order(taken: list[tuple[str, int, bool]]) -> list[tuple[str, int, bool]]:
    """Those for the front last first: each is put before the one that was sent before it."""
    fronts = [job for job in taken if job[2]]
    return [*reversed(fronts), *(job for job in taken if not job[2])]


def _dispatch_deliveries(database: Database, client: redis.Redis, now: datetime) -> int:
    with database.read() as connection:
        if not alerts.due_count(connection, now):
            return 0
    queue = rq.Queue(DELIVERIES, connection=client)
    room = WINDOW - len(queue)
    with database.write(durable=False) as tx:
        ids = alerts.take_due(tx, room, now) if room > 0 else []
    jobs = [_job(DELIVER, (number,), delivery_job_id(number), False) for number in ids]
    try:
        if jobs:
            _send(queue, jobs)
    except redis.RedisError:
        with database.write(durable=False) as tx:
            alerts.undispatch(tx, ids)
        raise
    return len(jobs)


def _send(queue: rq.Queue, jobs: list[rq.queue.EnqueueData]) -> None:
    """Put jobs into a queue, all or none. RQ lets the data of a job that ran before expire."""
    with queue.connection.pipeline() as pipe:
        queue.enqueue_many(jobs, pipeline=pipe)
        for job in jobs:
            pipe.persist(rq.job.Job.key_for(job.job_id))
        pipe.execute()


def reconcile(
    database: Database,
    client: redis.Redis,
    now: datetime,
    max_attempts: int,
    absences: Absences | None = None,
) -> Repairs:
    """Make Redis hold what the database says is queued; free what dead workers held.

    `absences` remembers between the calls of one keeper; without it a missing job is lost at once.
    """
    woken, recovered = _free(database, client, now, max_attempts)
    lost = _restore_lost(database, client, now, absences)
    sent = dispatch(database, client, now)
    return Repairs(woken, recovered, lost, sent)


def _free(
    database: Database, client: redis.Redis, now: datetime, max_attempts: int
) -> tuple[int, int]:
    """Queue what has waited long enough and what dead workers held; how many of each."""
    with database.read() as connection:  # most of the time there is nothing to lock for
        dead = {name for name in leases.holders(connection) if owners.is_surely_dead(name)}
        ended = urls.anything_due(connection, now) or alerts.anything_held(connection, now)
    if not dead and not ended:
        return 0, 0
    with database.write(durable=False) as tx:
        if dead:
            leases.end(tx, dead, now)
        woken = urls.wake(tx, now)
        recovered = urls.recover(tx, now, max_attempts)
        for key, state in recovered:
            events.note(tx, key, now, "recovered", {"state": state, "reason": "worker died"})
        freed = len(recovered) + alerts.recover(tx, now)
    if dead:
        release_dead(client)
    return woken, freed


def release_dead(client: redis.Redis) -> None:
    """End the turns at sites of the processes that died on this machine."""
    politeness.release_dead(client)
    robots.release_dead(client)


def free_feeds(database: Database, now: datetime) -> None:
    """Let the feeds be polled that a poller had in hand when it died on this machine."""
    with database.read() as connection:
        dead = {name for name in leases.feed_holders(connection) if owners.is_surely_dead(name)}
    if dead:
        with database.write(durable=False) as tx:
            leases.end(tx, dead, now)


def _restore_lost(
    database: Database, client: redis.Redis, now: datetime, absences: Absences | None
) -> int:
    """Mark the jobs that Redis no longer has, so that they are sent again."""
    moment = now - timedelta(seconds=GRACE_S)
    with database.read() as connection:
        sent_urls = urls.dispatched_before(connection, moment)
        sent_deliveries = alerts.dispatched_before(connection, moment)
    if not sent_urls and not sent_deliveries:
        return 0
    due = {ingest_job_id(key, generation): key for key, generation in sent_urls}
    due_deliveries = {delivery_job_id(number): number for number in sent_deliveries}
    missing = (due.keys() | due_deliveries.keys()) - _present_jobs(client)
    if absences is not None:
        missing = absences.lasting(missing, now)
    keys = [key for job, key in due.items() if job in missing]
    ids = [number for job, number in due_deliveries.items() if job in missing]
    if keys or ids:
        with database.write(durable=False) as tx:
            urls.undispatch(tx, keys, front=True)
            alerts.undispatch(tx, ids)
        aside = rq.Queue(DELIVERIES, connection=client).intermediate_queue
        for number in ids:
            aside.remove(delivery_job_id(number))
    return len(keys) + len(ids)


def mend_clock(database: Database, client: redis.Redis, now: datetime, step_s: float) -> None:
    """The wall clock was set by `step_s` seconds: no living worker counts as dead by that.

    Set back, due times come back with it, and the turns at sites that Redis keeps by its own clock,
    most likely the same one, are forgotten (that is always safe).
    """
    with database.write() as tx:
        clock.spare_leases(tx, now)
        if step_s < 0:
            clock.bring_back(tx, now, step_s)
    if step_s < 0:
        for key in client.scan_iter(match=OWN_KEYS, count=1_000):
            client.delete(key)


def _present_jobs(client: redis.Redis) -> set[str]:
    """The ids of all jobs queued in Redis. (A started one is no longer `queued` with us.)

    RQ's intermediate queue does not count: a job is there for the moment between being taken and
    being started, or because its worker was killed in that moment.
    """
    present: set[str] = set()
    for name in (*urls.QUEUES, DELIVERIES):
        queue = rq.Queue(name, connection=client)
        present.update(queue.job_ids)
    return present


def ingest_job_id(key: str, generation: int) -> str:
    """The RQ job id of one run of a URL."""
    return f"ingest-{key}-{generation}"


def delivery_job_id(number: int) -> str:
    """The RQ job id of a delivery."""
    return f"deliver-{number}"


def _job(function: str, args: tuple[object, ...], job_id: str, front: bool) -> rq.queue.EnqueueData:
    return rq.Queue.prepare_data(
        function,
        args,
        job_id=job_id,
        at_front=front,
        timeout=JOB_TIMEOUT_S,
        result_ttl=RESULT_TTL_S,
        failure_ttl=FAILURE_TTL_S,
        description=f"{function.rpartition('.')[2]} {' '.join(str(arg) for arg in args)}",
    )
