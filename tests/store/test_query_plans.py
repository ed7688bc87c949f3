"""The queries of every half second read only the rows they want, however many URLs there are.

Held on SQLite: its plans follow from the schema alone, PostgreSQL's from statistics too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from pipeline.store import records, urls
from pipeline.store.database import Database
from pipeline.store.trace import trace
from tests.worlds import servers
from tests.worlds.store import NOW, article, queue

KEY = article(1).key


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/plans.db"
    servers.migrate(url)
    database = Database(url)
    with database.write() as tx:
        queue(tx, article(1))
    yield database
    database.close()


@contextmanager
def listening(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile, with their parameters."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            heard.append((statement, given[0] if many else given))

    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


def plan(database: Database, query: Callable[[Connection], object]) -> list[str]:
    """What SQLite does for all statements of a query, a line a step."""
    with database.write() as tx:
        with listening(database.engine) as heard:
            query(tx)
        return [
            row.detail
            for statement, given in heard
            for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            lambda tx: urls.take_undispatched(tx, "backlog", 9, NOW),
            "ix_urls_dispatch (queue=? AND front=?)",
        ),
        (lambda tx: urls.wake(tx, NOW), "ix_urls_due (state=? AND due_at<?)"),
        (lambda tx: urls.recover(tx, NOW, 6), "ix_urls_lease (state=? AND lease_until<?)"),
        (
            lambda tx: urls.dispatched_before(tx, NOW),
            "ix_urls_dispatched (state=? AND dispatched_at<?)",
        ),
        (lambda tx: urls.claim(tx, KEY, 1, "me", NOW, 9), "sqlite_autoindex_urls_1 (key=?)"),
        (lambda tx: urls.resolve(tx, [KEY]), "sqlite_autoindex_aliases_1 (key=?)"),
        (lambda tx: records.same_text(tx, "hash", "but"), "ix_records_content_hash"),
        (lambda tx: records.usual_language(tx, "site.example"), "ix_records_site (site=?)"),
        (lambda tx: trace(tx, KEY), "ix_urls_repeats (state=? AND record_id=?)"),
    ],
    ids=[
        "take_undispatched", "wake", "recover", "dispatched_before", "claim", "resolve",
        "same_text", "usual_language", "trace",
    ],
)  # fmt: skip
def test_a_hot_query_goes_by_its_own_index(
    sqlite: Database, query: Callable[[Connection], object], index: str
) -> None:
    steps = plan(sqlite, query)
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN urls")], "reads a whole table"


def test_the_next_of_a_queue_are_not_sorted_out_of_all_that_wait(sqlite: Database) -> None:
    steps = plan(sqlite, lambda tx: urls.take_undispatched(tx, "backlog", 9, NOW))
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
