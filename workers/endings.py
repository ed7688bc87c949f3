"""The ways in which a run ends without a record: it waits, or ends rejected or failed.

Each is one transaction that moves the URL on and writes its story, and one line in the log.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from pipeline import outcomes
from pipeline.errors import IngestError, TryLater
from workers.context import Context, utc_now
from workers.log import logger
from workers.runs import OVERTAKEN, Run, finish
from workers.visits import EARLY_S

SITE_BUSY = "site busy"
"""Reason of a URL that waits for its turn: nothing was asked of its site yet."""
SERVER_AWAY = "server away"
"""Reason of a URL that waits because a server or a process of ours was gone for a moment."""
AWAY_S = 5.0


async def wait_for_turn(context: Context, run: Run, wait_s: float) -> str:
    """The site's budget is used up for now: come back for the turn in `wait_s` seconds."""
    now = utc_now()
    due = now + timedelta(seconds=max(wait_s - EARLY_S, 0.0))
    run.tell("waiting", reason=SITE_BUSY, until=due.isoformat(timespec="seconds"))
    await _move(context, run, now, "waiting", reason=SITE_BUSY, due_at=due, tried=False)
    return "waiting"


async def try_later(context: Context, run: Run, error: TryLater) -> str:
    """A passing fault: another try later, or the end after too many."""
    attempt = run.claim.attempts + 1
    if attempt >= context.settings.work.max_attempts:
        return await end(context, run, "failed", error)
    now = utc_now()
    wait_s = outcomes.retry_wait_s(attempt, error.after_s, random.random())
    due = now + timedelta(seconds=wait_s)
    run.tell(
        "waiting",
        reason=error.reason,
        detail=error.detail,
        attempt=attempt,
        until=due.isoformat(timespec="seconds"),
    )
    await _move(context, run, now, "waiting", reason=error.reason, detail=error.detail, due_at=due)
    logger().info("waiting", url=run.claim.url, reason=str(error), attempt=attempt, wait_s=wait_s)
    return "waiting"


async def give_back(context: Context, run: Run, why: str, after_s: float = AWAY_S) -> str:
    """A server of ours is away, or we must stop: that is no try of the URL's.

    When the database itself is away, this fails too; then the lease runs out.
    """
    now = utc_now()
    due = now + timedelta(seconds=after_s)
    run.tell("waiting", reason=SERVER_AWAY, detail=why, until=due.isoformat())
    await _move(context, run, now, "waiting", reason=SERVER_AWAY, due_at=due, tried=False)
    logger().warning("waiting", url=run.claim.url, reason=SERVER_AWAY, error=why)
    return "waiting"


async def end(context: Context, run: Run, state: str, error: IngestError) -> str:
    """The URL ends `rejected` or `failed`; answers the state it is in now."""
    run.tell(state, reason=error.reason, detail=error.detail, attempts=run.claim.attempts + 1)
    now_in = await _move(context, run, utc_now(), state, reason=error.reason, detail=error.detail)
    if now_in is None:
        return OVERTAKEN
    logger().info(state, url=run.claim.url, reason=error.reason, detail=error.detail, state=now_in)
    return now_in


async def _move(context: Context, run: Run, now: datetime, state: str, **values: Any) -> str | None:
    return await context.writer.write(partial(_finish, run.draft(), now, state, values))


def _finish(
    run: Run, now: datetime, state: str, values: dict[str, Any], tx: Connection
) -> str | None:
    return finish(tx, run, now, state, **values)
