"""What is ready together is written together, and no piece of it harms another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pipeline.store import urls
from pipeline.store.database import Database
from tests.worlds.store import article, queue
from workers.writing import Writer, Writing, writing_in_loop

Open = Callable[[Database], AbstractAsyncContextManager[Writing]]


@asynccontextmanager
async def in_thread(database: Database) -> AsyncIterator[Writing]:
    writer = Writer(database)
    try:
        yield writer
    finally:
        writer.close()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'w.db'}")
    database.migrate()
    return database


def seen(database: Database) -> int:
    with database.read() as connection:
        return sum(urls.counts(connection).values())


def add(tx: Connection, numbers: Sequence[int]) -> list[int]:
    """Queue articles; number 7 is at fault."""
    for number in numbers:
        queue(tx, article(number))
        if number == 7:
            raise ZeroDivisionError
    return [number * 10 for number in numbers]


@pytest.mark.parametrize("open_writer", [in_thread, writing_in_loop])
def test_a_piece_that_fails_harms_no_other(database: Database, open_writer: Open) -> None:
    async def write() -> list[int | BaseException]:
        async with open_writer(database) as writer:
            return await asyncio.gather(
                *(writer.write_together(add, number, durable=True) for number in range(10)),
                return_exceptions=True,
            )

    results = asyncio.run(write())
    assert isinstance(results.pop(7), ZeroDivisionError)
    assert results == [0, 10, 20, 30, 40, 50, 60, 80, 90]
    assert seen(database) == 9


def test_what_is_ready_together_is_done_by_one_call(database: Database) -> None:
    calls: list[Sequence[int]] = []

    def note(_: Connection, numbers: Sequence[int]) -> Sequence[int]:
        calls.append(list(numbers))
        return numbers

    async def write() -> list[int]:
        async with writing_in_loop(database) as writer:
            return await asyncio.gather(
                *(writer.write_together(note, number, durable=False) for number in range(5))
            )

    assert asyncio.run(write()) == list(range(5))
    assert calls == [[0, 1, 2, 3, 4]]


def test_the_loop_goes_on_while_another_process_writes(database: Database) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write():
            held.set()
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)

    async def write() -> list[int]:
        async with writing_in_loop(database) as writer:
            writing = asyncio.create_task(writer.write_together(add, 1, durable=True))
            await asyncio.sleep(0.1)
            assert not writing.done()
            release.set()  # by the loop itself: it is not held up
            return [await writing]

    assert asyncio.run(write()) == [10]
    holder.join()
    assert seen(database) == 1
