"""What was once mistaken: each page here came out wrong, and a reviewer showed it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.errors import Rejected
from pipeline.extract.article import extract
from pipeline.records import Page

NOW = datetime(2025, 10, 18, tzinfo=UTC)
LINE = (
    "Поиски продолжались весь день, в них участвовали спасатели, милиция и десятки добровольцев "
    "из соседних деревень, рассказали в местном управлении."
)


def page(html: str | bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    url = "https://news.example/2025/naviny/poiski.html"
    body = html.encode() if isinstance(html, str) else html
    return Page(url, url, 200, {"content-type": content_type}, body, NOW, 1)


def article(title: str, *paragraphs: str, head: str = "") -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{text}"
        "</article></body></html>"
    )


def test_a_date_that_the_text_tells_of_is_not_the_articles_own() -> None:
    born = f'Он родился <time datetime="1995-03-02">2 марта</time> в Бресте. {LINE}'
    listed = datetime(2025, 10, 16, 9, tzinfo=UTC)
    found = extract(page(article("Поиски", born, LINE, LINE)), feed_published=listed)
    assert (found.published, found.published_source) == (listed, "feed")


def test_a_byline_in_a_paragraph_still_gives_the_date() -> None:
    byline = 'Наша Нива, <time datetime="2025-10-17T09:41:00+03:00">17 октября</time>'
    found = extract(page(article("Поиски", byline, LINE, LINE, LINE)))
    assert str(found.published) == "2025-10-17 09:41:00+03:00"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("content_type", ["text/html; charset=utf-16", "text/html"])
def test_utf_16_without_a_mark_is_read_even_with_little_markup(
    encoding: str, content_type: str
) -> None:
    html = article("Переговоры продолжатся", *[LINE * 4] * 6)
    found = extract(page(html.encode(encoding), content_type))
    assert found.title == "Переговоры продолжатся"
    assert found.blocks[0].text.startswith("Поиски продолжались")


@pytest.mark.parametrize(
    "title",
    [
        "Пропавшая в Минске девушка до сих пор не найдена",
        "Broni nie znaleziono, podejrzany na wolności",
        "Reporters say that access denied to the court was the rule",
        "Боинг-404: страница истории",
    ],
)
def test_a_short_article_that_says_so_is_no_missing_page(title: str) -> None:
    declared = '<meta property="og:type" content="article">'
    found = extract(page(article(title, LINE, f"{title}. {LINE}", head=declared)))
    assert found.title == title


def test_a_missing_page_is_still_one() -> None:
    with pytest.raises(Rejected, match="soft 404"):
        extract(page(article("Ошибка 404", "Страница не найдена. Вернитесь на главную.")))
