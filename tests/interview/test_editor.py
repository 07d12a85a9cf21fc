"""The editor at a real terminal, read from its screen: words, rows, keys, and what is kept."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.interview.screen import Screen
from tests.interview.terminal import CTRL_C, ENTER, ESCAPE, name_carer

UP, DOWN, HOME, END, LEFT = "\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[D"
CTRL_W, CTRL_Z, BACKSPACE = "\x17", "\x1a", "\x7f"
STORY = (
    "MB stood up from the armchair while I was fetching his tablets and his left foot slid "
    "on the rug by the window, so that he nearly fell against the radiator"
)
GIVEN = ("--client=MB", "--when=now", "--where=hall")


@pytest.fixture
def carer(home: Path) -> Path:
    name_carer(home)
    return home


def begin(columns: int = 80, rows: int = 24) -> Screen:
    """Return the fourth question, not yet answered."""
    screen = Screen("log", *GIVEN, columns=columns, rows=rows)
    screen.wait("Was anyone hurt")
    screen.child.send("n")
    screen.wait("4 of 10")
    screen.wait("> ")
    return screen


def read_answer(rows: list[str]) -> list[str]:
    """Return the rows of the answer that is being written."""
    at = max(number for number, row in enumerate(rows) if row.startswith(">"))
    return [row[2:] for row in rows[at:] if row]


def read_draft(home: Path) -> Any:
    (draft,) = (home / "state" / "drafts").glob("*.json")
    return json.loads(draft.read_bytes())


def wait_for_draft(home: Path, fits: Callable[[Any], bool]) -> Any:
    """Return the draft once it is as wanted; a busy machine takes its time."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        drafts = list((home / "state" / "drafts").glob("*.json"))
        found = json.loads(drafts[0].read_bytes()) if drafts else {}
        if fits(found):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20), (20, 30), (300, 24)])
def test_no_word_is_broken_at_any_width(carer: Path, columns: int, rows: int) -> None:
    shown = read_answer(begin(columns, rows).press(STORY))
    assert " ".join(" ".join(shown).split()) == STORY
    assert all(len(row) <= columns - 2 for row in shown)


def test_no_word_is_broken_while_the_window_is_resized_on_every_key(carer: Path) -> None:
    screen = begin()
    for number, letter in enumerate(STORY):
        screen.child.send(letter)
        screen.resize(20 + number * 7 % 100, 30)
    screen.resize(44, 30)
    shown = read_answer(screen.wait("radiator"))
    assert " ".join(shown) == STORY
    assert "Traceback" not in "\n".join(screen.look())


def test_the_cursor_moves_by_the_rows_that_are_seen(carer: Path) -> None:
    screen = begin(columns=40, rows=30)
    screen.press(STORY)
    last, column = screen.cursor
    screen.press(UP, UP)
    assert screen.cursor == (last - 2, column)
    screen.press(HOME)
    assert screen.cursor == (last - 2, 2)
    screen.press(END, DOWN, DOWN)
    assert screen.cursor == (last, column)
    rows = screen.press(UP, HOME, "Then ")
    assert any(row.startswith("  Then ") for row in rows)


def test_words_are_taken_back_one_by_one(carer: Path) -> None:
    screen = begin()
    assert read_answer(screen.press("He stood up.", CTRL_W)) == ["He stood"]
    assert read_answer(screen.press(CTRL_Z)) == ["He stood up."]
    assert read_answer(screen.press(CTRL_Z)) == ["He stood"]


@pytest.mark.parametrize(
    ("text", "cells"), [("👩\u200d🦽 up", 7), ("نور", 3), ("e\u0301te\u0301", 3), ("語", 2)]
)
def test_the_cursor_is_where_it_is_seen(carer: Path, run: Run, text: str, cells: int) -> None:
    screen = begin()
    screen.press(text)
    assert screen.cursor[1] == 2 + cells
    screen.press(*[LEFT] * 9, "A", END, "Z")
    screen.press(ENTER)
    assert read_draft(carer)["what_nearly_happened"] == f"A{text}Z"


def test_a_question_mark_shows_the_example_at_once_and_is_no_part_of_the_answer(
    carer: Path,
) -> None:
    screen = begin()
    rows = screen.press("?")
    assert any("Example: MB stood up." in row for row in rows)
    screen.press("Did he slip?", ENTER)
    assert read_draft(carer)["what_nearly_happened"] == "Did he slip?"


def test_one_key_rubs_out_what_is_seen_as_one(carer: Path) -> None:
    screen = begin()
    screen.press("a👩\u200d🦽", BACKSPACE, ENTER)
    assert read_draft(carer)["what_nearly_happened"] == "a"


def test_escape_closes_what_is_offered_first_and_then_goes_back_with_all_kept(
    carer: Path, run: Run
) -> None:
    report = {"client": "MB", "occurred_at": "2026-04-02T20:15", "location": "hall, by the stairs"}
    more = dict.fromkeys(("what_nearly_happened", "how_prevented", "immediate_action"), "x")
    run("log", "--json", "-", given=json.dumps({**report, **more, "category": "other"}))
    screen = Screen("log", "--client=MB")
    screen.wait("Was anyone hurt")
    screen.child.send("n")
    screen.wait("2 of 10")
    screen.press("now", ENTER)
    screen.wait("3 of 10")
    screen.press("ha")
    assert "hall, by the stairs" in "\n".join(screen.look())
    rows = screen.press(ESCAPE)
    assert "hall, by the stairs" not in "\n".join(rows)
    assert read_answer(rows) == ["ha"]
    screen.press(ESCAPE)
    screen.wait("2 of 10")
    assert read_draft(carer)["unfinished"] == {"location": "ha"}
    screen.press(ENTER)
    assert read_answer(screen.wait("3 of 10")) == ["ha"]


def test_escape_takes_a_letter_back_at_the_gate_too(carer: Path) -> None:
    screen = Screen("log", rows=40)
    screen.wait("Was anyone hurt")
    screen.child.send("n")
    screen.wait("1 of 10")
    screen.press("M", ESCAPE)
    rows = screen.wait("n no")
    assert any("> n no" in row for row in rows)
    screen.press(ENTER)
    assert read_answer(screen.wait("1 of 10")) == ["M"]
    screen.press(ESCAPE)
    screen.wait("n no")
    screen.press("u")
    screen.wait("Help first")
    assert "Is there a near miss" in "\n".join(screen.look())


def test_what_was_not_sure_is_shown_as_not_sure_on_the_way_back(carer: Path) -> None:
    screen = Screen("log", "--client=MB", rows=50)
    screen.wait("Was anyone hurt")
    screen.press("u")
    screen.wait("Is there a near miss")
    screen.press(ESCAPE)
    rows = screen.wait("Enter: take it")
    assert any("> u not sure" in row for row in rows)


@pytest.mark.parametrize("word", ["not sure", "yes", "u", "unsure"])
def test_a_word_typed_whole_is_one_answer(carer: Path, word: str) -> None:
    screen = Screen("log", rows=50)
    screen.wait("Was anyone hurt")
    screen.press(f"{word}{ENTER}")
    screen.wait("Is there a near miss")
    rows = screen.press("no" + ENTER)
    assert any("Nothing was written" in row for row in rows)


@pytest.mark.parametrize("pause", [0.0, 0.4])
def test_not_sure_typed_slowly_is_not_taken_for_no(carer: Path, pause: float) -> None:
    screen = Screen("log", *GIVEN, "--what=x", "--prevented=x", "--action=x", rows=50)
    screen.wait("Was anyone hurt")
    screen.press("no" + ENTER)
    screen.wait("7 of 10")
    for letter in f"not sure{ENTER}":
        screen.child.send(letter)
        time.sleep(pause)
    rows = screen.wait("8 of 10")
    assert read_answer(rows) == [""]
    assert any("not sure" in row for row in rows)
    assert read_draft(carer)["safeguarding"] is True


@pytest.mark.parametrize("keys", [ESCAPE + ESCAPE, ESCAPE + CTRL_C, ESCAPE + "x" + ENTER])
def test_keys_that_come_as_one_end_a_question_once(carer: Path, keys: str) -> None:
    screen = begin()
    screen.press("He slid.", ENTER)
    screen.wait("5 of 10")
    assert "went wrong" not in " ".join(screen.press(keys))
    screen.press(CTRL_C)
    assert read_draft(carer)["what_nearly_happened"] == "He slid."


def test_alt_enter_in_an_answer_of_one_line_is_enter(carer: Path) -> None:
    screen = Screen("log", "--client=MB", "--when=now")
    screen.wait("Was anyone hurt")
    screen.child.send("n")
    screen.wait("3 of 10")
    screen.press("hall", ESCAPE + ENTER)
    screen.wait("4 of 10")


@pytest.mark.parametrize("stop", ["SIGKILL", "SIGHUP", "SIGTERM", None])
def test_half_a_word_outlives_a_closed_window(carer: Path, run: Run, stop: str | None) -> None:
    screen = begin()
    screen.press("He stood up and sl")
    if stop == "SIGKILL":  # what nobody can act on: the last second may be lost
        wait_for_draft(carer, lambda draft: draft.get("unfinished"))
    if stop is None:
        screen.child.close(force=True)
    else:
        screen.child.kill(signal.Signals[stop])
        screen.finish()
    draft = wait_for_draft(carer, lambda draft: draft.get("unfinished"))
    assert draft["unfinished"] == {"what_nearly_happened": "He stood up and sl"}
    again = Screen("log")
    again.wait("Go on with it?")
    again.child.send("y")
    assert read_answer(again.wait("4 of 10")) == ["He stood up and sl"]


def test_a_resumed_draft_keeps_what_the_gate_was_told(carer: Path, run: Run) -> None:
    screen = begin()
    screen.press("He slid", CTRL_C)
    screen.finish()
    again = Screen(
        "log",
        "--prevented=Luck",
        "--action=Looked",
        "--informed=son",
        "--recommend=-",
        "--category=mobility",
        "--no-safeguarding",
        rows=50,
    )
    again.wait("Go on with it?")
    again.child.send("y" + ENTER)
    again.wait("4 of 10")
    again.press(ENTER)
    again.wait("Save this report?")
    again.press(ENTER)
    said = " ".join(" ".join(again.wait("What next?")).split())
    assert "His foot" not in said
    assert "He slid. Nobody was hurt that I could see. I am asking for..." in said


def test_a_folder_that_can_not_be_written_is_told_once_and_stops_nobody(
    carer: Path, run: Run
) -> None:
    (carer / "state").write_text("in the way", encoding="utf-8")
    screen = begin(rows=40)
    screen.press("He slid.", ENTER)
    screen.wait("can't be kept as a draft")
    rows = screen.press("Luck.", ENTER)
    assert " ".join(rows).count("can't be kept as a draft") == 1
    assert any("6 of 10" in row for row in rows)


def test_a_click_puts_the_cursor_there_where_the_terminal_says_where_it_is(carer: Path) -> None:
    screen = begin()
    screen.press("He stood up.")
    row, _ = screen.cursor
    top = max(n for n, line in enumerate(screen.look()) if "4 of 10" in line)
    screen.child.send(f"\x1b[{top};1R")  # its answer: where the question begins
    screen.press(f"\x1b[<0;6;{row + 1}M", f"\x1b[<0;6;{row + 1}m")
    assert read_answer(screen.press("quickly ")) == ["He quickly stood up."]


def test_what_is_typed_ahead_is_taken_and_not_seen_twice(carer: Path) -> None:
    screen = begin(rows=60)
    screen.press(f"He slid.{ENTER}Luck.{ENTER}Looked.{ENTER}")
    screen.wait("7 of 10")
    rows = screen.look()
    assert [sum(word in row for row in rows) for word in ("slid", "Luck", "Looked")] == [1, 1, 1]
    kept = read_draft(carer)
    assert (kept["how_prevented"], kept["immediate_action"]) == ("Luck.", "Looked.")


def test_the_terminal_is_left_as_it_was(carer: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a terminal of its own")
    import termios

    screen = begin()
    before = termios.tcgetattr(screen.child.child_fd)
    screen.press("He slid.", ENTER)
    screen.wait("5 of 10")
    screen.press(CTRL_C)
    screen.look()
    after = termios.tcgetattr(screen.child.child_fd)
    assert not before[3] & termios.ECHO
    assert after[3] & termios.ECHO
    assert after[3] & termios.ICANON


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a terminal of its own")
def test_two_at_once_have_a_draft_each(carer: Path) -> None:
    first, second = begin(), begin()
    first.press("One", ENTER)
    second.press("Two", ENTER)
    drafts = (carer / "state" / "drafts").glob("*.json")
    kept = {json.loads(path.read_bytes())["what_nearly_happened"] for path in drafts}
    assert kept == {"One", "Two"}
