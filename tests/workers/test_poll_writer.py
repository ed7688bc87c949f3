"""Polls written together: one that cannot be written costs no other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import event

from pipeline.errors import Unavailable
from pipeline.feeds.schedule import FeedState, Policy, PollOutcome
from pipeline.feeds.shapes import Entry, ParsedFeed
from pipeline.feeds.sources import FeedSource
from pipeline.store import feeds
from tests.worlds import ledger
from workers import poll_writer as poll_writer_module
from workers.context import Context, utc_now
from workers.poll_writer import Poll, PollWriter, Written

FEEDS = 8


def claimed(context: Context, owner: str | None = None) -> list[feeds.DueFeed]:
    """Feeds of as many sites, under our lease."""
    sources = [FeedSource(f"https://{n}.example/rss") for n in range(FEEDS)]
    with context.database.write() as tx:
        feeds.sync(tx, sources, utc_now())
        due = feeds.claim_due(tx, owner or context.owner, utc_now(), FEEDS, 60)
    return sorted(due, key=lambda feed: feed.id)


def changed(feed: feeds.DueFeed, *links: str) -> Poll:
    parsed = ParsedFeed(entries=tuple(Entry(link) for link in links), format="rss20")
    return Poll(feed, FeedState(), PollOutcome("changed", 200), parsed=parsed)


def write(context: Context, polls: list[Poll]) -> tuple[list[object], list[Written]]:
    """What each write answered (None, or its fault), and what was told."""
    told: list[Written] = []

    async def run() -> list[object]:
        writer = PollWriter(
            context, Policy(), utc_now, excused=lambda poll: False, told=told.append
        )
        return await asyncio.gather(*map(writer.write, polls), return_exceptions=True)

    return asyncio.run(run()), told


def rows(context: Context) -> dict[int, object]:
    with context.database.read() as connection:
        return {row.id: row for row in feeds.overview(connection)}


def test_polls_that_end_together_are_one_transaction(context: Context) -> None:
    polls = [changed(feed, f"https://{feed.id}.example/1") for feed in claimed(context)]
    commits: list[object] = []
    event.listen(context.database.engine, "commit", commits.append)
    answers, told = write(context, polls)
    assert answers == [None] * FEEDS
    assert [each.poll for each in told] == polls
    # One for the polls; the others send their URLs to the workers.
    assert len(commits) < FEEDS
    assert {row.polls for row in rows(context).values()} == {1}
    assert {row.lease_owner for row in rows(context).values()} == {None}
    assert ledger.counts(context)["queued"] == FEEDS


def test_a_poll_that_cannot_be_written_costs_no_other(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls = [changed(feed, f"https://{feed.id}.example/1") for feed in claimed(context)]
    bad = polls[3]
    real = poll_writer_module.admission.add_listed

    def add_listed(tx: object, feed_id: int, *rest: object, **options: object):
        if feed_id == bad.feed.id:
            raise OverflowError("a bug")
        return real(tx, feed_id, *rest, **options)

    monkeypatch.setattr(poll_writer_module.admission, "add_listed", add_listed)
    answers, told = write(context, polls)
    assert [type(each) for each in answers].count(OverflowError) == 1
    assert isinstance(answers[3], OverflowError)
    assert len(told) == FEEDS - 1
    row = rows(context).pop(bad.feed.id)
    assert (row.polls, row.lease_owner) == (0, context.owner), "it is still ours to write"
    assert ledger.counts(context)["queued"] == FEEDS - 1


def test_with_the_database_away_every_poll_is_told_so_at_once(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls = [changed(feed, "https://x.example/1") for feed in claimed(context)]
    tries: list[object] = []

    def held(*given: object) -> set[int]:
        tries.append(given)
        raise Unavailable("database: away")

    monkeypatch.setattr(poll_writer_module.feeds, "held", held)
    answers, told = write(context, polls)
    assert {type(each) for each in answers} == {Unavailable}
    assert told == []
    assert len(tries) <= 2, "not tried again for each"


def test_entries_count_even_when_the_lease_has_passed_on(context: Context) -> None:
    due = claimed(context, owner="another poller")
    answers, _ = write(context, [changed(due[0], "https://x.example/1")])
    assert answers == [None]
    row = rows(context)[due[0].id]
    assert (row.polls, row.lease_owner, row.listed) == (0, "another poller", 1)


def test_a_large_document_is_written_alone(context: Context) -> None:
    due = claimed(context)
    many = poll_writer_module.MOST_ENTRIES
    large = [changed(feed, *(f"https://{feed.id}.example/{n}" for n in range(many)))
             for feed in due[:2]]  # fmt: skip
    answers, told = write(context, [*large, replace(changed(due[2], "https://2.example/x"))])
    assert answers == [None] * 3
    assert [each.outcome.entries for each in told] == [many, many, 1]
    assert ledger.counts(context)["queued"] == 2 * many + 1
