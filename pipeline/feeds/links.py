"""Links as feeds write them: relative, scheme-less, wrapped, padded — made absolute http(s) URLs.

Resolution follows the URL standard (ada). Identity is no concern here: `pipeline.urls` decides it.
"""

from __future__ import annotations

import re

import ada_url

from pipeline.feeds.shapes import MAX_URL

_HOST_AND_PATH = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z][a-z0-9-]{1,62}(?=[:/?#]|$)", re.I
)
_BROKEN_SCHEME = re.compile(r"(https?)(?::/(?!/)|:(?!/)|//|/{2,})", re.I)
# A bare word with a dot is far more often a file than a host, unless it says so itself.
_FILE_SUFFIX = re.compile(
    r"[sx]?html?|php\d?|aspx?|jspx?|cgi|cfm|do|xml|rss|atom|json|txt|pdf", re.I
)


def absolute(link: str, base: str) -> str | None:
    """`link` as an absolute http(s) URL, resolved against `base`; None when it cannot be one."""
    link = link.strip().replace("&amp;", "&")
    if not link or len(link) > MAX_URL or link.startswith("#"):
        return None
    if broken := _BROKEN_SCHEME.match(link):
        link = f"{broken[1]}://{link[broken.end() :]}"
    elif _looks_like_host(link):
        link = f"{_scheme(base)}://{link}"
    try:
        url = str(ada_url.join_url(base, link)) if base else str(ada_url.normalize_url(link))
    except ValueError:
        return None
    if not url.startswith(("http://", "https://")) or len(url) > MAX_URL:
        return None
    return url


def _looks_like_host(link: str) -> bool:
    """Whether a link without a scheme begins with a host: `www.site.by/1`, `site.by/news/1`."""
    match = _HOST_AND_PATH.match(link)
    if match is None:
        return False
    host = match[0].lower()
    if host.startswith("www."):
        return True
    return match.end() < len(link) and not _FILE_SUFFIX.fullmatch(host.rpartition(".")[2])


def _scheme(base: str) -> str:
    return "http" if base.startswith("http:") else "https"
