"""Reports from a spreadsheet: CSV with the names that an export or a person gives its columns."""

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nearmiss.intake.category import UnknownKind, guess_kind, read_category
from nearmiss.intake.columns import (
    BESIDE,
    CLOCK,
    DAY,
    LEFT_OUT,
    join_moment,
    tidy_moment,
)
from nearmiss.intake.fields import BadRecords, BadReport, make_report
from nearmiss.model.entries import ReportFields
from nearmiss.model.wording import QUESTIONS, Category
from nearmiss.text import fold_text

_RISKY = ("=", "+", "-", "@", "'", "\t", "\n")  # behind a mark that an export put there
_LISTS = ("informed", "recommendations")
_BOOLEANS = ("safeguarding", "occurred_approx")
_TRUE = ("true", "yes", "y", "1", "not sure", "unsure", "u", "wahr")
_TITLES = {name: question.title for name, question in QUESTIONS.items()}
_FIRST_ROW = 2  # as a spreadsheet counts: the headings stand in row 1

Row = tuple[ReportFields, dict[str, str]]


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet as it was read: its headings, and each row with its number."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def holds_json(data: bytes) -> bool:
    """Whether ``data`` is JSON rather than a spreadsheet."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def read_sheet(data: bytes) -> Sheet:
    """Return the headings and rows of a CSV; empty rows are left out."""
    text = _decode(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    headings = tuple(lines[0]) if lines else ()
    rows = (
        (number, tuple(map(_unmark, cells)))
        for number, cells in enumerate(lines[1:], start=_FIRST_ROW)
        if any(cell.strip() for cell in cells)
    )
    return Sheet(headings, tuple(rows))


def find_unknown_kinds(sheet: Sheet, fields: Sequence[str]) -> dict[str, Category | None]:
    """Return each kind in the sheet that is none of the six, once, with the nearest that is."""
    if "category" not in fields:
        return {}
    at = fields.index("category")
    found: dict[str, Category | None] = {}
    for _, cells in sheet.rows:
        typed = cells[at] if at < len(cells) else ""
        try:
            read_category(typed)
        except UnknownKind:
            if typed.strip():
                found.setdefault(typed, guess_kind(typed))
    return found


def read_rows(
    sheet: Sheet,
    fields: Sequence[str],
    now: datetime,
    kinds: Mapping[str, Category] | None = None,
) -> list[Row]:
    """Return each report of a sheet, and what stands beside its fields (id, recorded_at...).

    ``fields`` says what each column holds, dates are read day first, ``kinds`` are what the carer
    said that a kind means. Raises BadRecords with everything that is wrong.
    """
    rows, faults = [], []
    for number, cells in sheet.rows:
        given = dict(zip(fields, cells, strict=False))
        try:
            rows.append(_read_row(given, now, kinds or {}))
        except BadReport as problem:
            faults += [
                f"row {number}, {_TITLES.get(each.field, each.field)}: {each.reason}"
                for each in problem.problems
            ]
    if faults:
        raise BadRecords(count="Some rows can't be imported", faults="\n".join(faults))
    return rows


def _read_row(given: dict[str, str], now: datetime, kinds: Mapping[str, Category]) -> Row:
    given.pop(LEFT_OUT, None)
    beside = {name: given.pop(name) for name in BESIDE if name in given}
    if CLOCK in given or DAY in given:
        given["occurred_at"] = join_moment(given.pop(DAY, ""), given.pop(CLOCK, ""))
    typed = given.get("category", "")
    given["category"] = kinds.get(typed, typed)
    return make_report(_read_fields(given), now, {}), beside


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what a spreadsheet on Windows writes


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
            fields[name] = tidy_moment(cell) if name == "occurred_at" else cell
    with suppress(KeyError):
        if not fields["category"].strip():
            del fields["category"]  # missing, rather than a kind without a name
    return fields
