"""What `benchmarks.throughput` compares with: the same work as a plain function under stock RQ.

    python -m benchmarks.plain_rq REDIS_URL      a stock RQ worker, the modules loaded beforehand

`article` fetches, extracts, detects, tags and stores a page, one after the other.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import urllib.request
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import redis
import rq

from pipeline.errors import IngestError
from pipeline.extract.article import extract
from pipeline.language.detector import detect
from pipeline.records import Page
from pipeline.watchlist import entries
from pipeline.watchlist.entries import Watchlist

QUEUE = "plain"
WATCHLIST, DATABASE = "PLAIN_RQ_WATCHLIST", "PLAIN_RQ_DATABASE"
"""Environment variables: the list to tag with, and the SQLite file to store in."""


@cache
def watchlist() -> Watchlist:
    return entries.load(Path(os.environ[WATCHLIST]))


def read(url: str, body: bytes, headers: dict[str, str], tagger: Watchlist) -> str:
    """extract → detect → tag: what is to be stored."""
    try:
        article = extract(Page(url, url, 200, headers, body, datetime.now(UTC), 0))
    except IngestError as error:
        return str(error)
    language = detect(article.text)
    tags, _ = tagger.apply(article.title, article.text, language.tag)
    return json.dumps([article.title, article.text, language.tag, [tag.id for tag in tags]])


def article(url: str) -> None:
    """The job."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        body, headers = answer.read(), {k.lower(): v for k, v in answer.headers.items()}
    record = read(url, body, headers, watchlist())
    database = sqlite3.connect(os.environ[DATABASE], timeout=30)
    with database:
        database.execute("INSERT OR REPLACE INTO records VALUES (?, ?)", (url, record))
    database.close()


def main() -> None:
    html = b"<html><body><article><p>" + b"A line of text to read. " * 40 + b"</p></article></body>"
    read("http://localhost/a", html, {"content-type": "text/html"}, watchlist())
    connection = redis.Redis.from_url(sys.argv[1])
    rq.Worker([QUEUE], connection=connection).work(logging_level="ERROR")


if __name__ == "__main__":
    main()
