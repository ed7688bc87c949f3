"""What belongs to the text of an article and what does not."""

# ruff: noqa: E501  markup is not wrapped

from __future__ import annotations

import pytest
from fetched import page_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.extract.render import lines
from pipeline.extract.text import key
from pipeline.records import clean_text

FIRST = "Утром в четверг на площади собрались жители трёх соседних деревень, чтобы обсудить дорогу."
SECOND = "Глава совета сообщил, что ремонт начнётся весной и продлится не больше двух месяцев."
THIRD = "Деньги на работы выделят из областного бюджета, если смету утвердят до конца декабря."
FOURTH = "Жители просят начать с моста: по нему каждый день ходит школьный автобус и скорая помощь."


def text(middle: str, *, before: str = "", after: str = "", head: str = "") -> str:
    html = (
        f"<html><head>{head}</head><body><nav><a href=/>Главная</a></nav><div class=wrap><h1>Дорога к мосту</h1>{before}"
        f"<div class=article-text><p>{FIRST}</p><p>{SECOND}</p>{middle}<p>{THIRD}</p><p>{FOURTH}</p>{after}</div></div></body></html>"
    )
    return extract(page_of(html)).text


CLEAN = "\n\n".join((FIRST, SECOND, THIRD, FOURTH))

NOISE = {
    "ru": "<p>Читайте также: <a href=/a>Как строили мост через реку</a></p>",
    "ru-plain": "<p>Подписывайтесь на наш телеграм-канал!</p>",
    "ru-error": "<p>Нашли ошибку? Выделите её и нажмите Ctrl+Enter.</p>",
    "be": "<p>Чытайце таксама: <a href=/a>Як будавалі мост праз раку</a></p>",
    "be-plain": "<p>Падпісвайцеся на наш канал у тэлеграме</p>",
    "uk": "<p><b>Читайте також:</b> <a href=/a>Як будували міст через річку</a></p>",
    "pl": "<p>Czytaj też: <a href=/a>Jak budowano most na rzece</a></p>",
    "pl-plain": "<p>Zapisz się na nasz newsletter</p>",
    "lt": "<p>Taip pat skaitykite: <a href=/a>Kaip buvo statomas tiltas per upę</a></p>",
    "lv": "<p>Lasi arī: <a href=/a>Kā tika būvēts tilts pār upi</a></p>",
    "et": "<p>Loe ka: <a href=/a>Kuidas ehitati silda üle jõe</a></p>",
    "de": "<p>Lesen Sie auch: <a href=/a>Wie die Brücke gebaut wurde</a></p>",
    "fr": "<p>À lire aussi : <a href=/a>Comment le pont fut construit</a></p>",
    "en": "<p>Read also: <a href=/a>How the bridge was built</a></p>",
    "all-link": "<p><a href=/a>Как строили мост через реку: воспоминания инженера</a></p>",
    "credit-ru": "<p>Фото: Анна Иванова, архив редакции</p>",
    "credit-be": "<p>Фота: Ганна Іванова</p>",
    "credit-pl": "<p>Fot. Anna Kowalska</p>",
    "credit-lt": "<p>Onos Petraitytės nuotr.</p>",
    "caption": "<div class=photo><img src=/a.jpg><div>Мост в прошлом году</div></div>",
    "figure": "<figure><img src=/a.jpg><figcaption>Мост в прошлом году.</figcaption></figure>",
    "share": '<div class="social-share"><a href=#>Facebook</a> <a href=#>Telegram</a></div>',
    "links": "<ul><li><a href=/a>Как строили мост</a></li><li><a href=/b>Кто платит за дорогу</a></li></ul>",
    "template": "<template><p>{{title}} — {{date}}, и ещё немного текста шаблона.</p></template>",
    "script": "<script>document.write('реклама и ещё раз реклама')</script>",
    "teaser": '<article class="teaser"><h3>Как строили мост</h3><p>Воспоминания инженера о стройке века в трёх частях.</p></article>',
    "factbox": '<div class="fact-box"><h3>Справка</h3><p>Мост построен в 1961 году, длина 48 метров.</p></div>',
    "hidden": '<h2 class="visually-hidden">Основное содержание</h2>',
    "ad": '<div class="ad"><span>Реклама</span></div>',
}


@pytest.mark.parametrize("kind", NOISE)
def test_what_stands_between_the_paragraphs_is_dropped(kind: str) -> None:
    head = '<meta property="og:type" content="article">'
    assert text(NOISE[kind], head=head) == CLEAN


ABOVE = {
    "date": "<p>17 октября 2025, 09:41</p>",
    "stamp": "<p>Обновлено: 17.10.2025 в 10:15</p>",
    "reading time": "<p>Время чтения: 4 минуты</p>",
    "byline": "<p>Автор: Анна Иванова</p>",
    "title again": "<h2>Дорога к мосту</h2>",
    "section": "<p><a href=/s>Общество</a></p>",
}


@pytest.mark.parametrize("kind", ABOVE)
def test_the_head_of_a_page_is_not_its_text(kind: str) -> None:
    assert text("", before=f"<div class=article-text>{ABOVE[kind]}</div>") == CLEAN


BELOW = {
    "byline": "<p>Автор: Анна Иванова</p>",
    "note on the author": "<h3>Об авторе</h3><p>Анна Иванова пишет о дорогах двадцать лет.</p>",
    "repeat": f"<p>{FIRST}</p>",
    "heading without text": "<h3>Последние новости</h3>",
    "rights": "<p>Перепечатка материалов возможна только с разрешения редакции.</p>",
    "tags": "<p>Теги: <a href=/t>дорога</a>, <a href=/u>мост</a></p>",
}


@pytest.mark.parametrize("kind", BELOW)
def test_the_foot_of_a_page_is_not_its_text(kind: str) -> None:
    assert text("", after=BELOW[kind]) == CLEAN


KEPT = {
    "a sentence that begins like a pointer": "<p>Читайте также между строк, советует глава совета, когда речь заходит о смете на мост и о том, кто её составлял в прошлом году.</p>",
    "a sentence about a subscription": "<p>По теме подписки на газеты совет не сказал ни слова, хотя вопросов об этом было много, и они повторялись.</p>",
    "a date in a sentence": "<p>Решение от 17.10.2025 вступит в силу через месяц после публикации.</p>",
    "a link in a sentence": "<p>Об этом <a href=/a>писала районная газета</a> ещё в прошлом году, но никто не ответил.</p>",
    "an inline time": "<p>Собрание началось <time datetime=2025-10-17>17 октября</time> в здании школы и длилось три часа.</p>",
    "a noindex": "<p>Мост закрыли <noindex>на ремонт</noindex> ещё весной, и объезд занимает полчаса.</p>",
    "a heading": "<h2>Что будет с автобусом</h2>",
    "a list": "<ul><li>начать с моста;</li><li>закончить до снега.</li></ul>",
    "a quote": "<blockquote>Мы ждали этого двадцать лет, – говорит учительница.</blockquote>",
    "a subscription to newspapers": "<p>Подписка на районную газету подорожала вдвое, и её выписывают всё реже.</p>",
    "those who share": "<p>Поделиться опытом приехали строители из соседней области, где мост уже починили.</p>",
    "a photo with a hyphen": "<p>Фото-выставку о старом мосте открыли в школе, и её увидят все классы.</p>",
    "a video as a subject": "<p>Видео – лучший способ показать, как машины стоят перед мостом каждое утро.</p>",
    "reading more than": "<p>Read more than one report before you judge the bridge, the teacher says.</p>",
    "by as a preposition": "<p>By then it was too late to close the bridge.</p>",
    "an abbreviation": "<p>Смету проверит <abbr title=x>КГК</abbr>, а затем <span>областной</span> <b>совет</b>.</p>",
}


@pytest.mark.parametrize("kind", KEPT)
def test_words_of_the_article_are_never_taken_for_noise(kind: str) -> None:
    from lxml.html import fromstring

    found = text(KEPT[kind])
    for part in fromstring(f"<div>{KEPT[kind]}</div>").itertext():
        for word in clean_text(part).split():
            assert word in found


def test_inline_quotation_marks_of_q_are_written() -> None:
    assert 'глава назвал мост "старым другом" деревни' in text(
        "<p>Вечером глава назвал мост <q>старым другом</q> деревни и пообещал его сохранить.</p>"
    )


def test_quotes_and_dashes_stay_as_published() -> None:
    line = "«Ёлки» — сказал он, “quoted” and ‘single’ – вот „так“, it’s 5–6 км."
    assert line in text(f"<p>{line} И ещё несколько слов, чтобы вышел абзац.</p>")


def test_soft_hyphens_and_spaces_are_cleaned() -> None:
    assert "до\u00adро\u00adга".replace("\u00ad", "") in text(
        "<p>Новая до\u00adро\u00adга\u00a0 \u2009пройдёт   вдоль\u200b реки, мимо школы и больницы.</p>"
    )
    assert "дорога пройдёт вдоль реки" in text(
        "<p>Новая до\u00adро\u00adга\u00a0 \u2009пройдёт   вдоль\u200b реки, мимо школы и больницы.</p>"
    )


def test_a_data_table_is_one_line_a_row() -> None:
    table = (
        "<table><tr><th>Год</th><th>Сумма</th></tr><tr><td>2024</td><td>1,2 млн</td></tr></table>"
    )
    assert "Год | Сумма\n\n2024 | 1,2 млн" in text(table)


def test_a_lost_paragraph_is_put_back_only_beside_its_siblings() -> None:
    lost = '<div class="par"><span>Третий вопрос задал </span><a href=/u>бывший директор школы Иван Петров</a><span>, и зал затих.</span></div>'
    assert "Третий вопрос задал бывший директор" in text(lost)
    elsewhere = f'<div class="related-block">{lost}</div>'
    assert "Третий вопрос" not in text(elsewhere)


def test_a_lead_beside_the_title_is_the_first_paragraph() -> None:
    lead = "Жители деревень добились ремонта дороги, которую не чинили двадцать лет."
    assert text("", before=f'<p class="lead">{lead}</p>') == f"{lead}\n\n{CLEAN}"


def test_line_breaks_part_paragraphs_but_not_headings() -> None:
    from lxml.html import fromstring

    body = fromstring("<div><h2>Дорога<br>и мост</h2><p>Один.<br><br>Два.</p></div>")
    assert [(line.kind, line.text) for line in lines(body)] == [
        ("heading", "Дорога и мост"),
        ("paragraph", "Один."),
        ("paragraph", "Два."),
    ]


def test_plain_text_of_an_agency_is_parted_at_its_blank_lines() -> None:
    plain = "\n\n".join((FIRST, SECOND.replace(" ", "\n", 1), THIRD, FOURTH))
    html = f"<html><body><h1>Дорога к мосту</h1><pre>{plain}</pre></body></html>"
    assert extract(page_of(html)).text == CLEAN


WORDS = st.text(
    st.characters(categories=("Ll", "Lu", "Nd", "Po", "Pd", "Pi", "Pf", "Zs")), max_size=60
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_every_line_stands_as_such_in_the_page(paragraphs: list[str]) -> None:
    from html import escape

    middle = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    published = {clean_text(each) for each in paragraphs} | {FIRST, SECOND, THIRD, FOURTH}
    published |= {key(each) for each in published}
    for line in text(middle).split("\n\n"):
        assert line in published or key(line) in published
