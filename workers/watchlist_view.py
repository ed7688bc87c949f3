"""How the `watchlist` commands show what they found: coloured spans, tables, trees of reasons."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.text import Text

from pipeline.lists import Problem
from pipeline.records import Record, RuleHit, Tag, Where
from pipeline.watchlist.backtest import Tally
from pipeline.watchlist.entries import Watchlist
from pipeline.watchlist.rules import Rule, Verdict
from workers.console import out, table

STYLES = {
    "person": "bold cyan",
    "body": "bold magenta",
    "company": "bold yellow",
    "country": "bold green",
    "place": "green",
    "topic": "blue",
}
"""How `match` colours each kind of entry."""
SEVERITY_STYLES = {"error": "red", "warning": "yellow", "note": "dim"}


def print_problems(problems: list[Problem]) -> None:
    """One line a finding of the lint."""
    for problem in problems:
        style = SEVERITY_STYLES[problem.severity]
        out.print(f"[{style}]{problem.severity}[/{style}] {escape(str(problem))}")


def print_summary(summary: dict[str, Any], notes: bool) -> None:
    """What a list holds, by kind, group, language and source."""
    out.print(
        f"version {summary['version']}: {summary['entries']} entries, {summary['names']} names, "
        f"{summary['forms']} forms, {summary['rules']} rules ({summary['alerting_rules']} alert)"
    )
    for title in ("by_kind", "by_group", "by_language", "by_source"):
        counts = ", ".join(f"{name} {count}" for name, count in summary[title].items())
        out.print(f"  {title.replace('_', ' '):<12} {counts}", markup=False)
    hidden = "" if notes or not summary["notes"] else " (--notes shows them)"
    out.print(f"{summary['warnings']} warnings, {summary['notes']} notes{hidden}")


def coloured(text: str, tags: tuple[Tag, ...], where: set[Where]) -> Text:
    """The text with every mention in the colour of its kind; `where`: which part it is."""
    shown = Text(text)
    for tag in tags:
        for mention in tag.mentions:
            if mention.where in where:
                shown.stylize(STYLES[tag.kind], mention.start, mention.end)
    return shown


def print_tags(tags: tuple[Tag, ...]) -> None:
    """One line a tag, with the spellings that were found."""
    rows = [
        (
            tag.id,
            tag.kind,
            tag.count,
            f"{tag.score:g}",
            ", ".join(dict.fromkeys(mention.surface for mention in tag.mentions)),
        )
        for tag in tags
    ]
    out.print(table(["tag", "kind", "count", "score", "as written"], rows), markup=False)


def print_hits(hits: tuple[RuleHit, ...], watchlist: Watchlist) -> None:
    """One line a rule that alerts."""
    for hit in hits:
        if hit.id in watchlist.alerting:
            out.print(
                f"[bold green]rule[/bold green] {hit.id} — {escape(hit.label)} "
                f"[dim](score {hit.score:g}; {', '.join(hit.tags)})[/dim]"
            )


def print_stored(record: Record, watchlist: Watchlist, tags: tuple[Tag, ...]) -> None:
    """Which list tagged the record, and what the list in force would say otherwise."""
    if record.watchlist_version == watchlist.version:
        out.print(f"[dim]tagged by the list in force, {watchlist.version}[/dim]")
        return
    stored, now = {tag.id for tag in record.tags}, {tag.id for tag in tags}
    gained = ", ".join(sorted(now - stored)) or "nothing"
    lost = ", ".join(sorted(stored - now)) or "nothing"
    out.print(
        f"[dim]tagged by list {record.watchlist_version}; the list in force, "
        f"{watchlist.version}, adds {gained} and removes {lost}[/dim]"
    )


def print_mentions(record: Record, tags: tuple[Tag, ...]) -> None:
    """One line a mention: as written, of which name, where, in which words."""
    rows = [
        (
            tag.id,
            mention.surface,
            mention.form,
            mention.where,
            _around(record, mention.start, mention.end, mention.where),
        )
        for tag in tags
        for mention in tag.mentions
    ]
    out.print(table(["tag", "as written", "name", "where", "in"], rows), markup=False)


def _around(record: Record, start: int, end: int, where: Where, reach: int = 30) -> str:
    text = (record.title or "") if where == "title" else record.text
    return " ".join(text[max(0, start - reach) : end + reach].split())


def came_close(verdict: Verdict) -> bool:
    """Whether a rule that did not fire found at least part of what it asks for."""
    return any(part.evidence for part in verdict.parts)


def print_rule(rule: Rule, verdict: Verdict, score: float, *, deep: bool) -> None:
    """A rule and the steps of its reasoning; all the way down with `deep`."""
    mark = "[green]fired[/green]" if verdict.held else "[red]did not fire[/red]"
    kind = "rule" if rule.alert else "category"
    out.print(f"{kind} [bold]{rule.id}[/bold] {mark} [dim](score {score:g})[/dim]")
    for part in verdict.parts:
        _print_verdict(part, 1, deep=deep)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict with all its steps for machines."""
    return {
        "test": verdict.test,
        "held": verdict.held,
        "evidence": [[id_, mention._asdict()] for id_, mention in verdict.evidence],
        "parts": [verdict_json(part) for part in verdict.parts],
    }


def _print_verdict(verdict: Verdict, depth: int, *, deep: bool) -> None:
    mark = "[green]✓[/green]" if verdict.held else "[red]✗[/red]"
    surfaces = dict.fromkeys(f"{m.surface} ({id_})" for id_, m in verdict.evidence)
    shown = ", ".join(list(surfaces)[:4]) + (" …" if len(surfaces) > 4 else "")
    out.print(f"{'  ' * depth}{mark} {escape(verdict.test)} [dim]{escape(shown)}[/dim]")
    if deep or not verdict.held:
        for part in verdict.parts:
            _print_verdict(part, depth + 1, deep=deep)


def tally_rows(tallies: dict[str, Tally]) -> list[tuple[object, ...]]:
    """The rows of a backtest table, the biggest change first."""
    ranked = sorted(tallies.items(), key=lambda item: -(item[1].added + item[1].removed))
    return [
        (id_, tally.added or "", tally.removed or "", "; ".join(tally.examples))
        for id_, tally in ranked
    ]
