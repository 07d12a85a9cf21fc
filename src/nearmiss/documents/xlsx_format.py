"""Reports as an Excel workbook: a row each, every cell a text."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain

from nearmiss.documents.plain_data import COLUMNS, public_fields
from nearmiss.records.history import Record

_WIDTHS = {"what_nearly_happened": 60, "how_prevented": 40, "immediate_action": 40}
_WIDTHS |= {"informed": 30, "recommendations": 40, "location": 24, "recorded_at": 25}
_WIDTH = 16
_MOST = 32_767  # characters in a cell: Excel specifications and limits
_CUT = " … (cut: Excel holds no more; the JSON export has it all)"


def write_xlsx(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the workbook. Text that looks like a formula or an address stays text."""
    import xlsxwriter

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # the same each time
        sheet = book.add_worksheet("Near misses")
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        wrapped.set_align("top")
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, bold)
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
        sheet.freeze_panes(1, 0)
        rows = (public_fields(record).values() for record in records)
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values):
                sheet.write_string(row, column, _as_text(value), wrapped)
    yield file.getvalue()


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "\n".join(chain(value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _MOST else text[: _MOST - len(_CUT)] + _CUT
