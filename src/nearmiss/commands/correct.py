"""``nearmiss correct``: put an earlier entry right, with the old words kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nearmiss.conversations.chosen_report import find_or_ask
from nearmiss.errors import UsageProblem
from nearmiss.model.wording import FOLLOW_UP_OPTIONS
from nearmiss.options.answers import (
    OPTION_NAMES,
    AnswerOptions,
    FollowUpOptions,
    list_given,
    name_option,
    write_command,
)
from nearmiss.options.completion import ReferenceOrAsked
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


class WithdrawnOrChanged(UsageProblem):
    """An entry was to be both withdrawn and changed."""

    def __init__(self) -> None:
        super().__init__(
            "What is withdrawn is not changed as well: use --withdraw with --reason alone. "
            "Nothing was saved."
        )


def correct(
    session: Session,
    answers: AnswerOptions,
    later: FollowUpOptions,
    reference: ReferenceOrAsked = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it was wrong.")] = None,
    withdraw: Annotated[
        bool,
        typer.Option("--withdraw", help="It does not count: a follow-up, a handing-over."),
    ] = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")
    ] = None,
) -> None:
    """Put a report right. What stood there before stays readable.

    Example: nearmiss correct 42 --when "3 April 20:15" --reason "Wrong hour"
    Example: nearmiss correct last --client KT --reason "Wrong person"
    Example: nearmiss correct 43 --withdraw --reason "It was about another report"
    """
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.saving import save, type_command
    from nearmiss.interview.which_report import choose_entry
    from nearmiss.records.keeping import tell_handed_before
    from nearmiss.records.selection import find_correctable

    given = list_given(answers, later)
    if withdraw and given:
        raise WithdrawnOrChanged
    record = find_or_ask(session, reference, "correct", "Which report is to be put right?")
    if reference is None:
        reference = choose_entry(session.asker, record, "What is wrong?").id
    if withdraw:
        content = _withdraw(session, reference, reason)
    else:
        entry = find_correctable(record, reference)
        content = _make_correction(session, entry, given, reason)
    author = read_author(by)
    words = ["correct", content.about, "--reason", content.reason]
    words += ["--withdraw"] if content.withdraws else []
    command = write_command(words, content.changes, session.paths.logbook)
    save(session.write([content], author), type_command(command, session.drafts))
    say(f"Saved. What stood there before stays readable: nearmiss show {record.report.id}")
    if handed := tell_handed_before(record, content.about):
        say(handed)


def _withdraw(session: Session, reference: str, reason: str | None) -> "CorrectionFields":
    from nearmiss.interview.correction_questions import make_withdrawal
    from nearmiss.records.selection import find_withdrawable

    entry = find_withdrawable(session.book, reference, session.damaged.append)
    return make_withdrawal(entry.id, _find_reason(session, reason))


def _make_correction(
    session: Session, entry: "Report | FollowUp", given: Mapping[str, object], reason: str | None
) -> "CorrectionFields":
    from nearmiss.interview import correction_questions as asking

    _refuse_misfits(entry, given)
    changes: dict[str, Any] | None
    if given or not is_conversation():
        changes = asking.read_changes(entry, given, session.now(), OPTION_NAMES)
    else:
        changes = asking.ask_changes(session.asker, entry, session.now)
    if changes is None:
        return asking.make_withdrawal(entry.id, _find_reason(session, reason))
    if not changes:
        raise NothingChanges(entry_id=entry.id, options=join_words(_list_options(entry)))
    return asking.make_correction(entry, changes, _find_reason(session, reason))


def _find_reason(session: Session, reason: str | None) -> str:
    from nearmiss.interview.correction_questions import ask_reason

    if reason is not None:
        return reason
    if not is_conversation():
        raise NoReason
    return ask_reason(session.asker)


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
    return list(FOLLOW_UP_OPTIONS.values())
