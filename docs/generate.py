"""Writes docs/cli.md, settings.md and metrics.md from the program itself; a test holds them to it.

make docs
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import annotated_types
import typer.main
from pydantic.fields import FieldInfo
from typer.core import TyperArgument, TyperGroup

from pipeline.settings import (
    FetchSettings,
    PollSettings,
    RetentionSettings,
    Settings,
    Webhook,
    WebSettings,
    WorkSettings,
)
from workers.cli import app
from workers.metrics import METRICS

DOCS = Path(__file__).parent
GENERATED = "<!-- Written by `make docs`; edit the program, not this page. -->\n"


def cli_page() -> str:
    """The reference of every command."""
    root = typer.main.get_command(app)
    parts = [
        "# Command line\n",
        GENERATED,
        "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.\n"
        "`-C DIR`, before the command, names the working directory with `config/` and `data/`.\n",
    ]
    for path, command in _walk(root, ("wirewatch",)):
        parts.append(f"## {' '.join(path)}\n")
        parts.append(_prose(command.help or ""))
        rows = [row for parameter in command.params if (row := _parameter(parameter))]
        if rows:
            parts.append("| option | meaning |\n|---|---|\n" + "".join(rows))
    return "\n".join(parts)


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(command, TyperGroup):
        for name in command.list_commands(None):
            yield from _walk(command.get_command(None, name), (*path, name))
    else:
        yield path, command


def _prose(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n")) + "\n"


def _parameter(parameter: Any) -> str | None:
    if getattr(parameter, "hidden", False) or parameter.name == "help":
        return None
    if isinstance(parameter, TyperArgument):
        several = "…" if parameter.nargs == -1 else ""
        name = f"`{parameter.name.upper()}{several}`"
    else:
        flag = ", ".join(parameter.opts)
        name = f"`{flag}`" if parameter.is_flag else f"`{flag} {_value_name(parameter)}`"
    default = parameter.default
    shown = (
        ""
        if default in (None, False, [], ()) or callable(default)
        else f" Default: `{_plain(default)}`."
    )
    meaning = (getattr(parameter, "help", "") or "").replace("|", "\\|")
    return f"| {name} | {meaning}{shown} |\n"


def _value_name(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    kind = parameter.type_descriptor.annotation
    if issubclass(kind, Enum):
        return "\\|".join(str(choice.value) for choice in kind)
    return _TYPES.get(kind, kind.__name__.upper())


_TYPES = {str: "TEXT", int: "N", float: "N", Path: "PATH"}


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def settings_page() -> str:
    """The reference of every setting."""
    parts = [
        "# Settings\n",
        GENERATED,
        "Settings are read from `config/settings.toml`; environment variables win over it.\n"
        "A variable is `WIREWATCH_` and the setting's name in capitals, `__` between levels;\n"
        "a list is given as JSON. An unknown key is an error that names the nearest known one.\n",
        "## Top level\n",
        _table("", {n: f for n, f in Settings.model_fields.items() if n in _TOP}),
    ]
    for name, section in _SECTIONS.items():
        parts.append(f"## [{name}]\n")
        parts.append(_table(name, section.model_fields))
    parts.append("## [[webhooks]]\n")
    parts.append(
        "One table a receiver; in the environment `WIREWATCH_WEBHOOKS` holds them as JSON.\n"
    )
    parts.append(_table(None, Webhook.model_fields))
    return "\n".join(parts)


def metrics_page() -> str:
    """The reference of every metric."""
    rows = [
        f"| `{each.name}` | {each.type} | {', '.join(f'`{label}`' for label in each.labels)} "
        f"| {each.help} |\n"
        for each in METRICS
    ]
    return "\n".join(
        [
            "# Metrics\n",
            GENERATED,
            "`GET /metrics` of the web part (`[web]` in docs/settings.md), in Prometheus' text\n"
            "format, for all processes of the program: states, queues and ages as the database\n"
            "has them, counters as the processes add them up in Redis (a wiped Redis starts them\n"
            "anew). With a token set, send it: `Authorization: Bearer …`.\n",
            "| metric | type | labels | meaning |\n|---|---|---|---|\n" + "".join(rows),
        ]
    )


_TOP = ("redis_url", "database_url", "data_dir")
_SECTIONS = {
    "poll": PollSettings,
    "fetch": FetchSettings,
    "work": WorkSettings,
    "web": WebSettings,
    "retention": RetentionSettings,
}


def _table(section: str | None, fields: dict[str, FieldInfo]) -> str:
    """Rows of one table; `section` None has no environment variables of its own."""
    head = "| setting | default | meaning |\n|---|---|---|\n"
    if section is not None:
        head = "| setting | default | environment | meaning |\n|---|---|---|---|\n"
    rows = []
    for name, field in fields.items():
        default = "required" if field.is_required() else f"`{_toml(field.default)}`"
        cells = [f"`{name}`", default]
        if section is not None:
            prefix = f"{section}__" if section else ""
            cells.append(f"`WIREWATCH_{(prefix + name).upper()}`")
        cells.append((field.description or "") + _bounds(field))
        rows.append("| " + " | ".join(cells) + " |\n")
    return head + "".join(rows)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path):
        return f'"{value}"'
    return f"{value:_}" if isinstance(value, int) and value >= 10_000 else str(value)


def _bounds(field: FieldInfo) -> str:
    low = high = None
    for rule in field.metadata:
        if isinstance(rule, annotated_types.Ge):
            low = f"{rule.ge:,}"
        elif isinstance(rule, annotated_types.Gt):
            low = f"above {rule.gt:,}"
        elif isinstance(rule, annotated_types.Le):
            high = f"{rule.le:,}"
    return f" ({low} to {high})" if low and high else ""


def main() -> None:
    """Write the pages."""
    (DOCS / "cli.md").write_text(cli_page(), encoding="utf-8")
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "metrics.md").write_text(metrics_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
