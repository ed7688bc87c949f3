"""Our own line to the network: whether it is down, and how fast to poll again after.

Fed with every poll; the judgement is `pipeline.feeds.outage`'s. One poller judges by its own polls.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

from pipeline.feeds.outage import MIN_SITES, RecentPoll, is_own_outage, polling_share

WINDOW_S = 1_800.0
"""Older polls say nothing of now."""
MOST_POLLS = 60
"""Of a busy poller the last ones tell as much, and sooner."""
LONGEST_S = 3 * 86_400.0
"""After so long without any answer it may be the sites after all: they are blamed again."""


class Line:
    """What the last polls say of our line. Times are seconds on a monotonic clock."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, RecentPoll]] = deque(maxlen=MOST_POLLS)
        self._answered_at: float | None = None
        self._recovered_at: float | None = None
        self.down = False

    def note(self, poll: RecentPoll, at: float) -> Literal["down", "up"] | None:
        """Add a poll; answers what the line has just become, None when it is as before."""
        self._recent.append((at, poll))
        while at - self._recent[0][0] > WINDOW_S:
            self._recent.popleft()
        if poll.answered or self._answered_at is None:
            self._answered_at = at
        # Two silent sites of three are no witness yet, as when a poller has just begun.
        silent = {recent.site for _, recent in self._recent if not recent.answered}
        down = len(silent) >= MIN_SITES and is_own_outage(recent for _, recent in self._recent)
        if self.down and not poll.answered:
            # While polls are few, the silence of one says nothing new: an answer ends an outage.
            down = at - self._answered_at < LONGEST_S
        if down == self.down:
            return None
        self.down = down
        self._recovered_at = None if down else at
        return "down" if down else "up"

    def share(self, at: float) -> float:
        """The share of the usual polling to do now: little while it is down, then ever more."""
        if self.down:
            return polling_share(None)
        if self._recovered_at is None:
            return 1.0
        return polling_share(at - self._recovered_at)
