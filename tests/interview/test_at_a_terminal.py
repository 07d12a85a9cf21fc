"""The other commands at a real terminal: what they show, and what they ask."""

from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, FollowUpFields
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import ENTER, ESCAPE, Terminal, name_carer

RIGHT, COLOUR = "\x1b[C", "\x1b["
CHAIRS = ("Slid on the rug by the armchair.", "Tripped on the rug by his recliner.")


@pytest.fixture
def one(home: Path, book: Logbook) -> str:
    name_carer(home)
    return book.append([make_report(informed=["son"])], "Maria, carer", NOW).ids[0]


def test_lists_and_reports_are_shown_in_colour_in_a_narrow_terminal(
    book: Logbook, one: str
) -> None:
    book.append(
        [
            FollowUpFields(about=one, note="Rang [red]them[/]", harm_found="A bruise"),
            CorrectionFields(about=one, changes={"location": "kitchen"}, reason="Wrong room"),
            make_report(what_nearly_happened="\u2028[bold]x[/] " + "long " * 60, safeguarding=True),
        ],
        "Maria, carer",
        NOW,
    )
    listed = Terminal("list", columns=40).finish()
    assert COLOUR in listed
    assert one in listed
    assert "harm found" in listed
    shown = Terminal("show", one, columns=40).finish()
    assert "[red]them[/]" in shown
    assert COLOUR in shown
    assert "Location, was: " in shown
    assert "Location, now: kitchen" in shown
    figures = Terminal("summary", columns=40).finish()
    assert "2 reports" in figures
    assert "█" in figures
    assert COLOUR in figures
    assert "Every visit" in Terminal("--help", columns=40).finish()


def test_no_in_words_is_no_harm_and_nobody_in_words_is_nobody(run: Run, one: str) -> None:
    terminal = Terminal("follow-up", one)
    terminal.answer("What is there to add?", "1")
    terminal.see(f"About {one}, MB, 14 Apr")
    terminal.answer("Who have you told?", "nobody yet")
    terminal.see("Taken as: nobody more.")
    terminal.see("Nothing was added.")
    terminal.answer("What is there to add?", "5")
    terminal.answer("What is to be done?", "nothing")
    terminal.see("Taken as: nothing.")
    terminal.answer("What is there to add?", "d")
    terminal.finish()
    assert terminal.code == 0
    assert "follow_ups" not in run("list", "--json").rows[0]


def test_a_next_step_is_asked_with_its_day_and_going_back(run: Run, one: str) -> None:
    terminal = Terminal("follow-up")  # the report is chosen
    terminal.answer("with which report?", "1")
    terminal.answer("What is there to add?", "5")
    terminal.answer("What is to be done?", "Ring the OT")
    terminal.answer("Who does it?", "", ends=ESCAPE)
    terminal.answer("What is to be done?", f"{RIGHT} about rails")  # it is kept, and edited
    terminal.answer("Who does it?", "Sue")
    terminal.answer("By which day?", "yesterday")
    terminal.see("That day has passed")
    terminal.answer("By which day?", "\x15in 2 days")
    terminal.see("Noted as to be done: Ring the OT about rails (Sue), by ")
    terminal.answer("What else is there to add?", "")
    terminal.finish()
    row = run("list", "--json").rows[0]
    assert (row["next_step"], row["next_who"]) == ("Ring the OT about rails", "Sue")


def test_a_correction_asks_which_answer_and_why(run: Run, one: str) -> None:
    terminal = Terminal("correct", one)
    terminal.answer("What is wrong?", "1")
    terminal.answer("Which answer is wrong?", "3")
    terminal.see("3 of 10")
    terminal.type(f"{RIGHT}, left")
    terminal.answer("Which answer is wrong?", "")
    terminal.answer("Why is it corrected?", "It was the left one")
    terminal.finish()
    row = run("list", "--json").rows[0]
    assert row["location"] == "lounge, by the armchair, left"


def test_a_family_document_asks_for_consent(run: Run, one: str, tmp_path: Path) -> None:
    target = tmp_path / "p.pdf"
    terminal = Terminal("print", "-o", str(target))
    terminal.answer("Who will see it?", "Sue")
    terminal.answer("Has MB agreed to Sue seeing this?", "yes")
    terminal.answer("to Sue?", "y")
    terminal.finish()
    assert target.exists()
    (later,) = run("show", "--json").rows[0]["later"]
    assert (later["recipient"], later["basis"]) == ("Sue", "client_agreed")


def test_no_stops_a_family_document(one: str, tmp_path: Path) -> None:
    terminal = Terminal("print", "-o", str(tmp_path / "p.pdf"), "--to", "Sue")
    terminal.answer("Has MB agreed to Sue seeing this?", "no")
    assert "MB may have a copy" in terminal.finish()
    assert terminal.code == 1
    assert not (tmp_path / "p.pdf").exists()


def test_erasing_asks_about_enquiries_first(run: Run, one: str) -> None:
    stopped = Terminal("erase", one, "--reason", "Asked for")
    stopped.answer("safeguarding enquiry?", "y")
    assert "get advice" in stopped.finish()
    assert stopped.code == 1
    assert len(run("list", "--json").rows) == 1


def test_possible_patterns_are_reviewed_one_by_one(run: Run, book: Logbook, one: str) -> None:
    days = ("2026-03-14", "2026-03-28")
    others = [
        make_report(what_nearly_happened=what, occurred_at=f"{day}T20:15:00+00:00")
        for what, day in zip(CHAIRS, days, strict=True)
    ]
    book.append(others, "M", NOW)
    terminal = Terminal("patterns", "--review")
    terminal.answer("May these be the same hazard?", "ab")
    terminal.answer("What would you call it?", "")
    terminal.see("You marked 3 reports for MB as the same hazard: 14 Mar, 28 Mar and 14 Apr 2026.")
    terminal.finish()
    assert {row["status"] for row in run("patterns", "--json").rows} >= {"confirmed"}
    assert "Marked as alike by the carer: " in run("patterns").out


def test_setup_asks_and_a_bad_answer_is_asked_again(run: Run, one: str) -> None:
    terminal = Terminal("setup", "--plain")
    terminal.answer("Your name", "Maria B.")
    terminal.answer("Your role", "")
    terminal.answer("Your telephone", "01632 960000")
    terminal.answer("Years", "none")
    terminal.answer("1 to 100", "10")
    terminal.finish()
    shown = run("setup").out
    for line in ("name: Maria B.", "role: carer", "keep_years: 10"):
        assert line in shown


def test_a_password_is_asked_twice(one: str, tmp_path: Path) -> None:
    terminal = Terminal("export", "-o", str(tmp_path / "p.pdf"), "--password")
    terminal.answer("Who will see it?", "")
    terminal.answer("Password", "gooseberry")
    terminal.answer("The same once more", "goosebery")
    terminal.see("These two differ.")
    terminal.answer("Password", "gooseberry")
    terminal.answer("The same once more", "gooseberry")
    screen = terminal.finish()
    assert "gooseberry" not in screen
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")


def test_an_erasure_asks_which_report_and_why(run: Run, one: str) -> None:
    terminal = Terminal("erase")
    terminal.answer("Which report is to be erased?", "1")
    terminal.answer("Why is it erased?", "The family asked for it")
    terminal.answer("safeguarding enquiry?", "n")
    terminal.see("MB stood up")
    terminal.answer("Erase it for good?", "y")
    assert f"Erased: {one}" in terminal.finish()
    assert run("list").out == ""


def test_an_erasure_without_a_terminal_needs_its_reason(run: Run, one: str) -> None:
    result = run("erase", one)
    assert result.code == 2
    assert "--reason TEXT" in result.err


def test_a_follow_up_is_put_right_or_withdrawn_at_a_terminal(
    run: Run, book: Logbook, one: str
) -> None:
    entry = book.append([FollowUpFields(about=one, note="Rang the GP")], "M", NOW).ids[0]
    terminal = Terminal("correct")
    terminal.answer("Which report is to be put right?", "1")
    terminal.see("An answer in the report")
    terminal.answer(entry, "4")
    terminal.answer("What is wrong in it?", "1")
    terminal.answer("Enter: done", ", at 9")
    terminal.answer("Why is it corrected?", "The hour was missing")
    terminal.finish()
    assert "Rang the GP, at 9" in run("show", one).out
    terminal = Terminal("correct", entry)
    terminal.answer("What is wrong in it?", "2")
    terminal.answer("Why does it no longer count?", "Another client")
    terminal.finish()
    row = run("show", one, "--json").rows[0]
    assert [each.get("withdraws") for each in row["later"]] == [None, None, True]


def test_that_the_daughter_was_told_takes_six_keys_beyond_the_words(run: Run, one: str) -> None:
    terminal, keys = Terminal(), 0
    terminal.answer("What would you like to do?", "3")
    for question, pressed, words in (
        ("With which report?", "1", ""),
        ("What is there to add?", "1", ""),
        ("Who have you told?", "", "daughter (Sue), phone, 8:40pm"),
        ("What else is there to add?", "", ""),
    ):
        terminal.answer(question, pressed + words)
        keys += len(pressed) + len(ENTER)
    terminal.answer("What would you like to do?", "7")
    terminal.finish()
    assert run("list", "--json").rows[0]["informed"][-1] == "daughter (Sue), phone, 8:40pm"
    assert keys <= 6
