"""Articles in the markup of their countries' newsrooms and of institutions: text and all fields."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from fetched import page_of
from markups import URL, Story
from markups_national import IMAGE, PAGES
from stories import STORIES
from test_articles import SEED, ZONES

from pipeline.extract import extract

CASES = [
    (name, own)
    for name, page in PAGES.items()
    for own in ("seed", *STORIES)
    if (SEED if own == "seed" else STORIES[own][1]).language == page.language
]


def story_of(own: str) -> Story:
    return SEED if own == "seed" else STORIES[own][1]


@pytest.mark.parametrize(("name", "own"), CASES)
def test_a_page_gives_its_text_and_all_that_it_states(name: str, own: str) -> None:
    page, story = PAGES[name], story_of(own)
    article = extract(page_of(page.make(story)), zone=ZONES[story.language])
    assert article.text == story.text
    assert article.title == story.title
    assert article.canonical_url == URL
    published = datetime.fromisoformat(story.published)
    if "date" not in page.without:
        minute = article.published
        day = minute.date() if isinstance(minute, datetime) else minute
        assert day == published.date()
        if "minute" not in page.without:
            assert minute == published
        else:
            assert isinstance(minute, date)
    if "author" not in page.without:
        assert article.authors == ((story.site,) if page.by_site else (story.author,))
    if "section" not in page.without:
        assert article.section == story.section
    if "image" not in page.without:
        assert article.image == IMAGE
        assert article.site_name == story.site
