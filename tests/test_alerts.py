"""Alerts: which are raised, the webhook's contract, the signature, and when to try again."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from pipeline import alerts
from pipeline.alerts import Verdict, judge
from pipeline.records import Mention, RuleHit, Tag
from tests.worlds.store import BELAVIA, NOW, article, record

HIT = RuleHit("airline", "Авиакомпания", "v1", ("belavia",))
RECORD = record(article(1))
OLD, NEW = ("whsec_" + base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))


def decided(*hits: RuleHit, **options: object) -> list[alerts.Alert]:
    subscriptions = options.pop("subscriptions", {"newsroom": [], "archive": ["president"]})
    return alerts.decide(RECORD, hits, subscriptions, now=NOW, **options)  # type: ignore[arg-type]


# -- which alerts ------------------------------------------------------------------------------


def test_a_webhook_gets_the_rules_it_wants_and_all_when_it_names_none() -> None:
    first, second = decided(HIT, replace(HIT, id="president"))
    assert (first.webhooks, first.muted) == (("newsroom",), None)
    assert second.webhooks == ("newsroom", "archive")


def test_an_alert_that_nobody_wants_is_kept_with_the_reason() -> None:
    (alert,) = decided(HIT, subscriptions={"archive": ["president"]})
    assert (alert.webhooks, alert.muted) == ((), "no webhook wants this rule")
    (alert,) = decided(HIT, subscriptions={})
    assert alert.muted == "no webhook wants this rule"


def test_a_muted_alert_is_kept_with_its_reason_and_goes_nowhere() -> None:
    (alert,) = decided(HIT, muted="queued with --no-alert")
    assert (alert.webhooks, alert.muted) == ((), "queued with --no-alert")
    assert json.loads(alert.payload)["data"]["rule"]["id"] == "airline"


def test_no_rule_no_alert() -> None:
    assert decided() == []


def test_an_alert_has_the_same_id_whenever_it_is_raised() -> None:
    later = alerts.decide(RECORD, [HIT], {}, now=NOW + timedelta(days=9))
    assert later[0].id == decided(HIT)[0].id == alerts.alert_identity("airline", RECORD.id)
    others = {alerts.alert_identity(rule, key) for rule in "ab" for key in ("1", "2")}
    assert len(others) == 4


# -- the contract ------------------------------------------------------------------------------


def test_the_payload_is_the_contract() -> None:
    (alert,) = decided(HIT)
    assert json.loads(alert.payload) == {
        "type": "watchlist.match",
        "timestamp": "2025-10-17T06:41:00Z",
        "data": {
            "alert": alert.id,
            "rule": {"id": "airline", "label": "Авиакомпания", "version": "v1"},
            "record": {
                "id": RECORD.id,
                "url": RECORD.url,
                "title": "Белавиа",
                "site": "news.example",
                "published": "2025-10-17T09:41:00+03:00",
                "language": "ru",
            },
            "story": RECORD.story,
            "tags": [{"id": "belavia", "label": "Belavia", "count": 1}],
            "evidence": [
                {
                    "tag": "belavia",
                    "surface": "Белавиа",
                    "snippet": "Белавиа летает.",
                    "where": "lead",
                }
            ],
        },
    }


def test_only_the_rules_own_tags_are_evidence_at_most_three_mentions_each() -> None:
    mention = BELAVIA.mentions[0]
    many = replace(BELAVIA, count=9, mentions=(mention,) * 9)
    other = replace(BELAVIA, id="minsk")
    made = replace(RECORD, tags=(many, other))
    (alert,) = alerts.decide(made, [HIT], {}, now=NOW)
    data = json.loads(alert.payload)["data"]
    assert [tag["id"] for tag in data["tags"]] == ["belavia"]
    assert [line["tag"] for line in data["evidence"]] == ["belavia"] * alerts.EVIDENCE_PER_TAG


def test_a_record_without_title_or_date_has_null_there() -> None:
    bare = replace(RECORD, title=None, published=None)
    (alert,) = alerts.decide(bare, [HIT], {}, now=NOW)
    found = json.loads(alert.payload)["data"]["record"]
    assert (found["title"], found["published"]) == (None, None)


# -- snippets ----------------------------------------------------------------------------------


def snippet(text: str, surface: str, where: str = "body") -> str:
    start = text.index(surface)
    mention = Mention(start, start + len(surface), surface, surface, where)  # type: ignore[arg-type]
    made = record(article(1), text, title=text if where == "title" else None)
    return alerts.snippet(made, mention)


def test_a_snippet_stays_within_its_line() -> None:
    assert snippet("Первый.\n\nВторой Минск здесь.\n\nТретий.", "Минск") == "Второй Минск здесь."


def test_a_snippet_of_the_title_is_cut_from_the_title() -> None:
    assert snippet("Встреча в Минске", "Минске", "title") == "Встреча в Минске"


def test_a_long_line_is_cut_at_words_with_an_ellipsis() -> None:
    found = snippet("слово " * 40 + "Минск" + " слово" * 40, "Минск")
    assert found.startswith("…слово ")
    assert found.endswith(" слово…")
    assert " Минск " in found
    assert len(found) <= 2 * alerts.SNIPPET + len("Минск") + 2


@given(
    st.text(alphabet="ab \n", max_size=300),
    st.text(alphabet="ab", min_size=1, max_size=5),
    st.text(alphabet="ab \n", max_size=300),
)
def test_a_snippet_always_shows_its_mention_in_one_short_line(
    before: str, surface: str, after: str
) -> None:
    text = before + surface + after
    mention = Mention(len(before), len(before) + len(surface), surface, surface, "body")
    found = alerts.snippet(record(article(1), text), mention)
    assert surface in found
    assert "\n" not in found
    assert len(found) <= 2 * alerts.SNIPPET + len(surface) + 2
    assert all(part in text for part in found.split("…"))


# -- the signature -----------------------------------------------------------------------------


def signed(*secrets: str) -> tuple[str, dict[str, str]]:
    (alert,) = decided(HIT)
    return alert.payload, alerts.sign(alert.id, alert.payload, secrets, datetime.now(UTC))


def test_a_receiver_verifies_the_signature_of_a_body_in_cyrillic() -> None:
    payload, headers = signed(NEW)
    assert Webhook(NEW).verify(payload.encode(), headers)["type"] == "watchlist.match"
    assert headers["webhook-id"] == json.loads(payload)["data"]["alert"]
    assert headers["content-type"] == "application/json"


def test_while_secrets_rotate_both_verify_and_no_other() -> None:
    payload, headers = signed(NEW, OLD)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (NEW, OLD):
        Webhook(secret).verify(payload.encode(), headers)
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(payload.encode(), headers)


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp"])
def test_what_was_changed_on_the_way_does_not_verify(change: str) -> None:
    payload, headers = signed(NEW)
    if change == "body":
        payload = payload.replace("Belavia", "Belavla")
    elif change == "webhook-id":
        headers["webhook-id"] += "x"
    else:
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(payload.encode(), headers)


def test_the_timestamp_is_the_attempts_own_moment_in_any_zone() -> None:
    headers = alerts.sign("alert_1", "{}", [NEW], NOW)
    east = NOW.astimezone(tz=None)
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert alerts.sign("alert_1", "{}", [NEW], east) == headers


# -- when to try again -------------------------------------------------------------------------

SCHEDULE = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]


def wait(verdict: Verdict) -> float:
    assert verdict.state == "pending"
    assert verdict.due_at is not None
    return (verdict.due_at - NOW).total_seconds()


def test_a_refused_delivery_follows_the_schedule_and_then_is_dead() -> None:
    assert [wait(judge(500, attempt, NOW)) for attempt in range(1, 10)] == SCHEDULE
    assert judge(500, 10, NOW) == Verdict("dead")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_delivered_at_any_attempt(status: int) -> None:
    assert judge(status, 1, NOW) == judge(status, 10, NOW) == Verdict("delivered")


@pytest.mark.parametrize("status", [None, 100, 300, 301, 304, 400, 401, 404, 418, 500, 503, 599])
def test_everything_else_is_tried_again(status: int | None) -> None:
    assert wait(judge(status, 1, NOW)) == 5


def test_gone_disables_the_endpoint_at_once() -> None:
    assert judge(410, 1, NOW) == Verdict("dead", disable=True)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_when_it_is_longer(status: int) -> None:
    assert wait(judge(status, 1, NOW, retry_after_s=60)) == 60
    assert wait(judge(status, 2, NOW, retry_after_s=60)) == 300
    assert judge(status, 10, NOW, retry_after_s=60) == Verdict("dead")


def test_retry_after_of_other_answers_counts_for_nothing() -> None:
    assert wait(judge(500, 1, NOW, retry_after_s=60)) == 5


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_jitter_lengthens_a_wait_by_a_fifth_at_most(attempt: int, jitter: float) -> None:
    planned = SCHEDULE[attempt - 1]
    assert planned <= wait(judge(500, attempt, NOW, jitter=jitter)) <= planned * 1.2


def test_tags_of_the_record_that_no_rule_asked_for_stay_out() -> None:
    (alert,) = alerts.decide(RECORD, [RuleHit("r", "R", "v", ())], {}, now=NOW)
    data = json.loads(alert.payload)["data"]
    assert (data["tags"], data["evidence"]) == ([], [])
    assert isinstance(RECORD.tags[0], Tag)
