"""The sites' own logs judge what several processes asked of them, with some of those killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from benchmarks.judged_sites import (
    Asked,
    Plan,
    Verdict,
    broken_pauses,
    judge,
    names,
    read,
    serving,
)

GAP_S = 0.3
LAG_S = 0.02
"""The judge shares two cores with those it judges: its clock may be late by this."""


def visitor(redis_url: str, environ: dict[str, str], **fetch: object) -> subprocess.Popen[bytes]:
    settings = {"user_agent": "Wirewatch-test/0.1", "per_site_gap_s": GAP_S, "timeout_s": 2}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.politeness.visitor", redis_url, json.dumps(settings | fetch)],
        env={**os.environ, **environ},
    )


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_site_is_asked_more_than_allowed_though_visitors_are_killed(
    redis_url: str, tmp_path: Path, concurrency: int
) -> None:
    plan = Plan(sites=4, articles=4, burst=8)
    environ, log = names(tmp_path / "names"), tmp_path / "asked.jsonl"
    draw = random.Random(concurrency)

    def start() -> subprocess.Popen[bytes]:
        return visitor(redis_url, environ, per_site_concurrency=concurrency)

    with serving(plan, log) as port, redis.Redis.from_url(redis_url) as client:
        urls = [plan.url(n, path, port) for n in range(plan.sites) for path in plan.paths(n)]
        client.zadd("todo", dict.fromkeys(urls, 0.0))
        crowd = [start() for _ in range(4)]
        deadline, next_kill = time.monotonic() + 100, time.monotonic() + 3
        while client.zcard("todo") and time.monotonic() < deadline:
            time.sleep(0.1)
            if time.monotonic() > next_kill and draw.random() < 0.5:
                next_kill += 3
                victim = crowd.pop(draw.randrange(len(crowd)))
                victim.kill()
                victim.wait()
                crowd.append(start())
        ends = client.hgetall("ends")
        for process in crowd:
            process.kill()
            process.wait()
    asked = read(log)
    assert len(ends) == plan.published
    assert {end.decode().split()[0] for end in ends.values()} == {"200"}
    for verdict in judge(asked):
        assert verdict.most_in_flight <= concurrency, verdict
        assert verdict.least_gap_s >= GAP_S - LAG_S, verdict
    assert broken_pauses(asked) == []


# -- the judge itself ----------------------------------------------------------------------------


def asked(start: float, end: float, status: int = 200) -> Asked:
    return Asked("a.test", "www.a.test", "/", status, start, end)


def test_the_judge_counts_what_is_in_flight_and_how_close_starts_are() -> None:
    log = [asked(0, 2), asked(1, 3), asked(1.5, 1.9), asked(3, 4)]
    assert judge(log) == [Verdict("a.test", 4, 3, 0.5)]


def test_the_judge_sees_a_pause_broken() -> None:
    log = [asked(0, 1, 429), asked(0.5, 1.5), asked(2.5, 3), asked(3.5, 4)]
    assert broken_pauses(log) == [log[2]]
