"""Days as people type them, past (yesterday, 3/4/26) and to come (friday, in 2 weeks).

As for days past, nothing is guessed: where two days may be meant, both are asked about.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nearmiss.dates.clock import read_clock
from nearmiss.dates.phrase import (
    WEEKDAY,
    WEEKDAY_NUMBERS,
    DateNotUnderstood,
    RefusedError,
    find_likely,
    read_phrase,
    regularise,
    tell_refusal,
    tidy_typed,
)
from nearmiss.dates.shown import MONTHS, WEEKDAYS, echo_day, echo_weekday, name_day, name_weekday

_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # others are slips of the finger
_FRIDAY, _SUNDAY = 4, 6
HALF_A_YEAR = timedelta(days=182)

_MONTH_NUMBERS = {
    name: number
    for number, month in enumerate(MONTHS, 1)
    for name in (month, month[:3], *(["sept"] if month == "september" else []))
}
_MONTH = "(?P<month>" + "|".join(_MONTH_NUMBERS) + ")"
_WEEKDAY = "(?P<weekday>" + "|".join(WEEKDAY_NUMBERS) + ")"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MOST_SHORT_YEARS = 9  # away that two digits may mean: 26-04-03 is not a day of 2003
_DOTTED = r"(?P<day>\d{1,2})\.(?P<month>0?[1-9]|1[0-2])"  # a day without a year, or a time


@dataclass(frozen=True)
class NamedDay:
    """The dates that a day may mean, newest first: the latest past one is meant."""

    dates: tuple[date, ...]
    weekday: int | None = None  # Monday is 0; named beside the date, so it has to agree
    unsure: bool = False  # any of them may be meant
    unsure_alone: bool = False  # any of them may be meant, unless a time of day decides
    doubtful: date | None = None  # older than this they are likelier a slip than meant

    def alone(self) -> "NamedDay":
        """Return the day as it is meant where no time of day is named."""
        return replace(self, unsure=self.unsure or self.unsure_alone)

    def list_fitting(self, fits: Callable[[date], bool]) -> list[date]:
        """Return the date that is meant: the newest that ``fits``, or where unsure all that do."""
        fitting = [each for each in self.dates if fits(each)]
        meant = fitting if self.unsure else fitting[:1]
        for each in meant:
            self.check(each)
        return meant

    def check(self, meant: date) -> None:
        """Raise RefusedError if ``meant`` is a slip: too old, or not the weekday that was named."""
        if self.doubtful is not None and meant < self.doubtful:
            older = echo_day(meant)
            raise RefusedError(f"That is still to come. If you mean {older}, write it like that.")
        if self.weekday is not None and meant.weekday() != self.weekday:
            named = WEEKDAYS[self.weekday].title()
            raise RefusedError(f"{name_day(meant)} is a {name_weekday(meant)}, not a {named}.")


def read_day(words: tuple[str, ...], today: date) -> NamedDay | None:
    """Return the day that ``words`` name, or None. Raises RefusedError for impossible dates."""
    text = " ".join(words)
    for form, read in _DAY_FORMS:
        if found := re.fullmatch(form, text):
            return read(found, today)
    return None


def may_be_hour(text: str) -> bool:
    """Whether ``text`` is a day without a year that may be a time as well: 8.10, but not 29.11."""
    found = re.fullmatch(_DOTTED, text)
    return found is not None and int(found["day"]) in range(24)


def read_span(words: tuple[str, ...], today: date) -> tuple[date, date] | None:
    """Return the month or year that ``words`` name: its first day, and the day after its last."""
    text, unit = " ".join(words), "month"
    if found := re.fullmatch(r"(last|this) (month|year)", text):
        unit, month = found[2], today.month if found[2] == "month" else 1
        first = shift(today.replace(month=month, day=1), -(found[1] == "last"), unit)
    elif found := re.fullmatch(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", text):
        unit = "month" if found[2] else "year"
        first = make_date(int(found[1]), int(found[2] or 1), 1)
    elif found := re.fullmatch(_MONTH + r"(?: (\d{4}|\d\d))?", text):
        month = _MONTH_NUMBERS[found["month"]]
        year = _read_year(found[2]) if found[2] else today.year - (month > today.month)
        first = make_date(year, month, 1)
    else:
        return None
    return first, shift(first, 1, unit)


def read_days_ago(words: tuple[str, ...], today: date) -> date | None:
    """Return the day that lies a length of time back: ``90 days``, ``3 months ago``."""
    found = re.fullmatch(
        r"(?:(?:last )?(\d{1,3})|a) (day|week|fortnight|month|year)s?(?: ago)?", " ".join(words)
    )
    return shift(today, -int(found[1] or 1), found[2]) if found else None


def read_minutes_ago(words: tuple[str, ...]) -> int | None:
    """Return how many minutes ago ``words`` say, 0 for ``now``, or None."""
    text = " ".join(words)
    if text in ("now", "just now", "right now"):
        return 0
    if not text.endswith(" ago"):
        return None
    return _read_minutes(text.removesuffix(" ago"))


def _read_minutes(text: str) -> int | None:
    if found := re.fullmatch(r"(?:(a|3) )?quarters? (?:an )?ho?u?r", text):
        return 45 if found[1] == "3" else 15
    if re.fullmatch(r"(?:a )?half (?:an )?ho?u?r", text):
        return 30
    if found := re.fullmatch(r"(\d{1,2})\.(5|25|75) ?(?:hours?|hrs?|h)", text):
        return int(60 * float(f"{found[1]}.{found[2]}"))
    found = re.fullmatch(r"(\d{1,3}|an)?( ?ho?u?rs?)? and (?:a )?half( ho?u?rs?)?", text)
    if found and bool(found[2]) != bool(found[3]):
        return 60 * _count(found[1] or "an") + 30
    found = re.fullmatch(
        r"(?:(\d{1,3}|an) ?(?:hours?|hrs?|h))?(?: and)? ?(?:(\d{1,3}|a) ?(?:minutes?|mins?))?", text
    )
    if not found or not any(found.groups()):
        return None
    return 60 * _count(found[1]) + _count(found[2])


def _count(number: str | None) -> int:
    return 1 if number in ("a", "an") else int(number or 0)


def _read_day_back(days: int) -> Callable[[re.Match[str], date], NamedDay]:
    return lambda _, today: NamedDay((today - timedelta(days=days),))


def _read_days_ago(found: re.Match[str], today: date) -> NamedDay | None:
    day = read_days_ago(tuple(found[0].split()), today)
    return NamedDay((day,)) if day else None


def _read_weekday(found: re.Match[str], today: date) -> NamedDay:
    weekday, which = WEEKDAY_NUMBERS[found["weekday"]], found["which"]
    back = (today.weekday() - weekday) % 7
    if which == "this":
        return NamedDay((today + timedelta(days=weekday - today.weekday()),))
    if which == "lastweek":
        return _read_last_week(today, weekday)
    if which and back == 0:
        back = 7
    latest = today - timedelta(days=back)
    # On a Wednesday, "last tuesday" may be yesterday or the Tuesday of last week.
    unsure = which == "last" and (back == 1 or back <= today.weekday())
    return NamedDay((latest, latest - timedelta(days=7)), unsure=unsure, unsure_alone=back == 0)


def _read_last_week(today: date, weekday: int) -> NamedDay:
    meant = today - timedelta(days=today.weekday() + 7 - weekday)
    earlier = meant - timedelta(days=7)
    # For some a week begins with its Sunday.
    return NamedDay((meant, earlier), unsure=True) if weekday == _SUNDAY else NamedDay((meant,))


def _read_day_of_month(found: re.Match[str], today: date) -> NamedDay:
    number = int(found["day"])
    if number not in range(1, 32):
        raise RefusedError(f"No month has {number} days.")
    near = number in (today.day, (today + timedelta(days=1)).day)
    past = [each for each in _find_in_months(number, today, range(0, -3, -1)) if each <= today]
    return NamedDay(tuple(past), _find_weekday(found), doubtful=today if near else None)


def _find_in_months(number: int, today: date, months: range) -> list[date]:
    """Return the day ``number`` in those of ``months``, counted from this one, that have it.

    Among three months each has its turn: one of any two has 31 days, and one a 29th.
    """
    counted = (divmod(today.year * 12 + today.month - 1 + each, 12) for each in months)
    return [
        date(year, month + 1, number)
        for year, month in counted
        if 1 <= number <= monthrange(year, month + 1)[1]
    ]


def _read_date(found: re.Match[str], today: date) -> NamedDay:
    dates = _list_dates(found, range(today.year, today.year - 2, -1))
    if year := _find_year(found):
        _check_short_year(year, dates[0], today)
        return NamedDay(tuple(dates), _find_weekday(found))
    # In April, 3 May is nearer ahead than behind; in January, 28 December is not.
    doubtful = today - HALF_A_YEAR if dates[0] >= today else None
    return NamedDay(tuple(dates), _find_weekday(found), doubtful=doubtful)


def _list_dates(found: re.Match[str], years: range) -> list[date]:
    """Return the date that one of DATE_FORMS ``found``; where it has no year, in ``years``."""
    month, day = _read_month_number(found["month"], found["day"]), int(found["day"])
    if year := _find_year(found):
        return [make_date(_read_year(year), month, day)]
    having = [each for each in years if day <= monthrange(each, month)[1]]
    return [make_date(each, month, day) for each in having or years[:1]]


def _find_year(found: re.Match[str]) -> str | None:
    return found.groupdict().get("year")


def _find_weekday(found: re.Match[str]) -> int | None:
    return WEEKDAY_NUMBERS.get(found.groupdict().get("weekday") or "")


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


def _check_short_year(year: str, meant: date, today: date) -> None:
    if len(year) != len("26"):
        return
    if meant.year > today.year + _MOST_SHORT_YEARS:
        raise RefusedError(
            f"That is read as {echo_day(meant)}, which is still to come."
            f" Write the year in full: {meant.day}/{meant.month}/{meant.year - 100}."
        )
    if meant.year < today.year - _MOST_SHORT_YEARS:
        raise RefusedError(
            f"The day comes first, so that is {echo_day(meant)}. Write the year in full: 3/4/2026."
        )


def make_date(year: int, month: int, day: int) -> date:
    """Return that day. Raises RefusedError where there is none, or its year can't be meant."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise RefusedError(f"The year {year} can't be right. Write it in full: 2026.")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise RefusedError(f"There is no {day} {MONTHS[month - 1].title()} in {year}.")
    return date(year, month, day)


def shift(today: date, number: int, unit: str) -> date:
    """Return the day so many days, weeks, fortnights, months or years after ``today``."""
    if unit not in _MONTHS_OF:
        return today + number * timedelta(days=_DAYS_OF[unit])
    year, before = divmod(today.year * 12 + today.month - 1 + number * _MONTHS_OF[unit], 12)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise RefusedError(f"The year {year} can't be right.")
    return date(year, before + 1, min(today.day, monthrange(year, before + 1)[1]))


_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS_OF = {"month": 1, "year": 12}
_NUMERIC = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?"
_DASHED = r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4}|\d\d)"
DATE_FORMS = (
    rf"(?:{_WEEKDAY} )?{_ORDINAL} ?{_MONTH}(?: (?P<year>\d{{4}}|\d\d))?",
    rf"(?:{_WEEKDAY} )?{_MONTH} {_ORDINAL}(?: (?P<year>\d{{4}}))?",
    rf"(?:{_WEEKDAY} )?{_NUMERIC}",
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d\d)",
    _DOTTED,
    rf"(?:{_WEEKDAY} )?{_DASHED}",
    r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
)
DAY_OF_MONTH = rf"(?:{_WEEKDAY} )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)(?: this month)?"
_DAY_FORMS: list[tuple[str, Callable[[re.Match[str], date], NamedDay | None]]] = [
    ("today", _read_day_back(0)),
    ("yesterday", _read_day_back(1)),
    ("day before yesterday", _read_day_back(2)),
    ("tomorrow", _read_day_back(-1)),
    (r"(?:\d{1,3}|a) (?:day|week|fortnight)s? ago", _read_days_ago),
    (rf"(?:(?P<which>last|gone|this|lastweek) )?{_WEEKDAY}", _read_weekday),
    (DAY_OF_MONTH, _read_day_of_month),
    *((form, _read_date) for form in DATE_FORMS),
]


_EXAMPLES = "Try: friday, in 2 weeks, 3 April."
_PASSED = "That day has passed."
_PASSED_WHOLLY = f"{_PASSED} Write today or a day to come."
_WEEK = timedelta(days=7)
_NO_DAY = "Which day is it? Write it like friday, or 3 April."
_YEARS_TO_LEAP_DAY = 9  # from 1897 to 1904, and so again around 2100, there is none for 8 years


@dataclass(frozen=True)
class DaysAsked:
    """The question which of several days is meant, or whether the only one is."""

    ask: str
    days: tuple[date, ...]

    @property
    def advice(self) -> str:
        """What to write where nobody can be asked."""
        return f"{self.ask} Write {' or '.join(echo_weekday(day) for day in self.days)}."


def write_day(text: str) -> str:
    """Return ``29.11`` or ``29-11`` as ``29/11``: where a day is asked for, it is no hour."""
    return _DAY_AND_MONTH.sub(r"\1/\2", text)


_DAY_AND_MONTH = re.compile(r"^\s*(\d{1,2})[.-](\d{1,2})\.?\s*$")


def read_due(text: str, today: date) -> date | DaysAsked:
    """Return the day to come that ``text`` means, or what has to be asked back."""
    with tell_refusal(text, _EXAMPLES):
        tidy = tidy_typed(write_day(text))
        try:
            return _read(tidy, today)
        except RefusedError:
            meant = find_likely(tidy)
            if meant is None:
                raise
            read = _read(meant, today)
            days = (read,) if isinstance(read, date) else read.days
            return DaysAsked(f'Did you mean "{meant}"?', days)


def parse_due(text: str, today: date) -> date:
    """Return the day to come that ``text`` means, where nobody can be asked back."""
    read = read_due(text, today)
    if isinstance(read, DaysAsked):
        raise DateNotUnderstood(text, read.advice)
    return read


def _read(tidy: str, today: date) -> date | DaysAsked:
    phrase = read_phrase(regularise(tidy.replace("'", "")))
    words = tuple(word for word in phrase.words if word not in ("by", "for"))
    days = _find_days(words, today)
    if days and not phrase.part:
        return days[0] if len(days) == 1 else DaysAsked("Which day is meant?", tuple(days))
    days = days or _find_beside_hour(words, today)
    if not days:
        raise RefusedError
    return DaysAsked("Only the day is kept. Is this it?", tuple(days))


def _find_days(words: tuple[str, ...], today: date) -> list[date]:
    for form, read in _FORMS:
        if found := re.fullmatch(form, " ".join(words)):
            days = read(found, today)
            if days[-1] < today:
                raise RefusedError(_PASSED_WHOLLY)
            return days
    return []


def _find_beside_hour(words: tuple[str, ...], today: date) -> list[date]:
    for place in range(1, len(words)):
        for day, hour in ((words[:place], words[place:]), (words[place:], words[:place])):
            if read_clock(hour) and (days := _find_days(day, today)):
                return days
    return []


def _read_coming_weekday(found: re.Match[str], today: date) -> list[date]:
    which = found["which"]
    ahead = (WEEKDAY_NUMBERS[found["weekday"]] - today.weekday()) % 7
    nearest = today + timedelta(days=ahead)
    if ahead == 0:
        return [today + _WEEK] if which in ("next", "coming") else [today, today + _WEEK]
    # On a Tuesday, "next friday" may be three days away or ten; "next monday" is six.
    both = which == "next" and today.weekday() + ahead <= _SUNDAY
    return [nearest, nearest + _WEEK] if both else [nearest]


def _read_next_week(found: re.Match[str], today: date) -> list[date]:
    weekday = WEEKDAY_NUMBERS[found["after"] or found["before"]]
    meant = today + timedelta(days=weekday - today.weekday()) + _WEEK
    # For some a week begins with its Sunday.
    if today.weekday() == _SUNDAY:
        return [meant, meant + _WEEK] if weekday != _SUNDAY else [meant]
    return [meant - _WEEK, meant] if weekday == _SUNDAY else [meant]


def _read_week_on(found: re.Match[str], today: date) -> list[date]:
    ahead = (WEEKDAY_NUMBERS[found["after"] or found["before"]] - today.weekday()) % 7
    return [today + timedelta(days=ahead) + _WEEK]


def _read_length(found: re.Match[str], today: date) -> list[date]:
    number = 1 if found["number"] in ("a", "an") else int(found["number"])
    tomorrow = timedelta(days=1 if found["start"] == "tomorrow" else 0)
    return [shift(today, number, found["unit"]) + tomorrow]


def _read_written(found: re.Match[str], today: date) -> list[date]:
    first, *later = _list_dates(found, range(today.year, today.year + _YEARS_TO_LEAP_DAY))
    year = _find_year(found)
    if year and len(year) == len("26") and first.year > today.year + _MOST_SHORT_YEARS:
        raise RefusedError(f"That is read as {echo_day(first)}. Write the year in full.")
    meant = first if first >= today or not later else later[0]
    # In November, 20 June is nearer behind than ahead; in December, 3 January is not.
    if not year and first < today and today - first < HALF_A_YEAR:
        raise RefusedError(f"{_PASSED} If you mean {echo_day(meant)}, write it like that.")
    NamedDay((meant,), _find_weekday(found)).check(meant)
    return [meant]


def _read_coming_day_of_month(found: re.Match[str], today: date) -> list[date]:
    days = _find_in_months(int(found["day"]), today, range(3))
    coming = [day for day in days if day >= today]
    for day in coming[:1]:
        NamedDay((day,), _find_weekday(found)).check(day)
    return coming[:2] if today in coming else coming[:1]


def _refuse(reason: str) -> Callable[[re.Match[str], date], list[date]]:
    def refuse(found: re.Match[str], today: date) -> list[date]:
        raise RefusedError(reason)

    return refuse


def _after(days: int) -> Callable[[re.Match[str], date], list[date]]:
    return lambda _, today: [today + timedelta(days=days)]


def _end_week(found: re.Match[str], today: date) -> list[date]:
    ends = [today + timedelta(days=end - today.weekday()) for end in (_FRIDAY, _SUNDAY)]
    return [day for day in ends if day >= today]


def _end_month(found: re.Match[str], today: date) -> list[date]:
    return [today.replace(day=monthrange(today.year, today.month)[1])]


_UNIT = r"(?P<unit>day|week|fortnight|month|year)s?"
_FORMS: list[tuple[str, Callable[[re.Match[str], date], list[date]]]] = [
    ("today", _after(0)),
    ("tomorrow|tmrw|tomoz|2moro", _after(1)),
    ("day after tomorrow", _after(2)),
    (rf"(?:(?P<which>this|next|coming) )?(?P<weekday>{WEEKDAY})", _read_coming_weekday),
    (rf"(?P<before>{WEEKDAY}) next week|next week (?P<after>{WEEKDAY})", _read_next_week),
    (rf"(?P<before>{WEEKDAY}) week|(?:a )?week (?P<after>{WEEKDAY})", _read_week_on),
    (
        rf"(?:in )?(?P<number>\d{{1,3}}|an?) {_UNIT}"
        r"(?: from)?(?: (?P<start>now|today|tomorrow))?",
        _read_length,
    ),
    (DAY_OF_MONTH, _read_coming_day_of_month),
    *((form, _read_written) for form in DATE_FORMS),
    (r"(?:by )?end (?:this )?week", _end_week),
    (r"(?:by )?end (?:this )?month", _end_month),
    (r"(?:next|this) (?:week|month|year)|(?:next |this )?weekend", _refuse(_NO_DAY)),
    (rf"yesterday|day before yesterday|(?:last|gone) {WEEKDAY}|.* ago", _refuse(_PASSED_WHOLLY)),
]
