"""Answers: from what was typed at a question to a report's fields, and back into words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nearmiss.dates.readings import When
from nearmiss.dates.shown import echo, echo_day, to_timestamp
from nearmiss.errors import UsageProblem
from nearmiss.intake.fields import find_faults
from nearmiss.interview.asking import Shape
from nearmiss.model.entries import ReportFields
from nearmiss.model.problems import tidy_fields
from nearmiss.model.wording import CATEGORY_LABELS, QUESTIONS
from nearmiss.text import show_safely, tidy

# How each question that is answered in the carer's own words is written.
SHAPES: dict[str, Shape] = {
    "client": "line",
    "occurred_at": "line",
    "location": "line",
    "what_nearly_happened": "lines",
    "how_prevented": "lines",
    "immediate_action": "lines",
    "informed": "list",
    "recommendations": "list",
}


class NotTaken(UsageProblem):
    """An answer that can't be taken as it is."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


def read_answer(field: str, typed: str) -> dict[str, Any]:
    """Return the field that an answer fills, as JSON has it; not when it happened.

    Raises NotTaken with the reason in words.
    """
    fields = _read(field, tidy(typed))
    check_answer(field, fields[field])
    return fields


def _read(field: str, text: str) -> dict[str, Any]:
    if SHAPES[field] == "list":
        return tidy_fields({field: split_items(text)})
    check_given(field, text)
    return {field: text}


def split_items(text: str) -> list[str]:
    """Return the items of a list, one a line."""
    return [item for line in text.split("\n") if (item := tidy(line))]


def check_given(field: str, text: str) -> None:
    """Check that something was typed. Raises NotTaken."""
    if not tidy(text):
        raise NotTaken(reason=_NEEDED.get(field, _NEEDED_TEXT))


_NEEDED = {
    "client": "An answer is needed: initials, such as MB.",
    "occurred_at": "An answer is needed. About is fine: about 8pm.",
    "location": "An answer is needed: the room, such as lounge.",
}
_NEEDED_TEXT = "An answer is needed. If there is nothing to say, write: not known"


def check_answer(field: str, value: object) -> None:
    """Check a value against the rules of its field. Raises NotTaken."""
    for problem in find_faults({field: value}, partial=True):
        raise NotTaken(reason=f"The answer {problem.reason}.")


def keep_when(when: When) -> dict[str, Any]:
    """Return the fields that say when it happened."""
    return {"occurred_at": to_timestamp(when.moment), "occurred_approx": when.approx}


def show_answer(field: str, answers: Mapping[str, Any]) -> str:
    """Return the answer to a question in words, as it will be saved; empty where there is none."""
    if field not in answers:
        return ""
    value = answers[field]
    match field:
        case "occurred_at":
            moment = datetime.fromisoformat(value)
            return echo(moment, bool(answers.get("occurred_approx")))
        case "safeguarding":
            return "yes" if value else "no"
        case "category":
            return CATEGORY_LABELS[value]
        case "informed" | "recommendations":
            return "\n".join(value) or _EMPTY[field]
    return str(value)


def show_reviewed(field: str, answers: Mapping[str, Any]) -> str:
    """Return an answer under its title, as it will be saved."""
    return f"{QUESTIONS[field].title}: {show_answer(field, answers)}"


_EMPTY = {"informed": "nobody yet", "recommendations": "none"}


def show_to_change(field: str, answers: Mapping[str, Any]) -> str:
    """Return the answer as it could have been typed, to be changed; empty where there is none."""
    value = answers.get(field)
    if isinstance(value, list):
        return "\n".join(value)
    if field == "occurred_at" and value:
        moment = datetime.fromisoformat(value)
        about = "about " if answers.get("occurred_approx") else ""
        return f"{about}{echo_day(moment)} {moment:%H:%M}"
    return show_safely(show_answer(field, answers))


def fill_missing(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers of a draft that can be used as they are, in the order of a report."""
    kept: dict[str, Any] = {}
    for field in ReportFields.model_fields:
        if field in draft:
            try:
                check_answer(field, draft[field])
            except NotTaken:
                continue
            kept[field] = draft[field]
    return kept
