"""What a process needs to work: settings, database, Redis, and the lists that users edit.

Opened once a process from the working directory. Lists reload when their files change; a broken
one is reported once and the last good one stays in force.
"""

from __future__ import annotations

import os
import re
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import redis

from pipeline import settings as settings_module
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.store.database import Database
from workers import embedded
from workers.log import logger
from workers.politeness import Budget, Turns

if TYPE_CHECKING:  # loaded where they are used: most processes need only some of them
    from pipeline.extract.sites import Sites
    from pipeline.feeds.sources import FeedSource
    from pipeline.http import Limits
    from pipeline.watchlist.entries import Watchlist
    from workers.fetching import Fetcher
    from workers.robots import Robots

T = TypeVar("T")
RELOAD_CHECK_S = 2.0
SETTLE_S = 1.0
DIRECTORY_VARIABLE = "WIREWATCH_DIRECTORY"
"""The working directory for processes we do not start ourselves (a plain `rq worker`)."""
REDIS_TIMEOUT_S = 10.0
LEASE_MARGIN_S = 30.0
WEBHOOK_TIMEOUT_S = 20.0
"""Standard Webhooks asks receivers to answer within 15 to 30 seconds."""


def utc_now() -> datetime:
    """The clock of the program's world side."""
    return datetime.now(UTC)


_Stamp = tuple[tuple[str, int, int], ...]
"""Name, time of change (ns) and size of each file."""


def _being_written(stamp: _Stamp) -> bool:
    """Whether a file changed a moment ago: many editors empty a file before they write it."""
    newest = max((changed for _, changed, _ in stamp), default=0)
    return 0 <= time.time_ns() - newest < SETTLE_S * 1e9


class Watched(Generic[T]):
    """A value loaded from files, loaded again when they change."""

    def __init__(self, path: Path, load: Callable[[Path], T]) -> None:
        self._path, self._load = path, load
        self._stamp = self._fingerprint()
        self._value = load(path)
        self._checked = time.monotonic()

    def get(self) -> T:
        """The value in force; files are looked at no more often than every RELOAD_CHECK_S."""
        if time.monotonic() - self._checked >= RELOAD_CHECK_S:
            self._checked = time.monotonic()
            stamp = self._fingerprint()
            if stamp != self._stamp and not _being_written(stamp):
                self._stamp = stamp
                try:
                    self._value = self._load(self._path)
                    logger().info("reloaded", path=str(self._path))
                except ConfigError as error:
                    logger().error("kept the last good version", error=str(error))
        return self._value

    def _fingerprint(self) -> _Stamp:
        files = sorted(self._path.glob("*.yml")) if self._path.is_dir() else [self._path]
        stats = [(file, file.stat()) for file in files if file.exists()]
        return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats)


class Context:
    """One process's world."""

    def __init__(self, directory: Path, *, migrate: bool = True) -> None:
        """Open the working directory's world. Raises ConfigError or Unavailable."""
        if not (directory / "config").is_dir():
            fix = f"`wirewatch -C {directory} init` writes one"
            raise ConfigError(str(directory / "config"), "does not exist", fix)
        self.directory = directory
        self.settings: Settings = settings_module.load(directory)
        self.database = Database(self.settings.resolved_database_url)
        if migrate:
            self.database.migrate()
        self.redis = redis.Redis.from_url(
            self.redis_url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )
        self.owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.in_hand: set[str] = set()
        """Keys of the URLs this process works on now: only their leases are renewed."""
        self._watchlist: Watched[Watchlist] | None = None
        self._feeds: Watched[tuple[FeedSource, ...]] | None = None
        self._sites: Watched[Sites] | None = None
        self._fetcher: Fetcher | None = None
        self._webhook_fetcher: Fetcher | None = None

    @property
    def redis_url(self) -> str:
        """The Redis in force: the configured one, else the embedded one of the data directory."""
        return self.settings.redis_url or embedded.url(self.settings.data_dir)

    @property
    def redis_name(self) -> str:
        """The Redis in force as logs and people may see it: without its password."""
        hidden = re.sub(r"(?<=://)([^@/?]*:)[^@/?]*@", r"\1***@", self.redis_url)
        return re.sub(r"(?<=[?&]password=)[^&]*", "***", hidden)

    @property
    def watchlist(self) -> Watchlist:
        """The watchlist in force."""
        if self._watchlist is None:
            from pipeline.watchlist import entries

            self._watchlist = Watched(self.directory / "config/watchlist", entries.load)
        return self._watchlist.get()

    @property
    def feeds(self) -> tuple[FeedSource, ...]:
        """The feed list in force."""
        if self._feeds is None:
            from pipeline.feeds import sources

            self._feeds = Watched(self.directory / "config/feeds.yml", sources.load)
        return self._feeds.get()

    @property
    def sites(self) -> Sites:
        """The rules for single sites in force."""
        if self._sites is None:
            from pipeline.extract import sites

            self._sites = Watched(self.directory / "config/sites.yml", sites.load)
        return self._sites.get()

    @property
    def limits(self) -> Limits:
        """What the door to the network allows."""
        from pipeline.http import Limits

        fetch = self.settings.fetch
        return Limits(
            user_agent=fetch.user_agent,
            timeout_s=fetch.timeout_s,
            max_bytes=fetch.max_bytes,
            allow_private_addresses=fetch.allow_private_addresses,
        )

    @property
    def fetcher(self) -> Fetcher:
        """The process's own door, for code that is not asynchronous."""
        if self._fetcher is None:
            from workers.fetching import Fetcher

            self._fetcher = Fetcher(self.limits)
        return self._fetcher

    @property
    def webhook_fetcher(self) -> Fetcher:
        """The door for webhooks: their URLs are the operator's own, and may be private."""
        if self._webhook_fetcher is None:
            from workers.fetching import Fetcher

            limits = replace(self.limits, timeout_s=WEBHOOK_TIMEOUT_S, allow_private_addresses=True)
            self._webhook_fetcher = Fetcher(limits)
        return self._webhook_fetcher

    @property
    def robots(self) -> Robots:
        """The sites' robots.txt."""
        from workers.robots import Robots

        return Robots(self.redis, self.fetcher, self.settings.fetch.user_agent)

    @cached_property
    def turns(self) -> Turns:
        """The turns at all sites."""
        fetch = self.settings.fetch
        lease_s = fetch.timeout_s + LEASE_MARGIN_S
        return Turns(self.redis, Budget(fetch.per_site_concurrency, fetch.per_site_gap_s, lease_s))

    def close(self) -> None:
        """Return all connections."""
        for fetcher in (self._fetcher, self._webhook_fetcher):
            if fetcher is not None:
                fetcher.close()
        self.redis.close()
        self.database.close()


_current: Context | None = None


def current() -> Context:
    """The context of this worker process; RQ jobs get no arguments but ids.

    Opened at first use, so that a plain `rq worker` can run our jobs as well.
    """
    global _current
    if _current is None:
        _current = Context(Path(os.environ.get(DIRECTORY_VARIABLE, ".")))
    return _current


def use(context: Context) -> None:
    """Make a context this process's own."""
    global _current
    _current = context
