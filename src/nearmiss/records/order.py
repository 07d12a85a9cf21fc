"""The order in which entries count: that of their writing, whichever book they came by."""

from collections.abc import Iterable
from operator import itemgetter
from typing import TypeVar

from nearmiss.model.entries import Envelope
from nearmiss.model.ids import EntryId, is_id

_Entry = TypeVar("_Entry", bound=Envelope)
_Place = tuple[str, int]


def find_place(entry: Envelope) -> _Place:
    """Return the tag of the book in which an entry was first written, and its number there."""
    first = entry.origin_id or ""
    own = EntryId.parse(first if is_id(first) else entry.id)
    return own.tag, own.number


def sort_by_writing(entries: Iterable[_Entry]) -> list[_Entry]:
    """Return entries in the order in which they were written, those of one moment by author.

    Each counts as written no earlier than those before it in its own book: a clock may have been
    set back. So the same entries have the same order in whatever order they were imported.
    """
    entries = list(entries)
    if len(entries) < 2:  # noqa: PLR2004 - as most have
        return entries
    latest: dict[str, tuple[float, str]] = {}
    keys = []
    for entry in sorted(entries, key=lambda each: (find_place(each), each.first_recorded_at)):
        tag, number = find_place(entry)
        written = (entry.counts_from.timestamp(), entry.written_by)
        latest[tag] = max(written, latest.get(tag, written))
        keys.append(((*latest[tag], tag, number, entry.origin_seal or entry.seal), entry))
    return [entry for _, entry in sorted(keys, key=itemgetter(0))]
