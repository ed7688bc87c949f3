"""One run of one URL: what was learned on the way, and the story to be written with its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline.store import events, feeds, records
from pipeline.store import urls as url_store
from pipeline.store.urls import Claim, UrlIdentity

Name = tuple[UrlIdentity, str]
"""Another name of a URL, and how it is known: `redirect` or `canonical`."""
LEASE_S = 15.0
"""A worker that does not renew its leases for so long counts as dead."""
OVERTAKEN = "overtaken"
"""What a run answers that lost its claim to another: it wrote nothing."""


@dataclass
class Run:
    """One run of one URL."""

    claim: Claim
    feed_url: str | None = None
    feed_language: str | None = None
    site_language: str | None = None
    zone: str | None = None
    listed_title: str | None = None
    listed_at: datetime | None = None
    story: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def tell(self, event: str, **data: Any) -> None:
        """Add a line to the story; it is written with the outcome."""
        self.story.append((event, data))

    def draft(self) -> Run:
        """A copy to tell an outcome in, which may have to be written anew or come to nothing."""
        return replace(self, story=list(self.story))

    def write(self, tx: Connection, key: str, now: datetime) -> None:
        """Write the story so far as a URL's."""
        events.note_story(tx, key, now, self.story)


def begin(tx: Connection, key: str, generation: int, owner: str, now: datetime) -> Run | None:
    """Claim a queued URL, with what its feed says of it. None: there is nothing to do."""
    claim = url_store.claim(tx, key, generation, owner, now, LEASE_S)
    if claim is None:
        return None
    run = Run(claim, site_language=records.usual_language(tx, claim.site))
    if claim.feed_id is not None and (feed := feeds.get(tx, claim.feed_id)):
        run.feed_url, run.feed_language, run.zone = feed.url, feed.language, feed.zone
        if listing := feeds.listing(tx, claim.feed_id, claim.key):
            run.listed_title, run.listed_at = listing.title, listing.published_at
    return run


def finish(tx: Connection, run: Run, now: datetime, state: str, **values: Any) -> str | None:
    """Move the URL on and write its story; None, and nothing at all, when the claim was lost."""
    now_in = url_store.finish(tx, run.claim, now, state, **values)
    if now_in is not None:
        run.write(tx, run.claim.key, now)
    return now_in
