"""Days to come as carers type them: friday, in 2 weeks, 3 April. Today is allowed, a past day not.

As for days past, nothing is guessed: where two days may be meant, both are asked about.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from nearmiss.dates._clock import read_clock
from nearmiss.dates._days import (
    DATE_FORMS,
    DAY_OF_MONTH,
    HALF_A_YEAR,
    Day,
    read_day,
    read_written,
    shift,
)
from nearmiss.dates._phrase import (
    WEEKDAY,
    WEEKDAY_NUMBERS,
    RefusedError,
    read_phrase,
    regularise,
    tidy_typed,
)
from nearmiss.dates._spelling import find_meant, find_spelling
from nearmiss.dates.problems import DateNotUnderstood, explain
from nearmiss.dates.shown import echo_day, echo_weekday

_EXAMPLES = "Try: friday, in 2 weeks, 3 April."
_PASSED = "That day has passed. Write today or a day to come."
_WEEK = timedelta(days=7)
_FRIDAY, _SUNDAY = 4, 6
_MONTHS_AHEAD = 2  # among this month and the next two each day of the month comes
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


def read_due(text: str, today: date) -> date | DaysAsked:
    """Return the day to come that ``text`` means, or what has to be asked back.

    Raises DateNotUnderstood for a day that has passed, and anything else.
    """
    with explain(text, _EXAMPLES):
        tidy = tidy_typed(text)
        try:
            return _read(tidy, today)
        except RefusedError:
            meant = find_meant(tidy) or find_spelling(tidy)
            if meant is None:
                raise
            days = _list_days(_read(meant, today))
            return DaysAsked(f'Did you mean "{meant}"?', days)


def parse_due(text: str, today: date) -> date:
    """Return the day to come that ``text`` means, where nobody can be asked back.

    Raises DateNotUnderstood for anything that ``read_due`` would refuse or ask.
    """
    read = read_due(text, today)
    if isinstance(read, date):
        return read
    with explain(text, _EXAMPLES):
        raise RefusedError(read.advice)


def parse_due_by(text: str, today: date) -> date:
    """Return the day that ``text`` means as the last of a search, which may have passed.

    Raises DateNotUnderstood for what is not understood, or may be two days.
    """
    try:
        return parse_due(text, today)
    except DateNotUnderstood:
        with suppress(RefusedError):
            words = read_phrase(regularise(tidy_typed(text))).words
            past = read_day(words, today)
            if past and not past.alone().unsure:
                return past.dates[0]
        raise


def _list_days(read: date | DaysAsked) -> tuple[date, ...]:
    return (read,) if isinstance(read, date) else read.days


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
                raise RefusedError(_PASSED)
            return days
    return []


def _find_beside_hour(words: tuple[str, ...], today: date) -> list[date]:
    for place in range(1, len(words)):
        for day, hour in ((words[:place], words[place:]), (words[place:], words[:place])):
            if read_clock(hour) and (days := _find_days(day, today)):
                return days
    return []


def _read_weekday(found: re.Match[str], today: date) -> list[date]:
    which = found["which"]
    ahead = (WEEKDAY_NUMBERS[found["weekday"]] - today.weekday()) % 7
    nearest = today + timedelta(days=ahead)
    if ahead == 0:
        return [today + _WEEK] if which in ("next", "coming") else [today, today + _WEEK]
    # On a Tuesday, "next friday" may be three days away or ten; "next monday" is six.
    both = which == "next" and today.weekday() + ahead <= _SUNDAY
    return [nearest, nearest + _WEEK] if both else [nearest]


def _read_week_on(found: re.Match[str], today: date) -> list[date]:
    ahead = (WEEKDAY_NUMBERS[found["after"] or found["before"]] - today.weekday()) % 7
    return [today + timedelta(days=ahead) + _WEEK]


def _read_length(found: re.Match[str], today: date) -> list[date]:
    number = 1 if found["number"] in ("a", "an") else int(found["number"])
    tomorrow = timedelta(days=1 if found["start"] == "tomorrow" else 0)
    return [shift(today, number, found["unit"]) + tomorrow]


def _read_written(found: re.Match[str], today: date) -> list[date]:
    written = read_written(found)
    meant = written.find_dated()
    if meant is None:
        this_year, *later = written.list_years(*range(today.year, today.year + _YEARS_TO_LEAP_DAY))
        meant = this_year if this_year >= today or not later else later[0]
        _check_passed(this_year, meant, today)
    Day((meant,), written.weekday).check(meant)
    return [meant]


def _check_passed(this_year: date, meant: date, today: date) -> None:
    # In November, 20 June is nearer behind than ahead; in December, 3 January is not.
    if this_year < today and today - this_year < HALF_A_YEAR:
        raise RefusedError(
            f"That day has passed. If you mean {echo_day(meant)}, write it like that."
        )


def _read_day_of_month(found: re.Match[str], today: date) -> list[date]:
    number, months = int(found["day"]), range(today.month - 1, today.month + _MONTHS_AHEAD)
    firsts = (date(today.year + month // 12, month % 12 + 1, 1) for month in months)
    days = [
        first.replace(day=number)
        for first in firsts
        if number in range(1, monthrange(first.year, first.month)[1] + 1)
    ]
    coming = [day for day in days if day >= today]
    meant = coming[:2] if coming and coming[0] == today else coming[:1]
    for day in meant[:1]:
        Day((day,), WEEKDAY_NUMBERS.get(found["weekday"] or "")).check(day)
    return meant


def _refuse_week(found: re.Match[str], today: date) -> list[date]:
    raise RefusedError("Which day is it? Write it like friday, or 3 April.")


def _after(days: int) -> Callable[[re.Match[str], date], list[date]]:
    return lambda _, today: [today + timedelta(days=days)]


def _end_week(found: re.Match[str], today: date) -> list[date]:
    ends = [today + timedelta(days=end - today.weekday()) for end in (_FRIDAY, _SUNDAY)]
    return [day for day in ends if day >= today]


def _end_month(found: re.Match[str], today: date) -> list[date]:
    return [today.replace(day=monthrange(today.year, today.month)[1])]


def _refuse_past(found: re.Match[str], today: date) -> list[date]:
    raise RefusedError(_PASSED)


_UNIT = r"(?P<unit>day|week|fortnight|month|year)s?"
_FORMS: list[tuple[str, Callable[[re.Match[str], date], list[date]]]] = [
    ("today", _after(0)),
    ("tomorrow|tmrw|tomoz|2moro", _after(1)),
    ("day after tomorrow", _after(2)),
    (rf"(?:(?P<which>this|next|coming) )?(?P<weekday>{WEEKDAY})", _read_weekday),
    (rf"(?P<before>{WEEKDAY}) week|(?:a )?week (?P<after>{WEEKDAY})", _read_week_on),
    (
        rf"(?:in )?(?P<number>\d{{1,3}}|an?) {_UNIT}"
        r"(?: from)?(?: (?P<start>now|today|tomorrow))?",
        _read_length,
    ),
    (DAY_OF_MONTH, _read_day_of_month),
    *((form, _read_written) for form in DATE_FORMS),
    (r"(?:by )?end (?:this )?week", _end_week),
    (r"(?:by )?end (?:this )?month", _end_month),
    (r"(?:next|this) (?:week|month|year)|(?:next |this )?weekend", _refuse_week),
    (rf"yesterday|day before yesterday|(?:last|gone) {WEEKDAY}|.* ago", _refuse_past),
]
