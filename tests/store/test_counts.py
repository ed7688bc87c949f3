"""Law 2 as a machine: whatever happens, every URL ever seen is in exactly one state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from pipeline.feeds.sources import FeedSource
from pipeline.store import admission, feeds, urls
from pipeline.store.admission import HandOptions, Listing
from pipeline.store.database import Database
from pipeline.store.schema import PENDING, STATES, TERMINAL
from pipeline.store.schema import urls as table
from pipeline.store.urls import Claim
from tests.worlds.store import LEASE_S, NOW, article, identity

MAX_ATTEMPTS = 3
numbers = st.integers(min_value=0, max_value=5)
batches = st.lists(numbers, min_size=1, max_size=4)
flags = st.booleans()


class UrlLife(RuleBasedStateMachine):
    """Random users, feeds, workers and accidents over one store; the model knows each state."""

    database: Database
    claims: Bundle[Claim] = Bundle("claims")

    @initialize()
    def open(self) -> None:
        self.connection = self.database.engine.connect()
        self.now = NOW
        self.model: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.holder: dict[str, int] = {}
        feeds.sync(self.connection, [FeedSource("https://f.example/rss")], NOW)
        self.feed_id = feeds.overview(self.connection)[0].id

    def teardown(self) -> None:
        self.connection.rollback()
        self.connection.close()

    def key(self, number: int) -> str:
        return self.aliases.get(article(number).key, article(number).key)

    @rule(batch=batches, front=flags, refetch=flags, queue=st.sampled_from(urls.QUEUES))
    def enqueue(self, batch: list[int], front: bool, refetch: bool, queue: urls.Queue) -> None:
        options = HandOptions(queue=queue, front=front, refetch=refetch)
        answers = admission.add_by_hand(
            self.connection, [article(n) for n in batch], options, self.now
        )
        seen: set[str] = set()
        for number, answer in zip(batch, answers, strict=True):
            key = self.key(number)
            before = self.model.get(key)
            if key in seen or before == "fetching":
                expected = "already on its way"
            elif before is None:
                expected = "queued"
            elif before in ("stored", "duplicate") and not refetch:
                expected = "already stored"
            else:
                expected = "queued again"
            assert answer == expected
            if expected.startswith("queued"):
                seen.add(key)
                self.model[key] = "queued"

    @rule(batch=batches)
    def list_in_a_feed(self, batch: list[int]) -> None:
        listings = [Listing(article(n), None, None, None) for n in batch]
        fresh = {self.key(n) for n in batch} - set(self.model)
        assert admission.add_listed(self.connection, self.feed_id, "f", listings, self.now)[
            0
        ] == len(fresh)
        self.model |= dict.fromkeys(fresh, "queued")

    @rule(target=claims, number=numbers, stale=flags)
    def claim(self, number: int, stale: bool) -> Claim | None:
        key = self.key(number)
        row = urls.find(self.connection, key)
        generation = 1 if row is None else row.generation - stale
        claim = urls.claim(self.connection, key, generation, "w", self.now, LEASE_S)
        allowed = not stale and self.model.get(key) in ("queued", "failed")
        assert (claim is not None) == allowed
        if claim is not None:
            self.model[key] = "fetching"
            self.holder[key] = claim.claims
        return claim

    @rule(claim=consumes(claims), state=st.sampled_from(("waiting", *TERMINAL)), tried=flags)
    def finish(self, claim: Claim | None, state: str, tried: bool) -> None:
        if claim is None:
            return
        values: dict[str, Any] = {"tried": tried}
        if state == "waiting":
            values["due_at"] = self.now + timedelta(seconds=30)
        if state in ("stored", "duplicate"):
            values["record_id"] = claim.key
        mine = (self.model[claim.key], self.holder.get(claim.key)) == ("fetching", claim.claims)
        assert urls.held(self.connection, [claim]) == [mine]
        now_in = urls.finish(self.connection, claim, self.now, state, **values)
        assert (now_in is not None) == mine
        if now_in is not None:
            kept = state in ("rejected", "failed") and now_in in ("stored", "duplicate")
            assert now_in == state or kept
            self.model[claim.key] = now_in

    @rule(seconds=st.sampled_from([1, 20, 40]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def wake(self) -> None:
        urls.wake(self.connection, self.now)
        self.sync_pending()

    @rule()
    def recover(self) -> None:
        for key, state in urls.recover(self.connection, self.now, MAX_ATTEMPTS):
            assert self.model[key] == "fetching"
            self.model[key] = state

    @rule(queue=st.sampled_from(urls.QUEUES), limit=st.integers(0, 3), lost=flags)
    def dispatch(self, queue: urls.Queue, limit: int, lost: bool) -> None:
        taken = urls.take_undispatched(self.connection, queue, limit, self.now)
        assert len(taken) <= limit
        assert {self.model[key] for key, _, _ in taken} <= {"queued"}
        if lost:
            urls.undispatch(self.connection, [key for key, _, _ in taken])

    @rule(number=numbers, other=st.integers(min_value=0, max_value=9))
    def alias(self, number: int, other: int) -> None:
        key = self.key(number)
        if key not in self.model:
            return
        name = identity(f"https://news.example/articles/{other}")
        taken = name.key in self.model or name.key in self.aliases
        assert urls.add_alias(self.connection, key, name, "redirect", self.now) != taken
        if not taken:
            self.aliases[name.key] = key

    @rule(number=numbers)
    def settle(self, number: int) -> None:
        key = self.key(number)
        urls.settle(self.connection, key, self.now)
        if key in self.model:
            self.model[key] = "stored"
            self.holder.pop(key, None)

    @rule(states=st.sets(st.sampled_from(TERMINAL), min_size=1))
    def requeue(self, states: set[str]) -> None:
        keys = admission.select_keys(self.connection, admission.Selection(tuple(states)))
        assert set(keys) == {key for key, state in self.model.items() if state in states}
        admission.requeue(self.connection, keys, HandOptions(), self.now)
        self.model |= dict.fromkeys(keys, "queued")

    def sync_pending(self) -> None:
        for row in self.connection.execute(select(table.c.key, table.c.state)):
            if (self.model[row.key], row.state) == ("waiting", "queued"):
                self.model[row.key] = "queued"

    @invariant()
    def the_counts_add_up_to_the_urls_seen(self) -> None:
        counts = urls.counts(self.connection)
        assert tuple(counts) == STATES
        assert sum(counts.values()) == len(self.model)
        rows = self.connection.execute(select(table)).all()
        assert {row.key: row.state for row in rows} == self.model

    @invariant()
    def a_state_holds_exactly_what_belongs_to_it(self) -> None:
        for row in self.connection.execute(select(table)):
            assert (row.lease_until is not None) == (row.state == "fetching")
            assert (row.lease_owner is not None) == (row.state == "fetching")
            assert (row.due_at is not None) == (row.state == "waiting")
            assert row.dispatched_at is None or row.state in ("queued", "fetching")
            assert row.state in PENDING + TERMINAL
            assert row.record_id is not None or row.state not in ("stored", "duplicate")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_counts_add_up_whatever_happens(database: Database) -> None:
    class OnThisDatabase(UrlLife):
        pass

    OnThisDatabase.database = database
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
