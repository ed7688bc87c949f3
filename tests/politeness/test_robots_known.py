"""What is kept of robots.txt files, and where."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis import asyncio as aioredis

from workers import robots as robots_module
from workers.robots import Robots, Rules

AGENT = "Wirewatch-test/0.1"
Story = Callable[[Robots, aioredis.Redis], Awaitable[None]]


@pytest.fixture
def tell(redis_url: str) -> Callable[[Story], None]:
    def run(story: Story) -> None:
        async def main() -> None:
            async with aioredis.Redis.from_url(redis_url) as client:
                await story(Robots(client, AGENT), client)

        asyncio.run(main())

    return run


def test_rules_are_known_to_the_process_and_to_others_but_not_for_other_origins(tell) -> None:
    async def story(robots: Robots, client: aioredis.Redis) -> None:
        await robots.learn("http://a/1", Rules("x"))
        other = Robots(client, AGENT)
        assert await robots.known("http://a/2") == await other.known("http://a/3") == Rules("x")
        assert await other.known("https://a/") is None
        assert await other.known("http://a:81/") is None
        await client.flushall()
        assert await robots.known("http://a/2") == Rules("x"), "for a minute"
        assert await Robots(client, AGENT).known("http://a/2") is None

    tell(story)


def test_what_the_process_keeps_is_bounded(tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots_module, "MOST_CHARS_HERE", 10_000)

    async def story(robots: Robots, client: aioredis.Redis) -> None:
        for number in range(20):
            await robots.learn(f"http://{number}/", Rules("x" * 1_000))
        await client.flushall()
        kept = [n for n in range(20) if await robots.known(f"http://{n}/") is not None]
        assert kept == list(range(14, 20)), "the newest that fit"
        await robots.learn("http://large/", Rules("x" * 20_000))
        assert await robots.known("http://large/") == Rules("x" * 20_000), "from Redis"

    tell(story)


def test_one_at_a_time_asks_for_a_file(tell) -> None:
    async def story(robots: Robots, client: aioredis.Redis) -> None:
        assert await robots.may_ask("http://a/1", 30)
        assert not await Robots(client, AGENT).may_ask("http://a/2", 30)
        assert await robots.may_ask("http://b/1", 30)
        await robots.done("http://a/1")
        assert await robots.may_ask("http://a/2", 0.001)
        await asyncio.sleep(0.05)
        assert await robots.may_ask("http://a/3", 30), "who died does not keep others from it"

    tell(story)


def test_nothing_is_kept_for_ever(tell) -> None:
    async def story(robots: Robots, client: aioredis.Redis) -> None:
        await robots.learn("http://a/", Rules("x"))
        await robots.learn("http://b/", Rules(fault="HTTP 500"))
        await robots.learn("http://a/", Rules(fault="HTTP 500"))
        await robots.may_ask("http://c/", 30)
        ages = [await client.ttl(key) for key in await client.keys("*")]
        assert len(ages) == 3
        assert all(0 < age <= robots_module.KEEP_STALE_S for age in ages)

    tell(story)


def test_a_longer_crawl_delay_than_a_minute_is_taken_as_one() -> None:
    assert Rules("User-agent: *\nCrawl-delay: 900").delay_s(AGENT) == 60
    assert Rules("User-agent: *\nCrawl-delay: 7").delay_s(AGENT) == 7
    assert Rules().delay_s(AGENT) == Rules(fault="HTTP 500").delay_s(AGENT) == 0
