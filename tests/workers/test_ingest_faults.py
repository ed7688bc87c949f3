"""A job may run twice, be killed anywhere or meet a bug of ours: the URL is not lost by it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from datetime import timedelta
from typing import Any

import pytest
import redis
from rq import Queue
from rq.job import Job
from rq.registry import FailedJobRegistry

from pipeline.errors import Broken, Unavailable
from pipeline.language import detector
from pipeline.records import Page
from pipeline.store import urls as url_store
from pipeline.store.schema import alerts, records
from tests.worlds import ledger
from tests.worlds.newsroom import Answer, Newsroom, article
from tests.worlds.programs import eventually, running
from workers import queues, runs
from workers.context import Context, utc_now
from workers.politeness import Turns
from workers.stages import InLine, Reading, Task
from workers.visits import Visits
from workers.worker import work

# -- once, whatever happens --------------------------------------------------------------------


def test_running_a_job_twice_changes_nothing(context: Context, newsroom: Newsroom) -> None:
    url = newsroom.serve("/a.html", article("Once only"))
    ledger.ingest(context, url)
    before, story = ledger.snapshot(context), ledger.story(context, url)
    assert ledger.run_again(context, url) == "nothing to do"
    assert ledger.snapshot(context) == before
    assert ledger.story(context, url) == story
    assert len(newsroom.visits("/a.html")) == 1


def test_who_lost_the_claim_in_mid_run_writes_nothing(
    context: Context, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was stopped for so long that another one took its URL over."""
    url = newsroom.serve("/a.html", article("Overtaken"))
    ledger.enqueue(context, url)
    overtaking = Visits.fetch

    async def fetch(visits: Visits, address: str, **options: Any) -> Page:
        page = await overtaking(visits, address, **options)
        if len(newsroom.visits("/a.html")) == 1:
            ledger.expire_leases(context)
            queues.reconcile(context.database, context.redis, utc_now(), 6)
            assert await asyncio.to_thread(ledger.run_again, context, url) == "stored"
        return page

    monkeypatch.setattr(Visits, "fetch", fetch)
    assert ledger.run_again(context, url) == "overtaken"
    assert ledger.row(context, url).state == "stored"
    assert ledger.told(context, url).count("stored") == 1
    assert ledger.number_of(context, records) == 1
    assert ledger.number_of(context, alerts) == 2


@pytest.mark.parametrize(
    "late", [Answer("<h1>gone</h1>", status=410), Answer("busy", status=503)], ids=["ends", "waits"]
)
def test_who_lost_the_claim_does_not_move_the_url_of_who_has_it(
    context: Context, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, late: Answer
) -> None:
    url = newsroom.serve("/a.html", late)
    ledger.enqueue(context, url)
    row, real_fetch, held = ledger.row(context, url), Visits.fetch, []

    async def fetch(visits: Visits, address: str, **options: Any) -> Page:
        page = await real_fetch(visits, address, **options)
        ledger.expire_leases(context)
        queues.reconcile(context.database, context.redis, utc_now(), 6)
        with context.database.write() as tx:
            held.append(url_store.claim(tx, row.key, row.generation, "other", utc_now(), 60))
        return page

    monkeypatch.setattr(Visits, "fetch", fetch)
    ledger.run_again(context, url)
    now = ledger.row(context, url)
    assert (now.state, now.lease_owner, now.attempts) == ("fetching", "other", 1)
    assert ledger.told(context, url) == ["queued", "recovered"]
    with context.database.write() as tx:
        assert url_store.finish(tx, held[0], utc_now(), "waiting", reason="x", due_at=utc_now())


def test_a_worker_killed_in_mid_run_loses_nothing(context: Context, newsroom: Newsroom) -> None:
    open_up = threading.Event()
    page = article("The worker dies over this one")
    url = newsroom.serve("/a.html", Answer(page.body, after=open_up), page)
    ledger.enqueue(context, url)
    with running(context.directory, "work") as program:
        eventually(lambda: newsroom.visits("/a.html"), "the worker fetched", 40)
        os.kill(program.process.pid, signal.SIGKILL)
        program.wait()
    open_up.set()
    assert ledger.row(context, url).state == "fetching"
    ledger.expire_leases(context)
    ledger.drain(context)
    row = ledger.row(context, url)
    assert (row.state, row.claims) == ("stored", 2)
    assert ledger.number_of(context, records) == 1
    assert ledger.number_of(context, alerts) == 2
    assert ledger.told(context, url)[:2] == ["queued", "recovered"]


def test_a_page_that_kills_every_worker_ends_failed(context: Context, newsroom: Newsroom) -> None:
    url = newsroom.serve("/a.html", article("Poison"))
    ledger.enqueue(context, url)
    row = ledger.row(context, url)
    for _ in range(ledger.max_attempts(context)):
        with context.database.write() as tx:
            assert url_store.claim(tx, row.key, row.generation, "dead", utc_now(), 1)
        ledger.expire_leases(context)
        queues.reconcile(context.database, context.redis, utc_now(), ledger.max_attempts(context))
    row = ledger.row(context, url)
    assert (row.state, row.reason) == ("failed", "worker died")


# -- our own faults ----------------------------------------------------------------------------


@pytest.fixture
def broken_stage(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    def burst(*_given: object, **_options: object) -> None:
        raise RuntimeError("a bug in a stage")

    monkeypatch.setattr(detector, "detect", burst)
    return monkeypatch


def failed_jobs(context: Context) -> list[str]:
    return FailedJobRegistry("hand", connection=context.redis).get_job_ids()


@pytest.mark.parametrize("way", ["job", "registry"])
def test_a_bug_in_a_stage_fails_the_url_and_rq_can_requeue_it(
    context: Context, newsroom: Newsroom, broken_stage: pytest.MonkeyPatch, way: str
) -> None:
    url = newsroom.serve("/a.html", article("Meets a bug"))
    row = ledger.ingest(context, url)
    assert (row.state, row.reason) == ("failed", "internal error")
    assert "a bug in a stage" in row.detail
    assert ledger.told(context, url)[-1] == "failed"
    job_id = queues.ingest_job_id(row.key, row.generation)
    assert failed_jobs(context) == [job_id]
    job = Job.fetch(job_id, connection=context.redis)
    assert "a bug in a stage" in str(job.latest_result().exc_string)

    broken_stage.undo()
    if way == "job":
        job.requeue()
    else:
        FailedJobRegistry("hand", connection=context.redis).requeue(job_id)
    work(context, deliveries=False, burst=True)
    assert ledger.row(context, url).state == "stored"
    assert failed_jobs(context) == []


def test_a_bug_in_the_stage_process_is_told_in_the_same_way(
    context: Context, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(_stages: InLine, _task: Task) -> Reading:
        raise Broken("internal error", "KeyError('x') at body.py:7 read")

    monkeypatch.setattr(InLine, "read", read)
    url = newsroom.serve("/a.html", article("Meets a bug elsewhere"))
    row = ledger.ingest(context, url)
    assert (row.state, row.reason) == ("failed", "internal error")
    assert failed_jobs(context) == [queues.ingest_job_id(row.key, row.generation)]


def test_requeueing_an_old_job_with_rq_does_nothing_after_the_url_was_queued_by_hand(
    context: Context, newsroom: Newsroom, broken_stage: pytest.MonkeyPatch
) -> None:
    url = newsroom.serve("/a.html", article("Queued by hand since"))
    row = ledger.ingest(context, url)
    job = Job.fetch(queues.ingest_job_id(row.key, row.generation), connection=context.redis)
    broken_stage.undo()
    ledger.ingest(context, url)
    visits = len(newsroom.visits("/a.html"))
    job.requeue()
    work(context, deliveries=False, burst=True)
    assert ledger.row(context, url).state == "stored"
    assert len(newsroom.visits("/a.html")) == visits


def test_redis_away_in_mid_run_is_no_fault_of_the_url(
    context: Context, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = newsroom.serve("/a.html", article("In an outage of ours"))
    ledger.enqueue(context, url)

    async def away(*_given: object, **_options: object) -> None:
        raise redis.ConnectionError("connection refused")

    monkeypatch.setattr(Turns, "take", away)
    assert ledger.run_again(context, url) == "waiting"
    row = ledger.row(context, url)
    assert (row.state, row.reason, row.attempts) == ("waiting", "server away", 0), row.detail
    monkeypatch.undo()
    ledger.drain(context)
    row = ledger.row(context, url)
    assert (row.state, row.attempts) == ("stored", 1)


def test_a_database_away_for_a_moment_leaves_no_url_held_for_ever(
    context: Context, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker lives on and renews the leases of what it works on: not of what it gave up."""
    url = newsroom.serve("/a.html", article("The disk was full"))
    ledger.enqueue(context, url)
    real_write, away = context.database.write, threading.Event()

    def write(**options: bool):
        if away.is_set():
            raise Unavailable("database: disk I/O error")
        return real_write(**options)

    monkeypatch.setattr(context.database, "write", write)
    real_fetch = Visits.fetch

    async def fetch(visits: Visits, address: str, **options: Any) -> Page:
        page = await real_fetch(visits, address, **options)
        away.set()
        return page

    monkeypatch.setattr(Visits, "fetch", fetch)
    with pytest.raises(Unavailable):
        ledger.run_again(context, url)
    monkeypatch.undo()
    held = ledger.row(context, url)
    assert held.state == "fetching"
    with context.database.write() as tx:  # the worker's lease keeper, a moment later
        url_store.renew(tx, context.owner, utc_now() + timedelta(days=1), context.in_hand)
    later = utc_now() + timedelta(seconds=runs.LEASE_S + 1)
    queues.reconcile(context.database, context.redis, later, ledger.max_attempts(context))
    assert ledger.row(context, url).state == "queued"
    ledger.drain(context)
    assert ledger.row(context, url).state == "stored"


def test_a_job_that_waits_again_is_not_forgotten_by_redis(
    context: Context, newsroom: Newsroom
) -> None:
    """RQ lets a finished job's data expire; the same job sent again must not expire with it."""
    busy = Answer("<h1>busy</h1>", status=503)
    url = newsroom.serve("/a.html", busy, article("Second try"))
    ledger.enqueue(context, url)
    work(context, deliveries=False, burst=True)
    ledger.wake_all(context)
    queues.reconcile(context.database, context.redis, utc_now(), 6)
    queue = Queue("hand", connection=context.redis)
    (job_id,) = queue.job_ids
    assert context.redis.ttl(Job.key_for(job_id)) == -1


@pytest.mark.parametrize("bad", ["\\ud83d", "\\u0000", "&#xD800;", "\x00"])
def test_characters_that_no_database_can_hold_do_not_cost_the_article(
    context: Context, newsroom: Newsroom, bad: str
) -> None:
    headline = f"Belavia {bad} keeps its winter schedule"
    page = str(article("Belavia keeps its winter schedule").body).replace(
        "</head>",
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": '
        f'"NewsArticle", "headline": "{headline}", "author": {{"@type": "Person", "name": '
        f'"Anna {bad} Petrova"}}, "datePublished": "2025-10-17T09:30:00+03:00"}}</script></head>',
    )
    page = page.replace("<h1>Belavia keeps", f"<h1>Belavia {bad} keeps")
    url = newsroom.serve("/a.html", Answer(page))
    row = ledger.ingest(context, url)
    assert (row.state, row.reason, row.detail) == ("stored", None, None)


# -- the network -------------------------------------------------------------------------------


def test_a_name_that_is_not_found_is_tried_again_later(context: Context) -> None:
    """The resolver may be gone, not the site: that is no end of a URL."""
    url = "http://news.invalid/2025/10/17/a.html"
    ledger.enqueue(context, url)
    assert ledger.run_again(context, url) == "waiting"
    found = ledger.row(context, url)
    assert (found.state, found.attempts) == ("waiting", 1)
    assert found.due_at > utc_now()
    assert ledger.number_of(context, records) == 0
