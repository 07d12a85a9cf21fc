"""The reports of a book, read and folded: all of them, the newest, or the one that is meant."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import (
    Comparison,
    Correction,
    Disclosure,
    Entry,
    Erased,
    FollowUp,
    Opened,
    Report,
)
from nearmiss.model.ids import TAG_LENGTH, EntryId, is_id, show_seal
from nearmiss.model.order import sort_by_writing
from nearmiss.records.fold import fold
from nearmiss.records.record import LaterEntry, Record, find_withdrawals
from nearmiss.speech import join_words, name_some

Note = Callable[[Unreadable], None] | None  # is told of what can't be read


def take_readable(entries: Iterable[Entry | Unreadable], note: Note = None) -> Iterator[Entry]:
    """Yield the ``entries`` that can be read; ``note`` is told of the others."""
    for entry in entries:
        if not isinstance(entry, Unreadable):
            yield entry
        elif note:
            note(entry)


def read_records(book: Logbook, note: Note = None) -> Iterator[Record]:
    """Yield every report as it stands now, the newest first, no further than wanted."""
    later = Later()
    for entry in take_readable(book.read_backward(), note):
        if isinstance(entry, Report):
            yield later.take(entry)
        else:
            later.add(entry)


def read_newest(
    book: Logbook, note: Note, most: int | None = None
) -> tuple[list[Record], list[Comparison]]:
    """Return reports and standing verdicts of the newest ``most`` entries, or all."""
    folded = fold_newest(islice(book.read_backward(), most), note)
    return folded.records, folded.comparisons


def read_ties(book: Logbook) -> tuple[list[Report], list[Comparison]]:
    """Return the verdicts that count, and the reports they are about, as they stand."""
    later = take_readable(book.read_forward(reports=False))
    said = [each for each in later if isinstance(each, Comparison | Correction)]
    comparisons = fold_newest(reversed(said)).comparisons
    tied = {each for verdict in comparisons for each in (verdict.about, verdict.other)}
    records = read_records_in_order(book) if tied else iter(())
    standing = (each for each in records if each.id in tied and not each.withdrawn)
    return [each.current for each in standing], comparisons


def find_ties(book: Logbook, report: str) -> dict[str, Comparison]:
    """Return the verdicts that tie the report of that id to others, by the id of each other one."""
    later, said = Later(), list[Comparison]()
    for entry in take_readable(book.read_backward()):
        if entry.id == report:
            break
        later.add(entry)
        if isinstance(entry, Comparison) and report in (entry.about, entry.other):
            said.append(entry)
    verdicts = later.list_verdicts(said)
    newest = {each.other if each.about == report else each.about: each for each in verdicts}
    gone = filter(later.is_withdrawn, newest)
    return {other: newest[other] for other in newest.keys() - {*gone} if newest[other].same_hazard}


@dataclass(frozen=True, slots=True)
class Folded:
    """The newest entries, folded: reports, the newest first, and verdicts as they were written.

    ``strays`` are entries about reports that are not among them, in order, by the report's id.
    """

    records: list[Record]
    comparisons: list[Comparison]
    strays: dict[str, list[LaterEntry]]


def fold_newest(entries: Iterable[Entry | Unreadable], note: Note = None) -> Folded:
    """Return what ``entries`` (the newest first) come to; ``note`` is told what is unreadable."""
    later, records, comparisons = Later(), list[Record](), list[Comparison]()
    for entry in take_readable(entries, note):
        if isinstance(entry, Report):
            records.append(later.take(entry))
        elif isinstance(entry, Comparison):
            comparisons.append(entry)
        else:
            later.add(entry)
    return Folded(records, later.list_verdicts(comparisons), later.list_strays())


def read_records_in_order(book: Logbook, note: Note = None) -> Iterator[Record]:
    """Yield every report as it stands, in the order written: the book is read twice for that."""
    later = Later()
    for entry in take_readable(book.read_forward(reports=False)):
        later.add(entry)
    for entry in take_readable(book.read_forward(), note):
        if isinstance(entry, Report):
            yield later.take(entry)


def find_entry(
    book: Logbook, tag: str | None, number: int, note: Note
) -> Record | Opened | Erased | None:
    """Return the report that an entry is or is about, by ``tag`` one taken in; else itself."""
    own = _read_tag(book)
    if own and tag in (None, own):
        return _find_there(book, str(EntryId(own, number)), note) or _find_there(
            book, _find_taken_in(book, str(EntryId(own, number)))
        )
    return _find_there(book, _find_taken_in(book, str(EntryId(tag, number))) if tag else "", note)


def _find_there(book: Logbook, wanted: str, note: Note = None) -> Record | Opened | Erased | None:
    """Return the report that the entry with the id ``wanted`` is or is about, or that entry."""
    later = Later()
    for entry in take_readable(book.read_backward() if wanted else (), note):
        if entry.id != wanted:
            later.add(entry)
        elif isinstance(entry, Report):
            return later.take(entry)
        elif isinstance(entry, Opened | Erased):
            return entry
        else:
            wanted = entry.reports[0] if isinstance(entry, Disclosure) else entry.about
            later.add(entry)
    return None


def _read_tag(book: Logbook) -> str:
    first = next(take_readable(book.read_forward()), None)
    return first.id[:TAG_LENGTH] if first else ""


def _find_taken_in(book: Logbook, origin: str) -> str:
    """Return the id of the entry that came here with the number ``origin``; empty: none did."""
    from nearmiss.logbook.merge import list_undone

    came = [each for each in _list_taken_in(book) if each.origin_id == origin]
    undone = list_undone(book.read_forward(reports=False)) if len(came) > 1 else {}
    came = [each for each in came if each.id not in undone] or came
    came.sort(key=lambda each: not isinstance(each, Erased))
    found = {each.origin_seal: each.id for each in came}  # of a page that came twice, one
    if len(found) > 1:
        raise NearmissError(
            f"{origin} came in from another book, or a copy, and could mean "
            f"{join_words(sorted(found.values()))}: copies of it went on apart. Use one of these "
            "numbers."
        )
    return next(iter(found.values()), "")


def _list_taken_in(book: Logbook) -> Iterator[Any]:
    """Yield each entry that came from another book or a copy."""
    for entry in take_readable(book.read_forward()):
        if not isinstance(entry, Opened) and entry.origin_id:
            yield entry


def tell_taken_in(book: Logbook, first: EntryId, last: EntryId) -> str:
    """Return which entries from ``first`` to ``last`` came back from a copy, or nothing."""
    back = [
        f"{each.origin_id} (here {each.id})"
        for each in _list_taken_in(book)
        if is_id(each.origin_id) and first <= EntryId.parse(each.origin_id) <= last
    ]
    return f" Taken in again from a copy: {join_words(name_some(back, _NAMED))}." if back else ""


def find_namesakes(book: Logbook, typed: tuple[str | None, int], note: Note) -> list[Record]:
    """Return the reports of entries that were given a number of this book in a copy of it."""
    wanted, found = "", list[str]()
    for entry in take_readable(book.read_backward()):
        wanted = wanted or str(EntryId(EntryId.parse(entry.id).tag, typed[1]))
        if entry.id == wanted or typed[0] not in (None, wanted[:TAG_LENGTH]):
            break
        if not isinstance(entry, Opened) and entry.origin_id == wanted:
            found.append(entry.id)
    records = (find_entry(book, None, EntryId.parse(each).number, note) for each in found)
    return [each for each in records if isinstance(each, Record)]


def find_sealed(book: Logbook, seal: str) -> int:
    """Return the number of the entry that a seal shown belongs to; 0 where there is none."""
    entries = take_readable(book.read_backward())
    known = (each.id for each in entries if show_seal(each.seal) == seal)
    return next((EntryId.parse(each).number for each in known), 0)


def is_meant(entry: Entry | Report, tag: str | None, number: int) -> bool:
    """Whether ``entry`` has that number here, or came with it from the book ``tag``.

    A number of this book's own never means a page that came with it from a copy of the book.
    """
    own = EntryId.parse(entry.id)
    if tag is None or tag == own.tag:
        return own.number == number
    return not isinstance(entry, Opened) and entry.origin_id == str(EntryId(tag, number))


class Later:
    """Entries about reports, kept until their report is met."""

    def __init__(self) -> None:
        self._about: dict[str, list[LaterEntry]] = defaultdict(list)

    def add(self, entry: Entry) -> None:
        """Keep ``entry`` if it is about a report."""
        if isinstance(entry, Correction | FollowUp):
            self._about[entry.about].append(entry)
        elif isinstance(entry, Disclosure):
            for report in set(entry.reports):
                self._about[report].append(entry)

    def is_withdrawn(self, entry_id: str) -> bool:
        """Whether an entry was withdrawn by one that was added."""
        return entry_id in find_withdrawals(self._gather(entry_id))

    def list_verdicts(self, comparisons: Iterable[Comparison]) -> list[Comparison]:
        """Return those of ``comparisons``, which are all there are, that count, as written."""
        # What counts no longer has its place in the order all the same.
        return [each for each in sort_by_writing(comparisons) if not self.is_withdrawn(each.id)]

    def list_strays(self) -> dict[str, list[LaterEntry]]:
        """Return what was added and not taken: each report's entries, and those about them."""
        return {about: sort_by_writing(self._gather(about)) for about in list(self._about)}

    def take(self, report: Report) -> Record:
        """Return ``report`` as it stands after what was added, which is kept no longer."""
        if report.id not in self._about:
            return fold(report)
        # What was handed over may be about several reports: what is about it is left for them.
        later = self._gather(report.id)
        del self._about[report.id]
        return fold(report, sort_by_writing(later))

    def _gather(self, about: str) -> list[LaterEntry]:
        """Return what is about an entry, and about that in turn: a withdrawal can be withdrawn."""
        direct = self._about.get(about, ())
        return [*direct, *(more for each in direct for more in self._gather(each.id))]


_NAMED = 9  # lines that are named one by one


def describe_damage(damaged: Iterable[Unreadable]) -> str:
    """Return which lines could not be read, or stand twice; of these there are some."""
    damaged = list(damaged)
    told = []
    if unread := {each.line for each in damaged if not each.again}:
        told.append(f"{_name_lines(unread)} of the logbook can't be read.")
    if again := list(dict.fromkeys(each.again for each in damaged if each.again)):
        verb = "stands" if len(again) == 1 else "stand"
        told.append(f"{join_words(name_some(again, _NAMED))} {verb} twice in the logbook.")
    return " ".join(told)


def describe_changed(lines: Collection[int]) -> str:
    """Return a sentence that names the lines which are not as written, of which there are some."""
    changed = "was changed since it was" if len(lines) == 1 else "were changed since they were"
    return f"{_name_lines(lines)} of the logbook {changed} written."


def _name_lines(numbers: Collection[int]) -> str:
    noun = "Line" if len(numbers) == 1 else "Lines"
    return f"{noun} {join_words(name_some([*map(str, sorted(numbers))], _NAMED))}"
