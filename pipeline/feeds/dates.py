"""Dates as feeds write them, made aware UTC instants.

RFC 822/2822 (RSS), RFC 3339 / W3C-DTF / ISO 8601 (Atom, JSON Feed, sitemaps) and the usual slips:
month names in the feed's own language, zone names that the RFC does not know, a missing zone,
Unix seconds. What remains goes to feedparser's own handlers.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EARLIEST: Final = datetime(1991, 1, 1, tzinfo=UTC)
"""Before the Web: a zero (1970-01-01, 0001-01-01) that the publisher's program printed."""
_MAX_LENGTH: Final = 100

# Hours east of UTC. RFC 822's names, then the ones of the region that feeds use.
_ZONES: Final[dict[str, float]] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "ist": 1,
    "cet": 1, "met": 1, "cest": 2, "mest": 2, "mez": 1, "mesz": 2,
    "eet": 2, "eest": 3, "msk": 3, "msd": 4, "fet": 3, "trt": 3, "samt": 4,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

# The first letters that tell the months apart, by language.
_MONTHS: Final = {
    1: "jan januar янв студз січ sty saus sausio janv janvier",
    2: "feb fév fev фев лют лютага luty lut vas vasario",
    3: "mar mär mrz märz мар сак бер kov kovo mars",
    4: "apr avr апр крас кві kwi bal baland",
    5: "may mai maj мая май мае трав тра geg mai maijs",
    6: "jun juin июн чэрв чэр чер cze bir birž jūn",
    7: "jul juil июл ліп лип lip liep jūl",
    8: "aug août aou авг жні сер sie rugp",
    9: "sep sept сен вер wrz rugs",
    10: "oct okt окт кас жов paź spa spal",
    11: "nov ноя ліс лис lis lap lapkr",
    12: "dec dez déc дек сне сні гру gru grd gruo",
}
_MONTH_BY_PREFIX: Final = {
    prefix: number for number, prefixes in _MONTHS.items() for prefix in prefixes.split()
}

_ISO = re.compile(
    r"(\d{4})-?(\d{2})(?:-?(\d{2}))?"
    r"(?:[T ,]{1,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,12})?)?)?"
    r"\s{0,3}(.{0,40})",
    re.I,
)
_RFC822 = re.compile(
    r"(?:[^\W\d_]{1,20}\.?,?\s{1,3})?(\d{1,2})[\s.-]{1,3}([^\W\d_]{3,15})\.?,?[\s-]{1,3}(\d{4}|\d{2})"
    r"(?:\s{0,2}(?:г\.?|г\.,|р\.)?,?\s{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s{0,3}(.{0,40})"
)
_US_ORDER = re.compile(
    r"(?:[^\W\d_]{1,20}\.?,?\s{1,3})?([^\W\d_]{3,15})\.?\s{1,3}(\d{1,2}),?\s{1,3}(\d{4})"
    r"(?:,?\s{1,3}(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s{0,3}(.{0,40})"
)
_DOTTED = re.compile(
    r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:,?\s{1,3}(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s{0,3}(.{0,40})"
)
_OFFSET = re.compile(r"(?:gmt|utc|ut)?\s?([+-])(\d{1,2}):?(\d{2})?\b", re.I)
_UNIX = re.compile(r"\d{9,10}(?:\d{3})?")


def parse_date(text: str, zone: str | None = None) -> datetime | None:
    """The instant that `text` names, in UTC; None when it names none or an impossible one.

    `zone` is the IANA zone of the publisher, for dates that give none; UTC without it.
    """
    text = " ".join(text[:_MAX_LENGTH].split())
    if not text:
        return None
    try:
        moment = _moment(text, zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment >= _EARLIEST else None


def _moment(text: str, zone: str | None) -> datetime | None:
    if _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10] if len(text) > 10 else text), UTC)
    if m := _ISO.match(text):
        return _at((m[1], m[2], m[3] or "1"), (m[4], m[5], m[6]), m[7], zone)
    if m := _RFC822.match(text):
        return _at((m[3], _month(m[2]), m[1]), (m[4], m[5], m[6]), m[7], zone)
    if m := _US_ORDER.match(text):
        return _at((m[3], _month(m[1]), m[2]), (m[4], m[5], m[6]), m[7], zone)
    if m := _DOTTED.match(text):
        return _at((m[3], m[2], m[1]), (m[4], m[5], m[6]), m[7], zone)
    return None


def _at(
    day: tuple[str, str | int, str],
    time: tuple[str | None, str | None, str | None],
    rest: str,
    zone: str | None,
) -> datetime:
    year = int(day[0])
    if year < 100:
        year += 2000 if year < 70 else 1900
    hour, minute, second = (int(part) if part else 0 for part in time)
    hour, carry = (0, 1) if hour == 24 else (_half_day(hour, rest), 0)
    naive = datetime(year, int(day[1]), int(day[2]), hour, minute, min(second, 59))
    return (naive + timedelta(days=carry)).replace(tzinfo=_zone(rest, zone)).astimezone(UTC)


def _half_day(hour: int, rest: str) -> int:
    half = rest[:2].lower()
    if half == "pm" and hour < 12:
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour


def _zone(rest: str, zone: str | None) -> tzinfo:
    """The zone that follows the time of day, else the publisher's, else UTC."""
    rest = rest.strip(" ().")
    if rest[:2].lower() in ("am", "pm"):
        rest = rest[2:].lstrip()
    if m := _OFFSET.match(rest):
        offset = timedelta(hours=int(m[2]), minutes=int(m[3] or 0))
        if offset < timedelta(hours=24):
            return timezone(-offset if m[1] == "-" else offset)
    name = rest.split(" ", 1)[0].rstrip(")").lower()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    for candidate in (rest.split(" ", 1)[0] if "/" in rest else None, zone):
        if candidate:
            try:
                return ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return UTC


def _month(name: str) -> int:
    """The month of a name in any of the languages; raises ValueError for a word that is none."""
    name = name.lower()
    for length in range(min(len(name), 7), 2, -1):
        if number := _MONTH_BY_PREFIX.get(name[:length]):
            return number
    raise ValueError(f"no month: {name}")
