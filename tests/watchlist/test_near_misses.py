"""Why a name that stands in the text got no tag."""

from __future__ import annotations

import pytest

from pipeline.watchlist.entries import load
from pipeline.watchlist.near_misses import near_misses
from tests.watchlist.conftest import COUNTRIES, ListWriter

OTHERS = """
- id: brest
  kind: place
  source: t
  names: {en: [Brest]}
  needs: [belarus]
- id: minister
  kind: person
  sex: m
  surname_alone: no
  source: t
  names: {en: [John Doorman]}
- id: listed
  kind: person
  sex: m
  source: t
  needs: [belarus]
  names: {en: [Ian Namesake]}
- id: works
  kind: company
  source: t
  names: {en: [Lighthouse]}
  none_of: [keeper]
- id: envoy
  kind: topic
  source: t
  names: {en: [envoy]}
  forms_drop: [envoys]
"""


@pytest.mark.parametrize(
    ("text", "id_", "reason"),
    [
        ("The port of Brest is busy.", "brest", "none of belarus is in the document (needs)"),
        ("Ian Namesake won.", "listed", "none of belarus is in the document (needs)"),
        ("Yesterday Doorman spoke.", "minister", "a surname alone does not count"),
        ("The Lighthouse keeper went home.", "works", "one of keeper is near (none_of)"),
        ("Two envoys came.", "envoy", "the form is dropped (forms_drop)"),
        ("The lighthouse is white.", "works", "the letters are not written as the name is (case)"),
    ],
)
def test_the_condition_that_holds_a_name_back_is_named(
    write_list: ListWriter, text: str, id_: str, reason: str
) -> None:
    watchlist = load(write_list(a=COUNTRIES, b=OTHERS))
    tags = watchlist.matcher.tag(None, text, "en")
    assert id_ not in {tag.id for tag in tags}
    (miss,) = near_misses(watchlist.entries, tags, None, text, "en")
    assert miss.id == id_
    assert len(miss.reasons) == 1
    assert reason in miss.reasons[0]
    assert text[miss.mention.start : miss.mention.end] == miss.mention.surface


def test_several_conditions_at_once_are_all_named(write_list: ListWriter) -> None:
    watchlist = load(write_list(a=COUNTRIES, b=OTHERS))
    text = "the lighthouse keeper"
    (miss,) = near_misses(watchlist.entries, (), None, text, "en")
    assert len(miss.reasons) == 2


def test_what_is_tagged_or_absent_is_no_near_miss(write_list: ListWriter) -> None:
    watchlist = load(write_list(a=COUNTRIES, b=OTHERS))
    text = "Brest is in Belarus."
    tags = watchlist.matcher.tag(None, text, "en")
    assert {tag.id for tag in tags} == {"belarus", "brest"}
    assert near_misses(watchlist.entries, tags, None, text, "en") == ()


def test_a_place_that_counts_for_another_entry_is_no_near_miss(write_list: ListWriter) -> None:
    twin = "- {id: twin, kind: place, source: t, names: {en: [Belarus]}, none_of: [in]}\n"
    watchlist = load(write_list(a=COUNTRIES, b=twin))
    text = "Nobody lives in Belarus."
    tags = watchlist.matcher.tag(None, text, "en")
    assert [tag.id for tag in tags] == ["belarus"]
    assert near_misses(watchlist.entries, tags, None, text, "en") == ()
