"""What is put right: an entry's answers, or that it no longer counts."""

from typing import Any

from nearmiss.commands.add import Keeper, find_standing
from nearmiss.errors import NearmissError
from nearmiss.intake.named import TEXTS, find_others
from nearmiss.interview.known import ask_whether_about, collect_known
from nearmiss.interview.right import Choosing, Correcting
from nearmiss.model.entries import CorrectionFields, FollowUp, Report
from nearmiss.records import since
from nearmiss.records.handed import tell_handed_before, tell_told_before
from nearmiss.records.record import Record, find_withdrawals
from nearmiss.records.since import make_correction, make_withdrawal
from nearmiss.records.words import name_field
from nearmiss.session import Session
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import ask_yes_no
from nearmiss.text import show_safely


def put_entry_right(
    session: Session, record: Record, chosen: Choosing, author: str | None = None
) -> bool:
    """Ask what is wrong in an entry about ``record``, and why; return whether that was saved."""
    with Keeper(session, record, "right", chosen.entry_id).hold() as keeper:
        asking = begin_correcting(session, keeper)
        entry, why = chosen.entry, chosen.why
        changes = _ask_changes(record, entry, asking) if entry else None
        if changes == {}:
            keeper.sitting.end()
            say("Nothing was changed.")
            return False
        if entry is None or changes is None:
            reason = asking.ask_reason("untrue" if entry else why)
            content = make_withdrawal(chosen.entry_id, reason)
        else:
            reason = asking.ask_reason()
            record = find_standing(session, record, changes, keeper, reason)
            content = make_correction(record, entry, changes, reason, session.today)
        _save(session, record, content, keeper, author)
    return True


def withdraw(
    session: Session, record: Record, reason: str, keeper: Keeper, author: str | None
) -> None:
    """Withdraw a whole report, and say what went with it."""
    _save(session, record, make_withdrawal(record.id, reason), keeper, author)
    if later := join_words([each.id for each in record.standing]):
        say(f"What was added to it no longer counts either: {later}. Say it again where true.")


def withdraw_double(session: Session, record: Record, author: str | None = None) -> bool:
    """Withdraw a report that was written twice, if the carer is sure; return whether she was."""
    ask = f"Withdraw {record.id}? The other one stays."
    if not ask_yes_no(session.asker, ask, can_go_back=True):
        say("Nothing was changed.")
        return False
    with Keeper(session, record, "right", record.id).hold() as keeper:
        withdraw(session, record, since.WRITTEN_TWICE, keeper, author)
    return True


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
) -> dict[str, Any] | None:
    """Return what changes in ``entry``, None where all of it does not count."""
    clients = asking.known.clients
    while True:
        changes = asking.ask(entry)
        if changes is None:
            return None
        client = changes.get("client", record.report.client)
        stood = find_others(entry.model_dump(), client, clients)
        named = [each for each in find_others(changes, client, clients) if each not in stood]
        if not named or ask_whether_about(asking.asker, client, named, "change it."):
            return changes


def _save(
    session: Session, record: Record, content: CorrectionFields, keeper: Keeper, author: str | None
) -> None:
    """Save what puts an entry about ``record`` right, and say what that comes to."""
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
        then = since.tell_those_told(content.reason, show_safely(record.report.client))
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
