"""What a book has come to: how many entries, its seal, and to whom it was handed over."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from nearmiss.dates.shown import echo_day
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import Correction, Disclosure, Entry
from nearmiss.model.ids import EntryId, show_seal
from nearmiss.records.read import Note
from nearmiss.records.record import Record
from nearmiss.speech import count_of, join_words

_NAMED = 9  # handings-over that are named, the latest


@dataclass(frozen=True)
class Handed:
    """One handing-over, how many entries were written since, and whether it no longer counts."""

    entry: Disclosure
    since: int
    withdrawn: bool


@dataclass(frozen=True)
class Keeping:
    """The entries of a book, its newest seal as it is shown, and the latest handings-over."""

    entries: int
    seal: str
    handed: tuple[Handed, ...]


def read_keeping(entries: Iterable[Entry | Unreadable], note: Note) -> Keeping:
    """Return what ``entries``, all of a book in the order written, have come to."""
    count, seal, gone = 0, "none", set[str]()
    found = deque[tuple[Disclosure, int]](maxlen=_NAMED)
    for entry in entries:
        if isinstance(entry, Unreadable):
            note(entry)
            continue
        count, seal = count + 1, show_seal(entry.seal)
        if isinstance(entry, Disclosure):
            found.append((entry, count))
        elif isinstance(entry, Correction) and entry.withdraws:
            gone.add(entry.about)
    handed = (Handed(each, count - place, each.id in gone) for each, place in found)
    return Keeping(count, seal, tuple(handed))


def tell_handed(handed: Handed) -> str:
    """Return when and to whom what was handed, who decided it, and what has come since."""
    entry = handed.entry
    words = f"{echo_day(entry.written_at)}, {entry.recipient}: {entry.form}"
    words += f", {count_of(len(entry.reports), 'report')}, decided by {entry.decided_by}"
    if handed.withdrawn:
        return f"{words} (withdrawn)"
    since = count_of(handed.since, "entry", "entries") if handed.since else "nothing"
    return f"{words}; {since} written since"


def tell_handed_before(record: Record, about: str) -> str:
    """Return to whom a report was handed before its entry of the id ``about`` was put right.

    Empty where it was handed to nobody since that entry was written.
    """
    number = EntryId.parse(about).number
    handed = [
        f"to {each.recipient} on {echo_day(each.day)}"
        for each in record.disclosures
        if each.day and each.number > number and not each.withdrawn
    ]
    if not handed or about in {each.id for each in record.disclosures}:
        return ""
    named = join_words(list(dict.fromkeys(handed)))
    return f"{record.id} was handed {named} as it was before."
