"""Reports as CSV: a row each, for a spreadsheet."""

from collections.abc import Iterable, Iterator
from typing import Any

from nearmiss.documents.plain_data import COLUMNS, public_fields
from nearmiss.records.history import Record

# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = ("=", "+", "-", "@", "'", "\t", "\n")
_BOOLEANS = ("occurred_approx", "safeguarding")
_LISTS = ("informed", "recommendations")
_TEXTS = (
    *("recorded_by", "client", "location", "what_nearly_happened"),
    *("how_prevented", "immediate_action", *_LISTS),
)
_BOM = b"\xef\xbb\xbf"


def write_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF.

    Every cell is quoted, as RFC 4180 section 2 describes; the csv module does the same in three
    times the time, and whole books are exported.
    """
    yield _BOM + _make_row(COLUMNS)
    for record in records:
        yield _make_row(make_cells(record).values())


def _make_row(cells: Iterable[str]) -> bytes:
    quoted = '","'.join([cell.replace('"', '""') for cell in cells])
    return f'"{quoted}"\r\n'.encode()


def make_cells(record: Record) -> dict[str, Any]:
    """Return a report as the texts of cells, by column, that no spreadsheet takes for formulas."""
    cells = public_fields(record)
    for name in _BOOLEANS:
        cells[name] = "true" if cells[name] else "false"
    for name in _LISTS:
        cells[name] = "\n".join(cells[name])
    for name in _TEXTS:
        if cells[name].startswith(_RISKY_STARTS):
            cells[name] = f"'{cells[name]}"
    return cells
