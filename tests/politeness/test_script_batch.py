"""Scripts of many tasks in one pipeline: each task gets its own answer, or its own fault."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
import redis
from redis import asyncio as aioredis

from workers.script_batch import MOST, ScriptBatch

T = TypeVar("T")
ECHO = "return {KEYS[1], ARGV[1]}"
COUNT = "return redis.call('INCR', KEYS[1])"
FAIL = "return redis.error_reply('no')"


def with_batch(url: str, work: Callable[[aioredis.Redis, ScriptBatch], Awaitable[T]]) -> T:
    async def run() -> T:
        async with aioredis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return await work(client, ScriptBatch(client))

    return asyncio.run(run())


def test_each_task_gets_its_own_answer_and_when_it_was_asked(redis_url: str) -> None:
    async def work(client: aioredis.Redis, batch: ScriptBatch) -> list[object]:
        echo, count = client.register_script(ECHO), client.register_script(COUNT)
        before = time.monotonic()
        tasks = [batch.run(echo, [f"k{n}"], [n]) for n in range(3 * MOST)]
        answers = await asyncio.gather(*tasks, *(batch.run(count, ["n"], []) for _ in range(50)))
        assert all(before <= sent <= time.monotonic() for _, sent in answers)
        return [answer for answer, _ in answers]

    answers = with_batch(redis_url, work)
    assert answers[: 3 * MOST] == [[b"k%d" % n, b"%d" % n] for n in range(3 * MOST)]
    assert answers[3 * MOST :] == list(range(1, 51)), "each ran once, in order"


def test_a_server_that_forgot_the_scripts_is_told_them_again(redis_url: str) -> None:
    async def work(client: aioredis.Redis, batch: ScriptBatch) -> list[object]:
        count = client.register_script(COUNT)
        first = await batch.run(count, ["n"], [])
        await client.script_flush()
        rest = await asyncio.gather(*(batch.run(count, ["n"], []) for _ in range(20)))
        return [answer for answer, _ in (first, *rest)]

    assert with_batch(redis_url, work) == list(range(1, 22))


def test_a_script_that_fails_is_a_fault_of_its_own_caller(redis_url: str) -> None:
    async def work(client: aioredis.Redis, batch: ScriptBatch) -> list[object]:
        scripts = [client.register_script(source) for source in (ECHO, FAIL, ECHO)]
        calls = [batch.run(script, ["k"], [1]) for script in scripts]
        return await asyncio.gather(*calls, return_exceptions=True)

    good, bad, other = with_batch(redis_url, work)
    assert isinstance(bad, redis.ResponseError)
    assert isinstance(good, tuple)
    assert isinstance(other, tuple)


def test_a_task_that_is_cancelled_keeps_nobody_waiting(redis_url: str) -> None:
    async def work(client: aioredis.Redis, batch: ScriptBatch) -> object:
        count = client.register_script(COUNT)
        tasks = [asyncio.create_task(batch.run(count, ["n"], [])) for _ in range(10)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        await asyncio.gather(*tasks[1:])
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        return (await batch.run(count, ["n"], []))[0]

    assert with_batch(redis_url, work) == 11


def test_with_the_server_away_every_caller_is_told_and_the_next_is_heard() -> None:
    async def work(client: aioredis.Redis, batch: ScriptBatch) -> list[object]:
        echo = client.register_script(ECHO)
        answers: list[object] = []
        for _ in range(2):
            calls = [batch.run(echo, ["k"], [1]) for _ in range(5)]
            answers += await asyncio.gather(*calls, return_exceptions=True)
        return answers

    answers = with_batch("redis://127.0.0.1:9/0", work)  # discard: nobody listens there
    assert len(answers) == 10
    assert all(isinstance(answer, redis.ConnectionError) for answer in answers), answers
