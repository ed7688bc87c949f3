"""What makes a rule fire, and the evidence it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.records import RuleHit, Tag
from pipeline.watchlist.document import word_numbers
from pipeline.watchlist.entries import Watchlist
from pipeline.watchlist.rules import Condition, Rule, Term, evaluate, explain
from tests.watchlist.conftest import tag

LoadRules = Callable[[str], Watchlist]

TEXT = "One two three four. Five six seven eight.\n\nNine ten eleven twelve."
BELARUS = tag("belarus", (0, "lead"))
POLAND = tag("poland", (8, "lead"))
LITHUANIA = tag("lithuania", (20, "lead"))
SANCTIONS = tag("sanctions", (43, "body"))


def hits(watchlist: Watchlist, tags: Sequence[Tag], language: str = "en") -> dict[str, RuleHit]:
    found = evaluate(
        watchlist.rules, tags, text=TEXT, language=language, watchlist_version=watchlist.version
    )
    return {hit.id: hit for hit in found}


@pytest.mark.parametrize(
    ("rule", "fires", "does_not"),
    [
        ("any_of: [poland, sanctions]", [POLAND], [BELARUS]),
        ("all_of: [poland, sanctions]", [POLAND, SANCTIONS], [POLAND]),
        ("any_of: [poland], none_of: [sanctions]", [POLAND], [POLAND, SANCTIONS]),
        ("any_of: ['group:members']", [LITHUANIA], [BELARUS]),
        ("any_of: ['kind:country']", [BELARUS], [SANCTIONS]),
        ("any_of: ['source:other']", [SANCTIONS], [BELARUS]),
        ("any_of: ['group:members'], at_least: 2", [POLAND, LITHUANIA], [POLAND]),
        ("any_of: [poland, belarus, sanctions], at_least: 2", [POLAND, BELARUS], [POLAND]),
        ("any_of: [belarus], where: lead", [BELARUS], [tag("belarus", (43, "body"))]),
        ("any_of: [belarus], where: [title]", [tag("belarus", (0, "title"))], [BELARUS]),
        ("any_of: [belarus], language: [en, ru]", [BELARUS], [POLAND]),
        ("all_of: [belarus, {any_of: [poland, lithuania]}]", [BELARUS, LITHUANIA], [BELARUS]),
        ("any_of: [belarus], none_of: [{all_of: [poland, lithuania]}]", [BELARUS, POLAND],
         [BELARUS, POLAND, LITHUANIA]),
        ("any_of: [belarus], none_of: [{any_of: [poland], where: title}]", [BELARUS, POLAND],
         [BELARUS, tag("poland", (0, "title"))]),
    ],
)  # fmt: skip
def test_conditions(
    load_rules: LoadRules, rule: str, fires: list[Tag], does_not: list[Tag]
) -> None:
    watchlist = load_rules(f"- {{id: r, {rule}}}")
    assert "r" in hits(watchlist, fires)
    assert "r" not in hits(watchlist, does_not)


def test_a_rule_of_another_language_is_silent(load_rules: LoadRules) -> None:
    watchlist = load_rules("- {id: r, any_of: [belarus], language: be}")
    assert hits(watchlist, [BELARUS], "be")
    assert not hits(watchlist, [BELARUS], "ru")


def test_a_category_serves_rules_that_stand_before_it_in_the_file(load_rules: LoadRules) -> None:
    watchlist = load_rules(
        "- {id: top, all_of: [middle, sanctions]}\n"
        "- {id: middle, any_of: [bottom, poland]}\n"
        "- {id: bottom, any_of: [belarus], alert: false}\n"
    )
    assert [rule.id for rule in watchlist.rules] == ["bottom", "middle", "top"]
    assert watchlist.alerting == {"middle", "top"}
    found = hits(watchlist, [BELARUS, SANCTIONS])
    assert list(found) == ["bottom", "middle", "top"]
    assert found["top"].tags == ("belarus", "sanctions")
    assert found["top"].version == watchlist.version


def test_rules_that_use_each_other_in_a_circle_are_refused(load_rules: LoadRules) -> None:
    with pytest.raises(ConfigError, match="a → b → a"):
        load_rules("- {id: a, any_of: [b]}\n- {id: b, all_of: [{any_of: [a]}]}\n")


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("{id: r}", "asks for nothing"),
        ("{id: r, none_of: [belarus]}", "asks for nothing"),
        ("{id: r, any_of: []}", "is empty"),
        ("{id: r, any_of: [belarus], any: [poland]}", "did you mean 'any_of'"),
        ("{id: r, any_of: ['group:member']}", "did you mean 'group:members'"),
        ("{id: r, any_of: [belarus], where: headline}", "title, lead or body"),
        ("{id: r, all_of: [belarus], at_least: 2}", "at_least counts any_of"),
        ("{id: r, any_of: [belarus], at_least: 0}", "no whole number"),
        ("{id: r, any_of: [belarus], min_score: high}", "is no number"),
        ("{id: r, any_of: [belarus], alert: maybe}", "neither true nor false"),
        ("{id: r, near: {ids: [belarus]}}", "two ids or more"),
        ("{id: r, near: {ids: [belarus, poland], window: page}}", "is no number"),
        ("{id: r, near: {ids: [belarus, poland], within: 3}}", "unknown key 'within'"),
        ("{id: r, any_of: [belarus], weights: {polnad: 2}}", "did you mean 'poland'"),
        ("{id: belarus, any_of: [belarus]}", "is taken"),
        ("{id: title, any_of: [belarus]}", "word of `weights`"),
        ("{id: r, any_of: [{lang: ru}]}", "unknown key 'lang'"),
    ],
)
def test_a_wrong_rule_is_refused(load_rules: LoadRules, rule: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_rules(f"\n- {rule}\n")
    assert caught.value.where == "rules.yml:2"
    assert problem in str(caught.value)


def test_the_score_counts_the_three_best_placed_mentions_of_each_term(
    load_rules: LoadRules,
) -> None:
    watchlist = load_rules("- {id: r, any_of: [belarus, poland]}")
    many = tag("belarus", (0, "title"), (0, "lead"), (20, "body"), (43, "body"), (48, "body"))
    assert hits(watchlist, [many])["r"].score == 3 + 2 + 1
    assert hits(watchlist, [many, POLAND])["r"].score == 3 + 2 + 1 + 2


def test_weights_of_terms_and_places(load_rules: LoadRules) -> None:
    watchlist = load_rules(
        "- id: r\n  any_of: [belarus]\n  weights: {belarus: 2, sanctions: -1, lead: 5, body: 1}\n"
    )
    assert hits(watchlist, [BELARUS])["r"].score == 10
    assert hits(watchlist, [BELARUS, SANCTIONS])["r"].score == 9


def test_a_score_below_the_least_does_not_fire(load_rules: LoadRules) -> None:
    watchlist = load_rules("- {id: r, any_of: [belarus], min_score: 2}")
    assert hits(watchlist, [BELARUS])
    assert not hits(watchlist, [tag("belarus", (43, "body"))])


def near(load_rules: LoadRules, window: str | int, *tags: Tag) -> tuple[str, ...]:
    ids = ", ".join(tag.id for tag in tags)
    watchlist = load_rules(f"- {{id: r, near: {{ids: [{ids}], window: {window}}}}}")
    found = hits(watchlist, tags)
    return found["r"].tags if "r" in found else ()


@pytest.mark.parametrize(
    ("window", "places", "fires"),
    [
        (2, (0, 8), True),
        (1, (0, 8), False),
        (4, (0, 20), True),
        ("sentence", (0, 8), True),
        ("sentence", (8, 20), False),
        ("paragraph", (8, 20), True),
        ("paragraph", (20, 43), False),
    ],
)
def test_nearness(
    load_rules: LoadRules, window: str | int, places: tuple[int, int], fires: bool
) -> None:
    first, second = tag("belarus", (places[0], "lead")), tag("poland", (places[1], "lead"))
    assert near(load_rules, window, first, second) == (("belarus", "poland") if fires else ())
    assert bool(near(load_rules, window, second, first)) is fires


def test_three_terms_must_all_be_within_the_window(load_rules: LoadRules) -> None:
    assert near(load_rules, 4, BELARUS, POLAND, LITHUANIA)
    assert not near(load_rules, 3, BELARUS, POLAND, LITHUANIA)


def test_one_mention_does_not_serve_two_terms_of_a_near(load_rules: LoadRules) -> None:
    rule = "- {id: r, near: {ids: ['group:members', poland], window: sentence}}"
    watchlist = load_rules(rule)
    assert not hits(watchlist, [POLAND])
    assert hits(watchlist, [tag("poland", (0, "lead"), (8, "lead"))])
    assert hits(watchlist, [POLAND, tag("lithuania", (0, "lead"))])


def test_the_headline_is_near_itself_and_nothing_else(load_rules: LoadRules) -> None:
    headline = tag("belarus", (0, "title"))
    assert near(load_rules, 1, headline, tag("poland", (40, "title")))
    assert not near(load_rules, "paragraph", headline, tag("poland", (0, "lead")))


def test_an_initial_does_not_end_a_sentence(load_rules: LoadRules) -> None:
    text = "Посол Ю. Амбразевич и г. Минск рады. Польша нет."
    watchlist = load_rules("- {id: r, near: {ids: [belarus, poland], window: sentence}}")

    def fires(second: str) -> bool:
        tags = [tag("belarus", (0, "lead")), tag("poland", (text.index(second), "lead"))]
        return bool(evaluate(watchlist.rules, tags, text=text, language="ru", watchlist_version=""))

    assert fires("Амбразевич")
    assert fires("Минск")
    assert not fires("Польша")


def test_a_page_made_of_names_is_judged_in_bounded_time(load_rules: LoadRules) -> None:
    watchlist = load_rules(
        "- {id: r, near: {ids: [belarus, belarus, belarus, poland], window: paragraph}}"
    )
    crowd = tag("belarus", *((at, "body") for at in range(0, 40_000, 4)))
    text = "Bel " * 10_000
    found = evaluate(
        watchlist.rules, [crowd, POLAND], text=text, language="en", watchlist_version=""
    )
    assert [hit.id for hit in found] == ["r"]


def test_the_explanation_names_what_failed_and_what_was_found(load_rules: LoadRules) -> None:
    watchlist = load_rules(
        "- {id: r, all_of: [belarus, poland], none_of: [sanctions], language: en, min_score: 3}"
    )
    told = explain(watchlist.rules, [BELARUS, SANCTIONS], text=TEXT, language="ru")
    ((_, verdict, score),) = told
    assert not verdict.held
    assert score == 2
    assert [(part.test, part.held) for part in verdict.parts] == [
        ("language is one of en (it is ru)", False),
        ("all of", False),
        ("none of", False),
        ("score 2 is at least 3", False),
    ]
    all_of = verdict.parts[1]
    assert [(part.test, part.held) for part in all_of.parts] == [
        ("belarus", True),
        ("poland", False),
    ]
    assert [id_ for id_, _ in all_of.parts[0].evidence] == ["belarus"]


IDS = ("a", "b", "c", "d")
terms = st.sampled_from(IDS).map(lambda id_: Term(id_, frozenset({id_})))
conditions = st.recursive(
    st.builds(Condition, any_of=st.lists(terms, min_size=1, max_size=3).map(tuple)),
    lambda inner: st.builds(
        Condition,
        any_of=st.lists(terms | inner, max_size=3).map(tuple),
        all_of=st.lists(terms | inner, min_size=1, max_size=2).map(tuple),
        at_least=st.just(1),
    ),
    max_leaves=6,
)
documents = st.lists(st.sampled_from(IDS), unique=True).map(
    lambda ids: [tag(id_, (4 * place, "body")) for place, id_ in enumerate(ids)]
)


@given(conditions, documents, documents)
def test_without_none_of_more_tags_never_silence_a_rule(
    condition: Condition, tags: list[Tag], more: list[Tag]
) -> None:
    rule = Rule("r", "r", condition)
    both = list({tag.id: tag for tag in [*more, *tags]}.values())
    before = evaluate([rule], tags, text="x " * 40, language="ru", watchlist_version="")
    after = evaluate([rule], both, text="x " * 40, language="ru", watchlist_version="")
    assert len(before) <= len(after)


@given(conditions, conditions, documents)
def test_the_explanation_never_contradicts_the_verdict(
    wanted: Condition, unwanted: Condition, tags: list[Tag]
) -> None:
    rule = Rule("r", "r", Condition(all_of=(wanted,), none_of=(unwanted,)))
    fired = evaluate([rule], tags, text="x " * 40, language="ru", watchlist_version="")
    ((_, verdict, score),) = explain([rule], tags, text="x " * 40, language="ru")
    assert bool(fired) is verdict.held
    assert all(hit.score == score for hit in fired)
    assert all(set(hit.tags) <= {tag.id for tag in tags} for hit in fired)


@given(st.text("aя_'. \n", max_size=30), st.lists(st.integers(0, 30), max_size=6))
def test_words_are_numbered_as_if_all_were_counted(text: str, offsets: list[int]) -> None:
    starts = sorted(offsets)
    begins = [match.start() for match in re.finditer(r"\w+", text)]
    counted = [sum(begin <= start for begin in begins) for start in starts]
    assert word_numbers(text, starts) == counted
