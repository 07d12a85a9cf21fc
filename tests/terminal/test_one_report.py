"""One report: harm and the next step first, was and now of what was corrected, whole words."""

import pytest
from rich.cells import cell_len

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, FollowUpFields
from nearmiss.records.record import Record
from nearmiss.terminal.lists import print_record
from tests.conftest import Run, make_report
from tests.terminal.pages import draw, write


@pytest.fixture
def record(book: Logbook) -> Record:
    first, *_ = write(book, make_report(recommendations=["薬を二回飲みそうになった" * 6]))
    about = first.id
    return write(
        book,
        FollowUpFields(
            about=about, next_step="ring the OT", next_who="Maria", next_due="2026-11-20"
        ),
        FollowUpFields(about=about, harm_found="A bruise on the knee."),
        CorrectionFields(
            about=about, changes={"location": "hall, by the mat"}, reason="The wrong room."
        ),
    )[0]


def test_harm_and_the_next_step_come_first(run: Run, record: Record) -> None:
    for page in (draw(lambda console: print_record(console, record)), run("show").out):
        order = ("A bruise on the knee.", "ring the OT (Maria), by 20 Nov 2026", "MB stood up.")
        assert sorted(order, key=page.index) == list(order)


def test_a_correction_says_what_was_and_what_is_now(run: Run, record: Record) -> None:
    for page in (draw(lambda console: print_record(console, record)), run("show").out):
        assert "Location, was: lounge, by the armchair" in page
        assert "Location, now: hall, by the mat" in page
        assert "Reason: The wrong room." in page


def test_no_word_is_broken_from_40_to_200_columns(record: Record) -> None:
    whole = draw(lambda console: print_record(console, record), 400)
    words = {word for word in whole.split() if word.isascii()}
    for columns in (*range(40, 100), *range(100, 201, 9)):
        page = draw(lambda console: print_record(console, record), columns)
        assert max(cell_len(line.rstrip()) for line in page.split("\n")) <= min(columns, 90)
        assert {word for word in page.split() if word.isascii()} == words, columns
