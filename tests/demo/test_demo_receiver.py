from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from workers.demo.receiver import Answer, Receiver, new_secret

BODY = json.dumps({"type": "watchlist.match", "data": {"label": "Лукашэнка"}}).encode()


def signed(
    secret: str, body: bytes = BODY, *, age: timedelta = timedelta(), alert: str = "msg_1"
) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "Content-Type": "application/json",
        "Webhook-Id": alert,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(alert, at, body.decode()),
    }


def test_a_signed_delivery_is_kept_with_its_headers(receiver: Receiver, ask: Any) -> None:
    assert ask(receiver.url, signed(receiver.secret), "POST", BODY).status == 204
    (alert,) = receiver.alerts
    assert alert.id == "msg_1"
    assert alert.body == json.loads(BODY)
    assert alert.headers["content-type"] == "application/json"
    assert receiver.rejected == []


def test_a_signature_by_another_secret_is_refused(receiver: Receiver, ask: Any) -> None:
    assert ask(receiver.url, signed(new_secret()), "POST", BODY).status == 401
    assert receiver.alerts == []
    assert "No matching signature" in receiver.rejected[0].reason


def test_an_altered_body_is_refused(receiver: Receiver, ask: Any) -> None:
    altered = BODY.replace(b"match", b"catch")
    assert ask(receiver.url, signed(receiver.secret), "POST", altered).status == 401
    assert receiver.alerts == []


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_delivery_far_from_now_is_refused(receiver: Receiver, ask: Any, age: timedelta) -> None:
    headers = signed(receiver.secret, age=age)
    assert ask(receiver.url, headers, "POST", BODY).status == 401
    assert "timestamp too" in receiver.rejected[0].reason


@pytest.mark.parametrize("missing", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
def test_a_delivery_without_one_of_the_headers_is_refused(
    receiver: Receiver, ask: Any, missing: str
) -> None:
    headers = signed(receiver.secret)
    del headers[missing]
    assert ask(receiver.url, headers, "POST", BODY).status == 401


@pytest.mark.parametrize("signature", ["v1", "v1,%%%", "v1a,AAAA", "nonsense", "v1,a b,c,d"])
def test_a_malformed_signature_is_refused(receiver: Receiver, ask: Any, signature: str) -> None:
    headers = {**signed(receiver.secret), "Webhook-Signature": signature}
    assert ask(receiver.url, headers, "POST", BODY).status == 401
    assert len(receiver.rejected) == 1


@pytest.mark.parametrize("body", [b"not json", b"[1, 2]"])
def test_a_signed_body_that_is_no_json_object_is_refused(
    receiver: Receiver, ask: Any, body: bytes
) -> None:
    assert ask(receiver.url, signed(receiver.secret, body), "POST", body).status == 401


def test_a_body_that_is_no_text_is_refused(receiver: Receiver, ask: Any) -> None:
    assert ask(receiver.url, signed(receiver.secret), "POST", b"\xff\xfe").status == 401


def test_one_good_signature_among_several_is_enough(receiver: Receiver, ask: Any) -> None:
    headers = signed(receiver.secret)
    old = signed(new_secret())["Webhook-Signature"]
    headers["Webhook-Signature"] = f"{old} {headers['Webhook-Signature']}"
    assert ask(receiver.url, headers, "POST", BODY).status == 204


def test_scripted_answers_come_in_turn_and_then_all_is_well(ask: Any) -> None:
    receiver = Receiver(script=[500, Answer(429, {"Retry-After": "7"}), 410])
    with receiver.run_in_thread():
        answers = [ask(receiver.url, signed(receiver.secret), "POST", BODY) for _ in range(4)]
    assert [answer.status for answer in answers] == [500, 429, 410, 204]
    assert answers[1].headers["retry-after"] == "7"
    assert [alert.status for alert in receiver.alerts] == [500, 429, 410, 204]
    assert [alert.status for alert in receiver.delivered] == [204]


def test_a_refused_delivery_uses_up_no_scripted_answer(ask: Any) -> None:
    receiver = Receiver(script=[503])
    with receiver.run_in_thread():
        assert ask(receiver.url, signed(new_secret()), "POST", BODY).status == 401
        assert ask(receiver.url, signed(receiver.secret), "POST", BODY).status == 503


def test_only_posts_to_the_hook_are_deliveries(receiver: Receiver, ask: Any) -> None:
    assert ask(receiver.url).status == 405
    assert ask(receiver.base_url + "/", signed(receiver.secret), "POST", BODY).status == 404
    assert receiver.alerts == []
