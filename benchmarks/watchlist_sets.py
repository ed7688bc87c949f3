"""Labelled texts that the watchlist is measured on: Universal Dependencies, SlavicNER.

Read from a folder given on the command line; none of them is part of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
