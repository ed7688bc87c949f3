"""Pages are read in processes that can be killed; whatever a page does, the others are read."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from pipeline.errors import Broken, IngestError, Rejected, Unavailable
from pipeline.http import Door
from pipeline.records import Page
from tests.worlds.directory import ENTRIES, LOOPBACK, WorkingDirectory
from workers import readers as pool
from workers.context import Context
from workers.demo.site import DemoSite
from workers.readers import Readers, reading
from workers.stages import InLine, Reading, Task

SENTENCE = "Belavia said on Friday that its winter timetable would not change this year. "
HEAD = "<html><head><title>Winter timetable</title></head><body><article><h1>Winter timetable</h1>"
GOOD = f"{HEAD}<p>{SENTENCE * 6}</p><p>{SENTENCE * 6}</p></article></body></html>"
SLOW = HEAD + "".join(f"<p>{SENTENCE * 3}{n}</p>" for n in range(20_000)) + "</article>"
"""A big page, which takes many seconds to read."""
GREEDY = HEAD + "".join(f"<div><a href='/{n}'>x{n}</a></div>" for n in range(150_000))


def task(html: str) -> Task:
    url = "http://127.0.0.1/2025/10/17/winter-timetable"
    headers = {"content-type": "text/html; charset=utf-8"}
    return Task(Page(url, url, 200, headers, html.encode(), datetime.now(UTC), 1))


T = TypeVar("T")


class Pool:
    """Readers in an event loop of their own, for tests that are no coroutines."""

    def __init__(self, context: Context, count: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._opened = reading(context, count)
        self.readers: Readers = self.run(self._opened.__aenter__())

    def run(self, work: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        return self._loop.run_until_complete(work)

    def read(self, task: Task) -> Reading:
        return self.run(self.readers.read(task))

    def read_all(self, *tasks: Task) -> list[Reading | BaseException]:
        async def all_of_them() -> list[Reading | BaseException]:
            reads = (self.readers.read(each) for each in tasks)
            return await asyncio.gather(*reads, return_exceptions=True)

        return self.run(all_of_them())

    def close(self) -> None:
        self.run(self._opened.__aexit__(None, None, None))
        self._loop.close()


def stop_the_readers() -> list[psutil.Process]:
    """As if each were busy with a page for ever."""
    processes = stage_process().children()
    for process in processes:
        process.suspend()
    return processes


def stage_process() -> psutil.Process:
    return next(p for p in psutil.Process().children() if "stage_process" in str(p.cmdline()))


@pytest.fixture
def limits() -> str:
    return "page_timeout_s = 10\n"


@pytest.fixture
def started(
    context: Context, directory: WorkingDirectory, limits: str
) -> Iterator[Callable[[int], Pool]]:
    """Starts a pool of so many readers under the test's limits."""
    directory.write(settings=f"{LOOPBACK}[work]\n{limits}")
    world = Context(directory.path)
    pools: list[Pool] = []

    def start(count: int) -> Pool:
        pools.append(Pool(world, count))
        return pools[-1]

    yield start
    for each in pools:
        each.close()
    world.close()


@pytest.fixture
def reader(started: Callable[[int], Pool]) -> Pool:
    return started(1)


def tags(reading: Reading) -> set[str]:
    return {tag.id for tag in reading.tags}


def test_a_reader_reads_a_page_as_it_is_read_in_line(reader: Pool, context: Context) -> None:
    assert reader.read(task(GOOD)) == reader.run(InLine(context.lists).read(task(GOOD)))


def test_what_is_no_article_is_rejected_with_its_reason(reader: Pool) -> None:
    with pytest.raises(Rejected) as rejected:
        reader.read(task("<html><body></body></html>"))
    assert rejected.value.reason


@pytest.mark.parametrize("limits", ["page_timeout_s = 1\n"])
def test_a_page_that_takes_too_long_is_broken_and_the_next_is_read(reader: Pool) -> None:
    stop_the_readers()
    with pytest.raises(Broken, match="extraction timeout"):
        reader.read(task(GOOD))
    assert "belavia" in tags(reader.read(task(GOOD)))


@pytest.mark.parametrize("limits", ["page_timeout_s = 30\npage_memory_mb = 64\n"])
def test_a_page_that_takes_too_much_memory_is_broken_and_the_next_is_read(reader: Pool) -> None:
    with pytest.raises(Broken, match=r"extraction (out of memory|crashed)"):
        reader.read(task(GREEDY))
    assert "belavia" in tags(reader.read(task(GOOD)))


@pytest.mark.parametrize("limits", ["page_timeout_s = 3\npage_memory_mb = 64\n"])
def test_hostile_pages_harm_none_of_those_read_beside_them(started: Callable[[int], Pool]) -> None:
    """Three time out, three eat memory; all good ones among them are read."""
    read = started(2).read_all(*[task(page) for page in (SLOW, GREEDY, GOOD) * 3])
    for number, result in enumerate(read):
        if number % 3 == 2:
            assert isinstance(result, Reading), (number, result)
        else:
            assert isinstance(result, Broken), (number, result)


@pytest.mark.parametrize("limits", ["page_timeout_s = 60\n"])
def test_a_page_whose_reader_is_killed_from_outside_is_read_by_another(reader: Pool) -> None:
    (process,) = stop_the_readers()
    threading.Timer(0.5, process.kill).start()
    assert "belavia" in tags(reader.read(task(GOOD)))
    assert not process.is_running()


@pytest.mark.parametrize("limits", ["page_timeout_s = 60\n"])
def test_a_page_that_loses_two_readers_is_broken_and_the_next_is_read(reader: Pool) -> None:
    async def lose_two() -> Reading:
        reading = asyncio.ensure_future(reader.readers.read(task(SLOW)))
        killed = set[int]()
        while len(killed) < 2 and not reading.done():
            await asyncio.sleep(0.05)
            for each in reader.readers._readers.values():
                if each not in reader.readers._free and each.pid not in killed:
                    os.kill(each.pid, signal.SIGKILL)
                    killed.add(each.pid)
        assert len(killed) == 2, "the page was read before two could be killed"
        return await reading

    with pytest.raises(Broken, match="extraction crashed: killed by SIGKILL"):
        reader.run(lose_two())
    assert "belavia" in tags(reader.read(task(GOOD)))


@pytest.mark.parametrize("limits", ["page_timeout_s = 60\n"])
def test_big_pages_never_have_the_last_reader(started: Callable[[int], Pool]) -> None:
    assert len(SLOW) > pool.BIG
    readers = started(2)

    async def small_beside_big() -> list[Reading]:
        big = [asyncio.ensure_future(readers.readers.read(task(SLOW))) for _ in range(4)]
        await asyncio.sleep(0.2)
        read = [await readers.readers.read(task(GOOD)) for _ in range(5)]
        assert not any(each.done() for each in big), "the test's big page is not slow enough"
        for each in big:
            each.cancel()
        await asyncio.gather(*big, return_exceptions=True)
        return read

    assert len(readers.run(small_beside_big())) == 5


def test_a_stage_process_that_died_is_started_anew(reader: Pool) -> None:
    server = stage_process()
    children = stop_the_readers()

    async def die_in_mid_read() -> Reading:
        page = asyncio.ensure_future(reader.readers.read(task(GOOD)))
        await asyncio.sleep(0.3)
        server.kill()
        with pytest.raises(Unavailable):
            await page
        return await reader.readers.read(task(GOOD))

    assert reader.run(die_in_mid_read()).article.title == "Winter timetable"
    for child in children:
        child.resume()  # then it hears that its parent is gone
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert stage_process().pid != server.pid


def test_a_list_that_breaks_does_not_keep_the_stage_process_from_starting_again(
    reader: Pool, directory: WorkingDirectory
) -> None:
    directory.write(entries="- id: nobody\n  kind: ghost\n", rules="[]")
    server = stage_process()

    async def die() -> Reading:
        server.kill()
        await asyncio.sleep(0.3)
        return await reader.readers.read(task(GOOD))

    assert "belavia" in tags(reader.run(die()))
    directory.write(entries=ENTRIES.replace("belavia", "airline"), rules="[]")
    until_tagged(reader, "airline")


def until_tagged(reader: Pool, tag: str) -> None:
    """Read until the edited list is in force, which takes some seconds."""
    for _ in range(200):
        if tag in tags(reader.read(task(GOOD))):
            return
        reader.run(asyncio.sleep(0.1))
    pytest.fail("the edited list is never in force")


def test_closing_leaves_no_process(context: Context) -> None:
    opened = Pool(context, 3)
    server = stage_process()
    family = [server, *server.children()]
    opened.close()
    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_a_broken_watchlist_is_said_before_any_page_is_taken(
    context: Context, directory: WorkingDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    directory.write(settings=LOOPBACK, entries="- id: nobody\n  kind: ghost\n")
    with pytest.raises(Unavailable, match="did not start"):
        Pool(context, 1)
    assert "entries.yml:" in capfd.readouterr().err


def test_a_list_edited_while_no_page_comes_is_in_force_when_the_next_edit_is_broken(
    reader: Pool, directory: WorkingDirectory
) -> None:
    assert "belavia" in tags(reader.read(task(GOOD)))
    (process,) = stage_process().children()
    directory.write(entries=ENTRIES.replace("belavia", "airline"), rules="[]")
    reader.run(asyncio.to_thread(process.wait, 20))  # replaced by one that has the edited list
    directory.write(entries="- id: nobody\n  kind: ghost\n", rules="[]")
    assert "airline" in tags(reader.read(task(GOOD)))


def test_a_reader_is_replaced_after_so_many_pages(
    reader: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PAGES_A_READER", 3)
    (process,) = stage_process().children()
    for _ in range(3):
        reader.read(task(GOOD))
    assert "belavia" in tags(reader.read(task(GOOD)))
    assert [child.pid for child in stage_process().children()] != [process.pid]


def test_the_whole_site_reads_alike_in_line_and_in_readers(
    started: Callable[[int], Pool], context: Context
) -> None:
    site = DemoSite()

    async def fetched() -> list[Page]:
        async with Door(context.limits) as door:
            return [await door.fetch(site.url(article)) for article in site.articles[:6]]

    with site.run_in_thread():
        pages = asyncio.run(fetched())
    readers = started(2)
    read = readers.read_all(*[Task(page) for page in pages])
    for page, result in zip(pages, read, strict=True):
        try:
            expected: Reading | IngestError = readers.run(InLine(context.lists).read(Task(page)))
        except IngestError as error:
            assert str(result) == str(error)
        else:
            assert result == expected


@pytest.mark.parametrize("limits", ["page_timeout_s = 60\n"])
def test_a_cancelled_job_does_not_hand_its_answer_to_the_next_page(reader: Pool) -> None:
    async def cancel_in_mid_read() -> Reading:
        stop_the_readers()
        late = asyncio.ensure_future(reader.readers.read(task(GOOD)))
        await asyncio.sleep(0.3)
        late.cancel()
        await asyncio.wait({late})
        other = GOOD.replace("Winter timetable", "Summer timetable")
        return await reader.readers.read(task(other))

    assert reader.run(cancel_in_mid_read()).article.title == "Summer timetable"


def test_the_last_good_copy_follows_the_lists(
    reader: Pool, directory: WorkingDirectory, context: Context
) -> None:
    kept = context.settings.data_dir / "last-good/watchlist"
    assert _texts(kept) == _texts(directory.path / "config/watchlist")
    (directory.path / "config/watchlist/rules.yml").unlink()
    (directory.path / "config/watchlist/more.yml").write_text("[]", encoding="utf-8")
    for _ in range(200):
        if _texts(kept) == _texts(directory.path / "config/watchlist"):
            return
        time.sleep(0.1)
    assert _texts(kept) == _texts(directory.path / "config/watchlist")


def _texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
