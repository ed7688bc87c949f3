"""Is it them or us? When most sites fail at the network at once, it is our own line that is down.

In: the last polls over all feeds. Out: whether to blame nobody, and how fast to poll again after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MIN_SITES: Final = 3
"""Fewer sites prove nothing."""
OUTAGE_SHARE: Final = 0.6
PROBE_SHARE: Final = 0.05
"""Share of the normal polling rate while the line is down, and at the start of the recovery."""
RAMP_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class RecentPoll:
    """One poll of the last minutes."""

    site: str
    answered: bool
    """An HTTP status came, whichever: the network works."""
    was_failing: bool = False
    """The feed had been failing before: its silence says nothing about us."""


def is_own_outage(recent_outcomes: Iterable[RecentPoll]) -> bool:
    """Whether most of the sites that worked before are silent now.

    Judged by the last poll of each site (the order is oldest first), so that the first answers
    after an outage end it.
    """
    last = {poll.site: poll.answered for poll in recent_outcomes if not poll.was_failing}
    silent = sum(not answered for answered in last.values())
    return len(last) >= MIN_SITES and silent >= OUTAGE_SHARE * len(last)


def polling_share(recovered_for_s: float | None) -> float:
    """The share of the normal polling rate to use: None while the outage lasts, then a ramp to 1.

    Ramps over five minutes, so that a thousand overdue feeds do not all start at once.
    """
    if recovered_for_s is None:
        return PROBE_SHARE
    progress = min(max(recovered_for_s / RAMP_S, 0.0), 1.0)
    return PROBE_SHARE + (1.0 - PROBE_SHARE) * progress
