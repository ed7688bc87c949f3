"""Asks WebSub hubs: to push a feed, to go on pushing it, to let go of it. Runs beside the polls.

What is asked, and when again, is decided in `pipeline.feeds.websub`; the hub's answers that count
come to the callback (`workers.web.websub`). Only with `[web] public_url` set: a hub has to be able
to reach us. A request to a hub goes through the door, in the turn of the hub's site.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from urllib.parse import urlsplit

import redis
from redis import asyncio as aioredis
from sqlalchemy import Connection

from pipeline import urls
from pipeline.errors import IngestError, Unavailable
from pipeline.feeds import websub
from pipeline.feeds.websub import Subscription
from pipeline.http import Door
from pipeline.responses import told_to_wait
from pipeline.store import subscriptions
from workers.context import Context, utc_now
from workers.log import logger
from workers.politeness import Budget, Turn, Turns, Went

TICK_S = 5.0
AT_ONCE = 20
"""Hubs asked at the same time; a few serve most feeds."""
CLAIM_S = 300.0
"""Longer than any request with its wait for a turn; after it another poller may ask."""
PATIENCE_S = 120.0
"""How long a hub's turn is waited for."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Subscriber:
    """Keeps the subscriptions as they are wanted, until cancelled."""

    def __init__(self, context: Context, door: Door) -> None:
        self._context, self._door = context, door

    async def run(self) -> None:
        """Look every few seconds for what is to be asked."""
        if not self._context.settings.web.public_url:
            return
        fetch = self._context.settings.fetch
        budget = Budget(fetch.per_site_concurrency, fetch.per_site_gap_s, CLAIM_S)
        client = aioredis.Redis.from_url(self._context.redis_url)
        try:
            turns = Turns(client, budget)
            while True:
                try:
                    due = await self._claim(utc_now())
                    await asyncio.gather(*(self._ask(turns, each) for each in due))
                except (Unavailable, redis.RedisError) as error:
                    logger().warning("hubs not asked", error=str(error))
                await asyncio.sleep(TICK_S)
        finally:
            await client.aclose()

    async def _claim(self, now: datetime) -> list[Subscription]:
        if not await asyncio.to_thread(self._anything_to_do, now):
            return []

        def claim(tx: Connection) -> list[Subscription]:
            subscriptions.drop_unwanted(tx, now)
            subscriptions.lapse(tx, now)
            return subscriptions.claim_due(tx, now, AT_ONCE, CLAIM_S)

        return await self._context.writer.write(claim, durable=False)

    def _anything_to_do(self, now: datetime) -> bool:
        with self._context.database.read() as connection:
            return subscriptions.anything_to_do(connection, now)

    async def _ask(self, turns: Turns, subscription: Subscription) -> None:
        """One request to a hub. Its verification may come back before its answer."""
        error, told_s = await self._post(turns, subscription)
        logger().info(
            "asked hub",
            hub=subscription.hub,
            mode=websub.mode(subscription),
            topic=subscription.topic,
            error=error,
        )
        await self._context.writer.write(
            lambda tx: subscriptions.note_asked(tx, subscription, error, utc_now(), told_s)
        )

    async def _post(self, turns: Turns, subscription: Subscription) -> tuple[str | None, float]:
        """What went wrong, None when the hub took the request; the wait that it asks for, s."""
        body = websub.request(subscription, self._context.settings.web.public_url)
        turn = await _turn(turns, subscription.hub)
        if turn is None:
            return "the hub's turn did not come", 0.0
        went, told_s = Went.FAILED, None
        try:
            page = await self._door.post(subscription.hub, body, FORM)
            went = Went.GOOD if page.status < 400 else Went.REFUSED
            told_s = told_to_wait(page)
        except IngestError as fault:
            return str(fault), 0.0
        finally:
            await turns.give_back(turn, went, told_s=told_s)
        if 200 <= page.status < 300:
            return None, 0.0
        said = page.body[:200].decode("utf-8", "replace").strip()
        return f"HTTP {page.status} {said}".strip(), told_s or 0.0


async def _turn(turns: Turns, url: str) -> Turn | None:
    site, host = urls.site(url), urlsplit(url).netloc
    promised, waited = False, 0.0
    while True:
        answer = await turns.take(site, host, promised=promised)
        if isinstance(answer, Turn):
            return answer
        promised, waited = True, waited + answer
        if waited > PATIENCE_S:
            return None
        await asyncio.sleep(answer)
