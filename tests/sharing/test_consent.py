"""Why somebody may see a document, and who decided: never made up."""

from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import Terminal, name_carer


@pytest.fixture
def one(home: Path, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logbook:
    """A book with one report, and a folder of our own."""
    name_carer(home)
    monkeypatch.chdir(tmp_path)
    book.append([make_report()], "Maria", NOW)
    return book


@over(
    ("typed", "said"),
    [
        ("print --to Sue --basis best_interests", "Add --decided-by."),
        ("export --to Shah --basis best_interests", "Add --decided-by."),
        ("export --to Shah --basis direct_care", "Add --decided-by."),
        ("export --to Shah", "--basis direct_care or --basis safeguarding, and --decided-by."),
        ("print --to Sue --basis direct_care", "client_agreed or --basis best_interests, and"),
        ("print --to Sue --basis safeguarding", "client_agreed or --basis best_interests, and"),
        ("print --for own --to me", "For yourself alone leave out --to."),
    ],
)
def test_no_reason_and_no_decider_is_made_up(run: Run, one: Logbook, typed: str, said: str) -> None:
    before = one.path.read_bytes()
    result = run(*typed.split(), "--format", "txt", "-o", "-")
    assert (result.code, result.data) == (2, b"")
    assert said in result.err
    assert "Nothing was made." in result.err
    assert one.path.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "basis", "decided_by"),
    [
        ("print --to Sue --basis best_interests --decided-by Nurse", "best_interests", "Nurse"),
        ("print --for own --to Sue --basis client_agreed", "client_agreed", "MB"),
        ("export --to Shah --basis direct_care --decided-by Maria", "direct_care", "Maria"),
    ],
)
def test_what_was_said_is_noted(
    run: Run, one: Logbook, typed: str, basis: str, decided_by: str
) -> None:
    assert run(*typed.split(), "--format", "txt", "-o", "-").code == 0
    (later,) = run("show", "--json").rows[0]["later"]
    assert (later["basis"], later["decided_by"]) == (basis, decided_by)


def test_who_decided_is_asked_at_a_terminal(run: Run, one: Logbook) -> None:
    terminal = Terminal(
        "print", "--to", "Al", "--basis", "best_interests", "--format", "txt", "-o", "p.txt"
    )
    terminal.answer("Who decided that it is in their best interests?", "The nurse")
    terminal.finish()
    (later,) = run("show", "--json").rows[0]["later"]
    assert (later["basis"], later["decided_by"]) == ("best_interests", "The nurse")


def test_who_decided_is_asked_where_best_interests_is_chosen(run: Run, one: Logbook) -> None:
    terminal = Terminal("export", "--to", "Shah", "--format", "txt", "-o", "p.txt")
    terminal.answer("Why may Shah see it?", "3")
    terminal.answer("Who decided that it is in their best interests?", "The nurse")
    terminal.finish()
    (later,) = run("show", "--json").rows[0]["later"]
    assert (later["basis"], later["decided_by"]) == ("best_interests", "The nurse")
