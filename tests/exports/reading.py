"""What each format says, as text: drawn, then read back by another program."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl

from nearmiss.documents.brief import Brief, Pattern, find_patterns, name_reports
from nearmiss.documents.chronology import build_chronology
from nearmiss.documents.handover import build_handover
from nearmiss.documents.html import render_html
from nearmiss.documents.meeting import build_meeting
from nearmiss.documents.reader import Hidden, Rules, show_records
from nearmiss.documents.report import build_report
from nearmiss.documents.txt import render_text
from nearmiss.exports.formats import FORMATS
from nearmiss.insight.cases import Verdicts
from nearmiss.records.fold import end_same_words
from nearmiss.records.record import Record
from tests.documents.pages import read_inside, read_text, set_once

SEAL = "1111-2222-3333-4444"
MADE = date(2026, 11, 24)
BUILDERS = {
    "report": build_report,
    "meeting": build_meeting,
    "handover": build_handover,
    "chronology": build_chronology,
}
DRAWN = [f"{kind}.{form}" for kind in BUILDERS for form in ("pdf", "html", "txt")]
EVERY_FORMAT = [*DRAWN, *FORMATS]


def show_all(
    records: Sequence[Record], verdicts: Verdicts, rules: Rules
) -> tuple[list[Record], tuple[Pattern, ...]]:
    """Return what a reader sees of the records and of the patterns in them."""
    patterns = find_patterns(verdicts, records, rules, MADE)
    records = end_same_words(records, rules.sees)
    return list(show_records(records, rules, Hidden(), name_reports(patterns))), patterns


def make_brief(rules: Rules, **given: Any) -> Brief:
    """Return a brief with little in it."""
    return replace(Brief(rules, SEAL, MADE, carer="Maria Ortiz, carer"), **given)


def make(
    name: str, accounts: Sequence[Record], patterns: tuple[Pattern, ...], rules: Rules
) -> bytes:
    """Return the bytes of a format: ``csv``, or ``meeting.pdf``."""
    kind, _, form = name.partition(".")
    if not form:
        return b"".join(FORMATS[name](accounts, SEAL))
    document = BUILDERS[kind](accounts, make_brief(rules, patterns=patterns))
    if form == "pdf":
        return set_once(document)
    return render_html(document) if form == "html" else render_text(document)


def read(name: str, data: bytes) -> str:
    """Return all that a reader of a format finds in it, without spaces."""
    if name.endswith("pdf"):
        text = read_text(data)
    elif name.endswith("html"):
        text = html.unescape(re.sub("</?b>", "", data.decode()))
    elif name == "xlsx":
        text = _read_workbook(data)
    elif name == "csv":
        text = "\n".join(map("\n".join, csv.reader(io.StringIO(data.decode("utf-8-sig")))))
    elif name in ("json", "fhir"):
        text = "\n".join(_list_texts(json.loads(data)))
    else:
        text = data.decode()
    return "".join(text.split())


def read_bytes(name: str, data: bytes) -> bytes:
    """Return everything that a file holds, unpacked."""
    return read_inside(data) if name.endswith("pdf") else read(name, data).encode()


def _read_workbook(data: bytes) -> str:
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _list_texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _list_texts(each)
    else:
        yield html.unescape(str(value))
