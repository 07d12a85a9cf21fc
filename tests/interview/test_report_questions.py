"""The questions of a report: what going back leads to, what is kept, what the review ends in."""

import json
from pathlib import Path
from typing import Any

import pytest

from nearmiss.commands.sitting import _ask
from nearmiss.interview.drafts import Draft
from nearmiss.interview.known import Known
from nearmiss.interview.report import Interview
from nearmiss.session import Session
from nearmiss.terminal.asking import Asked, Asker, Choice, Option, Stopped
from tests.conftest import NOW, make_report
from tests.interview.carer import BACK, Carer
from tests.interview.terminal import name_carer
from tests.terminal.sheet import Lines, open_sheet

ENTER, ESCAPE, CTRL_C = "\r", "\x1b", "\x03"


class Chooser:
    """Answers the safeguarding question as told, and notes what stood there."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.stood: list[str | None] = []

    def ask(self, asked: Asked) -> str:
        assert asked.ask == "Who have you told of this worry?"
        return ""

    def choose(self, choice: Choice[Any]) -> Any:
        if choice.ask == "Done?":
            number = 7 if self.answers else "d"
            found = choice.find(str(number))
        else:
            marked = choice.chosen
            self.stood.append(None if marked is None else choice.options[marked].label)
            found = choice.find(self.answers.pop(0))
        assert found is not None
        return choice.options[found].value

    def choose_several(self, choice: Choice[Any]) -> tuple[Any, ...]:
        raise AssertionError(choice.ask)

    def stop(self) -> None:
        raise AssertionError


def test_the_question_shows_not_sure_where_that_was_the_answer() -> None:
    chooser = Chooser("u", "y", "n", "n")
    interview = Interview(chooser, {}, Known(), lambda answers, unfinished: "", lambda: NOW)
    interview.change("Done?", (Option("That is all", "done", "d"),))
    assert chooser.stood == [None, "not sure (the same as yes)", "yes", "no"]
    assert interview.answers["safeguarding"] is False


def test_escape_takes_a_letter_back_at_the_gate_too_and_nothing_is_lost(home: Path) -> None:
    name_carer(home)
    session = Session()
    sitting = session.drafts.start()
    sitting.by = "Maria"

    def ask(asker: Asker) -> object:
        session.asker = asker
        return _ask(session, sitting, {}, asks_gate=True)

    with open_sheet(ask, rows=60, seen="u not sure") as sheet:
        sheet.press("n" + ENTER)
        sheet.wait("1 of 10")
        sheet.press("M" + ESCAPE)
        sheet.wait("> n no")
        sheet.press(ENTER)
        sheet.wait("> M")
        sheet.press(ESCAPE)
        sheet.wait("> n no")
        sheet.press("u" + ENTER)
        sheet.wait("Write it down now?")
        sheet.press("n" + ENTER)
        assert sheet.finish() is None
    assert json.loads(sitting.path.read_bytes())["unfinished"] == {"client": "M"}


def test_what_cannot_be_kept_is_told_once_and_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    sitting = Draft(tmp_path / "state" / "drafts" / "draft.json")
    chooser = Chooser("y", "n")
    interview = Interview(chooser, {}, Known(), sitting.keep, lambda: NOW)
    interview.change("Done?", (Option("That is all", "done", "d"),))
    assert interview.answers["safeguarding"] is False
    assert capsys.readouterr().err.count("can't be kept") == 1


def review(asker: Asker) -> str:
    answers = make_report().model_dump(exclude_none=True)
    return Interview(asker, answers, Known(), lambda answers, unfinished: "", lambda: NOW).review()


@pytest.mark.parametrize(
    ("typed", "decision"), [("no", "draft"), ("", "save"), ("save", "save"), ("t", "save")]
)
def test_the_review_ends_in_what_was_said_in_either_mode(
    monkeypatch: pytest.MonkeyPatch, typed: str, decision: str
) -> None:
    with open_sheet(review, rows=50, seen="Save this report?") as sheet:
        sheet.press(typed + ENTER)
        if typed == "t":
            sheet.wait("for good?")
            sheet.press("n" + ENTER)
            sheet.wait("> s Save")
            sheet.press(ENTER)
        assert sheet.finish() == decision
    lines = Lines(monkeypatch)
    lines.begin(review)
    lines.type(typed)
    if typed == "t":
        lines.see("for good?")
        lines.see("> ")
        lines.type("n")
        lines.see("> ")
        lines.type("")
    assert lines.finish() == decision


def test_enter_after_a_refused_answer_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_sheet(review, rows=50, seen="Save this report?") as sheet:
        sheet.press("x")
        sheet.wait("Please answer")
        sheet.press(ENTER + CTRL_C)
        with pytest.raises(Stopped):
            sheet.finish()
    lines = Lines(monkeypatch)
    lines.begin(review)
    for typed in ("x", ""):
        lines.type(typed)
        lines.see("Please answer")
        lines.see("> ")
    lines.type("d")
    assert lines.finish() == "draft"


def test_of_a_draft_with_a_gap_the_gap_alone_is_asked() -> None:
    answers = make_report(informed=["GP"]).model_dump(exclude_none=True)
    del answers["location"]
    script = Carer(("Where?", BACK), ("When did it happen?", ""), ("Where?", "hall"))
    interview = Interview(script, answers, Known(), lambda answers, unfinished: "", lambda: NOW)
    interview.ask_all()
    script.finish()
    assert interview.answers["location"] == "hall"
