"""``nearmiss correct``: put an earlier entry right, with the old words kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from nearmiss.errors import UsageProblem
from nearmiss.options.answers import (
    OPTION_NAMES,
    AnswerOptions,
    FollowUpOptions,
    list_given,
    name_option,
    write_command,
)
from nearmiss.options.completion import Reference
from nearmiss.session import Session
from nearmiss.speech import is_conversation, join_words, say

if TYPE_CHECKING:
    from nearmiss.model.entries import CorrectionFields, FollowUp, Report


class NoReason(UsageProblem):
    """A correction was given without its reason."""

    def __init__(self) -> None:
        super().__init__("Why is it corrected? Add --reason, in a few words. Nothing was saved.")


class NothingChanges(UsageProblem):
    """A correction would change nothing."""

    def __init__(self, *, entry_id: str, options: str) -> None:
        super().__init__(
            f"Nothing in {entry_id} would change. Give the right answer with one of {options}. "
            "Nothing was saved."
        )


class WrongOptions(UsageProblem):
    """Options were given that fit another kind of entry."""

    def __init__(self, *, options: str, entry_id: str, kind: str) -> None:
        super().__init__(
            f"{options} can't be used for {entry_id}, which is a {kind}. Nothing was saved."
        )


def correct(
    session: Session,
    reference: Reference,
    answers: AnswerOptions,
    later: FollowUpOptions,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it was wrong.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")
    ] = None,
) -> None:
    """Put a report right. What stood there before stays readable.

    Example: nearmiss correct 42 --when "3 April 20:15" --reason "Wrong hour"
    Example: nearmiss correct last --client KT --reason "Wrong person"
    """
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.saving import save, type_command
    from nearmiss.records.selection import find_correctable, find_record

    record = find_record(session.book, reference, session.damaged.append)
    entry = find_correctable(record, reference)
    content = _make_correction(session, entry, list_given(answers, later), reason)
    author = read_author(by)
    words = ["correct", entry.id, "--reason", content.reason]
    command = write_command(words, content.changes, session.paths.logbook)
    save(session.write([content], author), type_command(command, session.drafts))
    say(f"Saved. What stood there before stays readable: nearmiss show {record.report.id}")


def _make_correction(
    session: Session, entry: "Report | FollowUp", given: Mapping[str, object], reason: str | None
) -> "CorrectionFields":
    from nearmiss.interview import correction_questions as asking

    _refuse_misfits(entry, given)
    talks = is_conversation()
    if given or entry.entry == "follow_up" or not talks:
        changes = asking.read_changes(entry, given, session.now(), OPTION_NAMES)
    else:
        changes = asking.ask_changes(session.asker, entry, session.now)
    if not changes:
        raise NothingChanges(entry_id=entry.id, options=join_words(_list_options(entry)))
    if reason is None and talks:
        reason = asking.ask_reason(session.asker)
    if reason is None:
        raise NoReason
    return asking.make_correction(entry, changes, reason)


def _refuse_misfits(entry: "Report | FollowUp", given: Mapping[str, object]) -> None:
    misfits = [name for name in given if name not in type(entry).model_fields]
    if misfits:
        kind = entry.entry.replace("_", "-")
        raise WrongOptions(
            options=join_words(list(map(name_option, misfits))), entry_id=entry.id, kind=kind
        )


def _list_options(entry: "Report | FollowUp") -> list[str]:
    if entry.entry == "report":
        return list(OPTION_NAMES.values())
    names = ("note", "informed", "care_plan", "care_plan_status", "harm_found", "closes")
    return [name_option(name) for name in names]
