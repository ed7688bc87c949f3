"""What can be wrong with a watchlist: one `Problem` each, and the error that carries them all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import ConfigError

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the lint. An `error` refuses to load; the others are shown by `check`."""

    severity: Severity
    check: str
    """Which check found it, e.g. `unknown-key`: short and stable, users filter by it."""
    where: str
    """`file.yml:line`."""
    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" + (f" — {self.fix}" if self.fix else "")


class BrokenWatchlist(ConfigError):
    """A watchlist that must not be used: keep the last good one. Names every error at once."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        self.problems = tuple(errors)
        first = errors[0]
        if len(errors) == 1:
            super().__init__(first.where, first.text, first.fix)
            return
        lines = "".join(f"\n  {problem}" for problem in errors)
        super().__init__(first.where, f"the watchlist has {len(errors)} errors:{lines}")


def nearest(word: str, known: Iterable[str]) -> str:
    """A fix that names the nearest known word, or nothing when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""
