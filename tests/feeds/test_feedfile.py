"""The user's list is edited like a user would: nothing but the entry changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.feeds import feedfile
from pipeline.feeds.sources import FeedSource, load

NEW = FeedSource("https://new.example/rss", "Новая: #1", "be", "BY", "state", "Europe/Minsk")
BLOCK = """\
# My feeds

- url: https://a.example/rss   # the first
  title: "A"
  note: >
    folded
    text

# Poland

- url: https://b.example/rss
  enabled: false
  # it was down

# the end
"""


def listed(path: Path) -> list[str]:
    return [source.url for source in load(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config/feeds.yml"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_an_entry_is_appended_and_all_else_stays(path: Path) -> None:
    write(path, BLOCK)
    feedfile.add(path, [NEW])
    text = path.read_text()
    assert text.startswith(BLOCK)
    assert text[len(BLOCK) :] == feedfile.entry_text(NEW)
    assert load(path)[-1] == NEW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        "[]",
        "[] # empty",
        '[{"url": "https://a.example/rss"}]',
        '[\n  {"url": "https://a.example/rss"}, # one\n  {url: "https://b.example/rss"},\n]\n',
        "- url: https://a.example/rss",
        "  - url: https://a.example/rss\n    title: x\n",
        "---\n-\n  url: https://a.example/rss\n",
        "- url: https://a.example/rss\r\n  title: x\r\n",
        "\ufeff- url: https://a.example/rss\n",
        "- {url: https://a.example/rss, title: x}\n",
    ],
)
def test_lists_of_every_style_take_an_entry_and_give_it_back(path: Path, text: str) -> None:
    write(path, text)
    before = load(path)
    feedfile.add(path, [NEW, FeedSource("https://more.example/rss")])
    assert load(path)[:-1] == (*before, NEW)
    if "\r\n" in text:
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")
    for url in (NEW.url, "https://more.example/rss"):
        feedfile.remove(path, url)
    assert load(path) == before
    for url in list(listed(path)):
        feedfile.remove(path, url)
    assert load(path) == ()


def test_a_missing_file_is_begun(path: Path) -> None:
    feedfile.add(path, [NEW])
    assert load(path) == (NEW,)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_an_entry_goes_with_its_own_comments_and_leaves_those_of_others(path: Path) -> None:
    write(path, BLOCK)
    feedfile.remove(path, "https://b.example/rss")
    assert path.read_text() == BLOCK.replace(
        "- url: https://b.example/rss\n  enabled: false\n  # it was down\n", ""
    )
    feedfile.remove(path, "https://a.example/rss")
    assert path.read_text() == "# My feeds\n\n\n# Poland\n\n\n# the end\n"


def test_what_is_not_listed_cannot_be_removed(path: Path) -> None:
    write(path, BLOCK)
    with pytest.raises(ConfigError, match="is not listed"):
        feedfile.remove(path, "https://c.example/rss")
    assert path.read_text() == BLOCK


@pytest.mark.parametrize(
    ("text", "new", "said"),
    [
        ("- url: [\n", NEW, "not YAML"),
        ("- url: https://a.example/rss\n...\n", NEW, "by hand"),
        (BLOCK, FeedSource(NEW.url, zone="Europe/Minks"), "no time zone"),
        (BLOCK, FeedSource("https://a.example/rss"), "listed twice"),
    ],
)
def test_an_edit_that_would_break_the_list_is_refused(
    path: Path, text: str, new: FeedSource, said: str
) -> None:
    write(path, text)
    with pytest.raises(ConfigError, match=said) as caught:
        feedfile.add(path, [new])
    assert str(path) in caught.value.where
    assert path.read_text() == text
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_a_link_stays_one_and_keeps_its_rights(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.yml"
    real.write_text(BLOCK)
    real.chmod(0o640)
    path.parent.mkdir()
    path.symlink_to(real)
    feedfile.add(path, [NEW])
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert load(real)[-1] == NEW


words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\ufeff\ufffe\uffff"),  # noqa: E501
    min_size=1,
    max_size=30,
).map(str.strip).filter(bool)  # fmt: skip


@given(
    st.lists(st.tuples(words, st.booleans(), st.none() | words), min_size=1, max_size=4),
    st.booleans(),
)
def test_whatever_a_setting_says_it_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[str, bool, str | None]], flow: bool
) -> None:
    path = tmp_path_factory.mktemp("list") / "feeds.yml"
    if flow:
        path.write_text(json.dumps([]))
    new = [
        FeedSource(f"https://{n}.example/rss", title=title, enabled=enabled, kind=kind)
        for n, (title, enabled, kind) in enumerate(made)
    ]
    feedfile.add(path, new)
    assert load(path) == tuple(new)
    assert len(yaml.safe_load(path.read_text())) == len(new)
