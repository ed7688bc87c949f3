"""The pytest plugin of `benchmarks.rq_suite`: our worker class in place of RQ's, another port."""

from __future__ import annotations

import os

import redis
import rq
import rq.worker

from workers.overlapping import OverlappingWorker

PORT, STOCK, OVERLAP = "RQ_SUITE_PORT", "RQ_SUITE_STOCK", "RQ_SUITE_OVERLAP"

NOT_APPLICABLE: dict[str, str] = {
    "test_job_dependency_race_condition": "counts calls of execute_job, which ours does not use",
    "test_cleanup_intermediate_queue": "mocks execute_job, which ours does not use",
    "test_no_cleanup_while_in_started_queue": "mocks execute_job, which ours does not use",
    "TestQueue::test_intermediate_queue": "mocks execute_job, which ours does not use",
    "simpleworker": "is of RQ's SimpleWorker",
}
"""Parts of test names, and why those tests do not apply to a worker class of ours."""


def not_applicable(test: str) -> str | None:
    """Why a test does not apply; None when it does."""
    return next((why for part, why in NOT_APPLICABLE.items() if part in test), None)


def _use_port(port: int) -> None:
    """Clients without arguments go to this port."""
    original = redis.Redis.__init__

    def init(self: redis.Redis, *args: object, **kwargs: object) -> None:
        if not args and "port" not in kwargs and "connection_pool" not in kwargs:
            kwargs["port"] = port
        original(self, *args, **kwargs)  # type: ignore[arg-type]

    redis.Redis.__init__ = init  # type: ignore[method-assign]


if PORT in os.environ:
    _use_port(int(os.environ[PORT]))
    if not os.environ.get(STOCK):
        OverlappingWorker.overlap = int(os.environ[OVERLAP])
        for module in (rq, rq.worker):
            module.Worker = OverlappingWorker  # type: ignore[attr-defined]
