"""Settings: where each comes from, and what is said of a wrong one."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.settings import Settings, load

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
HOOK = f"""\
[[webhooks]]
name = "newsroom"
url = "https://example.org/hook"
secret = "{SECRET}"
"""


def settings(directory: Path, toml: str = "", **environ: str) -> Settings:
    path = directory / "config/settings.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(toml, encoding="utf-8")
    return load(directory, {f"WIREWATCH_{name}": value for name, value in environ.items()})


def complaint(directory: Path, toml: str = "", **environ: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        settings(directory, toml, **environ)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
    return caught.value


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    found = load(tmp_path, {})
    assert found == Settings(data_dir=tmp_path / "data")
    assert found.resolved_database_url == f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}"


def test_the_shipped_file_is_valid_and_holds_the_defaults(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[1] / "config/settings.toml"
    found = settings(tmp_path, shipped.read_text(encoding="utf-8"))
    assert found == Settings(data_dir=tmp_path / "data")


def test_the_file_wins_over_defaults_and_the_environment_over_the_file(tmp_path: Path) -> None:
    toml = "[fetch]\ntimeout_s = 20\nmax_bytes = 5000\n"
    found = settings(tmp_path, toml, FETCH__TIMEOUT_S="7.5", WORK__PROCESSES="3")
    assert (found.fetch.timeout_s, found.fetch.max_bytes) == (7.5, 5_000)
    assert (found.work.processes, found.fetch.per_site_concurrency) == (3, 2)


@pytest.mark.parametrize("proxy", ["", "http://proxy:3128", "http://me:secret@10.0.0.1:3128/"])
def test_a_proxy_is_an_http_url(tmp_path: Path, proxy: str) -> None:
    assert settings(tmp_path, f'[fetch]\nproxy = "{proxy}"').fetch.proxy == proxy


@pytest.mark.parametrize("proxy", ["proxy:3128", "socks5://proxy:1080", "http://proxy/path"])
def test_what_is_no_proxy_is_said(tmp_path: Path, proxy: str) -> None:
    assert "proxy" in str(complaint(tmp_path, f'[fetch]\nproxy = "{proxy}"'))


def test_a_flag_and_an_url_in_the_environment(tmp_path: Path) -> None:
    found = settings(tmp_path, "", FETCH__RESPECT_ROBOTS="false", REDIS_URL="redis://r:6379/0")
    assert (found.fetch.respect_robots, found.redis_url) == (False, "redis://r:6379/0")


def test_webhooks_in_the_environment_are_json(tmp_path: Path) -> None:
    hooks = json.dumps([{"name": "a", "url": "http://a/", "secret": [SECRET, SECRET]}])
    (hook,) = settings(tmp_path, HOOK, WEBHOOKS=hooks).webhooks
    assert (hook.name, hook.secrets, hook.rules) == ("a", (SECRET, SECRET), [])


def test_other_programs_variables_are_left_alone(tmp_path: Path) -> None:
    assert load(tmp_path, {"FETCH__TIMEOUT_S": "x", "WIREWATCHER": "x", "PATH": "/bin"})


def test_the_working_directory_for_plain_rq_workers_is_no_setting(tmp_path: Path) -> None:
    assert settings(tmp_path, "", DIRECTORY="/srv/wirewatch")


def test_a_relative_data_directory_counts_from_the_working_directory(tmp_path: Path) -> None:
    assert settings(tmp_path, 'data_dir = "var/x"').data_dir == tmp_path / "var/x"
    assert settings(tmp_path, 'data_dir = "/var/x"').data_dir == Path("/var/x")


def test_a_file_saved_by_notepad_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert settings(tmp_path, "\ufeff[fetch]\ntimeout_s = 9\n").fetch.timeout_s == 9


@pytest.mark.parametrize(
    ("toml", "line", "key", "says"),
    [
        ("[fetch]\ntimeout_s = 0\n", 2, "fetch.timeout_s", "greater than 0"),
        ("\n\n[fetch]\n\ntimeout_s = 'soon'\n", 5, "fetch.timeout_s", "(it is 'soon')"),
        ("[fetch]\ntimeout_s = nan\n", 2, "fetch.timeout_s", "(it is nan)"),
        ("# x\nfetch.timeout_s = 0\n", 2, "fetch.timeout_s", "greater than 0"),
        ("\nfetch = {timeout_s = 0}\n", 2, "fetch.timeout_s", "greater than 0"),
        ("[fetch]\nmax_bytes = 1.5\n", 2, "fetch.max_bytes", "integer"),
        ("[fetch]\nuser_agent = 'Вартаўнік'\n", 2, "fetch.user_agent", "pattern"),
        ("[fetch]\nrespect_robots = 'perhaps'\n", 2, "fetch.respect_robots", "boolean"),
        ("[fetch]\ntimeout = 3\n", 2, "fetch.timeout", "did you mean 'timeout_s'?"),
        ("[work]\nproceses = 3\n", 2, "work.proceses", "did you mean 'processes'?"),
        ("[fetsh]\ntimeout_s = 3\n", 1, "fetsh", "did you mean 'fetch'?"),
        ("zzzz = 3\n", 1, "zzzz", "known here: redis_url"),
        ("redis_url = 3\n", 1, "redis_url", "string"),
        ("fetch = 3\n", 1, "fetch", "(it is 3)"),
        ("webhooks = 3\n", 1, "webhooks", "list"),
        (HOOK + "urll = 'x'\n", 5, "webhooks.0.urll", "did you mean 'url'?"),
        (HOOK + HOOK.replace("newsroom", "b") + "x = 1\n", 9, "webhooks.1.x", "known here: name"),
        ("x = 1\n" + HOOK, 1, "x", "known here"),
        ("[[webhooks]]\nname = 'a'\nurl = 'http://a'\n", 1, "webhooks.0.secret", "is missing"),
        (HOOK.replace("https:", "ftp:"), 3, "webhooks.0.url", "(it is 'ftp://example.org/hook')"),
        (HOOK.replace("newsroom", "News Room"), 2, "webhooks.0.name", "(it is 'News Room')"),
        (HOOK + HOOK, 1, "webhooks", "two webhooks are named 'newsroom'"),
        (HOOK.replace(SECRET, "whsec_c2hvcnQ="), 4, "webhooks.0.secret", "24 to 64 bytes"),
        (HOOK.replace(SECRET, SECRET[6:]), 4, "webhooks.0.secret", "whsec_"),
        (HOOK.replace(SECRET, "whsec_" + "*" * 44), 4, "webhooks.0.secret", "Base64"),
        (HOOK.replace(SECRET, "whsec_пароль"), 4, "webhooks.0.secret", "Base64"),
        (HOOK.replace(SECRET, SECRET[:20] + "-_" + SECRET[20:]), 4, "webhooks.0.secret", "Base64"),
        (HOOK.replace(f'"{SECRET}"', "[]"), 4, "webhooks.0.secret", "at least one secret"),
        (HOOK.replace(f'"{SECRET}"', "5"), 4, "webhooks.0.secret", ""),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, toml: str, line: int, key: str, says: str
) -> None:
    error = complaint(tmp_path, toml)
    assert error.where == f"{tmp_path / 'config/settings.toml'}:{line}: {key}"
    assert says in f"{error.problem} {error.fix}"
    assert error.fix


@pytest.mark.parametrize(
    ("toml", "line"), [("[fetch\n", 1), ("a = 1\na = = 2\n", 2), ("a = [\n\n", 2)]
)
def test_broken_toml_is_named_with_its_line(tmp_path: Path, toml: str, line: int) -> None:
    error = complaint(tmp_path, toml)
    assert error.where == f"{tmp_path / 'config/settings.toml'}:{line}"
    assert "not valid TOML" in error.problem


def test_a_file_that_is_not_utf8_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/settings.toml").write_bytes("# настройки".encode("cp1251"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load(tmp_path, {})


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "config/settings.toml").mkdir(parents=True)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("FETCH__TIMEOUT_S", "soon", "(it is 'soon')"),
        ("FETCH__TIMEOUT", "3", "did you mean 'timeout_s'?"),
        ("FETSH__TIMEOUT_S", "3", "did you mean 'fetch'?"),
        ("REDIS_ULR", "redis://x", "did you mean 'redis_url'?"),
        ("FETCH", "3", "(it is '3')"),
        ("FETCH__TIMEOUT_S__X", "3", ""),
        ("WEBHOOKS", "[{", "not valid JSON"),
        ("WEBHOOKS", "[{}]", "is missing"),
        ("WEBHOOKS__0__SECRET", "x", "JSON"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str, says: str) -> None:
    error = complaint(tmp_path, HOOK + "[fetch]\ntimeout_s = 20\n", **{name: value})
    assert error.where.startswith(f"WIREWATCH_{name.partition('__')[0]}")
    assert says in f"{error.problem} {error.fix}"


def test_a_mistake_in_the_file_is_not_blamed_on_the_environment(tmp_path: Path) -> None:
    error = complaint(tmp_path, "[fetch]\nmax_bytes = 0\n", FETCH__TIMEOUT_S="3")
    assert error.where.endswith("settings.toml:2: fetch.max_bytes")


def test_settings_cannot_be_changed_after_loading(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings(tmp_path).redis_url = "redis://other"  # type: ignore[misc]
