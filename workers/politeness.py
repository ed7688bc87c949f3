"""One budget a site, shared by all processes and machines, kept in Redis.

A request to a site needs a turn: at most `concurrency` at a time, their starts at least a gap
apart. The gap is the longest of the operator's, the host's Crawl-delay and the site's own smoothed
response time. Who is refused is given the time of its own turn, so that 500 URLs of one site wait
each once, and no worker waits at all. A host that says 429 or 503 is left alone for a while, a
second host of its site makes that the site. The clock is the Redis server's. A turn is a lease:
one whose holder died ends by itself, or at once where the death is known (`release_dead`). Losing
Redis forgets who waited, nothing else.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import redis
from redis import asyncio as aioredis

from workers import owners
from workers.script_batch import ScriptBatch

SPACING = 1.0
"""Starts lie this many response times apart: on average one request is under way at a site
(Scrapy AutoThrottle's target concurrency of 1), however many the budget allows."""
MOST_SPACING_S = 60.0
"""AutoThrottle's AUTOTHROTTLE_MAX_DELAY: a site that answers more slowly still gets news read."""
SLOWER, FASTER = 0.25, 0.5
"""Weight of the newest response time in the smoothed one. A single slow answer says little (Media
Cloud's weight); a site that is well again is believed soon (AutoThrottle's)."""
LEAST_STRAIN_S = 0.25
"""A failure doubles the smoothed time; one that came at once counts as having taken this long."""
PAUSE_S = 30.0
"""First pause of a host that says 429 or 503 and not for how long; doubled each time (as Media
Cloud's story-indexer does)."""
MOST_PAUSE_S = 3_600.0
"""Also the most that one answer's Retry-After keeps the other URLs of its host waiting: a limit may
be meant for one address only (FreshRSS #7870). Then one request asks whether it still holds."""
MOST_TOLD_S = 86_400.0
"""The most that Retry-After keeps a host waiting once that request was refused as well."""
SLACK_S = 0.05
"""A granted request is sent within this, or says so (`Turns.start`); gaps are longer by it."""
IDLE_SLACK_S = 1.0
"""The same at a site of which nobody else wants anything: the caller may be this late, at most a
gap, without saying so. What it leaves unused is taken off again when the turn is given back."""
KEEP_S = 3_600.0
"""How long a site's response time and a host's refusals are remembered."""
DELAY_KEEP_S = 86_400.0

# What all scripts share. `gap_of` is the gap that must lie between the start at hand and its
# neighbours: 0 asks for none (a world of one's own), so that there is no slack in it either.
_SHARED = f"""
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, math.ceil(ms)) end
end
local function gap_of(asked, pace, delay)
  local gap = math.max(asked, tonumber(delay or 0))
  if asked > 0 then
    gap = math.max(gap, math.min(tonumber(pace or 0) * {SPACING}, {MOST_SPACING_S * 1000:.0f}))
  end
  gap = math.floor(gap)
  local slack = math.min({SLACK_S * 1000:.0f}, math.floor(gap / 5))
  return gap + slack, slack, math.min({IDLE_SLACK_S * 1000:.0f}, gap)
end
"""

# KEYS[1]  zset of a site: the turns under way, scored by the end of their lease (ms)
# KEYS[2]  hash of a site: `next` = earliest start of the next turn, `latest` = the turn that
#          started last, `last` = by when it did, `tail` = last turn promised, `again` = last turn
#          promised to one who came in time and was refused, `pace` = smoothed response time,
#          `hold` = no turn before this, `told` = the host that refused last, `until` = the end of
#          its hold (ms)
# KEYS[3]  hash of a host: `hold` = no turn before this, `strikes` = refusals in a row,
#          `tail` = last turn promised while held, `delay` = its Crawl-delay (ms)
# ARGV     turn id, gap (ms), concurrency, lease (ms), 1 if the caller comes at its promised time
# Returns  {0, slack (ms)} when granted, else {milliseconds until the caller's own turn, 0}.
# Holds:   never more than `concurrency` live turns, only one at a host that has not answered since
#          it refused; no turn before a hold ends; granted starts are never closer than the gap of
#          either, counted from the end of the longer slack that a site has of which nobody else
#          wants anything; promised turns are a gap apart, newcomers queue behind them; who comes
#          in time and finds another there is next, not last; URLs of a held host have a line of
#          their own and delay no other host.
_TAKE = (
    _SHARED
    + """
local most, lease = tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local site = redis.call('HMGET', KEYS[2], 'next', 'last', 'tail', 'pace', 'hold', 'again')
local host = redis.call('HMGET', KEYS[3], 'hold', 'strikes', 'tail', 'delay')
local gap, slack, idle_slack = gap_of(tonumber(ARGV[2]), site[4], host[4])
local held = tonumber(host[1] or 0)
if held > now then
  local turn = math.max(held, tonumber(host[3] or 0) + math.max(gap, 50))
  redis.call('HSET', KEYS[3], 'tail', turn)
  keep(KEYS[3], turn - now + lease)
  return {turn - now, 0}
end
local tail = tonumber(site[3] or 0)
local free_at = math.max(tonumber(site[1] or 0), tonumber(site[5] or 0))
if site[2] then free_at = math.max(free_at, tonumber(site[2]) + gap) end
if tonumber(host[2] or 0) > 0 then most = 1 end
local in_line = ARGV[5] == '1' or tail <= now
local under_way = redis.call('ZCARD', KEYS[1])
if in_line and now >= free_at and under_way < most then
  redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
  keep(KEYS[1], lease + 1000)
  local last = now
  if under_way == 0 and tail <= now and tonumber(site[6] or 0) <= now then
    last = now + idle_slack - slack
    slack = idle_slack
  end
  redis.call('HSET', KEYS[2], 'next', last + gap, 'last', last, 'latest', ARGV[1])
  keep(KEYS[2], last - now + gap + lease)
  return {0, slack}
end
local turn = math.max(now + math.max(gap, 50), free_at, tail + gap)
if ARGV[5] == '1' then
  if free_at <= now then free_at = now + math.max(gap, 50) end
  turn = math.max(free_at, tonumber(site[6] or 0) + math.max(gap, 50))
  redis.call('HSET', KEYS[2], 'again', turn)
end
redis.call('HSET', KEYS[2], 'tail', math.max(turn, tail))
keep(KEYS[2], turn - now + gap + lease)
return {turn - now, 0}
"""
)

# KEYS[1]  hash of a site;  KEYS[2]  hash of a host
# ARGV     turn id, gap (ms)
# Returns  milliseconds to wait before sending.
# Holds:   the start of a turn that is late is counted from when its request is really sent, a gap
#          after the start before it; the next one follows a gap after that.
_START = (
    _SHARED
    + """
local site = redis.call('HMGET', KEYS[1], 'latest', 'next', 'pace')
local gap = gap_of(tonumber(ARGV[2]), site[3], redis.call('HGET', KEYS[2], 'delay'))
local start = now
if site[1] ~= ARGV[1] then start = math.max(now, tonumber(site[2] or 0)) end
redis.call('HSET', KEYS[1], 'next', start + gap, 'last', start, 'latest', ARGV[1])
keep(KEYS[1], start - now + gap)
return start - now
"""
)

# KEYS     as of _TAKE
# ARGV     turn id, response time (ms, -1 unknown), how it went ("good", "refused", "failed"),
#          wait that was asked for (ms; 0 = asked without a time; -1 = not asked), name of the host,
#          how much of a longer slack was left when the request was sent (ms)
# Holds:   the turn is over; the smoothed time falls only by good answers and is at least doubled by
#          failures; a hold is never shortened; answers to requests that were under way when a
#          host began to refuse count as one refusal.
_GIVE_BACK = (
    _SHARED
    + f"""
redis.call('ZREM', KEYS[1], ARGV[1])
local unused = tonumber(ARGV[6])
if unused > 0 then
  local site = redis.call('HMGET', KEYS[2], 'latest', 'last', 'next')
  if site[1] == ARGV[1] then
    redis.call('HSET', KEYS[2], 'last', site[2] - unused, 'next', site[3] - unused)
  end
end
local took, how, told = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
if took >= 0 then
  local pace = tonumber(redis.call('HGET', KEYS[2], 'pace') or took)
  local smooth = pace + (took - pace) * (took > pace and {SLOWER} or {FASTER})
  if how == 'refused' then smooth = math.max(pace, smooth) end
  if how == 'failed' then
    smooth = math.min(math.max(pace, took, {LEAST_STRAIN_S * 1000:.0f}) * 2,
                      {MOST_SPACING_S * 1000:.0f})
  end
  redis.call('HSET', KEYS[2], 'pace', math.ceil(smooth))
  keep(KEYS[2], {KEEP_S * 1000:.0f})
end
local host = redis.call('HMGET', KEYS[3], 'hold', 'strikes')
local hold, strikes = tonumber(host[1] or 0), tonumber(host[2] or 0)
if told >= 0 then
  if hold <= now then strikes = strikes + 1 end
  local wait = {PAUSE_S * 1000:.0f} * 2 ^ math.min(strikes - 1, 20)
  local most = {MOST_PAUSE_S * 1000:.0f}
  if told > 0 then
    wait = told
    if strikes > 1 then most = {MOST_TOLD_S * 1000:.0f} end
  end
  hold = math.max(hold, now + math.floor(math.min(wait, most)))
  redis.call('HSET', KEYS[3], 'hold', hold, 'strikes', strikes)
  keep(KEYS[3], hold - now + {KEEP_S * 1000:.0f})
  local other = redis.call('HMGET', KEYS[2], 'told', 'until')
  if other[1] and other[1] ~= ARGV[5] and tonumber(other[2]) > now then
    redis.call('HSET', KEYS[2], 'hold', math.min(hold, tonumber(other[2])))
  end
  redis.call('HSET', KEYS[2], 'told', ARGV[5], 'until', hold)
  keep(KEYS[2], hold - now + 1000)
elseif how == 'good' and strikes > 0 and hold <= now then
  redis.call('HDEL', KEYS[3], 'hold', 'strikes', 'tail')
end
"""
)

# KEYS[1]  hash of a host
# ARGV     Crawl-delay (ms)
_DELAY = (
    _SHARED
    + f"""
if tonumber(ARGV[1]) > 0 then
  redis.call('HSET', KEYS[1], 'delay', ARGV[1])
  keep(KEYS[1], {DELAY_KEEP_S * 1000:.0f})
else
  redis.call('HDEL', KEYS[1], 'delay')
end
"""
)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one site may be asked of us."""

    concurrency: int
    gap_s: float
    """0 asks for no spacing, and so for none by response time either."""
    lease_s: float
    """Longest time one request can take; after it the turn counts as given back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to one request, now."""

    id: str
    site: str
    host: str
    sent_by: float
    """Monotonic seconds: a request sent later than this has to be announced (`Turns.start`);
    infinite where no gap is asked for."""


class Went(StrEnum):
    """How a request went, for the site's pace."""

    GOOD = "good"
    REFUSED = "refused"
    """Answered, but with an error page, which says little of the work behind a page."""
    FAILED = "failed"


class Turns:
    """The turns at all sites. `host` is the network location of a URL, `site` its `urls.site`."""

    def __init__(self, client: aioredis.Redis, budget: Budget) -> None:
        self._budget = budget
        self._batch = ScriptBatch(client)
        self._take = client.register_script(_TAKE)
        self._start = client.register_script(_START)
        self._give_back = client.register_script(_GIVE_BACK)
        self._delay = client.register_script(_DELAY)

    async def take(self, site: str, host: str, *, promised: bool = False) -> Turn | float:
        """Ask for a turn; never blocks. Answers the turn, or the seconds until the caller's own.

        `promised`: the caller was told to come now.
        """
        name = f"{owners.own_name()}/{uuid.uuid4().hex}"
        (wait_ms, slack_ms), asked = await self._batch.run(
            self._take,
            _keys(site, host),
            [
                name,
                _ms(self._budget.gap_s),
                self._budget.concurrency,
                _ms(self._budget.lease_s),
                int(promised),
            ],
        )
        if wait_ms:
            return max(int(wait_ms), 1) / 1000
        slack_s = int(slack_ms) / 1000 or math.inf
        return Turn(name, site, host, asked + slack_s)

    async def start(self, turn: Turn) -> float:
        """Say that a turn's request is late and is only now to be sent; seconds to wait first."""
        wait_ms, _ = await self._batch.run(
            self._start, _keys(turn.site, turn.host)[1:], [turn.id, _ms(self._budget.gap_s)]
        )
        return int(wait_ms) / 1000

    async def give_back(
        self,
        turn: Turn,
        went: Went = Went.GOOD,
        *,
        took_s: float | None = None,
        told_s: float | None = None,
        sent_at: float | None = None,
    ) -> None:
        """End a turn. `took_s`: the response time, None when it says nothing of the site.

        `told_s`: the wait that a 429 or 503 asks for, 0 when it names none; None for all others.
        `sent_at`: monotonic seconds at which the request was sent, or later; None when unknown.
        """
        took_ms = -1 if took_s is None else _ms(took_s)
        told_ms = -1 if told_s is None else _ms(told_s)
        unused_ms = 0
        if sent_at is not None and math.isfinite(turn.sent_by):
            unused_ms = max(_ms(turn.sent_by - SLACK_S - sent_at), 0)
        await self._batch.run(
            self._give_back,
            _keys(turn.site, turn.host),
            [turn.id, took_ms, went, told_ms, turn.host, unused_ms],
        )

    async def delay(self, host: str, delay_s: float) -> None:
        """Remember a host's Crawl-delay for everything that is asked of it; 0 takes it back."""
        await self._delay(keys=[f"wirewatch:host:{host}"], args=[_ms(delay_s)])


def release_dead(client: redis.Redis) -> int:
    """End the turns of processes that are surely dead: they ask nothing any more. How many."""
    released = 0
    for key in client.scan_iter(match="wirewatch:turns:*", count=1_000):
        turns = cast("list[bytes]", client.zrange(key, 0, -1))
        dead = [turn for turn in turns if owners.is_surely_dead(turn.decode().partition("/")[0])]
        if dead:
            released += client.zrem(key, *dead)
    return released


def _keys(site: str, host: str) -> list[str]:
    return [f"wirewatch:turns:{site}", f"wirewatch:pace:{site}", f"wirewatch:host:{host}"]


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
