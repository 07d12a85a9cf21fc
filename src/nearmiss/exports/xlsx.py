"""Reports as an Excel workbook: a row each, to be read, filtered and printed."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from nearmiss.dates.now import made_at
from nearmiss.dates.shown import echo_weekday
from nearmiss.model.questions import CATEGORY_LABELS, INCIDENT_QUESTIONS, QUESTIONS
from nearmiss.records import words
from nearmiss.records.data import COLUMNS, REPORT_FIELDS, list_columns, list_later
from nearmiss.records.informed import NOBODY
from nearmiss.records.record import Record, Told

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell = str | date | datetime
# The columns that people read first: together they fit across a sheet of A4 at full size.
_FIRST = {
    "id": 11,
    "occurred_at": 17,
    "client": 8,
    "location": 18,
    "what": 40,
    "informed": 22,
    "marks": 16,
    "status": 10,
}
_TITLES = {
    "id": "Number",
    "recorded_at": "Written",
    "recorded_by": "Written by",
    "status": "Status",
    "entry": "What it is",
    "what": "What nearly happened",
    "marks": "Harm or concern",
    "follow_ups": "Follow-ups",
    "care_plan_day": "Care plan, noted on",
    "changes": "Changed",
    "pattern": words.PATTERN,
    "origin": "In the book it came from",
    "claims": words.CLAIMS,
    "disclosures": "Handed over",
}
_WIDTH, _WIDE = 15, 36
_OF_TEXT = {"how_prevented", "what_happened", "injury", "immediate_action", "recommendations"}
_OF_TEXT |= {"harm_found", "changes", "follow_ups", "corrections", "next_steps", "disclosures"}
_LINE, _HIGHEST = 15, 409  # points of a line, and of the highest row that Excel has
_MOST = 32_767  # characters in a cell: Excel specifications and limits
_CUT = " … (cut: Excel holds no more; the JSON export has it all)"
_OLDEST = 1900  # the first year of Excel's calendar


def write_xlsx(records: Iterable[Record], seal: str) -> Iterator[bytes]:
    """Yield the workbook. Text that looks like a formula or an address stays text."""
    import xlsxwriter

    file, rows, made = BytesIO(), list(records), made_at().date()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        day = datetime.combine(made, datetime.min.time())  # the same bytes all day
        book.set_properties({"title": "Near miss reports", "created": day})
        _tell_about(book, rows, made, seal)
        cells = [_list_cells(record) for record in rows]
        titles = dict(_TITLES)
        if any(record.is_incident for record in rows):
            titles["what"] = "What happened, or nearly did"
        later = list_columns(rows[0] if rows else None)
        rest = [name for name in (*COLUMNS, *later) if name not in _FIRST]
        rest.remove("what_nearly_happened")
        rest.remove("what_happened")
        first = book.add_worksheet("Near misses")
        _write_sheet(book, first, [*_FIRST], cells, titles)
        first.fit_to_pages(1, 0)
        second = book.add_worksheet("Everything else")
        _write_sheet(book, second, ["id", *rest], cells, titles)
        second.repeat_columns(0)
    yield file.getvalue()


def _tell_about(book: "Workbook", records: Sequence[Record], made: date, seal: str) -> None:
    lines = [
        "Near miss reports from a carer's logbook",
        f"Made {echo_weekday(made)}.",
        words.tell_near_miss(records),
        f"{len(records)} on the sheet Near misses, as they stood when this file was made. "
        "What else was written of each, then and later, is on the sheet Everything else.",
        "This is a selection, not a medical check or the whole care record.",
        *_tell_seal(seal, to_check=any(record.recorded_at for record in records)),
    ]
    sheet = book.add_worksheet("About")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True})
    sheet.set_column(0, 0, 90)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrapped if row else bold)
        sheet.set_row(row, _LINE * _count_lines(line, 90))


def _tell_seal(seal: str, *, to_check: bool) -> list[str]:
    """Return the seal; how to check it is said to those who may know when things were written."""
    if not seal:
        return ["The logbook does not stand as it was written, so this file has no seal."]
    check = [f"To check it: nearmiss verify --seal {seal}"] if to_check else []
    return [f"Seal of the logbook: {seal}", *check]


def _write_sheet(
    book: "Workbook",
    sheet: "Worksheet",
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Cell]],
    titles: Mapping[str, str],
) -> None:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {
        str: book.add_format({"text_wrap": True, "valign": "top"}),
        datetime: book.add_format({"num_format": "d mmm yyyy hh:mm", "valign": "top"}),
        date: book.add_format({"num_format": "d mmm yyyy", "valign": "top"}),
    }
    for column, name in enumerate(columns):
        title = titles.get(name) or words.name_field(name)
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, _measure(name))
    sheet.set_row(0, 2 * _LINE)
    for row, cells in enumerate(rows, start=1):
        for column, name in enumerate(columns):
            cell = cells[name]
            if isinstance(cell, str):
                sheet.write_string(row, column, _cut(cell), formats[str])
            else:
                sheet.write_datetime(row, column, cell, formats[type(cell)])
        lines = max(_count_lines(str(cells[name]), _measure(name)) for name in columns)
        sheet.set_row(row, min(_LINE * lines, _HIGHEST))  # no other program finds it by itself
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.set_footer("&LNear miss reports&RPage &P of &N")


def _measure(name: str) -> int:
    return _FIRST.get(name) or (_WIDE if name in _OF_TEXT else _WIDTH)


def _count_lines(text: str, width: int) -> int:
    return sum(len(textwrap.wrap(line, width - 1)) or 1 for line in text.split("\n"))


def _list_cells(record: Record) -> dict[str, Cell]:
    report = record.report
    asked = INCIDENT_QUESTIONS if record.is_incident else QUESTIONS
    cells: dict[str, Cell] = {
        **dict.fromkeys(REPORT_FIELDS, ""),
        **{name: words.tell_answer(record, name) for name in asked},
        "id": record.id,
        "recorded_at": _as_moment(record.recorded_at) if record.recorded_at else "",
        "recorded_by": record.recorded_by,
        "status": record.status.capitalize(),
        "entry": words.name_kind(record),
        "what": report.what,
        "marks": "; ".join(_list_marks(record)),
        "occurred_at": _as_moment(report.occurred_at[: 10 if report.hour_not_known else None]),
        "occurred_approx": "about" if report.occurred_approx else "",
        "hour_not_known": "not known" if report.hour_not_known else "",
        "noticed": "noticed then" if report.noticed else "",
        "informed": "\n".join(record.informed) or NOBODY,
        "tried": _list_people(record.tried),
        "concern_informed": _list_people(record.list_told_of("concern")),
        "recommendations": "\n".join(report.recommendations),
        "category": CATEGORY_LABELS[report.category],
        **list_later(record),
    }
    for name in ("closed_on", "care_plan_day", "next_due"):
        cells[name] = _as_day(str(cells[name]))
    cells["care_plan_status"] = words.CARE_PLAN[record.care_plan.status] if record.care_plan else ""
    return cells


def _list_marks(record: Record) -> Iterator[str]:
    """Yield what must not be missed: an incident, harm, a concern where the reader may see it."""
    if record.is_incident:
        yield words.name_kind(record)
    if record.harm_found:
        yield words.HARM
    if record.shows_concern and record.report.safeguarding:
        yield words.CONCERN


def _list_people(told: Iterable[Told]) -> str:
    return "\n".join(who for each in told for who in each.who)


def _as_moment(text: str) -> Cell:
    """Return a moment as Excel has it, by the clock of the place where it was written."""
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return moment if moment.year > _OLDEST else text


def _as_day(text: str) -> Cell:
    day = date.fromisoformat(text) if text else None
    return day if day and day.year > _OLDEST else text


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - len(_CUT)] + _CUT
