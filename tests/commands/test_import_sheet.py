"""``nearmiss import`` of a carer's own sheet: asked at a terminal, refused in words without one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import IncidentFields, ReportFields
from nearmiss.records.read import read_records
from tests.cases import over
from tests.conftest import NOW, Outcome, Run, make_report
from tests.interview.terminal import ESCAPE, Terminal, name_carer

SHEETS = Path(__file__).parents[1] / "intake" / "sheets"
HEADS = "client,occurred_at,location,category,what_nearly_happened,how_prevented,immediate_action"
REST = "Lounge,mobility,Slid,Caught,Sat"  # of a row, behind who and when
ROW = "MB,03/04/2026 20:15,Lounge,mobility,Nearly fell,Caught,Sat down"


@pytest.fixture
def take(run: Run, tmp_path: Path) -> Any:
    """Import a sheet of this text, or of this name among the samples."""

    def take(sheet: str, *options: str) -> Outcome:
        path = tmp_path / "in.csv"
        sample = SHEETS / f"{sheet}.csv" if "\n" not in sheet else None
        path.write_bytes(sample.read_bytes() if sample else sheet.encode())
        return run("import", str(path), *options)

    return take


@pytest.fixture
def begin(home: Path, tmp_path: Path) -> Callable[[str], Terminal]:
    """Begin to import a sheet of this text at a terminal, as a carer who has a name."""
    name_carer(home)

    def begin(text: str) -> Terminal:
        path = tmp_path / "own.csv"
        path.write_text(text)
        return Terminal("import", str(path))

    return begin


def list_reports(book: Logbook) -> list[ReportFields]:
    """Return the reports of the book as they stand, the first one first."""
    return [each.report for each in read_records(book, lambda unreadable: None)][::-1]


def change_row(terminal: Terminal, taken: int, row: str, what: str) -> None:
    """Have a row changed before so many are saved, by the number of what is to be changed."""
    terminal.answer(f"Save {taken} report{'s' * (taken > 1)}?", "c")
    terminal.answer("Which rows?", row)
    terminal.answer(f"Row {row}: what is to be changed?", what)


def take_rows(take: Any, run: Run, text: str, *options: str) -> list[dict[str, Any]]:
    done = take(text, *options)
    assert done.code == 0, done.err
    rows: list[dict[str, Any]] = run("list", "--all", "--json").rows
    return rows[::-1]


def test_safeguarding_is_yes_for_anything_but_a_plain_no(take: Any, run: Run) -> None:
    unsure = ["Yes - possible neglect", "Yes.", "Possible", "maybe", "?", "x", "✓"]
    unsure += ["Possible concern raised", "TRUE", "n/a", "No concerns"]
    plain = ["", "no", "No.", "N", "false", "0", "None", "-", "Not flagged"]
    lines = [f"{ROW} {at},{cell}" for at, cell in enumerate([*unsure, *plain])]
    text = "\n".join([f"{HEADS},safeguarding", *lines])
    rows = take_rows(take, run, text)
    assert [row["safeguarding"] for row in rows] == [True] * len(unsure) + [False] * len(plain)
    assert "safeguarding: Yes - possible neglect" in run("show", rows[0]["id"]).out
    said = take(text, "--dry-run").err
    assert (
        'Counted as yes (a worry about harm or neglect): "Yes - possible neglect" (1 row)' in said
    )


def test_of_two_columns_of_safeguarding_a_yes_in_either_is_one(take: Any, run: Run) -> None:
    cells = ["no,Yes", "Yes,no", "no,no", ",maybe"]
    lines = [f"{ROW} {at},{cell}" for at, cell in enumerate(cells)]
    text = "\n".join([f"{HEADS},Safeguarding,Safeguarding concern", *lines])
    for options in ((), ("--column", "Safeguarding=safeguarding")):
        done = take(text, "--dry-run", *options)
        assert 'one of these says yes: "Safeguarding" and "Safeguarding concern".' in done.err
    rows = take_rows(take, run, text)
    assert [row["safeguarding"] for row in rows] == [True, True, False, True]


def test_a_head_that_denies_a_worry_is_never_one_of_worries(take: Any, run: Run) -> None:
    text = f"{HEADS},No safeguarding concern\n{ROW},Yes\n{ROW} 2,No\n"
    done = take(text)
    assert (done.code, "=safeguarding" in done.err) == (2, False)
    assert 'The column "No safeguarding concern" ("Yes", "No") is not known.' in done.err
    first, second = take_rows(take, run, text, "--column", "*=kept")
    assert (first["safeguarding"], second["safeguarding"]) == (False, False)
    claims = [*first["claims"], *second["claims"]]
    assert claims == ["No safeguarding concern: Yes", "No safeguarding concern: No"]
    said = 'of a worry about harm stand in row 3 ("No safeguarding concern: No"). None is noted.'
    assert said in take(text, "--column", "*=kept", "--dry-run").err


def test_what_a_spreadsheet_had_no_value_for_and_bare_marks_are_kept_and_named(
    take: Any, run: Run
) -> None:
    text = (
        f"{HEADS},informed,safeguarding,recommendations\n{ROW},x,#REF!,#N/A\n"
        f"{ROW.replace('Caught', 'y')},?,no,a mat\n"
    )
    done = take(text)
    assert (done.code, 'There is no "How it was prevented" in' in done.err) == (2, True)
    first, second = take_rows(take, run, text, "--missing", "not-known")
    assert (first["safeguarding"], first["recommendations"], first["informed"]) == (True, [], [])
    assert first["claims"] == ["informed: x", "safeguarding: #REF!", "recommendations: #N/A"]
    assert second["claims"] == ["how_prevented: y", "informed: ?"]
    said = take(text, "--missing", "not-known", "--dry-run").err
    assert (
        'Not readable, and kept in the sheet\'s own words: "#N/A" below "recommendations"' in said
    )
    assert 'Not clear, and kept in the sheet\'s own words: "y" below "how_prevented"' in said


def test_about_by_words(take: Any, run: Run) -> None:
    text = f"{HEADS},occurred_approx\n{ROW},approx.\n{ROW} 2,exact\n"
    rows = take_rows(take, run, text)
    assert [row["occurred_approx"] for row in rows] == [True, True]
    said = take(text, "--dry-run").err
    assert 'Counted as yes (an hour that is only about right): "exact" (1 row).' in said


@pytest.mark.usefixtures("usual_day")
@over(
    ("sheet", "said"),
    [
        ("unclosed", "Row 2: a quotation mark"),
        ("twodates", "--column Date=ignore"),
        ("threedates", "--column Date=ignore"),
        ("emptyhead", '"column H" ("daughter told at 9") is not known'),
        ("statuscol", '"status" ("closed") is not known'),
        ("cp850", 'As MS-DOS text it says: "café … £5'),
        ("macroman", 'As Macintosh text it says: "café … jalapeño'),
        ("utf8_one_bad_byte", "row 3, row: holds bytes that are not UTF-8"),
        ("dateonly", "--hour-not-known"),
        ("msforms", "--missing not-known"),
        ("titled", "--entry near-miss"),
        ("n1", '"Mary Brown" (row 2) looks like a full name'),
    ],
)
def test_what_would_be_asked_is_refused_in_words(
    run: Run, home: Path, sheet: str, said: str
) -> None:
    done = run("import", str(SHEETS / f"{sheet}.csv"))
    assert (done.code, said in done.err) == (2, True), done.err
    assert not (home / "logbook.jsonl").exists()


@pytest.mark.usefixtures("usual_day")
@over(
    ("sheet", "options", "moments"),
    [
        ("us", (), ["2026-04-03T20:15", "2026-04-13T20:15", "2026-11-02T20:15"]),
        ("seconds", (), ["2026-04-03T20:15"] * 2 + ["2026-04-03T21:15"] + ["2026-04-03T20:15"] * 2),
        ("serial", ("--hour-not-known",), ["2026-04-03T20:15", "2026-04-03T12:00"]),
        ("blanktop", (), ["2026-04-03T20:15"]),
        ("sep_line", (), ["2026-04-03T20:15"]),
        ("idcol", (), ["2026-04-03T20:15", "2026-04-04T20:15"]),
        ("twodates", ("--column", "Date=ignore"), ["2026-04-03T20:15"]),
        ("twodates", ("--column", "Date=date"), ["2026-04-09T10:00"]),
        ("statuscol", ("--column", "Status=ignore"), ["2026-04-03T20:15"]),
        ("cp850", ("--yes",), ["2026-04-03T20:15"]),
        ("msforms", ("--missing", "not-known"), ["2026-11-02T19:50", "2026-11-13T08:45"]),
        (
            "titled",
            ("--entry", "near-miss", "--missing", "not-known"),
            ["2026-04-03T20:15"],
        ),
    ],
)
def test_sheets_are_taken_as_they_say(
    run: Run, tmp_path: Path, sheet: str, options: tuple[str, ...], moments: list[str]
) -> None:
    other = str(tmp_path / f"{sheet}{len(options)}{options[-1:]}.jsonl")
    done = run("--logbook", other, "import", str(SHEETS / f"{sheet}.csv"), *options)
    assert done.code == 0, done.err
    rows = run("--logbook", other, "list", "--all", "--json").rows[::-1]
    assert [row["occurred_at"][:16] for row in rows] == moments


def test_each_fault_is_said_once_with_ten_examples_at_most(take: Any) -> None:
    bad = "MB,31/02/2026 20:15,Lounge,mobility,Nearly fell,Caught,Sat down"
    done = take("\n".join([HEADS, *[bad] * 300]))
    assert done.code == 2
    assert "300 rows (2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 290 more), Date and time:" in done.err
    assert len(done.err.splitlines()) < 6


@over("year", ["1926", "1900"])
def test_a_year_in_which_nothing_was_written_down_is_refused(
    take: Any, run: Run, year: str
) -> None:
    done = take(f"{HEADS}\n{ROW.replace('2026', year)}\n")
    assert (done.code, f"is in the year {year}" in done.err) == (2, True)
    typed = f'{{"client": "MB", "occurred_at": "{year}-04-03T20:15"}}\n'
    assert f"That is in the year {year}" in take(typed).err


def test_mixed_orders_of_days_are_refused_with_their_rows(take: Any) -> None:
    days = ["04/13/2026 20:15", "13/04/2026 20:15", "04/03/2026 20:15"]
    done = take("\n".join([HEADS, *(ROW.replace("03/04/2026 20:15", each) for each in days)]))
    assert done.code == 2
    assert "the day first in row 3, the month first in row 2" in done.err


def test_a_kind_that_is_none_of_the_six_is_suggested_only_where_that_is_said(
    take: Any, run: Run
) -> None:
    text = f"{HEADS}\n{ROW.replace('mobility', 'kitchen')}\n"
    done = take(text)
    assert (done.code, 'None of the six kinds: "kitchen".' in done.err) == (2, True)
    assert "--missing not-known" in done.err
    (row,) = take_rows(take, run, text, "--missing", "not-known")
    assert row["category"] == "mobility"


def test_people_are_parted_and_those_not_reached_were_tried(take: Any, run: Run) -> None:
    told = "Daughter (Sue), phone; GP surgery, no answer\nTBC"
    (row,) = take_rows(take, run, f'{HEADS},Who was informed\n{ROW},"{told}"\n')
    assert row["informed"] == ["Daughter (Sue), phone"]
    assert row["tried"] == ["GP surgery, no answer"]


def test_a_yes_below_who_was_told_names_nobody(take: Any, run: Run) -> None:
    text = f"{HEADS},Who was informed\n{ROW},Yes\n{ROW},daughter\n"
    done = take(text)
    assert (done.code, "Who was informed: says yes, and not who was told" in done.err) == (2, True)
    assert [row["informed"] for row in take_rows(take, run, text, "--skip-damaged")] == [
        ["daughter"]
    ]


def test_who_was_neither_told_nor_tried_is_kept_in_the_sheet_s_words(take: Any, run: Run) -> None:
    cells = ["will be told: Ann", "nobody at home", "daughter unaware; GP", "not the GP"]
    said = enumerate(("rang twice, no reply: GP", *cells))
    lines = [f'{ROW.replace("Sat", f"{at} Sat")},"{each}"' for at, each in said]
    tried, *rows = take_rows(take, run, "\n".join([f"{HEADS},informed", *lines]))
    assert (tried["informed"], tried["tried"]) == ([], ["rang twice, no reply: GP"])
    assert [row["claims"] for row in rows] == [[f"informed: {each}"] for each in cells]
    assert [row["informed"] for row in rows] == [[], [], ["GP"], []]
    assert not any("tried" in row for row in rows)


def test_of_two_columns_with_one_head_one_can_be_left_out(take: Any, run: Run) -> None:
    text = (
        f"{HEADS.replace('occurred_at', 'Date,Date')}\n{ROW.replace(',', ',2026-04-01 9:00,', 1)}\n"
    )
    assert "--column 'Date (2)=ignore'" in take(text).err
    row = take_rows(take, run, text, "--column", "Date (2)=ignore")[0]
    assert row["occurred_at"][:10] == "2026-04-01"


def test_what_can_not_be_seen_in_a_client_is_taken_out(take: Any, run: Run) -> None:
    rows = take_rows(take, run, f"{HEADS}\n\u200bM\u00a0B\u2060,{ROW[3:]}\n\ufeffKT,{ROW[3:]}\n")
    assert [row["client"] for row in rows] == ["M B", "KT"]


def test_who_looks_like_a_client_here_is_asked_about(take: Any, book: Logbook) -> None:
    book.append([make_report(client="MB")], "M", NOW)
    done = take(f"{HEADS}\nM.B.,{ROW[3:]}\n")
    assert (done.code, "looks like MB: is it the same person?" in done.err) == (2, True)


@pytest.mark.usefixtures("usual_day")
def test_what_a_sheet_says_of_its_writing_is_only_claimed(
    take: Any, run: Run, book: Logbook
) -> None:
    text = f"{HEADS},recorded_at,recorded_by,ID\n{ROW},2026-04-04T09:05:00Z,Nurse Joy,7\n"
    assert take(text).code == 0
    line = json.loads(book.path.read_bytes().splitlines()[1])
    assert line["claims"] == ["written 2026-04-04T09:05:00Z by Nurse Joy", "its number: 7"]
    assert not {"origin_recorded_at", "origin_recorded_by"} & line.keys()
    said = " ".join(run("show").out.split())
    assert "From a sheet, entered Tue 24 Nov 2026, 09:00" in said
    assert "the sheet says: written 2026-04-04T09:05:00Z by Nurse Joy; its number: 7" in said


@pytest.mark.usefixtures("usual_day")
def test_days_in_doubt_are_refused_where_nobody_is_asked(take: Any, run: Run) -> None:
    good = f"{ROW},2026-04-04"
    text = f"{HEADS},Timestamp\n{good}\n{ROW.replace('03/04', '13/06')},2026-04-13\n"
    done = take(text)
    assert (done.code, "Row 3: 13 Jun 2026 lies after it was written" in done.err) == (2, True)
    assert [row["client"] for row in take_rows(take, run, text, "--skip-damaged")] == ["MB"]


def test_a_near_miss_that_tells_of_an_injury_is_refused(take: Any) -> None:
    done = take(f"{HEADS},Injury\n{ROW},bruised arm\n", "--entry", "near-miss")
    assert (done.code, "Was it an incident?" in done.err) == (2, True)


def test_incidents_and_near_misses_by_a_column(take: Any, run: Run) -> None:
    heads = "Type,Client,When,Where,Description,Action taken,Injury"
    lines = [
        "Near miss,MB,03/04/2026 20:15,hall,slid,sat,",
        "Accident,MB,04/04/2026 20:15,hall,fell,sat,bruised arm",
    ]
    text = "\n".join([heads, *lines])
    rows = take_rows(take, run, text, "--missing", "not-known")
    assert [row["entry"] for row in rows] == ["report", "incident"]
    assert (rows[0]["how_prevented"], rows[1]["injury"]) == ("not known", "bruised arm")


def test_good_rows_can_be_taken_and_the_rest_is_in_a_sheet_of_its_own(
    take: Any, run: Run, tmp_path: Path
) -> None:
    done = take(f"{HEADS}\n{ROW}\nMB,31/02/2026 9:00,=1+1,mobility,a,b,c\n", "--skip-damaged")
    assert done.code == 0, done.err
    assert "1 row is in" in done.err
    left = tmp_path / "left-out-in.csv"
    assert left.stat().st_mode & 0o777 == 0o600
    text = left.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    assert "31/02/2026" in text.splitlines()[1]
    assert "no day of the calendar" in text
    left.write_text(text.replace("31/02", "28/02"), encoding="utf-8-sig")
    assert run("import", str(left)).code == 0, "put right, it comes in"


def test_what_is_nearly_here_is_told(take: Any, book: Logbook) -> None:
    what = "MB nearly slid off the chair in the lounge"
    book.append(
        [make_report(occurred_at="2026-04-03T21:00:00+01:00", what_nearly_happened=what)], "M", NOW
    )
    done = take(f"{HEADS}\n{ROW.replace('Nearly fell', what)}\n")
    assert "Nearly the same as reports that are here: row 2: " in done.err


def test_an_import_is_undone_and_counts_as_not_here(take: Any, run: Run, book: Logbook) -> None:
    first = take(f"{HEADS}\n{ROW}\nKT,{ROW[3:]}\n").out.split()[0]
    assert take(f"{HEADS}\n{ROW}\n").out == ""
    undone = run("import", "--undo", "last")
    assert (undone.code, "Taken back: 2 entries" in undone.err) == (0, True), undone.err
    assert all(record.withdrawn for record in read_records(book, lambda unreadable: None))
    assert run("import", "--undo", first).code == 1
    assert run("verify").code == 0
    assert len(take(f"{HEADS}\n{ROW}\n").out.split()) == 1, "it comes in again"


def test_what_was_erased_does_not_come_back_with_its_sheet(take: Any, run: Run) -> None:
    first = take(f"{HEADS}\n{ROW}\n").out.strip()
    assert run("erase", first, "--reason", "x", "--yes").code == 0
    again = take(f"{HEADS}\n{ROW}\n")
    assert (again.out, "Left out, as it was erased here: row 2." in again.err) == ("", True)
    assert "here already" not in again.err


def test_a_line_of_somebody_reached_and_somebody_not_is_parted(take: Any, run: Run) -> None:
    told = "rang 111, no answer, then 999 and they came"
    (row,) = take_rows(take, run, f'{HEADS},Who was informed\n{ROW},"{told}"\n')
    assert (row["informed"], row["tried"]) == (["999 and they came"], ["rang 111, no answer"])


def test_of_a_line_that_says_not_plainly_who_was_reached_nobody_counts_as_told(
    take: Any, run: Run
) -> None:
    text = f"{HEADS},told\n{ROW},Told mum dad's phone was off\n"
    assert 'Who of "Told mum dad\'s phone was off" was reached' in take(text, "--dry-run").err
    (row,) = take_rows(take, run, text)
    assert (row["informed"], row["tried"]) == ([], ["Told mum dad's phone was off"])


def test_an_undo_names_what_was_written_since(take: Any, run: Run) -> None:
    first = take(f"{HEADS}\n{ROW}\n").out.strip()
    note = run("follow-up", first, "--note", "Seen again").out.strip()
    undone = run("import", "--undo", first)
    assert (undone.code, note in undone.err) == (1, True)
    assert run("list", "--json").rows[0]["status"] == "open"


def test_an_import_is_undone_by_the_number_it_said_though_that_was_erased(
    take: Any, run: Run, book: Logbook
) -> None:
    first, second = take(f"{HEADS}\n{ROW}\nKT,{ROW[3:]}\n").out.split()
    assert run("erase", first, "--reason", "x", "--yes").code == 0
    undone = run("import", "--undo", first)
    assert f"Taken back: 1 entry, {second}." in undone.err
    assert run("import", "--undo", "1").code == 1


def test_a_book_that_came_in_is_undone_too(run: Run, book: Logbook, tmp_path: Path) -> None:
    book.append([make_report()], "M", NOW)
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report(client="JS")], "Ann", NOW)
    first = run("import", str(other.path)).out.strip()
    assert run("import", "--undo", first).code == 0
    assert len(run("import", str(other.path)).out.split()) == 1


def test_an_own_export_adds_nothing_and_what_was_changed_in_it_comes_in(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    reports = [make_report(informed=["GP; out of hours"]), make_report(client="JS", location="x")]
    book.append(reports, "M", NOW)
    file = tmp_path / "all.csv"
    run("export", "--for", "own", "--format", "csv", "-o", str(file))
    assert run("import", str(file)).out == ""
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace("lounge, by the armchair", "kitchen", 1), encoding="utf-8-sig")
    assert len(run("import", str(file)).out.split()) == 1


def test_an_own_workbook_is_taken_in_again(run: Run, book: Logbook, tmp_path: Path) -> None:
    told = make_report(safeguarding=True, informed=["son, phone"], immediate_action="y")
    untold = make_report(informed=[], how_prevented="same", location="?", tried=["GP, no answer"])
    book.append([told, untold], "M", NOW)
    own = run("list", "--all", "--json").rows
    for form in ("xlsx", "csv"):
        file = tmp_path / f"all.{form}"
        run("export", "--for", "own", "--format", form, "-o", str(file))
        other = ("--logbook", str(tmp_path / f"{form}.jsonl"))
        done = run(*other, "import", str(file))
        assert done.code == 0, done.err
        rows = run(*other, "list", "--all", "--json").rows
        for name in ReportFields.model_fields:
            assert [row.get(name) for row in rows] == [row.get(name) for row in own], name


DAYS_SO = "The days are read like this: is it right?"
CLIENTS_SO = "Clients, as they are taken: is this right?"
READ_SO = "The sheet is read like this: is it right?"
OWN = (
    "Initials,Date,Time,Where was it,What happened,Stopped because,Action,Weather,Type\n"
    "MB,13/04/2026,21:15,lounge,Slid on the rug,I held him,Moved the rug,rain,Wobbling\n"
    "MB,14/04/2026,8am,hall,Slid again,I held him,Moved it,dry,Wobbling\n"
    "KT,15/04/2026,8am,hall,Nearly fell,Her frame,Sat her down,dry,Fall\n"
)


def test_at_a_terminal_all_is_asked_once_shown_and_remembered(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    terminal = begin(OWN)
    terminal.see('Client: "Initials" ("MB", "KT")')
    terminal.see('How it was prevented: "Stopped because"')
    terminal.see('8 "Weather".')
    terminal.answer("Are the columns read right?", "8")
    terminal.see('What does the column "Weather" hold?')
    terminal.answer("Leave this column out", "x")
    terminal.answer("Are the columns read right?", "")
    terminal.answer("What are these?", "1")
    terminal.see('2  The kinds: "Wobbling" (2 rows): suggested from what was written')
    terminal.answer(READ_SO, "2")
    terminal.answer('Which kind is "Wobbling"? (2 rows)', "1")
    terminal.see('2  The kinds: "Wobbling" (2 rows): ')
    terminal.answer(READ_SO, "")
    terminal.see("14 Apr 2026, 08:00")
    change_row(terminal, 3, "3", "1")
    terminal.answer("Save 2 reports?", "y")
    said = terminal.finish()
    assert terminal.code == 0
    assert "1 row is in" in said
    assert "nearmiss import --undo" in said
    reports = [record.report for record in read_records(book, lambda unreadable: None)]
    assert [each.client for each in reports] == ["KT", "MB"]
    assert reports[1].outcome == "I held him"

    later = OWN.replace("13/04", "16/04").replace("14/04", "17/04").replace("15/04", "18/04")
    terminal = begin(later)
    terminal.see("as they were the last")
    terminal.answer("Are the columns read right?", "")
    terminal.answer("What are these?", "2")
    terminal.answer(READ_SO, "1")
    terminal.answer("What are these?", "2")
    terminal.see("1  Incidents: somebody was hurt")
    terminal.answer(READ_SO, "1")
    terminal.answer("What are these?", "1")
    terminal.see("1  Near misses: nobody was hurt")
    terminal.answer(READ_SO, "")
    terminal.answer("Save 3 reports?", "n")
    assert "Nothing was imported." in terminal.finish()


def test_at_a_terminal_two_columns_names_and_worries_are_asked(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    heads = HEADS.replace("occurred_at", "When,Date") + ",safeguarding,GP informed"
    terminal = begin(
        f"{heads}\nMary Brown,03/04/2026 20:15,09/04/2026,Lounge,mobility,Slid,Caught,Sat,hm,Yes\n"
    )
    terminal.answer("Which column says it: when it happened?", "1")
    terminal.answer(DAYS_SO, "")
    terminal.see('1  A worry about harm or neglect: "hm" (row 2): yes')
    terminal.see('3  Clients, as they are taken: "Mary Brown" (row 2): MB')
    terminal.answer(READ_SO, "1")
    terminal.answer('"hm" stands in row 2: a worry', "n")
    terminal.see('"hm" (row 2): no')
    terminal.answer(READ_SO, "")
    terminal.see('A yes below "GP informed" is taken as: GP.')
    terminal.answer("Save 1 report?", "y")
    terminal.finish()
    (report,) = list_reports(book)
    assert (report.client, report.safeguarding, report.informed) == ("MB", False, ["GP"])
    assert report.occurred_at.startswith("2026-04-03T20:15")


def test_one_person_under_two_names_and_two_in_one_cell_are_asked_about(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    days = zip(("Doris", "DF", "RK Rm 2 / HB Rm 7", "DF"), range(13, 17), strict=True)
    terminal = begin(
        "\n".join([HEADS, *(f"{who},{day}/04/2026 20:15,{REST}" for who, day in days)])
    )
    terminal.see('1  Clients, as they are taken: "RK Rm 2 / HB')
    terminal.see('2  One person or two: "Doris" (row 2): kept apart from "DF"')
    terminal.answer(READ_SO, "2")
    terminal.answer("one person or two?", "2")
    terminal.see("the same as DF")
    terminal.answer(READ_SO, "")
    terminal.answer("Save 4 reports?", "y")
    terminal.finish()
    assert [each.client for each in list_reports(book)] == ["DF", "DF", "RK", "DF"]


def test_a_client_is_above_or_as_answered_whatever_words_stand_there(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    clients = zip(("See before", "RK / HB", "as above"), range(13, 16), strict=True)
    rows = [f"{who},{day}/04/2026 20:15,{REST}" for who, day in clients]
    terminal = begin("\n".join([HEADS, *rows]))
    terminal.answer(READ_SO, "1")
    terminal.answer(CLIENTS_SO, "2")
    terminal.answer('"See before" (row 2) names no client. Who was it?', "MB")
    terminal.answer(CLIENTS_SO, "1")
    terminal.answer("In whose record does it go?", "RK / HB")
    terminal.answer(CLIENTS_SO, "")
    terminal.answer(READ_SO, "")
    terminal.see('Taken from the row above, for "as above": row 4.')
    terminal.answer("Save 3 reports?", "y")
    terminal.finish()
    assert [each.client for each in list_reports(book)] == ["MB", "RK / HB", "RK / HB"]


def test_going_back_from_the_rows_keeps_what_was_said_and_changed(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    rows = [f"Doris,13/04/2026 20:15,{REST}", f"DF,14/04/2026 20:15,{REST}"]
    rows += [f",15/04/2026 20:15,{REST}", f"Mary Brown,,{REST}"]
    terminal = begin("\n".join([HEADS, *rows]).replace("/04/", "/03/"))
    terminal.see("1  Row 5 is empty: 15 Mar 2026, as the row above says")
    terminal.answer(DAYS_SO, "1")
    terminal.answer("Which day was it?", "-")
    terminal.answer(DAYS_SO, "")
    terminal.see('Clients, as they are taken: "Mary Brown" (row 5): MB')
    terminal.answer(READ_SO, "3")
    terminal.answer("one person or two?", "2")
    terminal.answer(READ_SO, "2")
    terminal.answer(CLIENTS_SO, "1")
    terminal.answer("looks like a full name. Which initials?", "MBr")
    terminal.answer(CLIENTS_SO, "")
    terminal.see("the same as DF")
    terminal.answer(READ_SO, "")
    change_row(terminal, 3, "3", "5")
    terminal.answer("Row 3: which day was it?", "12/3/2026")
    terminal.see("12 Mar 2026, 20:15")
    change_row(terminal, 3, "4", "6")
    terminal.answer("Who was it?", "RK")
    terminal.see("Save 3 reports?")
    terminal.child.send(ESCAPE)
    terminal.see("the same as DF")
    terminal.answer(READ_SO, "")
    terminal.see("12 Mar 2026, 20:15")
    terminal.answer("Save 3 reports?", "c")
    terminal.answer("Which rows?", "5")
    terminal.answer("Row 5: which day was it?", "")
    terminal.answer("Save 4 reports?", "y")
    terminal.finish()
    reports = list_reports(book)
    assert [each.client for each in reports] == ["DF", "DF", "RK", "MBr"]
    moments = ["13T20:15", "12T20:15", "15T20:15", "15T12:00"]
    assert [each.occurred_at[8:16] for each in reports] == moments
    assert [each.hour_not_known for each in reports] == [None, None, None, True]


def test_a_diary_s_days_are_of_the_month_in_its_title_and_its_hours_in_its_words(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    said = ["slid about 8pm", "slid at 10.30am", "slid", "slid", "slid"]
    days = zip(("Weds 1st", "Thurs 2nd", "Fri 3rd", "6th", "Tues 7th"), said, strict=True)
    rows = [f"MB,{day},Lounge,Falls,{what},Caught,Sat" for day, what in days]
    terminal = begin(
        "\n".join(["Diary April 2026", "", HEADS.replace("occurred_at", "Day"), *rows])
    )
    terminal.see("Wed 1 Apr 2026 (row 4) to Tue 7 Apr 2026")
    terminal.answer(DAYS_SO, "")
    terminal.see('1  No column of times; one stands in the words of 2 rows ("about')
    terminal.answer(READ_SO, "")
    terminal.answer("Save 5 reports?", "y")
    terminal.finish()
    reports = list_reports(book)
    moments = ["01T20:00", "02T10:30", "03T12:00", "06T12:00", "07T12:00"]
    assert [each.occurred_at[8:16] for each in reports] == moments
    assert [each.hour_not_known for each in reports] == [None, None, True, True, True]
    assert reports[0].occurred_approx


def test_without_a_terminal_two_names_are_kept_apart_and_named(take: Any) -> None:
    text = f"{HEADS}\n{ROW}\n{ROW.replace('MB', 'Mary')}\n"
    assert 'may be one person: "MB" and "Mary"' in take(text).err


def test_going_back_before_the_first_question_leaves_the_import(
    begin: Callable[[str], Terminal],
) -> None:
    terminal = begin(f"{HEADS}\n{ROW.replace('03/04/2026 20:15', '13/04/2026')}\n")
    terminal.answer(READ_SO, ESCAPE, ends="")
    assert "Nothing was imported." in terminal.finish()


NIGHTS = """Night of,Time,Resident,What happened,Rang,Got hold of?,Why,Manager comments
1/12/2025,23:40,MB,Slid off the bed,"Bev, mum","Bev yes, mum no answer",rail down,
2/12/2025,02:10,All,Alarm panel dark all night,,,not known,
3/12/2025,01:15,MB,Purse short again,Bev,✓,,Needs a safeguarding alert
"""


def test_what_has_no_field_is_kept_and_what_only_the_writer_knows_is_asked(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    terminal = begin(NIGHTS)
    terminal.see('Whether they were reached: "Got hold of?"')
    terminal.see('Kept in the sheet\'s own words: 7 "Why", 8 "Manager comments".')
    terminal.answer("Are the columns read right?", "")
    terminal.answer(DAYS_SO, "")
    terminal.see("times after midnight (2 rows): of the next day")
    terminal.see("Words that may tell of a worry about harm stand in")
    terminal.see('Clients, as they are taken: "All" (row 3): not known')
    terminal.answer(READ_SO, "5")
    terminal.see("in row 4: all who were told there")
    terminal.answer(READ_SO, "")
    terminal.see("Moving or falling 1 (row 2)")
    change_row(terminal, 3, "3", "4")
    terminal.answer("Which kind?", "1")
    terminal.see("Row 3: Moving or falling.")
    change_row(terminal, 3, "2", "3")
    terminal.answer("Row 2: a worry about harm or neglect?", "1")
    terminal.see("[incident, concern]")
    terminal.answer("Save 3 reports?", "y")
    terminal.finish()
    records = list(read_records(book, lambda unreadable: None))
    last, alarm, first = (each.report for each in records)
    assert [each.occurred_at[:16] for each in (first, alarm, last)] == [
        "2025-12-01T23:40",
        "2025-12-03T02:10",
        "2025-12-04T01:15",
    ]
    assert [each.category for each in (first, alarm, last)] == ["mobility", "mobility", "other"]
    assert (first.informed, first.tried) == (["Bev"], ["mum - no answer"])
    assert (first.safeguarding, first.concern_informed) == (True, ["Bev"])
    assert (alarm.client, last.safeguarding, last.concern_informed) == ("not known", True, ["Bev"])
    kept = [each.claims for each in records]
    assert kept[0] == ("Manager comments: Needs a safeguarding alert",)
    assert kept[1:] == [("Resident: All",), ("Why: rail down",)]


DIARY = """Mon 3 June 2024,"Smell of gas, ring left on. I opened everything. Told Col on the phone."
Tue 4 June 2024,Lovely day. Sat in garden.
Sun 9 June 2024,"Church, Col took her, and I had a bath."
Mon 17 June 2024,Fell in the bathroom. Cut above eye. The surgery was engaged.
Tue 25 June 2024,"£1,800 gone in a week. I told the bank and police 101."
"""


def test_a_diary_is_taken_as_a_book_of_events_and_who_was_told_is_said_by_hand(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    terminal = begin(DIARY)
    terminal.answer("Is this a report already", "y")
    terminal.answer("Are the columns read right?", "")
    terminal.answer("Who is it, in all rows?", "JD")
    terminal.see('in row 5 ("£1,800 gone")')
    terminal.answer(READ_SO, "")
    terminal.see("Row 4: the injury is as what happened tells it")
    terminal.see("Nobody is noted as told in rows 1 and 5")
    terminal.see("2  Tue 4 June 2024 Lovely day")
    terminal.see("Taken, and perhaps no reports:")
    change_row(terminal, 4, "3", "1")
    change_row(terminal, 3, "5", "7")
    terminal.answer("Row 5: who was told?", "")
    terminal.answer("Row 5: who was tried, and not reached?", "")
    terminal.answer("Save 3 reports?", "y")
    terminal.finish()
    gas, fall, money = list_reports(book)
    assert isinstance(fall, IncidentFields)
    assert (fall.injury, gas.informed) == ("Fell in the bathroom; Cut above eye", [])
    assert money.safeguarding
    assert money.informed == money.concern_informed == ["I told the bank and police 101"]


def test_a_near_miss_with_an_injury_is_an_incident_unless_it_is_said_otherwise(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    heads = f"{HEADS},Injury,What it is,Informed"
    terminal = begin(f'{heads}\n{ROW},Cut lip,Near miss,"O, SW(x), >OT"\n')
    terminal.answer(DAYS_SO, "")
    terminal.see('An injury stands in near misses, row 2 ("Cut lip"): they are taken as')
    terminal.see('"SW(x)" (row 2): only tried; ">OT" (row 2): neither')
    terminal.answer(READ_SO, "")
    terminal.answer("Save 1 report?", "y")
    terminal.finish()
    (report,) = list_reports(book)
    assert isinstance(report, IncidentFields)
    assert report.injury == "Cut lip"
    assert (report.informed, report.tried) == (["O"], ["SW(x)"])


def test_what_is_put_right_by_hand_holds_alone_where_it_can_be_taken(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    heads = f"{HEADS},Injury,What it is,Informed,Safeguarding,Tried"
    said = "Cut lip,Accident,Social worker,yes,GP rang back re Sue"
    terminal = begin(f"{heads}\n{ROW.replace('03/04', '13/04')},{said}\n")
    terminal.see("Told, or only tried")
    terminal.answer(READ_SO, "2")
    terminal.answer("Was somebody reached?", "b")
    terminal.answer("Who was told?", "GP")
    terminal.answer("And who was only tried?", "Sue")
    terminal.answer(READ_SO, "")
    change_row(terminal, 1, "2", "8")
    terminal.answer("What was the injury?", "Cut lip, two stitches")
    change_row(terminal, 1, "2", "7")
    terminal.answer("Row 2: who was told?", "GP; Daughter (asked me not to ring 111)")
    terminal.answer("Row 2: who was tried, and not reached?", "Social worker")
    terminal.answer("Save 1 report?", "y")
    terminal.finish()
    (report,) = list_reports(book)
    assert isinstance(report, IncidentFields)
    assert report.injury == "Cut lip, two stitches"
    assert report.informed == ["GP", "Daughter (asked me not to ring 111)"]
    assert (report.tried, report.concern_informed or []) == (["Social worker"], [])


def test_the_kind_of_a_sheet_of_one_kind_is_as_it_is_called(take: Any, run: Run) -> None:
    heads = HEADS.replace(",category", "")
    done = take(
        f"Falls log,,,,,\n{heads}\n{ROW.replace(',mobility', '')}\n", "--missing", "not-known"
    )
    assert "The kind where no words suggest one, as the sheet is called" in done.err


REGISTER = """The Elms 2025,,,,,,,,
,,,,,,,,
Date,Time,Surname,Forename,Type,What happened,Injury,Family contacted Y/N,Initials
MARCH,,,,,,,,
Sat 8 March,P1,Hartley,Oliver,NM,Chair tipped,None. Watched,Y - mum,KD
9/3,3:30,Hartley,Oliver,Acc,Fell off the bench,Bump,"N - dad no answer, LM",KD
2025-03-10,half 8 at night,Begum,Safiya,Concern,Said she is hit,Bruise,Declined,KD
TOTAL,,,,3,,,,
"""


def test_a_register_is_asked_about_its_year_codes_and_names(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    terminal = begin(REGISTER)
    terminal.see("Which column says whom it is about?")
    terminal.answer('"Forename" and "Surname", together', "1")
    terminal.answer("Are the columns read right?", "")
    terminal.answer(DAYS_SO, "")
    terminal.see(READ_SO)
    terminal.child.send(ESCAPE)  # and the question before it is back
    terminal.see("No year in 2 rows")
    terminal.answer(DAYS_SO, "")
    terminal.see('"Hartley Oliver" (2 rows): HO')
    terminal.answer(READ_SO, "2")
    terminal.answer('"Concern": what is that?', "2")
    terminal.see('"Concern" (row 7): an incident')
    terminal.answer(READ_SO, "")
    terminal.see("Left out, as they look like no reports:")
    terminal.see("TOTAL 3")
    terminal.answer("Save 3 reports?", "y")
    terminal.finish()
    reports = list_reports(book)
    assert [each.client for each in reports] == ["HO", "HO", "BS"]
    assert [each.hour_not_known for each in reports] == [True, None, None]
    moments = ["2025-03-08T12:00", "2025-03-09T15:30", "2025-03-10T20:30"]
    assert [each.occurred_at[:16] for each in reports] == moments
    assert [hasattr(each, "injury") for each in reports] == [False, True, True]
    assert [each.informed for each in reports] == [["mum"], [], []]
    assert reports[1].tried == ["dad no answer, LM"]
    assert [each.safeguarding for each in reports] == [False, False, True]


def test_a_head_in_an_advised_command_is_data(take: Any) -> None:
    said = take(
        f"client,when,Date $(touch x),{HEADS.partition('occurred_at,')[2]}\nMB,1,2,3,other,4,5,6\n"
    ).err
    assert "--column 'Date $(touch x)=ignore'" in said, said


def test_without_a_terminal_what_would_be_asked_is_told_with_its_option(take: Any) -> None:
    done = take(f"{HEADS},Weather,Colour\n{ROW.replace(' 20:15', '')},rain,red\n")
    assert done.code == 2
    assert "'*=kept'" in done.err
    assert "--hour-not-known" in done.err
    assert len(done.err.splitlines()) < 10
    options = ("--column", "*=ignore", "--hour-not-known")
    assert take(f"{HEADS},Weather,Colour\n{ROW},rain,red\n", *options).code == 0


def test_a_column_that_may_say_when_it_was_is_offered_for_that(take: Any) -> None:
    done = take(f"{HEADS.replace('occurred_at', 'When roughly')}\n{ROW}\n")
    assert done.code == 2
    assert "--column 'When roughly=occurred_at'" in done.err


def test_json_keeps_to_the_same_rules(run: Run, tmp_path: Path) -> None:
    record = make_report().model_dump(exclude_none=True)
    record |= {"safeguarding": "maybe", "occurred_approx": 1}
    record |= {"informed": "Daughter; GP, no answer; TBC"}
    file = tmp_path / "in.json"
    file.write_text(json.dumps([record]))
    for command in (("import", str(file)), ("log", "--json", "-")):
        given = json.dumps(record) if command[0] == "log" else None
        other = ("--logbook", str(tmp_path / f"{command[0]}.jsonl"))
        done = run(*other, *command, given=given)
        assert done.code == 0, done.err
        (row,) = run(*other, "list", "--json").rows
        assert (row["safeguarding"], row["occurred_approx"]) == (True, True)
        assert (row["informed"], row["tried"]) == (["Daughter"], ["GP, no answer"])
        assert 'Counted as yes (safeguarding): "maybe"' in done.err
    file.write_text(json.dumps([record | {"informed": ["will be told: Ann"]}]))
    run("import", str(file))
    (row,) = run("list", "--json").rows
    assert (row["informed"], row["claims"]) == ([], ["told: will be told: Ann"])


def test_very_many_bad_records_are_told_in_a_few_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    for text in ("[" + ",".join(["{}"] * 3000) + "]", "{}\n" * 3000):
        file.write_text(text)
        done = run("import", str(file))
        assert done.code == 2
        assert "3,000 " in done.err
        assert len(done.err.splitlines()) < 15


def test_where_most_is_wrong_the_rest_is_not_looked_at(take: Any) -> None:
    bad = ROW.replace("03/04/2026 20:15", "bad date")
    for text in ("\n".join([HEADS, *[bad] * 10_005, "never,read"]), "{}\n" * 10_005 + "no JSON\n"):
        done = take(text)
        assert (done.code, "ost " in done.err, len(done.err) < 2000) == (2, True, True), done.err
        assert "not JSON" not in done.err


def test_what_only_the_office_knows_of_hours_letters_and_people_is_asked(
    begin: Callable[[str], Terminal], book: Logbook
) -> None:
    heads = "Date,In,Out,Client,Type,NM or A,What happened,Told,Not got hold of"
    rows = [
        "13/4/2026,10:00,10:40,KT,E,A,Slid off the seat. Red mark on his arm,mum (x) school nurse,",
        "14/4/2026,11:00,11:30,MB,M,NM,Nearly the wrong pill,NULL,mgr - will ring her tomorrow",
    ]
    terminal = begin(
        "\n".join(["E = environment  M = medication  A = actual,,,,,,,,", heads, *rows])
    )
    terminal.answer("Which column says at what hour?", "1")
    terminal.answer("Are the columns read right?", "")
    terminal.see('"mum (x) school nurse" (row 3): only tried')
    terminal.answer(READ_SO, "4")
    terminal.answer("Told, or only tried: is this right?", "1")
    terminal.answer("Was somebody reached?", "b")
    terminal.answer("Who was told?", "school nurse")
    terminal.answer("And who was only tried?", "")
    terminal.answer("Told, or only tried: is this right?", "")
    terminal.answer(READ_SO, "")
    terminal.answer("Save 2 reports?", "y")
    terminal.finish()
    seat, pill = list_reports(book)
    assert isinstance(seat, IncidentFields)
    assert (seat.occurred_at[11:16], seat.category, pill.category) == (
        *("10:00", "environment", "medication"),
    )
    assert "Red mark on his arm" in seat.injury
    assert (seat.informed, seat.tried) == (["school nurse"], ["mum (x)"])
    assert (pill.informed, pill.tried or []) == ([], [])
