"""The command `wirewatch`. Each command lives in `workers/commands/`; this puts them together.

A command's module is loaded when the command is used: the parts of the daemon are commands too, and
each carries only what it runs. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from pipeline.errors import ConfigError, WirewatchError
from workers.console import print_error

MARKUP: Literal["markdown"] = "markdown"
"""How help texts are written."""
COMMANDS = {
    "init": "daemon.init",
    "run": "daemon.run",
    "demo": "demo.demo",
    "poll": "daemon.poll",
    "work": "daemon.work",
    "web": "web.web",
    "enqueue": "enqueue.enqueue",
    "requeue": "enqueue.requeue",
    "trace": "trace.trace",
    "records": "records.app",
    "feeds": "feeds.app",
    "watchlist": "watchlist.app",
    "alerts": "alerts.app",
    "language": "language.language",
    "status": "status.status",
    "doctor": "doctor.doctor",
    "reconcile": "daemon.reconcile",
}
"""Each command's module in `workers.commands` and its function, or its Typer app of subcommands."""


class Commands(TyperGroup):
    """The commands above, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order to show them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(".")
        target = getattr(import_module(f"workers.commands.{module}"), attribute)
        if isinstance(target, typer.Typer):
            target.rich_markup_mode = MARKUP
            group = typer.main.get_group(target)
            group.name = cmd_name
            return group
        alone = typer.Typer(add_completion=False, rich_markup_mode=MARKUP)
        alone.command(cmd_name)(target)
        return typer.main.get_command(alone)


app = typer.Typer(
    name="wirewatch",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
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


def main() -> None:
    """Run the command line; errors raised on purpose become one line and an exit code."""
    try:
        app()
    except WirewatchError as error:
        print_error(error)
        sys.exit(2 if isinstance(error, ConfigError) else 1)
