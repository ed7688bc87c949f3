"""Find the words by which Croatian and Serbian in Latin letters are told apart, from dictionaries.

In: the folder of sources that SOURCES.md describes (a list of words of both languages by
frequency, a spelling dictionary of each). Out: `croatian_serbian_dictionary.txt`, words only. Needs
the program `hunspell` on the PATH and no network.

    python -m pipeline.language.profiles.dictionaries sources/
"""

from __future__ import annotations

import argparse
import itertools
import re
import subprocess
from pathlib import Path

from pipeline.language.profiles.build import HERE, word_list

OUT = HERE / "croatian_serbian_dictionary.txt"
_HEADER = """\
# Words that the spelling dictionary of one language has and that of the other has not. Made by
# dictionaries.py from the sources that SOURCES.md credits.
"""
# Shorter ones are mostly abbreviations.
_WORD = re.compile(r"(?=.*[aeiou])[abcčćdđefghijklmnoprsštuvzž]{3,}$")
_IJEKAVIAN = re.compile("ije|je")
# A Croatian form is the counterpart of a Serbian one only if that is about as common: `linije`
# (lines) is no counterpart of `line`.
_LEAST_RATIO = 0.2


def accepted(words: list[str], dictionary: Path) -> set[str]:
    """The words that a hunspell dictionary (its path without suffix) has, as written."""
    refused = subprocess.run(
        ["hunspell", "-i", "utf-8", "-d", str(dictionary), "-l"],
        input="\n".join(words) + "\n",
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout.split()
    return set(words).difference(refused)


def known(words: list[str], dictionary: Path) -> set[str]:
    """The words that a dictionary has in any case: names and abbreviations too."""
    forms = (words, [word.capitalize() for word in words], [word.upper() for word in words])
    return {word.lower() for form in forms for word in accepted(form, dictionary)}


def ekavian(word: str) -> set[str]:
    """What an ijekavian word may be in the ekavian of Serbia: cijena → cena, ljepota → lepota."""
    forms = {word}
    for _ in range(2):
        forms |= {
            form[: match.start()] + "e" + form[match.end() :]
            for form in forms
            for match in _IJEKAVIAN.finditer(form)
        }
    return forms - {word}


def differing(counts: dict[str, int], croatian: Path, serbian: Path) -> tuple[list[str], list[str]]:
    """(Croatian words, Serbian words), each unknown to the other's dictionary, commonest first.

    The Serbian dictionary has the ijekavian words of Bosnia too: such a word counts as Croatian
    when its ekavian form is Serbian only.
    """
    words = [word for word in counts if _WORD.match(word)]
    in_croatian, in_serbian = known(words, croatian), known(words, serbian)
    plain_croatian, plain_serbian = accepted(words, croatian), accepted(words, serbian)
    only_serbian = plain_serbian - in_croatian
    pairs = {
        (word, form)
        for word in plain_croatian
        for form in ekavian(word) & only_serbian
        if counts[form] >= _LEAST_RATIO * counts[word]
    }
    only_croatian = (plain_croatian - in_serbian) | {word for word, _ in pairs}
    paired = {form for _, form in pairs}
    # Without letters of its own a Serbian word that has no counterpart may be English.
    only_serbian = {word for word in only_serbian if not word.isascii() or word in paired}
    return (
        [word for word in words if word in only_croatian],
        [word for word in words if word in only_serbian],
    )


def main() -> None:
    """Compare the dictionaries and write the list."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.language.profiles.dictionaries")
    parser.add_argument("folder", type=Path, help="the sources, laid out as SOURCES.md says")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write")
    arguments = parser.parse_args()
    folder = arguments.folder / "debian/usr/share/hunspell"
    counts = dict(word_list(arguments.folder / "words" / "sh.tsv"))
    croatian, serbian = differing(counts, folder / "hr_HR", folder / "sr_Latn_RS")
    lines = (
        f"{name}: {' '.join(words)}\n"
        for name, words in itertools.zip_longest(("hr", "sr-Latn"), (croatian, serbian))
    )
    arguments.out.write_text(_HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
