"""``follow-up`` and ``correct``: what is written about a report later."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nearmiss.commands.which import find_or_ask
from nearmiss.errors import NearmissError, UsageProblem
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
    from nearmiss.model.entries import Content, CorrectionFields, FollowUp, Report
    from nearmiss.records.record import Record

Fields = dict[str, Any]  # a follow-up's fields as JSON has them, as far as they are answered


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
        keep_unsaved(session, record.id, answered)
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

    Raises NearmissError where that can't be done.
    """
    from nearmiss.records.since import check_follow_up

    if not fields:
        raise UsageProblem(
            "A follow-up needs at least one of --note, --informed, --tried, --care-plan, "
            "--care-plan-status, --harm-found, --changed, --undoes, --next, --done, --close or "
            "--reopen. Nothing was saved."
        )
    content = check_follow_up(record, fields, session.now().date())
    report = record.id
    save_command(session, [content], ["follow-up", report], fields, author)
    if content.closes and not record.is_open:
        say(f"{report} was closed already. This is noted as well.")
    elif content.closes is False and record.is_open:
        say(f"{report} was open already. This is noted as well.")
    else:
        say(f"Saved. To see it: nearmiss show {report}")


def save_correction(
    session: Session, record: "Record", content: "CorrectionFields", author: str | None
) -> None:
    """Save the correction of an entry of ``record``, and say so. Raises what saving raises."""
    from nearmiss.records.handed import tell_handed_before

    words = ["correct", content.about, "--reason", content.reason]
    words += ["--withdraw"] if content.withdraws else []
    save_command(session, [content], words, content.changes, author)
    say(f"Saved. What stood there before stays readable: nearmiss show {record.id}")
    if handed := tell_handed_before(record, content.about):
        say(handed)


def save_command(
    session: Session,
    contents: "Sequence[Content]",
    words: Sequence[str],
    given: Mapping[str, object],
    author: str | None = None,
    *,
    quiet: bool = False,
) -> None:
    """Save entries; where that fails, keep the command of ``words`` and options that says them.

    Raises what saving raises.
    """
    from nearmiss.interview.saving import type_command

    command = write_command(words, given, session.paths.logbook)
    session.save(contents, author, type_command(command, session.drafts), quiet=quiet)


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
    from nearmiss.intake.told import sort_later
    from nearmiss.records.since import read_given

    record = find_or_ask(session, reference, "follow-up", "What happened since, with which report?")
    author = read_author(by)
    given = list_given(answers)
    notes = list[str]()
    fields = sort_later(read_given(given, record, session.now()), notes.append)
    if not given and is_conversation():
        fields = ask_and_keep(session, record)
    save_follow_up(session, record, fields, author)
    for note in notes:
        say(note)


def correct(
    session: Session,
    answers: AnswerOptions,
    later: FollowUpOptions,
    reference: ReferenceOrAsked = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it was wrong.")] = None,
    withdraw: Annotated[
        bool,
        typer.Option(
            "--withdraw", help="It does not count: a report, a follow-up, a handing-over."
        ),
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
    from nearmiss.records.find import find_correctable

    given = list_given(answers, later)
    if withdraw and given:
        raise UsageProblem(
            "What is withdrawn is not changed as well: use --withdraw with --reason alone. "
            "Nothing was saved."
        )
    record = find_or_ask(session, reference, "correct", "Which report is to be put right?")
    if reference is None:
        reference = choose_entry(session.asker, record, "What is wrong?").id
    if withdraw:
        content = _withdraw(session, reference, reason)
    else:
        entry = find_correctable(record, reference)
        content = _make_correction(session, record, entry, given, reason)
    save_correction(session, record, content, read_author(by))


def _withdraw(session: Session, reference: str, reason: str | None) -> "CorrectionFields":
    from nearmiss.records.find import find_withdrawable
    from nearmiss.records.since import make_withdrawal

    entry = find_withdrawable(session.book, reference, session.damaged.append)
    return make_withdrawal(entry.id, _find_reason(session, reason))


def _make_correction(
    session: Session,
    record: "Record",
    entry: "Report | FollowUp",
    given: Mapping[str, object],
    reason: str | None,
) -> "CorrectionFields":
    from nearmiss.interview import later as asking
    from nearmiss.records import since

    if record.withdrawn:
        raise NearmissError(
            f"{record.id} was withdrawn, so nothing in it is put right. Nothing was saved. To have "
            f"it stand again: nearmiss correct {record.withdrawn.id} --withdraw"
        )
    given = since.fit_kind(entry, given)
    _refuse_misfits(entry, given)
    changes: dict[str, Any] | None
    if given or not is_conversation():
        changes = since.read_changes(record, entry, given, session.now(), OPTION_NAMES)
    else:
        changes = asking.ask_changes(session.asker, entry, session.now)
    if changes is None:
        return since.make_withdrawal(entry.id, _find_reason(session, reason))
    if not changes:
        names = FOLLOW_UP_OPTIONS if entry.entry == "follow_up" else OPTION_NAMES
        raise UsageProblem(
            f"Nothing in {entry.id} would change. Give the right answer with one of "
            f"{join_words(list(dict.fromkeys(names.values())))}. Nothing was saved."
        )
    reason = _find_reason(session, reason)
    return since.make_correction(record, entry, changes, reason, session.now().date())


def _find_reason(session: Session, reason: str | None) -> str:
    from nearmiss.interview.later import ask_reason

    if reason is not None:
        return reason
    if not is_conversation():
        raise UsageProblem("Why is it corrected? Add --reason, in a few words. Nothing was saved.")
    return ask_reason(session.asker)


def _refuse_misfits(entry: "Report | FollowUp", given: Mapping[str, object]) -> None:
    misfits = [name for name in given if name not in type(entry).model_fields]
    if misfits:
        kind = {"incident": "an incident", "follow_up": "a follow-up"}.get(entry.entry, "a report")
        raise UsageProblem(
            f"{join_words(list(map(name_option, misfits)))} can't be used for {entry.id}, which is "
            f"{kind}. Nothing was saved."
        )
