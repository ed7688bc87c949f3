"""The CPU stages of one page (extract, detect, tag), in a child process that can be killed.

A hostile page can hold a C parser for minutes or eat all memory. So a worker hands each page to a
stage process (`workers.stage_process`), whose child reads it; one that takes too long or too much
is killed, and neither the worker nor its other jobs notice. `read` is what runs there; it runs in
line where no worker is.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Protocol
from urllib.parse import urlsplit

from pipeline.errors import IngestError, Unavailable
from pipeline.records import Article, Language, Page, RuleHit, Tag
from workers import processes
from workers.context import Context


@dataclass(frozen=True, slots=True)
class Task:
    """A page, and what its feed says of it."""

    page: Page
    zone: str | None = None
    feed_title: str | None = None
    feed_published: datetime | None = None
    feed_language: str | None = None
    site_language: str | None = None
    """What most of the site's latest records are in."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages found."""

    article: Article
    language: Language
    tags: tuple[Tag, ...]
    hits: tuple[RuleHit, ...]
    """Of the rules that alert."""
    watchlist_version: str
    found: tuple[tuple[str, str, str], ...]
    """Each field's name, value and source, as `records explain` shows them."""


class Stages(Protocol):
    """Where pages are read."""

    def read(self, task: Task) -> Reading:
        """Read one page. Raises Rejected (no article) or Broken (it could not be read)."""

    def close(self) -> None:
        """Stop what was started."""


def read(context: Context, task: Task) -> Reading:
    """extract → detect → tag → evaluate, in this process."""
    # Loaded here: the worker that only hands pages on must not carry the models.
    from pipeline.extract.article import extract
    from pipeline.extract.explain import explain
    from pipeline.language.detector import Hints, detect

    host = urlsplit(task.page.final_url).hostname or ""
    article = extract(
        task.page,
        zone=task.zone,
        feed_title=task.feed_title,
        feed_published=task.feed_published,
        rules=context.sites.rules(host, task.page.fetched.date()),
    )
    language = detect(
        article.text, hints=Hints(task.feed_language, article.html_lang, task.site_language)
    )
    watchlist = context.watchlist
    tags, fired = watchlist.apply(article.title, article.text, language.tag)
    hits = watchlist.alerts_of(fired)
    found = tuple((each.field, each.value, each.source) for each in explain(article))
    return Reading(article, language, tags, hits, watchlist.version, found)


class InLine:
    """Reads pages in this process: for tests and commands, and a plain `rq worker`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def read(self, task: Task) -> Reading:
        """`Stages.read`."""
        return read(self._context, task)

    def close(self) -> None:
        """Nothing was started."""


_current: Stages | None = None


def current(context: Context) -> Stages:
    """Where this process reads pages: what `use` said, else in line."""
    return _current or InLine(context)


def use(stages: Stages | None) -> None:
    """Make this process read pages there."""
    global _current
    _current = stages


class Child:
    """Reads pages in a stage process of this worker's own."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pipe, self._process = self._start()

    def read(self, task: Task) -> Reading:
        """`Stages.read`. Raises Unavailable when the stage process itself died (started anew)."""
        try:
            self._pipe.send_bytes(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
            answer = pickle.loads(self._pipe.recv_bytes())
        except (EOFError, OSError) as error:
            self.close()
            self._pipe, self._process = self._start()
            raise Unavailable("the stage process died and was started anew") from error
        except BaseException:  # a job's time limit: the answer still to come is not the next page's
            self.close()
            self._pipe, self._process = self._start()
            raise
        if isinstance(answer, IngestError):
            raise answer
        reading: Reading = answer
        return reading

    def close(self) -> None:
        """Stop the stage process and its child."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _start(self) -> tuple[Connection, subprocess.Popen[bytes]]:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "workers.stage_process",
                    str(self._context.directory),
                    str(theirs.fileno()),
                ],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                preexec_fn=processes.die_with_parent,
            )
        pipe = Connection(ours.detach())
        try:
            pipe.recv_bytes()  # it says when it is ready
        except EOFError as error:
            pipe.close()
            process.wait()
            raise Unavailable(
                "the stage process did not start; its own message says why"
            ) from error
        return pipe, process
