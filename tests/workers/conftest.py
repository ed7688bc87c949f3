"""A site to misbehave and settings for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import Newsroom
from workers import context as world
from workers.context import Context


@pytest.fixture
def context(context: Context) -> Iterator[Context]:
    """The shared fixture, with the books checked after every test."""
    yield context
    ledger.audit(context)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    site = Newsroom()
    with site.run_in_thread():
        yield site


@pytest.fixture
def reopened(context: Context, directory: WorkingDirectory) -> Iterator[Callable[..., Context]]:
    """Close the world and open it with other settings (keywords of `WorkingDirectory.write`)."""
    opened: list[Context] = []

    def reopen(settings: str = LOOPBACK, **lists: object) -> Context:
        directory.write(settings=settings, **lists)  # type: ignore[arg-type]
        opened.append(Context(directory.path))
        world.use(opened[-1])
        return opened[-1]

    yield reopen
    for each in opened:
        each.close()
