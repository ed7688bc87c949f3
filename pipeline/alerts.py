"""From rule hits to alerts: what is sent, to whom, signed how, and when it is tried again.

In: a record and the rules that fired. Out: alerts (the outbox's rows) with the very bytes to send.
The webhook's body is design.md's contract; headers and retry schedule follow Standard Webhooks 1.0
(https://www.standardwebhooks.com). Sending is left to `workers/deliver.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from standardwebhooks import Webhook as Signer

from pipeline.records import Mention, Record, RuleHit, Tag

RETRY_DELAYS_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Waits between the attempts of one delivery: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h."""
JITTER = 0.2
"""Each wait is lengthened by up to this share, so that endpoints do not see herds."""
SNIPPET = 80
"""Characters of context on each side of a mention."""
EVIDENCE_PER_TAG = 3


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule that fired on one record, or one feed's turn for the worse (`feed_alerts`)."""

    id: str
    """Also the webhook-id: the same for every attempt, so that receivers can drop repeats."""
    rule_id: str
    record_id: str | None
    payload: str
    muted: str | None
    """Why it is not sent, if it is not."""
    webhooks: tuple[str, ...]
    """Names of the endpoints it goes to."""
    feed_id: int | None = None
    """Of a feed's alert: the feed's row."""


def decide(
    record: Record,
    hits: Iterable[RuleHit],
    subscriptions: Mapping[str, Sequence[str]],
    *,
    now: datetime,
    muted: str | None = None,
) -> list[Alert]:
    """The alerts a record raises.

    `subscriptions` names for each webhook the rules it wants, none meaning all. An alert is never
    dropped: one that goes nowhere is kept with the reason in `muted`.
    """
    alerts = []
    for hit in hits:
        names = tuple(name for name, rules in subscriptions.items() if wants(rules, hit.id))
        why = muted or (None if names else "no webhook wants this rule")
        alert_id = alert_identity(hit.id, record.id)
        body = json.dumps(
            _body(alert_id, record, hit, now), ensure_ascii=False, separators=(",", ":")
        )
        alerts.append(Alert(alert_id, hit.id, record.id, body, why, () if why else names))
    return alerts


def wants(rules: Sequence[str], rule_id: str) -> bool:
    """Whether a webhook with these `rules` asks for the alerts of a rule."""
    return not rules or rule_id in rules


def alert_identity(rule_id: str, record_id: str) -> str:
    """The id of the alert that a rule raises on a record: the same however often it is computed."""
    return "alert_" + hashlib.sha256(f"{rule_id}\n{record_id}".encode()).hexdigest()[:24]


def trial_payload(alert_id: str, webhook: str, now: datetime) -> str:
    """The body of a test event: shaped like an alert, plainly none."""
    body = {
        "type": "webhook.test",
        "timestamp": _stamp(now),
        "data": {"alert": alert_id, "webhook": webhook},
    }
    return json.dumps(body, separators=(",", ":"))


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _body(alert_id: str, record: Record, hit: RuleHit, now: datetime) -> dict[str, Any]:
    tags = [tag for tag in record.tags if tag.id in hit.tags]
    return {
        "type": "watchlist.match",
        "timestamp": _stamp(now),
        "data": {
            "alert": alert_id,
            "rule": {"id": hit.id, "label": hit.label, "version": hit.version},
            "record": {
                "id": record.id,
                "url": record.url,
                "title": record.title,
                "site": record.site,
                "published": record.published,
                "language": record.language,
            },
            "story": record.story,
            "tags": [{"id": tag.id, "label": tag.label, "count": tag.count} for tag in tags],
            "evidence": [line for tag in tags for line in _evidence(record, tag)],
        },
    }


def _evidence(record: Record, tag: Tag) -> list[dict[str, str]]:
    """The tag's first mentions with their surroundings, at most EVIDENCE_PER_TAG."""
    return [
        {
            "tag": tag.id,
            "surface": mention.surface,
            "snippet": snippet(record, mention),
            "where": mention.where,
        }
        for mention in tag.mentions[:EVIDENCE_PER_TAG]
    ]


def snippet(record: Record, mention: Mention) -> str:
    """A mention with up to SNIPPET characters on each side, cut at words, within its line."""
    text = (record.title or "") if mention.where == "title" else record.text
    line_start = text.rfind("\n", 0, mention.start) + 1
    line_end = text.find("\n", mention.end)
    line_end = len(text) if line_end < 0 else line_end
    start, end = max(line_start, mention.start - SNIPPET), min(line_end, mention.end + SNIPPET)
    before, after = text[start : mention.start], text[mention.end : end]
    if start > line_start:
        before = "…" + before.partition(" ")[2]
    if end < line_end:
        after = after.rpartition(" ")[0] + "…"
    return before + mention.surface + after


def sign(alert_id: str, payload: str, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The Standard Webhooks headers of one attempt; every secret signs, so that they can rotate."""
    signatures = [Signer(secret).sign(alert_id, now.astimezone(UTC), payload) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": alert_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one attempt means for its delivery."""

    state: Literal["delivered", "pending", "dead"]
    due_at: datetime | None = None
    disable: bool = False
    """The endpoint said 410 Gone: send it nothing more."""


def judge(
    status: int | None,
    attempts: int,
    now: datetime,
    *,
    retry_after_s: float | None = None,
    jitter: float = 0.0,
) -> Verdict:
    """Decide after attempt number `attempts` (from 1).

    `status` is None when there was no answer; `jitter` is in [0, 1).
    2xx is delivered, 410 disables the endpoint, 429 and 503 honour Retry-After, all else is retried
    along RETRY_DELAYS_S; after the last one the delivery is dead, and can be replayed by hand.
    """
    if status is not None and 200 <= status < 300:
        return Verdict("delivered")
    if status == 410:
        return Verdict("dead", disable=True)
    if attempts > len(RETRY_DELAYS_S):
        return Verdict("dead")
    wait = RETRY_DELAYS_S[attempts - 1] * (1 + JITTER * jitter)
    if status in (429, 503) and retry_after_s is not None:
        wait = max(wait, retry_after_s)
    return Verdict("pending", now + timedelta(seconds=wait))
