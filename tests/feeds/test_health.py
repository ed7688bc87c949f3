"""Which turn of a feed is told, in which words; and when it is us who are down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.feeds.health import event, explain
from pipeline.feeds.outage import RecentPoll, is_own_outage, polling_share
from pipeline.feeds.schedule import FeedState, PollOutcome, next_poll

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OK = FeedState(
    status="ok", last_new=NOW - timedelta(hours=30), last_polled=NOW, last_success=NOW, window=20
)


@pytest.mark.parametrize(
    ("after", "type_", "words"),
    [
        (replace(OK, status="quiet"), "feed.quiet", "nothing new for 30 h"),
        (
            replace(
                OK, status="broken", last_error="HTTP 403", failing_since=NOW - timedelta(days=3)
            ),
            "feed.broken",
            "failing for 3 d: HTTP 403",
        ),
        (
            replace(OK, status="broken", last_error="no items"),
            "feed.broken",
            "answers, but lists nothing",
        ),
        (
            replace(OK, status="overflow", last_overflow=NOW),
            "feed.overflow",
            "all 20 entries were new",
        ),
        (
            replace(
                OK,
                status="moved",
                moved_to="https://new.example/rss",
                moved_since=NOW - timedelta(days=4),
                moved_seen=9,
            ),
            "feed.moved",
            "https://new.example/rss",
        ),
        (replace(OK, status="gone", next_poll=None), "feed.gone", "410"),
    ],
)
def test_each_turn_for_the_worse_is_told_once(after: FeedState, type_: str, words: str) -> None:
    told = event(OK, after, NOW)
    assert told is not None
    assert told.type == type_
    assert words in told.reason
    assert told.since is not None
    assert told.since <= NOW
    assert event(after, after, NOW) is None


def test_good_news_is_no_alert() -> None:
    assert event(replace(OK, status="quiet"), OK, NOW) is None
    assert event(FeedState(), OK, NOW) is None
    assert explain(OK, NOW) == "last new entry 30 h ago"
    assert explain(FeedState(), NOW) == "not polled yet"


def test_a_failing_new_feed_says_why() -> None:
    state = next_poll(FeedState(), PollOutcome("failed", None, "dns failed"), NOW, 0.0)
    assert explain(state, NOW) == "never read: dns failed"


def polls(answered: int, silent: int, **extra: bool) -> list[RecentPoll]:
    sites = [RecentPoll(f"up{n}.example", True) for n in range(answered)]
    return sites + [RecentPoll(f"down{n}.example", False, **extra) for n in range(silent)]


def test_when_most_sites_fall_silent_at_once_it_is_us() -> None:
    assert is_own_outage(polls(answered=2, silent=8))
    assert is_own_outage(polls(answered=0, silent=3))


def test_some_silent_sites_are_their_own_fault() -> None:
    assert not is_own_outage(polls(answered=8, silent=8))
    assert not is_own_outage(polls(answered=20, silent=5))
    assert not is_own_outage([])


def test_one_or_two_sites_prove_nothing() -> None:
    assert not is_own_outage(polls(answered=0, silent=2))
    one_site = [RecentPoll("a.example", False) for _ in range(50)]
    assert not is_own_outage(one_site)


def test_sites_that_failed_before_are_no_witnesses() -> None:
    assert not is_own_outage(polls(answered=3, silent=30, was_failing=True))


def test_the_first_answers_end_the_outage() -> None:
    down = polls(answered=0, silent=6)
    back = [RecentPoll(f"down{n}.example", True) for n in range(3)]
    assert is_own_outage(down)
    assert not is_own_outage(down + back)


def test_polling_ramps_up_after_an_outage() -> None:
    shares = [polling_share(s) for s in (None, 0, 60, 120, 299, 300, 10_000)]
    assert shares == sorted(shares)
    assert shares[0] == shares[1] == 0.05
    assert shares[-2:] == [1.0, 1.0]
