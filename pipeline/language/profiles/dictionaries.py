"""Find the words by which Croatian and Serbian in Latin letters are told apart, from dictionaries.

In: the folder of sources that SOURCES.md describes: a list of words of both languages by frequency,
and which of their forms the spelling dictionary of each language refuses. Out:
`croatian_serbian_dictionary.txt`, words only.

    python -m pipeline.language.profiles.dictionaries sources/ --forms > forms.txt
    hunspell -i utf-8 -d hr_HR -l forms.txt > sources/words/refused-hr.txt
    hunspell -i utf-8 -d sr_Latn_RS -l forms.txt > sources/words/refused-sr.txt
    python -m pipeline.language.profiles.dictionaries sources/
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from pipeline.language.profiles.build import HERE, plain_lines, word_list

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


def forms(word: str) -> tuple[str, str, str]:
    """The word as dictionaries may have it: common, a name, an abbreviation."""
    return word, word.capitalize(), word.upper()


def ekavian(word: str) -> set[str]:
    """What an ijekavian word may be in the ekavian of Serbia: cijena → cena, ljepota → lepota."""
    found = {word}
    for _ in range(2):
        found |= {
            form[: match.start()] + "e" + form[match.end() :]
            for form in found
            for match in _IJEKAVIAN.finditer(form)
        }
    return found - {word}


def differing(
    counts: dict[str, int], refused_croatian: set[str], refused_serbian: set[str]
) -> tuple[list[str], list[str]]:
    """(Croatian words, Serbian words), each unknown to the other's dictionary in any form.

    The Serbian dictionary has the ijekavian words of Bosnia too: such a word counts as Croatian
    when its ekavian form is Serbian only.
    """
    words = [word for word in counts if _WORD.match(word)]
    croatian, serbian = set(words) - refused_croatian, set(words) - refused_serbian
    only_serbian = {word for word in serbian if refused_croatian.issuperset(forms(word))}
    pairs = {
        (word, form)
        for word in croatian
        for form in ekavian(word) & only_serbian
        if counts[form] >= _LEAST_RATIO * counts[word]
    }
    paired_croatian, paired_serbian = {word for word, _ in pairs}, {form for _, form in pairs}
    only_croatian = {word for word in croatian if refused_serbian.issuperset(forms(word))}
    # Without letters of its own a Serbian word that has no counterpart may be English.
    plain = {word for word in only_serbian if word.isascii()}
    return (
        [word for word in words if word in only_croatian | paired_croatian],
        [word for word in words if word in only_serbian - (plain - paired_serbian)],
    )


def main() -> None:
    """Write the list, or the forms that the dictionaries are to be asked for."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.language.profiles.dictionaries")
    parser.add_argument("folder", type=Path, help="the sources, laid out as SOURCES.md says")
    parser.add_argument("--forms", action="store_true", help="print the forms to ask for")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write")
    arguments = parser.parse_args()
    folder = arguments.folder / "words"
    counts = dict(word_list(folder / "sh.tsv"))
    if arguments.forms:
        sys.stdout.writelines(f"{form}\n" for word in counts for form in forms(word))
        return
    refused = (set(plain_lines(folder / f"refused-{name}.txt")) for name in ("hr", "sr"))
    croatian, serbian = differing(counts, *refused)
    text = f"{_HEADER}hr: {' '.join(croatian)}\nsr-Latn: {' '.join(serbian)}\n"
    arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
