"""What the carer is told before something leaves."""

from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields
from tests.conftest import NOW, Run, make_report


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


FAMILY = ("print", "--meeting", "--client", "MB", "--format", "txt", "-o", "-")
GP = ("export", "--client", "MB", "--format", "txt", "-o", "-")
OWN = ("print", "--chronology", "--client", "MB", "--for", "own", "--format", "txt", "-o", "-")


@pytest.mark.parametrize(
    "words",
    ["It was the same at JS's house.", "JS had it too", "As J.S. says", "Like JS, he slid."],
)
def test_another_client_in_the_words_is_pointed_out(run: Run, book: Logbook, words: str) -> None:
    ids = book.append([make_report(what_nearly_happened=words)], "Maria", NOW).ids
    book.append([make_report(client="JS")], "Maria", NOW)
    for command in (FAMILY, GP):
        done = run(*command)
        assert f"Please look at {ids[0]}" in done.err
        assert words.split(maxsplit=1)[0] in done.out
    assert "Please look" not in run(*OWN).err


def test_words_that_only_look_like_a_client_are_not(run: Run, book: Logbook) -> None:
    book.append([make_report(what_nearly_happened="He is given 5 ml as a jar has.")], "M", NOW)
    book.append([make_report(client="IS"), make_report(client="ML")], "M", NOW)
    assert "Please look" not in run(*GP).err


def test_a_hidden_report_and_team_in_the_words_are_pointed_out(run: Run, book: Logbook) -> None:
    shown, _ = book.append(
        [
            make_report(),
            make_report(safeguarding=True, informed=["Ottoline, safeguarding team"]),
        ],
        "Maria",
        NOW,
    ).ids
    notes = ["See report 2.", "Rang the safeguarding team.", "Told Ottoline everything"]
    book.append([FollowUpFields(about=shown, note=each) for each in notes], "Maria", NOW)
    told = run(*FAMILY).err
    assert told.count(f"Please look at {shown}") >= 2
    assert "report 2" in told
    assert "safeguarding" in told


def test_each_name_is_told_once_with_where_it_stands(run: Run, book: Logbook) -> None:
    ids = book.append(
        [make_report(what_nearly_happened=f"JS {n}") for n in range(12)], "M", NOW
    ).ids
    book.append([make_report(client="JS")], "M", NOW)
    told = run(*GP).err
    assert told.count("Please look at") == 1
    assert f"Please look at {ids[0]}, 0002, " in told
    assert '0009 and 3 more: their own words say "JS"' in told


def test_of_many_names_five_are_told(run: Run, book: Logbook) -> None:
    clients = [f"J{letter}" for letter in "ABCDEFG"]
    book.append([make_report(what_nearly_happened=f"Like {each}.") for each in clients], "M", NOW)
    book.append([make_report(client=each) for each in clients], "M", NOW)
    told = run(*GP).err
    assert told.count("Please look at") == 5
    assert "And 2 more such words." in told


def test_a_word_beside_who_was_told_is_nobodys_name(run: Run, book: Logbook) -> None:
    said = make_report(
        informed=["power company (priority register)", "neighbour (ann)"],
        what_nearly_happened="Register as priority. Ann saw it.",
    )
    book.append([said], "Maria", NOW)
    told = run(*FAMILY).err
    assert told.count("Please look at") == 1
    assert '"Ann"' in told


def test_the_readers_own_name_is_not_pointed_out(run: Run, book: Logbook) -> None:
    told = ["daughter (Sue), phone", "neighbour (Ann)"]
    report = make_report(informed=told, what_nearly_happened="Sue and Ann saw him slip.")
    book.append([report], "Maria", NOW)
    given = ("--to", "Sue Brown", "--basis", "client_agreed")
    done = run(*FAMILY, *given)
    assert '"Ann"' in done.err
    assert '"Sue"' not in done.err
    assert '"Sue"' in run(*FAMILY).err
