"""One article in the markup of many content management systems, with what stands around it.

Every function takes a story and the words of its site and returns a whole page. The structures and
class names are those that the systems write; the words were written for the tests.
"""

# ruff: noqa: E501  a page's markup and a paragraph's prose are not wrapped

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape as _escape

from chrome import Chrome


@dataclass(frozen=True)
class Story:
    """An article as its author wrote it."""

    language: str
    site: str
    title: str
    author: str
    published: str
    """ISO 8601 with the offset of the publisher."""
    shown: str
    """The date as the page shows it to readers."""
    section: str
    blocks: tuple[tuple[str, str], ...]
    """Kind (of `records.BlockKind`) and text; the cells of a table row parted by ` | `."""

    @property
    def text(self) -> str:
        return "\n\n".join(text for _, text in self.blocks)


Markup = Callable[[Story, Chrome], str]


def e(text: str) -> str:
    return _escape(text, quote=False)


def body(
    story: Story,
    p: str = "<p>{}</p>",
    h: str = "<h2>{}</h2>",
    quote: str = "<blockquote><p>{}</p></blockquote>",
    between: Mapping[int, str] | None = None,
) -> str:
    """The blocks as markup; `between` puts something after the n-th block."""
    out: list[str] = []
    open_group = ""

    def close() -> None:
        nonlocal open_group
        if open_group:
            out.append({"list_item": "</ul>", "table_row": "</tbody></table>"}[open_group])
        open_group = ""

    for number, (kind, text) in enumerate(story.blocks):
        if kind != open_group:
            close()
        if kind == "list_item":
            if not open_group:
                out.append("<ul>")
                open_group = kind
            out.append(f"<li>{e(text)}</li>")
        elif kind == "table_row":
            if not open_group:
                out.append('<table border="1"><tbody>')
                open_group = kind
            cells = "".join(f"<td>{e(cell)}</td>" for cell in text.split(" | "))
            out.append(f"<tr>{cells}</tr>")
        else:
            pattern = {"heading": h, "quote": quote}.get(kind, p)
            out.append(pattern.format(e(text)))
        if between and number in between:
            close()
            out.append(between[number])
    close()
    return "\n".join(out)


def jsonld(story: Story, url: str, kind: str = "NewsArticle", **more: object) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": story.title,
        "datePublished": story.published,
        "dateModified": story.published,
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": story.site},
        "mainEntityOfPage": url,
        "articleSection": story.section,
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def og(story: Story, url: str, *, time: bool = True) -> str:
    published = (
        f'<meta property="article:published_time" content="{story.published}">' if time else ""
    )
    return (
        f'<meta property="og:type" content="article"><meta property="og:url" content="{url}">'
        f'<meta property="og:title" content="{_escape(story.title)}">'
        f'<meta property="og:site_name" content="{_escape(story.site)}">'
        f'<meta property="og:image" content="{url}cover.jpg">{published}'
        f'<link rel="canonical" href="{url}">'
    )


URL = "https://news.example/2025/10/article/"


def related_list(chrome: Chrome, item: str = '<li><a href="/r{n}">{t}</a></li>') -> str:
    return "".join(item.format(n=n, t=e(t)) for n, t in enumerate(chrome.related))


def menu(chrome: Chrome) -> str:
    return "".join(f'<li class="menu-item"><a href="/m">{e(item)}</a></li>' for item in chrome.menu)


def tag_links(chrome: Chrome) -> str:
    return ", ".join(f'<a href="/tag" rel="tag">{e(tag)}</a>' for tag in chrome.tag_names)


def page(story: Story, head: str, content: str, title: str | None = None) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{story.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{e(title or f'{story.title} - {story.site}')}</title>\n{head}\n</head>\n"
        f"<body>\n{content}\n</body>\n</html>"
    )


def wordpress_classic(s: Story, c: Chrome) -> str:
    figure = (
        '<figure id="attachment_1" class="wp-caption aligncenter"><img src="/a.jpg" alt="">'
        f'<figcaption class="wp-caption-text">{e(c.caption)}. {e(c.photo)}</figcaption></figure>'
    )
    also = f'<p><strong>{e(c.read_also)}</strong> <a href="/r">{e(c.related[0])}</a></p>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header id="masthead" class="site-header"><nav><ul id="menu-main">{menu(c)}</ul></nav></header>'
        '<div id="content" class="site-content"><main id="main" class="site-main">'
        '<article id="post-812" class="post-812 post type-post status-publish hentry">'
        f'<header class="entry-header"><h1 class="entry-title">{e(s.title)}</h1>'
        f'<div class="entry-meta"><span class="posted-on"><time class="entry-date published" datetime="{s.published}">{e(s.shown)}</time></span>'
        f' <span class="byline"><a class="url fn n" href="/author/a">{e(s.author)}</a></span></div></header>'
        f'<div class="entry-content">{body(s, between={1: figure, 4: also})}'
        f'<p>{e(c.subscribe)}</p><div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">{e(c.share)}</h3><ul><li><a href="#">Facebook</a></li><li><a href="#">Telegram</a></li></ul></div>'
        f'<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline">{e(c.read_also)}</h3>{related_list(c)}</div></div>'
        f'<footer class="entry-footer"><span class="tags-links">{e(c.tags)} {tag_links(c)}</span></footer></article>'
        f'<div id="comments" class="comments-area"><h2 class="comments-title">{e(c.comments)}</h2></div></main>'
        f'<aside id="secondary" class="widget-area"><section class="widget"><h2>{e(c.latest)}</h2><ul>{related_list(c)}</ul></section></aside></div>'
        f'<footer id="colophon" class="site-footer"><p>{e(c.rights)}</p></footer>',
    )


def wordpress_blocks(s: Story, c: Chrome) -> str:
    yoast = json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "WebPage",
                    "@id": URL,
                    "name": f"{s.title} - {s.site}",
                    "datePublished": s.published,
                },
                {"@type": "Person", "@id": f"{URL}#/schema/person/1", "name": s.author},
                {"@type": "Organization", "@id": f"{URL}#organization", "name": s.site},
                {
                    "@type": "Article",
                    "headline": s.title,
                    "author": {"@id": f"{URL}#/schema/person/1"},
                    "publisher": {"@id": f"{URL}#organization"},
                    "datePublished": s.published,
                },
            ],
        },
        ensure_ascii=False,
    )
    image = (
        '<figure class="wp-block-image size-large"><img src="/a.jpg"/>'
        f'<figcaption class="wp-element-caption">{e(c.caption)}. {e(c.photo)}</figcaption></figure>'
    )
    embed = (
        '<figure class="wp-block-embed is-type-wp-embed"><div class="wp-block-embed__wrapper">'
        f'<blockquote class="wp-embedded-content"><a href="/r">{e(c.related[1])}</a></blockquote></div></figure>'
    )
    return page(
        s,
        og(s, URL)
        + f'<script type="application/ld+json" class="yoast-schema-graph">{yoast}</script>',
        f'<div class="wp-site-blocks"><header class="wp-block-template-part"><nav class="wp-block-navigation"><ul>{menu(c)}</ul></nav></header>'
        f'<main class="wp-block-group"><h1 class="wp-block-post-title">{e(s.title)}</h1>'
        f'<div class="wp-block-group"><div class="wp-block-post-date"><time datetime="{s.published}">{e(s.shown)}</time></div><div class="wp-block-post-author-name">{e(s.author)}</div></div>'
        f'<div class="entry-content wp-block-post-content is-layout-constrained">'
        + body(
            s,
            h='<h2 class="wp-block-heading">{}</h2>',
            quote='<blockquote class="wp-block-quote"><p>{}</p></blockquote>',
            between={0: image, 3: embed},
        )
        + f'</div><div class="taxonomy-post_tag wp-block-post-terms">{tag_links(c)}</div>'
        f'<div class="wp-block-query"><h2>{e(c.latest)}</h2><ul class="wp-block-post-template">{related_list(c)}</ul></div></main>'
        f'<footer class="wp-block-template-part"><p>{e(c.rights)}</p></footer></div>',
    )


def wordpress_newspaper_theme(s: Story, c: Chrome) -> str:
    box = f'<div class="td_block_wrap tdb_related"><h4 class="td-related-title">{e(c.read_also)}</h4>{related_list(c, "<div class=td-module-title><h3 class=entry-title><a href=/r{n}>{t}</a></h3></div>")}</div>'
    ad = f'<div class="td-a-rec td-a-rec-id-content_inline"><span class="td-adspot-title">- {e(c.advertising)} -</span></div>'
    return page(
        s,
        og(s, URL),
        f'<div id="td-outer-wrap"><div class="td-header-menu-wrap"><ul>{menu(c)}</ul></div>'
        '<div class="td-main-content-wrap"><div class="td-container"><article id="post-4" class="post-4 post" itemscope itemtype="https://schema.org/Article">'
        f'<div class="td-post-header"><ul class="td-category"><li class="entry-category"><a href="/c">{e(s.section)}</a></li></ul>'
        f'<header class="td-post-title"><h1 class="entry-title">{e(s.title)}</h1><div class="td-module-meta-info"><div class="td-post-author-name"><div class="td-author-by">{e(c.author_word)}</div> <a href="/a">{e(s.author)}</a><div class="td-author-line"> - </div></div>'
        f'<span class="td-post-date"><time class="entry-date updated td-module-date" datetime="{s.published}">{e(s.shown)}</time></span></div></header></div>'
        f'<div class="td-post-content tagdiv-type"><div class="td-post-featured-image"><figure><img src="/a.jpg"/><figcaption class="wp-caption-text">{e(c.caption)}</figcaption></figure></div>'
        f"{body(s, h='<h3>{}</h3>', between={2: ad})}</div>"
        f'<footer><div class="td-post-source-tags"><ul class="td-tags"><li><span>TAGS</span></li><li>{tag_links(c)}</li></ul></div>'
        f'<div class="td-post-sharing-bottom"><div class="td-post-sharing-visible">{e(c.share)}<a href="#">Facebook</a><a href="#">Twitter</a></div></div></footer></article>{box}'
        f'</div></div><div class="td-footer-wrapper">{e(c.rights)}</div></div>',
    )


def elementor(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL),
        f'<div data-elementor-type="header" class="elementor elementor-location-header"><nav class="elementor-nav-menu">{menu(c)}</nav></div>'
        '<div data-elementor-type="single-post" class="elementor elementor-77 elementor-location-single post"><section class="elementor-section"><div class="elementor-container"><div class="elementor-column"><div class="elementor-widget-wrap">'
        f'<div class="elementor-element elementor-widget elementor-widget-theme-post-title"><div class="elementor-widget-container"><h1 class="elementor-heading-title elementor-size-default">{e(s.title)}</h1></div></div>'
        f'<div class="elementor-element elementor-widget elementor-widget-post-info"><div class="elementor-widget-container"><ul class="elementor-inline-items"><li class="elementor-icon-list-item"><span class="elementor-post-info__item--type-date">{e(s.shown)}</span></li><li><span class="elementor-post-info__item--type-author">{e(s.author)}</span></li></ul></div></div>'
        f'<div class="elementor-element elementor-widget elementor-widget-theme-post-content"><div class="elementor-widget-container">{body(s)}</div></div>'
        f'<div class="elementor-element elementor-widget elementor-widget-posts"><h4>{e(c.read_also)}</h4>{related_list(c)}</div>'
        f'</div></div></div></section></div><div data-elementor-type="footer" class="elementor elementor-location-footer">{e(c.rights)}</div>',
    )


def bitrix_paragraphs(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL, time=False),
        f'<div class="bx-wrapper"><div class="bx-header"><ul class="bx-nav-list-1-lvl">{menu(c)}</ul></div>'
        f'<div class="bx-breadcrumb"><span>{e(s.section)}</span></div>'
        f'<div class="news-detail"><img class="detail_picture" src="/upload/a.jpg"/>'
        f'<span class="news-date-time">{e(s.shown)}</span><h1>{e(s.title)}</h1>'
        f'<div class="news-detail-text">{body(s, h="<h3>{}</h3>")}</div><div style="clear:both"></div>'
        f"{e(c.author_word)} {e(s.author)}<br/></div>"
        f'<div class="news-list"><h3>{e(c.latest)}</h3>{related_list(c, "<p class=news-item><a href=/r{n}><b>{t}</b></a></p>")}</div>'
        f'<div class="bx-footer">{e(c.rights)}</div></div>',
    )


def bitrix_breaks(s: Story, c: Chrome) -> str:
    text = "<br />\n<br />\n".join(
        f"<b>{e(t)}</b>" if kind == "heading" else e(t) for kind, t in s.blocks
    )
    return page(
        s,
        "",
        f'<table id="menu"><tr>{"".join(f"<td><a href=/m>{e(m)}</a></td>" for m in c.menu)}</tr></table>'
        f'<div class="content"><div class="news-detail"><span class="news-date-time">{e(s.shown)}</span>'
        f'<h3>{e(s.title)}</h3>{text}<div style="clear:both"></div></div>'
        f'<p><a href="/news/">{e(c.latest)}</a></p></div><div id="footer">{e(c.rights)}</div>',
        title=s.title,
    )


def datalife_engine(s: Story, c: Chrome) -> str:
    text = "<br><br>".join(
        f"<h3>{e(t)}</h3>" if kind == "heading" else e(t) for kind, t in s.blocks
    )
    return page(
        s,
        og(s, URL, time=False) + '<meta name="generator" content="DataLife Engine">',
        f'<div class="head-menu"><ul>{menu(c)}</ul></div><div id="dle-content"><article class="article fullstory">'
        f'<h1 class="title">{e(s.title)}</h1><div class="meta"><span class="meta-date">{e(s.shown)}</span> <span class="meta-author">{e(s.author)}</span> <span class="meta-views">1 204</span></div>'
        f'<div class="text full-text clearfix"><div style="display:inline;">{text}</div></div>'
        f'<div class="full-tags">{e(c.tags)} {tag_links(c)}</div>'
        f'<div class="rels"><div class="rels-t">{e(c.read_also)}</div>{related_list(c, "<a class=rel href=/r{n}>{t}</a>")}</div></article>'
        f'<div id="dle-comments"><div class="comms-t">{e(c.comments)}</div></div></div><footer class="footer">{e(c.rights)}</footer>',
    )


def drupal(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">',
        f'<div class="dialog-off-canvas-main-canvas"><div class="layout-container"><header role="banner"><nav role="navigation"><ul class="menu">{menu(c)}</ul></nav></header>'
        f'<main role="main"><div class="layout-content"><div class="region region-content"><div id="block-pagetitle"><h1 class="page-header"><span class="field field--name-title field--type-string">{e(s.title)}</span></h1></div>'
        '<article data-history-node-id="91" role="article" class="node node--type-article node--view-mode-full">'
        f'<footer class="node__meta"><div class="node__submitted"><span class="field field--name-uid">{e(s.author)}</span>, <span class="field field--name-created"><time datetime="{s.published}">{e(s.shown)}</time></span></div></footer>'
        f'<div class="node__content"><div class="field field--name-field-image"><img src="/a.jpg"><div class="image-caption">{e(c.caption)}. {e(c.photo)}</div></div>'
        f'<div class="clearfix text-formatted field field--name-body field--type-text-with-summary field__item">{body(s)}</div>'
        f'<div class="field field--name-field-tags"><h3 class="field__label">{e(c.tags)}</h3><ul class="links field__items"><li>{tag_links(c)}</li></ul></div></div></article>'
        f'<div class="views-element-container block"><h2>{e(c.latest)}</h2><div class="view-content">{related_list(c, "<div class=views-row><a href=/r{n}>{t}</a></div>")}</div></div>'
        f'</div></div></main><footer role="contentinfo">{e(c.rights)}</footer></div></div>',
    )


def joomla(s: Story, c: Chrome) -> str:
    return page(
        s,
        f'<meta name="author" content="{_escape(s.author)}"><meta name="generator" content="Joomla! - Open Source Content Management">',
        f'<div class="container"><ul class="nav menu mod-list">{menu(c)}</ul><main id="content" role="main">'
        '<div class="com-content-article item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="xx">'
        f'<div class="page-header"><h2 itemprop="headline">{e(s.title)}</h2></div>'
        f'<dl class="article-info text-muted"><dt class="article-info-term"></dt><dd class="createdby" itemprop="author"><span itemprop="name">{e(s.author)}</span></dd>'
        f'<dd class="published"><time datetime="{s.published}" itemprop="datePublished">{e(s.shown)}</time></dd></dl>'
        f'<div itemprop="articleBody" class="com-content-article__body">{body(s)}</div>'
        f'<ul class="tags inline"><li>{tag_links(c)}</li></ul></div></main>'
        f'<div class="moduletable"><h3>{e(c.latest)}</h3><ul class="latestnews">{related_list(c)}</ul></div><footer class="footer">{e(c.rights)}</footer></div>',
    )


def tilda(s: Story, c: Chrome) -> str:
    records = []
    for kind, text in s.blocks:
        css = "t-heading t030__title" if kind == "heading" else "t-text t-text_md"
        records.append(
            f'<div id="rec{len(records)}" class="r t-rec" data-record-type="106"><div class="t004"><div class="t-container"><div class="t-col t-col_8 t-prefix_2"><div field="text" class="{css}">{e(text)}</div></div></div></div></div>'
        )
    return page(
        s,
        og(s, URL),
        f'<div id="allrecords" class="t-records"><div class="t-rec"><div class="t228__menu">{menu(c)}</div></div>'
        f'<div class="r t-rec"><div class="t-container"><h1 class="t-title">{e(s.title)}</h1><div class="t-uptitle">{e(s.shown)}</div></div></div>'
        f'{"".join(records)}<div class="t-rec"><div class="t-copyright">{e(c.rights)}</div></div></div>',
    )


def tilda_feed(s: Story, c: Chrome) -> str:
    parts = "".join(
        f'<div class="t-redactor__h2">{e(t)}</div>'
        if k == "heading"
        else f'<div class="t-redactor__text">{e(t)}</div>'
        for k, t in s.blocks
    )
    return page(
        s,
        og(s, URL) + jsonld(s, URL, "BlogPosting"),
        f'<div class="t-feed__post-popup"><h1 class="js-feed-post-title">{e(s.title)}</h1><div class="t-feed__post-date">{e(s.shown)}</div>'
        f'<div id="feed-text" class="js-feed-post-text">{parts}</div><div class="t-feed__share">{e(c.share)}</div></div>',
    )


def telegraph(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL),
        '<div class="tl_page_wrap"><div class="tl_page"><main class="tl_article"><header class="tl_article_header" dir="auto">'
        f'<h1>{e(s.title)}</h1><address><a rel="author">{e(s.author)}</a><!----><time datetime="{s.published}">{e(s.shown)}</time></address></header>'
        f'<article id="_tl_editor" class="tl_article_content"><h1>{e(s.title)}<br></h1><address>{e(s.author)}<br></address>'
        f'<figure><div class="figure_wrapper"><img src="/file/1.jpg"></div><figcaption>{e(c.caption)}</figcaption></figure>'
        f'{body(s, h="<h4>{}</h4>")}<p><a href="https://t.me/x">{e(c.subscribe)}</a></p></article></main></div></div>',
        title=f"{s.title} – Telegraph",
    )


def ghost(s: Story, c: Chrome) -> str:
    card = f'<figure class="kg-card kg-image-card kg-card-hascaption"><img class="kg-image" src="/a.jpg"><figcaption>{e(c.caption)}</figcaption></figure>'
    bookmark = f'<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/r"><div class="kg-bookmark-content"><div class="kg-bookmark-title">{e(c.related[0])}</div></div></a></figure>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL, "Article"),
        f'<div class="gh-viewport"><header class="gh-navigation"><ul class="nav">{menu(c)}</ul></header><main class="gh-main"><article class="gh-article post">'
        f'<header class="gh-article-header gh-canvas"><a class="gh-article-tag" href="/t">{e(s.section)}</a><h1 class="gh-article-title">{e(s.title)}</h1>'
        f'<div class="gh-article-meta"><h4 class="gh-article-author-name"><a href="/a">{e(s.author)}</a></h4><div class="gh-article-meta-content"><time class="gh-article-meta-date" datetime="{s.published}">{e(s.shown)}</time><span class="gh-article-meta-length">— 4 min</span></div></div></header>'
        f'<section class="gh-content gh-canvas">{body(s, h="<h2 id=x>{}</h2>", between={1: card, 5: bookmark})}</section></article></main>'
        f'<footer class="gh-footer">{e(c.rights)}</footer></div>',
        title=s.title,
    )


def blogger(s: Story, c: Chrome) -> str:
    text = body(s, p='<div style="text-align: justify;">{}</div><div><br /></div>', h="<h3>{}</h3>")
    return page(
        s,
        og(s, URL, time=False),
        f'<div class="content-outer"><div class="main-outer"><div id="main"><div class="widget Blog" id="Blog1"><div class="blog-posts hfeed"><h2 class="date-header"><span>{e(s.shown)}</span></h2>'
        '<div class="post hentry uncustomized-post-template" itemprop="blogPost" itemscope="itemscope">'
        f'<h3 class="post-title entry-title" itemprop="name">{e(s.title)}</h3><div class="post-body entry-content" id="post-body-1" itemprop="description articleBody">{text}<div style="clear: both;"></div></div>'
        f'<div class="post-footer"><span class="post-author vcard">{e(s.author)}</span> <abbr class="published" itemprop="datePublished" title="{s.published}">{e(s.shown)}</abbr></div></div></div></div></div></div></div>',
    )


def hashed_next(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div id="__next"><div class="sc-1f2a header_x81"><nav class="css-a9k">{menu(c)}</nav></div>'
        f'<div class="sc-77ab css-1x2y3z"><div class="css-0"><h1 class="css-h1t">{e(s.title)}</h1><div class="css-dt1"><span>{e(s.author)}</span><span>{e(s.shown)}</span></div></div>'
        f'<div class="css-9q8w7e">{body(s, p="<div class=css-1b><p class=css-p1>{}</p></div>", h="<div class=css-1b><h2 class=css-h2q>{}</h2></div>", quote="<div class=css-1b><blockquote class=css-q>{}</blockquote></div>")}</div>'
        f'<div class="css-zz1"><h3 class="css-h3">{e(c.read_also)}</h3>{related_list(c, "<div class=css-card><a class=css-link href=/r{n}>{t}</a></div>")}</div></div>'
        f'<div class="css-foot">{e(c.rights)}</div></div>',
    )


def hashed_flat(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL),
        f'<div id="root"><div class="_3xQ1 _header"><span>{"</span><span>".join(map(e, c.menu))}</span></div>'
        f'<section class="_9aKc"><h1 class="_1Tt">{e(s.title)}</h1><div class="_2d">{e(s.shown)}</div>'
        f"{body(s, p='<p class=_p4>{}</p>', h='<h3 class=_h7>{}</h3>')}</section>"
        f'<section class="_7rel"><h4>{e(c.latest)}</h4>{related_list(c, "<a class=_l href=/r{n}><span>{t}</span></a>")}</section></div>',
    )


def test_id_divs(s: Story, c: Chrome) -> str:
    parts = "".join(
        f'<h2 data-testid="Heading" class="text__text__1FZLe text__heading_5">{e(t)}</h2>'
        if k == "heading"
        else f'<div data-testid="paragraph-{n}" class="text__text__1FZLe text__dark-grey__3Ml43 article-body__element__2p5pI">{e(t)}</div>'
        for n, (k, t) in enumerate(s.blocks)
    )
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div id="fusion-app"><header class="site-header__x">{menu(c)}</header><main><article data-testid="Article"><div class="article-header__wrapper__1"><header><h1 data-testid="Heading" class="text__text__1FZLe">{e(s.title)}</h1><div class="info-content__author"><span>{e(c.author_word)}</span> <a rel="author">{e(s.author)}</a></div><time datetime="{s.published}"><span class="date-line__date">{e(s.shown)}</span></time></header></div>'
        f'<div class="article-body__container"><div class="article-body__content__17Yit">{parts}</div><p data-testid="Body" class="sign-off__text">{e(c.subscribe)}</p></div></article></main></div>',
    )


def client_rendered(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL, articleBody=s.text),
        f'<div id="app"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src="/static/main.js"></script><footer>{e(c.rights)}</footer>',
    )


def client_rendered_shell(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL, articleBody=s.text.replace("\n\n", "\n")),
        f'<div id="app"><header>{menu(c)}</header><h1>{e(s.title)}</h1><p>{e(s.author)}, {e(s.shown)}</p><div class="skeleton"></div><p>{e(c.cookies)}</p></div><p>{e(c.rights)}</p>',
    )


def amp(s: Story, c: Chrome) -> str:
    image = f'<amp-img src="/a.jpg" width="1200" height="675" layout="responsive"></amp-img><p class="amp-wp-caption">{e(c.photo)}</p>'
    return (
        f'<!doctype html><html ⚡ lang="{s.language}"><head><meta charset="utf-8"><title>{e(s.title)}</title><link rel="canonical" href="{URL}">{jsonld(s, URL)}<style amp-custom>p{{}}</style></head>'
        f'<body><header class="amp-wp-header"><a href="/">{e(s.site)}</a></header><article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{e(s.title)}</h1><div class="amp-wp-meta amp-wp-byline">{e(s.author)}</div><div class="amp-wp-meta amp-wp-posted-on"><time datetime="{s.published}">{e(s.shown)}</time></div></header>'
        f'<div class="amp-wp-article-content">{body(s, between={0: image})}</div></article>'
        '<amp-list src="/more.json"><template type="amp-mustache"><p>{{title}} — {{date}}</p></template></amp-list>'
        f'<footer class="amp-wp-footer"><p>{e(c.rights)}</p></footer></body></html>'
    )


def table_layout(s: Story, c: Chrome) -> str:
    left = "<br>".join(f'<a href="/m">{e(item)}</a>' for item in c.menu)
    return (
        f'<html><head><title>{e(s.title)}</title></head><body bgcolor="#ffffff"><table width="100%" cellpadding="0"><tr><td colspan="3" align="center"><a href="/"><img src="/logo.gif"></a></td></tr>'
        f'<tr valign="top"><td width="150">{left}</td><td><font size="4"><b>{e(s.title)}</b></font><br><font size="1" color="gray">{e(s.shown)}</font>'
        f'{body(s, p="<p align=justify>{}</p>", h="<p><b>{}</b></p>")}</td><td width="180"><b>{e(c.latest)}</b><br>{related_list(c, "<a href=/r{n}>{t}</a><br>")}</td></tr>'
        f'<tr><td colspan="3"><font size="1">{e(c.rights)}</font></td></tr></table></body></html>'
    )


def div_paragraphs(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL),
        f'<div class="wrap"><div class="top">{menu(c)}</div><div class="article"><h1>{e(s.title)}</h1><div class="date">{e(s.shown)}</div><div class="article-text">{body(s, p="<div>{}</div>", h="<div><strong>{}</strong></div>", quote="<div>{}</div>")}</div></div>'
        f'<div class="right">{related_list(c, "<div><a href=/r{n}>{t}</a></div>")}</div></div>',
    )


def strong_headings(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="page"><h1 class="headline">{e(s.title)}</h1><div class="info"><span class="author">{e(s.author)}</span><span class="date">{e(s.shown)}</span></div>'
        f'<div class="article__body">{body(s, h="<p><strong>{}</strong></p>")}</div><div class="article__share">{e(c.share)}</div></div>',
    )


def medium(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div id="root"><div class="a b c"><div class="d e"><article><div class="l"><div class="l"><section><div><div class="fr fs ft"><div class="ab ca"><div class="ch bg"><div><h1 id="1" class="pw-post-title gq gr">{e(s.title)}</h1><div class="speechify-ignore ab co"><div><a rel="noopener follow" href="/@a"><p class="be b">{e(s.author)}</p></a><span class="be b">4 min read</span><span>·</span><span data-testid="storyPublishDate">{e(s.shown)}</span></div></div></div>'
        f"{body(s, p='<p id=p class=pw-post-body-paragraph>{}</p>', h='<h2 id=h class=lu>{}</h2>', quote='<blockquote class=mn><p class=mo>{}</p></blockquote>')}</div></div></div></div></section></div></div></article>"
        f'<div class="footer"><a href="/tag"><div class="tag">{e(c.tag_names[0])}</div></a></div></div></div></div>',
    )


def rferl(s: Story, c: Chrome) -> str:
    embed = f'<div class="wsw__embed wsw__embed--small"><a class="wsw__a" href="/r"><div class="thumb"></div></a><div class="content"><span class="label">{e(c.read_also)}</span><h4><a href="/r">{e(c.related[0])}</a></h4></div></div>'
    return page(
        s,
        og(s, URL, time=False) + jsonld(s, URL),
        f'<header class="hdr-20"><ul>{menu(c)}</ul></header><main class="container"><div class="hdr-container"><div class="category"><a href="/c">{e(s.section)}</a></div><h1 class="title pg-title">{e(s.title)}</h1><div class="publishing-details"><div class="published"><span class="date"><time pubdate="pubdate" datetime="{s.published}">{e(s.shown)}</time></span></div><div class="links"><ul class="links__list"><li><a class="links__item-link" href="/a">{e(s.author)}</a></li></ul></div></div></div>'
        f'<div class="body-container"><div class="row"><div class="col-xs-12"><div id="article-content" class="content-floated-wrap fb-quotable"><figure class="media-image js-media-expand"><div class="img-wrap"><img src="/a.jpg"></div><figcaption><span class="caption">{e(c.caption)}</span></figcaption></figure><div class="wsw">{body(s, h="<h2 class=wsw__h2>{}</h2>", between={3: embed})}</div></div></div></div>'
        f'<div class="media-block-wrap"><h2 class="section-head">{e(c.latest)}</h2><ul>{related_list(c)}</ul></div></div></main><footer><p>{e(c.rights)}</p></footer>',
    )


def state_agency(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL, time=False),
        f'<div class="main"><div class="menu_r"><ul>{menu(c)}</ul></div><div class="content_margin"><div class="date_full">{e(s.shown)}</div><div class="content_share_top"></div>'
        f'<h1>{e(s.title)}</h1><div class="text"><div class="main_img"><div class="main_img_descr">{e(c.photo)}</div></div><div class="js-mediator-article">{body(s)}</div></div>'
        f'<div class="inline_tags_news">{tag_links(c)}</div><div class="news_accent_block"><div class="title_block">{e(c.latest)}</div>{related_list(c, "<a class=news_item href=/r{n}>{t}</a>")}</div></div><footer>{e(c.rights)}</footer></div>',
    )


def sputnik(s: Story, c: Chrome) -> str:
    blocks = "".join(
        f'<div class="article__block" data-type="h2"><h2 class="article__h2">{e(t)}</h2></div>'
        if k == "heading"
        else f'<div class="article__block" data-type="text"><div class="article__text">{e(t)}</div></div>'
        for k, t in s.blocks
    )
    also = f'<div class="article__block" data-type="article"><div class="article__article m-image"><a class="article__article-link" href="/r"></a><div class="article__article-desc"><span class="article__article-title">{e(c.related[0])}</span><div class="article__article-info">{e(s.shown)}</div></div></div></div>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="page" itemscope itemtype="https://schema.org/WebPage"><div class="layout-article"><div class="article"><div class="article__header"><div class="article__info"><div class="article__info-date"><a href="/d">{e(s.shown)}</a> <span class="article__info-date-modified">({e(c.updated)}: {e(s.shown)})</span></div></div><h1 class="article__title">{e(s.title)}</h1></div>'
        f'<div class="article__body">{blocks}{also}</div><div class="article__tags">{tag_links(c)}</div></div></div></div>',
    )


def lithuanian_portal(s: Story, c: Chrome) -> str:
    image = f'<div class="article-photo"><img src="/a.jpg"><div class="article-photo__title">{e(c.caption)} | {e(c.photo)}</div></div>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<nav class="main-nav">{menu(c)}</nav><main><article class="article-block"><header class="article__header"><h1 class="title-block__heading">{e(s.title)}</h1><div class="info-block"><a href="/a">{e(s.author)}</a><div class="info-block__text">{e(s.site)}</div><div class="info-block__time">{e(s.shown)}</div></div></header>'
        f'<div class="article-content"><div class="article-content__body js-text-selection">{body(s, between={1: image})}</div></div><footer class="article-footer">{tag_links(c)}</footer></article>'
        f'<section class="section-list"><h3>{e(c.latest)}</h3>{related_list(c)}</section></main>',
    )


def delfi_fragments(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header class="C-header">{menu(c)}</header><article class="C-article" data-article-id="1"><div class="C-article-headline"><h1 class="text-size-1">{e(s.title)}</h1></div><div class="C-article-info"><span class="article-info__author">{e(s.author)}</span> <span class="article-info__publish-date">{e(s.shown)}</span></div>'
        f'<div class="C-article-body">{body(s, p="<div class=&quot;fragment fragment-html fragment-html--paragraph&quot;><p>{}</p></div>".replace("&quot;", chr(34)), h="<div class=&quot;fragment fragment-html fragment-html--headline&quot;><h3>{}</h3></div>".replace("&quot;", chr(34)))}<div class="fragment fragment-ad"><span>{e(c.advertising)}</span></div></div>'
        f'<div class="C-article-tags">{tag_links(c)}</div></article><section class="C-block"><h2>{e(c.read_also)}</h2>{related_list(c)}</section><footer>{e(c.rights)}</footer>',
    )


def estonian_portal(s: Story, c: Chrome) -> str:
    items = "".join(
        f'<div class="article-body__item article-body__item--htmlElement">{"<h3>" if k == "heading" else "<p>"}{e(t)}{"</h3>" if k == "heading" else "</p>"}</div>'
        for k, t in s.blocks
    )
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="structured-content"><header class="header">{menu(c)}</header><article class="structured-content__article"><div class="article-superheader"><h1 class="article-superheader__headline">{e(s.title)}</h1></div><div class="author__name">{e(s.author)}</div><div class="article__publish-date">{e(s.shown)}</div>'
        f'<div class="article-body article-body--left">{items}</div><div class="article-body__item article-body__item--articleBullets"><a href="/r">{e(c.related[0])}</a></div></article></div><footer>{e(c.rights)}</footer>',
    )


def polish_portal(s: Story, c: Chrome) -> str:
    lead, rest = s.blocks[0], s.blocks[1:]
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<header class="siteHeader">{menu(c)}</header><main><article id="doc" class="article"><div class="articleHeader"><h1 class="mainTitle">{e(s.title)}</h1><div class="authDesc"><span class="name">{e(s.author)}</span><span class="datePublished">{e(s.shown)}</span></div></div><div id="lead" class="hyphenate lead">{e(lead[1])}</div>'
        f'<div class="articleBody">{body(Story(**{**s.__dict__, "blocks": rest}), p="<p class=hyphenate>{}</p>", h="<h2 class=hyphenate>{}</h2>")}<div class="relatedBox"><a href="/r">{e(c.related[0])}</a></div></div><div class="source">{e(c.rights)}</div></article></main>',
    )


def lead_in_header(s: Story, c: Chrome) -> str:
    lead, rest = s.blocks[0], s.blocks[1:]
    return page(
        s,
        og(s, URL) + jsonld(s, URL, description=lead[1]),
        f'<nav>{menu(c)}</nav><article class="art"><header class="art__header"><h1>{e(s.title)}</h1><p class="art__lead">{e(lead[1])}</p><div class="art__meta">{e(s.author)} · <time datetime="{s.published}">{e(s.shown)}</time></div></header>'
        f'<div class="art__body">{body(Story(**{**s.__dict__, "blocks": rest}))}</div></article><footer>{e(c.rights)}</footer>',
    )


def european_commission(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL, time=False) + f'<meta name="DC.date.issued" content="{s.published}">',
        f'<header class="ecl-site-header"><ul class="ecl-menu__list">{menu(c)}</ul></header><div class="ecl-page-header"><div class="ecl-container"><ol class="ecl-breadcrumb__container"><li><a href="/">{e(c.menu[0])}</a></li></ol><h1 class="ecl-page-header__title">{e(s.title)}</h1><ul class="ecl-page-header__meta"><li class="ecl-page-header__meta-item">{e(s.section)}</li><li class="ecl-page-header__meta-item">{e(s.shown)}</li></ul></div></div>'
        f'<main class="ecl-container"><div class="ecl-row"><div class="ecl-col-l-9"><div class="ecl-editor">{body(s)}</div></div></div></main><footer class="ecl-site-footer">{e(c.rights)}</footer>',
    )


def typo3(s: Story, c: Chrome) -> str:
    parts = "".join(
        f'<div id="c{n}" class="frame frame-default frame-type-text"><header><h2 class="">{e(t)}</h2></header></div>'
        if k == "heading"
        else f'<div id="c{n}" class="frame frame-default frame-type-text"><p class="bodytext">{e(t)}</p></div>'
        for n, (k, t) in enumerate(s.blocks)
    )
    return page(
        s,
        "",
        f'<div id="page"><ul class="mainmenu">{menu(c)}</ul><div id="maincontent"><div class="news news-single"><div class="article" itemscope itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">{e(s.title)}</h1></div><div class="footer"><span class="news-list-date"><time itemprop="datePublished" datetime="{s.published}">{e(s.shown)}</time></span></div><div class="news-text-wrap" itemprop="articleBody">{parts}</div></div></div></div></div>',
    )


def squarespace(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL, time=False) + jsonld(s, URL, "Article"),
        f'<div id="siteWrapper"><header id="header">{menu(c)}</header><main id="page"><article class="sections" id="sections"><section class="page-section blog-item"><div class="blog-item-wrapper"><div class="blog-item-top-wrapper"><div class="blog-item-title"><h1 class="entry-title" data-content-field="title">{e(s.title)}</h1></div><div class="blog-item-meta"><time class="dt-published" datetime="{s.published}">{e(s.shown)}</time></div></div><div class="blog-item-inner-wrapper"><div class="blog-item-content e-content"><div class="sqs-layout"><div class="row sqs-row"><div class="col sqs-col-12"><div class="sqs-block html-block sqs-block-html"><div class="sqs-block-content"><div class="sqs-html-content">{body(s, p="<p class=sqsrte style=white-space:pre-wrap>{}</p>")}</div></div></div></div></div></div></div></div></div></section></article></main></div>',
    )


def webflow(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL, time=False),
        f'<div class="navbar w-nav"><nav class="w-nav-menu">{menu(c)}</nav></div><div class="section wf-section"><div class="container w-container"><h1 class="heading-2">{e(s.title)}</h1><div class="text-block-5">{e(s.shown)}</div><div class="rich-text-block w-richtext">{body(s)}</div></div></div><div class="footer"><div class="text-block">{e(c.rights)}</div></div>',
    )


def substack(s: Story, c: Chrome) -> str:
    widget = f'<div class="subscription-widget-wrap"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">{e(c.subscribe)}</p></div><form class="subscription-widget-subscribe"><input type="email"></form></div></div>'
    return page(
        s,
        og(s, URL, time=False) + jsonld(s, URL),
        f'<div id="entry"><div class="main-menu">{menu(c)}</div><div class="single-post-container"><div class="container"><div class="single-post"><article class="typography newsletter-post post"><div class="post-header"><h1 class="post-title published">{e(s.title)}</h1><div class="byline-wrapper"><a href="/a">{e(s.author)}</a><div class="pencraft">{e(s.shown)}</div></div></div><div class="available-content"><div dir="auto" class="body markup">{body(s, between={2: widget})}</div></div></article></div></div></div></div>',
    )


def soup_of_spans(s: Story, c: Chrome) -> str:
    return page(
        s,
        og(s, URL),
        f'<div class="container"><div class="col-md-8"><h1>{e(s.title)}</h1><p class="data">{e(s.shown)}</p>'
        + body(
            s,
            p='<p><span style="font-size:16px;"><span style="font-family:georgia,serif;">{}</span></span></p>\n<p>&nbsp;</p>',
            h='<h3><span style="color:#000080;"><strong>{}</strong></span></h3>',
        )
        + f'<p><em>{e(c.mistake)}</em></p></div><div class="col-md-4">{related_list(c)}</div></div>',
    )


def aspnet_form(s: Story, c: Chrome) -> str:
    return page(
        s,
        "",
        f'<form method="post" action="./" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="/wEPDw"/><div id="ctl00_Menu">{menu(c)}</div><div id="ctl00_Main"><div class="newsTitle"><h1>{e(s.title)}</h1></div><div class="newsDate">{e(s.shown)}</div><div class="newsBody">{body(s)}</div></div></form>',
        title=s.title,
    )


def livejournal(s: Story, c: Chrome) -> str:
    text = "<br><br>".join(f"<b>{e(t)}</b>" if k == "heading" else e(t) for k, t in s.blocks)
    return page(
        s,
        og(s, URL),
        f'<div class="s-layout"><article class="aentry b-singlepost hentry"><header class="aentry-head"><time class="aentry-head__date published dt-published">{e(s.shown)}</time><h1 class="aentry-post__title entry-title p-name">{e(s.title)}</h1></header><div class="aentry-post"><div class="aentry-post__text aentry-post__text--view">{text}</div></div><div class="aentry-tags">{e(c.tags)} {tag_links(c)}</div></article></div>',
    )


def custom_inline_widgets(s: Story, c: Chrome) -> str:
    inline = f'<div class="incut"><div class="incut__title">{e(c.read_also)}</div><a class="incut__link" href="/r">{e(c.related[0])}</a></div>'
    also = f'<p>{e(c.read_also)} <a href="/r2">{e(c.related[1])}</a></p>'
    ad = f'<div class="banner-wrap"><div class="adv-label">{e(c.advertising)}</div></div>'
    return page(
        s,
        og(s, URL) + jsonld(s, URL),
        f'<div class="l-page"><div class="l-top">{menu(c)}</div><div class="l-main"><div class="article-view"><div class="article-view__head"><h1 class="article-view__title">{e(s.title)}</h1><div class="article-view__date">{e(s.shown)}</div><a class="article-view__author" href="/a">{e(s.author)}</a></div><div class="article-view__cover"><img src="/a.jpg"><span class="article-view__credit">{e(c.photo)}</span></div>'
        f'<div class="article-view__text">{body(s, between={1: inline, 3: ad, 6: also})}<p class="mistake">{e(c.mistake)}</p><p><b>{e(c.subscribe)}</b></p></div></div></div></div><div class="cookie-bar">{e(c.cookies)}</div>',
    )


MARKUPS: dict[str, Markup] = {
    function.__name__: function
    for function in (
        wordpress_classic,
        wordpress_blocks,
        wordpress_newspaper_theme,
        elementor,
        bitrix_paragraphs,
        bitrix_breaks,
        datalife_engine,
        drupal,
        joomla,
        tilda,
        tilda_feed,
        telegraph,
        ghost,
        blogger,
        hashed_next,
        hashed_flat,
        test_id_divs,
        client_rendered,
        client_rendered_shell,
        amp,
        table_layout,
        div_paragraphs,
        strong_headings,
        medium,
        rferl,
        state_agency,
        sputnik,
        lithuanian_portal,
        delfi_fragments,
        estonian_portal,
        polish_portal,
        lead_in_header,
        european_commission,
        typo3,
        squarespace,
        webflow,
        substack,
        soup_of_spans,
        aspnet_form,
        livejournal,
        custom_inline_widgets,
    )
}
