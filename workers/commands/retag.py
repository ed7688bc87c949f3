"""What `enqueue --retag` and `requeue --retag` do: tag stored records with the list in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import redis
from rich.progress import Progress

from pipeline.store import urls
from pipeline.store.urls import UrlIdentity
from workers import queues
from workers.console import err, out, print_json, table
from workers.context import Context, utc_now
from workers.retag import Change, retag

SHOWN = 20


def retag_urls(
    world: Context,
    identities: Sequence[UrlIdentity],
    refused: Sequence[dict[str, str]],
    *,
    no_alert: bool,
    as_json: bool,
) -> bool:
    """Tag the records of URLs given by hand again; False if some of them have none.

    `refused` are texts that were given and are no URLs (url, where, reason).
    """
    not_stored: list[str] = []
    ids: list[str] = []
    with world.database.read() as connection:
        for identity in identities:
            found = urls.record_ids(connection, [identity.key])
            ids += found
            if not found:
                not_stored.append(identity.url)
    changes = _tag_again(world, list(dict.fromkeys(ids)), no_alert=no_alert)
    if as_json:
        print_json({**_told(changes), "not_stored": not_stored, "refused": list(refused)})
    else:
        print_refused(refused)
        for url in not_stored[:SHOWN]:
            err.print(f"not stored  {url}", markup=False)
        if len(not_stored) > SHOWN:
            err.print(f"not stored  {len(not_stored) - SHOWN} more")
        _report(changes)
    return not (refused or not_stored)


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
    changes = _tag_again(world, ids, no_alert=no_alert)
    if as_json:
        print_json(_told(changes))
    else:
        _report(changes)


def print_refused(refused: Sequence[dict[str, str]]) -> None:
    """One line for each of the first texts that are no URLs."""
    for refusal in refused[:SHOWN]:
        err.print(f"refused  {refusal['where']}: {refusal['reason']}", markup=False)
    if len(refused) > SHOWN:
        err.print(f"refused  {len(refused) - SHOWN} more")


def _tag_again(world: Context, ids: Sequence[str], *, no_alert: bool) -> list[Change]:
    with Progress(console=err, transient=True) as progress:
        found = progress.track(
            retag(world, ids, no_alert=no_alert), total=len(ids), description="tagging"
        )
        changes = list(found)
    try:
        queues.dispatch(world.database, world.redis, utc_now(), only=())
    except redis.RedisError:
        err.print("The daemon is not running; alerts will be sent when it starts.")
    return changes


def _told(changes: Sequence[Change]) -> dict[str, Any]:
    return {"count": len(changes), "changes": [asdict(c) for c in changes if _differs(c)]}


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
