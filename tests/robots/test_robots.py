"""What robots.txt files allow, after RFC 9309."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.robots import MAX_CRAWL_DELAY_S, allowed, crawl_delay

AGENT = "Wirewatch/1.0 (+https://example.org/contact)"

FILE = """
User-agent: *
Disallow: /admin/
Disallow: /*.pdf$
Crawl-delay: 2

User-agent: wirewatch
Disallow: /closed/
Allow: /closed/open/
Crawl-delay: 7

User-agent: BadBot
Disallow: /
"""


@pytest.mark.parametrize(
    ("agent", "path", "answer"),
    [
        (AGENT, "/news/1", True),
        (AGENT, "/closed/1", False),
        (AGENT, "/closed/open/1", True),
        (AGENT, "/admin/", True),
        ("Other/1", "/admin/x", False),
        ("Other/1", "/a.pdf", False),
        ("Other/1", "/a.pdf?x=1", True),
        ("BadBot/2.1", "/news/1", False),
        ("WIREWATCH", "/closed/1", False),
    ],
)
def test_the_group_of_the_agent_decides_and_the_longest_rule_wins(
    agent: str, path: str, answer: bool
) -> None:
    assert allowed(FILE, agent, f"https://example.by{path}") is answer


@pytest.mark.parametrize(
    "text", [None, "", "\ufeff", "<html>404</html>", "\x00\x01", "Disallow: /"]
)
def test_no_file_or_no_rules_allow_everything(text: str | None) -> None:
    assert allowed(text, AGENT, "https://example.by/a")
    assert crawl_delay(text, AGENT) is None


def test_a_file_that_begins_with_a_byte_order_mark_is_read() -> None:
    assert not allowed("\ufeffUser-agent: *\nDisallow: /", AGENT, "https://example.by/a")


def test_paths_are_compared_in_their_escaped_form() -> None:
    text = "User-agent: *\nDisallow: /жыта"
    assert not allowed(text, AGENT, "https://example.by/%D0%B6%D1%8B%D1%82%D0%B0/1")
    assert not allowed(text, AGENT, "https://example.by/жыта")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (FILE, 7.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 86400", MAX_CRAWL_DELAY_S),
        ("User-agent: *\nCrawl-delay: -3", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nRequest-rate: 1/10", 10.0),
        ("User-agent: *\nRequest-rate: 1/10\nCrawl-delay: 20", 20.0),
        ("User-agent: *\nDisallow: /", None),
    ],
)
def test_the_longest_wait_that_is_asked_counts(text: str, seconds: float | None) -> None:
    assert crawl_delay(text, AGENT) == seconds


@given(st.text(max_size=400))
def test_no_file_whatever_breaks_us(text: str) -> None:
    assert allowed(text, AGENT, "https://example.by/a?b=c") in (True, False)
    delay = crawl_delay(text, AGENT)
    assert delay is None or 0 <= delay <= MAX_CRAWL_DELAY_S


def test_a_hostile_pattern_is_matched_in_no_time() -> None:
    text = "User-agent: *\nDisallow: /" + "*a" * 2_000 + "$"
    assert allowed(text, AGENT, "https://example.by/" + "a" * 4_000 + "b")
