"""Running `wirewatch` as a user does, in the test's own process."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.store.database import Database
from tests.worlds.command_line import Result, Run
from tests.worlds.directory import WorkingDirectory
from workers.cli import main


@pytest.fixture
def wirewatch(
    directory: WorkingDirectory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run `wirewatch -C DIR …`; `stdin` is text or bytes."""
    directory.write()

    def run(*words: str, stdin: str | bytes = "") -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        monkeypatch.setattr(sys, "argv", ["wirewatch", "-C", str(directory.path), *words])
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def store(directory: WorkingDirectory) -> Iterator[Database]:
    """The working directory's database."""
    (directory.path / "data").mkdir()
    opened = Database(f"sqlite:///{directory.path / 'data/wirewatch.db'}")
    opened.migrate()
    yield opened
    opened.close()
