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
from pipeline.store.admission import Document
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
    real = poll_writer_module.admission.add_listed_together

    def add_listed(tx: object, documents: list[Document], *rest: object):
        if bad.feed.id in [document.feed_id for document in documents]:
            raise OverflowError("a bug")
        return real(tx, documents, *rest)

    monkeypatch.setattr(poll_writer_module.admission, "add_listed_together", add_listed)
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


def test_what_several_feeds_list_is_taken_in_once_and_counted_for_each(context: Context) -> None:
    due = claimed(context)
    common = "https://x.example/common"
    polls = [changed(feed, common, f"https://{feed.id}.example/1", common) for feed in due]
    answers, told = write(context, polls)
    assert answers == [None] * FEEDS
    assert sorted(each.new for each in told) == [1] * (FEEDS - 1) + [2]
    assert {(each.outcome.entries, each.outcome.known) for each in told} == {(3, 1)}
    assert ledger.counts(context)["queued"] == FEEDS + 1
    assert {row.listed for row in rows(context).values()} == {2}


def test_the_statements_of_a_batch_do_not_grow_with_its_feeds(context: Context) -> None:
    due = claimed(context)
    statements: list[object] = []

    def seen(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    write(context, [changed(due[0], "https://0.example/1")])
    event.listen(context.database.engine, "before_cursor_execute", seen)
    write(context, [changed(due[1], "https://1.example/1")])
    alone = len(statements)
    write(context, [changed(feed, f"https://{feed.id}.example/2") for feed in due[2:]])
    assert len(statements) - alone <= alone + FEEDS - 3, "and one a feed for what follows"


def test_a_large_document_is_written_alone(context: Context) -> None:
    due = claimed(context)
    many = poll_writer_module.MOST_ENTRIES
    large = [changed(feed, *(f"https://{feed.id}.example/{n}" for n in range(many)))
             for feed in due[:2]]  # fmt: skip
    answers, told = write(context, [*large, replace(changed(due[2], "https://2.example/x"))])
    assert answers == [None] * 3
    assert [each.outcome.entries for each in told] == [many, many, 1]
    assert ledger.counts(context)["queued"] == 2 * many + 1
