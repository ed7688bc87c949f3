"""One feed's trouble is that feed's state; the others go on, and none is asked twice at once."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import redis
from sqlalchemy import Row

from pipeline.store import feeds as feed_store
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import HTML, RSS, Answer, Newsroom, feed, redirect
from tests.worlds.programs import eventually, running
from workers import context as context_module
from workers import lists
from workers import poller as poller_module
from workers.context import Context
from workers.politeness import Turns
from workers.poller import Poller


def state_of(context: Context, url: str) -> Row:
    with context.database.read() as connection:
        return next(row for row in feed_store.overview(connection) if row.url == url)


def listed(context: Context) -> int:
    return sum(ledger.counts(context).values())


def entries(*urls: str) -> list[dict[str, str]]:
    return [{"url": url, "title": url} for url in urls]


CUT = '<?xml version="1.0"?><rss version="2.0"><channel><title>Cut</title><item><ti'
EMPTY = '<?xml version="1.0"?><rss version="2.0"><channel><title>Q</title></channel></rss>'


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer("<!DOCTYPE html><html><body>Moved</body></html>", content_type=HTML), "html"),
        (Answer("", content_type=RSS), "empty"),
        (Answer("x" * 200_000, content_type=RSS), "too large"),
        (Answer("Service is busy\n", content_type=RSS), "not a feed"),
        (Answer(b"\x00\xff\xfe" * 99, content_type=RSS), ""),
        (Answer(EMPTY, content_type=RSS), "no items"),
        (Answer(CUT, content_type=RSS), ""),
        (Answer("<h1>broken</h1>", status=500), "HTTP 500"),
        (Answer("<h1>no</h1>", status=404), "HTTP 404"),
        (Answer("<h1>gone</h1>", status=410), "gone"),
        (Answer("never", after=threading.Event()), "timeout"),
        (redirect("/bad.xml"), "redirect loop"),
        (redirect("gopher://example.org/"), "not an http(s) URL"),
    ],
    ids=["html", "empty", "huge", "text", "bytes", "no items", "cut", "500", "404", "410", "hangs",
         "loop", "gopher"],
)  # fmt: skip
def test_a_feeds_failure_is_its_own_and_the_others_go_on(
    reopened: Callable[..., Context], newsroom: Newsroom, answer: Answer, error: str
) -> None:
    good = newsroom.serve("/good.xml", feed("http://127.0.0.1:9/1", "http://127.0.0.1:9/2"))
    bad = newsroom.serve("/bad.xml", answer)
    settings = LOOPBACK.replace("timeout_s = 5", "timeout_s = 0.5\nmax_bytes = 100000")
    context = reopened(settings, feeds=entries(bad, good))
    ledger.poll_all(context)
    troubled, fine = state_of(context, bad), state_of(context, good)
    assert troubled.last_error
    assert error.lower() in troubled.last_error.lower()
    if error not in ("no items", "gone"):  # these are states of a feed that works
        assert troubled.state["failures"] > 0
    assert (troubled.polls, troubled.listed, troubled.lease_owner) == (1, 0, None)
    assert (fine.last_error, fine.listed, fine.last_status) == (None, 2, 200)
    assert listed(context) == 2


def test_a_feed_that_recovers_is_healthy_again(context: Context, newsroom: Newsroom,
                                               directory: WorkingDirectory) -> None:  # fmt: skip
    url = newsroom.serve("/f.xml", Answer("oops", status=500), feed("http://127.0.0.1:9/1"))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    ledger.poll_all(context)
    ledger.poll_all(context)
    row = state_of(context, url)
    assert (row.last_error, row.state.get("failures", 0), row.listed, row.polls) == (None, 0, 1, 2)


def test_a_bug_with_one_feed_is_that_feeds_failure(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = newsroom.serve("/good.xml", feed("http://127.0.0.1:9/1"))
    bad = newsroom.serve("/bad.xml", feed("http://127.0.0.1:9/2", title="bad"))
    directory.write(settings=LOOPBACK, feeds=entries(bad, good))
    real = poller_module.parse

    def parse(body: bytes, *rest: object, **options: object):
        if b"bad" in body:
            raise RecursionError("a bug")
        return real(body, *rest, **options)

    monkeypatch.setattr(poller_module, "parse", parse)
    ledger.poll_all(context)
    assert "internal error" in state_of(context, bad).last_error
    assert state_of(context, good).listed == 1


def test_links_that_are_no_news_are_left_out(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    links = ["http://127.0.0.1:9/1", "mailto:a@example.org", "javascript:void(0)", "http://[::bad"]
    url = newsroom.serve("/f.xml", feed(*links))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    ledger.poll_all(context)
    assert listed(context) == 1


def test_a_date_without_a_zone_is_in_the_feeds_own(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    link = "http://127.0.0.1:9/1"
    body = str(feed(link).body).replace("Fri, 17 Oct 2025 06:30:00 GMT", "2025-10-17 09:30:00")
    url = newsroom.serve("/f.xml", Answer(body, content_type=RSS))
    directory.write(settings=LOOPBACK, feeds=[{"url": url, "zone": "Europe/Minsk"}])
    ledger.poll_all(context)
    with context.database.read() as connection:
        listed_as = (1, ledger.row(context, link).key)
        said = feed_store.listings(connection, [listed_as])
    assert said[listed_as].published_at == datetime(2025, 10, 17, 6, 30, tzinfo=UTC)


# -- conditional requests ----------------------------------------------------------------------


def test_validators_are_sent_back_exactly_as_they_came(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    validators = {"ETag": "W/\"a-1 'x' ,;\"", "Last-Modified": "yesterday, about noon"}
    body = feed("http://127.0.0.1:9/1")
    full = Answer(body.body, content_type=RSS, headers=validators)
    url = newsroom.serve("/f.xml", full, Answer(status=304))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    ledger.poll_all(context)
    ledger.poll_all(context)
    ledger.poll_all(context)
    first, second, third = newsroom.visits("/f.xml")
    assert "if-none-match" not in first.headers
    for visit in (second, third):
        assert visit.headers["if-none-match"] == validators["ETag"]
        assert visit.headers["if-modified-since"] == validators["Last-Modified"]
    row = state_of(context, url)
    assert (row.last_status, row.last_error, row.polls, row.listed) == (304, None, 3, 1)


def test_a_failure_in_between_keeps_the_validators(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    body = feed("http://127.0.0.1:9/1")
    full = Answer(body.body, content_type=RSS, headers={"ETag": '"one"'})
    broken = Answer("<html>broken</html>", status=500, headers={"ETag": '"error page"'})
    url = newsroom.serve("/f.xml", full, broken, Answer(status=304))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    for _ in range(3):
        ledger.poll_all(context)
    assert newsroom.visits("/f.xml")[2].headers["if-none-match"] == '"one"'


def test_the_same_entries_again_make_no_new_urls(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    links = ["http://127.0.0.1:9/1", "http://127.0.0.1:9/2?utm_source=rss", "http://127.0.0.1:9/1"]
    more = [*links, "http://127.0.0.1:9/2", "http://127.0.0.1:9/3"]
    url = newsroom.serve("/f.xml", feed(*links), feed(*more))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    ledger.poll_all(context)
    assert listed(context) == 2
    ledger.poll_all(context)
    assert listed(context) == 3


# -- sitemap indexes ---------------------------------------------------------------------------

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(*links: str) -> Answer:
    rows = "".join(f"<url><loc>{link}</loc></url>" for link in links)
    return Answer(f"<urlset {NS}>{rows}</urlset>", content_type="text/xml")


def index_of(newsroom: Newsroom, *paths: str) -> Answer:
    rows = "".join(f"<sitemap><loc>{newsroom.base_url}{path}</loc></sitemap>" for path in paths)
    validators = {"ETag": '"always the same"'}
    return Answer(f"<sitemapindex {NS}>{rows}</sitemapindex>", content_type="text/xml",
                  headers=validators)  # fmt: skip


def test_a_sitemap_index_is_one_feed_of_its_sitemaps(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    one, two, three = (f"http://127.0.0.1:9/{n}" for n in range(3))
    url = newsroom.serve("/i.xml", index_of(newsroom, "/a.xml", "/b.xml", "/none.xml"))
    newsroom.serve("/a.xml", sitemap(one), sitemap(one), sitemap(one, three))
    newsroom.serve("/b.xml", sitemap(two))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    ledger.poll_all(context)
    assert (listed(context), state_of(context, url).last_error) == (2, None)
    ledger.poll_all(context)
    assert state_of(context, url).state["status"] != "broken"
    ledger.poll_all(context)
    assert listed(context) == 3, "the index is as before, a sitemap in it is not"
    for visit in newsroom.visits("/i.xml"):
        assert "if-none-match" not in visit.headers


def test_an_index_whose_sitemaps_fail_is_that_feeds_failure(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    dead = newsroom.serve("/i.xml", index_of(newsroom, "/none.xml"))
    empty = newsroom.serve("/e.xml", index_of(newsroom, "/empty.xml"))
    newsroom.serve("/empty.xml", sitemap())
    directory.write(settings=LOOPBACK, feeds=entries(dead, empty))
    ledger.poll_all(context)
    assert state_of(context, dead).last_error == "HTTP 404"
    assert state_of(context, empty).last_error == "no items"


# -- one poller a feed -------------------------------------------------------------------------


def test_two_pollers_never_poll_one_feed_at_the_same_time(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    paths = [f"/{number}.xml" for number in range(30)]
    urls = [newsroom.serve(path, feed(f"http://127.0.0.1:9{path}")) for path in paths]
    directory.write(settings=LOOPBACK + "[poll]\nconcurrency = 3\n", feeds=entries(*urls))
    with context.database.write() as tx:
        feed_store.sync(tx, context.feeds, context_module.utc_now())
    start = threading.Barrier(2)

    def poll() -> int:
        world = Context(directory.path)

        async def run() -> int:
            poller = Poller(world)
            task = asyncio.create_task(poller.run())
            async with asyncio.timeout(30):
                while listed(world) < len(paths):
                    await asyncio.sleep(0.02)
            poller.stop()
            return await task

        start.wait()
        made = asyncio.run(run())
        world.close()
        return made

    with ThreadPoolExecutor(2) as pool:
        made = [future.result() for future in [pool.submit(poll), pool.submit(poll)]]
    assert sum(made) == len(paths)
    assert min(made) > 0, "one poller did it all: nothing was tested"
    assert sorted(visit.path for visit in newsroom.requests) == sorted(paths)
    assert {state_of(context, url).polls for url in urls} == {1}


def test_a_feed_under_lease_is_left_alone_until_the_lease_ends(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    url = newsroom.serve("/f.xml", feed("http://127.0.0.1:9/1"))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    now = context_module.utc_now()
    with context.database.write() as tx:
        feed_store.sync(tx, context.feeds, now)
        assert len(feed_store.claim_due(tx, "another poller", now, 9, 60)) == 1
    ledger.poll_all(context)
    assert newsroom.requests == []
    with context.database.write() as tx:
        taken = feed_store.claim_due(tx, "me", now + timedelta(seconds=61), 9, 60)
    assert [due.url for due in taken] == [url]


def test_a_killed_pollers_feed_is_polled_by_another(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    open_up = threading.Event()
    page = feed("http://127.0.0.1:9/1")
    url = newsroom.serve("/f.xml", Answer(page.body, content_type=RSS, after=open_up), page)
    directory.write(settings=LOOPBACK, feeds=entries(url))
    with running(directory.path, "poll") as program:
        eventually(lambda: newsroom.visits("/f.xml"), "the poller asked")
        os.kill(program.process.pid, signal.SIGKILL)
        program.wait()
    open_up.set()
    assert state_of(context, url).lease_owner
    later = context_module.utc_now() + timedelta(seconds=poller_module.LEASE_S + 1)
    monkeypatch.setattr(poller_module, "utc_now", lambda: later)
    ledger.poll_all(context)
    row = state_of(context, url)
    assert (row.polls, row.listed, row.lease_owner) == (1, 1, None)


# -- the list is edited while it runs ----------------------------------------------------------


def test_an_edited_list_is_taken_up_and_a_broken_one_is_not(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(lists, "RELOAD_CHECK_S", 0.0)
    monkeypatch.setattr(poller_module, "TICK_S", 0.02)
    one, two, three = (
        newsroom.serve(f"/{n}.xml", feed(f"http://127.0.0.1:9/{n}")) for n in range(3)
    )
    directory.write(settings=LOOPBACK, feeds=entries(one))
    file = directory.path / "config/feeds.yml"

    async def wait_for(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not await asyncio.to_thread(condition):
                await asyncio.sleep(0.02)

    def enabled() -> set[str]:
        with context.database.read() as connection:
            return {row.url for row in feed_store.overview(connection) if row.enabled}

    async def edit() -> None:
        poller = Poller(context)
        running = asyncio.create_task(poller.run())
        await wait_for(lambda: newsroom.visits("/0.xml"))
        for broken in ("- url: [", "- url: no address\n", "just text\n", b"\xff\xfe\x00 - url"):
            data = broken if isinstance(broken, bytes) else broken.encode()
            file.write_bytes(data)
            await asyncio.sleep(0.1)
            assert not running.done()
            assert await asyncio.to_thread(enabled) == {one}
        directory.write(settings=LOOPBACK, feeds=entries(one, two))
        await wait_for(lambda: newsroom.visits("/1.xml"))
        directory.write(settings=LOOPBACK, feeds=entries(three))
        await wait_for(lambda: newsroom.visits("/2.xml"))
        assert await asyncio.to_thread(enabled) == {three}
        poller.stop()
        await running

    asyncio.run(edit())
    assert state_of(context, one).listed == 1, "a feed no longer listed keeps what it learned"


# -- one bad line must not cost the feed -------------------------------------------------------


@pytest.mark.parametrize("title", ["cut \\ud800 here", "nul \\u0000 here"])
def test_a_title_that_no_database_can_hold_does_not_cost_the_feed(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory, title: str
) -> None:
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": ['
        f'{{"id": "1", "url": "http://127.0.0.1:9/1", "title": "{title}"}},'
        '{"id": "2", "url": "http://127.0.0.1:9/2", "title": "fine"}]}'
    )
    url = newsroom.serve("/f.json", Answer(body, content_type="application/feed+json"))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    ledger.poll_all(context)
    row = state_of(context, url)
    assert (row.last_error, row.listed) == (None, 2)


# -- our own outages blame no feed -------------------------------------------------------------


def test_stopping_in_the_middle_of_a_slow_poll_blames_no_feed(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(poller_module, "PATIENCE_S", 0.2)
    url = newsroom.serve("/f.xml", Answer("never", after=threading.Event()))
    directory.write(settings=LOOPBACK, feeds=entries(url))

    async def run() -> None:
        poller = Poller(context)
        task = asyncio.create_task(poller.run())
        async with asyncio.timeout(20):
            while not newsroom.visits("/f.xml"):
                await asyncio.sleep(0.02)
        poller.stop()
        await task

    asyncio.run(run())
    row = state_of(context, url)
    assert (row.last_error, row.polls) == (None, 0)


def test_a_redis_outage_in_mid_poll_delays_the_feed_by_seconds_only(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(poller_module, "TICK_S", 0.02)
    monkeypatch.setattr(poller_module, "AWAY_S", 0.1)
    url = newsroom.serve("/f.xml", feed("http://127.0.0.1:9/1"))
    directory.write(settings=LOOPBACK, feeds=entries(url))
    real, failures = Turns.take, [1, 2, 3]

    async def take(*given: object, **options: object):
        if failures:
            failures.pop()
            raise redis.ConnectionError("away")
        return await real(*given, **options)

    monkeypatch.setattr(Turns, "take", take)

    async def run() -> None:
        poller = Poller(context)
        task = asyncio.create_task(poller.run())
        async with asyncio.timeout(20):
            while not await asyncio.to_thread(listed, context):
                await asyncio.sleep(0.02)
        poller.stop()
        await task

    asyncio.run(run())
    row = state_of(context, url)
    assert (row.last_error, row.polls, row.listed) == (None, 1, 1)
