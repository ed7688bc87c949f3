"""Every URL ever seen, and the state it is in.

A URL walks queued → fetching → (waiting → queued …) → stored | duplicate | rejected | failed.
All functions take the caller's open transaction, so that a state, its story line and what else
belongs to it change together. Ownership of a `fetching` URL is a lease in the row; `claims` is its
fence: whoever no longer holds the latest claim changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from sqlalchemy import Connection, Row, bindparam, case, func, select, tuple_, update

from pipeline import urls as naming
from pipeline.store.database import insert
from pipeline.store.schema import STATES, aliases, urls

Queue = Literal["hand", "live", "backlog"]
QUEUES: tuple[Queue, ...] = ("hand", "live", "backlog")
"""In the order workers serve them: by hand first, live news, then the backlog."""


@dataclass(frozen=True, slots=True)
class UrlIdentity:
    """A URL at the door: as given, and who it is (`pipeline.urls`)."""

    key: str
    url: str
    canonical: str
    site: str

    @classmethod
    def of(cls, url: str, *, referrer: str | None = None) -> Self:
        """Who a URL is; `referrer` is the feed it was found in. Raises Rejected if it is no URL."""
        canonical = naming.canonicalize(url, referrer=referrer)
        return cls(naming.key(canonical), url, canonical, naming.site(canonical))


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one URL until the lease ends."""

    key: str
    url: str
    canonical: str
    site: str
    feed_id: int | None
    queue: Queue
    generation: int
    attempts: int
    claims: int
    reason: str | None
    """Why it waited before, if it did."""
    no_alert: bool
    refetch: bool
    first_seen_at: datetime


def resolve(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The URL row behind each key, through its aliases; a key nobody knows is left out."""
    wanted = list(keys)
    found = dict(
        connection.execute(
            select(aliases.c.key, aliases.c.url_key).where(aliases.c.key.in_(wanted))
        ).all()
    )
    known = connection.scalars(select(urls.c.key).where(urls.c.key.in_(wanted)))
    return found | {key: key for key in known}


def claim(
    tx: Connection, key: str, generation: int, owner: str, now: datetime, lease_s: float
) -> Claim | None:
    """Take a queued URL to work on. None: it is another's, or this job is out of date.

    A `failed` URL may be claimed too: that is what RQ's own `requeue` of a failed job asks for.
    """
    return claim_many(tx, [(key, generation)], owner, now, lease_s).get((key, generation))


def claim_many(
    tx: Connection,
    wanted: Collection[tuple[str, int]],
    owner: str,
    now: datetime,
    lease_s: float,
) -> dict[tuple[str, int], Claim]:
    """`claim` for many at once: those that are ours now, by (key, generation)."""
    rows = tx.execute(
        _CLAIM,
        {
            "keys": [key for key, _ in wanted],
            "wanted": list(wanted),
            "owner": owner,
            "until": now + timedelta(seconds=lease_s),
            "at": now,
        },
    )
    return {(row.key, row.generation): _as_claim(row) for row in rows}


_CLAIM = (
    update(urls)
    .where(
        urls.c.key.in_(bindparam("keys", expanding=True)),  # what the index knows
        tuple_(urls.c.key, urls.c.generation).in_(bindparam("wanted", expanding=True)),
        urls.c.state.in_(("queued", "failed")),
    )
    .values(
        state="fetching",
        claims=urls.c.claims + 1,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until", type_=urls.c.lease_until.type),
        changed_at=bindparam("at", type_=urls.c.changed_at.type),
    )
    .returning(*(urls.c[name] for name in Claim.__slots__))
)


def _as_claim(row: Row[Any]) -> Claim:
    return Claim(**{name: getattr(row, name) for name in Claim.__slots__})


def renew(tx: Connection, owner: str, until: datetime, keys: Collection[str] | None = None) -> None:
    """Extend the leases of a living worker: of these URLs, or of all it has."""
    query = update(urls).where(urls.c.lease_owner == owner, urls.c.state == "fetching")
    if keys is not None:
        query = query.where(urls.c.key.in_(keys))
    tx.execute(query.values(lease_until=until))


def finish(
    tx: Connection,
    claim: Claim,
    now: datetime,
    state: str,
    *,
    reason: str | None = None,
    detail: str | None = None,
    due_at: datetime | None = None,
    record_id: str | None = None,
    tried: bool = True,
) -> str | None:
    """Move a claimed URL on; answers the state it is in now.

    None: the claim is no longer ours, and nothing was changed. A re-fetch that comes to nothing
    leaves the URL `stored` or `duplicate`, as it was.

    `tried=False` gives the attempt back (the site's turn had not come, nothing was asked of it).
    """
    values: dict[str, Any] = {
        "state": _kept(state),
        "reason": _kept_reason(state, reason),
        "detail": detail,
        "due_at": due_at,
        "dispatched_at": None,
        "lease_owner": None,
        "lease_until": None,
        "changed_at": now,
    }
    if tried:
        values["attempts"] = urls.c.attempts + 1
    if record_id is not None:
        values["record_id"] = record_id
    now_in: str | None = tx.scalar(
        update(urls)
        .where(
            urls.c.key == claim.key,
            urls.c.state == "fetching",
            urls.c.claims == claim.claims,
        )
        .values(values)
        .returning(urls.c.state)
    )
    return now_in


def _kept(state: str) -> Any:
    """The state to end in: a URL that has its record keeps it when a re-fetch comes to nothing."""
    if state not in ("rejected", "failed"):
        return state
    return case(
        (urls.c.record_id == urls.c.key, "stored"),
        (urls.c.record_id.is_not(None), "duplicate"),
        else_=state,
    )


def _kept_reason(state: str, reason: str | None) -> Any:
    if state not in ("rejected", "failed"):
        return reason
    return case((urls.c.record_id.is_not(None), f"refetch {state}: {reason}"), else_=reason)


def held(tx: Connection, claims: Sequence[Claim]) -> list[bool]:
    """Whether each claim is still ours; they stay so to the end of the transaction."""
    now = dict(tx.execute(_IN_HAND, {"keys": [claim.key for claim in claims]}).all())
    return [now.get(claim.key) == claim.claims for claim in claims]


_IN_HAND = (
    select(urls.c.key, urls.c.claims)
    .where(urls.c.key.in_(bindparam("keys", expanding=True)), urls.c.state == "fetching")
    .order_by(urls.c.key)  # two workers that lock the same rows do it in the same order
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the article behind a held claim came to."""

    claim: Claim
    state: Literal["stored", "duplicate"]
    record_id: str
    reason: str | None = None


def conclude(tx: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """`finish` for many whose claims are held (`held`)."""
    if outcomes:
        tx.execute(
            _CONCLUDE,
            [
                {
                    "of": each.claim.key,
                    "fence": each.claim.claims,
                    "into": each.state,
                    "why": each.reason,
                    "record": each.record_id,
                    "at": now,
                }
                for each in outcomes
            ],
        )


_CONCLUDE = (
    update(urls)
    .where(
        urls.c.key == bindparam("of"),
        urls.c.state == "fetching",
        urls.c.claims == bindparam("fence"),
    )
    .values(
        state=bindparam("into"),
        reason=bindparam("why"),
        detail=None,
        due_at=None,
        dispatched_at=None,
        lease_owner=None,
        lease_until=None,
        changed_at=bindparam("at", type_=urls.c.changed_at.type),
        attempts=urls.c.attempts + 1,
        record_id=bindparam("record"),
    )
)


def add_alias(tx: Connection, url_key: str, identity: UrlIdentity, how: str, now: datetime) -> bool:
    """Remember another name of a URL. False when the name is taken (a URL or alias of its own)."""
    if resolve(tx, [identity.key]):
        return False
    tx.execute(
        insert(tx, aliases)
        .values(key=identity.key, url_key=url_key, url=identity.url, how=how, seen_at=now)
        .on_conflict_do_nothing()
    )
    return True


def settle(tx: Connection, key: str, now: datetime) -> None:
    """A URL's own record was stored by way of another name of it; a run under way is fenced off."""
    tx.execute(
        update(urls)
        .where(urls.c.key == key)
        .values(
            state="stored",
            reason=None,
            detail=None,
            claims=urls.c.claims + 1,
            due_at=None,
            dispatched_at=None,
            lease_owner=None,
            lease_until=None,
            record_id=key,
            changed_at=now,
        )
    )


def anything_due(connection: Connection, now: datetime) -> bool:
    """Whether `wake` or `recover` would find something."""
    waiting = select(urls.c.key).where(urls.c.state == "waiting", urls.c.due_at <= now).limit(1)
    dead = select(urls.c.key).where(urls.c.state == "fetching", urls.c.lease_until < now).limit(1)
    return connection.scalar(waiting) is not None or connection.scalar(dead) is not None


def anything_undispatched(connection: Connection, queue: Queue) -> bool:
    """Whether `take_undispatched` would find something."""
    query = select(urls.c.key).where(
        urls.c.state == "queued", urls.c.dispatched_at.is_(None), urls.c.queue == queue
    )
    return connection.scalar(query.limit(1)) is not None


def count_undispatched(connection: Connection, queue: Queue, most: int) -> int:
    """How many URLs of a queue wait to be sent to Redis; counted no further than `most`."""
    some = (
        select(urls.c.key)
        .where(urls.c.state == "queued", urls.c.dispatched_at.is_(None), urls.c.queue == queue)
        .limit(most)
    )
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


def wake(tx: Connection, now: datetime) -> int:
    """Queue the waiting URLs whose time has come. Answers how many."""
    return tx.execute(
        update(urls)
        .where(urls.c.state == "waiting", urls.c.due_at <= now)
        .values(state="queued", due_at=None, dispatched_at=None, changed_at=now)
    ).rowcount


def take_undispatched(
    tx: Connection, queue: Queue, limit: int, now: datetime
) -> list[tuple[str, int, bool]]:
    """Mark up to `limit` queued URLs as sent to Redis; their (key, generation, front)."""
    taken: list[tuple[str, int, bool]] = []
    for front in (True, False):  # each in the order of its index: nothing is sorted
        if limit <= len(taken):
            break
        rows = tx.execute(
            select(urls.c.key, urls.c.generation, urls.c.front)
            .where(
                urls.c.state == "queued",
                urls.c.dispatched_at.is_(None),
                urls.c.queue == queue,
                urls.c.front == front,
            )
            .order_by(urls.c.first_seen_at)
            .limit(limit - len(taken))
            .with_for_update(skip_locked=True)
        )
        taken += [(row.key, row.generation, row.front) for row in rows]
    if taken:
        tx.execute(
            update(urls)
            .where(urls.c.key == bindparam("taken"))
            .values(dispatched_at=bindparam("at", type_=urls.c.dispatched_at.type)),
            [{"taken": key, "at": now} for key, _, _ in taken],
        )
    return taken


def dispatched_before(connection: Connection, moment: datetime) -> list[tuple[str, int]]:
    """The queued URLs whose job went to Redis before a moment: (key, generation)."""
    rows = connection.execute(
        select(urls.c.key, urls.c.generation).where(
            urls.c.state == "queued", urls.c.dispatched_at < moment
        )
    )
    return [(row[0], row[1]) for row in rows]


def undispatch(tx: Connection, keys: Sequence[str], *, front: bool = False) -> None:
    """Their jobs are gone from Redis: send them again; with `front` before all others."""
    values: dict[str, Any] = {"dispatched_at": None} | ({"front": True} if front else {})
    for start in range(0, len(keys), 500):
        tx.execute(
            update(urls)
            .where(urls.c.key.in_(keys[start : start + 500]), urls.c.state == "queued")
            .values(values)
        )


def recover(tx: Connection, now: datetime, max_attempts: int) -> list[tuple[str, str]]:
    """Free the URLs whose worker died: queued again, or failed when it keeps killing workers.

    Answers (key, new state). The lost try counts, so that a page that kills its worker ends.
    """
    spent = urls.c.attempts + 1 >= max_attempts
    rows = tx.execute(
        update(urls)
        .where(urls.c.state == "fetching", urls.c.lease_until < now)
        .values(
            state=case((spent, _kept("failed")), else_="queued"),
            reason=case((spent, _kept_reason("failed", "worker died")), else_=None),
            detail=None,
            attempts=urls.c.attempts + 1,
            front=case((spent, urls.c.front), else_=True),  # its turn had come already
            dispatched_at=None,
            lease_owner=None,
            lease_until=None,
            changed_at=now,
        )
        .returning(urls.c.key, urls.c.state)
    )
    return [(row[0], row[1]) for row in rows]


def counts(connection: Connection) -> dict[str, int]:
    """How many URLs are in each state, all states named."""
    rows = connection.execute(select(urls.c.state, func.count()).group_by(urls.c.state))
    found: dict[str, int] = dict(rows.all())
    return {state: found.get(state, 0) for state in STATES}


def find(connection: Connection, key: str) -> Row[Any] | None:
    """The URL row behind a key or an alias of it."""
    target = resolve(connection, [key]).get(key)
    if target is None:
        return None
    return connection.execute(select(urls).where(urls.c.key == target)).one_or_none()


def rows(connection: Connection, keys: Sequence[str]) -> list[Row[Any]]:
    """The rows of some keys, in their order."""
    found = {row.key: row for row in connection.execute(select(urls).where(urls.c.key.in_(keys)))}
    return [found[key] for key in keys if key in found]


def record_ids(connection: Connection, keys: Sequence[str]) -> list[str]:
    """The records that these URLs are, or repeat; URLs without one are left out."""
    found: list[str] = []
    for start in range(0, len(keys), 500):
        known = resolve(connection, keys[start : start + 500])
        query = select(urls.c.record_id).where(
            urls.c.key.in_(set(known.values())), urls.c.record_id.is_not(None)
        )
        found.extend(connection.scalars(query))
    return found
