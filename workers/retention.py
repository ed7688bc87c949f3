"""Lets go of what has been kept long enough: one small step a tick of the keeper's, never more.

Once an hour every kind is walked through in steps of a few hundred rows, each a transaction of a
few milliseconds, so no writer notices. RQ's own registries are kept short in the same way.
Settings: `[retention]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import redis
import rq
from rq.registry import FailedJobRegistry

from pipeline.settings import RetentionSettings
from pipeline.store import retention, urls
from pipeline.store.database import Database
from workers import queues
from workers.log import logger

EVERY_S = 3_600.0
ROWS_A_STEP = 500
PAGES_A_STEP = 500
"""Of 4 kB: what an SQLite file gives back to the disk at a time."""
FAILED_JOBS = 1_000
"""Most failed RQ jobs kept of each queue: they are for people to look at."""


class Retention:
    """Where the walk is. One a keeper; several keepers do no harm to each other."""

    def __init__(self, settings: RetentionSettings) -> None:
        self._settings = settings
        self._walk: Iterator[None] | None = None
        self._next_walk = 0.0

    def tick(self, database: Database, client: redis.Redis, now: datetime, moment: float) -> None:
        """Do one step when there is one to do. `moment` is the monotonic clock's at `now`.

        Raises Unavailable or a RedisError; the walk then starts anew at its next time.
        """
        if self._walk is None:
            if moment < self._next_walk:
                return
            self._next_walk = moment + EVERY_S
            self._walk = self._steps(database, client, now)
        try:
            next(self._walk)
        except StopIteration:
            self._walk = None
        except BaseException:
            self._walk = None
            raise

    def _steps(self, database: Database, client: redis.Redis, now: datetime) -> Iterator[None]:
        kinds: tuple[tuple[str, int, retention.Prune], ...] = (
            ("records", self._settings.records_days, retention.records_before),
            ("versions", self._settings.versions_days, retention.versions),
            ("stories", self._settings.stories_days, retention.stories),
            ("listings", self._settings.listings_days, retention.listings),
            ("deliveries", self._settings.deliveries_days, retention.attempts),
        )
        deleted: dict[str, int] = {}
        for name, days, prune in kinds:
            if not days:
                continue
            before, after = now - timedelta(days=days), None
            while True:
                with database.write(durable=False) as tx:
                    step = prune(tx, before, after, ROWS_A_STEP)
                deleted[name] = deleted.get(name, 0) + step.deleted
                after = step.after
                if after is None:
                    break
                yield
        dropped = 0
        for queue in (*urls.QUEUES, queues.DELIVERIES):
            oldest = now - timedelta(days=self._settings.failed_jobs_days)
            dropped += drop_failed_jobs(client, queue, FAILED_JOBS, oldest)
            yield
        if any(deleted.values()) or dropped:
            logger().info("let go", jobs=dropped, **deleted)
        while any(deleted.values()):
            with database.write(durable=False) as tx:
                left = retention.shrink(tx, PAGES_A_STEP)
            if not left:
                break
            yield


def drop_failed_jobs(client: redis.Redis, queue: str, keep: int, oldest: datetime) -> int:
    """Delete a queue's RQ jobs that failed before `oldest`, and all but the last `keep`.

    Answers how many; at most a few hundred a call.
    """
    registry = FailedJobRegistry(queue, connection=client)
    # RQ scores a job by when it would expire (seconds since 1970).
    old = client.zcount(registry.key, "-inf", oldest.timestamp() + queues.FAILURE_TTL_S)
    surplus = registry.get_job_ids(0, max(int(old), len(registry) - keep) - 1, cleanup=False)
    surplus = surplus[:ROWS_A_STEP] if max(int(old), len(registry) - keep) > 0 else []
    for job_id in surplus:
        registry.remove(job_id)
        client.delete(rq.job.Job.key_for(job_id))
    return len(surplus)
