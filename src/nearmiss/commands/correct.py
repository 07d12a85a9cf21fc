"""``correct``: what is wrong, from options or asked, and a report that is written anew."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

import typer

from nearmiss.commands.add import Keeper, keep_anew, tell_others
from nearmiss.commands.right import (
    begin_correcting,
    put_entry_right,
    tell_corrected,
    withdraw,
    withdraw_double,
)
from nearmiss.commands.sitting import hold_sitting
from nearmiss.commands.which import find_or_ask, list_clients
from nearmiss.errors import UsageProblem
from nearmiss.intake.fields import read_author
from nearmiss.interview.advice import offer_help
from nearmiss.interview.answers import fill_missing
from nearmiss.interview.drafts import Draft, refuse_kept
from nearmiss.interview.later import say_about
from nearmiss.interview.right import Choosing, Correcting, choose_wrong
from nearmiss.interview.saving import after_saving
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
from nearmiss.records.since import make_correction, make_withdrawal
from nearmiss.session import Session
from nearmiss.speech import is_conversation, join_words, say
from nearmiss.terminal.asking import Choice, GoBack, Option, ask_yes_no, stop_on_signals
from nearmiss.text import show_safely


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
    given = list_given(answers, later)
    if withdraw and given:
        raise UsageProblem(
            "What is withdrawn is not changed as well: use --withdraw with --reason alone. "
            "Nothing was saved."
        )
    ask = "Which report is to be put right?"
    record, reference = find_or_ask(session, reference, "correct", ask)
    session.mind_other(record.id, [record.digest])
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
    if misfits := [name_option(name) for name in given if name not in type(entry).model_fields]:
        kind = {"incident": "an incident", "follow_up": "a follow-up"}.get(entry.entry, "a report")
        raise UsageProblem(
            f"{join_words(misfits)} can't be used for {entry.id}, which is {kind}. Nothing was "
            "saved."
        )
    changes = since.read_changes(record, entry, given, session.now(), OPTION_NAMES)
    if not changes:
        names = FOLLOW_UP_OPTIONS if entry.entry == "follow_up" else OPTION_NAMES
        raise UsageProblem(
            f"Nothing in {entry.id} would change. Give the right answer with one of "
            f"{join_words(list(dict.fromkeys(names.values())))}. Nothing was saved."
        )
    return make_correction(record, entry, changes, _find_reason(session, reason), session.today)


def _find_reason(session: Session, reason: str | None) -> str:
    if reason is not None:
        return reason
    if not is_conversation():
        raise UsageProblem("Why is it corrected? Add --reason, in a few words. Nothing was saved.")
    asked = Correcting(session.asker, session.now).ask_reason()
    session.typed += ("--reason", asked)
    return asked


_TOLD = ("informed", "concern_informed")
_FILLED_IN = "What you wrote is filled in. You see all of it before it is saved."


def put_right(
    session: Session, record: Record, author: str | None = None, *, withdraws: bool = False
) -> bool:
    """Ask what is wrong about ``record`` (all of it, if it ``withdraws``), and save that."""
    from nearmiss.commands.hazards import list_marks, part

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
    with Keeper(session, record, "right", record.id).hold() as keeper:
        client = begin_correcting(session, keeper).ask_whose(record)
        withdraw(session, record, since.tell_wrong_person(client), keeper, author)
    # Whoever was told was told of somebody else.
    answers = _copy_answers(record, "client", "tried", *_TOLD)
    sitting = keep_anew(session, answers | ({"client": client} if client else {}), {})
    whose = f" about {show_safely(client)}" if client else ""
    choice = Choice(f"Write it anew{whose}?", _WHEN, _FILLED_IN, in_a_row=True)
    try:
        end = "draft"
        with suppress(GoBack):
            end = session.asker.choose(choice)
        if end == "no":
            refuse_kept(sitting.path, sitting.end())
        elif end == "draft":
            say("Kept as a draft. To go on: nearmiss log")
        else:
            _write_anew(session, sitting, author)
    finally:
        sitting.leave()
    return True


_WHEN: tuple[Option[str], ...] = (
    Option("yes, now", "now", "y", ("yes",)),
    Option("keep it as a draft", "draft", "d", ("draft", "later")),
    Option("no", "no", "n"),
)


def _turn(session: Session, record: Record, author: str | None) -> bool:
    """Withdraw a report that is of the other kind, and have it written anew as what it was."""
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
    with Keeper(session, record, "right", record.id).hold() as keeper:
        withdraw(session, record, since.TURNED[becomes], keeper, author)
    sitting = keep_anew(session, _copy_answers(record, *_TOLD), told, gate)
    _write_anew(session, sitting, author)
    return True


def _copy_answers(record: Record, *without: str) -> dict[str, Any]:
    answers = fill_missing(record.report.model_dump(exclude_none=True))
    return {name: each for name, each in answers.items() if name not in ("claims", *without)}


def _write_anew(session: Session, sitting: Draft, author: str | None) -> None:
    with suppress(GoBack):  # it is kept
        hold_sitting(session, {}, author, skip_review=False, begun=sitting)
