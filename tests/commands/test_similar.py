"""``similar`` at a terminal."""

import pytest

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, make_report
from tests.interview.terminal import Terminal

TEXT = "The stair carpet has come away on the third step and her heel went into the fold."


@pytest.mark.parametrize("columns", [40, 80])
def test_lines_are_folded_between_words(book: Logbook, columns: int) -> None:
    book.append([make_report(what_nearly_happened=TEXT), make_report()], "Maria", NOW)
    page = Terminal("similar", columns=columns).finish()
    assert TEXT in " ".join(page.split())
    assert all(len(line) <= columns for line in page.splitlines())
