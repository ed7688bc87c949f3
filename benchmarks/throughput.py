"""Articles a second through the whole program: real daemon, Valkey, SQLite, loopback sites.

    .venv/bin/python -m benchmarks.throughput --feeds 20 --articles 50 --workers 2 --latency 0

Prints the rate from the first poll to the last stored record, beside a bare loop of the same pages
through extraction, detection and tagging in as many processes in the same run; memory a process
(PSS); and whether the counts add up. Bounded: ends after --limit seconds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import psutil
from sqlalchemy import func, select

from pipeline import normalise
from pipeline.extract.article import extract
from pipeline.language.detector import detect
from pipeline.records import Page
from pipeline.store import urls
from pipeline.store.schema import PENDING, events, records
from pipeline.store.schema import urls as urls_table
from pipeline.watchlist import entries
from workers import processes
from workers.commands.daemon import default_config
from workers.context import Context
from workers.demo.scaled import ScaledSite

SETTINGS = """
[fetch]
user_agent = "Wirewatch-benchmark/0.1 (loopback)"
allow_private_addresses = true
per_site_gap_s = 0
per_site_concurrency = 64
[work]
processes = {workers}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--articles", type=int, default=50, help="a feed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a request")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds at the most")
    options = parser.parse_args()
    site = ScaledSite(options.feeds, options.articles, options.latency)
    with tempfile.TemporaryDirectory(prefix="ww-bench-") as name, site.run_in_thread():
        directory = Path(name)
        (directory / "config").mkdir()
        shutil.copytree(default_config() / "watchlist", directory / "config/watchlist")
        (directory / "config/settings.toml").write_text(SETTINGS.format(workers=options.workers))
        (directory / "config/feeds.yml").write_text(json.dumps(site.feeds))
        bound = bare_rate(site.urls, directory / "config/watchlist", options.workers)
        print(f"bare loop        {bound:7.1f} articles/s in {options.workers} processes")
        report(directory, site, bound, options.limit)


def bare_rate(addresses: tuple[str, ...], watchlist: Path, count: int) -> float:
    """Articles a second of the CPU stages alone: pages in memory, nothing stored."""
    pages = [_page(url, urlopen(url).read()) for url in addresses[:: max(len(addresses) // 300, 1)]]
    chunks = [pages[number::count] for number in range(count)]
    with ProcessPoolExecutor(count, initializer=_load, initargs=(str(watchlist),)) as pool:
        list(pool.map(_stages, [chunk[:5] for chunk in chunks]))
        started = time.perf_counter()
        done = sum(pool.map(_stages, chunks))
        return done / (time.perf_counter() - started)


def _page(url: str, body: bytes) -> Page:
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, url, 200, headers, body, datetime.now(UTC), 0)


def _load(directory: str) -> None:
    global _watchlist
    _watchlist = entries.load(Path(directory))


def _stages(pages: list[Page]) -> int:
    for page in pages:
        article = extract(page)
        language = detect(article.text)
        tags, hits = _watchlist.apply(article.title, article.text, language.tag)
        origin = normalise.Origin("0" * 16, page.url, page.url, "127.0.0.1", None, None)
        normalise.build_record(origin, page, article, language, tags, hits, _watchlist.version)
    return len(pages)


def report(directory: Path, site: ScaledSite, bound: float, limit_s: float) -> None:
    """Run the daemon until everything is at its end; print what was measured."""
    expected = len(site.articles)
    with (directory / "daemon.log").open("wb") as log:
        daemon = processes.start(directory, "run", log=log)
        try:
            world = Context(directory)
            memory = watch(world, daemon, expected, limit_s)
            with world.database.read() as connection:
                counts = {state: n for state, n in urls.counts(connection).items() if n}
                first = connection.scalar(
                    select(func.min(events.c.at)).where(events.c.event == "listed")
                )
                last = connection.scalar(select(func.max(records.c.stored_at)))
                seen = sum(counts.values())
                pairs = connection.execute(
                    select(records.c.stored_at, urls_table.c.first_seen_at).join(
                        urls_table, urls_table.c.key == records.c.id
                    )
                )
                waits = [(row.stored_at - row.first_seen_at).total_seconds() for row in pairs]
            world.close()
        finally:
            processes.stop([daemon], 30)
    seconds = (last - first).total_seconds()
    rate = counts.get("stored", 0) / seconds
    print(f"wirewatch run    {rate:7.1f} articles/s, {rate / bound:.2f} of the bare loop")
    print(f"                 {expected} articles of {len(site.feeds)} feeds in {seconds:.1f} s")
    print(f"listed → stored  p50 {statistics.median(waits):.1f} s, last {max(waits):.1f} s")
    for name, size in memory.items():
        print(f"memory           {name:<12} {size / 1e6:6.0f} MB PSS")
    print(f"memory           {'all':<12} {sum(memory.values()) / 1e6:6.0f} MB PSS")
    verdict = "add up" if seen == expected == counts.get("stored") else "DO NOT ADD UP"
    print(f"counts           {counts}: {verdict}")


def watch(
    world: Context, daemon: subprocess.Popen[bytes], expected: int, limit_s: float
) -> dict[str, int]:
    """Wait for the end; the highest PSS of each process on the way, bytes."""
    memory: dict[str, int] = {}
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        time.sleep(0.5)
        for name, size in sizes(daemon.pid).items():
            memory[name] = max(size, memory.get(name, 0))
        with world.database.read() as connection:
            counts = urls.counts(connection)
        if sum(counts.values()) >= expected and not any(counts[state] for state in PENDING):
            return memory
    raise SystemExit(f"not done after {limit_s:.0f} s: {counts}")


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
    if "--deliveries" in words:
        return "deliverer"
    return f"worker {process.pid}" if "work" in words else "poller"


if __name__ == "__main__":
    main()
