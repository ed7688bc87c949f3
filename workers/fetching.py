"""The door to the network for code that is not asynchronous: one event loop, one door a process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from pipeline.http import Door, Limits
from pipeline.records import Page

T = TypeVar("T")


class Fetcher:
    """Posts one thing at a time. Close it when the process ends."""

    def __init__(self, limits: Limits) -> None:
        self._loop = asyncio.new_event_loop()
        self._door = Door(limits)
        self._loop.run_until_complete(self._door.__aenter__())

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Page:
        """`Door.post`, waited for."""
        return self._run(self._door.post(url, body, headers))

    def close(self) -> None:
        """Close the connections and the loop."""
        self._run(self._door.__aexit__(None, None, None))
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        task = self._loop.create_task(work)
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            # A job's time limit interrupts the loop, not the task: it must not go on with the next.
            if not task.done():
                task.cancel()
                self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            raise
