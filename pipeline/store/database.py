"""Opening the database, its transactions and its migrations.

In: an SQLAlchemy URL. Out: a `Database` whose `write()` is one transaction and whose `read()` sees
one consistent state. SQLite runs in WAL with full fsync (an accepted URL survives a power cut), a
30 s busy timeout and immediate write locks, so a writer waits instead of failing half-way.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import alembic.migration
import alembic.script
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from pipeline.errors import ConfigError, Unavailable

BUSY_TIMEOUT_MS = 30_000
_MIGRATION_LOCK = 0x77697265  # "wire": the advisory lock's number, the same for every process


class Database:
    """One database, shared by the threads of a process. Open it after forking, not before."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
            self.engine = _create_engine(url)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise ConfigError(
                "database_url",
                f"cannot be used: {error}",
                "e.g. sqlite:////srv/wirewatch/wirewatch.db or postgresql+psycopg://user@host/db",
            ) from error

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite (else PostgreSQL)."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write: all of it or nothing. Raises Unavailable."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise Unavailable(f"database: {_first_line(error)}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, which never blocks a writer. Raises Unavailable."""
        try:
            with self.engine.connect().execution_options(wirewatch_read=True) as connection:
                yield connection
        except OperationalError as error:
            raise Unavailable(f"database: {_first_line(error)}") from error

    def migrate(self) -> None:
        """Bring the schema up to this program's. Safe to call from many processes at once.

        Raises ConfigError when the database was written by a newer program.
        """
        scripts = alembic.script.ScriptDirectory.from_config(_alembic())
        if self.revision() == scripts.get_current_head():
            return
        with self._migration_lock(), self.engine.connect() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            current = alembic.migration.MigrationContext.configure(
                connection
            ).get_current_revision()
            if current is not None and current not in {
                s.revision for s in scripts.walk_revisions()
            }:
                raise ConfigError(
                    str(self.url),
                    f"was written by a newer Wirewatch (schema {current})",
                    "install that version again, or a later one",
                )
            alembic.command.upgrade(config, "head")
            connection.commit()

    def revision(self) -> str | None:
        """The schema revision the database is at; None when it is empty."""
        with self.read() as connection:
            return alembic.migration.MigrationContext.configure(connection).get_current_revision()

    @staticmethod
    def head() -> str:
        """The schema revision of this program."""
        return str(alembic.script.ScriptDirectory.from_config(_alembic()).get_current_head())

    def close(self) -> None:
        """Return all connections."""
        self.engine.dispose()

    @contextmanager
    def _migration_lock(self) -> Iterator[None]:
        """Only one process migrates; the others wait and then find it done."""
        if not self.is_sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})")
                yield
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_MIGRATION_LOCK})")
            return
        with Path(f"{self.url.database}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The dialect's INSERT, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _create_engine(url: str) -> Engine:
    def dumps(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url, json_serializer=dumps, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername != "postgresql+psycopg":
        raise ArgumentError(f"{parsed.drivername!r} is not supported")
    return create_engine(url, json_serializer=dumps, pool_pre_ping=True)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, below
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: one upgraded from reading can fail as busy half-way."""
    reading = connection.get_execution_options().get("wirewatch_read")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _alembic() -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _first_line(error: OperationalError) -> str:
    return str(error.orig).splitlines()[0]
