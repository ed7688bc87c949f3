"""Ten thousand feeds polled by one poller process: what a poll costs, and whether any is forgotten.

    python -m benchmarks.polling [--feeds 10000] [--latency 0] [--profile] [--json]

A loopback world (`feed_world`, a process of its own) serves the feeds, each on a site of its own;
the poller is the real `wirewatch poll` with its keeper, a real Valkey and SQLite. The feeds count
as polled before: their 20 entries are in the database. Three phases, about two minutes:

1. all feeds are due, none has changed (304);
2. every fifth has a new entry and is due, the other four are not;
3. every feed every `--every` seconds while entries appear at random: from an entry's appearance to
   its row, and the longest time any feed was left alone.

CPU is the poller process's own (user and system), so feeds a second a core = feeds / CPU seconds.
Names are not resolved and TLS is not spoken: both come on top with real sites.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
from sqlalchemy import bindparam, insert, select, update

from benchmarks.feed_world import LISTED, entry_url, feed_url
from pipeline.feeds.schedule import FeedState, PollOutcome, next_poll
from pipeline.store import feeds as feed_store
from pipeline.store.schema import entries, feeds, urls
from pipeline.store.urls import UrlIdentity
from workers import embedded, processes
from workers.context import Context

SETTINGS = """
[fetch]
user_agent = "Wirewatch-benchmark/0.1 (loopback)"
allow_private_addresses = true
[poll]
concurrency = 200
min_interval_s = 10
"""
PATIENCE_S = 60.0
"""The longest wait for one phase; what is not done by then is said."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a request")
    parser.add_argument("--every", type=float, default=40.0, help="seconds between polls, phase 3")
    parser.add_argument("--rate", type=float, default=20.0, help="new entries a second, phase 3")
    parser.add_argument("--phases", default="123", help="which to run")
    parser.add_argument("--profile", type=Path, help="write the poller's cProfile here")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ww-polling-") as name:
        directory = Path(name)
        with world(options.feeds, options.latency) as ask:
            figures = run(directory, ask, options)
    if options.json:
        print(json.dumps(figures, indent=1))


def shown(figures: dict[str, float], as_json: bool) -> dict[str, float]:
    """The figures, printed as soon as they are known."""
    for line, value in figures.items() if not as_json else ():
        cell = f"{value:>12,.2f}" if isinstance(value, float) else f"{value:>12,}"
        print(f"{line:48}{cell}", flush=True)
    return figures


Ask = Callable[[str], Any]


@contextmanager
def world(count: int, latency: float) -> Iterator[Ask]:
    """The loopback feeds in a process of their own; ask it by control paths."""
    command = [sys.executable, "-m", "benchmarks.feed_world", str(count), str(latency)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = int(server.stdout.readline())

    def ask(what: str) -> Any:
        if what == "port":
            return port
        with urlopen(f"http://127.0.0.1:{port}/{what}", timeout=30) as answer:
            return json.load(answer)

    try:
        yield ask
    finally:
        server.kill()
        server.wait()


def run(directory: Path, ask: Ask, options: argparse.Namespace) -> dict[str, float]:
    """All phases; the figures by name."""
    count = options.feeds
    prepare(directory, count, ask("port"))
    valkey = embedded.start(directory / "data")
    context = Context(directory)
    figures = shown({"feeds": count}, options.json)
    try:
        if "1" in options.phases or "2" in options.phases:
            with poller(directory, interval_s=3_600, profile=options.profile) as process:
                if "1" in options.phases:
                    spent = burst(context, ask, process, count, "unchanged")
                    figures |= shown(named("unchanged", spent), options.json)
                if "2" in options.phases:
                    ask(f"publish?feeds={count // 5}")
                    spent = burst(context, ask, process, count // 5, "changed")
                    figures |= shown(named("changed", spent), options.json)
        if "3" in options.phases:
            with poller(directory, interval_s=options.every) as process:
                figures |= shown(steady(context, ask, process, options), options.json)
    finally:
        context.close()
        processes.stop([valkey], 10)
    return figures


# -- what was there before ---------------------------------------------------------------------


def prepare(directory: Path, count: int, port: int) -> None:
    """A working directory whose feeds have been polled before."""
    (directory / "config/watchlist").mkdir(parents=True)
    (directory / "config/settings.toml").write_text(SETTINGS)
    for name in ("entries.yml", "rules.yml"):
        (directory / "config/watchlist" / name).write_text("[]\n")
    listed = [{"url": feed_url(n, port), "title": f"Feed {n}"} for n in range(count)]
    (directory / "config/feeds.yml").write_text(json.dumps(listed, indent=0))
    context = Context(directory)
    now = datetime.now(UTC)
    outcome = PollOutcome("changed", 200, entries=LISTED, published=(now - timedelta(hours=3),))
    state = next_poll(FeedState(), outcome, now, 0.5).to_json()
    with context.database.write(durable=False) as tx:
        feed_store.sync(tx, context.feeds, now)
        ids = dict(tx.execute(select(feeds.c.url, feeds.c.id)).all())
        values = {
            "state": state,
            "next_poll_at": now + timedelta(hours=1),
            "etag": f'"{LISTED - 1}"',
            "polls": 1,
            "last_status": 200,
            "last_polled_at": now,
        }
        tx.execute(
            update(feeds).where(feeds.c.id == bindparam("row")).values(body_hash=bindparam("hash")),
            [{"row": number, "hash": "0" * 64} for number in ids.values()],
        )
        tx.execute(update(feeds).values(**values))
        for start in range(0, count, 500):
            _list_entries(tx, range(start, min(start + 500, count)), ids, port, now)
    context.close()


def _list_entries(tx: Any, numbers: range, ids: dict[str, int], port: int, now: datetime) -> None:
    known, listed = [], []
    for number in numbers:
        for entry in range(LISTED):
            who = UrlIdentity.of(entry_url(number, entry))
            known.append(
                {
                    "key": who.key,
                    "url": who.url,
                    "canonical": who.canonical,
                    "site": who.site,
                    "state": "rejected",
                    "reason": "seeded",
                    "queue": "live",
                    "first_seen_at": now,
                    "changed_at": now,
                }
            )
            listed.append(
                {
                    "feed_id": ids[feed_url(number, port)],
                    "url_key": who.key,
                    "first_listed_at": now,
                }
            )
    tx.execute(insert(urls), known)
    tx.execute(insert(entries), listed)


# -- the phases --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spent:
    """What one phase cost the poller process."""

    polls: int
    seconds: float
    cpu_s: float
    pss_mb: float


@contextmanager
def poller(
    directory: Path, *, interval_s: float, profile: Path | None = None
) -> Iterator[psutil.Process]:
    """One real poller; ended gently."""
    os.environ["WIREWATCH_POLL__INTERVAL_S"] = str(interval_s)
    log = directory / "poller.log"
    with log.open("wb") as sink:
        if profile is None:
            child = processes.start(directory, "poll", log=sink)
        else:
            command = [sys.executable, "-m", "cProfile", "-o", str(profile), "-m", "workers"]
            child = subprocess.Popen([*command, "-C", str(directory), "poll"], stderr=sink)
        process = psutil.Process(child.pid)
        time.sleep(5)  # to load, to read the list, to bring the table up to it
        try:
            yield process
        finally:
            processes.stop([child], 30)
    complaints = [line for line in log.read_text().splitlines() if '"level": "info"' not in line]
    if complaints:
        print(f"the poller complained {len(complaints)} times, first: {complaints[0][:300]}")


def burst(context: Context, ask: Ask, process: psutil.Process, count: int, kind: str) -> Spent:
    """Make `count` feeds due at once and wait until all have been polled and written."""
    ask("forget") if kind == "unchanged" else None
    before = ask("stats")[kind]
    cpu, started = _cpu(process), time.monotonic()
    now = datetime.now(UTC)
    with context.database.write(durable=False) as tx:
        tx.execute(update(feeds).where(feeds.c.id <= count).values(next_poll_at=now))
    done = pss = 0.0
    while time.monotonic() - started < PATIENCE_S:
        time.sleep(0.25)
        pss = max(pss, process.memory_full_info().pss / 1e6)
        done = ask("stats")[kind] - before
        if done >= count and not _under_lease(context):
            break
    return Spent(int(done), time.monotonic() - started, _cpu(process) - cpu, pss)


def named(kind: str, spent: Spent) -> dict[str, float]:
    """A phase's figures under their names."""
    return {
        f"{kind}: polls": spent.polls,
        f"{kind}: feeds a second": spent.polls / spent.seconds,
        f"{kind}: feeds a second a core": spent.polls / spent.cpu_s,
        f"{kind}: CPU ms a feed": 1_000 * spent.cpu_s / max(spent.polls, 1),
        f"{kind}: PSS MB": spent.pss_mb,
    }


def steady(
    context: Context, ask: Ask, process: psutil.Process, options: argparse.Namespace
) -> dict[str, float]:
    """Every feed at its interval, entries at random."""
    spread = timedelta(seconds=options.every)
    now = datetime.now(UTC)
    with context.database.write(durable=False) as tx:
        ids = list(tx.scalars(select(feeds.c.id)))
        tx.execute(
            update(feeds)
            .where(feeds.c.id == bindparam("row"))
            .values(next_poll_at=bindparam("at")),
            [{"row": n, "at": now + spread * i / len(ids)} for i, n in enumerate(ids)],
        )
    ask("forget")
    ask(f"random?rate={options.rate}")
    cpu, started = _cpu(process), time.monotonic()
    time.sleep(options.every * 2.2)
    used = (_cpu(process) - cpu) / (time.monotonic() - started)
    ask("quiet")
    seen = ask("stats")
    known = [(url, at, served) for url, at, served in ask("entries") if served]
    time.sleep(3)
    rows = _listed_at(context, now)
    delays = sorted(rows[u] - a for u, a, _ in known if u in rows)
    inside = sorted(rows[u] - s for u, _, s in known if u in rows)
    gaps = seen["longest_gaps_s"]
    polls = seen["unchanged"] + seen["changed"]
    return {
        "steady: polls a second": polls / seen["seconds"],
        "steady: CPU cores used": used,
        "steady: entries appeared and served": len(known),
        "steady: of them without a row": sum(u not in rows for u, _, _ in known),
        "steady: appearance to row, p50 s": _at(delays, 0.5),
        "steady: appearance to row, p99 s": _at(delays, 0.99),
        "steady: answer to row, p50 s": _at(inside, 0.5),
        "steady: answer to row, p99 s": _at(inside, 0.99),
        "steady: asked interval, s": options.every,
        "steady: longest a feed was left alone, s": gaps[-1],
        "steady: the same, p50 s": _at(gaps, 0.5),
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _under_lease(context: Context) -> bool:
    with context.database.read() as connection:
        query = select(feeds.c.id).where(feeds.c.lease_owner.is_not(None)).limit(1)
        return connection.scalar(query) is not None


def _listed_at(context: Context, since: datetime) -> dict[str, float]:
    with context.database.read() as connection:
        rows = connection.execute(
            select(urls.c.url, urls.c.first_seen_at).where(urls.c.first_seen_at >= since)
        ).all()
    return {row.url: row.first_seen_at.timestamp() for row in rows}


def _at(values: list[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else float("nan")


if __name__ == "__main__":
    main()
