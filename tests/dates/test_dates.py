"""Dates as carers type them: right, or refused with a sentence that helps."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nearmiss.dates.days import DaysAsked
from nearmiss.dates.grammar import (
    parse_since,
    parse_until,
    parse_when,
    read_past_day,
    read_when,
)
from nearmiss.dates.moments import HourAsked, When, Which, list_moments
from nearmiss.dates.phrase import DateNotUnderstood
from nearmiss.dates.shown import echo, to_timestamp
from tests.cases import over
from tests.conftest import NEW_YORK, moment

if not hasattr(time, "tzset"):
    pytest.skip("the time zone can't be set here", allow_module_level=True)

NOW = datetime.fromisoformat("2026-04-14T21:30:25.5+01:00")  # a Tuesday


@pytest.fixture
def _new_york() -> Iterator[None]:
    with moment(NOW, zone=NEW_YORK):
        yield


def at(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


TAKEN = {
    # the moment
    "now": "2026-04-14 21:30",
    " Just now. ": "2026-04-14 21:30",
    "20 minutes ago": "2026-04-14 21:10",
    "20min ago": "2026-04-14 21:10",
    "twenty minutes ago": "2026-04-14 21:10",
    "a minute ago": "2026-04-14 21:29",
    "an hour ago": "2026-04-14 20:30",
    "2 hours ago": "2026-04-14 19:30",
    "1h 20min ago": "2026-04-14 20:10",
    "2 hours and 10 minutes ago": "2026-04-14 19:20",
    "half an hour ago": "2026-04-14 21:00",
    "a quarter of an hour ago": "2026-04-14 21:15",
    "three quarters of an hour ago": "2026-04-14 20:45",
    "an hour and a half ago": "2026-04-14 20:00",
    "2 and a half hours ago": "2026-04-14 19:00",
    # a bare time is the latest past one
    "21:30": "2026-04-14 21:30",
    "21:31": "2026-04-13 21:31",
    "8:15": "2026-04-14 08:15",
    "8.15pm": "2026-04-14 20:15",
    "10pm": "2026-04-13 22:00",
    "0830": "2026-04-14 08:30",
    "2130": "2026-04-14 21:30",
    "2015 hrs": "2026-04-14 20:15",
    "20h30": "2026-04-14 20:30",
    "8 o'clock pm": "2026-04-14 20:00",
    "8 o’clock p.m.": "2026-04-14 20:00",
    "noon": "2026-04-14 12:00",
    "midnight": "2026-04-14 00:00",
    "12am": "2026-04-14 00:00",
    "12pm": "2026-04-14 12:00",
    "12:30 a.m.": "2026-04-14 00:30",
    "half past 8 pm": "2026-04-14 20:30",
    "half past eight in the evening": "2026-04-14 20:30",
    "quarter to nine pm": "2026-04-14 20:45",
    "quarter past 12 pm": "2026-04-14 12:15",
    "quarter to 1 am": "2026-04-14 00:45",
    "ten minutes to nine pm": "2026-04-14 20:50",
    "twenty past 8am": "2026-04-14 08:20",
    # a day, before or after the time
    "today 8:15": "2026-04-14 08:15",
    "TODAY  at 8:15": "2026-04-14 08:15",
    "yesterday 9pm": "2026-04-13 21:00",
    "9 pm, yesterday": "2026-04-13 21:00",
    "noon yesterday": "2026-04-13 12:00",
    "the day before yesterday 9pm": "2026-04-12 21:00",
    "2 days ago 9pm": "2026-04-12 21:00",
    "a week ago at 9pm": "2026-04-07 21:00",
    "last tuesday 14:30": "2026-04-07 14:30",
    "tue 2pm": "2026-04-14 14:00",
    "tue 10pm": "2026-04-07 22:00",
    "14:30 on Wednesday": "2026-04-08 14:30",
    "3/4/26 21:15": "2026-04-03 21:15",
    "3.4.2026 21.15": "2026-04-03 21:15",
    "03-04-2026 9pm": "2026-04-03 21:00",
    "3/4 9pm": "2026-04-03 21:00",
    "3/11 9pm": "2025-11-03 21:00",
    "3 April 9pm": "2026-04-03 21:00",
    "9pm 3 April": "2026-04-03 21:00",
    "April 3 9pm": "2026-04-03 21:00",
    "the 3rd of April 2026, at 9 p.m.": "2026-04-03 21:00",
    "14 Oct. 9pm": "2025-10-14 21:00",
    "march 26 9pm": "2026-03-26 21:00",
    "3 april 2130": "2026-04-03 21:30",
    "Fri 3 April 9pm": "2026-04-03 21:00",
    "29/2/24 9pm": "2024-02-29 21:00",
    "3.4 9pm": "2026-04-03 21:00",
    "2026/04/03 9pm": "2026-04-03 21:00",
    "this tuesday 9pm": "2026-04-14 21:00",
    "2026-04-03 21:15": "2026-04-03 21:15",
    "2026-04-03T21:15": "2026-04-03 21:15",
    "2026-04-03T21:15:00Z": "2026-04-03 22:15",
    "2026-04-03T21:15+05:30": "2026-04-03 16:45",
    # a part of the day with an hour
    "this morning at 8": "2026-04-14 08:00",
    "tonight 9pm": "2026-04-14 21:00",
    "last night at 11": "2026-04-13 23:00",
    "yesterday evening at 8": "2026-04-13 20:00",
    "8 in the evening yesterday": "2026-04-13 20:00",
    "2.30 in the afternoon": "2026-04-14 14:30",
    "friday morning 9.30": "2026-04-10 09:30",
}


@over(("text", "local"), TAKEN.items())
def test_takes_what_carers_type(text: str, local: str) -> None:
    when = parse_when(text, NOW)
    assert f"{when.moment:%Y-%m-%d %H:%M:%S}" == f"{local}:00"
    assert when == When(at(local).astimezone())


@over(
    "text",
    [
        "about 8pm",
        "around 8 pm",
        "approx. 8pm",
        "today roughly 20:00",
        "~8pm",
        "8pm-ish",
        "at about 8 in the evening",
        "8ish this evening",
        "about Tue 14 Apr 2026, 20:00",
    ],
)
def test_notices_an_approximate_time(text: str) -> None:
    assert parse_when(text, NOW) == When(at("2026-04-14T20:00+01:00"), approx=True)


def test_keeps_the_seconds_that_a_program_gives() -> None:
    moment = parse_when("2026-04-03T21:15:42.75+01:00", NOW).moment
    assert to_timestamp(moment) == "2026-04-03T21:15:42+01:00"


REFUSED = {
    # no time of day, or a vague one
    "yesterday": "At what time?",
    "3 april 2015": "At what time?",
    "this morning": "At what time?",
    "last night": "At what time?",
    "2 days ago": "At what time?",
    # two readings
    "half past 8": "Write 08:30 or 20:30",
    "8": "Write 08:00 or 20:00",
    "about 8": "Write about 08:00 or about 20:00",
    "yesterday at 9": "Write 09:00 or 21:00",
    "tues at 8": "Write 08:00 or 20:00",
    "quarter to nine": "Write 08:45 or 20:45",
    "8 o'clock": "Write 08:00 or 20:00",
    "8ish": "Write about 08:00 or about 20:00",
    "last friday teatime": "Fri 10 Apr 2026 about 5pm",
    "half 8pm": "half past 8",
    "5 to 9pm": "Write Tue 14 Apr 2026, 20:55 or about Tue 14 Apr 2026, 17:00",
    "2015": "20:15",
    "yesterday 2015": "20:15",
    "tue 8": "08:00",
    "the 9": "a day or an hour",
    "9pm on the 3": "a day or an hour",
    "3 april 9": "09:00",
    "3 april 9 in the evening": "two ways",
    "3 april 20 in the evening": "two ways",
    "yesterday midnight": "Write Tue 14 Apr 2026, 00:00 or Mon 13 Apr 2026, 00:00",
    "quarter to 12am": "Midnight",
    "last night 2am": "Write Tue 14 Apr 2026, 02:00 or Mon 13 Apr 2026, 02:00",
    "last monday 9am": "Write Mon 13 Apr 2026, 09:00 or Mon 6 Apr 2026, 09:00",
    "10.04 9.11": "two ways",
    # offered at a terminal
    "14:30pm": 'Did you mean "14:30"?',
    "9pm wensday": 'Did you mean "9pm wednesday"?',
    "8,15": 'Did you mean "8:15"?',
    "8-9pm": 'Did you mean "about Tue 14 Apr 2026, 20:00"?',
    "13pm": 'Did you mean "13:00"?',
    "4/13/26 9pm": 'Did you mean "13/4/26 9pm"?',
    "by 9pm": 'Did you mean "about 9pm"?',
    "today at 10": 'Did you mean "Tue 14 Apr 2026, 10:00"?',
    # impossible
    "31/2 9pm": "no 31 February",
    "29 Feb 2025 9pm": "no 29 February in 2025",
    "2026-02-30T09:00": "no 30 February",
    "13/13/26 9pm": "no month 13",
    "0/4/26 9pm": "no 0 April",
    "Tue 3 April 2026 9pm": "3 April 2026 is a Friday, not a Tuesday",
    "0:30am": "1 to 12",
    "24:00": "00:00 of the next day",
    "25:00": "hours go to 23",
    "8:60": "minutes to 59",
    "8:5": "8:05",
    "9pm in the morning": "does not go with morning",
    "3/4/1899 9pm": "1899",
    "1066-10-14T09:00": "1066",
    "3/4/0026 9pm": "26",
    "26-04-03 9pm": "that is 26 Apr 2003",
    # still to come
    "today 21:31": "still to come",
    "next tuesday 9pm": "still to come",
    "this friday 9am": "still to come",
    "this evening at 11": "still to come",
    "3 may 2026": "still to come",
    "3/5 9pm": "still to come. If you mean 3 May 2025",
    "14/4 10pm": "still to come. If you mean 14 Apr 2025",
    "14th 10pm": "still to come. If you mean 14 Mar 2026",
    "15th 10pm": "still to come. If you mean 15 Mar 2026",
    "tomorrow 9am": "still to come",
    "3/4/99 9pm": "still to come",
    "2026-04-14T21:30:26+01:00": "still to come",
    # other letters and digits
    "８pm": "digits 0 to 9",
    "٨pm": "digits 0 to 9",
}


@over(("text", "advice"), REFUSED.items())
def test_refuses_with_advice(text: str, advice: str) -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        parse_when(text, NOW)
    assert str(refused.value).startswith(f'Please check: "{text}". ')
    assert advice in str(refused.value)


@over(
    "text",
    [
        "", "at", "about", "nxt tues", "9pm 9pm", "tuesday friday 9pm", "between lunch and tea",
        "half 8 ago", "20 25 minutes ago", "3 months ago 9pm", "20 minutes", "8 and 9pm",
        "3-4 9pm", "202604032115", "-8:15", "+8pm", "8:15:", "8pm8pm", "sonday 9pm",
        "1e3", "0x10", "nan", "2026-04-03T21:15+25:00", "2026-W15-2T21:15", "quarter of 8pm",
        "half to 9pm", "now now", "9" * 5000, "today " * 30, "%s %n {0} {typed}",
    ],
)  # fmt: skip
def test_does_not_guess(text: str) -> None:
    start = "Not understood: " if text else "An answer is needed. Try: "
    with pytest.raises(DateNotUnderstood, match=f"^{start}"):
        parse_when(text, NOW)


def test_shows_hostile_input_safely_and_shortly() -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        parse_when("\x1b[31m\u202e[bold]" + "x" * 500, NOW)
    message = str(refused.value)
    assert message.startswith('Not understood: "[U+001B][31m[U+202E][bold]xxx')
    assert message.endswith('...". Try: today 8:15, yesterday 9pm, 3 April 14:30.')
    assert len(message) < 150
    assert refused.value.exit_code == 2


SPANS = {
    "yesterday": ("2026-04-13", "2026-04-14"),
    "today": ("2026-04-14", "2026-04-15"),
    "tomorrow": ("2026-04-15", "2026-04-16"),
    "tuesday": ("2026-04-14", "2026-04-15"),
    "last tuesday": ("2026-04-07", "2026-04-08"),
    "3/4/26": ("2026-04-03", "2026-04-04"),
    "3 May": ("2025-05-03", "2025-05-04"),
    "3 april 26": ("2026-04-03", "2026-04-04"),
    "31/12/2025": ("2025-12-31", "2026-01-01"),
    "2026-03-29": ("2026-03-29", "2026-03-30"),
    "march": ("2026-03-01", "2026-04-01"),
    "April": ("2026-04-01", "2026-05-01"),
    "december": ("2025-12-01", "2026-01-01"),
    "feb 2024": ("2024-02-01", "2024-03-01"),
    "90 days": ("2026-01-14", "2026-01-15"),
    "last 90 days": ("2026-01-14", "2026-01-15"),
    "2 weeks ago": ("2026-03-31", "2026-04-01"),
    "3 months": ("2026-01-14", "2026-01-15"),
    "a year ago": ("2025-04-14", "2025-04-15"),
    "this month": ("2026-04-01", "2026-05-01"),
    "last month": ("2026-03-01", "2026-04-01"),
    "last year": ("2025-01-01", "2026-01-01"),
    "2026-04": ("2026-04-01", "2026-05-01"),
    "2025": ("2025-01-01", "2026-01-01"),
    "2026-04-03T21:15:42": ("2026-04-03 21:15:42", "2026-04-03 21:16"),
    "2026-10-25T01:30": ("2026-10-25 01:30+01:00", "2026-10-25 01:31+00:00"),
}


@over(("text", "span"), SPANS.items())
def test_since_starts_and_until_includes_what_was_named(text: str, span: tuple[str, str]) -> None:
    start, end = (at(edge).astimezone() for edge in span)
    assert parse_since(text, NOW) == start
    assert parse_until(text, NOW) == end


@over("text", ["march 26", "10.04", "yesterday 9pm", "yesterday evening", "2 hours", "999 years"])
def test_refuses_an_unclear_span(text: str) -> None:
    for parse in (parse_since, parse_until):
        with pytest.raises(DateNotUnderstood):
            parse(text, NOW)


@over(("today", "start"), [("2026-05-31", "2026-02-28"), ("2024-05-31", "2024-02-29")])
def test_months_back_end_on_the_last_day_of_a_shorter_month(today: str, start: str) -> None:
    now = at(f"{today}T12:00+01:00")
    assert parse_since("3 months", now) == at(start).astimezone()


def test_the_hour_that_the_clocks_skip_is_refused_in_words() -> None:
    with pytest.raises(DateNotUnderstood, match=r"went forward on 29 March 2026.* no 01:30"):
        parse_when("29/3/26 1:30", NOW)
    with pytest.raises(DateNotUnderstood, match="went forward"):
        parse_when("2026-03-29T01:00", NOW)
    assert parse_when("29/3/26 0:59", NOW).moment == at("2026-03-29T00:59Z")
    assert parse_when("29/3/26 2:00", NOW).moment == at("2026-03-29T02:00+01:00")


def test_which_of_two_is_asked_for_the_hour_that_comes_twice() -> None:
    first, second = at("2025-10-26T01:30+01:00"), at("2025-10-26T01:30+00:00")
    reading = read_when("about 26/10/25 1:30", NOW)
    assert isinstance(reading, Which)
    assert [each for _, each in reading.options] == [
        When(first, approx=True),
        When(second, approx=True),
    ]
    with pytest.raises(DateNotUnderstood, match=r"Write 2025-10-26T01:30:00\+01:00 or 2025-10-26T"):
        parse_when("26/10/25 1:30", NOW)
    assert parse_when("26/10/25 0:59", NOW) == When(at("2025-10-26T00:59+01:00"))
    assert parse_when("26/10/25 2:00", NOW) == When(at("2025-10-26T02:00Z"))


@over("about", ["about {}", "around {}", "~{}", "{} ish", "{} or so", "{}?"])
def test_the_hour_that_comes_twice_keeps_about(about: str) -> None:
    whens = list_moments(read_when(about.format("26/10/25 1:30am"), NOW))
    assert [when.approx for when in whens] == [True, True]
    assert whens[0].moment != whens[1].moment


@over("moment", ["2025-10-26T01:30:00+01:00", "2025-10-26T01:30:00+00:00"])
def test_an_offset_picks_one_of_the_two_hours(moment: str) -> None:
    when = parse_when(moment, NOW)
    assert (to_timestamp(when.moment), when.alternative) == (moment, None)


def test_a_second_reading_that_is_still_to_come_is_no_question() -> None:
    between = at("2025-10-26T01:10+00:00")
    assert parse_when("1:30", between) == When(at("2025-10-26T01:30+01:00"))
    assert parse_when("an hour ago", between) == When(at("2025-10-26T01:10+01:00"))


@pytest.mark.usefixtures("_new_york")
def test_clock_changes_follow_the_zone_of_the_computer() -> None:
    with pytest.raises(DateNotUnderstood, match=r"8 March 2026.* no 02:30"):
        parse_when("8/3/26 2:30", NOW)
    with pytest.raises(DateNotUnderstood, match="came twice"):
        parse_when("2/11/25 1:30", NOW)
    assert parse_when("29/3/26 1:30", NOW) == When(at("2026-03-29T01:30-04:00"))
    assert to_timestamp(parse_when("now", NOW).moment) == "2026-04-14T16:30:00-04:00"


PIECES = (  # noqa: SIM905 - a list literal would take 70 lines
    "now today yesterday tomorrow last tue monday 3 april march 26 2026 3/4 31/2 3/4/26 3.4.2026"
    " 2026-04-03 T21:15 +01:00 Z 8 8pm 8:15 24:00 2015 0830 noon midnight half quarter past to 9 am"
    " pm o'clock about ~ ish at on of the in morning evening night this tonight ago an a hour hours"
    " minutes 20 days weeks months years and , . 99 999 9999 29 feb 1:30 29/3 26/10/25"
    " between - or to yest teatime lunch dinner bed before after overnight early 23rd 31st gone"
    " last week yesturday wensday quater ; 830pm couple few back night christmas day ½ –"
    " not known noticed found sometime handover - next"
).split()
TYPED = st.one_of(
    st.text(max_size=100),
    st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=7).map("".join),
)
PRESENT = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(TYPED, PRESENT)
def test_anything_typed_is_a_past_moment_asked_or_refused(text: str, now: datetime) -> None:
    try:
        reading = read_when(text, now)
    except DateNotUnderstood:
        return
    for when in list_moments(reading):
        if when.hour_not_known:
            assert when.moment.date() <= now.astimezone().date()
        else:
            assert when.moment <= now
        assert when.moment.microsecond == 0
        assert when.moment == when.moment.astimezone()


@given(TYPED, PRESENT)
def test_a_span_is_never_empty(text: str, now: datetime) -> None:
    try:
        start, end = parse_since(text, now), parse_until(text, now)
    except DateNotUnderstood:
        return
    assert start < end


@given(PRESENT, st.timedeltas(timedelta(0), timedelta(days=9000)), st.booleans())
def test_what_is_echoed_can_be_typed(now: datetime, ago: timedelta, approx: bool) -> None:
    moment = (now - ago).astimezone().replace(second=0, microsecond=0)
    whens = list_moments(read_when(echo(moment, approx), now))
    assert When(moment, approx) in whens
    assert len(whens) == 1 or moment.replace(tzinfo=None) == whens[1].moment.replace(tzinfo=None)


@given(PRESENT, st.timedeltas(timedelta(0), timedelta(days=9000)))
def test_a_timestamp_reads_back_exactly(now: datetime, ago: timedelta) -> None:
    moment = (now - ago).replace(microsecond=0)
    assert parse_when(to_timestamp(moment.astimezone()), now) == When(moment)


@given(PRESENT, st.timedeltas(timedelta(0), timedelta(days=9000)), st.booleans(), st.booleans())
def test_what_is_echoed_of_a_day_or_of_noticing_can_be_typed(
    now: datetime, ago: timedelta, approx: bool, whole: bool
) -> None:
    noon = (now - ago).astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
    moment = noon.replace(tzinfo=None).astimezone()  # the clock may have changed that morning
    assume(whole or moment <= now)
    when = When(moment, approx or whole, hour_not_known=whole, noticed=True)
    for each in (when, replace(when, noticed=False)):
        assert read_when(each.shown, now) == each


def test_echo_names_the_day() -> None:
    moment = at("2026-04-14T21:15+01:00")
    noticed = "Noticed Tue 14 Apr 2026, 21:15; when it happened is not known"
    assert echo(moment, noticed=True) == noticed
    assert echo(moment, approx=True, hour_not_known=True) == "Tue 14 Apr 2026, time not known"
    assert echo(moment) == "Tue 14 Apr 2026, 21:15"
    assert echo(moment, approx=True) == "about Tue 14 Apr 2026, 21:15"


def test_the_hour_that_came_twice_keeps_about_where_nobody_is_asked() -> None:
    now = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
    with pytest.raises(DateNotUnderstood) as refused:
        parse_when("about 25 Oct 2026 1:30am", now)
    first = "about 2026-10-25T01:30:00+01:00"
    assert f"{first} or about 2026-10-25T01:30:00+00:00" in str(refused.value)
    assert parse_when(first, now).shown == "about Sun 25 Oct 2026, 01:30"


@over("typed", ["this morning", "last friday teatime", "last night", "monday"])
def test_the_hour_that_is_advised_is_of_that_day_and_understood(typed: str) -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        parse_when(typed, NOW)
    advised = str(refused.value).partition("About is fine: ")[2].removesuffix(".")
    when = parse_when(advised, NOW)
    reading = read_when(typed, NOW)
    assert isinstance(reading, HourAsked)
    assert (when.approx, when.moment.date()) == (True, reading.day)


@over(
    ("text", "days"),
    [
        ("tody", ['Did you mean "today"?', "14"]),
        ("this morning", ["14"]),
        ("last night", ["Which day is meant?", "13", "14"]),
        ("monday", ["13"]),
    ],
)
def test_a_day_that_has_passed_is_read_or_asked_back(text: str, days: list[str]) -> None:
    read = read_past_day(text, NOW)
    asked = read if isinstance(read, DaysAsked) else DaysAsked("", (read,))
    assert [*filter(None, [asked.ask]), *(str(each.day) for each in asked.days)] == days


@over(
    ("text", "reason"),
    [
        ("a bruise", "Try: yesterday"),
        ("last month", "Write one day"),
        ("last week", "Which day was it"),
        ("3 May 2026", "to come"),
    ],
)
def test_what_is_not_one_day_that_has_passed_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(DateNotUnderstood, match=reason):
        read_past_day(text, NOW)
