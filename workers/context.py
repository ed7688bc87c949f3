"""What a process needs to work: settings, database, Redis, and the lists that users edit.

Opened once a process from the working directory. Lists reload when their files change; a broken
one is reported once and the last good one stays in force.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import redis

from pipeline import settings as settings_module
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.store.database import Database
from workers import embedded
from workers.log import logger
from workers.writing import Writer

if TYPE_CHECKING:  # loaded where they are used: most processes need only some of them
    from pipeline.extract.sites import Sites
    from pipeline.feeds.sources import FeedSource
    from pipeline.http import Limits
    from pipeline.watchlist.entries import Watchlist
    from workers.fetching import Fetcher

T = TypeVar("T")
RELOAD_CHECK_S = 2.0
SETTLE_S = 1.0
DIRECTORY_VARIABLE = "WIREWATCH_DIRECTORY"
"""The working directory for processes we do not start ourselves (a plain `rq worker`)."""
REDIS_TIMEOUT_S = 10.0
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

    def __init__(
        self, path: Path, load: Callable[[Path], T], last_good: Path | None = None
    ) -> None:
        """Load it. Raises ConfigError.

        With `last_good`, a copy of what was loaded is kept there, and is loaded instead when the
        files are wrong from the start: who restarts goes on as before the edit that broke them.
        """
        self._path, self._load, self._last_good = path, load, last_good
        self._stamp = self._fingerprint()
        try:
            self._value = load(path)
        except ConfigError as error:
            if last_good is None or not last_good.exists():
                raise
            self._value = load(last_good)
            logger().error("kept the last good version", error=str(error))
        else:
            self._keep()
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
                    self._keep()
                except ConfigError as error:
                    logger().error("kept the last good version", error=str(error))
        return self._value

    def _keep(self) -> None:
        """Copy the files, which were just found to be right, for the next start."""
        if self._last_good is None:
            return
        single = not self._path.is_dir()
        folder = self._last_good.parent if single else self._last_good
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in self._files():
                draft = folder / f"{file.name}.{os.getpid()}"
                shutil.copyfile(file, draft)
                draft.replace(folder / file.name)
            if not single:
                for old in {file.name for file in folder.glob("*.yml")} - {
                    file.name for file in self._files()
                }:
                    (folder / old).unlink(missing_ok=True)
        except OSError as error:
            logger().warning("no copy of the lists kept", path=str(folder), error=str(error))

    def _files(self) -> list[Path]:
        files = sorted(self._path.glob("*.yml")) if self._path.is_dir() else [self._path]
        return [file for file in files if file.exists()]

    def _fingerprint(self) -> _Stamp:
        stats = [(file, file.stat()) for file in self._files()]
        return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats)


class Context:
    """One process's world."""

    def __init__(
        self, directory: Path, *, migrate: bool = True, last_good_lists: bool = False
    ) -> None:
        """Open the working directory's world. Raises ConfigError or Unavailable.

        `last_good_lists`: a list that is broken from the start is replaced by its last good copy.
        """
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
        self.writer = Writer(self.database)
        """The thread in which the jobs of this process write."""
        self._last_good_lists = last_good_lists
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

            self._watchlist = self._watch("watchlist", entries.load)
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

            self._sites = self._watch("sites.yml", sites.load)
        return self._sites.get()

    def _watch(self, name: str, load: Callable[[Path], T]) -> Watched[T]:
        last_good = self.settings.data_dir / "last-good" / name if self._last_good_lists else None
        return Watched(self.directory / "config" / name, load, last_good)

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
            proxy=fetch.proxy or None,
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

            self._webhook_fetcher = Fetcher(self.webhook_limits)
        return self._webhook_fetcher

    @property
    def webhook_limits(self) -> Limits:
        """What the door for webhooks allows."""
        return replace(
            self.limits, timeout_s=WEBHOOK_TIMEOUT_S, allow_private_addresses=True, proxy=None
        )

    def close(self) -> None:
        """Return all connections."""
        for fetcher in (self._fetcher, self._webhook_fetcher):
            if fetcher is not None:
                fetcher.close()
        self.writer.close()
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
