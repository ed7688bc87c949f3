"""How well the watchlist finds names, and how fast: recall, precision and MB/s by language.

    python -m benchmarks.watchlist --ud DIR --slavicner DIR [--languages ru,pl] [--misses 20]

`--ud`: a folder of Universal Dependencies files (be_hse-ud-dev.conllu …). The watchlist is every
proper noun's lemma; a token is found when it is a form of its own lemma, and found wrongly for
every other lemma that it is a form of. Once more without bare given names and lemmas of three
letters, which no watchlist holds alone. `--slavicner`: a folder laid out like SlavicNER
(raw/TOPIC/LANGUAGE, ner/TOPIC/LANGUAGE). The watchlist is every id with three mentions or more,
named by its lemmas; whole documents are tagged. Over-match precision counts against us only finds
whose letters are never annotated with that id; strict precision all that is not annotated.

Speed is measured on the SlavicNER texts: with the shipped list, filled up to 10 000 names with
persons of made-up surnames, and with the annotated names, of which these texts are full.
Belarusian is also respelled by the packages belorthography and latynkatar, and speed compared with
ahocorasick_rs, where these are installed: they are no part of the project, nor is any of the data.
"""

from __future__ import annotations

import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.watchlist_sets import (
    MIN_MENTIONS,
    NerDocument,
    Token,
    entries_of,
    is_name,
    listed_names,
    read_slavicner,
    read_ud,
)
from benchmarks.watchlist_speed import many_entries, speeds
from pipeline.watchlist.entries import load
from pipeline.watchlist.fold import fold_word, repair
from pipeline.watchlist.inflect import expand
from pipeline.watchlist.inflect.taraskievica import classical
from pipeline.watchlist.matcher import Matcher

LANGUAGES = "be,ru,uk,pl,lt,lv,de,fr,en"
LIST_SIZES = (100, 1_000, 10_000)


@dataclass
class Score:
    """Counts of one evaluation."""

    found: int = 0
    missed: int = 0
    wrong: int = 0
    """Finds that no gold mention of the entry answers for."""
    over: int = 0
    """Those of them whose letters are never a mention of the entry."""
    inflected_found: int = 0
    inflected_missed: int = 0
    misses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def ratios(self) -> dict[str, float]:
        """Recall, recall of inflected mentions, precision strict and for over-matches."""
        mentions = self.found + self.missed
        inflected = self.inflected_found + self.inflected_missed
        return {
            "mentions": mentions,
            "recall": self.found / max(1, mentions),
            "recall_inflected": self.inflected_found / max(1, inflected),
            "precision": self.found / max(1, self.found + self.wrong),
            "precision_over": self.found / max(1, self.found + self.over),
        }


# --- Universal Dependencies -----------------------------------------------------------------------


def score_ud(
    sentences: Iterable[list[Token]],
    language: str,
    *,
    given: bool = True,
    exact: bool = False,
    convert: Callable[[str], str] | None = None,
) -> Score:
    """Every token against the forms of every lemma, or with `exact` against the lemma alone.

    `convert` respells the tokens first.
    """
    tokens: Counter[Token] = Counter(token for sentence in sentences for token in sentence)
    lemmas: dict[str, str] = {}
    bare_given = {fold_word(t.lemma) for t in tokens if t.tag == "PROPN" and t.given}
    for token in tokens:
        lemma = token.lemma
        if token.tag == "PROPN" and is_name(lemma) and is_name(token.form, capital=True):
            folded = fold_word(lemma)
            if given or (folded not in bare_given and len(lemma) > MIN_MENTIONS):
                lemmas[folded] = lemma
    owners: dict[str, set[str]] = defaultdict(set)
    for folded, lemma in lemmas.items():
        repaired = repair(lemma)
        for form in {repaired} if exact else expand(repaired, language):
            owners[fold_word(form)].add(folded)
    score = Score()
    for token, count in tokens.items():
        if not token.form[0].isupper():
            continue
        lemma = fold_word(token.lemma)
        surface = fold_word(convert(token.form) if convert else token.form)
        hits = owners.get(surface, set())
        if token.tag == "PROPN" and lemma in lemmas and is_name(token.form, capital=True):
            _count(score, lemma in hits, fold_word(token.form) != lemma, count)
            if lemma not in hits:
                score.misses[f"{token.form} < {token.lemma}"] += count
        for other in hits - {lemma}:
            if language == "be" and classical(other) == classical(lemma):
                continue  # the same Belarusian name in the other orthography
            score.wrong += count
            score.errors[f"{token.form} ({token.lemma}, {token.tag}) ~ {other}"] += count
    return score


def _count(score: Score, hit: bool, inflected: bool, count: int = 1) -> None:
    if hit:
        score.found += count
        score.inflected_found += count * inflected
    else:
        score.missed += count
        score.inflected_missed += count * inflected


# --- SlavicNER ------------------------------------------------------------------------------------


def score_slavicner(documents: list[NerDocument], language: str, *, exact: bool = False) -> Score:
    """Every document tagged with the list made of all of them; with `exact`, without inflection."""
    listed = listed_names(documents)
    surfaces: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for mention in document.mentions:
            surfaces[mention.id] |= {fold_word(mention.surface), fold_word(mention.lemma)}
    entries = entries_of(listed, language)
    if exact:
        entries = [replace(entry, inflect="none") for entry in entries]
    matcher = Matcher(entries)
    score = Score()
    for document in documents:
        hits = [
            (mention.start, mention.end, tag.id)
            for tag in matcher.tag(None, document.text, language)
            for mention in tag.mentions
        ]
        for mention in document.mentions:
            names = listed.get(mention.id, ("", set()))[1]
            if mention.lemma not in names or not mention.surface[0].isupper():
                continue
            start, end = mention.start, mention.end
            hit = any(s < end and start < e and id_ == mention.id for s, e, id_ in hits)
            longer = any(s <= start and end <= e and e - s > end - start for s, e, _ in hits)
            if not hit and longer:
                continue  # a longer name of another entry holds this one: rightly that one's
            _count(score, hit, fold_word(mention.surface) != fold_word(mention.lemma))
            if not hit:
                score.misses[f"{mention.surface} < {mention.lemma}"] += 1
        for start, end, id_ in hits:
            if any(start < m.end and m.start < end and m.id == id_ for m in document.mentions):
                continue
            score.wrong += 1
            if fold_word(document.text[start:end]) not in surfaces[id_]:
                score.over += 1
                score.errors[f"{document.text[start:end]} ~ {id_}"] += 1
    return score


# --- Spellings of Belarusian ----------------------------------------------------------------------


def converters() -> dict[str, Callable[[str], str]]:
    """Respellings of a word by independent packages, those that are installed."""
    found: dict[str, Callable[[str], str]] = {}
    try:
        belorthography = importlib.import_module("belorthography")
    except ImportError:
        typer.echo("no taraškievica rows: belorthography is not installed", err=True)
    else:
        to = belorthography.Orthography
        found["taraškievica"] = lambda word: str(
            belorthography.convert(word, to.OFFICIAL, to.CLASSICAL)
        )
    try:
        latynkatar = importlib.import_module("latynkatar")
    except ImportError:
        typer.echo("no Łacinka rows: latynkatar is not installed", err=True)
    else:
        to_latin = latynkatar.CyrLatConverter
        found["Łacinka"] = lambda word: str(to_latin(word).convert())
        found["Łacinka, marked"] = lambda word: str(to_latin(word).convert(palatalization=True))
    return found


# --- The command ----------------------------------------------------------------------------------


def main(
    ud: Annotated[Path | None, typer.Option(help="folder of .conllu files")] = None,
    slavicner: Annotated[Path | None, typer.Option(help="folder with raw/ and ner/")] = None,
    languages: Annotated[str, typer.Option()] = LANGUAGES,
    watchlist: Annotated[Path, typer.Option(help="the list that speed is measured with")] = (
        Path("config/watchlist")
    ),
    misses: Annotated[int, typer.Option(help="so many misses and errors of each")] = 0,
    speed: Annotated[bool, typer.Option(help="measure MB/s on the SlavicNER texts")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure the watchlist on labelled texts."""
    rows: dict[str, Any] = {}

    def report(name: str, score: Score) -> None:
        rows[name] = score.ratios()
        if not as_json:
            figures = "  ".join(
                f"{key} {value:.4f}" if isinstance(value, float) else f"{key} {value:6d}"
                for key, value in rows[name].items()
            )
            typer.echo(f"{name:34} {figures}")
            for title, counter in (("missed", score.misses), ("wrong", score.errors)):
                if misses and counter:
                    most = "; ".join(f"{k} ×{n}" for k, n in counter.most_common(misses))
                    typer.echo(f"    {title}: {most}")

    shipped = load(watchlist).entries if speed else ()
    for language in languages.split(","):
        if ud is not None and (sentences := list(read_ud(ud, language))):
            report(f"UD {language}", score_ud(sentences, language))
            report(f"UD {language}, no given names", score_ud(sentences, language, given=False))
            report(f"UD {language}, exact", score_ud(sentences, language, exact=True))
            if language == "be":
                for spelling, convert in converters().items():
                    report(f"UD be, {spelling}", score_ud(sentences, "be", convert=convert))
        if slavicner is not None and (documents := read_slavicner(slavicner, language)):
            report(f"SlavicNER {language}", score_slavicner(documents, language))
            report(f"SlavicNER {language}, exact", score_slavicner(documents, language, exact=True))
            if speed:
                lists = {
                    f"{count} names": many_entries(shipped, documents, language, count)
                    for count in LIST_SIZES
                }
                lists["the annotated names"] = entries_of(listed_names(documents), language)
                for title, entries in lists.items():
                    found = speeds([d.text for d in documents], entries, language)
                    rows[f"MB/s {language}, {title}"] = found
                    if not as_json:
                        line = "  ".join(f"{name} {value:.1f}" for name, value in found.items())
                        typer.echo(f"MB/s {language}, {title:24} {line}")
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    typer.run(main)
