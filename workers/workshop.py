"""What jobs work with in one event loop: the way to sites, the way to webhooks, the readers.

A worker opens one for all its jobs. A job that runs without it, as in a plain `rq worker`, opens
one for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from pipeline.http import Door
from workers.context import Context
from workers.stages import InLine, Stages
from workers.visits import Visits, open_visits


@dataclass(frozen=True, slots=True)
class Workshop:
    """The tools of one event loop."""

    visits: Visits
    webhooks: Door
    """Their URLs are the operator's own, and may be private."""
    stages: Stages
    gone: set[str] = field(default_factory=set)
    """URLs of webhooks that answered 410: known here before the database says so to all."""


_opened: WeakKeyDictionary[asyncio.AbstractEventLoop, Workshop] = WeakKeyDictionary()


@asynccontextmanager
async def opened(context: Context, readers: int = 0) -> AsyncIterator[Workshop]:
    """The workshop of the running loop; `readers`: processes that read pages, 0 for in line.

    Raises Unavailable when the readers do not start.
    """
    from workers.readers import reading  # workers of deliveries have none

    async with AsyncExitStack() as stack:
        visits = open_visits(context.settings.fetch, context.limits, context.redis_url)
        workshop = Workshop(
            await stack.enter_async_context(visits),
            await stack.enter_async_context(Door(context.webhook_limits)),
            await stack.enter_async_context(reading(context, readers))
            if readers
            else InLine(context.lists),
        )
        loop = asyncio.get_running_loop()
        _opened[loop] = workshop
        try:
            yield workshop
        finally:
            del _opened[loop]


@asynccontextmanager
async def at_hand(context: Context) -> AsyncIterator[Workshop]:
    """The running loop's workshop, else one for the caller alone."""
    workshop = _opened.get(asyncio.get_running_loop())
    if workshop is not None:
        yield workshop
        return
    async with opened(context) as own:
        yield own
