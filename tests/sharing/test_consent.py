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


@pytest.fixture
def worry(one: Logbook) -> str:
    """A report in whose words a nephew stands."""
    said = "MB said that his nephew Tom took it."
    return one.append(
        [make_report(safeguarding=True, what_nearly_happened=said)], "Maria", NOW
    ).ids[0]


MEETING = ("print", "--meeting", "--client", "MB", "--format", "txt", "-o", "-")
ALL_THE_SAME = "Is it for nephew TD all the same?"


def test_a_worry_that_may_be_about_its_reader_is_minded_before_anything_is_asked(
    run: Run, worry: str, tmp_path: Path
) -> None:
    to = ("--include-safeguarding", "--to", "nephew TD")
    terminal = Terminal(*MEETING[:-1], "m.txt", *to)
    terminal.see(f"In it are safeguarding worries: {worry}.")
    terminal.see('"nephew" stands in the words of a worry')
    terminal.answer(ALL_THE_SAME, "")  # Enter alone is no
    assert "it is not made for nephew TD" in terminal.finish()
    assert not (tmp_path / "m.txt").exists()
    terminal = Terminal(*MEETING[:-1], "m.txt", *to[:1])
    terminal.see(f"In it are safeguarding worries: {worry}.")
    terminal.answer("Who will see it?", "nephew TD")
    terminal.answer(ALL_THE_SAME, "y")
    terminal.answer("Has MB agreed to nephew TD seeing this?", "n")
    terminal.finish()


def test_without_a_terminal_a_family_gets_no_worry_that_names_its_reader(
    run: Run, worry: str
) -> None:
    consent = ("--basis", "client_agreed")
    done = run(*MEETING, "--include-safeguarding", *consent, "--to", "TD (nephew)")
    assert (done.code, done.data) == (1, b"")
    assert f'"nephew" stands in the words of a worry ({worry}).' in done.err
    assert run(*MEETING, *consent, "--to", "TD (nephew)").code == 0  # the worry is not in it
    for other in ("Sue", "MB"):
        assert run(*MEETING, "--include-safeguarding", *consent, "--to", other).code == 0
    given = ("--basis", "direct_care", "--decided-by", "Maria", "--to", "Tom, support worker")
    done = run("export", "--format", "csv", *given)
    assert done.code == 0
    assert '"Tom" stands in the words of a worry' in done.err


def test_at_the_desk_worries_are_named_before_it_is_asked_why(run: Run, worry: str) -> None:
    terminal = Terminal("export")
    terminal.answer("Which reports?", "1")
    terminal.see(f"In it are safeguarding worries: {worry}.")
    terminal.answer("Who will see it?", "The nephew")
    terminal.answer("Is it for The nephew all the same?", "n")
    assert "it is not made for The nephew" in terminal.finish()


def test_a_pack_of_nothing_but_worries_says_why_there_is_none(run: Run, book: Logbook) -> None:
    ids = book.append([make_report(safeguarding=True)], "Maria", NOW).ids
    done = run(*MEETING)
    assert done.code == 1
    assert f"{ids[0]} is a safeguarding worry, which this reader does not see." in done.err
    ids += book.append([make_report(safeguarding=True)], "Maria", NOW).ids
    assert f"{ids[0]} and {ids[1]} are safeguarding worries, which" in run(*MEETING).err
