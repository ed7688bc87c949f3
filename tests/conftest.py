"""Fixtures that every test may ask for."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from pipeline.store.database import Database
from tests.worlds import servers
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from workers import context as world
from workers.context import Context


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/workers --database postgresql`: all worlds on that database."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own shell reaches a test."""
    for name in list(os.environ):
        if name.startswith("WIREWATCH_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Logging that a command sets up in the test's process ends with the test's own streams."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session")
def _valkey() -> Iterator[str]:
    with servers.valkey() as url:
        yield url


@pytest.fixture
def redis_url(_valkey: str) -> str:
    """A real, empty Valkey."""
    servers.flush(_valkey)
    return _valkey


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL server's URI."""
    with servers.postgresql() as uri:
        yield uri


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "wirewatch.db"
    servers.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _migrated_postgresql(postgresql: str) -> str:
    url = servers.new_database(postgresql)
    servers.migrate(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database: every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "wirewatch.db"
        shutil.copy(request.getfixturevalue("_migrated_sqlite"), path)
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("_migrated_postgresql")
        servers.empty(url)
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def directory(tmp_path: Path) -> WorkingDirectory:
    """An empty working directory."""
    return WorkingDirectory(tmp_path)


@pytest.fixture
def context(
    request: pytest.FixtureRequest,
    directory: WorkingDirectory,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Context]:
    """A process's world over a small watchlist, for loopback sites; jobs run in it."""
    monkeypatch.setenv("WIREWATCH_REDIS_URL", redis_url)
    if request.config.getoption("--database") == "postgresql":
        database_url = request.getfixturevalue("_migrated_postgresql")
        servers.empty(database_url)
        monkeypatch.setenv("WIREWATCH_DATABASE_URL", database_url)
    directory.write(settings=LOOPBACK)
    opened = Context(directory.path)
    world.use(opened)
    yield opened
    opened.close()
