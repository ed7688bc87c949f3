"""`trace`: the chain of custody of one URL."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipeline import urls
from pipeline.errors import Rejected
from pipeline.store.trace import trace as read_trace
from workers.console import AsJson, ago, context_of, err, out, print_json


def trace(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A URL in any of its forms, or a record's id.")],
    as_json: AsJson = False,
) -> None:
    """Tell everything that happened to a URL, aliases included.

    Example: `wirewatch trace https://example.org/news/1`
    """
    key = key_of(url)
    world = context_of(context)
    with world.database.read() as connection:
        found = read_trace(connection, key)
    if found is None:
        if as_json:
            print_json({"url": url, "key": key, "state": "never seen"})
        else:
            err.print(f"never seen: {url} (key {key})", markup=False)
        raise typer.Exit(1)
    if as_json:
        print_json(found)
    else:
        print_trace(found)


def key_of(text: str) -> str:
    """The key that a URL or a record's id means. Raises typer.BadParameter."""
    if re.fullmatch(r"[0-9a-f]{16}", text):
        return text
    try:
        return urls.key(text)
    except Rejected as error:
        raise typer.BadParameter(str(error)) from error


def print_trace(found: dict[str, Any]) -> None:
    """The story as people read it."""
    reason = ": ".join(part for part in (found["reason"], found["detail"]) if part)
    out.print(f"[bold]{escape(found['url'])}[/bold]")
    if found["canonical"] != found["url"]:
        out.print(f"  canonical   {escape(found['canonical'])}")
    out.print(
        f"  state       [bold]{found['state']}[/bold]{' – ' + escape(reason) if reason else ''}"
    )
    if found["state"] == "duplicate":
        out.print(f"  repeats     {found['record']}")
    if found["waiting_until"]:
        out.print(f"  until       {_clock(found['waiting_until'])} ({ago(found['waiting_until'])})")
    out.print(f"  key         {found['key']}    site {escape(found['site'])}")
    for listing in found["listed_by"]:
        feed = listing["feed_title"] or listing["feed"]
        out.print(f"  listed by   {escape(feed)}, {_clock(listing['first_listed_at'])}")
    for alias in found["aliases"]:
        out.print(f"  also        {escape(alias['url'])} ({alias['how']})")
    for twin in found["duplicates"]:
        out.print(f"  repeated by {escape(twin['url'])} ({escape(twin['reason'] or '')})")
    out.print()
    for line in found["story"]:
        told = escape(tell(line["event"], line["data"]))
        out.print(f"  {_clock(line['at'])}  [bold]{line['event']:<10}[/bold] {told}")
    for alert in found["alerts"]:
        out.print()
        fate = f"not sent: {escape(alert['muted'])}" if alert["muted"] else "sent to"
        out.print(
            f"  {_clock(alert['at'])}  [bold]{alert['alert']}[/bold]  {alert['rule']}  {fate}"
        )
        for receipt in alert["deliveries"]:
            out.print(f"    {escape(_receipt(receipt))}")


def tell(event: str, data: dict[str, Any]) -> str:
    """One line of a story in words; what is not told specially is shown as it is stored."""
    match event:
        case "listed":
            return f"feed {data.get('feed')}: {data.get('title', '')}"
        case "fetched":
            text = f"HTTP {data['status']}, {data['bytes']:,} bytes in {data['ms']} ms"
            hops = "".join(f" ← {status} {url}" for url, status in reversed(data.get("hops", [])))
            return text + (f", {data['final_url']}{hops}" if hops else "")
        case "extracted":
            source = data.get("published_source", "none")
            day = f", published {data['published']} (from {source})" if "published" in data else ""
            size = f"{data['blocks']} blocks, {data['chars']:,} characters"
            return f"{size} by {data.get('extractor', '?')}{day}: {data.get('title', 'no title')}"
        case "language":
            why = f" ({data['reason']})" if data.get("reason") else ""
            return f"{data['tag']} at {data['confidence']:.2f}, then {data['runner_up']}{why}"
        case "tagged":
            tags = ", ".join(f"{tag} ×{count}" for tag, count in data.get("tags", {}).items())
            rules = ", ".join(data.get("rules", [])) or "none"
            return f"{tags or 'nothing'}; rules: {rules}; watchlist {data.get('watchlist', '')}"
        case "alert":
            muted = data.get("muted")
            fate = f"not sent, {muted}" if muted else f"to {', '.join(data['webhooks'])}"
            return f"{data['rule']}: {fate} ({data['alert']})"
        case "retagged":
            changes = [f"+{tag}" for tag in data.get("added", [])]
            changes += [f"-{tag}" for tag in data.get("removed", [])]
            return f"{' '.join(changes) or 'no change'}; watchlist {data['watchlist']}"
        case "stored":
            return f"record {data['record']}, version {data['version']} ({data['outcome']})"
        case "duplicate":
            return f"of {data['of']}: {data['why']}"
        case "waiting":
            text = ": ".join(part for part in (data["reason"], data.get("detail")) if part)
            return f"{text}, until {data['until']}"
        case "rejected" | "failed":
            text = ": ".join(part for part in (data["reason"], data.get("detail")) if part)
            return f"{text} (attempt {data.get('attempts', 1)})"
        case _:
            return ", ".join(f"{name} {_short(value)}" for name, value in data.items())


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _receipt(receipt: dict[str, Any]) -> str:
    if receipt["at"] is None:
        return f"{receipt['webhook']}: {receipt['state']}, due {_clock(receipt['due'])}"
    answer = receipt["error"] or f"HTTP {receipt['status']}"
    return f"{receipt['webhook']}: {_clock(receipt['at'])} {answer} in {receipt['ms']} ms"


def _clock(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else "never"
