"""Reading a date, with or without a time of day, from how publishers write it.

Understands ISO 8601 and its common slips, RFC 2822, Unix seconds and milliseconds, `17.10.2025`,
and month names in Belarusian, Russian, Ukrainian, Polish, Lithuanian, Latvian, Estonian, German,
French and English. An ambiguous `3/4/2025` is not read at all.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

MONTHS: dict[str, int] = {
    stem: number
    for number, stems in enumerate(
        (
            "янв студз січ stycz saus janv jaan jän jan",
            "фев лют лютага lut vasa febr feb veebr fév fev",
            "мар сак берез mar kov märts märz mars",
            "апр красав квіт kwie bal apr avr",
            "мая май трав maj geg mai may",
            "июн чэрв черв czerw birž jūn juuni jun juin",
            "июл ліп лип lip liep jūl juuli jul juil",
            "авг жнів жніў серп sier rugp aug août aout",
            "сен верас верес wrz rugs sept sep",
            "окт кастр жовт paź paz spal okt oct",
            "ноя лістап листоп listop lapk nov",
            "дек снеж снежн груд grud gruod dec dets dez déc",
        ),
        start=1,
    )
    for stem in stems.split()
}
MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_TIME = (
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d))?(?:[.,]\d+)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
)
_ZONE = r"(?P<zone>Z\b|(?:UTC|GMT)?\s?[+\u2212-]\d{1,2}:?(?:\d\d)?\b|[A-Z]{3,4}\b)?"
# Between a day and its time: "17.10.2025, 09:41", "17 октября 2025 в 09:41", "… | 09:41".
_BETWEEN = r"[,|•·/–—-]|в|у|о|o|at|à|um|g\.|godz\.|гг?\.|года|plkst\.|kell"
_CLOCK = rf"(?:(?:T|\s*(?:{_BETWEEN})?\s*(?:{_BETWEEN})?\s*){_TIME}\s*{_ZONE})?"
_YEAR, _DAY = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})"
_NAME = rf"(?P<name>{MONTH})[^\W\d_]*"
_ISO = re.compile(rf"{_YEAR}[-./](?P<month>\d{{1,2}})[-./]{_DAY}(?!\d){_CLOCK}")
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    rf"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?{_ZONE})?$"
)
_NUMERIC = re.compile(
    rf"(?<![\d.]){_DAY}(?P<sep>[./-])(?P<month>\d{{1,2}})(?P=sep)"
    rf"(?P<year>\d{{4}}|\d\d)(?!\d){_CLOCK}"
)
_NAMED_DAY_FIRST = re.compile(
    rf"(?<!\d){_DAY}(?:\.|-?(?:го|st|nd|rd|th|er|e))?\s*(?:de\s+|of\s+)?"
    rf"{_NAME}\.?,?\s*{_YEAR}{_CLOCK}",
    re.IGNORECASE,
)
_NAMED_MONTH_FIRST = re.compile(
    rf"\b{_NAME}\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}{_CLOCK}", re.IGNORECASE
)
# Lithuanian and Latvian put the year first: "2025 m. spalio 17 d.", "2025. gada 17. oktobris".
_NAMED_YEAR_FIRST = re.compile(
    rf"{_YEAR}\s*(?:m\.|metų|\.\s*gada|\.)\s*(?:{_DAY}\.\s*)?{_NAME}"
    rf"\s*(?P<day2>\d{{1,2}})?(?:\s*d\.)?{_CLOCK}",
    re.IGNORECASE,
)
# English writes "9:41 a.m. EDT, October 17, 2025" too.
_TIME_FIRST = re.compile(rf"(?<!\d){_TIME}(?![\d.])\s*{_ZONE}", re.IGNORECASE)
_PATTERNS = (_ISO, _NAMED_DAY_FIRST, _NAMED_MONTH_FIRST, _NAMED_YEAR_FIRST, _NUMERIC)

# Abbreviations that mean one offset wherever news uses them (hours east of Greenwich).
_ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "JST": 9, "KST": 9,
}  # fmt: skip


def read(text: str) -> datetime | date | None:
    """The date in a machine-readable value (an attribute, a JSON string); None if it is none.

    A datetime is aware when the value states its offset, naive when it does not.
    """
    text = text.strip()
    if not text or len(text) > 100:
        return None
    if text.isascii() and text.isdecimal() and len(text) in (10, 13):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if match := _COMPACT.match(text):
        return _build(match)
    found = find(text)
    if found is not None:
        return found
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None


def find(text: str) -> datetime | date | None:
    """The first complete date (with its year) in running text, with the time of day beside it."""
    matches = [match for pattern in _PATTERNS if (match := pattern.search(text))]
    for match in sorted(matches, key=lambda m: m.start()):
        built = _build(match)
        if built is None:
            continue
        if not isinstance(built, datetime) and (
            before := _TIME_FIRST.search(text[: match.start()])
        ):
            return _with_time(built, before)
        return built
    return None


def _build(match: re.Match[str]) -> datetime | date | None:
    parts = match.groupdict()
    month = int(parts["month"]) if parts.get("month") else MONTHS[parts["name"].lower()]
    day = int(parts.get("day") or parts.get("day2") or 0)
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    # 3/4/2025 is April in London and March in New York; 13/4/2025 can only be one.
    if parts.get("sep") == "/" and month <= 12 and day <= 12 and month != day:
        return None
    if parts.get("sep") == "/" and month > 12:
        day, month = month, day
    try:
        built = date(year, month, day)
    except ValueError:
        return None
    return _with_time(built, match) if parts.get("hour") else built


def _with_time(day: date, match: re.Match[str]) -> datetime:
    parts = match.groupdict()
    hour = int(parts["hour"])
    half = (parts.get("half") or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    moment = datetime(day.year, day.month, day.day, hour, int(parts["minute"]))
    moment += timedelta(seconds=int(parts.get("second") or 0))
    return moment.replace(tzinfo=_offset(parts.get("zone")))


def _offset(text: str | None) -> timezone | None:
    """The offset that a zone suffix states; None when there is none, or none that we know."""
    if not text:
        return None
    text = text.strip()
    if text in ("Z", "z"):
        return UTC
    numeric = re.fullmatch(r"(?:UTC|GMT)?\s?([+\u2212-])(\d{1,2}):?(\d\d)?", text)
    if numeric is None:
        hours = _ABBREVIATIONS.get(text.upper())
        return None if hours is None else timezone(timedelta(hours=hours))
    offset = timedelta(hours=int(numeric[2]), minutes=int(numeric[3] or 0))
    if offset > timedelta(hours=14):
        return None
    if not offset:
        return UTC
    return timezone(offset if numeric[1] == "+" else -offset)
