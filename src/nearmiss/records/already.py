"""Which rows of a sheet stand in the book already, or nearly."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nearmiss.intake.table import Row, encode_report
from nearmiss.intake.values import fold_client
from nearmiss.logbook.merge import is_undo
from nearmiss.model.entries import Correction, Erased, ReportFields
from nearmiss.records.data import REPORT_FIELDS, public_fields
from nearmiss.records.record import Record
from nearmiss.text import fold_loosely, join_lines

_A_DAY = len("2026-04-14")
_KEPT = 200  # characters of what happened that are compared
_ALIKE = 0.5  # of the words, from which two texts are nearly the same


@dataclass
class Already:
    """What a book holds, as far as rows are held against it. What was undone is not here."""

    erased: set[str] = field(default_factory=set)
    _by_digest: dict[bytes, list[tuple[str, str | None]]] = field(default_factory=dict)
    _exported: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _by_day: dict[tuple[str, str], list[tuple[str, str, str]]] = field(default_factory=dict)

    def meet_erased(self, entries: Iterable[object]) -> None:
        """Look at the lines whose text was erased: what they were must not come back."""
        for entry in entries:
            if isinstance(entry, Erased):
                self.erased |= {entry.id, entry.origin_id or "", entry.origin_seal or ""} - {""}

    def meet(self, record: Record, wanted: set[str]) -> None:
        """Look at a report of the book; ``wanted`` are the ids that rows name."""
        if _is_undone(record):
            return
        original = record.original
        names = {record.id, original.origin_id}
        key = bytes.fromhex(_digest(original))
        self._by_digest.setdefault(key, []).append((record.id, original.origin_id))
        if named := names & wanted:
            fields = public_fields(record)
            shown = {each: fields.get(each) for each in REPORT_FIELDS}
            for name in named:
                self._exported.setdefault(str(name), []).append(shown)
        day = (fold_client(record.report.client), record.report.occurred_at[:_A_DAY])
        what = join_lines(record.report.what)[:_KEPT]
        self._by_day.setdefault(day, []).append((record.id, record.report.occurred_at, what))

    def was_erased(self, row: Row) -> bool:
        """Whether what a row says was erased here: it must not come back."""
        return bool({row.origin, row.digest} & self.erased)

    def holds(self, row: Row) -> bool:
        """Whether a row is here already: its origin and all its own fields."""
        digest = row.digest
        for own, origin in self._by_digest.get(bytes.fromhex(digest), ()):
            if row.origin in (own, origin) or not (row.origin or origin):
                return True
        shown = self._exported.get(row.origin, ()) if row.origin else ()
        report = row.report if shown else None
        return any(_says_the_same(report, each) for each in shown)

    def find_near(self, row: Row) -> str | None:
        """Return the id of a report of the same client, day and nearly the same words."""
        if not self._by_day:
            return None
        report = row.report
        day = (fold_client(report.client), report.occurred_at[:_A_DAY])
        for own, moment, what in self._by_day.get(day, ()):
            is_near = moment == report.occurred_at and not report.hour_not_known
            if is_near or _compare(what, report.what) >= _ALIKE:
                return own
        return None


def _is_undone(record: Record) -> bool:
    return record.withdrawn is not None and any(
        isinstance(each, Correction) and is_undo(each) and each.about == record.id
        for each in record.later
    )


def _digest(report: ReportFields) -> str:
    return Row(0, encode_report(report)).digest


def _says_the_same(report: ReportFields | None, shown: dict[str, Any]) -> bool:
    """Whether a row says what an export of the report says of it now."""
    said = report.model_dump() if report else {}
    moments = [datetime.fromisoformat(each["occurred_at"]) for each in (said, shown)]
    names = [name for name in REPORT_FIELDS if name != "occurred_at"]
    return moments[0] == moments[1] and all(
        (said.get(name) or None) == (shown[name] or None) for name in names
    )


def _compare(one: str, other: str) -> float:
    first, second = (set(fold_loosely(join_lines(each)[:_KEPT]).split()) for each in (one, other))
    return len(first & second) / len(first | second) if first | second else 0.0


def find_near_rows(rows: Sequence[Row], here: Already) -> Iterator[tuple[Row, str]]:
    """Yield each row that nearly says what a report of the book says, with the id of that."""
    for row in rows:
        if near := here.find_near(row):
            yield row, near
