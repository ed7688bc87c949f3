"""How URLs come in: listed by feeds, queued by hand, queued again.

Like all of the store these take the caller's open transaction. What becomes of a URL after that is
in `pipeline.store.urls`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, and_, case, or_, select, update

from pipeline.records import clean_text
from pipeline.store import events
from pipeline.store.database import insert
from pipeline.store.schema import entries, feeds, urls
from pipeline.store.urls import QUEUES, Queue, UrlIdentity, resolve


@dataclass(frozen=True, slots=True)
class Listing:
    """A URL as one feed lists it."""

    identity: UrlIdentity
    guid: str | None
    title: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """What one feed lists, in its order."""

    feed_id: int
    feed_url: str
    listings: Sequence[Listing]


Taken = tuple[int, list[Listing]]
"""How many URLs of a document are new to us, and what of it is new to its feed."""


@dataclass(frozen=True, slots=True)
class HandOptions:
    """What the user asked for with URLs queued by hand."""

    queue: Queue = "hand"
    front: bool = False
    refetch: bool = False
    no_alert: bool = False


Admission = Literal["queued", "queued again", "already on its way", "already stored"]


def admit(state: str | None, options: HandOptions) -> Admission:
    """Decide what queueing a URL by hand does, by the state it is in (None: never seen)."""
    if state is None:
        return "queued"
    if state in ("stored", "duplicate"):
        return "queued again" if options.refetch else "already stored"
    if state == "fetching":
        return "already on its way"
    return "queued again"


def add_by_hand(
    tx: Connection, identities: Sequence[UrlIdentity], options: HandOptions, now: datetime
) -> list[Admission]:
    """Queue URLs for a user; one answer a URL, in order. At most a few thousand a call."""
    known = resolve(tx, (identity.key for identity in identities))
    states: dict[str, str] = dict(
        tx.execute(
            select(urls.c.key, urls.c.state).where(urls.c.key.in_(set(known.values())))
        ).all()
    )
    answers: list[Admission] = []
    fresh: list[UrlIdentity] = []
    again: list[str] = []
    for identity in identities:
        key = known.get(identity.key, identity.key)
        answer = admit(states.get(key), options)
        answers.append(answer)
        if answer == "queued":
            fresh.append(identity)
            states[key] = "fetching"  # a second mention in this very batch is on its way
        elif answer == "queued again":
            again.append(key)
            states[key] = "fetching"
    unlisted = [(identity, None) for identity in fresh]
    _insert(tx, unlisted, options.queue, now, front=options.front, options=options)
    _queue_again(tx, again, options, now)
    data = {"by": "hand", "queue": options.queue} | {
        flag: True for flag in ("front", "refetch", "no_alert") if getattr(options, flag)
    }
    events.note_many(tx, [identity.key for identity in fresh] + again, now, "queued", data)
    return answers


def add_listed(
    tx: Connection,
    feed_id: int,
    feed_url: str,
    listings: Sequence[Listing],
    now: datetime,
    *,
    pushed: bool = False,
) -> Taken:
    """Take in what a feed lists, or a hub has pushed."""
    return add_listed_together(tx, [Document(feed_id, feed_url, listings)], now, pushed=pushed)[0]


def add_listed_together(
    tx: Connection, documents: Sequence[Document], now: datetime, *, pushed: bool = False
) -> list[Taken]:
    """Take in what several feeds list, each once, by as many statements as one takes.

    A URL that several list is new to the first of them only. One answer a document, in order.
    """
    known = resolve(tx, {each.identity.key for doc in documents for each in doc.listings})
    taken = set(known.values())
    listed: list[dict[str, Listing]] = []
    fresh: list[dict[str, UrlIdentity]] = []
    for document in documents:
        by_key: dict[str, Listing] = {}
        for listing in document.listings:
            by_key.setdefault(known.get(listing.identity.key, listing.identity.key), listing)
        listed.append(by_key)
        fresh.append({key: each.identity for key, each in by_key.items() if key not in taken})
        taken |= fresh[-1].keys()
    _insert(
        tx,
        [
            (identity, document.feed_id)
            for document, identities in zip(documents, fresh, strict=True)
            for identity in identities.values()
        ],
        "live",
        now,
    )
    before = _listed_before(tx, {key for by_key in listed for key in by_key})
    added = [
        {key: each for key, each in by_key.items() if (document.feed_id, key) not in before}
        for document, by_key in zip(documents, listed, strict=True)
    ]
    _note_listed(tx, list(zip(documents, added, strict=True)), now, pushed=pushed)
    new = [key for identities in fresh for key in identities]
    events.note_many(tx, new, now, "queued", {"by": "feed", "queue": "live"})
    return [
        (len(identities), list(theirs.values()))
        for identities, theirs in zip(fresh, added, strict=True)
    ]


def _listed_before(tx: Connection, keys: set[str]) -> set[tuple[int, str]]:
    """Which feeds had listed which of the URLs.

    By the URLs alone: SQLite would look up each pair of a feed and a URL.
    """
    rows = tx.execute(
        select(entries.c.feed_id, entries.c.url_key).where(entries.c.url_key.in_(keys))
    )
    return {(row.feed_id, row.url_key) for row in rows}


def _note_listed(
    tx: Connection,
    added: Sequence[tuple[Document, dict[str, Listing]]],
    now: datetime,
    *,
    pushed: bool,
) -> None:
    """Keep what is new to its feed, with a line in the URL's story."""
    rows = []
    stories: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for document, theirs in added:
        for key, listing in theirs.items():
            rows.append(
                {
                    "feed_id": document.feed_id,
                    "url_key": key,
                    "guid": clean_text(listing.guid or "") or None,  # NUL and worse
                    "title": listing.title,
                    "published_at": listing.published,
                    "first_listed_at": now,
                    "pushed": pushed,
                }
            )
            line = {
                "feed": document.feed_url,
                "title": listing.title,
                "url": listing.identity.url,
                "by": "push" if pushed else None,
            }
            stories.setdefault(key, []).append(("listed", line))
    if rows:
        tx.execute(insert(tx, entries).on_conflict_do_nothing(), rows)
        events.note_stories(tx, stories, now)


def _insert(
    tx: Connection,
    identities: Sequence[tuple[UrlIdentity, int | None]],
    queue: Queue,
    now: datetime,
    *,
    front: bool = False,
    options: HandOptions | None = None,
) -> None:
    """Queue URLs that are new, each with the feed that listed it."""
    if not identities:
        return
    tx.execute(
        insert(tx, urls).on_conflict_do_nothing(),
        [
            {
                "key": identity.key,
                "url": identity.url,
                "canonical": identity.canonical,
                "site": identity.site,
                "feed_id": feed_id,
                "state": "queued",
                "queue": queue,
                "front": front,
                "no_alert": options.no_alert if options else False,
                "refetch": options.refetch if options else False,
                "first_seen_at": now,
                "changed_at": now,
            }
            # All processes in one order: PostgreSQL ends two that lock rows crosswise.
            for identity, feed_id in sorted(identities, key=lambda pair: pair[0].key)
        ],
    )


def _queue_again(tx: Connection, keys: Sequence[str], options: HandOptions, now: datetime) -> None:
    """Start anew. What is still queued in a better place keeps it: asking never delays a URL."""
    queued = urls.c.state == "queued"
    better = QUEUES[: QUEUES.index(options.queue)]
    if keys:
        tx.execute(
            update(urls)
            .where(urls.c.key.in_(keys))
            .values(
                state="queued",
                reason=None,
                detail=None,
                queue=case(
                    (and_(queued, urls.c.queue.in_(better)), urls.c.queue), else_=options.queue
                ),
                front=True if options.front else and_(queued, urls.c.front),
                no_alert=options.no_alert,
                refetch=options.refetch,
                generation=urls.c.generation + 1,
                attempts=0,
                due_at=None,
                dispatched_at=None,
                lease_owner=None,
                lease_until=None,
                changed_at=now,
            )
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Which URLs a `requeue` means; an empty field does not restrict."""

    states: tuple[str, ...] = ("failed",)
    site: str | None = None
    feed: str | None = None
    """Part of a feed's URL or title."""
    since: datetime | None = None
    reason: str | None = None
    """Part of the reason, in any case."""


def select_keys(connection: Connection, selection: Selection) -> list[str]:
    """The keys of the URLs that a selection names, oldest change first."""
    query = select(urls.c.key).where(urls.c.state.in_(selection.states)).order_by(urls.c.changed_at)
    if selection.site:
        query = query.where(urls.c.site == selection.site)
    if selection.since:
        query = query.where(urls.c.changed_at >= selection.since)
    if selection.reason:
        query = query.where(urls.c.reason.icontains(selection.reason, autoescape=True))
    if selection.feed:
        query = query.join(feeds, feeds.c.id == urls.c.feed_id).where(
            or_(
                feeds.c.url.icontains(selection.feed, autoescape=True),
                feeds.c.title.icontains(selection.feed, autoescape=True),
            )
        )
    return list(connection.scalars(query))


def requeue(tx: Connection, keys: Sequence[str], options: HandOptions, now: datetime) -> None:
    """Queue known URLs anew, whatever state they are in; those that are to be silent stay so."""
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        silent = set(tx.scalars(select(urls.c.key).where(urls.c.key.in_(part), urls.c.no_alert)))
        _queue_again(tx, [key for key in part if key not in silent], options, now)
        _queue_again(tx, sorted(silent), replace(options, no_alert=True), now)
    events.note_many(tx, keys, now, "queued", {"by": "requeue", "queue": options.queue})
