"""When a feed is asked next, and what it has come to. Pure: one poll's outcome changes the state.

In: the feed's state, what the poll came to, the time, a random number. Out: the new state, whose
`next_poll` says when (None: never again by itself). The store keeps it as one JSON value.

- The wait follows the feed's own rhythm (`rhythm`), shortened when much of the feed was new.
- Never sooner than the feed or its server ask: ttl, sy:period, Cache-Control, Expires,
  Retry-After, skipHours, skipDays; on 200, 304 and errors alike.
- A feed that a hub pushes (WebSub) is polled as any other until push has been ahead of the polls
  five times in a row, then less often; never not at all, and as before at the first miss.
- Failures lengthen the wait by their weight, to a day, after a month's worth to a week; no feed is
  ever given up but for a 410. Our own outage blames no feed (`postpone`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipeline.feeds.rhythm import MEMORY_S
from pipeline.feeds.state import FeedState, PollOutcome, Status

__all__ = [
    "FeedState",
    "Policy",
    "PollOutcome",
    "Status",
    "ask_in_full",
    "failure_weight",
    "is_push_proven",
    "move_due",
    "next_poll",
    "postpone",
    "quiet_after",
    "settle_move",
]

DAY_S: Final = 86_400.0
JITTER: Final = 0.1
"""Waits are lengthened by up to this share, so that feeds do not come in herds."""
RETRY_BASE_S: Final = 900.0
"""A failing feed is tried again after a quarter of an hour at first, even if it is slow."""
WEEKLY_AFTER: Final = 30.0
"""Weighted failures after which a feed is asked weekly: a month of daily hard ones."""
BROKEN_AFTER: Final = 3.0
"""Weighted failures that make a feed `broken`: a few hours of them."""
MOVE_ANSWERS: Final = 5
MOVE_AFTER: Final = timedelta(days=3)
OVERFLOW_SHOWN: Final = timedelta(days=1)
"""An overflow stays visible for a day; a later one within it is no news."""
FULL_EVERY: Final = timedelta(days=7)
FULL_EVERY_WHEN_QUIET: Final = timedelta(days=1)
DISTRUST: Final = timedelta(days=30)
"""How long a server whose validators lied is asked without them."""
QUIET_GAPS: Final = 3.0
QUIET_LONGEST: Final = 2.0
QUIET_AT_LEAST: Final = timedelta(hours=3)
PUSH_PROVEN: Final = 5
"""Polls in a row that push was ahead of, before polls get rarer."""
PUSH_RARER: Final = 6.0
"""How much longer the wait then is: polls still find what push loses, within the same bounds."""
UNDATED_AT_ONCE: Final = 100
"""Entries without a likely date counted of one poll: an imported archive is no rhythm."""

# Weights of failures (after Media Cloud's): how sure a failure is to last.
HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
_TEMPORARY_STATUS: Final = frozenset({408, 425, 429, 502, 503, 504, *range(520, 528), 530})
_TEMPORARY_ERRORS: Final = (
    "timeout",
    "connection failed",
    "dns failed",
    "proxy failed",
    "internal error",
)
_SOFT_ERRORS: Final = (
    "tls failed",
    "broken body",
    "broken answer",
    "challenge",
    "html",
    "empty",
    "not a feed",
    "unreadable gzip",
    "parser failed",
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What an operator may set for all feeds or for one."""

    min_s: float = 120.0
    max_s: float = DAY_S
    hourly_wait_s: float = 900.0
    """The wait of a feed that has an entry an hour; the one knob of the learned schedule. With 15
    minutes, a feed with ten entries an hour is polled every 2.4 minutes, with one a day every
    three hours. Smaller is sooner and costs more requests."""
    interval_s: float | None = None
    """A fixed interval instead of the learned one. What the feed asks for still holds."""


DEFAULT_POLICY: Final = Policy()


def next_poll(
    state: FeedState,
    outcome: PollOutcome,
    now: datetime,
    jitter: float,
    policy: Policy = DEFAULT_POLICY,
) -> FeedState:
    """The state after a poll at `now` (aware). `jitter` is in [0, 1)."""
    if outcome.status == 410:
        return replace(state, status="gone", next_poll=None, last_polled=now, last_error="gone")
    if outcome.error == "no items":
        # It is a feed and it answered: a state to show, no reason to ask less often.
        outcome = replace(outcome, kind="changed", entries=0, known=0)
    if outcome.kind == "failed":
        return _failed(state, outcome, now, jitter, policy)
    learned = replace(_learn(state, outcome, now), push_streak=_push_streak(state, outcome))
    interval = _interval(learned, state, outcome, now, policy)
    new = replace(
        learned,
        interval_s=interval,
        failures=0.0,
        failing_since=None,
        last_error=_blemish(state, outcome),
        last_polled=now,
        last_success=now,
        hubless=state.hubless if outcome.hubless is None else outcome.hubless,
    )
    new = replace(new, status=_status(new, now))
    return replace(new, next_poll=_at(new, interval, outcome.retry_after_s, now, jitter, policy))


def postpone(state: FeedState, now: datetime, jitter: float) -> FeedState:
    """The state after a poll that our own outage spoiled: no blame, soon again, spread out."""
    wait = min(state.interval_s, RETRY_BASE_S) * (0.5 + jitter)
    return replace(state, next_poll=now + timedelta(seconds=wait))


def failure_weight(status: int | None, error: str | None) -> float:
    """How much one failure counts: 1 hard, ½ soft, ¼ temporary."""
    reason = (error or "").lower()
    if status in _TEMPORARY_STATUS or reason.startswith(_TEMPORARY_ERRORS):
        return TEMPORARY
    if status == 404 or (status or 0) >= 500 or reason.startswith(_SOFT_ERRORS):
        return SOFT
    return HARD


def ask_in_full(state: FeedState, now: datetime) -> bool:
    """Whether to send no validators: the server lied before, or has long said `unchanged`."""
    if state.last_full is None or (state.distrust_until is not None and now < state.distrust_until):
        return True
    if not state.unchanged:
        return False
    patience = FULL_EVERY_WHEN_QUIET if state.status == "quiet" else FULL_EVERY
    return now - state.last_full >= patience


def is_push_proven(state: FeedState) -> bool:
    """Whether a hub's pushes have been ahead of the polls for long enough to poll less."""
    return state.push_streak >= PUSH_PROVEN


def move_due(state: FeedState) -> str | None:
    """The address that the feed has moved to for good, when that is certain enough."""
    if state.moved_since is None or state.last_polled is None or state.moved_seen < MOVE_ANSWERS:
        return None
    return state.moved_to if state.last_polled - state.moved_since >= MOVE_AFTER else None


def settle_move(state: FeedState) -> FeedState:
    """The state at the new address, once the feed has been moved (or the move was undone)."""
    return replace(
        state,
        status="ok" if state.status == "moved" else state.status,
        moved_to=None,
        moved_seen=0,
        moved_since=None,
        distrust_until=None,
        last_full=None,
    )


def quiet_after(state: FeedState) -> float:
    """The silence that is too long, as the number of entries that should have come in it.

    Three times the normal gap (in which one entry is expected, by the hour and the weekday), and
    twice the longest silence of the last weeks: a feed that publishes irregularly is not told to
    have gone quiet every week.
    """
    return max(QUIET_GAPS, QUIET_LONGEST * state.longest_gap)


def _failed(
    state: FeedState, outcome: PollOutcome, now: datetime, jitter: float, policy: Policy
) -> FeedState:
    failures = state.failures + failure_weight(outcome.status, outcome.error)
    error = outcome.error or f"HTTP {outcome.status}"
    broken = failures >= BROKEN_AFTER
    new = replace(
        state,
        status="broken" if broken else state.status,
        failures=failures,
        failing_since=state.failing_since or now,
        last_error=error,
        last_polled=now,
        max_age_s=outcome.max_age_s,
    )
    if state.status == "gone":  # polled by hand: only a success brings it back
        return replace(new, status="gone", next_poll=None)
    if failures >= WEEKLY_AFTER:
        policy = replace(policy, max_s=7 * DAY_S)
        wait = policy.max_s
    else:
        base = min(max(state.interval_s, policy.min_s), RETRY_BASE_S)
        wait = min(base * 2.0**failures, policy.max_s)
    return replace(new, next_poll=_at(new, wait, outcome.retry_after_s, now, jitter, policy))


def _learn(state: FeedState, outcome: PollOutcome, now: datetime) -> FeedState:
    """What the answer teaches: rhythm, silences, wishes, moves and lies."""
    new_entries = max(outcome.entries - outcome.known, 0) if outcome.kind == "changed" else 0
    first = state.last_full is None
    since = state.last_success or now
    arrivals = _arrivals(outcome.published, new_entries, since, now)
    past = sorted(p for p in outcome.published if p <= now)
    if first:
        since = max(past[0], now - timedelta(seconds=MEMORY_S)) if past else now
        arrivals = [p for p in past if p >= since]
    learned = replace(
        state,
        rhythm=state.rhythm.observe(since, now, arrivals),
        max_age_s=outcome.max_age_s,
        unchanged=state.unchanged + 1 if outcome.kind == "unchanged" else 0,
        **_move(state, outcome, now),
    )
    if outcome.kind == "unchanged":
        # A whole body, equal to the last one, is as good a proof as a changed one.
        return learned if outcome.conditional else replace(learned, unchanged=0, last_full=now)
    if first:
        learned = replace(learned, last_new=past[-1] if past else now)
    elif new_entries:
        begun = state.last_new or since
        silence = round(state.rhythm.expected(begun, min(arrivals, default=now)), 3)
        faded = math.exp(-max((now - begun).total_seconds(), 0.0) / MEMORY_S)
        learned = replace(
            learned,
            last_new=max(arrivals, default=now),
            longest_gap=max(silence, state.longest_gap * faded),
        )
    missed = outcome.known == 0 and outcome.pushed == 0
    overflow = not first and new_entries >= 2 and missed and state.window > 0
    lied = (
        state.unchanged > 0
        and not outcome.conditional
        and any(p < (state.last_polled or now) for p in outcome.published)
    )
    return replace(
        learned,
        last_full=now,
        window=outcome.entries,
        last_overflow=now if overflow else state.last_overflow,
        distrust_until=now + DISTRUST if lied else state.distrust_until,
        ttl_s=outcome.ttl_s,
        skip_hours=outcome.skip_hours,
        skip_days=outcome.skip_days,
    )


def _arrivals(
    published: Sequence[datetime], count: int, since: datetime, now: datetime
) -> list[datetime]:
    """When `count` new entries came: as published if that can be, else when they were seen."""
    likely = sorted(p for p in published if since - timedelta(hours=12) <= p <= now)[:count]
    return likely + [now] * min(count - len(likely), UNDATED_AT_ONCE)


def _move(state: FeedState, outcome: PollOutcome, now: datetime) -> dict[str, Any]:
    target = outcome.permanent_redirect
    if target is None:
        return {"moved_to": None, "moved_seen": 0, "moved_since": None}
    if target != state.moved_to or state.moved_since is None:
        return {"moved_to": target, "moved_seen": 1, "moved_since": now}
    return {"moved_seen": state.moved_seen + 1}


def _interval(
    learned: FeedState, before: FeedState, outcome: PollOutcome, now: datetime, policy: Policy
) -> float:
    """The wait by the feed's rhythm, shortened when new entries filled much of the document."""
    if policy.interval_s is not None:
        return policy.interval_s
    wait = learned.rhythm.wait_s(now, policy.hourly_wait_s, policy.max_s)
    new_entries = outcome.entries - outcome.known - outcome.pushed
    if before.last_success is not None and outcome.entries and new_entries * 3 > outcome.entries:
        # At the pace of this poll, a third of the document will be new in:
        elapsed = (now - before.last_success).total_seconds()
        wait = min(wait, elapsed * outcome.entries / (3 * new_entries))
    if is_push_proven(learned):
        wait *= PUSH_RARER
    return min(max(wait, policy.min_s), policy.max_s)


def _push_streak(state: FeedState, outcome: PollOutcome) -> int:
    """A poll that finds something first ends the streak, as does a hub that has not agreed."""
    if not outcome.is_pushed or outcome.entries > outcome.known + outcome.pushed:
        return 0
    return min(state.push_streak + (outcome.pushed > 0), PUSH_PROVEN)


def _blemish(state: FeedState, outcome: PollOutcome) -> str | None:
    """What is wrong with a poll that succeeded."""
    if outcome.kind == "changed":
        return None if outcome.entries else "no items"
    return state.last_error if state.last_error == "no items" else None


def _status(state: FeedState, now: datetime) -> Status:
    if move_due(state):
        return "moved"
    if state.last_error:
        return "broken"
    if state.last_overflow is not None and now - state.last_overflow < OVERFLOW_SHOWN:
        return "overflow"
    if state.last_new is not None and now - state.last_new >= QUIET_AT_LEAST:
        expected = state.rhythm.expected(state.last_new, now)
        if expected >= quiet_after(state):
            return "quiet"
    return "ok"


def _at(
    state: FeedState,
    wait: float,
    retry_after_s: float | None,
    now: datetime,
    jitter: float,
    policy: Policy,
) -> datetime:
    """`wait` from now, jittered, but no sooner than asked for and in none of the skipped hours."""
    asked = min(max(state.ttl_s or 0.0, state.max_age_s or 0.0), DAY_S)
    floor = max(policy.min_s, asked, retry_after_s or 0.0)
    spread = 1 + JITTER * jitter
    seconds = min(max(wait, floor) * spread, max(policy.max_s, floor))
    return _outside(now + timedelta(seconds=seconds), state.skip_hours, state.skip_days, jitter)


def _outside(
    moment: datetime, hours: frozenset[int], days: frozenset[int], jitter: float
) -> datetime:
    """The first moment from `moment` on that is in no skipped hour or day, if there is one."""
    if not hours and not days:
        return moment
    candidate = moment.astimezone(UTC)
    for _ in range(8 * 24):
        if candidate.hour not in hours and candidate.weekday() not in days:
            if candidate == moment:
                return moment
            return candidate + timedelta(minutes=10 * jitter)
        candidate = candidate.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment
