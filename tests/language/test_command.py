from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from workers.commands.language import language


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(language)
    return made


def test_it_prints_answer_runner_up_and_why(app: typer.Typer) -> None:
    shown = CliRunner().invoke(app, ["Кіраўнік дзяржавы прыбыў у Бруйсэль"])
    assert shown.exit_code == 0
    assert shown.output.startswith("be ")
    assert "runner-up" in shown.output
    assert "n-grams" in shown.output


def test_it_reads_a_file(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text("Президент прибыл в Брюссель на встречу с министрами", encoding="utf-8")
    shown = CliRunner().invoke(app, [str(file), "--json"])
    assert json.loads(shown.output)["tag"] == "ru"


def test_it_reads_standard_input(app: typer.Typer) -> None:
    shown = CliRunner().invoke(app, ["-", "--json"], input="The minister said that it was over")
    assert json.loads(shown.output)["tag"] == "en"


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_is_undetermined(app: typer.Typer, text: str) -> None:
    shown = CliRunner().invoke(app, [text, "--json"])
    assert json.loads(shown.output)["tag"] == "und"


def test_a_long_text_is_no_path(app: typer.Typer) -> None:
    shown = CliRunner().invoke(app, ["The minister said that it was over. " * 40, "--json"])
    assert json.loads(shown.output)["tag"] == "en"


@pytest.mark.parametrize(
    "argument", ["missing.txt", "./missing", "/no/such/article.html", "stories/today.md"]
)
def test_a_missing_file_is_wrong_usage(app: typer.Typer, argument: str) -> None:
    shown = CliRunner().invoke(app, [argument])
    assert shown.exit_code == 2
    assert "there is no file" in shown.output


def test_a_directory_is_wrong_usage(app: typer.Typer, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, [str(tmp_path)]).exit_code == 2


@pytest.mark.parametrize(
    "text", ["Навіны за 24/11", "https://example.org/a", "Сёння", "example.org"]
)
def test_a_text_with_a_slash_or_a_dot_is_a_text(app: typer.Typer, text: str) -> None:
    assert CliRunner().invoke(app, [text]).exit_code == 0


def test_standard_input_that_is_no_text_is_wrong_usage(app: typer.Typer) -> None:
    assert CliRunner().invoke(app, ["-"], input=b"\xff\xfe\x00").exit_code == 2


def test_a_byte_order_mark_is_no_text(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_bytes(b"\xef\xbb\xbf")
    shown = CliRunner().invoke(app, [str(file), "--json"])
    assert json.loads(shown.output)["tag"] == "und"


def test_a_file_that_is_no_text_is_wrong_usage(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    assert CliRunner().invoke(app, [str(file)]).exit_code == 2
