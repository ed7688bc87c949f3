"""Which URLs are the same: canonical form, identity, site, and believable other names.

In: URLs as feeds, pages and people write them. Out: strings. Parsing follows the WHATWG URL
standard (ada); the registrable domain is that of the public suffix list, private section included.
Two levels of sameness:

- `canonicalize` changes only what cannot change the answer (fragment, tracking parameters, session
  ids, escapes): the result can be fetched.
- `key` also ignores how a page is reached or shown (scheme, www, mobile and AMP twins, index files,
  trailing slash, order of parameters): the result is an id, never fetched.

What only a site can know (a slug that was renamed, a number that has a long form) comes from its
redirects and canonical links through `alias`. The facts are in `pipeline.url_rules`.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import ada_url
from publicsuffixlist import PublicSuffixList

from pipeline import url_rules as rules
from pipeline.errors import Rejected

MAX_URL = 8_192
"""Characters; longer ones are traps or data, and no server of note takes them."""

_KEY_CHARS = 16
_MAX_WRAPPERS = 3
_MAX_HOST = 253

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SLASHES = re.compile(r"//+")
_AMP_END = re.compile(r"(?:/amp/?|\.amp(?:\.html?)?)\Z", re.IGNORECASE)
_PRINT_END = re.compile(r"/print/?\Z", re.IGNORECASE)


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


def parse_http(url: str) -> str:
    """The URL as the URL standard writes it: absolute, http or https, without credentials.

    Raises `Rejected` with "not an http(s) URL", "credentials in URL" or "invalid URL".
    """
    return _split(url).url(fragment=True)


def canonicalize(url: str, *, referrer: str | None = None) -> str:
    """The form of a URL to store and fetch: the same page, nothing that only tracks.

    `referrer` is the feed or page that linked here: a `ref` parameter is dropped only when it
    names that site or the URL's own. Links that carry their target (Google, Facebook and VK
    redirects, AMP caches) become the target. Idempotent.
    """
    parts = _split(url)
    for _ in range(_MAX_WRAPPERS):
        target = _wrapped(parts)
        if target is None:
            break
        parts = target
    path = parts.path
    if ";" in path:
        path = rules.PATH_SESSION.sub("", path)
    if "%" in path:
        path = _ESCAPE.sub(_plain_escape, path)
    query = _content_query(parts, referrer) if parts.query else ""
    return parts._replace(host=parts.host.rstrip("."), path=path or "/", query=query).url()


def key(url: str) -> str:
    """The id of a URL and of its record: 16 hex characters of the SHA-256 of its identity form."""
    return hashlib.sha256(_identity(canonicalize(url)).encode()).hexdigest()[:_KEY_CHARS]


def site(url: str) -> str:
    """The registrable domain, the unit of politeness and trust.

    An IP address or single-label host stands for itself, with its port unless that is the
    scheme's own: two servers on one machine are two sites.
    """
    parts = _split(url)
    domain = _registrable(parts.host)
    return domain if domain else f"{parts.host}:{parts.port}" if parts.port else parts.host


def alias(url: str, claimed: str) -> str | None:
    """The canonical form of another name of `url`, or None where the claim is not to be believed.

    `claimed` is where `url` redirects to, or what the page at `url` gives as its rel=canonical or
    og:url (for these, pass the URL that answered). Believed only on the same site (feed proxies
    and shorteners may lead anywhere), and never when it points to a home, section, search or
    log-in page, or to what looks like another article or language version.
    """
    try:
        here = _split(canonicalize(url))
        there = _split(canonicalize(ada_url.join_url(url, claimed)))
    except (Rejected, ValueError):
        return None
    if key(here.url()) == key(there.url()):
        return there.url()
    proxied = here.host in rules.LINK_PROXIES
    if not proxied and site(here.url()) != site(there.url()):
        return None
    if not _may_be_article(there) or (not proxied and _distinct(here, there)):
        return None
    return there.url()


# ---------------------------------------------------------------------------- parsing


@lru_cache(maxsize=4_096)
def _split(url: str) -> Parts:
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
    return len(bare) <= _MAX_HOST and all(0 < len(label) <= 63 for label in bare.split("."))


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str | None:
    """The registrable domain of a host name; None for an IP address or single label."""
    bare = host.removesuffix(".")
    if bare.startswith("[") or "." not in bare or bare.rpartition(".")[2].isdigit():
        return None
    domain: str | None = _public_suffixes().privatesuffix(bare)
    return domain or bare


# ---------------------------------------------------------------------------- canonical form


def _plain_escape(match: re.Match[str]) -> str:
    """RFC 3986 §6.2.2: escapes in upper case, and none where none is needed."""
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else match[0].upper()


def _content_query(parts: Parts, referrer: str | None) -> str:
    kept = []
    domain = _registrable(parts.host) or parts.host
    here = rules.SITE_TRACKING.get(domain, frozenset())
    for pair in parts.query.split("&"):
        # A link copied out of HTML source keeps its `&amp;`.
        pair = pair.removeprefix("amp;")
        if not pair:
            continue
        name, _, value = pair.partition("=")
        name = name.lower()
        if (
            name in rules.TRACKING
            or name in rules.SESSION
            or name in here
            or name.startswith(rules.TRACKING_PREFIXES)
            or (name in rules.SESSION_IF_LONG and rules.SESSION_VALUE.fullmatch(value))
            or (name in rules.REFERRER and _names_referrer(value, domain, referrer))
        ):
            continue
        kept.append(_ESCAPE.sub(_plain_escape, pair) if "%" in pair else pair)
    return "&".join(kept)


def _names_referrer(value: str, own_site: str, referrer: str | None) -> bool:
    value = unquote(value).strip().lower()
    value = value.partition("://")[2] or value
    host = value.partition("/")[0]
    if "." not in host:
        return False
    named = _registrable(host)
    return named is not None and (
        named == own_site or (referrer is not None and named == site(referrer))
    )


def _wrapped(parts: Parts) -> Parts | None:
    """The target that a redirecting link or an AMP cache carries in itself, if this is one."""
    domain = _registrable(parts.host)
    target = None
    if domain == "ampproject.org" or (domain == "google.com" and parts.path.startswith("/amp/")):
        # …/c/s/host/path: `c` content, `s` https (amp.dev, "AMP Cache URL format").
        found = re.match(r"/(?:[cvr]|amp)/(s/)?(?=[^/]*\.)(.+)", parts.path)
        if found:
            query = f"?{parts.query}" if parts.query else ""
            target = f"http{'s' if found[1] else ''}://{found[2]}{query}"
    else:
        for name in rules.LINK_WRAPPERS.get((domain or "", parts.path), ()):
            values = [
                p.partition("=")[2] for p in parts.query.split("&") if p.startswith(name + "=")
            ]
            if values:
                target = unquote(values[0].replace("+", " "))
                break
    if target is None:
        return None
    try:
        return _split(target)
    except Rejected:
        return None


# ---------------------------------------------------------------------------- identity


def _identity(canonical: str) -> str:
    parts = _split(canonical)
    path = parts.path
    if "//" in path:
        path = _SLASHES.sub("/", path)
    path = rules.INDEX_FILES.sub("/", path)
    path = _without_twin_marks(path)
    pairs = sorted(
        (name, pair)
        for pair in parts.query.split("&")
        if pair
        for name, _, value in [pair.partition("=")]
        if not ((look := rules.PRESENTATION.get(name.lower())) and look.fullmatch(value))
    )
    port = f":{parts.port}" if parts.port else ""
    query = "?" + "&".join(pair for _, pair in pairs) if pairs else ""
    return f"{_plain_host(parts.host)}{port}{path.rstrip('/')}{query}"


@lru_cache(maxsize=65_536)
def _plain_host(host: str) -> str:
    """The host without the labels of its renderings: www, mobile, AMP."""
    domain = _registrable(host)
    if domain is None:
        return host
    while host != domain:
        label, _, rest = host.partition(".")
        if label not in rules.TWIN_LABELS:
            break
        host = rest
    return host


def _without_twin_marks(path: str) -> str:
    """The path of the full page for that of its AMP or print twin."""
    low = path.lower()
    if "amp" not in low and "print" not in low:
        return path
    if low.startswith("/amp/") and len(low) > len("/amp/"):
        path = path[len("/amp") :]
    for mark in (_AMP_END, _PRINT_END):
        shorter = mark.sub("", path)
        if shorter != path and _is_specific(shorter.rpartition("/")[2]):
            path = shorter
    head, middle, tail = path.partition("/amp/")
    if middle and _is_specific(tail.rpartition("/")[2]):
        path = f"{head}/{tail}"
    return path


# ---------------------------------------------------------------------------- believing claims


def _is_specific(segment: str) -> bool:
    """Whether a path segment can name one article: a number, a slug of words or a file."""
    return (
        any(c.isdigit() for c in segment)
        or segment.count("-") + segment.count("_") >= 2
        or segment.lower().endswith((".html", ".htm", ".shtml", ".php"))
        or len(unquote(segment)) >= 25
    )


def _segments(parts: Parts) -> list[str]:
    return [segment for segment in parts.path.split("/") if segment]


def _language(parts: Parts) -> str:
    domain = _registrable(parts.host) or parts.host
    labels = parts.host.removesuffix(domain).split(".")
    segments = _segments(parts)
    for word in (*labels, *segments[:2]):
        if word.lower() in rules.LANGUAGES:
            return word.lower()
    return ""


def _may_be_article(parts: Parts) -> bool:
    segments = _segments(parts)
    if not segments or any(segment.lower() in rules.NOT_ARTICLES for segment in segments):
        return False
    if len(segments) == 1 and segments[0].lower() in rules.LANGUAGES:
        return False
    return any(_is_specific(segment) for segment in segments[-2:]) or bool(_numbers(parts.query))


_NUMBER = re.compile(r"\d{3,}")
_DATE_PATH = re.compile(r"/(?:19|20)\d\d/\d{1,2}(?:/\d{1,2})?(?=/)|/(?:19|20)\d{6}(?=/)")
_WORD = re.compile(r"[^\W\d_]{3,}")


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(_DATE_PATH.sub("", text)))


def _words(parts: Parts) -> set[str]:
    segments = _segments(parts)
    return set(_WORD.findall(unquote(segments[-1]).lower())) if segments else set()


def _distinct(here: Parts, there: Parts) -> bool:
    """Whether two URLs of one site look like two articles rather than two names of one."""
    mine, yours = _language(here), _language(there)
    if mine and yours and mine != yours:
        return True
    ids_here = _numbers(here.path) | _numbers(here.query)
    ids_there = _numbers(there.path) | _numbers(there.query)
    if ids_here & ids_there:
        return mine != yours
    if ids_here and ids_there:
        return True
    words_here, words_there = _words(here), _words(there)
    if len(words_here) >= 3 and len(words_there) >= 3:
        return len(words_here & words_there) < 2
    return False


def is_ip(host: str) -> bool:
    """Whether a host of a parsed URL is an IP address (brackets allowed)."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
