"""The RQ job: the life of one URL, top to bottom.

claim → turn at the site → robots → fetch → read (extract, detect, tag) → decide → store. Whatever
happens ends in one transaction that moves the URL on: its record, tags, alerts, story and state
together. The job may run twice or be killed anywhere: only the holder of the latest claim can
write. Settings: `[fetch]`, `[work] max_attempts`, `[[webhooks]]`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import redis
from rq.timeouts import BaseTimeoutException
from sqlalchemy import Connection, Row

from pipeline import alerts, outcomes, urls
from pipeline.errors import Broken, IngestError, Rejected, TryLater, Unavailable
from pipeline.normalise import Origin, build_record
from pipeline.records import Article, Page, Record, RuleHit
from pipeline.store import alerts as outbox
from pipeline.store import events, feeds, records
from pipeline.store import urls as url_store
from pipeline.store.urls import Claim, UrlIdentity
from workers import context as world
from workers import stages
from workers.context import Context, utc_now
from workers.log import logger
from workers.stages import Reading, Task

Name = tuple[UrlIdentity, str]
"""Another name of a URL, and how it is known: `redirect` or `canonical`."""
LEASE_S = 15.0
"""A worker that does not renew its leases for so long counts as dead."""
OVERTAKEN = "overtaken"
"""What a run answers that lost its claim to another: it wrote nothing."""
SITE_BUSY = "site busy"
"""Reason of a URL that waits for its turn: nothing was asked of its site yet."""

SERVER_AWAY = "server away"
"""Reason of a URL that waits because Redis or the stage process was gone for a moment."""
AWAY_S = 5.0
INTERNAL_ERROR = "internal error"
"""Reason of a URL that met a bug of ours; RQ keeps its job in the FailedJobRegistry too."""


class TurnNotCome(Exception):
    """The site's budget is used up for now; come back in `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"{wait_s:.1f} s")


@dataclass
class Run:
    """One run of one URL: what was learned on the way, and the story to be written."""

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

    def write(self, tx: Connection, key: str, now: datetime) -> None:
        """Write the story so far as a URL's."""
        events.note_story(tx, key, now, self.story)


def ingest(key: str, generation: int) -> str:
    """Work on one queued URL; answers its new state. The entry point that RQ calls."""
    context = world.current()
    run = _claim(context, key, generation)
    if run is None:
        return "nothing to do"
    context.in_hand.add(key)
    try:
        page = _fetch(context, run)
        outcomes.require_page(page)
        names = _landing(run, page)
        reading = _read(context, run, page)
        names += _canonical(page, reading.article)
        record = _record(run, page, reading, names)
        return _store(context, run, record, reading.hits, names)
    except TurnNotCome as pause:
        return _wait_for_turn(context, run, pause.wait_s)
    except TryLater as error:
        return _try_later(context, run, error)
    except Rejected as error:
        return _end(context, run, "rejected", error)
    except Broken as error:
        state = _end(context, run, "failed", error)
        if error.reason == INTERNAL_ERROR:
            raise
        return state
    except (Unavailable, redis.RedisError) as error:
        return _give_back(context, run, error)
    except BaseTimeoutException as error:
        return _end(context, run, "failed", Broken("job timeout", str(error)))
    except Exception as error:
        _end(context, run, "failed", Broken(INTERNAL_ERROR, repr(error)))
        raise  # RQ keeps the traceback in its FailedJobRegistry
    finally:
        context.in_hand.discard(key)


# -- the rooms, in the order of the picture ----------------------------------------------------


def _claim(context: Context, key: str, generation: int) -> Run | None:
    """The right to work on the URL, and what its feed says of it."""
    with context.database.write(durable=False) as tx:
        claim = url_store.claim(tx, key, generation, context.owner, utc_now(), LEASE_S)
        if claim is None:
            return None
        run = Run(claim, site_language=records.usual_language(tx, claim.site))
        if claim.feed_id is not None and (feed := feeds.get(tx, claim.feed_id)):
            run.feed_url, run.feed_language, run.zone = feed.url, feed.language, feed.zone
            if listing := feeds.listing(tx, claim.feed_id, claim.key):
                run.listed_title, run.listed_at = listing.title, listing.published_at
    return run


def _fetch(context: Context, run: Run) -> Page:
    """The page, when robots.txt allows it and the site's turn has come."""
    url = run.claim.canonical
    with _turn(context, run):
        if context.settings.fetch.respect_robots:
            by_hand = run.claim.queue == "hand" and run.claim.attempts == 0
            asked = context.robots.learn(url, insist=by_hand)
            context.robots.require(url)
            gap_s = max(context.settings.fetch.per_site_gap_s, context.robots.delay_s(url))
            if asked and gap_s:  # robots.txt had this turn
                context.turns.rest(run.claim.site, gap_s)
                raise TurnNotCome(gap_s)
        page = context.fetcher.fetch(url)
    run.tell(
        "fetched",
        status=page.status,
        bytes=len(page.body),
        ms=page.elapsed_ms,
        final_url=page.final_url if page.hops else None,
        hops=[[hop.url, hop.status] for hop in page.hops],
    )
    return page


@contextmanager
def _turn(context: Context, run: Run) -> Iterator[None]:
    """A turn at the site; raises TurnNotCome with the time to come back."""
    site = run.claim.site
    delay_s = context.robots.delay_s(run.claim.canonical)
    turn, wait_s = context.turns.take(
        site, promised=run.claim.reason == SITE_BUSY, least_gap_s=delay_s
    )
    if not turn:
        raise TurnNotCome(wait_s)
    try:
        yield
    finally:
        context.turns.give_back(site, turn)


def _landing(run: Run, page: Page) -> list[Name]:
    """The other name that redirects led to, if it is believed. A front page is no article."""
    if not page.hops:
        return []
    if outcomes.is_front_page(page.final_url) and not outcomes.is_front_page(run.claim.canonical):
        raise Rejected("redirected to the front page", page.final_url)
    name = urls.alias(run.claim.canonical, page.final_url)
    return [(UrlIdentity.of(name), "redirect")] if name else []


def _read(context: Context, run: Run, page: Page) -> Reading:
    """extract → detect → tag → evaluate the rules (`workers.stages`), and what each found."""
    task = Task(
        page, run.zone, run.listed_title, run.listed_at, run.feed_language, run.site_language
    )
    reading = stages.current(context).read(task)
    article, language = reading.article, reading.language
    run.tell(
        "extracted",
        extractor=article.extractor,
        title=article.title,
        published=str(article.published or ""),
        published_source=article.published_source,
        blocks=len(article.blocks),
        chars=len(article.text),
        truncated=article.truncated or None,
        found=[list(each) for each in reading.found],
    )
    run.tell(
        "language",
        tag=language.tag,
        confidence=round(language.confidence, 4),
        runner_up=language.runner_up,
        reason=language.reason,
        shares={tag: round(share, 3) for tag, share in language.shares.items()},
    )
    run.tell(
        "tagged",
        watchlist=reading.watchlist_version,
        tags={tag.id: tag.count for tag in reading.tags},
        rules=[hit.id for hit in reading.hits],
    )
    return reading


def _canonical(page: Page, article: Article) -> list[Name]:
    """The other name that the page claims for itself, if it is believed of where it was found."""
    if not article.canonical_url:
        return []
    name = urls.alias(page.final_url, article.canonical_url)
    return [(UrlIdentity.of(name), "canonical")] if name else []


def _record(run: Run, page: Page, reading: Reading, names: Sequence[Name]) -> Record:
    """The record; its canonical URL is the one the page claims for itself, if believed."""
    claimed = [name.canonical for name, how in names if how == "canonical"]
    origin = Origin(
        key=run.claim.key,
        url=run.claim.url,
        canonical_url=claimed[0] if claimed else run.claim.canonical,
        site=run.claim.site,
        feed=run.feed_url,
        zone=run.zone,
    )
    return build_record(
        origin,
        page,
        reading.article,
        reading.language,
        reading.tags,
        reading.hits,
        reading.watchlist_version,
    )


def _store(
    context: Context, run: Run, record: Record, hits: Sequence[RuleHit], names: Sequence[Name]
) -> str:
    """The one transaction: record, tags, alerts, aliases, story and state, or nothing."""
    now = utc_now()
    with context.database.write() as tx:
        if not url_store.holds(tx, run.claim):
            return OVERTAKEN
        twin, how = _twin(tx, run, names)
        if twin is not None and twin.record_id is not None:
            return _duplicate(tx, run, twin.record_id, how, now)
        if twin is not None:  # its own fetch would bring this very page
            record = replace(
                record,
                id=twin.key,
                url=twin.url,
                canonical_url=twin.canonical,
                site=twin.site,
                story=twin.key,
            )
        is_new = not records.exists(tx, record.id)
        if is_new and (same := records.same_text(tx, record.content_hash, but=record.id)):
            if same.site == record.site:
                return _duplicate(tx, run, same.id, "same text", now)
            record = replace(record, story=same.story, duplicate_of=same.id)
        record, outcome = records.save(tx, record, now)
        run.tell("stored", record=record.id, version=record.version, outcome=outcome)
        raised = _raise_alerts(context, tx, run, record, hits, twin, now)
        if twin is not None:
            url_store.settle(tx, twin.key, now)
            run.write(tx, twin.key, now)
            return _duplicate(tx, run, twin.key, how, now)
        for name, relation in names:
            if url_store.add_alias(tx, record.id, name, relation, now):
                run.tell("alias", url=name.url, how=relation)
        _finish(tx, run, now, "stored", record_id=record.id)
    logger().info(
        "stored",
        url=run.claim.url,
        record=record.id,
        version=record.version,
        site=record.site,
        language=record.language,
        tags=len(record.tags),
        alerts=raised,
    )
    return "stored"


def _twin(tx: Connection, run: Run, names: Sequence[Name]) -> tuple[Row[Any] | None, str]:
    """The other URL we know that is the same article by a redirect or canonical link, and how."""
    for name, how in names:
        row = url_store.find(tx, name.key)
        if row is not None and run.claim.key not in (row.key, row.record_id):
            return row, how
    return None, ""


def _raise_alerts(
    context: Context,
    tx: Connection,
    run: Run,
    record: Record,
    hits: Sequence[RuleHit],
    twin: Row[Any] | None,
    now: datetime,
) -> int:
    """Put the record's alerts into the outbox; answers how many are new."""
    silent = run.claim.no_alert if twin is None else twin.no_alert
    muted = "queued with --no-alert" if silent else None
    subscriptions = {hook.name: hook.rules for hook in context.settings.webhooks}
    raised = outbox.add(tx, alerts.decide(record, hits, subscriptions, now=now, muted=muted), now)
    for alert in raised:
        run.tell(
            "alert",
            alert=alert.id,
            rule=alert.rule_id,
            webhooks=list(alert.webhooks),
            muted=alert.muted,
        )
    return len(raised)


def _duplicate(tx: Connection, run: Run, record_id: str, why: str, now: datetime) -> str:
    run.tell("duplicate", of=record_id, why=why)
    _finish(tx, run, now, "duplicate", reason=why, record_id=record_id)
    logger().info("duplicate", url=run.claim.url, of=record_id, why=why)
    return "duplicate"


# -- the ways out that are not a record --------------------------------------------------------


def _wait_for_turn(context: Context, run: Run, wait_s: float) -> str:
    now = utc_now()
    due = now + timedelta(seconds=wait_s)
    run.tell("waiting", reason=SITE_BUSY, until=due.isoformat(timespec="seconds"))
    with context.database.write() as tx:
        _finish(tx, run, now, "waiting", reason=SITE_BUSY, due_at=due, tried=False)
    return "waiting"


def _try_later(context: Context, run: Run, error: TryLater) -> str:
    attempt = run.claim.attempts + 1
    if attempt >= context.settings.work.max_attempts:
        return _end(context, run, "failed", error)
    now = utc_now()
    wait_s = outcomes.retry_wait_s(attempt, error.after_s, random.random())
    due = now + timedelta(seconds=wait_s)
    run.tell(
        "waiting",
        reason=error.reason,
        detail=error.detail,
        attempt=attempt,
        until=due.isoformat(timespec="seconds"),
    )
    with context.database.write() as tx:
        _finish(tx, run, now, "waiting", reason=error.reason, detail=error.detail, due_at=due)
    logger().info("waiting", url=run.claim.url, reason=str(error), attempt=attempt, wait_s=wait_s)
    return "waiting"


def _give_back(context: Context, run: Run, error: Exception) -> str:
    """A server of ours is away: that is no try of the URL's. Soon it is sent again.

    When the database itself is away, this fails too; then the lease runs out.
    """
    now = utc_now()
    due = now + timedelta(seconds=AWAY_S)
    run.tell("waiting", reason=SERVER_AWAY, detail=str(error), until=due.isoformat())
    with context.database.write() as tx:
        _finish(tx, run, now, "waiting", reason=SERVER_AWAY, due_at=due, tried=False)
    logger().warning("waiting", url=run.claim.url, reason=SERVER_AWAY, error=str(error))
    return "waiting"


def _end(context: Context, run: Run, state: str, error: IngestError) -> str:
    now = utc_now()
    run.tell(state, reason=error.reason, detail=error.detail, attempts=run.claim.attempts + 1)
    with context.database.write() as tx:
        now_in = _finish(tx, run, now, state, reason=error.reason, detail=error.detail)
    if now_in is None:
        return OVERTAKEN
    logger().info(state, url=run.claim.url, reason=error.reason, detail=error.detail, state=now_in)
    return now_in


def _finish(tx: Connection, run: Run, now: datetime, state: str, **values: Any) -> str | None:
    """Move the URL on and write its story; None, and nothing at all, when the claim was lost."""
    now_in = url_store.finish(tx, run.claim, now, state, **values)
    if now_in is not None:
        run.write(tx, run.claim.key, now)
    return now_in
