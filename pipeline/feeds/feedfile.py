"""Editing `config/feeds.yml`: entries are added and taken out, every other character stays.

The file is the user's: comments, order and spelling are kept, because the text is edited and not
written anew. Each edit is read back before it replaces the file; one that would change anything
else is refused. `pipeline.feeds.sources` says what an entry may hold.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline.errors import ConfigError
from pipeline.feeds.sources import FeedSource, load

_UNENDING: Final = 10**6
"""Columns: a value is never broken over lines."""


def add(path: Path, sources: Sequence[FeedSource]) -> None:
    """Append entries to the list; a missing file is begun.

    Raises ConfigError when the file cannot be read, written, or does not take the entries.
    """
    if not sources:
        return
    before = load(path)
    text = _read(path)
    root = _list(text, path)
    entries = [_settings(source) for source in sources]
    if root is not None and root.flow_style:
        edited = _into_flow(text, root, entries)
    else:
        indent = root.start_mark.column if root is not None else 0
        edited = _below(text, entries, " " * indent)
    _replace(path, edited, [*before, *sources])


def remove(path: Path, url: str) -> None:
    """Take the entry of a feed out of the list. Comments around it stay.

    Raises ConfigError when it is not listed, or when the file cannot be read or written.
    """
    before = load(path)
    if url not in {source.url for source in before}:
        raise ConfigError(str(path), f"{url} is not listed", "see `wirewatch feeds list`")
    text = _read(path)
    root = _list(text, path)
    if root is None:
        raise ConfigError(str(path), "lists nothing")
    position = [source.url for source in before].index(url)
    edited = _out_of_flow(text, root, position) if root.flow_style else _cut(text, root, position)
    _replace(path, edited, [source for source in before if source.url != url])


def entry_text(source: FeedSource) -> str:
    """An entry as it is written in the list."""
    return _block(_settings(source), "")


def _settings(source: FeedSource) -> dict[str, Any]:
    """What an entry has to say: the address, and whatever differs from the default."""
    found = {}
    for item in fields(source):
        value = getattr(source, item.name)
        if item.default is not MISSING and value == item.default:
            continue
        if item.name == "title" and value == source.url:
            continue
        found[item.name] = value
    return found


def _block(entry: dict[str, Any], indent: str) -> str:
    written = yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=_UNENDING)
    first, *rest = written.splitlines()
    return "\n".join([f"{indent}- {first}", *(f"{indent}  {line}" for line in rest)]) + "\n"


def _below(text: str, entries: Sequence[dict[str, Any]], indent: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    added = "".join(_block(entry, indent) for entry in entries).replace("\n", newline)
    return text + (newline if text and not text.endswith("\n") else "") + added


def _into_flow(text: str, root: yaml.SequenceNode, entries: Sequence[dict[str, Any]]) -> str:
    """Into a list in brackets, as `[]` or JSON."""
    written = ", ".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    at = root.value[-1].end_mark.index if root.value else root.start_mark.index + 1
    return text[:at] + (", " if root.value else "") + written + text[at:]


def _out_of_flow(text: str, root: yaml.SequenceNode, position: int) -> str:
    nodes = root.value
    start, end = nodes[position].start_mark.index, nodes[position].end_mark.index
    if position + 1 < len(nodes):
        end = nodes[position + 1].start_mark.index
    elif position:
        start = nodes[position - 1].end_mark.index
    else:  # the only one: a comma behind it would be left alone
        rest = text[end:]
        end += rest.index(",") + 1 if rest.lstrip().startswith(",") else 0
    return text[:start] + text[end:]


def _cut(text: str, root: yaml.SequenceNode, position: int) -> str:
    """Without the lines of one entry. Blank lines and comments behind it belong to what follows."""
    lines = text.splitlines(keepends=True)
    nodes = root.value
    dash = root.start_mark.column
    first = _dash_line(lines, nodes[position].start_mark.line)
    following = position + 1
    end = _dash_line(lines, nodes[following].start_mark.line) if following < len(nodes) else None
    last = len(lines) if end is None else end
    while last > first + 1 and _is_apart(lines[last - 1], dash):
        last -= 1
    return "".join(lines[:first] + lines[last:])


def _dash_line(lines: Sequence[str], line: int) -> int:
    """The line of the dash of an entry that begins on `line`: it may stand alone above."""
    while line and not lines[line].lstrip("\ufeff \t").startswith("-"):
        line -= 1
    return line


def _is_apart(line: str, dash: int) -> bool:
    """Whether a line is blank, or a comment that is no deeper than the dashes of the list."""
    text = line.strip()
    return not text or (text.startswith("#") and len(line) - len(line.lstrip()) <= dash)


def _read(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "is not UTF-8 text", "save it as UTF-8") from error


def _list(text: str, path: Path) -> yaml.SequenceNode | None:
    """The file's list with its places, None when there is none yet. `load` has read it before."""
    # Not the C parser: its marks count differently where a file begins with a byte order mark.
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        return None
    if not isinstance(root, yaml.SequenceNode):
        raise ConfigError(str(path), "the file must be one list", "start each item with '- url: …'")
    return root


def _replace(path: Path, text: str, expected: Sequence[FeedSource]) -> None:
    """Put the edited text in place of the file, if it reads as expected. All of it or nothing."""
    place = path.resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(text.encode("utf-8"))
        if place.exists():
            shutil.copymode(place, beside)
        _require(beside, path, expected)
        beside.replace(place)
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def _require(beside: Path, path: Path, expected: Sequence[FeedSource]) -> None:
    try:
        found: Sequence[FeedSource] = load(beside)
    except ConfigError as error:
        line = error.where.rpartition(":")[2]
        fix = error.fix or "edit the file by hand"
        raise ConfigError(f"{path}:{line}", f"would be wrong: {error.problem}", fix) from error
    if [_titled(source) for source in found] != [_titled(source) for source in expected]:
        raise ConfigError(str(path), "cannot be edited by program", "edit it by hand")


def _titled(source: FeedSource) -> FeedSource:
    """As it is read back: without a title it is called by its address."""
    return source if source.title else replace(source, title=source.url)
