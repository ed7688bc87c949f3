"""Dates as feeds write them, made aware UTC instants.

RFC 822/2822 (RSS), RFC 3339 / W3C-DTF / ISO 8601 (Atom, JSON Feed, sitemaps) and the usual slips:
month names in the feed's own language, zone names that the RFC does not know, a missing zone,
American order, Unix seconds.
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

# The most frequent form by far, and the only one that may be written without separators.
_ISO = re.compile(
    r"(\d{4})-?(\d{2})(?:-?(\d{2}))?"
    r"(?:[T ,]{1,3}(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,12})?)?)?"
    r"(?!\d)\s{0,3}(.{0,60})",
    re.I,
)
_TIME = re.compile(
    r"(?<!\d)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,12})?)?(?!\d)\s{0,2}(?:([ap])\.?\s?m\b\.?)?",
    re.I,
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.,-]{1,4}(?P<m>[^\W\d_]{3,15})"
    r"[\s.,-]{1,4}(?P<y>\d{4}|\d{2})(?!\d)",
    re.I,
)
_MONTH_FIRST = re.compile(
    r"(?P<m>[^\W\d_]{3,15})\.?\s{1,3}(?P<d>\d{1,2})(?:st|nd|rd|th)?[,\s]{1,4}(?P<y>\d{4})(?!\d)",
    re.I,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<!\d)(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4}|\d{2})(?!\d)")
_OFFSET = re.compile(r"[^\d+-]{0,12}?-?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_UNIX = re.compile(r"\d{9,10}(?:\d{3})?")
_LARGEST_OFFSET = timedelta(hours=14)


def parse_date(text: str, zone: str | None = None) -> datetime | None:
    """The instant that `text` names, in UTC; None when it names none or an impossible one.

    `zone` is the IANA zone of the publisher, for dates that give none; UTC without it.
    """
    text = " ".join(text[:_MAX_LENGTH].split())
    try:
        moment = _moment(text, zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment >= _EARLIEST else None


def _moment(text: str, zone: str | None) -> datetime | None:
    if _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10] if len(text) > 10 else text), UTC)
    if m := _ISO.match(text):
        clock = (int(m[4] or 0), int(m[5] or 0), int(m[6] or 0))
        return _at((int(m[1]), int(m[2]), int(m[3] or 1)), clock, m[7], zone)
    clock, before, after = (0, 0, 0), text, ""
    if time := _TIME.search(text):
        hour = _half_day(int(time[1]), (time[4] or "").lower())
        clock = (hour, int(time[2]), int(time[3] or 0))
        before, after = text[: time.start()], text[time.end() :]
    # The day stands before the time, after it, or around it (`Nov 24 12:00:00 2026`).
    for place in (before, after, f"{before} {after}"):
        if found := _day(place):
            day, rest = found
            return _at(day, clock, rest if place is not before or not time else after, zone)
    return None


def _day(text: str) -> tuple[tuple[int, int, int], str] | None:
    """Year, month and day that `text` names, and the text behind them."""
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _DOTTED):
        for m in pattern.finditer(text):
            month = int(m["m"]) if m["m"].isdecimal() else _month(m["m"])
            if month is None:
                continue
            year, day = int(m["y"]), int(m["d"])
            if year < 100:
                year += 2000 if year < 70 else 1900
            if month > 12 and day <= 12:  # 11/24/2026: the American order
                month, day = day, month
            return (year, month, day), text[m.end() :]
    return None


def _at(
    day: tuple[int, int, int], clock: tuple[int, int, int], rest: str, zone: str | None
) -> datetime:
    """The instant of a day and a time of day; `rest` is what follows them, perhaps a zone."""
    hour, minute, second = clock
    naive = datetime(*day, hour % 24 if hour == 24 else hour, minute, min(second, 59))
    if hour == 24:
        naive += timedelta(days=1)
    return naive.replace(tzinfo=_zone(rest, zone)).astimezone(UTC)


def _half_day(hour: int, half: str) -> int:
    if half == "p" and hour < 12:
        return hour + 12
    return 0 if half == "a" and hour == 12 else hour


def _zone(rest: str, zone: str | None) -> tzinfo:
    """The zone that `rest` begins with, else the publisher's, else UTC."""
    rest = rest.strip(" ().,-") if rest[:1] != "-" else rest
    if m := _OFFSET.match(rest):
        offset = timedelta(hours=int(m[2]), minutes=int(m[3] or 0))
        if offset <= _LARGEST_OFFSET:
            return timezone(-offset if m[1] == "-" else offset)
    word = rest.partition(" ")[0].rstrip(").,")
    if word.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[word.lower()]))
    for name in (word if "/" in word else None, zone):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return UTC


def _month(name: str) -> int | None:
    """The month of a name in any of the languages; None for a word that is none."""
    name = name.lower()
    for length in range(min(len(name), 7), 2, -1):
        if number := _MONTH_BY_PREFIX.get(name[:length]):
            return number
    return None
