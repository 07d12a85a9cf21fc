"""Questions after a report was saved: what was done since, and what was wrong in it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from nearmiss.intake.fields import BadReport, read_options
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import Asked, Asker, ask_until_taken, ask_yes_no
from nearmiss.interview.known import Known
from nearmiss.interview.run import Interview
from nearmiss.model.entries import CorrectionFields, FollowUp, FollowUpFields, Report, ReportFields
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
    question = "Is there nothing left to do? y / n" if is_open else "Open it again? y / n"
    if ask_yes_no(asker, question):
        fields["closes"] = is_open
    return fields


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


def read_changes(
    entry: Report | FollowUp, given: Mapping[str, Any], now: datetime, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields that would change by the answers ``given`` as typed, with their values.

    Raises BadReport or NotTaken.
    """
    if isinstance(entry, Report):
        fields = read_options(given, now, names)
    else:
        checked = check_follow_up({"about": entry.about, **given})
        fields = {name: getattr(checked, name) for name in given}
    return _keep_changed(entry, fields)


def ask_changes(asker: Asker, report: Report, now: Callable[[], datetime]) -> dict[str, Any]:
    """Return the fields that the carer changed, with their new values.

    Raises KeyboardInterrupt or EOFError.
    """
    before = {name: getattr(report, name) for name in ReportFields.model_fields}
    interview = Interview(asker, before, Known(), keep=lambda answers: None, now=now)
    asked = Asked("Which answer is wrong?", "Its number. Enter: that is all.", suggestion="done")
    interview.change(asked)
    return _keep_changed(report, interview.answers)


def _keep_changed(entry: Report | FollowUp, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value != getattr(entry, name)}


def ask_reason(asker: Asker) -> str:
    """Return why an entry is corrected. Raises KeyboardInterrupt or EOFError."""

    def read(typed: str) -> str:
        if not tidy(typed):
            raise NotTaken(reason="An answer is needed: a few words, such as: wrong day.")
        return typed

    return ask_until_taken(asker, Asked("Why is it corrected?", "A few words."), read)


def make_correction(
    entry: Report | FollowUp, changes: Mapping[str, Any], reason: str
) -> CorrectionFields:
    """Return the correction of ``entry``. Raises BadReport."""
    fields = {"about": entry.id, "changes": dict(changes), "reason": tidy(reason)}
    try:
        return CorrectionFields.model_validate(fields)
    except ValidationError as error:
        raise BadReport(describe(error)) from None
