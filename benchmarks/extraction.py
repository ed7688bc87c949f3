"""Extraction quality and cost on labelled pages, beside plain trafilatura in the same run.

    python benchmarks/extraction.py --scrapinghub DIR --fundus DIR [--also readability,newspaper]

DIR of `--scrapinghub` holds `ground-truth.json` and `html/ID.html.gz` (the layout of
scrapinghub/article-extraction-benchmark); DIR of `--fundus` holds `COUNTRY/Publisher.json`,
`COUNTRY/Publisher_DATE.html.gz` and `COUNTRY/meta.info` (tests/resources/parser/test_data of
flairNLP/fundus). No page ships with the project. Body scores are the scrapinghub ones: precision
and recall over 4-word shingles, a page one vote, ± 1.96 bootstrap standard deviations.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import trafilatura

from pipeline.errors import Rejected
from pipeline.extract import extract, render
from pipeline.extract.page import decode
from pipeline.records import Article, Page

BOOTSTRAPS = 1000
SEED = 20251017
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Labelled:
    """One page with its gold; several gold bodies mean that any of them is right."""

    name: str
    url: str
    html: bytes
    bodies: tuple[str, ...]
    fetched: datetime
    paragraphs: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    gold: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What one extractor made of the pages."""

    scores: list[tuple[float, float, float]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


# ── the two layouts ──────────────────────────────────────────────────────────────────────────


def scrapinghub(folder: Path) -> list[Labelled]:
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        Labelled(
            name=name,
            url=gold.get("url", ""),
            html=gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()),
            bodies=(gold.get("articleBody", ""),),
            fetched=datetime(2020, 1, 1, tzinfo=UTC),
        )
        for name, gold in sorted(truth.items())
    ]


def fundus(folder: Path) -> list[Labelled]:
    pages = []
    for archive in sorted(folder.glob("*/*.html.gz")):
        publisher = archive.name.split("_")[0]
        gold_file = archive.parent / f"{publisher}.json"
        if not gold_file.exists():
            continue
        html = gzip.decompress(archive.read_bytes())
        info = json.loads((archive.parent / "meta.info").read_text(encoding="utf-8"))
        about = info.get(archive.name, {})
        versions = json.loads(gold_file.read_text(encoding="utf-8")).values()
        text = decode(html)[0]
        plain = trafilatura.extract(text, include_comments=False) or ""
        gold = max(versions, key=lambda v: f1(shingle_match(_gold_bodies(v)[0], plain)))
        crawled = about.get("crawl_date")
        sections = (gold.get("body") or {}).get("sections") or []
        pages.append(
            Labelled(
                name=archive.name.removesuffix(".html.gz"),
                url=about.get("url", ""),
                html=html,
                bodies=_gold_bodies(gold),
                fetched=datetime.fromisoformat(crawled).replace(tzinfo=UTC)
                if crawled
                else datetime(2030, 1, 1, tzinfo=UTC),
                paragraphs=tuple(p for s in sections for p in s["paragraphs"]),
                headings=tuple(h for s in sections for h in s["headline"]),
                gold=gold,
            )
        )
    return pages


def _gold_bodies(gold: dict[str, Any]) -> tuple[str, ...]:
    """The gold text without and with the summary: publishers differ in whether it is body."""
    body = gold.get("body") or {}
    sections = [
        text
        for section in body.get("sections") or []
        for text in (*section["headline"], *section["paragraphs"])
    ]
    return "\n".join(sections), "\n".join([*(body.get("summary") or []), *sections])


# ── scores ───────────────────────────────────────────────────────────────────────────────────


def shingle_match(gold: str, found: str) -> tuple[float, float, float]:
    """Shares of 4-word shingles (true positive, false positive, false negative) of one page."""
    wanted, got = _shingles(gold), _shingles(found)
    true = sum((wanted & got).values())
    false, missed = got.total() - true, wanted.total() - true
    total = true + false + missed
    return (true / total, false / total, missed / total) if total else (0.0, 0.0, 0.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    starts = range(max(1, len(tokens) - 3))
    return Counter(s for i in starts if (s := tuple(tokens[i : i + 4])))


def means(scores: Iterable[tuple[float, float, float]]) -> tuple[float, float, float]:
    """F1, precision, recall: the means of the pages' precisions and recalls."""
    scores = list(scores)
    precision = statistics.mean(_ratio(t, f, m) for t, f, m in scores if t + f > 0)
    recall = statistics.mean(_ratio(t, m, f) for t, f, m in scores if t + m > 0)
    return 2 * precision * recall / (precision + recall), precision, recall


def f1(score: tuple[float, float, float]) -> float:
    true, false, missed = score
    return 2 * true / (2 * true + false + missed) if true else 0.0


def _ratio(true: float, wrong: float, other: float) -> float:
    if wrong == other == 0:
        return 1.0
    return true / (true + wrong) if true + wrong else 0.0


def bootstrap(values: list[Any], measure: Callable[[list[Any]], float]) -> float:
    """1.96 standard deviations of `measure` over resampled pages."""
    chance = random.Random(SEED)
    drawn = [
        measure([values[chance.randrange(len(values))] for _ in values]) for _ in range(BOOTSTRAPS)
    ]
    return 1.96 * statistics.stdev(drawn)


# ── the extractors ───────────────────────────────────────────────────────────────────────────


def wirewatch(page: Labelled) -> Article | None:
    try:
        return extract(
            Page(
                url=page.url,
                final_url=page.url,
                status=200,
                headers={},
                body=page.html,
                fetched=page.fetched,
                elapsed_ms=0,
            )
        )
    except Rejected as reason:
        print(f"  rejected {page.name}: {reason}", file=sys.stderr)
        return None


def _plain(html: str, url: str) -> str:
    return trafilatura.extract(html, url=url, include_comments=False) or ""


def _readability(html: str, url: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    summary = fromstring(Document(html, url=url).summary())
    return "\n".join(line.text for line in render.lines(summary))


def _newspaper(html: str, url: str) -> str:
    import newspaper

    article = newspaper.Article(url or "http://localhost/")
    article.download(input_html=html)
    try:
        article.parse()
    except (ImportError, LookupError) as missing:  # tokenizers of single languages, nltk's data
        print(f"  newspaper on {url}: {str(missing).strip().splitlines()[0]}", file=sys.stderr)
        return ""
    return str(article.text)


OTHERS: dict[str, Callable[[str, str], str]] = {
    "readability": _readability,
    "newspaper": _newspaper,
}


def timed(run: Callable[[], Any], passes: int) -> tuple[Any, float]:
    """The result, and the least CPU milliseconds of `passes` runs."""
    best = float("inf")
    result: Any = None
    for _ in range(passes):
        start = time.process_time()
        result = run()
        best = min(best, (time.process_time() - start) * 1000)
    return result, best


def measure_bodies(
    pages: list[Labelled], others: list[str], passes: int
) -> tuple[dict[str, Outcome], list[Article | None]]:
    """Every extractor on every page, one page after the other so that all see the same machine."""
    warm = pages[0]
    wirewatch(warm)
    trafilatura.extract(decode(warm.html)[0], include_comments=False, with_metadata=True)
    outcomes = {name: Outcome() for name in ("wirewatch", "trafilatura", "+ metadata", *others)}
    articles = []
    for page in pages:
        text = decode(page.html)[0]
        article, spent = timed(lambda page=page: wirewatch(page), passes)
        articles.append(article)
        _note(outcomes["wirewatch"], page, article.text if article else "", spent)
        found, spent = timed(lambda t=text, p=page: _plain(t, p.url), passes)
        _note(outcomes["trafilatura"], page, found, spent)
        document, spent = timed(
            lambda t=text, p=page: trafilatura.bare_extraction(
                t, url=p.url, include_comments=False, with_metadata=True
            ),
            passes,
        )
        _note(outcomes["+ metadata"], page, document.text if document else "", spent)
        for name in others:
            found, spent = timed(lambda n=name, t=text, p=page: OTHERS[n](t, p.url), passes)
            _note(outcomes[name], page, found, spent)
    return outcomes, articles


def _note(outcome: Outcome, page: Labelled, text: str, spent: float) -> None:
    outcome.scores.append(max((shingle_match(b, text) for b in page.bodies), key=f1))
    outcome.milliseconds.append(spent)
    outcome.texts.append(text)


# ── reports ──────────────────────────────────────────────────────────────────────────────────


def report_bodies(title: str, outcomes: dict[str, Outcome]) -> None:
    print(f"\n{title}: body, {len(outcomes['wirewatch'].scores)} pages")
    print(f"{'':14}{'F1':>7}{'±':>7}{'P':>8}{'R':>8}{'dF1':>9}{'±':>7}{'ms mean':>9}{'median':>8}")
    base = outcomes["trafilatura"]
    for name, outcome in outcomes.items():
        score, precision, recall = means(outcome.scores)
        error = bootstrap(outcome.scores, lambda s: means(s)[0])
        pairs = list(zip(outcome.scores, base.scores, strict=True))
        difference = score - means(base.scores)[0]
        spread = bootstrap(pairs, lambda p: means(a for a, _ in p)[0] - means(b for _, b in p)[0])
        print(
            f"{name:14}{score:7.4f}{error:7.4f}{precision:8.4f}{recall:8.4f}{difference:+9.4f}"
            f"{spread:7.4f}{statistics.mean(outcome.milliseconds):9.1f}"
            f"{statistics.median(outcome.milliseconds):8.1f}"
        )
    ratio = sum(outcomes["wirewatch"].milliseconds) / sum(outcomes["+ metadata"].milliseconds)
    print(f"cost against trafilatura with its metadata: {ratio:.2f}")


def report_retention(pages: list[Labelled], outcomes: dict[str, Outcome]) -> None:
    """How many gold paragraphs and sub-headlines stand on a line of their own."""
    print("\nkept as a line of their own")
    for name, outcome in outcomes.items():
        kept: Counter[str] = Counter()
        for page, text in zip(pages, outcome.texts, strict=True):
            lines = {_squeezed(line) for line in text.splitlines()}
            for kind, wanted in (("paragraphs", page.paragraphs), ("headings", page.headings)):
                kept[f"all {kind}"] += len(wanted)
                kept[kind] += sum(_squeezed(line) in lines for line in wanted)
        shares = (
            f"{kind} {kept[kind] / max(1, kept[f'all {kind}']):.3f} of {kept[f'all {kind}']}"
            for kind in ("paragraphs", "headings")
        )
        print(f"{name:14}" + ", ".join(shares))


def report_metadata(pages: list[Labelled], articles: list[Article | None]) -> None:
    right: Counter[str] = Counter()
    misses: list[str] = []
    for page, article in zip(pages, articles, strict=True):
        checks = _metadata_checks(page.gold, article)
        right.update(name for name, good in checks.items() if good)
        misses += [
            f"  {page.name} {name}: {_told(name, page.gold)!r} / {_had(name, article)!r}"
            for name, good in checks.items()
            if not good
        ]
    print("\nmetadata, share of pages right")
    for name in ("day", "minute", "title", "authors"):
        print(f"  {name:8}{right[name] / len(pages):.3f}")
    print("\nmetadata misses (gold / found)", *misses, sep="\n", file=sys.stderr)


def _metadata_checks(gold: dict[str, Any], article: Article | None) -> dict[str, bool]:
    stated = gold.get("publishing_date")
    wanted = datetime.fromisoformat(stated) if stated else None
    found = article.published if article else None
    return {
        "day": _day(found, wanted) == (wanted.date() if wanted else None),
        "minute": wanted is not None
        and isinstance(found, datetime)
        and _minute(found, wanted) == wanted.replace(second=0, microsecond=0),
        "title": bool(article) and _squeezed(article.title) == _squeezed(gold.get("title")),
        "authors": bool(article)
        and {_squeezed(a) for a in article.authors}
        == {_squeezed(a) for a in gold.get("authors") or ()},
    }


def _day(found: datetime | date | None, wanted: datetime | None) -> date | None:
    """The day found, told in the zone in which the gold tells it."""
    if isinstance(found, datetime):
        return found.astimezone(wanted.tzinfo).date() if wanted and wanted.tzinfo else found.date()
    return found


def _minute(found: datetime, wanted: datetime) -> datetime:
    told = found.astimezone(wanted.tzinfo) if wanted.tzinfo else found.replace(tzinfo=None)
    return told.replace(second=0, microsecond=0)


def _told(name: str, gold: dict[str, Any]) -> object:
    return gold.get({"day": "publishing_date", "minute": "publishing_date"}.get(name, name))


def _had(name: str, article: Article | None) -> object:
    if article is None:
        return None
    if name in ("day", "minute"):
        return f"{article.published} ({article.sources.get('published')})"
    return getattr(article, name)


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def worst(pages: list[Labelled], outcomes: dict[str, Outcome], count: int) -> None:
    """The pages with the lowest F1, for whoever wants to know why."""
    print("\nlowest F1 (wirewatch, trafilatura)", file=sys.stderr)
    rows = zip(pages, outcomes["wirewatch"].scores, outcomes["trafilatura"].scores, strict=True)
    for page, ours, plain in sorted(rows, key=lambda row: f1(row[1]))[:count]:
        _, false, missed = ours
        print(
            f"  {f1(ours):.3f} {f1(plain):.3f} extra {false:.2f} missed {missed:.2f} "
            f"{page.name[:40]} {page.url[:80]}",
            file=sys.stderr,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scrapinghub", type=Path, metavar="DIR")
    parser.add_argument("--fundus", type=Path, metavar="DIR")
    parser.add_argument("--also", default="", help=f"of {', '.join(OTHERS)}; install them first")
    parser.add_argument("--passes", type=int, default=2, help="least of so many timings (2)")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages")
    options = parser.parse_args()
    if not (options.scrapinghub or options.fundus):
        parser.error("give --scrapinghub DIR or --fundus DIR")
    others = [name for name in options.also.split(",") if name]
    if unknown := set(others) - set(OTHERS):
        parser.error(f"--also knows {', '.join(OTHERS)}, not {', '.join(unknown)}")
    for title, load, folder in (
        ("scrapinghub", scrapinghub, options.scrapinghub),
        ("fundus", fundus, options.fundus),
    ):
        if folder is None:
            continue
        pages = load(folder)
        outcomes, articles = measure_bodies(pages, others, options.passes)
        report_bodies(title, outcomes)
        if title == "fundus":
            report_retention(pages, outcomes)
            report_metadata(pages, articles)
        if options.worst:
            worst(pages, outcomes, options.worst)


if __name__ == "__main__":
    main()
