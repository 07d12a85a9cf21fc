"""``nearmiss import`` of a carer's own spreadsheet: named without a terminal, asked at one."""

import sys
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.records.read import read_records
from tests.conftest import Run

SHEET = (
    "Initials,Date,Time,Where it happened,What happened,Stopped by,Action,Weather,Type\n"
    "MB,03/04/2026,21:15,lounge,Slid on the rug,I held him,Moved the rug,rain,Falls\n"
    "MB,04/04/2026,8am,hall,Slid again,I held him,Moved it,dry,Falls\n"
)


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    path = tmp_path / "own.csv"
    path.write_text(SHEET)
    return str(path)


def test_without_a_terminal_every_unknown_column_is_named(run: Run, sheet: str) -> None:
    result = run("import", sheet)
    assert result.code == 2
    for said in (
        '"Where it happened" is not known: perhaps Location?',
        '"What happened" is not known: perhaps What nearly happened?',
        '"Stopped by" is not known: perhaps How it was prevented?',
        '"Weather" is not known.',
        '"Type" is not known: perhaps Kind?',
    ):
        assert said in result.err


def test_one_row_is_one_entry(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(
        "Client,When,Where,What,Prevented,Action,Category\n"
        "MB,3/4/26 9pm,hall,Slid,I held him,Moved it,Moving or falling\n"
    )
    assert run("import", str(path)).err.strip().endswith("Added 1 entry.")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own")
def test_at_a_terminal_columns_and_kinds_are_asked_once(
    run: Run, sheet: str, book: Logbook, home: Path
) -> None:
    from tests.interview.terminal import ENTER, Terminal, name_carer

    name_carer(home)
    terminal = Terminal("import", sheet)
    for heading in ("Where it happened", "What happened", "Stopped by"):
        terminal.see(f'What does the column "{heading}" hold?')
        terminal.child.send(ENTER)  # the guess
    terminal.see('"Weather" hold?')
    terminal.see("leave this column out")
    terminal.child.send("\x1b[A" + ENTER)  # up from nothing: the last one
    terminal.see('"Type" hold?')
    terminal.child.send(ENTER)
    terminal.see('Which kind is "Falls"?')
    terminal.child.send(ENTER)
    said = terminal.finish()
    assert "Added 2 entries." in said
    assert terminal.code == 0
    reports = [record.report for record in read_records(book, lambda unreadable: None)]
    assert [each.category for each in reports] == ["mobility", "mobility"]
    assert reports[1].location == "lounge"
