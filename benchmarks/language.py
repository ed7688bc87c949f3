"""Score language detection on labelled texts, ours beside others, in one run.

In: JSON lines with `text`, `lang` (BCP 47) and `class` (headline, lead, article or any other).
Out: a table of percent right by language and class, what be, ru and uk were taken for,
calibration, repeats that changed, milliseconds a document. Systems that are not installed are left
out and named; `pip install ".[benchmarks]"` installs them.
Time is processor time, so that other work on the machine does not count.

    python -m benchmarks.language held-out.jsonl [--against langdetect,py3langid,lingua]
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

Answer = tuple[str, float]
"""Language tag and confidence."""
System = Callable[[str], Answer]

EU = "bg hr cs da nl en et fi fr de el hu ga it lv lt mt pl pt ro sk sl es sv"
LANGUAGES = f"{EU} be ru uk sr mk no sq tr".split(" ")
"""What systems that can be told are told to choose from."""
CLASSES = ("headline", "lead", "article")
"""In the order they are printed; other classes follow by name."""
INSTALL = 'pip install ".[benchmarks]"'
CONFUSION = ("be", "be-Latn", "ru", "uk")
CALIBRATION_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0001)
REPEATED_TEXTS = 20


def wirewatch() -> System:
    from pipeline.language.detector import detect, load

    load()

    def answer(text: str) -> Answer:
        found = detect(text)
        return found.tag, found.confidence

    return answer


def langdetect() -> System:
    from langdetect import LangDetectException, detect_langs

    def answer(text: str) -> Answer:
        try:
            best = detect_langs(text)[0]
        except LangDetectException:
            return "und", 0.0
        return best.lang, best.prob

    return answer


def py3langid() -> System:
    library = import_module("py3langid.langid")
    model = library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)
    known = set(model.nb_classes)
    model.set_languages([tag for tag in [*LANGUAGES, "nb"] if tag in known])

    def answer(text: str) -> Answer:
        tag, confidence = model.classify(text)
        return tag, float(confidence)

    return answer


def lingua() -> System:
    library = import_module("lingua")
    # lingua has Bokmål and Nynorsk for Norwegian, and no Maltese.
    codes = {language.iso_code_639_1.name.lower(): language for language in library.Language.all()}
    wanted = [codes[tag] for tag in [*LANGUAGES, "nb"] if tag in codes]
    detector = library.LanguageDetectorBuilder.from_languages(*wanted).build()

    def answer(text: str) -> Answer:
        best = detector.compute_language_confidence_values(text)
        if not best:
            return "und", 0.0
        return best[0].language.iso_code_639_1.name.lower(), best[0].value

    return answer


SYSTEMS: dict[str, Callable[[], System]] = {
    "wirewatch": wirewatch,
    "langdetect": langdetect,
    "py3langid": py3langid,
    "lingua": lingua,
}


def same(answer: str, label: str) -> bool:
    """Whether the answer is the label; scripts count only where a system could tell them apart."""
    if label == "be-Latn":
        return answer == label
    if answer == "be-Latn":
        return False
    short = {"nb": "no", "nn": "no", "sh": "sr", "bs": "bs"}
    tag = answer.split("-")[0]
    return short.get(tag, tag) == label.split("-")[0]


@dataclass
class Score:
    """What one system did."""

    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bins: Counter[int] = field(default_factory=Counter)
    bins_right: Counter[int] = field(default_factory=Counter)
    confidence: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    misses: list[dict[str, Any]] = field(default_factory=list)
    changed: int = 0


def run(system: System, rows: list[dict[str, Any]], repeats: int) -> Score:
    """Ask the system for every row; then ask `repeats` times more for some."""
    score = Score()
    system("The quick brown fox jumps over the lazy dog.")  # loads what it loads lazily
    for row in rows:
        start = time.process_time()
        tag, confidence = system(row["text"])
        score.seconds[row["class"]] += time.process_time() - start
        right = same(tag, row["lang"])
        cell = (row["lang"], row["class"])
        score.seen[cell] += 1
        score.right[cell] += right
        score.answers[row["lang"]][tag] += 1
        if tag != "und":
            place = max(i for i, edge in enumerate(CALIBRATION_EDGES) if confidence >= edge)
            score.bins[place] += 1
            score.bins_right[place] += right
            score.confidence[place] += confidence
        if not right:
            score.misses.append({**row, "answer": tag, "confidence": round(confidence, 3)})
    some = rows[:: max(1, len(rows) // REPEATED_TEXTS)]
    first = [system(row["text"]) for row in some]
    for _ in range(repeats):
        score.changed += [system(row["text"]) for row in some] != first
    return score


def labelled(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON lines file; an error names the line that is none."""
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise typer.BadParameter(f"{file}:{number}: no JSON: {error}") from error
        if not isinstance(row, dict) or not all(
            isinstance(row.get(key), str) for key in ("text", "lang", "class")
        ):
            raise typer.BadParameter(f"{file}:{number}: needs text, lang and class")
        yield row


def report(scores: dict[str, Score], rows: list[dict[str, Any]]) -> None:
    found = {row["class"] for row in rows}
    classes = [name for name in CLASSES if name in found] + sorted(found.difference(CLASSES))
    languages = sorted({row["lang"] for row in rows})
    for size in classes:
        print(f"\n{size}: percent right")
        print(f"{'':9}{'n':>6}" + "".join(f"{name:>12}" for name in scores))
        for language in languages:
            cell = (language, size)
            count = next(iter(scores.values())).seen[cell]
            if count:
                shares = [100 * score.right[cell] / count for score in scores.values()]
                print(f"{language:9}{count:6}" + "".join(f"{share:12.2f}" for share in shares))
        totals = []
        for score in scores.values():
            cells = [cell for cell in score.seen if cell[1] == size]
            totals.append(sum(100 * score.right[c] / score.seen[c] for c in cells) / len(cells))
        print(f"{'mean':15}" + "".join(f"{total:12.2f}" for total in totals))
        spent = [
            1000 * score.seconds[size] / sum(n for (_, c), n in score.seen.items() if c == size)
            for score in scores.values()
        ]
        print(f"{'ms each':15}" + "".join(f"{ms:12.3f}" for ms in spent))
    for name, score in scores.items():
        print(f"\n{name}: what these were taken for")
        for language in CONFUSION:
            if score.answers[language]:
                counts = ", ".join(f"{tag} {n}" for tag, n in score.answers[language].most_common())
                print(f"  {language}: {counts}")
        print("  calibration: confidence said → right")
        for place, count in sorted(score.bins.items()):
            said, right = score.confidence[place] / count, score.bins_right[place] / count
            print(f"    {said:.4f} → {right:.4f}  ({count} answers)")
        print(f"  repeats with another answer: {score.changed}")


def main(
    files: Annotated[list[Path], typer.Argument(help="labelled JSON lines", exists=True)],
    against: Annotated[str, typer.Option(help="systems beside ours")] = (
        "langdetect,py3langid,lingua"
    ),
    repeats: Annotated[int, typer.Option(help="times some texts are asked again")] = 100,
    every: Annotated[int, typer.Option(help="take each n-th line only")] = 1,
    misses: Annotated[Path | None, typer.Option(help="write our wrong answers here")] = None,
) -> None:
    """Score ours, and the others that are installed, on the labelled texts."""
    others = [name for name in against.split(",") if name]
    if unknown := set(others) - set(SYSTEMS):
        raise typer.BadParameter(f"no system {', '.join(sorted(unknown))}: {', '.join(SYSTEMS)}")
    rows = [row for file in files for row in labelled(file)][::every]
    if not rows:
        raise typer.BadParameter("the files hold no labelled text")
    scores: dict[str, Score] = {}
    for name in ["wirewatch", *others]:
        try:
            system = SYSTEMS[name]()
        except ImportError:
            print(f"{name}: not installed, left out ({INSTALL})")
            continue
        scores[name] = run(system, rows, repeats if name == "wirewatch" else min(repeats, 3))
    report(scores, rows)
    if misses is not None:
        lines = [json.dumps(miss, ensure_ascii=False) for miss in scores["wirewatch"].misses]
        misses.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
