"""`alerts`: the outbox, replays, and secrets for webhooks."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Annotated

import redis
import typer
from rich.markup import escape

from pipeline.store import alerts as outbox
from workers import queues
from workers.console import AsJson, ago, context_of, err, out, print_json, table
from workers.context import utc_now

app = typer.Typer(no_args_is_help=True, help="See which alerts were sent, and send them again.")

SECRET_BYTES = 32


@app.command("list")
def list_alerts(
    context: typer.Context,
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    state: Annotated[
        str | None, typer.Option(help="pending, sending, delivered, dead or muted.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at the most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest alerts, one line a delivery.

    Example: `wirewatch alerts list --state dead`
    """
    if state and state not in (*outbox.DELIVERY_STATES, "muted"):
        raise typer.BadParameter(
            f"{state!r} is not one of {', '.join(outbox.DELIVERY_STATES)}, muted"
        )
    world = context_of(context)
    with world.database.read() as connection:
        rows = outbox.recent(connection, limit, rule=rule, state=state)
    if as_json:
        print_json([dict(row._mapping) for row in rows])
        return
    cells = [
        (
            row.id,
            ago(row.created_at),
            row.rule_id,
            row.webhook or "",
            row.state or "muted",
            escape(row.muted or row.last_error or ""),
            escape(row.title or row.url),
        )
        for row in rows
    ]
    out.print(table(["alert", "raised", "rule", "webhook", "state", "why", "record"], cells))


@app.command("show")
def show_alert(
    context: typer.Context,
    alert_id: Annotated[str, typer.Argument(help="An alert's id (see `alerts list`).")],
    as_json: AsJson = False,
) -> None:
    """Show what an alert says, and every attempt to deliver it.

    Example: `wirewatch alerts show alert_0123456789abcdef01234567`
    """
    world = context_of(context)
    with world.database.read() as connection:
        alert = outbox.get(connection, alert_id)
        receipts = outbox.receipts(connection, [alert_id])
    if alert is None:
        err.print(f"no alert {alert_id}", markup=False)
        raise typer.Exit(1)
    payload = json.loads(alert.payload)
    attempts = [dict(receipt._mapping) for receipt in receipts]
    if as_json:
        print_json({"payload": payload, "muted": alert.muted, "attempts": attempts})
        return
    out.print_json(json.dumps(payload, ensure_ascii=False))
    if alert.muted:
        out.print(f"not sent: {alert.muted}", markup=False)
    cells = [
        (a["webhook"], a["state"], a["at"], a["status"], a["error"], a["ms"]) for a in attempts
    ]
    if cells:
        out.print(
            table(["webhook", "state", "tried", "status", "error", "ms"], cells), markup=False
        )


@app.command("replay")
def replay_alerts(
    context: typer.Context,
    alert_id: Annotated[list[str], typer.Argument(help="Alerts to send again.")],
    as_json: AsJson = False,
) -> None:
    """Send alerts again to the webhooks they went to, with the same webhook-id.

    Example: `wirewatch alerts replay alert_0123456789abcdef01234567`
    """
    world = context_of(context)
    with world.database.write() as tx:
        number = outbox.replay(tx, alert_id, utc_now())
    try:
        queues.dispatch(world.database, world.redis, utc_now(), only=())
    except redis.RedisError:
        err.print("The daemon is not running; they will be sent when it starts.")
    if as_json:
        print_json({"replayed": number})
    else:
        out.print(f"{number} deliveries will be sent again")
    raise typer.Exit(0 if number else 1)


@app.command("secret")
def new_secret() -> None:
    """Make a signing secret for a webhook in settings.toml.

    Example: `wirewatch alerts secret`
    """
    out.print("whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode())
