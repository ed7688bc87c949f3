"""What a site's robots.txt allows (RFC 9309), on protego. Fetching and caching it is not done here.

In: the file's text, or None where there is none. A robots.txt that could not be had because the
server failed (5xx) is not None: there RFC 9309 §2.3.1.4 says to wait, which is the caller's part.
"""

from __future__ import annotations

from functools import lru_cache

from protego import Protego

MAX_CHARS = 512_000
"""RFC 9309 §2.5 asks for at least 500 KiB; what lies beyond is ignored."""

MAX_CRAWL_DELAY_S = 3_600.0


def allowed(robots_txt: str | None, user_agent: str, url: str) -> bool:
    """Whether the file lets this user agent fetch the URL. Without a file everything is allowed.

    `user_agent` is the full header or the bare product token: the token before the first slash
    is what the file's groups are compared with.
    """
    if not robots_txt:
        return True
    return bool(_parsed(robots_txt[:MAX_CHARS]).can_fetch(url, _token(user_agent)))


def crawl_delay(robots_txt: str | None, user_agent: str) -> float | None:
    """Seconds between requests that the file asks of this user agent, None where it asks nothing.

    Crawl-delay is no part of RFC 9309 but widely written, as is Request-rate: the longer one
    counts. At most an hour: larger values are written to keep robots out, which Disallow does.
    """
    if not robots_txt:
        return None
    rules, token = _parsed(robots_txt[:MAX_CHARS]), _token(user_agent)
    waits = []
    delay = rules.crawl_delay(token)
    if delay is not None and delay >= 0:
        waits.append(float(delay))
    rate = rules.request_rate(token)
    if rate is not None and rate.requests > 0:
        waits.append(rate.seconds / rate.requests)
    return min(max(waits), MAX_CRAWL_DELAY_S) if waits else None


@lru_cache(maxsize=64)
def _parsed(robots_txt: str) -> Protego:
    return Protego.parse(robots_txt.removeprefix("\ufeff"))


def _token(user_agent: str) -> str:
    return user_agent.partition("/")[0].strip()
