"""The worker class keeps RQ's contract with many jobs in hand. (RQ's own tests: `rq_suite`.)"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import redis
from rq import Callback, Queue, Worker
from rq.command import send_kill_horse_command, send_shutdown_command, send_stop_job_command
from rq.executions import Execution
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry, FinishedJobRegistry, StartedJobRegistry
from rq.suspension import resume, suspend

from tests.workers import rq_jobs
from workers.overlapping import OverlappingWorker


@pytest.fixture
def connection(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


def work(connection: redis.Redis, *names: str, **options: Any) -> OverlappingWorker:
    """Work until the queues are empty."""
    given = {key: options.pop(key) for key in ("overlap", "own_slots") if key in options}
    worker = OverlappingWorker([*names], connection=connection, **given)
    worker.work(burst=True, logging_level="ERROR", **options)
    return worker


class InThread:
    """Acts on a worker that runs in the main thread, once its job is started."""

    def __init__(self, act: Callable[[], object], when: Callable[[], bool]) -> None:
        self.fault: BaseException | None = None

        def run() -> None:
            try:
                deadline = time.monotonic() + 30
                while not when() and time.monotonic() < deadline:
                    time.sleep(0.02)
                act()
            except BaseException as error:  # noqa: BLE001 (told in the test's own thread)
                self.fault = error

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        if self.fault is not None:
            raise self.fault


def started(job: Job) -> Callable[[], bool]:
    return lambda: job.get_status() == JobStatus.STARTED


def test_many_coroutines_are_in_hand_at_once_each_with_its_own_job(
    connection: redis.Redis,
) -> None:
    queue = Queue("a", connection=connection)
    jobs = [queue.enqueue(rq_jobs.name_after, 0.5) for _ in range(20)]
    seen: list[int] = []

    def look() -> None:
        (worker,) = Worker.all(connection=connection)
        seen.append(len(worker.get_current_executions()))
        seen.append(StartedJobRegistry(queue=queue).count)

    watching = InThread(look, when=lambda: all(started(job)() for job in jobs))
    work(connection, "a")
    watching.join()
    assert seen == [20, 20]
    assert [job.return_value() for job in jobs] == [job.id for job in jobs]
    assert FinishedJobRegistry(queue=queue).count == 20
    assert StartedJobRegistry(queue=queue).count == 0
    assert not connection.keys("rq:execution*")
    assert connection.llen(queue.intermediate_queue_key) == 0


def test_no_more_are_in_hand_than_there_are_slots(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    jobs = [queue.enqueue(rq_jobs.name_after, 0.05) for _ in range(9)]
    work(connection, "a", overlap=3)
    spans = [(job.latest_result().execution_started_at, job.ended_at) for job in _fresh(jobs)]
    for begin, _ in spans:
        assert sum(other <= begin < end for other, end in spans) <= 3


def _fresh(jobs: list[Job]) -> list[Job]:
    return [Job.fetch(job.id, connection=job.connection) for job in jobs]


def test_queues_are_served_in_strict_order(connection: redis.Redis) -> None:
    late = [Queue("b", connection=connection).enqueue(rq_jobs.name_after, 0) for _ in range(5)]
    early = [Queue("a", connection=connection).enqueue(rq_jobs.name_after, 0) for _ in range(5)]
    work(connection, "a", "b", overlap=1)
    begun = [job.started_at for job in _fresh(early + late)]
    assert begun == sorted(begun)


def test_a_queue_with_slots_of_its_own_does_not_wait_behind_others(
    connection: redis.Redis,
) -> None:
    slow = [Queue("a", connection=connection).enqueue(rq_jobs.name_after, 1) for _ in range(4)]
    alert = Queue("alerts", connection=connection).enqueue(rq_jobs.name_after, 0)
    work(connection, "a", "alerts", overlap=1, own_slots={"alerts": 2})
    assert alert.get_status() == JobStatus.FINISHED
    (alert,), slow = _fresh([alert]), _fresh(slow)
    assert alert.ended_at < min(job.ended_at for job in slow)


def test_a_coroutine_that_raises_is_failed_with_its_traceback_and_can_be_requeued(
    connection: redis.Redis,
) -> None:
    queue = Queue("a", connection=connection)
    job = queue.enqueue(rq_jobs.fail, on_failure=Callback(rq_jobs.remember))
    work(connection, "a")
    assert job.get_status() == JobStatus.FAILED
    assert "ValueError: as it must" in job.latest_result().exc_string
    assert b"as it must" in connection.get(f"callback:{job.id}")
    registry = FailedJobRegistry(queue=queue)
    assert registry.get_job_ids() == [job.id]
    registry.requeue(job.id)
    work(connection, "a")
    assert len(job.results()) == 2


def test_a_success_callback_is_called_and_a_returned_retry_is_done(
    connection: redis.Redis,
) -> None:
    queue = Queue("a", connection=connection)
    job = queue.enqueue(rq_jobs.name_after, 0, on_success=Callback(rq_jobs.remember))
    retried = queue.enqueue(rq_jobs.again)
    work(connection, "a")
    assert connection.get(f"callback:{job.id}")
    assert [result.type.name for result in retried.results()] == ["MAX_RETRIES_EXCEEDED", "RETRIED"]


def test_dependents_of_a_coroutine_run_after_it(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    first = queue.enqueue(rq_jobs.name_after, 0.2)
    second = queue.enqueue(rq_jobs.name_after, 0, depends_on=first)
    work(connection, "a")
    first, second = _fresh([first, second])
    assert second.get_status() == JobStatus.FINISHED
    assert second.started_at >= first.ended_at


def test_a_time_limit_cancels_a_coroutine_and_harms_no_other(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    late = queue.enqueue(rq_jobs.tell_of_cancel, "why", job_timeout=1)
    other = queue.enqueue(rq_jobs.name_after, 1.5)
    work(connection, "a")
    assert connection.get("why") == b"job timeout"
    assert late.get_status() == JobStatus.FAILED
    assert "JobTimeoutException" in late.latest_result().exc_string
    assert other.get_status() == JobStatus.FINISHED


def test_stop_job_stops_just_that_job(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    others = [queue.enqueue(rq_jobs.name_after, 1) for _ in range(3)]
    job = queue.enqueue(
        rq_jobs.tell_of_cancel, "why", on_stopped=Callback(rq_jobs.remember), job_timeout=60
    )
    stopping = InThread(lambda: send_stop_job_command(connection, job.id), when=started(job))
    work(connection, "a")
    stopping.join()
    assert connection.get("why") == b"stopped by user"
    assert job.get_status() == JobStatus.STOPPED
    assert connection.exists(f"callback:{job.id}")
    assert FailedJobRegistry(queue=queue).get_job_ids() == [job.id]
    assert {other.get_status() for other in others} == {JobStatus.FINISHED}


def test_a_plain_function_runs_in_a_process_of_its_own_as_in_rq(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    jobs = [queue.enqueue(rq_jobs.process_id) for _ in range(3)]
    slow = queue.enqueue(rq_jobs.sleep, 30, job_timeout=1)
    work(connection, "a")
    ids = {job.return_value() for job in jobs}
    assert len(ids) == 3
    assert os.getpid() not in ids
    assert "JobTimeoutException" in slow.latest_result().exc_string


@pytest.mark.parametrize("how", ["stop-job", "kill-horse"])
def test_a_plain_function_can_be_ended(connection: redis.Redis, how: str) -> None:
    queue = Queue("a", connection=connection)
    job = queue.enqueue(rq_jobs.sleep, 60)

    worker = OverlappingWorker(["a"], connection=connection)

    def end() -> None:
        if how == "stop-job":
            send_stop_job_command(connection, job.id)
        else:
            send_kill_horse_command(connection, worker.name)

    ending = InThread(end, when=lambda: worker.horse_pid != 0)
    worker.work(burst=True, logging_level="ERROR")
    ending.join()
    expected = JobStatus.STOPPED if how == "stop-job" else JobStatus.FAILED
    assert job.get_status() == expected


class StoppedAtOnce(OverlappingWorker):
    """Is told to stop each job in the moment between taking and starting it."""

    def _start(self, lane: Any, job: Job, queue: Queue, execution: Execution) -> None:
        self.request_stop_execution(execution.id)
        super()._start(lane, job, queue, execution)


@pytest.mark.parametrize("function", [rq_jobs.sleep, rq_jobs.name_after])
def test_a_job_that_is_stopped_before_it_starts_is_stopped(
    connection: redis.Redis, function: Callable[..., object]
) -> None:
    jobs = [Queue("a", connection=connection).enqueue(function, 60) for _ in range(3)]
    StoppedAtOnce(["a"], connection=connection).work(burst=True, logging_level="ERROR")
    assert {job.get_status() for job in jobs} == {JobStatus.STOPPED}


def test_a_worker_with_nothing_in_hand_says_that_it_is_idle(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    worker = OverlappingWorker(["a"], connection=connection)

    def state() -> str | None:
        found = cast("bytes | None", connection.hget(worker.key, "state"))
        return found.decode() if found else None

    seen: list[str | None] = []

    def watch() -> None:
        job = queue.enqueue(rq_jobs.name_after, 0.5)
        for when, wanted in ((started(job), "busy"), (lambda: job.is_finished, "idle")):
            deadline = time.monotonic() + 20
            while not (when() and state() == wanted) and time.monotonic() < deadline:
                time.sleep(0.02)
            seen.append(state())
        send_shutdown_command(connection, worker.name)

    watching = InThread(watch, when=lambda: state() == "idle")
    worker.work(logging_level="ERROR")
    watching.join()
    assert seen == ["busy", "idle"]


def test_a_shutdown_command_lets_what_is_in_hand_end_and_takes_nothing_more(
    connection: redis.Redis,
) -> None:
    queue = Queue("a", connection=connection)
    job = queue.enqueue(rq_jobs.name_after, 1.5)
    worker = OverlappingWorker(["a"], connection=connection, overlap=1)
    later = queue.enqueue(rq_jobs.name_after, 0)
    asking = InThread(lambda: send_shutdown_command(connection, worker.name), when=started(job))
    worker.work(logging_level="ERROR")
    asking.join()
    assert job.get_status() == JobStatus.FINISHED
    assert later.get_status() == JobStatus.QUEUED
    assert worker.death_date is not None


def test_a_second_shutdown_breaks_off_what_is_in_hand(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    job = queue.enqueue(rq_jobs.tell_of_cancel, "why")
    apart = queue.enqueue(rq_jobs.sleep, 60)
    worker = OverlappingWorker(["a"], connection=connection)

    def ask_twice() -> None:
        send_shutdown_command(connection, worker.name)
        time.sleep(1.5)
        send_shutdown_command(connection, worker.name)

    asking = InThread(ask_twice, when=lambda: started(job)() and started(apart)())
    with pytest.raises(SystemExit):
        worker.work(logging_level="ERROR")
    asking.join()
    assert connection.get("why") == b"cold shutdown"


def test_a_suspended_worker_takes_nothing_until_it_is_resumed(connection: redis.Redis) -> None:
    job = Queue("a", connection=connection).enqueue(rq_jobs.name_after, 0)
    suspend(connection)
    work(connection, "a")
    assert job.get_status() == JobStatus.QUEUED
    worker = OverlappingWorker(["a"], connection=connection)

    def is_suspended() -> bool:
        return connection.hget(worker.key, "state") == b"suspended"

    resuming = InThread(lambda: resume(connection), when=is_suspended)
    worker.work(max_jobs=1, logging_level="ERROR")
    resuming.join()
    assert job.get_status() == JobStatus.FINISHED


def test_heartbeats_are_sent_for_all_jobs_in_hand(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    jobs = [queue.enqueue(rq_jobs.name_after, 1) for _ in range(3)]
    worker = OverlappingWorker(["a"], connection=connection)
    renewed: list[bool] = []

    def beat() -> None:
        before = {e.composite_key: e.last_heartbeat for e in worker.get_current_executions()}
        worker.beat()
        for key, heartbeat in before.items():
            execution = Execution.from_composite_key(key, connection=connection)
            execution.refresh()
            renewed.append(execution.last_heartbeat > heartbeat)

    beating = InThread(beat, when=lambda: all(started(job)() for job in jobs))
    worker.work(burst=True, logging_level="ERROR")
    beating.join()
    assert renewed == [True] * 3


def test_a_job_taken_by_a_worker_that_died_at_once_is_in_the_intermediate_queue(
    connection: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between queue and started nothing is lost: RQ's cleaning, or our keeper, finds it there."""
    queue = Queue("a", connection=connection)
    job = queue.enqueue(rq_jobs.name_after, 0)

    def die(*_given: object, **_options: object) -> None:
        raise SystemError("as if killed")

    monkeypatch.setattr("workers.lanes._prepare", die)
    work(connection, "a")
    assert queue.intermediate_queue.get_job_ids() == [job.id]


def test_rq_sees_the_worker_and_its_numbers(connection: redis.Redis) -> None:
    queue = Queue("a", connection=connection)
    for _ in range(3):
        queue.enqueue(rq_jobs.name_after, 0.01)
    queue.enqueue(rq_jobs.fail)
    worker = work(connection, "a")
    worker.refresh()
    assert (worker.successful_job_count, worker.failed_job_count) == (3, 1)
    assert worker.total_working_time > 0
    assert Worker.count(connection) == 0, "it is registered no more"
