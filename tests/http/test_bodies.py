"""Bodies of every encoding, and bombs: what is read, and how much memory it may cost."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from functools import cache

import brotli
import pytest
from aiohttp.compression_utils import ZSTDDecompressor
from backports import zstd
from loopback import Answer, Request, fault, head, limits, reply, run, serve

from pipeline.errors import Rejected
from pipeline.http import Door

TEXT = "Жыта — гэта хлеб. ".encode() * 5_000
MEGABYTE = bytes(1_000_000)
BOMB_MB = 100


def raw_deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeeze.compress(data) + squeeze.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@cache
def bomb(name: str) -> bytes:
    """A body of at most some hundred kilobytes that unpacks to `BOMB_MB` megabytes."""
    return b"".join(_bomb(name))


def _bomb(name: str) -> Iterator[bytes]:
    squeeze = {
        "gzip": lambda: zlib.compressobj(1, wbits=31),
        "deflate": lambda: zlib.compressobj(1),
        "raw deflate": lambda: zlib.compressobj(1, wbits=-15),
        "br": lambda: brotli.Compressor(quality=1),
        "zstd": zstd.ZstdCompressor,
    }[name]()
    feed = squeeze.process if name == "br" else squeeze.compress
    for _ in range(BOMB_MB):
        yield feed(MEGABYTE)
    yield squeeze.finish() if name == "br" else squeeze.flush()


def encoded(name: str, body: bytes) -> Answer:
    return reply(
        body, 200, {"Content-Encoding": name.removeprefix("raw "), "Content-Type": "text/html"}
    )


@pytest.mark.parametrize("name", ENCODERS)
def test_every_accepted_encoding_is_unpacked(name: str) -> None:
    async def story() -> None:
        answer = encoded(name, ENCODERS[name](TEXT))
        async with serve(answer) as server, Door(limits()) as door:
            page = await door.fetch(server.url)
        assert page.body == TEXT

    run(story())


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_of_several_members_is_unpacked_whole(name: str) -> None:
    async def story() -> None:
        answer = encoded(name, ENCODERS[name](TEXT) + ENCODERS[name](b"and more"))
        async with serve(answer) as server, Door(limits()) as door:
            page = await door.fetch(server.url)
        assert page.body == TEXT + b"and more"

    run(story())


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_is_refused_in_bounded_memory(name: str) -> None:
    body = bomb(name)
    assert len(body) < 1_000_000
    most = 2_000_000

    async def story() -> int:
        async with serve(encoded(name, body)) as server, Door(limits(max_bytes=most)) as door:
            tracemalloc.start()
            try:
                error = await fault(door, server.url)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert isinstance(error, Rejected)
        assert error.reason == "too large"
        return peak

    assert run(story()) < 3 * most


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_a_bomb_behind_a_webhook_costs_no_more(name: str) -> None:
    body = bomb(name)

    async def story() -> int:
        async with serve(encoded(name, body)) as server, Door(limits()) as door:
            tracemalloc.start()
            try:
                page = await door.post(server.url, b"", {})
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert len(page.body) == 65_536
        return peak

    assert run(story()) < 4_000_000


def test_a_body_of_exactly_the_limit_is_read() -> None:
    async def story() -> None:
        async with serve(reply(b"x" * 10_000)) as server:
            async with Door(limits(max_bytes=10_000)) as door:
                assert len((await door.fetch(server.url)).body) == 10_000
            async with Door(limits(max_bytes=9_999)) as door:
                error = await fault(door, server.url)
        assert error.reason == "too large"

    run(story())


def test_an_announced_50_megabytes_are_not_downloaded() -> None:
    async def story() -> None:
        sent = 0

        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            writer.write(head(200, {"Content-Length": "50000000"}))
            for _ in range(50):
                writer.write(MEGABYTE)
                await writer.drain()
                sent += 1

        async with serve(answer) as server, Door(limits()) as door:
            error = await fault(door, server.url)
        assert isinstance(error, Rejected)
        assert error.reason == "too large"
        assert sent < 15

    run(story())


def test_an_endless_body_without_a_length_is_cut_off() -> None:
    async def story() -> None:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(head(200, {"Content-Type": "text/html"}))
            while True:
                writer.write(MEGABYTE)
                await writer.drain()

        async with serve(answer) as server, Door(limits(max_bytes=5_000_000)) as door:
            error = await fault(door, server.url)
        assert isinstance(error, Rejected)
        assert error.reason == "too large"

    run(story())


def test_the_library_really_decodes_zstd() -> None:
    # aiohttp needs `backports.zstd` for it on Python 3.11 to 3.13; we announce zstd to servers.
    assert ZSTDDecompressor().decompress_sync(zstd.compress(b"x")) == b"x"
