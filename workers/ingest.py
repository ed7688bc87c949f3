"""The RQ job: the life of one URL, top to bottom.

claim → visit (turn, robots.txt, request) → read (extract, detect, tag) → decide → store. Whatever
happens ends in one transaction that moves the URL on: its record, tags, alerts, story and state
together. The job may run twice or be killed anywhere: only the holder of the latest claim can
write. Settings: `[fetch]`, `[work] max_attempts`, `[[webhooks]]`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import redis

from pipeline import outcomes, urls
from pipeline.errors import Broken, Rejected, TryLater, Unavailable
from pipeline.normalise import Origin, build_record
from pipeline.records import Article, Page, Record, RuleHit
from pipeline.store.urls import UrlIdentity
from workers import context as world
from workers import endings, overlapping, runs, storing, tally
from workers.context import Context, utc_now
from workers.runs import Name, Run, Wanted
from workers.stages import Reading, Task
from workers.storing import Finished
from workers.visits import TurnNotCome
from workers.workshop import Workshop, at_hand

INTERNAL_ERROR = "internal error"
"""Reason of a URL that met a bug of ours; RQ keeps its job in the FailedJobRegistry too."""
PATIENCE_S = 1.0
"""A turn that comes so soon is waited for in the job; a later one in the database."""


async def ingest(key: str, generation: int) -> str:
    """Work on one queued URL; answers its new state. The entry point that RQ calls."""
    context = world.current()
    run = await _claim(context, key, generation)
    if run is None:
        return "nothing to do"
    context.in_hand.add(key)
    try:
        async with at_hand(context) as workshop:
            page = await _visit(workshop, run)
            outcomes.require_page(page)
            names = _landing(run, page)
            reading = await _read(workshop, run, page)
        names += _canonical(page, reading.article)
        record = _record(run, page, reading, names)
        return await _store(context, run, record, reading.hits, names)
    except TurnNotCome as pause:
        return await endings.wait_for_turn(context, run, pause.wait_s)
    except TryLater as error:
        return await endings.try_later(context, run, error)
    except Rejected as error:
        return await endings.end(context, run, "rejected", error)
    except Broken as error:
        state = await endings.end(context, run, "failed", error)
        if error.reason == INTERNAL_ERROR:
            raise
        return state
    except (Unavailable, redis.RedisError) as error:
        return await endings.give_back(context, run, str(error))
    except asyncio.CancelledError as error:
        await _broken_off(context, run, str(error))
        raise
    except Exception as error:
        await endings.end(context, run, "failed", Broken(INTERNAL_ERROR, repr(error)))
        raise  # RQ keeps the traceback in its FailedJobRegistry
    finally:
        context.in_hand.discard(key)


# -- the rooms, in the order of the picture ----------------------------------------------------


async def _claim(context: Context, key: str, generation: int) -> Run | None:
    """The right to work on the URL, and what its feed says of it."""
    wanted = Wanted(key, generation, context.owner, utc_now())
    return await context.writer.write_together(runs.begin, wanted, durable=False)


async def _visit(workshop: Workshop, run: Run) -> Page:
    """The page, when robots.txt allows it and the site's turn has come."""
    claim = run.claim
    try:
        page = await workshop.visits.fetch(
            claim.canonical,
            promised=claim.reason == endings.SITE_BUSY,
            insist=claim.queue == "hand" and claim.attempts == 0,
            patience_s=PATIENCE_S,
        )
    except TryLater:
        tally.count("fetches", status="none")
        raise
    tally.count("fetches", status=str(page.status))
    tally.took("fetch", page.elapsed_ms / 1000)
    run.tell(
        "fetched",
        status=page.status,
        bytes=len(page.body),
        ms=page.elapsed_ms,
        final_url=page.final_url if page.hops else None,
        hops=[[hop.url, hop.status] for hop in page.hops],
    )
    return page


def _landing(run: Run, page: Page) -> list[Name]:
    """The other name that redirects led to, if it is believed. A front page is no article."""
    if not page.hops:
        return []
    if outcomes.is_front_page(page.final_url) and not outcomes.is_front_page(run.claim.canonical):
        raise Rejected("redirected to the front page", page.final_url)
    name = urls.alias(run.claim.canonical, page.final_url)
    return [(UrlIdentity.of(name), "redirect")] if name else []


async def _read(workshop: Workshop, run: Run, page: Page) -> Reading:
    """extract → detect → tag → evaluate the rules (`workers.stages`), and what each found."""
    with tally.timed("read"):
        reading = await workshop.stages.read(
            Task(
                page,
                run.zone,
                run.listed_title,
                run.listed_at,
                run.feed_language,
                run.site_language,
            )
        )
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


async def _store(
    context: Context, run: Run, record: Record, hits: Sequence[RuleHit], names: Sequence[Name]
) -> str:
    """The one transaction: record, tags, alerts, aliases, story and state, or nothing."""
    subscriptions = {hook.name: hook.rules for hook in context.settings.webhooks}
    article = Finished(run, record, hits, names, subscriptions, utc_now())
    with tally.timed("store"):
        stored = await context.writer.write_together(storing.store, article, durable=True)
    stored.log(run.claim.url)
    return stored.state


async def _broken_off(context: Context, run: Run, why: str) -> None:
    """The worker cancels this job: it took too long, someone stopped it, or the worker must end."""
    if why in (overlapping.TIMED_OUT, overlapping.STOPPED):
        await endings.end(context, run, "failed", Broken(why))
    else:
        await endings.give_back(context, run, why or "cancelled", after_s=0)
