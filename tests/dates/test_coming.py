"""Days to come: right, asked about, or refused with a sentence that helps."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmiss.dates.days import DaysAsked, parse_due, read_due
from nearmiss.dates.grammar import read_past_day
from nearmiss.dates.moments import localise
from nearmiss.dates.phrase import DateNotUnderstood
from nearmiss.dates.shown import echo_weekday
from tests.cases import over

TODAY = date(2026, 4, 14)  # a Tuesday

TAKEN = {
    "today": "2026-04-14",
    "Tomorrow": "2026-04-15",
    "the day after tomorrow": "2026-04-16",
    "friday": "2026-04-17",
    "17.4": "2026-04-17",
    "17-04": "2026-04-17",
    "on Fri.": "2026-04-17",
    "by thursday": "2026-04-16",
    "this friday": "2026-04-17",
    "monday": "2026-04-20",
    "next monday": "2026-04-20",
    "next tuesday": "2026-04-21",
    "coming tuesday": "2026-04-21",
    "friday week": "2026-04-24",
    "a week on friday": "2026-04-24",
    "tuesday week": "2026-04-21",
    "friday next week": "2026-04-24",
    "friday of next week": "2026-04-24",
    "next week on monday": "2026-04-20",
    "in 2 weeks": "2026-04-28",
    "2 weeks": "2026-04-28",
    "in two weeks' time": "2026-04-28",
    "two weeks from today": "2026-04-28",
    "in a week": "2026-04-21",
    "a week today": "2026-04-21",
    "a week tomorrow": "2026-04-22",
    "in a fortnight": "2026-04-28",
    "in 10 days": "2026-04-24",
    "in a month": "2026-05-14",
    "in 3 months": "2026-07-14",
    "in a year": "2027-04-14",
    "3 may": "2026-05-03",
    "3rd of May": "2026-05-03",
    "May 3": "2026-05-03",
    "end of the month": "2026-04-30",
    "14 april": "2026-04-14",
    "3/5": "2026-05-03",
    "3/5/26": "2026-05-03",
    "3-5-26": "2026-05-03",
    "3.5.2026": "2026-05-03",
    "2026-05-03": "2026-05-03",
    "Sun 3 May 2026": "2026-05-03",
    "29/2/28": "2028-02-29",
    "27th": "2026-04-27",
    "Mon 27th": "2026-04-27",
    "the 3rd": "2026-05-03",
    "31st": "2026-05-31",
}


@over(("text", "day"), TAKEN.items())
def test_takes_days_to_come(text: str, day: str) -> None:
    assert str(parse_due(text, TODAY)) == day


def test_the_next_january_is_meant_in_december() -> None:
    assert parse_due("3 jan", date(2026, 12, 20)) == date(2027, 1, 3)


def test_on_a_sunday_next_week_is_asked_about() -> None:
    asked = read_due("friday next week", date(2026, 4, 19))
    assert isinstance(asked, DaysAsked)
    assert asked.days == (date(2026, 4, 24), date(2026, 5, 1))


ASKED = {
    "tuesday": "2026-04-14 2026-04-21",
    "next friday": "2026-04-17 2026-04-24",
    "fridy": "2026-04-17",
    "sunday next week": "2026-04-19 2026-04-26",
    "friday 2pm": "2026-04-17",
    "9am tomorrow": "2026-04-15",
    "tomorrow morning": "2026-04-15",
    "end of the week": "2026-04-17 2026-04-19",
    "the 14th": "2026-04-14 2026-05-14",
    "couple of weeks": "2026-04-28",
}


@over(("text", "days"), ASKED.items())
def test_asks_which_day_is_meant(text: str, days: str) -> None:
    asked = read_due(text, TODAY)
    assert isinstance(asked, DaysAsked)
    assert [str(day) for day in asked.days] == days.split()
    with pytest.raises(DateNotUnderstood, match=f"Write {echo_weekday(asked.days[0])}"):
        parse_due(text, TODAY)


REFUSED = {
    "yesterday": "has passed",
    "13/4/26": "has passed",
    "3/4": "has passed. If you mean 3 Apr 2027",
    "last friday": "has passed",
    "2 days ago": "has passed",
    "3 jan": "has passed. If you mean 3 Jan 2027",
    "31/4": "no 31 April",
    "Mon 3 May 2026": "is a Sunday, not a Monday",
    "next week": "Which day",
    "next month": "Which day",
    "at the weekend": "Which day",
    "asap": "Try: friday, in 2 weeks, 3 April",
    "": "Try: friday",
    "in 20 minutes": "Try: friday",
    "in 999 years": "can't be right",
    "5": "Try: friday",
    "1/1/99": "read as 1 Jan 2099. Write the year in full",
}


@over(("text", "reason"), REFUSED.items())
def test_refuses_the_rest_in_words(text: str, reason: str) -> None:
    with pytest.raises(DateNotUnderstood, match=reason):
        read_due(text, TODAY)


PIECES = "a in on next this friday tue 3 31 2 may feb week weeks month years today 9pm 3/5 29/2/28"
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(st.lists(st.sampled_from(PIECES.split()), max_size=5).map(" ".join), DAYS)
def test_no_day_has_passed(text: str, today: date) -> None:
    try:
        read = read_due(text, today)
    except DateNotUnderstood:
        return
    days = read.days if isinstance(read, DaysAsked) else (read,)
    assert days
    assert min(days) >= today


@given(DAYS, st.integers(0, 3000))
def test_what_is_shown_can_be_typed(today: date, after: int) -> None:
    day = today + timedelta(days=after)
    assert parse_due(echo_weekday(day), today) == day


def test_a_day_and_month_with_a_stop_are_a_day_that_has_passed() -> None:
    now = localise(datetime(2026, 11, 29, 22))
    for typed in ("1.10", "1-10", "01.10.", "1/10"):
        assert read_past_day(typed, now) == date(2026, 10, 1), typed
