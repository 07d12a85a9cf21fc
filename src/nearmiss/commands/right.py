"""What is put right at a terminal: an entry's answers, or that it no longer counts."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nearmiss.commands.add import Keeper, add_fact, find_standing, keep_words, read_again
from nearmiss.model.entries import FollowUp
from nearmiss.session import Session
from nearmiss.speech import join_words, say
from nearmiss.terminal.asking import GoBack
from nearmiss.text import show_safely

if TYPE_CHECKING:
    from nearmiss.interview.later import Adding
    from nearmiss.interview.right import Choosing, Correcting, Why
    from nearmiss.model.entries import CorrectionFields, Report
    from nearmiss.records.record import Record


def put_entry_right(
    session: Session, record: "Record", chosen: "Choosing", author: str | None = None
) -> bool:
    """Ask what is wrong in an entry about ``record``, and why; return whether that was saved.

    Raises GoBack, KeyboardInterrupt, EOFError, and what saving raises.
    """
    from nearmiss.records.since import make_correction, make_withdrawal

    keeper = Keeper(session, record.id, "right", chosen.entry_id)
    with keeper.hold():
        asking = begin_correcting(session, keeper)
        entry = chosen.entry
        wrong = _ask_changes(record, entry, asking) if entry else chosen.why
        if wrong == {}:
            keeper.sitting.end()
            say("Nothing was changed.")
            return False
        if entry is None or isinstance(wrong, str):
            reason = asking.ask_reason(wrong if isinstance(wrong, str) else "untrue")
            content = make_withdrawal(chosen.entry_id, reason)
        else:
            reason, today = asking.ask_reason(), session.now().date()
            record = find_standing(session, record, wrong, keeper)
            content = make_correction(record, entry, wrong, reason, today)
        save_right(session, record, content, keeper, author)
    if wrong == "said again" and isinstance(entry, FollowUp):
        _say_again(session, record, entry, author)
    return True


def begin_correcting(session: Session, keeper: Keeper) -> "Correcting":
    """Return the questions that put something right, with what was answered of them before."""
    from nearmiss.interview.known import collect_known
    from nearmiss.interview.right import Correcting

    draft = keeper.draft
    return Correcting(
        session.asker,
        session.now,
        collect_known(session.read_records()),
        keeper.keep,
        dict(draft.answers if draft else {}),
        dict(draft.unfinished if draft else {}),
    )


def _ask_changes(
    record: "Record", entry: "Report | FollowUp", asking: "Correcting"
) -> "dict[str, Any] | Why":
    """Return what changes in ``entry``, or what else is wrong; asked again where it names another.

    That is another client, whom it did not name before.
    """
    from nearmiss.intake.named import find_others
    from nearmiss.interview.known import ask_whether_about

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
    record: "Record",
    content: "CorrectionFields",
    keeper: Keeper,
    author: str | None,
) -> None:
    """Save what puts an entry about ``record`` right, and say what that comes to.

    Raises NearmissError where it was withdrawn or erased meanwhile, and what saving raises.
    """
    from nearmiss.records.find import find_withdrawable

    if content.withdraws:  # nothing else of it was typed that would be lost
        find_withdrawable(session.book, content.about, session.damaged.append)
    session.save([content], author, keeper.type(dict(content.changes), content.reason))
    keeper.sitting.end()
    tell_corrected(record, content)


def tell_corrected(record: "Record", content: "CorrectionFields") -> None:
    """Say what a correction came to, and who knows or holds on paper what stood there before."""
    from nearmiss.records.handed import tell_handed_before, tell_told_before
    from nearmiss.records.words import WRONG_PERSON

    client = content.changes.get("client")
    untold, handed = "", tell_handed_before(record, content.about)
    if content.withdraws and content.about == record.id:
        say(
            "Withdrawn. It is counted nowhere and stands on no family's paper; a professional's "
            "chronology keeps its row without the words. To see it, marked as withdrawn: "
            f"nearmiss show {record.id}, or nearmiss list --all"
        )
        it_was = f"it was not {record.report.client}"
        no_more = "that it does not count"
        untold = tell_told_before(
            record, it_was if content.reason.startswith(WRONG_PERSON) else no_more
        )
        handed += " Tell them; until that is noted, the desk says so." if handed else ""
    elif record.withdrawn and content.about == record.withdrawn.id:
        say(f"{record.id} stands again.")
    else:
        say(f"Saved. What stood there before stays readable: nearmiss show {record.id}")
    if isinstance(client, str):
        _say_still_named(record, content)
        untold = tell_told_before(record, f"it was not {record.report.client}")
    for each in filter(None, (handed, untold)):
        say(each)


def _say_still_named(record: "Record", content: "CorrectionFields") -> None:
    """Say where a report whose client was put right still names the one before."""
    from nearmiss.intake.named import TEXTS, find_others
    from nearmiss.records.words import name_field

    def names_before(texts: Mapping[str, Any]) -> bool:
        return bool(find_others(texts, str(content.changes["client"]), [record.report.client]))

    texts = {**record.report.model_dump(), **content.changes}
    places = [name_field(each) for each in TEXTS if names_before({each: texts.get(each)})]
    for later in record.standing:
        if names_before({name: getattr(later, name, None) for name in TEXTS}):
            places.append(later.id)
    if places:
        say(
            f"{show_safely(record.report.client)} still stands in: {join_words(places)}. "
            f"To put that right too: nearmiss correct {record.id}"
        )


# What is asked anew of each thing that an entry said.
_SAID: dict[str, "Adding"] = {
    "informed": "told",
    "tried": "tried",
    "harm_found": "harm",
    "changed": "changed",
    "undoes": "changed",
    "next_step": "step",
    "next_done": "step",
    "care_plan": "plan",
    "care_plan_status": "plan",
    "note": "note",
    "closes": "close",
}


def _say_again(session: Session, record: "Record", entry: "FollowUp", author: str | None) -> None:
    """Ask anew for all that ``entry`` said, which was taken back; its words stand there."""
    from nearmiss.interview.later import SINCE_QUESTIONS

    adding = list(dict.fromkeys(_SAID[each] for each in _SAID if getattr(entry, each) is not None))
    beside = {"next_who": "step", "next_due": "step", "harm_on": "harm", "changed_on": "changed"}
    for each in adding:
        words = {
            name: value
            for name in SINCE_QUESTIONS
            if {**_SAID, **beside}.get(name) == each and (value := getattr(entry, name, None))
        }
        if words:
            keep_words(session, record, each, words)
    for each in adding:
        with suppress(GoBack):
            add_fact(session, read_again(session, record), each, author)
