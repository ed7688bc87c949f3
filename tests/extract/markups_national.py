"""Pages as newsrooms and institutions of single countries build them, each with its own furniture.

A function takes a story and returns a page: the markup and the words around the text were written
for the tests, after the systems such sites use. `PAGES` names the language of each and what of the
story its page does not tell.
"""

# ruff: noqa: E501  a page's markup and a paragraph's prose are not wrapped

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from markups import URL, Story, body, e

IMAGE = f"{URL}cover.jpg"


@dataclass(frozen=True)
class National:
    """A page maker and what can be asked of its pages."""

    language: str
    make: Callable[[Story], str]
    without: frozenset[str] = frozenset()
    """Fields that the page states nowhere, or only for people: author, section, image, minute."""
    by_site: bool = False
    """Whether the site itself is the author."""


def rest(s: Story) -> Story:
    return replace(s, blocks=s.blocks[1:])


def links(*words: str) -> str:
    return "".join(f'<li><a href="/{word}">{word}</a></li>' for word in words)


def head(
    s: Story,
    *,
    og: bool = True,
    time: bool = True,
    ld: object = None,
    extra: str = "",
    title: str = "",
) -> str:
    out = f'<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"><title>{e(title or s.title)}</title><link rel="canonical" href="{URL}">'
    if og:
        out += f'<meta property="og:title" content="{escape(s.title)}"><meta property="og:site_name" content="{escape(s.site)}"><meta property="og:type" content="article"><meta property="og:image" content="{IMAGE}">'
    if time:
        out += f'<meta property="article:published_time" content="{s.published}">'
    if ld is not None:
        out += f'<script type="application/ld+json">{json.dumps(ld, ensure_ascii=False)}</script>'
    return out + extra + "</head>"


def news(s: Story, **changed: object) -> dict[str, object]:
    stated: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "headline": s.title,
        "datePublished": s.published,
        "image": [IMAGE],
        "author": {"@type": "Person", "name": s.author},
        "publisher": {"@type": "NewsMediaOrganization", "name": s.site},
        "articleSection": s.section,
        **changed,
    }
    return {name: value for name, value in stated.items() if value is not None}


def agency_with_path(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            ld=news(s, author={"@type": "Organization", "name": s.site}),
            title=s.title + " | Новости Беларуси|Вестник",
        )
        + f'''<body><div id="wrap"><header><div class="logo"><a href="/"><img src="/logo.png" alt="logo"></a></div><div class="date_lng">Пятница, 17 октября 2025 <span>+9°C Минск</span></div><ul class="menu">{links("Главная", "Президент", "Политика", "Экономика", "Регионы")}</ul></header>
<div class="content_all_col"><div class="inner_content"><div class="news_path"><a href="/">Главная</a> <a href="/politics">Политика</a></div>
<div class="date_full">{s.shown}</div><div class="content_2_col_margin content_margin_inner_news"><h1>{e(s.title)}</h1>
<div class="content_2_col_left"><div class="main_img"><a href="#"><img src="{IMAGE}" alt="{e(s.title)}"></a><div class="main_img_descr">Фото из архива</div></div>
<div class="text"><div class="js-mediator-article" itemprop="articleBody">{body(s)}</div></div>
<div class="news_tags_block"><a href="/t">#Беларусь</a> <a href="/t">#ЕС</a></div>
<div class="soc_block_text">Подписывайтесь на нас в <a href="#">Telegram</a>, <a href="#">X (Twitter)</a></div>
<div class="last_news_block"><h3>Последние новости</h3><div class="news_item"><span class="date">17 октября, 11:02</span><a href="/1">В Гомеле завершили ремонт набережной реки Сож</a></div><div class="news_item"><span class="date">17 октября, 10:40</span><a href="/2">Погода на выходные: дождь и порывистый ветер</a></div></div></div></div></div></div>
<footer><p>© Вестник, 1999-2025, Все права защищены.</p><p>При использовании материалов активная ссылка обязательна</p></footer></div></body></html>'''
    )


def state_daily_microdata(s: Story) -> str:
    return (
        head(s, time=False, ld=None, title=s.title)
        + f'''<body><div class="wrapper"><div class="top-menu"><ul>{links("Общество", "Политика", "Экономика", "Спецпроекты")}</ul></div>
<article class="article" itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="datePublished" content="{s.published}"><meta itemprop="dateModified" content="{s.published}"><div class="article-header"><div class="article-section"><a href="/articles/main_policy/">{e(s.section)}</a></div>
<time class="article-date">{s.shown}</time><h1 itemprop="headline">{e(s.title)}</h1><div class="article-views"><i class="icon-eye"></i>1 245</div></div>
<div class="article-image"><img src="{IMAGE}" itemprop="image"></div>
<div class="article-content" itemprop="articleBody"><div class="detail_text">{body(s)}<p><i><b>Фото Виктора ПЕТРОВА</b></i></p><div style="text-align:right"><i>vestnik@example.by</i></div></div></div>
<p class="copyright-text">Полная перепечатка текста и фотографий запрещена. Частичное цитирование разрешено при наличии гиперссылки.</p>
<p class="mistake">Заметили ошибку? Пожалуйста, выделите её и нажмите Ctrl+Enter</p>
<div class="article-author"><span>Автор: </span><a href="/author/1" itemprop="author">{e(s.author)}</a></div>
<div class="article-tags"><span>Теги:</span> <a href="/t">дипломатия</a></div></article><div class="comments-block"><h3>Комментарии</h3><p>Чтобы оставить комментарий, авторизуйтесь</p></div>
<div class="sidebar"><h2>Популярное</h2><div class="item"><a href="/3">Сколько стоит собрать ребенка в школу</a><span>16.10.2025 12:00</span></div></div></div></body></html>'''
    )


def nuxt_incuts(s: Story) -> str:
    i1 = '<div class="incut incut--link"><a class="incut__link" href="/x"><div class="incut__image"></div><p class="incut__title">Как чиновники считали деньги: история одного моста</p></a></div>'
    i2 = '<p><b>Читайте также:</b></p><p><a href="/x2">Что писали о переговорах в прошлом году</a></p>'
    return (
        head(
            s,
            ld=[
                {"@context": "https://schema.org", "@type": "Organization", "name": s.site},
                news(s),
            ],
            title=s.title + " — Вестник",
        )
        + f'''<body><div id="__nuxt"><div id="__layout"><div class="layout"><header class="header"><ul>{links("Главное", "Деньги", "Мнения")}</ul></header>
<main><div class="article" id="article_{1}"><div class="article__top"><span class="article__rubric"><a href="/r">{e(s.section)}</a></span><time class="article__time" datetime="{s.published}">{s.shown}</time></div><h1 class="article__title">{e(s.title)}</h1><div class="article__authors"><a href="/a">{e(s.author)}</a></div>
<figure class="article__cover"><img src="{IMAGE}"><figcaption>Снимок носит иллюстративный характер. Фото: пресс-служба</figcaption></figure>
<div class="article__body" id="article_body">{body(s, between={1: i1, 4: i2})}<p class="article__note">Если вы заметили ошибку в тексте новости, пожалуйста, выделите её и нажмите Ctrl+Enter</p></div>
<div class="banner-donate"><p>Эта редакция существует благодаря читателям. Поддержите нас любой суммой.</p><a class="button">Поддержать</a></div>
<div class="article__subscribe">Читайте нас в Telegram: без цензуры и рекламы</div></div><div class="feed"><h3>Новости по теме</h3><ul><li><a href="/9"><time>10:15</time> Польша назвала дату открытия двух пунктов пропуска</a></li></ul></div></main></div></div></div></body></html>'''
    )


def lead_beside_title(s: Story) -> str:
    ch = '<div class="news-cards"><div class="news-card"><a href="/?c=1"><span class="news-card__title">Як у Гародні рамантавалі стары замак</span></a></div></div>'
    r = '<p><strong>Чытайце яшчэ:</strong></p><p><a href="/?c=2">Мінчанка знайшла ў кватэры ліст з мінулага стагоддзя</a></p><p><a href="/?c=3">Дзе купіць беларускія кнігі ў Варшаве</a></p>'
    return (
        head(s, ld=news(s, author=None, articleSection=None), time=False, title=s.title)
        + f'''<body><div class="page"><div class="top"><a href="/">Галоўная</a> <a href="/ru">Рус</a></div><div class="article-wrap"><div class="article-head"><div class="article-meta"><span class="time">{s.shown}</span> <span class="rubric"><a href="/s">{e(s.section)}</a></span> <span class="comments-count">23</span></div><h1>{e(s.title)}</h1><p class="lead">{e(s.blocks[0][1])}</p></div>
<div class="article-text"><div class="img"><img src="{IMAGE}"><div class="caption">Ілюстрацыйнае фота</div></div>{body(rest(s), between={0: ch})}{r}</div><div class="article-author"><a href="/?a=1">{e(s.author)}</a></div>
<div class="donate">Каб чытаць нас без блакаванняў, усталюйце дадатак</div>
<div class="comments"><h2>Каментары <span>23</span></h2><div class="comment"><b>Янка</b> <span>17.10.2025</span><p>Добра напісана, але трэба было спытацца і ў другога боку, бо так не бывае.</p><a>Адказаць</a></div><div class="comment"><b>Сяржук</b> <span>17.10.2025</span><p>А чаму пра гэта ніхто не пісаў раней? Дзіўна, што толькі цяпер заўважылі.</p></div></div></div></div></body></html>'''
    )


def grid_with_channel_calls(s: Story) -> str:
    media = '<div class="news-media news-media_condensed"><div class="news-media__inner"><div class="news-media__viewport"><div class="news-media__preview"><img class="news-media__image" src="/i.jpg"></div></div></div></div>'
    inc = '<div class="news-incut news-incut_extended news-incut_position_right"><h4>Материалы по теме</h4><p><a href="/y">Почему подорожали билеты на поезд</a></p></div>'
    return (
        head(s, ld=news(s), title=s.title + " - Люди Вестник")
        + f"""<body><div class="g-container-outer"><header class="g-top"><ul>{links("Каталог", "Новости", "Автобарахолка", "Дома и квартиры")}</ul></header><div class="g-middle"><div class="news-container"><div class="news-wrapper"><div class="news-header news-header_extended"><div class="news-header__top"><div class="news-header__preview"><div class="news-header__author news-helpers_hide_mobile-small"><a href="/a"><span>{e(s.author)}</span></a></div><div class="news-header__time">{s.shown}</div></div><div class="news-header__title"><h1>{e(s.title)}</h1></div><div class="news-header__button"><span class="button-style_small">1 204</span></div></div></div>
<div class="news-posts"><div class="news-content js-scrolling-area"><div class="news-grid"><div class="news-text">{body(s, between={0: media, 2: inc, 5: media})}
<hr><p style="text-align: right;"><strong>Наш канал в <a href="#">Telegram</a>. Присоединяйтесь!</strong></p><p style="text-align: right;"><strong>Есть о чем рассказать? Пишите в наш <a href="#">телеграм-бот</a>. Это анонимно и быстро</strong></p><p style="text-align: right;">Перепечатка текста и фотографий без разрешения редакции запрещена. <a href="mailto:x@example.by">x@example.by</a></p></div></div></div>
<div class="news-reference"><div class="news-reference__list"><div class="news-reference__item news-reference__item_primary"><a class="button-style">Поделиться</a></div><div class="news-reference__item">Читайте также</div></div></div></div></div></div></div></div></body></html>"""
    )


def todays_date_in_header(s: Story) -> str:
    return (
        head(s, time=False, title=s.title + " - Вестник :: Новости из Беларуси")
        + f'''<body><div class="l-wrapper"><header class="header"><div class="header__top">17 октября 2025, пятница, 12:04</div><ul class="nav">{links("Главная", "Новости", "Общество", "Экономика")}</ul></header><div class="l-inner"><div class="l-news-wrap"><article class="article"><header class="article__header"><h1>{e(s.title)}</h1></header><ul class="article__tools"><li class="date">{s.published[8:10]}.{s.published[5:7]}.{s.published[:4]}, {s.published[11:16]}</li><li class="views">12,345</li><li class="comments-link"><a href="#c">8</a></li></ul>
<div class="article__left"><figure class="article__figure"><img src="{IMAGE}"><figcaption>Виктор Петров</figcaption></figure><p class="article__lead news__lead"></p>{body(s)}</div>
<footer class="article__footer"><a class="article__comment-btn">Написать комментарий <span>8</span></a><p>Также следите за аккаунтами в социальных сетях</p><ul class="socials"><li><a>Facebook</a></li><li><a>YouTube</a></li></ul></footer></article>
<aside class="l-sidebar"><h3>Лента новостей</h3><ul><li>11:58 <a href="/5">В порту Клайпеды задержали партию груза из Беларуси</a></li></ul></aside></div></div></div></body></html>'''
    )


def joomla_k2(s: Story) -> str:
    return (
        head(s, og=False, time=False, title=s.title)
        + f'''<body id="jsn-master"><div id="jsn-page"><div id="jsn-mainmenu"><ul>{links("Главная", "Район", "Общество", "О газете")}</ul></div><div id="jsn-mainbody"><span id="startOfPageId1"></span><div id="k2Container" class="itemView"><div class="itemHeader"><span class="itemDateCreated">Пятница, {s.shown}</span><h2 class="itemTitle">{e(s.title)}</h2><span class="itemAuthor">Автор&nbsp;<a rel="author" href="/a">{e(s.author)}</a></span></div>
<div class="itemToolbar"><ul><li><span class="itemTextResizerTitle">размер шрифта</span> <a><span>уменьшить размер шрифта</span></a> <a><span>увеличить размер шрифта</span></a></li><li><a class="itemPrintLink"><span>Печать</span></a></li><li><a class="itemEmailLink"><span>Эл. почта</span></a></li></ul></div>
<div class="itemRatingBlock"><span>Оцените материал</span><div class="itemRatingForm"><ul class="itemRatingList"><li><a>1</a></li><li><a>2</a></li></ul><div class="itemRatingLog">(0 голосов)</div></div></div>
<div class="itemBody"><div class="itemImageBlock"><span class="itemImage"><a><img src="{IMAGE}" alt="{e(s.title)}"></a></span></div><div class="itemIntroText">{body(replace(s, blocks=s.blocks[:1]))}</div><div class="itemFullText">{body(rest(s))}</div><div class="itemContentFooter"><span class="itemHits">Прочитано <b>318</b> раз</span></div></div>
<div class="itemLinks"><div class="itemCategory"><span>Опубликовано в</span> <a href="/c">{e(s.section)}</a></div><div class="itemTagsBlock"><span>Теги</span><ul class="itemTags"><li><a>район</a></li></ul></div></div><div class="itemAuthorLatest"><h3>Последнее от {e(s.author)}</h3><ul><li><a>Как прошел субботник в парке</a></li></ul></div><div class="itemRelated"><h3>Похожие материалы (по тегу)</h3><ul><li><a>Новые автобусы вышли на маршрут</a></li></ul></div><div class="itemBackToTop"><a>Наверх</a></div></div></div></div></body></html>'''
    )


def wordpress_foxiz(s: Story) -> str:
    g = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Article",
                "@id": URL + "#article",
                "isPartOf": {"@id": URL},
                "author": {"name": s.author, "@id": "https://news.example/#/schema/person/ab"},
                "headline": s.title,
                "datePublished": s.published,
                "dateModified": s.published,
                "mainEntityOfPage": {"@id": URL},
                "wordCount": 430,
                "commentCount": 0,
                "publisher": {"@id": "https://news.example/#organization"},
                "image": {"@id": URL + "#primaryimage"},
                "thumbnailUrl": IMAGE,
                "articleSection": [s.section, "Главное"],
                "inLanguage": "ru-RU",
            },
            {
                "@type": "WebPage",
                "@id": URL,
                "url": URL,
                "name": s.title + " - " + s.site,
                "datePublished": s.published,
            },
            {"@type": "ImageObject", "@id": URL + "#primaryimage", "url": IMAGE},
            {"@type": "Organization", "@id": "https://news.example/#organization", "name": s.site},
            {
                "@type": "Person",
                "@id": "https://news.example/#/schema/person/ab",
                "name": s.author,
                "description": "Пишет о политике с 2010 года.",
            },
        ],
    }
    toc = '<div class="ruby-table-contents rbtoc"><div class="toc-header"><span class="h3">Содержание</span></div><div class="inner"><a href="#h1">Что известно о встрече</a></div></div>'
    return (
        head(s, ld=g, title=f"{s.title} - {s.site}")
        + f'''<body class="post-template-default single single-post"><div class="site-outer"><header id="site-header"><ul>{links("Новости", "Аналитика", "Контакты")}</ul></header><div class="site-wrap"><div class="single-standard-8"><article id="post-77" class="post-77 post type-post"><header class="single-header"><aside class="breadcrumb-wrap"><div class="breadcrumb-inner"><span property="itemListElement"><a><span property="name">Вестник</span></a></span> &gt; <span>Политика</span></div></aside><div class="s-cats"><div class="p-categories"><a class="p-category">{e(s.section)}</a></div></div><h1 class="s-title">{e(s.title)}</h1><div class="single-meta"><div class="smeta-in"><div class="smeta-sec"><div class="smeta-bottom meta-text"><time class="updated-date" datetime="{s.published}">Последнее обновление: {s.shown}</time></div><div class="p-meta"><div class="meta-inner"><span class="meta-el meta-author"><span class="meta-label">Автор</span><a href="/a">{e(s.author)}</a></span></div></div></div></div></div></header>
<div class="s-feat-outer"><div class="s-feat"><img src="{IMAGE}"></div><div class="feat-caption meta-text"><span class="caption-text">Фото: архив</span></div></div><div class="s-ct-inner"><div class="l-shared-sec-outer"><div class="l-shared-sec"><div class="l-shared-header meta-text"><span class="share-label">ПОДЕЛИТЬСЯ</span></div></div></div><div class="e-ct-outer"><div class="entry-content rbct clearfix" itemprop="articleBody">{body(s, between={0: toc})}</div></div></div><div class="e-shared-sec entry-sec"><div class="e-shared-header h4"><span>Поделиться этой статьёй</span></div></div></article></div><div class="sfoter-sec single-related"><div class="block-h"><div class="heading-inner"><h3 class="heading-title"><span>Может вам понравиться</span></h3></div></div><div class="block-inner"><div class="p-wrap"><h3 class="entry-title"><a href="/q">Другая новость, о которой тоже стоит прочесть</a></h3></div></div></div></div></div></body></html>'''
    )


def wordpress_counters(s: Story) -> str:
    return (
        head(s, time=True, title=f"{s.title} » Районная газета")
        + f"""<body class="single"><div id="page"><header><ul>{links("Главная", "Новости района")}</ul></header><div id="primary"><article class="hentry"><h1 class="entry-title">{e(s.title)}</h1><div class="post-meta">Опубликовано <a href="/d">{s.shown}</a> автором <a rel="author" href="/a">{e(s.author)}</a> | <a href="/c" rel="category tag">{e(s.section)}</a></div><div class="entry-content"><div class="pvc_clear"></div><p id="pvc_stats_1" class="pvc_stats all">&nbsp;Просмотров: 512</p>{body(s)}
<div class="post-views content-post post-1 entry-meta"><span class="post-views-icon"></span> <span class="post-views-label">Post Views: </span> <span class="post-views-count">512</span></div><div class="sharedaddy"><div class="robots-nocontent"><h3 class="sd-title">Поделиться ссылкой:</h3><ul><li>Нажмите для печати (Открывается в новом окне)</li></ul></div></div><div class="sharedaddy sd-like"><h3>Понравилось это:</h3><span class="button"><span>Нравится</span></span> <span class="loading">Загрузка...</span></div><p class="tg-join">Вступайте в наш Telegram-канал!</p></div><div class="nav-links"><a rel="prev">← Предыдущая запись</a> <a rel="next">Следующая запись →</a></div></article></div></div></body></html>"""
    )


def baltic_fragments(s: Story) -> str:
    a = '<div class="fragment fragment-articles"><div class="C-related"><h5>Susiję straipsniai</h5><a href="/a">Kodėl brangsta keliai: atsako specialistai</a></div></div>'
    return (
        head(
            s,
            ld=[
                news(
                    s,
                    author=[{"@type": "Person", "name": s.author, "url": "https://x.example/a"}],
                    isAccessibleForFree=True,
                )
            ],
            title=s.title + " - Delfi",
        )
        + f'''<body><div id="__next"><header class="C-header">{links("Dienos naujienos", "Verslas", "Sportas")}</header><main><article class="col-article C-article"><div class="C-article__header"><h1 class="text-size-1 text-size-md-d">{e(s.title)}</h1><div class="C-article-info d-flex"><a class="C-article-info__author-name" href="/a">{e(s.author)}</a><div class="C-article-info__publish-date">{s.shown}</div></div></div><div class="C-article-image"><img src="{IMAGE}"><div class="C-article-image__caption">Susirinkimas<span class="C-article-image__author">© DELFI / Jonas Jonaitis</span></div></div><div class="C-article-body"><div class="fragment fragment-html fragment-html--paragraph lead"><p><strong>{e(s.blocks[0][1])}</strong></p></div>{body(rest(s), p='<div class="fragment fragment-html fragment-html--paragraph"><p>{}</p></div>', h='<div class="fragment fragment-html fragment-html--headline"><h3>{}</h3></div>', between={1: a})}<div class="fragment fragment-html"><p>Griežtai draudžiama DELFI paskelbtą informaciją panaudoti kitose interneto svetainėse.</p></div></div><div class="C-article-source">Šaltinis <strong>DELFI</strong></div></article><div class="C-comments"><a>Skaityti komentarus (12)</a></div></main></div></body></html>'''
    )


def broadcaster_inline_blocks(s: Story) -> str:
    f = '<div class="article-content__inline-block right"><div class="article-content__related"><h4>Taip pat skaitykite</h4><a href="/b">Vilniuje atidaroma nauja biblioteka</a></div></div>'
    fig = '<figure class="media-block__wrapper avoid-break-inside"><div class="media-block__container"><img src="/i"></div><div class="media-block__caption"><p>Miesto aikštė | J. Jonaičio / LRT nuotr.</p></div></figure>'
    return (
        head(
            s,
            ld=news(s, author={"@type": "Person", "name": s.author + ", LRT.lt"}),
            title=s.title + " - LRT",
        )
        + f'''<body><div class="page-container"><header>{links("Naujienos", "Mediateka", "Programa")}</header><main class="article-page"><article class="article-block"><header class="article-header"><div class="section-title">{e(s.section)}</div><time class="time-post">{s.published[:10].replace("-", ".")} {s.published[11:16]}</time><h1 class="title-block__heading">{e(s.title)}</h1><div class="info-block"><div class="info-block__text"><a class="info-block__link" href="/a">{e(s.author)}</a>, LRT.lt</div><div class="info-block__time-before">{s.published[:10].replace("-", ".")} {s.published[11:16]}</div></div></header><div class="article-photo"><img src="{IMAGE}"><p class="media-block__caption">Posėdis | BNS nuotr.</p></div><div class="article-content js-text-selection">{body(s, between={1: fig, 2: f})}</div><div class="article-content__audio">Klausyti straipsnio: 3 min.</div></article></main></div></body></html>'''
    )


def today_beside_json_ld(s: Story) -> str:
    return (
        head(s, time=False, ld=news(s), title=s.title + " / Raksts")
        + f'''<body><div class="page"><header class="header">{links("Ziņas", "Sports", "Kultūra")}</header><main><article class="article"><div class="article__info"><span class="article__category"><a href="/c">{e(s.section)}</a></span><time class="article__date">Šodien, {s.published[11:16]}</time></div><h1 class="article-title">{e(s.title)}</h1><div class="article__authors">Autors: <a href="/a">{e(s.author)}</a> (Ziņu dienests)</div><figure class="article__image"><img src="{IMAGE}"><figcaption class="article__image-caption">Robežkontroles punkts. Attēls ilustratīvs.<div class="author">Foto: LETA</div></figcaption></figure><div class="article__lead"><p>{e(s.blocks[0][1])}</p></div><div class="article__body"><div class="article-embed__related"><div class="title">SAISTĪTIE RAKSTI</div><ul><li><a href="/r1">Kā mainījusies robežas apsardze</a></li></ul></div>{body(rest(s))}</div><div class="article__bottom"><p class="article__mistake">Kļūda rakstā?</p><p>Iezīmējiet tekstu un spiediet <i>Ctrl+Enter</i>, lai nosūtītu labojamo teksta fragmentu redaktoram!</p><div class="share"><span>Dalīties</span></div></div></article><section class="articles-more"><h2>Vairāk</h2><a href="/v">Vēl kāda ziņa no šodienas notikumiem Latvijā</a></section></main></div></body></html>'''
    )


def intro_heading(s: Story) -> str:
    img = '<div class="media-wide image-wrap"><div class="image"><img src="/z.jpg"></div><div class="image-info"><span class="image-author">Jono Jonaičio / 15min nuotr.</span><span class="image-text">/ Nuotraukoje – susirinkusieji</span></div></div>'
    return (
        head(
            s,
            ld=None,
            extra=f'<meta name="author" content="{s.author}">',
            title=s.title + " | 15min.lt",
        )
        + f'''<body class="article"><div id="wrapper"><div class="header">{links("Aktualu", "Sportas", "Verslas")}</div><div class="article-wrapper" itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">{e(s.title)}</h1><div class="author-info author-name-block"><div class="author-name"><a href="/a"><span itemprop="name">{e(s.author)}</span></a><div class="source-name">Šaltinis: <a>15min</a></div></div><div class="date-info"><span itemprop="datePublished" content="{s.published}">{s.published[:10]} {s.published[11:16]}</span></div></div><h4 class="intro" itemprop="description">{e(s.blocks[0][1])}</h4><div class="article-content"><div class="text" itemprop="articleBody">{body(rest(s), between={1: img})}<div class="app-ad"><p>Parsisiųsk programėlę</p></div></div></div><div class="article-bottom"><div class="tags"><span>Temos:</span><a>Lietuva</a></div></div></div><div class="comments-title">Komentarai</div></div></body></html>'''
    )


def desk_credit(s: Story) -> str:
    return (
        head(
            s, ld=news(s, author=[{"@type": "Person", "name": s.author}]), title=f"{s.title} | ERR"
        )
        + f'''<body><div class="site"><nav>{links("Eesti", "Välismaa", "Kultuur")}</nav><article class="prime"><header><span class="section"><a>{e(s.section)}</a></span><h1>{e(s.title)}</h1></header><div class="media main"><img src="{IMAGE}"><div class="caption">Istungisaal <span class="author">Autor/allikas: Anna Tamm/ERR</span></div></div><div class="body"><div class="lead"><p>{e(s.blocks[0][1])}</p></div><div class="text flex-row">{body(rest(s))}</div><div class="editor"><p>Toimetaja: <strong>{e(s.author)}</strong></p></div></div></article></div></body></html>'''
    )


def whitelist_lead(s: Story) -> str:
    return (
        head(
            s,
            ld=[
                news(s, author=[{"@type": "Person", "name": s.author}]),
                {"@type": "BreadcrumbList", "itemListElement": []},
            ],
            title=s.title,
        )
        + f'''<body><div class="pageWrapper"><header class="siteHeader">{links("Wiadomości", "Sport", "Biznes")}</header><main><article class="detail" id="doc"><div class="header"><div class="categoryLabel"><a>{e(s.section)}</a></div><h1 class="mainTitle">{e(s.title)}</h1></div><div class="mainPhoto"><img src="{IMAGE}"><div class="photoCaption"><span class="copyright">Foto: Onet</span><span class="caption">Posiedzenie</span></div></div><div class="authors"><div class="authorName">{e(s.author)}</div><div class="authorDesc">Dziennikarka Onetu</div></div><div class="dateMeta"><div class="datePublished">Data utworzenia: {s.shown}</div></div><ul class="socialShares"><li>Udostępnij</li><li>Skomentuj 12</li></ul><div class="whitelistPremium"><div id="lead" class="hyphenate lead">{e(s.blocks[0][1])}</div><div class="adsInArt"><span>Reklama</span></div><p class="articleMoreInfo">Dalsza część artykułu znajduje się pod materiałem wideo</p>{body(rest(s), p='<p class="hyphenate">{}</p>', h='<h2 class="hyphenate">{}</h2>', between={1: '<p class="hyphenate"><strong>Czytaj też: <a href="/x">Co dalej z budową drogi przez puszczę</a></strong></p>', 2: '<div class="embeddedVideo"><p>Dalszy ciąg materiału pod wideo</p></div>'})}</div><div class="copyrightContent">Dziękujemy, że przeczytałaś/eś nasz artykuł do końca. Bądź na bieżąco! Obserwuj nas w <a>Wiadomościach Google</a>.</div><div class="source"><span>Źródło:</span> Onet</div><div class="createdDate">Data utworzenia: {s.shown}</div></article></main></div></body></html>'''
    )


def hashed_portal(s: Story) -> str:
    return (
        head(
            s,
            ld=news(s, author=[{"@type": "Person", "name": s.author}]),
            title=s.title + " - WP Wiadomości",
        )
        + f'''<body><div id="root"><div class="sc-1 kQhVb">{links("Wiadomości", "Pogoda", "Program TV")}</div><main><article class="a1b2"><div class="c3"><h1 class="cL">{e(s.title)}</h1></div><div class="cM"><figure><img src="{IMAGE}"><div class="cN"><span>Sala obrad</span><span>Źródło zdjęć: © PAP | Anna Kowalska</span></div></figure></div><div class="cS"><address><a href="/a"><span>{e(s.author)}</span></a></address><time datetime="{s.published}">{s.shown}</time></div><div class="wpLead"><p><strong>{e(s.blocks[0][1])}</strong></p></div><div class="wpA"><span>REKLAMA</span></div>{body(rest(s), p='<div class="wpP"><p>{}</p></div>', h='<div class="wpP"><h2>{}</h2></div>', between={1: '<div class="wpP"><p><strong>Dalsza część artykułu pod materiałem wideo</strong></p></div><div class="wpV"><h4>Zobacz także: Zaskakująca decyzja ministra</h4></div>'})}<div class="wpP"><p><em>Źródło: WP Wiadomości</em></p></div><div class="wpT"><div>Źródło artykułu: WP Wiadomości</div><a>polityka</a><a>wiadomości</a></div></article><div class="wpX">Wybrane dla Ciebie</div></main></div></body></html>'''
    )


def art_paragraphs(s: Story) -> str:
    r = '<div class="art_embed relatedBox"><h4 class="art_embed_title">Zobacz wideo</h4><div class="text">Jak powstaje most?</div></div>'
    q = '<div class="art_embed article_related"><p>Więcej informacji z kraju na stronie głównej <a>Gazeta</a>.</p></div>'
    return (
        head(
            s,
            time=False,
            ld=news(s, datePublished=s.published[:19].replace("T", " ") + s.published[19:]),
            title=s.title,
        )
        + f'''<body class="path-artykul"><div id="page"><nav>{links("Najnowsze", "Polityka", "Świat")}</nav><section id="article_wrapper"><article><div class="top_section_bg"><h1 id="article_title">{e(s.title)}</h1><div class="author_and_date"><span class="article_author_link"><a rel="author" href="/a">{e(s.author)}</a></span><span class="article_date"><time datetime="{s.published[:10]} {s.published[11:16]}">{s.shown}</time></span></div></div><div id="gazeta_article_image"><img src="{IMAGE}"><p class="desc">Posiedzenie rady<span class="cp">fot. Anna Kowalska / Agencja</span></p></div><div id="gazeta_article_lead">{e(s.blocks[0][1])}</div><div class="bottom_section"><div class="ban"><div class="banLabel">REKLAMA</div></div>{body(rest(s), p='<p class="art_paragraph">{}</p>', h='<h2 class="art_sub_title">{}</h2>', between={0: r, 2: q})}</div></article></section></div></body></html>'''
    )


def radio_desk_credit(s: Story) -> str:
    return (
        head(s, time=False, ld=news(s), title=s.title + " - RMF 24")
        + f'''<body><div class="page-wrap"><nav>{links("Fakty", "Regiony", "Sport")}</nav><div class="article-wrap"><article><header><h1 class="article-title">{e(s.title)}</h1></header><div class="article-info"><div class="article-author">{e(s.author)}</div><div class="article-date">{s.shown}</div></div><div class="article-container"><figure class="photo"><img src="{IMAGE}"><figcaption><div class="desc">Posiedzenie /<span class="author">Anna Kowalska</span>/PAP</div></figcaption></figure><p class="article-lead">{e(s.blocks[0][1])}</p><div class="articleContent">{body(rest(s), between={1: '<div class="media-list"><ul><li><a>Co się zmieni w przepisach od stycznia</a></li></ul></div>'})}<p>Opracowanie: {e(s.author)}</p><p><i>Chcesz wiedzieć więcej? Posłuchaj naszych podcastów</i></p></div></div><div class="source"><span>Źródło: RMF24/PAP</span></div></article></div></div></body></html>'''
    )


def drupal_agency_initials(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            extra=f'<meta name="Generator" content="Drupal 10"><meta name="dcterms.date" content="{s.published}">',
            title=f"{s.title} | {s.site}",
        )
        + f'''<body class="path-node"><div class="dialog-off-canvas-main-canvas"><header role="banner">{links("Kraj", "Świat", "Gospodarka")}</header><main role="main"><div class="region region-content"><div data-drupal-messages-fallback class="hidden"></div><div id="block-content" class="block block-system"><article role="article" class="node node--type-article node--view-mode-full"><header><h1 class="articleTitle"><span class="field field--name-title">{e(s.title)}</span></h1></header><div class="node__content"><div class="moreInfo">{s.shown}<span class="updated"> aktualizacja: {s.shown}</span></div><div class="field field--name-field-image"><img src="{IMAGE}"><div class="image-copyright">Fot. PAP/Anna Kowalska</div></div><div class="field field--name-field-lead field--type-string-long"><p>{e(s.blocks[0][1])}</p></div><div class="clearfix text-formatted field field--name-body field--type-text-with-summary"><div class="field__item">{body(rest(s))}<p>ann/ kow/</p></div></div><div class="field field--name-field-tags"><ul><li><a>Polska</a></li></ul></div><ul class="links inline"><li><a>Drukuj</a></li></ul></div></article></div></div></main></div></body></html>'''
    )


def post_text_read_also(s: Story) -> str:
    also = '<div class="block block-article-read-also"><a href="/x"><h3>Читайте також:</h3><p>Чому подорожчали квитки на потяг</p></a></div>'
    return (
        head(s, ld=news(s), title=s.title + " | Українська правда")
        + f'''<body><div class="layout"><header class="header">{links("Новини", "Публікації", "Колонки")}</header><div class="main_content"><article class="post"><header class="post_header"><h1 class="post_title">{e(s.title)}</h1><div class="post_time"><span class="post_author"><a href="/authors/1/">{e(s.author)}</a></span> — 17 жовтня, 09:41</div><div class="post_share"><a>Поділитись:</a></div></header><div class="post_text"><div class="image-box image-box_center"><img src="{IMAGE}"><div class="image-box__caption">Ілюстративне фото</div><div class="image-box__author">фото: Getty Images</div></div>{body(s, between={1: also, 3: '<p><strong>Читайте також: <a href="/z">Що відомо про новий закон</a></strong></p>'})}</div><div class="post_tags"><span class="post_tags_item"><a>Україна</a></span></div><div class="post_advertising"><div class="advtext">Реклама:</div></div></article></div><div class="container_sub_news"><div class="article_news"><div class="article_time">10:12</div><div class="article_title"><a>Уряд призначив нового керівника агентства</a></div></div></div></div></body></html>'''
    )


def card_read_also(s: Story) -> str:
    card = '<div class="c-article-content__read-also"><div class="c-article-card"><span class="c-article-card__label">Читайте також</span><a class="c-article-card__headline"><span class="c-article-card__headline-inner">Як змінився розклад потягів</span></a></div></div>'
    return (
        head(
            s,
            time=False,
            ld={
                "@context": "https://schema.org",
                "@graph": [news(s, author=[{"@type": "Person", "name": s.author}])],
            },
            title=s.title + " | Суспільне Новини",
        )
        + f'''<body><header class="c-header">{links("Київ", "Львів", "Спорт")}</header><main class="l-main"><article class="c-article"><div class="c-article-header"><h1 class="c-article-content__headline">{e(s.title)}</h1><div class="c-article-content__info-wrapper"><time class="c-article-content__info-time" datetime="{s.published}">{s.shown}</time><a class="c-article-content__author">{e(s.author)}</a></div></div><figure class="c-article-image"><img src="{IMAGE}"><figcaption><span class="c-article-image__caption">Засідання уряду</span> <span>Суспільне Новини</span></figcaption></figure><div class="c-article-content c-article-content--bigger"><p class="c-article-content__description"><strong>{e(s.blocks[0][1])}</strong></p>{body(rest(s), between={1: card})}<div class="c-article-content__subscribe"><p>Читайте нас у Telegram: головні новини України та світу</p></div></div><div class="c-article-footer"><div class="c-article-tags">{links("уряд")}</div></div></article></main></body></html>'''
    )


def news_heading_lead(s: Story) -> str:
    return (
        head(s, time=True, ld=None, title=s.title, extra='<meta name="author" content="Укрінформ">')
        + f'''<body><div class="wrapper"><div class="menu">{links("Політика", "Економіка", "Регіони")}</div><article class="news"><header><h1 class="newsTitle">{e(s.title)}</h1><div class="newsHeaderBar"><div class="newsDate"><time datetime="{s.published}">{s.shown}</time></div><div class="newsViews"><span>1560</span></div></div></header><figure class="newsImage"><img src="{IMAGE}"></figure><div class="newsText"><div class="newsHeading">{e(s.blocks[0][1])}</div><div>{body(rest(s), between={0: '<section class="read"><span>Читайте також:</span> <a class="readLink" href="/x">Міністр розповів про плани на зиму</a></section>', 3: '<p><em>Фото: <a href="/f">Офіс Президента</a></em></p>'})}</div></div><div class="newsTags"><a>Україна</a><a>Закон</a></div><aside class="newsPublicationText"><p>При цитуванні і використанні будь-яких матеріалів в Інтернеті відкриті для пошукових систем гіперпосилання не нижче першого абзацу обов’язкові.</p></aside></article></div></body></html>'''
    )


def no_title_tag_site(s: Story) -> str:
    return (
        head(s, time=False, og=True, extra='<meta name="robots" content="all">', title=s.title)
        + f'''<body><div class="content"><header>{links("Новости", "Мнения", "Фото")}</header><main><div class="infinitblock"><article itemprop="articleBody"><aside class="textML"><a class="time" href="/news/"><time datetime="{s.published[:16]}">09:41, 17 октября 2025</time></a><meta itemprop="datePublished" content="{s.published[:19]}"></aside><h1 itemprop="headline">{e(s.title)}</h1><figure class="inner"><img src="{IMAGE}"><figcaption>Фото: Reuters</figcaption></figure>{body(s)}</article><div class="textMTags"><a>Беларусь</a></div><div class="recomendation"><h3>Рекомендуем</h3><div><a>Мосбиржа закрыла торги ростом</a></div></div></div></main></div></body></html>'''
    )


def css_modules(s: Story) -> str:
    rel = '<div class="RelatedBlock-module_root__a RelatedBlock-module_rich"><div class="RelatedBlock-module_header__b">Подробнее об этом</div><a href="/f"><strong>Переговоры, о которых никто не знал</strong> <span>Как дипломаты искали выход</span></a></div>'
    return (
        head(
            s,
            ld=[news(s, author={"@type": "Organization", "name": s.site})],
            title=s.title + " — Meduza",
        )
        + f'''<body><div id="maincontent"><div class="Layout-module_container"><header>{links("Новости", "Истории", "Разбор")}</header><div class="GeneralMaterial-module-article"><div class="Tag-module_root"><span>{e(s.section.lower())}</span></div><h1 class="SimpleTitle-module_root RichTitle-module_root">{e(s.title)}</h1><div class="MaterialMeta-module_root"><div class="Meta-module_item"><time class="Timestamp-module_root">09:41, 17 октября 2025</time></div><div class="Meta-module_item">Источник: <a class="MetaItem-module_source">Reuters</a></div></div><div class="GeneralMaterial-module-body"><figure class="EmbedBlock-module_root"><img src="{IMAGE}"><figcaption class="MediaCaption-module_root"><div class="MediaCaption-module_caption">Заседание</div><div class="MediaCaption-module_credit">Иван Иванов / Агентство</div></figcaption></figure>{body(s, p='<p class="SimpleBlock-module_p__9lLTH SimpleBlock-module_mobileCenter">{}</p>', h='<h3 class="SimpleBlock-module_h3__q8LT6">{}</h3>', between={2: rel})}</div><div class="Toolbar-module_root"><button>Поделиться</button></div></div></div></div></body></html>'''
    )


def overview_lead(s: Story) -> str:
    inl = '<div class="article__inline-item"><span class="article__inline-item__category">Политика</span><a class="article__inline-item__link"><span class="article__inline-item__title">В Вильнюсе рассказали о планах на границе</span></a></div>'
    return (
        head(s, time=False, ld=news(s, articleSection=None), title=s.title + " — РБК")
        + f'''<body><div class="l-window"><div class="topline">{links("Телеканал", "Газета", "Pro")}</div><div class="article" itemscope itemtype="https://schema.org/Article"><link itemprop="mainEntityOfPage" href="{URL}"><div class="article__header"><div class="article__header__info-block"><time class="article__header__date" datetime="{s.published}" itemprop="datePublished">{s.shown}</time><a class="article__header__category">{e(s.section)}</a><div class="article__header__counter">3 412</div></div><div class="article__header__title"><h1 class="article__header__title-in" itemprop="headline">{e(s.title)}</h1></div></div><div class="article__text article__text_free" itemprop="articleBody"><div class="article__text__overview"><span>{e(s.blocks[0][1])}</span></div><div class="article__main-image"><div class="article__main-image__wrap"><img src="{IMAGE}"></div><div class="article__main-image__title"><span class="article__main-image__author">Фото: Иван Иванов / ТАСС</span></div></div>{body(rest(s), between={1: inl})}<div class="article__ticker"></div><p class="article__social"><span>Читайте РБК в <a href="#">Telegram</a>.</span></p></div><div class="article__authors"><span class="article__authors__title">Авторы</span><div class="article__authors__author"><span itemprop="author"><a class="article__authors__author__name"><span itemprop="name">{e(s.author)}</span></a></span></div></div><div class="article__tags"><span class="article__tags__title">Теги</span><a>Беларусь</a></div></div></div></body></html>'''
    )


def author_in_last_paragraph(s: Story) -> str:
    return (
        head(s, time=False, ld=news(s), title=s.title + " – Коммерсантъ")
        + f'''<body><div class="layout"><header>{links("Экономика", "Политика", "Мир")}</header><article class="doc js-article" data-article-title="x"><header class="doc_header"><div class="doc_header__publish"><time class="doc_header__publish_time">{s.shown}</time></div><div class="doc_header__text"><h1 class="doc_header__name">{e(s.title)}</h1><h2 class="doc_header__subheader"></h2></div></header><div class="doc__body"><div class="photo"><img src="{IMAGE}"><div class="photo_info"><p class="doc_media__legend">Заседание</p><p class="photo__source">Фото: Иван Иванов, Коммерсантъ</p></div></div><div class="article_text_wrapper">{body(s, p='<p class="doc__text">{}</p>', h='<p class="doc__title">{}</p>')}<p class="doc__text document_authors">{e(s.author)}</p></div></div><div class="doc_footer__info"><a>Новости</a></div></article><div class="doc_footer__trigger">Обсудить</div></div></body></html>'''
    )


def named_like_icons(s: Story) -> str:
    return (
        head(
            s,
            ld=[news(s, author=[{"@type": "Person", "name": s.author}])],
            title=f"{s.title} - DER SPIEGEL",
        )
        + f'''<body class="font-sansUI"><div data-area="wrapper"><header>{links("Schlagzeilen", "Abo", "Politik")}</header><main><article aria-label="Artikel"><header data-area="intro"><h2><span class="block text-primary-base">{e(s.section)}</span><span class="hidden">: </span><span class="align-middle">{e(s.title)}</span></h2><div class="RichText RichText--sans leading-loose">{e(s.blocks[0][1])}</div><div class="text-s">Von <a href="/autor">{e(s.author)}</a></div><time class="timeformat" datetime="{s.published}">{s.shown} Uhr</time></header><div data-area="top_element>image"><figure><img src="{IMAGE}"><figcaption><p>Sitzungssaal</p><span>Foto: Anna Schmidt / dpa</span></figcaption></figure></div><section class="relative" data-area="body"><div class="RichText RichText--iconLinks">{body(rest(s), between={1: '<section data-area="related_articles"><h3><span>Mehr zum Thema</span></h3><article><a href="/x"><span>Was die Reform für Pendler bedeutet</span></a></article></section>'})}</div></section><footer data-area="article-footer"><div><span class="font-bold">abc/dpa</span></div><div>Feedback</div></footer></article></main></div></body></html>'''
    )


def article_desc(s: Story) -> str:
    c = '<section class="catcher catcher--inline"><div class="catcher__content"><div><span class="catcher__desc"><span class="catcher__pretext">Lire aussi | </span><a class="catcher__title js-article-read-also">Les chantiers du canal entrent dans leur dernière phase</a></span></div></div></section>'
    return (
        head(
            s,
            ld=news(s, author=[{"@type": "Person", "name": s.author}], isAccessibleForFree=True),
            title=s.title,
        )
        + f'''<body id="js-body"><header class="Header">{links("Actualités", "Économie", "Vidéos")}</header><main class="main main--article"><section class="zone zone--article"><section class="article article--single article--iso"><header class="article__header"><ul class="breadcrumb"><li><a>{e(s.section)}</a></li></ul><h1 class="article__title">{e(s.title)}</h1><p class="article__desc">{e(s.blocks[0][1])}</p><section class="meta__author-section"><p class="meta__authors">Par <a class="article__author-link">{e(s.author)}</a></p><p class="meta__publisher">Publié le {s.shown}, modifié le {s.shown} <span class="meta__reading-time">Temps de Lecture 3 min.</span></p></section></header><section class="article__wrapper"><article class="article__content old__article-content-single"><figure class="article__media"><img src="{IMAGE}"><figcaption class="article__legend">Les quais, le 12 octobre. <span class="article__credit">ANNE MARTIN / AFP</span></figcaption></figure>{body(rest(s), p='<p class="article__paragraph">{}</p>', h='<h2 class="article__sub-title">{}</h2>', between={1: c})}<section class="article__reactions"><p>Le Monde avec AFP</p></section></article></section><section class="friend"><p>Réutiliser ce contenu</p></section></section></section></main></body></html>'''
    )


def self_promo(s: Story) -> str:
    nl = '<div class="o-self-promo"><p class="o-self-promo__title">Le résumé de la semaine</p><p>France 24 vous propose de revenir sur les actualités qui ont marqué la semaine</p><a>Je m\'abonne</a></div>'
    return (
        head(s, ld=news(s, author=[{"@type": "Person", "name": s.author}]), title=s.title)
        + f'''<body><div class="o-header">{links("Info", "Émissions")}</div><main><article class="t-content t-content--article"><a class="a-page-title__tag">{e(s.section)}</a><h1 class="t-content__title a-page-title">{e(s.title)}</h1><p class="t-content__chapo">{e(s.blocks[0][1])}</p><div class="t-content__dates"><span class="m-pub-dates"><span class="m-pub-dates__date">Publié le : <time datetime="{s.published}">{s.shown}</time></span></span></div><figure class="m-item-image"><img src="{IMAGE}"><figcaption>Vue du port. © Anne Martin, AFP</figcaption></figure><div class="t-content__authors-tts"><div class="m-from-author"><span>Par : </span><a class="m-from-author__name">{e(s.author)}</a></div></div><div class="t-content__body u-clearfix">{body(rest(s), between={0: '<div class="a-ads-label">Publicité</div>', 2: nl, 3: '<div class="m-em-promo"><p>À lire aussi<a href="/x">Ce que change la nouvelle loi</a></p></div>'})}<p><em>Avec AFP</em></p></div></article></main></body></html>'''
    )


def commission_press_corner(s: Story) -> str:
    return (
        head(
            s,
            og=True,
            time=False,
            title="Press corner | European Commission",
            extra=f'<meta name="date" content="{s.published[:10]}">',
        ).replace(
            f'<meta property="og:title" content="{escape(s.title)}">',
            '<meta property="og:title" content="Press corner">',
        )
        + f"""<body><app-root><ecl-app><header class="ecl-site-header">{links("Home", "Press corner", "News")}</header><div class="ecl-page-header"><nav class="ecl-breadcrumb"><ol><li>Home</li><li>Press corner</li><li>Press release</li></ol></nav><div class="ecl-meta ecl-page-header__meta"><span class="ecl-meta__item">Press release</span><span class="ecl-meta__item">{s.shown.split(",")[0]}</span><span class="ecl-meta__item">Brussels</span></div><h1 class="ecl-heading ecl-heading--h1">{e(s.title)}</h1></div><div class="ecl-container"><div class="ecl-row"><div class="ecl-col-md-9"><div class="ecl-social-media-share"><p class="ecl-social-media-share__description">Share this page</p></div><div class="ecl-paragraph">{body(s, h='<h2 class="ecl-heading ecl-heading--h2">{}</h2>', p='<p class="ecl-paragraph">{}</p>')}</div><ul class="ecl-list"><li class="ecl-tag">Press release reference IP/25/1234</li></ul></div><aside class="ecl-col-md-3"><h3>Press contacts</h3><div class="ecl-card">Anna SCHMIDT<br>Phone +32 2 000 00 00<br>Mail anna@example.eu</div></aside></div></div></ecl-app></app-root></body></html>"""
    )


def council_press_contacts(s: Story) -> str:
    return (
        head(
            s,
            og=True,
            time=False,
            ld=news(
                s,
                author={"@type": "Organization", "name": s.site},
                publisher={"@type": "Organization", "name": s.site},
            ),
            title=f"{s.title} - Consilium",
        )
        + f"""<body><div class="gsc-page"><header class="gsc-global-header">{links("European Council", "Council of the EU", "Policies")}</header><main id="main-content"><div class="gsc-page-banner"><ol class="gsc-breadcrumb"><li><a>Home</a></li><li><a>Press</a></li></ol><div class="gsc-heading"><span class="gsc-tag">Council of the EU</span><span class="gsc-tag">Press release</span><span class="gsc-tag">{s.shown}</span></div><h1 class="gsc-heading__title">{e(s.title)}</h1></div><div class="gsc-bge-grid__inner"><div class="gsc-bge-grid__area"><div class="gsc-excerpt-item gsc-u-text-lead"><p>{e(s.blocks[0][1])}</p></div><div class="gsc-text">{body(rest(s))}<ul class="gsc-list-links"><li><a href="/x">Council conclusions, full text</a></li><li><a href="/y">Restrictive measures (background information)</a></li></ul><h2 class="gsc-heading-contacts">Press contacts</h2><div class="gsc-contact"><p>Anna Schmidt</p><p>Press officer</p><p>+32 2 281 00 00</p></div></div></div><div class="gsc-social">If you are not a journalist, please send your request to the public information service.</div></div><section class="gsc-topics"><h2>Topics:</h2><a>Foreign affairs</a></section></main></div></body></html>"""
    )


def drupal_spokesperson(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            title=f"{s.title} | EEAS",
            extra=f'<meta name="dcterms.date" content="{s.published}">',
        )
        + f'''<body class="path-node page-node-type-eeas"><a class="visually-hidden focusable skip-link">Skip to main content</a><header>{links("About us", "What we do", "Media")}</header><main role="main"><article role="article" class="node node--type-eeas-editorial-article full"><div class="node__title"><h1><span>{e(s.title)}</span></h1></div><div class="node__meta"><span class="field field--name-field-publication-date">{s.published[8:10]}.{s.published[5:7]}.{s.published[:4]}</span> <span class="field field--name-field-publisher">Press and information team</span></div><div class="field field--name-field-media-image"><img src="{IMAGE}"></div><div class="node__content"><div class="field field--name-field-text field__item"><div class="clearfix text-formatted">{body(s, p='<p class="text-align-justify">{}</p>')}</div></div><div class="field field--name-field-contacts"><div class="field__label">Contact details</div><div><p>Lead Spokesperson</p><p>anna@example.eu</p><p>+32 (0) 460 00 00 00</p></div></div></div><div class="block-views related-content"><h2>You may be interested in</h2><div class="card"><h5><a>Statement on the elections</a></h5></div></div></article></main></body></html>'''
    )


def component_blocks(s: Story) -> str:
    def b(t: str, c: str = "text-block") -> str:
        return f'<div data-component="{c}" class="ssrcss-uf6wea-RichTextComponentWrapper"><div class="ssrcss-7uxr49-RichTextContainer">{t}</div></div>'

    return (
        head(
            s,
            time=False,
            ld=news(s, author=[{"@type": "Person", "name": s.author}]),
            title=f"{s.title} - BBC News",
        )
        + f'''<body><div id="__next"><header>{links("News", "Sport", "Weather")}</header><main id="main-content"><article class="ssrcss-pv1rh6-ArticleWrapper"><div data-component="headline-block"><h1 id="main-heading">{e(s.title)}</h1></div><div data-component="byline-block"><div><div class="ssrcss-TextContributorName">{e(s.author)}</div><div class="ssrcss-TextContributorRole">Europe correspondent, Brussels</div></div><time datetime="{s.published}">Published 3 hours ago</time></div><figure><div data-component="image-block"><img src="{IMAGE}"></div><figcaption><span class="visually-hidden">Image caption, </span>The council building</figcaption></figure>{body(s, p=b("<p class='ssrcss-Paragraph'>{}</p>"), h=b("<h2>{}</h2>", "subheadline-block"), between={2: '<div data-component="links-block"><ul><li><a href="/x">Why the border stays closed</a></li><li><a href="/y">What the new rules mean for drivers</a></li></ul></div>'})}<section data-component="tag-list-block"><h2>More on this story</h2><ul><li><a>European Union</a></li></ul></section></article></main></div></body></html>'''
    )


def island_figures(s: Story) -> str:
    return (
        head(
            s,
            ld=[
                news(
                    s,
                    author=[{"@type": "Person", "name": s.author, "sameAs": "https://x.example/p"}],
                )
            ],
            title=f"{s.title} | The Guardian",
        )
        + f'''<body><div id="bannerandheader">{links("News", "Opinion", "Sport")}</div><main><article><div data-gu-name="media"><figure><img src="{IMAGE}"><figcaption><span>The council building in Brussels. Photograph: Anna Smith/AP</span></figcaption></figure></div><div data-gu-name="title"><a data-link-name="article section">{e(s.section)}</a></div><div data-gu-name="headline"><h1>{e(s.title)}</h1></div><div data-gu-name="standfirst"><div class="dcr-standfirst"><p>{e(s.blocks[0][1])}</p></div></div><div data-gu-name="meta"><address aria-label="Contributor info"><a rel="author">{e(s.author)}</a> in Brussels</address><details><summary><span>{s.shown}</span></summary>Last modified on {s.shown}</details><div>Share</div></div><div data-gu-name="body"><div id="maincontent"><div class="article-body-commercial-selector article-body-viewer-selector dcr-1">{body(rest(s), p='<p class="dcr-130mj7b">{}</p>', between={1: '<gu-island name="SignInGate"></gu-island><figure data-spacefinder-role="inline"><div><p>Sign up to <span>This is Europe</span></p><p>The most pressing stories and debates for Europeans</p></div></figure>', 2: '<aside data-spacefinder-role="richLink"><div><div>Related: <a>Minister says talks will go on</a></div></div></aside>'})}</div></div></div><div data-gu-name="tags"><div>Explore more on these topics</div><ul><li><a>European Union</a></li></ul><div>Share Reuse this content</div></div></article></main></body></html>'''
    )


def datalife_author_label(s: Story) -> str:
    return (
        head(
            s,
            og=False,
            time=False,
            extra=f'<meta property="og:site_name" content="{s.site}"><meta property="og:title" content="{escape(s.title)}"><meta property="og:image" content="{IMAGE}">',
            title=f"{s.title} » {s.site}",
        )
        + f'''<body><div class="wrapper"><ul class="menu">{links("Главная", "Власть", "Спорт")}</ul><div id="dle-content"><article class="box story fullstory"><div class="box_in"><h1 class="title">{e(s.title)}</h1><div class="text">{body(s, p="{}<br><br>", h="<b>{}</b><br><br>")}</div><div class="category grey"><svg class="icon"></svg><a href="/c">{e(s.section)}</a></div><div class="story_tools"><div class="category">Автор: <b>{e(s.author)}</b></div><div class="rate"><div class="rate_stars"></div></div></div></div><div class="meta"><ul class="right"><li class="grey" title="Просмотров: 90">90</li><li class="meta_coms">0</li></ul><ul class="left"><li class="story_date"><time class="date" datetime="{s.published[:16]}">{s.shown}</time></li></ul></div></article><div class="box berrors">Информация<br>Посетители, находящиеся в группе <b>Гости</b>, не могут оставлять комментарии к данной публикации.</div></div></div></body></html>'''
    )


def elementor_graph(s: Story) -> str:
    return (
        head(
            s,
            ld={
                "@context": "https://schema.org",
                "@graph": [
                    {
                        "@type": ["Article", "BlogPosting"],
                        "headline": s.title,
                        "author": {"@id": "#a"},
                        "datePublished": s.published,
                        "articleSection": s.section,
                        "image": {"@id": "#i"},
                    },
                    {"@type": ["Person", "Organization"], "@id": "#a", "name": s.author},
                    {
                        "@type": "BreadcrumbList",
                        "itemListElement": [
                            {
                                "@type": "ListItem",
                                "position": 1,
                                "name": "Галоўная",
                                "item": "https://news.example/",
                            },
                            {"@type": "ListItem", "position": 2, "name": s.title},
                        ],
                    },
                ],
            },
            title=f"{s.title} | {s.site}",
        )
        + f"""<body class="elementor-page"><div data-elementor-type="header" class="elementor elementor-location-header"><div class="elementor-widget-nav-menu"><ul>{links("Навіны", "Гісторыя")}</ul></div></div><div data-elementor-type="single-post" class="elementor elementor-location-single post"><div class="e-con-full e-flex e-con"><div class="elementor-element elementor-widget elementor-widget-theme-post-title"><div class="elementor-widget-container"><h1 class="elementor-heading-title">{e(s.title)}</h1></div></div><div class="elementor-widget-post-info"><ul class="elementor-icon-list-items elementor-inline-items"><li><span class="elementor-icon-list-text elementor-post-info__item--type-author">{e(s.author)}</span></li><li><span class="elementor-icon-list-text elementor-post-info__item--type-date"><time>{s.shown}</time></span></li></ul></div><div class="elementor-element elementor-widget elementor-widget-theme-post-content" data-widget_type="theme-post-content.default"><div class="elementor-widget-container">{body(s)}</div></div><div class="elementor-widget-share-buttons"><div class="elementor-share-btn"><span class="elementor-share-btn__title">Facebook</span></div></div><div class="elementor-widget-post-navigation"><span class="elementor-post-navigation__prev--label">Папярэдні</span><span>Старая навіна</span></div><div class="elementor-widget-posts"><article class="elementor-post"><h3 class="elementor-post__title"><a href="/q">Іншая навіна пра кнігі і людзей</a></h3><div class="elementor-post__excerpt"><p>Кароткі пераказ іншай навіны, які не мае дачынення да гэтага артыкула зусім.</p></div></article></div></div></div></body></html>"""
    )


def amp_wsw(s: Story) -> str:
    return f'''<!doctype html><html amp lang="be"><head><meta charset="utf-8"><link rel="canonical" href="{URL}"><title>{e(s.title)}</title><meta property="og:image" content="{IMAGE}"><meta property="og:site_name" content="{escape(s.site)}"><meta property="og:title" content="{escape(s.title)}"><script type="application/ld+json">{json.dumps(news(s), ensure_ascii=False)}</script><style amp-boilerplate>body{{}}</style></head><body><header><a href="/">x</a></header><amp-sidebar id="sidebar"><ul>{links("Навіны", "Падкасты")}</ul></amp-sidebar><main><h1 class="title">{e(s.title)}</h1><div class="publishing-details"><time pubdate="pubdate" datetime="{s.published}">{s.shown}</time><ul class="authors"><li>{e(s.author)}</li></ul></div><amp-img src="{IMAGE}" width=1 height=1></amp-img><div class="intro"><p>{e(s.blocks[0][1])}</p></div><div class="wsw">{body(rest(s), between={1: '<div class="media-block-wrap"><amp-list><template type="amp-mustache"><h4>{{title}}</h4></template></amp-list></div>'})}</div><amp-social-share type="facebook"></amp-social-share><div class="forum-link"><a href="/c">Паглядзець камэнтары (4)</a></div></main></body></html>'''


def tilda_meta_itemprop(s: Story) -> str:
    t = "".join(
        f'<{"h3" if k == "heading" else "div"} class="t-redactor__{"h3" if k == "heading" else "text"}">{e(x)}</{"h3" if k == "heading" else "div"}>'
        for k, x in s.blocks
    )
    return (
        head(
            s,
            time=False,
            extra=f'<meta itemprop="datePublished" content="{s.published}"><meta itemprop="author" content="{s.author}"><meta itemprop="articleSection" content="{s.section}">',
            title=s.title,
        )
        + f'''<body class="t-body"><div class="t-feed__post-popup t-popup_show" itemscope itemtype="https://schema.org/BlogPosting"><div class="t-feed__post-popup__container"><div class="t-feed__post-popup__content"><div class="t-feed__post-popup__title-wrapper"><h1 class="js-feed-post-title t-feed__post-popup__title t-title">{e(s.title)}</h1></div><div class="t-feed__post-popup__date-parts-wrapper"><span class="js-feed-post-date t-feed__post-popup__date">{s.published[:10]} {s.published[11:16]}</span></div><div id="feed-cover"><img src="{IMAGE}"></div><div id="feed-text" class="js-feed-post-text t-feed__post-popup__text t-text t-text_md">{t}</div></div><div class="t-feed__post-popup__relevants"><div class="t-feed__post-popup__relevants-title">Похожие статьи</div><div class="t-feed__post-popup__relevants-item-title">Другая статья</div></div></div></div><div class="t-tildalabel">Made on Tilda</div></body></html>'''
    )


def telegraph_web(s: Story) -> str:
    return (
        head(
            s,
            title=s.title,
            time=True,
            ld=None,
            extra=f'<meta property="article:author" content="{s.author}">',
        )
        + f'''<body><div class="tl_page_wrap"><div class="tl_page"><main class="tl_article"><header class="tl_article_header"><h1 dir="auto">{e(s.title)}</h1><address dir="auto"><a rel="author">{e(s.author)}</a><time datetime="{s.published}">October 17, 2025</time></address></header><article id="_tl_editor" class="tl_article_content ql-container"><h1>{e(s.title)}<br></h1><address>{e(s.author)}<br></address><figure><div class="figure_wrapper"><img src="/f.jpg"></div><figcaption dir="auto" class="editable_text" data-placeholder="Caption (optional)"></figcaption></figure>{body(s, p='<p dir="auto">{}</p>', h='<h3 id="x" dir="auto">{}</h3>')}</article><aside class="tl_article_buttons"><div class="account account_top"></div><button>Edit</button></aside></main></div></div></body></html>'''
    )


def with_sidebar_class(s: Story) -> str:
    return (
        head(s, ld=news(s), title=f"{s.title} - {s.site}")
        + f'''<body class="single"><header class="site-header">{links("Aktualności", "Magazyn")}</header><main><article class="post single-post has-sidebar"><div class="post-header"><div class="post-category"><a rel="category tag" href="/c">{e(s.section)}</a></div><h1 class="post-title">{e(s.title)}</h1><div class="post-meta"><a class="post-author" href="/a">{e(s.author)}</a><time class="post-date" datetime="{s.published}">{s.shown}</time></div></div><div class="post-body-wrapper content-with-sidebar"><div class="post-body"><p class="post-lead"><strong>{e(s.blocks[0][1])}</strong></p>{body(rest(s), between={1: '<div class="see-also"><span class="see-also__label">Zobacz też</span><div class="see-also__item"><h4><a href="/z">Dlaczego most nad Bugiem zamknięto na zimę</a></h4><p>Drogowcy mówią o pęknięciach, mieszkańcy o objazdach.</p></div></div>'})}<p><em>red. abc</em></p></div></div></article></main></body></html>'''
    )


def subtitle_lead(s: Story) -> str:
    return (
        head(s, time=False, ld=news(s), title=f"{s.title} - rp.pl")
        + f'''<body><div class="page">{links("Wydarzenia", "Prawo", "Ekonomia")}<div class="article--page"><div class="article--header"><div class="article--category">{e(s.section)}</div><h1 class="content--title">{e(s.title)}</h1><div class="blog--subtitle">{e(s.blocks[0][1])}</div><div class="article--meta"><p class="article--dates"><span>Publikacja: {s.shown}</span></p><span class="article--author"><a href="/a">{e(s.author)}</a></span></div></div><div class="article--media"><img src="{IMAGE}"><p class="image--caption">Sala obrad</p><p class="image--author">Foto: PAP/Anna Kowalska</p></div><div class="article--text"><div class="article--paragraph">{body(rest(s), p='<p class="articleBodyBlock article--paragraph">{}</p>', h='<h4 class="articleBodyBlock article--paragraph">{}</h4>', between={1: '<div class="article--embed"><p>Czytaj więcej</p><a href="/x"><img><span>Kto zapłaci za remont mostu w Dęblinie</span></a></div>'})}</div></div><div class="article--source"><span>Źródło:</span> rp.pl</div><div class="copyright-box"><p>© Licencja na publikację</p><p>© ℗ Wszystkie prawa zastrzeżone</p></div></div></div></body></html>'''
    )


def ministry_metrics(s: Story) -> str:
    return (
        head(s, og=True, time=False, title=f"{s.title} - Ministerstwo - Portal Gov.pl")
        + f'''<body><header class="global-header">{links("Co robimy", "Aktualności", "Kontakt")}</header><main><div class="page-layout"><nav class="breadcrumbs"><ul><li><a href="/web">Powrót</a></li></ul></nav><article class="article-area"><article class="article-area__article" id="main-content"><h2>{e(s.title)}</h2><p class="event-date">{s.shown.split(",")[0]}</p><p class="intro">{e(s.blocks[0][1])}</p><picture class="photo-resp"><img src="{IMAGE}"></picture><div class="editor-content"><div>{body(rest(s))}</div></div></article><div class="gallery"><h3>Zdjęcia (3)</h3></div><pre id="metrics" class="hide">{{"register":{{"columns":[]}}}}</pre></article></div></main><footer>Logowanie do panelu</footer></body></html>'''
    )


def press_release_in_divs(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            ld=None,
            title=s.title,
            extra=f'<meta name="article:published_time" content="{s.published}">',
        )
        + f"""<body><div class="page"><nav>{links("Naujienos", "Verslas")}</nav><div class="news-view"><div class="news-view__date">{s.shown}</div><h1 class="news-view__title">{e(s.title)}</h1><div class="news-view__author">{e(s.author)}</div><div class="news-view__text">{body(s, p="<div>{}</div><div><br></div>", h="<div><b>{}</b></div><div><br></div>")}<div>(Pranešimą paskelbė: {e(s.author)})</div></div></div></div></body></html>"""
    )


def typed_items(s: Story) -> str:
    items = [
        ("<h2>" if k == "heading" else "<p>") + e(t) + ("</h2>" if k == "heading" else "</p>")
        for k, t in s.blocks[1:]
    ]
    t = "".join(
        f'<div class="article-body__item article-body__item--htmlElement article-body__item--lead">{x}</div>'
        for x in items
    )
    return (
        head(
            s,
            time=True,
            ld=[
                {
                    "@type": "NewsArticle",
                    "@context": "https://schema.org",
                    "headline": s.title,
                    "datePublished": s.published,
                    "author": [{"@type": "Person", "name": s.author}],
                    "publisher": {"@type": "Organization", "name": s.site},
                    "articleSection": s.section,
                    "image": {"@type": "ImageObject", "url": IMAGE},
                }
            ],
            title=f"{s.title}",
        )
        + f"""<body><div class="layout"><div class="header">{links("Ziņas", "Sports")}</div><article class="article"><header class="article-superheader"><div class="article-superheader__section">{e(s.section)}</div><h1 class="article-superheader__headline">{e(s.title)}</h1><div class="article__publish-date">{s.shown}</div></header><div class="authors-list"><div class="author"><a class="author__name" href="/a">{e(s.author)}</a><span class="author__position">žurnāliste</span></div></div><div class="article-body"><div class="article-body__item article-body__item--htmlElement article-body__item--lead"><p>{e(s.blocks[0][1])}</p></div>{t}<div class="article-body__item article-body__item--banner"><div>Reklāma</div></div><div class="article-body__item article-body__item--articleBullets"><h2>Lasi vēl</h2><ul><li><a href="/x">Cik maksās apkure nākamajā sezonā</a></li></ul></div></div><div class="article__tags"><a class="article__tag" href="/t">robeža</a></div></article><div class="comments-promo">Komentāri (3)</div></div></body></html>"""
    )


def quote_of_links(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            ld=[{"@context": "http://schema.org", "@type": "WebPage", "name": s.title}, news(s)],
            title=f"{s.title} | РБК-Україна",
        )
        + f'''<body><div class="main-wrapper"><header>{links("Новини", "Війна", "Економіка")}</header><div class="article-wrap"><div class="publication-header"><div class="publication-sp-info"><div class="publish-info"><span class="publish-date">17 жовтня 2025 09:41</span></div></div><h1 itemprop="headline">{e(s.title)}</h1></div><div class="publication-sp-author"><div class="author"><a href="/a"><span class="name">{e(s.author)}</span></a></div></div><div class="publication-lead-img"><img src="{IMAGE}"><div class="photo-title">Фото: ілюстративне (Getty Images)</div></div><div class="publication-sp-contents"><div class="publication-text" itemprop="articleBody"><p class="lead"><strong>{e(s.blocks[0][1])}</strong></p>{body(rest(s), between={1: '<blockquote class="article-read"><p><strong>Більше цікавого:</strong></p><ul><li><a href="/x">Що змінилося для водіїв з першого січня</a></li></ul></blockquote>', 2: "<p><em>Читайте термінові та важливі повідомлення про головні події на каналі РБК-Україна в Telegram.</em></p>"})}</div></div><div class="tags-wrap"><span>Читайте РБК-Україна в Google News</span></div></div></div></body></html>'''
    )


def rich_text_hashes(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            ld=news(s, author=[{"@type": "Person", "name": s.author}]),
            title=f"{s.title} – DW – {s.shown.split(',')[0]}",
        )
        + f'''<body><div id="root"><div class="sc-header">{links("Startseite", "Themen", "Live TV")}</div><main><article><header><span class="kicker">{e(s.section)}</span><span>{e(s.section)}</span><h1>{e(s.title)}</h1><div class="author-details"><a class="author-link" href="/a">{e(s.author)}</a></div><time datetime="{s.published}">{s.shown}</time><p class="teaser-text">{e(s.blocks[0][1])}</p></header><div class="sharing">https://p.dw.com/p/4abcd</div><figure><img src="{IMAGE}"><figcaption>Das Gebäude am Abend<small>Bild: Anna Schmidt/dpa</small></figcaption></figure><div class="c17j8gzx rc0m0op r1ebneao s198y7xq rich-text li5mn0y blt0baw">{body(rest(s), between={1: '<div class="advertisement">Anzeige</div><div class="embed"><div class="video-embed"><h2>Wie die Stadt sich verändert</h2><p>To view this video please enable JavaScript, and consider upgrading to a web browser that supports HTML5 video</p></div></div>'})}</div></article><section class="more"><h2>Mehr zum Thema</h2></section></main></div></body></html>'''
    )


def ministry_rte(s: Story) -> str:
    return (
        head(
            s,
            og=False,
            time=False,
            title=f"Auswärtiges Amt - {s.title}",
            extra=f'<meta name="dc.date" content="{s.published[:10]}">',
        )
        + f"""<body><a class="visuallyhidden skip-links" href="#main">Zum Inhalt springen</a><header class="header">{links("Das Ministerium", "Außenpolitik", "Presse")}</header><main id="main"><div class="page"><header class="heading"><span class="heading__meta">{s.published[8:10]}.{s.published[5:7]}.{s.published[:4]} - Pressemitteilung</span><h1 class="heading__title"><span class="heading__title-text">{e(s.title)}</span></h1></header><div class="c-rte--default u-grid-col" data-css="c-rte">{body(s)}</div><div class="c-social"><h2>Teilen:</h2><ul><li><a href="#">E-Mail</a></li></ul></div><div class="c-teaser-list"><h2>Schlagworte</h2><a href="#">Europa</a></div></div></main><a class="u-top" href="#">nach oben</a></body></html>"""
    )


def agencies_below(s: Story) -> str:
    return (
        head(s, ld=news(s, author=[{"@type": "Organization", "name": s.site}]), title=s.title)
        + f'''<body><main><article class="t-content article-page"><div class="t-content__header"><ul class="m-breadcrumb"><li><a href="/">Accueil</a></li><li><a href="/eu">{e(s.section)}</a></li></ul><h1 class="a-page-title">{e(s.title)}</h1><div class="m-pub-dates"><span class="m-pub-dates__date">Publié le : <time datetime="{s.published}">{s.shown}</time></span></div></div><p class="t-content__chapo">{e(s.blocks[0][1])}</p><div class="m-lecture-time">2 mn</div><div class="t-content__body"><div class="o-ads">Publicité</div>{body(rest(s), between={1: '<p>► <strong>À lire aussi : </strong><a href="/x">Ce que dit le nouveau rapport</a></p>'})}<p>(Avec agences)</p></div><div class="o-newsletter"><p>NewsletterRecevez toute l’actualité internationale directement dans votre boîte mail</p></div></article></main></body></html>'''
    )


def portal_actions(s: Story) -> str:
    return (
        head(
            s,
            og=False,
            time=False,
            title=f"{s.title} - Newsroom",
            extra=f'<meta name="dcterms.issued" content="{s.published}">',
        )
        + f"""<body class="portal-page"><div id="wrapper"><header id="banner">{links("Newsroom", "Press releases")}</header><div class="portlet-body"><div class="journal-content-article"><div class="article-header"><h1>{e(s.title)}</h1><span class="secretary">Secretary General</span><span class="location">Strasbourg</span><span class="date">{s.shown}</span></div><ul class="actions"><li class="upper-action-item">Diminuer la taille du texte</li><li>Augmenter la taille du texte</li><li>Imprimer la page</li></ul><div class="content-asset">{body(s)}</div><hr><p><strong>Press contact</strong>: <a href="mailto:press@example.int">press@example.int</a>, tel. +33 3 88 41 00 00</p></div></div></div></body></html>"""
    )


def drupal7_rdfa(s: Story) -> str:
    return (
        head(
            s,
            time=False,
            title=f"{s.title} | OSCE",
            extra='<meta name="generator" content="Drupal 7">',
        )
        + f'''<body class="html not-front page-node node-type-press-release"><div id="page"><div id="header">{links("Who we are", "Press centre")}</div><div id="content"><article class="node node-press-release" about="/x" typeof="sioc:Item foaf:Document"><div class="field field-name-field-date"><span class="date-display-single" property="dc:date" datatype="xsd:dateTime" content="{s.published}">{s.shown}</span></div><h1 class="page-title">{e(s.title)}</h1><div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items"><div class="field-item even" property="content:encoded">{body(s)}</div></div></div><h3>Contacts</h3><div class="field field-name-field-contact"><div class="node-contact"><p><strong>Anna Smith</strong></p><p>Spokesperson</p><p>Media and Outreach Section</p><p>OSCE Secretariat</p><p>Wallnerstrasse 6<br>1010 Vienna<br>Austria</p><p>Office: +43 1 514 36 0000</p></div></div></article></div></div></body></html>'''
    )


def ministry_signature(s: Story) -> str:
    return (
        head(s, og=True, time=False, title=f"{s.title} | Užsienio reikalų ministerija")
        + f'''<body><div id="app"><header>{links("Ministerija", "Naujienos")}</header><div class="content-wrapper"><div class="breadcrumbs"><a href="/">Titulinis</a> / <a href="/n">Naujienos</a></div><div class="news-item"><div class="date">{s.published[:10]}</div><h1>{e(s.title)}</h1><div class="image"><img src="{IMAGE}" alt=""></div><div class="wysiwyg">{body(s, p='<p style="text-align:justify">{}</p>')}<p>Užsienio reikalų ministerijos Komunikacijos departamentas<br>Tel. +370 5 236 0000<br>El. paštas <a href="mailto:x@example.lt">x@example.lt</a></p></div></div></div></div></body></html>'''
    )


def bitrix_news_detail(s: Story) -> str:
    return (
        head(s, og=True, time=False, title=s.title)
        + f'''<body><div id="wrap"><div id="panel"></div><div class="header"><div class="date-today">Вторник, 24 ноября 2026</div><ul id="horizontal-multilevel-menu">{links("О районе", "Новости", "Документы", "Обращения")}</ul></div><div class="workarea"><div class="bx-breadcrumb"><div class="bx-breadcrumb-item"><a href="/" title="Главная" itemprop="item"><span itemprop="name">Главная</span></a></div></div><h1 id="pagetitle">{e(s.title)}</h1><div class="news-detail"><img class="detail_picture" src="{IMAGE}" width="400"><span class="news-date-time">{s.published[8:10]}.{s.published[5:7]}.{s.published[:4]}</span><h3>{e(s.title)}</h3>{body(s, p="{}<br /><br />", h="<b>{}</b><br /><br />")}<div style="clear:both"></div><br />Просмотров: 412<br /><div class="news-detail-share"><noindex>Поделиться</noindex></div></div><p><a href="/news/">Возврат к списку</a></p></div><div class="right-col"><h4>Объявления</h4><div class="news-list"><p class="news-item"><span class="news-date-time">16.10.2025</span><a href="/n1"><b>График приема граждан на ноябрь</b></a><br></p></div></div></div><div class="footer">© 2025 Райисполком. Тел. +375 17 200 00 00</div></body></html>'''
    )


PAGES: dict[str, National] = {
    "agency_with_path": National("ru", agency_with_path, by_site=True),
    "state_daily_microdata": National("ru", state_daily_microdata, without=frozenset(("section",))),
    "nuxt_incuts": National("ru", nuxt_incuts),
    "lead_beside_title": National("be", lead_beside_title, without=frozenset(("section",))),
    "grid_with_channel_calls": National("ru", grid_with_channel_calls),
    "todays_date_in_header": National(
        "ru",
        todays_date_in_header,
        without=frozenset(
            (
                "author",
                "section",
            )
        ),
    ),
    "joomla_k2": National(
        "ru",
        joomla_k2,
        without=frozenset(
            (
                "image",
                "section",
            )
        ),
    ),
    "wordpress_foxiz": National("ru", wordpress_foxiz),
    "wordpress_counters": National("ru", wordpress_counters),
    "baltic_fragments": National("lt", baltic_fragments),
    "broadcaster_inline_blocks": National("lt", broadcaster_inline_blocks),
    "today_beside_json_ld": National("lv", today_beside_json_ld),
    "intro_heading": National("lt", intro_heading, without=frozenset(("section",))),
    "desk_credit": National("et", desk_credit),
    "whitelist_lead": National("pl", whitelist_lead),
    "hashed_portal": National("pl", hashed_portal),
    "art_paragraphs": National("pl", art_paragraphs),
    "radio_desk_credit": National("pl", radio_desk_credit),
    "drupal_agency_initials": National(
        "pl",
        drupal_agency_initials,
        without=frozenset(
            (
                "author",
                "section",
            )
        ),
    ),
    "post_text_read_also": National("uk", post_text_read_also),
    "card_read_also": National("uk", card_read_also),
    "news_heading_lead": National(
        "uk",
        news_heading_lead,
        without=frozenset(
            (
                "author",
                "section",
            )
        ),
    ),
    "no_title_tag_site": National(
        "ru",
        no_title_tag_site,
        without=frozenset(
            (
                "author",
                "section",
            )
        ),
    ),
    "css_modules": National("ru", css_modules, by_site=True),
    "overview_lead": National("ru", overview_lead, without=frozenset(("section",))),
    "author_in_last_paragraph": National("ru", author_in_last_paragraph),
    "named_like_icons": National("de", named_like_icons),
    "article_desc": National("fr", article_desc),
    "self_promo": National("fr", self_promo),
    "commission_press_corner": National(
        "en",
        commission_press_corner,
        without=frozenset(
            (
                "author",
                "minute",
                "section",
            )
        ),
    ),
    "council_press_contacts": National("en", council_press_contacts, by_site=True),
    "drupal_spokesperson": National(
        "en",
        drupal_spokesperson,
        without=frozenset(
            (
                "author",
                "section",
            )
        ),
    ),
    "component_blocks": National("en", component_blocks),
    "island_figures": National("en", island_figures),
    "datalife_author_label": National("ru", datalife_author_label, without=frozenset(("section",))),
    "elementor_graph": National("be", elementor_graph),
    "amp_wsw": National("be", amp_wsw),
    "tilda_meta_itemprop": National("ru", tilda_meta_itemprop),
    "telegraph_web": National("ru", telegraph_web, without=frozenset(("section",))),
    "with_sidebar_class": National("pl", with_sidebar_class),
    "subtitle_lead": National("pl", subtitle_lead),
    "ministry_metrics": National(
        "pl",
        ministry_metrics,
        without=frozenset(
            (
                "author",
                "minute",
                "section",
            )
        ),
    ),
    "press_release_in_divs": National("lt", press_release_in_divs, without=frozenset(("section",))),
    "typed_items": National("lv", typed_items),
    "quote_of_links": National("uk", quote_of_links),
    "rich_text_hashes": National("de", rich_text_hashes),
    "ministry_rte": National(
        "de",
        ministry_rte,
        without=frozenset(
            (
                "author",
                "image",
                "minute",
                "section",
            )
        ),
    ),
    "agencies_below": National("fr", agencies_below, by_site=True),
    "portal_actions": National(
        "en",
        portal_actions,
        without=frozenset(
            (
                "author",
                "image",
                "section",
            )
        ),
    ),
    "drupal7_rdfa": National(
        "en",
        drupal7_rdfa,
        without=frozenset(
            (
                "author",
                "section",
            )
        ),
    ),
    "ministry_signature": National(
        "lt",
        ministry_signature,
        without=frozenset(
            (
                "author",
                "minute",
                "section",
            )
        ),
    ),
    "bitrix_news_detail": National(
        "ru",
        bitrix_news_detail,
        without=frozenset(
            (
                "author",
                "minute",
                "section",
            )
        ),
    ),
}
