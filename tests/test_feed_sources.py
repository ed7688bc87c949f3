"""`config/feeds.yml`: reading the list, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.feeds.sources import FeedSource, load

ROOT = Path(__file__).parents[1]


def listed(directory: Path, text: str | bytes) -> tuple[FeedSource, ...]:
    path = directory / "feeds.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def test_a_feed_needs_only_its_url(tmp_path: Path) -> None:
    (feed,) = listed(tmp_path, "- url: https://a.by/rss\n")
    assert feed == FeedSource("https://a.by/rss", title="https://a.by/rss")


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """\
- url: https://a.by/rss
  title: Агенцтва
  language: be
  country: by
  kind: news
  zone: Europe/Minsk
  enabled: no
  seen: 2025-10-17
  note: anything
"""
    assert listed(tmp_path, text) == (
        FeedSource("https://a.by/rss", "Агенцтва", "be", "by", "news", "Europe/Minsk", False),
    )


@pytest.mark.parametrize("text", ["", "# only a comment\n", "[]", "---\n"])
def test_an_empty_list_is_a_list(tmp_path: Path, text: str) -> None:
    assert listed(tmp_path, text) == ()


def test_a_missing_file_is_an_empty_list(tmp_path: Path) -> None:
    assert load(tmp_path / "feeds.yml") == ()


def test_the_shipped_list_is_valid() -> None:
    feeds = load(ROOT / "config/feeds.yml")
    assert len(feeds) > 20
    assert len({feed.url for feed in feeds}) == len(feeds)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- url: https://a.by/rss\n- url: ftp://b.by/\n", 2, "not an http(s) URL"),
        ("- url: /rss\n", 1, "url: "),
        ("- title: x\n", 1, "'url' is missing"),
        ("- url:\n", 1, "'url' is missing"),
        ("- url: [https://a.by]\n", 1, "must be one value"),
        ("- url: https://a.by/rss\n  lang: be\n", 2, "did you mean 'language'?"),
        ("- url: https://a.by/rss\n  zone: Minsk\n", 2, "e.g. Europe/Minsk"),
        ("- url: https://a.by/rss\n  enabled: perhaps\n", 2, "neither true nor false"),
        ("- url: https://a.by/rss\n  url: https://b.by\n", 2, "given twice"),
        ("- url: https://a.by/rss\n\n- url: https://a.by/rss\n", 3, "listed twice"),
        ("- url: https://a.by/rss\n- url: HTTPS://A.BY:443/rss\n", 2, "listed twice"),
        ("- https://a.by/rss\n", 1, "- url:"),
        ("url: https://a.by/rss\n", 1, "- url:"),
        ("- url: https://a.by/rss\n bad: [\n", 2, "not YAML"),
        ("- url: 'unclosed\n", 2, "not YAML"),
        ("\t- url: x\n", 1, "not YAML"),
        ("- url: &a https://a.by\n- url: *b\n", 2, "not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        listed(tmp_path, text)
    assert caught.value.where == f"{tmp_path / 'feeds.yml'}:{line}"
    assert says in f"{caught.value.problem} {caught.value.fix}"


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        listed(tmp_path, "- url: ftp://a\n- title: x\n- url: https://c.by\n  x: 1\n")
    for line in (1, 2, 4):
        assert f"feeds.yml:{line}: " in str(caught.value)
    assert "did you mean" not in caught.value.fix


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "- url: é".encode("latin-1"), b"\x00"])
def test_what_is_no_text_is_said(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigError, match="not YAML"):
        listed(tmp_path, content)


def test_a_list_that_is_a_directory_is_said(tmp_path: Path) -> None:
    (tmp_path / "feeds.yml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "feeds.yml")
