"""HTML pages of the demo's outlets: an article inside the furniture of its publisher's CMS.

In: an outlet, its article, the origin it is served from. Out: HTML. The furniture (navigation,
byline, share buttons, "read also" boxes, captions, related lists, footer) is what extraction has
to tell from the body; its words are in `templates/phrases.yml`, its shapes in
`templates/<cms>/`: `article.html`, `list.html`, `inset.html` (a box amid the text), `style.css`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import yaml

from pipeline.records import Block
from workers.demo.content import DemoArticle, Outlet

TEMPLATES = Path(__file__).parent / "templates"
_TAGS = {"paragraph": "p", "heading": "h2", "list_item": "li", "quote": "p"}
# The box amid the text comes after at least this many blocks, as on real sites.
_INSET_AFTER = 2
_DESCRIPTION_LENGTH = 160
_LIST_RUN = re.compile(r"^(<li>.*</li>(?:\n<li>.*</li>)*)$", re.MULTILINE)


def article_page(outlet: Outlet, article: DemoArticle, origin: str) -> str:
    """The page of an article."""
    others = [other for other in outlet.articles if other is not article]
    words = phrases(article.language)
    inset = Template(_read(f"{outlet.template}/inset.html")).substitute(
        see_also=words["see_also"],
        subscribe=words["subscribe"],
        links=_links(others[:1] or [article]),
    )
    url = origin + article.path
    return Template(_read(f"{outlet.template}/article.html")).substitute(
        _common(outlet, article.language, origin),
        title=escape(article.title),
        description=escape(summary(article)),
        url=url,
        published=outlet.stamp(article.published).isoformat(),
        date_line=_date_line(article, words),
        author=escape(article.author),
        section=escape(article.section),
        caption=escape(article.caption),
        photo=words["photo"],
        image=f"{origin}{image_path(article)}",
        body=_body(article, inset),
        see_also=words["see_also"],
        related_title=words["related"],
        related=_links(others[1:5]),
        share=words["share"],
        comments=words["comments"],
        tags=words["tags"],
        tag_links=_tag_links(article),
        jsonld=_json(_linked_data(outlet, article, origin)),
        page_data=_json({"props": {"id": article.file, "path": article.path}}),
    )


def list_page(outlet: Outlet, title: str, articles: Iterable[DemoArticle], origin: str) -> str:
    """A front page or section page: headlines and first sentences, no article of its own."""
    teasers = "".join(
        f'<li class="teaser"><a href="{article.path}">{escape(article.title)}</a>'
        f'<span class="lead">{escape(summary(article))}</span></li>\n'
        for article in articles
    )
    return Template(_read(f"{outlet.template}/list.html")).substitute(
        _common(outlet, outlet.language, origin), title=escape(title), teasers=teasers
    )


def message_page(outlet: Outlet, title: str, html: str, origin: str) -> str:
    """A page that is no article, in the outlet's dress: `html` is its content."""
    return Template(_read(f"{outlet.template}/list.html")).substitute(
        _common(outlet, outlet.language, origin), title=escape(title), teasers=html
    )


def style(outlet: Outlet) -> str:
    """The outlet's style sheet."""
    return _read(f"{outlet.template}/style.css")


def image_path(article: DemoArticle) -> str:
    """Where the article's picture is served."""
    return f"/media/{article.file.removesuffix('.txt')}.svg"


def picture(article: DemoArticle) -> str:
    """A drawn stand-in for a press photograph: hills and a sky, coloured by the article's name."""
    hue = sum(article.file.encode()) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540" width="960" height="540">'
        f'<rect width="960" height="540" fill="hsl({hue} 35% 78%)"/>'
        f'<circle cx="720" cy="150" r="60" fill="hsl({hue} 60% 92%)"/>'
        f'<path d="M0 360 Q240 220 480 350 T960 320 V540 H0Z" fill="hsl({hue} 25% 52%)"/>'
        f'<path d="M0 440 Q300 340 560 430 T960 410 V540 H0Z" fill="hsl({hue} 28% 36%)"/></svg>'
    )


def summary(article: DemoArticle) -> str:
    """The start of the first paragraph, cut at a word, as CMSs do."""
    lead = article.blocks[0].text
    if len(lead) <= _DESCRIPTION_LENGTH:
        return lead
    return lead[:_DESCRIPTION_LENGTH].rsplit(" ", 1)[0] + "…"


def section_paths(outlet: Outlet) -> dict[str, str]:
    """Section name → path, in the order of the articles."""
    names = dict.fromkeys(article.section for article in outlet.articles)
    return {name: f"/section-{number}/" for number, name in enumerate(names, 1)}


def _common(outlet: Outlet, language: str, origin: str) -> dict[str, str]:
    words = phrases(language)
    navigation = "".join(
        f'<li><a href="{path}">{escape(name)}</a></li>'
        for name, path in section_paths(outlet).items()
    )
    return {
        "language": language,
        "site_name": escape(outlet.name),
        "origin": origin,
        "feed": origin + outlet.feeds[0].path,
        "navigation": navigation,
        "home": words["home"],
        "search": words["search"],
        "about": words["about"],
        "contacts": words["contacts"],
        "subscribe": words["subscribe"],
        "notice": words["notice"],
    }


def _body(article: DemoArticle, inset: str) -> str:
    """The blocks as HTML, the inset between two paragraphs, each name's first mention linked."""
    links = dict(article.mentions)
    kinds = [block.kind for block in article.blocks]
    place = next(
        number
        for number in range(_INSET_AFTER, len(kinds))
        if kinds[number - 1] == kinds[number] == "paragraph"
    )
    out: list[str] = []
    for number, block in enumerate(article.blocks):
        if number == place:
            out.append(inset.strip())
        out.append(_element(block, links))
    return _LIST_RUN.sub(r"<ul>\n\1\n</ul>", "\n".join(out))


def _element(block: Block, links: dict[str, str]) -> str:
    tag = _TAGS[block.kind]
    html = f"<{tag}>{_inline(block.text, {} if tag == 'h2' else links)}</{tag}>"
    return f"<blockquote>{html}</blockquote>" if block.kind == "quote" else html


def _inline(text: str, links: dict[str, str]) -> str:
    """At most one link a paragraph; a name once linked is removed from `links`."""
    html = escape(_typographed(text), quote=False)
    for entry, surface in links.items():
        if (name := escape(surface, quote=False)) in html:
            del links[entry]
            return html.replace(name, f'<a href="/tag/{entry}/">{name}</a>', 1)
    return html


def _typographed(text: str) -> str:
    """With the no-break spaces that editors' programs put before dashes and inside guillemets."""
    return text.replace(" –", "\u00a0–").replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _links(articles: Sequence[DemoArticle]) -> str:
    return "".join(
        f'<li><a href="{article.path}">{escape(article.title)}</a></li>' for article in articles
    )


def _tag_links(article: DemoArticle) -> str:
    return " ".join(
        f'<a rel="tag" href="/tag/{entry}/">{escape(surface)}</a>'
        for entry, surface in article.mentions.items()
    )


def _date_line(article: DemoArticle, words: Mapping[str, Any]) -> str:
    at = article.published
    return str(words["date"]).format(
        day=at.day, month=words["months"][at.month - 1], year=at.year, time=f"{at:%H:%M}", at=at
    )


def _linked_data(outlet: Outlet, article: DemoArticle, origin: str) -> dict[str, Any]:
    """The article after schema.org/NewsArticle."""
    url = origin + article.path
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": article.title,
        "datePublished": outlet.stamp(article.published).isoformat(),
        "dateModified": outlet.stamp(article.published).isoformat(),
        "inLanguage": article.language,
        "articleSection": article.section,
        "image": [f"{origin}{image_path(article)}"],
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name, "url": origin + "/"},
    }


def _json(value: Any) -> str:
    """JSON safe inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def phrases(language: str) -> Mapping[str, Any]:
    """The words that pages in a language are furnished with (`templates/phrases.yml`)."""
    words: Mapping[str, Any] = _phrases()[language]
    return words


@cache
def _phrases() -> Mapping[str, Any]:
    words: Mapping[str, Any] = yaml.safe_load(_read("phrases.yml"))
    return words


@cache
def _read(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")
