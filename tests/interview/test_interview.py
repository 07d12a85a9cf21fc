"""The interview at a real terminal: every question, going back, pasting, stopping, going on."""

import io
import json
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.interview.screen import Screen
from tests.interview.terminal import (
    CTRL_C,
    CTRL_D,
    ENTER,
    ESCAPE,
    NEW_LINE,
    Terminal,
    name_carer,
)

PASTE = "\x1b[200~{}\x1b[201~"
ANSWERS = {
    "1 of 10": "MB",
    "2 of 10": "about 8pm yesterday",
    "3 of 10": "lounge, by the armchair",
    "4 of 10": "MB stood up. His foot slid on the rug.",
    "5 of 10": "I held his elbow.",
    "6 of 10": "Asked about pain. Moved the rug.",
    "7 of 10": "n",
    "8 of 10": "daughter (Sue), phone",
    "9 of 10": "Ask the family about the rug",
    "10 of 10": "1",
}


@pytest.fixture
def carer(home: Path) -> Path:
    name_carer(home)
    return home


def answer_all(terminal: Terminal, *, start: int = 1) -> None:
    for question, answer in list(ANSWERS.items())[start - 1 :]:
        terminal.answer(question, answer)


def read_draft(home: Path) -> Any:
    drafts = list((home / "state" / "drafts").glob("*.json"))
    return json.loads(drafts[0].read_bytes()) if drafts else None


def test_a_report_from_the_gate_to_saved(run: Run, carer: Path) -> None:
    terminal = Terminal("log", "--plain")
    terminal.answer("Was anyone hurt", "n")
    answer_all(terminal)
    terminal.answer("Save this report?", "")
    terminal.see("Saved")
    terminal.answer("What next?", "")
    said = terminal.finish()
    assert terminal.code == 0
    assert "\x1b" not in said
    check_saved(run("list", "--json").rows[0])
    assert read_draft(carer) is None


def check_saved(row: dict[str, Any]) -> None:
    """Check that every answer stands in the report."""
    assert row["client"] == "MB"
    assert row["occurred_approx"] is True
    assert row["what_nearly_happened"] == ANSWERS["4 of 10"]
    assert row["safeguarding"] is False
    assert row["informed"] == ["daughter (Sue), phone"]
    assert row["recommendations"] == ["Ask the family about the rug"]
    assert row["category"] == "mobility"
    assert row["recorded_by"] == "Maria, carer"


def test_few_keys_beyond_its_own_words(carer: Path, run: Run) -> None:
    """A typical report: known client by number, one person told, one idea, review, save."""
    run("log", "--json", "-", given=json.dumps(SAVED))
    terminal = Terminal("log")
    terminal.child.logfile_send = received = io.StringIO()
    terminal.answer("Was anyone hurt", "n")
    for question, answer in {**ANSWERS, "1 of 10": "1"}.items():
        terminal.see(question)
        terminal.see("Esc: back")
        terminal.type(answer)
    terminal.answer("Save this report?", "")
    terminal.see("Saved")
    terminal.answer("What next?", "")
    terminal.finish()
    assert terminal.code == 0
    assert read_draft(carer) is None
    row = run("list", "--json").rows[0]
    check_saved(row)
    words = [row[field] for field in ("location", "what_nearly_happened", "how_prevented")]
    words += [row["immediate_action"], *row["informed"], *row["recommendations"]]
    words.append(ANSWERS["2 of 10"])
    keys = received.getvalue()
    for each in words:
        assert each in keys
        keys = keys.replace(each, "", 1)
    assert len(keys) <= 17, keys


SAVED = {
    "client": "MB",
    "occurred_at": "2026-04-02T20:15",
    "location": "hall",
    "what_nearly_happened": "x",
    "how_prevented": "x",
    "immediate_action": "x",
    "category": "mobility",
}


def test_several_lines_and_going_back(carer: Path, run: Run) -> None:
    terminal = Terminal("log", "--client", "MB", "--when", "now", "--where", "hall")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("4 of 10", "He stood up.", ends=NEW_LINE)
    terminal.type("He slid.")
    terminal.answer("5 of 10", "", ends=ESCAPE)
    terminal.see("4 of 10")
    terminal.see("He slid.")
    terminal.type(" Twice.")
    answer_all(terminal, start=5)
    terminal.answer("Save this report?", "3")
    terminal.answer("3 of 10", "\x1b[Cway")
    terminal.answer("Save this report?", "save")
    terminal.answer("What next?", "")
    terminal.finish()
    row = run("list", "--json").rows[0]
    assert row["what_nearly_happened"] == "He stood up.\nHe slid. Twice."
    assert row["location"] == "hallway"


ENDS = (CTRL_C, CTRL_D, "SIGHUP", "SIGTERM", "SIGKILL", "closed")


@pytest.mark.parametrize(
    ("stop", "mode"),
    [*((stop, ()) for stop in ENDS), (CTRL_C, ("--plain",)), ("SIGHUP", ("--plain",))],
)
def test_half_an_answer_outlives_every_end(
    carer: Path, run: Run, stop: str, mode: tuple[str, ...]
) -> None:
    import pexpect

    terminal = Terminal("log", *mode, "--client=MB", "--when=now")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("3 of 10", ANSWERS["3 of 10"])
    half = "" if mode else "He stood up and sl"
    terminal.answer("4 of 10", half, ends="")
    terminal.see(half or "> ")
    if stop == "SIGKILL":  # what nobody can act on: the last second may be lost
        wait_for_draft(carer, lambda draft: draft.get("unfinished"))
    if stop == "closed":
        # Not by force: who is killed before she can act may lose the last second.
        with suppress(pexpect.ExceptionPexpect):
            terminal.child.close(force=False)
        wait_for_draft(carer, lambda draft: not terminal.child.isalive())
    else:
        send = terminal.child.send
        send(stop) if stop in (CTRL_C, CTRL_D) else terminal.child.kill(signal.Signals[stop])
        assert "Traceback" not in terminal.finish()
    draft = wait_for_draft(carer, lambda draft: mode or draft.get("unfinished"))
    assert mode or draft["unfinished"] == {"what_nearly_happened": half}
    (path,) = (carer / "state" / "drafts").glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert draft.items() >= {"client": "MB", "location": ANSWERS["3 of 10"]}.items()
    if stop != "SIGHUP":  # what is kept is the same after every end: it is gone on with after one
        return
    again = Terminal("log", *mode, "--where=kitchen", *REST)
    again.answer("Go on with it?", "y")
    again.answer("4 of 10", ("He stood up and sl" if mode else "") + "id.")
    again.answer("Save this report?", "")
    again.answer("What next?", "")
    said = " ".join((again.child.before or "").split())
    assert "He stood up and slid. Nobody was hurt that I could see." in said  # as the gate was told
    again.finish()
    row = run("list", "--json").rows[0]
    assert (row["client"], row["location"]) == ("MB", "kitchen")
    assert row["what_nearly_happened"] == "He stood up and slid."
    assert read_draft(carer) is None


REST = (
    "--prevented=Luck",
    "--action=Looked",
    "--informed=son",
    "--recommend=-",
    "--category=mobility",
    "--no-safeguarding",
)


def wait_for_draft(home: Path, fits: Callable[[Any], Any]) -> Any:
    """Return the draft once it is as wanted; a busy machine takes its time."""
    until = time.monotonic() + 20
    while not fits(found := read_draft(home) or {}):
        assert time.monotonic() < until, found
        time.sleep(0.02)
    return found


def test_what_is_typed_ahead_is_seen_once_and_the_terminal_is_left_as_it_was(carer: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a terminal of its own")
    import termios

    screen = Screen("log", "--client=MB", "--when=now", "--where=hall", rows=60)
    screen.wait("Was anyone hurt")
    screen.child.send("n" + ENTER)
    time.sleep(0.1)  # what comes at once would be a paste
    screen.child.send(f"He slid.{ENTER}")
    rows = screen.wait("5 of 10")
    assert sum("slid" in row for row in rows) == 1
    assert not termios.tcgetattr(screen.child.child_fd)[3] & termios.ECHO
    assert read_draft(carer)["what_nearly_happened"] == "He slid."
    screen.child.send(CTRL_C)
    wanted = termios.ECHO | termios.ICANON
    screen.until(lambda rows: termios.tcgetattr(screen.child.child_fd)[3] & wanted == wanted)


def test_a_draft_can_be_left_and_thrown_away(carer: Path, run: Run) -> None:
    terminal = Terminal("log", *(f"--{each}=x" for each in ("client", "where", "what")))
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("2 of 10", "now")
    answer_all(terminal, start=5)
    terminal.answer("Save this report?", "d")
    terminal.finish()
    assert read_draft(carer)["client"] == "x"
    assert run("list").out == ""
    assert run("log", "--discard-draft").code == 2
    assert read_draft(carer)["client"] == "x"
    assert run("log", "--discard-draft", "--yes").code == 0
    assert read_draft(carer) is None


BAD_TIMES = {
    "29 March 2026 1:30": "The clocks went forward",
    "1/4/1899 9:00": "Please check",
    "tomorrow 9am": "Please check",
    "31/2/26 10:00": "Please check",
}


@pytest.mark.usefixtures("usual_day")
def test_a_bad_answer_is_explained_and_asked_again(carer: Path, run: Run) -> None:
    terminal = Terminal("log", columns=30)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("1 of 10", " ")
    terminal.answer("An answer is needed", "نور 🦽")
    for typed, reason in BAD_TIMES.items():
        terminal.answer_anew("2 of 10", typed)
        terminal.see(reason[:20])
    terminal.answer_anew("2 of 10", "25 October 2026 1:30")
    terminal.answer("1 The first time", "2")
    terminal.see("01:30, in the")
    terminal.answer("3 of 10", "x" * 121)
    terminal.see("the most is 120")
    terminal.answer_anew("3 of 10", "hall")
    terminal.answer("4 of 10", PASTE.format("x" * 5001))
    terminal.see("the most is 5,000")
    terminal.see("4 of 10")
    terminal.see("Esc: back")
    terminal.type("\x7f")
    answer_all(terminal, start=5)
    terminal.save()
    row = run("list", "--json").rows[0]
    assert row["occurred_at"] == "2026-10-25T01:30:00+00:00"
    assert row["client"] == "نور 🦽"
    assert row["what_nearly_happened"] == "x" * 5000


def test_escape_goes_one_question_back_where_the_carer_is_asked(home: Path, run: Run) -> None:
    terminal = Terminal()
    terminal.answer("What would you like to do?", "1")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("Your name", "Mari")
    for question in ("Your role", "Your name"):
        terminal.see(question)
        terminal.see("Esc: back")
        terminal.child.send(ESCAPE)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("Your name", "MB stood up and his foot slid on the rug at 8")
    terminal.answer_anew("That is more than a name", "Maria")
    terminal.answer("Your role", "carer")
    terminal.answer("Your telephone", "MB")
    terminal.answer_anew("A telephone number has digits", "")
    terminal.answer("1 of 10", "020 7946 0000")
    terminal.answer_anew("An answer is needed: initials", "MB")
    terminal.answer("2 of 10", "", ends=CTRL_C)
    terminal.answer("What would you like to do?", ESCAPE, ends="")
    terminal.finish()
    assert "name: Maria" in run("setup").out
    again = Terminal("log")
    again.answer("Go on with it?", "n")
    again.answer("Was anyone hurt", "n")
    again.answer("1 of 10", "", ends=CTRL_C)  # and not who she is
    again.finish()
    assert again.code == 130


def test_a_disk_that_is_full_at_the_end_keeps_the_answers(carer: Path, run: Run) -> None:
    run("log", "--json", "-", given=json.dumps(SAVED))
    terminal = Terminal("log", "--client=MB", "--when=now", "--where=hall", *REST)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("4 of 10", ANSWERS["4 of 10"])
    terminal.see("Save this report?")
    book = carer / "logbook.jsonl"
    before = book.read_bytes()
    book.rename(carer / "kept")
    book.mkdir()
    terminal.type("")
    screen = terminal.finish()
    assert terminal.code == 1
    assert "it is a folder" in " ".join(screen.split())
    assert read_draft(carer)["what_nearly_happened"] == ANSWERS["4 of 10"]
    book.rmdir()
    (carer / "kept").rename(book)
    assert book.read_bytes() == before


CHAIRS = ("Slid on the rug getting up from the armchair.", "Foot went on the rug by his recliner.")


@pytest.mark.usefixtures("usual_day")
def test_after_saving_the_carer_says_which_show_the_same_hazard(carer: Path, run: Run) -> None:
    for what in CHAIRS:
        report = {**SAVED, "what_nearly_happened": what, "location": "lounge"}
        run("log", "--json", "-", given=json.dumps(report | {"occurred_at": "2026-11-02T20:15"}))
    terminal = Terminal("log", "--when", "3 November 2026 20:00")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("1 of 10", "MB")
    terminal.answer("MB, seen twice, last ", "y")
    answer_all(terminal, start=3)
    terminal.answer("Save this report?", "")
    # What is typed ahead for the menu that usually comes then ticks nothing.
    terminal.answer("It is kept in", "1")
    terminal.answer("same hazard?", "ab")
    terminal.answer("What would you call it?", "near falls at the armchair")
    terminal.see("are the same hazard.")
    terminal.see('You marked 3 reports for MB as the same hazard, "near falls at the armchair"')
    terminal.answer("What next?", "")
    terminal.finish()
    (pattern,) = run("patterns", "--json").rows
    assert (pattern["status"], len(pattern["reports"])) == ("confirmed", 3)
    assert pattern["name"] == "near falls at the armchair"
    begin = "Near falls at the armchair (lounge; lounge, by the armchair): 3 reports, 2 Nov 2026"
    assert pattern["sentence"].startswith(begin)
    assert run("similar", "--json").rows[0]["id"].endswith(("-0001", "-0002"))


def test_a_time_that_is_not_known_leads_to_the_day_and_is_kept_as_one(
    carer: Path, run: Run
) -> None:
    terminal = Terminal("log", "--plain", "--client=MB", "--where=hall", "--what=He slid", *REST)
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("2 of 10", "dont know")
    terminal.answer("When did you notice it?", "no idea")
    terminal.answer("Which day, at least?", "yesterday")
    terminal.see(", time not known")
    terminal.answer("Save this report?", "s")
    terminal.answer("What next?", "")
    terminal.finish()
    (row,) = run("list", "--json").rows
    assert row["hour_not_known"] is True
    assert ", time not known" in run("show", "last").out


def test_the_hour_of_a_plain_day_is_asked(carer: Path) -> None:
    terminal = Terminal("log", "--client", "MB")
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("2 of 10", "yesturday teatime")
    terminal.answer('Did you mean "yesterday teatime"?', "y")
    terminal.answer("at teatime? About is fine.", "about 5")
    terminal.see("about ")
    terminal.see(", 17:00")
    terminal.answer("3 of 10", "hall", ends=CTRL_C)
    terminal.finish()
    draft = read_draft(carer)
    assert draft["occurred_at"][11:16] == "17:00"
    assert draft["occurred_approx"] is True
