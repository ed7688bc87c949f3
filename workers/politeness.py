"""One budget a site, shared by all processes and machines, kept in Redis.

A request to a site needs a turn: at most `concurrency` at a time, their starts at least `gap`
apart. Who is refused is given the time of its own turn, so that 500 URLs of one site wait each
once, and no worker waits at all. The clock is the Redis server's. A turn is a lease: one whose
holder died ends by itself. Losing Redis forgets who waited, nothing else.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass

import redis

# KEYS[1]  zset: the turns under way, scored by the end of their lease (ms)
# KEYS[2]  hash: `next` = earliest start of the next turn, `tail` = last turn promised (ms)
# ARGV     turn id, gap (ms), concurrency, lease (ms), 1 if the caller comes at its promised time
# Returns  0 when granted, else the milliseconds until the caller's own turn.
# Holds:   never more than `concurrency` live turns; granted starts are never closer than `gap`;
#          promised turns are `gap` apart, and newcomers queue behind them.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gap, most, lease = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local state = redis.call('HMGET', KEYS[2], 'next', 'tail')
local free_at, tail = tonumber(state[1] or 0), tonumber(state[2] or 0)
local in_line = ARGV[5] == '1' or tail <= now
if in_line and now >= free_at and redis.call('ZCARD', KEYS[1]) < most then
  redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], lease + 1000)
  redis.call('HSET', KEYS[2], 'next', now + gap)
  redis.call('PEXPIRE', KEYS[2], math.max(tail - now, gap, 0) + lease)
  return 0
end
local turn = math.max(now + math.max(gap, 50), free_at, tail + gap)
redis.call('HSET', KEYS[2], 'tail', turn)
redis.call('PEXPIRE', KEYS[2], turn - now + gap + lease)
return turn - now
"""

# KEYS[1]  hash: as KEYS[2] above
# ARGV     gap (ms), lease (ms)
# Holds:   the next turn starts no sooner than `gap` from now.
_REST = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gap, lease = tonumber(ARGV[1]), tonumber(ARGV[2])
local state = redis.call('HMGET', KEYS[1], 'next', 'tail')
local free_at = math.max(tonumber(state[1] or 0), now + gap)
redis.call('HSET', KEYS[1], 'next', free_at)
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(state[2] or 0), free_at) - now + lease)
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one site may be asked of us."""

    concurrency: int
    gap_s: float
    lease_s: float
    """Longest time one request can take; after it the turn counts as given back."""


class Turns:
    """The turns at all sites."""

    def __init__(self, client: redis.Redis, budget: Budget) -> None:
        self._client = client
        self._take = client.register_script(_TAKE)
        self._rest = client.register_script(_REST)
        self._budget = budget

    def take(
        self, site: str, *, promised: bool = False, least_gap_s: float = 0.0
    ) -> tuple[str, float]:
        """Ask for a turn at a site; never blocks. Answers (turn, 0) or ("", seconds to wait).

        `promised`: the caller was told to come now. `least_gap_s`: the site's own Crawl-delay.
        """
        turn = uuid.uuid4().hex
        gap_ms = int(max(self._budget.gap_s, least_gap_s) * 1000)
        lease_ms = int(self._budget.lease_s * 1000)
        wait_ms = self._take(
            keys=[f"wirewatch:turns:{site}", f"wirewatch:pace:{site}"],
            args=[turn, gap_ms, self._budget.concurrency, lease_ms, int(promised)],
        )
        return (turn, 0.0) if wait_ms == 0 else ("", int(wait_ms) / 1000)

    def rest(self, site: str, gap_s: float) -> None:
        """Let the site rest from now on: its robots.txt, just read, asks for a longer gap."""
        self._rest(
            keys=[f"wirewatch:pace:{site}"],
            args=[int(gap_s * 1000), int(self._budget.lease_s * 1000)],
        )

    def give_back(self, site: str, turn: str) -> None:
        """End a turn."""
        self._client.zrem(f"wirewatch:turns:{site}", turn)


async def wait_for_turn(turns: Turns, site: str) -> str:
    """A turn at a site, when it comes; only the caller waits."""
    promised = False
    while True:
        turn, wait_s = await asyncio.to_thread(turns.take, site, promised=promised)
        if turn:
            return turn
        promised = True
        await asyncio.sleep(wait_s)
