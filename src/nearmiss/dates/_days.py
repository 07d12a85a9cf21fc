"""Days and lengths of time as people type them: yesterday, last tuesday, 3/4/26, 3 months ago."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from nearmiss.dates._phrase import RefusedError
from nearmiss.dates.shown import MONTHS, WEEKDAYS

_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # others are slips of the finger

_MONTH_NUMBERS = {
    name: number
    for number, month in enumerate(MONTHS, 1)
    for name in (month, month[:3], *(["sept"] if month == "september" else []))
}
_WEEKDAY_NUMBERS = {
    name: number for number, weekday in enumerate(WEEKDAYS) for name in (weekday, weekday[:3])
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}

_MONTH = "(?P<month>" + "|".join(_MONTH_NUMBERS) + ")"
_WEEKDAY = "(?P<weekday>" + "|".join(_WEEKDAY_NUMBERS) + ")"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"


@dataclass(frozen=True)
class Day:
    """The dates that a day may mean, newest first: the latest past one is meant."""

    dates: tuple[date, ...]
    weekday: int | None = None  # Monday is 0; named beside the date, so it has to agree

    def check(self, meant: date) -> None:
        """Raise RefusedError if ``meant`` is not the day of the week that was named."""
        if self.weekday is not None and meant.weekday() != self.weekday:
            raise RefusedError(
                f"{meant.day} {MONTHS[meant.month - 1].title()} {meant.year} is a"
                f" {WEEKDAYS[meant.weekday()].title()}, not a {WEEKDAYS[self.weekday].title()}."
            )


def read_day(words: tuple[str, ...], today: date) -> Day | None:
    """Return the day that ``words`` name, or None. Raises RefusedError for impossible dates."""
    text = " ".join(words)
    for form, read in _DAY_FORMS:
        if found := re.fullmatch(form, text):
            return read(found, today)
    return None


def read_month(words: tuple[str, ...], today: date) -> date | None:
    """Return the first day of the month that ``words`` name: ``march``, ``march 2026``."""
    found = re.fullmatch(_MONTH + r"(?: (\d{4}|\d\d))?", " ".join(words))
    if not found:
        return None
    month = _MONTH_NUMBERS[found["month"]]
    year = _read_year(found[2]) if found[2] else today.year - (month > today.month)
    return _make_date(year, month, 1)


def read_days_ago(words: tuple[str, ...], today: date) -> date | None:
    """Return the day that lies a length of time back: ``90 days``, ``3 months ago``."""
    found = re.fullmatch(
        r"(?:(?:last )?(\d{1,3})|a) (day|week|fortnight|month|year)s?(?: ago)?", " ".join(words)
    )
    if not found:
        return None
    number, unit = int(found[1] or 1), found[2]
    if unit in ("month", "year"):
        back = _go_back_months(today, number * (12 if unit == "year" else 1))
    else:
        back = today - number * timedelta(days={"day": 1, "week": 7, "fortnight": 14}[unit])
    if back.year < _FIRST_YEAR:
        raise RefusedError("That is too long ago.")
    return back


def read_minutes_ago(words: tuple[str, ...]) -> int | None:
    """Return how many minutes ago ``words`` say, 0 for ``now``, or None."""
    text = " ".join(words)
    if text in ("now", "just now", "right now"):
        return 0
    if not text.endswith(" ago"):
        return None
    return _read_minutes(text.removesuffix(" ago"))


def _read_minutes(text: str) -> int | None:
    if found := re.fullmatch(r"(?:(a|3) )?quarters? (?:an )?hour", text):
        return 45 if found[1] == "3" else 15
    if re.fullmatch(r"(?:a )?half (?:an )?hour", text):
        return 30
    if found := re.fullmatch(r"(\d{1,3}|an)(?: hours?)? and a half(?: hours?)?", text):
        return 60 * _count(found[1]) + 30 if text.count("hour") == 1 else None
    found = re.fullmatch(
        r"(?:(\d{1,3}|an) ?(?:hours?|hrs?|h))?(?: and)? ?(?:(\d{1,3}|a) ?(?:minutes?|mins?))?",
        text,
    )
    if not found or not any(found.groups()):
        return None
    return 60 * _count(found[1]) + _count(found[2])


def _count(number: str | None) -> int:
    return 1 if number in ("a", "an") else int(number or 0)


def _read_day_back(days: int) -> Callable[[re.Match[str], date], Day]:
    return lambda _, today: Day((today - timedelta(days=days),))


def _read_days_ago(found: re.Match[str], today: date) -> Day | None:
    day = read_days_ago(tuple(found[0].split()), today)
    return Day((day,)) if day else None


def _read_weekday(found: re.Match[str], today: date) -> Day:
    back = (today.weekday() - _WEEKDAY_NUMBERS[found["weekday"]]) % 7
    if found["last"] and back == 0:
        back = 7
    latest = today - timedelta(days=back)
    return Day((latest, latest - timedelta(days=7)))


def _read_date(found: re.Match[str], today: date) -> Day:
    parts = found.groupdict()
    day, month = int(parts["day"]), _read_month_number(parts["month"], parts["day"])
    weekday = _WEEKDAY_NUMBERS.get(parts.get("weekday") or "")
    if parts.get("year"):
        return Day((_make_date(_read_year(parts["year"]), month, day),), weekday)
    years = [year for year in (today.year, today.year - 1) if day <= monthrange(year, month)[1]]
    return Day(tuple(_make_date(year, month, day) for year in years or [today.year]), weekday)


def _read_month_number(month: str, day: str) -> int:
    if not month.isdigit():
        return _MONTH_NUMBERS[month]
    if int(month) in range(1, 13):
        return int(month)
    if int(day) in range(1, 13) and int(month) in range(13, 32):
        raise RefusedError(f"The day comes first, then the month: {month}/{day}.")
    raise RefusedError(f"There is no month {month}.")


def _read_year(year: str) -> int:
    return int(("20" + year)[-4:])  # two digits are this century


def _make_date(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise RefusedError(f"The year {year} can't be right. Write it in full: 2026.")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise RefusedError(f"There is no {day} {MONTHS[month - 1].title()} in {year}.")
    return date(year, month, day)


def _go_back_months(today: date, months: int) -> date:
    year, before = divmod(today.year * 12 + today.month - 1 - months, 12)
    last_day = monthrange(year, before + 1)[1]
    return date(year, before + 1, min(today.day, last_day))


_NUMERIC = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?"
_DAY_FORMS: list[tuple[str, Callable[[re.Match[str], date], Day | None]]] = [
    ("today", _read_day_back(0)),
    ("yesterday", _read_day_back(1)),
    ("day before yesterday", _read_day_back(2)),
    ("tomorrow", _read_day_back(-1)),
    (r"(?:\d{1,3}|a) (?:day|week|fortnight)s? ago", _read_days_ago),
    (rf"(?P<last>last )?{_WEEKDAY}", _read_weekday),
    (rf"(?:{_WEEKDAY} )?{_ORDINAL} ?{_MONTH}(?: (?P<year>\d{{4}}|\d\d))?", _read_date),
    (rf"(?:{_WEEKDAY} )?{_MONTH} {_ORDINAL}(?: (?P<year>\d{{4}}))?", _read_date),
    (rf"(?:{_WEEKDAY} )?{_NUMERIC}", _read_date),
    (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d\d)", _read_date),
    (r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})", _read_date),
    (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _read_date),
]
