"""How fast the watchlist's matcher is, beside other ways to search the same texts.

In: texts and entries. Out: MB a second of processor time for each way, in one process. A MB is a
million bytes of the texts in UTF-8: a Cyrillic letter is two of them, so texts in Latin letters
have twice as many words a MB, and are the hard case. Tagging includes everything from the folding
of the text to finished tags.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import typer

from benchmarks.watchlist_sets import NerDocument, entries_of, listed_names
from pipeline.watchlist.fold import WORD, fold_word
from pipeline.watchlist.inflect import expand
from pipeline.watchlist.matcher import Matcher
from pipeline.watchlist.shapes import Entry

ROUNDS = 5


_ENDINGS = {
    "pl": "ewicz owski czuk enko iński ołek aszwili icki acki yk",
    "ru": "енко ович евский чук инец ашвили енков алёв ицкий ук",
    "uk": "енко ович евський чук инець ашвілі енків альов ицький ук",
}


def many_entries(
    base: Sequence[Entry], documents: list[NerDocument], language: str, count: int
) -> list[Entry]:
    """Entries with so many names: those of a list, then persons with made-up surnames."""
    listed = listed_names(documents)
    persons = sorted({n for kind, group in listed.values() if kind == "PER" for n in group})
    pairs = [(name.split()[0], name.split()[-1]) for name in persons if name.count(" ") == 1]
    surnames = dict.fromkeys(
        last[:cut] + ending
        for ending in _ENDINGS[language].split()
        for _, last in pairs
        for cut in (3, 4, 5)
    )
    made_up = {
        surname: ("PER", {f"{pairs[place % len(pairs)][0]} {surname}"})
        for place, surname in enumerate(surnames)
    }
    entries, names = [], 0
    for entry in (*base, *entries_of(made_up, language)):
        if names >= count:
            break
        entries.append(entry)
        names += len(entry.names)
    return entries


def speeds(texts: list[str], entries: list[Entry], language: str) -> dict[str, float]:
    """MB (10⁶ bytes of UTF-8) a second of processor time of each way to search the same texts for
    the same names: the best of `ROUNDS`."""
    words = {word for entry in entries for name in entry.names for word in WORD.findall(name.text)}
    forms = sorted({fold_word(form) for word in words for form in expand(word, language)})
    table = dict.fromkeys(forms, True)
    inflected = Matcher(entries)
    exact = Matcher(replace(entry, inflect="none") for entry in entries)

    def look_up() -> None:
        for text in texts:
            [m.span() for m in WORD.finditer(text.lower()) if m.group() in table]

    def tag_with(matcher: Matcher) -> Callable[[], None]:
        def run() -> None:
            for text in texts:
                matcher.tag(None, text, language)

        return run

    ways = {
        "matcher": tag_with(inflected),
        "exact names": tag_with(exact),
        "tokenise and look up": look_up,
    }
    try:
        rust = importlib.import_module("ahocorasick_rs")
    except ImportError:
        typer.echo("no ahocorasick_rs row: it is not installed", err=True)
    else:
        automaton = rust.AhoCorasick(forms, matchkind=rust.MatchKind.LeftmostLongest)

        def automaton_run() -> None:
            for text in texts:
                low = text.lower()
                for _, start, end in automaton.find_matches_as_indexes(low):
                    _ = not (low[start - 1 : start].isalnum() or low[end : end + 1].isalnum())

        ways["ahocorasick_rs"] = automaton_run
    size = sum(len(text.encode()) for text in texts) / 1e6
    return {name: size / min(_seconds(run) for _ in range(ROUNDS)) for name, run in ways.items()}


def _seconds(run: Callable[[], None]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
