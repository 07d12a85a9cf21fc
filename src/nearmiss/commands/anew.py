"""A report that is wrong as a whole: withdrawn, and written anew as what it should have been."""

from contextlib import suppress
from typing import Any

from nearmiss.commands.add import Keeper, keep_anew
from nearmiss.commands.hazards import list_marks, part
from nearmiss.commands.right import (
    begin_correcting,
    put_entry_right,
    withdraw,
    withdraw_double,
)
from nearmiss.commands.sitting import hold_sitting
from nearmiss.interview.advice import offer_help
from nearmiss.interview.answers import fill_missing
from nearmiss.interview.drafts import Sitting, refuse_kept
from nearmiss.interview.later import say_about
from nearmiss.interview.right import choose_wrong
from nearmiss.records.record import Record
from nearmiss.records.since import TURNED, tell_wrong_person
from nearmiss.session import Session
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import Asker, Choice, GoBack, Option, ask_yes_no
from nearmiss.text import show_safely

_TOLD = ("informed", "concern_informed")
_FILLED_IN = "What you wrote is filled in. You see all of it before it is saved."


def put_right(
    session: Session, record: Record, author: str | None = None, *, withdraws: bool = False
) -> bool:
    """Ask what is wrong about ``record`` and why, and save that; return whether it was saved.

    With ``withdraws`` all of it is wrong.
    """
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
    """Withdraw a report about the wrong person, and offer to write it anew for the right one."""
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
    """Return whether a report about ``client`` is written ``now``, kept as a ``draft``, or not."""
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
    """Return the answers of a report as it stands, as a draft has them."""
    answers = fill_missing(record.report.model_dump(exclude_none=True))
    return {name: each for name, each in answers.items() if name not in ("claims", *without)}


def _write_anew(session: Session, sitting: Sitting, author: str | None) -> None:
    """Ask what is missing in the draft of ``sitting``, and have it looked at and saved."""
    with suppress(GoBack):  # it is kept
        hold_sitting(session, {}, author, skip_review=False, begun=sitting)
