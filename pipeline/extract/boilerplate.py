"""Dropping the lines an extractor keeps that are not the article: its title and byline and date,
pointers to other articles, calls to act or to pay, photo credits, lists of links.

A rule drops whole lines only, never a part of one: the words of the article are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.extract import datetext, paywall, phrases
from pipeline.extract.render import Line
from pipeline.extract.text import SENTENCE_END, key
from pipeline.extract.titles import is_title

# Above the first long paragraph, or two short ones, a page has its head: date, byline, section.
_LONG, _SENTENCES = 120, 2
_MAX_RELATED, _MAX_CALL, _MAX_CREDIT, _MAX_BYLINE = 260, 300, 220, 80
# A related-article line that is not a link itself is short or introduces one.
_MAX_PLAIN_RELATED = 120
_SHORT = 60
# A heading and up to three paragraphs.
_AUTHOR_NOTE = 4
# Long enough not to be a refrain; a pull quote repeats a sentence of the text.
_MIN_REPEAT, _MIN_PULL_QUOTE, _MAX_QUOTES = 60, 25, 50
_LINKED = 0.25
_ALL_LINK = 0.95
_MIN_LINK_LINE = 25
_LIST_OF_LINKS = 0.8
_SENTENCE_END = re.compile(r"[.!?…:;»\"”)]$")
_WORD = re.compile(r"\w{3,}")
_MAX_WORDS_BESIDE_DATE = 6
# "05/10/2018 - Posted by …": a date, then a separator.
_LEADING_DATE = re.compile(
    r"^\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?:,?\s+\d{1,2}[:.]\d\d)?\s*[|–—·•-]\s"
)
_PHONE = re.compile(r"(?:\+|\b00)\d[\d\s()./-]{7,}|^(?:\W*\d){9,}\W*$")
_DATA = re.compile(r"^[{\[]\".*[}\]]$", re.DOTALL)
_MAX_LABEL, _MAX_SOURCE, _MAX_INTRODUCTION = 80, 60, 40
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")


def drop(lines: list[Line], titles: Collection[str], authors: Collection[str]) -> list[Line]:
    """The lines that are the article; `titles` are `text.key`s of the title's forms."""
    author_keys = {key(author) for author in authors}
    kept: list[Line] = []
    in_head, sentences, at_paywall = True, 0, False
    link_lists = _link_lists(lines)
    paid = paywall.may_announce("\n".join(line.text for line in lines))
    for line in lines:
        text = line.text
        if line.group and line.group in link_lists:
            _drop_introduction(kept)
            continue
        at_paywall = (paid and paywall.is_notice(text)) or (at_paywall and paywall.is_offer(text))
        if at_paywall or _DATA.match(text):
            continue
        if _is_title(line, titles, in_head) or (in_head and _is_head(line, author_keys)):
            continue
        if _is_pointer(line):
            if line.links >= _ALL_LINK:
                _drop_introduction(kept)
            continue
        if len(text) < _MAX_CALL and phrases.CALL.match(text):
            continue
        if len(text) < _MAX_CALL and phrases.RIGHTS.match(text):
            continue
        if len(text) < _MAX_CREDIT and phrases.PHOTO_CREDIT.search(text):
            if kept and _captions(kept[-1], text):
                kept.pop()
            continue
        sentences += len(text) >= _SHORT and SENTENCE_END.search(text) is not None
        if len(text) >= _LONG or sentences >= _SENTENCES:
            in_head = False
        kept.append(line)
    kept = _without_repeats(_without_author_note(kept))
    kept = _without_contacts(kept)
    while kept and _is_no_end(kept[-1], author_keys):
        kept.pop()
    return kept


def _is_no_end(line: Line, author_keys: Collection[str]) -> bool:
    """What no article ends with: a heading, a bare link, the author's name, the agencies used."""
    if line.kind == "heading" or (line.links >= _ALL_LINK and line.kind != "table_row"):
        return True
    if key(line.text) in author_keys or _is_byline(line.text):
        return True
    return len(line.text) <= _MAX_SOURCE and phrases.SOURCE.match(line.text) is not None


def _without_contacts(lines: list[Line]) -> list[Line]:
    """Without the addresses of a press office below the text, and the names and roles with them."""
    start = len(lines)
    while start and _is_label(lines[start - 1]):
        start -= 1
    for index in range(start, len(lines)):
        told = lines[index].kind == "heading" and phrases.CONTACTS.match(lines[index].text)
        if told:
            return lines[:index]
    by_phone = any(_PHONE.search(line.text) for line in lines[start:])
    return lines[:start] if by_phone else lines


def _is_label(line: Line) -> bool:
    """A short line that is no sentence, or holds an address."""
    if len(line.text) > _MAX_LABEL or line.kind == "table_row":
        return False
    return not line.text.endswith((".", "!", "?", "…")) or _PHONE.search(line.text) is not None


def _drop_introduction(kept: list[Line]) -> None:
    """Take away the "More on this:" above links that are dropped."""
    if kept and len(kept[-1].text) <= _MAX_INTRODUCTION and kept[-1].text.endswith(":"):
        kept.pop()


def _is_byline(text: str) -> bool:
    """ "By Hanna Cole", and not "By then it was too late." """
    return (
        len(text) < _MAX_BYLINE
        and phrases.BYLINE.match(text) is not None
        and not text.endswith((".", "!", "?", "…"))
    )


def _without_author_note(lines: list[Line]) -> list[Line]:
    """Without the note on the author that ends the page."""
    for index in range(len(lines) - 1, max(0, len(lines) - _AUTHOR_NOTE) - 1, -1):
        if phrases.ABOUT_AUTHOR.match(lines[index].text):
            return lines[:index]
    return lines


def _without_repeats(lines: list[Line]) -> list[Line]:
    """Without second copies of a line (one for each width of screen) and without pull quotes."""
    keys = [key(line.text) for line in lines]
    whole = "\n".join(own for own, line in zip(keys, lines, strict=True) if line.kind != "quote")
    seen: set[str] = set()
    quotes = _MAX_QUOTES
    kept = []
    for own, line in zip(keys, lines, strict=True):
        if len(own) >= _MIN_REPEAT and own in seen:
            continue
        if line.kind == "quote" and len(own) >= _MIN_PULL_QUOTE and quotes:
            quotes -= 1
            if own in whole:
                continue
        seen.add(own)
        kept.append(line)
    return kept


def _link_lists(lines: list[Line]) -> set[int]:
    """The lists whose text is (nearly) all links: menus, related articles, tags."""
    total: dict[int, float] = {}
    linked: dict[int, float] = {}
    for line in lines:
        if line.group:
            total[line.group] = total.get(line.group, 0) + len(line.text)
            linked[line.group] = linked.get(line.group, 0) + len(line.text) * line.links
    return {group for group, size in total.items() if linked[group] >= _LIST_OF_LINKS * size}


def _is_title(line: Line, titles: Collection[str], in_head: bool) -> bool:
    if not in_head and line.kind != "heading":
        return False
    own = key(line.text)
    return own in titles or (in_head and len(line.text) < _MAX_RELATED and is_title(own, titles))


def _is_head(line: Line, author_keys: Collection[str]) -> bool:
    """A line above the text that only says who wrote it, when, or in which section."""
    text = line.text
    if not any(char.isalpha() for char in text):
        return True  # how many have read or shared it
    # A link above the text is a section, a tag or the way back.
    if key(text) in author_keys or line.links >= _ALL_LINK:
        return True
    if line.kind == "heading" or len(text) >= _LONG:
        return False
    if phrases.STAMP.match(text) or _LEADING_DATE.match(text):
        return True
    if datetext.find(text) is not None or _CLOCK.search(text):
        # What is left beside the date: a place, a section, a name.
        return len(_WORD.findall(text)) <= _MAX_WORDS_BESIDE_DATE
    return _is_byline(text)


def _is_pointer(line: Line) -> bool:
    """A line that leads to another article: by its words, or because all of it is a link."""
    text = line.text
    if line.kind == "heading":
        return len(text) < _MAX_RELATED and phrases.RELATED.match(text) is not None
    if line.links >= _ALL_LINK and len(text) < _MAX_RELATED:
        # A short link alone in its line is a word of the text in some templates, never in a list.
        return len(text) > _MIN_LINK_LINE or line.kind == "list_item"
    if len(text) >= _MAX_RELATED or not phrases.RELATED.match(text):
        return False
    if line.links >= _LINKED or len(text) <= _SHORT:
        return True
    # Without a link it may as well be a sentence.
    introduces = ":" in text[:_SHORT] or not SENTENCE_END.search(text)
    return introduces and len(text) <= _MAX_PLAIN_RELATED


def _captions(line: Line, credit: str) -> bool:
    """Whether `line`, just above a bare photo credit, is the caption of that photo."""
    return (
        len(credit) < _SHORT
        and line.kind == "paragraph"
        and len(line.text) < 160
        and not _SENTENCE_END.search(line.text)
    )
