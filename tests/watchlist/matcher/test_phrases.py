"""The trie alone: which names fit where."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from pipeline.watchlist.fold import SURROGATES, WORD, fold
from pipeline.watchlist.phrases import Phrases, Word


def phrases(names: Iterable[str], slot_after: int = 0) -> Phrases[str, list[str]]:
    found: Phrases[str, list[str]] = Phrases(pack=list, slot=re.compile("ovich$"))
    for name in names:
        words = [Word(word, frozenset({word})) for word in name.split()]
        found.add(words, name, lower=True, slot_after=slot_after)
    found.freeze()
    return found


def spans(names: Iterable[str], text: str, slot_after: int = 0) -> list[list[str]]:
    return [
        [text[start:end] for start, _, end, _ in found]
        for found in phrases(names, slot_after).scan(fold(text))
    ]


def test_at_each_place_the_longest_name_comes_first() -> None:
    assert spans(["a", "a b", "a b c", "b"], "a b c") == [["a b c", "a b", "a"], ["b"]]


def test_names_share_their_first_words() -> None:
    assert spans(["a b", "a c"], "a c a b") == [["a c"], ["a b"]]


def test_initials_and_patronymics_may_stand_in_the_slot_alone() -> None:
    assert spans(["a b"], "a x. y. b, a petrovich b, a x b", slot_after=1) == [
        ["a x. y. b"],
        ["a petrovich b"],
    ]
    assert spans(["a b"], "a x. b") == []


def test_only_spaces_dashes_and_quotes_join_words() -> None:
    joined = ["a b", "a-b", "a – b", 'a "b', "a\nb", "a\u00a0b"]
    assert [spans(["a b"], text) for text in joined] == [[[text]] for text in joined]
    assert [spans(["a b"], text) for text in ("a, b", "a. b", "a\n\nb", "a/b", "a (b")] == [[]] * 5


def test_gaps_of_the_names_themselves_are_allowed() -> None:
    found: Phrases[str, list[str]] = Phrases(pack=list, slot=re.compile("$^"))
    words = [Word(word, frozenset({word})) for word in ("at", "t")]
    found.add(words, "AT&T", lower=True)
    found.allow_gaps(["&"])
    found.freeze()
    assert [end for ((_, _, end, _),) in found.scan(fold("at&t"))] == [4]


def test_names_that_need_a_capital_are_passed_over_in_small_letters() -> None:
    found: Phrases[str, list[str]] = Phrases(pack=list, slot=re.compile("$^"))
    found.add([Word("a", frozenset({"a"}))], "A", lower=False)
    found.freeze()
    assert [start for ((start, *_),) in found.scan(fold("a A"))] == [2]


@given(st.text(st.sampled_from("abя'’_.×÷ґ»—\u2028 \u00ad-1é²€\n\ud800😀"), max_size=40))
def test_tokens_are_found_where_the_tokeniser_has_them(text: str) -> None:
    folded = fold(text)
    tokens = list(WORD.finditer(folded.text))
    assert [token[0] for token in tokens] == folded.blank.decode("utf-8", SURROGATES).split()
    found = phrases({token[0] for token in tokens}).scan(folded)
    assert [(one[-1][0], one[-1][2]) for one in found] == [token.span() for token in tokens]
