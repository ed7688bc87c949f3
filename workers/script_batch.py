"""Lua scripts run together: what many tasks ask of Redis meanwhile goes out as one pipeline.

A poller asks for three scripts a poll and has hundreds under way; sent one by one, the system calls
for them cost more CPU than the scripts. Nothing waits on a timer: while one pipeline is under way
the next one gathers, so that a lone caller goes out at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis import asyncio as aioredis
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError

MOST = 100
"""Scripts of one pipeline: a few milliseconds, in which the first of them wait for the last."""


@dataclass(frozen=True, slots=True)
class _Call:
    script: AsyncScript
    keys: Sequence[str]
    args: Sequence[str | int]
    answered: asyncio.Future[tuple[Any, float]]


class ScriptBatch:
    """Runs scripts for the tasks of one event loop."""

    def __init__(self, client: aioredis.Redis) -> None:
        self._client = client
        self._waiting: list[_Call] = []
        self._sending: asyncio.Task[None] | None = None

    async def run(
        self, script: AsyncScript, keys: Sequence[str], args: Sequence[str | int]
    ) -> tuple[Any, float]:
        """The script's answer, and when it was sent (monotonic seconds). Raises RedisError."""
        answered: asyncio.Future[tuple[Any, float]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(script, keys, args, answered))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_waiting())
        return await answered

    async def _send_waiting(self) -> None:
        calls: list[_Call] = []
        try:
            while self._waiting:
                calls, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                sent = time.monotonic()
                answers = await self._send(calls)
                for call, answer in zip(calls, answers, strict=True):
                    if call.answered.done():  # its task was cancelled
                        continue
                    if isinstance(answer, Exception):
                        call.answered.set_exception(answer)
                    else:
                        call.answered.set_result((answer, sent))
        finally:
            self._sending = None
            for call in [*calls, *self._waiting]:  # the loop is being closed
                call.answered.cancel()
            self._waiting = []

    async def _send(self, calls: Sequence[_Call]) -> list[Any]:
        """One answer a call; its exception where it has failed."""
        try:
            answers = await self._pipeline(calls)
            unknown = [n for n, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
            if unknown:
                for source in {calls[n].script.script for n in unknown}:
                    await self._client.script_load(source)
                again = await self._pipeline([calls[n] for n in unknown])
                for n, answer in zip(unknown, again, strict=True):
                    answers[n] = answer
        except Exception as error:  # noqa: BLE001 (it is told to each of the callers)
            return [error] * len(calls)
        return answers

    async def _pipeline(self, calls: Sequence[_Call]) -> list[Any]:
        async with self._client.pipeline(transaction=False) as pipeline:
            for call in calls:
                pipeline.evalsha(call.script.sha, len(call.keys), *call.keys, *call.args)
            return list(await pipeline.execute(raise_on_error=False))
