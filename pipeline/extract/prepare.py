"""Putting a page's tree in order before trafilatura reads it.

trafilatura deletes some inline elements together with their words; those are unwrapped. What is
never text (scripts, styles, templates) is removed once here instead of in each of its passes.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from pipeline.records import clean_text

# trafilatura deletes all of these too, in every pass over its own copies of the tree.
_NEVER_TEXT = (
    "head", "script", "style", "template", "noscript", "svg", "iframe", "object", "embed", "canvas",
    "nav", "aside", "footer", "menu", "button", "select", "input", "textarea", "audio", "video",
    "picture", "map", "dialog",
)  # fmt: skip
_RUNNING_TEXT = frozenset(("p", "li", "blockquote", "td", "dd"))
# A <time> alone in its line is the page's date; inside a line this much longer it is a word.
_INLINE_MARGIN = 40
_LONG_CELL = 500


def for_extraction(tree: HtmlElement) -> None:
    """Drop what is never text and keep the words of inline `<time>`, `<noindex>` and `<q>`."""
    for element in list(tree.iter(*_NEVER_TEXT)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(tree.iter("noindex")):
        element.drop_tag()
    for element in list(tree.iter("time")):
        if _in_running_text(element):
            element.drop_tag()
    for element in list(tree.iter("q")):
        _write_quotes(element)
    for table in list(tree.iter("table")):
        if _is_layout(table):
            _unwrap_table(table)


def paragraph_text(tree: HtmlElement) -> int:
    """Characters in all paragraphs of the page that are not mostly links: the most an extractor
    can find."""
    total = 0
    for paragraph in tree.iter("p"):
        size = len(paragraph.text_content().strip())
        if size > 60 and sum(len(a.text_content()) for a in paragraph.iter("a")) < size / 2:
            total += size
    return total


def _in_running_text(element: HtmlElement) -> bool:
    line = next((above for above in element.iterancestors() if above.tag in _RUNNING_TEXT), None)
    if line is None:
        return False
    own = len(clean_text(element.text_content()))
    return len(clean_text(line.text_content())) > own + _INLINE_MARGIN


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table is the scaffold of the page: data cells are short and hold no tables."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return True
    return any(len(clean_text(cell.text_content())) > _LONG_CELL for cell in table.iter("td"))


def _unwrap_table(table: HtmlElement) -> None:
    """Turn a layout table into plain containers; tables nested in it stay as they are."""
    table.tag = "div"
    for part in list(table):
        rows = part if part.tag in ("thead", "tbody", "tfoot") else [part]
        for row in rows:
            for cell in row if row.tag == "tr" else ():
                cell.tag = "div"
            row.tag = "div" if row.tag == "tr" else row.tag
        if rows is part:
            part.drop_tag()


def _write_quotes(element: HtmlElement) -> None:
    """Browsers draw the quotation marks of `<q>`; here they are written."""
    element.text = '"' + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + '"'
    else:
        element.text += '"'
    element.drop_tag()
