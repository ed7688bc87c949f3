"""More markups: news sites' own templates, old pages, custom elements, and much that stands about."""

# ruff: noqa: E501  a page's markup and a paragraph's prose are not wrapped

from __future__ import annotations

from chrome import Chrome
from markups import URL, Markup, Story, body, e, jsonld, menu, og, page, related_list, tag_links


def independent_portal(s: Story, c: Chrome) -> str:
    also = f'<p><strong>{e(c.read_also)}</strong></p><p><a href="/r">{e(c.related[0])}</a></p>'
    embed = '<blockquote class="telegram-embed"><script async src="https://telegram.org/js/widget.js" data-telegram-post="x/1"></script></blockquote>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="header">{menu(c)}</div><div class="single-news"><div class="breadcrumbs"><a href="/">{e(c.menu[0])}</a> / <a href="/p">{e(s.section)}</a></div><div class="article-header"><h1>{e(s.title)}</h1><div class="article-header__info"><time class="time" datetime="{s.published}">{e(s.shown)}</time> <span class="views">12 408</span></div></div>'
        f'<div class="article-body" id="article_body"><div class="photo"><img src="/a.jpg" alt=""><div class="photo-caption">{e(c.caption)}. {e(c.photo)}</div></div>{body(s, between={1: also, 3: embed})}<p><em>{e(c.subscribe)}</em></p></div>'
        f'<div class="reactions"><button>👍 120</button><button>👎 3</button></div><div class="news-feed"><div class="news-feed__title">{e(c.latest)}</div>{related_list(c, "<div class=news-feed__item><span>10:0{n}</span><a href=/r{n}>{t}</a></div>")}</div></div><footer>{e(c.rights)}</footer>',
    )


def text_in_article_breaks(s: Story, c: Chrome) -> str:
    text = "<br>\n<br>\n".join(
        f"<strong>{e(t)}</strong>" if k == "heading" else e(t) for k, t in s.blocks
    )
    return page(
        s,
        og(s, URL),
        f'<nav>{menu(c)}</nav><h1 itemprop="headline">{e(s.title)}</h1><p class="time">{e(s.shown)}</p><article itemprop="articleBody">{text}</article><p class="copyright">{e(c.rights)}</p>',
    )


def news_text_widgets(s: Story, c: Chrome) -> str:
    ad = '<div class="news-promo"><div data-ad-id="1"></div></div>'
    also = f'<div class="news-reference"><a class="news-reference__link" href="/r"><span class="news-reference__title">{e(c.related[2])}</span></a></div>'
    return page(
        s,
        og(s, URL, time=False),
        f'<div class="layout"><div class="top-menu">{menu(c)}</div><div class="news-posts"><div class="news-header"><div class="news-header__author"><a href="/u">{e(s.author)}</a></div><div class="news-header__time">{e(s.shown)}</div><div class="news-header__title"><h1>{e(s.title)}</h1></div></div>'
        f'<div class="news-text">{body(s, h="<h2>{}</h2>", between={0: ad, 2: also})}<p style="text-align: right;"><a href="https://t.me/bot">{e(c.mistake)}</a></p></div><div class="news-reference-tags">{tag_links(c)}</div></div></div>',
    )


def intro_h4(s: Story, c: Chrome) -> str:
    lead, rest = s.blocks[0], s.blocks[1:]
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header>{menu(c)}</header><article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">{e(s.title)}</h1><div class="author-info"><span class="author-name" itemprop="author">{e(s.author)}</span> <span itemprop="datePublished" content="{s.published}">{e(s.shown)}</span></div><div class="article-main-photo"><img src="/a.jpg"><span class="photo-author">{e(c.photo)}</span></div>'
        f'<h4 class="intro" itemprop="description">{e(lead[1])}</h4><div class="text" itemprop="articleBody">{body(Story(**{**s.__dict__, "blocks": rest}))}</div><div class="keywords">{tag_links(c)}</div></article>',
    )


def lead_paragraph_class(s: Story, c: Chrome) -> str:
    lead, rest = s.blocks[0], s.blocks[1:]
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="main-nav">{menu(c)}</div><div class="body"><h1>{e(s.title)}</h1><div class="meta-line"><span class="date">{e(s.shown)}</span></div><div class="editor"><div class="lead"><p>{e(lead[1])}</p></div><div class="text flex-row">{body(Story(**{**s.__dict__, "blocks": rest}))}</div></div><p class="editor-name">{e(c.author_word)} {e(s.author)}</p></div>',
    )


def premium_body(s: Story, c: Chrome) -> str:
    box = f'<div class="ods-c-related"><div class="ods-c-related__label">{e(c.read_also)}</div><a href="/r">{e(c.related[1])}</a></div>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL, isAccessibleForFree=True),
        f'<div class="ods-o-header">{menu(c)}</div><article class="ods-o-article"><h1 class="ods-c-heading">{e(s.title)}</h1><div class="ods-m-author-xl"><span class="ods-m-author-xl__name">{e(s.author)}</span><span class="ods-m-date">{e(s.shown)}</span></div><div class="ods-m-detail-body hyphenate whitelistPremium">{body(s, p="<p class=ods-c-paragraph data-scroll=paragraph>{}</p>", between={1: box})}</div></article><footer>{e(c.rights)}</footer>',
    )


def custom_elements(s: Story, c: Chrome) -> str:
    return page(
        s,
        '<meta name="article:published:time" property="article:published:time" content="'
        + s.published
        + '">',
        f'<app-root><app-header>{menu(c)}</app-header><app-article><h1>{e(s.title)}</h1><app-byline><span class="byline__name">{e(s.author)}</span></app-byline><app-content class="content-full-body">{body(s)}</app-content></app-article><app-footer>{e(c.rights)}</app-footer></app-root>',
    )


def parliament(s: Story, c: Chrome) -> str:
    parts = "".join(
        f'<div class="ep_gridrow"><div class="ep-a_heading"><h2 class="ep_title">{e(t)}</h2></div></div>'
        if k == "heading"
        else f'<div class="ep_gridrow"><div class="ep-a_text"><p class="ep-wysiwig_paragraph">{e(t)}</p></div></div>'
        for k, t in s.blocks
    )
    return page(
        s,
        og(s, URL, time=False),
        f'<header>{menu(c)}</header><main id="website-body"><div class="ep_gridrow"><div class="ep-p_text ep-layout_publisheddate"><span>{e(s.section)}</span> <span class="ep_name">{e(s.shown)}</span></div><h1 class="ep_title">{e(s.title)}</h1></div><div class="ep_gridcolumn-content">{parts}</div><div class="ep-a_contacts"><h2>Contacts</h2><ul><li><a href="/c">{e(s.author)}</a></li></ul></div></main>',
    )


def council_rich_text(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL, "WebPage"),
        f'<div class="gsc-global-header">{menu(c)}</div><main class="gsc-bge-grid"><ul class="gsc-tag-list"><li>{e(s.section)}</li><li>{e(s.shown)}</li></ul><h1 class="gsc-heading">{e(s.title)}</h1><div class="gsc-bge-grid__area"><div class="council-rte">{body(s)}</div></div></main><footer>{e(c.rights)}</footer>',
    )


def paragraphs_in_sections(s: Story, c: Chrome) -> str:
    parts = "".join(
        f'<section id="s{n}"><h3>{e(t)}</h3></section>'
        if k == "heading"
        else f'<section id="s{n}"><div class="txt"><p>{e(t)}</p></div></section>'
        for n, (k, t) in enumerate(s.blocks)
    )
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="app"><div class="topline">{menu(c)}</div><main><h1>{e(s.title)}</h1><span class="meta">{e(s.author)} | {e(s.shown)}</span>{parts}</main><div class="bottomline">{e(c.rights)}</div></div>',
    )


def span_soup_breaks(s: Story, c: Chrome) -> str:
    text = "<br/><br/>".join(
        f"<span><b>{e(t)}</b></span>" if k == "heading" else f"<span>{e(t)}</span>"
        for k, t in s.blocks
    )
    return page(
        s,
        "",
        f'<center><table width="900"><tr><td colspan="2">{menu(c)}</td></tr><tr><td class="left"><h2>{e(s.title)}</h2><i>{e(s.shown)}</i><br/><br/><div align="justify">{text}</div></td><td class="right">{related_list(c, "<a href=/r{n}>{t}</a><br/>")}</td></tr></table></center>',
        title=s.title,
    )


def indented_breaks(s: Story, c: Chrome) -> str:
    text = "<br>\n&nbsp;&nbsp;&nbsp; ".join(e(t) for _, t in s.blocks)
    return page(
        s,
        "",
        f'<div id="left">{menu(c)}</div><div id="center"><h1>{e(s.title)}</h1><div class="newsdate">{e(s.shown)}</div><div class="newstext">&nbsp;&nbsp;&nbsp; {text}</div></div><div id="footer">{e(c.rights)}</div>',
        title=s.title,
    )


def inline_time_and_noindex(s: Story, c: Chrome) -> str:
    first = s.blocks[0][1].split(" ")
    half = len(first) // 2
    marked = f'{e(" ".join(first[:half]))} <noindex>{e(first[half])}</noindex> <time datetime="{s.published}">{e(" ".join(first[half + 1 : half + 3]))}</time> {e(" ".join(first[half + 3 :]))}'
    rest = Story(**{**s.__dict__, "blocks": s.blocks[1:]})
    return page(
        s,
        og(s, URL),
        f'<ul class="menu">{menu(c)}</ul><div class="post"><h1 class="post__title">{e(s.title)}</h1><div class="post__text"><p>{marked}</p>{body(rest)}</div></div>',
    )


def soft_hyphens(s: Story, c: Chrome) -> str:
    def hyphenated(text: str) -> str:
        return " ".join(
            w[:4] + "\u00ad" + w[4:] if len(w) > 7 else w for w in text.split(" ")
        ).replace(" – ", "\u00a0– ")

    blocks = tuple((k, hyphenated(t)) for k, t in s.blocks)
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header>{menu(c)}</header><article><h1>{e(hyphenated(s.title))}</h1><div class="article-content">{body(Story(**{**s.__dict__, "blocks": blocks}))}</div></article>',
    )


def live_widgets_and_polls(s: Story, c: Chrome) -> str:
    poll = '<div class="poll"><div class="poll__question">?</div><form><label><input type="radio" name="a"> A</label><label><input type="radio" name="a"> B</label><button>OK</button></form></div>'
    video = f'<div class="video-player"><iframe src="https://www.youtube.com/embed/x"></iframe><div class="video-player__caption">{e(c.caption)}</div></div>'
    listing = f'<div class="in-text-links"><p>{e(c.read_also)}</p><ul>{related_list(c)}</ul></div>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header>{menu(c)}</header><main><article><h1>{e(s.title)}</h1><div class="article__meta"><a rel="author" href="/a">{e(s.author)}</a>, <time datetime="{s.published}">{e(s.shown)}</time></div><div class="article__content">{body(s, between={0: video, 2: listing, 3: poll})}</div><div class="article__tags">{e(c.tags)} {tag_links(c)}</div></article><aside>{related_list(c)}</aside></main><footer>{e(c.rights)}</footer>',
    )


def infinite_scroll(s: Story, c: Chrome) -> str:
    others = "".join(
        f'<article class="article-item"><h2><a href="/n{n}">{e(title)}</a></h2><div class="article-text"><p>{e(title)}. {e(c.cookies)} {e(c.rights)}</p><p>{e(c.subscribe)} {e(title)}.</p></div></article>'
        for n, title in enumerate(c.related)
    )
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header>{menu(c)}</header><div class="feed"><article class="article-item"><h1>{e(s.title)}</h1><div class="article-text">{body(s)}</div></article>{others}</div>',
    )


def cookie_banner_first(s: Story, c: Chrome) -> str:
    banner = f'<div id="onetrust-consent-sdk"><div role="dialog" class="otFlat"><h2>Cookies</h2><p>{e(c.cookies)} {e(c.cookies)} {e(c.cookies)}</p><button>OK</button></div></div>'
    return page(
        s,
        og(s, URL),
        f'{banner}<div class="wrapper"><div class="navbar">{menu(c)}</div><div class="post-single"><h1 class="post-single__title">{e(s.title)}</h1><div class="post-single__date">{e(s.shown)}</div><div class="post-single__content">{body(s)}</div></div></div>',
    )


def print_version(s: Story, c: Chrome) -> str:
    return page(
        s,
        "",
        f"<h1>{e(s.title)}</h1><p>{e(s.shown)}</p>{body(s)}<hr><p>{e(c.rights)}</p>",
        title=s.title,
    )


def wix(s: Story, c: Chrome) -> str:
    parts = "".join(
        f'<h2 class="_heading ZVu8S" id="v{n}"><span class="T8fsN">{e(t)}</span></h2>'
        if k == "heading"
        else f'<p class="HhgCN" id="v{n}"><span class="T8fsN">{e(t)}</span></p><div type="empty-line" class="xVISr _3u"><p class="HhgCN"><span class="T8fsN"><br role="presentation"></span></p></div>'
        for n, (k, t) in enumerate(s.blocks)
    )
    return page(
        s,
        og(s, URL) + jsonld(s, URL, "BlogPosting"),
        f'<div id="SITE_CONTAINER"><header>{menu(c)}</header><main id="PAGES_CONTAINER"><article class="SfuLw"><div class="post-header"><ul class="_meta"><li><span data-hook="user-name">{e(s.author)}</span></li><li><span data-hook="time-ago">{e(s.shown)}</span></li><li><span data-hook="time-to-read">4 min</span></li></ul></div><h1 data-hook="post-title"><span>{e(s.title)}</span></h1><section data-hook="post-description"><div class="moze-rich"><div class="fTEXDR" dir="ltr">{parts}</div></div></section></article></main></div>',
    )


def photo_story(s: Story, c: Chrome) -> str:
    shot = f'<div class="gallery-slide"><img src="/1.jpg"><div class="gallery-slide__text">{e(c.caption)}</div><div class="gallery-slide__author">{e(c.photo)}</div></div>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header>{menu(c)}</header><article><h1>{e(s.title)}</h1><p class="byline">{e(c.author_word)} {e(s.author)}</p><div class="story">{body(s, between={0: shot, 1: shot, 3: shot})}</div></article>',
    )


MORE_MARKUPS: dict[str, Markup] = {
    function.__name__: function
    for function in (
        independent_portal,
        text_in_article_breaks,
        news_text_widgets,
        intro_h4,
        lead_paragraph_class,
        premium_body,
        custom_elements,
        parliament,
        council_rich_text,
        paragraphs_in_sections,
        span_soup_breaks,
        indented_breaks,
        inline_time_and_noindex,
        soft_hyphens,
        live_widgets_and_polls,
        infinite_scroll,
        cookie_banner_first,
        print_version,
        wix,
        photo_story,
    )
}
