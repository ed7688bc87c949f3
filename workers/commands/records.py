"""`records`: list, show, export."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from pipeline.errors import ConfigError
from pipeline.records import Record, seed_text, to_json, to_jsonl
from pipeline.store import records
from pipeline.store.records import Filter
from pipeline.store.trace import trace as read_trace
from workers.commands.trace import key_of
from workers.console import AsJson, context_of, err, out, print_json, table

app = typer.Typer(no_args_is_help=True, help="List, show and export what was stored.")


def _day(text: str | None) -> str | None:
    """A day as records have it. Raises typer.BadParameter."""
    if text is not None:
        try:
            text = datetime.strptime(text, "%Y-%m-%d").date().isoformat()
        except ValueError:
            raise typer.BadParameter(f"{text!r} is no day like 2026-10-17 (YYYY-MM-DD)") from None
    return text


Tag = Annotated[str | None, typer.Option(help="Only with this watchlist tag.")]
Rule = Annotated[str | None, typer.Option(help="Only where this rule fired.")]
Lang = Annotated[str | None, typer.Option(help="Only in this language, e.g. be.")]
Site = Annotated[str | None, typer.Option(help="Only from this registrable domain.")]
Since = Annotated[
    str | None, typer.Option(help="First publication day, YYYY-MM-DD.", callback=_day)
]
Until = Annotated[str | None, typer.Option(help="Last publication day, YYYY-MM-DD.", callback=_day)]
Text = Annotated[str | None, typer.Option(help="Part of the title or text.")]


class Format(StrEnum):
    """What `export` writes."""

    TXT = "txt"
    JSONL = "jsonl"


@app.command("list")
def list_records(
    context: typer.Context,
    tag: Tag = None,
    rule: Rule = None,
    language: Lang = None,
    site: Site = None,
    since: Since = None,
    until: Until = None,
    text: Text = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List stored records, newest publication day first.

    Example: `wirewatch records list --tag belavia --since 2026-10-01`
    """
    chosen = Filter(tag, language, site, rule, since, until, text)
    world = context_of(context)
    with world.database.read() as connection:
        total = records.count(connection, chosen)
        found = list(records.find(connection, chosen, limit))
    if as_json:
        print_json([to_json(record) for record in found])
        return
    rows = [(r.id, r.date, r.language, len(r.tags), r.site, escape(r.title or "")) for r in found]
    out.print(table(["record", "date", "lang", "tags", "site", "title"], rows))
    if total > len(found):
        out.print(f"… {total - len(found)} more; -n shows more, the filters fewer")


@app.command("show")
def show_record(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(help="A record's id (see `records list`).")],
    as_json: AsJson = False,
) -> None:
    """Show one record in its text form, with its tags below; with --json all of it.

    Example: `wirewatch records show a5a055421aec0dcd`
    """
    world = context_of(context)
    with world.database.read() as connection:
        record = records.get(connection, record_id)
    if record is None:
        err.print(f"no record {record_id}", markup=False)
        raise typer.Exit(1)
    if as_json:
        print_json(to_json(record))
        return
    sys.stdout.write(seed_text(record.date, record.text))
    out.print(f"[dim]{escape(record.url)}[/dim]")
    out.print(
        f"[dim]{record.language} · {record.published or 'no date'} · {record.extractor}[/dim]"
    )
    rows = [
        (
            tag.id,
            tag.count,
            f"{tag.score:g}",
            ", ".join(dict.fromkeys(m.surface for m in tag.mentions)),
        )
        for tag in record.tags
    ]
    if rows:
        out.print(table(["tag", "count", "score", "as written"], rows), markup=False)


@app.command("explain")
def explain_record(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A URL in any of its forms, or a record's id.")],
    as_json: AsJson = False,
) -> None:
    """Show which extractor, rule and source gave each field of a record.

    Example: `wirewatch records explain https://example.org/news/1`
    """
    key = key_of(url)
    world = context_of(context)
    with world.database.read() as connection:
        found = read_trace(connection, key)
    lines = [line for line in (found or {}).get("story", []) if line["event"] == "extracted"]
    if not lines:
        err.print(f"nothing was extracted from {url}", markup=False)
        raise typer.Exit(1)
    findings = lines[-1]["data"]["found"]
    if as_json:
        print_json(
            [{"field": f, "value": value, "source": source} for f, value, source in findings]
        )
        return
    rows = [(name, source, escape(value)) for name, value, source in findings]
    out.print(table(["field", "from", "value"], rows))


@app.command("export")
def export_records(
    context: typer.Context,
    to: Annotated[
        Path, typer.Option("--out", help="txt: a directory; jsonl: a file, `-` for stdout.")
    ],
    form: Annotated[Format, typer.Option("--format", help="txt: a file a record.")] = Format.JSONL,
    tag: Tag = None,
    rule: Rule = None,
    language: Lang = None,
    site: Site = None,
    since: Since = None,
    until: Until = None,
    text: Text = None,
) -> None:
    """Export records: `txt` as one file each (`000_ID.txt`), `jsonl` as one line each.

    Example: `wirewatch records export --format txt --out records/`
    """
    chosen = Filter(tag, language, site, rule, since, until, text)
    world = context_of(context)
    with world.database.read() as connection, Progress(console=err, transient=True) as progress:
        total = records.count(connection, chosen)
        found = progress.track(records.find(connection, chosen), total=total, description="export")
        try:
            written = _write_txt(found, to) if form is Format.TXT else _write_jsonl(found, to)
        except OSError as error:
            raise ConfigError(str(to), f"cannot be written: {error.strerror}") from error
    err.print(f"{written} records written to {to}", markup=False)


def _write_txt(found: Iterable[Record], directory: Path) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    number = 0
    for record in found:
        path = directory / f"{number:03d}_{record.id}.txt"
        path.write_text(seed_text(record.date, record.text), encoding="utf-8", newline="")
        number += 1
    return number


def _write_jsonl(found: Iterable[Record], path: Path) -> int:
    number = 0
    with _opened(path) as file:
        for record in found:
            file.write(to_jsonl(record) + "\n")
            number += 1
    return number


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """The file, complete or not at all: it gets its name when everything is written."""
    if str(path) == "-":
        yield sys.stdout
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        yield file
    partial.replace(path)
