"""A loopback site whose every answer the test writes, to be as bad as it likes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from aiohttp import web

from workers.demo.loopback import LOOPBACK, LoopbackServer, Visit

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml"
PARAGRAPHS = (
    "The airline Belavia said on Tuesday that it would keep its winter schedule unchanged, and "
    "that passengers who had booked through Minsk would be told by telephone of any change.",
    "A spokesman for the ministry of transport in Vilnius said that talks about the border "
    "crossing at Medininkai had been useful, but that nothing had been decided so far.",
    "Alexander Lukashenko received the heads of three large enterprises on the same day. The "
    "meeting lasted for two hours, and the participants left without speaking to reporters.",
    "Experts expect that the volume of goods carried by rail will fall by a tenth this year, "
    "mainly because shippers have found other routes through the ports of the Baltic Sea.",
)


@dataclass(frozen=True)
class Answer:
    """One answer."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None
    """Answer when this is set, or when the site goes down."""


def redirect(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": target})


def article(title: str, *, canonical: str | None = None, extra: str = "") -> Answer:
    """A news article of its own text, in which the watchlist's company and person are named."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    own = f"The reference number of this article is {escape(title)}, as readers may wish to know."
    text = "".join(f"<p>{line}</p>" for line in (*PARAGRAPHS, own, extra) if line)
    return Answer(
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)}</title>{link}'
        '<meta property="article:published_time" content="2025-10-17T09:30:00+03:00">'
        f"</head><body><article><h1>{escape(title)}</h1>{text}</article></body></html>"
    )


def feed(*links: str, title: str = "News") -> Answer:
    items = "".join(
        f"<item><title>Item {number}</title><link>{escape(link)}</link><guid>{escape(link)}</guid>"
        "<pubDate>Fri, 17 Oct 2025 06:30:00 GMT</pubDate></item>"
        for number, link in enumerate(links)
    )
    return Answer(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>http://127.0.0.1/</link><description>-</description>{items}</channel></rss>",
        content_type=RSS,
    )


class Newsroom(LoopbackServer):
    """Serves what `serve` was told; 404 for the rest. Without a robots.txt unless one is served."""

    def __init__(self, sites: int = 1) -> None:
        super().__init__([(LOOPBACK, 0)] * sites)
        self._answers: dict[str, list[Answer]] = {}

    def serve(self, path: str, *answers: Answer) -> str:
        """Answer requests for a path with these in turn; the last one repeats. Gives the URL."""
        self._answers[path] = list(answers)
        return self.base_url + path

    def serve_articles(self, numbers: Iterable[int]) -> list[str]:
        return [self.serve(f"/news/{n}.html", article(f"Number {n} of the day")) for n in numbers]

    def visits(self, path: str) -> list[Visit]:
        """The requests for one path."""
        return [visit for visit in self.requests if visit.path == path]

    async def respond(self, listener: int, request: web.Request) -> web.StreamResponse:
        answers = self._answers.get(request.path_qs) or self._answers.get(request.path)
        if not answers:
            return web.Response(status=404, text="<h1>Not found</h1>", content_type="text/html")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        while answer.after and not answer.after.is_set() and not self.closing.is_set():
            await asyncio.sleep(0.01)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"Content-Type": answer.content_type, **answer.headers}
        return web.Response(status=answer.status, body=body, headers=headers)
