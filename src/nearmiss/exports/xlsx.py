"""Reports as an Excel workbook: a row each, to be read, filtered and printed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING

from nearmiss.exports.table import list_columns, list_later
from nearmiss.model.questions import CATEGORY_LABELS, INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.records import words
from nearmiss.records.data import COLUMNS, REPORT_FIELDS
from nearmiss.records.record import Record

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | date | datetime
_HEADINGS = {
    "closed_on": "Closed on",
    "follow_ups": "Follow-ups",
    "care_plan_day": "Care plan, noted on",
    "corrections": "Corrections",
    "withdrawn": "Withdrawn",
    "changes": "Changed",
    "next_steps": "Next steps",
    "steps_done": "Steps done",
    "pattern": words.PATTERN,
    "disclosures": "Handed over",
}
_WIDTHS = {"what_nearly_happened": 50, "how_prevented": 36, "immediate_action": 36}
_WIDTHS |= {"informed": 28, "recommendations": 36, "location": 22, "follow_ups": 44}
_WIDTHS |= {"harm_found": 36, "corrections": 40, "next_step": 28, "id": 11, "client": 9}
_WIDTH = 15
_MOST = 32_767  # characters in a cell: Excel specifications and limits
_CUT = " … (cut: Excel holds no more; the JSON export has it all)"
_LONG_AGO = datetime(2000, 1, 1)  # when every workbook says it was made: the same each time
_OLDEST = 1900  # the first year of Excel's calendar
_FIRST = COLUMNS


def write_xlsx(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the workbook. Text that looks like a formula or an address stays text."""
    import xlsxwriter

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": "Near miss reports", "created": _LONG_AGO})
        about = book.add_worksheet("About")
        count = _write_rows(book, records)
        _tell_about(book, about, count, seal)
    yield file.getvalue()


def _tell_about(book: "Workbook", sheet: "Worksheet", count: int, seal: str) -> None:
    lines = [
        "Near miss reports from a carer's logbook",
        "A near miss could have caused harm but did not. Writing it down blames nobody.",
        f"{count} on the sheet Near misses, as they stood when this file was made, each with "
        "what was written about it later.",
        "This is a selection, not a medical check or the whole care record.",
        *_tell_seal(seal),
    ]
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True})
    sheet.set_column(0, 0, 90)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrapped if row else bold)


def _tell_seal(seal: str) -> list[str]:
    if not seal:
        return ["The logbook does not stand as it was written, so this file has no seal."]
    return [f"Seal of the logbook: {seal}", f"To check it: nearmiss verify --seal {seal}"]


def _write_rows(book: "Workbook", records: Iterable[Record]) -> int:
    sheet = book.add_worksheet("Near misses")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    rest = iter(records)
    opening = next(rest, None)
    columns = (*_FIRST, *list_columns(opening))
    for column, name in enumerate(columns):
        sheet.write_string(0, column, _name_column(name), bold)
        sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
    formats = {
        str: book.add_format({"text_wrap": True, "valign": "top"}),
        datetime: book.add_format({"num_format": "d mmm yyyy hh:mm", "valign": "top"}),
        date: book.add_format({"num_format": "d mmm yyyy", "valign": "top"}),
    }
    row = 0
    for row, record in enumerate(chain([opening] if opening else [], rest), start=1):
        _write_row(sheet, row, _list_cells(record), formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&LNear miss reports&RPage &P of &N")
    return row


def _name_column(name: str) -> str:
    first = {"id": "Number", "recorded_at": "Written", "recorded_by": "Written by"}
    first |= {"status": "Status", "entry": "What it is"}
    return first.get(name) or _HEADINGS.get(name) or words.name_field(name)


def _write_row(
    sheet: "Worksheet", row: int, cells: Sequence[Cell], formats: "dict[type, Format]"
) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, _cut(cell), formats[str])
        else:
            sheet.write_datetime(row, column, cell, formats[type(cell)])


def _list_cells(record: Record) -> list[Cell]:
    report = record.report
    asked = INCIDENT_QUESTIONS if record.is_incident else QUESTIONS
    answers: dict[str, Cell] = {
        **dict.fromkeys(REPORT_FIELDS, ""),
        **{name: words.tell_answer(record, name) for name in asked},
        "occurred_at": _as_moment(report.occurred_at[: 10 if report.hour_not_known else None]),
        "occurred_approx": "about" if report.occurred_approx else "",
        "hour_not_known": "not known" if report.hour_not_known else "",
        "noticed": "noticed then" if report.noticed else "",
        "informed": "\n".join(record.informed) or words.NOBODY,
        "tried": "\n".join(who for each in record.tried for who in each.who),
        "concern_informed": _list_told_of_concern(record),
        "recommendations": "\n".join(report.recommendations),
        "category": CATEGORY_LABELS[report.category],
    }
    later: dict[str, Cell] = dict(list_later(record))
    for name in ("closed_on", "care_plan_day", "next_due"):
        later[name] = _as_day(str(later[name]))
    later["care_plan_status"] = _tell_care_plan(record)
    written = _as_moment(record.recorded_at) if record.recorded_at else ""
    status = record.status.capitalize()
    first: list[Cell] = [record.id, written, record.recorded_by, status, words.name_kind(record)]
    return [*first, *(answers[name] for name in REPORT_FIELDS), *later.values()]


def _list_told_of_concern(record: Record) -> str:
    return "\n".join(who for each in record.list_told_of("concern") for who in each.who)


def _tell_care_plan(record: Record) -> str:
    return words.CARE_PLAN[record.care_plan.status] if record.care_plan else ""


def _as_moment(text: str) -> Cell:
    """Return a moment as Excel has it, by the clock of the place where it was written."""
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return moment if moment.year > _OLDEST else text


def _as_day(text: str) -> Cell:
    day = date.fromisoformat(text) if text else None
    return day if day and day.year > _OLDEST else text


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - len(_CUT)] + _CUT
