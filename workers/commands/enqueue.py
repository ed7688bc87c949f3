"""`enqueue` and `requeue`: URLs by hand."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import redis
import rq
import typer
from rich.progress import Progress

from pipeline.errors import ConfigError, Rejected, Unavailable
from pipeline.store import admission, urls
from pipeline.store.admission import HandOptions, Selection
from pipeline.store.schema import TERMINAL
from pipeline.store.urls import Queue, UrlIdentity
from workers import queues
from workers.commands.retag import print_refused, retag_records, retag_urls
from workers.console import AsJson, context_of, err, out, parse_since, print_json, table
from workers.context import Context, utc_now

BATCH = 1_000
SHOW_EACH_UP_TO = 20
BY_HAND_UP_TO = 100
"""A requeue of more URLs than this goes to the backlog, so that it does not delay live news."""
POLL_EVERY_S = 0.3
NOBODY_WORKS_S = 20.0
"""Longer than a daemon takes to start its workers, or to restart one."""

Retag = Annotated[
    bool, typer.Option("--retag", help="Only tag what is stored with today's watchlist.")
]
NoAlert = Annotated[bool, typer.Option("--no-alert", help="Store, but send no alerts for these.")]
Front = Annotated[bool, typer.Option("--front", help="Before everything else that is queued.")]


def enqueue(
    context: typer.Context,
    url: Annotated[
        list[str] | None, typer.Argument(help="URLs; `-` reads them from stdin.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="One URL a line; # starts a comment.")
    ] = None,
    refetch: Annotated[
        bool, typer.Option("--refetch", help="Fetch again what is already stored.")
    ] = False,
    retag: Retag = False,
    no_alert: NoAlert = False,
    front: Front = False,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Wait for the outcomes and show them; ends when nobody works."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Queue URLs by hand. A failed one runs at once; a stored one says so and does nothing.

    URLs given here go before live news, those of a file or stdin behind it (unless --front).
    Example: `wirewatch enqueue https://example.org/news/1 --wait`
    """
    for given, name in ((refetch, "--refetch"), (front, "--front")):
        if retag and given:
            raise typer.BadParameter(f"--retag fetches and queues nothing: leave out {name}")
    texts, bulk = _gather(url or [], file)
    world = context_of(context)
    if retag:
        identities, refused = _identify(texts)
        done = retag_urls(world, identities, refused, no_alert=no_alert, as_json=as_json)
        raise typer.Exit(0 if done else 1)
    options = HandOptions(
        queue="backlog" if bulk and not front else "hand",
        front=front,
        refetch=refetch,
        no_alert=no_alert,
    )
    answers, refused, keys = _admit(world, texts, options)
    _dispatch(world, options.queue)
    outcomes = _wait(world, keys) if wait else []
    if as_json:
        print_json({"urls": answers, "refused": refused, "outcomes": outcomes})
    else:
        _report(answers, refused, outcomes)
    unhappy = [o for o in outcomes if o["state"] not in ("stored", "duplicate")]
    raise typer.Exit(1 if refused or unhappy else 0)


def _gather(given: list[str], file: Path | None) -> tuple[list[tuple[str, str]], bool]:
    """(place, URL) for all that was given, and whether it came in bulk."""
    texts = [("argument", text) for text in given if text != "-"]
    bulk = False
    if file is not None:
        try:
            texts += _lines(file.read_text(encoding="utf-8").splitlines(), str(file))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(str(file), f"cannot be read: {error}") from error
        bulk = True
    if "-" in given or (not given and file is None and not sys.stdin.isatty()):
        try:
            texts += _lines(sys.stdin.read().splitlines(), "stdin")
        except UnicodeDecodeError as error:
            raise ConfigError("stdin", f"cannot be read: {error}") from error
        bulk = True
    if not texts:
        raise typer.BadParameter("give URLs, --file, or URLs on stdin")
    return texts, bulk


def _lines(lines: list[str], name: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        text = line.strip().lstrip("\ufeff")
        if text and not text.startswith("#"):
            yield f"{name}:{number}", text


def _identify(
    texts: Iterable[tuple[str, str]],
) -> tuple[list[UrlIdentity], list[dict[str, str]]]:
    """Of (place, text): those that are URLs, and the others with the reason why not."""
    identities: list[UrlIdentity] = []
    refused: list[dict[str, str]] = []
    for place, text in texts:
        try:
            identities.append(UrlIdentity.of(text))
        except Rejected as error:
            refused.append({"url": text, "where": place, "reason": str(error)})
    return identities, refused


def _admit(
    world: Context, texts: list[tuple[str, str]], options: HandOptions
) -> tuple[list[dict[str, str]], list[dict[str, str]], list[str]]:
    """Queue everything in batches of one transaction each, so that live work goes on between."""
    answers: list[dict[str, str]] = []
    refused: list[dict[str, str]] = []
    keys: list[str] = []
    with Progress(console=err, transient=True, disable=len(texts) <= BATCH) as progress:
        task = progress.add_task("queueing", total=len(texts))
        for batch in _batches(texts):
            identities, wrong = _identify(batch)
            refused += wrong
            with world.database.write() as tx:
                admissions = admission.add_by_hand(tx, identities, options, utc_now())
            for identity, answer in zip(identities, admissions, strict=True):
                answers.append({"url": identity.url, "key": identity.key, "answer": answer})
                keys.append(identity.key)
            progress.advance(task, len(batch))
    return answers, refused, list(dict.fromkeys(keys))


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _dispatch(world: Context, queue: Queue) -> None:
    try:
        queues.dispatch(world.database, world.redis, utc_now(), only=(queue,))
    except redis.RedisError:
        err.print("The daemon is not running; they are queued and will be fetched when it starts.")


def _wait(world: Context, keys: list[str]) -> list[dict[str, Any]]:
    """Watch the URLs until each is in a terminal state. Ctrl-C stops watching, nothing else.

    Raises Unavailable when nobody works: no worker is known to Redis for a while.
    """
    outcomes: dict[str, dict[str, Any]] = {}
    worked_at = time.monotonic()
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task("waiting", total=len(keys))
        while len(outcomes) < len(keys):
            with world.database.read() as connection:
                for key in keys:
                    row = None if key in outcomes else urls.find(connection, key)
                    if row is not None and row.state in TERMINAL:
                        outcomes[key] = {
                            "url": row.url,
                            "state": row.state,
                            "reason": row.reason,
                            "detail": row.detail,
                            "record": row.record_id,
                        }
            progress.update(task, completed=len(outcomes))
            if len(outcomes) < len(keys):
                time.sleep(POLL_EVERY_S)
                if _anyone_works(world):
                    worked_at = time.monotonic()
                elif time.monotonic() - worked_at > NOBODY_WORKS_S:
                    raise Unavailable(
                        f"no worker for {NOBODY_WORKS_S:.0f} s: {len(keys) - len(outcomes)} URLs "
                        "stay queued and are fetched once `wirewatch run` or `work` runs"
                    )
    return [outcomes[key] for key in keys]


def _anyone_works(world: Context) -> bool:
    try:
        return bool(rq.Worker.count(connection=world.redis))
    except redis.RedisError:
        return False


def _report(
    answers: list[dict[str, str]], refused: list[dict[str, str]], outcomes: list[dict[str, Any]]
) -> None:
    print_refused(refused)
    if outcomes:
        rows = [
            (o["state"], o["record"] or "", _because(o), o["url"])
            for o in outcomes[: SHOW_EACH_UP_TO * 5]
        ]
        out.print(table(["outcome", "record", "why", "url"], rows), markup=False)
    elif len(answers) <= SHOW_EACH_UP_TO:
        for answer in answers:
            hint = " (use --refetch to fetch it again)" if "stored" in answer["answer"] else ""
            out.print(f"{answer['answer']}{hint}  {answer['url']}", markup=False)
    else:
        for answer_text, number in Counter(a["answer"] for a in answers).most_common():
            out.print(f"{number:>8}  {answer_text}")


def _because(outcome: dict[str, Any]) -> str:
    return ": ".join(part for part in (outcome["reason"], outcome["detail"]) if part)


def requeue(
    context: typer.Context,
    state: Annotated[
        str, typer.Option(help="failed, rejected or stored; several with commas.")
    ] = "failed",
    site: Annotated[str | None, typer.Option(help="Only this registrable domain.")] = None,
    feed: Annotated[str | None, typer.Option(help="Part of the feed's URL or title.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Changed since: 2026-10-17, 12h, 7d.", metavar="T")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Part of the reason.")] = None,
    retag: Retag = False,
    no_alert: NoAlert = False,
    front: Front = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be queued, change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Queue again what failed, was rejected or is stored, by filter.

    Example: `wirewatch requeue --state failed --site belta.by --since 2d --dry-run`
    """
    if retag:
        state = "stored"
    states = tuple(part.strip() for part in state.split(","))
    for wrong in set(states) - set(TERMINAL):
        raise typer.BadParameter(f"{wrong!r} is not one of {', '.join(TERMINAL)}")
    selection = Selection(states, site, feed, parse_since(since) if since else None, reason)
    world = context_of(context)
    with world.database.read() as connection:
        keys = admission.select_keys(connection, selection)
        sample = urls.rows(connection, keys[:SHOW_EACH_UP_TO])
    if retag:
        retag_records(world, keys, no_alert=no_alert, dry_run=dry_run, as_json=as_json)
        return
    options = HandOptions(
        queue="hand" if front or len(keys) <= BY_HAND_UP_TO else "backlog",
        front=front,
        refetch="stored" in states or "duplicate" in states,
        no_alert=no_alert,
    )
    if keys and not dry_run:
        for start in range(0, len(keys), BATCH):
            with world.database.write() as tx:
                admission.requeue(tx, keys[start : start + BATCH], options, utc_now())
        _dispatch(world, options.queue)
    if as_json:
        print_json({"count": len(keys), "dry_run": dry_run, "queue": options.queue, "keys": keys})
        return
    verb = "would be queued" if dry_run else "queued"
    out.print(f"{len(keys)} URLs {verb} ({options.queue})")
    rows = [(row.state, row.reason, row.url) for row in sample]
    if rows:
        out.print(table(["was", "reason", "url"], rows), markup=False)
    if len(keys) > len(rows):
        out.print(f"… and {len(keys) - len(rows)} more")
