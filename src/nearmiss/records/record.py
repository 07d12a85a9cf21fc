"""What each report is now: its entries folded, with what was done next."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from pydantic import ValidationError

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
    FollowUpFields,
    Opened,
    Report,
    ReportFields,
)
from nearmiss.model.ids import EntryId
from nearmiss.speech import join_words


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to do, who does it, and by which day; empty and None where that is not said.

    ``noted`` is when the step was written down and ``by`` by whom (empty where the reader may not
    know), ``done`` when it was written that it is done: timestamps as they stand in the book, or
    only their days.
    """

    text: str
    who: str
    due: date | None
    noted: str
    done: str = ""
    by: str = ""


def fold_steps(follow_ups: Iterable[FollowUp]) -> tuple[NextStep | None, tuple[NextStep, ...]]:
    """Return the step that stands after ``follow_ups``, given in order, and the steps done.

    The newest step stands; what is done or closed ends it, and opening again revives none.
    """
    standing: NextStep | None = None
    done: list[NextStep] = []
    for each in follow_ups:
        if each.next_done:
            if standing:
                done.append(_finish(standing, each))
            standing = None
        if each.next_step:
            standing = _begin(each, each.next_step)
        if each.closes:
            standing = None
    return standing, tuple(done)


def _begin(entry: FollowUp, text: str) -> NextStep:
    due = date.fromisoformat(entry.next_due) if entry.next_due else None
    noted = entry.origin_recorded_at or entry.recorded_at
    return NextStep(text, entry.next_who or "", due, noted, by=entry.written_by)


def _finish(step: NextStep, entry: FollowUp) -> NextStep:
    return replace(step, done=entry.origin_recorded_at or entry.recorded_at)


LaterEntry = Correction | FollowUp | Disclosure
Note = Callable[[Unreadable], None]
_Corrected = TypeVar("_Corrected", Report, FollowUp)


@dataclass(frozen=True, slots=True)
class Record:
    """A report as it stands now.

    ``report`` has the corrections in it, ``original`` is as first written; ``follow_ups`` have
    theirs too, and none that was withdrawn; ``later`` is every entry about the report or its
    later entries, as written, in order.
    """

    report: Report
    original: Report
    follow_ups: tuple[FollowUp, ...] = ()
    later: tuple[LaterEntry, ...] = ()

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What was put right in the report and in its follow-ups, in order."""
        found = (entry for entry in self.later if isinstance(entry, Correction))
        return tuple(entry for entry in found if not entry.withdraws)

    @property
    def withdrawals(self) -> dict[str, Correction]:
        """The corrections that withdraw a later entry, by the id of that entry."""
        return find_withdrawals(self.later)

    @property
    def disclosures(self) -> tuple[Disclosure, ...]:
        """To whom the report was handed, in order, but for what was withdrawn."""
        handed = (entry for entry in self.later if isinstance(entry, Disclosure))
        gone = self.withdrawals
        return tuple(entry for entry in handed if entry.id not in gone)

    @property
    def closing(self) -> FollowUp | None:
        """The follow-up that closed the report, if it is closed now."""
        verdicts = [each for each in self.follow_ups if each.closes is not None]
        return verdicts[-1] if verdicts and verdicts[-1].closes else None

    @property
    def is_open(self) -> bool:
        """Whether something may still be to do."""
        return self.closing is None

    @property
    def status(self) -> str:
        """``open`` or ``closed``."""
        return "open" if self.is_open else "closed"

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, if it is closed now."""
        return self.closing.written_at if self.closing else None

    @property
    def informed(self) -> list[str]:
        """Everybody who was told: in the report as it stands, then in its follow-ups."""
        told = list(self.report.informed)
        for follow_up in self.follow_ups:
            told += follow_up.informed or ()
        return told

    @property
    def told_at(self) -> datetime | None:
        """When the first entry was written that says somebody was told."""
        if self.original.informed:
            return self.original.written_at
        gone = self.withdrawals
        for entry in self.later:
            if isinstance(entry, FollowUp) and entry.informed and entry.id not in gone:
                return entry.written_at
            if isinstance(entry, Correction) and entry.changes.get("informed"):
                return entry.written_at
        return None

    @property
    def harm_found(self) -> tuple[FollowUp, ...]:
        """The follow-ups that tell of harm found later."""
        return tuple(each for each in self.follow_ups if each.harm_found)

    @property
    def care_plan_waiting(self) -> FollowUp | None:
        """The follow-up that asked for a care plan review which nobody has answered."""
        asked = [each for each in self.follow_ups if each.care_plan_status]
        return asked[-1] if asked and asked[-1].care_plan_status == "asked" else None

    @property
    def next_step(self) -> NextStep | None:
        """What is to do next, if something is."""
        return fold_steps(self.follow_ups)[0]


def find_withdrawals(entries: Iterable[Entry]) -> dict[str, Correction]:
    """Return the corrections among ``entries`` that withdraw another, by the id of that one."""
    return {each.about: each for each in entries if isinstance(each, Correction) and each.withdraws}


def list_standing(later: Sequence[LaterEntry]) -> tuple[FollowUp, ...]:
    """Return the follow-ups among ``later`` as they stand now, without those withdrawn."""
    gone = find_withdrawals(later)
    follow_ups = (entry for entry in later if isinstance(entry, FollowUp))
    return tuple(_apply(each, later) for each in follow_ups if each.id not in gone)


def read_records(book: Logbook, note: Note) -> Iterator[Record]:
    """Yield every report as it stands now, the newest first; ``note`` is told what is unreadable.

    Reads back from the end only as far as the caller goes on.
    """
    later = _Later()
    for entry in book.read_backward():
        if isinstance(entry, Report):
            yield later.take(entry)
        elif isinstance(entry, Unreadable):
            note(entry)
        else:
            later.add(entry)


def read_newest(
    book: Logbook, note: Note, most: int | None = None
) -> tuple[list[Record], list[Comparison]]:
    """Return the reports and the carer's verdicts among the newest ``most`` entries, or all.

    The newest stand first, without the verdicts that were withdrawn; ``note`` is told what is
    unreadable.
    """
    folded = fold_newest(islice(book.read_backward(), most), note)
    return folded.records, folded.comparisons


def read_ties(book: Logbook) -> tuple[list[Report], list[Comparison]]:
    """Return the carer's verdicts that count, and the reports that they are about, as they stand.

    Of a large book the rest is not held.
    """

    def note(unreadable: Unreadable) -> None:
        del unreadable

    later = (each for each in book.read_forward(reports=False) if not isinstance(each, Report))
    comparisons = fold_newest(reversed(list(filter(_ties_or_withdraws, later))), note).comparisons
    tied = {each for verdict in comparisons for each in (verdict.about, verdict.other)}
    records = read_records_in_order(book, note) if tied else iter(())
    return [each.report for each in records if each.report.id in tied], comparisons


def _ties_or_withdraws(entry: Entry | Unreadable) -> bool:
    return isinstance(entry, Comparison) or (
        isinstance(entry, Correction) and bool(entry.withdraws)
    )


@dataclass(frozen=True, slots=True)
class Folded:
    """The newest entries, folded: reports and verdicts, the newest first.

    ``strays`` are entries about reports that are not among them, in order, by the report's id.
    """

    records: list[Record]
    comparisons: list[Comparison]
    strays: dict[str, list[LaterEntry]]


def fold_newest(entries: Iterable[Entry | Unreadable], note: Note) -> Folded:
    """Return what ``entries`` (the newest first) come to; ``note`` is told what is unreadable."""
    later, records, comparisons = _Later(), list[Record](), list[Comparison]()
    for entry in entries:
        if isinstance(entry, Report):
            records.append(later.take(entry))
        elif isinstance(entry, Comparison):
            if not later.is_withdrawn(entry.id):
                comparisons.append(entry)
        elif isinstance(entry, Unreadable):
            note(entry)
        else:
            later.add(entry)
    return Folded(records, comparisons, later.list_strays())


def read_records_in_order(book: Logbook, note: Note) -> Iterator[Record]:
    """Yield every report as it stands now, in the order written.

    Reads the book twice, the first time for the later entries alone.
    """
    later = _Later()
    for entry in book.read_forward(reports=False):
        if not isinstance(entry, Unreadable):
            later.add(entry)
    for entry in book.read_forward():
        if isinstance(entry, Report):
            yield later.take(entry)
        elif isinstance(entry, Unreadable):
            note(entry)


class TwoMeant(NearmissError):
    """A number from another book that two pages here came with."""

    def __init__(self, *, reference: str, ids: Sequence[str]) -> None:
        super().__init__(
            f"{reference} is from another logbook and could mean {join_words(list(ids))}: "
            "copies of that book went on apart. Use one of these numbers."
        )


def find_entry(
    book: Logbook, tag: str | None, number: int, note: Note
) -> Record | Opened | Erased | None:
    """Return the report that an entry is, or is about; the entry itself where that is none.

    ``tag`` is None for this book's own; with another book's tag, the page imported from there is
    found. Reads from the end of the book back to the report. Raises TwoMeant.
    """
    later = _Later()
    wanted = _find_id(book, tag, number)
    for entry in book.read_backward() if wanted else ():
        if isinstance(entry, Unreadable):
            note(entry)
        elif entry.id != wanted:
            later.add(entry)
        elif isinstance(entry, Report):
            return later.take(entry)
        elif isinstance(entry, Opened | Erased):
            return entry
        else:
            wanted = entry.reports[0] if isinstance(entry, Disclosure) else entry.about
            later.add(entry)
    return None


def _find_id(book: Logbook, tag: str | None, number: int) -> str | None:
    """Return the id in this book of the entry that is called ``tag`` and ``number``."""
    readable = (each for each in book.read_forward() if not isinstance(each, Unreadable))
    first = next(readable, None)
    own = EntryId.parse(first.id).tag if first else None
    if own is None or tag in (None, own):
        return str(EntryId(own, number)) if own else None
    origin = f"{tag}-{number:04d}"
    found = {
        entry.id: None
        for entry in book.read_backward()
        if not isinstance(entry, Unreadable | Opened) and entry.origin_id == origin
    }
    if len(found) > 1:
        raise TwoMeant(reference=origin, ids=sorted(found))
    return next(iter(found), None)


def is_meant(entry: Entry, tag: str | None, number: int) -> bool:
    """Whether ``entry`` has that number here, or came with it from the book ``tag``.

    A number of this book's own never means a page that came with it from a copy of the book.
    """
    own = EntryId.parse(entry.id)
    if tag in (None, own.tag):
        return own.number == number
    return not isinstance(entry, Opened) and entry.origin_id == f"{tag}-{number:04d}"


class _Later:
    """Entries about reports, kept until their report is met."""

    def __init__(self) -> None:
        self._about: dict[str, list[LaterEntry]] = defaultdict(list)

    def add(self, entry: Entry) -> None:
        if isinstance(entry, Correction | FollowUp):
            self._about[entry.about].append(entry)
        elif isinstance(entry, Disclosure):
            for report in set(entry.reports):
                self._about[report].append(entry)

    def is_withdrawn(self, entry_id: str) -> bool:
        """Whether an entry was withdrawn by one that was added."""
        return entry_id in self._about and bool(find_withdrawals(self._about[entry_id]))

    def list_strays(self) -> dict[str, list[LaterEntry]]:
        """Return what was added and not taken: each report's entries, and those about them."""
        taken = self._about
        return {
            about: _in_order(
                [*direct, *(more for each in direct for more in taken.get(each.id, ()))]
            )
            for about, direct in taken.items()
        }

    def take(self, report: Report) -> Record:
        direct = self._about.pop(report.id, None)
        if direct is None:
            return Record(report, report)
        # What was handed over may be about several reports: what is about it is left for them.
        about_those = [entry for each in direct for entry in self._about.get(each.id, ())]
        later = _in_order([*direct, *about_those])
        return Record(
            report=_apply(report, later),
            original=report,
            follow_ups=list_standing(later),
            later=tuple(later),
        )


_Ordered = TypeVar("_Ordered", bound=LaterEntry)


def _in_order(entries: Iterable[_Ordered]) -> list[_Ordered]:
    return sorted(entries, key=lambda entry: EntryId.parse(entry.id).number)


def _apply(entry: _Corrected, later: Iterable[LaterEntry]) -> _Corrected:
    for correction in later:
        if isinstance(correction, Correction) and correction.about == entry.id:
            entry = apply_correction(entry, correction.changes)
    return entry


def apply_correction(entry: _Corrected, changes: dict[str, str | bool | list[str]]) -> _Corrected:
    """Return ``entry`` with the fields changed, or as it was where the changes do not fit it."""
    fields = ReportFields.model_fields if isinstance(entry, Report) else FollowUpFields.model_fields
    known = {name: value for name, value in changes.items() if name in fields and name != "about"}
    try:
        return type(entry).model_validate({**entry.model_dump(), **known})
    except ValidationError:
        return entry
