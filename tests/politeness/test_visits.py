"""Visits to sites, judged by what real servers were asked, and when."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis

from pipeline.errors import Rejected, TryLater
from pipeline.http import Limits
from pipeline.records import Page
from pipeline.settings import FetchSettings
from tests.worlds.newsroom import Answer, Newsroom, article, redirect
from workers.visits import TurnNotCome, Visits, open_visits

ROBOTS = "User-agent: *\nDisallow: /secret/\n"
GAP_S = 0.3
Story = Callable[[Visits], Awaitable[None]]


def text(body: str, status: int = 200) -> Answer:
    return Answer(body, status=status, content_type="text/plain")


@asynccontextmanager
async def visiting(redis_url: str, **changes: Any) -> AsyncIterator[Visits]:
    fetch = FetchSettings(
        user_agent="Wirewatch-test/0.1 (+https://example.org/)",
        **{"per_site_gap_s": GAP_S, "per_site_concurrency": 2, **changes},
    )
    limits = Limits(fetch.user_agent, timeout_s=10, allow_private_addresses=True)
    async with open_visits(fetch, limits, redis_url) as visits:
        yield visits


@pytest.fixture
def tell(redis_url: str) -> Callable[..., None]:
    """Run a story with visits of its own, as in one process."""

    def run(story: Story, **changes: Any) -> None:
        async def main() -> None:
            async with visiting(redis_url, **changes) as visits:
                await story(visits)

        asyncio.run(asyncio.wait_for(main(), 60))

    return run


def paths(site: Newsroom, since: int = 0) -> list[str]:
    return [visit.path for visit in site.requests[since:]]


def assert_spaced(site: Newsroom) -> None:
    """No two requests closer than the gap, but for what the server's own thread may lag."""
    times = [visit.at for visit in site.requests]
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert all(gap > GAP_S - 0.05 for gap in gaps), gaps


def other_site() -> Newsroom:
    return Newsroom()


async def patient(visits: Visits, url: str) -> Page:
    """As ingest has it: come back when told."""
    promised = False
    while True:
        try:
            return await visits.fetch(url, promised=promised)
        except TurnNotCome as pause:
            promised = True
            await asyncio.sleep(pause.wait_s)


def test_robots_txt_and_the_page_are_each_a_turn_of_the_site(newsroom: Newsroom, tell) -> None:
    newsroom.serve("/robots.txt", text(ROBOTS))
    url = newsroom.serve("/a.html", article("A"))

    async def story(visits: Visits) -> None:
        with pytest.raises(TurnNotCome) as pause:
            await visits.fetch(url)
        assert paths(newsroom) == ["/robots.txt"]
        assert 0 < pause.value.wait_s < 2 * GAP_S
        page = await patient(visits, url)
        assert (page.status, page.url, page.final_url) == (200, url, url)

    tell(story)
    assert paths(newsroom) == ["/robots.txt", "/a.html"]
    assert_spaced(newsroom)


def test_whoever_has_patience_waits_for_the_turn(newsroom: Newsroom, tell) -> None:
    newsroom.serve("/robots.txt", text(ROBOTS))
    urls = newsroom.serve_articles(range(4))

    async def story(visits: Visits) -> None:
        pages = await asyncio.gather(*(visits.fetch(url, patience_s=30) for url in urls))
        assert [page.status for page in pages] == [200] * 4

    tell(story)
    assert sorted(paths(newsroom)) == sorted(
        ["/robots.txt", *(f"/news/{n}.html" for n in range(4))]
    )
    assert_spaced(newsroom)


def test_what_robots_txt_disallows_is_not_fetched_and_costs_no_turn(
    newsroom: Newsroom, tell
) -> None:
    newsroom.serve("/robots.txt", text(ROBOTS))
    url = newsroom.serve("/secret/a.html", article("A"))

    async def story(visits: Visits) -> None:
        with pytest.raises(Rejected, match="disallowed"):
            await visits.fetch(url)

    tell(story)
    assert paths(newsroom) == ["/robots.txt"]


def test_every_hop_on_the_same_site_waits_for_the_gap(newsroom: Newsroom, tell) -> None:
    newsroom.serve("/end.html", article("A"))
    newsroom.serve("/2", redirect("/end.html", 301))
    url = newsroom.serve("/1", redirect("/2"))

    async def story(visits: Visits) -> None:
        page = await visits.fetch(url, patience_s=30)
        assert page.final_url == newsroom.base_url + "/end.html"
        assert [(hop.url, hop.status) for hop in page.hops] == [
            (url, 302),
            (newsroom.base_url + "/2", 301),
        ]

    tell(story)
    assert paths(newsroom) == ["/robots.txt", "/1", "/2", "/end.html"]
    assert_spaced(newsroom)


def test_a_visit_that_has_to_wait_goes_on_at_its_hop(newsroom: Newsroom, tell) -> None:
    """Nothing is asked twice, though the visit comes back three times without patience."""
    newsroom.serve("/end.html", article("A"))
    newsroom.serve("/2", redirect("/end.html"))
    url = newsroom.serve("/1", redirect("/2"))

    async def story(visits: Visits) -> None:
        page = await patient(visits, url)
        assert len(page.hops) == 2

    tell(story)
    assert paths(newsroom) == ["/robots.txt", "/1", "/2", "/end.html"]
    assert_spaced(newsroom)


def test_a_hop_to_another_site_needs_that_sites_turn_and_robots_txt(
    newsroom: Newsroom, tell
) -> None:
    with (there := other_site()).run_in_thread():
        there.serve("/robots.txt", text(ROBOTS))
        target = there.serve("/secret/a.html", article("A"))
        url = newsroom.serve("/1", redirect(target))

        async def story(visits: Visits) -> None:
            with pytest.raises(Rejected, match="disallowed"):
                await patient(visits, url)

        tell(story)
    assert paths(there) == ["/robots.txt"]
    assert paths(newsroom) == ["/robots.txt", "/1"]


def test_a_busy_site_at_the_end_of_a_redirect_is_waited_for_without_asking_the_first_again(
    newsroom: Newsroom, tell
) -> None:
    with (there := other_site()).run_in_thread():
        target = there.serve("/a.html", article("A"))
        first, second = (newsroom.serve(f"/{n}", redirect(target)) for n in (1, 2))

        async def story(visits: Visits) -> None:
            pages = await asyncio.gather(patient(visits, first), patient(visits, second))
            assert [page.final_url for page in pages] == [target, target]

        tell(story)
        assert paths(there) == ["/robots.txt", "/a.html", "/a.html"]
        assert_spaced(there)
    assert sorted(paths(newsroom)) == ["/1", "/2", "/robots.txt"]
    assert_spaced(newsroom)


def test_losing_redis_costs_a_visit_its_way_and_nothing_else(
    newsroom: Newsroom, redis_url: str, tell
) -> None:
    newsroom.serve("/end.html", article("A"))
    url = newsroom.serve("/1", redirect("/end.html"))

    async def story(visits: Visits) -> None:
        for _ in range(2):
            with pytest.raises(TurnNotCome) as pause:
                await visits.fetch(url, promised=True)
            await asyncio.sleep(pause.value.wait_s)
        with redis.Redis.from_url(redis_url) as client:
            client.flushall()
        page = await patient(visits, url)
        assert page.status == 200

    tell(story)
    assert paths(newsroom) == ["/robots.txt", "/1", "/1", "/end.html"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("header", [{"Retry-After": "1"}, {}])
def test_a_host_that_refuses_is_left_alone_for_all_its_urls(
    newsroom: Newsroom, tell, status: int, header: dict[str, str]
) -> None:
    refused = newsroom.serve("/1", Answer("busy", status=status, headers=header))
    other = newsroom.serve("/2", article("A"))

    async def story(visits: Visits) -> None:
        assert (await visits.fetch(refused, patience_s=30)).status == status
        for promised in (False, True):
            with pytest.raises(TurnNotCome) as pause:
                await visits.fetch(other, promised=promised)
            assert pause.value.wait_s > (0.5 if header else 25)

    tell(story)
    assert paths(newsroom) == ["/robots.txt", "/1"]


def test_a_crawl_delay_holds_for_what_does_not_read_robots_txt(newsroom: Newsroom, tell) -> None:
    """Feeds are polled whatever robots.txt says, but no faster than the host can bear."""
    newsroom.serve("/robots.txt", text("User-agent: *\nCrawl-delay: 20\n"))
    article_url, feed_url = newsroom.serve_articles(range(2))

    async def learn(visits: Visits) -> None:
        with pytest.raises(TurnNotCome):
            await visits.fetch(article_url)

    async def poll(visits: Visits) -> None:
        with pytest.raises(TurnNotCome) as pause:
            await visits.fetch(feed_url)
        assert pause.value.wait_s > 15

    tell(learn)
    tell(poll, respect_robots=False)


def test_validators_and_other_headers_are_sent(newsroom: Newsroom, tell) -> None:
    url = newsroom.serve("/1", Answer(status=304))

    async def story(visits: Visits) -> None:
        page = await visits.fetch(url, headers={"If-None-Match": '"x"'}, patience_s=30)
        assert page.status == 304

    tell(story, respect_robots=False)
    assert newsroom.requests[-1].headers["if-none-match"] == '"x"'


def test_secrets_do_not_follow_to_another_host_even_after_a_wait(newsroom: Newsroom, tell) -> None:
    secret = {"Authorization": "Bearer x", "Cookie": "a=b", "Accept-Language": "be"}
    with (there := other_site()).run_in_thread():
        url = newsroom.serve("/1", redirect(there.serve("/2", redirect("/3"))))
        there.serve("/3", article("A"))

        async def story(visits: Visits) -> None:
            promised = False
            while True:
                try:
                    page = await visits.fetch(url, promised=promised, headers=secret)
                except TurnNotCome as pause:
                    promised = True
                    await asyncio.sleep(pause.wait_s)
                else:
                    assert len(page.hops) == 2
                    return

        tell(story, respect_robots=False)
        assert newsroom.requests[0].headers["authorization"] == "Bearer x"
        assert [visit.path for visit in there.requests] == ["/2", "/3"]
        for visit in there.requests:
            assert visit.headers["accept-language"] == "be"
            assert not {"authorization", "cookie"} & set(visit.headers)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/", "address not allowed"),
        ("http://[64:ff9b::a9fe:a9fe]/", "address not allowed"),
        ("http://[fe80::1%25lo]/", "invalid URL"),
        ("file:///etc/passwd", "not an http(s) URL"),
        ("http://me:secret@example.org/", "credentials in URL"),
        ("/1", "redirect loop"),
    ],
)
def test_a_redirect_to_what_is_not_ours_to_fetch_is_rejected(
    newsroom: Newsroom, tell, target: str, reason: str
) -> None:
    url = newsroom.serve("/1", redirect(target))

    async def story(visits: Visits) -> None:
        with pytest.raises(Rejected) as error:
            await visits.fetch(url, patience_s=5)
        assert error.value.reason == reason

    tell(story, respect_robots=False, per_site_gap_s=0)
    assert paths(newsroom) == ["/1"]


def test_ten_redirects_are_followed_and_eleven_are_not(newsroom: Newsroom, tell) -> None:
    for n in range(11):
        newsroom.serve(f"/{n}", redirect(f"/{n + 1}"))
    newsroom.serve("/11", article("A"))

    async def story(visits: Visits) -> None:
        assert len((await visits.fetch(newsroom.base_url + "/1", patience_s=5)).hops) == 10
        with pytest.raises(Rejected, match="too many redirects"):
            await visits.fetch(newsroom.base_url + "/0", patience_s=5)

    tell(story, respect_robots=False, per_site_gap_s=0)


def test_a_site_that_cannot_be_had_is_asked_less_and_gives_its_turn_back(
    redis_url: str, tell
) -> None:
    url = "http://127.0.0.1:9/"  # discard(9): nobody listens

    async def story(visits: Visits) -> None:
        with pytest.raises(TryLater, match="connection failed"):
            await visits.fetch(url)
        with pytest.raises(TurnNotCome) as pause:
            await visits.fetch(url)
        assert pause.value.wait_s > 0.4

    tell(story, respect_robots=False, per_site_gap_s=0.01)
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("wirewatch:turns:*") == []


def test_a_visit_that_is_broken_off_gives_its_turn_back(
    newsroom: Newsroom, redis_url: str, tell
) -> None:
    url = newsroom.serve("/1", Answer(after=threading.Event()))

    async def story(visits: Visits) -> None:
        task = asyncio.create_task(visits.fetch(url))
        while not newsroom.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    tell(story, respect_robots=False)
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys("wirewatch:turns:*") == []


# -- robots.txt ----------------------------------------------------------------------------------


def test_robots_txt_is_asked_once_by_many_at_once(newsroom: Newsroom, tell) -> None:
    newsroom.serve("/robots.txt", text(ROBOTS))
    urls = newsroom.serve_articles(range(12))

    async def story(visits: Visits) -> None:
        await asyncio.gather(*(visits.fetch(url, patience_s=30) for url in urls))

    tell(story, per_site_gap_s=0, per_site_concurrency=8)
    assert paths(newsroom).count("/robots.txt") == 1
    assert len(newsroom.requests) == 13


def test_a_robots_txt_behind_redirects_is_read_for_the_host_that_redirected(
    newsroom: Newsroom, tell
) -> None:
    with (there := other_site()).run_in_thread():
        newsroom.serve("/robots.txt", redirect("/r2"))
        newsroom.serve("/r2", redirect(there.serve("/their-robots", text(ROBOTS))))
        url = newsroom.serve("/secret/a.html", article("A"))

        async def story(visits: Visits) -> None:
            with pytest.raises(Rejected, match="disallowed"):
                await patient(visits, url)

        tell(story)
        assert paths(there) == ["/their-robots"]
    assert paths(newsroom) == ["/robots.txt", "/r2"]
    assert_spaced(newsroom)


@pytest.mark.parametrize(("hops", "read"), [(5, True), (6, False)])
def test_five_redirects_to_robots_txt_are_followed_and_six_are_no_file(
    newsroom: Newsroom, tell, hops: int, read: bool
) -> None:
    places = ["/robots.txt", *(f"/r{n}" for n in range(hops))]
    for place, target in itertools.pairwise(places):
        newsroom.serve(place, redirect(target))
    newsroom.serve(places[-1], text(ROBOTS))
    url = newsroom.serve("/secret/a.html", article("A"))

    async def story(visits: Visits) -> None:
        if read:
            with pytest.raises(Rejected, match="disallowed"):
                await visits.fetch(url, patience_s=30)
        else:
            assert (await visits.fetch(url, patience_s=30)).status == 200

    tell(story, per_site_gap_s=0)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_fails_means_wait_and_insisting_asks_again(
    newsroom: Newsroom, redis_url: str, tell, status: int
) -> None:
    newsroom.serve("/robots.txt", text("oops", status), text(ROBOTS))
    url = newsroom.serve("/a.html", article("A"))

    async def story(visits: Visits) -> None:
        for _ in range(2):
            with pytest.raises(TryLater, match=f"robots.txt not available: HTTP {status}"):
                await visits.fetch(url, patience_s=5)
        with redis.Redis.from_url(redis_url) as client:
            for key in client.keys("wirewatch:host:*"):
                client.delete(key)  # its pause has passed
        page = await visits.fetch(url, insist=True, patience_s=5)
        assert page.status == 200

    tell(story, per_site_gap_s=0)
    assert paths(newsroom) == ["/robots.txt", "/robots.txt", "/a.html"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_robots_txt_allows_everything(newsroom: Newsroom, tell, status: int) -> None:
    newsroom.serve("/robots.txt", text("User-agent: *\nDisallow: /\n", status))
    url = newsroom.serve("/a.html", article("A"))

    async def story(visits: Visits) -> None:
        assert (await visits.fetch(url, patience_s=5)).status == 200

    tell(story, per_site_gap_s=0)


def test_rules_within_500_kib_count_and_a_larger_file_is_no_fault(newsroom: Newsroom, tell) -> None:
    filler = "# filler\n" * 200_000
    newsroom.serve("/robots.txt", text(ROBOTS + filler + "Disallow: /beyond/\n"))
    inside = newsroom.serve("/secret/a.html", article("A"))
    beyond = newsroom.serve("/beyond/a.html", article("A"))

    async def story(visits: Visits) -> None:
        with pytest.raises(Rejected, match="disallowed"):
            await visits.fetch(inside, patience_s=5)
        assert (await visits.fetch(beyond, patience_s=5)).status == 200

    tell(story, per_site_gap_s=0)


def test_a_known_robots_txt_holds_while_the_server_fails(
    newsroom: Newsroom, redis_url: str, tell
) -> None:
    newsroom.serve("/robots.txt", text(ROBOTS), text("oops", 500))
    secret, free = (newsroom.serve(path, article("A")) for path in ("/secret/a", "/a"))

    async def story(visits: Visits) -> None:
        assert (await visits.fetch(free, patience_s=5)).status == 200

    tell(story, per_site_gap_s=0)
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.keys("wirewatch:robots.txt:*")
        stored = client.get(key).decode()
        born = stored.rpartition('"until": ')
        client.set(key, born[0] + '"until": 0' + born[2][born[2].index(",") :])  # a day later

    async def later(visits: Visits) -> None:
        assert (await visits.fetch(free, patience_s=5)).status == 200
        with pytest.raises(Rejected, match="disallowed"):
            await visits.fetch(secret, patience_s=5)

    tell(later, per_site_gap_s=0)
    assert paths(newsroom).count("/robots.txt") == 2


# -- what it costs -------------------------------------------------------------------------------


def test_a_page_of_a_known_site_costs_two_questions_to_redis(
    newsroom: Newsroom, redis_url: str, tell
) -> None:
    """The first page of an origin teaches its robots.txt; what is counted is every other one."""
    urls = newsroom.serve_articles(range(6))

    def asked() -> int:
        with redis.Redis.from_url(redis_url) as client:
            return sum(
                each["calls"]
                for name, each in client.info("commandstats").items()
                if name.removeprefix("cmdstat_") in ("evalsha", "eval", "get", "getdel", "set")
            )

    async def story(visits: Visits) -> None:
        await visits.fetch(urls[0], patience_s=5)
        before = asked()
        for url in urls[1:]:
            await visits.fetch(url, patience_s=5)
        assert asked() - before == 2 * len(urls[1:])

    tell(story, per_site_gap_s=0)
