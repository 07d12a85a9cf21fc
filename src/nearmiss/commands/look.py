"""``list``, ``show``, ``summary``, and reports looked at one after the other at the desk."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, cast

import typer

from nearmiss.commands.which import choose_record
from nearmiss.errors import NearmissError, NothingLogged
from nearmiss.options import WHICH, FilterOptions, ReferenceOrLast, offer, read_filters
from nearmiss.records.record import Record
from nearmiss.session import Session
from nearmiss.speech import say, write_data
from nearmiss.terminal.asking import Asked, Choice, GoBack, Option, ask_until_taken

if TYPE_CHECKING:
    from nearmiss.interview.later import Adding
    from nearmiss.records.handed import Meeting, Paper

_SHOWN = 20  # reports, unless more are asked for


def list_reports(
    session: Session,
    filters: FilterOptions,
    count: Annotated[int, offer(WHICH, "How many to show.", "-n", min=1)] = _SHOWN,
    every: Annotated[bool, offer(WHICH, "Show all of them.", "--all")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines, for other programs.")
    ] = False,
) -> None:
    """Show the reports, newest first.

    Example: nearmiss list --client MB --since "3 months"
    Example: nearmiss list --find rug --all
    Example: nearmiss list --not-informed
    """
    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    chosen = (
        each
        for each in session.read_records()
        if (every or not each.withdrawn) and wanted.match(each)
    )
    records = chosen if every else islice(chosen, min(count, sys.maxsize))
    if as_json:
        from nearmiss.records.data import encode_record

        shown = write_data(encode_record(each) + b"\n" for each in records)
    else:
        from nearmiss.terminal.lists import show_list

        shown = show_list(records, find=filters.find, decorated=session.is_decorated)
    has_more = not every and next(chosen, None) is not None
    session.warn_of_damage()
    if not shown:
        say(_explain_none(session))
    elif has_more:
        again = " ".join((*filters.typed, "--all"))
        say(f"These are the newest {shown}. To see all of them: nearmiss list {again}")


def _explain_none(session: Session) -> str:
    if next(session.read_records(), None) is None:
        return str(NothingLogged())
    return "No report fits. To see all of them: nearmiss list --all"


def show(
    session: Session,
    reference: ReferenceOrLast = "last",
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for other programs.")] = False,
) -> None:
    """Show one report with its corrections and follow-ups.

    Example: nearmiss show 42
    Example: nearmiss show last
    """
    from nearmiss.records.find import find_record
    from nearmiss.terminal.lists import show_record

    record = find_record(session.book, reference, session.damaged.append)
    if as_json:
        from nearmiss.records.data import encode_full

        write_data([encode_full(record) + b"\n"])
    else:
        show_record(_add_ties(session, record), decorated=session.is_decorated)
        for other in _list_namesakes(session, reference):
            if other.id != record.id:
                print()
                say(f"A copy of this book gave that number out too. It stands here as {other.id}:")
                show_record(other, decorated=session.is_decorated)
    session.warn_of_damage()


def _list_namesakes(session: Session, reference: str) -> "list[Record]":
    from nearmiss.model.ids import read_typed
    from nearmiss.records.read import find_namesakes

    typed = read_typed(reference)
    return find_namesakes(session.book, typed, session.damaged.append) if typed else []


def _add_ties(session: Session, record: Record) -> Record:
    """Return ``record`` with the reports that it is marked with as the same hazard."""
    from nearmiss.records.read import find_ties
    from nearmiss.records.words import tell_ties

    return replace(record, pattern=tell_ties(find_ties(session.book, record.id)))


def summary(
    session: Session,
    filters: FilterOptions,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for other programs.")] = False,
) -> None:
    """Count the reports: by month, kind, place and hour; what is still open.

    Example: nearmiss summary --client MB --since "6 months"
    Example: nearmiss summary
    """
    from nearmiss.insight.figures import compute_figures
    from nearmiss.records.waiting import needs, put_in_order
    from nearmiss.terminal.figures import show_figures

    wanted = read_filters(filters, session.now(), session.settings.keep_years)
    now = session.now()
    standing = (each for each in session.read_records() if not each.withdrawn)
    records = list(filter(wanted.match, standing))
    figures = compute_figures(records, now)
    if as_json:
        print(json.dumps(figures.as_json(), ensure_ascii=False))
    elif figures.reports:
        waiting = put_in_order(each for record in records for each in needs(record, now))
        lines = [each.says for each in waiting if each.need != "later"]
        show_figures(figures, lines, decorated=session.is_decorated)
    session.warn_of_damage()
    if not (figures.reports or as_json):
        say(_explain_none(session))


_Step = Callable[[Session, Record], None]
_Find = Callable[[], Iterator[Record]]
_MOST_CLIENTS = 9
_LOOKED_AT = 1000  # reports in which clients are looked for


def look_at_reports(session: Session, waiting: Sequence[str]) -> None:
    """Ask which reports, show the one that is chosen and ask what next, until it is enough.

    ``waiting`` are the ids of reports about which something is to be done. Raises NothingLogged,
    GoBack, KeyboardInterrupt or EOFError.
    """
    if next(session.read_records(), None) is None:
        raise NothingLogged
    while True:
        find = _ask_which(session, waiting)
        with suppress(GoBack):
            _look_through(session, find)


def _look_through(session: Session, find: _Find) -> None:
    """Show one report after the other of those that ``find`` gives. Raises GoBack in the end."""
    while True:
        records = find()
        first = next(records, None)
        if first is None:
            say("No report is like that.")
            return
        _look_at_one(session, chain([first], records))


def _ask_which(session: Session, waiting: Sequence[str]) -> _Find:
    newest: Option[Callable[[], _Find]] = Option("The newest", lambda: session.read_records)
    options = [newest]
    if waiting:
        options.append(Option("Those that wait", lambda: partial(_read_named, session, waiting)))
    options += [
        Option("Those about one client", partial(_ask_client, session)),
        Option("Those with some words in them", partial(_ask_words, session)),
    ]
    choice = Choice("Which reports?", tuple(options), chosen=0, can_go_back=True)
    while True:
        choose = session.asker.choose(choice)
        try:
            return choose()
        except GoBack:
            continue


def _read_named(session: Session, ids: Sequence[str]) -> Iterator[Record]:
    """Return the reports of these ids, in their order."""
    place = {each: at for at, each in enumerate(ids)}
    records = (each for each in session.read_records() if each.id in place)
    # Read no further than to the last of them.
    return iter(sorted(islice(records, len(place)), key=lambda each: place[each.id]))


def _ask_client(session: Session) -> _Find:
    from nearmiss.records.find import list_clients

    clients = list_clients(islice(session.read_records(), _LOOKED_AT))
    if not clients:
        raise NothingLogged
    options = tuple(Option(each, each) for each in clients[:_MOST_CLIENTS])
    client = session.asker.choose(Choice("About whom?", options, can_go_back=True))
    return _filter(session, client=client)


def _ask_words(session: Session) -> _Find:
    asked = Asked("Which words?", "A part of a word is enough.", example="rug", can_go_back=True)
    words = ask_until_taken(session.asker, asked, str.strip)
    return _filter(session, find=words) if words else session.read_records


def _filter(session: Session, *, client: str | None = None, find: str | None = None) -> _Find:
    from nearmiss.records.find import Filters

    filters: Filters = Filters(client=client, find=find)
    return lambda: filter(filters.match, session.read_records())


def _look_at_one(session: Session, records: Iterator[Record]) -> None:
    from nearmiss.terminal.lists import show_record

    record = choose_record(session.asker, records, "Which one?", session.now().date())
    session.warn_of_damage()
    say()
    show_record(_add_ties(session, record), decorated=session.is_decorated)
    _ask_next(session, record)


def _ask_next(session: Session, record: Record) -> None:
    options: tuple[Option[_Step | None], ...] = (
        Option("Say what happened since", _say_since),
        Option("Put something right", _put_right),
        Option("Compare it with earlier reports", _compare),
        Option("Print it", _print),
        Option("Another report", None),
    )
    choice = Choice("What next?", options, chosen=len(options) - 1, can_go_back=True)
    try:
        step = session.asker.choose(choice)
        if step:
            step(session, record)
    except GoBack:
        return
    except NearmissError as problem:
        say()
        say(str(problem))


def _say_since(session: Session, record: Record) -> None:
    from nearmiss.commands.later import say_since

    say_since(session, record)


def _put_right(session: Session, record: Record) -> None:
    from nearmiss.commands.anew import put_right

    put_right(session, record)


def _print(session: Session, record: Record) -> None:
    from nearmiss.commands.next import print_report

    print_report(session, record.id)


def _compare(session: Session, record: Record) -> None:
    from nearmiss.commands.hazards import compare

    compare(session, record)


def say_what_happened(
    session: Session,
    waiting: Sequence[str],
    papers: "Sequence[Paper]",
    meetings: "Sequence[Meeting]",
) -> None:
    """Ask with which report something happened since, and what; those in ``waiting`` stand first.

    What was not finished is offered before, then ``papers`` of which is not said yet whether they
    were handed over, and ``meetings`` of which is not said what was agreed. Raises NothingLogged,
    GoBack, KeyboardInterrupt, EOFError, and what saving raises.
    """
    if _ask_before(session, papers, meetings):
        return
    while True:
        records, today = _put_first(session, waiting), session.now().date()
        record = choose_record(session.asker, records, "With which report?", today)
        with suppress(GoBack):
            _say_since(session, record)
            return


def _ask_before(session: Session, papers: Sequence["Paper"], meetings: Sequence["Meeting"]) -> bool:
    """Offer what was not finished, papers and meetings; return whether one of them was taken."""
    from nearmiss.commands.add import forget_saved
    from nearmiss.commands.later import say_since
    from nearmiss.commands.meeting import ask_about_meeting
    from nearmiss.interview.drafts import Draft, describe_draft
    from nearmiss.records.find import find_record
    from nearmiss.records.handed import ask_of_meeting, ask_of_paper
    from nearmiss.sharing.handed import ask_whether_handed

    forget_saved(session)

    def go_on(draft: Draft) -> None:
        record = find_record(session.book, draft.about, session.damaged.append)
        say_since(session, record, begun=cast("Adding", draft.adding))

    options: list[Option[Callable[[], None] | None]] = [
        Option(f"Go on with {describe_draft(draft, session.now())}", partial(go_on, draft))
        for draft in session.drafts.list_later()
    ]
    options += [
        Option(ask_of_paper(each), partial(ask_whether_handed, session.workplace, each))
        for each in papers
    ]
    options += [
        Option(ask_of_meeting(each.client), partial(ask_about_meeting, session, each))
        for each in meetings
    ]
    if not options:
        return False
    options.append(Option("Something about a report", None))
    take = session.asker.choose(Choice("What is it about?", tuple(options), can_go_back=True))
    if take:
        take()
    return take is not None


def _put_first(session: Session, waiting: Sequence[str]) -> Iterator[Record]:
    named = set(waiting)
    yield from _read_named(session, waiting)
    yield from (each for each in session.read_records() if each.id not in named)
