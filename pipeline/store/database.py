"""Opening the database, and its transactions.

In: an SQLAlchemy URL. Out: a `Database` whose `write()` is one transaction and whose `read()` sees
one consistent state. SQLite runs in WAL with an fsync a commit (an accepted URL survives a power
cut), a 30 s busy timeout and immediate write locks: a writer waits instead of failing half-way.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    PendingRollbackError,
    TimeoutError,
)

from pipeline.errors import ConfigError, Unavailable
from pipeline.store.schema import REVISION

BUSY_TIMEOUT_MS = 30_000
POSTGRESQL_OPTIONS = {
    "application_name": "wirewatch",
    "connect_timeout": 10,
    # A server whose machine went away without a word is noticed in a minute, not in hours.
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # ms
}
"""libpq's connection parameters (PostgreSQL manual, 32.1.2), where the URL does not set its own."""


class Database:
    """One database, shared by the threads of a process. Open it after forking, not before."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
            self.engine = _create_engine(url)
        except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
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
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction that may write: all of it or nothing. Raises Unavailable.

        `durable=False` does not wait for the disk: a power cut may undo it (a crash of ours does
        not). For steps whose loss only repeats work, like taking a lease.
        """
        with (
            available(),
            self.engine.connect().execution_options(wirewatch_durable=durable) as connection,
            connection.begin(),
        ):
            if not durable and not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection

    def begin_if_free(self, *, durable: bool = True) -> Connection | None:
        """A transaction begun, None while another process writes; for SQLite. Raises Unavailable.

        The caller commits it or not, and closes the connection, under `available`.
        """
        with available():
            connection = self.engine.connect().execution_options(
                wirewatch_durable=durable, wirewatch_patience_ms=0
            )
            try:
                connection.begin()
            except OperationalError as error:
                connection.close()
                if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                    return None
                raise
            except BaseException:
                connection.close()
                raise
            return connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, which never blocks a writer. Raises Unavailable."""
        options: dict[str, Any] = {"wirewatch_read": True}
        if not self.is_sqlite:  # where each statement would see a later state
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with available(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema up to this program's. Safe to call from many processes at once.

        A database that a newer program has brought further is left as it is when this program can
        live with it (`lives_with`); else ConfigError.
        """
        found = self.revision()
        if found != REVISION and not lives_with(found):
            from pipeline.store.migrate import migrate  # alembic: 0.2 s, seldom needed

            migrate(self)

    def revision(self) -> str | None:
        """The schema revision the database is at; None when it is empty."""
        with self.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found

    def close(self) -> None:
        """Return all connections."""
        self.engine.dispose()


def lives_with(found: str | None) -> bool:
    """Whether this program can work on a schema that a newer one made.

    Revisions are numbers of four digits; a migration that older programs cannot live with begins
    a new thousand. So workers of two versions run side by side while they are exchanged.
    """
    if found is None or not found.isdigit() or len(found) != len(REVISION):
        return False
    return found > REVISION and found[0] == REVISION[0]


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
        if parsed.database in (None, "", ":memory:"):
            raise ArgumentError("a database in memory is not shared by the processes")
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url, json_serializer=dumps, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername != "postgresql+psycopg":
        raise ArgumentError(f"{parsed.drivername!r} is not supported")
    given = {name: value for name, value in POSTGRESQL_OPTIONS.items() if name not in parsed.query}
    return create_engine(
        url, json_serializer=dumps, pool_pre_ping=True, pool_recycle=1_800, connect_args=given
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, below
    if not connection.execute("PRAGMA page_count").fetchone()[0]:
        # Before anything is written: what is deleted later can be given back. Of a new file only,
        # since it takes the write lock, for which opening a connection must not wait.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _use_wal(connection)
    for pragma in (
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. Two processes that open a new file at once: SQLite does not wait here."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: one upgraded from reading can fail as busy half-way."""
    options = connection.get_execution_options()
    if options.get("wirewatch_read"):
        connection.exec_driver_sql("BEGIN")
        return
    durable = options.get("wirewatch_durable", True)
    connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    patience_ms = options.get("wirewatch_patience_ms")
    if patience_ms is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_ms}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


@contextmanager
def available() -> Iterator[None]:
    """Faults of the database become Unavailable; those of our statements stay what they are."""
    try:
        yield
    except DBAPIError as error:
        if not _is_fault_of_the_server(error):
            raise
        raise Unavailable(f"database: {str(error.orig).strip().splitlines()[0]}") from error
    except (TimeoutError, PendingRollbackError) as error:  # no connection free; one that broke
        raise Unavailable(f"database: {str(error).splitlines()[0]}") from error


def _is_fault_of_the_server(error: DBAPIError) -> bool:
    """Whether it is away, full, locked, read-only or damaged (PEP 249's classes, as used).

    The bare DatabaseError is SQLite's word for a file that is no database; an InternalError is
    PostgreSQL's for a standby, which may not be written.
    """
    known = (OperationalError, InternalError)
    return isinstance(error, known) or type(error) is DatabaseError or error.connection_invalidated
