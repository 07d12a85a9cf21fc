"""Reports looked at one after the other at the desk, and what happened since with one of them."""

import string
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import cast

from nearmiss.commands.correct import put_right
from nearmiss.commands.hazards import compare
from nearmiss.commands.later import say_since
from nearmiss.commands.look import add_ties
from nearmiss.commands.meeting import ask_about_meeting
from nearmiss.commands.sitting import print_report
from nearmiss.commands.which import choose_record
from nearmiss.errors import NearmissError
from nearmiss.interview.drafts import Draft, describe_draft, tell_other
from nearmiss.interview.later import Adding
from nearmiss.records.find import Filters, list_clients
from nearmiss.records.handed import Meeting, Paper, ask_of_meeting, ask_of_paper
from nearmiss.records.record import Record
from nearmiss.records.waiting import needs, put_in_order
from nearmiss.records.words import name_record
from nearmiss.session import Session
from nearmiss.sharing.handed import ask_whether_handed
from nearmiss.speech import say
from nearmiss.terminal.asking import Asked, Choice, GoBack, Option, ask_until_taken
from nearmiss.terminal.lists import show_record

_Find = Callable[[], Iterator[Record]]
_MOST_CLIENTS = 9
_LOOKED_AT = 1000  # reports in which clients are looked for


def look_at_reports(session: Session, waiting: Sequence[str]) -> None:
    """Ask which reports, show one of them and ask what next, until it is enough."""
    if next(session.read_records(), None) is None:
        raise session.book.explain_nothing()
    newest: Option[Callable[[], _Find]] = Option("The newest", lambda: session.read_records)
    waits = Option("Those that wait", lambda: partial(_read_named, session, waiting))
    options = (
        *((newest, waits) if waiting else (newest,)),
        Option("Those about one client", partial(_ask_client, session)),
        Option("Those with some words in them", partial(_ask_words, session)),
    )
    choice = Choice("Which reports?", options, chosen=0, can_go_back=True)
    while True:
        ask = session.asker.choose(choice)
        name = partial(_name_waiting, session) if ask == waits.value else None
        with suppress(GoBack):
            find = ask()
            while first := next(records := find(), None):
                record = choose_record(session, chain([first], records), "Which one?", name=name)
                session.warn_of_damage()
                say()
                show_record(add_ties(session, record), decorated=session.is_decorated)
                _ask_next(session, record)
            say("No report is like that.")


def _name_waiting(session: Session, record: Record) -> str:
    """Return what presses most about a report, as the desk says it."""
    waits = put_in_order(needs(record, session.now()))
    return waits[0].says if waits else name_record(record, session.today)


def _read_named(session: Session, ids: Sequence[str]) -> Iterator[Record]:
    place = {each: at for at, each in enumerate(dict.fromkeys(ids))}
    records = (each for each in session.read_records() if each.id in place)
    # Read no further than to the last of them.
    return iter(sorted(islice(records, len(place)), key=lambda each: place[each.id]))


def _ask_client(session: Session) -> _Find:
    clients = list_clients(islice(session.read_records(), _LOOKED_AT))
    if not clients:
        raise session.book.explain_nothing()
    options = tuple(Option(each, each) for each in clients[:_MOST_CLIENTS])
    client = session.asker.choose(Choice("About whom?", options, can_go_back=True))
    return _filter(session, Filters(client=client))


def _ask_words(session: Session) -> _Find:
    asked = Asked("Which words?", "A part of a word is enough.", example="rug", can_go_back=True)
    words = ask_until_taken(session.asker, asked, str.strip)
    return _filter(session, Filters(find=words)) if words else session.read_records


def _filter(session: Session, filters: Filters) -> _Find:
    return lambda: filter(filters.match, session.read_records())


def _ask_next(session: Session, record: Record) -> None:
    options: tuple[Option[Callable[[], object] | None], ...] = (
        Option("Say what happened since", partial(say_since, session, record)),
        Option("Put something right", partial(put_right, session, record)),
        Option("Compare it with earlier reports", partial(compare, session, record)),
        Option("Print it", partial(print_report, session, record.id)),
        Option("Another report", None),
    )
    choice = Choice("What next?", options, chosen=len(options) - 1, can_go_back=True)
    try:
        step = session.asker.choose(choice)
        if step:
            step()
    except GoBack:
        return
    except NearmissError as problem:
        say()
        say(str(problem))


def say_what_happened(
    session: Session, waiting: Sequence[str], papers: Sequence[Paper], meetings: Sequence[Meeting]
) -> None:
    """Ask what happened since with which report, or about what was left open, by a letter."""
    while True:
        others = _list_left_open(session, papers, meetings)
        records = _put_first(session, waiting)
        chosen = choose_record(session, records, "With which report?", others=others)
        with suppress(GoBack):
            say_since(session, chosen) if isinstance(chosen, Record) else chosen()
            return


def _list_left_open(
    session: Session, papers: Sequence[Paper], meetings: Sequence[Meeting]
) -> list[Option[Callable[[], None]]]:
    """Return what was not finished, papers and meetings: reports keep their numbers beside them."""
    session.forget_saved()

    def go_on(draft: Draft) -> None:
        record = session.find_record(draft.about)
        if not draft.is_about(record):
            raise NearmissError(tell_other(record.id))
        say_since(session, record, begun=cast(Adding, draft.adding))

    left: list[tuple[str, Callable[[], None]]] = [
        (f"Go on with {describe_draft(draft, session.now())}", partial(go_on, draft))
        for draft in session.drafts.list_later()
    ]
    left += [
        (ask_of_paper(each), partial(ask_whether_handed, session.workplace, each))
        for each in papers
    ]
    left += [
        (ask_of_meeting(each.client), partial(ask_about_meeting, session, each))
        for each in meetings
    ]
    keys = string.ascii_lowercase.replace("o", "")  # that is for older ones
    if len(left) > len(keys):
        say(f"{len(keys)} of the {len(left)} things left open are shown; the others come then.")
    return [Option(label, act, key) for key, (label, act) in zip(keys, left, strict=False)]


def _put_first(session: Session, waiting: Sequence[str]) -> Iterator[Record]:
    named = set(waiting)
    yield from _read_named(session, waiting)
    yield from (each for each in session.read_records() if each.id not in named)
