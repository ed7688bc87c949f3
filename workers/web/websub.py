"""The WebSub callback: hubs prove their intent here, and push feeds (W3C Recommendation, 2018).

A push is read like a poll's answer, and its entries come in like a poll's. It counts only with the
signature agreed on; one without is answered with 202 like any other and dropped (§7.1). A push that
is no feed, or is empty, says that something is new: the feed is polled at once.
Who may subscribe is decided in `pipeline.feeds.websub`.
Settings: `[fetch] max_bytes`.
"""

from __future__ import annotations

from collections.abc import Mapping

import redis
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response

from pipeline.errors import Unavailable
from pipeline.feeds import websub
from pipeline.feeds.parse import parse
from pipeline.feeds.websub import Subscription
from pipeline.store import admission, feeds, subscriptions
from workers import queues, tally
from workers.context import Context, utc_now
from workers.log import logger
from workers.poll_writer import listings_of

LISTENED_TO = frozenset({"asked", "active"})
"""States in which pushes are taken in: a hub may push while its lease is being renewed."""


def router(context: Context) -> APIRouter:
    """The routes of all callbacks."""
    routes = APIRouter()

    @routes.get("/websub/{token}")
    def verify(token: str, request: Request) -> Response:
        """Agree to what we asked for, and only to that."""
        with context.database.write() as tx:
            subscription = subscriptions.by_token(tx, token)
            if subscription is None:
                return Response(status_code=404)
            told = websub.verify(subscription, request.query_params, utc_now())
            subscriptions.settle(tx, subscription, told, utc_now())
        about = {"hub": subscription.hub, "topic": subscription.topic}
        if told.kind == "refused":
            logger().warning("hub refused", mode=request.query_params.get("hub.mode"), **about)
            return Response(status_code=404)
        logger().info(f"push {told.kind}", reason=told.reason, **about)
        return PlainTextResponse(told.challenge)

    @routes.post("/websub/{token}")
    async def receive(token: str, request: Request) -> Response:
        """Take in a push."""
        subscription = await run_in_threadpool(_find, context, token)
        if subscription is None:
            return Response(status_code=404)
        if subscription.state not in LISTENED_TO:
            return Response(status_code=410)  # §7: the hub may end the subscription
        body = await _body(request, context.settings.fetch.max_bytes)
        if body is None:
            return Response(status_code=413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            await run_in_threadpool(take_in, context, subscription, body, headers)
        except Unavailable as error:
            logger().warning("push not stored", topic=subscription.topic, error=str(error))
            return Response(status_code=503)  # the hub tries again
        return Response(status_code=202)

    return routes


def take_in(
    context: Context, subscription: Subscription, body: bytes, headers: Mapping[str, str]
) -> int:
    """Store what a push brings. Answers how many URLs are new. Raises Unavailable."""
    now = utc_now()
    signature = headers.get("x-hub-signature", "")
    if not websub.is_signed(body, signature, subscription.secret):
        with context.database.write(durable=False) as tx:
            subscriptions.note_push(tx, subscription, now, forged=True)
        logger().warning("push not signed as agreed: dropped", topic=subscription.topic)
        _count(context, "forged")
        return 0
    with context.database.read() as connection:
        feed = feeds.get(connection, subscription.feed_id)
    if feed is None or not feed.enabled:
        return 0
    parsed = parse(body, headers, subscription.topic, zone=feed.zone)
    listings = listings_of(parsed, feed.url)
    with context.database.write() as tx:
        new, _ = admission.add_listed(tx, feed.id, feed.url, listings, now, pushed=True)
        subscriptions.note_push(tx, subscription, now, forged=False)
        if not listings:
            feeds.poll_soon(tx, feed.id, now)
    logger().info("pushed", feed=feed.url, entries=len(listings), new=new, error=parsed.problem)
    if new:
        tally.count("entries_listed", new, by="push")
    _count(context, "taken in" if listings else "no entries")
    if new:
        try:
            queues.dispatch(context.database, context.redis, now, only=("live",))
        except redis.RedisError as error:
            logger().debug("left to the keeper", error=str(error))
    return new


def _count(context: Context, outcome: str) -> None:
    tally.count("pushes", outcome=outcome)
    tally.flush(context.redis)


def _find(context: Context, token: str) -> Subscription | None:
    with context.database.read() as connection:
        return subscriptions.by_token(connection, token)


async def _body(request: Request, most: int) -> bytes | None:
    """The request's body; None when it is longer than `most` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
