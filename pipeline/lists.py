"""The lists that users edit: YAML with line numbers, and what can be wrong with them.

In: the text of a file that is a list of mappings. Out: `Item`s, one a mapping, whose accessors give
typed values and report a `Problem` with `file.yml:line` and its fix for whatever does not fit.
What the items mean is left to those who read them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import yaml

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of the lint. An `error` refuses to load; the others are shown by `check`."""

    severity: Severity
    check: str
    """Which check found it, e.g. `unknown-key`: short and stable, users filter by it."""
    where: str
    """`file.yml:line`."""
    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" + (f" — {self.fix}" if self.fix else "")


Report = Callable[[Problem], None]

# The C parser is nine times faster (0.07 s for the default list); some PyYAML builds lack it.
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUE = frozenset({"yes", "true", "on"})
_FALSE = frozenset({"no", "false", "off"})


def nearest(word: str, known: Iterable[str]) -> str:
    """A fix that names the nearest known word, or nothing when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""


class Item:
    """One YAML mapping: typed access to its values, a complaint with its line for what is off."""

    def __init__(self, node: yaml.MappingNode, file: str, report: Report) -> None:
        self._file, self._report = file, report
        self._node = node
        self._values: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.complain("wrong-type", "a key must be one word", key)
                continue
            name = str(key.value)
            if name in self._values:
                self.complain("duplicate-key", f"the key {name!r} is given twice", key)
            self._values[name], self._keys[name] = value, key

    @property
    def where(self) -> str:
        """`file.yml:line` of the mapping."""
        return self.place(self._node)

    def place(self, node: yaml.Node) -> str:
        """`file.yml:line` of a node of this file."""
        return f"{self._file}:{node.start_mark.line + 1}"

    def complain(
        self, check: str, text: str, node: yaml.Node | str | None = None, fix: str = ""
    ) -> None:
        """Report an error at a node, at the value of a key, or at the mapping itself."""
        if isinstance(node, str):
            node = self._values.get(node)
        place = self.place(self._node if node is None else node)
        self._report(Problem("error", check, place, text, fix))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        """The keys in the order of the file."""
        return iter(self._values)

    def key_node(self, key: str) -> yaml.Node:
        """The node of a key, to complain at."""
        return self._keys[key]

    def only(self, known: frozenset[str], what: str) -> None:
        """Complain about every key that is not among the known ones."""
        for key, node in self._keys.items():
            if key not in known:
                text = f"unknown key {key!r} in {what}"
                fix = nearest(key, known) or f"known keys: {', '.join(sorted(known))}"
                self.complain("unknown-key", text, node, fix)

    def text(self, key: str, default: str = "", *, needed: bool = False) -> str:
        """A scalar as it is written."""
        node = self._values.get(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value.strip() == ""):
            if needed:
                self.complain("missing-key", f"{key!r} is missing", node, f"add {key}: …")
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.complain("wrong-type", f"{key!r} must be one value, not a list or mapping", node)
            return default
        return str(node.value).strip()

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """A scalar that is one of `choices`; YAML's yes and no are words here."""
        value = self.text(key, default)
        if value not in choices:
            fix = nearest(value, choices) or f"one of: {', '.join(choices)}"
            self.complain("unknown-value", f"{key}: {value!r} is not known", key, fix)
            return default
        return value

    def number(self, key: str, default: float) -> float:
        """A number."""
        value = self.text(key)
        if not value:
            return default
        try:
            return float(value)
        except ValueError:
            self.complain("wrong-type", f"{key}: {value!r} is no number", key)
            return default

    def whole(self, key: str, default: int) -> int:
        """A whole number, 1 or more."""
        value = self.number(key, default)
        if value != int(value) or value < 1:
            self.complain("wrong-type", f"{key}: {value:g} is no whole number above 0", key)
            return default
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.text(key).lower()
        if not value:
            return default
        if value not in _TRUE | _FALSE:
            self.complain("wrong-type", f"{key}: {value!r} is neither true nor false", key)
        return value in _TRUE

    def nodes(self, key: str) -> tuple[yaml.Node, ...]:
        """The items of a list; a single value counts as a list of one."""
        node = self._values.get(key)
        if node is None:
            return ()
        return tuple(node.value) if isinstance(node, yaml.SequenceNode) else (node,)

    def texts(self, key: str) -> tuple[tuple[str, str], ...]:
        """A list of scalars as (value, place)."""
        found = []
        for node in self.nodes(key):
            if not isinstance(node, yaml.ScalarNode):
                self.complain("wrong-type", f"{key!r} must be a list of words", node)
            elif node.value.strip():
                found.append((node.value.strip(), self.place(node)))
        return tuple(found)

    def table(self, key: str) -> Item:
        """A mapping inside this one; an empty one when the key is absent or no mapping."""
        node = self._values.get(key)
        if node is not None and not (isinstance(node, yaml.ScalarNode) and not node.value):
            inner = self.at(node, key)
            if inner:
                return inner
        mark = self._node.start_mark
        return Item(yaml.MappingNode("", [], mark, mark), self._file, self._report)

    def at(self, node: yaml.Node, what: str) -> Item | None:
        """A node of this file as a mapping."""
        if not isinstance(node, yaml.MappingNode):
            self.complain("wrong-type", f"{what!r} must be a mapping (key: value)", node)
            return None
        return Item(node, self._file, self._report)


def read_items(content: bytes, file: str, report: Report, first: str = "id") -> Iterator[Item]:
    """The mappings of a YAML file that is a list of them.

    `file` is the name to complain with; `first` is the key that items start with, for the fix.
    """
    try:
        root = yaml.compose(content, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        text = f"not YAML: {error.problem or error.context}"
        report(Problem("error", "not-yaml", f"{file}:{line}", text))
        return
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        report(Problem("error", "not-yaml", f"{file}:1", f"not YAML: {error}"))
        return
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        return
    if not isinstance(root, yaml.SequenceNode):
        fix = f"start each item with '- {first}: …'"
        report(Problem("error", "wrong-type", f"{file}:1", "the file must be one list", fix))
        return
    for node in root.value:
        if isinstance(node, yaml.MappingNode):
            yield Item(node, file, report)
        else:
            where = f"{file}:{node.start_mark.line + 1}"
            text = "an item of the list is no mapping"
            report(Problem("error", "wrong-type", where, text, f"start it with '- {first}: …'"))
