"""The RQ job: one attempt to deliver one alert to one webhook.

The delivery is a row with its own state, due time and attempts (`pipeline.store.alerts`); what an
answer means is decided in `pipeline.alerts`. Settings: `[[webhooks]]`.
"""

from __future__ import annotations

import random
import time
from functools import partial

from sqlalchemy import Connection

from pipeline import alerts
from pipeline.alerts import Verdict
from pipeline.errors import IngestError, Unavailable
from pipeline.records import Page
from pipeline.responses import retry_after
from pipeline.store import alerts as outbox
from pipeline.store.alerts import Delivery
from workers import context as world
from workers.context import Context, utc_now
from workers.log import logger
from workers.workshop import Workshop, at_hand

LEASE_S = 90.0
"""Longer than any attempt can take; after it the delivery is tried again."""


async def deliver(delivery_id: int) -> str:
    """Make one attempt; answers the delivery's new state. The entry point that RQ calls."""
    context = world.current()

    def claim(tx: Connection) -> Delivery | None:
        return outbox.claim(tx, delivery_id, context.owner, utc_now(), LEASE_S)

    delivery = await context.writer.write(claim, durable=False)
    if delivery is None:
        return "nothing to do"
    try:
        async with at_hand(context) as workshop:
            return await _attempt(context, workshop, delivery)
    except Unavailable:
        raise  # its lease runs out, and it is sent again
    except Exception as error:
        verdict = alerts.judge(None, delivery.attempts, utc_now(), jitter=random.random())
        await _finish(context, delivery, verdict, error=f"internal error: {error!r}")
        raise  # RQ keeps the traceback in its FailedJobRegistry


async def _attempt(context: Context, workshop: Workshop, delivery: Delivery) -> str:
    hook = next((h for h in context.settings.webhooks if h.name == delivery.webhook), None)
    if hook is None:
        verdict = Verdict("dead")
        return await _finish(context, delivery, verdict, error="webhook is not in the settings")
    if hook.url in workshop.gone:
        await context.writer.write(partial(outbox.release, delivery=delivery))
        return "pending"
    now = utc_now()
    headers = alerts.sign(delivery.alert_id, delivery.payload, hook.secrets, now)
    started = time.monotonic()
    try:
        answer = await workshop.webhooks.post(hook.url, delivery.payload.encode(), headers)
        error = None if answer.status < 300 else f"HTTP {answer.status}"
    except IngestError as fault:
        answer, error = None, str(fault)
    elapsed_ms = int((time.monotonic() - started) * 1000)
    verdict = alerts.judge(
        answer.status if answer else None,
        delivery.attempts,
        utc_now(),
        retry_after_s=retry_after(answer.headers, utc_now()) if answer else None,
        jitter=random.random(),
    )
    if verdict.disable:
        workshop.gone.add(hook.url)
        why = "the endpoint answered 410 Gone"
        disable = partial(outbox.disable, name=hook.name, url=hook.url, reason=why, now=utc_now())
        await context.writer.write(disable)
        logger().error("webhook disabled", webhook=hook.name, reason="410 Gone")
    return await _finish(
        context, delivery, verdict, answer=answer, error=error, elapsed_ms=elapsed_ms
    )


async def _finish(
    context: Context,
    delivery: Delivery,
    verdict: Verdict,
    *,
    answer: Page | None = None,
    error: str | None = None,
    elapsed_ms: int = 0,
) -> str:
    status = answer.status if answer else None

    def finish(tx: Connection) -> None:
        outbox.finish(
            tx, delivery, verdict, utc_now(), status=status, error=error, elapsed_ms=elapsed_ms
        )

    await context.writer.write(finish)
    logger().info(
        "delivery",
        alert=delivery.alert_id,
        webhook=delivery.webhook,
        state=verdict.state,
        status=status,
        error=error,
        attempt=delivery.attempts,
        due=verdict.due_at.isoformat(timespec="seconds") if verdict.due_at else None,
        ms=elapsed_ms,
    )
    return verdict.state
