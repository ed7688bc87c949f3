"""The web part: who may see what, and metrics of the whole program."""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from pipeline.errors import ConfigError
from pipeline.store import feeds as feed_store
from tests.worlds import hub as hubs
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import Answer, Newsroom, article, feed
from tests.worlds.programs import eventually, running
from workers import metrics, notify, tally
from workers.context import Context, utc_now

Reading = dict[tuple[str, tuple[str, ...]], float]


def readings(text: str) -> Reading:
    """Every sample by its name and label values."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(context: Context) -> Reading:
    return readings(metrics.exposition(context.database, context.redis, utc_now()).decode())


@pytest.fixture
def served(reopened: Callable[..., Context]) -> Iterator[tuple[str, Context]]:
    context = reopened(f'{LOOPBACK}[web]\nport = {hubs.free_port()}\ntoken = "s3cret"\n')
    with hubs.served(context) as url:
        yield url, context


def test_metrics_ask_for_the_token_and_health_does_not(served: tuple[str, Context]) -> None:
    url, _ = served
    assert hubs.get(f"{url}/metrics")[0] == 401
    assert hubs.get(f"{url}/metrics", {"Authorization": "Bearer guessed"})[0] == 401
    assert hubs.get(f"{url}/anything")[0] == 401
    status, text = hubs.get(f"{url}/metrics", {"Authorization": "Bearer s3cret"})
    assert status == 200
    assert readings(text)["wirewatch_up", ("database",)] == 1
    assert hubs.get(f"{url}/healthz") == (200, '{"status":"ok"}')
    assert hubs.get(f"{url}/websub/unknown")[0] == 404


def test_health_says_what_is_down(
    served: tuple[str, Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, context = served
    context.redis.connection_pool.disconnect()
    monkeypatch.setitem(context.redis.connection_pool.connection_kwargs, "path", "/nowhere")
    status, said = hubs.get(f"{url}/healthz")
    assert (status, json.loads(said)["status"]) == (503, "unhealthy")
    assert "redis" in json.loads(said)
    reading = read(context)
    assert reading["wirewatch_up", ("redis",)] == 0
    assert reading["wirewatch_up", ("database",)] == 1
    assert reading["wirewatch_records", ()] == 0


def test_a_web_part_that_others_can_reach_needs_a_token(
    reopened: Callable[..., Context],
) -> None:
    with pytest.raises(ConfigError, match="token is needed"):
        reopened(f'{LOOPBACK}[web]\nhost = "0.0.0.0"\n')


def test_metrics_tell_what_happened_in_all_processes(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    good = newsroom.serve("/good", feed("http://127.0.0.1:9/1", "http://127.0.0.1:9/2"))
    bad = newsroom.serve("/bad", Answer("gone", status=410))
    directory.write(settings=LOOPBACK, feeds=[{"url": good}, {"url": bad}])
    tally.flush(context.redis)
    before = read(context)
    with running(directory.path, "poll", "--once") as program:
        assert program.wait() == 0
    ledger.poll_all(context)
    reading = read(context)

    def grown(name: str, *labels: str) -> float:
        return reading[name, labels] - before.get((name, labels), 0)

    assert grown("wirewatch_polls_total", "changed") == 1
    assert grown("wirewatch_polls_total", "unchanged") == 1
    assert grown("wirewatch_polls_total", "failed") == 2
    assert grown("wirewatch_entries_listed_total", "poll") == 2
    assert reading["wirewatch_feeds", ("gone",)] == 1
    assert reading["wirewatch_queued", ("live",)] == 2
    assert reading["wirewatch_oldest_queued_seconds", ("live",)] > 0
    assert reading["wirewatch_jobs", ("live",)] == 2
    assert reading["wirewatch_deliveries", ("pending",)] == 0
    states = [value for (name, _), value in reading.items() if name == "wirewatch_urls"]
    assert sum(states) == 2


def test_articles_are_counted_by_status_and_stage(context: Context, newsroom: Newsroom) -> None:
    tally.flush(context.redis)
    before = read(context)
    ledger.ingest(context, newsroom.serve("/1", article("One of the day")))
    ledger.ingest(context, newsroom.serve("/2", Answer("no", status=404)))
    reading = read(context)
    for name, label, more in (
        ("fetches", "200", 1),
        ("fetches", "404", 1),
        ("stage_runs", "read", 1),
        ("stage_runs", "store", 1),
        ("stage_runs", "fetch", 2),
    ):
        key = (f"wirewatch_{name}_total", (label,))
        assert reading[key] - before.get(key, 0) == more, key
    assert reading["wirewatch_stage_seconds_total", ("read",)] > 0


def test_every_metric_shown_is_documented_with_its_labels(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    directory.write(
        settings=LOOPBACK, feeds=[{"url": newsroom.serve("/f", feed("http://127.0.0.1:9/1"))}]
    )
    ledger.poll_all(context)
    tally.count("something else", colour="blue")
    tally.took("extract", 0.25)
    tally.flush(context.redis)
    known = {each.name: each.labels for each in metrics.METRICS}
    text = metrics.exposition(context.database, context.redis, utc_now()).decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            assert tuple(sample.labels) == known[sample.name]
    assert readings(text)["wirewatch_stage_seconds_total", ("extract",)] == 0.25


def test_feed_states_are_counted_as_the_list_shows_them(context: Context) -> None:
    from pipeline.feeds.sources import FeedSource

    sources = [FeedSource(f"https://{n}.example/rss") for n in range(3)]
    sources.append(FeedSource("https://off.example/rss", enabled=False))
    with context.database.write() as tx:
        feed_store.sync(tx, sources, utc_now())
        (due, *_) = feed_store.claim_due(tx, "me", utc_now(), 1, 60)
        receipt = feed_store.PollReceipt({"status": "quiet"}, None, None, None, None, 200, None)
        feed_store.finish_polls(tx, {due.id: receipt}, "me", utc_now())
    reading = read(context)
    assert reading["wirewatch_feeds", ("new",)] == 2
    assert reading["wirewatch_feeds", ("quiet",)] == 1
    assert reading["wirewatch_feeds", ("off",)] == 1
    assert reading["wirewatch_feeds_due", ()] == 2


def test_counts_survive_a_redis_that_is_away(context: Context) -> None:
    tally.flush(context.redis)
    tally.count("fetches", 2, status="200")
    with redis.Redis(unix_socket_path="/nowhere") as away:
        tally.flush(away)
    tally.count("fetches", status="200")
    tally.flush(context.redis)
    assert read(context)["wirewatch_fetches_total", ("200",)] == 3


def test_the_daemon_serves_the_web_part_only_when_asked(directory: WorkingDirectory) -> None:
    port = hubs.free_port()
    directory.write(
        settings=f"{LOOPBACK}[work]\nprocesses = 1\n[web]\nport = {port}\nenabled = true\n"
    )
    with running(directory.path, "run") as program:
        eventually(lambda: program.part("web"), "the web part runs")
        status = eventually(lambda: _status(f"http://127.0.0.1:{port}/healthz"), "it answers")
        assert status == 200


def test_the_web_part_says_that_it_is_ready_alive_and_stopping(
    directory: WorkingDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.write(settings=f"{LOOPBACK}[web]\nport = {hubs.free_port()}\n")
    with tempfile.TemporaryDirectory(prefix="ww-") as short:
        ear = notify.Ear(Path(short) / "ear")
        for name, value in ear.environ.items():
            monkeypatch.setenv(name, value)
        with running(directory.path, "web") as program:
            said = eventually(ear.hear, "it is ready")
            assert said == [(program.process.pid, said[0][1])]
            assert {notify.READY, notify.ALIVE} <= said[0][1]
            again = eventually(ear.hear, "it is alive")
            assert notify.ALIVE in again[0][1]
            program.send(signal.SIGTERM)
            assert program.wait() == 0, program.output
        assert notify.STOPPING in ear.hear()[-1][1]
        ear.close()


def _status(url: str) -> int | None:
    try:
        return hubs.get(url)[0]
    except OSError:
        return None
