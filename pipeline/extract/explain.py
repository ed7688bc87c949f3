"""What `wirewatch records explain` shows: for every field its value and where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import Article

_FIELDS = (
    "title", "authors", "published", "updated", "site_name", "section", "canonical_url", "image",
    "html_lang",
)  # fmt: skip
_HOW = ("text", "rule", "zone", "encoding")
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of an article, its value as one line, and its source."""

    field: str
    value: str
    source: str


def explain(article: Article) -> tuple[Finding, ...]:
    """The fields of `article` and then how it was read, in the order to show them."""
    found = [
        Finding(name, _shown(getattr(article, name)), article.sources.get(name, "none"))
        for name in _FIELDS
    ]
    kinds = {block.kind for block in article.blocks}
    size = f"{len(article.text)} characters in {len(article.blocks)} blocks"
    size += f" ({', '.join(sorted(kinds))})" + (", truncated" if article.truncated else "")
    how = {name: article.sources[name] for name in _HOW if name in article.sources}
    return (*found, *(Finding(name, size if name == "text" else "", how[name]) for name in how))


def _shown(value: object) -> str:
    if value is None or value == ():
        return ""
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
