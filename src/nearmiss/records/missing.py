"""Why a number finds no report: it was never given, or its line can't be read."""

from nearmiss.errors import NearmissError, NotFound
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.parsing import Unreadable
from nearmiss.model.entries import Comparison, Correction, Disclosure, Entry, FollowUp
from nearmiss.model.ids import EntryId
from nearmiss.records.damage import describe_damage
from nearmiss.records.history import Note, read_records

Typed = tuple[str | None, int]  # a tag, where one was typed, and a number


class StandsInDamage(NearmissError):
    """The reference may name an entry whose line can't be read."""

    def __init__(self, *, reference: str, damage: str) -> None:
        super().__init__(
            f"No entry {reference} can be read in this logbook. {damage} It may stand there. "
            "To see what is wrong: nearmiss verify"
        )


def explain_missing(book: Logbook, shown: str, typed: Typed | None, note: Note) -> NearmissError:
    """Return what to say of a reference, ``shown`` as it was typed, that finds no report."""
    damaged = _list_damaged(book, *typed) if typed else []
    if damaged:
        return StandsInDamage(reference=shown, damage=describe_damage(damaged))
    return NotFound(reference=shown, guess=_guess(book, typed, note))


def _list_damaged(book: Logbook, tag: str | None, number: int) -> list[Unreadable]:
    """Return the unreadable lines that may hold the entry, or the report that it is about."""
    unreadable, tags = list[Unreadable](), set[str]()
    between, newest = list[Unreadable](), True
    for entry in book.read_backward():
        if isinstance(entry, Unreadable):
            unreadable.append(entry)
            between.append(entry)
            continue
        own = EntryId.parse(entry.id)
        tags.add(own.tag)
        if own.number > number:
            between, newest = [], False
        elif own.number == number and tag in (None, own.tag):
            about = _find_about(entry)
            return _list_damaged(book, None, about) if about is not None else []
        elif tag in (None, own.tag):
            is_beyond = newest and number > own.number + len(between)
            return [] if is_beyond else between
    return between if tag is None or tag in tags else unreadable


def _find_about(entry: Entry) -> int | None:
    if isinstance(entry, Correction | FollowUp | Comparison):
        return EntryId.parse(entry.about).number
    return EntryId.parse(entry.reports[0]).number if isinstance(entry, Disclosure) else None


def _guess(book: Logbook, typed: Typed | None, note: Note) -> str:
    newest = next(read_records(book, note), None)
    if newest is None:
        return ""
    last = EntryId.parse(newest.report.id)
    if typed is None:
        return f" Did you mean {last}?"
    tag, number = typed
    if tag not in (None, last.tag) and 0 < number <= last.number:
        return f" Did you mean {EntryId(last.tag, number)}?"
    return f" The newest report is {last}."
