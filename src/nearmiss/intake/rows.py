"""Reports from a spreadsheet: CSV with the names that an export or a person gives its columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from nearmiss.errors import UsageProblem
from nearmiss.intake.fields import BadRecords, BadReport, make_report, read_json_reports
from nearmiss.model.columns import BOOK_SEAL, LATER_COLUMNS
from nearmiss.model.entries import ReportFields
from nearmiss.model.wording import QUESTIONS
from nearmiss.text import fold_text, show_safely

_RISKY = ("=", "+", "-", "@", "'", "\t", "\n")  # behind a mark that an export put there
_LISTS = ("informed", "recommendations")
_BOOLEANS = ("safeguarding", "occurred_approx")
_BESIDE = ("id", "recorded_at", "recorded_by", "status")
_TRUE = ("true", "yes", "y", "1", "not sure", "unsure", "u", "wahr")
_LEFT_ALONE = (*LATER_COLUMNS, BOOK_SEAL)  # what an export tells of later entries
_COLUMNS = {name: name for name in (*ReportFields.model_fields, *_BESIDE, *_LEFT_ALONE)}
_COLUMNS |= {fold_text(each.title): name for name, each in QUESTIONS.items()}
_COLUMNS |= {each.option.removeprefix("--"): name for name, each in QUESTIONS.items()}


class UnknownColumn(UsageProblem):
    """A column that is no field of a report."""

    def __init__(self, *, column: str, fields: str) -> None:
        super().__init__(
            f'The column "{column}" is not a field of a report. Nothing was imported. Rename it or '
            f"take it out. The fields are: {fields}"
        )


def read_any_rows(data: bytes, now: datetime) -> list[tuple[ReportFields, dict[str, str]]]:
    """Return each report of a CSV or of JSON, and what stands beside its fields.

    Raises what ``read_rows`` and ``read_json_reports`` raise.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return [(report, {}) for report in read_json_reports(data, now)]
    return read_rows(data, now)


def read_rows(data: bytes, now: datetime) -> list[tuple[ReportFields, dict[str, str]]]:
    """Return each report of a CSV, and what stands beside its fields (id, recorded_at...).

    Columns may stand in any order, dates day first. Raises UnknownColumn, or BadRecords with
    everything that is wrong.
    """
    rows, faults = [], []
    for number, cells in enumerate(_read_cells(data), start=2):
        beside = {name: cells.pop(name) for name in _BESIDE if name in cells}
        try:
            rows.append((make_report(_read_fields(cells), now, {}), beside))
        except BadReport as problem:
            faults += [f"row {number}, {each}" for each in problem.problems]
    if faults:
        raise BadRecords(count="Some rows can't be imported", faults="\n".join(faults))
    return rows


def _read_cells(data: bytes) -> Iterator[dict[str, str]]:
    text = _decode(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [_name_column(each) for each in next(reader, [])]
    for cells in reader:
        if any(cell.strip() for cell in cells):
            row = dict(zip(names, map(_unmark, cells), strict=False))
            yield {name: cell for name, cell in row.items() if name not in _LEFT_ALONE}


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what a spreadsheet on Windows writes


def _name_column(typed: str) -> str:
    name = _COLUMNS.get(fold_text(typed)) or _COLUMNS.get(fold_text(typed).replace(" ", "_"))
    if name is None:
        shown = show_safely(typed[:40])
        raise UnknownColumn(column=shown, fields=", ".join(ReportFields.model_fields))
    return name


def _unmark(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _read_fields(cells: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        if name in _LISTS:
            fields[name] = [line for line in cell.split("\n") if line.strip()]
        elif name in _BOOLEANS:
            fields[name] = fold_text(cell) in _TRUE
        else:
            fields[name] = cell
    return fields
