"""The generated pages are the program's own; what README shows exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("cli.md", generate.cli_page),
        ("settings.md", generate.settings_page),
        ("metrics.md", generate.metrics_page),
    ],
)
def test_a_generated_page_says_what_the_program_says(page: str, written: object) -> None:
    assert callable(written)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert text == written(), "the program has changed: run `make docs`"


def test_every_setting_is_explained() -> None:
    page = generate.settings_page()
    empty = [line for line in page.splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert empty == []


def test_every_command_shows_an_example() -> None:
    page = generate.cli_page()
    without = [
        part.splitlines()[0]
        for part in page.split("\n## ")[1:]
        if "Example: `wirewatch" not in part
    ]
    assert without == []


def test_readme_names_only_commands_and_targets_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"wirewatch (?:-C \S+ )?([a-z]+)", readme))
    known = set(re.findall(r"^## wirewatch ([a-z]+)", generate.cli_page(), re.MULTILINE))
    assert commands <= known
    targets = set(re.findall(r"`?make ([a-z]+)", readme))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def test_make_alone_lists_every_target_in_one_line_each() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert {line.split()[0] for line in shown.splitlines()} == phony


def test_no_lock_file_names_where_packages_come_from() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|--(?:extra-)?index-url|file://", text), name


def test_the_command_runs_as_a_module_too() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "workers", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert shown.returncode == 0
    assert "chain of custody" in shown.stdout or "story of every" in shown.stdout
