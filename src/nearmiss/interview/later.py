"""The questions of a follow-up and of a correction: what was done, and what was wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from nearmiss.dates.days import DaysAsked, read_due
from nearmiss.dates.shown import echo_near_day, echo_weekday
from nearmiss.interview.answers import NotTaken, split_items
from nearmiss.interview.known import Known
from nearmiss.interview.report import Interview
from nearmiss.interview.told import ask_reached
from nearmiss.model.entries import FollowUp, Report
from nearmiss.model.questions import (
    ANSWERS,
    QUESTIONS,
    CarePlanStatus,
    drop_nobody,
    says_nothing,
)
from nearmiss.records.record import Record
from nearmiss.records.since import build_follow_up, hides_concern, keep_changed, list_left
from nearmiss.speech import say
from nearmiss.terminal.asking import (
    Asked,
    Asker,
    Choice,
    GoBack,
    Option,
    Step,
    ask_in_turn,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import shorten, tidy

Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered

_GLIMPSE = 40  # characters of a report that each question about it repeats


def ask_follow_up(asker: Asker, record: Record, today: date, answered: Fields) -> Fields:
    """Return the fields of a follow-up as they were answered; empty where there is nothing.

    ``answered`` is what was answered before, and typed where a question was left; it is filled as
    the questions go on. Raises GoBack from the first question, KeyboardInterrupt or EOFError.
    """
    questions = _Questions(asker, record, today, answered)
    return ask_in_turn(questions.steps, {})


def ask_told(asker: Asker, record: Record, today: date) -> Fields:
    """Return the fields of who was told since, and who was only tried; empty where nobody was.

    Raises KeyboardInterrupt or EOFError.
    """
    asked = replace(_TOLD, about=_say_about(record, today))

    def read(typed: str) -> Fields:
        told, tried = ask_reached(asker, [*_read_later("informed", typed)])
        return {name: each for name, each in (("informed", told), ("tried", tried)) if each}

    return ask_until_taken(asker, asked, read)


class _Questions:
    """The questions about one report; each says which one it is about."""

    def __init__(self, asker: Asker, record: Record, today: date, answered: Fields) -> None:
        self._asker, self._record, self._today = asker, record, today
        self._about = _say_about(record, today)
        self._answered = answered
        self.steps: tuple[Step[Fields], ...] = (
            partial(self._ask_text, "note", _NOTE),
            partial(self._ask_text, "harm_found", _HARM),
            partial(self._ask_text, "informed", _TOLD),
            self._ask_plan,
            self._ask_plan_text,
            self._ask_done,
            partial(self._ask_text, "next_step", _NEXT),
            self._ask_who,
            self._ask_due,
            self._ask_closes,
        )

    def _ask_text(self, field: str, asked: Asked, fields: Fields) -> Fields:
        put = self._put(field, asked)
        try:
            value = ask_until_taken(self._asker, put, partial(_read_later, field))
        except (GoBack, KeyboardInterrupt, EOFError) as left:
            typed = tidy(getattr(left, "typed", ""))
            if typed:  # what stands at a question that is left is not lost
                self._answered[field] = _split(field, typed)
            raise
        return self._set(fields, field, value)

    def _put(self, field: str, asked: Asked) -> Asked:
        earlier = self._answered.get(field, "")
        return replace(
            asked,
            about=self._about,
            earlier="\n".join(earlier) if isinstance(earlier, list) else str(earlier),
            can_go_back=True,
        )

    def _set(self, fields: Fields, field: str, value: object) -> Fields:
        self._answered.pop(field, None)
        if value not in (None, "", []):
            self._answered[field] = value
        rest = {name: each for name, each in fields.items() if name != field}
        return rest if value in (None, "", []) else {**rest, field: value}

    def _ask_plan(self, fields: Fields) -> Fields:
        before = [each.value for each in _PLAN].index(self._answered.get("care_plan_status"))
        choice = Choice(_PLAN_ASKED, _PLAN, about=self._about, chosen=before, can_go_back=True)
        return self._set(fields, "care_plan_status", self._asker.choose(choice))

    def _ask_plan_text(self, fields: Fields) -> Fields | None:
        asks = "care_plan_status" in fields
        return self._ask_text("care_plan", _PLAN_TEXT, fields) if asks else None

    def _ask_done(self, fields: Fields) -> Fields | None:
        step = self._record.next_step
        if step is None:
            return None
        question = f"Is this done: {step.text}?"
        done = ask_yes_no(self._asker, question, about=self._about, can_go_back=True)
        fields = self._set(fields, "ends", step.id if done else None)
        return self._set(fields, "next_done", done or None)

    def _ask_who(self, fields: Fields) -> Fields | None:
        return self._ask_text("next_who", _WHO, fields) if "next_step" in fields else None

    def _ask_due(self, fields: Fields) -> Fields | None:
        if "next_step" not in fields:
            return None
        day = ask_due(self._asker, self._put("next_due", _DUE), self._today)
        return self._set(fields, "next_due", day.isoformat() if day else None)

    def _ask_closes(self, fields: Fields) -> Fields | None:
        is_open = self._record.is_open
        stands = list_left(self._record, fields) or hides_concern(self._record, fields)
        if "next_step" in fields or (is_open and stands):
            return None
        question = "Is there nothing left to do?" if is_open else "Open it again?"
        answer = ask_yes_no(self._asker, question, about=self._about, can_go_back=True)
        return self._set(fields, "closes", is_open if answer else None)


def _say_about(record: Record, today: date) -> str:
    about = f"About {name_record(record, today)}"
    return about if about.endswith((".", "…", "?", "!")) else f"{about}."


def name_record(record: Record, today: date) -> str:
    """Return which report it is in a line: id, client, day and first words."""
    report = record.report
    day = echo_near_day(report.occurred, today)
    return f"{record.id}, {report.client}, {day}: {shorten(report.what, _GLIMPSE)}"


def ask_due(asker: Asker, asked: Asked, today: date) -> date | None:
    """Return the day by which something is to be done, None for no day.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    while True:
        read = ask_until_taken(asker, asked, partial(_read_day, today))
        if not isinstance(read, DaysAsked):
            return read
        days: tuple[Option[date | None], ...] = tuple(
            Option(echo_weekday(day), day) for day in read.days
        )
        other: Option[date | None] = Option("another day", None)
        day = asker.choose(Choice(read.ask, (*days, other), can_go_back=True))
        if day:
            return day


def _read_day(today: date, typed: str) -> date | DaysAsked | None:
    return read_due(typed, today) if typed.strip() and not says_nothing(typed) else None


_NOTE = Asked("What was done or seen since?", "Enter alone: nothing to add.", shape="lines")
_TOLD = Asked(
    QUESTIONS["informed"].ask,
    "Since then. Role (name), how, when. One a line. Empty: nobody more.",
    shape="list",
    example=QUESTIONS["informed"].example,
)
_HARM = Asked("Did harm show later?", "What was seen, and when. Enter alone: no.", shape="lines")
_PLAN_ASKED = "Was a review of the care plan asked for?"
_PLAN: tuple[Option[CarePlanStatus | None], ...] = (
    Option("no", None, words=("n",)),
    Option("asked for", "asked"),
    Option("it was done, the plan was changed", "changed", words=("changed",)),
    Option("it was declined", "declined", words=("declined",)),
)
_PLAN_TEXT = Asked("What about the care plan?", "Enter alone: nothing to add.", shape="lines")
_NEXT = Asked(
    "What is to do next?", "One thing. Enter alone: nothing.", example="Ring the OT about rails"
)
_WHO = Asked("Who does it?", "Enter alone: not settled.", example="Sue (daughter)")
_DUE = Asked("By which day?", "Enter alone: no day.", example="friday, in 2 weeks, 3 April")


# The questions by the field that each one fills: what can be put right in a follow-up.
FOLLOW_UP_QUESTIONS = {
    "note": _NOTE,
    "harm_found": _HARM,
    "informed": _TOLD,
    "care_plan": _PLAN_TEXT,
    "next_step": _NEXT,
    "next_who": _WHO,
    "next_due": _DUE,
}


def ask_again(asker: Asker, field: str, value: str | list[str], today: date) -> str | list[str]:
    """Return the answer to the question of ``field``, where ``value`` stood before.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    before = "\n".join(value) if isinstance(value, list) else value
    asked = replace(FOLLOW_UP_QUESTIONS[field], earlier=before, can_go_back=True)
    if field == "next_due":
        day = ask_due(asker, replace(asked, earlier=""), today)
        return day.isoformat() if day else value
    return ask_until_taken(asker, asked, partial(_read_again, field, value))


def _read_again(name: str, before: str | list[str], typed: str) -> str | list[str]:
    """Return what was typed in place of ``before``, which Enter alone keeps. Raises NotTaken."""
    if name != "informed" and says_nothing(typed):
        raise NotTaken(reason=_TAKES_BACK)
    if not tidy(typed):
        return before
    return _read_later(name, typed)


_TAKES_BACK = (
    "That would leave nothing here. To take it back, go back and choose: "
    "All of it: it does not count."
)


def _read_later(name: str, typed: str) -> str | list[str]:
    value = _leave_out_none(_split(name, tidy(typed)))
    if tidy(typed) and not value:  # what was typed and is not kept does not go without a word
        say("Taken as: nobody more." if name == "informed" else "Taken as: nothing.")
    if value:
        build_follow_up({"about": _ANY_REPORT, name: value})
    return value


def _leave_out_none(value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return drop_nobody(value)
    return "" if says_nothing(value) else value


def _split(name: str, text: str) -> str | list[str]:
    return split_items(text) if name == "informed" else text


_ANY_REPORT = "0000-0001"


def ask_changes(
    asker: Asker, entry: Report | FollowUp, now: Callable[[], datetime]
) -> dict[str, Any] | None:
    """Return the fields that the carer changed, with their new values; None: it does not count.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    if isinstance(entry, FollowUp):
        return _ask_follow_up_changes(asker, entry, now().date())
    before = {
        name: getattr(entry, name)
        for name in type(entry).model_fields
        if (name in ANSWERS or name in ("occurred_approx", "hour_not_known", "noticed"))
        and getattr(entry, name) is not None
    }
    interview = Interview(
        asker,
        before,
        Known(),
        keep=lambda answers, unfinished: "",
        now=now,
        is_incident="injury" in before,
    )
    interview.change("Which answer is wrong?", (Option("That is all", None, "d", ("done",)),))
    return keep_changed(entry, interview.answers)


def _ask_follow_up_changes(asker: Asker, entry: FollowUp, today: date) -> dict[str, Any] | None:
    filled = [field for field in FOLLOW_UP_QUESTIONS if getattr(entry, field)]
    options: list[Option[str]] = [Option(FOLLOW_UP_QUESTIONS[field].ask, field) for field in filled]
    options.append(Option("All of it: it does not count", ""))
    field = asker.choose(Choice("What is wrong in it?", tuple(options), can_go_back=True))
    if not field:
        return None
    return keep_changed(entry, {field: ask_again(asker, field, getattr(entry, field), today)})


def ask_reason(asker: Asker) -> str:
    """Return why an entry is corrected. Raises KeyboardInterrupt or EOFError."""

    def read(typed: str) -> str:
        if not tidy(typed):
            raise NotTaken(reason="An answer is needed: a few words, such as: wrong day.")
        return tidy(typed)

    return ask_until_taken(asker, Asked("Why is it corrected?", "A few words."), read)
