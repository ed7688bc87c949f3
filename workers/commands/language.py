"""`language`: which language a text is in, and why."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.language.detector import Hints, detect
from workers.console import AsJson, out, print_json

_STANDARD_INPUT = "-"
# A path the system cannot even look up (longer than this) is a text.
_LONGEST_PATH = 255


def language(
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="A text, a file of text, or - for stdin.")
    ],
    feed: Annotated[str | None, typer.Option(help="Language the feed declares.")] = None,
    page: Annotated[str | None, typer.Option(help="Language the page declares.")] = None,
    site: Annotated[str | None, typer.Option(help="Language the site mostly writes in.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which language a text is in: answer, runner-up and why.

    Example: `wirewatch language "Кіраўнік дзяржавы прыбыў у Бруйсэль"`
    """
    found = detect(_read(text), hints=Hints(feed, page, site))
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    out.print(f"[bold]{found.tag}[/bold]  confidence {found.confidence:.3f}")
    out.print(f"  runner-up  {found.runner_up}")
    if len(found.shares) > 1:
        shares = ", ".join(f"{tag} {share:.0%}" for tag, share in found.shares.items())
        out.print(f"  shares     {shares}")
    out.print(f"  why        {escape(found.reason)}")


def _read(text: str) -> str:
    if text == _STANDARD_INPUT:
        return sys.stdin.read()
    if len(text) <= _LONGEST_PATH and "\0" not in text and Path(text).is_file():
        try:
            return Path(text).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise typer.BadParameter(f"{text} is not text in UTF-8") from error
    return text
