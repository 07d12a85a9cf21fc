"""What is put right at a terminal: an entry's answers, or that it no longer counts."""

from contextlib import suppress
from typing import Any

from nearmiss.commands.add import Keeper, add_fact, find_standing, keep_words
from nearmiss.commands.which import choose_record, list_others, read_again
from nearmiss.errors import NearmissError
from nearmiss.intake.named import TEXTS, find_others
from nearmiss.interview.known import ask_whether_about, collect_known
from nearmiss.interview.later import SINCE_QUESTIONS, Adding
from nearmiss.interview.right import Choosing, Correcting, Why
from nearmiss.model.entries import CorrectionFields, FollowUp, Report
from nearmiss.records.handed import tell_handed_before, tell_told_before
from nearmiss.records.record import Record, find_withdrawals
from nearmiss.records.since import (
    WRITTEN_TWICE,
    make_correction,
    make_withdrawal,
    tell_those_told,
    tell_wrong_person,
)
from nearmiss.records.words import name_field
from nearmiss.session import Session
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import GoBack, ask_yes_no
from nearmiss.text import fold_text, show_safely


def put_entry_right(
    session: Session, record: Record, chosen: Choosing, author: str | None = None
) -> bool:
    """Ask what is wrong in an entry about ``record``, and why; return whether that was saved."""
    client = ""
    keeper = Keeper(session, record, "right", chosen.entry_id)
    with keeper.hold():
        asking = begin_correcting(session, keeper)
        entry = chosen.entry
        wrong = _ask_changes(record, entry, asking) if entry else chosen.why
        if wrong == {}:
            keeper.sitting.end()
            say("Nothing was changed.")
            return False
        if wrong == "person":
            client = asking.ask_whose(record)
            reason = tell_wrong_person(client)
            content = make_withdrawal(chosen.entry_id, reason)
        elif entry is None or isinstance(wrong, str):
            reason = asking.ask_reason(wrong if isinstance(wrong, str) else chosen.why)
            content = make_withdrawal(chosen.entry_id, reason)
        else:
            reason = asking.ask_reason()
            record = find_standing(session, record, wrong, keeper, reason)
            content = make_correction(record, entry, wrong, reason, session.today)
        save_right(session, record, content, keeper, author)
    if wrong == "said again" and isinstance(entry, FollowUp):
        _say_again(session, record, entry, author)
    elif wrong == "person" and isinstance(entry, FollowUp) and client:
        _say_of_other(session, client, entry, author)
    return True


def withdraw(
    session: Session, record: Record, reason: str, keeper: Keeper, author: str | None
) -> None:
    """Withdraw a whole report, and say what went with it."""
    save_right(session, record, make_withdrawal(record.id, reason), keeper, author)
    if later := join_words([each.id for each in record.standing]):
        say(f"What was added to it no longer counts either: {later}. Say it again where true.")


def withdraw_double(session: Session, record: Record, author: str | None = None) -> bool:
    """Ask which report this one doubles, and withdraw it; return whether that was saved."""
    others = list_others(session, record)
    if not others:
        say(f"There is no other report about {show_safely(record.report.client)}.")
        return False
    while True:
        stays = choose_record(session, others, "Which one is the same? That one stays.")
        with suppress(GoBack):
            return withdraw_for(session, record, stays, author)


def withdraw_for(
    session: Session, record: Record, stays: Record, author: str | None = None
) -> bool:
    """Withdraw a report that is told in the one that ``stays``, if the carer is sure."""
    ask = f"Withdraw {record.id}, and keep {stays.id}?"
    if not ask_yes_no(session.asker, ask, can_go_back=True):
        say("Nothing was changed.")
        return False
    keeper = Keeper(session, record, "right", record.id)
    with keeper.hold():
        withdraw(session, record, f"{WRITTEN_TWICE}: {stays.id} stays", keeper, author)
    return True


def _say_of_other(session: Session, client: str, entry: FollowUp, author: str | None) -> None:
    """Ask with which report of ``client`` that is said which was said of somebody else."""
    reports = (each for each in session.read_records() if not each.withdrawn)
    theirs = [each for each in reports if fold_text(each.report.client) == fold_text(client)]
    if not theirs:
        say(f"There is no report about {show_safely(client)} yet, with which it could be said.")
        return
    ask = f"With which report of {show_safely(client)} shall it stand?"
    with suppress(GoBack):
        record = choose_record(session, theirs, ask)
        _say_again(session, record, entry, author)


def begin_correcting(session: Session, keeper: Keeper) -> Correcting:
    """Return the questions that put something right, with what was answered of them before."""
    return Correcting(
        session.asker,
        session.now,
        collect_known(session.read_records()),
        keeper.keep,
        keeper.answered,
        keeper.unfinished,
    )


def _ask_changes(
    record: Record, entry: Report | FollowUp, asking: Correcting
) -> dict[str, Any] | Why:
    """Return what changes in ``entry``, or what else is wrong; asked again where it names another.

    That is another client, whom it did not name before.
    """
    clients = asking.known.clients
    while True:
        wrong = asking.ask(entry)
        if isinstance(wrong, str):
            return wrong
        client = wrong.get("client", record.report.client)
        stood = find_others(entry.model_dump(), client, clients)
        named = [each for each in find_others(wrong, client, clients) if each not in stood]
        if not named or ask_whether_about(asking.asker, client, named, "change it."):
            return wrong


def save_right(
    session: Session,
    record: Record,
    content: CorrectionFields,
    keeper: Keeper,
    author: str | None,
) -> None:
    """Save what puts an entry about ``record`` right, and say what that comes to.

    Raises NearmissError where it was withdrawn or erased meanwhile, and what saving raises.
    """
    if content.withdraws:
        now = find_standing(session, record, {}, keeper, content.reason)
        if content.about in find_withdrawals(now.later):
            keeper.sitting.end()
            raise NearmissError(f"{content.about} is withdrawn already. Nothing was saved.")
    keeper.save([content], author, dict(content.changes), content.reason)
    tell_corrected(record, content)


def tell_corrected(record: Record, content: CorrectionFields) -> None:
    """Say what a correction came to, and who knows or holds on paper what stood there before."""
    if content.withdraws:
        _tell_withdrawn(record, content)
        return
    say(f"Saved. What stood there before stays readable: nearmiss show {record.id}")
    lines = [tell_handed_before(record, content.about)]
    if client := content.changes.get("client"):
        lines.insert(0, _tell_still_named(record, content, str(client)))
        lines.append(tell_told_before(record, "If it was somebody else, tell them."))
    for line in filter(None, lines):
        say(line)


def _tell_withdrawn(record: Record, content: CorrectionFields) -> None:
    handed = tell_handed_before(record, content.about)
    if record.withdrawn and content.about == record.withdrawn.id:
        say(f"{record.id} stands again.")
    elif content.about != record.id:
        say(f"Withdrawn: {content.about} no longer counts. To see it: nearmiss show {record.id}")
    else:
        say(_WITHDRAWN.format(id=record.id))
        handed += " Tell them; until that is noted, the desk says so." if handed else ""
        then = tell_those_told(content.reason, show_safely(record.report.client))
        if told := tell_told_before(record, then):
            say(told)
    if handed:
        say(handed)


_WITHDRAWN = (
    "Withdrawn. It is counted nowhere and stands on no family's paper; a professional's chronology "
    "keeps its row without the words. To see it, marked as withdrawn: nearmiss show {id}, or "
    "nearmiss list --all"
)


def _tell_still_named(record: Record, content: CorrectionFields, client: str) -> str:
    """Return where a report that is about ``client`` now names the one before; or nothing."""
    before = record.report.client
    texts = {**record.report.model_dump(), **content.changes}
    said = {name_field(name): {name: texts.get(name)} for name in TEXTS}
    said |= {
        each.id: {name: getattr(each, name, None) for name in TEXTS} for each in record.standing
    }
    places = [place for place, each in said.items() if find_others(each, client, [before])]
    if not places:
        return ""
    return (
        f"{show_safely(before)} still stands in: {join_words(places)}. To put that right too: "
        f"nearmiss correct {record.id}"
    )


# What is asked with each thing that can be said of a report.
_ASKED_WITH: dict[Adding, tuple[str, ...]] = {
    "told": ("informed",),
    "tried": ("tried",),
    "harm": ("harm_found", "harm_on"),
    "changed": ("changed", "undoes", "changed_on"),
    "step": ("next_step", "next_done", "next_who", "next_due"),
    "plan": ("care_plan", "care_plan_status"),
    "note": ("note",),
    "close": ("closes",),
}


def _say_again(session: Session, record: Record, entry: "FollowUp", author: str | None) -> None:
    """Ask of ``record`` for all that ``entry`` said, which was taken back; it stands there."""
    said = {
        adding: {name: value for name in names if (value := getattr(entry, name)) is not None}
        for adding, names in _ASKED_WITH.items()
    }
    for adding, fields in said.items():
        if words := {name: fields[name] for name in fields if name in SINCE_QUESTIONS}:
            keep_words(session, record, adding, words)
    for adding in filter(said.get, said):
        with suppress(GoBack):
            add_fact(session, read_again(session, record), adding, author)
