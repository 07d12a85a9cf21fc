"""The short sequence of questions: what it asks, what it does not, and what comes of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from nearmiss.dates import now as clock
from nearmiss.dates.grammar import parse_since
from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields
from nearmiss.settings import Settings, find_paths
from nearmiss.sharing.hand_over import NotWanted, ask_and_hand_over
from nearmiss.sharing.questions import Wanted, ask_request
from nearmiss.sharing.request import Workplace
from nearmiss.terminal.asking import Asked, Choice, GoBack
from tests.conftest import NOW, TODAY, Run, make_report
from tests.documents.pages import read_text
from tests.interview.terminal import Terminal

_Value = TypeVar("_Value")


class Script:
    """Answers what it was told to, question by question; ``<`` goes back."""

    def __init__(self, **answers: str | list[str]) -> None:
        self.answers = {
            name.replace("_", " "): [each] if isinstance(each, str) else list(each)
            for name, each in answers.items()
        }
        self.put: list[str] = []

    def ask(self, asked: Asked) -> str:
        return self._find(asked.ask)

    def choose(self, choice: Choice[_Value]) -> _Value:
        typed = self._find(choice.ask)
        found = choice.find(typed)
        assert found is not None, (choice.ask, typed, [each.label for each in choice.options])
        return choice.options[found].value

    def choose_several(self, choice: Choice[_Value]) -> tuple[_Value, ...]:
        raise AssertionError(choice.ask)

    def stop(self) -> None:
        raise AssertionError

    def _find(self, question: str) -> str:
        self.put.append(question)
        left = next(left for words, left in self.answers.items() if words in question)
        typed = left.pop(0)
        if typed == "<":
            raise GoBack
        return typed


@pytest.fixture
def workplace(book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """Two clients' reports, one of them old, and a folder of our own."""
    monkeypatch.chdir(tmp_path)
    old = (TODAY - timedelta(days=200)).replace(tzinfo=NOW.tzinfo).isoformat(timespec="seconds")
    new = (TODAY - timedelta(days=5)).replace(tzinfo=NOW.tzinfo).isoformat(timespec="seconds")
    reports = [make_report(occurred_at=old), make_report(occurred_at=new), make_report(client="JS")]
    book.append(reports, "Maria, carer", clock.read_now())
    return Workplace(book, Settings(name="Maria", phone="1"), find_paths(None), clock.read_now)


def ask(workplace: Workplace, script: Script, kind: Wanted | None = None) -> Any:
    made: list[Any] = []
    ask_request(workplace, script, kind, made.append)
    return made[0]


def test_a_family_meeting_is_asked_for_in_six_questions(workplace: Workplace) -> None:
    script = Script(About="MB", Which="1", will_see="Sue", Has="y", How="2")
    request = ask(workplace, script, "meeting")
    assert script.put == [
        "About whom?",
        "Which reports?",
        "Who will see it?",
        "Has MB agreed to Sue seeing this?",
        "How large are the letters?",
    ]
    assert (request.audience, request.to, request.basis, request.decided_by) == (
        "family", "Sue", "client_agreed", "MB",
    )  # fmt: skip
    assert request.filters.client == "MB"
    assert request.filters.since == parse_since("3 months", clock.read_now())
    assert (request.kind, request.large, request.rules.people) == ("meeting", True, False)


def test_a_handover_asks_why_and_for_what(workplace: Workplace) -> None:
    script = Script(
        About="MB", Which="All", will_see="Dr Shah", Why="1", do_you_ask="A visit", How="1"
    )
    request = ask(workplace, script, "handover")
    assert (request.asks_for, request.basis) == ("A visit", "direct_care")
    assert request.filters.since is None
    assert request.rules.people


def test_one_report_is_chosen_from_the_newest(workplace: Workplace, book: Logbook) -> None:
    script = Script(
        like_to_print="1", About="MB", Which="2", will_see="", Has="c", best="", How="1"
    )
    request = ask(workplace, script)
    assert request.references[0].endswith("-0001")
    assert (request.basis, request.decided_by) == ("best_interests", "Maria")


@pytest.mark.parametrize("kind", ["meeting", "handover"])
def test_one_report_alone_can_be_chosen_for_a_meeting_or_a_handover(
    workplace: Workplace, kind: Wanted
) -> None:
    script = Script(
        About="MB",
        Which_reports=["one", "one"],
        Which_report=["<", "2"],
        will_see="",
        Has="y",
        Why="1",
        do_you_ask="",
        How="1",
    )
    request = ask(workplace, script, kind)
    assert [each[-5:] for each in request.references] == ["-0001"]
    assert request.kind == kind


def test_reports_can_be_chosen_from_another_day_on(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Script(
        About="MB",
        Which="day",
        From=["", "today", "10 months ago"],
        will_see="Sue",
        Has="y",
        How="1",
    )
    request = ask(workplace, script, "meeting")
    said = capsys.readouterr().err
    assert "A day is needed" in said
    assert "There is no report from" in said
    assert ": 2 reports." in said
    assert request.filters.since is not None
    assert request.filters.since < clock.read_now() - timedelta(days=200)


@pytest.mark.usefixtures("usual_day")
def test_the_last_months_are_those_of_the_calendar(workplace: Workplace, book: Logbook) -> None:
    before = [make_report(occurred_at=f"2025-11-{day}T12:00:00+00:00") for day in (23, 24)]
    book.append(before, "Maria, carer", clock.read_now())
    script = Script(About="MB", Which="the last 12 months", will_see="Sue", Has="y", How="1")
    since = ask(workplace, script, "meeting").filters.since
    assert since is not None
    assert since.isoformat() == "2025-11-24T00:00:00+00:00"


def test_a_chronology_and_a_blank_form_are_for_nobody_else(workplace: Workplace) -> None:
    request = ask(workplace, Script(like_to_print="3", About="JS", How="1"))
    assert (request.kind, request.audience, request.to) == ("chronology", "own", "")
    assert ask(workplace, Script(like_to_print="4", How="2")).kind == "blank"


def test_back_goes_one_question_back_and_past_what_was_not_asked(workplace: Workplace) -> None:
    script = Script(
        like_to_print=["2", "2"],
        About=["JS", "<", "MB", "MB"],
        will_see=["<", "Sue"],
        Which=["<", "1"],
        Has="y",
        How="1",
    )
    request = ask(workplace, script)  # JS has one report: which ones is not asked
    assert request.filters.client == "MB"
    assert script.put[:5] == [
        "What would you like to print?",
        "About whom?",
        "Who will see it?",
        "About whom?",
        "What would you like to print?",
    ]
    with pytest.raises(GoBack):
        ask(workplace, Script(like_to_print="<"))


def test_no_makes_nothing(workplace: Workplace, tmp_path: Path) -> None:
    with pytest.raises(NearmissError, match="Then it is not made for Sue"):
        ask(workplace, Script(About="MB", Which="1", will_see="Sue", Has="n"), "meeting")
    script = Script(About="MB", Which="All", will_see="Sue", Has="y", How="1", Make="n")
    with pytest.raises(NotWanted):
        ask_and_hand_over(replace_asker(workplace, script), script, "meeting")
    assert [each.name for each in tmp_path.glob("*.pdf")] == []


def test_back_from_making_it_asks_the_last_question_again_and_counts_what_stands(
    workplace: Workplace, book: Logbook, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = book.append([make_report()], "Maria", NOW).ids[0]
    book.append([CorrectionFields(about=gone, withdraws=True, reason="Twice")], "Maria", NOW)
    script = Script(
        About="MB", Which="All", will_see="Sue", Has="y", How=["2", "1"], Make=["<", "n"]
    )
    with pytest.raises(NotWanted):
        ask_and_hand_over(replace_asker(workplace, script), script, "meeting")
    assert script.put[-4:] == ["How large are the letters?", "Make it?"] * 2
    assert "In it: 2 reports" in capsys.readouterr().err


def replace_asker(workplace: Workplace, script: Script) -> Workplace:
    from dataclasses import replace

    return replace(workplace, asker=script)


def test_what_was_asked_for_is_made_beside_what_is_there(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str], book: Logbook
) -> None:
    def make() -> Script:
        return Script(
            About="JS",
            will_see="Dr Shah",
            Why="2",
            do_you_ask="",
            How="1",
            Make="y",
            Open="n",
            Did=hands[len(made)],
            know_of="n",
        )

    hands, made = "yn", list[Script]()
    for _ in range(2):
        script = make()
        made.append(script)
        ask_and_hand_over(replace_asker(workplace, script), script, "handover")
    told = capsys.readouterr()
    first, second = told.out.split()
    assert second == first.replace(".pdf", "-2.pdf")
    assert (tmp_path / second).read_bytes().startswith(b"%PDF")
    assert "In it: 1 report, 14 Apr 2026; " in told.err.replace("\n", " ")
    assert " page" in told.err
    kinds = [each.basis for each in book.read_forward() if each.entry == "disclosure"]  # type: ignore[union-attr]
    assert kinds == ["client_agreed"]  # the other was not handed over
    assert "Not noted as handed over." in told.err


def test_print_alone_at_a_terminal_asks(run: Run, workplace: Workplace, tmp_path: Path) -> None:
    run("setup", "--name", "Maria", "--phone", "020 7946 0000")
    terminal = Terminal("print", "--plain")
    terminal.answer("What would you like to print?", "2")
    terminal.answer("About whom?", "1")
    terminal.answer("Who will see it?", "Sue")
    terminal.answer("Has JS agreed to Sue seeing this?", "y")
    terminal.answer("How large", "1")
    terminal.answer("Make it?", "y")
    terminal.answer("to Sue?", "n")
    seen = terminal.finish()
    assert "Traceback" not in seen
    assert terminal.code == 0
    assert len(list(tmp_path.glob("nearmiss-meeting-*.pdf"))) == 1


def test_back_at_the_first_question_leaves_without_a_trace(
    workplace: Workplace, tmp_path: Path
) -> None:
    terminal = Terminal("export", "--plain")
    terminal.answer("About whom?", "<")
    assert "Nothing was made." in terminal.finish()
    assert terminal.code == 0
    assert list(tmp_path.glob("*.pdf")) == []


def test_back_from_why_asks_who_again(workplace: Workplace) -> None:
    answers = {"About": "MB", "Which": "All", "How": "1"}
    script = Script(**answers, will_see=["Sue", "Tom"], Has=["<", "c", "y"], best="<")
    request = ask(workplace, script, "meeting")
    assert script.put[2:-1] == [
        "Who will see it?",
        "Has MB agreed to Sue seeing this?",
        "Who will see it?",
        "Has MB agreed to Tom seeing this?",
        "Who decided that it is in their best interests?",
        "Has MB agreed to Tom seeing this?",
    ]
    assert (request.to, request.basis) == ("Tom", "client_agreed")


def test_nobody_named_is_noted_nowhere_and_not_asked_twice(
    workplace: Workplace, book: Logbook, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {"About": "JS", "will see": "", "How": "1", "Make": "y", "do you ask": ""}
    script = Script(**answers, Open="n")
    ask_and_hand_over(replace_asker(workplace, script), script, "handover")
    assert script.put.count("Who will see it?") == 1
    assert not any(question.startswith("Why") for question in script.put)
    assert all(each.entry != "disclosure" for each in book.read_forward())  # type: ignore[union-attr]
    assert capsys.readouterr().out.endswith(".pdf\n")


def test_who_is_told_without_a_role_is_asked_of_once_for_that_paper(
    book: Logbook, workplace: Workplace
) -> None:
    told = [["Zelda, phone", "my sister Ann"], ["zelda, text", "police"], ["Bo"], ["Sue, phone"]]
    book.append([make_report(client="KT", informed=each) for each in told], "Maria", NOW)
    book.append(
        [make_report(client="KT", informed=["Susie's mum", "daughter (Sue)"])], "Maria", NOW
    )
    script = Script(
        About="KT", Which="1", will_see="Sue", Has="y", How="1", hand="n", Make="y", Open="n",
        Zelda=["Zelda", "her friend Zelda"], Bo="", Susie="<",
    )  # fmt: skip
    ask_and_hand_over(replace(workplace, asker=script), script, "meeting")
    asked = [each for each in script.put if each.startswith("Who is that")]
    assert [each for each in asked if "Zelda" in each] == ['Who is that: "Zelda, phone"?'] * 2
    assert len(asked) == 4, "not of Sue, who reads it, nor of whom nobody may know"
    made = next(Path.cwd().glob("*.pdf")).read_bytes()
    text = read_text(made)
    assert "friend" in text
    assert "daughter" in text
    assert "someone else" in text
    assert [name for name in ("Zelda", "Bo", "Ann", "police") if name in text] == []
    assert "Zelda" not in book.file.read_text().replace('"Zelda, phone"', "")
