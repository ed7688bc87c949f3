"""What is known about URLs on the web: facts for `pipeline.urls`, without logic.

Each list names where its facts come from. A parameter belongs here only when a page is the same
with and without it; a name that some site uses for content (`ref`, `from`, `sid`, `source`) is
either bound to that site or to the shape of its value.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRACKING_PREFIXES = (
    "utm_",  # Google Analytics campaign parameters: Analytics help, "URL builders"
    "mtm_",  # Matomo campaign tracking: matomo.org/faq/tracking-campaigns
    "pk_",  # Matomo under its old name Piwik, same page
    "matomo_",
    "hsa_",  # HubSpot ads: knowledge.hubspot.com, "Ads tracking"
    "_hs",  # HubSpot email: _hsenc, _hsmi
    "at_",  # Piano (AT Internet) campaigns, used by the BBC and France Médias Monde
    "stm_",
    "wt_",  # Mapp Intelligence (Webtrekk): wt_mc, wt_zmc at zeit.de and spiegel.de
    "vero_",  # Vero email
    "oly_",  # Omeda newsletters: oly_enc_id, oly_anon_id
    "sc_",  # Adobe/Sitecatalyst campaign codes (sc_cid, sc_channel)
    "sara_",  # spiegel.de sharing
    "__cf_chl_",  # Cloudflare challenge tokens: developers.cloudflare.com/cloudflare-challenges
    "amp_js_",  # AMP viewer: amp.dev, "AMP in viewers"
    "hmb_",
    "itm_",  # internal campaign links (Snowplow docs)
    "int_",
    "aspsessionid",  # classic ASP session cookie moved into the URL
)
"""Lower-case beginnings of parameter names that only track."""

TRACKING = _words(
    """
    gclid gclsrc dclid gbraid wbraid gad gad_source gad_campaignid srsltid _ga _gl _gac
    fbclid fb_action_ids fb_action_types fb_source fb_ref fb_comment_id fbadid action_object_map
    action_type_map action_ref_map mibextid
    yclid ymclid ysclid ybaip _openstat etext yadclid yadordid
    msclkid twclid ttclid li_fat_id igshid igsh epik rdt_cid sccid
    mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash ck_subscriber_id s_cid ns_campaign
    ns_linkname ns_mchannel ns_source ns_fee cmpid icid ocid ncid xtor xtref ito smid cndid esrc
    zanpid irclickid irgwc dm_i wickedid trk_contact trk_msg trk_module trk_sid
    cx_recsorder cx_testid cx_testvariant traffic_source
    spm scm vero_id awesm pf_rd_p piwik_campaign piwik_kwd
    __twitter_impression __s __tn__ _bta_c _bta_tid _ke _kx _branch_match_id _branch_referrer
    guccounter guce_referrer guce_referrer_sig soc_src soc_trk tblci
    frommedia from_rss fromrss
    """
)
"""Lower-case parameter names that only track. Sources, line by line: Google Ads and Merchant
Center help (click ids); Meta's developer pages; Yandex Direct and Metrica help; the click ids of
Microsoft, X, TikTok, LinkedIn, Instagram, Pinterest, Reddit, Snap; Mailchimp, Marketo, MailerLite,
ConvertKit, Adobe, comScore and Piano/AT Internet tagging guides; affiliate networks' click ids;
Chartbeat/Piano recommendation tests; Alibaba and Branch; HubSpot, Klaviyo, Yahoo, Taboola."""

SESSION = frozenset({"phpsessid", "jsessionid", "sessionid", "session_id", "cfid", "cftoken"})
"""Names of session ids that servers put into URLs (PHP, Java servlets, ColdFusion manuals)."""

SESSION_IF_LONG = frozenset({"sid", "s", "sess", "session", "oscsid", "zenid"})
"""Session ids only when the value looks like one: `?sid=15` is content on many a site."""

SESSION_VALUE = re.compile(r"[0-9a-f]{24,}", re.IGNORECASE)
PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)

REFERRER = frozenset({"ref", "referrer", "referer", "ref_src", "ref_url", "via", "source", "from"})
"""Dropped only when the value names the page or feed that linked here, or the site itself."""

SITE_TRACKING: dict[str, frozenset[str]] = {
    # Seen in the sites' own feed and share links.
    "dw.com": frozenset({"maca"}),
    "spiegel.de": frozenset({"sara_ecid"}),
    "kommersant.ru": frozenset({"from"}),
    "rbc.ru": frozenset({"from"}),
    "lenta.ru": frozenset({"from"}),
    "interfax.ru": frozenset({"from"}),
    "gazeta.ru": frozenset({"from"}),
    "onet.pl": frozenset({"srcc"}),
    "newsweek.pl": frozenset({"srcc"}),
    "sueddeutsche.de": frozenset({"source", "reduced"}),
    "welt.de": frozenset({"source", "icid", "cid"}),
    "faz.net": frozenset({"campaign", "service"}),
    "lemonde.fr": frozenset({"lmd_medium", "lmd_campaign", "lmd_creation", "lmd_source"}),
    "theguardian.com": frozenset({"cmp"}),
    "nytimes.com": frozenset({"partner", "emc"}),
    "francetvinfo.fr": frozenset({"origin"}),
    "t.me": frozenset({"single", "embed", "comment"}),
}
"""Parameters that track on one site only, by registrable domain."""

PRESENTATION: dict[str, re.Pattern[str]] = {
    "amp": re.compile(r"|1|true|yes", re.IGNORECASE),
    "outputtype": re.compile(r"amp|print", re.IGNORECASE),
    "print": re.compile(r"|1|true|yes|y", re.IGNORECASE),
    "mobile": re.compile(r"|1|true|yes", re.IGNORECASE),
}
"""Parameters (and the whole values) that change only how a page looks; identity ignores them."""

TWIN_LABELS = frozenset({"www", "m", "amp", "mobile", "pda", "wap"})
"""First host labels that name another rendering of the same site."""

INDEX_FILES = re.compile(r"/(?:index|default)\.(?:html?|shtml|php|aspx?|jsp)\Z", re.IGNORECASE)

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

LINK_WRAPPERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("google.com", "/url"): ("url", "q"),
    ("facebook.com", "/l.php"): ("u",),
    ("vk.com", "/away.php"): ("to",),
    ("umblr.com", "/redirect"): ("z",),
    ("ok.ru", "/dk"): ("st.link",),
}
"""Links that carry their target in a parameter, by (registrable domain, path)."""

LANGUAGES = _words(
    """
    be by bel ru rus en eng uk ua ukr pl pol lt lit lv lav lat et est de deu ger fr fra fre es spa
    it ita cs cz cze sk ro rum bg hu fi sv da nl pt el tr ka hy az kk ky tg uz zh ar fa he ja ko
    """
)
"""Path segments and host labels that choose a language version: a different article, even under
the same number."""

NOT_ARTICLES = _words(
    """
    login log-in signin sign-in logon signup sign-up register registration auth oauth sso account
    accounts user users profile subscribe subscription subscriptions abo paywall consent
    privacy-consent cookie cookies captcha challenge search suche szukaj paieska poisk recherche
    find 404 error errors not-found notfound maintenance unavailable blocked tag tags category
    categories author authors archive archives rss feed feeds sitemap
    """
)
"""Path segments of pages that are never an article: log-in, search, consent, error, listing."""
