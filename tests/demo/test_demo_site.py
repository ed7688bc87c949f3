from __future__ import annotations

import hashlib
import http.client
import json
from collections import Counter
from typing import Any

import feedparser
import pytest

from pipeline.feeds.parse import parse
from pipeline.records import clean_text
from pipeline.robots import allowed
from workers.demo.site import DemoSite, Outcome

# Of the sample record that the project was given; its article is shipped to the last byte.
SEED_SHA256 = "6a36fc907dc6e85032d5c68840f6a2451d1667131451b042ec897d7b2322c5fe"


def listed_links(ask: Any, url: str) -> list[str]:
    answer = ask(url)
    if "json" in answer.headers["content-type"]:
        return [item["url"] for item in json.loads(answer.body)["items"]]
    parsed = feedparser.parse(answer.body, response_headers=dict(answer.headers))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [entry.link for entry in parsed.entries]


def trouble(site: DemoSite, part: str) -> Outcome:
    return next(outcome for outcome in site.expected if part in outcome.url)


def test_the_seed_article_is_the_sample_record_to_the_byte(site: DemoSite) -> None:
    digest = hashlib.sha256(site.seed.record_text.encode()).hexdigest()
    assert digest == SEED_SHA256
    assert site.seed.day == "2025-10-17"


def test_there_are_articles_in_all_languages_of_the_region(site: DemoSite) -> None:
    languages = Counter(article.language for article in site.articles)
    assert {"ru", "be", "en", "pl", "lt", "uk", "lv", "de", "fr"} <= set(languages)
    assert languages.total() >= 12


def test_articles_are_already_in_the_form_that_records_have(site: DemoSite) -> None:
    for article in site.articles:
        for block in article.blocks:
            assert clean_text(block.text) == block.text, article.file


def test_every_mention_is_in_its_article(site: DemoSite) -> None:
    for article in site.articles:
        assert article.mentions, article.file
        for entry, surface in article.mentions.items():
            assert surface in f"{article.title}\n{article.text}", (article.file, entry)


def test_the_feeds_list_exactly_what_the_site_says_is_listed(site: DemoSite, ask: Any) -> None:
    links = [link for feed in site.feeds for link in listed_links(ask, feed["url"])]
    assert len(links) == len(set(links))
    assert set(links) == {outcome.url for outcome in site.expected if outcome.listed}


def test_feeds_come_in_every_format_and_name_their_language(site: DemoSite, ask: Any) -> None:
    versions = {}
    for feed in site.feeds:
        answer = ask(feed["url"])
        assert answer.status == 200
        if "json" in answer.headers["content-type"]:
            declared, version = json.loads(answer.body)["language"], "json"
        else:
            parsed = feedparser.parse(answer.body)
            declared, version = parsed.feed.language, parsed.version
        assert declared == feed["language"], feed["url"]
        versions[version] = feed["url"]
    assert set(versions) == {"rss20", "atom10", "rss10", "json"}


def test_feed_dates_are_the_instants_of_publication(site: DemoSite, ask: Any) -> None:
    instants = {site.url(article): article.published for article in site.articles}
    for feed in site.feeds:
        for entry in feedparser.parse(ask(feed["url"]).body).entries:
            if entry.link in instants:
                wanted = instants[entry.link].utctimetuple()[:6]
                at = entry.get("published_parsed") or entry.updated_parsed  # RDF has one date
                assert at[:6] == wanted, entry.link


@pytest.mark.parametrize("condition", ["etag", "date", "any", "among others"])
def test_a_feed_that_has_not_changed_is_answered_304(
    site: DemoSite, ask: Any, condition: str
) -> None:
    for feed in site.feeds:
        first = ask(feed["url"])
        again = ask(
            feed["url"],
            {
                "etag": {"If-None-Match": first.headers["etag"]},
                "date": {"If-Modified-Since": first.headers["last-modified"]},
                "any": {"If-None-Match": "*"},
                "among others": {"If-None-Match": f'"old", W/{first.headers["etag"]}'},
            }[condition],
        )
        assert (again.status, again.body) == (304, b""), feed["url"]
        assert again.headers["etag"] == first.headers["etag"]


def test_a_stale_copy_of_a_feed_is_answered_in_full(site: DemoSite, ask: Any) -> None:
    feed = site.feeds[0]["url"]
    fresh = ask(feed)
    assert ask(feed, {"If-None-Match": '"old"'}).body == fresh.body
    assert ask(feed, {"If-Modified-Since": "Mon, 01 Sep 2025 00:00:00 GMT"}).body == fresh.body
    # RFC 9110 §13.1.3: with an If-None-Match the date is not looked at.
    both = {"If-None-Match": '"old"', "If-Modified-Since": fresh.headers["last-modified"]}
    assert ask(feed, both).status == 200


def test_each_outlet_is_a_site_of_its_own(site: DemoSite) -> None:
    assert len(set(site.origins)) == len(site.outlets)
    assert all(origin.startswith("http://127.0.0.1:") for origin in site.origins)


def test_missing_pages_answer_404_and_broken_ones_500(site: DemoSite, ask: Any) -> None:
    assert ask(site.base_url + "/no-such-page").status == 404
    assert ask(trouble(site, "snyataya-novost").url).status == 404
    assert ask(trouble(site, "oshibka").url).status == 500


def test_the_soft_404_says_ok(site: DemoSite, ask: Any) -> None:
    answer = ask(trouble(site, "/themes/staraya/").url)
    assert answer.status == 200
    assert "Страница не найдена" in answer.text


def test_the_pdf_is_a_pdf(site: DemoSite, ask: Any) -> None:
    answer = ask(trouble(site, ".pdf").url)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body.startswith(b"%PDF-")


def test_the_login_page_asks_for_a_password(site: DemoSite, ask: Any) -> None:
    assert 'type="password"' in ask(trouble(site, "prenumerata").url).text


def test_the_redirect_leads_to_its_article(site: DemoSite, ask: Any) -> None:
    outcome = trouble(site, "/n/5127")
    answer = ask(outcome.url)
    assert (answer.status, answer.headers["location"]) == (301, outcome.same_as)
    assert outcome.same_as in {site.url(article) for article in site.articles}


def test_the_redirect_loop_never_ends(site: DemoSite, ask: Any) -> None:
    start = trouble(site, "kolo.html").url
    seen: list[str] = []
    url = start
    while url not in seen:
        seen.append(url)
        answer = ask(url)
        assert answer.status == 302
        url = site.origins[-1] + answer.headers["location"]
    assert len(seen) == 2


def test_the_twin_is_its_article_under_another_address(site: DemoSite, ask: Any) -> None:
    outcome = trouble(site, "utm_source")
    assert not outcome.own_row
    assert ask(outcome.url).body == ask(outcome.same_as).body


def test_robots_txt_keeps_out_of_the_one_page_that_must_not_be_asked_for(
    site: DemoSite, ask: Any
) -> None:
    for origin in site.origins:
        rules = ask(origin + "/robots.txt").text
        for outcome in site.expected:
            if outcome.url.startswith(origin):
                assert allowed(rules, "Wirewatch", outcome.url) == (outcome.reason != "robots")


def test_the_huge_page_is_50_mb_without_a_length(site: DemoSite, ask: Any) -> None:
    answer = ask(trouble(site, "endless").url)
    assert "content-length" not in answer.headers
    assert len(answer.body) > 50_000_000


def test_a_client_that_hangs_up_on_the_huge_page_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    demo = DemoSite()
    with demo.run_in_thread():
        connection = http.client.HTTPConnection(demo.base_url.removeprefix("http://"))
        connection.request("GET", "/broken/huge.xml")
        answer = connection.getresponse()
        assert answer.read(1000)
        answer.close()
        connection.close()
    assert caplog.records == []  # the site has closed, so its handler has ended


def test_a_hanging_page_does_not_keep_the_site_from_closing(ask: Any) -> None:
    demo = DemoSite()
    with demo.run_in_thread():
        with pytest.raises(TimeoutError):
            ask(trouble(demo, "amzinas").url, timeout=0.2)
        origin = demo.base_url
    with pytest.raises(ConnectionRefusedError):
        ask(origin)


def test_every_broken_feed_is_broken_in_its_own_way(site: DemoSite, ask: Any) -> None:
    for feed in site.broken_feeds:
        answer = ask(feed["url"])
        assert answer.status == 200
        if feed["problem"] == "too large":
            assert len(answer.body) > 50_000_000
        else:
            assert parse(answer.body, answer.headers, feed["url"]).problem == feed["problem"]
    assert len({feed["problem"] for feed in site.broken_feeds}) == len(site.broken_feeds) == 6


def test_the_counts_are_those_of_the_listed_urls_once_twins_are_folded(site: DemoSite) -> None:
    listed = [outcome for outcome in site.expected if outcome.listed]
    twins = [outcome for outcome in listed if not outcome.own_row]
    assert site.expected_counts.total() == len(listed) - len(twins)
    assert site.expected_counts["stored"] == len(site.articles)


def test_each_request_is_noted_with_its_time_and_headers(site: DemoSite, ask: Any) -> None:
    before = len(site.requests)
    ask(site.feeds[0]["url"] + "?a=1", {"User-Agent": "Tester/1"})
    ask(site.feeds[1]["url"])
    first, second = site.requests[before:]
    assert first.path.endswith("?a=1")
    assert first.headers["user-agent"] == "Tester/1"
    assert "http://" + second.headers["host"] in site.origins
    assert first.at <= second.at


def test_a_port_that_is_taken_is_said_at_once(site: DemoSite) -> None:
    taken = int(site.base_url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"), DemoSite(port=taken).run_in_thread():
        pass
