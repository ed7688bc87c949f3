"""Which time zone a publisher lives in, when neither the configuration nor its pages say.

Only Belarus and its neighbours with one time zone: their days are what a record of this project is
about. Every other newsroom's zone is configured beside its feed or in `config/sites.yml`.
Source: `zone.tab` of the IANA tz database.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_BY_COUNTRY_DOMAIN = {
    "by": "Europe/Minsk",
    "xn--90ais": "Europe/Minsk",
    "ee": "Europe/Tallinn",
    "lt": "Europe/Vilnius",
    "lv": "Europe/Riga",
    "pl": "Europe/Warsaw",
    "ua": "Europe/Kyiv",
}


def of_country(url: str) -> str | None:
    """The IANA zone of the country whose domain `url` is under; None for any other domain."""
    return _BY_COUNTRY_DOMAIN.get((urlsplit(url).hostname or "").rpartition(".")[2])
