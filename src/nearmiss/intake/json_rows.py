"""Reports that come in as JSON: an object a line, or one list of them."""

import json
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
    refuse_doubles,
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
    for number, record in _list_records(data):
        try:
            yield _read_row(number, record, now, left_out, note)
        except BadReport as problem:
            for each in problem.problems:
                faults.add(number, each.field, each.reason)


def holds_list(data: bytes) -> bool:
    """Whether JSON is one list, whose reports are counted, rather than lines."""
    return data.lstrip(_BEFORE).startswith(b"[")


def _list_records(data: bytes) -> Iterator[tuple[int, Any]]:
    if not holds_list(data):
        yield from split_records(data)
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refuse("is not UTF-8 text in JSON") from None
    at, number = text.index("[") + 1, 0
    decoder = json.JSONDecoder(object_pairs_hook=refuse_doubles)
    while True:
        at = _skip_space(text, at)
        if text[at : at + 1] == "]" and not text[at + 1 :].strip():
            return
        number += 1
        try:
            record, at = decoder.raw_decode(text, at)
        except BadReport as problem:
            raise _refuse(str(problem.problems[0])) from None
        except (ValueError, RecursionError) as error:
            parse_json(text.encode())  # says what is wrong with it
            raise _refuse("is not JSON") from error
        yield number, record
        at = _skip_space(text, at)
        if text[at : at + 1] == ",":
            at += 1
        elif text[at : at + 1] != "]":
            raise _refuse(f"is not JSON: it can't be read from character {at + 1} on")


def _skip_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _refuse(reason: str) -> BadRecords:
    return BadRecords(count="The list can't be imported", faults=f"record: {reason}")


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
    report = check_report(fields, now, read_json_moment) if own else check_said(fields, now, note)
    return Row(number, encode_report(report), _claim(beside), beside[NUMBER] if own else "")


def _claim(beside: dict[str, str]) -> tuple[str, ...]:
    """Return what a record says of its writing, as its own word."""
    written, author, number = (beside.get(name, "") for name in (WRITTEN, AUTHOR, NUMBER))
    said = [f"written {written}".strip()] if written else []
    said += [f"by {author}"] if author else []
    claims = [" ".join(said)] if said else []
    if number and not is_id(number):
        claims.append(f"its number: {number}")
    return tuple(join_lines(show_safely(each))[:_MOST_BESIDE] for each in claims)
