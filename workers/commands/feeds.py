"""`feeds`: what is polled and how it fares. The list itself is `config/feeds.yml`."""

from __future__ import annotations

import typer
from rich.markup import escape

from pipeline.store import feeds
from workers.console import AsJson, ago, context_of, out, print_json, table
from workers.context import utc_now

app = typer.Typer(no_args_is_help=True, help="See which feeds are polled and how they fare.")


@app.command("list")
def list_feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """List the feeds with their state. Add feeds in config/feeds.yml; the daemon sees it.

    Example: `wirewatch feeds list`
    """
    world = context_of(context)
    with world.database.write() as tx:
        feeds.sync(tx, world.feeds, utc_now())
    with world.database.read() as connection:
        rows = feeds.overview(connection)
    if as_json:
        print_json([dict(row._mapping) for row in rows])
        return
    cells = [
        (
            row.state.get("status", "new") if row.enabled else "off",
            row.language,
            row.listed,
            ago(row.last_polled_at),
            ago(row.next_poll_at) if row.enabled else "",
            escape(row.last_error or ""),
            escape(row.title),
        )
        for row in rows
    ]
    out.print(table(["state", "lang", "listed", "polled", "next", "last error", "feed"], cells))
