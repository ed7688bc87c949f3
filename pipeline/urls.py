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

import base64
import binascii
import hashlib
import re
from functools import lru_cache
from urllib.parse import unquote

import ada_url

from pipeline import url_rules as rules
from pipeline.errors import Rejected
from pipeline.url_parts import Parts, registrable, split
from pipeline.url_shapes import distinct, may_be_article, names_article

_KEY_CHARS = 16

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN_IN_PATH = re.compile(r"%(21|27|28|29|2A|2C|3A|40)")
"""Escaped !'()*,:@, which no server tells from the plain character in a path."""
_HTML_AMPERSAND = re.compile(r"(^|&)(?:amp;)+")
_SLASHES = re.compile(r"//+")
_TWIN_END = re.compile(r"(?:/(?:amp|print)/?|\.amp)\Z", re.IGNORECASE)
_AMP_HTML = re.compile(r"\.amp(?=\.html?\Z)", re.IGNORECASE)


def parse_http(url: str) -> str:
    """The URL as the URL standard writes it: absolute, http or https, without credentials.

    Raises `Rejected` with "not an http(s) URL", "credentials in URL" or "invalid URL".
    """
    return split(url).url(fragment=True)


def canonicalize(url: str, *, referrer: str | None = None) -> str:
    """The form of a URL to store and fetch: the same page, nothing that only tracks.

    `referrer` is the feed or page that linked here: a `ref` parameter is dropped only when it
    names that site or the URL's own. Links that carry their target (Google, Facebook and VK
    redirects, AMP caches) become the target. Idempotent.
    """
    parts = _plain(split(url))
    # Ends: each target is a part of the link around it.
    while target := _wrapped(parts):
        parts = _plain(target)
    path = rules.PATH_SESSION.sub("", parts.path) if ";" in parts.path else parts.path
    query = _content_query(parts, referrer) if parts.query else ""
    host = parts.host.removesuffix(".")
    return Parts(parts.scheme, host, parts.port, path, query, "").url()


def key(url: str) -> str:
    """The id of a URL and of its record: 16 hex characters of the SHA-256 of its identity form."""
    return hashlib.sha256(_identity(canonicalize(url)).encode()).hexdigest()[:_KEY_CHARS]


def site(url: str) -> str:
    """The registrable domain, the unit of politeness and trust.

    An IP address or single-label host stands for itself, with its port unless that is the
    scheme's own: two servers on one machine are two sites.
    """
    parts = split(url)
    domain = registrable(parts.host)
    return domain if domain else f"{parts.host}:{parts.port}" if parts.port else parts.host


def alias(url: str, claimed: str) -> str | None:
    """The canonical form of another name of `url`, or None where the claim is not to be believed.

    `claimed` is where `url` redirects to, or what the page at `url` gives as its rel=canonical or
    og:url (for these, pass the URL that answered). Believed only on the same site (feed proxies
    and shorteners may lead anywhere), and never when it points to a home, section, search or
    log-in page, or to what looks like another article or language version.
    """
    try:
        here = split(canonicalize(url))
        there = split(canonicalize(ada_url.join_url(url, claimed)))
    except (Rejected, ValueError):
        return None
    if key(here.url()) == key(there.url()):
        return there.url()
    proxied = here.host in rules.LINK_PROXIES
    if not proxied and site(here.url()) != site(there.url()):
        return None
    if not may_be_article(there) or (not proxied and distinct(here, there)):
        return None
    return there.url()


# ---------------------------------------------------------------------------- canonical form


def _plain(parts: Parts) -> Parts:
    """The parts with as few escapes as can be; nothing below has to think of `%75tm_source`."""
    path, query = parts.path, parts.query
    if "%" not in path and "%" not in query and "amp;" not in query:
        return parts
    if "%" in path:
        path = _ESCAPE.sub(_plain_escape, path)
    if "%" in query:
        query = _ESCAPE.sub(_plain_escape, query)
    if "amp;" in query:
        # A link copied out of HTML source keeps its `&amp;`.
        query = _HTML_AMPERSAND.sub(r"\1", query)
    return parts._replace(path=path, query=query)


def _plain_escape(match: re.Match[str]) -> str:
    """RFC 3986 §6.2.2: escapes in upper case, and none where none is needed."""
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else match[0].upper()


def _content_query(parts: Parts, referrer: str | None) -> str:
    kept = []
    domain = registrable(parts.host) or parts.host
    here = rules.SITE_TRACKING.get(domain, frozenset())
    for pair in parts.query.split("&"):
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
        kept.append(pair)
    return "&".join(kept)


def _names_referrer(value: str, own_site: str, referrer: str | None) -> bool:
    value = unquote(value).strip().lower()
    if value in rules.FEED_VALUES:
        return True
    value = value.partition("://")[2] or value
    host = value.partition("/")[0]
    named = registrable(host) if "." in host else None
    return named is not None and named in (own_site, _site_or_none(referrer))


def _site_or_none(url: str | None) -> str | None:
    try:
        return site(url) if url else None
    except Rejected:
        return None


def _wrapped(parts: Parts) -> Parts | None:
    """The target that a redirecting link or an AMP cache carries in itself, if this is one."""
    domain = registrable(parts.host) or ""
    if domain == "ampproject.org" or (domain == "google.com" and parts.path.startswith("/amp/")):
        target = _amp_cache_target(parts)
    elif parts.host == "news.google.com":
        target = _google_news_target(parts.path)
    elif (domain, parts.path) in rules.LINK_WRAPPERS:
        values = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        names = rules.LINK_WRAPPERS[domain, parts.path]
        target = next((unquote(values[n].replace("+", " ")) for n in names if n in values), None)
    else:
        return None
    try:
        return split(target) if target else None
    except Rejected:
        return None


def _amp_cache_target(parts: Parts) -> str | None:
    """`/c/s/host/path`: `c` for content, `s` for https (amp.dev, "AMP Cache URL format")."""
    found = re.match(r"/(?:[cvr]|amp)/(s/)?(?=[^/]*\.)(.+)", parts.path)
    if not found:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return f"http{'s' if found[1] else ''}://{found[2]}{query}"


def _google_news_target(path: str) -> str | None:
    """The URL inside an article id of Google News (a base64 protocol buffer) of before mid-2024.

    Later ids hold a token that only Google can resolve; those links stay as they are.
    """
    found = re.fullmatch(r"(?:/rss)?/articles/([\w-]{16,})", path)
    if not found:
        return None
    try:
        data = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except binascii.Error:
        return None
    inner = re.search(rb"https?://[\x21-\x7e]+", data)
    return inner[0].decode() if inner else None


# ---------------------------------------------------------------------------- identity


def _identity(canonical: str) -> str:
    parts = split(canonical)
    path = parts.path
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if "%" in path:
        path = _PLAIN_IN_PATH.sub(lambda match: chr(int(match[1], 16)), path)
    path = _without_twin_marks(rules.INDEX_FILE.sub("/", path), parts.host)
    query = _identity_query(parts.query) if parts.query else ""
    port = f":{parts.port}" if parts.port else ""
    return f"{_plain_host(parts.host)}{port}{path.rstrip('/')}{query}"


def _identity_query(query: str) -> str:
    pairs = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        look = rules.PRESENTATION.get(name.lower())
        if not (look and look.fullmatch(value)):
            pairs.append((name, pair))
    # Only names are sorted: `tag=a&tag=b` and `tag=b&tag=a` may differ.
    pairs.sort(key=lambda named: named[0])
    return "?" + "&".join(pair for _, pair in pairs) if pairs else ""


@lru_cache(maxsize=65_536)
def _plain_host(host: str) -> str:
    """The host without the labels of its renderings: www, mobile, AMP."""
    domain = registrable(host)
    if domain is None:
        return host
    while host != domain:
        label, _, rest = host.partition(".")
        if label not in rules.TWIN_LABELS:
            break
        host = rest
    return host


def _without_twin_marks(path: str, host: str) -> str:
    """The path of the full page for that of its AMP or print twin."""
    low = path.lower()
    if "amp" not in low and "print" not in low:
        return path
    own = rules.AMP_PATHS.get(registrable(host) or "")
    if own and own[0].match(path):
        return own[0].sub(own[1], path, count=1)
    if low.startswith("/amp/") and len(low) > len("/amp/"):
        path = path[len("/amp") :]
    path = _AMP_HTML.sub("", path)
    shorter = _TWIN_END.sub("", path)
    if shorter != path and names_article(shorter):
        path = shorter
    head, middle, tail = path.partition("/amp/")
    if middle and names_article(f"{head}/{tail}"):
        path = f"{head}/{tail}"
    return path
