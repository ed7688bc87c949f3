"""Reads rules from YAML: names become terms, `group:` and `kind:` become entry ids.

In: the items of the rule files and the entries they may name. Out: rules sorted so that each comes
after those it uses. Whatever is wrong goes to `report` with file and line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

import yaml

from pipeline.lists import Item, Problem, Report, nearest
from pipeline.records import Where
from pipeline.watchlist.document import PLACES, Unit
from pipeline.watchlist.rules import (
    PLACE_WEIGHTS,
    Condition,
    Near,
    Rule,
    Term,
    condition_terms,
    used_rules,
)
from pipeline.watchlist.shapes import Entry, source_name

CONDITION_KEYS = frozenset({"any_of", "all_of", "none_of", "at_least", "near", "where"})
RULE_KEYS = CONDITION_KEYS | {"id", "label", "note", "alert", "weights", "min_score", "language"}
_DEEPEST = 8
"""Conditions inside conditions; a YAML alias can make a circle of them."""
_NEAR_KEYS = frozenset({"ids", "window"})
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


def read_rules(items: Sequence[Item], entries: Sequence[Entry], report: Report) -> tuple[Rule, ...]:
    """All rules of a watchlist, sorted by use; incomplete where something was reported."""
    names = _Names(items, entries)
    rules: dict[str, Rule] = {}
    for item in items:
        item.only(RULE_KEYS, "a rule")
        id_ = item.text("id", needed=True)
        if not _ID.fullmatch(id_):
            fix = "use small letters, digits, '-' and '_'"
            item.complain("bad-id", f"{id_!r} cannot be a rule id", "id", fix)
        elif id_ in rules or id_ in names.entries:
            item.complain("duplicate-id", f"the id {id_!r} is taken", "id", "choose another")
        elif id_ in PLACES:
            item.complain("bad-id", f"{id_!r} is a word of `weights`", "id", "choose another")
        else:
            rules[id_] = _read_rule(id_, item, names)
    return _sorted_by_use(rules, report)


class _Names:
    """Every name that a rule may use."""

    def __init__(self, items: Sequence[Item], entries: Sequence[Entry]) -> None:
        self.entries = frozenset(entry.id for entry in entries)
        self.rules = frozenset(item.text("id") for item in items)
        sets: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            sets[f"group:{entry.group}"].add(entry.id)
            sets[f"kind:{entry.kind}"].add(entry.id)
            sets[f"source:{source_name(entry.source)}"].add(entry.id)
        self.sets = {name: frozenset(ids) for name, ids in sets.items()}

    def term(self, name: str, item: Item, node: yaml.Node) -> Term:
        """The term of a name; an unknown one is reported and stands for nothing."""
        if name in self.rules:
            return Term(name, frozenset(), is_rule=True)
        if name in self.entries:
            return Term(name, frozenset({name}))
        if name not in self.sets:
            fix = nearest(name, self.entries | self.rules | self.sets.keys())
            item.complain(
                "unknown-id", f"{name!r} is no entry, rule, group:, kind: or source:", node, fix
            )
        return Term(name, self.sets.get(name, frozenset()))


def _read_rule(id_: str, item: Item, names: _Names) -> Rule:
    condition = _read_condition(item, names)
    if not (condition.any_of or condition.all_of or condition.near):
        fix = "add any_of, all_of or near"
        item.complain("empty-rule", f"the rule {id_!r} asks for nothing", None, fix)
    weights = {term.name: (term, 1.0) for term in condition_terms(condition)}
    places = dict(PLACE_WEIGHTS)
    given = item.table("weights")
    for key in given:
        weight = given.number(key, 1.0)
        if key in PLACES:
            places[key] = weight
        else:
            weights[key] = (names.term(key, given, given.key_node(key)), weight)
    return Rule(
        id=id_,
        label=item.text("label", id_),
        condition=condition,
        weights=tuple(weights.values()),
        places=tuple(sorted(places.items(), key=lambda place: -place[1])),
        min_score=item.number("min_score", 0.0),
        language=frozenset(language for language, _ in item.texts("language")),
        alert=item.flag("alert", True),
        where=item.where,
    )


def _read_condition(item: Item, names: _Names, depth: int = 0) -> Condition:
    if depth > _DEEPEST:
        fix = "make a category of the inner part"
        item.complain("too-deep", f"conditions are nested more than {_DEEPEST} deep", None, fix)
        return Condition()
    where = set()
    for place, _ in item.texts("where"):
        if place not in PLACES:
            fix = nearest(place, PLACES) or "title, lead or body"
            item.complain("unknown-value", f"where: {place!r} is not known", "where", fix)
        where.add(cast(Where, place))
    at_least = item.whole("at_least", 1)
    if "at_least" in item and "any_of" not in item:
        item.complain("wrong-type", "at_least counts any_of, which is missing", "at_least")
    return Condition(
        any_of=_read_operands("any_of", item, names, depth),
        all_of=_read_operands("all_of", item, names, depth),
        none_of=_read_operands("none_of", item, names, depth),
        at_least=at_least,
        near=_read_nears(item, names),
        where=frozenset(where),
    )


def _read_operands(key: str, item: Item, names: _Names, depth: int) -> tuple[Term | Condition, ...]:
    operands: list[Term | Condition] = []
    for node in item.nodes(key):
        if isinstance(node, yaml.ScalarNode):
            operands.append(names.term(node.value, item, node))
        elif inner := item.at(node, key):
            inner.only(CONDITION_KEYS, f"a condition of {key}")
            operands.append(_read_condition(inner, names, depth + 1))
    if key in item and not operands:
        item.complain("empty-rule", f"{key!r} is empty", key, "name an entry or take it out")
    return tuple(operands)


def _read_nears(item: Item, names: _Names) -> tuple[Near, ...]:
    nears = []
    for node in item.nodes("near"):
        near = item.at(node, "near")
        if near is None:
            continue
        near.only(_NEAR_KEYS, "near")
        terms = [names.term(name.value, near, name) for name in near.nodes("ids")]
        if len(terms) < 2:
            near.complain("empty-rule", "near needs two ids or more", "ids")
        window = near.text("window", "sentence")
        together = f"near [{', '.join(term.name for term in terms)}] within"
        if window in ("sentence", "paragraph"):
            nears.append(Near(tuple(terms), cast(Unit, window), text=f"{together} {window}"))
        else:
            words = near.whole("window", 1)
            nears.append(Near(tuple(terms), "tokens", words, f"{together} {words} words"))
    return tuple(nears)


def _sorted_by_use(rules: Mapping[str, Rule], report: Report) -> tuple[Rule, ...]:
    done: dict[str, Rule] = {}
    open_: list[str] = []

    def visit(id_: str) -> None:
        if id_ in done:
            return
        if id_ in open_:
            circle = " → ".join([*open_[open_.index(id_) :], id_])
            text = f"rules use each other in a circle: {circle}"
            report(Problem("error", "rule-circle", rules[id_].where, text))
            return
        open_.append(id_)
        for used in used_rules(rules[id_]):
            if used in rules:
                visit(used)
        open_.pop()
        done[id_] = rules[id_]

    for id_ in rules:
        visit(id_)
    return tuple(done.values())
