"""A worker's reading processes: pages are handed to them, one each at a time.

One stage process (`workers.stage_process`) holds the models and forks the readers; each reader's
socket comes here. A reader that takes too long is replaced, one that dies costs its own page only;
when the stage process itself dies, the pages at hand are Unavailable and it is started again.
Settings: `[work] readers, page_timeout_s, page_memory_mb`.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import Broken, IngestError, Unavailable
from workers import processes
from workers.context import Context
from workers.log import logger
from workers.reader_protocol import FIT, MESSAGE
from workers.stages import Reading, Task

PAGES_A_READER = 5_000
"""A reader is replaced after so many pages: whatever a library leaks goes with it."""
BIG = 1_000_000
"""Bytes of a page that may take seconds. They never have the last free reader."""
WAIT_FOR_READER_S = 15.0
"""A page waits so long for a stage process that is starting."""
MAX_PAUSE_S = 30.0
_HEADER = struct.Struct("!i")
"""Length of what follows: the framing of `multiprocessing.connection`, for small messages."""


class _Crashed(Broken):
    """The reader died with the page."""


@dataclass(eq=False)
class _Reader:
    """One reading process, as seen from here."""

    number: int
    pid: int
    generation: int
    """Of the lists it was forked with."""
    stream: asyncio.StreamReader
    sink: asyncio.StreamWriter
    pages: int = 0
    reads_big: bool = False
    ended: asyncio.Future[str] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    """How it ended, once that is known."""

    async def ask(self, task: bytes) -> bytes:
        self.sink.write(_HEADER.pack(len(task)))
        self.sink.write(task)
        await self.sink.drain()
        (size,) = _HEADER.unpack(await self.stream.readexactly(_HEADER.size))
        return await self.stream.readexactly(size)


class Readers:
    """The pool. Use `reading`."""

    def __init__(self, context: Context, count: int) -> None:
        self._context, self._count = context, count
        self._readers: dict[int, _Reader] = {}
        self._free: list[_Reader] = []
        self._waiting: deque[tuple[int, asyncio.Future[_Reader]]] = deque()
        self._generation = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._died = asyncio.Event()
        self._welcoming: set[asyncio.Future[None]] = set()

    # -- reading -------------------------------------------------------------------------------

    async def read(self, task: Task) -> Reading:
        """Read one page.

        A reader may be killed from outside, too: only a page that loses two is taken for what
        kills them. Raises Rejected (no article), Broken (it could not be read) or Unavailable.
        """
        try:
            return await self._read(task)
        except _Crashed:
            return await self._read(task)

    async def _read(self, task: Task) -> Reading:
        reader = await self._take(len(task.page.body))
        limit_s = self._context.settings.work.page_timeout_s
        try:
            async with asyncio.timeout(limit_s):
                answer = await reader.ask(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        except TimeoutError:
            self._replace(reader)
            raise Broken("extraction timeout", f"more than {limit_s:g} s") from None
        except (asyncio.IncompleteReadError, OSError):
            raise _Crashed("extraction crashed", await self._ending(reader)) from None
        except BaseException:
            self._replace(reader)
            raise
        reader.pages += 1
        self._put_back(reader, fit=answer[:1] == FIT)
        result = pickle.loads(memoryview(answer)[1:])
        if isinstance(result, IngestError):
            raise result
        reading: Reading = result
        return reading

    async def _take(self, size: int) -> _Reader:
        """A free reader; pages are served in their order, big ones never by the last."""
        future: asyncio.Future[_Reader] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, future))
        self._serve()
        try:
            # While readers read, each ends within its limit: only a missing pool is not waited for.
            while not future.done():
                await asyncio.wait({future}, timeout=WAIT_FOR_READER_S)
                if not future.done() and not self._readers:
                    raise Unavailable("the stage process is not running; its own message says why")
            return future.result()
        except BaseException:
            if future.done() and not future.cancelled():
                self._put_back(future.result(), fit=True)
            future.cancel()
            raise

    def _serve(self) -> None:
        """Give free readers to the pages that wait."""
        while self._free and self._waiting:
            big = sum(reader.reads_big for reader in self._readers.values())
            most_big = max(self._count - 1, 1)
            at = next(
                (
                    number
                    for number, (size, future) in enumerate(self._waiting)
                    if future.done() or size < BIG or big < most_big
                ),
                None,
            )
            if at is None:
                return
            size, future = self._waiting[at]
            del self._waiting[at]
            if future.done():  # its job was cancelled
                continue
            reader = self._free.pop()
            reader.reads_big = size >= BIG
            future.set_result(reader)

    def _put_back(self, reader: _Reader, *, fit: bool) -> None:
        reader.reads_big = False
        if self._readers.get(reader.number) is not reader:
            return
        if fit and reader.pages < PAGES_A_READER and reader.generation == self._generation:
            self._free.append(reader)
        else:
            self._replace(reader)
        self._serve()

    def _replace(self, reader: _Reader) -> None:
        """Have the reader killed and another forked."""
        if self._readers.get(reader.number) is not reader:
            return
        self._forget(reader)
        if self._control is not None:
            with suppress(OSError):  # it died: all are replaced
                self._control.send(f"{reader.number} {reader.pid}\n".encode())

    def _forget(self, reader: _Reader) -> None:
        del self._readers[reader.number]
        if reader in self._free:
            self._free.remove(reader)
        reader.sink.close()

    async def _ending(self, reader: _Reader) -> str:
        """How a reader that stopped answering ended. Raises Unavailable when all did."""
        await self._or_died(reader.ended)
        if reader.ended.done():
            return reader.ended.result()
        raise Unavailable("the stage process died and is started anew")

    async def _or_died(self, future: asyncio.Future[Any]) -> None:
        """Until it is done, or the stage process has died."""
        died = asyncio.ensure_future(self._died.wait())
        try:
            await asyncio.wait([future, died], return_when=asyncio.FIRST_COMPLETED)
        finally:
            died.cancel()

    # -- the stage process ---------------------------------------------------------------------

    async def start(self) -> None:
        """Start the stage process and wait for its first reader. Raises Unavailable."""
        self._died.clear()
        settings = self._context.settings
        ours, theirs = socket.socketpair()
        with theirs:
            # From the loop's own thread: Linux ties a child to the thread that started it.
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "workers.stage_process",
                    str(self._context.directory),
                    str(settings.data_dir),
                    str(theirs.fileno()),
                    str(self._count),
                    str(settings.work.page_memory_mb),
                ],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                preexec_fn=processes.die_with_parent,
            )
        ours.setblocking(False)
        self._control = ours
        loop = asyncio.get_running_loop()
        first: asyncio.Future[None] = loop.create_future()
        loop.add_reader(ours, self._on_message, ours, first)
        await self._or_died(first)
        if not first.done():
            raise Unavailable("the stage process did not start; its own message says why")

    async def tend(self) -> None:
        """Start the stage process again whenever it dies; runs until cancelled."""
        pause_s = 0.0
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            await self._died.wait()
            code = self._process.poll() if self._process else None
            pause_s = 0.0 if loop.time() - started > 60 else min(pause_s * 2 + 0.5, MAX_PAUSE_S)
            logger().error("stage process died", exit=code, restart_in_s=pause_s)
            await asyncio.sleep(pause_s)
            started = loop.time()
            with suppress(Unavailable):
                await self.start()

    def _on_message(self, control: socket.socket, first: asyncio.Future[None]) -> None:
        """One message of the stage process: a new reader, or that lists were edited."""
        try:
            raw, fds, _, _ = socket.recv_fds(control, MESSAGE, 1)
        except BlockingIOError:
            return
        except OSError:
            raw, fds = b"", []
        if not raw:
            self._on_death(control)
            return
        message: dict[str, Any] = json.loads(raw)
        self._generation = message["generation"]
        if fds:
            welcoming = asyncio.ensure_future(self._welcome(message, fds[0], first))
            self._welcoming.add(welcoming)
            welcoming.add_done_callback(self._welcoming.discard)
            return
        for reader in list(self._free):
            if reader.generation != self._generation:
                self._replace(reader)

    async def _welcome(self, message: dict[str, Any], fd: int, first: asyncio.Future[None]) -> None:
        number: int = message["reader"]
        if before := self._readers.get(number):
            before.ended.set_result(message["ended"])
            self._forget(before)
        stream, sink = await asyncio.open_unix_connection(sock=socket.socket(fileno=fd))
        reader = _Reader(number, message["pid"], message["generation"], stream, sink)
        self._readers[number] = reader
        self._put_back(reader, fit=True)
        if not first.done():
            first.set_result(None)

    def _on_death(self, control: socket.socket) -> None:
        asyncio.get_running_loop().remove_reader(control)
        control.close()
        if control is not self._control:
            return
        self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for reader in list(self._readers.values()):
            self._forget(reader)
        self._died.set()

    def close(self) -> None:
        """Stop the stage process and its readers."""
        if self._control is not None:
            self._on_death(self._control)


@asynccontextmanager
async def reading(context: Context, count: int) -> AsyncIterator[Readers]:
    """Readers that are there while the block runs. Raises Unavailable when they do not start."""
    readers = Readers(context, count)
    try:
        await readers.start()
        tending = asyncio.create_task(readers.tend())
        try:
            yield readers
        finally:
            tending.cancel()
    finally:
        readers.close()
