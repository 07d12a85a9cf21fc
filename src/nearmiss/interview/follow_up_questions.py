"""The questions of a follow-up: what was done, or seen, since a report was saved."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import ValidationError

from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import Asked, Asker, ask_until_taken, ask_yes_no
from nearmiss.model.entries import FollowUpFields
from nearmiss.model.problems import describe, tidy_fields
from nearmiss.model.wording import QUESTIONS
from nearmiss.text import tidy


def ask_follow_up(asker: Asker, *, is_open: bool) -> dict[str, Any]:
    """Return the fields of a follow-up as they were answered; empty where there is nothing.

    Raises KeyboardInterrupt or EOFError.
    """
    fields: dict[str, Any] = {}
    for name, asked in _FOLLOW_UP.items():
        answer = ask_until_taken(asker, asked, partial(_read_later, name))
        if answer:
            fields[name] = answer
    question = "Is there nothing left to do?" if is_open else "Open it again?"
    if ask_yes_no(asker, question):
        fields["closes"] = is_open
    return fields


def ask_told(asker: Asker) -> list[str]:
    """Return who was told since the report was saved. Raises KeyboardInterrupt or EOFError."""
    told = ask_until_taken(asker, _FOLLOW_UP["informed"], partial(_read_later, "informed"))
    return told if isinstance(told, list) else []


_FOLLOW_UP = {
    "note": Asked("What was done or seen since?", "Enter alone: nothing to add.", shape="lines"),
    "informed": Asked(
        QUESTIONS["informed"].ask,
        "Since then. Role (name), how, when. One a line. Empty: nobody more.",
        shape="list",
        example=QUESTIONS["informed"].example,
    ),
    "care_plan_status": Asked(
        "A care plan review: asked, changed or declined?", "Enter alone: none of these."
    ),
    "care_plan": Asked("What about the care plan?", "Enter alone: nothing.", shape="lines"),
    "harm_found": Asked(
        "Did harm show later?", "What was seen, and when. Enter alone: no.", shape="lines"
    ),
}


def _read_later(name: str, typed: str) -> str | list[str]:
    text = tidy(typed)
    value: Any = text
    if name == "informed":
        value = [item for line in text.split("\n") if (item := tidy(line))]
    elif name == "care_plan_status":
        value = next((each for each in _STATUSES if text and each.startswith(text.lower())), text)
    if value:
        check_follow_up({"about": _ANY_REPORT, name: value})
    return value  # type: ignore[no-any-return]


_STATUSES = ("asked", "changed", "declined")
_ANY_REPORT = "0000-0001"


def check_follow_up(fields: Mapping[str, Any]) -> FollowUpFields:
    """Return the follow-up that ``fields`` make. Raises NotTaken with each fault by its option."""
    try:
        return FollowUpFields.model_validate(tidy_fields(fields))
    except ValidationError as error:
        faults = (f"--{each.field.replace('_', '-')}: {each.reason}" for each in describe(error))
        raise NotTaken(reason="\n".join(("Not saved. Please change:", *faults))) from None
