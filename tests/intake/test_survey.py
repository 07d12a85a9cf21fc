"""What is found in the rows of a sheet before anything is asked: doubts, and rows that are none."""

import io
from dataclasses import replace
from datetime import date

from nearmiss.intake.bands import Band
from nearmiss.intake.columns import match_columns
from nearmiss.intake.likely_days import (
    find_doubts,
    find_undated,
    place_days,
    tell_weekdays,
)
from nearmiss.intake.moments import find_said_hour
from nearmiss.intake.reading import BY_INJURY, LEFT_OUT, Reading, read_people
from nearmiss.intake.sheet import Sheet, find_encodings, open_csv, scan_sheet
from nearmiss.intake.survey import guess_entry, survey_rows
from tests.cases import over
from tests.conftest import NOW


def read(text: str) -> tuple[Sheet, Reading]:
    file = io.BytesIO(text.encode())
    sheet = scan_sheet(open_csv(file, find_encodings(file)[0].name))
    fields = tuple(each or "ignore" for each in match_columns(sheet.columns, {}, {}))
    return sheet, Reading(fields, tuple(each.head for each in sheet.columns), year=2026)


HEADS = "Timestamp,Date,Time,Client,Location,What happened"


@over(
    ("written", "day", "likely"),
    [
        ("03/02/2026 08:15", "2026-03-02", date(2026, 2, 3)),  # its numbers the other way round
        ("14/02/2026 17:02", "2025-02-14", date(2026, 2, 14)),  # the year before
        ("19/02/2026 08:00", "2026-02-20", None),
        ("20/02/2026 08:00", "2026-02-19", "right"),
    ],
)
def test_a_day_after_it_was_written_or_long_before_is_in_doubt(
    written: str, day: str, likely: date | str | None
) -> None:
    sheet, reading = read(f"{HEADS}\n{written},{day},8pm,MB,hall,slid\n")
    doubts = find_doubts(survey_rows(sheet, reading), reading, NOW)
    stands = date.fromisoformat(day)
    assert [each.day for each in doubts.values()] == (
        [] if likely == "right" else [likely or stands]
    )


def test_a_day_far_out_of_the_order_of_the_others_is_in_doubt() -> None:
    days = ["2025-03-09", "2025-10-03", "2025-03-12", "2025-03-14"]
    sheet, reading = read("\n".join([HEADS, *(f",{day},8pm,MB,hall,slid" for day in days)]))
    ((row, doubt),) = find_doubts(survey_rows(sheet, reading), reading, NOW).items()
    assert (row, doubt.day) == (3, date(2025, 3, 10))


def test_the_end_of_a_week_is_offered_as_its_day() -> None:
    sheet, reading = read(f"{HEADS}\n,10/5/2025,8pm,MB,hall,slid\n,w/e 11th,8pm,MB,hall,slid\n")
    found = survey_rows(sheet, reading)
    assert place_days(found, reading, None)[3] == date(2025, 5, 11)


def test_days_without_a_month_are_of_the_title_s_or_their_neighbours_and_go_on() -> None:
    days = ["Weds 4th", "Fri 6th", "30th", "Thurs 2nd"]
    sheet, reading = read("\n".join([HEADS, *(f",{day},8pm,MB,hall,slid" for day in days)]))
    found = survey_rows(sheet, reading)
    placed = place_days(found, reading, (2026, 3))
    assert [str(placed[row]) for row in sorted(placed)] == [
        *("2026-03-04", "2026-03-06", "2026-03-30", "2026-04-02"),
    ]
    sheet, reading = read(f"{HEADS}\n,1/2/2026,8pm,MB,hall,slid\n,Fri 6th,8pm,MB,hall,slid\n")
    assert place_days(survey_rows(sheet, reading), reading, None) == {3: date(2026, 2, 6)}


@over(
    ("text", "hour"),
    [
        ("about 10pm she slid off the chair", "about 10pm"),
        ("At 18:15 he tripped, rang 111 6.40pm", "18:15"),
        ("left on since about 2pm", None),
        ("tablets at 8am as usual, fell 10pm", None),
        ("slid at 8.20", None),
        ("took 2.5 mg, BP 13/80, £10.30", None),
    ],
)
def test_an_hour_that_a_text_names(text: str, hour: str | None) -> None:
    said = find_said_hour(text)
    assert (said and said[1]) == hour


def test_another_weekday_is_told() -> None:
    sheet, reading = read(f"{HEADS}\n,Weds 17th March,8pm,MB,hall,slid\n")
    (told,) = tell_weekdays(survey_rows(sheet, reading), reading)
    assert told == "Row 2: Tue 17 Mar 2026, where the sheet says Wednesday."


@over(
    ("row", "is_none"),
    [
        (",2026-03-09,8pm,MB,hall,slid", False),
        (",,,MB,hall,slid again", False),
        (",2026-03-09,8pm,MB,hall,key safe was open", False),
        (",2026-03-09,8pm,MB,bus to the total of 3 shops,slid", False),
        (",2026-03-09,VOID,MB,hall,slid", True),
        ("TOTAL,,,3,2,1", True),
        ("MARCH,,,,,", True),
        (",2026-03-09,,,,", True),
        (",2026-03-09,8pm,MB,hall,Entered under wrong resident", True),
        ("test,2026-03-09,8pm,XX,test,test", True),
        (",2026-03-09,8pm,MB,will finish this later,fell off the bus step", False),
        (",2026-03-09,8pm,MB,form to fill in,nearly slid off the chair", False),
        (",2026-03-09,draft,MB,hall,fell in the hall and cut her arm", False),
        (",2026-03-09,draft,MB,hall,slid on the mat again", True),
        (",2026-03-09,8pm,MB,,see above - fell again", False),
        (",2026-03-09,8pm,MB,,see above please", True),
        (",2026-03-09,8pm,MB,duplicate of 3,fell in the hall", True),
        (",,8pm,,,fell and cut his arm", False),
        (",,,,,his 12.00 meds were still in the box. Rang 111 they said carry on", False),
        (",,,,,cafe manager took my number", True),
        (",2026-03-09,,MB,hall,Good day. Swimming and chips. No meltdowns", True),
        (",2026-03-09,,MB,hall,No incidents to report.", True),
        (",2026-03-09,,MB,hall,Just us. Fine", True),
        (",2026-03-09,,MB,hall,All good but she nearly slid off the chair", False),
        (",2026-03-09,,MB,hall,Good day. Fell in the garden and cut his arm", False),
    ],
)
def test_totals_headings_and_struck_rows_are_no_reports(row: str, is_none: bool) -> None:
    sheet, reading = read(f"{HEADS}\n{row}\n")
    assert bool(survey_rows(sheet, reading).no_reports) == is_none


@over(
    ("typed", "entry"),
    [
        ("A", "incident"),
        ("Concern", BY_INJURY),
        ("N/M", "report"),
        ("It happened - no harm", "incident"),
        ("", "report"),
        ("Compliment", LEFT_OUT),
    ],
)
def test_what_a_code_may_say_is_offered(typed: str, entry: str) -> None:
    assert guess_entry(typed) == entry


def test_a_tick_says_what_its_head_does_and_an_empty_cell_the_other() -> None:
    assert [guess_entry(each, "N/M", has_injuries=True) for each in ("✓", "")] == [
        "report",
        "incident",
    ]


def test_a_row_with_a_month_alone_gives_the_days_below_it_their_month() -> None:
    rows = ["SEPTEMBER 2024", "2nd", "14th 7am", "DECEMBER", "Fri 6th", "3/12/24", "JANUARY", "4"]
    rows += ["AUGUST (closed 7th - 18th)", "30th", "SEPT / OCT - pages stuck together", "2nd"]
    band = Band()
    days = [band.spread([row, ""] if row[:2].isupper() else [row, "x"], 0)[0] for row in rows]
    assert days[1:3] == ["2 September 2024", "14 September 2024 7am"]
    assert days[4:6] == ["Fri 6 December 2024", "3/12/24"]
    assert days[7] == "4 January 2025"
    assert days[9::2] == ["30 August 2025", "2nd"], "no month where two are named"


def test_a_second_row_of_heads_a_ditto_mark_and_an_old_mac_are_read() -> None:
    text = 'Date,Client,Told,,What happened\r,,Mum,School,\r3/4/26,MB,x,y,a\nb\r4/4/26,"""",y,,c\r'
    sheet, _ = read(text)
    assert sheet.heads.names == ("Date", "Client", "Told Mum", "Told School", "What happened")
    assert [cells[1] for _, cells in sheet.read_rows()] == ["MB", "MB"]
    assert [cells[4] for _, cells in sheet.read_rows()] == ["a / b", "c"]


def test_words_for_the_same_stand_for_the_cell_above_beyond_a_heading() -> None:
    rows = [",2026-03-09,8pm,MB,hall,slid", "MAY,,,,,", ',as above,"""",Ditto,j.w.,slid again']
    sheet, _ = read("\n".join([HEADS, *rows]))
    *_, (number, cells) = sheet.read_rows()
    assert cells == ["", "2026-03-09", "8pm", "MB", "hall", "slid again"]
    assert sheet.repeated == {number: "as above"}


def test_initials_are_no_words_for_the_same() -> None:
    rows = [
        ",2026-03-09,8pm,MB,hall,slid",
        ",2026-03-10,8pm,JW,hall,fell",
        ",2026-03-11,8pm,jw,hall,fell",
    ]
    sheet, _ = read("\n".join([HEADS, *rows]))
    assert [cells[3] for _, cells in sheet.read_rows()] == ["MB", "JW", "JW"]


@over(
    ("heads", "cell", "day", "noticed"),
    [
        ("Date", "31/06/2026", date(2026, 6, 30), False),
        ("Date", "??", date(2026, 3, 9), False),
        ("Date of event (if different)", "", date(2026, 4, 1), False),
        ("Date", "", date(2026, 4, 1), True),
    ],
)
def test_a_day_that_does_not_stand_there_is_likely_by_what_does(
    heads: str, cell: str, day: date, noticed: bool
) -> None:
    rows = ["2026-03-09,MB,slid,", f"{cell},MB,slid again,{'' if cell else '2026-04-01'}"]
    sheet, reading = read("\n".join([f"{heads},Client,What happened,Found", *rows]))
    reading = reading.take({0: "date", 3: "kept"})
    (likely,) = find_undated(survey_rows(sheet, reading), reading, {}).values()
    assert (likely.day, likely.noticed) == (day, noticed)


def test_a_weekday_beside_the_day_is_no_other_day() -> None:
    _, reading = read("Day,Date,Client,What happened\nMon,2026-03-09,MB,slid\n")
    assert reading.fields[:2] == ("kept", "date")


def test_a_mark_that_may_be_a_tick_is_asked_about() -> None:
    sheet, reading = read("Date,Client,What happened,Mum informed\n2026-03-09,MB,slid,/\n")
    assert survey_rows(sheet, reading).marks == {"/": 1}


def test_what_is_due_or_closed_is_no_day_of_the_event() -> None:
    sheet, reading = read(
        "Client,Date,What happened,F/U due,Closed,Logged\nMB,,slid,1/4/26,2/4/26,\n"
    )
    found = survey_rows(sheet, reading)
    assert (found.undated, found.elsewhere) == ({2: "is empty"}, {})


def test_a_reminder_among_the_rows_is_taken_and_named() -> None:
    rows = [",2026-03-09,8pm,MB,bus,Lunch money for the trip", ",2026-03-09,8pm,MB,hall,slid"]
    sheet, reading = read("\n".join([HEADS, *rows]))
    assert survey_rows(sheet, reading).asides == {2}


def test_what_is_said_of_people_is_open_where_it_is_not_plain() -> None:
    said = ['"O, NK(x), >OT"', '"SL, manager. Police (101) crime no. given"', "IRO by email"]
    said += [
        "GP no answer",
        '"Sister NOT told, social worker\'s advice"',
        '"Bev, mum at home time"',
    ]
    rows = [f",2/4/2026,8pm,MB,hall,slid,{each}" for each in said]
    sheet, reading = read("\n".join([f"{HEADS},Informed", *rows]))
    people = [lines for _, cells in sheet.read_rows() for *_, lines in read_people(cells, reading)]
    assert people == [
        ("O", "NK(x)", ">OT"),
        ("SL", "manager", "Police (101) crime no. given"),
        ("IRO by email",),
        ("GP no answer",),
        ("Sister NOT told, social worker's advice",),
        ("Bev", "mum at home time"),
    ]
    found = survey_rows(sheet, reading)
    assert [*found.open] == ["NK(x)", ">OT", "IRO by email", "GP no answer", people[4][0]]


def test_a_ditto_below_nothing_stays_and_a_month_above_gives_its_year() -> None:
    rows = ["Nov 2023,,,,,,", "7,3/11,8pm,MB,hall,slid,", "8,4/11,8pm,KT,hall,slid,as above"]
    sheet, reading = read("\n".join([f"{HEADS},Informed", *rows]))
    assert [cells[-1] for _, cells in sheet.read_rows()][-1] == "as above"
    assert not sheet.repeated
    assert survey_rows(sheet, reading).years == {2023: 2}


def test_who_knows_of_a_worry_is_asked_where_one_is_noted_alone() -> None:
    heads = f"{HEADS},Informed,Safeguarding,Safeguarding concern"
    said = "2/4/2026,8pm,MB,hall,spoke of abuse,Ann"
    sheet, reading = read(f"{heads}\n,{said},no,\n,{said},n/a,yes\n,{said},,\n")
    found = survey_rows(sheet, reading)
    assert ([*found.worry_told], [*found.worries]) == ([3, 4], [4])
    unsure = replace(reading, truths={("safeguarding", "n/a"): False})
    assert unsure.says_so("safeguarding", found.worry_told[3][0])


def test_days_in_lines_of_their_own_are_of_the_rows_below_them() -> None:
    rows = ["Monday 3rd November 2025,,,", "4,8pm,MB,slid", ",,,9/4/26 JP fell", "Tuesday 4th,,,"]
    sheet, reading = read("\n".join(["Flat,Time,Client,What happened", *rows, "6,7pm,MB,slid"]))
    assert sheet.has_day_lines
    assert [cells[-1] for _, cells in sheet.read_rows()] == [rows[0][:24]] * 2 + ["4 November 2025"]
    found = survey_rows(sheet, reading)
    assert (found.years, found.undated) == ({2025: 3}, {})


def test_a_worry_is_looked_for_in_each_cell_and_what_was_well_told_is_an_event() -> None:
    long, texts = "word " * 1200, ("Good job I smelt the gas", "ok, left alone in the bath", "ok")
    rows = [f',2/4/2026,8pm,MB,hall,"{each}",{long if each == "ok" else ""}' for each in texts]
    heads = f"{HEADS},Notes,More"
    sheet, reading = read(
        "\n".join([heads, *rows, f",3/4/2026,8pm,MB,hall,{long},,her son hits her"])
    )
    found = survey_rows(sheet, reading)
    assert found.no_reports == {4}
    assert found.worries == {5: "son hits her"}
