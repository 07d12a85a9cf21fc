"""The hour of a day that was asked about, as it is answered."""

import time
from datetime import date, datetime

import pytest

from nearmiss.dates.grammar import read_hour, read_when
from nearmiss.dates.moments import HourAsked, Which
from nearmiss.dates.phrase import DateNotUnderstood
from tests.cases import over
from tests.dates.test_as_typed import tell

if not hasattr(time, "tzset"):
    pytest.skip("the time zone can't be set here", allow_module_level=True)

NOW = datetime.fromisoformat("2026-04-14T21:30:25+01:00")  # a Tuesday


def answer(day: str, typed: str) -> str:
    asked = read_when(day, NOW)
    assert isinstance(asked, HourAsked)
    return tell(read_hour(typed, asked, NOW))


ANSWERED = [
    ("yesterday", "9pm", "2026-04-13 21:00"),
    ("yesterday", "about 9pm", "about 2026-04-13 21:00"),
    ("about yesterday", "9pm", "about 2026-04-13 21:00"),
    ("yesterday", "9", "which 2026-04-13 09:00, 2026-04-13 21:00"),
    ("yesterday", "8:15", "2026-04-13 08:15"),
    ("yesterday", "midnight", "which 2026-04-14 00:00, 2026-04-13 00:00"),
    ("yesterday", "in the evening", "hour 2026-04-13 evening"),
    ("yesterday", "8 in the evening", "2026-04-13 20:00"),
    ("yesterday", "between 8pm and 9pm", "offer about Mon 13 Apr 2026, 20:00"),
    ("yesterday", "half 8", "offer half past 8"),
    ("yesterday", "20 minutes ago", "2026-04-14 21:10"),
    ("yesterday", "3 april 9pm", "2026-04-03 21:00"),
    ("today", "10", "offer Tue 14 Apr 2026, 10:00"),
    # within the part of the day that was named
    ("yesterday evening", "8", "2026-04-13 20:00"),
    ("yesterday evening", "8:15", "2026-04-13 20:15"),
    ("yesterday evening", "quarter past 8", "2026-04-13 20:15"),
    ("yesterday evening", "20:15", "2026-04-13 20:15"),
    ("yesterday teatime", "5", "2026-04-13 17:00"),
    ("yesterday evening", "midnight", "which 2026-04-14 00:00, 2026-04-13 00:00"),
    ("yesterday dinner", "11", "2026-04-13 11:00"),
    ("yesterday dinner", "10:30", "which 2026-04-13 10:30, 2026-04-13 22:30"),
    # a time that is sure is taken beside it too
    ("yesterday teatime", "3:15pm", "2026-04-13 15:15"),
    ("yesterday lunchtime", "10:30am", "2026-04-13 10:30"),
    # a night goes on after midnight, and its day was agreed
    ("last night", "11", "2026-04-13 23:00"),
    ("last night", "midnight", "2026-04-14 00:00"),
    ("last night", "00:00", "2026-04-14 00:00"),
    ("last night", "12:30", "2026-04-14 00:30"),
    ("last night", "2am", "2026-04-14 02:00"),
    ("last night", "6:59", "which 2026-04-13 18:59, 2026-04-14 06:59"),
    ("last night", "5 in the morning", "2026-04-14 05:00"),
    ("in the night", "5", "which 2026-04-13 17:00, 2026-04-14 05:00"),
    ("sunday night", "1", "2026-04-13 01:00"),
    # not known, or the same said again
    ("yesterday", "don't know", "day 2026-04-13"),
    ("this afternoon", "not known", "day 2026-04-14"),
    ("tea time", "tea time", "offer Tue 14 Apr 2026, time not known"),
    ("yesterday", "yesterday", "offer Mon 13 Apr 2026, time not known"),
    ("yesterday", "not sure, about 8pm", "about 2026-04-13 20:00"),
    ("last night", "no idea", "which day 2026-04-13, day 2026-04-14, day 2026-04-13"),
    ("tonight", "no idea", "day 2026-04-14"),
    ("noticed this morning", "8", "noticed 2026-04-14 08:00"),
    (
        "noticed this morning",
        "in the morning",
        "offer Noticed Tue 14 Apr 2026, time not known; when it happened is not known",
    ),
    ("noticed this morning", "?", "noticed day 2026-04-14"),
]


@over(("day", "typed", "meant"), ANSWERED)
def test_reads_the_hour_of_that_day(day: str, typed: str, meant: str) -> None:
    assert answer(day, typed) == meant


REFUSED = [
    ("last night", "7am", "That is not in the night. Write the day with it: today 8am."),
    ("last night", "noon", "That is not in the night"),
    ("today", "10pm", "still to come"),
    ("yesterday evening", "9 and 10", "Try: "),
]


@over(("day", "typed", "reason"), REFUSED)
def test_refuses_what_is_not_in_that_day(day: str, typed: str, reason: str) -> None:
    with pytest.raises(DateNotUnderstood, match=reason):
        answer(day, typed)


def test_asks_in_whole_sentences() -> None:
    asked = read_when("last night", NOW)
    assert isinstance(asked, HourAsked)
    assert asked.ask == (
        "At what time in the night from Mon 13 Apr 2026 to Tue 14 Apr 2026? About is fine."
    )
    for typed, ask in (
        ("8", "Morning or evening?"),
        ("last night 2am", "Which is meant?"),
        ("tuesday", "Which day is meant?"),
        ("10.04", "Is that a day or a time?"),
    ):
        which = read_when(typed, NOW)
        assert isinstance(which, Which)
        assert which.ask == ask


def test_a_day_to_come_has_no_hour() -> None:
    for typed in ("Mon 3 May 2027", "this friday"):
        with pytest.raises(DateNotUnderstood, match="still to come"):
            read_when(typed, NOW)
    with pytest.raises(DateNotUnderstood, match="is a Sunday, not a Monday"):
        read_when("Mon 3 May 2026 9pm", NOW)
    assert tell(HourAsked(date(2026, 4, 13))) == "hour 2026-04-13"
