"""Which time zone a publisher lives in, when neither the configuration nor its pages say.

Only the country domains of Europe with one time zone, from the IANA tz database's `zone.tab`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_BY_COUNTRY_DOMAIN = {
    "al": "Europe/Tirane", "at": "Europe/Vienna", "ba": "Europe/Sarajevo", "be": "Europe/Brussels",
    "bg": "Europe/Sofia", "by": "Europe/Minsk", "ch": "Europe/Zurich", "cy": "Asia/Nicosia",
    "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "ee": "Europe/Tallinn",
    "fi": "Europe/Helsinki", "fr": "Europe/Paris", "gr": "Europe/Athens", "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest", "ie": "Europe/Dublin", "it": "Europe/Rome", "lt": "Europe/Vilnius",
    "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "md": "Europe/Chisinau", "mt": "Europe/Malta",
    "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "pl": "Europe/Warsaw", "ro": "Europe/Bucharest",
    "rs": "Europe/Belgrade", "se": "Europe/Stockholm", "si": "Europe/Ljubljana",
    "sk": "Europe/Bratislava", "ua": "Europe/Kyiv", "uk": "Europe/London",
    "xn--90ais": "Europe/Minsk",
}  # fmt: skip


def of_country(url: str) -> str | None:
    """The IANA zone of the country whose domain `url` is under; None for any other domain."""
    return _BY_COUNTRY_DOMAIN.get((urlsplit(url).hostname or "").rpartition(".")[2])
