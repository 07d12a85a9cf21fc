"""Plain mode at a real terminal: as safe as the other, and nothing is ever painted again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.interview.terminal import CTRL_C, Terminal, name_carer

GIVEN = ("--client=MB", "--when=now", "--where=hall")


ANSWERED = (
    *GIVEN,
    "--what=He slid",
    "--prevented=Luck",
    "--action=Looked",
    "--informed=daughter",
    "--recommend=-",
    "--category=mobility",
    "--no-safeguarding",
)


@pytest.fixture
def carer(home: Path) -> Path:
    name_carer(home)
    return home


def begin(*mode: str) -> Terminal:
    """Return the fourth question, not yet answered."""
    terminal = Terminal("log", *mode, *GIVEN)
    terminal.answer("Was anyone hurt", "n")
    terminal.see("4 of 10")
    terminal.see("\n> ")
    return terminal


def read_draft(home: Path) -> Any:
    (draft,) = (home / "state" / "drafts").glob("*.json")
    return json.loads(draft.read_bytes())


def test_a_paste_of_several_lines_stays_in_its_own_answer(carer: Path) -> None:
    pasted = "He stood up.\nHe slid.\n\nI held him.\nHe sat down.\n"
    terminal = begin("--plain")
    terminal.type(pasted, ends="")
    terminal.see("5 of 10")
    assert read_draft(carer)["what_nearly_happened"] == pasted.strip()


def test_what_is_pasted_without_an_end_waits_for_enter(carer: Path) -> None:
    terminal = begin("--plain")
    terminal.type("One line\nand another", ends="")
    terminal.see("another")
    terminal.type(" to the end.")
    terminal.see("5 of 10")
    assert read_draft(carer)["what_nearly_happened"] == "One line\nand another to the end."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("He slid\x1b[D\x1b[C\x1b[A\x1b[B\x1bOD\x1b[3~.", "He slid."),
        ("He slidd\x7f.", "He slid."),
        ("wrong\x15He slid.", "He slid."),
        ("نور 👩\u200d🦽\x7f 語\x7f.", "نور  ."),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_keys_do_what_they_say_and_leave_no_codes(carer: Path, typed: str, kept: str) -> None:
    terminal = begin("--plain")
    terminal.type(typed)
    terminal.see("5 of 10")
    assert read_draft(carer)["what_nearly_happened"] == kept


def test_a_line_that_ends_in_plus_is_followed_by_another(carer: Path) -> None:
    terminal = begin("--plain")
    terminal.type("He slid.+")
    terminal.see("\n> ")
    assert read_draft(carer)["unfinished"] == {"what_nearly_happened": "He slid."}
    terminal.type("Twice.")
    terminal.see("5 of 10")
    assert read_draft(carer)["what_nearly_happened"] == "He slid.\nTwice."


def test_too_long_a_paste_is_refused_and_nothing_of_it_answers_the_next_question(
    carer: Path,
) -> None:
    terminal = begin("--plain")
    terminal.type("x" * 5001)
    terminal.see("the most is 5,000")
    terminal.answer("4 of 10", "He slid.")
    terminal.see("5 of 10")
    assert read_draft(carer)["what_nearly_happened"] == "He slid."


def test_every_ended_line_is_on_the_disk_at_once(carer: Path) -> None:
    terminal = begin("--plain")
    for number in (4, 5, 6):
        terminal.type("x")
        terminal.see(f"{number + 1} of 10")
    terminal.type("n")
    terminal.see("8 of 10")
    terminal.see("\n> ")
    terminal.type("daughter, phone")
    terminal.see("\n> ")
    terminal.child.kill(9)
    terminal.finish()
    assert read_draft(carer)["unfinished"] == {"informed": "daughter, phone"}


@pytest.mark.parametrize("how", ["option", "setting", "ACCESSIBLE", "TERM"])
def test_plain_is_asked_for_in_four_ways(
    carer: Path, run: Run, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "setting":
        run("setup", "--always-plain")
    if how == "ACCESSIBLE":
        monkeypatch.setenv("ACCESSIBLE", "1")
    mode = ("--plain",) if how == "option" else ()
    terminal = Terminal("log", *mode, *GIVEN, term="dumb" if how == "TERM" else "xterm-256color")
    terminal.see("Was anyone hurt")
    terminal.see("\n> ")
    terminal.type("not sure")
    terminal.see("Help first")
    terminal.answer("near miss to write down", "no")
    assert "\x1b" not in terminal.finish()


def test_a_question_is_one_line_that_says_how_it_ends(carer: Path) -> None:
    terminal = Terminal("log", "--plain", *GIVEN, columns=400)
    terminal.answer("Was anyone hurt", "n")
    terminal.see("4 of 10. What nearly happened?")
    terminal.see("\r\n> ")
    line = terminal.child.before or ""
    assert "\n" not in line
    for part in ("Enter ends it", "+ at the end of a line", "on the disk", "? an example"):
        assert part in line


def test_a_choice_that_is_not_offered_is_refused_and_example_and_back_work(carer: Path) -> None:
    terminal = begin("--plain")
    for number in (4, 5, 6):
        terminal.type("x")
        terminal.see(f"{number + 1} of 10")
    terminal.type("perhaps")
    terminal.see("Please answer y (yes), n (no) or u (not sure")
    terminal.type("?")
    terminal.see("Example: Money missing")
    terminal.type("<")
    terminal.see("6 of 10")
    terminal.see("Now: x")


@pytest.mark.parametrize("mode", [(), ("--plain",)])
def test_no_at_the_review_saves_nothing(carer: Path, run: Run, mode: tuple[str, ...]) -> None:
    terminal = Terminal("log", *mode, *ANSWERED)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("Save this report?", "no")
    terminal.see("Kept as a draft")
    terminal.finish()
    assert run("list", "--json").rows == []
    assert read_draft(carer)["client"] == "MB"


@pytest.mark.parametrize("mode", [(), ("--plain",)])
def test_enter_after_a_refused_answer_saves_nothing(
    carer: Path, run: Run, mode: tuple[str, ...]
) -> None:
    terminal = Terminal("log", *mode, *ANSWERED)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("Save this report?", "x")
    terminal.see("Please answer")
    terminal.type("")
    terminal.type("\x03", ends="")
    terminal.finish()
    assert run("list", "--json").rows == []


def test_a_line_that_begins_with_a_question_mark_is_no_answer(carer: Path) -> None:
    terminal = Terminal("log", "--plain")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("1 of 10", "?Mr Brown")
    terminal.see("Example: MB")
    terminal.type("MB")
    terminal.see("2 of 10")
    terminal.child.send(CTRL_C)
    terminal.finish()
    assert read_draft(carer)["client"] == "MB"
