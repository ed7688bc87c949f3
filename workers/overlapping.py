"""An RQ worker that has many jobs in hand at once, in one event loop.

For jobs that mostly wait: a job whose function is a coroutine function runs in the loop, its time
limit is a cancellation. Any other job runs as RQ runs it, in a forked process of its own. All else
is RQ's contract: registries, executions and their heartbeats, results, retries, callbacks,
suspension, commands (stop-job, kill-horse, shutdown), warm and cold shutdown.

A queue's jobs go to the worker by LMOVE through RQ's intermediate queue, so that none is lost
between the two, in the strict order of the queues. Queues named in `own_slots` have slots of their
own: their jobs never wait behind the others'.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
import inspect
import signal
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar

import redis
from rq import Queue
from rq.command import handle_command, parse_payload
from rq.defaults import DEFAULT_LOGGING_DATE_FORMAT, DEFAULT_LOGGING_FORMAT
from rq.executions import Execution
from rq.job import Job, _current_job
from rq.timeouts import (
    JobTimeoutException,
)
from rq.utils import now
from rq.worker.base import DequeueStrategy, WorkerStatus

from workers import finishing, lanes
from workers.finishing import Success
from workers.heart import BeatingWorker, Heart
from workers.lanes import TAKE, Lane
from workers.patience import Patience

T = TypeVar("T")

TIMED_OUT, STOPPED, COLD = "job timeout", "stopped by user", "cold shutdown"
"""Messages of the CancelledError that a job's coroutine gets: what to write down of it."""

IDLE_PAUSE_S = 0.1
"""How often an idle worker looks for jobs: RQ blocks on one queue, and we have several."""
GATHER_S = 0.05
"""A busy worker waits so long for several slots to be free: jobs taken together cost less."""
TELL_S, TELL_LONG_S = 0.01, 0.05
"""RQ is told together of the jobs that end within this; long while half the slots are taken."""
AFTER_CANCEL_S = 10.0
"""Time for a cancelled coroutine to write down what became of it."""
FIRST_RECONNECT_PAUSE_S, MAX_RECONNECT_PAUSE_S = 0.5, 5.0
REDIS_THREADS = 3


class OverlappingWorker(BeatingWorker):
    """See the module's text. Use it as RQ's workers: `rq worker -w workers.overlapping.…`."""

    overlap = 32

    def __init__(
        self,
        *args: Any,
        overlap: int | None = None,
        own_slots: Mapping[str, int] | None = None,
        surroundings: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext,
        warm_limit_s: float | None = None,
        **kwargs: Any,
    ) -> None:
        """RQ's arguments, and these.

        `overlap`: slots of the queues that have none of their own. `surroundings` are entered in
        the event loop before the first job and left after the last. `warm_limit_s`: a warm
        shutdown that takes longer becomes a cold one.
        """
        super().__init__(*args, **kwargs)
        own = own_slots or {}
        shared = [queue for queue in self.queues if queue.name not in own]
        self._lanes = [Lane([q], own[q.name]) for q in self.queues if q.name in own]
        if shared:
            self._lanes.append(Lane(shared, overlap or self.overlap))
        self._surroundings, self._warm_limit_s = surroundings, warm_limit_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._stopped_jobs: set[str] = set()
        self._untold: list[tuple[Queue, Success, asyncio.Future[None]]] = []
        self._telling: asyncio.Task[None] | None = None
        self._cold = False
        self._started_jobs = 0
        self._max_jobs: int | None = None
        self._patience = Patience(FIRST_RECONNECT_PAUSE_S, MAX_RECONNECT_PAUSE_S)
        self._take_script = self.connection.register_script(TAKE)

    # -- the loop ------------------------------------------------------------------------------

    def work(
        self,
        burst: bool = False,
        logging_level: str | None = None,
        date_format: str = DEFAULT_LOGGING_DATE_FORMAT,
        log_format: str = DEFAULT_LOGGING_FORMAT,
        max_jobs: int | None = None,
        max_idle_time: int | None = None,
        with_scheduler: bool = False,
        dequeue_strategy: DequeueStrategy = DequeueStrategy.DEFAULT,
    ) -> bool:
        """RQ's `work`: until told to stop, or with `burst` until the queues are empty."""
        self.bootstrap(logging_level, date_format, log_format)
        self._dequeue_strategy = dequeue_strategy
        self._max_jobs, self._started_jobs = max_jobs, 0
        if with_scheduler:
            self._start_scheduler(burst, logging_level, date_format, log_format)
        heart = Heart(self)
        heart.start()
        try:
            asyncio.run(self._serve(burst, max_idle_time))
        finally:
            heart.stop()
            self.teardown()  # type: ignore[no-untyped-call]
        if self._cold:
            raise SystemExit
        return bool(self._started_jobs)

    async def _serve(self, burst: bool, max_idle_time: int | None) -> None:
        self._loop = asyncio.get_running_loop()
        for lane in self._lanes:
            lane.changed = asyncio.Event()  # of this loop: a worker may work again
        self._redis_threads = ThreadPoolExecutor(REDIS_THREADS, "rq")
        self._rider_threads = ThreadPoolExecutor(sum(lane.slots for lane in self._lanes), "horse")
        self._install_signal_handlers()
        try:
            async with self._surroundings():
                serving = [
                    asyncio.create_task(self._serve_lane(lane, burst, max_idle_time))
                    for lane in self._lanes
                ]
                maintenance = asyncio.create_task(self._maintain())
                try:
                    await asyncio.gather(*serving)
                except Exception:
                    self.log.exception("Worker %s: unhandled exception, quitting...", self.name)
                    self._stop_requested = True
                    for each in serving:
                        each.cancel()
                finally:
                    maintenance.cancel()
                    await self._wait_for_jobs()
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                self._loop.remove_signal_handler(number)
            self._loop = None
            for pool in (self._redis_threads, self._rider_threads):
                pool.shutdown(wait=False, cancel_futures=True)

    async def _serve_lane(self, lane: Lane, burst: bool, max_idle_time: int | None) -> None:
        """Take jobs of the lane's queues while there are free slots."""
        idle_since, suspended = time.monotonic(), False
        while not self._stop_requested and not self._has_enough():
            if lane.room <= 0:
                await lane.wait()
                if lane.slots >= 8:
                    await asyncio.sleep(GATHER_S)
                continue
            queues = [queue for queue in self._ordered_queues if queue in lane.queues]
            taken = await self._persistently(
                lanes.take, self, self._take_script, queues, self._how_many(lane)
            )
            if self._stop_requested and not taken:
                return
            if suspended != (taken is None):
                suspended = taken is None
                state = WorkerStatus.SUSPENDED if suspended else WorkerStatus.IDLE
                self.log.info("Worker %s: %s", self.name, state.value)
                await self._persistently(self.set_state, state)
            if taken is None and burst:
                return
            for job, queue, execution in taken or ():
                self._start(lane, job, queue, execution)
            if taken:
                idle_since = time.monotonic()
                continue
            if not suspended and not self.executions:
                await self._say_idle()
            if lane.running:
                idle_since = time.monotonic()
            elif burst:
                return
            idle_s = time.monotonic() - idle_since
            if max_idle_time is not None and idle_s >= max_idle_time:
                return
            await lane.wait(1.0 if suspended else IDLE_PAUSE_S)

    async def _say_idle(self) -> None:
        """Let `rq info` know that nothing is in hand, if it does not."""
        if self.get_state() != WorkerStatus.IDLE:
            await self._persistently(self.set_state, WorkerStatus.IDLE)
            if self.executions:  # another lane took some meanwhile
                await self._persistently(self.set_state, WorkerStatus.BUSY)

    def _how_many(self, lane: Lane) -> int:
        """How many jobs to take together."""
        count = lane.room
        if self._max_jobs is not None:
            count = min(count, self._max_jobs - self._started_jobs)
        return count if self._dequeue_strategy == DequeueStrategy.DEFAULT else 1

    def _is_pressed(self) -> bool:
        """Whether half the slots of a lane are taken: work is better done together than soon."""
        return any(lane.room <= lane.slots / 2 for lane in self._lanes)

    def _has_enough(self) -> bool:
        return self._max_jobs is not None and self._started_jobs >= self._max_jobs

    def _start(self, lane: Lane, job: Job, queue: Queue, execution: Execution) -> None:
        assert self._loop is not None
        self._started_jobs += 1
        task = self._loop.create_task(self._run(job, queue, execution))
        lane.running.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            lane.running.discard(task)
            self.executions.pop(execution.id, None)
            self._stop_wanted.discard(execution.id)
            lane.changed.set()
            if not task.cancelled() and (error := task.exception()):
                self.log.error("Worker %s: job %s: its outcome is lost", self.name, job.id)
                self.log.error("%r", error)

        task.add_done_callback(ended)

    async def _wait_for_jobs(self) -> None:
        """Let what is in hand end, or end it: no job starts any more."""
        running = set[asyncio.Task[None]]().union(*(lane.running for lane in self._lanes))
        started = time.monotonic()
        while running and not self._cold:
            await asyncio.wait(running, timeout=0.1)
            running = {task for task in running if not task.done()}
            late = self._warm_limit_s is not None and (
                time.monotonic() - started > self._warm_limit_s
            )
            if late and running:
                self._end_coldly()
                await asyncio.wait(running, timeout=AFTER_CANCEL_S)
                return
        if running:
            await asyncio.wait(running, timeout=AFTER_CANCEL_S / 2)
        elif not self._cold:
            await self._persistently(self.set_state, WorkerStatus.IDLE)

    async def _maintain(self) -> None:
        while True:
            if self.should_run_maintenance_tasks:
                await self._persistently(self.run_maintenance_tasks)
            await asyncio.sleep(1)

    # -- running one job -----------------------------------------------------------------------

    async def _run(self, job: Job, queue: Queue, execution: Execution) -> None:
        """Run one job and tell RQ what became of it."""
        try:
            function = job.func
        except Exception:  # noqa: BLE001 (whatever an import or a pickle raises is the job's fault)
            await self._fail(job, queue, execution, sys.exc_info())
            return
        if not inspect.iscoroutinefunction(function):
            assert self._loop is not None
            await self._loop.run_in_executor(
                self._rider_threads, self._run_apart, job, queue, execution
            )
            return
        context = contextvars.copy_context()
        context.run(_current_job.set, job)
        job.started_at = now()
        task = asyncio.get_running_loop().create_task(
            function(*job.args, **job.kwargs), context=context
        )
        self._tasks[execution.id] = task
        self._stop_task(execution.id)
        try:
            timed_out = not await self._finished_in_time(job, task)
        finally:
            del self._tasks[execution.id]
        await self._conclude(job, queue, execution, task, timed_out=timed_out)

    async def _finished_in_time(self, job: Job, task: asyncio.Task[Any]) -> bool:
        timeout = job.timeout or self.queue_class.DEFAULT_TIMEOUT
        done, _ = await asyncio.wait({task}, timeout=timeout if timeout > 0 else None)
        if done:
            return True
        task.cancel(TIMED_OUT)
        await asyncio.wait({task}, timeout=AFTER_CANCEL_S)
        return False

    async def _conclude(
        self,
        job: Job,
        queue: Queue,
        execution: Execution,
        task: asyncio.Task[Any],
        *,
        timed_out: bool,
    ) -> None:
        """Write the job's outcome as RQ does."""
        if job.id in self._stopped_jobs:
            self._stopped_jobs.discard(job.id)
            view = copy.copy(self)  # RQ has one stopped job a worker
            view._stopped_job_id = job.id
            job.ended_at = now()
            await self._persistently(view._handle_stopped_job, job, queue, execution)
        elif task.done() and not task.cancelled() and not (error := task.exception()):
            await self._tell_success(queue, Success(job, execution, task.result()))
        elif self._cold:
            return  # as after RQ's cold shutdown: it is found abandoned
        elif timed_out:
            told = f"Task exceeded maximum timeout value ({job.timeout} seconds)"
            late = JobTimeoutException(told)
            await self._fail(job, queue, execution, (JobTimeoutException, late, None))
        else:
            fault = asyncio.CancelledError("cancelled itself") if task.cancelled() else error
            assert fault is not None
            await self._fail(job, queue, execution, (type(fault), fault, fault.__traceback__))

    async def _tell_success(self, queue: Queue, success: Success) -> None:
        """Tell RQ of a job that ended well, plain ones together with others that end now."""
        if not finishing.is_plain(self, success):
            await self._persistently(
                self._succeed, success.job, queue, success.execution, success.result
            )
            return
        assert self._loop is not None
        told = self._loop.create_future()
        self._untold.append((queue, success, told))
        if self._telling is None:
            self._telling = self._loop.create_task(self._tell_successes())
        await told

    async def _tell_successes(self) -> None:
        try:
            while self._untold:
                await asyncio.sleep(TELL_LONG_S if self._is_pressed() else TELL_S)
                untold, self._untold = self._untold, []
                try:
                    if not await self._persistently(
                        finishing.finish, self, [success for _, success, _ in untold]
                    ):
                        for queue, each, _ in untold:
                            await self._persistently(
                                self._succeed, each.job, queue, each.execution, each.result
                            )
                except Exception as error:  # noqa: BLE001 (it is that of the jobs, which wait for it)
                    for _, _, told in untold:
                        if not told.done():
                            told.set_exception(error)
                for _, _, told in untold:
                    if not told.done():
                        told.set_result(None)
        finally:
            self._telling = None

    def _succeed(self, job: Job, queue: Queue, execution: Execution, result: Any) -> None:
        try:
            self._finalize_success(job, queue, execution, result)
        except redis.RedisError:
            raise
        except Exception:  # noqa: BLE001 (a callback's fault is the job's, as in RQ)
            self._finalize_failure(job, queue, execution, sys.exc_info())

    async def _fail(self, job: Job, queue: Queue, execution: Execution, fault: Any) -> None:
        await self._persistently(self._finalize_failure, job, queue, execution, fault)

    async def _persistently(self, call: Callable[..., T], *args: Any) -> T:
        """Call something of RQ's in a thread, again while Redis does not do it."""
        assert self._loop is not None
        while True:
            try:
                answer = await self._loop.run_in_executor(self._redis_threads, call, *args)
            except redis.RedisError as error:  # away, starting, full or read-only
                if self._stop_requested:
                    raise
                await asyncio.sleep(self._patience.failed(error))
            else:
                self._patience.succeeded()
                return answer

    # -- commands and signals ------------------------------------------------------------------

    def handle_payload(self, message: Any) -> None:
        """A command by Redis. RQ's stop-job looks at one job only: here it may be any in hand."""
        payload = parse_payload(message)
        if payload["command"] != "stop-job":
            handle_command(self, payload)
            return
        found = [e for e in list(self.executions.values()) if e.job_id == payload.get("job_id")]
        if not found:
            self.log.warning("Not working on job %s, command ignored.", payload.get("job_id"))
        for execution in found:
            self.request_stop_execution(execution.id)

    def request_stop_execution(self, execution_id: str) -> None:
        """Stop one job in hand; it ends as stopped. Called from the thread of commands."""
        execution = self.executions.get(execution_id)
        if execution is None:
            self.log.warning("Not running execution %s, command ignored.", execution_id)
            return
        self._stop_wanted.add(execution_id)  # it may only be about to start
        if not self.stop_horse(execution_id) and self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop_task, execution_id)

    def _stop_task(self, execution_id: str) -> None:
        """Cancel a coroutine that was told to stop, once."""
        task, execution = self._tasks.get(execution_id), self.executions.get(execution_id)
        if task is None or execution is None or execution_id not in self._stop_wanted:
            return
        self._stop_wanted.discard(execution_id)
        self._stopped_jobs.add(execution.job_id)
        task.cancel(STOPPED)

    def _install_signal_handlers(self) -> None:
        if self._loop is None:
            super()._install_signal_handlers()  # type: ignore[no-untyped-call]
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: int) -> None:
        if self._shutdown_requested_date is None:
            self.request_stop(number, None)
        else:
            self.request_force_stop(number, None)

    def request_stop(self, signum: int, frame: Any) -> None:
        """Warm shutdown: what is in hand ends, nothing more is taken."""
        if self._loop is None:
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]
            return
        self._shutdown_requested_date = now()
        self.handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        self._stop_requested = True
        if self.executions:
            self._redis_threads.submit(self.set_shutdown_requested_date)
        for lane in self._lanes:
            lane.changed.set()

    def request_force_stop(self, signum: int, frame: Any) -> None:
        """Cold shutdown: what is in hand is broken off."""
        if self._loop is None:
            super().request_force_stop(signum, frame)
            return
        asked = self._shutdown_requested_date
        if asked is not None and (now() - asked).total_seconds() < 1:
            return  # one Ctrl-C may come twice: from the terminal and from a parent (as in RQ)
        self.log.warning("Worker %s: cold shut down", self.name)
        self._end_coldly()

    def _end_coldly(self) -> None:
        self._cold = self._stop_requested = True
        self.stop_horses()
        for task in self._tasks.values():
            task.cancel(COLD)
