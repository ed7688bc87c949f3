"""`watchlist`: check a list, try it, explain it, measure a change of it, import one."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress

from pipeline.errors import ConfigError
from pipeline.extract.article import extract
from pipeline.language.detector import detect
from pipeline.lists import Problem
from pipeline.records import Page, Record, tag_to_json
from pipeline.store import records
from pipeline.store.records import Filter
from pipeline.watchlist import entries, importers
from pipeline.watchlist.backtest import Report, changes
from pipeline.watchlist.entries import BrokenWatchlist, Watchlist
from pipeline.watchlist.importers import Choice
from pipeline.watchlist.inflect import primary
from pipeline.watchlist.lint import form_count, lint
from pipeline.watchlist.near_misses import near_misses
from pipeline.watchlist.rules import explain
from workers import watchlist_view as view
from workers.console import AsJson, context_of, directory_of, err, out, print_json, table
from workers.context import Context
from workers.feed_probe import Prober

app = typer.Typer(no_args_is_help=True, help="Check, try, explain and change the watchlist.")

BACKTEST_BATCH = 50
"""Records between two steps of the progress bar."""


def _list_directory(context: typer.Context, given: Path | None) -> Path:
    return given if given is not None else directory_of(context) / "config/watchlist"


# -- check ---------------------------------------------------------------------------------------


@app.command("check")
def check(
    context: typer.Context,
    directory: Annotated[
        Path | None, typer.Argument(help="Another list than config/watchlist.")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="Show notes too.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when there are warnings.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the list: errors with their line, names that collide, and what it holds.

    Example: `wirewatch watchlist check`
    """
    where = _list_directory(context, directory)
    try:
        watchlist = entries.load(where)
    except BrokenWatchlist as broken:
        if not as_json:
            raise
        print_json({"directory": where, "problems": [asdict(p) for p in broken.problems]})
        raise typer.Exit(2) from None
    problems = lint(watchlist.entries, watchlist.rules)
    summary = _summary(watchlist, problems)
    if as_json:
        print_json({"directory": where, **summary, "problems": [asdict(p) for p in problems]})
    else:
        view.print_problems([p for p in problems if notes or p.severity != "note"])
        view.print_summary(summary, notes)
    if strict and summary["warnings"]:
        raise typer.Exit(1)


def _summary(watchlist: Watchlist, problems: tuple[Problem, ...]) -> dict[str, Any]:
    severities = Counter(problem.severity for problem in problems)
    names = [name for entry in watchlist.entries for name in entry.names]
    return {
        "version": watchlist.version,
        "entries": len(watchlist.entries),
        "names": len(names),
        "forms": sum(form_count(entry) for entry in watchlist.entries),
        "rules": len(watchlist.rules),
        "alerting_rules": len(watchlist.alerting),
        "by_kind": dict(Counter(entry.kind for entry in watchlist.entries).most_common()),
        "by_group": dict(Counter(entry.group for entry in watchlist.entries).most_common()),
        "by_language": dict(Counter(primary(name.language) for name in names).most_common()),
        "by_source": dict(Counter(name.source for name in names).most_common()),
        "warnings": severities["warning"],
        "notes": severities["note"],
    }


# -- match ---------------------------------------------------------------------------------------


@app.command("match")
def match(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(help="A text, a file, an http(s) URL, or `-` for standard input.")
    ] = "-",
    language: Annotated[
        str | None, typer.Option(help="Language of the text; else it is detected.")
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--list", help="Another list than config/watchlist.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what the list finds in a text, and which rules fire.

    Example: `wirewatch watchlist match "Амбразевича приняли в Ватикане"`
    """
    watchlist = entries.load(_list_directory(context, directory))
    title, text = _document(context, source)
    spoken = language or detect(f"{title or ''}\n\n{text}").tag
    tags, hits = watchlist.apply(title, text, spoken)
    if as_json:
        print_json(
            {
                "language": spoken,
                "title": title,
                "text": text,
                "watchlist_version": watchlist.version,
                "tags": [tag_to_json(tag) for tag in tags],
                "rules": [asdict(hit) for hit in hits],
            }
        )
        return
    if title:
        out.print(view.coloured(title, tags, {"title"}))
        out.print()
    out.print(view.coloured(text, tags, {"lead", "body"}))
    out.print()
    view.print_tags(tags)
    view.print_hits(hits, watchlist)
    out.print(f"[dim]language {spoken}, list {watchlist.version}[/dim]")


def _document(context: typer.Context, source: str) -> tuple[str | None, str]:
    """Title and text of what the argument names."""
    if source == "-":
        return None, sys.stdin.read().strip()
    if source.startswith(("http://", "https://")):
        article = extract(asyncio.run(_page(context_of(context), source)))
        return article.title, article.text
    path = Path(source)
    try:
        is_file = path.is_file()
    except OSError:  # a text longer than any file name
        is_file = False
    if is_file:
        return None, path.read_text("utf-8").strip()
    return None, source


async def _page(world: Context, url: str) -> Page:
    """The page as a worker would ask for it: in its site's turn, if robots.txt allows it."""
    robots = world.settings.fetch.respect_robots
    async with Prober(world, respect_robots=robots) as prober:
        return await prober.page(url)


# -- explain -------------------------------------------------------------------------------------


@app.command("explain")
def explain_record(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(help="A record's id (see `records list`).")],
    only: Annotated[
        str | None, typer.Option("--rule", help="Only this rule, with all its steps.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also rules that found nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell why each tag and rule of a stored record fires under the list in force, or does not.

    Example: `wirewatch watchlist explain a5a055421aec0dcd`
    """
    watchlist = entries.load(_list_directory(context, None))
    record = _record(context, record_id)
    tags = watchlist.matcher.tag(record.title, record.text, record.language)
    misses = near_misses(watchlist.entries, tags, record.title, record.text, record.language)
    told = explain(watchlist.rules, tags, text=record.text, language=record.language)
    if only is not None:
        told = tuple(item for item in told if item[0].id == only)
        if not told:
            raise typer.BadParameter(f"the list has no rule {only!r}")
    if as_json:
        print_json(
            {
                "record": record.id,
                "stored_version": record.watchlist_version,
                "watchlist_version": watchlist.version,
                "stored_tags": [tag.id for tag in record.tags],
                "stored_rules": list(record.rules),
                "tags": [tag_to_json(tag) for tag in tags],
                "near_misses": [
                    asdict(miss) | {"mention": miss.mention._asdict()} for miss in misses
                ],
                "rules": [
                    {
                        "id": rule.id,
                        "alert": rule.alert,
                        "score": score,
                        "why": view.verdict_json(verdict),
                    }
                    for rule, verdict, score in told
                ],
            }
        )
        return
    out.print(f"[bold]{escape(record.title or record.url)}[/bold]")
    if only is None:
        view.print_stored(record, watchlist, tags)
        view.print_mentions(record, tags)
        for miss in misses:
            out.print(
                f"[yellow]no tag[/yellow] {miss.id}: «{escape(miss.mention.surface)}» "
                f"({miss.mention.where}) — {escape('; '.join(miss.reasons))}"
            )
    for rule, verdict, score in told:
        if only is not None or every or verdict.held or view.came_close(verdict):
            view.print_rule(rule, verdict, score, deep=only is not None)


def _record(context: typer.Context, record_id: str) -> Record:
    with context_of(context).database.read() as connection:
        record = records.get(connection, record_id)
    if record is None:
        err.print(f"no record {record_id}", markup=False)
        raise typer.Exit(1)
    return record


# -- backtest ------------------------------------------------------------------------------------


@app.command("backtest")
def backtest(
    context: typer.Context,
    directory: Annotated[
        Path | None, typer.Argument(help="The changed list; else config/watchlist as it is now.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Compare with this list; else with the tags as they are stored."),
    ] = None,
    since: Annotated[str | None, typer.Option(help="First publication day, YYYY-MM-DD.")] = None,
    site: Annotated[str | None, typer.Option(help="Only from this registrable domain.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="At the most.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a changed list would add to the stored records and remove. Writes nothing.

    Example: `wirewatch watchlist backtest /tmp/new-list --since 2026-10-01`
    """
    new = entries.load(_list_directory(context, directory))
    old = entries.load(against) if against is not None else None
    chosen = Filter(since=since, site=site)
    world = context_of(context)
    report = Report()
    with world.database.read() as connection, Progress(console=err, disable=as_json) as progress:
        total = records.count(connection, chosen)
        bar = progress.add_task("records", total=min(total, limit) if limit else total)
        for change in changes(records.find(connection, chosen, limit), new, old):
            report.add(change)
            if report.records % BACKTEST_BATCH == 0:
                progress.update(bar, completed=report.records)
        progress.update(bar, completed=report.records)
    if as_json:
        print_json({"watchlist_version": new.version, **asdict(report)})
        return
    out.print(f"{report.changed} of {report.records} records would change (list {new.version})")
    for what, tallies in (("rule", report.rules), ("tag", report.tags)):
        if tallies:
            out.print(
                table([what, "adds", "removes", "e.g."], view.tally_rows(tallies)), markup=False
            )
    if report.changed and directory is None:
        out.print("[dim]apply it to what is stored: wirewatch requeue --retag[/dim]")


# -- import --------------------------------------------------------------------------------------


@app.command("import")
def import_list(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="FollowTheMoney JSON lines or OpenSanctions targets.simple.csv.")
    ],
    country: Annotated[
        list[str] | None, typer.Option(help="Only of this country, e.g. by; repeatable.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="Only with this topic, e.g. sanction; repeatable.")
    ] = None,
    dataset: Annotated[
        list[str] | None, typer.Option(help="Only of this dataset, e.g. eu_fsf; repeatable.")
    ] = None,
    group: Annotated[str, typer.Option(help="Group of the new entries.")] = "imported",
    needs: Annotated[
        list[str] | None,
        typer.Option(help="Names count only beside this entry, e.g. belarus; repeatable."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="File to write; else standard output.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn a list of people and companies into watchlist entries. Known ids are left out.

    Example: `wirewatch watchlist import targets.simple.csv --country by --out new.yml`
    """
    choice = Choice(
        frozenset(code.lower() for code in country or ()),
        frozenset(topic or ()),
        frozenset(dataset or ()),
    )
    known = _known_ids(context)
    drafts: dict[str, importers.Draft] = {}
    skipped = 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        form = importers.guess_format(lines.read(256))
        lines.seek(0)
        read = importers.read_ftm if form == "ftm" else importers.read_targets
        for draft in read(lines, choice):
            if draft.id in known or draft.id in drafts:
                skipped += 1
            else:
                drafts[draft.id] = draft
    if as_json:
        print_json({"entries": [asdict(draft) for draft in drafts.values()], "known": skipped})
        return
    text = importers.to_yaml(drafts.values(), group, tuple(needs or ()))
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, "utf-8")
    err.print(f"{len(drafts)} new entries, {skipped} known ones left out", markup=False)


def _known_ids(context: typer.Context) -> set[str]:
    """The ids of the list in force; none where there is no list yet."""
    try:
        watchlist = entries.load(_list_directory(context, None))
    except BrokenWatchlist:
        raise
    except ConfigError:
        return set()
    return {entry.id for entry in watchlist.entries}
