"""Reports that come in as JSON: an object a line, or one list of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nearmiss.intake.columns import AUTHOR, CLAIMS, LATER, NUMBER, WRITTEN
from nearmiss.intake.fields import (
    BadRecords,
    BadReport,
    Note,
    check_report,
    check_said,
    parse_json,
    read_json_moment,
    read_said,
    refuse_most,
    set_aside,
    split_records,
)
from nearmiss.intake.table import Row, encode_report
from nearmiss.model.ids import is_id
from nearmiss.model.problems import Faults, Problem
from nearmiss.text import join_lines, show_safely

_LATER = LATER | {"status"}
_BEFORE = b"\xef\xbb\xbf \t\r\n"  # a byte order mark, and space
_MOST_BESIDE = 500  # characters


def holds_json(data: bytes) -> bool:
    """Whether a file that begins with ``data`` is JSON rather than a sheet."""
    return holds_list(data) or data.lstrip(_BEFORE).startswith(b"{")


def read_json_rows(
    data: bytes, now: datetime, faults: Faults, left_out: dict[str, None], note: Note
) -> Iterator[Row]:
    """Yield each report with what is claimed beside it.

    What an export tells of later entries is left alone, and named in ``left_out``; what is wrong
    is gathered in ``faults``. Raises BadRecords where it is no JSON at all.
    """
    others = 0
    for number, record in _list_records(data):
        try:
            yield _read_row(number, record, now, left_out, note)
            others += 1
        except BadReport as problem:
            for each in problem.problems:
                faults.add(number, each.field, each.reason)
            refuse_most(faults, others)


def holds_list(data: bytes) -> bool:
    """Whether JSON is one list, whose reports are counted, rather than lines."""
    return data.lstrip(_BEFORE).startswith(b"[")


def _list_records(data: bytes) -> Iterator[tuple[int, Any]]:
    if not holds_list(data):
        yield from split_records(data)
        return
    try:
        yield from enumerate(parse_json(data), start=1)
    except BadReport as problem:
        faults = str(problem.problems[0])
        raise BadRecords(count="The list can't be imported", faults=faults) from None


def _read_row(
    number: int, record: Any, now: datetime, left_out: dict[str, None], note: Note
) -> Row:
    parsed = parse_json(record) if isinstance(record, bytes) else record
    if not isinstance(parsed, dict):
        raise BadReport([Problem("record", "is not a JSON object with a report's fields")])
    left_out |= dict.fromkeys(name for name in parsed if name in _LATER)
    beside = {name: str(parsed[name]) for name in CLAIMS if parsed.get(name) not in (None, "")}
    fields = {name: parsed[name] for name in parsed if name not in _LATER and name not in CLAIMS}
    own = is_id(beside.get(NUMBER, ""))
    # An export says in true and false, and who was reached, what a carer was asked.
    if own:
        report, aside = check_report(fields, now, read_json_moment), list[str]()
    else:
        said, aside = set_aside(read_said(fields, note), note)
        report = check_said(said, now, note)
    claims = (*_claim(beside), *(f"told: {show_safely(each)}" for each in aside))
    return Row(number, encode_report(report), claims, beside[NUMBER] if own else "")


def _claim(beside: dict[str, str]) -> tuple[str, ...]:
    """Return what a record says of its writing, as its own word."""
    written, author, number = (beside.get(name, "") for name in (WRITTEN, AUTHOR, NUMBER))
    said = [f"written {written}".strip()] if written else []
    said += [f"by {author}"] if author else []
    claims = [" ".join(said)] if said else []
    if number and not is_id(number):
        claims.append(f"its number: {number}")
    return tuple(join_lines(show_safely(each))[:_MOST_BESIDE] for each in claims)
