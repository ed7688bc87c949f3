"""The lists that users edit: watchlist, feeds, rules for single sites.

They reload when their files change; a broken one is reported once and the last good one stays in
force, with `last_good` also after a restart.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from pipeline.errors import ConfigError
from workers.log import logger

if TYPE_CHECKING:  # loaded where they are used: most processes need only some of them
    from pipeline.extract.sites import Sites
    from pipeline.feeds.sources import FeedSource
    from pipeline.watchlist.entries import Watchlist

T = TypeVar("T")
RELOAD_CHECK_S = 2.0
SETTLE_S = 1.0

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


class Lists:
    """The lists of a working directory, each loaded when it is first asked for."""

    def __init__(self, directory: Path, last_good: Path | None = None) -> None:
        """`last_good`: where copies are kept, for when a list is broken from the start."""
        self._directory, self._last_good = directory, last_good
        self._watchlist: Watched[Watchlist] | None = None
        self._feeds: Watched[tuple[FeedSource, ...]] | None = None
        self._sites: Watched[Sites] | None = None

    @property
    def watchlist(self) -> Watchlist:
        """The watchlist in force. Raises ConfigError, as the others do, when it never was right."""
        if self._watchlist is None:
            from pipeline.watchlist import entries

            self._watchlist = self._watch("watchlist", entries.load)
        return self._watchlist.get()

    @property
    def feeds(self) -> tuple[FeedSource, ...]:
        """The feed list in force."""
        if self._feeds is None:
            from pipeline.feeds import sources

            self._feeds = self._watch("feeds.yml", sources.load)
        return self._feeds.get()

    @property
    def sites(self) -> Sites:
        """The rules for single sites in force."""
        if self._sites is None:
            from pipeline.extract import sites

            self._sites = self._watch("sites.yml", sites.load)
        return self._sites.get()

    def _watch(self, name: str, load: Callable[[Path], T]) -> Watched[T]:
        last_good = self._last_good / name if self._last_good else None
        return Watched(self._directory / "config" / name, load, last_good)
