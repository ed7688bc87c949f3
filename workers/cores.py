"""How the work is shared out over the machine's cores. Settings: `[work] processes, readers`."""

from __future__ import annotations

import os

from pipeline.settings import WorkSettings

CORES_A_WORKER = 8
"""One worker process keeps about so many readers busy: it takes an eighth of a page's time."""


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worker_processes(work: WorkSettings) -> int:
    """How many worker processes the daemon starts."""
    return work.processes or max(1, round(cores() / CORES_A_WORKER))


def readers_each(work: WorkSettings) -> int:
    """How many reading processes each worker process has."""
    return work.readers or max(1, cores() // worker_processes(work))
