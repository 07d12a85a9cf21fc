"""What is not known leads to what is: when it was noticed, or the day alone; never to a guess."""

import time
from datetime import datetime

import pytest

from nearmiss.dates.grammar import parse_when, parse_without_hour, read_noticed, read_when
from nearmiss.dates.moments import NotKnown
from nearmiss.dates.phrase import DateNotUnderstood
from tests.cases import over
from tests.dates.not_known import PHRASES
from tests.dates.test_as_typed import tell

if not hasattr(time, "tzset"):
    pytest.skip("the time zone can't be set here", allow_module_level=True)

NOW = datetime.fromisoformat("2026-04-14T21:30:25.5+01:00")  # a Tuesday
LINES = [line for line in PHRASES.splitlines() if not line.startswith("#")]


@over("line", LINES)
def test_reads_what_carers_type(line: str) -> None:
    typed, expected = (each.strip() for each in line.split("|"))
    try:
        read = tell(read_when(typed, NOW))
    except DateNotUnderstood as refused:
        read = str(refused)
        assert expected in read
    else:
        assert read == expected


def test_asks_when_it_was_noticed_and_then_the_day() -> None:
    first = read_when("not known", NOW)
    assert isinstance(first, NotKnown)
    last = read_noticed("dont know", first, NOW)
    assert isinstance(last, NotKnown)
    assert (first.ask, last.ask) == ("When did you notice it?", "Which day, at least?")
    for typed, meant in (
        ("8pm", "noticed 2026-04-14 20:00"),
        ("this morning", "noticed hour 2026-04-14 morning"),
        ("yesterday, time not known", "noticed day 2026-04-13"),
    ):
        assert tell(read_noticed(typed, first, NOW)) == meant
    for typed, meant in (
        ("yesterday", "day 2026-04-13"),
        ("this morning", "day 2026-04-14"),
        ("yesterday about 8pm", "about 2026-04-13 20:00"),
        ("noticed yesterday", "noticed day 2026-04-13"),
        ("tuesday", "which day 2026-04-14, day 2026-04-07"),
        ("yesturday", "offer yesterday"),
    ):
        assert tell(read_noticed(typed, last, NOW)) == meant
    with pytest.raises(DateNotUnderstood, match=r"A day is needed.* write: noticed today"):
        read_noticed("not known", last, NOW)


def test_what_is_advised_where_nobody_can_be_asked_is_understood() -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        parse_when("not known", NOW)
    assert str(refused.value) == (
        'Please check: "not known". When was it noticed? Write noticed today 8:15.'
        " Or which day was it, at least? Write yesterday, time not known."
    )
    assert tell(parse_when("noticed today 8:15", NOW)) == "noticed 2026-04-14 08:15"
    assert tell(parse_when("yesterday, time not known", NOW)) == "day 2026-04-13"
    assert tell(parse_when("noticed about 2026-04-03T21:15Z", NOW)) == (
        "noticed about 2026-04-03 22:15"
    )


DAYS = {
    "yesterday": "day 2026-04-13",
    "this morning": "day 2026-04-14",
    "noticed this morning": "noticed day 2026-04-14",
    "yesterday, time not known": "day 2026-04-13",
    "2026-04-14": "day 2026-04-14",
}


@over(("typed", "day"), DAYS.items())
def test_takes_a_day_whose_hour_is_said_not_to_be_known(typed: str, day: str) -> None:
    assert tell(parse_without_hour(typed, NOW)) == day


@over(
    ("typed", "reason"),
    [
        ("yesterday 9pm", "its hour is said not to be known"),
        ("2026-04-13T12:00:00+01:00", "its hour is said not to be known"),
        ("tomorrow", "still to come"),
        ("2026-04-15", "still to come"),
        ("tuesday", "Which day"),
        ("last night", "Before midnight or after"),
        ("not known", "Write yesterday, time not known"),
    ],
)
def test_refuses_what_is_no_day_alone(typed: str, reason: str) -> None:
    with pytest.raises(DateNotUnderstood, match=reason):
        parse_without_hour(typed, NOW)


def test_noon_of_today_may_still_lie_ahead_where_the_hour_is_not_known() -> None:
    early = NOW.replace(hour=7)
    assert tell(parse_when("today, time not known", early)) == "day 2026-04-14"
    assert tell(parse_without_hour("2026-04-14", early)) == "day 2026-04-14"
