"""Reports from JSON that an export or another program wrote: a list, or an object a line."""

from datetime import datetime
from typing import Any

from nearmiss.intake.columns import BESIDE
from nearmiss.intake.fields import (
    BadRecords,
    BadReport,
    check_report,
    parse_json,
    read_json_moment,
    split_records,
)
from nearmiss.intake.rows import Row, check_beside
from nearmiss.model.columns import BOOK_SEAL, LATER_COLUMNS
from nearmiss.model.problems import Problem

_LATER = frozenset((*LATER_COLUMNS, BOOK_SEAL))


def read_json_rows(data: bytes, now: datetime) -> tuple[list[Row], list[str]]:
    """Return each report with what stands beside its fields, and the names that were not taken.

    What an export tells of later entries is left alone. Raises BadRecords with all that is wrong.
    """
    rows, faults = list[Row](), list[str]()
    left_out: dict[str, None] = {}
    for place, record in _list_records(data):
        try:
            rows.append(_read_row(record, now, left_out))
        except BadReport as problem:
            faults += [f"{place}, {each}" for each in problem.problems]
    if faults:
        raise BadRecords(count="Some reports can't be imported", faults="\n".join(faults))
    return rows, list(left_out)


def _list_records(data: bytes) -> list[tuple[str, Any]]:
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return [(f"line {number}", record) for number, record in split_records(data)]
    try:
        parsed = parse_json(data.removeprefix(b"\xef\xbb\xbf"))
    except BadReport as problem:
        faults = "\n".join(map(str, problem.problems))
        raise BadRecords(count="The list can't be imported", faults=faults) from None
    return [(f"report {number}", record) for number, record in enumerate(parsed, start=1)]


def _read_row(record: Any, now: datetime, left_out: dict[str, None]) -> Row:
    parsed = parse_json(record) if isinstance(record, bytes) else record
    if not isinstance(parsed, dict):
        raise BadReport([Problem("record", "is not a JSON object with a report's fields")])
    left_out |= dict.fromkeys(name for name in parsed if name in _LATER)
    beside = {name: str(parsed[name]) for name in BESIDE if name in parsed}
    check_beside(beside)
    fields = {name: parsed[name] for name in parsed if name not in _LATER and name not in BESIDE}
    return check_report(fields, now, read_json_moment), beside
