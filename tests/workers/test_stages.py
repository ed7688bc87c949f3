"""Pages are read in a child that can be killed; whatever a page does, the next one is read."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
import pytest

from pipeline.errors import Broken, Rejected, Unavailable
from pipeline.records import Page
from tests.worlds.directory import ENTRIES, LOOPBACK, WorkingDirectory
from workers import stages
from workers.context import Context
from workers.demo.site import DemoSite
from workers.stages import Child, InLine, Task

SENTENCE = "Belavia said on Friday that its winter timetable would not change this year. "
HEAD = "<html><head><title>Winter timetable</title></head><body><article><h1>Winter timetable</h1>"
GOOD = f"{HEAD}<p>{SENTENCE * 6}</p><p>{SENTENCE * 6}</p></article></body></html>"
SLOW = (
    HEAD + "<p " + " ".join(f"a{n}='x'" for n in range(200_000)) + f">{SENTENCE * 9}</p></article>"
)
"""A parser needs tens of seconds for so many attributes on one element (research: extraction)."""
GREEDY = HEAD + "".join(f"<div><a href='/{n}'>x{n}</a></div>" for n in range(150_000))


def task(html: str) -> Task:
    url = "http://127.0.0.1/2025/10/17/winter-timetable"
    headers = {"content-type": "text/html; charset=utf-8"}
    return Task(Page(url, url, 200, headers, html.encode(), datetime.now(UTC), 1))


@pytest.fixture
def limits() -> str:
    return "page_timeout_s = 10\n"


@pytest.fixture
def child(context: Context, directory: WorkingDirectory, limits: str) -> Iterator[Child]:
    directory.write(settings=f"{LOOPBACK}[work]\n{limits}")
    started = Child(context)
    yield started
    started.close()


def test_a_child_reads_a_page_as_it_is_read_in_line(child: Child, context: Context) -> None:
    assert child.read(task(GOOD)) == InLine(context).read(task(GOOD))


def test_what_is_no_article_is_rejected_with_its_reason(child: Child) -> None:
    with pytest.raises(Rejected) as rejected:
        child.read(task("<html><body></body></html>"))
    assert rejected.value.reason


@pytest.mark.parametrize("limits", ["page_timeout_s = 1\n"])
def test_a_page_that_takes_too_long_is_broken_and_the_next_is_read(child: Child) -> None:
    with pytest.raises(Broken, match="extraction timeout"):
        child.read(task(SLOW))
    assert "belavia" in {tag.id for tag in child.read(task(GOOD)).tags}


@pytest.mark.parametrize("limits", ["page_timeout_s = 30\npage_memory_mb = 64\n"])
def test_a_page_that_takes_too_much_memory_is_broken_and_the_next_is_read(child: Child) -> None:
    with pytest.raises(Broken, match=r"extraction (out of memory|crashed)"):
        child.read(task(GREEDY))
    assert "belavia" in {tag.id for tag in child.read(task(GOOD)).tags}


@pytest.mark.parametrize("limits", ["page_timeout_s = 60\n"])
def test_a_page_that_kills_its_process_is_broken_and_the_next_is_read(child: Child) -> None:
    server = next(p for p in psutil.Process().children() if "stage_process" in str(p.cmdline()))

    def kill_the_reader() -> None:
        time.sleep(0.5)  # it is in the parser by then
        for reader in server.children():
            reader.kill()

    threading.Thread(target=kill_the_reader).start()
    with pytest.raises(Broken, match="extraction crashed: killed by SIGKILL"):
        child.read(task(SLOW))
    assert "belavia" in {tag.id for tag in child.read(task(GOOD)).tags}


def test_a_stage_process_that_died_is_started_anew(child: Child) -> None:
    server = next(p for p in psutil.Process().children() if "stage_process" in str(p.cmdline()))
    reader = server.children()[0]
    server.kill()
    with pytest.raises(Unavailable):
        child.read(task(GOOD))
    assert child.read(task(GOOD)).article.title == "Winter timetable"
    reader.wait(10)


def test_closing_leaves_no_process(context: Context, directory: WorkingDirectory) -> None:
    started = Child(context)
    server = next(p for p in psutil.Process().children() if "stage_process" in str(p.cmdline()))
    family = [server, *server.children()]
    started.close()
    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_a_broken_watchlist_is_said_before_any_page_is_taken(
    context: Context, directory: WorkingDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    directory.write(settings=LOOPBACK, entries="- id: nobody\n  kind: ghost\n")
    with pytest.raises(Unavailable, match="did not start"):
        Child(context)
    assert "entries.yml:" in capfd.readouterr().err


def test_a_list_edited_while_no_page_comes_is_in_force_when_the_next_edit_is_broken(
    child: Child, directory: WorkingDirectory
) -> None:
    assert "belavia" in {tag.id for tag in child.read(task(GOOD)).tags}
    server = next(p for p in psutil.Process().children() if "stage_process" in str(p.cmdline()))
    (reader,) = server.children()
    directory.write(entries=ENTRIES.replace("belavia", "airline"), rules="[]")
    reader.wait(20)  # it is replaced by one that has the edited list
    directory.write(entries="- id: nobody\n  kind: ghost\n", rules="[]")
    assert "airline" in {tag.id for tag in child.read(task(GOOD)).tags}


def test_the_whole_site_reads_alike_in_line_and_in_a_child(child: Child, context: Context) -> None:
    site = DemoSite()
    with site.run_in_thread():
        pages = [context.fetcher.fetch(site.url(article)) for article in site.articles[:6]]
    assert stages.current(context).read(Task(pages[0])) == child.read(Task(pages[0]))
    for page in pages[1:]:
        assert child.read(Task(page)) == InLine(context).read(Task(page))


@pytest.mark.parametrize("limits", ["page_timeout_s = 60\n"])
def test_a_time_limit_in_mid_read_does_not_hand_the_answer_to_the_next_page(child: Child) -> None:
    class TimeIsUp(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise TimeIsUp

    main = threading.main_thread().ident
    assert main is not None
    previous = signal.signal(signal.SIGUSR1, interrupt)
    alarm = threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGUSR1))
    try:
        alarm.start()
        with pytest.raises(TimeIsUp):
            child.read(task(SLOW))
    finally:
        alarm.join()
        signal.signal(signal.SIGUSR1, previous)
    other = GOOD.replace("Winter timetable", "Summer timetable")
    assert child.read(task(other)).article.title == "Summer timetable"
