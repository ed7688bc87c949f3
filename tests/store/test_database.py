"""Opening databases, transactions, and what is said when one cannot be used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.errors import ConfigError, Unavailable
from pipeline.store import urls
from pipeline.store.database import Database
from pipeline.store.schema import instant_text
from tests.worlds.store import NOW, article, queue


def seen(database: Database) -> int:
    with database.read() as connection:
        return sum(urls.counts(connection).values())


def test_readers_do_not_block_a_writer_nor_see_what_is_not_committed(database: Database) -> None:
    with database.read() as reader:
        assert sum(urls.counts(reader).values()) == 0
        with database.write() as tx:  # waits for nobody
            queue(tx, article(1))
            assert sum(urls.counts(reader).values()) == 0
    assert seen(database) == 1


def test_a_reader_sees_one_state_of_the_database_until_it_ends(database: Database) -> None:
    with database.read() as reader:
        before = urls.counts(reader)
        with database.write() as tx:
            queue(tx, article(1))
        assert urls.counts(reader) == before
    assert seen(database) == 1


def test_writers_wait_for_each_other(database: Database) -> None:
    def add(number: int) -> None:
        with database.write() as tx:
            queue(tx, article(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(20)))
    assert seen(database) == 20


def test_a_new_connection_does_not_wait_for_a_writer(database: Database) -> None:
    database.close()  # no connection is left to be used again
    with database.write() as tx:
        queue(tx, article(1))
        assert seen(database) == 0


def test_a_transaction_is_begun_at_once_or_not_at_all(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'w.db'}")
    database.migrate()
    with database.write():
        assert database.begin_if_free() is None
    tx = database.begin_if_free()
    assert tx is not None
    queue(tx, article(1))
    tx.commit()
    tx.close()
    assert seen(database) == 1


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        queue(tx, article(1))
        raise ZeroDivisionError
    assert seen(database) == 0


def test_a_reader_cannot_leave_anything_behind(database: Database) -> None:
    with database.read() as connection:
        try:
            queue(connection, article(1))
        except Exception as error:  # noqa: BLE001 - PostgreSQL refuses, each driver by its own
            assert "read-only" in str(error)
    assert seen(database) == 0


def test_sqlite_waits_for_the_disk_and_checks_references(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'w.db'}")
    with database.read() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()


def test_instants_keep_their_microseconds_and_sort_as_text() -> None:
    assert instant_text(NOW) == "2025-10-17T06:41:00.000000Z"
    assert datetime.fromisoformat(instant_text(NOW)) == NOW
    assert instant_text(NOW.replace(year=999)) < instant_text(NOW)
    with pytest.raises(ValueError, match="naive"):
        instant_text(datetime(2025, 10, 17))


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://root@localhost/x",
        "oracle://x",
        "postgresql+asyncpg://x/y",
        "sqlite://",
        "sqlite:///:memory:",
        "",
    ],
)
def test_a_database_that_is_not_supported_is_said_with_what_to_write_instead(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Database(url)
    assert caught.value.where == "database_url"
    assert "sqlite:////srv" in caught.value.fix


def test_a_data_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ConfigError, match=r"data"):
        Database(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}")


def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "wirewatch.db"
    path.write_bytes(b"this is no database\n" * 1_000)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(Unavailable, match="not a database") as caught:
        database.migrate()
    assert "\n" not in str(caught.value)
    database.close()


def test_a_server_that_is_away_is_said_in_one_line() -> None:
    database = Database("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match=r"^database: ") as caught:
        database.migrate()
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    database.close()
