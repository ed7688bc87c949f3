"""What is known about URLs on the web: facts for `pipeline.urls`, without logic.

A parameter belongs to the trackers only when a page is the same with and without it; a name that
some sites use for content (`ref`, `from`, `sid`, `source`) is bound to a site or to the shape of
its value. All names are in lower case.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TRACKERS = {
    "Google Ads, Analytics and Merchant Center help: click ids, linker, auto-tagging": """
        gclid gclsrc dclid gbraid wbraid gad gad_source gad_campaignid srsltid _ga _gl _gac""",
    "Google search results and AMP viewer": """
        sca_esv esrc usqp amp_js_v amp_gsa amp_tf amp_ct aoh""",
    "Meta for Developers: click and share ids": """
        fbclid fb_action_ids fb_action_types fb_source fb_ref fb_comment_id fbadid mibextid
        action_object_map action_type_map action_ref_map igshid igsh __tn__""",
    "Yandex Direct, Metrica, Market help; the Russian advertising law's erid": """
        yclid ymclid ysclid _openstat etext erid""",
    "Click ids of Microsoft, X, TikTok, LinkedIn, Pinterest, Reddit, Snap": """
        msclkid twclid __twitter_impression ttclid li_fat_id epik rdt_cid sccid""",
    "Newsletter senders: Mailchimp, Marketo, MailerLite, Kit, Drip, HubSpot, beehiiv, Klaviyo": """
        mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash ck_subscriber_id __s _hsenc _hsmi
        _ke _kx vero_id vero_conv oly_enc_id oly_anon_id dm_i wickedid""",
    "Matomo under its old name Piwik: matomo.org, 'Tracking campaigns'": """
        pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid pk_vid
        piwik_campaign piwik_kwd""",
    "Tagging guides of Adobe, comScore, Piano (AT Internet), Mapp (Webtrekk)": """
        s_cid sc_cid sc_channel sc_campaign sc_src ns_campaign ns_linkname ns_mchannel ns_source
        ns_fee xtor xtref wt_mc wt_zmc wt_eid cmpid icid ocid ncid ito smid cndid
        cx_recsorder cx_testid cx_testvariant traffic_source""",
    "Snowplow docs: links inside a site": """
        itm_source itm_medium itm_campaign itm_content itm_term
        int_source int_medium int_campaign int_content int_term""",
    "Affiliate and recommendation networks: Awin, Impact, Branch, Alibaba, Taboola, Outbrain": """
        zanpid irclickid irgwc _branch_match_id _branch_referrer spm scm tblci dicbo oborigurl""",
    "Yahoo consent and sharing": "guccounter guce_referrer guce_referrer_sig soc_src soc_trk",
}
"""Parameters that only track, by the place that documents them."""

TRACKING = frozenset(name for names in _TRACKERS.values() for name in names.split())

TRACKING_PREFIXES = (
    "utm_",  # Google Analytics help, "URL builders"
    "mtm_",  # matomo.org, "Tracking campaigns"
    "matomo_",
    "hsa_",  # HubSpot ads, knowledge.hubspot.com
    "at_",  # Piano (AT Internet) campaigns: BBC, France Médias Monde
    "__cf_chl_",  # Cloudflare challenge tokens, developers.cloudflare.com
    "aspsessionid",  # classic ASP's session cookie moved into the URL
)
"""Beginnings of parameter names that only track."""

SITE_TRACKING = {
    # Seen in the sites' own feed, newsletter and share links.
    "dw.com": _words("maca"),
    "spiegel.de": _words("sara_ecid sara_ref"),
    "kommersant.ru": _words("from"),
    "rbc.ru": _words("from"),
    "lenta.ru": _words("from"),
    "gazeta.ru": _words("from"),
    "onet.pl": _words("srcc"),
    "newsweek.pl": _words("srcc"),
    "sueddeutsche.de": _words("source reduced"),
    "welt.de": _words("source cid"),
    "faz.net": _words("campaign service"),
    "lemonde.fr": _words("lmd_medium lmd_campaign lmd_creation lmd_source"),
    "francetvinfo.fr": _words("origin"),
    "theguardian.com": _words("cmp"),
    "nytimes.com": _words("partner emc"),
    "google.com": _words("oc ceid hl gl"),
    "t.me": _words("single embed"),
}
"""Parameters that track on one site only, by registrable domain."""

SESSION = _words("phpsessid jsessionid sessionid session_id cfid cftoken")
"""Session ids that servers put into URLs (PHP, Java servlets, ColdFusion manuals)."""

SESSION_IF_LONG = _words("sid s sess session oscsid zenid")
"""Session ids only when the value looks like one: `?sid=15` is content on many a site."""

SESSION_VALUE = re.compile(r"[0-9a-f]{24,}", re.IGNORECASE)
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)

REFERRER = _words("ref referrer referer ref_src ref_url via source from")
"""Dropped only when the value names the page or feed that linked here, or the site itself."""

FEED_VALUES = _words("rss rss2 feed atom rssfeed rss_feed rss-feed")
"""Values by which a link says that it stood in a feed."""

PRESENTATION = {
    "amp": re.compile(r"|1|true|yes", re.IGNORECASE),
    "outputtype": re.compile(r"amp|print", re.IGNORECASE),
    "print": re.compile(r"|1|true|yes|y", re.IGNORECASE),
    "mobile": re.compile(r"|1|true|yes", re.IGNORECASE),
}
"""Parameters (and their whole values) that change only how a page looks; identity ignores them."""

TWIN_LABELS = _words("www m amp mobile pda wap")
"""First host labels that name another rendering of the same site."""

INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|shtml|php|aspx?|jsp)\Z", re.IGNORECASE)

AMP_PATHS = {
    "kommersant.ru": (re.compile(r"/amp/(?=\d+\Z)"), "/doc/"),
}
"""AMP twins whose path is not the article's with a mark, by registrable domain."""

LINK_PROXIES = _words(
    """
    feedproxy.google.com feeds.feedburner.com feeds2.feedburner.com rss.feedsportal.com
    feedpress.me feed.informer.com news.google.com
    t.co bit.ly bitly.com j.mp goo.gl dlvr.it ow.ly buff.ly tinyurl.com ift.tt is.gd v.gd
    lnkd.in trib.al clck.ru vk.cc fb.me wp.me flip.it amp.gs
    """
)
"""Hosts whose links only lead elsewhere (feed proxies, shorteners): the one case where a redirect
to another site is another name of the same page."""

LINK_WRAPPERS = {
    ("google.com", "/url"): ("url", "q"),
    ("facebook.com", "/l.php"): ("u",),
    ("vk.com", "/away.php"): ("to",),
    ("umblr.com", "/redirect"): ("z",),
}
"""Links that carry their target in a parameter, by (registrable domain, path)."""

LANGUAGES = _words(
    """
    be by bel ru rus en eng uk ua ukr pl pol lt lit lv lav lat et est de deu ger fr fra fre es spa
    it ita cs cz cze sk ro rum bg hu fi sv da nl pt el tr ka hy az kk ky tg uz zh ar fa he ja ko
    ukrainian russian english
    """
)
"""Path segments and host labels that choose a language version: a different article, even under
the same number."""

CONTENT_PARAMETERS = _words(
    """
    id ids i n p nid aid pid uid gid newsid news_id news article articleid article_id art artid
    item itemid item_id story storyid story_id doc docid doc_id post postid post_id page pageid
    page_id view show uri url date day lang language l
    """
)
"""Names that choose what a page shows: a canonical link that drops one names another page."""

NOT_ARTICLES = _words(
    """
    login log-in signin sign-in logon signup sign-up register registration auth oauth sso account
    accounts user users profile subscribe subscription subscriptions paywall consent
    privacy-consent cookie cookies captcha challenge search suche szukaj paieska poisk recherche
    find 403 404 410 500 error errors not-found notfound page-not-found maintenance unavailable
    blocked tag tags category categories author authors topic topics tema temy theme themes
    rss feed feeds sitemap wp-login
    """
)
"""Path segments of pages that are never an article: log-in, search, consent, error, listing."""
