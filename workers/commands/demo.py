"""`demo`: the whole program over a built-in news site, offline, and a check that it told the truth.

The real daemon (poller, workers, deliverer, Valkey, SQLite) runs over loopback; nothing is mocked.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.rule import Rule

from pipeline import urls as identity
from pipeline.errors import WirewatchError
from pipeline.records import Record, seed_text
from pipeline.store import alerts, records, urls
from pipeline.store.schema import PENDING
from pipeline.store.trace import trace
from workers import processes
from workers.commands.daemon import default_config
from workers.commands.trace import print_trace
from workers.console import AsJson, err, out, print_json, table
from workers.context import Context
from workers.demo import content
from workers.demo.receiver import Receiver
from workers.demo.site import DemoSite

TIME_LIMIT_S = 60.0
CHECK_EVERY_S = 0.1
STOP_PATIENCE_S = 30.0
LOG, LOG_LINES = "daemon.log", 15
WEBHOOK = "demo"


class DemoFailed(WirewatchError):
    """The demo did not end as it must; the text says in what."""


def demo(
    context: typer.Context,
    keep: Annotated[
        Path | None, typer.Option(help="Keep config/ and data/ here, to look around in.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run everything once over a built-in offline news site, and check what came of it.

    Prints the record of the seed's article, the alerts a real receiver verified, and the story of
    that URL. Example: `wirewatch demo`
    """
    site, receiver = DemoSite(), Receiver()
    with _directory(keep) as directory, site.run_in_thread(), receiver.run_in_thread():
        _configure(directory, site, receiver)
        started = time.monotonic()
        err.print(f"[dim]polling {len(site.feeds)} feeds on {site.base_url} …[/dim]")
        with (directory / LOG).open("wb") as log:
            daemon = processes.start(directory, "run", log=log)
            try:
                world = Context(directory)
                _wait(world, site, daemon)
                figures = _check(world, site, receiver)
                figures["seconds"] = round(time.monotonic() - started, 1)
                _show(world, figures, site, receiver, as_json)
                world.close()
            finally:
                processes.stop([daemon], STOP_PATIENCE_S)


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    directory = Path(tempfile.mkdtemp(prefix="wirewatch-demo-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _configure(directory: Path, site: DemoSite, receiver: Receiver) -> None:
    """A working directory like a user's: the shipped watchlist, the demo's feeds and webhook."""
    config = directory / "config"
    config.mkdir(exist_ok=True)
    shutil.copytree(default_config() / "watchlist", config / "watchlist", dirs_exist_ok=True)
    # JSON is YAML, and needs no care for quoting.
    (config / "feeds.yml").write_text(json.dumps(site.feeds, ensure_ascii=False), encoding="utf-8")
    (config / "settings.toml").write_text(
        f"""# Written by `wirewatch demo`: loopback only.
[fetch]
user_agent = "Wirewatch-demo/0.1 (loopback)"
allow_private_addresses = true
per_site_gap_s = 0.05
[work]
max_attempts = 2
[[webhooks]]
name = "{WEBHOOK}"
url = "{receiver.url}"
secret = "{receiver.secret}"
""",
        encoding="utf-8",
    )


def _wait(world: Context, site: DemoSite, daemon: subprocess.Popen[bytes]) -> None:
    """Until every listed URL is at its end and every delivery is made. Raises DemoFailed."""
    expected = sum(site.expected_counts.values())
    deadline = time.monotonic() + TIME_LIMIT_S
    while time.monotonic() < deadline:
        if daemon.poll() is not None:
            raise DemoFailed(f"the daemon ended:\n{_tail(world.directory / LOG)}")
        with world.database.read() as connection:
            states = urls.counts(connection)
            deliveries = alerts.counts(connection)
        on_the_way = sum(states[state] for state in PENDING)
        undelivered = deliveries["pending"] + deliveries["sending"]
        if sum(states.values()) >= expected and not on_the_way and not undelivered:
            return
        time.sleep(CHECK_EVERY_S)
    raise DemoFailed(
        f"not done after {TIME_LIMIT_S:.0f} s: URLs {states}, deliveries {deliveries}; "
        f"the daemon's last lines:\n{_tail(world.directory / LOG)}"
    )


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n".join(lines[-LOG_LINES:]) or "it said nothing"


def _check(world: Context, site: DemoSite, receiver: Receiver) -> dict[str, Any]:
    """Compare what came with what must come. Raises DemoFailed."""
    wrong = []
    seed_file = content.ARTICLES / content.SEED
    with world.database.read() as connection:
        counts = Counter({s: n for s, n in urls.counts(connection).items() if n})
        for outcome in site.expected:
            if outcome.listed and outcome.own_row:
                row = urls.find(connection, identity.key(outcome.url))
                state = row.state if row else "never seen"
                reason = f"{row.reason or ''} {row.detail or ''}" if row else ""
                if state != outcome.state or outcome.reason.lower() not in reason.lower():
                    wrong.append(
                        f"{outcome.url} is {state} ({reason.strip()}), not {outcome.state}"
                    )
        seed = records.get(connection, identity.key(site.url(site.seed)))
        delivered = alerts.counts(connection)["delivered"]
    if counts != site.expected_counts:
        wrong.append(f"counts are {dict(counts)}, not {dict(site.expected_counts)}")
    if seed is None or seed_text(seed.date, seed.text) != seed_file.read_text(encoding="utf-8"):
        wrong.append("the seed article's record is not the seed, byte for byte")
    ids = {alert.id for alert in receiver.delivered}
    if not ids or len(ids) != delivered or receiver.rejected:
        wrong.append(
            f"{delivered} alerts sent, {len(ids)} verified, {len(receiver.rejected)} refused"
        )
    if wrong:
        raise DemoFailed("the demo went wrong:\n  " + "\n  ".join(wrong))
    return {"urls": dict(counts), "alerts": delivered}


def _show(
    world: Context, figures: dict[str, Any], site: DemoSite, receiver: Receiver, as_json: bool
) -> None:
    key = identity.key(site.url(site.seed))
    with world.database.read() as connection:
        seed = records.get(connection, key)
        story = trace(connection, key)
    assert isinstance(seed, Record)
    assert story is not None
    text = seed_text(seed.date, seed.text)
    bodies = [alert.body["data"] for alert in receiver.delivered]
    if as_json:
        print_json({"record": text, "alerts": bodies, "trace": story} | figures)
        return
    out.print(Rule("the seed's article as it was stored: equal to the seed, byte for byte"))
    out.file.write(text)
    out.print(Rule(f"{len(bodies)} alerts, signatures verified by the receiver"))
    rows = [
        (b["rule"]["id"], b["record"]["language"], escape(b["record"]["title"] or ""),
         escape(", ".join(dict.fromkeys(e["surface"] for e in b["evidence"]))))
        for b in bodies
    ]  # fmt: skip
    out.print(table(["rule", "lang", "article", "because of"], rows))
    out.print(Rule("the story of one URL (wirewatch trace)"))
    print_trace(story)
    out.print(Rule())
    states = ", ".join(f"{number} {state}" for state, number in figures["urls"].items())
    out.print(
        f"{sum(figures['urls'].values())} URLs: {states}. "
        f"{figures['alerts']} alerts delivered. {figures['seconds']} s."
    )
