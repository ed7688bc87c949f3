"""The commands `watchlist …` as a user types them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pipeline.errors import ConfigError, Rejected
from pipeline.store import records
from pipeline.watchlist.backtest import judge
from pipeline.watchlist.entries import load
from tests.watchlist.conftest import COUNTRIES
from tests.worlds import store as stores
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import Answer, Newsroom, article
from workers.commands import watchlist
from workers.context import Context

RULES = """
- id: pressure
  label: Sanctions near a member state
  near: {ids: ['group:members', sanctions], window: sentence}
"""
TEXT = "Польша ждёт санкций против Беларуси."

app = typer.Typer()
app.add_typer(watchlist.app, name="watchlist")


@app.callback()
def root(context: typer.Context, where: Path = typer.Option(Path(), "-C")) -> None:  # noqa: B008
    """As `wirewatch` does, without its other commands."""
    context.obj = where.absolute()


@pytest.fixture
def home(directory: WorkingDirectory) -> Path:
    directory.write(entries=COUNTRIES, rules=RULES)
    return directory.path


def run(home: Path, *arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(app, ["-C", str(home), "watchlist", *arguments], input=stdin)
    if isinstance(result.exception, ConfigError):
        raise result.exception
    return result


def run_json(
    home: Path, *arguments: str, stdin: str | None = None, code: int = 0
) -> dict[str, object]:
    result = run(home, *arguments, "--json", stdin=stdin)
    assert result.exit_code == code, result.output
    value: dict[str, object] = json.loads(result.stdout)
    return value


def store(home: Path, *texts: str, old: bool = True) -> list[str]:
    """Records of the texts, tagged by the list in force or (`old`) by nobody."""
    world = Context(home)
    known = load(home / "config/watchlist")
    ids = []
    with world.database.write() as tx:
        for number, text in enumerate(texts):
            who = stores.article(number)
            made = stores.record(who, text, title=None, tags=(), rules=(), watchlist_version="")
            if not old:
                found = judge(known, made)
                version = known.version
                made = replace(made, tags=found.tags, rules=found.rules, watchlist_version=version)
            stores.queue(tx, who)
            records.save(tx, made, stores.NOW)
            ids.append(made.id)
    world.close()
    return ids


def test_check_counts_and_warns(home: Path) -> None:
    summary = run_json(home, "check")
    assert (summary["entries"], summary["rules"], summary["alerting_rules"]) == (4, 1, 1)
    assert summary["by_group"] == {"members": 2, "countries": 1, "topics": 1}
    shown = run(home, "check").output
    assert "4 entries" in shown
    assert "no name in" not in shown
    assert "'poland' has no name in be" in run(home, "check", "--notes").output


def test_check_fails_on_an_error_and_says_all(home: Path) -> None:
    wrong = "- {id: a, kind: body, names: {en: [Aa]}, nedes: [x], needs: [polnad]}"
    (home / "config/watchlist/more.yml").write_text(wrong)
    told = run_json(home, "check", code=2)
    assert [p["check"] for p in told["problems"]] == ["unknown-key", "unknown-id"]
    with pytest.raises(ConfigError, match="2 errors"):
        run(home, "check")


def test_strict_makes_warnings_count(home: Path) -> None:
    assert run(home, "check", "--strict").exit_code == 0
    person = "- {id: p, kind: person, source: t, names: {ru: [Анна Бич]}}"
    (home / "config/watchlist/more.yml").write_text(person)
    assert run(home, "check", "--strict").exit_code == 1
    assert run(home, "check").exit_code == 0


def test_check_reads_another_directory(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.yml").write_text(COUNTRIES)
    assert run_json(home, "check", str(other))["rules"] == 0


@pytest.mark.parametrize("how", ["text", "file", "stdin"])
def test_match_takes_a_text_a_file_or_standard_input(home: Path, tmp_path: Path, how: str) -> None:
    file = tmp_path / "article.txt"
    file.write_text(TEXT + "\n", "utf-8")
    source = {"text": TEXT, "file": str(file), "stdin": "-"}[how]
    found = run_json(home, "match", source, stdin=TEXT if how == "stdin" else None)
    assert found["language"] == "ru"
    assert found["text"] == TEXT
    assert {tag["id"] for tag in found["tags"]} == {"poland", "sanctions", "belarus"}
    assert [hit["id"] for hit in found["rules"]] == ["pressure"]


def test_match_fetches_a_page(directory: WorkingDirectory) -> None:
    directory.write(settings=LOOPBACK)
    newsroom = Newsroom()
    with newsroom.run_in_thread():
        url = newsroom.serve(
            "/news/2025/10/17/belavia-keeps-its-winter-schedule", article("Belavia")
        )
        found = run_json(directory.path, "match", url)
    assert (found["title"], found["language"]) == ("Belavia", "en")
    tags = {tag["id"]: {m["where"] for m in tag["mentions"]} for tag in found["tags"]}
    assert tags == {"belavia": {"title", "lead", "body"}, "lukashenko": {"body"}}


def test_match_asks_for_no_page_that_robots_txt_forbids(directory: WorkingDirectory) -> None:
    directory.write(settings=LOOPBACK)
    newsroom = Newsroom()
    rules = Answer("User-agent: *\nDisallow: /news/", content_type="text/plain")
    with newsroom.run_in_thread():
        newsroom.serve("/robots.txt", rules)
        result = run(directory.path, "match", newsroom.serve("/news/1.html", article("Belavia")))
    assert isinstance(result.exception, Rejected)
    assert newsroom.visits("/news/1.html") == []


def test_match_colours_the_spans(home: Path) -> None:
    result = CliRunner().invoke(
        app, ["-C", str(home), "watchlist", "match", TEXT], env={"FORCE_COLOR": "1"}
    )
    assert result.exit_code == 0
    plain = run(home, "match", TEXT).output
    assert TEXT in plain
    assert "rule pressure" in plain


def test_a_text_too_long_for_a_file_name_is_a_text(home: Path) -> None:
    assert run_json(home, "match", TEXT * 200)["tags"]


def test_explain_tells_why_and_why_not(home: Path) -> None:
    (first, second) = store(home, TEXT, "Санкции не помогут. Литва далеко.")
    told = run_json(home, "explain", first)
    assert told["stored_tags"] == []
    assert {tag["id"] for tag in told["tags"]} == {"poland", "sanctions", "belarus"}
    (rule,) = told["rules"]
    assert rule["why"]["held"] is True
    evidence = {(id_, mention["surface"]) for id_, mention in rule["why"]["evidence"]}
    assert ("poland", "Польша") in evidence
    told = run_json(home, "explain", second)
    (miss,) = told["near_misses"]
    assert (miss["id"], miss["mention"]["surface"]) == ("sanctions", "Санкции")
    assert told["rules"][0]["why"]["held"] is False
    shown = run(home, "explain", second, "--all").output
    assert "no tag sanctions" in shown
    assert "pressure did not fire" in shown
    assert "near [group:members, sanctions] within sentence" in shown


def test_explain_of_what_is_not_there(home: Path) -> None:
    (first,) = store(home, TEXT)
    assert run(home, "explain", "0" * 16 + "f").exit_code == 1
    assert run(home, "explain", first, "--rule", "nothing").exit_code == 2


def test_backtest_shows_what_a_changed_list_would_change(home: Path, tmp_path: Path) -> None:
    first, *_ = store(home, TEXT, "Литва далеко.", "Ничего.", old=False)
    same = run_json(home, "backtest")
    assert (same["records"], same["changed"]) == (3, 0)
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / "a.yml").write_text(COUNTRIES.replace("[Литва]", "[Ничего]"))
    report = run_json(home, "backtest", str(changed))
    assert (report["records"], report["changed"]) == (3, 3)
    assert report["rules"] == {"pressure": {"added": 0, "removed": 1, "examples": [f"− {first}"]}}
    assert report["tags"]["lithuania"]["added"] == 1
    assert report["tags"]["lithuania"]["removed"] == 1
    limited = run_json(home, "backtest", str(changed), "--limit", "1")
    assert limited["records"] == 1
    shown = run(home, "backtest", str(changed)).output
    assert "3 of 3 records would change" in shown


def test_backtest_against_another_list_ignores_what_is_stored(home: Path) -> None:
    store(home, TEXT)
    assert run_json(home, "backtest")["changed"] == 1
    here = str(home / "config/watchlist")
    assert run_json(home, "backtest", "--against", here)["changed"] == 0


def test_import_leaves_known_ids_out_and_writes_a_list(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "targets.simple.csv"
    table.write_text(
        "id,schema,name,aliases,countries,dataset\n"
        "Poland,Company,Poland,,by,x\n"
        'NK-1,Person,"DOE, Jane",Джейн Доу,by,x\n'
        "NK-2,Person,John Roe,,ru,x\n",
        "utf-8",
    )
    told = run_json(home, "import", str(table), "--country", "BY")
    assert told["known"] == 1
    assert [draft["id"] for draft in told["entries"]] == ["nk-1"]
    target = home / "config/watchlist/imported.yml"
    result = run(home, "import", str(table), "--needs", "belarus", "--out", str(target))
    assert result.exit_code == 0
    entries = {entry.id: entry for entry in load(home / "config/watchlist").entries}
    assert entries["nk-1"].needs == ("belarus",)
    assert [name.text for name in entries["nk-1"].names] == ["Jane Doe", "Джейн Доу"]
    assert "nk-2" in entries
