"""Every rule of every language is held to its own example."""

import pytest

from pipeline.watchlist.inflect import LANGUAGES, expand, expand_adjective
from pipeline.watchlist.inflect.paradigm import Rule

RULES = [
    pytest.param(language, rule, id=f"{language}-{rule.example.split(':')[0]}-{number}")
    for language, tables in LANGUAGES.items()
    for number, rule in enumerate(rule for group in tables.groups for rule in group)
]
ADJECTIVES = [
    pytest.param(language, rule, id=f"{language}-{rule.example.split(':')[0]}")
    for language, tables in LANGUAGES.items()
    for rule in tables.adjectives
]


def parse(rule: Rule) -> tuple[str, set[str]]:
    word, forms = rule.example.split(": ")
    assert forms.split()
    return word, set(forms.split())


@pytest.mark.parametrize(("language", "rule"), RULES)
def test_a_rule_makes_the_forms_of_its_example(language: str, rule: Rule) -> None:
    word, forms = parse(rule)
    made = rule.forms(word, LANGUAGES[language].softening)
    assert made is not None
    assert forms <= made


@pytest.mark.parametrize(("language", "rule"), RULES)
def test_no_earlier_rule_keeps_a_rule_from_its_example(language: str, rule: Rule) -> None:
    word, forms = parse(rule)
    sex = rule.of if rule.of in ("f", "m") else None
    assert forms <= expand(word, language, sex=sex, common=rule.of == "common")


@pytest.mark.parametrize(("language", "rule"), ADJECTIVES)
def test_an_adjective_has_the_forms_of_its_example(language: str, rule: Rule) -> None:
    word, forms = parse(rule)
    assert forms <= expand_adjective(word, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_irregular_words_have_their_listed_forms(language: str) -> None:
    for word, forms in LANGUAGES[language].irregular.items():
        assert set(forms.split()) <= expand(word, language)
