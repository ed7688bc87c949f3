"""The commands that show and export: records, trace, status, doctor, feeds, alerts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.alerts import Alert, Verdict
from pipeline.feeds.sources import FeedSource
from pipeline.feeds.websub import Offer
from pipeline.records import to_json
from pipeline.store import alerts as outbox
from pipeline.store import events, feeds, records, subscriptions
from pipeline.store.database import Database
from pipeline.store.feeds import PollReceipt
from tests.worlds.command_line import Run
from tests.worlds.directory import WorkingDirectory
from tests.worlds.store import NOW, article, end, identity, later, record
from workers.demo.receiver import Receiver

ODD = "[/oops] :star: [bold]x"
"""What must be shown as it is, not read as markup."""
ONE = record(article(1), "Першы.\n\nБелавиа.", title=ODD)
TWO = record(article(2), "Second.", title=None, date="2025-10-18", language="en", tags=(), rules=())


@pytest.fixture
def stored(store: Database) -> Database:
    with store.write() as tx:
        for number, made in enumerate([ONE, TWO], 1):
            end(tx, article(number), "stored")
            records.save(tx, made, NOW)
    return store


# -- records -----------------------------------------------------------------------------------


def test_records_are_listed_newest_first(wirewatch: Run, stored: Database) -> None:
    done = wirewatch("records", "list")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[1].startswith(TWO.id) and lines[2].startswith(ONE.id)
    assert ODD in lines[2]
    assert [each["id"] for each in wirewatch("records", "list", "--json").json] == [TWO.id, ONE.id]


def test_more_records_than_the_limit_are_said(wirewatch: Run, stored: Database) -> None:
    assert "1 more" in wirewatch("records", "list", "-n", "1").out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--tag", "belavia"], [ONE.id]),
        (["--rule", "airline"], [ONE.id]),
        (["--language", "en"], [TWO.id]),
        (["--site", "other.example"], []),
        (["--since", "2025-10-18"], [TWO.id]),
        (["--until", "2025-10-17"], [ONE.id]),
        (["--text", "Белавиа"], [ONE.id]),
    ],
)
def test_listing_and_export_have_the_same_filters(
    wirewatch: Run, stored: Database, words: list[str], found: list[str]
) -> None:
    assert [each["id"] for each in wirewatch("records", "list", "--json", *words).json] == found
    lines = wirewatch("records", "export", "--out", "-", *words).out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == found


@pytest.mark.parametrize("command", [["list"], ["export", "--out", "-"]])
@pytest.mark.parametrize("day", ["yesterday", "17.10.2025", "2025-13-01", ""])
def test_a_day_that_is_none_is_wrong_usage(wirewatch: Run, command: list[str], day: str) -> None:
    done = wirewatch("records", *command, "--since", day)
    assert done.code == 2
    assert "YYYY-MM-DD" in done.err


def test_a_record_is_shown_in_its_text_form(wirewatch: Run, stored: Database) -> None:
    done = wirewatch("records", "show", ONE.id)
    assert done.out.startswith(" date 2025-10-17 Першы.\n\nБелавиа.\n\n")
    assert "belavia" in done.out
    assert wirewatch("records", "show", ONE.id, "--json").json == json.loads(
        json.dumps(to_json(ONE))
    )


def test_a_record_that_is_not_there(wirewatch: Run, stored: Database) -> None:
    done = wirewatch("records", "show", "0" * 16)
    assert (done.code, done.out) == (1, "")


def test_txt_export_is_one_file_a_record_in_the_seeds_form(
    wirewatch: Run, stored: Database, tmp_path: Path
) -> None:
    done = wirewatch("records", "export", "--format", "txt", "--out", str(tmp_path / "a/b"))
    assert done.code == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "a/b").iterdir()}
    assert files == {
        f"000_{TWO.id}.txt": b" date 2025-10-18 Second.\n\n",
        f"001_{ONE.id}.txt": " date 2025-10-17 Першы.\n\nБелавиа.\n\n".encode(),
    }


def test_jsonl_export_is_one_line_a_record(
    wirewatch: Run, stored: Database, tmp_path: Path
) -> None:
    path = tmp_path / "new/records.jsonl"
    assert wirewatch("records", "export", "--out", str(path)).code == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["title"] for line in lines] == [None, ODD]
    assert list(path.parent.iterdir()) == [path], "no partial file is left"


def test_an_export_that_cannot_be_written_is_said(
    wirewatch: Run, stored: Database, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    for form in ("txt", "jsonl"):
        done = wirewatch("records", "export", "--format", form, "--out", str(tmp_path / "file/x"))
        assert (done.code, "cannot be written" in done.err) == (2, True)
    assert (tmp_path / "file").read_text() == "mine"
    assert wirewatch("records", "export", "--format", "csv", "--out", "-").code == 2


# -- trace -------------------------------------------------------------------------------------


def test_a_url_never_seen(wirewatch: Run) -> None:
    done = wirewatch("trace", "https://never.example/")
    assert (done.code, done.out) == (1, "")
    assert "never seen: https://never.example/" in done.err
    as_json = wirewatch("trace", "--json", "https://never.example/")
    assert (as_json.code, as_json.json["state"]) == (1, "never seen")


def test_what_is_no_url_is_wrong_usage(wirewatch: Run) -> None:
    assert wirewatch("trace", "ftp://x/").code == 2


def test_a_trace_by_url_in_any_form_or_by_key(wirewatch: Run, stored: Database) -> None:
    forms = ["http://www.news.example/articles/1?utm_source=x#y", article(1).key]
    for form in forms:
        assert wirewatch("trace", "--json", form).json["key"] == article(1).key
        assert "stored" in wirewatch("trace", form).out


def test_a_trace_tells_every_event_as_it_was(wirewatch: Run, stored: Database) -> None:
    lines: list[tuple[str, dict[str, object]]] = [
        ("listed", {"feed": "https://f/", "title": ODD, "url": article(1).url}),
        ("waiting", {"reason": "site busy", "until": "2025-10-17T06:41:09"}),
        ("waiting", {"reason": "HTTP 503", "detail": ODD, "until": "x", "attempt": 1}),
        ("fetched", {"status": 200, "bytes": 0, "ms": 5, "hops": [["https://h/", 301]], "final_url": "https://i/"}),  # noqa: E501
        ("extracted", {"blocks": 2, "chars": 1234, "title": ODD}),
        ("language", {"tag": "be", "confidence": 0.98, "runner_up": "ru"}),
        ("tagged", {"watchlist": "0123", "tags": {"belavia": 2}, "rules": ["airline"]}),
        ("tagged", {"watchlist": "0123"}),
        ("stored", {"record": article(1).key, "version": 1, "outcome": "new"}),
        ("duplicate", {"of": article(1).key, "why": "same text"}),
        ("rejected", {"reason": "gone"}),
        ("failed", {"reason": "internal error", "detail": ODD, "attempts": 3}),
        ("recovered", {"state": "queued", "reason": "worker died"}),
        ("alias", {"url": "https://x/", "how": "redirect"}),
        ("alert", {"alert": "alert_1", "rule": "airline", "muted": ODD}),
        ("something new", {"count": 1, "list": ["a"]}),
    ]  # fmt: skip
    with stored.write() as tx:
        for name, data in lines:
            events.note(tx, article(1).key, NOW, name, data)
    done = wirewatch("trace", article(1).url)
    assert done.code == 0
    told = done.out
    for name, _ in lines:
        assert f"  2025-10-17 06:41:00  {name}" in told
    assert told.count(ODD) == 5
    assert "HTTP 200, 0 bytes" in told


# -- alerts ------------------------------------------------------------------------------------


@pytest.fixture
def alerted(stored: Database) -> Database:
    payload = json.dumps({"type": "watchlist.match", "title": ODD}, ensure_ascii=False)
    sent = Alert("alert_1", "airline", ONE.id, payload, None, ("newsroom",))
    with stored.write() as tx:
        outbox.add(tx, [sent], NOW)
        outbox.add(tx, [replace(sent, id="alert_2", muted=ODD, webhooks=())], later(1))
        delivery = outbox.claim(tx, 1, "d", NOW, 90)
        assert delivery is not None
        outbox.finish(
            tx, delivery, Verdict("dead"), NOW, status=None, error=f"timeout {ODD}", elapsed_ms=9
        )
    return stored


def test_alerts_are_listed_with_their_fate(wirewatch: Run, alerted: Database) -> None:
    done = wirewatch("alerts", "list")
    assert done.code == 0
    assert f"timeout {ODD}" in done.out
    assert done.out.count(ODD) == 4, "two reasons and two titles"
    rows = wirewatch("alerts", "list", "--json").json
    assert [(row["id"], row["state"]) for row in rows] == [("alert_2", None), ("alert_1", "dead")]
    assert len(wirewatch("alerts", "list", "--json", "--state", "muted").json) == 1
    assert wirewatch("alerts", "list", "--json", "--state", "delivered").json == []
    assert wirewatch("alerts", "list", "--json", "--rule", "none").json == []
    assert wirewatch("alerts", "list", "--state", "lost").code == 2


def test_an_alert_is_shown_with_its_attempts(wirewatch: Run, alerted: Database) -> None:
    shown = wirewatch("alerts", "show", "alert_1")
    assert (shown.code, f"timeout {ODD}" in shown.out) == (0, True)
    found = wirewatch("alerts", "show", "alert_1", "--json").json
    assert (found["payload"]["title"], found["attempts"][0]["ms"]) == (ODD, 9)
    assert f"not sent: {ODD}" in wirewatch("alerts", "show", "alert_2").out
    assert wirewatch("alerts", "show", "alert_3").code == 1


SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def hook(name: str) -> str:
    """A webhook in settings.toml that nobody listens at."""
    return f'[[webhooks]]\nname = "{name}"\nurl = "http://127.0.0.1:9/"\nsecret = "{SECRET}"\n'


def test_dead_and_muted_alerts_are_replayed_to_the_webhooks_that_want_them(
    wirewatch: Run, alerted: Database, directory: WorkingDirectory
) -> None:
    unwanted = wirewatch("alerts", "replay", "alert_2")
    assert (unwanted.code, "no webhook in settings.toml wants airline" in unwanted.err) == (1, True)
    directory.write(settings=hook("newsroom"))
    assert wirewatch("alerts", "replay", "alert_1", "alert_2", "--json").json == {"replayed": 2}
    with alerted.read() as connection:
        assert outbox.counts(connection)["pending"] == 2
    assert wirewatch("alerts", "replay", "alert_3").code == 1
    assert wirewatch("alerts", "replay").code == 2


def test_a_made_secret_is_accepted_in_the_settings(
    wirewatch: Run, directory: WorkingDirectory
) -> None:
    secret = wirewatch("alerts", "secret").out.strip()
    hook = f'[[webhooks]]\nname = "a"\nurl = "https://a/"\nsecret = "{secret}"\n'
    directory.write(settings=hook)
    assert wirewatch("alerts", "list").code == 0


def test_a_trace_shows_what_became_of_the_alerts(wirewatch: Run, alerted: Database) -> None:
    told = wirewatch("trace", ONE.id).out
    assert "alert_1" in told and "timeout" in told
    assert f"not sent: {ODD}" in told


# -- feeds, status, doctor ---------------------------------------------------------------------


def test_feeds_are_listed_from_the_file_before_any_poll(
    wirewatch: Run, directory: WorkingDirectory, store: Database
) -> None:
    directory.write(
        feeds=[
            {"url": "https://a.example/rss", "title": ODD, "language": "be"},
            {"url": "https://b.example/rss", "enabled": False},
        ]
    )
    done = wirewatch("feeds", "list")
    assert (done.code, ODD in done.out) == (0, True)
    rows = {row["url"]: row for row in wirewatch("feeds", "list", "--json").json}
    assert [row["enabled"] for row in rows.values()].count(True) == 1
    with store.write() as tx:
        due = feeds.claim_due(tx, "p", later(9e8), 1, 60)[0]
        receipt = PollReceipt({"status": "failing"}, None, None, None, None, 500, f"HTTP 500 {ODD}")
        feeds.finish_polls(tx, {due.id: receipt}, "p", NOW)
    assert f"HTTP 500 {ODD}" in wirewatch("feeds", "list").out
    assert f"HTTP 500 {ODD}" in wirewatch("status").out


def test_status_adds_up_without_a_daemon(wirewatch: Run, store: Database) -> None:
    with store.write() as tx:
        end(tx, article(1), "queued")
        end(tx, identity(f"https://a.example/{ODD}"), "failed", reason=ODD)
    done = wirewatch("status")
    assert done.code == 0
    assert (
        "2 seen: 1 queued, 0 fetching, 0 waiting, 0 stored, 0 duplicate, 0 rejected, 1 failed"
        in (done.out)
    )
    assert ODD in done.out
    assert "not running" in done.out
    figures = wirewatch("status", "--json").json
    seen = figures["urls"].pop("seen")
    assert seen == sum(figures["urls"].values()) == 2


def test_status_counts_the_feeds_that_hubs_push(wirewatch: Run, store: Database) -> None:
    assert "Push" not in wirewatch("status").out
    with store.write() as tx:
        feeds.sync(tx, [FeedSource("https://a.example/rss")], NOW)
        hub = Offer("https://hub.example/", "https://a.example/rss")
        subscriptions.take_up(tx, 1, hub, "t", "s", NOW)
    assert "1 asked" in wirewatch("status").out
    assert wirewatch("status", "--json").json["push"] == {"asked": 1}


def test_status_shows_the_jobs_in_redis(
    wirewatch: Run, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_REDIS_URL", redis_url)
    wirewatch("enqueue", article(1).url)
    figures = wirewatch("status", "--json").json
    assert (figures["redis"], figures["jobs"]["hand"], figures["workers"]) == ("ok", 1, [])


def test_doctor_finds_nothing_wrong_in_a_fresh_directory(wirewatch: Run) -> None:
    done = wirewatch("doctor")
    assert (done.code, done.err) == (0, "")
    assert "is empty; `wirewatch run` sets it up" in done.out
    checks = wirewatch("doctor", "--json").json
    assert {check["result"] for check in checks} == {"ok"}
    assert {"settings", "database", "redis", "watchlist", "feeds", "disk"} <= {
        check["check"] for check in checks
    }


def test_doctor_names_each_problem_and_goes_on(wirewatch: Run, directory: WorkingDirectory) -> None:
    (directory.path / "config/feeds.yml").write_text("- url: ftp://x\n")
    done = wirewatch("doctor", "--json")
    assert done.code == 1
    broken = [check for check in done.json if check["result"] != "ok"]
    assert [check["check"] for check in broken] == ["feeds"]
    assert "feeds.yml:1" in broken[0]["detail"]
    (directory.path / "config/settings.toml").write_text("x = 1\n")
    assert "settings.toml:1: x" in wirewatch("doctor").out


def test_a_test_event_is_signed_and_its_answer_shown(
    wirewatch: Run, directory: WorkingDirectory
) -> None:
    receiver = Receiver(script=[500])
    with receiver.run_in_thread():
        hook = f'name = "desk"\nurl = "{receiver.url}"\nsecret = "{receiver.secret}"\n'
        directory.write(settings=f"[[webhooks]]\n{hook}")
        assert wirewatch("alerts", "test").code == 1
        again = wirewatch("alerts", "test", "desk")
    assert (again.code, "HTTP 204" in again.out) == (0, True)
    assert [alert.body["type"] for alert in receiver.alerts] == ["webhook.test"] * 2
    assert wirewatch("alerts", "test", "nobody").code == 2
