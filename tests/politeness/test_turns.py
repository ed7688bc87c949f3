"""One budget a site, judged from the grants that a real server gave out, by its own clock."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import asyncio as aioredis

from workers.politeness import SLACK_S, Budget, Turn, Turns, Went


class Desk:
    """`Turns`, waited for, with the server's clock beside it."""

    def __init__(self, url: str, **budget: Any) -> None:
        self._runner = asyncio.Runner()
        self._client = aioredis.Redis.from_url(url)
        self._turns = Turns(self._client, Budget(**{"concurrency": 8, "lease_s": 30, **budget}))

    def now(self) -> float:
        seconds, micros = self._run(self._client.time())
        return float(seconds) + micros / 1e6

    def take(self, site: str = "x", host: str = "", *, promised: bool = False) -> Turn | float:
        return self._run(self._turns.take(site, host or site, promised=promised))

    def turn(self, site: str = "x", host: str = "") -> Turn:
        """A turn that has to be granted."""
        turn = self.take(site, host, promised=True)
        assert isinstance(turn, Turn), f"{turn} s to wait"
        return turn

    def wait_s(self, site: str = "x", host: str = "", *, promised: bool = True) -> float:
        """The wait of a caller who has to be refused."""
        wait_s = self.take(site, host, promised=promised)
        assert not isinstance(wait_s, Turn)
        return wait_s

    def give_back(self, turn: Turn, went: Went = Went.GOOD, **told: float | None) -> None:
        self._run(self._turns.give_back(turn, went, **told))

    def start(self, turn: Turn) -> float:
        return self._run(self._turns.start(turn))

    def delay(self, host: str, delay_s: float) -> None:
        self._run(self._turns.delay(host, delay_s))

    def close(self) -> None:
        self._run(self._client.aclose())
        self._runner.close()

    def _run(self, work: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await work

        return self._runner.run(main())


@pytest.fixture
def desk(redis_url: str) -> Iterator[Callable[..., Desk]]:
    """Opens desks, one a process so to say."""
    opened: list[Desk] = []

    def open_desk(**budget: Any) -> Desk:
        opened.append(Desk(redis_url, **budget))
        return opened[-1]

    yield open_desk
    for each in opened:
        each.close()


@pytest.fixture
def client(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url)


# -- how many at once ----------------------------------------------------------------------------


def test_never_more_turns_at_once_than_allowed(redis_url: str) -> None:
    """Eight threads take and give back as fast as they can."""
    lock, seen = threading.Lock(), []
    under_way = 0

    def work(seed: int) -> None:
        nonlocal under_way
        draw = random.Random(seed)
        desk = Desk(redis_url, concurrency=3, gap_s=0)
        for _ in range(25):
            turn = desk.take(promised=draw.random() < 0.5)
            if not isinstance(turn, Turn):
                continue
            with lock:
                under_way += 1
                seen.append(under_way)
            with lock:
                under_way -= 1
            desk.give_back(turn)
        desk.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen
    assert max(seen) <= 3


MOVES = ("take", "take promised", "give back", "give back twice", "fail", "refused", "late")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 4),
    st.sampled_from([0.0, 0.004]),
    st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from("ab")), max_size=40),
)
def test_whatever_is_asked_turns_at_once_never_exceed_the_budget(
    redis_url: str, concurrency: int, gap_s: float, moves: list[tuple[str, str]]
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        desk = Desk(redis_url, concurrency=concurrency, gap_s=gap_s)
        held: list[Turn] = []
        for move, host in moves:
            if move.startswith("take"):
                turn = desk.take("x", host, promised="promised" in move)
                if isinstance(turn, Turn):
                    held.append(turn)
                else:
                    assert turn > 0
            elif held and move == "late":
                assert desk.start(held[-1]) >= 0
            elif held:
                turn = held.pop()
                went = Went.FAILED if move in ("fail", "refused") else Went.GOOD
                desk.give_back(turn, went, took_s=0.01, told_s=0.0 if move == "refused" else None)
                if move == "give back twice":
                    desk.give_back(turn)
            assert len(held) <= concurrency
            assert client.zcard("wirewatch:turns:x") == len(held)
        assert [key for key in client.keys("wirewatch:*") if client.ttl(key) < 0] == []
        desk.close()


def test_the_turn_of_one_who_died_is_free_again_when_its_lease_ends(desk) -> None:
    turns = desk(concurrency=1, gap_s=0, lease_s=0.2)
    dead = turns.turn()
    turns.wait_s()
    deadline = time.monotonic() + 10
    while not isinstance(turns.take(promised=True), Turn):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    turns.give_back(dead)  # the dead one comes back to life: not its turn any more
    turns.wait_s()


# -- how far apart -------------------------------------------------------------------------------


def test_starts_are_never_closer_than_the_gap(desk) -> None:
    gap_s = 0.08
    turns, grants = desk(gap_s=gap_s), []
    draw = random.Random(7)
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        before = turns.now()
        if isinstance(turns.take(promised=draw.random() < 0.5), Turn):
            grants.append((before, turns.now()))
    assert len(grants) >= 5
    for (earliest, _), (_, latest) in itertools.pairwise(grants):
        assert latest - earliest >= gap_s - 0.001


def test_a_hosts_own_longer_gap_holds_whoever_asks_first(desk) -> None:
    turns = desk(gap_s=0.01)
    turns.delay("slow.x", 30.0)
    turns.turn("x", "fast.x")
    time.sleep(0.1)
    assert turns.wait_s("x", "slow.x") > 29, "30 s after any other start"
    turns.delay("slow.x", 0)
    turns.turn("x", "slow.x")


def test_two_machines_with_different_settings_keep_the_longer_gap(desk) -> None:
    desk(gap_s=20).turn()
    assert desk(gap_s=0.01).wait_s() > 19


def test_a_request_that_is_sent_late_moves_the_next_ones(desk) -> None:
    gap_s = 0.3
    turns = desk(gap_s=gap_s)
    late = turns.turn()
    time.sleep(gap_s * 1.1)
    assert time.monotonic() > late.sent_by
    sent = turns.now()
    assert turns.start(late) == 0, "nobody started since"
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    assert turns.now() - sent >= gap_s


def test_at_a_site_with_others_waiting_a_turn_is_used_at_once_or_announced(desk) -> None:
    turns = desk(gap_s=0.3)
    turns.give_back(turns.turn(), sent_at=time.monotonic())
    first = turns.wait_s(promised=False)
    turns.wait_s(promised=False)
    time.sleep(first)
    before = time.monotonic()
    turn = turns.turn()
    assert before + SLACK_S <= turn.sent_by <= time.monotonic() + SLACK_S


def test_a_turn_at_an_idle_site_may_be_used_late_and_the_next_one_waits_for_that(desk) -> None:
    gap_s = 0.4
    turns = desk(gap_s=gap_s)
    before = time.monotonic()
    turn = turns.turn()
    assert turn.sent_by >= before + gap_s
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    assert time.monotonic() >= turn.sent_by + gap_s, "it may have been sent at the last moment"


@pytest.mark.parametrize("late_s", [0.0, 0.1, 0.3])
def test_what_a_turn_leaves_of_its_slack_keeps_nobody_waiting(desk, late_s: float) -> None:
    gap_s = 0.4
    turns = desk(gap_s=gap_s)
    turn = turns.turn()
    time.sleep(late_s)
    sent_at = time.monotonic()
    assert sent_at < turn.sent_by
    turns.give_back(turn, sent_at=sent_at)
    waits_until = time.monotonic() + turns.wait_s()
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    assert time.monotonic() >= sent_at + gap_s
    assert waits_until < turn.sent_by + gap_s, "earlier than without a word of it"


def test_slack_is_taken_off_the_latest_turn_only(desk) -> None:
    turns = desk(gap_s=0.5)
    first, sent_at = turns.turn(), time.monotonic()
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    started = time.monotonic()
    turns.give_back(first, sent_at=sent_at)
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    assert time.monotonic() - started >= 0.5 * 0.9


def test_a_request_that_is_sent_so_late_that_another_started_waits_its_gap(desk) -> None:
    gap_s = 1.0
    turns = desk(gap_s=gap_s)
    late = turns.turn()
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    other = turns.now()
    sent = turns.now() + turns.start(late)
    assert sent >= other + gap_s * 0.9
    while not isinstance(turns.take(promised=True), Turn):
        time.sleep(0.005)
    assert turns.now() >= sent + gap_s * 0.9, "the next one follows a gap after that"


# -- the response time ---------------------------------------------------------------------------


def pace(client: redis.Redis, site: str = "x") -> float:
    return float(client.hget(f"wirewatch:pace:{site}", "pace") or 0) / 1000


def test_a_slow_site_is_asked_at_its_own_pace(desk) -> None:
    turns = desk(gap_s=0.01)
    turns.give_back(turns.turn(), took_s=20.0)
    assert turns.wait_s() > 19


def test_who_asks_for_no_gap_is_not_spaced(desk) -> None:
    turns = desk(gap_s=0)
    turns.give_back(turns.turn(), took_s=20.0)
    turns.turn()


def test_good_answers_bring_the_pace_back_and_error_pages_do_not(desk, client: redis.Redis) -> None:
    turns = desk(gap_s=0)
    turns.give_back(turns.turn(), took_s=8.0)
    assert pace(client) == 8
    turns.give_back(turns.turn(), Went.REFUSED, took_s=0.01)
    assert pace(client) == 8
    turns.give_back(turns.turn(), Went.REFUSED, took_s=12.0)
    assert pace(client) == 9
    turns.give_back(turns.turn(), took_s=None)
    assert pace(client) == 9
    for _ in range(12):
        turns.give_back(turns.turn(), took_s=0.1)
    assert 0.1 <= pace(client) < 0.2


def test_failures_double_the_pace_up_to_a_minute(desk, client: redis.Redis) -> None:
    turns = desk(gap_s=0)
    seen = []
    for _ in range(10):
        turns.give_back(turns.turn(), Went.FAILED, took_s=0.001)
        seen.append(pace(client))
    assert seen == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


# -- hosts that refuse ---------------------------------------------------------------------------


def refuse(turns: Desk, host: str, told_s: float) -> None:
    turns.give_back(turns.turn("x", host), Went.FAILED, took_s=0.01, told_s=told_s)


def end_hold(client: redis.Redis, host: str) -> None:
    client.hset(f"wirewatch:host:{host}", mapping={"hold": 1, "tail": 1})


def test_a_host_that_refuses_is_left_alone_and_its_neighbours_are_not(desk) -> None:
    turns = desk(gap_s=0)
    refuse(turns, "a", 300)
    for promised in (False, True):
        assert 299 < turns.wait_s("x", "a", promised=promised) < 302
    turns.turn("x", "b")


def test_the_urls_of_a_held_host_come_back_one_after_another(desk) -> None:
    turns = desk(gap_s=2)
    refuse(turns, "a", 300)
    waits = [turns.wait_s("x", "a") for _ in range(5)]
    assert all(later - sooner >= 1.9 for sooner, later in itertools.pairwise(waits))


def test_a_second_host_that_refuses_speaks_for_the_site(desk) -> None:
    turns = desk(gap_s=0)
    refuse(turns, "a", 300)
    refuse(turns, "b", 100)
    assert 95 < turns.wait_s("x", "c") < 101, "until the first of the two may be asked again"
    turns.turn("y", "c")


def test_without_a_time_the_pause_grows_with_each_refusal(desk, client: redis.Redis) -> None:
    turns, waits = desk(gap_s=0), []
    for _ in range(9):
        refuse(turns, "a", 0)
        waits.append(round(turns.wait_s("x", "a")))
        end_hold(client, "a")
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_refusals_of_what_was_under_way_count_once(desk) -> None:
    turns = desk(gap_s=0)
    for turn in [turns.turn("x", "a") for _ in range(5)]:
        turns.give_back(turn, Went.FAILED, told_s=0)
    assert turns.wait_s("x", "a") < 31


def test_one_url_is_believed_for_an_hour_and_a_second_one_for_a_day(
    desk, client: redis.Redis
) -> None:
    turns = desk(gap_s=0)
    refuse(turns, "a", 40_000)
    assert 3_590 < turns.wait_s("x", "a") < 3_601
    end_hold(client, "a")
    refuse(turns, "a", 40_000)
    assert 39_990 < turns.wait_s("x", "a") < 40_001
    end_hold(client, "a")
    refuse(turns, "a", 400_000)
    assert 86_390 < turns.wait_s("x", "a") < 86_401


def test_after_a_pause_one_request_asks_whether_it_is_over(desk, client: redis.Redis) -> None:
    turns = desk(gap_s=0, concurrency=8)
    refuse(turns, "a", 0)
    end_hold(client, "a")
    probe = turns.turn("x", "a")
    turns.wait_s("x", "a")
    turns.give_back(probe, took_s=0.01)
    for _ in range(8):
        turns.turn("x", "a")


def test_a_good_answer_that_was_under_way_does_not_end_the_pause(desk) -> None:
    turns = desk(gap_s=0)
    earlier = turns.turn("x", "a")
    refuse(turns, "a", 300)
    turns.give_back(earlier, took_s=0.01)
    assert turns.wait_s("x", "a") > 290


def test_a_pause_is_never_shortened(desk) -> None:
    turns = desk(gap_s=0)
    first, second = turns.turn("x", "a"), turns.turn("x", "a")
    turns.give_back(first, Went.FAILED, told_s=300)
    turns.give_back(second, Went.FAILED, told_s=1)
    assert turns.wait_s("x", "a") > 290


# -- the line ------------------------------------------------------------------------------------


def test_newcomers_do_not_overtake_those_who_were_promised_a_turn(desk) -> None:
    gap_s = 0.1
    turns = desk(concurrency=4, gap_s=gap_s)
    turns.give_back(turns.turn(), sent_at=time.monotonic())
    waits = [turns.wait_s(promised=False) for _ in range(5)]
    assert all(later - sooner >= gap_s * 0.9 for sooner, later in itertools.pairwise(waits))
    time.sleep(gap_s * 1.5)  # the first of them may come now; so might a newcomer
    assert turns.wait_s(promised=False) > waits[-1] - gap_s * 2, "served before those who wait"
    turns.turn()


def test_one_who_came_in_time_and_found_another_there_is_next_and_not_last(desk) -> None:
    """Twenty wait in line; three come at once, and each waits only for the one before it."""
    gap_s = 0.5
    turns = desk(concurrency=4, gap_s=gap_s)
    turns.give_back(turns.turn(), sent_at=time.monotonic())
    for _ in range(20):
        turns.wait_s(promised=False)
    again = [turns.wait_s() for _ in range(3)]
    assert again[0] <= gap_s + 2 * SLACK_S
    assert all(0.9 <= (b - a) / gap_s <= 1.3 for a, b in itertools.pairwise(again)), again
    assert turns.wait_s(promised=False) > 20 * gap_s, "newcomers stay behind them all"


def test_newcomers_stay_behind_those_who_came_in_time_and_were_refused(desk) -> None:
    turns = desk(concurrency=1, gap_s=0.5)
    turns.turn()
    latest = [turns.wait_s() for _ in range(5)][-1]
    assert turns.wait_s(promised=False) >= latest + 0.4


def test_sites_are_independent(desk) -> None:
    turns = desk(concurrency=1, gap_s=60)
    for n in range(50):
        turns.turn(f"site {n}")
    for n in range(50):
        turns.wait_s(f"site {n}")


def test_losing_redis_forgets_who_waited_and_nothing_else(desk, client: redis.Redis) -> None:
    turns = desk(concurrency=1, gap_s=60)
    turn = turns.turn()
    client.flushall()
    assert turns.start(turn) == 0
    turns.give_back(turn, took_s=0.1)
    client.flushall()
    turns.turn()


@pytest.mark.parametrize("lateness_s", [0.0, 0.02, 0.1])
def test_two_hundred_urls_of_one_site_are_each_refused_a_few_times_at_most(
    desk, lateness_s: float
) -> None:
    """Each comes back at the time it was given, or up to `lateness_s` after it, as the keeper's
    tick and a busy worker have it."""
    turns = desk(concurrency=2, gap_s=0.01)
    draw = random.Random(3)
    refusals: Counter[int] = Counter()
    due = [(0.0, number, False) for number in range(200)]
    heapq.heapify(due)
    started = time.monotonic()
    while due:
        when, number, promised = heapq.heappop(due)
        time.sleep(max(0.0, when - (time.monotonic() - started)))
        turn = turns.take(promised=promised)
        if isinstance(turn, Turn):
            turns.give_back(turn)
            continue
        refusals[number] += 1
        back = time.monotonic() - started + turn + draw.random() * lateness_s
        heapq.heappush(due, (back, number, True))
    assert max(refusals.values()) <= 8, refusals.most_common(5)
    assert sum(refusals.values()) / 200 <= 3
