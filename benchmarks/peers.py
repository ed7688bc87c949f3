"""Other ways to do the same work, for `benchmarks.throughput`: stock RQ, and news-please."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import redis
import rq

from benchmarks import loopback_pages, plain_rq
from workers import embedded, processes

_NEWS_PLEASE = """
import sys, time
from concurrent.futures import ProcessPoolExecutor
from newsplease import NewsPlease

def one(url):
    try:
        return NewsPlease.from_url(url, request_args={"timeout": 30}) is not None
    except Exception:
        return False

if __name__ == "__main__":
    urls = sys.stdin.read().split()
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        list(pool.map(one, urls[:2 * int(sys.argv[1])]))
        started = time.perf_counter()
        read = sum(pool.map(one, urls))
        print(read / (time.perf_counter() - started))
"""


def stock_rq(home: Path, count: int, pages: int, port: int, limit_s: float) -> float:
    """Articles a second of so many stock RQ workers, on an embedded Valkey of their own."""
    with tempfile.TemporaryDirectory(prefix="ww-bench-rq-") as name:
        data = Path(name)
        server = embedded.start(data)
        database = sqlite3.connect(data / "plain.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE records (url TEXT PRIMARY KEY, record TEXT)")
        environ = os.environ | {
            plain_rq.WATCHLIST: str(home / "config/watchlist"),
            plain_rq.DATABASE: str(data / "plain.db"),
        }
        url = embedded.url(data)
        command = [sys.executable, "-m", "benchmarks.plain_rq", url]
        workers = [subprocess.Popen(command, env=environ) for _ in range(count)]
        try:
            with redis.Redis.from_url(url) as client:
                _wait(lambda: rq.Worker.count(client) == count, limit_s)
                queue = rq.Queue(plain_rq.QUEUE, connection=client)
                total = max(60, min(300, count * 20))
                started = time.monotonic()
                for number in range(total):
                    article = loopback_pages.article_url(number, pages, port)
                    queue.enqueue(plain_rq.article, article)
                _wait(lambda: _stored(database) == total, limit_s)
                return total / (time.monotonic() - started)
        finally:
            database.close()
            for worker in workers:
                worker.kill()
            for worker in workers:
                worker.wait()
            processes.stop([server], 10)


def _stored(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM records").fetchone()[0])


def news_please(python: str, pages: int, port: int, count: int, limit_s: float) -> float:
    """Articles a second that news-please fetches and extracts, in so many processes."""
    articles = [loopback_pages.article_url(number, pages, port) for number in range(pages)]
    with tempfile.TemporaryDirectory(prefix="ww-bench-np-") as name:
        script = Path(name) / "run.py"
        script.write_text(_NEWS_PLEASE)
        answer = subprocess.run(
            [python, str(script), str(count)],
            input="\n".join(articles),
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=True,
        )
    return float(answer.stdout.split()[-1])


def _wait(condition: object, limit_s: float) -> None:
    assert callable(condition)
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not done after {limit_s:.0f} s")
        time.sleep(0.05)
