"""What polls change beyond their own row: moves are made, turns for the worse told, outages not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy import Row, func, select

from pipeline.errors import Unavailable
from pipeline.store import feed_moves
from pipeline.store import feeds as feed_store
from pipeline.store.schema import alerts
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import RSS, Answer, Newsroom, redirect
from tests.worlds.newsroom import feed as old_feed
from workers import feed_changes
from workers import poller as poller_module
from workers.context import Context, utc_now
from workers.demo.receiver import Receiver

ARTICLE = "http://127.0.0.1:9/1"


def feed(*links: str) -> Answer:
    """A feed whose entries are of today: it has not gone quiet."""
    written = str(old_feed(*links).body)
    date = format_datetime(utc_now() - timedelta(minutes=1))
    return Answer(written.replace("Fri, 17 Oct 2025 06:30:00 GMT", date), content_type=RSS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the poller's clock on, by hours."""
    passed = [timedelta()]

    def now() -> datetime:
        return utc_now() + passed[0]

    def wait(hours: float) -> None:
        passed[0] += timedelta(hours=hours)

    monkeypatch.setattr(poller_module, "utc_now", now)
    return wait


def rows(context: Context) -> dict[str, Row[Any]]:
    with context.database.read() as connection:
        return {row.url: row for row in feed_store.overview(connection)}


def told(context: Context) -> list[dict[str, Any]]:
    """The payloads of all alerts, oldest first."""
    with context.database.read() as connection:
        found = connection.scalars(select(alerts.c.payload).order_by(alerts.c.created_at))
        return [json.loads(each) for each in found]


def hook(receiver: Receiver, *rules: str, name: str = "desk") -> str:
    return (
        f'[[webhooks]]\nname = "{name}"\nurl = "{receiver.url}"\n'
        f'secret = "{receiver.secret}"\nrules = {json.dumps(list(rules))}\n'
    )


# -- moves -------------------------------------------------------------------------------------


def poll_for_days(context: Context, clock: Callable[[float], None], days: float) -> None:
    """Six polls over some days."""
    for _ in range(5):
        ledger.poll_all(context)
        clock(days * 24 / 5)
    ledger.poll_all(context)


def test_a_lasting_permanent_redirect_moves_the_feed_and_is_told(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    clock: Callable[[float], None],
) -> None:
    old = newsroom.serve("/old", redirect("/new", 301))
    new = newsroom.serve("/new", feed(ARTICLE))
    directory.write(settings=LOOPBACK, feeds=[{"url": old, "title": "T"}])
    listed = (directory.path / "config/feeds.yml").read_bytes()
    poll_for_days(context, clock, 2)
    assert set(rows(context)) == {old}, "not certain yet"
    poll_for_days(context, clock, 2)
    assert set(rows(context)) == {new}
    seen = len(newsroom.visits("/old"))
    ledger.poll_all(context)
    assert len(newsroom.visits("/old")) == seen
    assert (rows(context)[new].state["status"], rows(context)[new].title) == ("ok", "T")
    assert (directory.path / "config/feeds.yml").read_bytes() == listed
    (move,) = [each for each in told(context) if each["type"] == "feed.moved"]
    assert (move["data"]["feed"]["url"], move["data"]["moved_to"]) == (old, new)


@pytest.mark.parametrize("why", ["not for good", "no feed there", "it changes its mind"])
def test_a_redirect_that_is_not_certain_moves_nothing(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    clock: Callable[[float], None],
    why: str,
) -> None:
    answers = {
        "not for good": (redirect("/new", 302),),
        "no feed there": (redirect("/none", 301),),
        "it changes its mind": tuple(redirect(f"/new?{n % 2}", 301) for n in range(20)),
    }[why]
    newsroom.serve("/new", feed(ARTICLE))
    newsroom.serve("/none", Answer("<html><body>Home</body></html>"))
    old = newsroom.serve("/old", *answers)
    directory.write(settings=LOOPBACK, feeds=[{"url": old}])
    poll_for_days(context, clock, 5)
    assert set(rows(context)) == {old}


def test_a_target_already_subscribed_merges(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    clock: Callable[[float], None],
) -> None:
    old = newsroom.serve("/old", redirect("/new", 308))
    new = newsroom.serve("/new", feed(ARTICLE))
    directory.write(settings=LOOPBACK, feeds=[{"url": old}, {"url": new}])
    poll_for_days(context, clock, 4)
    assert {url: row.enabled for url, row in rows(context).items()} == {old: False, new: True}
    asked = len(newsroom.visits("/new")), len(newsroom.visits("/old"))
    ledger.poll_all(context)
    assert (len(newsroom.visits("/new")), len(newsroom.visits("/old"))) == (asked[0] + 1, asked[1])


def test_a_move_taken_back_by_hand_is_not_made_again(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    clock: Callable[[float], None],
) -> None:
    old = newsroom.serve("/old", redirect("/new", 301))
    newsroom.serve("/new", feed(ARTICLE))
    directory.write(settings=LOOPBACK, feeds=[{"url": old}])
    poll_for_days(context, clock, 4)
    with context.database.write() as tx:
        assert feed_moves.undo(tx, old, utc_now())
    poll_for_days(context, clock, 6)
    (row,) = rows(context).values()
    assert (row.url, row.state["status"]) == (old, "ok")
    assert [each["type"] for each in told(context)].count("feed.moved") == 1


# -- alerts ------------------------------------------------------------------------------------


def test_a_feed_that_is_gone_stops_and_those_who_asked_are_told(
    reopened: Callable[..., Context], newsroom: Newsroom
) -> None:
    url = newsroom.serve("/rss", feed(ARTICLE), Answer("gone", status=410))
    asked, other = Receiver(), Receiver()
    with asked.run_in_thread(), other.run_in_thread():
        settings = LOOPBACK + hook(asked, "feed.*") + hook(other, name="other")
        context = reopened(settings, feeds=[{"url": url, "title": "Агенцтва", "language": "be"}])
        ledger.poll_all(context)
        assert told(context) == []
        ledger.poll_all(context)
        ledger.run_jobs(context, deliveries=True)
    (got,) = asked.delivered
    assert other.alerts == [], "an empty list of rules means the watchlist's"
    assert (got.body["type"], got.id) == ("feed.gone", got.body["data"]["alert"])
    assert got.body["data"]["feed"] == {"url": url, "title": "Агенцтва", "language": "be"}
    assert (got.body["data"]["state"], got.body["data"]["next_poll"]) == ("gone", None)
    assert rows(context)[url].next_poll_at is None


def test_each_type_of_alert_reaches_the_webhooks_that_ask_for_it_alone(
    reopened: Callable[..., Context], newsroom: Newsroom
) -> None:
    many = [f"http://127.0.0.1:9/{n}" for n in range(10)]
    newsroom.serve("/full", feed(*many[:5]), feed(*many[5:]))
    newsroom.serve("/gone", feed(ARTICLE), Answer("gone", status=410))
    newsroom.serve("/bare", feed(ARTICLE), feed())
    receivers = {kind: Receiver() for kind in ("overflow", "gone", "broken", "quiet", "moved")}
    with ExitStack() as running:
        for receiver in receivers.values():
            running.enter_context(receiver.run_in_thread())
        hooks = [hook(each, f"feed.{kind}", name=kind) for kind, each in receivers.items()]
        listed = [{"url": newsroom.base_url + path} for path in ("/full", "/gone", "/bare")]
        context = reopened(LOOPBACK + "".join(hooks), feeds=listed)
        ledger.poll_all(context)
        assert told(context) == [], "at the first poll every entry is new"
        ledger.poll_all(context)
        ledger.run_jobs(context, deliveries=True)
        got = {
            kind: [each.body["type"] for each in receiver.delivered]
            for kind, receiver in receivers.items()
        }
    assert got == {
        "overflow": ["feed.overflow"],
        "gone": ["feed.gone"],
        "broken": ["feed.broken"],
        "quiet": [],
        "moved": [],
    }


def test_a_server_that_says_unchanged_for_a_week_is_asked_in_full_and_found_out(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    clock: Callable[[float], None],
) -> None:
    first = replace(feed(ARTICLE), headers={"ETag": '"1"'})
    later = replace(feed(ARTICLE, ARTICLE + "1"), headers={"ETag": '"1"'})
    url = newsroom.serve("/rss", first, *[Answer(status=304)] * 6, later)
    directory.write(settings=LOOPBACK, feeds=[{"url": url}])
    for _ in range(11):
        ledger.poll_all(context)
        clock(24)
    asked = ["if-none-match" in visit.headers for visit in newsroom.visits("/rss")]
    assert asked[1] and not all(asked[1:]), "validators first, then without"
    in_full = asked.index(False, 1)
    assert not any(asked[in_full:]), "its validators are worth nothing for a while"
    assert rows(context)[url].listed == 2


def test_unchanged_is_no_answer_to_who_did_not_ask_for_changes(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    url = newsroom.serve("/rss", feed(ARTICLE), Answer(status=304))
    directory.write(settings=LOOPBACK, feeds=[{"url": url}])
    ledger.poll_all(context)
    ledger.poll_all(context)
    assert "if-none-match" not in newsroom.visits("/rss")[1].headers
    assert (rows(context)[url].last_error, rows(context)[url].listed) == ("HTTP 304", 1)


def test_a_state_is_told_once_and_again_when_it_begins_anew(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    clock: Callable[[float], None],
) -> None:
    broken, fine = Answer("no", status=403), feed(ARTICLE)
    url = newsroom.serve("/rss", fine, *[broken] * 6, fine, *[broken] * 6)
    directory.write(settings=LOOPBACK, feeds=[{"url": url}])
    for _ in range(14):
        ledger.poll_all(context)
        clock(1)
    broke = [each["data"] for each in told(context) if each["type"] == "feed.broken"]
    assert len({each["alert"] for each in broke}) == len(broke) == 2
    assert {each["error"] for each in broke} == {"HTTP 403"}
    assert all(each["next_poll"] for each in broke)


def test_missed_entries_are_told(
    context: Context, newsroom: Newsroom, directory: WorkingDirectory
) -> None:
    older = [f"http://127.0.0.1:9/{n}" for n in range(5)]
    newer = [f"http://127.0.0.1:9/{n}" for n in range(5, 10)]
    url = newsroom.serve("/rss", feed(*older), feed(*newer))
    directory.write(settings=LOOPBACK, feeds=[{"url": url}])
    ledger.poll_all(context)
    ledger.poll_all(context)
    assert [each["type"] for each in told(context)] == ["feed.overflow"]


def test_alert_and_state_are_written_together_or_not_at_all(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = newsroom.serve("/rss", feed(ARTICLE), Answer("gone", status=410))
    directory.write(settings=LOOPBACK, feeds=[{"url": url}])
    ledger.poll_all(context)
    real = feed_changes.outbox.add

    def crash(*given: Any) -> Any:
        real(*given)
        raise Unavailable("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(feed_changes.outbox, "add", crash)
        patch.setattr(poller_module, "AWAY_S", 0.0)
        patch.setattr(poller_module.Poller, "_claim", _claim_once(poller_module.Poller._claim))
        ledger.poll_all(context)
    assert told(context) == []
    assert (rows(context)[url].state["status"], rows(context)[url].polls) != ("gone", 2)
    ledger.poll_all(context)
    assert [each["type"] for each in told(context)] == ["feed.gone"]
    assert rows(context)[url].state["status"] == "gone"


def _claim_once(claim: Callable[..., Any]) -> Callable[..., Any]:
    """Claims feeds the first time only, so that a poll of `once` ends."""
    claimed = []

    async def once(*given: Any) -> Any:
        if claimed:
            return []
        claimed.append(True)
        return await claim(*given)

    return once


def test_who_lost_the_lease_tells_nothing(
    context: Context,
    newsroom: Newsroom,
    directory: WorkingDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = newsroom.serve("/rss", feed(ARTICLE), Answer("gone", status=410))
    directory.write(settings=LOOPBACK, feeds=[{"url": url}])
    ledger.poll_all(context)
    monkeypatch.setattr(poller_module.feeds, "held", lambda *given: set())
    ledger.poll_all(context)
    with context.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(alerts)) == 0


# -- our own outages ---------------------------------------------------------------------------


def test_when_most_sites_fall_silent_no_feed_is_blamed(
    context: Context, directory: WorkingDirectory
) -> None:
    newsroom = Newsroom(sites=6)
    with newsroom.run_in_thread():
        newsroom.serve("/rss", feed(ARTICLE))
        urls = [f"{origin}/rss" for origin in newsroom.origins]
        directory.write(settings=LOOPBACK, feeds=[{"url": url} for url in urls])
        ledger.poll_all(context)
    before = rows(context)
    assert {row.state["status"] for row in before.values()} == {"ok"}
    asked = utc_now()
    ledger.poll_all(context)
    for url, row in rows(context).items():
        assert row.polls == 2, url
        assert (row.last_error, row.state.get("failures", 0)) == (None, 0), url
        assert row.state["status"] == "ok"
        assert asked < row.next_poll_at < asked + timedelta(hours=1)
    assert told(context) == []


def test_a_few_silent_sites_among_many_are_their_own_fault(
    context: Context, directory: WorkingDirectory
) -> None:
    newsroom, dead = Newsroom(sites=5), Newsroom(sites=2)
    with newsroom.run_in_thread():
        newsroom.serve("/rss", feed(ARTICLE))
        with dead.run_in_thread():
            dead.serve("/rss", feed(ARTICLE))
            urls = [f"{origin}/rss" for origin in (*newsroom.origins, *dead.origins)]
            directory.write(settings=LOOPBACK, feeds=[{"url": url} for url in urls])
            ledger.poll_all(context)
        ledger.poll_all(context)
    failing = {url for url, row in rows(context).items() if row.state.get("failures")}
    assert failing == {f"{origin}/rss" for origin in dead.origins}
