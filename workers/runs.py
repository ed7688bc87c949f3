"""One run of one URL: what was learned on the way, and the story to be written with its outcome."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A queued URL to be claimed."""

    key: str
    generation: int
    owner: str
    now: datetime


def begin(tx: Connection, wanted: Sequence[Wanted]) -> list[Run | None]:
    """Claim queued URLs for one owner, with what their feeds say of them.

    None: there is nothing to do.
    """
    owner, now = wanted[0].owner, wanted[0].now
    asked = {(each.key, each.generation) for each in wanted}
    claims = url_store.claim_many(tx, asked, owner, now, LEASE_S)
    languages = {
        site: records.usual_language(tx, site) for site in {each.site for each in claims.values()}
    }
    listed = [(each.feed_id, each.key) for each in claims.values() if each.feed_id is not None]
    known = feeds.known(tx, {feed_id for feed_id, _ in listed}) if listed else {}
    listings = feeds.listings(tx, listed) if listed else {}
    runs: list[Run | None] = []
    for each in wanted:
        claim = claims.pop((each.key, each.generation), None)  # a second one has come too late
        if claim is None:
            runs.append(None)
            continue
        run = Run(claim, site_language=languages[claim.site])
        if claim.feed_id is not None and (feed := known.get(claim.feed_id)):
            run.feed_url, run.feed_language, run.zone = feed.url, feed.language, feed.zone
            if listing := listings.get((claim.feed_id, claim.key)):
                run.listed_title, run.listed_at = listing.title, listing.published_at
        runs.append(run)
    return runs


def finish(tx: Connection, run: Run, now: datetime, state: str, **values: Any) -> str | None:
    """Move the URL on and write its story; None, and nothing at all, when the claim was lost."""
    now_in = url_store.finish(tx, run.claim, now, state, **values)
    if now_in is not None:
        run.write(tx, run.claim.key, now)
    return now_in
