"""Telling RQ of jobs that ended well, several at a time: one transaction instead of one a job.

Only of plain ones: no retry asked for, no callback, webhook, repeat, rate limit or dependent. What
is written is what RQ's `handle_job_success` writes, without what Redis has already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis
from rq import Retry
from rq.executions import Execution
from rq.job import Job, JobStatus
from rq.results import Result
from rq.utils import now, utcformat
from rq.worker import BaseWorker


@dataclass(frozen=True, slots=True)
class Success:
    """A job that ended well."""

    job: Job
    execution: Execution
    result: Any


def is_plain(worker: BaseWorker, success: Success) -> bool:
    """Whether nothing follows from the job's end but that it is kept as finished."""
    job = success.job
    return not (
        job.get_result_ttl(worker.default_result_ttl) == 0
        or isinstance(success.result, Retry)
        or job.success_callback is not None
        or job.webhooks
        or job.repeats_left
        or job.has_rate_limit
    )


def finish(worker: BaseWorker, successes: Sequence[Success]) -> bool:
    """Write that these plain jobs ended; False, and nothing, when one of them has dependents."""
    with worker.connection.pipeline() as pipe:
        dependents = [each.job.dependents_key for each in successes]
        try:
            pipe.watch(*dependents)  # type: ignore[no-untyped-call]
            if pipe.exists(*dependents):
                return False
            pipe.multi()
            for each in successes:
                _finish(worker, each, pipe)
            pipe.hincrby(worker.key, "successful_job_count", len(successes))
            seconds = sum(_seconds(each.job) for each in successes)
            pipe.hincrbyfloat(worker.key, "total_working_time", seconds)
            pipe.execute()
        except redis.WatchError:
            return False
    for each in successes:
        worker.executions.pop(each.execution.id, None)
        worker.log.info("Worker %s: %s: Job OK (%s)", worker.name, each.job.origin, each.job.id)
    return True


def _finish(worker: BaseWorker, success: Success, pipe: Any) -> None:
    job, execution = success.job, success.execution
    ttl = job.get_result_ttl(worker.default_result_ttl)
    job._result, job._status = success.result, JobStatus.FINISHED
    job.ended_at = job.last_heartbeat = now()
    ended = utcformat(job.ended_at)
    execution.delete(job=job, pipeline=pipe)
    written = {"status": JobStatus.FINISHED.value, "ended_at": ended, "last_heartbeat": ended}
    pipe.hset(job.key, mapping=written)
    Result.create(
        job,
        Result.Type.SUCCESSFUL,
        ttl=ttl,
        return_value=success.result,
        worker_name=worker.name,
        pipeline=pipe,
        execution_id=execution.id,
        execution_started_at=execution.created_at,
        execution_ended_at=job.ended_at,
    )
    job.finished_job_registry.add(job, ttl, pipe)
    if ttl > 0:
        pipe.expire(job.key, ttl)
        pipe.expire(job.dependencies_key, ttl)


def _seconds(job: Job) -> float:
    assert job.started_at is not None and job.ended_at is not None
    return (job.ended_at - job.started_at).total_seconds()
