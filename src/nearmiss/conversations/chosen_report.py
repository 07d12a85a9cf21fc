"""The report that a command is about: named, or chosen at a terminal."""

from nearmiss.errors import NothingLogged, UsageProblem
from nearmiss.records.history import Record
from nearmiss.session import Session
from nearmiss.speech import is_conversation


class NoReference(UsageProblem):
    """No report was named, and nobody can be asked."""

    def __init__(self, *, command: str) -> None:
        super().__init__(
            f"Which report? Nothing was saved. Say its number: nearmiss {command} 42\n"
            "To see the numbers: nearmiss list"
        )


def find_or_ask(session: Session, reference: str | None, command: str, ask: str) -> Record:
    """Return the report that ``reference`` names, or else the one that is chosen when asked.

    Raises NoReference, NothingLogged, GoBack, KeyboardInterrupt, EOFError, and what finding
    raises.
    """
    from nearmiss.records.selection import find_record

    if reference is not None:
        record = find_record(session.book, reference, session.damaged.append)
        session.warn_of_damage()  # what is the newest may be another one than is meant
        return record
    if not is_conversation():
        raise NoReference(command=command)
    return ask_record(session, ask)


def ask_record(session: Session, ask: str) -> Record:
    """Return the report that is chosen when asked. Raises as ``find_or_ask`` does."""
    from itertools import chain

    from nearmiss.interview.which_report import choose_record

    records = session.read_records()
    first = next(records, None)
    if first is None:
        raise NothingLogged
    today = session.now().date()
    return choose_record(session.asker, chain([first], records), ask, today)
