"""`alerts`: the outbox, replays, and secrets for webhooks."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Annotated, Any

import redis
import typer
from rich.markup import escape

from pipeline import alerts, feed_alerts
from pipeline.errors import IngestError
from pipeline.settings import Webhook
from pipeline.store import alerts as outbox
from workers import queues
from workers.console import AsJson, ago, context_of, err, out, print_json, table
from workers.context import Context, utc_now

app = typer.Typer(no_args_is_help=True, help="See which alerts were sent, and send them again.")

SECRET_BYTES = 32


@app.command("list")
def list_alerts(
    context: typer.Context,
    rule: Annotated[
        str | None, typer.Option(help="Only of this rule; `feed.*` for those about feeds.")
    ] = None,
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
    out.print(table(["alert", "raised", "rule", "webhook", "state", "why", "about"], cells))


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
    """Send alerts again to the webhooks that want them, with the same webhook-id; muted ones too.

    Example: `wirewatch alerts replay alert_0123456789abcdef01234567`
    """
    world = context_of(context)
    number = 0
    with world.database.write() as tx:
        for one in alert_id:
            alert = outbox.get(tx, one)
            if alert is None:
                err.print(f"no alert {one}", markup=False)
                continue
            names = _receivers(world, alert.rule_id)
            if not names:
                err.print(f"no webhook in settings.toml wants {alert.rule_id}", markup=False)
            number += outbox.replay(tx, one, names, utc_now())
    try:
        queues.dispatch(world.database, world.redis, utc_now(), only=())
    except redis.RedisError:
        err.print("The daemon is not running; they will be sent when it starts.")
    if as_json:
        print_json({"replayed": number})
    else:
        out.print(f"{number} deliveries will be sent again")
    raise typer.Exit(0 if number else 1)


def _receivers(world: Context, rule_id: str) -> list[str]:
    """The webhooks of settings.toml that want the alerts of a rule."""
    wants = feed_alerts.wants if rule_id.startswith("feed.") else alerts.wants
    return [hook.name for hook in world.settings.webhooks if wants(hook.rules, rule_id)]


@app.command("test")
def test_webhooks(
    context: typer.Context,
    webhook: Annotated[
        list[str] | None, typer.Argument(help="Names of webhooks; all of them when none is given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send a signed test event (type `webhook.test`) to webhooks now, and show what they answer.

    Example: `wirewatch alerts test newsroom`
    """
    world = context_of(context)
    hooks = {hook.name: hook for hook in world.settings.webhooks}
    for wrong in set(webhook or ()) - hooks.keys():
        raise typer.BadParameter(
            f"{wrong!r} is not in settings.toml ({', '.join(hooks) or 'none'})"
        )
    if not hooks:
        err.print("there are no webhooks in settings.toml")
    results = [_try_out(world, hooks[name]) for name in webhook or hooks]
    if as_json:
        print_json(results)
    elif results:
        rows = [(r["webhook"], r["result"], r["ms"], r["url"]) for r in results]
        out.print(table(["webhook", "result", "ms", "url"], rows), markup=False)
    raise typer.Exit(0 if results and all(r["ok"] for r in results) else 1)


def _try_out(world: Context, hook: Webhook) -> dict[str, Any]:
    now = utc_now()
    alert_id = f"test_{secrets.token_hex(12)}"
    payload = alerts.trial_payload(alert_id, hook.name, now)
    try:
        page = world.webhook_fetcher.post(
            hook.url, payload.encode(), alerts.sign(alert_id, payload, hook.secrets, now)
        )
    except IngestError as error:
        return {
            "webhook": hook.name,
            "url": hook.url,
            "ok": False,
            "result": str(error),
            "ms": None,
        }
    ok = 200 <= page.status < 300
    return {
        "webhook": hook.name,
        "url": hook.url,
        "ok": ok,
        "result": f"HTTP {page.status}",
        "ms": page.elapsed_ms,
    }


@app.command("secret")
def new_secret() -> None:
    """Make a signing secret for a webhook in settings.toml.

    Example: `wirewatch alerts secret`
    """
    out.print("whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode())
