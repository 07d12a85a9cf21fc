"""The desk: ``nearmiss`` alone, from what needs doing to each of its ways to the end."""

import signal
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import CTRL_C, CTRL_D, ENTER, ESCAPE, Terminal, name_carer

MENU = "What would you like to do?"


@pytest.mark.usefixtures("usual_day")
def test_without_a_terminal_it_says_what_waits_on_stdout(run: Run, book: Logbook) -> None:
    one = book.append([make_report()], "Maria, carer", NOW).ids[0]
    result = run()
    assert result.code == 0
    assert result.out.splitlines()[0] == "What needs doing"
    assert f"{one}, MB, Tue 14 Apr: nobody has been told yet" in result.out
    assert "nearmiss log" in result.err
    assert "nearmiss log" not in result.out


def test_an_empty_book_needs_nothing(run: Run) -> None:
    assert "Nothing is waiting. There is no report yet." in run().out


def test_a_damaged_book_says_so(run: Run, book: Logbook) -> None:
    book.append([make_report(), make_report()], "Maria, carer", NOW)
    lines = book.path.read_bytes().split(b"\n")
    book.path.write_bytes(b"\n".join([lines[0], lines[1][:50], *lines[2:]]))
    result = run()
    assert result.code == 0
    assert "Line 2 of the logbook can't be read" in result.err


@pytest.fixture
def one(home: Path, book: Logbook, run: Run, tmp_path: Path) -> str:
    name_carer(home)
    written = book.append([make_report()], "Maria, carer", NOW)
    assert run("backup", str(tmp_path / "backup.jsonl")).code == 0
    return written.ids[0]


def open_desk(*arguments: str, **options: object) -> Terminal:
    terminal = Terminal(*arguments, **options)  # type: ignore[arg-type]
    terminal.see(MENU)
    terminal.see("7 Leave")
    return terminal


def press(terminal: Terminal, keys: str) -> None:
    terminal.type(keys, ends="")


def leave(terminal: Terminal, keys: str, code: int = 0) -> None:
    """Leave the desk by ``keys``: seven, Escape, the end, the last of the menu, or Ctrl-C."""
    terminal.see(MENU)
    press(terminal, keys)
    terminal.finish()
    assert terminal.code == code


SEVEN, LAST = "7" + ENTER, "\x1b[B" * 9 + ENTER


def test_a_near_miss_is_written_down(home: Path, book: Logbook, run: Run) -> None:
    name_carer(home)
    terminal = open_desk()
    terminal.type("1")
    terminal.see("Was anyone hurt")
    terminal.type("n")
    terminal.answer("Who was it?", "MB")
    terminal.answer("When did it happen?", "yesterday 9pm")
    terminal.answer("Where?", "lounge")
    terminal.answer("What nearly happened?", "His foot slid on the rug.")
    terminal.answer("What stopped it?", "I held him")
    terminal.answer("straight away?", "Moved the rug")
    terminal.answer("neglect themselves?", "no")
    terminal.answer("Who have you told?", "")
    terminal.answer("stop it happening again?", "")
    terminal.answer("Which kind fits best?", "1")
    terminal.answer("Save this report?", "s")
    terminal.see("Saved.")
    terminal.answer("What next?", "")
    terminal.see("nobody has been told yet")  # the desk has looked again
    leave(terminal, CTRL_D)
    assert run("list", "--json").rows[0]["client"] == "MB"


def test_papers_are_made_without_one_option(
    run: Run, one: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = open_desk()
    for way, whom, key, to, name in (
        ("4", "", "y", "Sue", "nearmiss-meeting"),
        ("5", "1", "2", "Dr Shah", "nearmiss-handover"),
        ("5", "2", "2", "Ann", "nearmiss-changeover"),
    ):
        terminal.type(way)
        if whom:
            terminal.answer("To whom?", whom)
        if whom == "2":
            terminal.answer("Since when?", "1")
        terminal.answer("Who will see it?", to)
        terminal.answer("agreed", key)
        if whom == "1":
            terminal.answer("What do you ask them for?", "A visit")
        terminal.answer("How large are the letters?", "1")
        terminal.answer("Make it?", "yes")
        terminal.answer(f"to {to}?", "y")
        terminal.see(f"Noted in the logbook: handed to {to}.")
        terminal.see(MENU)
        assert [each.suffix for each in tmp_path.glob(f"{name}*")] == [".pdf"]
    press(terminal, LAST)
    terminal.finish()
    assert terminal.code == 0
    later = run("show", "--json").rows[0]["later"]
    noted = [each for each in later if each["entry"] == "disclosure"]
    assert [(each["recipient"], each["basis"]) for each in noted] == [
        (to, "client_agreed") for to in ("Sue", "Dr Shah", "Ann")
    ]


def test_what_happened_since_is_said_and_the_desk_looks_again(one: str, run: Run) -> None:
    terminal = open_desk()
    terminal.type("3")
    terminal.answer("With which report?", "1")
    terminal.answer("What is there to add?", "1")
    terminal.answer("Who have you told?", "GP")
    terminal.see("Noted as told: GP.")
    terminal.answer("What else is there to add?", "")
    terminal.see("Nothing is waiting. Last report: Tue 14 Apr")
    leave(terminal, ESCAPE)
    assert run("list", "--json").rows[0]["informed"] == ["GP"]


def test_each_key_goes_one_step_back_and_nothing_is_lost(one: str, home: Path) -> None:
    terminal = open_desk()
    terminal.type("2")
    terminal.see("Which reports?")
    terminal.type("1")
    terminal.see("Which one?")
    press(terminal, CTRL_C)
    terminal.see("Which reports?")
    press(terminal, CTRL_D)
    terminal.see(MENU)
    terminal.type("3")
    terminal.answer("With which report?", "1")
    terminal.answer("What is there to add?", "7")
    terminal.answer("What would you like to note?", "Rang the GP", ends=CTRL_C)
    terminal.answer("What is there to add?", "7")  # nothing was added yet
    terminal.see("What would you like to note?")
    terminal.see("Rang the GP")
    press(terminal, " and the nurse" + ESCAPE)  # what stands at a question is kept too
    terminal.see("What is there to add?")
    press(terminal, ESCAPE)
    terminal.see("With which report?")
    press(terminal, ESCAPE)
    terminal.see(f'A note about {one} ("Rang the GP and the nurse") was not')
    leave(terminal, CTRL_C, code=130)
    (kept,) = (home / "state" / "drafts").glob("*.json")
    assert "Rang the GP and the nurse" in kept.read_text()


def test_a_window_closed_in_a_note_is_offered_by_the_desk(one: str, run: Run) -> None:
    terminal = open_desk()
    terminal.type("3")
    terminal.answer("With which report?", "1")
    terminal.answer("What is there to add?", "7")
    terminal.see("What would you like to note?")
    terminal.see("Esc: back")
    press(terminal, "Rang the GP")
    terminal.see("Rang the GP")
    terminal.child.kill(signal.SIGTERM)
    terminal.finish()
    again = open_desk()
    again.type("3")
    again.see(f"Go on with a note about {one}, Rang the GP")
    again.type("a")
    again.see("What would you like to note?")
    press(again, ENTER)
    again.see("Noted.")
    press(again, ESCAPE)
    leave(again, SEVEN)
    assert "Rang the GP" in run("show").out


def test_an_interview_that_is_stopped_is_kept_and_offered_first(one: str) -> None:
    terminal = open_desk()
    terminal.type("1")
    terminal.see("Was anyone hurt")
    terminal.type("n")
    terminal.answer("Who was it?", "KT")
    terminal.answer("When did it happen?", "", ends=CTRL_C)
    terminal.see("To go on: 1\r\n")
    terminal.see("A report about KT was not finished (today, ")
    terminal.see(MENU)
    terminal.type("1")
    terminal.see("There is a report that was not finished: KT")
    press(terminal, CTRL_C)
    leave(terminal, SEVEN)


def test_escape_at_the_gate_leads_back_to_the_desk_with_the_draft_kept(
    one: str,
) -> None:
    terminal = open_desk()
    terminal.type("1")
    terminal.see("Was anyone hurt")
    press(terminal, ESCAPE)
    terminal.see(MENU)
    terminal.type("1")
    terminal.see("Was anyone hurt")
    terminal.type("n")
    terminal.answer("Who was it?", "KT")
    terminal.answer("When did it happen?", "", ends=ESCAPE)
    terminal.answer("Who was it?", "", ends=ESCAPE)
    terminal.see("Was anyone hurt")
    press(terminal, ESCAPE)
    terminal.see("A report about KT was not finished")
    terminal.see(MENU)
    terminal.type("1")
    terminal.see("There is a report that was not finished: KT")
    press(terminal, ESCAPE)
    leave(terminal, SEVEN)


def test_a_book_that_vanishes_is_said_and_none_is_begun_in_its_place(
    one: str, book: Logbook, home: Path
) -> None:
    terminal = open_desk()
    book.path.rename(home / "away.jsonl")
    terminal.type("1")
    terminal.see("The logbook is no longer at")
    terminal.see(MENU)
    (home / "away.jsonl").rename(book.path)
    terminal.type("2")
    terminal.see("Which reports?")
    press(terminal, ESCAPE)
    terminal.see("nobody has been told yet")
    terminal.type("7")
    terminal.finish()
    assert terminal.code == 0


def test_two_desks_see_what_the_other_wrote(one: str, book: Logbook) -> None:
    first, second = open_desk(), open_desk()
    book.append([FollowUpFields(about=one, informed=["GP"])], "Maria", NOW)
    for terminal in (first, second):
        terminal.type("2")
        terminal.see("Which reports?")
        press(terminal, ESCAPE)
        terminal.see("Nothing is waiting")
        terminal.type("7")
        terminal.finish()
        assert terminal.code == 0


def test_plain_mode_is_numbered_lines(one: str) -> None:
    terminal = open_desk("--plain")
    terminal.type("3")
    terminal.see("With which report?")
    terminal.type("<")
    terminal.see(MENU)
    terminal.type("7")
    said = terminal.finish()
    assert "\x1b" not in said
    assert terminal.code == 0


@pytest.mark.parametrize("way", ["", "1", "3"])
def test_a_closed_window_ends_the_desk(one: str, way: str) -> None:
    terminal = open_desk()
    if way:
        terminal.type(way)
        terminal.see("hurt" if way == "1" else "With which report?")
    terminal.child.kill(signal.SIGTERM)
    terminal.finish()
    assert terminal.code == 130


def test_a_backup_asks_where_and_the_desk_knows_of_it(
    run: Run, home: Path, book: Logbook, tmp_path: Path
) -> None:
    name_carer(home)
    book.append([make_report(informed=["GP"])], "Maria, carer", NOW)
    assert "No backup is noted yet" in run().out
    terminal = Terminal("backup")
    terminal.answer("Where is the copy to go?", str(tmp_path))
    assert "copied and read back" in terminal.finish()
    assert "backup" not in run().out


def test_the_summary_tells_the_same_of_what_waits(run: Run, one: str) -> None:
    line = next(each for each in run().out.splitlines() if each.startswith(one))
    assert f"  {line}" in run("summary").out.splitlines()


def test_an_empty_home_says_how_a_logbook_is_put_back(home: Path, tmp_path: Path) -> None:
    book = Logbook(home / "nearmiss-backup-2026-04-14.jsonl")
    book.append([make_report()], "Maria, carer", NOW)
    terminal = Terminal()
    terminal.see("Had a logbook before? Choose 6")
    terminal.see("nearmiss-backup-2026-04-14.jsonl")
    terminal.type("7")
    terminal.finish()


def test_who_writes_is_asked_before_anything_is_written_in_her_name(
    run: Run, book: Logbook
) -> None:
    (report,) = book.append([make_report()], "Ana, carer", NOW).ids
    terminal = Terminal("follow-up", "last")
    terminal.answer("What is there to add?", "7")
    terminal.answer("What would you like to note?", "Rang the OT")
    terminal.answer("Your name", "")
    terminal.see("A name is needed")
    terminal.answer("Enter: done", "Maria")
    terminal.answer("Your role", "carer")
    terminal.answer("Your telephone", "")
    terminal.answer("What else is there to add?", "")
    terminal.finish()
    assert [each["recorded_by"] for each in run("show", report, "--json").rows[0]["later"]] == [
        "Maria, carer"
    ]
