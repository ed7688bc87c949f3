"""`language`: which language a text is in, and why."""

from __future__ import annotations

import dataclasses
import re
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
# One word with a slash or a suffix is meant as a path, unless it is an address.
_LIKE_A_PATH = re.compile(r"(?!\w+://)(?:\S*/\S*|\S+\.(?:txt|text|html?|md|json|csv|xml))")


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
    """The text itself, or what the file it names holds."""
    if text == _STANDARD_INPUT:
        return _decode(sys.stdin.buffer.read(), "standard input")
    if not text or len(text) > _LONGEST_PATH or "\0" in text:
        return text
    path = Path(text)
    if path.is_file():
        try:
            return _decode(path.read_bytes(), text)
        except OSError as error:
            raise typer.BadParameter(f"cannot read {text}: {error.strerror}") from error
    if path.is_dir():
        raise typer.BadParameter(f"{text} is a directory")
    if _LIKE_A_PATH.fullmatch(text):
        raise typer.BadParameter(f"there is no file {text}")
    return text


def _decode(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{source} is not text in UTF-8") from error
