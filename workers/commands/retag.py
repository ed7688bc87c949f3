"""What `enqueue --retag` and `requeue --retag` do: tag stored records with the list in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import redis
from rich.progress import Progress

from pipeline.store import urls
from workers import queues
from workers.console import err, out, print_json, table
from workers.context import Context, utc_now
from workers.retag import Change, retag

SHOWN = 20


def retag_records(
    world: Context, keys: Sequence[str], *, no_alert: bool, dry_run: bool, as_json: bool
) -> None:
    """Tag the records of these URLs again and show what changed; nothing is fetched."""
    with world.database.read() as connection:
        ids = list(dict.fromkeys(urls.record_ids(connection, keys)))
    if dry_run:
        hint = "`wirewatch watchlist backtest` shows what would change"
        if as_json:
            print_json({"count": len(ids), "dry_run": True})
        else:
            out.print(f"{len(ids)} records would be tagged again; {hint}")
        return
    with Progress(console=err, transient=True) as progress:
        found = progress.track(
            retag(world, ids, no_alert=no_alert), total=len(ids), description="tagging"
        )
        changes = list(found)
    try:
        queues.dispatch(world.database, world.redis, utc_now(), only=())
    except redis.RedisError:
        err.print("The daemon is not running; alerts will be sent when it starts.")
    if as_json:
        print_json({"count": len(changes), "changes": [asdict(c) for c in changes if _differs(c)]})
    else:
        _report(changes)


def _report(changes: Sequence[Change]) -> None:
    different = [change for change in changes if _differs(change)]
    raised = sum(change.alerts for change in changes)
    out.print(f"{len(changes)} records tagged again, {len(different)} changed, {raised} new alerts")
    rows = [
        (
            change.record_id,
            " ".join([f"+{tag}" for tag in change.added] + [f"-{tag}" for tag in change.removed]),
            " ".join(
                [f"+{rule}" for rule in change.rules_added]
                + [f"-{rule}" for rule in change.rules_removed]
            ),
        )
        for change in different[:SHOWN]
    ]
    if rows:
        out.print(table(["record", "tags", "rules"], rows), markup=False)
    if len(different) > SHOWN:
        out.print(f"… and {len(different) - SHOWN} more; --json names all")


def _differs(change: Change) -> bool:
    return bool(change.added or change.removed or change.rules_added or change.rules_removed)
