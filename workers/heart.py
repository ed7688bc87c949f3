"""A worker's heartbeats, from a thread that a busy event loop cannot hold up."""

from __future__ import annotations

import math
import threading
import time
from contextlib import suppress
from typing import Any

import redis
from rq import worker_registration

from workers.horses import ManyHorses

HEARTBEAT_S = 10.0
RECONNECT_PAUSE_S = 5.0


class BeatingWorker(ManyHorses):
    """A worker that tells Redis of itself and of all its jobs, and again after Redis was wiped."""

    def beat(self) -> None:
        """Tell Redis that the worker and its jobs live; called by a thread of its own."""
        self.register_again()
        self.heartbeat()
        for execution_id, execution in list(self.executions.items()):
            if execution_id not in self._riders and execution._job is not None:
                self.maintain_heartbeats(execution._job, execution)

    def register_again(self) -> None:
        """Be known to `rq info` again after a Redis that was wiped forgot this worker."""
        born = self.birth_date is not None
        if born and not self.connection.sismember(self.redis_workers_keys, self.key):
            with self.connection.pipeline() as pipe:
                pipe.hset(self.key, mapping=self.serialize())
                pipe.expire(self.key, self.worker_ttl + 60)
                worker_registration.register(self, pipe)
                pipe.execute()

    def _pubsub_exception_handler(self, exc: Exception, pubsub: Any, pubsub_thread: Any) -> None:
        """RQ's, for every fault of Redis: the thread of commands lives as long as the worker."""
        if not isinstance(exc, redis.RedisError):
            raise exc
        time.sleep(RECONNECT_PAUSE_S)


class Heart(threading.Thread):
    """Beats for a worker, whatever its loop is busy with."""

    def __init__(self, worker: BeatingWorker) -> None:
        super().__init__(name="heart", daemon=True)
        self._worker, self._stopping = worker, threading.Event()
        self._every_s = min(HEARTBEAT_S, worker.job_monitoring_interval, worker.worker_ttl / 3)

    def run(self) -> None:
        """Beat until stopped."""
        while not self._stopping.wait(self._every_s):
            with suppress(redis.RedisError):  # the loop says that it is away
                self._worker.beat()

    def stop(self) -> None:
        """End after the beat at hand."""
        self._stopping.set()
        self.join(timeout=math.ceil(HEARTBEAT_S))
