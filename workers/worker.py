"""The workers of the program: RQ jobs in one event loop, leases renewed beside them.

One worker process ingests articles and sends alerts, each in slots of their own; its pages are read
in processes that can be killed (`workers.readers`). How jobs are taken and run, and RQ's contract,
is `workers.overlapping`. Settings: `[work] overlap, readers`.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import redis
from sqlalchemy import Connection

from pipeline.errors import Unavailable
from pipeline.store import urls
from workers import context as world
from workers import memory, notify, queues, tally, workshop
from workers.context import Context, utc_now
from workers.cores import readers_each
from workers.overlapping import OverlappingWorker
from workers.patience import Patience
from workers.runs import LEASE_S
from workers.writing import writing_in_loop

RENEW_EVERY_S = LEASE_S / 4
WORKER_TTL_S = 60
"""RQ forgets a silent worker after this and a minute; its default is 7 minutes."""
MAINTENANCE_S = 60
DELIVERIES_AT_ONCE = 16
"""Alerts under way at once: an endpoint that hangs must not hold up the others."""
COLLECT = (10_000, 20, 20)
"""Thresholds of Python's collector: its defaults look ten times as often, a tenth of all time."""
MAX_PAUSE_S = 15.0
WARM_LIMIT_S = 15.0
"""What takes longer to end is given back: the supervisor has 20 s of patience."""


def make(context: Context, names: list[str], *, with_readers: bool = False) -> OverlappingWorker:
    """A worker of these queues; without readers pages are read in its own process."""
    count = readers_each(context.settings.work) if with_readers else 0
    return OverlappingWorker(
        names,
        connection=context.redis,
        name=context.owner,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        log_job_description=False,
        overlap=context.settings.work.overlap,
        own_slots={queues.DELIVERIES: DELIVERIES_AT_ONCE},
        surroundings=partial(_surroundings, context, count),
        warm_limit_s=WARM_LIMIT_S,
    )


@asynccontextmanager
async def _surroundings(context: Context, readers: int) -> AsyncIterator[None]:
    """The workshop of the jobs; while it is open and the loop turns, who started us is told so."""
    async with _writing(context), workshop.opened(context, readers):
        memory.settle()
        gc.set_threshold(*COLLECT)
        notify.say(notify.READY)
        saying = asyncio.create_task(_say_alive())
        try:
            yield
        finally:
            saying.cancel()
            notify.say(notify.STOPPING)


@asynccontextmanager
async def _writing(context: Context) -> AsyncIterator[None]:
    """The jobs write in the loop, where the database is a file of this machine."""
    if not context.database.is_sqlite:
        yield
        return
    before = context.writer
    many = context.settings.work.overlap / 2
    async with writing_in_loop(
        context.database, pressed=lambda: len(context.in_hand) >= many
    ) as writer:
        context.writer = writer
        try:
            yield
        finally:
            context.writer = before


async def _say_alive() -> None:
    while True:
        notify.say(notify.ALIVE)
        await asyncio.sleep(notify.BEAT_S)


def work(
    context: Context, *, articles: bool = True, deliveries: bool = True, burst: bool = False
) -> None:
    """Run one worker until it is told to stop; with `burst` until its queues are empty.

    Articles are read in this very process: for tests. Raises Unavailable.
    """
    names = _names(articles, deliveries)
    _run(context, partial(make, context, names), burst)


def work_with_readers(
    context: Context, *, articles: bool = True, deliveries: bool = True, burst: bool = False
) -> None:
    """`work`, each page read in a process that can be killed."""
    names = _names(articles, deliveries)
    _run(context, partial(make, context, names, with_readers=articles), burst)


def _names(articles: bool, deliveries: bool) -> list[str]:
    return [*(urls.QUEUES if articles else ()), *([queues.DELIVERIES] if deliveries else ())]


def _run(context: Context, make_worker: Callable[[], OverlappingWorker], burst: bool) -> None:
    """Work, anew when Redis failed where RQ does not expect it: at a worker's birth or death."""
    world.use(context)
    leases, flusher = _LeaseKeeper(context), tally.Flusher(context.redis)
    leases.start()
    flusher.start()
    patience = Patience(1.0, MAX_PAUSE_S)
    try:
        while True:
            worker = make_worker()
            try:
                worker.work(burst=burst, logging_level="WARNING")
                return
            except redis.RedisError as error:
                if burst:
                    raise Unavailable(f"Redis: {error}") from error
                if worker._stop_requested:
                    return
                notify.say(notify.ALIVE)
                time.sleep(patience.failed(error))
    finally:
        leases.stop()
        flusher.stop()


class _LeaseKeeper(threading.Thread):
    """Renews the leases of the URLs in hand, whatever the event loop is busy with."""

    def __init__(self, context: Context) -> None:
        super().__init__(name="leases", daemon=True)
        self._context = context
        self._stopping = threading.Event()

    def run(self) -> None:
        patience = Patience(RENEW_EVERY_S, RENEW_EVERY_S)
        while not self._stopping.wait(RENEW_EVERY_S):
            try:
                if self._context.in_hand:
                    with self._context.database.write(durable=False) as tx:
                        self._renew(tx)
                    patience.succeeded()
            except Unavailable as error:
                patience.failed(error)  # it says so

    def _renew(self, tx: Connection) -> None:
        until = utc_now() + timedelta(seconds=LEASE_S)
        urls.renew(tx, self._context.owner, until, tuple(self._context.in_hand))

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=10)
