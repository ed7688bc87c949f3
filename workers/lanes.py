"""Taking jobs from queues, as `workers.overlapping` does: without loss, in order, many at once.

A lane is queues that share slots. A job goes from its queue to RQ's intermediate queue by LMOVE and
leaves it in the transaction that marks it started, so that it is in one of the two at any moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.commands.core import Script
from rq import Queue
from rq.executions import Execution
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.suspension import WORKERS_SUSPENDED
from rq.worker import BaseWorker
from rq.worker.base import WorkerStatus

# KEYS     the flag that RQ's `suspend` sets, then each queue and its intermediate queue, in order
# ARGV[1]  how many jobs at the most
# Returns  nil when suspended, else the positions of the queues and the job ids, in turn
# Holds:   no job of a queue is taken while an earlier queue has one; each is in one list always.
TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return nil end
local taken = {}
for i = 2, #KEYS, 2 do
  while #taken < 2 * tonumber(ARGV[1]) do
    local id = redis.call('LMOVE', KEYS[i], KEYS[i + 1], 'LEFT', 'RIGHT')
    if not id then break end
    taken[#taken + 1] = i / 2
    taken[#taken + 1] = id
  end
end
return taken
"""

Taken = tuple[Job, Queue, Execution]


@dataclass
class Lane:
    """Queues that share slots, and what runs in them."""

    queues: list[Queue]
    slots: int
    running: set[asyncio.Task[None]] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def room(self) -> int:
        """Free slots."""
        return self.slots - len(self.running)

    async def wait(self, seconds: float | None = None) -> None:
        """Until a job ends or the worker is told something, or so long."""
        self.changed.clear()
        try:
            await asyncio.wait_for(self.changed.wait(), seconds)
        except TimeoutError:
            return


def take(
    worker: BaseWorker, script: Script, queues: Sequence[Queue], count: int
) -> list[Taken] | None:
    """Take up to `count` jobs of these queues and mark them started. None: RQ is suspended."""
    keys = [WORKERS_SUSPENDED]
    for queue in queues:
        keys += [queue.key, IntermediateQueue.get_intermediate_queue_key(queue.key)]
    found = script(keys=keys, args=[count])
    if not found:
        return None if found is None else []
    ids = [(queues[int(at) - 1], job_id.decode()) for at, job_id in _pairs(found)]
    with worker.connection.pipeline() as pipe:
        for _, job_id in ids:
            pipe.hgetall(worker.job_class.key_for(job_id))
        answers = pipe.execute()
    taken: list[Taken] = []
    with worker.connection.pipeline() as pipe:
        for (queue, job_id), answer in zip(ids, answers, strict=True):
            pipe.lrem(queue.intermediate_queue_key, 1, job_id)
            if not answer:
                continue  # it was deleted meanwhile
            job = worker.job_class(job_id, worker.connection, worker.serializer)
            job.restore(answer)
            worker.reorder_queues(queue)
            execution = _prepare(worker, job, pipe)
            worker.executions[execution.id] = execution  # before anyone knows that it is started
            taken.append((job, queue, execution))
        if taken:
            worker.heartbeat(pipeline=pipe)
            worker.set_state(WorkerStatus.BUSY, pipeline=pipe)
        pipe.execute()
    for job, queue, _ in taken:
        version = worker.get_redis_server_version()  # type: ignore[no-untyped-call]
        job.redis_server_version = version
        what = job.description if worker.log_job_description else job.id
        worker.log.info("Worker %s: %s: %s (%s)", worker.name, queue.name, what, job.id)
    return taken


def _prepare(worker: BaseWorker, job: Job, pipe: Any) -> Execution:
    """RQ's `prepare_execution` and `prepare_job_execution`, into one pipeline."""
    ttl = worker.get_heartbeat_ttl(job)
    execution = Execution.create(job, ttl, pipeline=pipe, worker_name=worker.name)
    job.prepare_for_execution(worker.name, pipeline=pipe)
    pipe.persist(job.key)
    return execution


def _pairs(flat: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
