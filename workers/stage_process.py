"""The stage process of a worker: loads the models once, forks a child, and passes pages to it.

It has one thread, so that it may fork at any time. A child that takes too long or too much is
killed and forked again in milliseconds, with the models in place.
Settings: `[work] page_timeout_s, page_memory_mb`.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.errors import Broken, IngestError, Rejected, WirewatchError
from pipeline.records import Page
from workers import log, processes
from workers.console import print_error
from workers.context import RELOAD_CHECK_S, Context
from workers.stages import Reading, Task, read

PAGES_A_CHILD = 5_000
"""A child is replaced after so many pages: whatever a library leaks goes with it."""
FIT, SPENT = b"+", b"-"
"""First byte of a child's answer: whether it can go on, or came near its limit of memory."""
NEAR = 0.75
"""Share of the limit used beyond which it is taken for the cause of whatever error came."""


def serve(directory: Path, pipe: Connection) -> None:
    """Load the models, then answer the worker's pages one by one until it closes the pipe."""
    context = Context(directory, migrate=False)
    _warm_up(context)
    reader = _Reader(context, pipe)
    pipe.send_bytes(b"ready")
    with suppress(EOFError):
        while True:
            while not pipe.poll(RELOAD_CHECK_S):
                reader.refresh()  # or an edit that breaks the lists would hide the good one before
            pipe.send_bytes(reader.read(pipe.recv_bytes()))
    reader.end()


class _Reader:
    """The child that reads pages; another is forked when it is late, dead, spent or out of date."""

    def __init__(self, context: Context, to_worker: Connection) -> None:
        self._context, self._to_worker = context, to_worker
        self._fork()

    def read(self, task: bytes) -> bytes:
        """The answer to one pickled Task: a pickled Reading or IngestError."""
        limit_s = self._context.settings.work.page_timeout_s
        self.refresh()
        try:
            self._pipe.send_bytes(task)
            if not self._pipe.poll(limit_s):
                self._renew()
                return pickle.dumps(Broken("extraction timeout", f"more than {limit_s:g} s"))
            answer = self._pipe.recv_bytes()
        except (EOFError, OSError):
            return pickle.dumps(Broken("extraction crashed", self._renew()))
        self._pages += 1
        if answer[:1] == SPENT:
            self._renew()
        return answer[1:]

    def refresh(self) -> None:
        """Fork a new child when the lists were edited, or this one has read enough."""
        if self._lists() != self._loaded or self._pages >= PAGES_A_CHILD:
            self._renew()

    def end(self) -> str:
        """Kill the child if it lives; answers how it ended."""
        self._pipe.close()
        os.kill(self._pid, signal.SIGKILL)
        _, status = os.waitpid(self._pid, 0)
        if os.WIFSIGNALED(status):
            return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
        return f"exit status {os.waitstatus_to_exitcode(status)}"

    def _lists(self) -> tuple[int, int]:
        """Which lists are in force: an edited one is loaded here, once for all children."""
        return id(self._context.watchlist), id(self._context.sites)

    def _renew(self) -> str:
        how = self.end()
        self._fork()
        return how

    def _fork(self) -> None:
        """Fork a child of this single-threaded process, with a limit on its memory."""
        ours, theirs = socket.socketpair()
        self._loaded, self._pages = self._lists(), 0
        self._pid = os.fork()
        if self._pid == 0:
            status = 1
            try:
                ours.close()
                self._to_worker.close()  # or the worker would not see this process die
                processes.die_with_parent()
                budget = _limit_memory(self._context.settings.work.page_memory_mb)
                _work(self._context, Connection(theirs.detach()), budget)
                status = 0
            finally:
                os._exit(status)
        theirs.close()
        self._pipe = Connection(ours.detach())


def _work(context: Context, pipe: Connection, budget: _Budget | None) -> None:
    """Read pages until the pipe ends. Every answer is a Reading or an IngestError."""
    while True:
        try:
            task: Task = pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
        pipe.send_bytes(_answer(context, task, budget))


def _answer(context: Context, task: Task, budget: _Budget | None) -> bytes:
    answer: Reading | IngestError
    mark = FIT
    try:
        answer = read(context, task)
    except (Rejected, Broken) as error:
        answer = error
    except Exception as error:  # noqa: BLE001 (whatever a stage raises is told, with its place)
        answer = Broken("internal error", f"{error!r} at {_place(error)}")
        if isinstance(error, MemoryError) or (budget and budget.is_spent()):
            answer, mark = Broken("extraction out of memory"), SPENT
    return mark + pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    code = trace.tb_frame.f_code
    return f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}"


def _warm_up(context: Context) -> None:
    """Load everything before forking, and keep the collector from unsharing its pages."""
    html = b"<html><body><article><p>" + b"A line of text to read. " * 40 + b"</p></article></body>"
    page = Page("http://localhost/a", "http://localhost/a", 200, {}, html, datetime.now(UTC), 0)
    with suppress(Rejected):
        read(context, Task(page))
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True)
class _Budget:
    """What a child may allocate beyond what it was forked with, bytes of address space."""

    start: int
    size: int

    def is_spent(self) -> bool:
        """Whether its peak came near the limit."""
        return _address_space("VmPeak") - self.start > NEAR * self.size


def _limit_memory(megabytes: int) -> _Budget | None:
    """Bound what this process may allocate from here on. None where the system cannot tell."""
    if sys.platform != "linux":
        return None
    budget = _Budget(_address_space("VmSize"), megabytes * 1_000_000)
    limit = budget.start + budget.size
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return budget


def _address_space(name: str) -> int:
    """A figure of proc(5)'s `status`, bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """`python -m workers.stage_process DIRECTORY FD`: FD is our end of the worker's pipe."""
    log.configure("stages")
    try:
        serve(Path(sys.argv[1]), Connection(int(sys.argv[2])))
    except WirewatchError as error:
        print_error(error)
        sys.exit(2)


if __name__ == "__main__":
    main()
