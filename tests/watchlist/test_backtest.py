"""What a changed list would change, before it is in force."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.watchlist.backtest import Change, Outcome, Report, changes, compare, judge
from pipeline.watchlist.entries import Watchlist, load
from tests.watchlist.conftest import COUNTRIES, ListWriter, record, tag

RULES = """
- {id: near-abroad, any_of: ['group:members'], where: lead}
- {id: any, any_of: [belarus], alert: false}
"""
TEXTS = {
    "one": "Беларусь и Польша открыли границу.",
    "two": "В Литве ждут санкций против Беларуси.",
    "three": "Ничего не случилось.",
}


def lists(write_list: ListWriter) -> tuple[Watchlist, Watchlist]:
    """A list, and one that knows no Lithuania but the border."""
    old = load(write_list(entries=COUNTRIES, rules=RULES))
    border = "- {id: border, kind: topic, source: t, names: {ru: [граница]}}\n"
    head, _, tail = COUNTRIES.partition("- id: lithuania")
    without = head + "- id: sanctions" + tail.partition("- id: sanctions")[2]
    new = load(write_list(entries=without + border, rules=RULES))
    return old, new


WORDS = ("Беларусь", "Польша", "Литвой", "санкции", "граница", "Минск", "и", "ждёт", ".")
PIECES = {
    "belarus": "- {id: belarus, kind: country, source: t, names: {ru: [Беларусь]}}\n",
    "poland": "- {id: poland, kind: country, source: t, names: {ru: [Польша, Минск]}}\n",
    "lithuania": "- {id: lithuania, kind: country, source: t, names: {ru: [Литва]}}\n",
    "minsk": "- {id: minsk, kind: place, source: t, names: {ru: [Минск]}, none_of: [Польша]}\n",
    "border": "- {id: border, kind: topic, source: t, names: {ru: [граница, санкция]}}\n",
}
small_lists = st.sets(st.sampled_from(sorted(PIECES)), min_size=2)
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def small_list(directory: Path, ids: set[str]) -> Watchlist:
    """A list of some entries, a topic that needs the first, and two rules about them."""
    first, *_, last = sorted(ids)
    entries = "".join(PIECES[id_] for id_ in sorted(ids))
    needy = f"{{id: x, kind: topic, source: t, names: {{ru: [ждать]}}, needs: [{first}]}}"
    directory.mkdir()
    (directory / "entries.yml").write_text(f"{entries}- {needy}\n", "utf-8")
    near = f"{{ids: [{first}, {last}], window: 3}}"
    rules = f"- {{id: near, near: {near}}}\n- {{id: lone, any_of: [{last}], none_of: [{first}]}}"
    (directory / "rules.yml").write_text(rules, "utf-8")
    return load(directory)


@settings(max_examples=40, deadline=None)
@given(small_lists, small_lists, st.lists(st.tuples(texts, texts), max_size=6))
def test_what_is_told_is_what_tagging_with_both_lists_gives(
    before: set[str], after: set[str], documents: list[tuple[str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        old = small_list(Path(folder) / "old", before)
        new = small_list(Path(folder) / "new", after)
    records = [
        record(str(number), text, title=title) for number, (title, text) in enumerate(documents)
    ]
    report = Report()
    for change in changes(records, new, old):
        report.add(change)
    gained, lost, fired, silent = (Counter[str]() for _ in range(4))
    for title, text in documents:
        tags, rules = zip(*(ids_of(known, title, text) for known in (old, new)), strict=True)
        gained.update(tags[1] - tags[0])
        lost.update(tags[0] - tags[1])
        fired.update(rules[1] - rules[0])
        silent.update(rules[0] - rules[1])
    assert {id_: (t.added, t.removed) for id_, t in report.tags.items()} == {
        id_: (gained[id_], lost[id_]) for id_ in gained | lost
    }
    assert {id_: (t.added, t.removed) for id_, t in report.rules.items()} == {
        id_: (fired[id_], silent[id_]) for id_ in fired | silent
    }


def ids_of(known: Watchlist, title: str, text: str) -> tuple[set[str], set[str]]:
    """The tags and alerting rules of a new document under a list."""
    tags, hits = known.apply(title, text, "ru")
    return {tag.id for tag in tags}, {hit.id for hit in known.alerts_of(hits)}


def test_only_what_differs_is_told(write_list: ListWriter) -> None:
    old, new = lists(write_list)
    records = [record(id_, text) for id_, text in TEXTS.items()]
    found = {change.record_id: change for change in changes(records, new, old)}
    assert [tag.id for tag in found["one"].tags_added] == ["border"]
    assert [tag.id for tag in found["two"].tags_removed] == ["lithuania"]
    assert found["two"].rules_removed == ("near-abroad",)
    assert not found["three"]


def test_without_an_old_list_the_stored_tags_are_compared(write_list: ListWriter) -> None:
    _, new = lists(write_list)
    text = TEXTS["one"]
    now = judge(new, record("one", text))
    stored = record("one", text, now.tags, "an older list", rules=now.rules)
    assert not next(changes([stored], new))
    bare = record("one", text, (), "an older list")
    (change,) = changes([bare], new)
    assert {tag.id for tag in change.tags_added} == {"belarus", "poland", "border"}


def test_categories_are_no_part_of_what_is_stored(write_list: ListWriter) -> None:
    old, _ = lists(write_list)
    assert judge(old, record("one", TEXTS["one"])).rules == ("near-abroad",)


def test_a_record_tagged_by_the_very_list_is_not_tagged_again(write_list: ListWriter) -> None:
    old, new = lists(write_list)
    mark = (tag("marker", (0, "lead")),)
    by_old = record("one", TEXTS["three"], mark, old.version)
    assert [t.id for t in next(changes([by_old], new, old)).tags_removed] == ["marker"]
    by_new = record("one", TEXTS["three"], mark, new.version)
    assert [t.id for t in next(changes([by_new], new, old)).tags_added] == ["marker"]


def test_the_report_counts_records_and_keeps_a_few_examples(write_list: ListWriter) -> None:
    old, new = lists(write_list)
    records = [record(f"r{number}", TEXTS["two"]) for number in range(5)]
    report = Report()
    for change in changes([*records, record("three", TEXTS["three"])], new, old):
        report.add(change)
    assert (report.records, report.changed) == (6, 5)
    assert (report.tags["lithuania"].added, report.tags["lithuania"].removed) == (0, 5)
    assert report.tags["lithuania"].examples == [f"− Литве @ r{number}" for number in range(3)]
    assert report.rules["near-abroad"].removed == 5


def test_a_tag_that_stays_with_another_count_is_a_change() -> None:
    once, twice = tag("a", (0, "lead")), tag("a", (0, "lead"), (8, "lead"))
    change = compare("r", Outcome((once,), ()), Outcome((twice,), ()))
    assert change
    assert change.tags_recounted == (("a", 1, 2),)


outcomes = st.builds(
    Outcome,
    tags=st.lists(st.sampled_from("abcd"), unique=True).map(
        lambda ids: tuple(tag(id_, (0, "lead")) for id_ in ids)
    ),
    rules=st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True).map(tuple),
)


@given(outcomes, outcomes)
def test_applying_the_change_to_the_old_gives_the_new(before: Outcome, after: Outcome) -> None:
    change = compare("r", before, after)
    removed = {tag.id for tag in change.tags_removed}
    kept = {tag.id for tag in before.tags} - removed
    assert kept | {tag.id for tag in change.tags_added} == {tag.id for tag in after.tags}
    rules = (set(before.rules) - set(change.rules_removed)) | set(change.rules_added)
    assert rules == set(after.rules)


@given(outcomes)
def test_no_difference_is_no_change(outcome: Outcome) -> None:
    change = compare("r", outcome, outcome)
    assert not change
    assert change == replace(Change("r", (), (), (), (), ()))
