"""Reading a date that is told without its year, or from today: "24 ноября, 12:30", "wczoraj, 9:41".

The last resort for pages that state their date nowhere else. In: a short line of the page's head
and when the page was fetched, on the publisher's clock. A day without a year is the nearest one
that has come; "2 hours ago" gives the day alone, for the minute would be made up.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from pipeline.extract import datetext

# A site that leaves the year out speaks of the last months.
_OLDEST = timedelta(days=300)
_CLOCK = (
    r"(?:,|\||–|—|-|·|•|в|у|о|o|at|à|um|godz\.|plkst\.|kell|\s)*"
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?![\d.])"
)
_NO_YEAR = re.compile(
    rf"(?<![\d.])(?:(?P<day>\d{{1,2}})(?:\.|-?(?:го|st|nd|rd|th|er))?\s*(?:de\s+|of\s+)?"
    rf"(?P<name>{datetext.MONTH})[^\W\d_]*\.?"
    rf"|\b(?P<name2>{datetext.MONTH})[^\W\d_]*\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\s*d\.)?)"
    rf"(?!\w)(?!,?\s*(?:19|20)\d\d)(?:{_CLOCK})?",
    re.IGNORECASE,
)
_DAYS_AGO = {
    0: "сегодня сёння сення сьогодні dziś dzisiaj šiandien šodien täna heute aujourd'hui today",
    1: "вчера учора ўчора вчора wczoraj vakar eile gestern hier yesterday",
    2: "позавчера пазаўчора позавчора przedwczoraj užvakar aizvakar üleeile vorgestern avant-hier",
}
_WORDS = {word: days for days, words in _DAYS_AGO.items() for word in words.split()}
_FROM_TODAY = re.compile(
    rf"(?<!\w)(?P<word>{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?!\w)"
    rf"{_CLOCK}",
    re.IGNORECASE,
)
_UNITS = {
    "minutes": r"мин(?:ут\w*)?|хвілін\w*|хв(?:илин\w*)?|min(?:ut\w*|\.)?|minūt\w*",
    "hours": r"час(?:а|ов)?|гадзін\w*|годин\w*|godzin\w*|valand\w*|val\.|stund\w*|tund\w*|std\.|"
    r"heures?|hours?|h",
    "days": r"день|дня|дней|дзень|дні|дзён|днів|dni|dzień|dien\w*|päeva?|tag(?:en?)?|jours?|days?",
}
_UNIT = "|".join(f"(?P<{name}>{forms})" for name, forms in _UNITS.items())
_AGO = re.compile(
    rf"(?:(?:prieš|pirms|vor|il y a)\s+)?(?<!\d)(?P<count>\d{{1,2}})\s*(?:{_UNIT})(?!\w)"
    r"\.?\s*(?P<after>назад|таму|тому|temu|tagasi|ago)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"prieš|pirms|vor|il y a", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


def find(line: str, now: datetime) -> datetime | date | None:
    """The day, or the moment on the clock of `now`, that a short line tells; None if it tells none.

    Beside a date without a time of day the line must say nothing else ("election on 24 November" is
    no date of publication), and "today" alone is a menu.
    """
    for pattern, day_of in ((_NO_YEAR, _last_such_day), (_FROM_TODAY, _day_from_today)):
        match = pattern.search(line)
        day = day_of(match, now.date()) if match else None
        if match is None or day is None:
            continue
        if match["hour"]:
            moment = datetime.combine(day, time(int(match["hour"]), int(match["minute"])))
            moment = moment.replace(tzinfo=now.tzinfo)
            return moment if moment <= now + timedelta(hours=1) else None
        if not _WORD.search(line[: match.start()] + line[match.end() :]):
            return day
    return _ago(line, now)


def _last_such_day(match: re.Match[str], today: date) -> date | None:
    month = datetext.MONTHS[(match["name"] or match["name2"]).lower()]
    for year in (today.year, today.year - 1):
        try:
            day = date(year, month, int(match["day"] or match["day2"]))
        except ValueError:
            continue
        if day <= today:
            return day if today - day <= _OLDEST else None
    return None


def _day_from_today(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=_WORDS[match["word"].lower()])


def _ago(line: str, now: datetime) -> date | None:
    match = _AGO.search(line)
    if match is None or not (match["after"] or _BEFORE.match(match[0])):
        return None
    unit = next(name for name in _UNITS if match[name])
    return (now - timedelta(**{unit: int(match["count"])})).date()
