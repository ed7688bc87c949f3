"""`benchmarks/language.py` on files of a user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from benchmarks import language

ROWS = [
    {"text": "Улады вызвалілі журналіста пасля пяці гадоў турмы", "lang": "be", "class": "caption"},
    {"text": "The minister said that it was over", "lang": "en", "class": "headline"},
    {"text": "The minister said that it was over", "lang": "ru", "class": "headline"},
]


def score(file: Path, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(language.main)
    return CliRunner().invoke(app, [str(file), "--repeats", "1", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_it_scores_each_language_and_class_of_the_file(file: Path) -> None:
    shown = score(file, "--against", "")
    assert shown.exit_code == 0
    lines = [line.split() for line in shown.output.splitlines()]
    assert ["be", "1", "100.00"] in lines
    assert ["en", "1", "100.00"] in lines
    assert ["ru", "1", "0.00"] in lines
    assert "caption: percent right" in shown.output
    assert "repeats with another answer: 0" in shown.output


def test_a_library_that_is_missing_is_named_with_how_to_install_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> language.System:
        raise ImportError

    monkeypatch.setitem(language.SYSTEMS, "lingua", missing)
    shown = score(file, "--against", "lingua")
    assert shown.exit_code == 0
    assert f"lingua: not installed, left out ({language.INSTALL})" in shown.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "hold no labelled text"),
        ('{"text": "a"}\n', "needs text, lang and class"),
        ("[]\n", "needs text, lang and class"),
        ("no JSON\n", "no JSON"),
    ],
)
def test_a_file_that_is_not_labelled_is_wrong_usage(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(content, encoding="utf-8")
    shown = score(path)
    assert shown.exit_code == 2
    assert said in " ".join(shown.output.replace("│", " ").split())


def test_a_system_that_is_not_known_is_wrong_usage(file: Path) -> None:
    shown = score(file, "--against", "another")
    assert shown.exit_code == 2
    assert "no system another" in shown.output
