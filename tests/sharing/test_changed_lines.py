"""No paper shows a seal over words that are not those which were sealed."""

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields
from tests.conftest import NOW, Run, make_report


def write_and_change(book: Logbook) -> None:
    one, _ = book.append([make_report(), make_report()], "Maria, carer", NOW).ids
    book.append([FollowUpFields(about=one, harm_found="A bruise")], "Maria, carer", NOW)
    lines = book.path.read_bytes()
    moved = one[:-1].encode() + b"2"
    book.path.write_bytes(lines.replace(b'"about":"%s"' % one.encode(), b'"about":"%s"' % moved))


@pytest.mark.parametrize("command", ["print", "export"])
def test_a_changed_line_stops_a_paper(book: Logbook, run: Run, command: str) -> None:
    write_and_change(book)
    refused = run(command, "2", "--format", "txt", "-o", "-")
    assert (refused.code, refused.out) == (1, "")
    assert "Line 4 of the logbook was changed since it was written." in refused.err
    assert "--skip-damaged" in refused.err


def test_it_is_named_where_it_goes_out_all_the_same(book: Logbook, run: Run) -> None:
    write_and_change(book)
    made = run("print", "2", "--format", "txt", "-o", "-", "--skip-damaged")
    assert made.code == 0
    assert "Line 4 of the logbook was changed since it was written." in made.err


def test_what_was_erased_is_not_taken_for_changed(book: Logbook, run: Run) -> None:
    book.append([make_report(), make_report()], "Maria, carer", NOW)
    assert run("erase", "1", "--reason", "asked", "--yes").code == 0
    made = run("print", "2", "--format", "txt", "-o", "-")
    assert (made.code, "changed" in made.err) == (0, False)
