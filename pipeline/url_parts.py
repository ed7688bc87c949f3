"""Taking URLs apart after the WHATWG URL standard (ada), and the registrable domain of a host.

Below `pipeline.urls`, which has the public functions. Results are cached: the same URL is looked
at several times in a row (canonical form, key, site), the same host for days.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import NamedTuple

import ada_url
from publicsuffixlist import PublicSuffixList

from pipeline.errors import Rejected

MAX_URL = 8_192
"""Characters; longer ones are traps or data, and no server of note takes them."""

_MAX_HOST = 253
_MAX_LABEL = 63


class Parts(NamedTuple):
    """A parsed http(s) URL; every part as the URL standard serialises it."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    def url(self, *, fragment: bool = False) -> str:
        """The parts as one URL, with its fragment only if asked."""
        port = f":{self.port}" if self.port else ""
        query = f"?{self.query}" if self.query else ""
        tail = f"#{self.fragment}" if fragment and self.fragment else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}{tail}"


@lru_cache(maxsize=1_024)
def split(url: str) -> Parts:
    """The parts of an absolute http(s) URL.

    Raises `Rejected` with "not an http(s) URL", "credentials in URL" or "invalid URL".
    """
    if len(url) > MAX_URL:
        raise Rejected("invalid URL", f"longer than {MAX_URL} characters")
    try:
        href = ada_url.normalize_url(url)
    except ValueError:
        http = url.lstrip().lower().startswith(("http:", "https:"))
        raise Rejected("invalid URL" if http else "not an http(s) URL", url[:200]) from None
    scheme, _, rest = href.partition(":")
    if scheme not in ("http", "https"):
        raise Rejected("not an http(s) URL", url[:200])
    rest, _, fragment = rest[2:].partition("#")
    rest, _, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise Rejected("credentials in URL", authority.rpartition("@")[2])
    host, port = authority, ""
    if not authority.endswith("]") and ":" in authority:
        host, _, port = authority.rpartition(":")
    if not _is_host(host):
        raise Rejected("invalid URL", f"host {host[:200]!r}")
    return Parts(scheme, host, port, slash + path, query, fragment)


@lru_cache(maxsize=16_384)
def _is_host(host: str) -> bool:
    if host.startswith("["):
        return True
    bare = host.removesuffix(".")
    return len(bare) <= _MAX_HOST and all(0 < len(label) <= _MAX_LABEL for label in bare.split("."))


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=65_536)
def registrable(host: str) -> str | None:
    """The registrable domain of a host name; None for an IP address or single label."""
    bare = host.removesuffix(".")
    if bare.startswith("[") or "." not in bare or bare.rpartition(".")[2].isdigit():
        return None
    domain: str | None = _public_suffixes().privatesuffix(bare)
    return domain or bare


def is_ip(host: str) -> bool:
    """Whether a host of a parsed URL is an IP address (brackets allowed)."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
