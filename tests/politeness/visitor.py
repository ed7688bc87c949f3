"""A process that visits URLs as a worker does, from a queue that survives its death.

    python -m tests.politeness.visitor REDIS_URL SETTINGS

The queue is a sorted set `todo` of URLs by when they are due; SETTINGS are `[fetch]` as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys

from redis import asyncio as aioredis

from pipeline.errors import IngestError, TryLater
from pipeline.http import Limits
from pipeline.outcomes import require_page
from pipeline.settings import FetchSettings
from workers.visits import TurnNotCome, Visits, open_visits

# KEYS: todo; ARGV: lease (s). Answers a due URL and takes it out of sight for the lease.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local due = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, 1)
if not due[1] then return false end
redis.call('ZADD', KEYS[1], now + ARGV[1], due[1])
return due[1]
"""
LEASE_S = 8
AT_ONCE = 20


async def main(redis_url: str, fetch: FetchSettings) -> None:
    client = aioredis.Redis.from_url(redis_url, decode_responses=True)
    limits = Limits(fetch.user_agent, timeout_s=fetch.timeout_s, allow_private_addresses=True)
    async with open_visits(fetch, limits, redis_url) as visits:
        await asyncio.gather(*(_work(client, visits) for _ in range(AT_ONCE)))


async def _work(client: aioredis.Redis, visits: Visits) -> None:
    take = client.register_script(_TAKE)
    while await client.zcard("todo"):
        url = await take(keys=["todo"], args=[LEASE_S])
        if url is None:
            await asyncio.sleep(0.05)
            continue
        promised = bool(await client.sismember("promised", url))
        try:
            page = await visits.fetch(url, promised=promised, patience_s=0.2)
            require_page(page)
            end = f"{page.status} {page.final_url}"
        except TurnNotCome as pause:
            await client.sadd("promised", url)
            await _again(client, url, pause.wait_s)
            continue
        except TryLater as error:
            await client.srem("promised", url)
            await _again(client, url, error.after_s or 1.0)
            continue
        except IngestError as error:
            end = str(error)
        await client.hset("ends", url, end)
        await client.zrem("todo", url)


async def _again(client: aioredis.Redis, url: str, wait_s: float) -> None:
    seconds, micros = await client.time()
    await client.zadd("todo", {url: seconds + micros / 1e6 + wait_s})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], FetchSettings(**json.loads(sys.argv[2]))))
