"""`status`: how it goes."""

from __future__ import annotations

from typing import Any

import redis
import rq
import typer
from rich.markup import escape

from pipeline.store import subscriptions
from pipeline.store.overview import overview
from pipeline.store.urls import QUEUES
from workers import pressure, queues
from workers.console import AsJson, ago, context_of, out, print_json, table
from workers.context import utc_now


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show feeds, queues, workers, rates, the oldest job and the last errors.

    Example: `wirewatch status`
    """
    world = context_of(context)
    with world.database.read() as connection:
        figures = overview(connection, utc_now())
        figures["push"] = subscriptions.counts(connection)
    room = pressure.measure(world)
    figures["polls"] = {"share": room.share, "reason": room.reason or None}
    figures |= _redis_figures(world.redis)
    if as_json:
        print_json(figures)
    else:
        _print_status(figures)


def _redis_figures(client: redis.Redis) -> dict[str, Any]:
    try:
        waiting = {
            name: len(rq.Queue(name, connection=client)) for name in (*QUEUES, queues.DELIVERIES)
        }
        workers = [
            {
                "name": worker.name,
                "queues": worker.queue_names(),
                "state": worker.get_state(),
                "job": worker.get_current_job_id(),
                "done": worker.successful_job_count,
                "failed": worker.failed_job_count,
                "heartbeat": worker.last_heartbeat,
            }
            for worker in rq.Worker.all(connection=client)
        ]
    except redis.RedisError as error:
        return {"redis": f"not running ({error})", "jobs": {}, "workers": []}
    return {"redis": "ok", "jobs": waiting, "workers": workers}


def _print_status(figures: dict[str, Any]) -> None:
    seen = figures["urls"]
    states = ", ".join(f"{number} {state}" for state, number in seen.items() if state != "seen")
    out.print(f"[bold]URLs[/bold]       {seen['seen']} seen: {states}")
    queued = ", ".join(f"{number} {name}" for name, number in figures["queued"].items())
    oldest = f", oldest {ago(figures['oldest_queued'])}" if figures["oldest_queued"] else ""
    out.print(f"[bold]Queued[/bold]     {queued or 'nothing'}{oldest}")
    rates = ", ".join(
        f"{n} in the last {name}" for name, n in figures["stored_in_the_last"].items()
    )
    out.print(f"[bold]Records[/bold]    {figures['records']}: {rates}")
    feeds = figures["feeds"]
    polled = f"{feeds['enabled']} polled, {feeds['due']} due"
    by_status = ", ".join(f"{number} {name}" for name, number in feeds["by_status"].items())
    out.print(f"[bold]Feeds[/bold]      {polled}{': ' if by_status else ''}{by_status}")
    if figures["push"]:
        pushed = ", ".join(f"{number} {state}" for state, number in figures["push"].items())
        out.print(f"[bold]Push[/bold]       {pushed}")
    if figures["polls"]["reason"]:
        out.print(f"[bold]Polls[/bold]      [red]{escape(figures['polls']['reason'])}[/red]")
    deliveries = ", ".join(f"{number} {state}" for state, number in figures["deliveries"].items())
    out.print(f"[bold]Deliveries[/bold] {deliveries}")
    jobs = ", ".join(f"{number} {name}" for name, number in figures["jobs"].items())
    out.print(
        f"[bold]Redis[/bold]      {escape(figures['redis'])}{': jobs ' + jobs if jobs else ''}"
    )
    rows = [
        (w["name"], w["state"], ",".join(w["queues"]), w["done"], w["failed"], ago(w["heartbeat"]))
        for w in figures["workers"]
    ]
    if rows:
        out.print()
        out.print(table(["worker", "state", "queues", "done", "failed", "heartbeat"], rows))
    if feeds["in_trouble"]:
        out.print("\n[bold]Feeds in trouble[/bold]")
        troubles = [(escape(f["error"]), escape(f["feed"])) for f in feeds["in_trouble"][:10]]
        out.print(table(["error", "feed"], troubles))
    if figures["last_failed"]:
        out.print("\n[bold]Last failed[/bold]")
        failures = [
            (ago(e["changed_at"]), escape(e["reason"] or ""), escape(e["url"]))
            for e in figures["last_failed"]
        ]
        out.print(table(["when", "reason", "url"], failures))
