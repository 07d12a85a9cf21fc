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
@pytest.mark.parametrize(("command", "value"), [("list", ""), ("show", "1"), ("summary", "0")])
def test_no_color_is_heeded_whatever_its_value(
    monkeypatch: pytest.MonkeyPatch, command: str, value: str
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    assert COLOUR not in Terminal(command).finish()


@pytest.mark.usefixtures("pressing")
@pytest.mark.parametrize("arguments", [("--plain", "list"), ("list", "--plain")])
def test_plain_has_none_before_or_after_the_command(arguments: tuple[str, ...]) -> None:
    assert COLOUR not in Terminal(*arguments).finish()


@pytest.mark.usefixtures("pressing")
def test_a_dumb_terminal_has_none() -> None:
    assert COLOUR not in Terminal("list", term="dumb").finish()
