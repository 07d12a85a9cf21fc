"""What a terminal is shown: colour only where it is wanted."""

import pytest

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, make_report
from tests.interview.terminal import Terminal

COLOUR = "\x1b["


@pytest.fixture
def pressing(book: Logbook) -> None:
    """A book with something in it that is marked by colour."""
    book.append([make_report(safeguarding=True)], "M", NOW)


@pytest.mark.usefixtures("pressing")
@pytest.mark.parametrize("command", ["list", "show", "summary"])
def test_a_terminal_has_colour_where_nothing_forbids_it(command: str) -> None:
    assert COLOUR in Terminal(command).finish()


@pytest.mark.usefixtures("pressing")
def test_no_color_is_heeded_though_it_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert COLOUR not in Terminal("list").finish()


@pytest.mark.usefixtures("pressing")
def test_plain_has_none_where_it_stands_before_the_command() -> None:
    assert COLOUR not in Terminal("--plain", "list").finish()


@pytest.mark.usefixtures("pressing")
def test_a_dumb_terminal_has_none() -> None:
    assert COLOUR not in Terminal("list", term="dumb").finish()
