"""Back-pressure: how much polling the disk and the queues can take.

A poller asks before it claims feeds; `status` and `doctor` say the same.
Settings: `[poll] pause_below_free_mb, pause_above_queued`.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

from pipeline.store import urls
from workers.context import Context
from workers.log import logger

CHECK_EVERY_S = 5.0
FULL = 1.0


@dataclass(frozen=True, slots=True)
class Pressure:
    """What there is room for."""

    share: float
    """Of the usual polling: 1 all, 0 none."""
    reason: str = ""
    """Why it is less than all; one line."""


def measure(context: Context) -> Pressure:
    """Look at the disk and the queue of live URLs. Raises Unavailable."""
    poll = context.settings.poll
    directory = context.settings.data_dir
    directory.mkdir(parents=True, exist_ok=True)
    free_mb = shutil.disk_usage(directory).free / 1e6
    if free_mb < poll.pause_below_free_mb:
        return Pressure(
            0.0,
            f"polls pause: {free_mb:.0f} MB free for {directory}, below [poll] "
            f"pause_below_free_mb = {poll.pause_below_free_mb}",
        )
    most = poll.pause_above_queued
    if not most:
        return Pressure(FULL)
    with context.database.read() as connection:
        queued = urls.count_undispatched(connection, "live", most)
    share = min(2 * (1 - queued / most), FULL)
    if share >= FULL:
        return Pressure(FULL)
    how = "pause" if queued >= most else "slow down"
    return Pressure(
        max(share, 0.0),
        f"polls {how}: {queued} live URLs queued, [poll] pause_above_queued = {most}",
    )


class Gauge:
    """Measures now and then, and says when it changes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pressure = Pressure(FULL)
        self._measured: float | None = None

    def share(self) -> float:
        """The share of the usual polling that there is room for. Raises Unavailable."""
        now = time.monotonic()
        if self._measured is None or now - self._measured >= CHECK_EVERY_S:
            before, self._pressure = self._pressure, measure(self._context)
            self._measured = now
            if (before.share < FULL) != (self._pressure.share < FULL) or (
                (before.share == 0) != (self._pressure.share == 0)
            ):
                self._say()
        return self._pressure.share

    def _say(self) -> None:
        if self._pressure.share < FULL:
            logger().warning(self._pressure.reason)
        else:
            logger().info("polls go on in full")
