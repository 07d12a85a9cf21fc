"""The order in which entries were written: the same in whatever order books are taken in."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from operator import itemgetter
from typing import TypeVar

from nearmiss.model.entries import Comparison, Envelope
from nearmiss.model.ids import EntryId, is_id

_Entry = TypeVar("_Entry", bound=Envelope)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()


def sort_by_writing(entries: Iterable[_Entry]) -> list[_Entry]:
    """Return entries about one report, or comparisons, in the order in which they were written.

    Each counts from the time by its clock; no earlier than what stood before it in its own book;
    and a second after whatever of other books was about the same there when it was written. So
    who had the words of a clock that was ahead before them, and wrote on, rules. Nothing but what
    stands in the entries decides: what their book knew goes along with those that are taken in
    (``counts_after``), and when that was says nothing. Of one moment, by author and first number.
    """
    entries = list(entries)
    if len(entries) < 2:  # noqa: PLR2004 - as most have
        return entries
    latest: dict[str, tuple[float, str]] = {}
    keys = []
    counted = [(find_place(entry), counts, entry) for counts, entry in count_each(entries)]
    for (tag, number), counts, entry in sorted(counted, key=itemgetter(0, 1)):
        written = counts, entry.origin_recorded_by or entry.recorded_by
        latest[tag] = max(written, latest.get(tag, written))
        keys.append(((*latest[tag], tag, number, entry.origin_seal or entry.seal), entry))
    return [entry for _, entry in sorted(keys, key=itemgetter(0))]


def count_each(entries: Iterable[_Entry]) -> Iterator[tuple[float, _Entry]]:
    """Yield entries as they stand in this book, with the second from which each counts."""
    ahead: dict[frozenset[str], float] = {}
    for entry in sorted(entries, key=lambda each: each.number):
        about = {entry.about, entry.other} if isinstance(entry, Comparison) else ()
        group, counts = frozenset(about), min(entry.counts_from.timestamp(), _LAST)
        if entry.origin_recorded_at:
            ahead[group] = max(ahead.get(group, counts), counts + 1)
        else:
            counts = max(counts, min(ahead.get(group, counts), _LAST))
        yield counts, entry


def find_place(entry: Envelope) -> tuple[str, int]:
    """Return the tag of the book in which an entry was first written, and its number there."""
    first = entry.origin_id or ""
    own = EntryId.parse(first if is_id(first) else entry.id)
    return own.tag, own.number
