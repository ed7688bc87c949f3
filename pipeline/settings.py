"""Typed settings: `config/settings.toml`, then `WIREWATCH_*` environment variables over it.

In: a working directory. Out: one frozen `Settings`. Nothing else in the program reads the file or
the environment. `__` parts levels in a variable's name: `WIREWATCH_FETCH__TIMEOUT_S=20`; a list or
table is given as JSON. A wrong or unknown key is a ConfigError that names its line and the fix.
`docs/settings.md` is generated from the descriptions below.
"""

from __future__ import annotations

import base64
import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from pipeline.errors import ConfigError

ENV_PREFIX = "WIREWATCH_"
SETTINGS_FILE = Path("config/settings.toml")
_NO_SETTINGS = frozenset({"WIREWATCH_DIRECTORY"})
"""Variables of our own that say where the settings are, not what they are (`workers.context`)."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PollSettings(_Section):
    """`[poll]`: how feeds are polled."""

    interval_s: Annotated[float, Field(ge=0, le=604_800)] = 0
    """Fixed time between two polls of a feed, seconds; 0: learned from each feed's own rhythm."""
    hourly_interval_s: Annotated[float, Field(ge=60, le=86_400)] = 900
    """Learned interval of a feed that has an entry an hour, seconds; the others follow from it.
    Smaller is sooner and costs more requests."""
    min_interval_s: Annotated[float, Field(ge=10, le=86_400)] = 120
    """Shortest learned interval, seconds. What a feed itself asks for always holds."""
    max_interval_s: Annotated[float, Field(ge=60, le=604_800)] = 86_400
    """Longest learned interval, seconds."""
    concurrency: Annotated[int, Field(ge=1, le=2_000)] = 64
    """How many feeds may be polled at the same time."""
    pause_below_free_mb: Annotated[int, Field(ge=0, le=10_000_000)] = 500
    """Polls pause while the data directory's disk has less than this free, MB; 0: never."""
    pause_above_queued: Annotated[int, Field(ge=0, le=1_000_000_000)] = 200_000
    """Polls slow down from half as many queued live URLs on, and pause at this number; 0: never."""


class FetchSettings(_Section):
    """`[fetch]`: how pages and feeds are fetched."""

    user_agent: Annotated[str, Field(min_length=3, pattern=r"^[ -~]+$")] = (
        "Wirewatch/0.1 (news monitor; no contact set)"
    )
    """Sent with every request. Put a way to reach you in it: site owners look for one."""
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30
    """Time for one page, redirects included, from start to last byte, seconds."""
    max_bytes: Annotated[int, Field(ge=1_000, le=500_000_000)] = 15_000_000
    """Largest body accepted, counted after decompression."""
    allow_private_addresses: bool = False
    """Fetch from loopback and private networks too. For tests and intranets only."""
    respect_robots: bool = True
    """Obey each site's robots.txt for articles (RFC 9309). Feeds are published to be polled."""
    per_site_concurrency: Annotated[int, Field(ge=1, le=64)] = 2
    """How many requests may be under way at one site (registrable domain) at the same time."""
    per_site_gap_s: Annotated[float, Field(ge=0, le=3_600)] = 1.0
    """Least time between the starts of two requests to one site, seconds. A site that answers
    slowly, or asks for it in robots.txt, gets more. 0 is for sites of your own."""
    proxy: Annotated[str, Field(pattern=r"^(http://[^\s/?#]+/?)?$")] = ""
    """Proxy for pages and feeds, `http://host:port`. Their addresses are looked up and checked here
    all the same. Webhooks do not go through it."""


class WorkSettings(_Section):
    """`[work]`: the workers."""

    processes: Annotated[int, Field(ge=0, le=256)] = 0
    """How many worker processes, each with models of its own; 0 means one for each 8 cores."""
    overlap: Annotated[int, Field(ge=1, le=2_000)] = 32
    """How many URLs a worker process has in hand at once. Sites that answer slowly need more."""
    readers: Annotated[int, Field(ge=0, le=256)] = 0
    """How many processes read pages for each worker process; 0 means the cores, shared out."""
    max_attempts: Annotated[int, Field(ge=1, le=50)] = 6
    """How often a URL is tried when it fails in a passing way, before it ends as `failed`."""
    page_timeout_s: Annotated[float, Field(gt=0, le=250)] = 15
    """Time for reading one page (extraction, language, tags), seconds; then it is given up."""
    page_memory_mb: Annotated[int, Field(ge=64, le=1_000_000)] = 1_024
    """Memory that reading one page may take, MB (Linux only)."""


class RetentionSettings(_Section):
    """`[retention]`: how long what is finished is kept, in days; 0 keeps it for ever.

    Pages are never kept: what the extraction found of them is the record.
    """

    records_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """Records, with their versions, tags and alerts. Their URLs stay known."""
    versions_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """What a re-fetch replaced."""
    stories_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """The story of each URL (`wirewatch trace`) after it ended; how it ended stays."""
    listings_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """Which feed listed a URL when. Longer than any feed lists its articles."""
    deliveries_days: Annotated[int, Field(ge=0, le=36_500)] = 90
    """The single attempts to deliver an alert; how the delivery ended stays."""
    failed_jobs_days: Annotated[int, Field(ge=1, le=365)] = 7
    """RQ jobs that failed with an internal error (`rq requeue`), the last 1,000 of each queue."""


class WebSettings(_Section):
    """`[web]`: the web part: WebSub callbacks, metrics, health."""

    enabled: bool = False
    """Whether `wirewatch run` serves it too; `wirewatch web` does in any case."""
    host: str = "127.0.0.1"
    """Address to listen on. Other machines reach only what is not loopback; that needs a token."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 8787
    """Port to listen on."""
    token: str = ""
    """Asked for (`Authorization: Bearer …`) by all but `/healthz` and the WebSub callbacks."""
    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s@?#]+)?$")] = ""
    """Where WebSub hubs reach the web part from outside, e.g. `https://watch.example.org`. With it
    feeds that offer a hub are subscribed to; empty: they are only polled."""

    @model_validator(mode="after")
    def _token_where_others_reach_it(self) -> WebSettings:
        loopback = self.host in ("localhost", "::1") or self.host.startswith("127.")
        if not loopback and not self.token:
            raise ValueError(f"a token is needed when host is {self.host!r}, not loopback")
        return self


class Webhook(_Section):
    """`[[webhooks]]`: one receiver of alerts."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    """Your name for it: small letters, digits, `-`, `_`. It stands in every delivery's story."""
    url: Annotated[str, Field(pattern=r"^https?://[^\s@]+$")]
    """Where alerts are POSTed to."""
    secret: str | list[str]
    """Signing secret, `whsec_` and Base64 of 24 to 64 bytes. A list while you rotate: all sign."""
    rules: list[str] = []
    """Rules it wants; empty means all. `feed.*` asks for alerts about feeds (docs/webhook.md)."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The signing secrets, newest first."""
        return (self.secret,) if isinstance(self.secret, str) else tuple(self.secret)

    @field_validator("secret")
    @classmethod
    def _well_formed(cls, value: str | list[str]) -> str | list[str]:
        secrets = [value] if isinstance(value, str) else value
        if not secrets:
            raise ValueError("needs at least one secret")
        for secret in secrets:
            try:
                encoded = secret.removeprefix("whsec_")
                raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
            except ValueError:  # binascii.Error, or characters that are not ASCII
                raw = b""
            if not secret.startswith("whsec_") or not 24 <= len(raw) <= 64:
                raise ValueError(
                    "is not `whsec_` followed by Base64 of 24 to 64 bytes; make one with "
                    "`wirewatch alerts secret`"
                )
        return value


class Settings(_Section):
    """All settings; the tables of the file are its sections."""

    redis_url: str = ""
    """Redis or Valkey server, e.g. `redis://host:6379/0`. Empty: an embedded Valkey of its own."""
    database_url: str = ""
    """SQLAlchemy URL of the database (a relative SQLite path counts from the working directory).
    Empty: SQLite in the data directory."""
    data_dir: Path = Path("data")
    """Where data lives; relative paths count from the working directory."""
    poll: PollSettings = PollSettings()
    fetch: FetchSettings = FetchSettings()
    work: WorkSettings = WorkSettings()
    web: WebSettings = WebSettings()
    retention: RetentionSettings = RetentionSettings()
    webhooks: list[Webhook] = []

    @field_validator("webhooks")
    @classmethod
    def _names_differ(cls, value: list[Webhook]) -> list[Webhook]:
        names = [hook.name for hook in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two webhooks are named {name!r}; every name must differ")
        return value

    @property
    def resolved_database_url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'wirewatch.db'}"


def load(directory: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a working directory.

    A missing file means all defaults. Raises ConfigError.
    """
    path = directory / SETTINGS_FILE
    source = _read(path) if path.exists() else ""
    try:
        values = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else max(1, len(source.splitlines()))
        raise ConfigError(
            f"{path}:{line}", f"not valid TOML: {error}", "see https://toml.io"
        ) from error
    from_environment = dict(_environment(os.environ if environ is None else environ))
    for keys, value in from_environment.items():
        _put(values, keys, value)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _config_error(error, path, source, set(from_environment)) from error
    places: dict[str, Any] = {"data_dir": (directory / settings.data_dir).absolute()}
    relative = re.match(r"sqlite:///(?!/|:memory:)(.+)", settings.database_url)
    if relative:
        places["database_url"] = f"sqlite:///{(directory / relative[1]).absolute()}"
    return settings.model_copy(update=places)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "is not UTF-8 text", "save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from error


def _environment(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The settings among the environment variables: their path of keys, and their value."""
    for name, text in environ.items():
        if not name.startswith(ENV_PREFIX) or name in _NO_SETTINGS:
            continue
        keys = tuple(name.removeprefix(ENV_PREFIX).lower().split("__"))
        value: Any = text
        if text[:1] in "[{":
            try:
                value = json.loads(text)
            except json.JSONDecodeError as error:
                raise ConfigError(name, f"not valid JSON: {error}") from error
        yield keys, value


def _put(values: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    for key in keys[:-1]:
        inner = values.setdefault(key, {})
        if not isinstance(inner, dict):
            where = f"{ENV_PREFIX}{'__'.join(keys).upper()}"
            fix = (
                f"give all of {key} as JSON" if isinstance(inner, list) else "see docs/settings.md"
            )
            raise ConfigError(where, f"{key} has no parts that can be set alone", fix)
        values = inner
    values[keys[-1]] = value


def _config_error(
    error: ValidationError, path: Path, source: str, environment: set[tuple[str, ...]]
) -> ConfigError:
    """The first problem as one line: place, key, what is wrong, what to do."""
    problem = error.errors()[0]
    place = [part for part in problem["loc"] if part not in ("str", "list[str]")]
    keys = tuple(str(part) for part in place)
    dotted = ".".join(keys)
    line = _line_of(source, place)
    if any(keys[: len(given)] == given for given in environment):
        where = ENV_PREFIX + "__".join(keys).upper()
    elif not line and (variables := [given for given in environment if given[: len(keys)] == keys]):
        where = ENV_PREFIX + "__".join(variables[0]).upper()
    else:
        where = f"{path}:{line}: {dotted}" if line else f"{path}: {dotted}"
    if problem["type"] == "extra_forbidden":
        known = _known_keys(place[:-1])
        near = difflib.get_close_matches(keys[-1], known, n=1, cutoff=0.5)
        fix = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
        return ConfigError(where, "unknown setting", fix)
    if problem["type"] == "missing":
        return ConfigError(where, "is missing", f"add {keys[-1]} = …")
    message = problem["msg"].removeprefix("Value error, ")
    given = problem.get("input")
    shown = "" if "secret" in keys or isinstance(given, dict | list) else f" (it is {given!r})"
    return ConfigError(where, message[0].lower() + message[1:] + shown, "see docs/settings.md")


def _known_keys(place: list[int | str]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in place:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = Webhook if part == "webhooks" else annotation  # type: ignore[assignment]
    return list(model.model_fields)


def _line_of(source: str, place: list[int | str]) -> int | None:
    """The line of a key in the file; of its table when the key itself is missing."""
    lines: dict[tuple[int | str, ...], int] = {}
    table: tuple[int | str, ...] = ()
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            table = tuple(header[2].split("."))
            if header[1] == "[[":
                table += (sum(seen[:-1] == table for seen in lines),)
            lines[table] = number
        elif key := re.match(r"\s*([\w.\"-]+)\s*=", line):
            lines[(*table, *key[1].replace('"', "").split("."))] = number
    for length in range(len(place), 0, -1):
        within = tuple(place[:length])
        if found := [line for keys, line in lines.items() if keys[:length] == within]:
            return lines.get(within, found[0])
    return None
