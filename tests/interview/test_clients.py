"""Whom a report is about: never the wrong person by a slip."""

import json
from pathlib import Path
from typing import Any

import pytest

from nearmiss.interview.answers import looks_like_name
from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, make_report
from tests.interview.terminal import CTRL_C, Terminal, name_carer


@pytest.fixture
def terminal(home: Path, book: Logbook) -> Terminal:
    """The first question, where MB and KT are known."""
    name_carer(home)
    book.append([make_report(client="KT"), make_report()], "Maria", NOW)
    begun = Terminal("log")
    begun.answer("Was anyone hurt", "n")
    begun.see("2 KT")
    return begun


def end(terminal: Terminal, home: Path) -> Any:
    """Stop at the second question; return the client that was taken."""
    terminal.see("2 of 10")
    terminal.see("Esc: back")
    terminal.child.send(CTRL_C)
    terminal.finish()
    (draft,) = (home / "state" / "drafts").glob("*.json")
    return json.loads(draft.read_bytes())["client"]


def test_what_was_chosen_by_number_is_echoed(terminal: Terminal, home: Path) -> None:
    terminal.type("2")
    terminal.see("KT\r\n")
    assert end(terminal, home) == "KT"


def test_arrows_choose_too(terminal: Terminal, home: Path) -> None:
    terminal.type("\x1b[B\x1b[B")
    assert end(terminal, home) == "KT"


@pytest.mark.parametrize("typed", ["7", "0", "03 ", "٣"])
def test_a_number_that_is_not_offered_is_refused(
    terminal: Terminal, home: Path, typed: str
) -> None:
    terminal.type(typed)
    terminal.see("not offered. Type a number from 1 to 2, or initials")
    terminal.see("1 of 10")
    terminal.see("Esc: back")
    terminal.type("\x15MB")
    assert end(terminal, home) == "MB"


def test_a_full_name_is_asked_about_once(terminal: Terminal, home: Path) -> None:
    terminal.type("mary brown")
    terminal.answer("looks like a full name", "n")
    terminal.see("1 of 10")
    terminal.see("mary brown")  # it stays there to be mended
    terminal.type("")
    terminal.answer("looks like a full name", "y")
    assert end(terminal, home) == "mary brown"


@pytest.mark.parametrize(("answer", "client"), [("y", "MB"), ("n", "mb")])
def test_the_known_spelling_is_offered(
    terminal: Terminal, home: Path, answer: str, client: str
) -> None:
    terminal.type("mb")
    terminal.answer("Is this MB", answer)
    assert end(terminal, home) == client


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
