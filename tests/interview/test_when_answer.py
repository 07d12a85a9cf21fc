"""What a typed time leaves open is asked back, one question after the other."""

import time
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from nearmiss.errors import UsageProblem
from nearmiss.interview.answers import (
    keep_when,
    read_when_answer,
    show_answer,
    show_to_change,
)
from nearmiss.terminal.asking import Asked, Choice, GoBack, Stopped

_Value = TypeVar("_Value")

if not hasattr(time, "tzset"):
    pytest.skip("the time zone can't be set here", allow_module_level=True)

NOW = datetime.fromisoformat("2026-04-14T21:30:25+01:00")  # a Tuesday


class Script:
    """An asker that answers by what was written before, and keeps what it was asked."""

    def __init__(self, *answers: str | BaseException) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def _next(self) -> str:
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def ask(self, asked: Asked) -> str:
        self.asked.append(asked.ask)
        return self._next()

    def choose(self, choice: Choice[_Value]) -> _Value:
        self.asked.append(choice.ask)
        found = choice.find(self._next())
        assert found is not None
        return choice.options[found].value

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        raise AssertionError

    def stop(self) -> None:
        raise AssertionError


SETTLED = [
    ("yesterday 9pm", [], "Mon 13 Apr 2026, 21:00"),
    ("yesterday", ["9pm"], "Mon 13 Apr 2026, 21:00"),
    ("yesterday evening", ["about 8"], "about Mon 13 Apr 2026, 20:00"),
    ("about lunchtime", ["12:30"], "about Tue 14 Apr 2026, 12:30"),
    ("yesterday teatime", ["3:15pm"], "Mon 13 Apr 2026, 15:15"),
    ("yesterday", ["9", "2"], "Mon 13 Apr 2026, 21:00"),
    ("yesterday", ["teatime", "5"], "Mon 13 Apr 2026, 17:00"),
    ("yesterday", ["between 8 and 9pm", "y"], "about Mon 13 Apr 2026, 20:00"),
    ("yesterday", ["today 8am"], "Tue 14 Apr 2026, 08:00"),
    ("last night", ["11pm"], "Mon 13 Apr 2026, 23:00"),
    ("last night", ["2am"], "Tue 14 Apr 2026, 02:00"),
    ("in the night", ["2"], "Tue 14 Apr 2026, 02:00"),
    ("in the night", ["midnight"], "Tue 14 Apr 2026, 00:00"),
    ("last night", ["6", "1"], "Mon 13 Apr 2026, 18:00"),
    ("last night", ["8 in the evening"], "Mon 13 Apr 2026, 20:00"),
    ("last night", ["noon", "2am"], "Tue 14 Apr 2026, 02:00"),
    ("last monday", ["2", "9am"], "Mon 6 Apr 2026, 09:00"),
    ("five to eight", ["2"], "Tue 14 Apr 2026, 19:55"),
    ("wendsday teatime", ["y", "5"], "Wed 8 Apr 2026, 17:00"),
    ("about 26/10/25 1:30", ["2"], "about Sun 26 Oct 2025, 01:30"),
    # not known
    ("not known", ["8am"], "Noticed Tue 14 Apr 2026, 08:00; when it happened is not known"),
    (
        "dont know",
        ["this morning", "about 8am"],
        "Noticed about Tue 14 Apr 2026, 08:00; when it happened is not known",
    ),
    (
        "not known",
        ["today", "not known"],
        "Noticed Tue 14 Apr 2026, time not known; when it happened is not known",
    ),
    ("don't know", ["no idea", "yesterday"], "Mon 13 Apr 2026, time not known"),
    ("no idea", ["dunno", "dunno", "today"], "Tue 14 Apr 2026, time not known"),
    (
        "not sure",
        ["?", "not known", "noticed today"],
        "Noticed Tue 14 Apr 2026, time not known; when it happened is not known",
    ),
    ("sometime yesterday", ["not known"], "Mon 13 Apr 2026, time not known"),
    ("sometime in the afternoon", ["about 3"], "about Tue 14 Apr 2026, 15:00"),
    ("tea time", ["tea time", "y"], "Tue 14 Apr 2026, time not known"),
    (
        "found him on the floor this morning",
        ["this morning", "7"],
        "Noticed Tue 14 Apr 2026, 07:00; when it happened is not known",
    ),
    ("last night", ["not known", "2"], "Tue 14 Apr 2026, time not known"),
    ("last night", ["not known", "3"], "Mon 13 Apr 2026, time not known"),
    ("last night around 2 in the morning", ["1"], "about Tue 14 Apr 2026, 02:00"),
    ("this morning at handover", ["about 7"], "about Tue 14 Apr 2026, 07:00"),
    ("3 April 2026 pm", ["not known"], "Fri 3 Apr 2026, time not known"),
]


@pytest.mark.parametrize(("typed", "answers", "shown"), SETTLED)
def test_asks_what_is_left_open(typed: str, answers: list[str], shown: str) -> None:
    script = Script(*answers)
    when = read_when_answer(script, typed, lambda: NOW)
    assert when.shown == shown
    assert not script.answers


FRIDAY = NOW.date() - timedelta(days=4)
OF_ITS_DAY = [
    ("13.00", [], "Fri 10 Apr 2026, 13:00"),
    ("about 1pm", [], "about Fri 10 Apr 2026, 13:00"),
    ("half 1", ["y", "2"], "Fri 10 Apr 2026, 13:30"),
    ("noon", [], "Fri 10 Apr 2026, 12:00"),
    ("8 in the evening", [], "Fri 10 Apr 2026, 20:00"),
    ("between 1 and 2pm", ["y"], "about Fri 10 Apr 2026, 13:00"),
    ("noticed 13.00", [], "Noticed Fri 10 Apr 2026, 13:00; when it happened is not known"),
    ("in the evening", ["8"], "Fri 10 Apr 2026, 20:00"),
    (
        "not known",
        ["8am"],
        "Noticed Fri 10 Apr 2026, 08:00; when it happened is not known",
    ),
    # a day of its own
    ("today 1pm", [], "Tue 14 Apr 2026, 13:00"),
    ("this morning about 8", [], "about Tue 14 Apr 2026, 08:00"),
    ("an hour ago", [], "Tue 14 Apr 2026, 20:30"),
    ("11.4 1pm", [], "Sat 11 Apr 2026, 13:00"),
]


@pytest.mark.parametrize(("typed", "answers", "shown"), OF_ITS_DAY)
def test_an_hour_alone_is_of_the_day_that_stands(
    typed: str, answers: list[str], shown: str
) -> None:
    script = Script(*answers)
    assert read_when_answer(script, typed, lambda: NOW, FRIDAY).shown == shown
    assert not script.answers


def test_an_hour_alone_of_today_that_is_still_to_come_is_not_of_yesterday() -> None:
    with pytest.raises(UsageProblem, match="still to come"):
        read_when_answer(Script(), "23:00", lambda: NOW, NOW.date())


def test_says_which_day_the_hour_is_asked_of() -> None:
    script = Script("9am", "8pm", "3am")
    read_when_answer(script, "friday", lambda: NOW)
    read_when_answer(script, "yesterday evening", lambda: NOW)
    read_when_answer(script, "last night", lambda: NOW)
    assert script.asked == [
        "At what time on Fri 10 Apr 2026? About is fine.",
        "At what time on Mon 13 Apr 2026, in the evening? About is fine.",
        "At what time in the night from Mon 13 Apr 2026 to Tue 14 Apr 2026? About is fine.",
    ]


def test_the_second_of_two_equal_hours_is_another_moment() -> None:
    typed = "26/10/25 1:30"
    first, second = (read_when_answer(Script(each), typed, lambda: NOW) for each in "12")
    assert (second.moment - first.moment).total_seconds() == 3600


@pytest.mark.parametrize("typed", ["yesterday", "8", "yesturday 9pm"])
def test_esc_at_a_question_asked_back_leads_to_the_words_typed(typed: str) -> None:
    with pytest.raises(UsageProblem, match="in other words"):
        read_when_answer(Script(GoBack("2")), typed, lambda: NOW)


def test_no_to_what_is_offered_takes_nothing() -> None:
    with pytest.raises(UsageProblem, match="in other words"):
        read_when_answer(Script("n"), "half seven", lambda: NOW)


def test_what_was_typed_at_first_is_kept_where_the_carer_stops() -> None:
    with pytest.raises(Stopped) as stopped:
        read_when_answer(Script(Stopped("8")), "yesterday", lambda: NOW)
    assert stopped.value.typed == "yesterday"


def test_something_else_than_what_was_offered_is_typed_anew() -> None:
    with pytest.raises(UsageProblem, match="in other words"):
        read_when_answer(Script("something else"), "about 8", lambda: NOW)


@pytest.mark.parametrize(
    ("typed", "to_change"),
    [
        ("about 8pm", "about 14 Apr 2026 20:00"),
        ("yesterday, time not known", "13 Apr 2026, time not known"),
        ("noticed about 8pm", "noticed about 14 Apr 2026 20:00"),
        ("noticed yesterday, time not known", "noticed 13 Apr 2026, time not known"),
    ],
)
def test_what_was_taken_stands_there_to_be_changed_and_means_the_same(
    typed: str, to_change: str
) -> None:
    when = read_when_answer(Script(), typed, lambda: NOW)
    kept = keep_when(when)
    assert show_to_change("occurred_at", kept) == to_change
    assert show_answer("occurred_at", kept) == when.shown
    assert read_when_answer(Script(), to_change, lambda: NOW) == when


def test_says_at_each_question_that_it_need_not_be_known() -> None:
    asked: list[tuple[str, str]] = []

    class Keeping(Script):
        def ask(self, question: Asked) -> str:
            asked.append((question.ask, question.help))
            return super().ask(question)

    read_when_answer(Keeping("not known", "yesterday"), "not known", lambda: NOW)
    read_when_answer(Keeping("not known"), "yesterday", lambda: NOW)
    assert asked == [
        ("When did you notice it?", 'About is fine; so is "not known".'),
        (
            "Which day, at least?",
            'The day it happened. If only that is known: "noticed today".',
        ),
        ("At what time on Mon 13 Apr 2026? About is fine.", 'If it is not known: "not known".'),
    ]
