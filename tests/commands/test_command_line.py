"""What holds for every command: help with an example, exit codes, one line for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from tests.worlds.command_line import Run, in_a_process
from tests.worlds.directory import WorkingDirectory
from workers.cli import app


def commands(group: TyperGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, TyperGroup):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = sorted(commands(typer.main.get_command(app)))  # type: ignore[arg-type]
assert len(COMMANDS) > 20


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_commands_help_has_an_example(wirewatch: Run, command: tuple[str, ...]) -> None:
    done = wirewatch(*command, "--help")
    assert done.code == 0
    shown = " ".join(done.out.split())
    assert "Example: wirewatch" in shown
    assert f" {' '.join(command)}" in shown.partition("Example: wirewatch")[2]


@pytest.mark.parametrize(
    "words", [["nonsense"], ["status", "--nonsense"], ["records"], ["records", "show"], []]
)
def test_wrong_usage_exits_2(wirewatch: Run, words: list[str]) -> None:
    assert wirewatch(*words).code == 2


CONFIGURED = [
    ["run"],
    ["poll", "--once"],
    ["work", "--burst"],
    ["enqueue", "https://a.example/"],
    ["requeue"],
    ["trace", "https://a.example/"],
    ["records", "list"],
    ["feeds", "list"],
    ["alerts", "list"],
    ["status"],
    ["reconcile"],
]


@pytest.mark.parametrize("words", CONFIGURED, ids=" ".join)
def test_a_broken_setting_is_one_line_and_exit_2(
    wirewatch: Run, directory: WorkingDirectory, words: list[str]
) -> None:
    directory.write(settings="[fetch]\ntimeout_s = 'soon'\n")
    done = wirewatch(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {directory.path}/config/settings.toml:2: fetch.timeout_s")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("words", [["poll", "--once"], ["work", "--burst"], ["reconcile"]])
def test_without_a_redis_the_long_running_parts_say_what_to_do(
    wirewatch: Run, words: list[str]
) -> None:
    done = wirewatch(*words)
    assert done.code == 1
    assert "start `wirewatch run` first" in done.err
    assert done.err.count("\n") == 1


def test_a_redis_server_that_does_not_answer_is_said_before_anything_starts(
    wirewatch: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_REDIS_URL", "redis://127.0.0.1:9")  # discard(9): nobody listens
    done = wirewatch("run")
    assert done.code == 1
    assert done.err.startswith("error: Redis does not answer")
    assert "check redis_url" in done.err


def test_a_broken_list_stops_the_daemon_before_anything_starts(
    directory: WorkingDirectory,
) -> None:
    directory.write(rules="- id: x\n  any_of: [nobody]\n  nonsense: 1\n")
    done = in_a_process(directory.path, "run")
    assert (done.code, done.out) == (2, "")
    assert "rules.yml:" in done.err
    assert "Traceback" not in done.err
    assert not list(directory.path.glob("data/**/*.sock")), "no Valkey was started"


def test_a_database_file_that_is_none_is_one_line(
    wirewatch: Run, directory: WorkingDirectory
) -> None:
    (directory.path / "data").mkdir()
    (directory.path / "data/wirewatch.db").write_bytes(b"no database\n" * 999)
    done = wirewatch("status")
    assert done.code == 1
    assert done.err == "error: database: file is not a database\n"


def test_a_data_directory_that_is_a_file_is_one_line(
    wirewatch: Run, directory: WorkingDirectory
) -> None:
    (directory.path / "data").write_text("")
    done = wirewatch("status")
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_in_a_process_of_its_own_json_is_all_there_is_on_stdout(
    directory: WorkingDirectory,
) -> None:
    directory.write()
    done = in_a_process(directory.path, "status", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["urls"]["seen"] == 0


def test_in_a_process_of_its_own_a_broken_setting_is_one_line(directory: WorkingDirectory) -> None:
    directory.write(settings="nonsense = 1\n")
    done = in_a_process(directory.path, "status")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_init_writes_a_config_that_works_and_keeps_what_was_edited(
    wirewatch: Run, tmp_path: Path
) -> None:
    there = ("-C", str(tmp_path / "new"))
    settings = tmp_path / "new/config/settings.toml"
    first = wirewatch(*there, "init")
    assert (first.code, f"wrote {settings}" in first.out) == (0, True)
    assert wirewatch(*there, "feeds", "list").code == 0
    settings.write_text("[work]\nprocesses = 1\n")
    (tmp_path / "new/config/feeds.yml").unlink()
    again = wirewatch(*there, "init")
    assert again.out == f"wrote {tmp_path / 'new/config/feeds.yml'}\n"
    assert settings.read_text() == "[work]\nprocesses = 1\n"
    third = wirewatch(*there, "init")
    assert (third.code, "nothing to do" in third.out) == (0, True)


def test_reconcile_says_what_it_repaired(
    wirewatch: Run, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIREWATCH_REDIS_URL", "redis://127.0.0.1:1/0")
    wirewatch("enqueue", "https://a.example/1", "https://a.example/2")
    monkeypatch.setenv("WIREWATCH_REDIS_URL", redis_url)
    done = wirewatch("reconcile", "--json")
    assert done.json == {"woken": 0, "recovered": 0, "lost": 0, "dispatched": 2}
    assert wirewatch("reconcile").out.startswith("0 jobs sent to Redis")
