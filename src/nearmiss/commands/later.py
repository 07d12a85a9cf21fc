"""``follow-up`` and ``correct``: what is written about a report later."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, cast

import typer

from nearmiss.commands.add import Keeper, add_fact, keep_anew, tell_others
from nearmiss.commands.which import (
    ask_which,
    find_or_ask,
    list_clients,
    read_again,
    settle_reference,
)
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.intake.fields import read_author, sort_later
from nearmiss.interview.advice import offer_help
from nearmiss.interview.answers import fill_missing
from nearmiss.interview.drafts import Draft, describe_draft, refuse_kept, tell_other
from nearmiss.interview.later import Adding, ask_adding, say_about
from nearmiss.interview.saving import after_saving, tell_added
from nearmiss.model.entries import Correction, CorrectionFields, Entry, FollowUp, Report
from nearmiss.model.questions import FOLLOW_UP_OPTIONS
from nearmiss.options import (
    OPTION_NAMES,
    AnswerOptions,
    Author,
    FollowUpOptions,
    ReferenceOrAsked,
    list_given,
    name_option,
)
from nearmiss.records import since
from nearmiss.records.find import find_correctable, find_withdrawable
from nearmiss.records.record import Record
from nearmiss.records.since import (
    TURNED,
    check_follow_up,
    list_unsettled,
    make_withdrawal,
    read_given,
    tell_early,
    tell_wrong_person,
)
from nearmiss.session import Session
from nearmiss.speech import is_conversation, join_words, say
from nearmiss.terminal.asking import Asker, Choice, GoBack, Option, ask_yes_no, stop_on_signals
from nearmiss.text import fold_text, show_safely


def say_since(
    session: Session, record: Record, author: str | None = None, *, begun: Adding | None = None
) -> None:
    """Ask what there is to add to ``record``, first what was ``begun``; save each thing at once."""
    added = False
    adding = begun or _ask_left(session, record)
    while True:
        try:
            adding = adding or ask_adding(session.asker, record, session.today, again=added)
        except GoBack:
            if added:
                return
            raise
        if adding is None:
            return
        failed: NearmissError | None = None
        try:
            with suppress(GoBack):
                add = put_right if adding == "right" else partial(add_fact, adding=adding)
                added = add(session, record, author=author) or added
        except NearmissError as problem:
            failed = problem
        adding, before = None, record
        try:
            record = read_again(session, record)
        except NearmissError as problem:
            raise failed or problem from None
        if failed:
            say(str(failed))
        if record.withdrawn and not before.withdrawn:
            return  # there is nothing more to say of it here


def _ask_left(session: Session, record: Record) -> Adding | None:
    """Return what of ``record`` was not finished and is gone on with, if anything is."""
    session.forget_saved()
    for draft in session.drafts.list_later():
        if draft.about != record.id:
            continue
        if not draft.is_about(record):
            say(tell_other(record.id))
            continue
        say(f"Not finished: {describe_draft(draft, session.now())}.")
        if ask_yes_no(session.asker, "Go on with it?", can_go_back=True):
            return cast(Adding, draft.adding)
    return None


def follow_up(
    session: Session,
    answers: FollowUpOptions,
    reference: ReferenceOrAsked = None,
    by: Author = None,
) -> None:
    """Add what was done about a report: told, changed, found, closed.

    Example: nearmiss follow-up 42 --informed "GP, by phone, 9:15" --close
    Example: nearmiss follow-up 42 --next "Ring the OT about rails" --who me --due friday
    Example: nearmiss follow-up last --harm-found "A bruise on the left knee, seen this morning"
    """
    record = find_or_ask(session, reference, "follow-up", "What happened since, with which report?")
    session.mind_other(record.id, [record.digest])
    author = read_author(by)
    given = list_given(answers)
    if not given and is_conversation():
        with stop_on_signals(lambda: session.asker):
            say_since(session, record, author)
        return
    notes = list[str]()
    fields = sort_later(read_given(given, record, session.now()), notes.append)
    if not fields:
        raise UsageProblem(
            "A follow-up needs at least one of --note, --informed, --tried, --care-plan, "
            "--care-plan-status, --harm-found, --changed, --undoes, --next, --done, --close or "
            "--reopen. Nothing was saved."
        )
    if is_conversation():
        record = ask_which(session, record, fields)
    content = check_follow_up(record, fields, session.today)
    written = session.save([content], author, session.type_command())
    with after_saving(written.ids):
        say(f"{tell_added(record, fields)} To see it: nearmiss show {record.id}")
        if early := tell_early(record, fields):
            say(f"--changed-on: {early} Noted all the same.")
        if content.closes:
            for each in list_unsettled(session.find_record(record.id)):
                say(each)
        if not is_conversation():
            tell_others(written.ids[0], record.report.client, fields, list_clients(session))
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
    by: Author = None,
) -> None:
    """Put a report right. What stood there before stays readable.

    Example: nearmiss correct 42 --when "3 April 20:15" --reason "Wrong hour"
    Example: nearmiss correct last --client KT --reason "Wrong person"
    Example: nearmiss correct 43 --withdraw --reason "It was about another report"
    """
    from nearmiss.commands.right import tell_corrected

    given = list_given(answers, later)
    if withdraw and given:
        raise UsageProblem(
            "What is withdrawn is not changed as well: use --withdraw with --reason alone. "
            "Nothing was saved."
        )
    ask = "Which report is to be put right?"
    reference = settle_reference(session, reference, ask) if reference else None
    record = find_or_ask(session, reference, "correct", ask)
    session.mind_other(record.id, [record.digest])
    if reference and fold_text(reference) == "last":
        reference = record.id
    author = read_author(by)
    if not given and reason is None and is_conversation():
        with stop_on_signals(lambda: session.asker):
            _ask_what_is_wrong(session, record, reference, author, withdraws=withdraw)
        return
    reference = reference or record.id
    if withdraw:
        gone = find_withdrawable(session.book, reference, session.damaged.append)
        content = make_withdrawal(gone.id, _find_reason(session, reason))
    else:
        entry = find_correctable(record, reference)
        content = _make_correction(session, record, entry, given, reason)
    written = session.save([content], author, session.type_command())
    with after_saving(written.ids):
        tell_corrected(record, content)
        client = str(content.changes.get("client", record.report.client))
        tell_others(content.about, client, content.changes, list_clients(session))


def _ask_what_is_wrong(
    session: Session, record: Record, reference: str | None, author: str | None, *, withdraws: bool
) -> None:
    from nearmiss.commands.right import put_entry_right
    from nearmiss.interview.right import Choosing

    entry: Entry | Report | None = None
    if reference and withdraws:
        entry = find_withdrawable(session.book, reference, session.damaged.append)
    elif reference:
        entry = find_correctable(record, reference)
    if entry is None or entry.id == record.id:
        put_right(session, record, author, withdraws=withdraws)
        return
    chosen = Choosing(entry.id, why="untrue")
    if isinstance(entry, FollowUp) and not withdraws:
        chosen = Choosing(entry.id, entry)
    elif isinstance(entry, Correction):
        chosen = Choosing(entry.id, why="stands again")
    put_entry_right(session, record, chosen, author)


def _make_correction(
    session: Session,
    record: Record,
    entry: Report | FollowUp,
    given: Mapping[str, object],
    reason: str | None,
) -> CorrectionFields:
    given = since.fit_kind(entry, given)
    _refuse_misfits(entry, given)
    changes = since.read_changes(record, entry, given, session.now(), OPTION_NAMES)
    if not changes:
        names = FOLLOW_UP_OPTIONS if entry.entry == "follow_up" else OPTION_NAMES
        raise UsageProblem(
            f"Nothing in {entry.id} would change. Give the right answer with one of "
            f"{join_words(list(dict.fromkeys(names.values())))}. Nothing was saved."
        )
    reason = _find_reason(session, reason)
    return since.make_correction(record, entry, changes, reason, session.today)


def _find_reason(session: Session, reason: str | None) -> str:
    if reason is not None:
        return reason
    if not is_conversation():
        raise UsageProblem("Why is it corrected? Add --reason, in a few words. Nothing was saved.")
    from nearmiss.interview.right import Correcting

    asked = Correcting(session.asker, session.now).ask_reason()
    session.typed += ("--reason", asked)
    return asked


def _refuse_misfits(entry: Report | FollowUp, given: Mapping[str, object]) -> None:
    misfits = [name for name in given if name not in type(entry).model_fields]
    if misfits:
        kind = {"incident": "an incident", "follow_up": "a follow-up"}.get(entry.entry, "a report")
        raise UsageProblem(
            f"{join_words(list(map(name_option, misfits)))} can't be used for {entry.id}, which is "
            f"{kind}. Nothing was saved."
        )


_TOLD = ("informed", "concern_informed")
_FILLED_IN = "What you wrote is filled in. You see all of it before it is saved."


def put_right(
    session: Session, record: Record, author: str | None = None, *, withdraws: bool = False
) -> bool:
    """Ask what is wrong about ``record`` (all of it, if it ``withdraws``), and save that."""
    from nearmiss.commands.hazards import list_marks, part
    from nearmiss.commands.right import put_entry_right, withdraw_double
    from nearmiss.interview.right import choose_wrong

    about = say_about(record, session.today)
    marks = {} if withdraws else list_marks(session, record)
    chosen = choose_wrong(session.asker, record, about, marks=marks, withdraws=withdraws)
    if chosen.why == "apart":
        part(session, record.id, chosen.entry_id)
        return True
    if chosen.why == "person":
        return _give_to_other(session, record, author)
    if chosen.why == "kind":
        return _turn(session, record, author)
    if chosen.why == "twice":
        return withdraw_double(session, record, author)
    return put_entry_right(session, record, chosen, author)


def _give_to_other(session: Session, record: Record, author: str | None) -> bool:
    from nearmiss.commands.right import begin_correcting, withdraw

    keeper = Keeper(session, record, "right", record.id)
    with keeper.hold():
        client = begin_correcting(session, keeper).ask_whose(record)
        withdraw(session, record, tell_wrong_person(client), keeper, author)
    # Whoever was told was told of somebody else.
    answers = _copy_answers(record, "client", "tried", *_TOLD)
    sitting = keep_anew(session, answers | ({"client": client} if client else {}), {})
    try:
        end = _ask_when(session.asker, client)
        if end == "no":
            refuse_kept(sitting.path, sitting.end())
        elif end == "draft":
            say("Kept as a draft. To go on: nearmiss log")
        else:
            _write_anew(session, sitting, author)
    finally:
        sitting.leave()
    return True


def _ask_when(asker: Asker, client: str) -> str:
    ends: tuple[Option[str], ...] = (
        Option("yes, now", "now", "y", ("yes",)),
        Option("keep it as a draft", "draft", "d", ("draft", "later")),
        Option("no", "no", "n"),
    )
    whose = f" about {show_safely(client)}" if client else ""
    try:
        return asker.choose(Choice(f"Write it anew{whose}?", ends, _FILLED_IN, in_a_row=True))
    except GoBack:
        return "draft"


def _turn(session: Session, record: Record, author: str | None) -> bool:
    """Withdraw a report that is of the other kind, and have it written anew as what it was."""
    from nearmiss.commands.right import withdraw

    was, becomes, gate = "a near miss", "an incident", "perhaps hurt"
    if record.is_incident:
        was, becomes, gate = becomes, was, "unhurt"
    elif not offer_help(session.asker):
        say(f"Nothing was changed. When it is time: nearmiss correct {record.id}")
        return False
    say(f"{record.id} was written down as {was}. It can't be made {becomes}.")
    ask = f"Withdraw it, and write it anew as {becomes}?"
    if not ask_yes_no(session.asker, ask, _FILLED_IN, can_go_back=True):
        say("Nothing was changed.")
        return False
    told = {name: "\n".join(who) for name in _TOLD if (who := getattr(record.report, name))}
    people = show_safely(join_words([who for lines in told.values() for who in lines.split("\n")]))
    known = f"Told so far: {people}. n: who was told is asked anew."
    if told and not ask_yes_no(session.asker, f"Do they know that it was {becomes}?", known):
        told = {}
    keeper = Keeper(session, record, "right", record.id)
    with keeper.hold():
        withdraw(session, record, TURNED[becomes], keeper, author)
    sitting = keep_anew(session, _copy_answers(record, *_TOLD), told, gate)
    _write_anew(session, sitting, author)
    return True


def _copy_answers(record: Record, *without: str) -> dict[str, Any]:
    answers = fill_missing(record.report.model_dump(exclude_none=True))
    return {name: each for name, each in answers.items() if name not in ("claims", *without)}


def _write_anew(session: Session, sitting: Draft, author: str | None) -> None:
    from nearmiss.commands.sitting import hold_sitting

    with suppress(GoBack):  # it is kept
        hold_sitting(session, {}, author, skip_review=False, begun=sitting)
