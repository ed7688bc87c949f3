"""Labelled texts that the watchlist is measured on, and the lists made of their names.

Universal Dependencies and SlavicNER, read from a folder given on the command line; none of them is
part of the project.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.watchlist.fold import fold_word
from pipeline.watchlist.shapes import Entry, EntryKind, Name

MIN_MENTIONS = 3
"""Of an id, to be listed."""
OWNED = 0.9
"""Share of a name's mentions that must be one id's for the name to be listed under it."""

_NAME = re.compile(r"[^\W\d_][^\W\d_'’-]{2,}")


@dataclass(frozen=True)
class Token:
    """One token of a treebank."""

    form: str
    lemma: str
    tag: str
    given: bool
    """A bare given name, as far as the treebank says so."""


def read_ud(folder: Path, language: str) -> Iterator[list[Token]]:
    """The sentences of all of a language's files."""
    for path in sorted(folder.glob(f"{language}_*.conllu")):
        sentence: list[list[str]] = []
        for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
            if not line and sentence:
                yield _tokens(sentence)
                sentence = []
            elif line and not line.startswith("#"):
                columns = line.split("\t")
                if columns[0].isdigit():
                    sentence.append(columns)


def _tokens(sentence: list[list[str]]) -> list[Token]:
    """The tokens; a given name is marked as one, or else is what a surname hangs on."""
    heads = {row[6] for row in sentence if row[3] == "PROPN" and row[7].startswith("flat")}
    return [
        Token(
            form=row[1],
            lemma=row[2],
            tag=row[3],
            given="NameType=Giv" in row[5]
            or ("NameType" not in row[5] and row[0] in heads and "Animacy=Inan" not in row[5]),
        )
        for row in sentence
    ]


def is_name(word: str, *, capital: bool = False) -> bool:
    """Whether a lemma or token takes part: three letters or more, nothing but letters."""
    return _NAME.fullmatch(word) is not None and (not capital or word[0].isupper())


def is_acronym(word: str) -> bool:
    """Whether a name is written in capitals only."""
    return 2 <= len(word) <= 6 and word.isupper()


@dataclass(frozen=True)
class Annotation:
    """One annotated mention."""

    start: int
    end: int
    surface: str
    lemma: str
    category: str
    id: str


@dataclass(frozen=True)
class NerDocument:
    """One annotated text."""

    text: str
    mentions: tuple[Annotation, ...]


def read_slavicner(folder: Path, language: str) -> list[NerDocument]:
    """All of a language's documents."""
    documents = []
    for path in sorted(folder.glob(f"ner/*/{language}/*")):
        topic = path.parent.parent.name
        raw = folder / "raw" / topic / language / path.name[:-4]
        if not raw.exists():
            raw = raw.with_name(raw.name + ".txt")
        if not raw.exists():
            continue
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        mentions = tuple(
            Annotation(int(row[0]), int(row[1]), *row[2:6]) for row in rows if len(row) >= 6
        )
        with raw.open(encoding="utf-8", newline="") as file:
            documents.append(NerDocument(file.read(), mentions))
    return documents


KINDS: dict[str, EntryKind] = {"PER": "person", "ORG": "body", "LOC": "place"}


def listed_names(documents: list[NerDocument]) -> dict[str, tuple[str, set[str]]]:
    """Id → its category and its names: the lemmas that are nearly always this id's."""
    owners: dict[str, Counter[str]] = defaultdict(Counter)
    lemmas: dict[str, Counter[str]] = defaultdict(Counter)
    categories: dict[str, str] = {}
    for document in documents:
        for mention in document.mentions:
            owners[fold_word(mention.lemma)][mention.id] += 1
            if mention.category in KINDS:
                lemmas[mention.id][mention.lemma] += 1
                categories[mention.id] = mention.category
    listed = {}
    for id_, names in lemmas.items():
        if names.total() < MIN_MENTIONS:
            continue
        good = {
            name
            for name in names
            if name[0].isupper()
            and (len(name) >= MIN_MENTIONS or is_acronym(name))
            and owners[fold_word(name)][id_] / owners[fold_word(name)].total() >= OWNED
        }
        if good:
            listed[id_] = (categories[id_], good)
    return listed


def entries_of(listed: dict[str, tuple[str, set[str]]], language: str) -> list[Entry]:
    """The listed names as a watchlist."""
    return [
        Entry(
            id=id_,
            kind=KINDS[category],
            group="",
            label=id_,
            names=tuple(
                Name(name, language, "acronym" if is_acronym(name) else "name", "gold")
                for name in sorted(names)
            ),
            sex=None,
            surname_alone="no",
            needs=(),
            none_of=(),
            inflect="auto",
            forms_add={},
            forms_drop=(),
            case="auto",
            source="gold",
            where="",
        )
        for id_, (category, names) in listed.items()
    ]
