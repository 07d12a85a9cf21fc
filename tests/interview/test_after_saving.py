"""After saving: who could be told, what to say on the telephone, and what next by one key."""

import json
from pathlib import Path

import pytest

from nearmiss.text import end_sentence
from tests.conftest import Run
from tests.interview.terminal import Terminal, name_carer

GIVEN = (
    "--client=MB",
    "--when=now",
    "--where=hall",
    "--what=He slid",
    "--prevented=Luck",
    "--action=Looked",
    "--recommend=-",
    "--category=mobility",
    "--no-safeguarding",
)


@pytest.fixture
def saved(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A report that was just saved, with nobody told, in a folder of our own."""
    monkeypatch.chdir(tmp_path)
    name_carer(home)
    terminal = Terminal("log", *GIVEN)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("8 of 10", "")
    terminal.answer("Save this report?", "")
    terminal.see("Saved. It is kept in")
    return terminal


def test_who_could_be_told_and_words_that_end_their_sentences(saved: Terminal, home: Path) -> None:
    saved.see("When in doubt, escalate.")
    saved.see("To say on the telephone")
    saved.see("What next?")
    said = " ".join((saved.child.before or "").split())
    assert said.count("He slid. Nobody was hurt that I could see. I am asking for...") == 1
    saved.type("")
    saved.finish()
    assert saved.code == 0
    lines = (home / "logbook.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["entry"] for line in lines] == ["opened", "report"]


def test_each_is_done_by_one_key(saved: Terminal, run: Run, tmp_path: Path) -> None:
    saved.answer("What next?", "1")
    saved.answer("Which answer is wrong?", "3")
    saved.see("3 of 10")
    saved.type("way")
    saved.answer("Which answer is wrong?", "d")
    saved.answer("Why is it corrected?", "Wrong room")
    saved.answer("What next?", "2")
    saved.see("Who have you told?")
    saved.see("About ")
    saved.see(", MB, ")
    saved.see(": He slid.")
    saved.type("daughter, phone")
    saved.answer("What next?", "3")
    saved.answer("Who will read it?", "1")
    saved.see(".pdf")
    saved.answer("What next?", "4")
    saved.finish()
    row = run("list", "--json").rows[0]
    assert (row["location"], row["informed"]) == ("hallway", ["daughter, phone"])
    assert len(list(tmp_path.glob("nearmiss-report-*.pdf"))) == 1


def test_leaving_a_step_leads_back_and_the_report_stays(saved: Terminal, run: Run) -> None:
    saved.answer("What next?", "3")
    saved.answer("Who will read it?", "\x1b", ends="")
    saved.answer("What next?", "2")
    saved.answer("Who have you told?", "\x03", ends="")
    saved.answer("What next?", "\x03", ends="")
    saved.finish()
    assert saved.code == 0
    assert len(run("list", "--json").rows) == 1


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("He slid", "He slid."),
        ("He slid.", "He slid."),
        ("He slid!", "He slid!"),
        ('He said "stop."', 'He said "stop."'),
        ("He slid …", "He slid …"),
        ("He slid (twice)", "He slid (twice)."),
    ],
)
def test_a_sentence_is_ended_once(text: str, ended: str) -> None:
    assert end_sentence(text) == ended
