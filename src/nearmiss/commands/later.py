"""``follow-up`` and ``correct``: what is written about a report later."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nearmiss.commands.which import find_or_ask
from nearmiss.errors import UsageProblem
from nearmiss.model.questions import FOLLOW_UP_OPTIONS
from nearmiss.options import (
    OPTION_NAMES,
    AnswerOptions,
    FollowUpOptions,
    ReferenceOrAsked,
    list_given,
    name_option,
    write_command,
)
from nearmiss.session import Session
from nearmiss.speech import is_conversation, join_words, say
from nearmiss.terminal.asking import GoBack

if TYPE_CHECKING:
    from nearmiss.model.entries import CorrectionFields, FollowUp, Report
    from nearmiss.records.record import Record

Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered


class NothingToAdd(UsageProblem):
    """A follow-up would say nothing."""

    def __init__(self) -> None:
        super().__init__(
            "A follow-up needs at least one of --note, --informed, --care-plan, "
            "--care-plan-status, --harm-found, --next, --done, --close or --reopen. "
            "Nothing was saved."
        )


def ask_since(session: Session, record: "Record", answered: Fields) -> Fields:
    """Return what was answered about ``record``; ``answered`` is filled as the questions go on.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    from nearmiss.interview.later import ask_follow_up

    return ask_follow_up(session.asker, record, session.now().date(), answered)


def ask_and_keep(session: Session, record: "Record") -> Fields:
    """Return what was answered about ``record``; where the carer stops, keep it and say where.

    Raises GoBack, KeyboardInterrupt or EOFError.
    """
    answered: Fields = {}
    try:
        return ask_since(session, record, answered)
    except (GoBack, KeyboardInterrupt, EOFError):
        keep_unsaved(session, record.report.id, answered)
        raise


def keep_unsaved(session: Session, report: str, answered: Fields) -> None:
    """Keep what was answered about the report of that id and not saved, if anything; say where."""
    if not answered:
        return
    command = write_command(["follow-up", report], answered, session.paths.logbook)
    try:
        path = session.drafts.keep_command(f"{command}\n".encode("utf-8", "surrogatepass"))
    except OSError:
        say(f"What you answered about {report} was not saved. Here it is, to copy:\n{command}")
    else:
        say(f"Not saved. What you answered about {report} is kept in {path}")


def save_follow_up(
    session: Session, record: "Record", fields: Mapping[str, object], author: str | None
) -> None:
    """Save the ``fields`` of a follow-up to ``record``, and say so.

    Raises NothingToAdd, NotTaken, NotSaved or NotEvenKept.
    """
    from nearmiss.interview.later import check_follow_up
    from nearmiss.interview.saving import save, type_command

    if not fields:
        raise NothingToAdd
    content = check_follow_up({"about": record.report.id, **fields})
    command = write_command(["follow-up", record.report.id], fields, session.paths.logbook)
    save(session.write([content], author), type_command(command, session.drafts))
    _tell(record.is_open, closes=content.closes, report=record.report.id)


def _tell(was_open: bool, *, closes: bool | None, report: str) -> None:
    if closes and not was_open:
        say(f"{report} was closed already. This is noted as well.")
    elif closes is False and was_open:
        say(f"{report} was open already. This is noted as well.")
    else:
        say(f"Saved. To see it: nearmiss show {report}")


def follow_up(
    session: Session,
    answers: FollowUpOptions,
    reference: ReferenceOrAsked = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="TEXT", help="Who writes this: name, role.")
    ] = None,
) -> None:
    """Add what was done about a report: told, changed, found, closed.

    Example: nearmiss follow-up 42 --informed "GP, by phone, 9:15" --close
    Example: nearmiss follow-up 42 --next "Ring the OT about rails" --who me --due friday
    Example: nearmiss follow-up last --harm-found "A bruise on the left knee, seen this morning"
    """
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.later import read_given

    record = find_or_ask(session, reference, "follow-up", "What happened since, with which report?")
    author = read_author(by)
    given = list_given(answers)
    fields = read_given(given, record, session.now().date())
    if not given and is_conversation():
        fields = ask_and_keep(session, record)
    save_follow_up(session, record, fields, author)


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
    from nearmiss.commands.which import choose_entry
    from nearmiss.intake.fields import read_author
    from nearmiss.interview.saving import save, type_command
    from nearmiss.records.find import find_correctable
    from nearmiss.records.keeping import tell_handed_before

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
    from nearmiss.interview.later import make_withdrawal
    from nearmiss.records.find import find_withdrawable

    entry = find_withdrawable(session.book, reference, session.damaged.append)
    return make_withdrawal(entry.id, _find_reason(session, reason))


def _make_correction(
    session: Session, entry: "Report | FollowUp", given: Mapping[str, object], reason: str | None
) -> "CorrectionFields":
    from nearmiss.interview import later as asking

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
    from nearmiss.interview.later import ask_reason

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
