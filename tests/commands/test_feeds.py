"""`feeds add|remove|import|export|check|discover|move` as a user runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from pipeline.alerts import Alert, Verdict
from pipeline.feeds import sources
from pipeline.feeds.sources import FeedSource
from pipeline.store import alerts as outbox
from pipeline.store import feed_moves, feeds
from pipeline.store.database import Database
from tests.worlds.command_line import Run
from tests.worlds.directory import LOOPBACK, WorkingDirectory
from tests.worlds.newsroom import HTML, RSS, Answer, Newsroom, feed, redirect
from tests.worlds.store import NOW, later

LINK = "http://127.0.0.1:9/1"
NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIST = "# mine\n\n- url: https://a.example/rss\n  title: A\n  note: keep me\n"


@pytest.fixture
def site() -> Iterator[Newsroom]:
    newsroom = Newsroom()
    with newsroom.run_in_thread():
        yield newsroom


@pytest.fixture
def file(wirewatch: Run, directory: WorkingDirectory) -> Path:
    """The user's list, in a directory for loopback sites."""
    directory.write(settings=LOOPBACK)
    path = directory.path / "config/feeds.yml"
    path.write_text(LIST)
    return path


def hook(name: str, rules: list[str]) -> str:
    """A webhook in settings.toml that nobody listens at."""
    secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    lines = f'name = "{name}"\nurl = "http://127.0.0.1:9/"\nsecret = "{secret}"\nrules = {rules}\n'
    return f"\n[[webhooks]]\n{lines}"


def page(head: str = "", body: str = "") -> Answer:
    return Answer(
        f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>", content_type=HTML
    )


# -- add ---------------------------------------------------------------------------------------


def test_a_feed_is_tried_and_then_added(wirewatch: Run, site: Newsroom, file: Path) -> None:
    url = site.serve("/rss", feed(LINK, title="Свабода: навіны"))
    done = wirewatch("feeds", "add", url, "--language", "be", "--zone", "Europe/Minsk")
    assert (done.code, done.err) == (0, "")
    assert "rss20, 1 entry" in done.out
    assert file.read_text().startswith(LIST)
    assert sources.load(file)[-1] == FeedSource(url, "Свабода: навіны", "be", zone="Europe/Minsk")
    assert url in {row["url"] for row in wirewatch("feeds", "list", "--json").json}


def test_a_feed_already_listed_is_refused(wirewatch: Run, site: Newsroom, file: Path) -> None:
    for same in ("https://a.example/rss", "http://www.a.example/rss", "a.example/rss"):
        done = wirewatch("feeds", "add", same)
        assert (done.code, "already listed as https://a.example/rss" in done.err) == (1, True)
    assert file.read_text() == LIST
    assert site.requests == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("no", status=404), "HTTP 404"),
        (Answer("just text\n", content_type=RSS), "not a feed"),
        (feed(), "no items"),
        (redirect("/rss"), "redirect loop"),
    ],
    ids=["404", "text", "no items", "loop"],
)
def test_what_is_no_feed_is_not_added(
    wirewatch: Run, site: Newsroom, file: Path, answer: Answer, said: str
) -> None:
    url = site.serve("/rss", answer)
    done = wirewatch("feeds", "add", url)
    assert (done.code, said in done.err) == (1, True)
    as_json = wirewatch("feeds", "add", url, "--json")
    assert (as_json.code, said in as_json.json["problem"]) == (1, True)
    assert file.read_text() == LIST
    unchecked = wirewatch("feeds", "add", url, "--unchecked", "--title", "X", "--json")
    assert (unchecked.code, unchecked.json["added"]["title"]) == (0, "X")


def test_a_feed_that_has_moved_for_good_is_added_where_it_is(
    wirewatch: Run, site: Newsroom, file: Path
) -> None:
    new = site.serve("/new", feed(LINK))
    old = site.serve("/old", redirect("/new", 301))
    assert wirewatch("feeds", "add", old).code == 0
    assert sources.load(file)[-1].url == new
    again = wirewatch("feeds", "add", old)
    assert (again.code, f"already listed as {new}" in again.err) == (1, True)
    passing = site.serve("/passing", redirect("/new", 302))
    assert wirewatch("feeds", "add", passing).code == 0
    assert sources.load(file)[-1].url == passing


def test_given_a_site_its_feeds_are_listed_to_choose_from(
    wirewatch: Run, site: Newsroom, file: Path
) -> None:
    head = '<link rel="alternate" type="application/rss+xml" title="Усе навіны" href="/rss">'
    url = site.serve("/", page(head))
    rss = site.serve("/rss", feed(LINK))
    done = wirewatch("feeds", "add", url)
    assert (done.code, rss in done.out, "Усе навіны" in done.out) == (1, True, True)
    assert file.read_text() == LIST


def test_a_zone_that_is_none_is_wrong_usage_and_changes_nothing(
    wirewatch: Run, site: Newsroom, file: Path
) -> None:
    url = site.serve("/rss", feed(LINK))
    done = wirewatch("feeds", "add", url, "--zone", "Europe/Minks")
    assert (done.code, "no time zone" in done.err) == (2, True)
    assert wirewatch("feeds", "add", "ftp://a.example/").code == 2
    assert file.read_text() == LIST


# -- remove ------------------------------------------------------------------------------------


def test_a_feed_is_removed_by_any_form_of_its_address(wirewatch: Run, file: Path) -> None:
    wirewatch("feeds", "list")
    done = wirewatch("feeds", "remove", "http://a.example/rss", "--json")
    assert (done.code, done.json) == (0, {"removed": ["https://a.example/rss"]})
    assert file.read_text() == "# mine\n\n"
    (row,) = wirewatch("feeds", "list", "--json").json
    assert not row["enabled"], "what it brought stays"
    again = wirewatch("feeds", "remove", "https://a.example/rss")
    assert (again.code, "not listed" in again.err) == (1, True)


def test_a_broken_list_is_named_and_left_alone(wirewatch: Run, file: Path) -> None:
    file.write_text("- url: [\n")
    for words in (["remove", "https://a.example/"], ["add", "https://a.example/"], ["check"]):
        done = wirewatch("feeds", *words)
        assert (done.code, "feeds.yml:" in done.err) == (2, True)
    assert file.read_text() == "- url: [\n"


# -- OPML --------------------------------------------------------------------------------------


def test_every_setting_goes_out_as_opml_and_comes_back(
    wirewatch: Run, file: Path, tmp_path: Path
) -> None:
    file.write_text(
        LIST + "- url: https://b.example/rss?a=1&b=2\n  title: 'Б: \"x\"'\n  language: be\n"
        "  country: BY\n  kind: state\n  zone: Europe/Minsk\n  enabled: false\n"
    )
    before = sources.load(file)
    document = tmp_path / "out/feeds.opml"
    assert wirewatch("feeds", "export", "--out", str(document), "--json").json["exported"] == 2
    assert wirewatch("feeds", "export", "--out", "-").out == document.read_text()
    file.unlink()
    done = wirewatch("feeds", "import", str(document), "--json")
    assert (done.code, len(done.json["added"]), done.json["skipped"]) == (0, 2, [])
    assert sources.load(file) == before
    again = wirewatch("feeds", "import", str(document))
    assert (again.code, "0 new, 2 already listed" in again.out) == (0, True)


def test_another_readers_list_is_added_to_the_users(
    wirewatch: Run, file: Path, tmp_path: Path
) -> None:
    document = tmp_path / "other.opml"
    document.write_text(
        '<opml version="1.0"><body><outline text="News">'
        '<outline text="A again" xmlUrl="http://a.example/rss"/>'
        '<outline text="New" xmlUrl="https://n.example/rss"/></outline></body></opml>'
    )
    dry = wirewatch("feeds", "import", str(document), "--dry-run")
    assert (dry.code, file.read_text()) == (0, LIST)
    assert "would add https://n.example/rss" in dry.out
    assert wirewatch("feeds", "import", str(document)).code == 0
    assert file.read_text().startswith(LIST)
    assert [source.title for source in sources.load(file)] == ["A", "New"]


def test_a_file_that_is_no_opml_or_cannot_be_used_is_named(
    wirewatch: Run, file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.opml"
    bad.write_text("<html></html>")
    done = wirewatch("feeds", "import", str(bad))
    assert (done.code, "bad.opml:1" in done.err) == (2, True)
    assert wirewatch("feeds", "import", str(tmp_path / "none.opml")).code == 2
    assert wirewatch("feeds", "export", "--out", str(bad / "x")).code == 2
    assert wirewatch("feeds", "export").code == 2
    assert wirewatch("feeds", "export", "--out", "-", "--json").code == 2
    assert file.read_text() == LIST


# -- check -------------------------------------------------------------------------------------


def test_every_feed_is_tried_and_nothing_is_stored(
    wirewatch: Run, site: Newsroom, directory: WorkingDirectory, store: Database
) -> None:
    good = site.serve("/good", feed(LINK, f"{LINK}2", title="Good"))
    moved = site.serve("/moved", redirect("/good", 308))
    bad = site.serve("/bad", Answer("oops", status=500))
    directory.write(
        settings=LOOPBACK,
        feeds=[
            {"url": good, "title": "[/oops] good"},
            {"url": moved},
            {"url": bad},
            {"url": site.base_url + "/off", "enabled": False},
        ],
    )
    done = wirewatch("feeds", "check")
    assert (done.code, "3 checked: 2 fine, 1 not" in done.out) == (1, True)
    assert "HTTP 500" in done.out and f"moved to {good}" in done.out and "[/oops] good" in done.out
    rows = {row["listed"]: row for row in wirewatch("feeds", "check", "--json").json}
    assert (rows[good]["entries"], rows[good]["problem"]) == (2, None)
    assert rows[good]["newest"] == "2025-10-17T06:30:00+00:00"
    assert (rows[moved]["moved_to"], rows[bad]["status"]) == (good, 500)
    assert site.visits("/off") == []
    with store.read() as connection:
        assert feeds.overview(connection) == []


def test_only_the_feeds_named_are_tried(
    wirewatch: Run, site: Newsroom, directory: WorkingDirectory
) -> None:
    one, two = (site.serve(f"/{n}", feed(LINK)) for n in range(2))
    directory.write(settings=LOOPBACK, feeds=[{"url": one}, {"url": two, "enabled": False}])
    done = wirewatch("feeds", "check", two, "--json")
    assert (done.code, [row["url"] for row in done.json]) == (0, [two])
    assert site.visits("/0") == []
    assert wirewatch("feeds", "check", "https://other.example/").code == 2


def test_an_empty_list_is_fine(wirewatch: Run, directory: WorkingDirectory) -> None:
    assert wirewatch("feeds", "check", "--json").json == []


def test_the_sites_budget_is_shared_with_the_daemon(
    wirewatch: Run,
    site: Newsroom,
    directory: WorkingDirectory,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WIREWATCH_REDIS_URL", redis_url)
    urls = [site.serve(f"/{n}", feed(LINK)) for n in range(4)]
    directory.write(settings=LOOPBACK, feeds=[{"url": url} for url in urls])
    assert wirewatch("feeds", "check", "--json").code == 0
    with redis.Redis.from_url(redis_url) as client:
        name = site.base_url.removeprefix("http://")
        assert client.exists(f"wirewatch:pace:{name}"), "its turns were taken"
        assert not client.exists(f"wirewatch:turns:{name}"), "and given back"


# -- discover ----------------------------------------------------------------------------------


def test_announced_feeds_are_found_and_read(
    wirewatch: Run, site: Newsroom, directory: WorkingDirectory
) -> None:
    directory.write(settings=LOOPBACK)
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" type="application/rss+xml" href="/dead">'
    )
    url = site.serve("/news", page(head, '<a href="/rss2.xml">RSS</a>'))
    rss = site.serve("/rss", feed(LINK, title="One"))
    site.serve("/rss2.xml", feed(f"{LINK}2", title="Two"))
    site.serve(
        "/robots.txt", Answer(f"Sitemap: {site.base_url}/news.xml\n", content_type="text/plain")
    )
    sitemap = f'<urlset xmlns="{NS}"><url><loc>{LINK}</loc></url></urlset>'
    site.serve("/news.xml", Answer(sitemap, content_type="text/xml"))
    done = wirewatch("feeds", "discover", url, "--json")
    found = [(each["source"], each["title"]) for each in done.json["feeds"]]
    assert (done.code, found) == (0, [("link", "One"), ("anchor", "Two"), ("robots", None)])
    assert rss in wirewatch("feeds", "discover", url).out
    assert site.visits("/feed") == [], "nothing is guessed where something is announced"


def test_a_sitemap_index_is_read_through(
    wirewatch: Run, site: Newsroom, directory: WorkingDirectory
) -> None:
    directory.write(settings=LOOPBACK)
    index, sitemap = (
        f'<sitemapindex xmlns="{NS}"><sitemap><loc>{site.base_url}/s.xml</loc></sitemap>'
        "</sitemapindex>",
        f'<urlset xmlns="{NS}"><url><loc>{LINK}</loc></url><url><loc>{LINK}2</loc></url></urlset>',
    )
    url = site.serve("/i.xml", Answer(index, content_type="text/xml"))
    dead = wirewatch("feeds", "discover", url)
    assert (dead.code, "HTTP 404" in dead.err) == (1, True)
    site.serve("/s.xml", Answer(sitemap, content_type="text/xml"))
    (found,) = wirewatch("feeds", "discover", url, "--json").json["feeds"]
    assert (found["format"], found["entries"]) == ("sitemap-index", 2)


def test_usual_addresses_are_tried_where_robots_allow_it(
    wirewatch: Run, site: Newsroom, directory: WorkingDirectory
) -> None:
    directory.write(settings=LOOPBACK)
    url = site.serve("/", page())
    site.serve("/robots.txt", Answer("User-agent: *\nDisallow: /rss", content_type="text/plain"))
    site.serve("/feed", feed(LINK, title="Guessed"))
    site.serve("/feed/", feed(LINK, title="Guessed"))
    done = wirewatch("feeds", "discover", url, "--json")
    (found,) = done.json["feeds"]
    assert (done.code, found["url"], found["source"]) == (0, url + "feed", "well-known")
    assert not [visit for visit in site.requests if visit.path.startswith("/rss")]


def test_a_site_without_feeds_and_one_that_fails(
    wirewatch: Run, site: Newsroom, directory: WorkingDirectory
) -> None:
    directory.write(settings=LOOPBACK)
    empty, gone = site.serve("/", page()), site.base_url + "/gone"
    done = wirewatch("feeds", "discover", empty)
    assert (done.code, "no feeds found" in done.err) == (1, True)
    done = wirewatch("feeds", "discover", gone)
    assert (done.code, "HTTP 404" in done.err) == (1, True)
    itself = site.serve("/rss", feed(LINK))
    done = wirewatch("feeds", "discover", itself)
    assert (done.code, "is a feed itself" in done.out) == (0, True)
    assert wirewatch("feeds", "discover", "ftp://x/").code == 2


# -- moves -------------------------------------------------------------------------------------


@pytest.fixture
def moved(wirewatch: Run, file: Path, store: Database) -> Database:
    wirewatch("feeds", "list")
    with store.write() as tx:
        (row,) = feeds.overview(tx)
        feed_moves.move(tx, row.id, row.url, "https://new.example/rss", NOW)
    return store


def test_a_move_is_shown_and_the_users_list_stays(
    wirewatch: Run, moved: Database, file: Path
) -> None:
    assert "A (moved from https://a.example/rss)" in wirewatch("feeds", "list").out
    (row,) = wirewatch("feeds", "list", "--json").json
    assert (row["url"], row["moved_from"]) == ("https://new.example/rss", ["https://a.example/rss"])
    shown = wirewatch("feeds", "move", "https://a.example/rss")
    assert (shown.code, "→ https://new.example/rss" in shown.out) == (0, True)
    assert file.read_text() == LIST
    for address in ("https://new.example/rss", "https://a.example/rss"):
        assert wirewatch("feeds", "add", address).code == 1


def test_a_move_is_taken_back_by_hand(wirewatch: Run, moved: Database) -> None:
    done = wirewatch("feeds", "move", "https://new.example/rss", "--undo", "--json")
    assert (done.code, done.json["undone"]) == (0, True)
    (row,) = wirewatch("feeds", "list", "--json").json
    assert (row["url"], row["moved_from"]) == ("https://a.example/rss", [])
    again = wirewatch("feeds", "move", "https://new.example/rss", "--undo")
    assert (again.code, "no move" in again.err) == (1, True)
    assert wirewatch("feeds", "move", "https://other.example/").code == 1


def test_a_moved_feed_is_removed_by_its_new_address(
    wirewatch: Run, moved: Database, file: Path
) -> None:
    assert wirewatch("feeds", "remove", "https://new.example/rss").code == 0
    assert file.read_text() == "# mine\n\n"
    with moved.read() as connection:
        assert [row.enabled for row in feeds.overview(connection)] == [False]
        assert feeds.next_due(connection) is None
    with moved.write() as tx:
        assert feeds.claim_due(tx, "p", later(9e8), 9, 60) == []


# -- alerts about feeds ------------------------------------------------------------------------


def test_alerts_about_feeds_are_listed_shown_and_replayed(
    wirewatch: Run, file: Path, store: Database
) -> None:
    wirewatch("feeds", "list")
    payload = '{"type":"feed.gone","data":{"feed":{"url":"https://a.example/rss"}}}'
    with store.write() as tx:
        (row,) = feeds.overview(tx)
        made = Alert("alert_f", "feed.gone", None, payload, None, ("desk",), feed_id=row.id)
        assert outbox.add(tx, [made], NOW) == [made]
        delivery = outbox.claim(tx, 1, "d", NOW, 90)
        assert delivery is not None
        outbox.finish(tx, delivery, Verdict("dead"), NOW, status=500, error="x", elapsed_ms=1)
    (alert,) = wirewatch("alerts", "list", "--rule", "feed.*", "--json").json
    assert (alert["rule_id"], alert["title"], alert["url"], alert["record_id"], alert["state"]) == (
        "feed.gone",
        "A",
        "https://a.example/rss",
        None,
        "dead",
    )
    assert "feed.gone" in wirewatch("alerts", "list").out
    assert wirewatch("alerts", "list", "--rule", "feed.quiet", "--json").json == []
    assert wirewatch("alerts", "list", "--rule", "airline*", "--json").json == []
    shown = wirewatch("alerts", "show", "alert_f", "--json").json
    assert shown["payload"]["type"] == "feed.gone"
    settings = file.with_name("settings.toml")
    settings.write_text(settings.read_text() + hook("desk", ["feed.*"]))
    assert wirewatch("alerts", "replay", "alert_f", "--json").json == {"replayed": 1}
