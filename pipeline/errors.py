"""Everything that can go wrong, as one tree; each leaf says what the caller does about it.

WirewatchError
├── ConfigError          a file or setting is wrong     → say so, exit 2, keep the last good one
├── Unavailable          Redis or the database is away  → say so, try again later
└── IngestError          one URL could not be ingested
    ├── TryLater         it may work later              → retry: `waiting` until then
    ├── Rejected         it is not an article           → drop: `rejected`, with the reason
    └── Broken           it should have worked          → quarantine: `failed`, with the reason
"""

from __future__ import annotations


class WirewatchError(Exception):
    """Base of all errors raised on purpose; its text is one line fit for a user."""


class ConfigError(WirewatchError):
    """A configuration file or setting is wrong. The text names the file, the place and the fix."""

    def __init__(self, where: str, problem: str, fix: str = "") -> None:
        self.where, self.problem, self.fix = where, problem, fix
        super().__init__(f"{where}: {problem}" + (f" — {fix}" if fix else ""))


class Unavailable(WirewatchError):
    """A server we depend on (Redis, the database) does not answer."""


class IngestError(WirewatchError):
    """One URL could not be ingested. `reason` is short and stable: users filter by it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason, detail)  # its arguments, so that it survives pickling

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


class TryLater(IngestError):
    """A passing fault: retry, not before `after_s` seconds when the server asked for that."""

    def __init__(self, reason: str, detail: str = "", after_s: float | None = None) -> None:
        super().__init__(reason, detail)
        self.after_s = after_s


class Rejected(IngestError):
    """The page answered, but is no article (404, PDF, login page …): drop, never retry."""


class Broken(IngestError):
    """The page should have worked and did not (our bug, or a hostile page): quarantine."""
