"""What a process needs to work: settings, database, Redis, and the lists that users edit.

Opened once a process from the working directory.
"""

from __future__ import annotations

import os
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import redis

from pipeline import settings as settings_module
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.store.database import Database
from workers import embedded, owners
from workers.lists import Lists
from workers.writing import Writer, Writing

if TYPE_CHECKING:  # loaded where they are used: most processes need only some of them
    from pipeline.extract.sites import Sites
    from pipeline.feeds.sources import FeedSource
    from pipeline.http import Limits
    from pipeline.watchlist.entries import Watchlist
    from workers.fetching import Fetcher

DIRECTORY_VARIABLE = "WIREWATCH_DIRECTORY"
"""The working directory for processes we do not start ourselves (a plain `rq worker`)."""
REDIS_TIMEOUT_S = 10.0
WEBHOOK_TIMEOUT_S = 20.0
"""Standard Webhooks asks receivers to answer within 15 to 30 seconds."""


def utc_now() -> datetime:
    """The clock of the program's world side."""
    return datetime.now(UTC)


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
        self.owner = f"{owners.own_name()}-{uuid.uuid4().hex[:8]}"
        self.in_hand: set[str] = set()
        """Keys of the URLs this process works on now: only their leases are renewed."""
        self.writer: Writing = Writer(self.database)
        """Where the jobs of this process write."""
        self.lists = Lists(directory)
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
        return self.lists.watchlist

    @property
    def feeds(self) -> tuple[FeedSource, ...]:
        """The feed list in force."""
        return self.lists.feeds

    @property
    def sites(self) -> Sites:
        """The rules for single sites in force."""
        return self.lists.sites

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
        if self._webhook_fetcher is not None:
            self._webhook_fetcher.close()
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
