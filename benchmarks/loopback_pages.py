"""A loopback server of given pages, in a process of its own: as little processor time as can be.

    python -m benchmarks.loopback_pages PAGES.pickle PORT LATENCY_S

Article n is at `http://127.0.0.S:PORT/2025/10/17/article-n.html`: page n of the list, over and
over, each time at another of SITES sites, so that no site has a text twice for a long time.
"""

from __future__ import annotations

import asyncio
import gzip
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection
from time import monotonic, sleep

from workers.demo.scaled import ScaledSite

SITES = 100
_PATH = re.compile(rb"GET /2025/10/17/article-(\d+)\.html")
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def read_pages(folder: Path | None) -> list[bytes]:
    """The HTML files below a folder (`.html`, `.html.gz`); without one the demo's own pages."""
    if folder is None:
        return _demo_pages()
    files = sorted(f for f in folder.rglob("*") if f.name.endswith((".html", ".html.gz")))
    return [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]


def _demo_pages() -> list[bytes]:
    from urllib.request import urlopen

    site = ScaledSite(feeds=20, articles_per_feed=10)
    with site.run_in_thread():
        return [urlopen(url).read() for url in site.urls]


def article_url(number: int, pages: int, port: int) -> str:
    """Where article `number` is."""
    site = (number // pages + number) % SITES
    return f"http://127.0.0.{2 + site}:{port}/2025/10/17/article-{number}.html"


@contextmanager
def serving(pages: list[bytes], port: int, latency_s: float) -> Iterator[None]:
    """The server, while the block runs."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        file.write(pickle.dumps(pages))
        file.flush()
        command = [sys.executable, "-m", __name__, file.name, str(port), str(latency_s)]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        try:
            deadline = monotonic() + 20
            while True:
                try:
                    create_connection(("127.0.0.2", port), 1).close()
                    break
                except OSError:
                    if monotonic() > deadline:
                        raise
                    sleep(0.05)
            yield
        finally:
            server.terminate()
            server.wait()


class _Pages(asyncio.Protocol):
    def __init__(self, answers: list[bytes], latency_s: float) -> None:
        self._answers, self._latency_s = answers, latency_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._received = transport, b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" not in self._received:
            return
        found = _PATH.match(self._received)
        answer = self._answers[int(found[1]) % len(self._answers)] if found else _NOT_FOUND
        asyncio.get_running_loop().call_later(self._latency_s, self._answer, answer)

    def _answer(self, answer: bytes) -> None:
        self._transport.write(answer)
        self._transport.close()


async def _serve(pages: list[bytes], port: int, latency_s: float) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=%s\r\nContent-Length: %d\r\n"
    answers = [
        head % (b"utf-8" if _is_utf8(page) else b"windows-1251", len(page))
        + b"Connection: close\r\n\r\n"
        + page
        for page in pages
    ]
    server = await asyncio.get_running_loop().create_server(
        lambda: _Pages(answers, latency_s), "0.0.0.0", port, backlog=2048
    )
    await server.serve_forever()


def _is_utf8(page: bytes) -> bool:
    try:
        page.decode()
    except UnicodeDecodeError:
        return False
    return True


if __name__ == "__main__":
    asyncio.run(
        _serve(pickle.loads(Path(sys.argv[1]).read_bytes()), int(sys.argv[2]), float(sys.argv[3]))
    )
