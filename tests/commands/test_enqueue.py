"""`enqueue` and `requeue`, as a user runs them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import redis
import rq

from pipeline.store import events, urls
from pipeline.store.database import Database
from tests.worlds.command_line import Run
from tests.worlds.store import NOW, article, end, identity, row, take
from workers.commands import enqueue


def counts(store: Database) -> dict[str, int]:
    with store.read() as connection:
        return {state: number for state, number in urls.counts(connection).items() if number}


def test_without_a_daemon_urls_stay_queued_in_the_database(wirewatch: Run, store: Database) -> None:
    done = wirewatch("enqueue", article(1).url)
    assert done.code == 0
    assert done.out == f"queued  {article(1).url}\n"
    assert "daemon is not running" in done.err
    with store.read() as connection:
        found = row(connection, article(1).key)
    assert (found.state, found.queue, found.dispatched_at) == ("queued", "hand", None)


def test_with_a_daemon_the_job_goes_to_redis_with_ids_only(
    wirewatch: Run, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_REDIS_URL", redis_url)
    done = wirewatch("enqueue", article(1).url)
    assert (done.code, done.err) == (0, "")
    with redis.Redis.from_url(redis_url) as client:
        (job,) = rq.Queue("hand", connection=client).jobs
    assert job.args in [(article(1).key, 1), [article(1).key, 1]]


def test_a_url_is_shown_as_it_was_given(wirewatch: Run) -> None:
    for url in ("https://a.example/:star:/x", "https://a.example/[bold]x[/bold]"):
        assert wirewatch("enqueue", url).out == f"queued  {url}\n"


def test_a_stored_url_says_so_and_how_to_fetch_it_again(wirewatch: Run, store: Database) -> None:
    with store.write() as tx:
        end(tx, article(1), "stored")
    assert "already stored (use --refetch" in wirewatch("enqueue", article(1).url).out
    assert counts(store) == {"stored": 1}
    assert wirewatch("enqueue", "--refetch", article(1).url).out.startswith("queued again")
    assert counts(store) == {"queued": 1}


def test_options_reach_the_row(wirewatch: Run, store: Database) -> None:
    wirewatch("enqueue", "--front", "--no-alert", article(1).url)
    with store.read() as connection:
        found = row(connection, article(1).key)
    assert (found.queue, found.front, found.no_alert) == ("hand", True, True)


def test_what_is_no_http_url_is_refused_at_the_door(wirewatch: Run, store: Database) -> None:
    bad = ["ftp://a.example/x", "javascript:alert(1)", "not a url", "https://user:pw@a.example/"]
    done = wirewatch("enqueue", *bad, article(1).url)
    assert done.code == 1, "something was refused"
    assert done.err.count("refused  argument:") == 4
    assert counts(store) == {"queued": 1}, "what is good is queued all the same"


def test_a_file_has_comments_blank_lines_and_windows_line_ends(
    wirewatch: Run, store: Database, tmp_path: Path
) -> None:
    listing = tmp_path / "urls.txt"
    listing.write_bytes(
        f"\ufeff# list\r\n\r\n  {article(1).url}  \r\nftp://x/\r\n#{article(9).url}\r\n"
        f"{article(2).url}\r\n{article(1).url}".encode()
    )
    done = wirewatch("enqueue", "--file", str(listing))
    assert done.code == 1
    assert f"refused  {listing}:4: not an http(s) URL" in done.err
    assert "already on its way" in done.out
    assert counts(store) == {"queued": 2}
    with store.read() as connection:
        assert row(connection, article(1).key).queue == "backlog", "behind live news"


def test_a_file_with_front_goes_before_everything(
    wirewatch: Run, store: Database, tmp_path: Path
) -> None:
    (tmp_path / "urls.txt").write_text(article(1).url)
    wirewatch("enqueue", "-f", str(tmp_path / "urls.txt"), "--front")
    with store.read() as connection:
        assert row(connection, article(1).key).queue == "hand"


@pytest.mark.parametrize("words", [["enqueue", "-"], ["enqueue"]])
def test_urls_come_from_stdin(wirewatch: Run, store: Database, words: list[str]) -> None:
    done = wirewatch(*words, stdin=f"{article(1).url}\n# x\n{article(2).url}\n")
    assert done.code == 0
    assert counts(store) == {"queued": 2}


@pytest.mark.parametrize("stdin", [b"https://a.example/\xff\n", b"\xff\xfeh\x00"])
def test_stdin_that_is_no_text_is_said_in_one_line(wirewatch: Run, stdin: bytes) -> None:
    done = wirewatch("enqueue", "-", stdin=stdin)
    assert done.code == 2
    assert "stdin: cannot be read" in done.err
    assert "Traceback" not in done.err


def test_nothing_given_is_wrong_usage(wirewatch: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n")
    assert wirewatch("enqueue").code == 2
    assert wirewatch("enqueue", "--file", str(tmp_path / "empty.txt")).code == 2
    missing = wirewatch("enqueue", "--file", str(tmp_path / "missing.txt"))
    assert (missing.code, "cannot be read" in missing.err) == (2, True)


def test_json_names_every_url_and_every_refusal(wirewatch: Run) -> None:
    done = wirewatch("enqueue", "--json", article(1).url, "ftp://x/")
    assert done.code == 1
    assert done.json == {
        "urls": [{"url": article(1).url, "key": article(1).key, "answer": "queued"}],
        "refused": [
            {"url": "ftp://x/", "where": "argument", "reason": done.json["refused"][0]["reason"]}
        ],
        "outcomes": [],
    }


def test_a_long_list_is_summed_up(wirewatch: Run, store: Database) -> None:
    done = wirewatch("enqueue", "-", stdin="\n".join(article(n).url for n in range(2_500)))
    assert done.out.split() == ["2500", "queued"]
    assert counts(store) == {"queued": 2_500}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("state", "code"), [("stored", 0), ("duplicate", 0), ("rejected", 1), ("failed", 1)]
)
def test_wait_shows_the_outcome_even_of_a_url_named_twice(
    wirewatch: Run, store: Database, state: str, code: int
) -> None:
    def work() -> None:
        while True:
            with store.write() as tx:
                if urls.find(tx, article(1).key) is None:
                    continue
                record_id = article(1).key if state in ("stored", "duplicate") else None
                claim = take(tx, article(1).key)
                urls.finish(tx, claim, NOW, state, reason="because", record_id=record_id)
                return

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    again = identity(article(1).url + "#comments").url
    done = wirewatch("enqueue", "--wait", "--json", article(1).url, again)
    worker.join()
    assert done.code == code
    (outcome,) = done.json["outcomes"]
    assert (outcome["state"], outcome["reason"]) == (state, "because")


def test_waiting_ends_when_nobody_works(
    wirewatch: Run, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enqueue, "NOBODY_WORKS_S", 0.5)
    done = wirewatch("enqueue", "--wait", article(1).url)
    assert done.code == 1
    assert "no worker" in done.err
    assert "wirewatch run" in done.err
    assert "Traceback" not in done.err
    assert counts(store) == {"queued": 1}


# -- requeue -----------------------------------------------------------------------------------


@pytest.fixture
def failed(store: Database) -> Database:
    with store.write() as tx:
        end(tx, article(1, "a.example"), "failed", reason="HTTP 503")
        end(tx, article(2, "b.example"), "failed", reason="timeout [x]")
        end(tx, article(3, "b.example"), "rejected", reason="gone")
        end(tx, article(4, "b.example"), "stored")
    return store


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ([], 2),
        (["--state", "failed,rejected"], 3),
        (["--state", "stored"], 1),
        (["--site", "b.example"], 1),
        (["--reason", "http"], 1),
        (["--since", "2025-10-17"], 2),
        (["--since", "1h"], 0),
        (["--feed", "x"], 0),
    ],
)
def test_a_dry_run_says_how_many_and_changes_nothing(
    wirewatch: Run, failed: Database, words: list[str], number: int
) -> None:
    before = counts(failed)
    done = wirewatch("requeue", "--dry-run", "--json", *words)
    assert done.code == 0
    assert (done.json["count"], len(done.json["keys"])) == (number, number)
    assert counts(failed) == before
    with failed.read() as connection:
        assert len(events.story(connection, article(1, "a.example").key)) == 1
    assert wirewatch("requeue", "--dry-run", *words).out.startswith(
        f"{number} URLs would be queued"
    )


def test_requeue_queues_what_the_dry_run_named(wirewatch: Run, failed: Database) -> None:
    done = wirewatch("requeue", "--site", "b.example")
    assert done.out.startswith("1 URLs queued (hand)")
    assert "timeout [x]" in done.out
    assert counts(failed) == {"queued": 1, "failed": 1, "rejected": 1, "stored": 1}


@pytest.mark.parametrize(
    "words",
    [
        ["--state", "queued"],
        ["--state", "failed,"],
        ["--since", "yesterday"],
        ["--since", "999999w"],
        ["--since", "0001-01-01"],
    ],
)
def test_a_wrong_filter_is_wrong_usage(wirewatch: Run, failed: Database, words: list[str]) -> None:
    done = wirewatch("requeue", *words)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert counts(failed)["failed"] == 2


def test_a_requeue_of_nothing_promises_nothing(wirewatch: Run) -> None:
    done = wirewatch("requeue")
    assert (done.code, done.out, done.err) == (0, "0 URLs queued (hand)\n", "")
