"""Identity against labelled pairs: the floors of the project for URLs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.urls import alias, canonicalize, key

PAIRS = Path(__file__).parent / "pairs.tsv"
TRUE_MERGES_FLOOR = 0.99


def labelled(*labels: str) -> Iterator[tuple[str, str]]:
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            label, first, second = line.split("\t")
            if label in labels:
                yield first, second


def test_there_are_enough_pairs_of_every_label() -> None:
    counts = {
        label: sum(1 for _ in labelled(label))
        for label in ("same", "different", "alias", "no-alias")
    }
    assert counts["same"] >= 150
    assert counts["different"] >= 150
    assert counts["alias"] >= 30
    assert counts["no-alias"] >= 100


@pytest.mark.parametrize(("first", "second"), list(labelled("different")))
def test_two_pages_never_share_a_key(first: str, second: str) -> None:
    assert key(first) != key(second)


@pytest.mark.parametrize(("url", "claimed"), list(labelled("no-alias")))
def test_a_claim_that_would_merge_two_pages_is_not_believed(url: str, claimed: str) -> None:
    assert alias(url, claimed) is None


def test_names_of_one_article_share_a_key() -> None:
    pairs = list(labelled("same"))
    missed = [pair for pair in pairs if key(pair[0]) != key(pair[1])]
    assert len(missed) <= (1 - TRUE_MERGES_FLOOR) * len(pairs), missed


def test_believable_redirects_and_canonical_links_are_believed() -> None:
    pairs = list(labelled("alias"))
    missed = [pair for pair in pairs if alias(*pair) != canonicalize(pair[1])]
    assert len(missed) <= (1 - TRUE_MERGES_FLOOR) * len(pairs), missed
