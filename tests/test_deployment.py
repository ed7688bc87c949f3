"""The container files fit the program. (No engine runs them here: what can be read is checked.)"""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
import yaml

from pipeline import settings
from workers.cli import app

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_every_service_runs_a_command_that_exists() -> None:
    commands = typer.main.get_command(app)
    ours = [service for service in COMPOSE["services"].values() if "build" in service]
    assert len(ours) == 3
    for service in ours:
        name, *options = service["command"]
        known = {
            flag for parameter in commands.get_command(None, name).params for flag in parameter.opts
        }
        assert set(options) <= known


def test_the_environment_of_the_services_is_made_of_settings(tmp_path: Path) -> None:
    environment = COMPOSE["services"]["work"]["environment"]
    filled = {k: re.sub(r"\$\{[^}]*\}", "secret", v) for k, v in environment.items()}
    loaded = settings.load(tmp_path, filled)
    assert loaded.redis_url.startswith("redis://")
    assert loaded.database_url.startswith("postgresql+psycopg://")


def test_services_run_without_rights_they_do_not_need() -> None:
    for name in ("poll", "work", "deliver"):
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
