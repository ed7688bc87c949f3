"""Who holds leases, and ending those of a process that is known to be dead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, union, update

from pipeline.store.schema import deliveries, feeds, urls


def holders(connection: Connection) -> set[str]:
    """The owners of the URLs and deliveries in hand."""
    in_hand = union(
        select(urls.c.lease_owner).where(urls.c.state == "fetching"),
        select(deliveries.c.lease_owner).where(deliveries.c.state == "sending"),
    )
    return {owner for owner in connection.scalars(in_hand) if owner is not None}


def feed_holders(connection: Connection) -> set[str]:
    """The owners of the feeds that are being polled; reads all feeds."""
    query = select(feeds.c.lease_owner).where(feeds.c.lease_owner.is_not(None)).distinct()
    return set(connection.scalars(query))


def end(tx: Connection, owners: Collection[str], now: datetime) -> None:
    """Let the leases of these owners have ended: what they held is free for others."""
    ended = now - timedelta(microseconds=1)
    for query in (
        update(urls).where(urls.c.state == "fetching", urls.c.lease_owner.in_(owners)),
        update(deliveries).where(
            deliveries.c.state == "sending", deliveries.c.lease_owner.in_(owners)
        ),
        update(feeds).where(feeds.c.lease_owner.in_(owners)),
    ):
        tx.execute(query.values(lease_until=ended))
