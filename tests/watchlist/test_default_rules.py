"""Every default rule fires on what its label says, and not on what is nearly that.

A line of `rule_sentences.txt` is `+` (fires) or `-` (does not), the rule, the language, the text;
`//` parts a headline from the body. The near misses are the other way round (jailed, extended,
opened), denied, only demanded, or in another country.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.watchlist.entries import Watchlist, load

CONFIG = Path(__file__).parents[2] / "config/watchlist"
LINES = (Path(__file__).parent / "rule_sentences.txt").read_text("utf-8").splitlines()
ENOUGH = 3
"""Sentences of a rule that must fire, in as many languages; and as many that must not."""


class Example(NamedTuple):
    """One line, taken apart."""

    fires: bool
    rule: str
    language: str
    title: str | None
    text: str


def parse(line: str) -> Example:
    sign, rule, language, rest = line.split(" ", 3)
    title, parted, text = rest.partition(" // ")
    return Example(sign == "+", rule, language, title if parted else None, text or rest)


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    return load(CONFIG)


@pytest.mark.parametrize("line", LINES)
def test_a_rule_fires_on_its_matter_alone(watchlist: Watchlist, line: str) -> None:
    example = parse(line)
    tags, hits = watchlist.apply(example.title, example.text, example.language)
    found = {tag.id: [mention.surface for mention in tag.mentions] for tag in tags}
    assert (example.rule in {hit.id for hit in hits}) == example.fires, found


def test_every_rule_that_alerts_has_sentences_for_and_against(watchlist: Watchlist) -> None:
    speaking: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for example in map(parse, LINES):
        speaking[example.rule, example.fires].append(example.language)
    for rule in watchlist.alerting:
        assert len(set(speaking[rule, True])) >= ENOUGH, rule
        assert len(speaking[rule, False]) >= ENOUGH, rule
