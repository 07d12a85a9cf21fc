"""Whom a report is about: never the wrong person by a slip."""

from collections.abc import Iterator

import pytest

from nearmiss.interview.answers import looks_like_name
from nearmiss.interview.known import Known
from nearmiss.interview.report import Interview
from nearmiss.model.questions import QUESTIONS
from nearmiss.terminal.asking import Asker
from tests.conftest import NOW
from tests.terminal.sheet import Sheet, open_sheet

ENTER, DOWN = "\r", "\x1b[B"


def ask_client(asker: Asker) -> object:
    """Ask whom a report is about, where MB and KT are known."""
    interview = Interview(
        asker,
        {},
        Known(("MB", "KT")),
        lambda answers, unfinished: "",
        lambda: NOW,
        given=frozenset(QUESTIONS.keys() - {"client"}),
    )
    interview.ask_all()
    return interview.answers["client"]


@pytest.fixture
def sheet() -> Iterator[Sheet]:
    with open_sheet(ask_client, seen="2 KT") as sheet:
        yield sheet


@pytest.mark.parametrize("keys", ["2", DOWN + DOWN])
def test_a_known_one_is_chosen_by_number_and_by_arrows(
    sheet: Sheet, keys: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.press(keys + ENTER)
    assert sheet.finish() == "KT"
    assert ("KT" in capsys.readouterr().err) == (keys == "2")  # what was meant by it is echoed


@pytest.mark.parametrize("typed", ["7", "0", "03 ", "٣"])
def test_a_number_that_is_not_offered_is_refused(
    sheet: Sheet, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.press(typed + ENTER)
    sheet.press(f"\x15MB{ENTER}")
    assert sheet.finish() == "MB"
    said = " ".join(capsys.readouterr().err.split())
    assert "not offered. Type a number from 1 to 2, or initials" in said


def test_a_full_name_is_asked_about_once(sheet: Sheet) -> None:
    sheet.press("mary brown" + ENTER)
    sheet.wait("looks like a full name")
    sheet.press("n" + ENTER)
    sheet.wait("> mary brown")  # it stays there to be mended
    sheet.press(ENTER)
    sheet.wait("looks like a full name")
    sheet.press("y")
    assert sheet.finish() == "mary brown"


@pytest.mark.parametrize(("answer", "client"), [("y", "MB"), ("n", "mb")])
def test_the_known_spelling_is_offered(sheet: Sheet, answer: str, client: str) -> None:
    sheet.press("mb" + ENTER)
    sheet.wait("Is this MB")
    sheet.press(answer)
    assert sheet.finish() == client


@pytest.mark.parametrize(
    ("typed", "is_name"),
    [
        ("Mary Brown", True),
        ("mary brown", True),
        ("Mary Ann Brown", True),
        ("Mrs Brown", True),
        ("Mr. B", True),
        ("dr K", True),
        ("MS upstairs", False),
        ("Łukasz Żak", True),
        ("O'Neill Zoë", True),
        ("MB", False),
        ("MB1", False),
        ("M B", False),
        ("M. B.", False),
        ("MB upstairs", False),
        ("Mary B", False),
        ("Mary", False),
        ("client 4", False),
        ("", False),
    ],
)
def test_two_words_that_are_more_than_initials_look_like_a_name(typed: str, is_name: bool) -> None:
    assert looks_like_name(typed) == is_name
