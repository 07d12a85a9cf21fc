"""Reports from a carer's own spreadsheet."""

import json
from collections.abc import Callable

import pytest

from nearmiss.intake.fields import BadRecords, guess_kind, read_json_reports
from nearmiss.intake.table import (
    NotReadable,
    Row,
    find_unknown_kinds,
    match_columns,
    read_rows,
    read_sheet,
)
from tests.cases import over
from tests.conftest import NOW

SHEET = (
    "Client,Date,Time,Location,What nearly happened,How it was prevented,"
    "Immediate action taken,Kind\n"
    "MB,03/04/2026,21:15:00,lounge,Slid on the rug,I held him,Moved the rug,Falls\n"
    "MB,04/04/2026,8am,hall,Slid again,I held him,Moved it,Moving or falling\n"
)


def test_kinds_by_label_and_as_the_carer_said() -> None:
    sheet = read_sheet(SHEET.encode())
    fields = match_columns(sheet.headings)
    assert find_unknown_kinds(sheet, fields) == {"Falls": "mobility"}
    rows = read_rows(sheet, fields, NOW, {"Falls": "mobility"})
    assert [report.category for report, _ in rows] == ["mobility", "mobility"]
    assert rows[0][0].occurred_at == "2026-04-03T21:15:00+01:00"


def test_without_an_answer_a_kind_is_named_with_its_row_and_its_nearest() -> None:
    sheet = read_sheet(SHEET.encode())
    with pytest.raises(BadRecords, match=r'row 2, Kind: "Falls" is not a kind'):
        read_rows(sheet, match_columns(sheet.headings), NOW)


def test_everything_wrong_is_named_by_row_and_title() -> None:
    sheet = read_sheet(SHEET.replace("lounge", "").replace("8am", "").encode())
    with pytest.raises(BadRecords) as caught:
        read_rows(sheet, match_columns(sheet.headings), NOW, {"Falls": "mobility"})
    assert "row 2, Location: is empty" in str(caught.value)
    assert "row 3, Date and time:" in str(caught.value)


def read(data: bytes) -> list[Row]:
    sheet = read_sheet(data)
    return read_rows(sheet, match_columns(sheet.headings), NOW, {"Falls": "mobility"})


@over(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace(",", ";").encode("cp1252"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
    ],
)
def test_what_spreadsheets_write_is_read(encode: Callable[[str], bytes]) -> None:
    rows = read(encode(SHEET.replace("lounge", "café")))
    assert [report.location for report, _ in rows] == ["café", "hall"]


def test_what_is_no_text_is_refused_by_name() -> None:
    with pytest.raises(NotReadable, match="neither UTF-8 nor UTF-16 nor Windows-1252"):
        read(SHEET.encode().replace(b"lounge", b"\x81\x8d\xff"))


@over(
    ("heading", "cell", "fault"),
    [
        ("", ",more", 'row 2, row: has more cells than there are headings: "more"'),
        (",id", ",None-0001", 'row 2, id: "None-0001" is no number of an entry'),
        (",recorded_at", ",yesterday", 'row 2, recorded_at: "yesterday" is no time'),
    ],
)
def test_nothing_is_dropped_without_a_word(heading: str, cell: str, fault: str) -> None:
    first, row, *_ = SHEET.split("\n")
    with pytest.raises(BadRecords) as caught:
        read(f"{first}{heading}\n{row}{cell}\n".encode())
    assert fault in str(caught.value)


def test_a_cell_too_long_for_a_report_is_named_with_its_row() -> None:
    with pytest.raises(BadRecords, match="row 2, What nearly happened: has 200,000 characters"):
        read(SHEET.replace("Slid on the rug", "x" * 200_000).encode())


@over(
    ("typed", "kind"),
    [
        ("Falls", "mobility"),
        ("fals", "mobility"),
        ("Meds round", "medication"),
        ("behavoiur", "behaviour"),
        ("Xylophone", None),
    ],
)
def test_a_carers_word_for_a_kind_is_guessed_and_not_more(typed: str, kind: str | None) -> None:
    assert guess_kind(typed) == kind


def test_nobody_in_words_is_nobody_from_a_sheet_and_from_json() -> None:
    told = "Client,Date,Time,Location,What nearly happened,How it was prevented,"
    told += "Immediate action taken,Kind,Who was informed\n"
    told += "MB,03/04/2026,21:15,lounge,Slid,Luck,Looked,mobility,Nobody yet\n"
    sheet = read_sheet(told.encode())
    ((report, _),) = read_rows(sheet, match_columns(sheet.headings), NOW)
    assert report.informed == []
    record = report.model_dump() | {"informed": ["none", "Sue, phone"]}
    (again,) = read_json_reports(json.dumps(record).encode(), NOW)
    assert again.informed == ["Sue, phone"]
