"""Reports from a spreadsheet: CSV with the names that an export or a person gives its columns."""

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nearmiss.errors import UsageProblem
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
from nearmiss.model.entries import Id, Line, ReportFields, Timestamp
from nearmiss.model.problems import Problem
from nearmiss.model.wording import QUESTIONS, Category
from nearmiss.text import fold_text, show_safely

_RISKY = ("=", "+", "-", "@", "'", "\t", "\n")  # behind a mark that an export put there
_LISTS = ("informed", "recommendations")
_BOOLEANS = ("safeguarding", "occurred_approx")
_TRUE = ("true", "yes", "y", "1", "not sure", "unsure", "u", "wahr")
_TITLES = {name: question.title for name, question in QUESTIONS.items()}
_FIRST_ROW = 2  # as a spreadsheet counts: the headings stand in row 1

_PROBED = 200  # bytes in which a text of two bytes a character shows

Row = tuple[ReportFields, dict[str, str]]


class NotReadable(UsageProblem):
    """A file is no text that a spreadsheet writes."""

    def __init__(self) -> None:
        super().__init__(
            "This is no text that can be read: it is neither UTF-8 nor UTF-16 nor Windows-1252, "
            "or it is no CSV. Nothing was imported. Save the spreadsheet as CSV (UTF-8), "
            "then try again."
        )


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet as it was read: its headings, and each row with its number."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def holds_json(data: bytes) -> bool:
    """Whether ``data`` is JSON rather than a spreadsheet."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def read_sheet(data: bytes) -> Sheet:
    """Return the headings and rows of a CSV; empty rows are left out.

    Raises NotReadable.
    """
    lines = _split(_decode(data))
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
            _refuse_beyond(cells[len(fields) :])
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
    check_beside(beside)
    return make_report(_read_fields(given), now, {}), beside


def _refuse_beyond(cells: Sequence[str]) -> None:
    beyond = next((cell for cell in cells if cell.strip()), None)
    if beyond is not None:
        shown = show_safely(beyond[:40])
        raise BadReport([Problem("row", f'has more cells than there are headings: "{shown}"')])


def check_beside(beside: Mapping[str, str]) -> None:
    """Raise BadReport where what says where a row came from is not what it should be."""
    problems = [
        Problem(name, f'"{show_safely(beside[name][:40])}" {reason}')
        for name, (kind, reason) in _KINDS_BESIDE.items()
        if beside.get(name, "").strip() and not _fits(kind, beside[name])
    ]
    if problems:
        raise BadReport(problems)


_KINDS_BESIDE = {
    "id": (TypeAdapter(Id), "is no number of an entry, such as K7QX-0042"),
    "recorded_at": (TypeAdapter(Timestamp), "is no time such as 2026-04-03T21:15:00+01:00"),
    "recorded_by": (TypeAdapter(Line), "must be one line of at most 500 characters"),
}


def _fits(kind: "TypeAdapter[str]", text: str) -> bool:
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


def _split(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    before = csv.field_size_limit(len(text) + 1)  # a long cell is named with its row later
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotReadable from error
    finally:
        csv.field_size_limit(before)


def _decode(data: bytes) -> str:
    """Return the text of a spreadsheet: UTF-8, else UTF-16, else what Windows writes in Europe."""
    encodings = ["utf-8-sig", "cp1252"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data[:_PROBED]:
        encodings = ["utf-16-be" if data[:1] == b"\0" else "utf-16-le"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise NotReadable


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
