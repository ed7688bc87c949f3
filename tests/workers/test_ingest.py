"""How one URL ends, on a site that answers as badly as sites do: state, reason, full story."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.store import records as record_store
from pipeline.store import schema
from pipeline.store.schema import alerts, records
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK
from tests.worlds.newsroom import HTML, Answer, Newsroom, article, redirect
from workers import endings
from workers.context import Context, utc_now
from workers.worker import work

SERVED = ["queued", "fetched", "extracted", "language", "tagged", "stored"]
IMPATIENT = LOOPBACK.replace("timeout_s = 5", "timeout_s = 0.5") + "[work]\nmax_attempts = 2\n"

LOGIN = (
    '<html><head><title>Log in</title></head><body><h1>Log in</h1><form id="login" action="/login" '
    'method="post"><label>E-mail <input type="email" name="login"></label><label>Password '
    '<input type="password" name="password"></label><button>Log in</button></form></body></html>'
)


def test_an_article_is_stored_with_its_full_story(context: Context, newsroom: Newsroom) -> None:
    url = newsroom.serve("/a.html", article("Belavia keeps its schedule"))
    row = ledger.ingest(context, url)
    assert row.state == "stored"
    assert row.record_id == row.key
    told = [event for event in ledger.told(context, url) if event != "alert"]
    assert told == SERVED
    assert {"belavia", "lukashenko"} <= set(ledger.story(context, url)[4]["data"]["tags"])
    assert ledger.number_of(context, alerts) == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"%PDF-1.4\n", content_type="application/pdf"), "not HTML"),
        (Answer(b"%PDF-1.4\n%binary", content_type=HTML), "not HTML"),
        (Answer(LOGIN), "login"),
        (Answer("<h1>gone away</h1>", status=404), "not found"),
        (Answer("<h1>gone for good</h1>", status=410), "gone"),
        (Answer("<h1>no</h1>", status=401), "login required"),
        (Answer("<h1>no</h1>", status=403), "forbidden"),
        (Answer("", status=200), "empty page"),
        (Answer("", status=204), ""),
        (redirect("/bad"), "redirect loop"),
        (redirect("/bad?again=1"), "redirect loop"),
        (redirect("ftp://example.org/news"), "not an http(s) URL"),
        (redirect("http://user:word@127.0.0.1/"), "credentials in URL"),
        (redirect("/"), "front page"),
        (Answer("<p>" + "x" * 200_000), "too large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_article_is_rejected_at_once_with_its_reason(
    reopened: Callable[..., Context], newsroom: Newsroom, answer: Answer, reason: str
) -> None:
    context = reopened(LOOPBACK + "max_bytes = 100000\n")
    newsroom.serve("/", article("Front page"))
    url = newsroom.serve("/bad", answer)
    row = ledger.ingest(context, url)
    assert (row.state, row.record_id) == ("rejected", None)
    assert reason.lower() in f"{row.reason}".lower()
    story = ledger.story(context, url)
    assert story[0]["event"] == "queued"
    assert story[-1]["event"] == "rejected"
    assert story[-1]["data"]["reason"] == row.reason
    assert sum(ledger.counts(context).values()) == 1
    assert ledger.number_of(context, records) == 0


def test_a_private_address_is_refused_unless_the_settings_allow_it(
    reopened: Callable[..., Context], newsroom: Newsroom
) -> None:
    context = reopened('[fetch]\nper_site_gap_s = 0\nuser_agent = "Wirewatch-test/0.1"\n')
    url = newsroom.serve("/a.html", article("Inside"))
    row = ledger.ingest(context, url)
    assert (row.state, row.reason) == ("rejected", "address not allowed")
    assert newsroom.requests == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("<h1>broken</h1>", status=500), "HTTP 500"),
        (Answer("<h1>busy</h1>", status=503), "HTTP 503"),
        (Answer("slow down", status=429), "HTTP 429"),
        (Answer("never", after=threading.Event()), "timeout"),
    ],
    ids=["500", "503", "429", "never answers"],
)
def test_what_may_pass_is_tried_until_the_attempts_are_used_up(
    reopened: Callable[..., Context], newsroom: Newsroom, answer: Answer, reason: str
) -> None:
    context = reopened(IMPATIENT)
    url = newsroom.serve("/bad", answer)
    row = ledger.ingest(context, url)
    assert (row.state, row.reason, row.attempts) == ("failed", reason, 2)
    assert len(newsroom.visits("/bad")) == 2
    told = ledger.told(context, url)
    assert [event for event in told if event != "fetched"] == ["queued", "waiting", "failed"]


def test_a_server_error_that_passes_ends_stored(context: Context, newsroom: Newsroom) -> None:
    busy = Answer("<h1>busy</h1>", status=502)
    url = newsroom.serve("/a.html", busy, busy, article("After the outage"))
    row = ledger.ingest(context, url)
    assert (row.state, row.attempts) == ("stored", 3)
    assert row.reason is None
    assert ledger.told(context, url).count("waiting") == 2


def test_retry_after_is_waited_for(context: Context, newsroom: Newsroom) -> None:
    limit = Answer("slow down", status=429, headers={"Retry-After": "900"})
    url = newsroom.serve("/a.html", limit, article("After the limit"))
    before = utc_now()
    ledger.enqueue(context, url)
    work(context, deliveries=False, burst=True)
    row = ledger.row(context, url)
    assert (row.state, row.reason) == ("waiting", "HTTP 429")
    assert row.due_at >= before + timedelta(seconds=900)
    ledger.run_jobs(context)
    assert len(newsroom.visits("/a.html")) == 1, "it was asked again before its time"
    ledger.drain(context)
    assert ledger.row(context, url).state == "stored"


# -- robots.txt --------------------------------------------------------------------------------


def robots(text: str, status: int = 200) -> Answer:
    return Answer(text, status=status, content_type="text/plain")


def test_what_robots_txt_disallows_is_never_fetched(context: Context, newsroom: Newsroom) -> None:
    newsroom.serve("/robots.txt", robots("User-agent: *\nDisallow: /secret/\n"))
    url = newsroom.serve("/secret/a.html", article("Secret"))
    row = ledger.ingest(context, url)
    assert (row.state, row.reason) == ("rejected", "disallowed by robots.txt")
    assert newsroom.visits("/secret/a.html") == []


def test_robots_txt_is_asked_once_for_many_articles(context: Context, newsroom: Newsroom) -> None:
    newsroom.serve("/robots.txt", robots("User-agent: *\nDisallow:\n"))
    ledger.enqueue(context, *newsroom.serve_articles(range(5)))
    ledger.drain(context)
    assert ledger.counts(context)["stored"] == 5
    assert len(newsroom.visits("/robots.txt")) == 1


def test_a_failing_robots_txt_makes_the_url_wait_and_not_the_site_be_asked(
    context: Context, newsroom: Newsroom
) -> None:
    newsroom.serve("/robots.txt", robots("oops", status=503), robots("User-agent: *\nDisallow:\n"))
    url = newsroom.serve("/a.html", article("After robots.txt"))
    ledger.enqueue(context, url)
    work(context, deliveries=False, burst=True)
    row = ledger.row(context, url)
    assert (row.state, row.reason) == ("waiting", "robots.txt not available")
    assert row.detail == "HTTP 503"
    assert newsroom.visits("/a.html") == []
    for key in context.redis.keys("wirewatch:robots.txt:*"):
        context.redis.delete(key)  # its time has passed
    ledger.drain(context)
    assert ledger.row(context, url).state == "stored"


def test_a_url_queued_by_hand_asks_again_for_a_robots_txt_that_failed(
    context: Context, newsroom: Newsroom
) -> None:
    newsroom.serve("/robots.txt", robots("oops", status=503), robots("User-agent: *\nDisallow:\n"))
    url = newsroom.serve("/a.html", article("The site is up again"))
    ledger.enqueue(context, url)
    work(context, deliveries=False, burst=True)
    assert ledger.row(context, url).state == "waiting"
    ledger.enqueue(context, url)
    ledger.drain(context)
    assert ledger.row(context, url).state == "stored"
    assert len(newsroom.visits("/robots.txt")) == 2


def test_a_site_that_does_not_answer_is_named_as_the_cause(context: Context) -> None:
    url = "http://127.0.0.1:9/a.html"  # discard(9): nobody listens
    ledger.enqueue(context, url)
    work(context, deliveries=False, burst=True)
    row = ledger.row(context, url)
    assert (row.state, row.reason) == ("waiting", "robots.txt not available")
    assert row.detail.startswith("connection failed")


def test_a_crawl_delay_holds_though_the_settings_ask_for_less(
    context: Context, newsroom: Newsroom
) -> None:
    newsroom.serve("/robots.txt", robots("User-agent: *\nCrawl-delay: 7\n"))
    first, second = newsroom.serve_articles(range(2))
    ledger.enqueue(context, first, second)
    work(context, deliveries=False, burst=True)
    dues = []
    for url in (first, second):
        row = ledger.row(context, url)
        assert (row.state, row.reason, row.attempts) == ("waiting", endings.SITE_BUSY, 0)
        dues.append(row.due_at)
    assert [visit.path for visit in newsroom.requests] == ["/robots.txt"]
    ledger.wake_all(context)
    ledger.run_jobs(context)
    assert len(newsroom.requests) == 1, "the site was asked again within its Crawl-delay"


# -- two names, one article --------------------------------------------------------------------


@pytest.mark.parametrize("first", ["short", "article"])
def test_a_redirecting_name_and_its_article_become_one_record(
    context: Context, newsroom: Newsroom, first: str
) -> None:
    page = newsroom.serve("/news/5127/full-article.html", article("Under two names"))
    short = newsroom.serve("/n/5127", redirect("/news/5127/full-article.html", 301))
    ledger.enqueue(context, *((short, page) if first == "short" else (page, short)))
    ledger.drain(context)
    assert ledger.number_of(context, records) == 1
    assert ledger.number_of(context, alerts) == 2
    counts = ledger.counts(context)
    assert (counts["stored"], counts["duplicate"]) == (1, 1)
    duplicate = ledger.own_row(context, short)
    assert duplicate is not None
    assert duplicate.state == "duplicate"
    assert duplicate.record_id == ledger.row(context, page).key


def test_a_name_met_only_by_redirect_becomes_an_alias(context: Context, newsroom: Newsroom) -> None:
    page = newsroom.serve("/news/5127/full-article.html", article("Known by its short name"))
    short = newsroom.serve("/n/5127", redirect("/news/5127/full-article.html", 301))
    assert ledger.ingest(context, short).state == "stored"
    assert ledger.own_row(context, page) is None
    assert ledger.enqueue(context, page) == ["already stored"]
    assert ledger.counts(context)["stored"] == sum(ledger.counts(context).values()) == 1


def test_a_canonical_link_makes_twins_one_record(context: Context, newsroom: Newsroom) -> None:
    page = article(
        "Printed twice", canonical=f"{newsroom.base_url}/news/belavia-keeps-its-schedule/"
    )
    plain = newsroom.serve("/news/belavia-keeps-its-schedule/", page)
    printed = newsroom.serve("/news/belavia-keeps-its-schedule/print", page)
    ledger.enqueue(context, printed)
    ledger.drain(context)
    assert ledger.enqueue(context, plain) == ["already stored"]
    assert ledger.row(context, plain).key == ledger.row(context, printed).key
    assert ledger.number_of(context, records) == 1


def test_the_same_text_at_one_site_is_a_duplicate(context: Context, newsroom: Newsroom) -> None:
    page = article("The same text twice")
    ledger.enqueue(context, newsroom.serve("/1.html", page), newsroom.serve("/2.html", page))
    ledger.drain(context)
    counts = ledger.counts(context)
    assert (counts["stored"], counts["duplicate"]) == (1, 1)
    assert ledger.number_of(context, alerts) == 2


# -- by hand -----------------------------------------------------------------------------------


def test_refetching_the_same_text_keeps_the_version(context: Context, newsroom: Newsroom) -> None:
    url = newsroom.serve("/a.html", article("Unchanged"))
    key = ledger.ingest(context, url).key
    ledger.ingest(context, url, refetch=True)
    assert len(newsroom.visits("/a.html")) == 2
    with context.database.read() as connection:
        record = record_store.get(connection, key)
    assert record is not None
    assert record.version == 1
    assert ledger.number_of(context, alerts) == 2
    assert ledger.story(context, url)[-1]["data"]["outcome"] == "unchanged"


def test_refetching_a_changed_text_makes_version_two(context: Context, newsroom: Newsroom) -> None:
    correction = "Correction: the talks took place in Kaunas and not in Vilnius, as we had written."
    url = newsroom.serve("/a.html", article("Corrected"), article("Corrected", extra=correction))
    key = ledger.ingest(context, url).key
    assert ledger.enqueue(context, url) == ["already stored"]
    ledger.ingest(context, url, refetch=True)
    with context.database.read() as connection:
        record = record_store.get(connection, key)
    assert record is not None
    assert record.version == 2
    assert correction in record.text
    assert ledger.number_of(context, schema.record_versions) == 1
    assert ledger.number_of(context, alerts) == 2, "the same alerts are not raised again"


def test_a_refetch_that_fails_leaves_the_record(context: Context, newsroom: Newsroom) -> None:
    url = newsroom.serve("/a.html", article("Here today"), Answer("<h1>gone</h1>", status=410))
    key = ledger.ingest(context, url).key
    row = ledger.ingest(context, url, refetch=True)
    assert (row.state, row.reason) == ("stored", "refetch rejected: gone")
    with context.database.read() as connection:
        assert record_store.get(connection, key) is not None


def test_no_alert_keeps_the_alerts_muted(context: Context, newsroom: Newsroom) -> None:
    url = newsroom.serve("/a.html", article("Quietly"))
    ledger.ingest(context, url, no_alert=True)
    with context.database.read() as connection:
        muted = [line.muted for line in connection.execute(schema.alerts.select())]
    assert muted == ["queued with --no-alert"] * 2
    assert ledger.number_of(context, schema.deliveries) == 0


def test_a_failed_url_queued_by_hand_runs_at_once(context: Context, newsroom: Newsroom) -> None:
    failures = [Answer("<h1>broken</h1>", status=500)] * ledger.max_attempts(context)
    url = newsroom.serve("/a.html", *failures, article("Back again"))
    assert ledger.ingest(context, url).state == "failed"
    assert ledger.enqueue(context, url) == ["queued again"]
    work(context, deliveries=False, burst=True)
    row = ledger.row(context, url)
    assert (row.state, row.attempts) == ("stored", 1)
