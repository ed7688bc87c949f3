"""Rules over tags: which documents matter, and why.

In: the tags of one document (`pipeline.watchlist.matcher`) and its text. Out: `RuleHit`s with the
tags that made each rule fire; `judge` gives the whole reasoning as a tree. Rules are read from YAML
by `rule_files`, which also resolves `group:` and `kind:` and sorts rules so that a rule comes after
the rules it uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.records import RuleHit, Tag, Where
from pipeline.watchlist.document import ANYWHERE, Document, Evidence, Mask, Unit

PLACE_WEIGHTS: tuple[tuple[Where, float], ...] = (("title", 3.0), ("lead", 2.0), ("body", 1.0))
"""What a mention counts where the rule does not say: a headline says what an article is about."""
COUNTED_MENTIONS = 3
"""Only the best-placed mentions of a term count, so that length alone makes no score."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a rule names: an entry, a group, a kind, or another rule."""

    name: str
    ids: frozenset[str]
    """The entry ids it stands for; empty for a rule."""
    is_rule: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Mentions of every one of `terms` close together; each mention serves one term only."""

    terms: tuple[Term, ...]
    unit: Unit
    window: int = 0
    """How many words the first and last mention may start apart; 0 for the other units."""
    text: str = ""
    """How people read it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test over the tags of a document; every part that is given must hold."""

    any_of: tuple[Term | Condition, ...] = ()
    all_of: tuple[Term | Condition, ...] = ()
    none_of: tuple[Term | Condition, ...] = ()
    at_least: int = 1
    """How many different entries, rules or conditions of `any_of` must hold."""
    near: tuple[Near, ...] = ()
    where: frozenset[Where] = frozenset()
    """Only mentions at these places count; empty: anywhere, or as the condition around it says."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition with an optional score."""

    id: str
    label: str
    condition: Condition
    weights: tuple[tuple[Term, float], ...] = ()
    """Every term that counts in the score: those of the condition (1 unless given) and others."""
    places: tuple[tuple[Where, float], ...] = PLACE_WEIGHTS
    """What a mention counts at each place, the heaviest place first."""
    min_score: float = 0.0
    language: frozenset[str] = frozenset()
    """Only documents in these languages; empty: any."""
    alert: bool = True
    """False for a category that only serves other rules."""
    where: str = ""
    """`file.yml:line` of the rule."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One step of a rule's reasoning: what was asked, whether it held, and on which evidence."""

    test: str
    held: bool
    evidence: Evidence = ()
    parts: tuple[Verdict, ...] = ()


def evaluate(
    rules: Iterable[Rule],
    tags: Sequence[Tag],
    *,
    text: str,
    language: str,
    watchlist_version: str,
) -> tuple[RuleHit, ...]:
    """The rules that fire on a document, in the order given; categories (`alert: false`) included.

    `rules` come sorted as `load` sorts them: a rule after the rules it uses.
    """
    document = Document(tags, text)
    hits = []
    for rule in rules:
        if rule.language and language not in rule.language:
            continue
        mentions = _holds(rule.condition, document, ANYWHERE)
        if mentions is None:
            continue
        score = _score(rule, document)
        if rule.min_score and score < rule.min_score:
            continue
        document.fire(rule.id, mentions)
        ids = document.ids(mentions)
        hits.append(RuleHit(rule.id, rule.label, watchlist_version, ids, score))
    return tuple(hits)


def explain(
    rules: Iterable[Rule], tags: Sequence[Tag], *, text: str, language: str
) -> tuple[tuple[Rule, Verdict, float], ...]:
    """For every rule: the verdict with all its steps, and the score. Judges as `evaluate` does."""
    document = Document(tags, text)
    told = []
    for rule in rules:
        verdict, score = _judge(rule, document, language)
        if verdict.held:
            document.fire(rule.id, _holds(rule.condition, document, ANYWHERE) or 0)
        told.append((rule, verdict, score))
    return tuple(told)


def condition_terms(condition: Condition) -> tuple[Term, ...]:
    """The terms whose presence speaks for a condition, nested ones included, each once."""
    terms: dict[str, Term] = {}
    for operand in (*condition.any_of, *condition.all_of):
        inner = (operand,) if isinstance(operand, Term) else condition_terms(operand)
        terms.update((term.name, term) for term in inner)
    for near in condition.near:
        terms.update((term.name, term) for term in near.terms)
    return tuple(terms.values())


def used_rules(rule: Rule) -> tuple[str, ...]:
    """The ids of the rules that a rule is built on."""
    terms = [*_all_terms(rule.condition), *(term for term, _ in rule.weights)]
    return tuple(dict.fromkeys(term.name for term in terms if term.is_rule))


def _all_terms(condition: Condition) -> list[Term]:
    terms = list(condition_terms(condition))
    for operand in (*condition.any_of, *condition.all_of, *condition.none_of):
        terms += _all_terms(operand) if isinstance(operand, Condition) else [operand]
    return terms


def _holds(condition: Condition, document: Document, outer: frozenset[Where]) -> Mask | None:
    """The mentions on which a condition holds, or None when it does not.

    The same test as `_judge_condition`, which also tells its steps; what costs least comes first.
    """
    where = condition.where or outer
    mentions = 0
    for part in condition.all_of:
        found = _found(part, document, where)
        if found is None:
            return None
        mentions |= found
    if condition.any_of:
        count = 0
        for part in condition.any_of:
            found = _found(part, document, where)
            if found is not None:
                count += _weight_in_count(part, found, document) if condition.at_least > 1 else 1
                mentions |= found
        if count < condition.at_least:
            return None
    for part in condition.none_of:
        if _found(part, document, where) is not None:
            return None
    for near in condition.near:
        terms = [document.find(term.name, term.ids, where) for term in near.terms]
        found = document.together(terms, near.unit, near.window)
        if not found:
            return None
        mentions |= found
    return mentions


def _found(operand: Term | Condition, document: Document, where: frozenset[Where]) -> Mask | None:
    if isinstance(operand, Term):
        return document.find(operand.name, operand.ids, where) or None
    return _holds(operand, document, where)


def _judge(rule: Rule, document: Document, language: str) -> tuple[Verdict, float]:
    parts = []
    if rule.language:
        test = f"language is one of {', '.join(sorted(rule.language))}"
        parts.append(Verdict(f"{test} (it is {language})", language in rule.language))
    condition = _judge_condition(rule.condition, document, ANYWHERE)
    parts += condition.parts
    score = _score(rule, document)
    if rule.min_score:
        test = f"score {score:g} is at least {rule.min_score:g}"
        parts.append(Verdict(test, score >= rule.min_score))
    held = all(part.held for part in parts)
    return Verdict(rule.id, held, condition.evidence, tuple(parts)), score


def _judge_condition(condition: Condition, document: Document, outer: frozenset[Where]) -> Verdict:
    where = condition.where or outer
    at = f" in {' or '.join(sorted(where))}" if where else ""
    parts = []
    if condition.any_of:
        found = [_judge_operand(operand, document, where) for operand in condition.any_of]
        count = sum(
            _weight_in_count(operand, mentions, document)
            for operand in condition.any_of
            if (mentions := _found(operand, document, where)) is not None
        )
        test = f"at least {condition.at_least} of" if condition.at_least > 1 else "any of"
        parts.append(_gather(f"{test}{at}", count >= condition.at_least, found))
    if condition.all_of:
        found = [_judge_operand(operand, document, where) for operand in condition.all_of]
        held = all(verdict.held for _, verdict in found)
        parts.append(_gather(f"all of{at}", held, found))
    for near in condition.near:
        terms = [document.find(term.name, term.ids, where) for term in near.terms]
        evidence = document.evidence(document.together(terms, near.unit, near.window))
        parts.append(Verdict(near.text + at, bool(evidence), evidence))
    evidence = tuple(pair for part in parts if part.held for pair in part.evidence)
    if condition.none_of:
        found = [_judge_operand(operand, document, where) for operand in condition.none_of]
        against = not any(verdict.held for _, verdict in found)
        parts.append(_gather(f"none of{at}", against, found))
    held = all(part.held for part in parts)
    return Verdict("all parts hold", held, evidence if held else (), tuple(parts))


def _judge_operand(
    operand: Term | Condition, document: Document, where: frozenset[Where]
) -> tuple[Term | Condition, Verdict]:
    if isinstance(operand, Condition):
        return operand, _judge_condition(operand, document, where)
    evidence = document.evidence(document.find(operand.name, operand.ids, where))
    return operand, Verdict(operand.name, bool(evidence), evidence)


def _weight_in_count(operand: Term | Condition, mentions: Mask, document: Document) -> int:
    """A group counts as many times as different entries of it are present."""
    if isinstance(operand, Term) and not operand.is_rule:
        return len(document.ids(mentions))
    return 1


def _gather(test: str, held: bool, found: Sequence[tuple[Term | Condition, Verdict]]) -> Verdict:
    evidence = tuple(pair for _, verdict in found if verdict.held for pair in verdict.evidence)
    return Verdict(test, held, evidence, tuple(verdict for _, verdict in found))


def _score(rule: Rule, document: Document) -> float:
    """Σ weight of a term × the place weights of its three best-placed mentions (research §6)."""
    score = 0.0
    for term, weight in rule.weights:
        mentions = document.find(term.name, term.ids)
        if not weight or not mentions:
            continue
        left = COUNTED_MENTIONS
        for place, value in rule.places:
            counted = min(left, document.count(mentions, place))
            score += weight * value * counted
            left -= counted
    return score
