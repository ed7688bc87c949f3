"""What is no article, and what must not be taken for none."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

import pytest
from fetched import page_of

from pipeline.errors import Rejected
from pipeline.extract import extract

SENTENCE = "В среду утром на площади собрались жители трёх соседних деревень, сообщил глава совета."
ARTICLE = f"<p>{SENTENCE}</p>" + "".join(
    f"<p>Пункт {number}: совет рассмотрел вопрос о дорогах, мостах и школах, и каждый "
    f"из {number + 2} выступавших говорил об этом по-своему, не повторяя других.</p>"
    for number in range(6)
)
TEASERS = "".join(
    f'<div class="card"><h3><a href="/n{n}">Заголовок новости номер {n} о событиях дня</a></h3></div>'
    for n in range(20)
)

PAGES = {
    "challenge page": [
        "<title>Just a moment...</title><h1>news.example</h1><p>Enable JavaScript and cookies to continue</p>"
        '<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1"></script>',
        "<title>Проверка браузера</title><h1>Проверка вашего браузера перед переходом на сайт</h1>"
        "<p>Процесс автоматический, страница откроется через несколько секунд.</p>",
        "<title>DDoS-Guard</title><p>Пожалуйста, подождите</p><script src=/.well-known/ddos-guard/js></script>",
        "<title>Вы не робот?</title><p>Подтвердите, что вы не робот</p><div class=smartcaptcha></div>",
    ],
    "cookie wall": [
        "<h1>Twoja prywatność</h1><p>Używamy plików cookie i podobnych technologii, aby dostosować treści. "
        "Klikając „Akceptuję”, wyrażasz zgodę na przetwarzanie danych.</p><button>Akceptuję</button>",
        "<h1>Naudojame slapukus</h1><p>Ši svetainė naudoja slapukus (angl. cookies). Tęsdami naršymą "
        "sutinkate su slapukų naudojimu ir duomenų tvarkymu pagal privatumo taisykles.</p>",
    ],
    "login wall": [
        "<h1>Войдите на сайт</h1><form><input name=login><input type=password name=password>"
        "<button>Войти</button></form><p>Забыли пароль?</p>",
        "<title>Sign in</title><h1>Log in to continue</h1><p>Log in or register to read this page.</p>",
    ],
    "soft 404": [
        "<title>Страница не найдена</title><h1>Страница не найдена</h1><p>Возможно, она удалена или перемещена.</p>",
        "<title>404 - News</title><h1>404</h1><p>Nie znaleziono strony. Wróć na stronę główną.</p>",
        "<h1>Старонка не знойдзена</h1><p>Паспрабуйце пошук.</p>" + TEASERS,
        "<h1>Puslapis nerastas</h1><p>Tokio puslapio nėra.</p>",
    ],
    "section page": [
        f"<title>Политика</title><h1>Политика</h1>{TEASERS}",
        '<script type="application/ld+json">{"@type": "CollectionPage", "name": "News"}</script>'
        "<h1>Naujienos</h1><ul><li><a href=/a>Viena</a></li><li><a href=/b>Kita</a></li></ul>",
    ],
    "section page ": [  # with the beginnings of its articles
        "<title>Новости</title>"
        + "".join(
            f'<div class="item"><h2><a href="/n{n}">Заголовок новости номер {n} о событиях дня</a></h2>'
            f"<p>Первые слова новости номер {n}, в которых сказано почти всё, что нужно знать…</p></div>"
            for n in range(12)
        ),
    ],
    "gallery without text": [
        '<meta property="og:type" content="article"><h1>Фоторепортаж с площади</h1>'
        + "".join(
            f'<figure><img src="/{n}.jpg"><figcaption>Кадр {n}</figcaption></figure>'
            for n in range(9)
        ),
    ],
    "stub": [
        "<h1>Title</h1><p>The text of this news will appear soon.</p>",
        "<h1>Заголовок</h1><div></div>",
    ],
}


@pytest.mark.parametrize(
    ("reason", "html"), [(reason, html) for reason, pages in PAGES.items() for html in pages]
)
def test_a_page_that_is_no_article_is_refused_with_its_reason(reason: str, html: str) -> None:
    with pytest.raises(Rejected) as refused:
        extract(page_of(f"<html><body>{html}</body></html>"))
    assert refused.value.reason == reason.strip()


def test_the_front_page_is_a_section_page_whatever_it_says() -> None:
    html = f'<html><meta property="og:type" content="article"><body><h1>News</h1>{ARTICLE}</body></html>'
    with pytest.raises(Rejected, match="section page"):
        extract(page_of(html, url="https://news.example/"))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"%PDF-1.7 ...", "text/html"),
        (b'{"a": 1}', "application/json"),
        (b"\x89PNG\r\n", "image/png"),
        (b"<rss><channel/></rss>", "application/rss+xml"),
    ],
)
def test_what_is_no_html_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(Rejected, match="not html"):
        extract(page_of(body, content_type=content_type))


def test_nothing_is_refused_as_empty() -> None:
    with pytest.raises(Rejected, match="empty page"):
        extract(page_of(b""))


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Как суд объяснил отказ: «404 причины»</h1>{ARTICLE}",
        f"<h1>Новые правила файлов cookie в ЕС</h1>{ARTICLE}<p>Cookie станут проще.</p>",
        f"<h1>Хакеры обошли проверку браузера</h1><p>Just a moment — эту надпись видели все.</p>{ARTICLE}",
        f"<h1>Обычная новость</h1><form><input type=password></form>{ARTICLE}",
        f"<h1>Обычная новость</h1>{ARTICLE}<div class=more>{TEASERS}</div>",
        f"<h1>Короткая новость</h1><p>{SENTENCE} Встреча длилась два часа и закончилась ничем.</p>",
    ],
)
def test_an_article_that_looks_a_little_like_one_of_those_is_kept(html: str) -> None:
    article = extract(page_of(f"<html><body>{html}</body></html>"))
    assert SENTENCE in article.text


LONG = "".join(
    f"<p>Раздел {number}. Комиссия перечисляет, что сделано за год под номером {number}, сколько это "
    f"стоило и кто за это отвечал, а также объясняет, почему часть работ перенесена.</p>"
    for number in range(12)
)
PAYWALLS = {
    "json-ld": '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A", '
    '"datePublished": "2025-10-17", "isAccessibleForFree": "False"}</script>',
    "ru": "<p>Чтобы прочитать статью полностью, оформите подписку.</p>",
    "pl": "<div class=paywall>Dalsza część artykułu dostępna jest tylko dla subskrybentów.</div>",
    "lt": "<p>Straipsnis skirtas tik prenumeratoriams.</p>",
    "en": "<div>To continue reading, please subscribe.</div>",
}


@pytest.mark.parametrize("kind", PAYWALLS)
def test_a_paid_teaser_is_stored_and_marked(kind: str) -> None:
    html = f"<html><body><h1>Заголовок</h1><p>{SENTENCE} Встреча длилась два часа и закончилась ничем.</p>{PAYWALLS[kind]}</body></html>"
    article = extract(page_of(html))
    assert article.truncated
    assert article.text.startswith(SENTENCE)


def test_a_long_article_of_a_paid_site_is_not_truncated() -> None:
    html = f"<html><body>{PAYWALLS['json-ld']}<h1>Заголовок</h1>{LONG}</body></html>"
    assert not extract(page_of(html)).truncated
