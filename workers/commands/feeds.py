"""`feeds`: what is polled, how it fares, and the list itself (`config/feeds.yml`).

The commands here need no network but for what `feed_checks` adds: `add`, `check`, `discover`.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy import Row

from pipeline import urls
from pipeline.errors import ConfigError, Rejected
from pipeline.feeds import feedfile, health, opml
from pipeline.feeds.schedule import FeedState, is_push_proven
from pipeline.feeds.sources import FeedSource
from pipeline.store import feed_moves, feeds, subscriptions
from workers.commands import feed_checks
from workers.commands.feed_checks import list_file, listed, save_list
from workers.console import AsJson, ago, context_of, err, out, print_json, table
from workers.context import utc_now

app = typer.Typer(no_args_is_help=True, help="See which feeds are polled, add and check them.")


@app.command("list")
def list_feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """List the feeds with their state. The daemon takes up what you edit in config/feeds.yml.

    Example: `wirewatch feeds list`
    """
    world = context_of(context)
    now = utc_now()
    with world.database.write() as tx:
        feeds.sync(tx, world.feeds, now)
    with world.database.read() as connection:
        rows = feeds.overview(connection)
        pushed = subscriptions.by_feed(connection)
        moved = feed_moves.addresses(connection)
    left: dict[str, list[str]] = {}
    for old, present in moved.items():
        left.setdefault(present, []).append(old)
    # One that another feed has taken over is told beside that one.
    rows = [row for row in rows if row.enabled or moved.get(row.url, row.url) == row.url]
    if as_json:
        print_json(
            [
                {
                    **row._mapping,
                    "moved_from": left.get(row.url, []),
                    "push": dict(pushed[row.id]._mapping) if row.id in pushed else None,
                }
                for row in rows
            ]
        )
        return
    cells = [
        (
            row.state.get("status", "new") if row.enabled else "off",
            row.language,
            row.listed,
            ago(row.last_polled_at),
            ago(row.next_poll_at) if row.enabled else "",
            _push(row, pushed.get(row.id)),
            escape(_why(row, FeedState.from_json(row.state))),
            escape(row.title + "".join(f" (moved from {old})" for old in left.get(row.url, []))),
        )
        for row in rows
    ]
    out.print(table(["state", "lang", "listed", "polled", "next", "push", "why", "feed"], cells))


def _push(row: Row[Any], subscription: Row[Any] | None) -> str:
    """How far a hub has got with pushing the feed: `proven` is when it is polled less for it."""
    if subscription is None or not row.enabled:
        return ""
    if subscription.state == "active" and is_push_proven(FeedState.from_json(row.state)):
        return "proven"
    return str(subscription.state)


def _why(row: Row[Any], state: FeedState) -> str:
    """What there is to say of a feed: its trouble, else what was wrong with its last poll."""
    if row.enabled and state.status in health.ALERT_TYPES:
        return health.explain(state, utc_now())
    return row.last_error or ""


app.command("add")(feed_checks.add)


@app.command("remove")
def remove(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The feed's address, as listed or as polled now.")],
    as_json: AsJson = False,
) -> None:
    """Take a feed out of config/feeds.yml. What it brought stays; comments in the file stay too.

    Example: `wirewatch feeds remove https://example.org/rss`
    """
    world = context_of(context)
    sources = listed(world)
    with world.database.read() as connection:
        moved = feed_moves.addresses(connection)
    wanted = urls.key(_address(url))
    found = [
        source.url
        for source in sources
        if wanted in (urls.key(source.url), urls.key(moved.get(source.url, source.url)))
    ]
    for each in found:
        feedfile.remove(list_file(world), each)
    if found:
        save_list(world)
    else:
        err.print(f"not listed: {url}", markup=False)
    if as_json:
        print_json({"removed": found})
    else:
        for each in found:
            out.print(f"removed {each}", markup=False)
    raise typer.Exit(0 if found else 1)


@app.command("import")
def import_feeds(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file, of this or any other feed reader.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be added.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file to config/feeds.yml; those already listed are left alone.

    They are not tried first: see `feeds check`. Example: `wirewatch feeds import feeds.opml`
    """
    world = context_of(context)
    try:
        document = file.read_bytes()
    except OSError as error:
        raise ConfigError(str(file), f"cannot be read: {error.strerror}") from error
    known = {urls.key(source.url) for source in listed(world)}
    fresh: list[FeedSource] = []
    skipped: list[FeedSource] = []
    for source in opml.import_opml(document, str(file)):
        key = urls.key(source.url)
        (skipped if key in known else fresh).append(source)
        known.add(key)
    if not dry_run and fresh:
        feedfile.add(list_file(world), fresh)
        save_list(world)
    if as_json:
        print_json({"added": [asdict(s) for s in fresh], "skipped": [s.url for s in skipped]})
        return
    for source in fresh:
        out.print(f"{'would add' if dry_run else 'added'} {source.url}", markup=False)
    out.print(f"{len(fresh)} new, {len(skipped)} already listed")


@app.command("export")
def export_feeds(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--out", "-o", help="The OPML file; `-` is stdout.")],
    as_json: AsJson = False,
) -> None:
    """Write the feeds of config/feeds.yml, with all their settings, as OPML for any feed reader.

    Example: `wirewatch feeds export --out feeds.opml`
    """
    sources = listed(context_of(context))
    document = opml.export_opml(sources, "Wirewatch")
    if str(to) == "-":
        if as_json:
            raise typer.BadParameter("--json and --out - would both write to stdout")
        sys.stdout.write(document.decode())
        return
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(document)
    except OSError as error:
        raise ConfigError(str(to), f"cannot be written: {error.strerror}") from error
    if as_json:
        print_json({"exported": len(sources), "out": to})
    else:
        out.print(f"{len(sources)} feeds written to {to}", markup=False)


app.command("check")(feed_checks.check)
app.command("discover")(feed_checks.discover)


@app.command("move")
def move(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="An address that a feed moved from or to.")],
    undo: Annotated[
        bool, typer.Option("--undo", help="Poll the old address again, and never move there again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show where a feed has moved for good, or take its last move back.

    A feed moves by itself when its server has redirected it permanently, five times in a row over
    three days. config/feeds.yml is left as it is: the old address leads to the feed.
    Example: `wirewatch feeds move https://example.org/rss --undo`
    """
    world = context_of(context)
    address = _address(url)
    undone = None
    if undo:
        with world.database.write() as tx:
            undone = feed_moves.undo(tx, address, utc_now())
            feeds.sync(tx, listed(world), utc_now())
    with world.database.read() as connection:
        moves = feed_moves.history(connection, address)
    if as_json:
        print_json({"moves": [asdict(move) for move in moves], "undone": undo and bool(undone)})
    else:
        cells = [
            (
                ago(move.moved_at),
                ago(move.undone_at),
                "yes" if move.merged else "",
                f"{escape(move.from_url)} → {escape(move.to_url)}",
            )
            for move in moves
        ]
        if cells:
            out.print(table(["moved", "undone", "merged", "move"], cells))
        if undone:
            out.print(f"polled at {undone.from_url} again", markup=False)
    if undo and undone is None:
        err.print(f"no move from or to {address} to take back", markup=False)
    elif not moves:
        err.print(f"never moved: {address}", markup=False)
    raise typer.Exit(1 if (undone is None if undo else not moves) else 0)


def _address(url: str) -> str:
    try:
        return urls.parse_http(url)
    except Rejected as error:
        raise typer.BadParameter(f"{url!r}: {error}") from error
