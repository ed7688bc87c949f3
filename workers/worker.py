"""The RQ worker class: jobs run in the worker's own process, its leases are renewed beside them.

RQ's contract stays RQ's (registries, heartbeats, suspend, warm and cold shutdown): this only adds
the context that our jobs need, and a thread that tells the database the worker is alive.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import redis
from rq import SimpleWorker, worker_registration

from pipeline.errors import Unavailable
from pipeline.store import urls
from workers import context as world
from workers import queues, stages
from workers.context import Context, utc_now
from workers.ingest import LEASE_S
from workers.log import logger

RENEW_EVERY_S = LEASE_S / 4
WORKER_TTL_S = 60
"""RQ forgets a silent worker after this and a minute; its default is 7 minutes."""
MAINTENANCE_S = 60


class Worker(SimpleWorker):
    """Runs jobs without forking: a fork a job costs more than the job (research: workers)."""

    def __init__(self, context: Context, names: list[str]) -> None:
        super().__init__(
            names,
            connection=context.redis,
            name=context.owner,
            worker_ttl=WORKER_TTL_S,
            maintenance_interval=MAINTENANCE_S,
            log_job_description=False,
        )
        self._lease_keeper = _LeaseKeeper(context, self)

    def work(self, *args: Any, **kwargs: Any) -> bool:
        """RQ's work loop, with our leases renewed while it runs."""
        self._lease_keeper.start()
        return bool(super().work(*args, **kwargs))

    def teardown(self) -> None:
        """RQ's own, once nothing can register this worker again."""
        self._lease_keeper.stop()
        super().teardown()  # type: ignore[no-untyped-call]

    def register_again(self) -> None:
        """Be known to `rq info` again after a Redis that was wiped forgot this worker."""
        born = self.birth_date is not None
        if born and not self.connection.sismember(self.redis_workers_keys, self.key):
            with self.connection.pipeline() as pipe:
                pipe.hset(self.key, mapping=self.serialize())
                pipe.expire(self.key, self.worker_ttl + 60)
                worker_registration.register(self, pipe)
                pipe.execute()


class _LeaseKeeper(threading.Thread):
    """Renews the leases of the URLs this process works on, and its place among the workers."""

    def __init__(self, context: Context, worker: Worker) -> None:
        super().__init__(name="leases", daemon=True)
        self._context, self._worker = context, worker
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(RENEW_EVERY_S):
            try:
                if keys := tuple(self._context.in_hand):
                    with self._context.database.write(durable=False) as tx:
                        until = utc_now() + timedelta(seconds=LEASE_S)
                        urls.renew(tx, self._context.owner, until, keys)
                self._worker.register_again()
            except (Unavailable, redis.RedisError) as error:
                logger().warning("leases not renewed", error=str(error))

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=10)


def work(context: Context, *, deliveries: bool, burst: bool) -> None:
    """Run one worker until it is told to stop; with `burst` until its queues are empty."""
    world.use(context)
    names: list[str] = [queues.DELIVERIES] if deliveries else list(urls.QUEUES)
    Worker(context, names).work(burst=burst, logging_level="WARNING")


def work_in_child(context: Context, *, burst: bool) -> None:
    """`work` on articles, each page read in a child that can be killed (`workers.stages`)."""
    child = stages.Child(context)
    stages.use(child)
    try:
        work(context, deliveries=False, burst=burst)
    finally:
        stages.use(None)
        child.close()
