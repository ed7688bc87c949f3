"""The way of a fetch through redirects, kept apart from the fetching."""

from __future__ import annotations

import pytest

from pipeline.errors import Rejected
from pipeline.records import Hop
from pipeline.trail import Trail

SECRETS = {"Authorization": "x", "cookie": "y", "Proxy-Authorization": "z", "ETag": "1"}


def test_a_trail_remembers_its_redirects_in_order() -> None:
    trail = Trail("http://a/1").onward(301, "http://a/2").onward(302, "http://b/3")
    assert trail == Trail("http://b/3", (Hop("http://a/1", 301), Hop("http://a/2", 302)))


@pytest.mark.parametrize("back_to", ["http://a/1", "http://a/2"])
def test_a_loop_is_seen_when_it_closes(back_to: str) -> None:
    trail = Trail("http://a/1").onward(302, "http://a/2")
    with pytest.raises(Rejected, match="redirect loop"):
        trail.onward(302, back_to)


def test_so_many_redirects_and_no_more() -> None:
    trail = Trail("http://a/0")
    for number in range(1, 4):
        trail = trail.onward(302, f"http://a/{number}", most=3)
    with pytest.raises(Rejected, match="too many redirects"):
        trail.onward(302, "http://a/4", most=3)


def test_secrets_stay_with_their_host_and_are_not_sent_again_on_the_way_back() -> None:
    trail = Trail("http://a/1")
    assert trail.carried(SECRETS) == SECRETS
    trail = trail.onward(302, "http://a/2")
    assert trail.carried(SECRETS) == SECRETS
    for target in ("http://a:81/3", "http://a/4"):
        trail = trail.onward(302, target)
        assert trail.carried(SECRETS) == {"ETag": "1"}
