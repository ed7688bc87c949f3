"""Jobs for `test_overlapping`: what a worker of RQ's may be given."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from rq import Retry, get_current_job


async def name_after(seconds: float) -> str:
    """The id of the job that runs this, asked for after a while."""
    await asyncio.sleep(seconds)
    job = get_current_job()
    assert job is not None
    return str(job.id)


async def fail() -> None:
    raise ValueError("as it must")


async def again() -> Retry:
    return Retry(max=1)


async def tell_of_cancel(key: str) -> None:
    """Wait for ever; when cancelled, leave the reason in Redis."""
    job = get_current_job()
    assert job is not None
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError as error:
        job.connection.set(key, str(error))
        raise


def process_id() -> int:
    return os.getpid()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def remember(job: Any, connection: Any, *result: Any) -> None:
    connection.set(f"callback:{job.id}", repr(result[1] if len(result) > 1 else result))
