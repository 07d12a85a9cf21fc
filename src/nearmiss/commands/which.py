"""The report that is meant: named, chosen at a terminal, or told by whom words name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from nearmiss.errors import BookFault, NearmissError, UsageProblem
from nearmiss.intake.named import find_others
from nearmiss.interview.known import ask_whether_about
from nearmiss.model.ids import read_typed
from nearmiss.records import find
from nearmiss.records.read import find_namesakes
from nearmiss.records.record import Record
from nearmiss.records.words import name_record
from nearmiss.session import Session
from nearmiss.speech import is_conversation, say
from nearmiss.terminal.asking import Choice, GoBack, Option
from nearmiss.text import fold_text

_Other = TypeVar("_Other")
_LOOKED_AT = 1000  # reports in which another one, or another client, is looked for
_PAGE = 9  # reports that are offered at once, each by one key


def choose_record(
    session: Session,
    records: Iterable[Record],
    ask: str,
    *,
    name: Callable[[Record], str] | None = None,
    others: Sequence[Option[_Other]] = (),
) -> Record | _Other:
    """Return what the carer chose: one of ``records``, or of what is offered with the first.

    ``name`` is how each is called; else by its first words.
    """
    coming = iter(records)
    pages = [list(islice(coming, _PAGE))]
    if not pages[0] and not others:
        raise session.book.explain_nothing()
    at = 0
    while True:
        if at == len(pages) - 1:
            pages.append(list(islice(coming, _PAGE)))
        options: list[Option[Any]] = [] if at else [*others]
        options += [
            Option(name(each) if name else name_record(each, session.today), each)
            for each in pages[at]
        ]
        if pages[at + 1]:
            options.append(Option("older ones", None, "o"))
        try:
            chosen: Record | _Other | None = session.asker.choose(
                Choice(ask, tuple(options), can_go_back=True)
            )
        except GoBack:
            if at == 0:
                raise
            at -= 1
        else:
            if chosen is not None:
                return chosen
            at += 1


def settle_reference(session: Session, reference: str, ask: str) -> tuple[Record, str]:
    """Return the report that ``reference`` names or is about, and the reference as it is meant.

    Of several reports that were given that number, one is chosen. A whole number is taken as it
    stands; that a copy gave it out too is said. Raises GivenTwice where nobody can be asked.
    """
    try:
        record = session.find_record(reference)
    except find.GivenTwice as twice:
        if not is_conversation():
            raise
        record = choose_record(session, twice.records, ask)
        return record, record.id
    typed = read_typed(reference)
    for other in find_namesakes(session.book, typed, None) if typed and typed[0] else ():
        if other.id != record.id:
            say(
                f"{reference} was given out in a copy of this book too. That one stands here as "
                f"{name_record(other, session.today)}"
            )
    return record, record.id if fold_text(reference) == "last" else reference


def find_or_ask(
    session: Session, reference: str | None, command: str, ask: str
) -> tuple[Record, str | None]:
    """Return the report that is named, with the reference as it is meant; or else ask which."""
    if reference is not None:
        session.book.require_same()
        try:
            record, reference = settle_reference(session, reference, ask)
        except NearmissError as problem:
            if session.book.glimpse and session.book.glimpse.gap:  # it may have been lost
                raise BookFault(str(problem)) from problem
            raise
        session.warn_of_damage()  # what is the newest may be another one than is meant
        return record, reference
    if not is_conversation():
        raise UsageProblem(
            f"Which report? Nothing was saved. Say its number: nearmiss {command} 42\n"
            "To see the numbers: nearmiss list"
        )
    return choose_record(session, session.read_records(), ask), None


def read_again(session: Session, record: Record) -> Record:
    """Return ``record`` as it stands now."""
    session.book.require_same()
    return session.find_record(record.id)


def ask_which(session: Session, record: Record, fields: Mapping[str, Any]) -> Record:
    """Return to which report ``fields`` belong, asked where they name another client."""
    if record.withdrawn:  # who is told of that is told who it was not
        return record
    client = record.report.client
    named = find_others(fields, client, list_clients(session))
    otherwise = "choose the report that it belongs to."
    if not named or ask_whether_about(session.asker, client, named, otherwise):
        return record
    folded = {fold_text(each) for each in named}
    standing = [each for each in session.read_records() if not each.withdrawn]
    standing.sort(key=lambda each: fold_text(each.report.client) not in folded)  # theirs first
    ask = "Which report does it belong to?"
    return choose_record(session, standing, ask)


def list_clients(session: Session) -> list[str]:
    """Return the clients of the newest reports that count."""
    newest = islice(session.read_records(), _LOOKED_AT)
    return find.list_clients(each for each in newest if not each.withdrawn)
