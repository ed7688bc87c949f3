"""Bringing a database to this program's schema, with Alembic; one process at a time does it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import alembic.command
import alembic.config
import alembic.migration
import alembic.script

from pipeline.errors import ConfigError
from pipeline.store.database import Database

_LOCK = 0x77697265
"""Number of the advisory lock ("wire" in ASCII), the same for every process."""


def migrate(database: Database) -> None:
    """Run the migrations that are missing. Raises ConfigError when the database is newer."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    known = {
        script.revision
        for script in alembic.script.ScriptDirectory.from_config(config).walk_revisions()
    }
    with _lock(database), database.engine.connect() as connection:
        current = alembic.migration.MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise ConfigError(
                database.url.render_as_string(hide_password=True),
                f"was written by a newer Wirewatch (schema {current})",
                "install that version again, or a later one",
            )
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
        connection.commit()


@contextmanager
def _lock(database: Database) -> Iterator[None]:
    """Only one process migrates; the others wait and then find it done."""
    if database.is_sqlite:
        with Path(f"{database.url.database}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        try:
            yield
        finally:  # the lock is the connection's, which goes back to the pool
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
