"""Reports from a carer's own spreadsheet."""

import pytest

from nearmiss.intake.columns import match_columns
from nearmiss.intake.fields import BadRecords
from nearmiss.intake.rows import find_unknown_kinds, read_rows, read_sheet
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
