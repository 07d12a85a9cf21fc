"""Reports as CSV: a row each, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from nearmiss.documents.plain_data import COLUMNS, public_fields
from nearmiss.history import Record

# A spreadsheet takes text that begins like this for a formula, or loses its first character
# (https://owasp.org/www-community/attacks/CSV_Injection). The import takes the mark off again.
_RISKY_STARTS = ("=", "+", "-", "@", "'", "\t", "\n")
_BOM = b"\xef\xbb\xbf"


def write_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the reports as UTF-8 CSV with a byte order mark, list items separated by LF."""
    row = io.StringIO(newline="")
    writer = csv.writer(row)
    writer.writerow(COLUMNS)
    yield _BOM + row.getvalue().encode()
    for record in records:
        row.seek(0)
        row.truncate()
        writer.writerow([make_cell(value) for value in public_fields(record).values()])
        yield row.getvalue().encode()


def make_cell(value: Any) -> str:
    """Return a value as the text of a cell that no spreadsheet takes for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_RISKY_STARTS) else text
