"""The questions of a correction: what was wrong in an entry, what is right, and why."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from nearmiss.intake.fields import BadReport, read_options
from nearmiss.interview.answers import NotTaken
from nearmiss.interview.asking import Asked, Asker, Choice, Option, ask_until_taken
from nearmiss.interview.follow_up_questions import (
    FOLLOW_UP_QUESTIONS,
    ask_again,
    check_follow_up,
    read_day_given,
)
from nearmiss.interview.known import Known
from nearmiss.interview.report_questions import Interview
from nearmiss.model.entries import CorrectionFields, FollowUp, Report, ReportFields
from nearmiss.model.problems import describe
from nearmiss.text import tidy


def read_changes(
    entry: Report | FollowUp, given: Mapping[str, Any], now: datetime, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields that would change by the answers ``given`` as typed, with their values.

    Raises BadReport or NotTaken.
    """
    if isinstance(entry, Report):
        fields = read_options(given, now, names)
    else:
        checked = check_follow_up({"about": entry.about, **read_day_given(given, now.date())})
        fields = {name: getattr(checked, name) for name in given}
    return _keep_changed(entry, fields)


def ask_changes(
    asker: Asker, entry: Report | FollowUp, now: Callable[[], datetime]
) -> dict[str, Any] | None:
    """Return the fields that the carer changed, with their new values; None: it does not count.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    if isinstance(entry, FollowUp):
        return _ask_follow_up_changes(asker, entry, now().date())
    before = {name: getattr(entry, name) for name in ReportFields.model_fields}
    interview = Interview(asker, before, Known(), keep=lambda answers, unfinished: "", now=now)
    interview.change("Which answer is wrong?", (Option("That is all", None, "d", ("done",)),))
    return _keep_changed(entry, interview.answers)


def _ask_follow_up_changes(asker: Asker, entry: FollowUp, today: date) -> dict[str, Any] | None:
    filled = [field for field in FOLLOW_UP_QUESTIONS if getattr(entry, field)]
    options: list[Option[str]] = [Option(FOLLOW_UP_QUESTIONS[field].ask, field) for field in filled]
    options.append(Option("All of it: it does not count", ""))
    field = asker.choose(Choice("What is wrong in it?", tuple(options), can_go_back=True))
    if not field:
        return None
    return _keep_changed(entry, {field: ask_again(asker, field, getattr(entry, field), today)})


def _keep_changed(entry: Report | FollowUp, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value != getattr(entry, name)}


def ask_reason(asker: Asker) -> str:
    """Return why an entry is corrected. Raises KeyboardInterrupt or EOFError."""

    def read(typed: str) -> str:
        if not tidy(typed):
            raise NotTaken(reason="An answer is needed: a few words, such as: wrong day.")
        return tidy(typed)

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


def make_withdrawal(entry_id: str, reason: str) -> CorrectionFields:
    """Return the correction that says that the entry ``entry_id`` no longer counts.

    Raises BadReport.
    """
    fields = {"about": entry_id, "withdraws": True, "reason": tidy(reason)}
    try:
        return CorrectionFields.model_validate(fields)
    except ValidationError as error:
        raise BadReport(describe(error)) from None
