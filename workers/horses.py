"""Jobs in forked processes, several at a time: RQ's `Worker` knows one horse, this many.

Each runs as RQ runs it, with its time limit, its signals and its monitoring; a copy of the worker
that knows this one job only stands for RQ's one-horse worker.
"""

from __future__ import annotations

import copy
import os
import signal
import time
from contextlib import suppress
from typing import Any

from rq import Queue
from rq.executions import Execution
from rq.job import Job
from rq.timeouts import (
    HorseMonitorTimeoutException,
    TimerDeathPenalty,
    get_default_death_penalty_class,
)
from rq.worker import Worker


class ManyHorses(Worker):
    """A worker whose jobs may run in several forked processes at once."""

    death_penalty_class = TimerDeathPenalty  # of callbacks: they run in threads

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._riders: dict[str, ManyHorses] = {}
        self._stop_horses = False
        self._stop_wanted: set[str] = set()
        """Executions that were told to stop, perhaps before they had a process or a task."""

    def _run_apart(self, job: Job, queue: Queue, execution: Execution) -> None:
        """Run a job in a forked process and wait for it. RQ knows one horse a worker: a copy."""
        rider = copy.copy(self)
        rider.executions = {execution.id: execution}
        self._riders[execution.id] = rider
        try:
            rider.fork_work_horse(job, queue)
            if self._stop_horses:
                rider.kill_horse()
            elif execution.id in self._stop_wanted:
                self.stop_horse(execution.id)
            rider.monitor_work_horse(job, queue, execution)
        finally:
            del self._riders[execution.id]

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """RQ's; its own waits for an alarm, which only a main thread gets."""
        deadline = time.monotonic() + self.job_monitoring_interval
        while True:
            try:
                pid, status, usage = os.wait4(self._horse_pid, os.WNOHANG)
            except ChildProcessError:
                return None, None, None
            if pid:
                return pid, status, usage
            if time.monotonic() > deadline:
                raise HorseMonitorTimeoutException
            time.sleep(0.01)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """RQ's, in the forked process: its main thread again, and not the loop's."""
        signal.set_wakeup_fd(-1)
        self.death_penalty_class = get_default_death_penalty_class()  # type: ignore[assignment]
        super().main_work_horse(job, queue)

    @property
    def horse_pid(self) -> int:
        """The process of a job that runs apart, 0 when there is none."""
        if self._horse_pid:
            return int(self._horse_pid)
        return next((rider._horse_pid for rider in list(self._riders.values())), 0)

    def kill_horse(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """Kill the processes of the jobs that run apart."""
        if self._horse_pid or not self._riders:
            with suppress(ProcessLookupError):
                if self._horse_pid and os.getpgid(self._horse_pid) == os.getpgrp():
                    os.kill(self._horse_pid, sig)  # it has no group of its own yet: this is ours
                else:
                    super().kill_horse(sig)
            return
        for rider in list(self._riders.values()):
            if rider._horse_pid:
                rider.kill_horse(sig)

    def stop_horse(self, execution_id: str) -> bool:
        """Kill the process of one job, which ends as stopped. False: it runs in none."""
        rider = self._riders.get(execution_id)
        if rider is None:
            return False
        if rider._horse_pid:  # else it is seen by who forks it
            rider._stopped_job_id = rider.executions[execution_id].job_id
            rider.kill_horse()
        return True

    def stop_horses(self) -> None:
        """Kill all of them, and those that are about to start."""
        self._stop_horses = True
        if self._riders:
            self.kill_horse()
