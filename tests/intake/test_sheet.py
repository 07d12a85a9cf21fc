"""From bytes to rows: encodings told apart, delimiters, quotation marks, workbooks."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from nearmiss.intake.sheet import (
    Misquoted,
    NotReadable,
    find_encodings,
    open_csv,
    scan_sheet,
)
from nearmiss.intake.values import is_unread
from nearmiss.intake.workbook import open_workbook
from tests.cases import over

HEADS = "client,occurred_at,location,what_nearly_happened,how_prevented,immediate_action,category"
ROW = 'MB,03/04/2026 20:15,café,"slipped; caught, fine",Caught,Sat down,mobility'
TEXT = f"{HEADS}\r\n{ROW}\r\n"


def read(data: bytes) -> list[list[str]]:
    file = io.BytesIO(data)
    sheet = scan_sheet(open_csv(file, find_encodings(file)[0].name))
    return [cells for _, cells in sheet.read_rows()]


@over(
    "encode",
    [
        lambda: TEXT.encode("utf-8-sig"),
        lambda: TEXT.encode("utf-16"),
        lambda: TEXT.encode("utf-16-le"),
        lambda: TEXT.encode("utf-16-be"),
        lambda: TEXT.encode("cp1252"),
        lambda: TEXT.encode("cp850"),
        lambda: TEXT.replace("\r\n", "\r").encode("mac_roman"),
        lambda: b"sep=;\r\n" + TEXT.replace(",", ";").replace("slipped;", "slipped,").encode(),
        lambda: TEXT.replace(",", "\t").encode("utf-16"),
        lambda: b"\n\n" + TEXT.replace(",", "|").encode(),
    ],
)
def test_what_spreadsheets_write_is_read(encode: Callable[[], bytes]) -> None:
    ((client, _, location, what, *_),) = read(encode())
    assert (client, location, what[:7]) == ("MB", "café", "slipped")


@over(
    ("text", "name"),
    [
        ("MB wasn’t well. The café is shut. It cost £5, at 38°.", "cp1252"),
        ("MB wasn’t well. The café is shut.", "mac_roman"),
        ("The café is shut. It cost £5. À la carte, señor.", "cp850"),
        ("Co się stało: poślizgnął się, mata była mokra", "cp1250"),
    ],
)
def test_encodings_that_fit_are_told_apart_by_the_words_they_make(text: str, name: str) -> None:
    found = find_encodings(io.BytesIO(text.encode(name)))
    assert found[0].name == name
    assert all(each in text for each in found[0].sample.split(" … "))
    assert len({each.sample for each in found}) == len(found), "no two look the same"


@over(
    "data",
    [
        *(b"\x00\x01\x02binary\xff", bytes(range(256)) * 4, b"\x7fELF\x01\x01"),
        *(b"%PDF-1.7\n1 0 obj", b"\n<!DOCTYPE html><html>"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotReadable):
        read(data)


def test_one_line_that_is_no_utf_8_does_not_change_the_others() -> None:
    lines = f"{HEADS}\n{ROW}\n".encode() + ROW.encode("cp1252") + b"\n"
    first, second = read(lines)
    assert (first[2], second[2]) == ("café", "caf\udce9")


@over(
    "broken",
    [
        f'{HEADS}\nMB,3/4/26,hall,"off the 3 inch step,Held,Sat,other\nKT,4/4/26,hall,a,b,c,other',
        f'{HEADS}\nMB,3/4/26,hall,"off,Caught,Sat,other\nKT,4/4/26,hall,fell",b,c,other',
        f'{HEADS}\nMB,3/4/26,hall,"he said "no" to me",Caught,Sat,other',
    ],
)
def test_a_quotation_mark_swallows_no_row(broken: str) -> None:
    with pytest.raises(Misquoted, match="Row 2"):
        read(broken.encode())


def test_a_cell_may_have_several_lines() -> None:
    ((*_, what, _, _, _),) = read(f'{HEADS}\nMB,3/4/26,hall,"A, b,\n1,200 c",x,y,other'.encode())
    assert what == "A, b,\n1,200 c"


def make_workbook(path: Path, **options: bool) -> Path:
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Log")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        hour = book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["Date", "Time", "Client", "Count"])
        sheet.write_datetime(1, 0, datetime(2026, 4, 3), day)
        sheet.write_datetime(1, 1, time(20, 15), hour)
        sheet.write_string(1, 2, "MB")
        sheet.write_formula(1, 3, "=1+1", None, 7)
        sheet.write_string(2, 0, "3 April 2026")
        book.add_worksheet("Empty")
        hidden = book.add_worksheet("Lists")
        hidden.write_string(0, 0, "x")
        hidden.hide()
    return path


@over("is_1904", [True, False])
def test_a_workbook_gives_its_last_values_and_real_days(tmp_path: Path, is_1904: bool) -> None:
    data = make_workbook(tmp_path / "log.xlsx", date_1904=is_1904).read_bytes()
    table, hidden = open_workbook(io.BytesIO(data))
    assert [cells for _, cells in table.read_rows()][1:] == [
        ["2026-04-03", "20:15:00", "MB", "7"],
        ["3 April 2026", "", "", ""],
    ]
    assert (hidden.name, table.is_hidden, hidden.is_hidden) == ("Lists", False, True)


def test_errors_formulas_without_a_value_notes_and_bare_days_are_not_lost(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["Client", "When"])
    sheet.append(["MB", 44623.5, 44623, 7])
    sheet.append(["", "#N/A", '=IF(A1="",1,2)', "#N/A is text here"])
    sheet["B2"].comment = Comment("The manager says & thinks 5pm", "M")
    book.save(tmp_path / "log.xlsx")
    (table,) = open_workbook(io.BytesIO((tmp_path / "log.xlsx").read_bytes()))
    assert [cells for _, cells in table.read_rows()][1:] == [
        ["MB", "2026-03-04 12:00:00", "2026-03-04", "7"],
        ["", "#N/A", 'formula without a value: =IF(A1="",1,2)', "#N/A is text here"],
    ]
    assert [is_unread(cells[2]) for _, cells in [*table.read_rows()][1:]] == [False, True]
    assert table.parts.notes == {"B2": "The manager says & thinks 5pm"}


def test_a_workbook_that_would_unpack_to_too_much_is_refused_by_its_size(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "log.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/media/bomb.bin", b"\0" * 300_000_000)
    with pytest.raises(NotReadable, match="would unpack to"):
        open_workbook(io.BytesIO(path.read_bytes()))


def test_the_rows_of_a_workbook_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "low.xlsx"
    for top in (0, 1, 3):
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            sheet.write_row(top, 1, ["Date", "Client"])
            sheet.write_row(top + 2, 1, ["3 April 2026", "MB"])
        (table,) = open_workbook(io.BytesIO(path.read_bytes()))
        found = scan_sheet(table)
        assert found.heads.number == top + 1
        assert [number for number, _ in found.read_rows()] == [top + 3]


@over(
    ("data", "reason"),
    [
        (b"PK\x03\x04 not a workbook", "no workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "under a password",
        ),
    ],
)
def test_what_is_no_open_workbook_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        open_workbook(io.BytesIO(data))
