"""One thread in which a process writes to the database; what is ready together is one transaction.

Waiting for the disk costs more than an article's rows, and SQLite has one writer anyway. A piece of
work that fails harms no other: the transaction is undone, and each piece gets one of its own.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from pipeline.store.database import Database

T = TypeVar("T")
MOST_TOGETHER = 64
"""Pieces of work a transaction: it holds SQLite's write lock for some 100 ms at the most."""
CLOSE_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    work: Callable[[Connection], T]
    durable: bool
    future: Future[T]


class Writer:
    """Runs pieces of work in transactions. The thread starts with the first of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.SimpleQueue[_Piece[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Do a piece of work in a transaction and wait until it is committed.

        It may be run twice, so it changes nothing but the database. `durable` as in
        `Database.write`. Raises what the work raises, and Unavailable.
        """
        return await asyncio.wrap_future(self.submit(work, durable=durable))

    def submit(self, work: Callable[[Connection], T], *, durable: bool = True) -> Future[T]:
        """`write` for a caller that is no coroutine."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
        future: Future[T] = Future()
        self._waiting.put(_Piece(work, durable, future))
        return future

    def close(self) -> None:
        """Finish what waits, and end."""
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

    def _commit(self, pieces: list[_Piece[Any]]) -> None:
        """All in one transaction; when one fails, each in its own."""
        if not pieces:
            return
        results: list[Any] = []
        at_work = False
        try:
            with self._database.write(durable=any(each.durable for each in pieces)) as tx:
                at_work = True
                results.extend(each.work(tx) for each in pieces)
                at_work = False
        except BaseException as error:  # noqa: BLE001 (it is the caller's: it waits for an answer)
            if at_work and len(pieces) > 1:
                for each in pieces:
                    self._commit([each])
                return
            for each in pieces:
                each.future.set_exception(error)
            return
        for each, result in zip(pieces, results, strict=True):
            each.future.set_result(result)
