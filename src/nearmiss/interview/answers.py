"""Answers: from what was typed at a question to a report's fields, and back into words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from nearmiss.dates.days import DaysAsked, read_due
from nearmiss.dates.grammar import read_hour, read_noticed, read_past_day, read_when
from nearmiss.dates.moments import HourAsked, NotKnown, Offered, Reading, When, Which
from nearmiss.dates.shown import echo_weekday, to_timestamp
from nearmiss.errors import UsageProblem
from nearmiss.intake.reached import read_reached, split_reached
from nearmiss.model.entries import IncidentFields, NearMissFields
from nearmiss.model.problems import find_faults, tidy_fields
from nearmiss.model.questions import ANSWERS, CATEGORY_LABELS, says_nothing
from nearmiss.speech import say
from nearmiss.terminal.asking import (
    Asked,
    Asker,
    Choice,
    Ended,
    GoBack,
    Option,
    Shape,
    Stopped,
    ask_until_taken,
    ask_yes_no,
)
from nearmiss.text import shorten, show_safely, tidy

# How each question that is answered in the carer's own words is written.
SHAPES: dict[str, Shape] = {
    "client": "line",
    "occurred_at": "line",
    "location": "line",
    "what_nearly_happened": "lines",
    "how_prevented": "lines",
    "what_happened": "lines",
    "injury": "lines",
    "immediate_action": "lines",
    "informed": "list",
    "tried": "list",
    "concern_informed": "list",
    "recommendations": "list",
}


def read_answer(field: str, typed: str) -> dict[str, Any]:
    """Return the field that an answer fills, as JSON has it; not when it happened."""
    if SHAPES[field] == "list":
        fields = tidy_fields({field: split_items(typed)})
    else:
        check_given(field, typed)
        fields = {field: tidy(typed)}
    check_answer(field, fields[field])
    return fields


def split_items(text: str) -> list[str]:
    """Return the items of a list, one a line."""
    return [item for line in text.split("\n") if (item := tidy(line))]


def check_given(field: str, text: str) -> None:
    """Check that something was typed. Raises UsageProblem."""
    if not tidy(text):
        raise UsageProblem(_NEEDED.get(field, _NEEDED_TEXT))


_NEEDED = {
    "client": "An answer is needed: initials, such as MB.",
    "occurred_at": 'An answer is needed. About is fine: about 8pm. So is "not known".',
    "location": "An answer is needed: the room, such as lounge.",
}
_NEEDED_TEXT = "An answer is needed. If there is nothing to say, write: not known"


def check_answer(field: str, value: object) -> None:
    """Check a value against the rules of its field. Raises UsageProblem."""
    for problem in find_faults({field: value}, partial=True):
        raise UsageProblem(f"The answer {problem.reason}.")


def keep_when(when: When) -> dict[str, Any]:
    """Return the fields that say when it happened, or was noticed."""
    return {
        "occurred_at": to_timestamp(when.moment),
        "occurred_approx": when.approx,
        "hour_not_known": when.hour_not_known,
        "noticed": when.noticed,
    }


def _read_kept(answers: Mapping[str, Any]) -> When:
    return When(
        datetime.fromisoformat(answers["occurred_at"]),
        approx=bool(answers.get("occurred_approx")),
        hour_not_known=bool(answers.get("hour_not_known")),
        noticed=bool(answers.get("noticed")),
    )


def show_answer(field: str, answers: Mapping[str, Any]) -> str:
    """Return the answer to a question in words, as it will be saved; empty where there is none."""
    if field not in answers:
        return ""
    value = answers[field]
    match field:
        case "occurred_at":
            return _read_kept(answers).shown
        case "safeguarding":
            return "yes" if value else "no"
        case "category":
            return CATEGORY_LABELS[value]
    if isinstance(value, list):
        return "\n".join(value) or _EMPTY.get(field, "none")
    return str(value)


def show_reviewed(field: str, answers: Mapping[str, Any]) -> str:
    """Return an answer under its title, as it will be saved."""
    return f"{ANSWERS[field].title}: {show_answer(field, answers)}"


_EMPTY = {"informed": "nobody yet", "concern_informed": "nobody yet"}


def show_to_change(field: str, answers: Mapping[str, Any]) -> str:
    """Return the answer as it could have been typed, to be changed; empty where there is none."""
    value = answers.get(field)
    if isinstance(value, list):
        return "\n".join(value)
    if field == "occurred_at" and value:
        return _read_kept(answers).typed
    return show_safely(show_answer(field, answers))


def fill_missing(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a draft that can be used as they are, in the order of a report."""
    kept: dict[str, Any] = {}
    for field in dict.fromkeys((*NearMissFields.model_fields, *IncidentFields.model_fields)):
        if field in draft:
            try:
                check_answer(field, draft[field])
            except UsageProblem:
                continue
            kept[field] = draft[field]
    return kept


_OTHER_WORDS = "Write it in other words: yesterday 9pm, 3 April 14:30."


def read_when_answer(
    asker: Asker, typed: str, now: Callable[[], datetime], stood: date | None = None
) -> When:
    """Return the moment that ``typed`` means, as ``read_when``; what it leaves open is asked."""
    reading: Reading = read_when(typed, now(), stood=stood)
    try:
        while not isinstance(reading, When):
            reading = _ask_back(asker, reading, now, stood)
    except GoBack:
        raise UsageProblem(_OTHER_WORDS) from None
    except (Stopped, Ended) as left:
        left.typed = typed  # it stands there again, to be mended
        raise
    return reading


def _ask_back(
    asker: Asker,
    reading: HourAsked | Which | Offered | NotKnown,
    now: Callable[[], datetime],
    stood: date | None,
) -> Reading:
    match reading:
        case HourAsked():
            help_text = 'If it is not known: "not known".'
            asked = Asked(reading.ask, help_text, example="about 8pm", can_go_back=True)
            return ask_until_taken(asker, asked, lambda typed: read_hour(typed, reading, now()))
        case NotKnown():
            example = "yesterday" if reading.last else "this morning about 8"
            asked = Asked(reading.ask, reading.help, example=example, can_go_back=True)
            return ask_until_taken(
                asker, asked, lambda typed: read_noticed(typed, reading, now(), stood)
            )
        case Which():
            return _choose(asker, reading)
    if ask_yes_no(asker, reading.ask, can_go_back=True):
        return reading.reading
    raise UsageProblem(_OTHER_WORDS)


def _choose(asker: Asker, which: Which) -> Reading:
    meant = [Option[Reading | None](shown, each) for shown, each in which.options]
    options = (*meant, Option[Reading | None]("Something else", None))
    chosen = asker.choose(Choice(which.ask, options, can_go_back=True))
    if chosen is None:
        raise GoBack
    return chosen


def ask_day(
    asker: Asker,
    asked: Asked,
    now: datetime,
    *,
    coming: bool = False,
    earliest: date = date.min,
) -> date | None:
    """Return the day that is answered, None for none: to come, or one that has passed.

    Which of several days is meant is asked.
    """

    def read(typed: str) -> date | DaysAsked | None:
        if not tidy(typed) or says_nothing(typed) or says_unknown(typed):
            return None
        found = read_due(typed, now.date()) if coming else read_past_day(typed, now)
        days = found.days if isinstance(found, DaysAsked) else (found,)
        left = tuple(day for day in days if day >= earliest)
        if not left:
            read_as = f"{echo_weekday(days[-1])} is too early"
            raise UsageProblem(f"{read_as}: it can't be before {echo_weekday(earliest)}.")
        return replace(found, days=left) if isinstance(found, DaysAsked) else found

    while True:
        found = ask_until_taken(asker, replace(asked, earlier=""), read)
        if not isinstance(found, DaysAsked):
            return found
        days = tuple(Option[date | None](echo_weekday(day), day) for day in found.days)
        other = Option[date | None]("another day", None)
        if is_one := len(days) == 1:
            days = (replace(days[0], key="y", words=("yes",)),)
            other = replace(other, key="n", words=("no",))
        choice = Choice(found.ask, (*days, other), can_go_back=True, in_a_row=is_one)
        if day := asker.choose(choice):
            return day


def says_unknown(typed: str) -> bool:
    """Whether the answer is that it is not known."""
    return tidy(typed).casefold() in _UNKNOWN


_UNKNOWN = ("not known", "unknown", "not sure", "don't know", "dont know", "?")
_GLIMPSE = 120  # characters of a line that a question repeats


def ask_reached(
    asker: Asker, lines: Sequence[str], *, as_tried: bool = False, can_go_back: bool = True
) -> tuple[list[str], list[str]]:
    """Return who of ``lines`` was told, and who was not reached; ``as_tried``: none was reached.

    What a line leaves open is asked.
    """
    told, tried = list[str](), list[str]()
    for line in _split_lines(asker, lines, can_go_back=can_go_back):
        read = read_reached(line)
        shown = shorten(show_safely(line), _GLIMPSE)
        doubted = read.says_so or read.reach == "both" if as_tried else read.reach != "reached"
        if read.reach == "nobody":
            say(f'"{shown}" is taken as: nobody.')
            continue
        was_told, noted = not as_tried, "not told yet" if read.is_planned else "tried, not as told"
        if doubted:
            ask = f'You wrote "{shown}". Did you reach them?'
            help_text = f"n: noted as {noted}."
            if can_go_back and _SEVERAL.search(line):
                help_text += " If it is of more than one person: Esc, then each on its own line."
            was_told = _ask_yes_no(asker, ask, help_text, can_go_back=can_go_back)
        if not (was_told or as_tried):
            say(f"Noted as {noted}: {shown}")
        (told if was_told else tried).append(line)
    return told, tried


def _split_lines(asker: Asker, lines: Sequence[str], *, can_go_back: bool) -> Iterator[str]:
    """Yield each line; one about one who was reached and one who was not as two, if so wanted."""
    for line in lines:
        parts = split_reached(line) if read_reached(line).reach == "both" else []
        shown = "\n".join(show_safely(each) for each in parts)
        ask = f"Two people stand in one line. As two lines?\n{shown}"
        if parts and _ask_yes_no(asker, ask, "n: it is one line.", can_go_back=can_go_back):
            yield from parts
        else:
            yield line


def _ask_yes_no(asker: Asker, ask: str, help_text: str, *, can_go_back: bool) -> bool:
    try:
        return ask_yes_no(asker, ask, help_text, can_go_back=can_go_back)
    except GoBack:
        raise UsageProblem(_ANEW) from None


_SEVERAL = re.compile(r"[.;]\s+\w{3}")  # perhaps a sentence for each
_ANEW = "Write who was told, and who was not reached, on lines of their own."
