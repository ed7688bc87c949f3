"""Keeps Redis and the database true to each other: wakes, dispatches, recovers, twice a second.

Runs beside the poller. What it does is `workers.queues.reconcile`; this is its clock. When a server
is away it waits with growing pauses and says so once a minute.
"""

from __future__ import annotations

import threading
import time

import redis

from pipeline.errors import Unavailable
from pipeline.store import alerts
from workers import queues
from workers.context import Context, utc_now
from workers.log import logger

TICK_S = 0.5
MAX_PAUSE_S = 15.0
SAY_EVERY_S = 60.0


class Keeper(threading.Thread):
    """The thread; stop it with `stop`."""

    def __init__(self, context: Context) -> None:
        super().__init__(name="keeper", daemon=True)
        self._context = context
        self._stopping = threading.Event()

    def run(self) -> None:
        """Tend the queues until stopped."""
        pause_s, last_said = TICK_S, 0.0
        compared = False
        while not self._stopping.wait(pause_s):
            try:
                if not compared:
                    self._enable_changed_webhooks()
                    compared = True
                self._tend()
                pause_s = TICK_S
            except (redis.RedisError, Unavailable) as error:
                pause_s = min(pause_s * 2, MAX_PAUSE_S)
                if time.monotonic() - last_said > SAY_EVERY_S:
                    last_said = time.monotonic()
                    logger().warning("server away, waiting", error=str(error))
            except Exception:  # noqa: BLE001 (without a keeper everything stands still)
                pause_s = min(pause_s * 2, MAX_PAUSE_S)
                logger().exception("tending the queues failed")

    def stop(self) -> None:
        """End after the current tick."""
        self._stopping.set()
        self.join(timeout=10)

    def _enable_changed_webhooks(self) -> None:
        hooks = {hook.name: hook.url for hook in self._context.settings.webhooks}
        with self._context.database.write() as tx:
            for name in alerts.reconcile_webhooks(tx, hooks):
                logger().info("webhook enabled again", webhook=name)

    def _tend(self) -> None:
        done = queues.reconcile(
            self._context.database,
            self._context.redis,
            utc_now(),
            self._context.settings.work.max_attempts,
        )
        if done.recovered or done.lost:
            logger().warning("repaired", recovered=done.recovered, lost=done.lost)
