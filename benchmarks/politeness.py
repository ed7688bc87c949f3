"""Politeness judged by the logs of the sites: many processes, killed at random, one budget a site.

    .venv/bin/python -m benchmarks.politeness --workers 8 --pollers 2 --concurrency 1 --gap 0.3

Runs `wirewatch run` and more pollers over loopback sites with names (`benchmarks.judged_sites`),
kills a process every few seconds, and asks the sites' logs: never more requests under way at a site
than allowed, never two starts closer than the gap, no request while a host wants to be left alone,
and every published URL in one terminal state. Bounded: ends after --limit seconds. Exit 1 when
anything is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import select

from benchmarks.judged_sites import Plan, broken_pauses, judge, names, read, serving
from pipeline.store import urls
from pipeline.store.schema import PENDING
from pipeline.store.schema import urls as urls_table
from workers import processes
from workers.context import Context

SETTINGS = """
[fetch]
user_agent = "Wirewatch-benchmark/0.1 (loopback)"
allow_private_addresses = true
per_site_gap_s = {gap_s}
per_site_concurrency = {concurrency}
timeout_s = 5
[work]
processes = {workers}
[poll]
min_interval_s = 10
interval_s = 10
"""
PARTS = ("poll", "work")
TOLERANCE_S = 0.01
"""What the judge's own clock may lag: its process shares the cores with all others."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is run."""

    workers: int = 8
    pollers: int = 2
    concurrency: int = 1
    gap_s: float = 0.3
    kill_every_s: float = 5.0
    """0 kills nobody."""
    limit_s: float = 150.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    faults: list[str]
    figures: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--pollers", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=1, help="a site")
    parser.add_argument("--gap", type=float, default=0.3, help="seconds")
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--burst", type=int, default=40, help="articles of the largest site")
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds; 0 kills nobody")
    parser.add_argument("--limit", type=float, default=150.0, help="seconds at the most")
    options = parser.parse_args()
    setup = Setup(
        options.workers,
        options.pollers,
        options.concurrency,
        options.gap,
        options.kill_every,
        options.limit,
    )
    with tempfile.TemporaryDirectory(prefix="ww-polite-") as directory:
        outcome = run(setup, Plan(sites=options.sites, burst=options.burst), Path(directory))
    print("\n".join([*outcome.figures, *outcome.faults]))
    sys.exit(1 if outcome.faults else 0)


def run(setup: Setup, plan: Plan, directory: Path) -> Outcome:
    """Run it in an empty directory."""
    log = directory / "asked.jsonl"
    config = directory / "config"
    (config / "watchlist").mkdir(parents=True)
    (config / "watchlist/entries.yml").write_text("[]", encoding="utf-8")
    (config / "watchlist/rules.yml").write_text("[]", encoding="utf-8")
    settings = SETTINGS.format(
        gap_s=setup.gap_s, concurrency=setup.concurrency, workers=setup.workers
    )
    (config / "settings.toml").write_text(settings, encoding="utf-8")
    environ = names(directory / "names")
    with serving(plan, log) as port:
        (config / "feeds.yml").write_text(json.dumps(plan.feeds(port)), encoding="utf-8")
        counts, kills, seconds, waits = _work(setup, plan, directory, environ)
    return _outcome(setup, plan, log, counts, kills, seconds, waits)


def _work(
    setup: Setup, plan: Plan, directory: Path, environ: dict[str, str]
) -> tuple[dict[str, int], int, float, dict[str, float]]:
    """Run the program until all is at its end: counts by state, kills, seconds, waits by site."""
    draw, kills = random.Random(plan.seed), 0
    started = next_kill = time.monotonic()
    next_kill += setup.kill_every_s * 2
    done: dict[str, float] = {}
    with (directory / "daemon.log").open("wb") as output:
        running = [processes.start(directory, "run", log=output, environ=environ)]
        try:
            world = Context(directory)
            _await_redis(world)
            more = setup.pollers - 1
            running += [
                processes.start(directory, "poll", log=output, environ=environ) for _ in range(more)
            ]
            while time.monotonic() - started < setup.limit_s:
                time.sleep(0.25)
                with world.database.read() as connection:
                    counts = {state: n for state, n in urls.counts(connection).items() if n}
                    pending = set(
                        connection.scalars(
                            select(urls_table.c.site).where(urls_table.c.state.in_(PENDING))
                        )
                    )
                    seen = set(connection.scalars(select(urls_table.c.site).distinct()))
                for site in seen - pending:
                    done[site] = done.get(site, time.monotonic() - started)
                if sum(counts.values()) >= plan.published and not pending:
                    break
                if setup.kill_every_s and time.monotonic() > next_kill:
                    next_kill += setup.kill_every_s
                    kills += _kill_one(running[0].pid, draw)
            world.close()
        except Exception:
            print((directory / "daemon.log").read_text(encoding="utf-8")[-5_000:], file=sys.stderr)
            raise
        finally:
            processes.stop(list(reversed(running)), 30)
    return counts, kills, time.monotonic() - started, done


def _await_redis(world: Context) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            world.redis.ping()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _kill_one(daemon: int, draw: random.Random) -> int:
    """Kill a worker or the poller of the daemon, which starts it again; how many were killed."""
    parts = []
    for child in psutil.Process(daemon).children():
        try:
            words = child.cmdline()
        except psutil.Error:
            continue
        if any(part in words for part in PARTS):
            parts.append(child)
    if not parts:
        return 0
    victim = draw.choice(sorted(parts, key=lambda each: each.pid))
    victim.kill()
    return 1


def _outcome(
    setup: Setup,
    plan: Plan,
    log: Path,
    counts: dict[str, int],
    kills: int,
    seconds: float,
    done: dict[str, float],
) -> Outcome:
    asked = read(log)
    verdicts = judge(asked)
    faults = [
        f"{v.site}: {v.most_in_flight} requests at once, {setup.concurrency} allowed"
        for v in verdicts
        if v.most_in_flight > setup.concurrency
    ]
    faults += [
        f"{v.site}: two requests {v.least_gap_s:.3f} s apart, {setup.gap_s:g} s is the least"
        for v in verdicts
        if v.least_gap_s < setup.gap_s - TOLERANCE_S
    ]
    faults += [
        f"{each.host}: {each.path} was asked while the host wanted to be left alone"
        for each in broken_pauses(asked)
    ]
    on_the_way = sum(counts.get(state, 0) for state in PENDING)
    if on_the_way or sum(counts.values()) != plan.published:
        faults.append(f"{plan.published} URLs published; states: {counts}")
    small = [done[f"site{n}.test"] for n in range(1, plan.sites) if f"site{n}.test" in done]
    burst = [each for each in asked if each.site == "site0.test"]
    span_s = burst[-1].start - burst[0].start
    robots = sum(each.path == "/robots.txt" for each in asked)
    figures = [
        f"{len(asked)} requests to {len(verdicts)} sites in {seconds:.1f} s, {kills} kills, "
        f"{robots} for robots.txt, {sum(each.status == 429 for each in asked)} refused",
        f"most at once {max(v.most_in_flight for v in verdicts)} of {setup.concurrency}, "
        f"least gap {min(v.least_gap_s for v in verdicts):.3f} s of {setup.gap_s:g}",
        f"states {counts}",
        f"site 0 was asked {len(burst)} times in {span_s:.1f} s, every {span_s / len(burst):.2f} s",
        f"the burst of {plan.burst} was done after {done.get('site0.test', seconds):.1f} s, the "
        f"other sites after {statistics.median(small or [seconds]):.1f} s (median)",
    ]
    return Outcome(faults, figures)


if __name__ == "__main__":
    os.environ.pop("WIREWATCH_DIRECTORY", None)
    main()
