"""Plain mode: as safe as the other, and nothing is ever painted again."""

import sys
from functools import partial

import pytest

from nearmiss.interview.answers import read_answer
from nearmiss.session import Session
from nearmiss.terminal.asking import SURE, Asked, Asker, Choice, GoBack, Shape, ask_until_taken
from tests.conftest import Run
from tests.interview.terminal import Terminal
from tests.terminal.sheet import Lines

if sys.platform == "win32":
    pytest.skip("needs a terminal of its own", allow_module_level=True)

WHAT = Asked("What happened?", progress="4 of 10", shape="lines", example="MB stood up.")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    return Lines(monkeypatch)


def ask_what(asker: Asker) -> str:
    return asker.ask(WHAT)


def test_a_paste_of_several_lines_stays_in_its_own_answer(lines: Lines) -> None:
    pasted = "He stood up.\nHe slid.\n\nI held him.\nHe sat down.\n"
    lines.begin(lambda asker: (asker.ask(WHAT), asker.ask(Asked("What stopped it?"))))
    lines.press(pasted)
    lines.see("What stopped it?")
    lines.type("Luck")
    what, stopped = lines.finish()
    assert (what.strip(), stopped) == (pasted.strip(), "Luck")


def test_what_is_pasted_without_an_end_waits_for_enter(lines: Lines) -> None:
    lines.begin(ask_what)
    lines.press("One line\nand another")
    lines.see("another")
    lines.type(" to the end.")
    assert lines.finish() == "One line\nand another to the end."


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
def test_keys_do_what_they_say_and_leave_no_codes(lines: Lines, typed: str, kept: str) -> None:
    lines.begin(ask_what)
    lines.type(typed)
    assert lines.finish() == kept


@pytest.mark.parametrize("shape", ["lines", "list"])
def test_an_ended_line_is_kept_at_once_and_another_of_the_answer_follows(
    lines: Lines, shape: Shape
) -> None:
    kept: list[str] = []
    asked = Asked("What happened?", shape=shape, keeps=kept.append)
    lines.begin(lambda asker: asker.ask(asked))
    lines.type("He slid.+")
    lines.see("\n> ")
    assert kept == ["He slid."]
    lines.type("Twice.")
    assert lines.finish() == "He slid.\nTwice."


def test_too_long_a_paste_is_refused_and_nothing_of_it_answers_again(lines: Lines) -> None:
    read = partial(read_answer, "what_nearly_happened")
    lines.begin(lambda asker: ask_until_taken(asker, WHAT, read))
    lines.type("x" * 5001)
    lines.see("the most is 5,000")
    lines.see("> ")
    lines.type("He slid.")
    assert lines.finish() == {"what_nearly_happened": "He slid."}


@pytest.mark.parametrize("how", ["option", "setting", "ACCESSIBLE", "TERM", ""])
def test_plain_is_asked_for_in_four_ways(
    run: Run, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("TERM", "dumb" if how == "TERM" else "xterm")
    if how == "setting":
        run("setup", "--always-plain")
    if how == "ACCESSIBLE":
        monkeypatch.setenv("ACCESSIBLE", "1")
    asker = Session(plain=how == "option").asker
    assert type(asker).__name__ == ("PlainAsker" if how else "PromptAsker")


def test_a_terminal_that_can_paint_nothing_is_plain() -> None:
    terminal = Terminal("log", "--client=MB", term="dumb")
    terminal.see("Was anyone hurt")
    terminal.see("\n> ")
    terminal.type("not sure")
    terminal.see("Help first")
    terminal.answer("Write it down now?", "no")
    assert "\x1b" not in terminal.finish()


def test_a_question_is_one_line_that_says_how_it_ends(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    asked = Asked("What happened?", shape="lines", example="MB stood up.", keeps=lambda text: None)
    line = lines.begin(lambda asker: (asker.ask(asked), asker.ask(asked)))
    assert "\n" not in line.strip()
    for part in ("Enter ends it", "+ at the end of a line", "on the disk", "type ? and Enter"):
        assert part in line
    lines.type("He slid.")
    assert "on the disk" not in lines.see("> ")
    lines.type("Twice.")
    assert lines.finish() == ("He slid.", "Twice.")


def test_a_choice_that_is_not_offered_is_refused_and_example_and_back_work(lines: Lines) -> None:
    choice = Choice("Hurt?", SURE, example="Money missing", can_go_back=True, in_a_row=True)
    first = lines.begin(lambda asker: asker.choose(choice))
    assert "To go back, type < and Enter." in " ".join(first.split())
    lines.type("perhaps")
    lines.see("Please answer y (yes), n (no) or u (not sure")
    assert "Hurt?" in lines.see("> ")  # the question is put again
    lines.press("no\nHe slid.\n")  # a paste answers no choice, and no question after it
    lines.see("Please answer")
    lines.see("> ")
    lines.type("?")
    lines.see("Example: Money missing")
    lines.see("> ")
    lines.type("<")
    with pytest.raises(GoBack):
        lines.finish()


def test_enter_alone_keeps_what_stands_and_none_empties_a_list(lines: Lines) -> None:
    asked = Asked("Who?", shape="list", earlier="son")
    lines.begin(lambda asker: (asker.ask(asked), asker.ask(asked)))
    lines.type("")
    lines.see("Now: son")
    lines.see("> ")
    lines.type("none")
    assert lines.finish() == ("son", "")


def test_a_question_mark_alone_asks_for_the_example_and_one_before_words_is_theirs(
    lines: Lines,
) -> None:
    lines.begin(ask_what)
    lines.type("?")
    lines.see("Example: MB stood up.")
    lines.see("> ")
    lines.type("?UTI, so he fell")
    assert lines.finish() == "?UTI, so he fell"


def test_what_the_questions_are_about_is_said_once(lines: Lines) -> None:
    about = "About K7QX-0042, MB, 14 Apr: His foot slid."
    asked, choice = Asked("Who?", about=about), Choice("Closed?", SURE, about=about)
    first = lines.begin(lambda asker: (asker.ask(asked), asker.choose(choice)))
    assert about in first
    lines.type("GP")
    assert about not in lines.see("> ")
    lines.type("y")
    assert lines.finish() == ("GP", "yes")
