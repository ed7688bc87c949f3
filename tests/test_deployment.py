"""The container files fit the program. (No engine runs them here: what can be read is checked.)"""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
import yaml

from pipeline import settings
from workers import daemon
from workers.cli import app

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_every_service_runs_a_command_that_exists() -> None:
    commands = typer.main.get_command(app)
    ours = [service for service in COMPOSE["services"].values() if "build" in service]
    assert {service["command"][0] for service in ours} == {"poll", "work", "web"}
    for service in ours:
        name, *options = service["command"]
        known = {
            flag for parameter in commands.get_command(None, name).params for flag in parameter.opts
        }
        assert set(options) <= known


def test_the_environment_of_the_services_is_made_of_settings(tmp_path: Path) -> None:
    for service in COMPOSE["services"].values():
        if "build" in service:
            environment = service["environment"]
            filled = {k: re.sub(r"\$\{[^}]*\}", "secret", v) for k, v in environment.items()}
            loaded = settings.load(tmp_path, filled)
            assert loaded.redis_url.startswith("redis://")
            assert loaded.database_url.startswith("postgresql+psycopg://")


def test_services_run_without_rights_they_do_not_need() -> None:
    for name in ("poll", "work", "deliver", "web"):
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "healthcheck" in service
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER wirewatch$", dockerfile, re.MULTILINE)


def test_the_image_is_built_from_files_that_exist_and_are_let_in() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    sources = [
        word
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE)
        for word in line.split()
    ]
    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in let_in


def test_health_checks_run_commands_that_exist() -> None:
    commands = typer.main.get_command(app)
    for service in COMPOSE["services"].values():
        kind, *words = service["healthcheck"]["test"]
        assert kind in ("CMD", "CMD-SHELL")
        if words[0] == "wirewatch":
            assert commands.get_command(None, words[1]) is not None


def test_what_is_written_goes_to_volumes_that_are_declared_and_bounded_logs() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["mem_limit"], name
        assert service["logging"]["options"]["max-size"], name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"], volume


def test_servers_are_waited_for_until_they_are_healthy() -> None:
    for name, service in COMPOSE["services"].items():
        for other, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}, name
            assert "healthcheck" in COMPOSE["services"][other]


def test_a_service_is_given_time_to_end_what_it_is_at() -> None:
    for service in COMPOSE["services"].values():
        if "build" in service:
            assert float(service["stop_grace_period"].rstrip("s")) > 2 * daemon.PATIENCE_S
