"""`status` and `doctor`: how it goes, and whether it can go on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import redis
import rq
import typer
from rich.markup import escape

from pipeline.errors import ConfigError, WirewatchError
from pipeline.store.database import Database
from pipeline.store.overview import overview
from pipeline.store.schema import REVISION
from pipeline.store.urls import QUEUES
from workers import queues
from workers.console import AsJson, ago, context_of, directory_of, out, print_json, table
from workers.context import Context, utc_now

LOW_DISK_BYTES = 1_000_000_000


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show feeds, queues, workers, rates, the oldest job and the last errors.

    Example: `wirewatch status`
    """
    world = context_of(context)
    with world.database.read() as connection:
        figures = overview(connection, utc_now())
    figures |= _redis_figures(world.redis)
    if as_json:
        print_json(figures)
    else:
        _print_status(figures)


def _redis_figures(client: redis.Redis) -> dict[str, Any]:
    try:
        waiting = {
            name: len(rq.Queue(name, connection=client)) for name in (*QUEUES, queues.DELIVERIES)
        }
        workers = [
            {
                "name": worker.name,
                "queues": worker.queue_names(),
                "state": worker.get_state(),
                "job": worker.get_current_job_id(),
                "done": worker.successful_job_count,
                "failed": worker.failed_job_count,
                "heartbeat": worker.last_heartbeat,
            }
            for worker in rq.Worker.all(connection=client)
        ]
    except redis.RedisError as error:
        return {"redis": f"not running ({error})", "jobs": {}, "workers": []}
    return {"redis": "ok", "jobs": waiting, "workers": workers}


def _print_status(figures: dict[str, Any]) -> None:
    seen = figures["urls"]
    states = ", ".join(f"{number} {state}" for state, number in seen.items() if state != "seen")
    out.print(f"[bold]URLs[/bold]       {seen['seen']} seen: {states}")
    queued = ", ".join(f"{number} {name}" for name, number in figures["queued"].items())
    oldest = f", oldest {ago(figures['oldest_queued'])}" if figures["oldest_queued"] else ""
    out.print(f"[bold]Queued[/bold]     {queued or 'nothing'}{oldest}")
    rates = ", ".join(
        f"{n} in the last {name}" for name, n in figures["stored_in_the_last"].items()
    )
    out.print(f"[bold]Records[/bold]    {figures['records']}: {rates}")
    feeds = figures["feeds"]
    polled = f"{feeds['enabled']} polled, {feeds['due']} due"
    by_status = ", ".join(f"{number} {name}" for name, number in feeds["by_status"].items())
    out.print(f"[bold]Feeds[/bold]      {polled}{': ' if by_status else ''}{by_status}")
    deliveries = ", ".join(f"{number} {state}" for state, number in figures["deliveries"].items())
    out.print(f"[bold]Deliveries[/bold] {deliveries}")
    jobs = ", ".join(f"{number} {name}" for name, number in figures["jobs"].items())
    out.print(
        f"[bold]Redis[/bold]      {escape(figures['redis'])}{': jobs ' + jobs if jobs else ''}"
    )
    rows = [
        (w["name"], w["state"], ",".join(w["queues"]), w["done"], w["failed"], ago(w["heartbeat"]))
        for w in figures["workers"]
    ]
    if rows:
        out.print()
        out.print(table(["worker", "state", "queues", "done", "failed", "heartbeat"], rows))
    if feeds["in_trouble"]:
        out.print("\n[bold]Feeds in trouble[/bold]")
        troubles = [(escape(f["error"]), escape(f["feed"])) for f in feeds["in_trouble"][:10]]
        out.print(table(["error", "feed"], troubles))
    if figures["last_failed"]:
        out.print("\n[bold]Last failed[/bold]")
        failures = [
            (ago(e["changed_at"]), escape(e["reason"] or ""), escape(e["url"]))
            for e in figures["last_failed"]
        ]
        out.print(table(["when", "reason", "url"], failures))


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check settings, lists, database, Redis and disk, and say what to do about each problem.

    Example: `wirewatch doctor`
    """
    checks: list[dict[str, str]] = []

    def check(name: str, test: Callable[[], str]) -> bool:
        try:
            checks.append({"check": name, "result": "ok", "detail": test()})
        except (WirewatchError, redis.RedisError, OSError) as error:
            checks.append({"check": name, "result": "problem", "detail": str(error)})
            return False
        return True

    world: list[Context] = []

    def settings() -> str:
        world.append(Context(directory_of(context), migrate=False))
        return str(world[0].directory)

    if check("settings", settings):
        here = world[0]
        check("database", lambda: _database(here.database))
        check("redis", lambda: _redis(here))
        check("watchlist", lambda: _watchlist(here))
        check("feeds", lambda: f"{len(here.feeds)} feeds listed")
        check("disk", lambda: _disk(here))
        here.close()
    broken = [c for c in checks if c["result"] != "ok"]
    if as_json:
        print_json(checks)
    else:
        for c in checks:
            mark = "[green]ok[/green]     " if c["result"] == "ok" else "[red]problem[/red]"
            out.print(f"{mark}  {c['check']:<10} {escape(c['detail'])}")
    raise typer.Exit(1 if broken else 0)


def _database(database: Database) -> str:
    revision = database.revision()
    where = database.url.render_as_string(hide_password=True)
    if revision is None:
        return f"{where} is empty; `wirewatch run` sets it up"
    if revision != REVISION:
        return f"{where} at schema {revision}; `wirewatch run` migrates it to {REVISION}"
    return f"{where} at schema {revision}, up to date"


def _redis(world: Context) -> str:
    """Raises ConfigError when the server can lose jobs by its own settings."""
    try:
        world.redis.ping()
    except redis.RedisError as error:
        if not world.settings.redis_url:
            return "the embedded Valkey is not running; `wirewatch run` starts it"
        raise ConfigError("redis_url", f"does not answer: {error}", "start the server") from error
    settings = world.redis.config_get("*")
    policy = settings.get("maxmemory-policy", "?")
    if policy != "noeviction":
        raise ConfigError(
            world.redis_name,
            f"maxmemory-policy is {policy}",
            "set it to noeviction: jobs vanish else",
        )
    if settings.get("appendonly") != "yes" and not settings.get("save"):
        raise ConfigError(
            world.redis_name,
            "keeps nothing on disk",
            "set appendonly yes (reconcile repairs losses)",
        )
    version = world.redis.info("server").get("redis_version")
    return f"{world.redis_name} answers, version {version}, {policy}"


def _watchlist(world: Context) -> str:
    watchlist = world.watchlist
    names = sum(len(entry.names) for entry in watchlist.entries)
    return (
        f"version {watchlist.version}: {len(watchlist.entries)} entries, {names} names, "
        f"{len(watchlist.rules)} rules"
    )


def _disk(world: Context) -> str:
    """Raises ConfigError when the disk is nearly full."""
    directory = world.settings.data_dir
    directory.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(directory).free
    if free < LOW_DISK_BYTES:
        raise ConfigError(str(directory), f"only {free / 1e6:.0f} MB free", "make room")
    return f"{free / 1e9:.0f} GB free for {directory}"
