"""`init`, `run`, `poll`, `work`, `reconcile`: the long-running parts and what sets them up.

Imports inside functions: each process loads only what it runs (the stages alone are 100 MB).
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import redis
import typer

import workers
from pipeline.errors import ConfigError, Unavailable, WirewatchError
from workers import embedded, log, memory, notify, processes, queues
from workers.console import AsJson, context_of, directory_of, out, print_error, print_json
from workers.context import Context, utc_now
from workers.daemon import Daemon, StartPart
from workers.patience import Patience

if TYPE_CHECKING:
    from workers.keeper import Keeper

START_PAUSE_S = 15.0
"""Longest pause between two looks for a server that is away at the start."""
KEEPER_SILENT_S = 120.0
"""Longer than a tick with the longest waits for a busy database."""
Parent = Annotated[int | None, typer.Option(hidden=True)]


def default_config() -> Path:
    """The shipped config/: inside an installed package, or beside it in a checkout."""
    package = Path(workers.__file__).parent
    installed = package / "defaults"
    return installed if installed.is_dir() else package.parent / "config"


def init(context: typer.Context) -> None:
    """Write a config/ to edit. Files that exist are left alone.

    Example: `wirewatch -C ~/watch init`
    """
    target = directory_of(context) / "config"
    written = 0
    for source in sorted(default_config().rglob("*")):
        path = target / source.relative_to(default_config())
        if source.is_file() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
            out.print(f"wrote {path}")
            written += 1
    if not written:
        out.print(f"nothing to do: {target} has every file")


def run(context: typer.Context, parent: Parent = None) -> None:
    """Run the daemon: embedded Valkey unless redis_url is set, poller, workers, deliveries.

    Ctrl-C stops it. Example: `wirewatch -C ~/watch run`
    """
    log.configure("daemon")
    if parent:
        processes.watch_parent(parent)
    memory.keep_little()
    world = Context(directory_of(context), migrate=False)
    context.call_on_close(world.close)
    if world.settings.redis_url:
        _require_redis(world.redis)
    _prepare(world.directory)
    Daemon(world, _starter(world)).run()


def _prepare(directory: Path) -> None:
    """Migrate the database, and say what is wrong with a list before anything starts.

    In a forked child: the supervisor needs no watchlist (60 MB), and must have no connection to
    the database when it forks its parts: SQLite's locks would be mixed up. Raises typer.Exit.
    """

    def load() -> None:
        with _reporting():
            world = Context(directory)
            _ = world.watchlist, world.feeds
            world.close()

    child = multiprocessing.get_context("fork").Process(target=load)
    child.start()
    child.join()
    if child.exitcode:
        raise typer.Exit(2 if child.exitcode == 2 else 1)


def _starter(world: Context) -> StartPart | None:
    """Loads what the parts run, and forks them from here. None where forking is not safe."""
    if sys.platform != "linux":
        return None
    from workers import deliver, ingest, keeper, poller, worker  # noqa: F401
    from workers.forking import Forked

    if world.settings.web.enabled:
        from workers.web import server  # noqa: F401

    memory.settle()
    supervisor = os.getpid()
    return lambda command, environ: Forked(
        partial(_run_part, world.directory, command, supervisor), command, environ
    )


def _run_part(directory: Path, command: str, supervisor: int) -> None:
    """What `wirewatch -C directory command` does. Raises SystemExit."""
    from workers.commands.web import web

    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    commands: dict[str, Callable[..., None]] = {"poll": poll, "work": work, "web": web}
    alone.command()(commands[command])
    with _reporting():
        alone(["--parent", str(supervisor)], obj=directory)


@contextmanager
def _reporting() -> Iterator[None]:
    """In a forked child: errors raised on purpose become a line and an exit code."""
    try:
        yield
    except WirewatchError as error:
        print_error(error)
        sys.exit(2 if isinstance(error, ConfigError) else 1)


def poll(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Poll every feed now, then end.")] = False,
    parent: Parent = None,
) -> None:
    """Run one poller, with the keeper that tends the queues.

    Example: `wirewatch poll --once`
    """
    from workers.keeper import Keeper
    from workers.poller import Poller

    log.configure("poller")
    if parent:
        processes.watch_parent(parent)
    world = open_part(context, parent)
    keeper = Keeper(world)

    async def run_poller() -> int:
        poller = Poller(world)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, poller.stop)
        beat = asyncio.create_task(_say_alive(keeper))
        try:
            return await poller.run(once=once)
        finally:
            beat.cancel()
            notify.say(notify.STOPPING)

    keeper.start()
    try:
        made = asyncio.run(run_poller())
    finally:
        keeper.stop()
    if once:
        out.print(f"polled {made} feeds")


async def _say_alive(keeper: Keeper) -> None:
    """Tell who started us, as long as the loop turns and the keeper ticks."""
    notify.say(notify.READY)
    while True:
        if keeper.is_alive() and time.monotonic() - keeper.ticked < KEEPER_SILENT_S:
            notify.say(notify.ALIVE)
        await asyncio.sleep(notify.BEAT_S)


def work(
    context: typer.Context,
    burst: Annotated[bool, typer.Option("--burst", help="End when the queues are empty.")] = False,
    deliveries: Annotated[bool, typer.Option("--deliveries", help="Send alerts only.")] = False,
    parent: Parent = None,
) -> None:
    """Run one worker: it ingests articles and sends alerts, with --deliveries only these.

    Example: `wirewatch work --burst`
    """
    from workers import worker

    log.configure("deliverer" if deliveries else "worker")
    if parent:
        processes.watch_parent(parent)
    world = context_of(context)
    _require_redis(world.redis)
    if burst:
        queues.dispatch(world.database, world.redis, utc_now())
    worker.work_with_readers(world, articles=not deliveries, burst=burst)


def reconcile(context: typer.Context, as_json: AsJson = False) -> None:
    """Make Redis hold what the database says is queued, and free what dead workers held.

    The daemon does this twice a second; by hand it shows what was wrong.
    Example: `wirewatch reconcile`
    """
    world = context_of(context)
    _require_redis(world.redis)
    done = queues.reconcile(
        world.database, world.redis, utc_now(), world.settings.work.max_attempts
    )
    if as_json:
        print_json(
            {
                "woken": done.woken,
                "recovered": done.recovered,
                "lost": done.lost,
                "dispatched": done.dispatched,
            }
        )
    else:
        out.print(
            f"{done.dispatched} jobs sent to Redis: {done.lost} had been lost there, "
            f"{done.recovered} were held by dead workers, {done.woken} had waited"
        )


def open_part(context: typer.Context, parent: int | None) -> Context:
    """A part's world, with its servers there. A part of the daemon waits for those that are away.

    Raises ConfigError; for a part that a person started also Unavailable, at once.
    """
    patience = Patience(1.0, START_PAUSE_S)
    while True:
        try:
            world = context_of(context)
            _require_redis(world.redis)
            patience.succeeded()
            return world
        except Unavailable as error:
            if not parent:
                raise
            notify.say(notify.ALIVE)  # waiting is no hanging
            time.sleep(patience.failed(error))


def _require_redis(client: redis.Redis) -> None:
    """Raises Unavailable with what to do about it."""
    try:
        client.ping()
    except redis.RedisError as error:
        where = client.connection_pool.connection_kwargs
        embedded_here = str(where.get("path", "")).endswith(embedded.SOCKET_NAME)
        hint = "start `wirewatch run` first" if embedded_here else "check redis_url"
        raise Unavailable(f"Redis does not answer ({error}): {hint}") from error
