"""The command `wirewatch`. Each command lives in `workers/commands/`; this puts them together.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import ConfigError, WirewatchError
from workers.commands import (
    alerts,
    daemon,
    demo,
    enqueue,
    feeds,
    language,
    records,
    status,
    trace,
    watchlist,
)
from workers.console import print_error

app = typer.Typer(
    name="wirewatch",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="News ingest with a Belarus–EU watchlist, signed alerts, and the story of every URL.",
)


@app.callback()
def directory(
    context: typer.Context,
    where: Annotated[
        Path, typer.Option("-C", metavar="DIR", help="Working directory: holds config/ and data/.")
    ] = Path(),
) -> None:
    """Take the options that stand before the command."""
    context.obj = where.absolute()


app.command("init")(daemon.init)
app.command("run")(daemon.run)
app.command("demo")(demo.demo)
app.command("poll")(daemon.poll)
app.command("work")(daemon.work)
app.command("enqueue")(enqueue.enqueue)
app.command("requeue")(enqueue.requeue)
app.command("trace")(trace.trace)
app.add_typer(records.app, name="records")
app.add_typer(feeds.app, name="feeds")
app.add_typer(watchlist.app, name="watchlist")
app.add_typer(alerts.app, name="alerts")
app.command("language")(language.language)
app.command("status")(status.status)
app.command("doctor")(status.doctor)
app.command("reconcile")(daemon.reconcile)


def main() -> None:
    """Run the command line; errors raised on purpose become one line and an exit code."""
    try:
        app()
    except WirewatchError as error:
        print_error(error)
        sys.exit(2 if isinstance(error, ConfigError) else 1)
