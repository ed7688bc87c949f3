"""What all commands share: the working directory, tables, JSON, and errors as one clear line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.errors import WirewatchError
from workers.context import Context, utc_now

PIPE_WIDTH = 200
"""Columns of a table that goes to a file or pipe, where nobody's window cuts it."""

out = Console(
    highlight=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH
)
err = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_SPANS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def context_of(command: typer.Context) -> Context:
    """Open the world of the working directory that `-C` names."""
    context = Context(directory_of(command))
    command.call_on_close(context.close)
    return context


def directory_of(command: typer.Context) -> Path:
    """The working directory that `-C` names."""
    directory: Path = command.find_root().obj
    return directory


def print_json(value: Any) -> None:
    """One JSON document on standard output; datetimes as ISO 8601."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def print_error(error: WirewatchError) -> None:
    """An error as the user sees it: one line on standard error."""
    err.print(f"[red]error:[/red] {escape(str(error))}")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain table; empty cells for None. Only the last column gives way to a narrow window."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for position, name in enumerate(columns, 1):
        last = position == len(columns)
        made.add_column(name, no_wrap=not last, overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago (or `in …`), in the largest unit that fits."""
    if moment is None:
        return ""
    seconds = ((now or utc_now()) - moment).total_seconds()
    size = abs(seconds)
    for limit, unit, name in ((90, 1, "s"), (5_400, 60, "min"), (129_600, 3_600, "h")):
        if size < limit:
            text = f"{size / unit:.0f} {name}"
            break
    else:
        text = f"{size / 86_400:.0f} d"
    return f"{text} ago" if seconds >= 0 else f"in {text}"


def parse_since(text: str) -> datetime:
    """`2026-10-17`, `2026-10-17T08:00+03:00`, or a span back from now: `30m`, `12h`, `7d`, `2w`.

    Raises typer.BadParameter.
    """
    try:
        if span := re.fullmatch(r"(\d{1,6})([mhdw])", text.strip()):
            return utc_now() - timedelta(**{_SPANS[span[2]]: int(span[1])})
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is neither a date (2026-10-17) nor a span (30m, 12h, 7d, 2w)"
        ) from None
