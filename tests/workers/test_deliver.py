"""Alerts reach their webhook, signed, with the same id each time, or end dead with the reason."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from rq import Queue
from sqlalchemy import Row, select, update
from standardwebhooks import Webhook

from pipeline import alerts as alert_rules
from pipeline.store import alerts as outbox
from pipeline.store.schema import alerts, deliveries, delivery_attempts, webhooks
from tests.worlds import ledger
from tests.worlds.directory import LOOPBACK
from tests.worlds.newsroom import Answer as PageAnswer
from tests.worlds.newsroom import Newsroom, article
from tests.worlds.programs import eventually, running
from workers import context as world
from workers import deliver as deliver_module
from workers import queues, worker, workshop
from workers.context import Context, utc_now
from workers.demo.receiver import Answer, Receiver, new_secret
from workers.keeper import Keeper


def hook(
    url: str, *secrets: str, name: str = "newsdesk", rules: tuple[str, ...] = ("airline",)
) -> str:
    return (
        f"[[webhooks]]\nname = {json.dumps(name)}\nurl = {json.dumps(url)}\n"
        f"secret = {json.dumps(list(secrets))}\nrules = {json.dumps(list(rules))}\n"
    )


class Desk:
    """A world with one webhook, and a site whose articles alert it."""

    def __init__(self, reopen: Callable[..., Context], newsroom: Newsroom) -> None:
        self._reopen, self._newsroom = reopen, newsroom
        self._articles = 0
        self.context: Context

    def open(self, *hooks: str) -> Context:
        self.context = self._reopen(LOOPBACK + "".join(hooks))
        return self.context

    def alert(self) -> str:
        """Store an article that raises an alert; the alert's id."""
        self._articles += 1
        path = f"/{self._articles}.html"
        url = self._newsroom.serve(path, article(f"Alert {self._articles}"))
        row = ledger.ingest(self.context, url)
        assert row.state == "stored"
        return alert_rules.alert_identity("airline", row.record_id)

    def attempt(self) -> None:
        """Make every pending delivery due and try it once."""
        with self.context.database.write() as tx:
            tx.execute(
                update(deliveries)
                .where(deliveries.c.state == "pending")
                .values(due_at=utc_now() - timedelta(seconds=1))
            )
        self.run_due()

    def run_due(self) -> None:
        ledger.run_jobs(self.context, deliveries=True)

    def rows(self) -> list[Row[Any]]:
        with self.context.database.read() as connection:
            return list(connection.execute(select(deliveries).order_by(deliveries.c.id)))

    def row(self) -> Row[Any]:
        (row,) = self.rows()
        return row

    def attempts(self) -> list[tuple[int | None, str | None]]:
        query = select(delivery_attempts.c.status, delivery_attempts.c.error)
        with self.context.database.read() as connection:
            lines = connection.execute(query.order_by(delivery_attempts.c.id))
            return [(line.status, line.error) for line in lines]


@pytest.fixture
def desk(reopened: Callable[..., Context], newsroom: Newsroom) -> Desk:
    return Desk(reopened, newsroom)


@pytest.fixture
def receive() -> Iterator[Callable[..., Receiver]]:
    with _Receivers() as receivers:
        yield receivers.start


class _Receivers:
    def __enter__(self) -> _Receivers:
        self._running: list[Any] = []
        return self

    def start(self, *script: int | Answer, secret: str | None = None) -> Receiver:
        receiver = Receiver(secret, script)
        running = receiver.run_in_thread()
        running.__enter__()
        self._running.append(running)
        return receiver

    def __exit__(self, *_fault: object) -> None:
        for each in self._running:
            each.__exit__(None, None, None)


def test_an_alert_is_delivered_signed_and_once(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive()
    desk.open(hook(receiver.url, receiver.secret))
    alert_id = desk.alert()
    desk.run_due()
    desk.attempt()
    (got,) = receiver.delivered
    assert got.id == alert_id == got.body["data"]["alert"]
    assert got.body["type"] == "watchlist.match"
    assert got.body["data"]["rule"]["id"] == "airline"
    assert got.body["data"]["evidence"][0]["surface"] == "Belavia"
    assert receiver.rejected == []
    row = desk.row()
    assert (row.state, row.attempts, row.last_status) == ("delivered", 1, 204)
    assert row.delivered_at is not None


def test_a_delivery_run_twice_is_sent_once(desk: Desk, receive: Callable[..., Receiver]) -> None:
    receiver = receive()
    desk.open(hook(receiver.url, receiver.secret))
    desk.alert()
    desk.run_due()
    assert asyncio.run(deliver_module.deliver(desk.row().id)) == "nothing to do"
    assert len(receiver.alerts) == 1


def test_a_failing_endpoint_is_tried_again_with_the_same_id_and_a_fresh_signature(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive(500, 301, 404)
    desk.open(hook(receiver.url, receiver.secret))
    alert_id = desk.alert()
    for tries in (1, 2, 3):
        before = utc_now()
        desk.run_due() if tries == 1 else desk.attempt()
        row = desk.row()
        assert (row.state, row.attempts) == ("pending", tries)
        wait = (row.due_at - before).total_seconds()
        assert alert_rules.RETRY_DELAYS_S[tries - 1] <= wait
    desk.attempt()
    assert [got.status for got in receiver.alerts] == [500, 301, 404, 204]
    assert {got.id for got in receiver.alerts} == {alert_id}
    assert len({json.dumps(got.body) for got in receiver.alerts}) == 1
    assert receiver.rejected == []
    assert desk.row().state == "delivered"
    assert [status for status, _ in desk.attempts()] == [500, 301, 404, 204]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(desk: Desk, receive: Callable[..., Receiver], status: int) -> None:
    receiver = receive(Answer(status, {"Retry-After": "4000"}))
    desk.open(hook(receiver.url, receiver.secret))
    desk.alert()
    before = utc_now()
    desk.run_due()
    row = desk.row()
    assert row.state == "pending"
    assert row.due_at >= before + timedelta(seconds=4_000)
    desk.run_due()
    assert len(receiver.alerts) == 1, "it was sent again before its time"


def test_a_refused_connection_is_tried_again(desk: Desk, newsroom: Newsroom) -> None:
    desk.open(hook("http://127.0.0.1:1/hook", new_secret()))
    desk.alert()
    desk.run_due()
    row = desk.row()
    assert (row.state, row.last_status) == ("pending", None)
    assert "connection failed" in row.last_error


def test_a_delivery_is_dead_after_the_last_try_and_can_be_replayed(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    tries = len(alert_rules.RETRY_DELAYS_S) + 1
    receiver = receive(*[500] * tries)
    desk.open(hook(receiver.url, receiver.secret))
    alert_id = desk.alert()
    for _ in range(tries + 2):
        desk.attempt()
    row = desk.row()
    assert (row.state, row.attempts, row.last_error) == ("dead", tries, "HTTP 500")
    assert len(receiver.alerts) == tries
    with desk.context.database.write() as tx:
        assert outbox.replay(tx, alert_id, [desk.row().webhook], utc_now()) == 1
    desk.run_due()
    assert desk.row().state == "delivered"
    assert {got.id for got in receiver.alerts} == {alert_id}


def test_gone_disables_the_endpoint_until_its_url_changes(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    old, new = receive(410), receive()
    context = desk.open(hook(old.url, old.secret))
    desk.alert()
    desk.run_due()
    assert desk.row().state == "dead"
    with context.database.read() as connection:
        assert connection.execute(select(webhooks)).one().disabled_at is not None
    desk.alert()
    desk.attempt()
    assert len(old.alerts) == 1, "it was asked again after 410 Gone"
    assert [row.state for row in desk.rows()] == ["dead", "pending"]

    context = desk.open(hook(new.url, new.secret))
    keeper = Keeper(context)
    keeper.start()
    eventually(lambda: _enabled(context), "the endpoint is enabled again", 10)
    keeper.stop()
    desk.attempt()
    assert len(new.delivered) == 1


def _enabled(context: Context) -> bool:
    with context.database.read() as connection:
        return connection.execute(select(webhooks)).one().disabled_at is None


def test_gone_stops_what_was_already_sent_to_redis(
    desk: Desk, receive: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "DELIVERIES_AT_ONCE", 1)  # those under way may still arrive
    receiver = receive(410)
    desk.open(hook(receiver.url, receiver.secret))
    for _ in range(3):
        desk.alert()
    desk.run_due()
    assert len(receiver.alerts) == 1
    assert sorted(row.state for row in desk.rows()) == ["dead", "pending", "pending"]


def test_a_delivery_in_hand_is_given_back_once_its_endpoint_said_gone(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive(410)
    context = desk.open(hook(receiver.url, receiver.secret))
    desk.alert()
    world.use(context)

    async def deliver_after_another_heard_of_it() -> str:
        async with workshop.opened(context) as tools:
            tools.gone.add(receiver.url)
            return await deliver_module.deliver(desk.row().id)

    assert asyncio.run(deliver_after_another_heard_of_it()) == "pending"
    assert not receiver.alerts
    assert (desk.row().state, desk.row().attempts) == ("pending", 0)


def test_while_secrets_rotate_each_of_them_verifies(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    old = receive()
    fresh = receive(secret=new_secret())
    desk.open(
        hook(old.url, fresh.secret, old.secret),
        hook(fresh.url, fresh.secret, old.secret, name="second"),
    )
    desk.alert()
    desk.run_due()
    assert (len(old.delivered), len(fresh.delivered)) == (1, 1)
    assert old.rejected == fresh.rejected == []
    assert len(old.delivered[0].headers["webhook-signature"].split()) == 2


def test_a_webhook_no_longer_in_the_settings_ends_dead_with_the_reason(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive()
    desk.open(hook(receiver.url, receiver.secret))
    desk.alert()
    desk.open(hook(receiver.url, receiver.secret, name="another"))
    desk.run_due()
    row = desk.row()
    assert (row.state, row.last_error) == ("dead", "webhook is not in the settings")
    assert receiver.alerts == []


def test_an_unwanted_rule_is_kept_and_not_sent(
    desk: Desk, receive: Callable[..., Receiver]
) -> None:
    receiver = receive()
    context = desk.open(hook(receiver.url, receiver.secret, rules=("airline",)))
    desk.alert()
    desk.run_due()
    with context.database.read() as connection:
        muted = {row.rule_id: row.muted for row in connection.execute(select(alerts))}
    assert muted == {"airline": None, "president": "no webhook wants this rule"}
    assert len(receiver.alerts) == 1


def test_a_deliverer_killed_in_mid_delivery_delivers_again_with_the_same_id(
    desk: Desk, newsroom: Newsroom, receive: Callable[..., Receiver]
) -> None:
    secret = new_secret()
    slow = _SlowEndpoint()
    with slow.run_in_thread():
        context = desk.open(hook(slow.base_url + "/hook", secret))
        alert_id = desk.alert()
        queues.dispatch(context.database, context.redis, utc_now())
        with running(context.directory, "work", "--deliveries") as program:
            eventually(lambda: slow.requests, "the deliverer posted", 40)
            os.kill(program.process.pid, signal.SIGKILL)
            program.wait()
        assert desk.row().state == "sending"
        ledger.expire_leases(context)
        desk.run_due()
        first, second = slow.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == alert_id
    for visit, body in zip(slow.requests, slow.bodies, strict=True):
        Webhook(secret).verify(body, dict(visit.headers))
    row = desk.row()
    assert (row.state, row.attempts) == ("delivered", 2)


class _SlowEndpoint(Newsroom):
    """Leaves the first request unanswered."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[bytes] = []

    async def respond(self, listener: int, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.read())
        if len(self.bodies) == 1:
            await self.closing.wait()
        return web.Response(status=204)


def test_a_bug_in_delivering_is_retried_by_the_schedule_and_ends(
    desk: Desk, receive: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = receive()
    desk.open(hook(receiver.url, receiver.secret))
    desk.alert()

    def burst(*_given: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(alert_rules, "sign", burst)
    for _ in range(len(alert_rules.RETRY_DELAYS_S) + 2):
        ledger.expire_leases(desk.context)
        desk.attempt()
    row = desk.row()
    assert row.state == "dead"
    assert "a bug" in row.last_error


def test_many_deliveries_are_sent_through_a_bounded_window(
    desk: Desk, receive: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "WINDOW", 5)
    context = desk.open(hook("http://127.0.0.1:1/", new_secret()))
    alert_id = desk.alert()
    with context.database.write() as tx:
        tx.execute(
            deliveries.insert(),
            [
                {"alert_id": alert_id, "webhook": f"w{n}", "state": "pending", "due_at": utc_now()}
                for n in range(20)
            ],
        )
    for _ in range(3):
        queues.reconcile(context.database, context.redis, utc_now(), 6)
    assert len(Queue(queues.DELIVERIES, connection=context.redis)) == 5


def test_no_page_is_read_from_a_webhook_that_answers_with_too_much(
    desk: Desk, newsroom: Newsroom
) -> None:
    url = newsroom.serve("/hook", PageAnswer("x" * 3_000_000))
    desk.open(hook(url, new_secret()))
    desk.alert()
    desk.run_due()
    assert desk.row().state == "delivered"
