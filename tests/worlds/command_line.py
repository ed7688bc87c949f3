"""Running `wirewatch` as a user does: what a command answered, and commands in processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Result]


def in_a_process(directory: Path, *words: str) -> Result:
    """Run `wirewatch` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "workers", "-C", str(directory), *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Result(done.returncode, done.stdout, done.stderr)
