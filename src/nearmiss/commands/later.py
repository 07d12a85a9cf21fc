"""``follow-up``: what happened since with a report, one thing at a time."""

from contextlib import suppress
from functools import partial
from typing import cast

from nearmiss.commands.add import add_fact, tell_others
from nearmiss.commands.correct import put_right
from nearmiss.commands.which import (
    ask_which,
    find_or_ask,
    list_clients,
    read_again,
)
from nearmiss.errors import NearmissError, UsageProblem
from nearmiss.intake.fields import read_author, sort_later
from nearmiss.interview.drafts import describe_draft, tell_other
from nearmiss.interview.later import Adding, ask_adding
from nearmiss.interview.saving import after_saving, tell_added
from nearmiss.options import (
    Author,
    FollowUpOptions,
    ReferenceOrAsked,
    list_given,
)
from nearmiss.records.record import Record
from nearmiss.records.since import (
    check_follow_up,
    list_unsettled,
    read_given,
    tell_early,
)
from nearmiss.session import Session
from nearmiss.speech import is_conversation, say
from nearmiss.terminal.asking import GoBack, ask_yes_no, stop_on_signals


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
    record, _ = find_or_ask(
        session, reference, "follow-up", "What happened since, with which report?"
    )
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
