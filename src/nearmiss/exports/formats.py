"""The formats that reports can be exported in as data; JSON and CSV are written here."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from nearmiss.exports.fhir import write_fhir
from nearmiss.exports.xlsx import write_xlsx
from nearmiss.model.entries import BOOK_SEAL
from nearmiss.records.data import (
    COLUMNS,
    CONCERN,
    encode_record,
    list_columns,
    list_later,
    list_values,
)
from nearmiss.records.record import Record


def write_json(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the reports as one JSON list."""
    before = b"[\n"
    for record in records:
        yield before + encode_record(record, seal)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = frozenset("=+-@'\t\n")
_BOM = "\ufeff"


def write_csv(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF.

    Every cell is quoted, as RFC 4180 section 2 describes; the csv module does the same in three
    times the time, and whole books are exported.
    """
    rest = iter(records)
    first = next(rest, None)
    later = list_columns(first)
    yield f"{_BOM}{_quote((*COLUMNS, *later, BOOK_SEAL))}\r\n".encode()
    end = f",{_quote([seal])}\r\n"
    nothing_later = f",{_quote([''] * len(later))}{end}"
    for record in chain([first] if first else [], rest):
        answers = _quote(_list_answers(record))
        if record.has_later:
            facts = list_later(record)
            yield f"{answers},{_quote([facts[name] for name in later])}{end}".encode()
        else:
            yield f"{answers}{nothing_later}".encode()


def _quote(cells: Iterable[str]) -> str:
    """Return cells as they stand in a row, none of which is taken for a formula."""
    safe = [f"'{cell}" if cell[:1] in _RISKY_STARTS else cell for cell in cells]
    row = _BETWEEN.join(safe)
    if row.count('"') > 2 * (len(safe) - 1):  # some stand in the cells themselves
        row = _BETWEEN.join([cell.replace('"', '""') for cell in safe])
    return f'"{row}"'


_BETWEEN = '","'


def encode_row(cells: Iterable[str]) -> bytes:
    """Return cells as a row of a CSV, none of which is taken for a formula."""
    return f"{_quote(cells)}\r\n".encode("utf-8", "replace")


def _list_answers(record: Record) -> list[str]:
    cells = list_values(record)
    for at in _LISTS:
        cells[at] = "\n".join(cells[at] or ())
    for at in _TRUTHS:
        cells[at] = "true" if cells[at] else "false"
    for at in _SELDOM:
        cells[at] = "true" if cells[at] is True else cells[at] or ""
    if record.report.hour_not_known:
        cells[_WHEN] = cells[_WHEN][:_A_DAY]
    if not record.shows_concern:
        cells[CONCERN] = ""
    return cells


_A_DAY = len("2026-04-14")


def _find_columns(names: str) -> tuple[int, ...]:
    return tuple(map(COLUMNS.index, names.split()))


_WHEN = COLUMNS.index("occurred_at")
_TRUTHS = _find_columns("occurred_approx safeguarding")
_LISTS = _find_columns("informed tried concern_informed recommendations")
_SELDOM = _find_columns(
    "hour_not_known noticed what_nearly_happened how_prevented what_happened injury"
)


# Each takes the reports as their reader may see them, and the seal as people see it.
FORMATS: dict[str, Callable[[Iterable[Record], str], Iterator[bytes]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "fhir": write_fhir,
}
