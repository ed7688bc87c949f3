"""Cut labelled news into headlines, leads and articles.

In: SlavicNER's `raw` folder (topic/language/*.txt, the first line a title) and the folder of
fundus's test pages (country/*.json with titles and bodies). Out: JSON lines {text, lang, class,
set} for `benchmarks/language.py`. The label is that of the folder, whatever the text quotes.

    python -m benchmarks.language_news eval/slavicner/raw eval/pages/fundus > news.jsonl
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

COUNTRIES = {
    "at": "de", "au": "en", "ca": "en", "cz": "cs", "de": "de", "es": "es", "fr": "fr", "ind": "en",
    "jp": "ja", "kr": "ko", "mx": "es", "no": "no", "se": "sv", "tr": "tr", "uk": "en", "us": "en",
    "vn": "vi",
}  # fmt: skip
"""Countries of fundus with one language, or nearly."""
SENTENCES, LEADS = 12, 6
"""Taken from one text at most."""
SHORT, LONG = 40, 70
"""Characters of a sentence that stands for a headline: at least, and where it is cut."""
LEAD = (240, 320)
ARTICLE = (1000, 2000)
_SENTENCE_END = re.compile(r"(?<=[.!?…»”\"])\s+(?=[\w«„“\"—–-])")
_LINES = re.compile(r"\s*\n\s*")


def slavicner(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(language, title, body) of each text."""
    for path in sorted(folder.glob("*/*/*.txt")):
        title, *rest = filter(str.strip, path.read_text(encoding="utf-8").splitlines())
        if rest:
            yield path.parent.name, title.strip(), "\n".join(rest)


def fundus(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(language, title, body) of each page."""
    for path in sorted(folder.glob("*/*.json")):
        language = COUNTRIES.get(path.parent.name)
        if language is None:
            continue
        for parser in json.loads(path.read_text(encoding="utf-8")).values():
            for page in [parser] if "body" in parser else parser.values():
                if isinstance(page, dict) and page.get("body"):
                    yield language, page.get("title") or "", "\n".join(_paragraphs(page["body"]))


def _paragraphs(body: dict[str, Any]) -> list[str]:
    parts: list[str] = list(body.get("summary", []))
    for section in body.get("sections", []):
        parts += [*section.get("headline", []), *section.get("paragraphs", [])]
    return parts


def cut(title: str, body: str) -> Iterator[tuple[str, str]]:
    """(class, text): title and first sentences, runs of sentences, the beginning of the text."""
    if len(title) >= SHORT // 2:
        yield "headline", title[:120]
    text = " ".join(body.split())
    sentences = _SENTENCE_END.split(text)
    for sentence in sentences[:SENTENCES]:
        if len(sentence) >= SHORT:
            yield "headline", _shortened(sentence, LONG)
    run, leads = "", 0
    for sentence in sentences:
        run = f"{run} {sentence}".strip()
        if len(run) >= LEAD[0]:
            yield "lead", _shortened(run, LEAD[1])
            run, leads = "", leads + 1
            if leads == LEADS:
                break
    if len(text) >= ARTICLE[0]:
        yield "article", _LINES.sub("\n\n", body.strip())[: ARTICLE[1]]


def _shortened(text: str, size: int) -> str:
    return text if len(text) <= size else text[:size].rsplit(" ", 1)[0]


def main(
    slavicner_folder: Annotated[Path, typer.Argument(help="SlavicNER's raw texts")],
    fundus_folder: Annotated[Path, typer.Argument(help="fundus's test pages")],
) -> None:
    """Write the labelled lines to standard output, each text once."""
    seen: set[tuple[str, str]] = set()
    for name, texts in (
        ("slavicner", slavicner(slavicner_folder)),
        ("fundus", fundus(fundus_folder)),
    ):
        for language, title, body in texts:
            for size, text in cut(title, body):
                if (size, text) not in seen:
                    seen.add((size, text))
                    row = {"text": text, "lang": language, "class": size, "set": name}
                    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    typer.run(main)
