"""The trace of one URL, and the figures of `status`."""

from __future__ import annotations

from pipeline.alerts import Alert, Verdict
from pipeline.feeds.sources import FeedSource
from pipeline.store import admission, events, feeds, records, urls
from pipeline.store import alerts as outbox
from pipeline.store.admission import Listing
from pipeline.store.database import Database
from pipeline.store.feeds import PollReceipt
from pipeline.store.overview import overview
from pipeline.store.trace import trace
from tests.worlds.store import NOW, article, end, identity, later, queue, record, take


def test_a_url_never_seen_has_no_trace(database: Database) -> None:
    with database.read() as connection:
        assert trace(connection, article(1).key) is None


def test_a_trace_tells_everything_by_any_name(database: Database) -> None:
    other = identity("https://news.example/short/1")
    with database.write() as tx:
        feeds.sync(tx, [FeedSource("https://f.example/rss", "Стужка")], NOW)
        feed_id = feeds.overview(tx)[0].id
        listing = Listing(article(1), "guid", "Загаловак", NOW)
        admission.add_listed(tx, feed_id, "https://f.example/rss", [listing], NOW)
        claim = take(tx, article(1).key)
        records.save(tx, record(article(1)), NOW)
        records.save(tx, record(article(1), "Иначе."), later(5))
        outbox.add(tx, [Alert("alert_1", "airline", article(1).key, "{}", None, ("hook",))], NOW)
        outbox.add(tx, [Alert("alert_2", "x", article(1).key, "{}", "no webhook", ())], later(1))
        delivery = outbox.claim(tx, 1, "d", NOW, 90)
        assert delivery is not None
        outbox.finish(
            tx, delivery, Verdict("delivered"), later(2), status=204, error=None, elapsed_ms=7
        )
        urls.add_alias(tx, article(1).key, other, "redirect", NOW)
        urls.finish(tx, claim, NOW, "stored", record_id=article(1).key)
        queue(tx, article(2))
        urls.finish(
            tx, take(tx, article(2).key), NOW, "duplicate", reason="same text",
            record_id=article(1).key,
        )  # fmt: skip
    with database.read() as connection:
        found = trace(connection, other.key)
        assert found == trace(connection, article(1).key)
        twin = trace(connection, article(2).key)
    assert found is not None and twin is not None
    assert (found["key"], found["state"], found["record"]) == (
        article(1).key,
        "stored",
        article(1).key,
    )
    assert [(name["url"], name["how"]) for name in found["aliases"]] == [(other.url, "redirect")]
    assert found["duplicates"] == [{"url": article(2).url, "reason": "same text"}]
    assert found["listed_by"][0]["title"] == "Загаловак"
    assert [version["version"] for version in found["replaced_versions"]] == [1]
    assert [line["event"] for line in found["story"]] == ["listed", "queued"]
    assert [(alert["alert"], alert["muted"]) for alert in found["alerts"]] == [
        ("alert_1", None),
        ("alert_2", "no webhook"),
    ]
    (receipt,) = found["alerts"][0]["deliveries"]
    assert (receipt["webhook"], receipt["status"], receipt["at"]) == ("hook", 204, later(2))
    assert (twin["state"], twin["record"], twin["alerts"]) == ("duplicate", article(1).key, [])


def test_a_story_keeps_nought_and_false_but_not_what_says_nothing(database: Database) -> None:
    with database.write() as tx:
        (key,) = queue(tx, article(1))
        data = {"bytes": 0, "truncated": False, "detail": "", "hops": [], "title": None}
        events.note(tx, key, NOW, "fetched", data)
        assert events.story(tx, key)[-1]["data"] == {"bytes": 0, "truncated": False}


def test_the_figures_add_up(database: Database) -> None:
    with database.write() as tx:
        for number, state in enumerate(["queued", "fetching", "waiting", "rejected", "failed"], 2):
            end(tx, article(number), state, reason="why")
        end(tx, article(1), "stored")
        records.save(tx, record(article(1)), NOW)
        feeds.sync(tx, [FeedSource(f"https://{n}.example/rss") for n in "abc"], NOW)
        feeds.sync(tx, [FeedSource(f"https://{n}.example/rss") for n in "ab"], NOW)
        due = feeds.claim_due(tx, "p", NOW, 1, 60)[0]
        receipt = PollReceipt({"status": "failing"}, later(9), None, None, None, 500, "HTTP 500")
        feeds.finish_polls(tx, {due.id: receipt}, "p", NOW)
    with database.read() as connection:
        figures = overview(connection, later(120))
    states = figures["urls"]
    assert states.pop("seen") == sum(states.values()) == 6
    assert set(states.values()) == {0, 1}
    assert (figures["queued"], figures["oldest_queued"]) == ({"hand": 1}, NOW)
    assert figures["stored_in_the_last"] == {"minute": 0, "hour": 1, "day": 1}
    assert figures["feeds"] == {
        "enabled": 2,
        "disabled": 1,
        "due": 2,
        "by_status": {"failing": 1, "new": 1},
        "in_trouble": [{"feed": due.url, "error": "HTTP 500"}],
    }
    assert [line["reason"] for line in figures["last_failed"]] == ["why"]


def test_an_empty_store_has_figures_too(database: Database) -> None:
    with database.read() as connection:
        figures = overview(connection, NOW)
    assert figures["urls"]["seen"] == 0
    assert figures["oldest_queued"] is None
