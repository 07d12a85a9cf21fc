"""Next steps: written by options, refused where they make no sense, ended by what ends them."""

from datetime import timedelta

import pytest

from nearmiss.dates.now import read_now
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields
from nearmiss.records.read import find_entry
from nearmiss.records.record import NextStep, Record
from tests.cases import over
from tests.conftest import NOW, Run, make_report


@pytest.fixture
def one(book: Logbook) -> str:
    return book.append([make_report(informed=["son"])], "Maria, carer", NOW).ids[0]


def find_step(book: Logbook) -> NextStep | None:
    record = find_entry(book, None, 1, lambda unreadable: None)
    assert isinstance(record, Record)
    return record.next_step


def test_a_next_step_is_kept_with_who_and_its_day(run: Run, book: Logbook, one: str) -> None:
    assert (
        run("follow-up", one, "--next", "Ring the OT", "--who", "Sue", "--due", "in 2 days").code
        == 0
    )
    step = find_step(book)
    assert step
    assert (step.text, step.who) == ("Ring the OT", "Sue")
    assert step.due == read_now().date() + timedelta(days=2)


def test_done_ends_it_and_next_beside_it_begins_the_new_one(
    run: Run, book: Logbook, one: str
) -> None:
    run("follow-up", one, "--next", "Ring the OT")
    assert run("follow-up", one, "--done", "--next", "Fit the rails").code == 0
    step = find_step(book)
    assert step
    assert step.text == "Fit the rails"
    assert run("follow-up", one, "--done").code == 0
    assert find_step(book) is None


@over(
    ("options", "said"),
    [
        (["--done"], "No next step is open"),
        (["--who", "Sue"], "need --next: what is to do"),
        (["--next", "Ring", "--due", "yesterday"], "passed"),
        (["--next", "Ring", "--due", "whenever"], "Not understood"),
        (["--next", "Ring", "--close"], "leave out --close or --next"),
        (["--harm-found", "No."], "If there was none, leave it out."),
        (["--informed", "nobody yet"], "needs at least one of"),
        (["--next", "x" * 201], "--next: has 201 characters"),
        (["--next", "two\nlines"], "--next: must be on one line"),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Run, book: Logbook, one: str, options: list[str], said: str
) -> None:
    size = book.path.stat().st_size
    result = run("follow-up", one, *options)
    assert result.code == 2
    assert said in result.err
    assert book.path.stat().st_size == size


def test_a_follow_up_can_be_withdrawn_and_then_does_not_count(
    run: Run, book: Logbook, one: str
) -> None:
    entry = run("follow-up", one, "--next", "Ring the OT").out.strip()
    assert run("correct", entry, "--withdraw").code == 2
    assert run("correct", entry, "--withdraw", "--reason", "Wrong report").code == 0
    assert find_step(book) is None
    again = run("correct", entry, "--withdraw", "--reason", "Wrong report")
    assert again.code == 1
    assert "withdrawn already" in again.err
    assert "withdrawn" in run("show", one).out.lower()


def test_a_verdict_and_a_report_can_be_withdrawn(run: Run, book: Logbook, one: str) -> None:
    other = book.append([make_report()], "Maria", NOW).ids[0]
    verdict = ComparisonFields(about=other, other=one, same_hazard=True)
    entry = book.append([verdict], "Maria", NOW).ids[0]
    assert run("correct", entry, "--withdraw", "--reason", "A slip").code == 0
    gone = run("correct", one, "--withdraw", "--reason", "It was KT")
    assert gone.code == 0, gone.err
    assert [row["id"] for row in run("list", "--json").rows] == [other]
    assert [row["status"] for row in run("list", "--all", "--json").rows] == ["open", "withdrawn"]
    again = run("correct", one, "--withdraw", "--reason", "It was KT")
    assert (again.code, "withdrawn already" in again.err) == (1, True)
    assert run("follow-up", one, "--note", "Seen").code == 1
    assert run("correct", one, "--where", "hall", "--reason", "x").code == 1
    assert run("correct", gone.out.strip(), "--withdraw", "--reason", "It was MB").code == 0
    assert len(run("list", "--json").rows) == 2
    both = run("correct", entry, "--withdraw", "--reason", "x", "--note", "y")
    assert both.code == 2


def test_a_days_correction_reads_days_too(run: Run, book: Logbook, one: str) -> None:
    entry = run("follow-up", one, "--next", "Ring the OT", "--due", "tomorrow").out.strip()
    assert run("correct", entry, "--due", "in 3 days", "--reason", "Later").code == 0
    step = find_step(book)
    assert step
    assert step.due == read_now().date() + timedelta(days=3)


@pytest.mark.parametrize("command", ["follow-up", "correct"])
def test_without_a_terminal_the_report_must_be_named(run: Run, command: str) -> None:
    result = run(command)
    assert result.code == 2
    assert f"nearmiss {command} 42" in result.err
