"""Keeps Redis and the database true to each other: wakes, dispatches, recovers, twice a second.

Runs beside the poller. What it does is `workers.queues.reconcile`; this is its clock. When a server
is away it waits with growing pauses and says so once a minute.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime

from pipeline.store import alerts
from workers import queues
from workers.context import Context, utc_now
from workers.log import logger
from workers.patience import AWAY, Patience
from workers.retention import Retention

TICK_S = 0.5
MAX_PAUSE_S = 5.0
STEP_S = 5.0
"""The clock was set, or the machine slept, when it moved by so much more or less than it should."""


class Keeper(threading.Thread):
    """The thread; stop it with `stop`."""

    def __init__(self, context: Context) -> None:
        super().__init__(name="keeper", daemon=True)
        self._context = context
        self._stopping = threading.Event()
        self._patience = Patience(TICK_S, MAX_PAUSE_S)
        self._watch = StepWatch()
        self._step_s = 0.0
        """How far the clock was set; kept until what follows from it is done."""
        self._compared = False
        self._absences = queues.Absences()
        self._retention = Retention(context.settings.retention)
        self.ticked = time.monotonic()
        """When it last had a look, whatever came of it; monotonic clock."""

    def run(self) -> None:
        """Tend the queues until stopped."""
        pause_s = TICK_S
        while not self._stopping.wait(pause_s):
            try:
                self._tend()
                self._patience.succeeded()
                pause_s = TICK_S
            except AWAY as error:
                pause_s = self._patience.failed(error)
            except Exception:  # noqa: BLE001 (without a keeper everything stands still)
                pause_s = min(pause_s * 2, MAX_PAUSE_S)
                logger().exception("tending the queues failed")
            self.ticked = time.monotonic()

    def stop(self) -> None:
        """End after the current tick."""
        self._stopping.set()
        self.join(timeout=10)

    def _tend(self) -> None:
        now, moment = utc_now(), time.monotonic()
        self._step_s += self._watch.step(now, moment)
        if self._step_s:
            logger().warning("the clock was set", by_s=round(self._step_s))
            queues.mend_clock(self._context.database, self._context.redis, now, self._step_s)
            self._step_s = 0.0
        if not self._compared:
            self._enable_changed_webhooks()
            queues.free_feeds(self._context.database, now)
            queues.release_dead(self._context.redis)
            self._compared = True
        done = queues.reconcile(
            self._context.database,
            self._context.redis,
            now,
            self._context.settings.work.max_attempts,
            self._absences,
        )
        if done.recovered or done.lost:
            logger().warning("repaired", recovered=done.recovered, lost=done.lost)
        self._retention.tick(self._context.database, self._context.redis, now, moment)

    def _enable_changed_webhooks(self) -> None:
        hooks = {hook.name: hook.url for hook in self._context.settings.webhooks}
        with self._context.database.write() as tx:
            for name in alerts.reconcile_webhooks(tx, hooks):
                logger().info("webhook enabled again", webhook=name)


class StepWatch:
    """Notices that the wall clock moved otherwise than time went by. Pure."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def step(self, now: datetime, moment: float) -> float:
        """How far the clock was set since the last call, seconds; 0 when it was not.

        `moment` is the monotonic clock's at `now`.
        """
        last, self._last = self._last, (now, moment)
        if last is None:
            return 0.0
        step_s = (now - last[0]).total_seconds() - (moment - last[1])
        return step_s if abs(step_s) >= STEP_S else 0.0
