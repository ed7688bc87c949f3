"""Kills the program's processes at random, under load, and checks that nothing was lost by it.

    .venv/bin/python -m benchmarks.chaos --minutes 10 --seed 1
    .venv/bin/python -m benchmarks.chaos --kills 1000 --minutes 60 --database postgresql

The real daemon runs over loopback sites and a webhook receiver. kill -9 hits workers, stage
processes, readers, the poller, the supervisor (started again by this program), Valkey, and with
`--database postgresql` the database server. Afterwards all that is on its way may end, and then:
every URL in one terminal state, every record once, every alert delivered under one webhook-id, no
process left over, no turn at a site held for ever. Prints how long it took until the URLs that a
killed process had in hand were worked on again: in all, and from the last kill before that. Exits
with 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import psutil
import redis
from sqlalchemy import func, select

from pipeline import urls as identity
from pipeline.errors import Unavailable
from pipeline.store import admission, records, urls
from pipeline.store import alerts as outbox
from pipeline.store.admission import HandOptions, Selection
from pipeline.store.schema import PENDING, alerts, events
from pipeline.store.schema import records as records_table
from pipeline.store.schema import urls as urls_table
from pipeline.store.urls import UrlIdentity
from tests.worlds import servers
from workers import processes
from workers.commands.daemon import default_config
from workers.context import Context, utc_now
from workers.demo.receiver import Receiver
from workers.demo.scaled import ScaledSite

SETTINGS = """
{places}
[fetch]
user_agent = "Wirewatch-chaos/0.1 (loopback)"
allow_private_addresses = true
per_site_gap_s = 0
per_site_concurrency = 16
timeout_s = 5
[poll]
min_interval_s = 10
max_interval_s = 60
[work]
processes = {workers}
# So high that no URL ends as "worker died" only because it met so many kills.
max_attempts = 50
[[webhooks]]
name = "chaos"
url = "{url}"
secret = "{secret}"
"""
WEIGHTS = {
    "worker": 6,
    "stages": 3,
    "reader": 6,
    "poller": 3,
    "supervisor": 1,
    "valkey": 2,
    "postgresql": 1,
}
"""How often each is hit, relative to the others."""
PAUSE_S = (0.1, 1.0)
"""Between two kills; they are spread evenly over the time given when that is longer."""
IN_HAND = 200
"""So many URLs are kept on their way."""
STUCK_S = 120.0
"""Nothing on its way ended for so long: it never will."""
START_S = 180.0
"""For the first worker to be at work, on a busy machine."""
NEVER_LONGER_S, TYPICALLY_S = 30.0, 15.0
"""Until a killed worker's URLs are worked on again (issue 7)."""
LEASE_S = 60.0


@dataclass
class Toll:
    """What was done, and what came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    freed_s: list[float] = field(default_factory=list)
    """Until what a killed worker had in hand was there for others."""
    recovered_s: list[float] = field(default_factory=list)
    """Until it was worked on again, however many more were killed meanwhile."""
    undisturbed_s: list[float] = field(default_factory=list)
    """The same, from the last of these kills."""
    wrong: list[str] = field(default_factory=list)


class Victims:
    """The program's processes, found by what they are."""

    def __init__(self, daemon: subprocess.Popen[bytes]) -> None:
        self.daemon = daemon
        self.seen: dict[int, psutil.Process] = {}

    def find(self) -> dict[str, list[psutil.Process]]:
        """By kind, those that live now."""
        found: dict[str, list[psutil.Process]] = {}
        try:
            supervisor = psutil.Process(self.daemon.pid)
            everyone = [supervisor, *supervisor.children(recursive=True)]
        except psutil.NoSuchProcess:
            return found
        for process in everyone:
            try:
                found.setdefault(self._kind(process), []).append(process)
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            self.seen[process.pid] = process
        return found

    def _kind(self, process: psutil.Process) -> str:
        words = process.cmdline()
        if process.pid == self.daemon.pid:
            return "supervisor"
        if words and "valkey" in words[0]:
            return "valkey"
        if "workers.stage_process" in words:
            parent = process.parent()
            forked = parent is not None and "workers.stage_process" in parent.cmdline()
            return "reader" if forked else "stages"
        if "work" in words:
            return "worker"
        return "poller" if "poll" in words else "other"

    def left_over(self) -> list[str]:
        """Those that still live, whatever became of the rest."""
        return [_named(process) for process in self.seen.values() if _lives(process)]


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _named(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())}"
    except psutil.NoSuchProcess:
        return str(process.pid)


class Chaos:
    """One run over a working directory."""

    def __init__(
        self,
        directory: Path,
        site: ScaledSite,
        draw: random.Random,
        postgresql: servers.PostgreSQL | None,
        *,
        verbose: bool = False,
    ) -> None:
        self._verbose, self._began = verbose, time.monotonic()
        self._directory, self._draw = directory, draw
        self._postgresql = postgresql
        self._log = (directory / "daemon.log").open("ab")
        self.world = Context(directory)
        self._unseen = list(site.urls)
        self._draw.shuffle(self._unseen)
        self._watched: dict[str, tuple[int, float]] = {}
        """URLs that a killed process had in hand: their claims then, and when it was killed."""
        self._last_kill = 0.0
        self._held: set[str] = set()
        """Those of them that are not free yet."""
        self.toll = Toll()
        self.victims = Victims(self._start())

    def _start(self) -> subprocess.Popen[bytes]:
        return processes.start(self._directory, "run", log=self._log)

    # -- the load ------------------------------------------------------------------------------

    def feed(self) -> int:
        """Keep so many URLs on their way; answers how many are. Again when all were seen."""
        database = self.world.database
        with database.read() as connection:
            counts = urls.counts(connection)
        pending = sum(counts[state] for state in PENDING)
        if pending >= IN_HAND:
            return pending
        now = utc_now()
        if batch := self._unseen[:IN_HAND]:
            with database.write() as tx:
                given = [UrlIdentity.of(url) for url in batch]
                admission.add_by_hand(tx, given, HandOptions(queue="live"), now)
            del self._unseen[: len(batch)]
        else:
            with database.write() as tx:
                keys = admission.select_keys(tx, Selection(states=("stored",)))[:IN_HAND]
                admission.requeue(tx, keys, HandOptions(queue="live", refetch=True), now)
        return pending + IN_HAND

    def at_work(self) -> bool:
        """Whether a living worker has something in hand: to kill one that starts proves little."""
        workers = self.victims.find().get("worker", ())
        owners = tuple(f"{socket.gethostname()}-{worker.pid}-" for worker in workers)
        try:
            with self.world.database.read() as connection:
                held = connection.scalars(
                    select(urls_table.c.lease_owner).where(urls_table.c.state == "fetching")
                ).all()
        except Unavailable:
            return False
        return any(owner.startswith(owners) for owner in held)

    # -- the kills -----------------------------------------------------------------------------

    def kill_one(self) -> None:
        """One kill -9, of something that is there and at work."""
        found = self.victims.find()
        if self._postgresql is not None:
            found["postgresql"] = [self._postgresql.process]
        kinds = [kind for kind in WEIGHTS if found.get(kind)]
        if not found.get("worker") or not kinds:
            return
        (kind,) = self._draw.choices(kinds, [WEIGHTS[kind] for kind in kinds])
        victim = self._draw.choice(found[kind])
        if kind in ("worker", "supervisor"):
            of_whom = [victim.pid] if kind == "worker" else [w.pid for w in found["worker"]]
            with database_or_nothing():
                self._watch(of_whom)
        if kind == "postgresql" and self._postgresql is not None:
            self._postgresql.kill()
            time.sleep(self._draw.uniform(0.2, 2.0))
            self._postgresql.start()
        else:
            try:
                victim.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                return
        self.toll.kills[kind] += 1
        self._last_kill = time.monotonic()
        if self._verbose:
            print(f"{time.monotonic() - self._began:8.1f} s  kill {kind} {victim.pid}", flush=True)
        if kind == "supervisor":
            self.victims.daemon.wait()
            self.victims.daemon = self._start()

    def _watch(self, workers: list[int]) -> None:
        """Note what these workers have in hand, to see when it is worked on again."""
        host = socket.gethostname()
        with self.world.database.read() as connection:
            held = connection.execute(
                select(urls_table.c.key, urls_table.c.claims, urls_table.c.lease_owner).where(
                    urls_table.c.state == "fetching"
                )
            ).all()
        at = time.monotonic()
        owners = tuple(f"{host}-{worker}-" for worker in workers)
        for row in held:
            if row.lease_owner.startswith(owners):
                self._watched.setdefault(row.key, (row.claims, at))
                self._held.add(row.key)

    def look(self) -> None:
        """See which of the watched URLs are worked on again, or have ended."""
        if not self._watched:
            return
        with self.world.database.read() as connection:
            rows = connection.execute(
                select(urls_table.c.key, urls_table.c.claims, urls_table.c.state).where(
                    urls_table.c.key.in_(list(self._watched))
                )
            ).all()
        now = time.monotonic()
        for row in rows:
            claims, at = self._watched[row.key]
            if row.key in self._held and (row.claims > claims or row.state != "fetching"):
                self.toll.freed_s.append(now - at)
                self._held.discard(row.key)
            if row.claims > claims or row.state not in PENDING:
                self.toll.recovered_s.append(now - at)
                self.toll.undisturbed_s.append(now - max(at, self._last_kill))
                del self._watched[row.key]

    # -- the end -------------------------------------------------------------------------------

    def drain(self) -> bool:
        """Until nothing is on its way. False: nothing ended any more."""
        least, deadline = sys.maxsize, time.monotonic() + STUCK_S
        while time.monotonic() < deadline:
            if self.victims.daemon.poll() is not None:
                self.victims.daemon = self._start()
            with database_or_nothing():
                self.look()
                with self.world.database.read() as connection:
                    counts = urls.counts(connection)
                    sent = outbox.counts(connection)
                on_its_way = sum(counts[state] for state in PENDING)
                left = on_its_way + sent["pending"] + sent["sending"]
                if not left:
                    return True
                if left < least:
                    least, deadline = left, time.monotonic() + STUCK_S
            time.sleep(0.25)
        return False

    def stop(self) -> None:
        """Stop the daemon as a user does."""
        self.victims.find()
        processes.stop([self.victims.daemon], 60)
        self._log.close()
        deadline = time.monotonic() + 20
        while self.victims.left_over() and time.monotonic() < deadline:
            time.sleep(0.2)


@contextmanager
def database_or_nothing() -> Iterator[None]:
    """Pass over a look that the database, just killed, did not allow."""
    try:
        yield
    except Unavailable:
        time.sleep(0.1)


def check_turns(client: redis.Redis) -> list[str]:
    """A turn at a site ends by itself: none may last beyond its lease."""
    seconds, _ = client.time()
    wrong = []
    for key in client.scan_iter(match="wirewatch:turns:*"):
        if client.pttl(key) < 0:
            wrong.append(f"{key!r} never expires")
        turns = cast("list[tuple[bytes, float]]", client.zrange(key, 0, -1, withscores=True))
        for turn, until_ms in turns:
            if until_ms / 1000 > seconds + LEASE_S:
                wrong.append(f"{key!r}: turn {turn!r} is held for ever")
    return wrong


def check_books(
    world: Context, site: ScaledSite, receiver: Receiver, kills: Counter[str]
) -> list[str]:
    """Every URL once, every record once, every alert delivered, one webhook-id each."""
    wrong = []
    with world.database.read() as connection:
        counts = {state: n for state, n in urls.counts(connection).items() if n}
        seen = sum(counts.values())
        crashes = set(
            connection.scalars(select(urls_table.c.reason).where(urls_table.c.state == "failed"))
        )
        stored = records.count(connection, records.Filter())
        texts = connection.scalar(select(func.count(records_table.c.content_hash.distinct())))
        versions = connection.scalar(select(func.max(records_table.c.version)))
        raised = set(connection.scalars(select(alerts.c.id)))
        per_rule = connection.execute(
            select(func.count())
            .select_from(alerts)
            .where(alerts.c.record_id.is_not(None))
            .group_by(alerts.c.rule_id, alerts.c.record_id)
        ).scalars()
        most_per_rule = max(per_rule, default=0)
        sent = outbox.counts(connection)
        listed = set(connection.scalars(select(urls_table.c.key)))
        storyless = connection.scalar(
            select(func.count())
            .select_from(urls_table)
            .where(urls_table.c.key.not_in(select(events.c.url_key)))
        )
    # Two readers killed with one page: the page is taken for what killed them.
    crashed = counts.pop("failed", 0) if crashes == {"extraction crashed"} else 0
    if set(counts) != {"stored"} or stored + crashed != seen or crashed * 2 > kills["reader"]:
        wrong.append(f"URLs {counts}, failed {crashed}, {crashes}, records {stored}")
    if texts != stored or versions not in (1, None):
        wrong.append(f"{stored} records, {texts} texts, version up to {versions}")
    if storyless:
        wrong.append(f"{storyless} URLs without a story")
    strangers = listed - {identity.key(identity.canonicalize(url)) for url in site.urls}
    if strangers:
        wrong.append(f"{len(strangers)} URLs that nobody published")
    got = Counter(alert.id for alert in receiver.delivered)
    if set(got) != raised or sent["delivered"] != len(raised) or receiver.rejected:
        wrong.append(
            f"{len(raised)} alerts raised, {sent}, {len(got)} received, "
            f"{len(receiver.rejected)} refused"
        )
    if most_per_rule > 1:
        wrong.append(f"a record raised one rule's alert {most_per_rule} times")
    twice = sum(number - 1 for number in got.values())
    print(f"URLs          {seen}: {stored} records, {crashed} given up, two readers killed at each")
    print(f"alerts        {len(raised)}, {twice} sent more than once (same webhook-id)")
    return wrong


def run(options: argparse.Namespace) -> Toll:
    """The whole run; prints what came of it."""
    draw = random.Random(options.seed)
    seconds = options.minutes * 60
    per_feed = options.articles or max(20, int(min(seconds, 1_200) * 20 / options.feeds))
    site, receiver = ScaledSite(options.feeds, per_feed, 0.05), Receiver()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ww-chaos-")))
        stack.enter_context(site.run_in_thread())
        stack.enter_context(receiver.run_in_thread())
        postgresql = None
        if options.database == "postgresql":
            postgresql = stack.enter_context(servers.own_postgresql())
        _configure(directory, site, receiver, postgresql, options.workers)
        chaos = Chaos(directory, site, draw, postgresql, verbose=options.verbose)
        try:
            _rage(chaos, draw, seconds, options.kills)
            started = time.monotonic()
            drained = chaos.drain()
            print(f"drained       {time.monotonic() - started:.0f} s after the last kill")
            toll = chaos.toll
            if not drained:
                toll.wrong.append(f"nothing ended for {STUCK_S:.0f} s, and not all was done")
            toll.wrong += check_turns(chaos.world.redis)
            toll.wrong += check_books(chaos.world, site, receiver, toll.kills)
        finally:
            chaos.stop()
        toll.wrong += [f"left over: {process}" for process in chaos.victims.left_over()]
        chaos.world.close()
        _report(toll)
        if options.keep:
            shutil.copytree(directory, options.keep, dirs_exist_ok=True)
    return toll


def _configure(
    directory: Path,
    site: ScaledSite,
    receiver: Receiver,
    postgresql: servers.PostgreSQL | None,
    workers: int,
) -> None:
    (directory / "config").mkdir()
    shutil.copytree(default_config() / "watchlist", directory / "config/watchlist")
    places = f'database_url = "{postgresql.url}"' if postgresql else ""
    text = SETTINGS.format(places=places, workers=workers, url=receiver.url, secret=receiver.secret)
    (directory / "config/settings.toml").write_text(text)
    (directory / "config/feeds.yml").write_text(json.dumps(site.feeds))


def _rage(chaos: Chaos, draw: random.Random, seconds: float, kills: int | None) -> None:
    """Load and kills until the time is over or so many kills are made."""
    give_up = time.monotonic() + START_S
    while not chaos.at_work() and time.monotonic() < give_up:
        with database_or_nothing():
            chaos.feed()
        time.sleep(0.1)
    started = time.monotonic()
    next_kill = started
    # Without a number of kills they come as fast as is sensible.
    gap_s = seconds / kills if kills else 0.0
    while time.monotonic() - started < seconds:
        if kills is not None and sum(chaos.toll.kills.values()) >= kills:
            return
        with database_or_nothing():
            chaos.feed()
            chaos.look()
        if time.monotonic() >= next_kill and chaos.at_work():
            chaos.kill_one()
            next_kill = time.monotonic() + min(gap_s or 9.9, draw.uniform(*PAUSE_S))
        time.sleep(0.1)


def _report(toll: Toll) -> None:
    hit = ", ".join(f"{number} {kind}" for kind, number in toll.kills.most_common())
    print(f"kills         {sum(toll.kills.values())}: {hit}")
    for what, times in (
        ("free again", toll.freed_s),
        ("at work again", toll.recovered_s),
        ("undisturbed", toll.undisturbed_s),
    ):
        if times:
            print(
                f"{what:<14}{len(times)} URLs of killed workers, after "
                f"p50 {statistics.median(times):.1f} s, "
                f"p95 {sorted(times)[int(len(times) * 0.95)]:.1f} s, at most {max(times):.1f} s"
            )
    waits = toll.undisturbed_s or [0.0]
    if max(waits) > NEVER_LONGER_S or statistics.median(waits) > TYPICALLY_S:
        toll.wrong.append(f"recovery took up to {max(waits):.1f} s")
    for line in toll.wrong:
        print(f"WRONG         {line}")
    print("verdict       " + ("something was lost or doubled" if toll.wrong else "nothing lost"))


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--minutes", type=float, default=10.0, help="at the most")
    made.add_argument("--kills", type=int, help="end after so many; else kill until time is over")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    made.add_argument("--feeds", type=int, default=12)
    made.add_argument(
        "--articles", type=int, help="a feed; as many as the time allows if not given"
    )
    made.add_argument("--workers", type=int, default=2)
    made.add_argument("--verbose", action="store_true", help="say every kill")
    made.add_argument("--keep", type=Path, help="copy the working directory here at the end")
    return made


def main() -> None:
    """The command."""
    sys.exit(1 if run(parser().parse_args()).wrong else 0)


if __name__ == "__main__":
    main()
