"""How the jobs of a process write to the database; what is ready together is one transaction.

Waiting for the disk costs more than an article's rows, and SQLite has one writer anyway. A piece of
work that fails harms no other: the transaction is undone, and each piece gets one of its own.

`Writer` does it in a thread. `LoopWriter` runs the statements in the event loop itself and leaves
only the commit, which waits for the disk, to a thread: beside a busy loop a thread's statements
cost four times their own time in handing Python's lock to and fro. It is for SQLite, where a batch
takes milliseconds; a server's answers must be waited for in a thread.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from pipeline.errors import Unavailable
from pipeline.store.database import BUSY_TIMEOUT_MS, Database, available

T = TypeVar("T")
A = TypeVar("A")
MOST_TOGETHER = 64
"""Pieces of work a transaction: it holds SQLite's write lock for some 100 ms at the most."""
GATHER_S, GATHER_LONG_S = 0.01, 0.05
"""How long the first piece waits for others: one commit then serves all of them. Long where many
jobs are in hand: then nobody waits for this one, and the processor is what there is least of."""
CLOSE_PATIENCE_S = 30.0
FIRST_BUSY_PAUSE_S, MOST_BUSY_PAUSE_S = 0.001, 0.02


class Writing(Protocol):
    """Where pieces of work are written. A piece may be run twice: it changes nothing but rows."""

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Do a piece of work in a transaction and wait until it is committed.

        `durable` as in `Database.write`. Raises what the work raises, and Unavailable.
        """

    async def write_together(
        self, work: Callable[[Connection, Sequence[A]], Sequence[T]], item: A, *, durable: bool
    ) -> T:
        """`write` for work that does many items at once, those that are ready together.

        `work` answers one result an item, in their order.
        """

    def close(self) -> None:
        """Finish what waits, and end."""


@dataclass(frozen=True, slots=True)
class _Piece:
    work: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    item: Any
    durable: bool
    future: Future[Any]


def _each(
    tx: Connection, works: Sequence[Callable[[Connection], Any]]
) -> Sequence[Any]:  # of `write`: nothing that could be done together
    return [work(tx) for work in works]


def _do(tx: Connection, pieces: Sequence[_Piece]) -> list[Any]:
    """Run the pieces, those of one kind together; their results in the pieces' order."""
    kinds: dict[Any, list[int]] = {}
    for place, piece in enumerate(pieces):
        kinds.setdefault(piece.work, []).append(place)
    results: list[Any] = [None] * len(pieces)
    for work, places in kinds.items():
        answers = work(tx, [pieces[place].item for place in places])
        for place, answer in zip(places, answers, strict=True):
            results[place] = answer
    return results


def _answer(pieces: Sequence[_Piece], results: Sequence[Any]) -> None:
    for piece, result in zip(pieces, results, strict=True):
        piece.future.set_result(result)


def _refuse(pieces: Sequence[_Piece], error: BaseException) -> None:
    for piece in pieces:
        piece.future.set_exception(error)


class Writer:
    """Runs pieces of work in transactions of one thread, which starts with the first of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """`Writing.write`."""
        return await self.write_together(_each, work, durable=durable)

    async def write_together(
        self, work: Callable[[Connection, Sequence[A]], Sequence[T]], item: A, *, durable: bool
    ) -> T:
        """`Writing.write_together`."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
        future: Future[T] = Future()
        self._waiting.put(_Piece(work, item, durable, future))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """`Writing.close`."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join(CLOSE_PATIENCE_S)

    def _run(self) -> None:
        open_still = True
        while open_still:
            pieces = [self._waiting.get()]
            while len(pieces) < MOST_TOGETHER and not self._waiting.empty():
                pieces.append(self._waiting.get())
            open_still = None not in pieces
            wanted = [each for each in pieces if each is not None]
            self._commit([each for each in wanted if each.future.set_running_or_notify_cancel()])

    def _commit(self, pieces: list[_Piece]) -> None:
        """All in one transaction; when one fails, each in its own."""
        if not pieces:
            return
        at_work = False
        try:
            with self._database.write(durable=any(each.durable for each in pieces)) as tx:
                at_work = True
                results = _do(tx, pieces)
                at_work = False
        except BaseException as error:  # noqa: BLE001 (it is the caller's: it waits for an answer)
            if at_work and len(pieces) > 1:
                for each in pieces:
                    self._commit([each])
                return
            _refuse(pieces, error)
            return
        _answer(pieces, results)


class LoopWriter:
    """Runs pieces of work in transactions of the running event loop. Use `writing_in_loop`."""

    def __init__(self, database: Database, pressed: Callable[[], bool]) -> None:
        self._database, self._pressed = database, pressed
        self._waiting: list[_Piece] = []
        self._serving: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(1, "commit")

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """`Writing.write`."""
        return await self.write_together(_each, work, durable=durable)

    async def write_together(
        self, work: Callable[[Connection, Sequence[A]], Sequence[T]], item: A, *, durable: bool
    ) -> T:
        """`Writing.write_together`."""
        future: Future[T] = Future()
        self._waiting.append(_Piece(work, item, durable, future))
        if self._serving is None:
            self._serving = asyncio.get_running_loop().create_task(self._serve())
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """`Writing.close`: nothing waits any more, `writing_in_loop` has seen to that."""
        self._disk.shutdown()

    async def end(self) -> None:
        """Wait until everything is written."""
        while self._serving is not None:
            await asyncio.wait({self._serving})

    async def _serve(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHER_LONG_S if self._pressed() else GATHER_S)
                pieces = self._waiting[:MOST_TOGETHER]
                del self._waiting[:MOST_TOGETHER]
                await self._commit(
                    [each for each in pieces if each.future.set_running_or_notify_cancel()]
                )
        finally:
            self._serving = None

    async def _commit(self, pieces: list[_Piece]) -> None:
        """All in one transaction; when one fails, each in its own."""
        if not pieces:
            return
        at_work = False
        try:
            with available():
                tx = await self._begin(durable=any(each.durable for each in pieces))
                try:
                    at_work = True
                    results = _do(tx, pieces)
                    at_work = False
                    await asyncio.get_running_loop().run_in_executor(self._disk, tx.commit)
                finally:
                    tx.close()
        except BaseException as error:  # noqa: BLE001 (it is the caller's: it waits for an answer)
            if at_work and len(pieces) > 1:
                for each in pieces:
                    await self._commit([each])
                return
            _refuse(pieces, error)
            return
        _answer(pieces, results)

    async def _begin(self, *, durable: bool) -> Connection:
        """A transaction, once no other process writes. Raises Unavailable after 30 s."""
        deadline, pause_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000, FIRST_BUSY_PAUSE_S
        while (tx := self._database.begin_if_free(durable=durable)) is None:
            if time.monotonic() > deadline:
                raise Unavailable("database: database is locked")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, MOST_BUSY_PAUSE_S)
        return tx


@asynccontextmanager
async def writing_in_loop(
    database: Database, pressed: Callable[[], bool] = lambda: False
) -> AsyncIterator[LoopWriter]:
    """A writer of the running loop; on leaving everything is written.

    `pressed`: whether work is better done together than soon.
    """
    writer = LoopWriter(database, pressed)
    try:
        yield writer
    finally:
        await writer.end()
        writer.close()
