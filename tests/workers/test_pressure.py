"""Polls slow down and pause before the disk or the queue is full, and go on by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from pipeline.store.schema import urls
from pipeline.store.urls import UrlIdentity
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK
from tests.worlds.newsroom import Newsroom, article, feed
from workers import pressure
from workers.context import Context, utc_now
from workers.poller import Poller


def queue(context: Context, count: int) -> None:
    given = [f"http://127.0.0.1:9/{number}" for number in range(count)]
    ledger.enqueue_only(context, *given, queue="live")


def test_with_room_all_is_polled(context: Context) -> None:
    assert pressure.measure(context) == pressure.Pressure(1.0)


def test_a_disk_below_its_mark_pauses_polls(reopened: Callable[..., Context]) -> None:
    context = reopened(LOOPBACK + "[poll]\npause_below_free_mb = 10_000_000\n")
    room = pressure.measure(context)
    assert room.share == 0
    assert "MB free" in room.reason


@pytest.mark.parametrize(
    ("queued", "share", "said"), [(4, 1.0, ""), (6, 0.8, "slow down"), (10, 0.0, "pause")]
)
def test_the_queue_slows_polls_from_half_its_mark_on(
    reopened: Callable[..., Context], queued: int, share: float, said: str
) -> None:
    context = reopened(LOOPBACK + "[poll]\npause_above_queued = 10\n")
    queue(context, queued)
    room = pressure.measure(context)
    assert room.share == pytest.approx(share)
    assert said in room.reason


def test_a_poller_pauses_while_the_queue_is_full_and_goes_on_after(
    reopened: Callable[..., Context], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressure, "CHECK_EVERY_S", 0.1)
    url = newsroom.serve("/feed.xml", feed(newsroom.serve("/a.html", article("A"))))
    context = reopened(
        LOOPBACK + "[poll]\npause_above_queued = 3\n", feeds=[{"url": url, "title": "F"}]
    )
    queue(context, 3)
    poller = Poller(context)

    async def scene() -> None:
        running = asyncio.create_task(poller.run())
        await asyncio.sleep(1.5)
        assert newsroom.visits("/feed.xml") == []
        with context.database.write() as tx:
            tx.execute(update(urls).values(dispatched_at=utc_now() + timedelta(days=1)))
        for _ in range(100):
            if newsroom.visits("/feed.xml"):
                break
            await asyncio.sleep(0.1)
        poller.stop()
        await running

    asyncio.run(scene())
    assert newsroom.visits("/feed.xml")
    assert ledger.own_row(context, UrlIdentity.of(newsroom.base_url + "/a.html").url)
