"""One budget a site, judged from the grants that a real server gave out, by its own clock."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workers.politeness import BlockingTurns as Turns
from workers.politeness import Budget


@pytest.fixture
def client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


@dataclass
class Witness:
    """Asks for turns and writes down, by the server's clock, what it was given and gave back."""

    client: redis.Redis
    budget: Budget
    grants: list[tuple[float, float]] = field(default_factory=list)
    """Earliest and latest moment at which the server can have granted a turn."""

    def __post_init__(self) -> None:
        self.turns = Turns(self.client, self.budget)

    def now(self) -> float:
        seconds, micros = self.client.time()
        return float(seconds) + micros / 1e6

    def take(self, site: str = "x", *, promised: bool = False, gap_s: float = 0.0):
        before = self.now()
        turn, wait_s = self.turns.take(site, promised=promised, least_gap_s=gap_s)
        if turn:
            self.grants.append((before, self.now()))
        return turn, wait_s


def test_never_more_turns_at_once_than_allowed(client: redis.Redis) -> None:
    """Eight threads take and give back as fast as they can."""
    turns = Turns(client, Budget(concurrency=3, gap_s=0, lease_s=30))
    lock, seen = threading.Lock(), []
    under_way = 0

    def work(seed: int) -> None:
        nonlocal under_way
        draw = random.Random(seed)
        for _ in range(25):
            turn, _ = turns.take("x", promised=draw.random() < 0.5)
            if not turn:
                continue
            with lock:
                under_way += 1
                seen.append(under_way)
            with lock:
                under_way -= 1
            turns.give_back("x", turn)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen
    assert max(seen) <= 3


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 4),
    st.lists(st.sampled_from(["take", "take promised", "give back", "twice"]), max_size=40),
)
def test_whatever_is_asked_turns_at_once_never_exceed_the_budget(
    redis_url: str, concurrency: int, moves: list[str]
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        turns = Turns(client, Budget(concurrency, gap_s=0, lease_s=30))
        held: list[str] = []
        for move in moves:
            if move.startswith("take"):
                turn, wait_s = turns.take("x", promised="promised" in move)
                assert bool(turn) != bool(wait_s)
                held += [turn] if turn else []
            elif held:
                turn = held.pop()
                turns.give_back("x", turn)
                if move == "twice":
                    turns.give_back("x", turn)
            assert len(held) <= concurrency
            assert client.zcard("wirewatch:turns:x") == len(held)


def test_starts_are_never_closer_than_the_gap(client: redis.Redis) -> None:
    gap_s = 0.08
    witness = Witness(client, Budget(concurrency=8, gap_s=gap_s, lease_s=30))
    draw = random.Random(7)
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        witness.take(promised=draw.random() < 0.5)
    assert len(witness.grants) >= 5
    for (earliest, _), (_, latest) in itertools.pairwise(witness.grants):
        assert latest - earliest >= gap_s - 0.001


def test_a_sites_own_longer_gap_holds(client: redis.Redis) -> None:
    witness = Witness(client, Budget(concurrency=8, gap_s=0.01, lease_s=30))
    turn, _ = witness.take(gap_s=30.0)
    assert turn
    for promised in (False, True):
        turn, wait_s = witness.take(promised=promised, gap_s=30.0)
        assert not turn
        assert wait_s > 29


def test_rest_delays_the_next_start_and_never_hastens_it(client: redis.Redis) -> None:
    witness = Witness(client, Budget(concurrency=8, gap_s=0, lease_s=30))
    witness.turns.rest("x", 30.0)
    witness.turns.rest("x", 1.0)
    turn, wait_s = witness.take(promised=True)
    assert not turn
    assert wait_s > 29


def test_the_turn_of_one_who_died_is_free_again_when_its_lease_ends(client: redis.Redis) -> None:
    turns = Turns(client, Budget(concurrency=1, gap_s=0, lease_s=0.2))
    turn, _ = turns.take("x")
    assert turn
    assert not turns.take("x", promised=True)[0]
    deadline = time.monotonic() + 10
    while not (later := turns.take("x", promised=True)[0]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert later
    turns.give_back("x", turn)  # the dead one comes back to life: not its turn any more
    assert not turns.take("x", promised=True)[0]


def test_newcomers_do_not_overtake_those_who_were_promised_a_turn(client: redis.Redis) -> None:
    gap_s = 0.1
    turns = Turns(client, Budget(concurrency=4, gap_s=gap_s, lease_s=30))
    assert turns.take("x")[0]
    waits = [turns.take("x")[1] for _ in range(5)]
    assert all(later - sooner >= gap_s * 0.9 for sooner, later in itertools.pairwise(waits))
    time.sleep(gap_s * 1.5)  # the first of them may come now; so might a newcomer
    turn, wait_s = turns.take("x")
    assert not turn, "a newcomer was served before those who wait"
    assert wait_s > waits[-1] - gap_s * 2
    assert turns.take("x", promised=True)[0]


def test_sites_are_independent(client: redis.Redis) -> None:
    turns = Turns(client, Budget(concurrency=1, gap_s=60, lease_s=60))
    assert all(turns.take(f"site {n}")[0] for n in range(50))
    assert not any(turns.take(f"site {n}")[0] for n in range(50))


def test_losing_redis_forgets_who_waited_and_nothing_else(client: redis.Redis) -> None:
    turns = Turns(client, Budget(concurrency=1, gap_s=60, lease_s=60))
    turn, _ = turns.take("x")
    client.flushall()
    turns.give_back("x", turn)
    assert turns.take("x")[0]


def test_nothing_is_left_in_redis_for_ever(client: redis.Redis) -> None:
    turns = Turns(client, Budget(concurrency=1, gap_s=1, lease_s=2))
    for _ in range(3):
        turns.take("x")
    turns.rest("y", 3)
    assert {key for key in client.keys("wirewatch:*") if client.ttl(key) < 0} == set()


@pytest.mark.parametrize("lateness_s", [0.0, 0.02, 0.1])
def test_two_hundred_urls_of_one_site_are_each_refused_a_few_times_at_most(
    client: redis.Redis, lateness_s: float
) -> None:
    """Each comes back at the time it was given, or up to `lateness_s` after it, as the keeper's
    tick and a busy worker have it."""
    gap_s = 0.01
    turns = Turns(client, Budget(concurrency=2, gap_s=gap_s, lease_s=30))
    draw = random.Random(3)
    refusals: Counter[int] = Counter()
    due = [(0.0, number, False) for number in range(200)]
    heapq.heapify(due)
    started = time.monotonic()
    while due:
        when, number, promised = heapq.heappop(due)
        time.sleep(max(0.0, when - (time.monotonic() - started)))
        turn, wait_s = turns.take("x", promised=promised)
        if turn:
            turns.give_back("x", turn)
            continue
        refusals[number] += 1
        back = time.monotonic() - started + wait_s + draw.random() * lateness_s
        heapq.heappush(due, (back, number, True))
    assert max(refusals.values()) <= 8, refusals.most_common(5)
    assert sum(refusals.values()) / 200 <= 3
