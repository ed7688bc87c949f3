"""Putting a page's tree in order before trafilatura reads it.

trafilatura deletes some inline elements together with their words; those are unwrapped. What is
never text (scripts, styles, templates) is removed once here instead of in each of its passes.
"""

from __future__ import annotations

import itertools
import re

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.xpaths import OVERALL_DISCARD_XPATH, PRECISION_DISCARD_XPATH

from pipeline.extract import phrases
from pipeline.extract.leaves import Leaf
from pipeline.extract.selectors import elements
from pipeline.extract.text import SENTENCE_END, names, short_text
from pipeline.records import clean_text

# trafilatura deletes all of these too, in every pass over its own copies of the tree.
_NEVER_TEXT = (
    "head", "script", "style", "template", "noscript", "svg", "iframe", "object", "embed", "canvas",
    "nav", "aside", "footer", "menu", "button", "select", "input", "textarea", "audio", "video",
    "picture", "map", "dialog",
)  # fmt: skip
# trafilatura copies the tree five times and reads none of these.
_HEAVY_ATTRIBUTES = (
    "href", "src", "srcset", "sizes", "alt", "title", "target", "rel", "onclick", "width", "height",
    "loading", "data-src", "data-srcset", "data-href", "data-url", "data-id", "aria-label",
)  # fmt: skip
# Beside the text: for screen readers only, drawn over the article, or a box of its own. A box must
# be small: some sites name the container of the article so.
_ASIDE_WORDS = ("hidden", "sr-only", "reader", "-wall", "recommended", "box", "promo")
_ASIDE_NAME = re.compile(
    r"(?:^|\s)(?:u-|a11y-|is-)?(?:visually-?hidden|sr-only|screen-?reader(?:-text)?)(?:$|\s)"
    r"|(?:access|reg(?:istration)?|login|sign-?in|pay)-wall(?:$|[\s_-])|(?:^|\s)recommended(?:$|\s)"
    r"|[\w-]+[-_]promo(?:$|[\s_-])"
    r"|(?:fact|info|fakta|author|bio)[-_]?box(?:$|[\s_-])|\baccessibility-",
    re.IGNORECASE,
)
# The banners of consent tools, never what holds the title: WordPress marks <body> so, too.
_CONSENT_WORDS = ("ookie", "onsent", "gdpr")
_CONSENT_NAME = re.compile(
    r"cookie[-_]?(?:banner|bar|box|consent|law|notice|policy|popup|modal|info|layer|wall)"
    r"|(?:banner|notice|popup)[-_]{0,2}cookie|consent[-_]?(?:banner|manager|sdk|popup|layer|modal)"
    r"|cookiebot|onetrust|borlabs|cmplz|usercentrics|gdpr",
    re.IGNORECASE,
)
_HIDDEN_HEADING = re.compile(r"^h[2-6] (?:[^:]*\s)?hidden(?:\s[^:]*)?$")
_SMALL = 0.2
# A container with more than this share of the prose holds the article.
_MOST = 0.4
_MIN_ARTICLE = 250
_TEASER = re.compile(r"teaser|related|recommend|promo|card\b", re.IGNORECASE)
# An image and a few words that are no sentence, alone in a container: a caption without <figure>.
_CAPTION_BOXES = frozenset(("div", "p", "span", "center", "a"))
_CAPTION_WRAPPERS, _MAX_CAPTION, _MAX_IMAGES = 3, 160, 300
_RUNNING_TEXT = frozenset(("p", "li", "blockquote", "td", "dd"))
# A <time> alone in its line is the page's date; inside a line this much longer it is a word.
_INLINE_MARGIN, _MAX_INLINE, _MAX_TIMES = 40, 200, 500
_LONG_CELL = 500
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_MIN_PARAGRAPH = 60


def for_extraction(tree: HtmlElement) -> None:
    """Drop what is never text and keep the words of inline `<time>`, `<noindex>` and `<q>`."""
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    etree.strip_attributes(tree, *_HEAVY_ATTRIBUTES)
    whole = len(tree.text_content())
    root = tree.getroottree().getroot()
    asides, banners = _named(root)
    for element in asides:
        if element.getparent() is not None and len(element.text_content()) < _SMALL * whole:
            element.drop_tree()
    for element in [each for each in banners if _is_banner(each, root)]:
        if element.getparent() is not None and len(element.text_content()) < whole / 2:
            element.drop_tree()
    for element in _other_articles(tree):
        if element.getparent() is not None:
            element.drop_tree()
    for image in list(itertools.islice(tree.iter("img", "amp-img"), _MAX_IMAGES)):
        if (box := _captioned(image)) is not None:
            box.drop_tree()
    for element in itertools.islice(tree.iter("time"), _MAX_TIMES):
        if _in_running_text(element):
            element.tag = "span"
    for element in tree.iter("q"):
        _write_quotes(element)
    etree.strip_tags(tree, "noindex", "q")
    for element in list(tree.iter("pre")):
        _part_paragraphs(element)
    for table in list(tree.iter("table")):
        if _is_layout(table):
            _unwrap_table(table)


def _named(root: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The elements named as beside the text, and those named as banners of consent tools.

    One walk, in which each of the page's few names is judged once.
    """
    asides: list[HtmlElement] = []
    banners: list[HtmlElement] = []
    judged: dict[tuple[str | None, str | None], tuple[bool, bool]] = {}
    for element in root.iter(etree.Element):
        name = element.get("class"), element.get("id")
        if name == (None, None):
            continue
        verdict = judged.get(name)
        if verdict is None:
            verdict = judged[name] = _is_aside_name(*name), _is_banner_name(*name)
        aside, banner = verdict
        if aside and _is_aside(element):
            asides.append(element)
        if banner:
            banners.append(element)
    return asides, banners


def _is_aside_name(of_class: str | None, of_id: str | None) -> bool:
    """Whether `_is_aside` is worth asking."""
    return "accessibility" in (of_id or "") or any(
        word in (of_class or "") for word in _ASIDE_WORDS
    )


def _is_banner_name(of_class: str | None, of_id: str | None) -> bool:
    either = f"{of_class or ''} {of_id or ''}"
    return (
        any(word in either for word in _CONSENT_WORDS) or "onetrust" in (of_id or "")
    ) and _CONSENT_NAME.search(either) is not None


def _is_aside(element: HtmlElement) -> bool:
    return (
        _ASIDE_NAME.search(names(element)) is not None
        or _HIDDEN_HEADING.match(f"{element.tag} {element.get('class')}") is not None
    )


def _is_banner(element: HtmlElement, root: HtmlElement) -> bool:
    """Whether an element of a banner's name is still in the page and does not hold the title."""
    return next(element.iter("h1"), None) is None and element.getroottree().getroot() is root


def _captioned(image: HtmlElement) -> HtmlElement | None:
    """The container of an image and its caption, when it holds nothing else."""
    for box in itertools.islice(image.iterancestors(), _CAPTION_WRAPPERS):
        caption = short_text(box, _MAX_CAPTION)
        if caption == "":
            continue
        if caption is None or box.tag not in _CAPTION_BOXES:
            return None
        if SENTENCE_END.search(caption) and not phrases.PHOTO_CREDIT.search(caption):
            return None
        return box if box.getparent() is not None and box.find(".//h2") is None else None
    return None


def _other_articles(tree: HtmlElement) -> list[HtmlElement]:
    """The `<article>` elements that are not the article: the one with the page's `<h1>` is.

    Those inside it are comments or teasers, unless they are its greater part: a live blog. When no
    `<article>` holds the title, only those that are named teasers are dropped.
    """
    title = next(tree.iter("h1"), None)
    above = list(title.iterancestors("article")) if title is not None else []
    if not above:
        return [each for each in tree.iter("article") if _TEASER.search(names(each))]
    main = above[0]
    whole = len(main.text_content())
    if whole < _MIN_ARTICLE:
        return []
    found = [each for each in tree.iter("article") if each not in above]
    inner = {each for each in found if main in each.iterancestors("article")}
    if sum(len(each.text_content()) for each in inner) > whole / 2:
        return [each for each in found if each not in inner]
    return found


def unmask(tree: HtmlElement, page: list[Leaf]) -> bool:
    """Take from the containers of the article the names for which trafilatura would delete them.

    It deletes what is named `-icon`, `sidebar`, `meta` and the like, also when that is a word in
    the class of what holds the whole text. Whether there was such a container.
    """
    held: dict[HtmlElement, int] = {}
    for leaf in page:
        if len(leaf.key) >= _MIN_PARAGRAPH:
            for up in leaf.element.iterancestors():
                held[up] = held.get(up, 0) + len(leaf.key)
    most = _MOST * max(held.values(), default=0)
    found = False
    for chrome in (*OVERALL_DISCARD_XPATH, *PRECISION_DISCARD_XPATH):
        for element in elements(chrome, tree):
            if held.get(element, 0) > most:
                element.attrib.clear()
                element.tag = "div"
                found = True
    return found


def paragraph_text(tree: HtmlElement) -> int:
    """Characters in the paragraphs of a page that are not mostly links: what there is to find."""
    total = 0
    for paragraph in tree.iter("p"):
        size = len(paragraph.text_content().strip())
        if (
            size > _MIN_PARAGRAPH
            and sum(len(a.text_content()) for a in paragraph.iter("a")) < size / 2
        ):
            total += size
    return total


def _in_running_text(element: HtmlElement) -> bool:
    line = next((above for above in element.iterancestors() if above.tag in _RUNNING_TEXT), None)
    own = short_text(element, _MAX_INLINE)
    if line is None or own is None:
        return False
    return short_text(line, len(own) + _INLINE_MARGIN) is None


def _part_paragraphs(element: HtmlElement) -> None:
    """Agencies publish plain text in `<pre>`: its blank lines part paragraphs."""
    parts = _BLANK_LINE.split(element.text or "")
    if len(element) == 0 and len(parts) > 1:
        element.tag, element.text = "div", None
        for part in parts:
            etree.SubElement(element, "p").text = part


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table is the scaffold of the page: data cells are short and hold no tables."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return True
    return any(len(clean_text(cell.text_content())) > _LONG_CELL for cell in table.iter("td"))


def _unwrap_table(table: HtmlElement) -> None:
    """Turn a layout table into plain containers; tables nested in it stay as they are."""
    table.tag = "div"
    for group in [part for part in table if part.tag in ("thead", "tbody", "tfoot")]:
        group.drop_tag()
    for row in [part for part in table if part.tag == "tr"]:
        row.tag = "div"
        for cell in row:
            cell.tag = "div"


def _write_quotes(element: HtmlElement) -> None:
    """Browsers draw the quotation marks of `<q>`; here they are written."""
    element.text = '"' + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + '"'
    else:
        element.text += '"'
