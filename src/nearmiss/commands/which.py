"""The report that is meant: named, or chosen at a terminal from the newest."""

from collections.abc import Iterable
from datetime import date
from itertools import islice

from nearmiss.errors import NothingLogged, UsageProblem
from nearmiss.records.record import Record
from nearmiss.records.words import name_record
from nearmiss.session import Session
from nearmiss.speech import is_conversation
from nearmiss.terminal.asking import Asker, Choice, GoBack, Option

_PAGE = 9  # reports that are offered at once, each by one key


def choose_record(asker: Asker, records: Iterable[Record], ask: str, today: date) -> Record:
    """Return the report that the carer chose from ``records``.

    Raises NothingLogged where there is none, GoBack from the first page, KeyboardInterrupt or
    EOFError.
    """
    coming = iter(records)
    pages = [list(islice(coming, _PAGE))]
    if not pages[0]:
        raise NothingLogged
    at = 0
    while True:
        if at == len(pages) - 1:
            pages.append(list(islice(coming, _PAGE)))
        options: list[Option[Record | None]] = [
            Option(name_record(each, today), each) for each in pages[at]
        ]
        if pages[at + 1]:
            options.append(Option("older ones", None, "o"))
        try:
            chosen = asker.choose(Choice(ask, tuple(options), can_go_back=True))
        except GoBack:
            if at == 0:
                raise
            at -= 1
        else:
            if chosen is not None:
                return chosen
            at += 1


def find_or_ask(session: Session, reference: str | None, command: str, ask: str) -> Record:
    """Return the report that ``reference`` names, or else the one that is chosen when asked.

    Raises UsageProblem, NothingLogged, GoBack, KeyboardInterrupt, EOFError, and what finding
    raises.
    """
    from nearmiss.records.find import find_record

    if reference is not None:
        record = find_record(session.book, reference, session.damaged.append)
        session.warn_of_damage()  # what is the newest may be another one than is meant
        return record
    if not is_conversation():
        raise UsageProblem(
            f"Which report? Nothing was saved. Say its number: nearmiss {command} 42\n"
            "To see the numbers: nearmiss list"
        )
    return ask_record(session, ask)


def ask_record(session: Session, ask: str) -> Record:
    """Return the report that is chosen when asked. Raises as ``find_or_ask`` does."""
    return choose_record(session.asker, session.read_records(), ask, session.now().date())
