"""What goes wrong on real sites, served on purpose: URLs that are no articles, feeds that are none.

Each kind of `content.Trouble` has one function here that answers its requests. `twin` needs none:
it is an article's own path with tracking parameters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from workers.demo import pages
from workers.demo.content import Outlet, Trouble

_HUGE_BYTES = 50_000_000
_CHUNK = b"<p>" + b"0123456789abcdef " * 3855 + b"</p>\n"

# One page, one line of text: enough for `file` and every PDF reader.
_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 55>>stream
BT /F1 18 Tf 72 760 Td (Annex: list of tariff codes) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """What an answer may depend on."""

    outlet: Outlet
    trouble: Trouble
    origin: str
    closing: asyncio.Event
    """Set when the site goes down."""


async def answer(scene: Scene, request: web.Request) -> web.StreamResponse:
    """The answer that the scene's kind of trouble gives."""
    return await _KINDS[scene.trouble.kind](scene, request)


def not_found(outlet: Outlet, origin: str, status: int = 404) -> web.Response:
    """The outlet's own page for a missing page."""
    words = pages.phrases(outlet.language)
    return _html(outlet, origin, words["not_found"], f"<li>{words['not_found_why']}</li>", status)


async def _not_found(scene: Scene, _request: web.Request) -> web.StreamResponse:
    return not_found(scene.outlet, scene.origin)


async def _soft_404(scene: Scene, _request: web.Request) -> web.StreamResponse:
    """The page for a missing page, sent as if all were well."""
    return not_found(scene.outlet, scene.origin, status=200)


async def _pdf(_scene: Scene, _request: web.Request) -> web.StreamResponse:
    return web.Response(body=_PDF, content_type="application/pdf")


async def _login(scene: Scene, _request: web.Request) -> web.StreamResponse:
    words = pages.phrases(scene.outlet.language)
    form = (
        '<li><form id="login-form" action="/login/" method="post">'
        '<label>E-mail <input type="email" name="login" autocomplete="username"></label> '
        f"<label>{words['password']} "
        '<input type="password" name="password" autocomplete="current-password"></label> '
        f"<button>{words['log_in']}</button></form></li>"
    )
    return _html(scene.outlet, scene.origin, words["log_in"], form)


async def _redirect(scene: Scene, _request: web.Request) -> web.StreamResponse:
    return web.Response(
        status=301, headers={"Location": scene.origin + (scene.trouble.target or "/")}
    )


async def _loop(scene: Scene, request: web.Request) -> web.StreamResponse:
    """Sends the client back and forth between two addresses, as a broken cookie check does."""
    path = scene.trouble.path
    away = "cookie" not in request.query
    return web.Response(status=302, headers={"Location": f"{path}?cookie=1" if away else path})


async def _section(scene: Scene, _request: web.Request) -> web.StreamResponse:
    page = pages.list_page(scene.outlet, scene.trouble.title, scene.outlet.articles, scene.origin)
    return web.Response(text=page, content_type="text/html")


async def _disallowed(scene: Scene, _request: web.Request) -> web.StreamResponse:
    """An article like any other: only robots.txt says to stay away."""
    page = pages.article_page(scene.outlet, scene.outlet.articles[0], scene.origin)
    return web.Response(text=page, content_type="text/html")


async def _server_error(_scene: Scene, _request: web.Request) -> web.StreamResponse:
    message = "Error establishing a database connection"
    return web.Response(status=500, text=f"<h1>{message}</h1>", content_type="text/html")


async def _hang(scene: Scene, _request: web.Request) -> web.StreamResponse:
    """Accepts the request and never answers."""
    await scene.closing.wait()
    return web.Response(status=503)


async def _huge(scene: Scene, request: web.Request) -> web.StreamResponse:
    return await pour(request, scene.closing, "text/html; charset=utf-8")


async def pour(
    request: web.Request, closing: asyncio.Event, content_type: str
) -> web.StreamResponse:
    """50 MB without a Content-Length: the client has to count for itself."""
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    with suppress(ConnectionError):  # the client has had enough, as it should
        for _ in range(_HUGE_BYTES // len(_CHUNK) + 1):
            if closing.is_set():
                break
            await response.write(_CHUNK)
        await response.write_eof()
    return response


async def _challenge(_scene: Scene, _request: web.Request) -> web.StreamResponse:
    page = (
        '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
        '<meta name="robots" content="noindex,nofollow"></head><body><noscript>'
        "<span>Enable JavaScript and cookies to continue</span></noscript>"
        '<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1"></script>'
        "</body></html>"
    )
    return web.Response(status=403, text=page, content_type="text/html")


def _html(outlet: Outlet, origin: str, title: str, content: str, status: int = 200) -> web.Response:
    page = pages.message_page(outlet, title, content, origin)
    return web.Response(status=status, text=page, content_type="text/html")


_KINDS: Mapping[str, Callable[[Scene, web.Request], Awaitable[web.StreamResponse]]] = {
    "not_found": _not_found,
    "pdf": _pdf,
    "login": _login,
    "redirect": _redirect,
    "loop": _loop,
    "section": _section,
    "disallowed": _disallowed,
    "server_error": _server_error,
    "hang": _hang,
    "huge": _huge,
    "soft_404": _soft_404,
    "challenge": _challenge,
}


@dataclass(frozen=True, slots=True)
class BrokenFeed:
    """A feed that is none, answered with 200."""

    content_type: str
    body: bytes | None
    """None: 50 MB of text."""
    problem: str
    """What `ParsedFeed.problem`, or the door's refusal, must say."""


_RSS = "application/rss+xml"
BROKEN_FEEDS: Mapping[str, BrokenFeed] = {
    "/broken/html.xml": BrokenFeed(
        "text/html; charset=utf-8",
        b"<!DOCTYPE html><html><head><title>Feeds</title></head><body><h1>Our feeds have moved"
        b"</h1><p>Please see the new page.</p></body></html>",
        "html",
    ),
    "/broken/empty.xml": BrokenFeed(_RSS, b"", "empty"),
    "/broken/no-items.xml": BrokenFeed(
        _RSS,
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title>'
        b"<link>http://127.0.0.1/</link><description>-</description></channel></rss>",
        "no items",
    ),
    "/broken/cut.xml": BrokenFeed(
        _RSS,
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>Cut</title>'
        b"<link>http://127.0.0.1/</link><description>-</description><item><ti",
        "truncated xml",
    ),
    "/broken/text.xml": BrokenFeed(_RSS, b"Service is busy\n", "not a feed"),
    "/broken/huge.xml": BrokenFeed(_RSS, None, "too large"),
}
"""By path; every outlet serves them all."""


async def answer_broken(
    feed: BrokenFeed, request: web.Request, closing: asyncio.Event
) -> web.StreamResponse:
    """The feed's answer."""
    if feed.body is None:
        return await pour(request, closing, feed.content_type)
    return web.Response(body=feed.body, headers={"Content-Type": feed.content_type})
