"""The stage process of a worker: loads the models once and forks the readers from them.

It has one thread, so that it may fork at any time; each reader's socket is sent to the worker,
which hands out the pages (`workers.readers`). Whoever dies is replaced in milliseconds, models in
place; so is whom the worker gives up, and everyone when a list was edited.
Settings: `[work] page_memory_mb`.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.errors import Broken, IngestError, Rejected, WirewatchError
from pipeline.records import Page
from workers import log, memory, processes
from workers.lists import RELOAD_CHECK_S, Lists
from workers.reader_protocol import FIT, MESSAGE, SPENT
from workers.stages import Reading, Task, read

NEAR = 0.75
"""Share of the limit used beyond which it is taken for the cause of whatever error came."""
TRIM_EVERY = 10
"""Pages after which a reader gives back what is free."""
SHORT_LIFE_S = 0.2
"""A reader that dies sooner is replaced no faster than this."""


def serve(lists: Lists, control: socket.socket, readers: int, memory_mb: int) -> None:
    """Load the models and keep so many readers until the worker closes the control socket."""
    _warm_up(lists)
    _Nursery(lists, control, readers, memory_mb).run()


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    born: float


class _Nursery:
    """The readers of this process."""

    def __init__(self, lists: Lists, control: socket.socket, readers: int, memory_mb: int) -> None:
        self._lists, self._control, self._memory_mb = lists, control, memory_mb
        self._children: dict[int, _Child] = {}
        self._generation, self._loaded = 0, self._in_force()
        self._orders = b""
        self._deaths, self._on_death = socket.socketpair()
        for end in (self._deaths, self._on_death):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._on_death.fileno(), warn_on_full_buffer=False)
        for number in range(readers):
            self._fork(number, ended=None)

    def run(self) -> None:
        """Serve until the worker is gone."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._deaths, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select(RELOAD_CHECK_S)}
                if self._deaths in ready:
                    with suppress(BlockingIOError):
                        self._deaths.recv(4096)
                if self._control in ready and not self._obey():
                    break
                self._reap()
                self._reload()
        for child in self._children.values():
            _end(child.pid)

    def _obey(self) -> bool:
        """Replace the readers that the worker gave up. False when the worker is gone."""
        received = self._control.recv(4096)
        *orders, self._orders = (self._orders + received).split(b"\n")
        for order in orders:
            number, pid = (int(word) for word in order.split())
            if self._children[number].pid == pid:
                self._fork(number, ended=_end(pid))
        return bool(received)

    def _reap(self) -> None:
        """Replace the readers that died."""
        for number, child in list(self._children.items()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                if time.monotonic() - child.born < SHORT_LIFE_S:
                    time.sleep(SHORT_LIFE_S)
                self._fork(number, ended=_how(status))

    def _reload(self) -> None:
        """Tell the worker when a list was edited: it then replaces readers that have no page."""
        if self._in_force() == self._loaded:
            return
        self._loaded = self._in_force()
        self._generation += 1
        memory.settle()
        self._tell({})

    def _in_force(self) -> tuple[int, int]:
        """Which lists are in force: an edited one is loaded here, once for all readers."""
        return id(self._lists.watchlist), id(self._lists.sites)

    def _fork(self, number: int, ended: str | None) -> None:
        """Fork a reader of this single-threaded process, with a limit on its memory."""
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                for each in (ours, self._control, self._deaths, self._on_death):
                    each.close()  # or the worker would not see this process die
                signal.set_wakeup_fd(-1)
                processes.die_with_parent()
                budget = _limit_memory(self._memory_mb)
                _work(self._lists, Connection(theirs.detach()), budget)
                status = 0
            finally:
                os._exit(status)
        theirs.close()
        self._children[number] = _Child(pid, time.monotonic())
        with ours:
            self._tell({"reader": number, "pid": pid, "ended": ended}, ours.fileno())

    def _tell(self, message: dict[str, object], fd: int | None = None) -> None:
        raw = json.dumps(message | {"generation": self._generation}).encode().ljust(MESSAGE)
        socket.send_fds(self._control, [raw], [] if fd is None else [fd])


def _end(pid: int) -> str:
    """Kill a child if it lives; answers how it ended."""
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return _how(status)


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit status {os.waitstatus_to_exitcode(status)}"


def _work(lists: Lists, pipe: Connection, budget: _Budget | None) -> None:
    """Read pages until the pipe ends. Every answer is a Reading or an IngestError."""
    for number in count(1):
        try:
            task: Task = pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
        pipe.send_bytes(_answer(lists, task, budget))
        del task
        if number % TRIM_EVERY == 0:
            memory.give_back()


def _answer(lists: Lists, task: Task, budget: _Budget | None) -> bytes:
    answer: Reading | IngestError
    mark = FIT
    try:
        answer = read(lists, task)
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


def _warm_up(lists: Lists) -> None:
    """Load everything before forking, also what only few pages need."""
    _ = lists.watchlist  # first: the others fill the holes that compiling it leaves
    from pipeline.extract import stopwords

    html = b"<html><body><article><p>" + b"A line of text to read. " * 40 + b"</p></article></body>"
    page = Page("http://localhost/a", "http://localhost/a", 200, {}, html, datetime.now(UTC), 0)
    stopwords.load()
    with suppress(Rejected):
        read(lists, Task(page))
    memory.settle()


@dataclass(frozen=True, slots=True)
class _Budget:
    """What a reader may allocate beyond what it was forked with, bytes of address space."""

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
    """`python -m workers.stage_process DIRECTORY DATA_DIR FD COUNT MB`, FD the control socket's."""
    memory.keep_little(memory.LARGE)
    log.configure("stages")
    directory, data_dir = Path(sys.argv[1]), Path(sys.argv[2])
    number, readers, memory_mb = (int(word) for word in sys.argv[3:])
    try:
        lists = Lists(directory, data_dir / "last-good")
        serve(lists, socket.socket(fileno=number), readers, memory_mb)
    except WirewatchError as error:
        sys.stderr.write(f"error: {error}\n")  # not by rich: that is 10 MB in every reader
        sys.exit(2)


if __name__ == "__main__":
    main()
