"""Migrations bring both databases to the very schema of the program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import alembic.autogenerate
import alembic.migration
import pytest
from sqlalchemy import Connection, Engine, inspect, text

from pipeline.errors import ConfigError
from pipeline.store.database import Database, lives_with
from pipeline.store.schema import REVISION, metadata
from tests.worlds import servers
from tests.worlds.store import article, queue, row


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URLs of ever new, empty databases."""
    if request.param == "sqlite":
        return (f"sqlite:///{tmp_path / str(n)}.db" for n in range(9))
    uri = request.getfixturevalue("postgresql")
    return (servers.new_database(uri) for _ in range(9))


@pytest.fixture
def empty(empty_urls: Iterator[str]) -> Iterator[Database]:
    database = Database(next(empty_urls))
    yield database
    database.close()


def test_the_migrated_schema_is_the_programs(database: Database) -> None:
    with database.engine.connect() as connection:
        context = alembic.migration.MigrationContext.configure(
            connection, opts={"compare_type": True}
        )
        assert alembic.autogenerate.compare_metadata(context, metadata) == []


def plain(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str(index | {"dialect_options": options})


def described(engine: Engine) -> dict[str, Any]:
    """All that can be read of a schema, partial indexes and checks included."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": sorted(str(column) for column in inspector.get_columns(table)),
            "primary key": inspector.get_pk_constraint(table),
            "indexes": sorted(map(plain, inspector.get_indexes(table))),
            "unique": sorted(str(unique) for unique in inspector.get_unique_constraints(table)),
            "references": sorted(str(key) for key in inspector.get_foreign_keys(table)),
            "checks": sorted(str(check) for check in inspector.get_check_constraints(table)),
        }
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    }


def test_migrating_gives_what_creating_the_tables_at_once_gives(
    empty_urls: Iterator[str],
) -> None:
    created, brought = Database(next(empty_urls)), Database(next(empty_urls))
    metadata.create_all(created.engine)
    brought.migrate()
    made, migrated = described(created.engine), described(brought.engine)
    created.close()
    brought.close()
    assert set(made) == set(migrated) == set(metadata.tables)
    for table in made:
        assert migrated[table] == made[table]


def test_an_empty_database_is_brought_to_the_programs_revision(empty: Database) -> None:
    assert empty.revision() is None
    empty.migrate()
    assert empty.revision() == REVISION
    empty.migrate()
    assert empty.revision() == REVISION


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(empty: Database) -> None:
    empty.migrate()
    with empty.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"newer Wirewatch \(schema 9999\)") as caught:
            empty.migrate()
        assert caught.value.fix
    assert empty.revision() == "9999"
    with empty.engine.connect() as connection:
        assert held_advisory_locks(connection) == 0


def test_a_newer_schema_of_the_same_thousand_is_lived_with(empty: Database) -> None:
    """Workers of two versions run side by side while they are exchanged."""
    empty.migrate()
    newer = f"{int(REVISION) + 1:04}"
    with empty.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :newer"), {"newer": newer})
        tx.execute(text("ALTER TABLE urls ADD COLUMN added_later TEXT"))
    empty.migrate()
    assert empty.revision() == newer
    with empty.write() as tx:
        (key,) = queue(tx, article(1))
        assert row(tx, key).state == "queued"


@pytest.mark.parametrize(
    ("found", "lived_with"),
    [
        (None, False),
        ("0000", False),
        (REVISION, False),
        ("0999", True),
        ("1000", False),
        ("x", False),
    ],
)
def test_which_schemas_are_lived_with(found: str | None, lived_with: bool) -> None:
    assert lives_with(found) == lived_with


def held_advisory_locks(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        return 0
    return int(
        connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) or 0
    )


def test_many_processes_may_migrate_at_once(empty_urls: Iterator[str]) -> None:
    url = next(empty_urls)
    program = (
        "import sys\n"
        "from pipeline.store.database import Database\n"
        "d = Database(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "d.migrate()\n"
        "print(d.revision())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert (output.strip(), errors, process.returncode) == (REVISION, "", 0)
