"""Sheets in the shape of forms, registers and exports, whose heads are on no list of ours."""

import io
from pathlib import Path

from nearmiss.intake.columns import IGNORE, KEPT, guess_columns, match_columns
from nearmiss.intake.likely_days import guess_year, number_years
from nearmiss.intake.reading import BY_INJURY, Reading
from nearmiss.intake.sheet import Sheet, find_encodings, open_csv, scan_sheet
from nearmiss.intake.survey import guess_entry, survey_rows
from tests.cases import over
from tests.conftest import NOW

SHEETS = Path(__file__).parent / "sheets"
FORM = (
    "recorded_at recorded_by client date time location what_happened how_prevented injury injury "
    "immediate_action informed tried safeguarding category recommendations"
)
REGISTER = (
    "id date time client entry location what_happened injury immediate_action informed recorded_by"
)
EXPORT = (
    "id entry client date recorded_at location what_happened immediate_action injury injury "
    "informed informed informed safeguarding recorded_by"
)
TRACKER = (
    "id recorded_at recorded_by date time client entry category what_happened immediate_action "
    "injury informed safeguarding recommendations"
)


def read(name: str) -> tuple[Sheet, Reading]:
    file = io.BytesIO((SHEETS / f"{name}.csv").read_bytes())
    sheet = scan_sheet(open_csv(file, find_encodings(file)[0].name))
    fields = guess_columns(sheet.columns, match_columns(sheet.columns, {}, {}))
    return sheet, Reading(tuple(fields), tuple(each.head for each in sheet.columns))


@over(
    ("name", "fields"),
    [
        ("long_form", FORM),
        ("register", REGISTER),
        ("camel_export", EXPORT),
        ("tracker", TRACKER),
        ("night_log", "date time client what_happened immediate_action informed safeguarding"),
        ("no_heads", "date time client what_happened"),
    ],
)
def test_columns_are_known_by_their_heads_and_what_stands_below(name: str, fields: str) -> None:
    _, reading = read(name)
    assert [each for each in reading.fields if each not in (IGNORE, KEPT)] == fields.split()


@over(
    ("name", "none"),
    [
        ("long_form", {7}),
        ("register", {5, 10, 12, 16, 17, 18}),
        ("camel_export", {6}),
        ("tracker", {3, 5}),
        ("night_log", {6, 11}),
        ("no_heads", set()),
    ],
)
def test_rows_that_are_no_reports_are_known(name: str, none: set[int]) -> None:
    assert survey_rows(*read(name)).no_reports == none


def test_a_year_goes_on_past_december_and_is_guessed_by_the_title_or_a_weekday() -> None:
    sheet, reading = read("night_log")
    found = survey_rows(sheet, reading)
    assert guess_year(found, sheet.heads.above, NOW) == 2025
    assert guess_year(found, (), NOW) == 2025, "1 December 2025 is a Monday"
    years = number_years(found, 2025)
    assert [years[row] for row in (4, 9, 10)] == [2025, 2025, 2026]


@over(
    ("typed", "entry"),
    [("A", "incident"), ("NM", "report"), ("Concern", BY_INJURY), ("x", BY_INJURY)],
)
def test_a_head_says_what_its_letters_mean(typed: str, entry: str) -> None:
    head = "Accident (A) / Near miss (NM)"
    assert guess_entry(typed, head, has_injuries=True) == entry


def test_of_two_columns_with_a_tick_in_one_the_first_says_what_a_row_is() -> None:
    text = "Date,Client,N/M,Acc,What happened\n2026-03-09,MB,✓,,slid\n2026-03-09,KT,,✓,fell\n"
    file = io.BytesIO(text.encode())
    sheet = scan_sheet(open_csv(file, "utf-8-sig"))
    assert match_columns(sheet.columns, {}, {})[2:4] == ["entry", KEPT]
