"""A document from a book in which something can't be read: refused, or said on the paper."""

from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Disclosure
from tests.cases import over
from tests.conftest import NOW, Run, make_report

UNREAD = "An entry of the logbook could not be read"
KINDS = {
    "report": ("print",),
    "meeting": ("print", "--meeting"),
    "chronology": ("print", "--chronology"),
    "handover": ("export",),
}


@pytest.fixture
def damaged(book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logbook:
    """A book with a damaged line in it."""
    book.append([make_report(location=f"place {n}") for n in range(3)], "Maria", NOW)
    lines = book.path.read_bytes().splitlines(keepends=True)
    lines[2] = b"x" + lines[2][1:]
    book.path.write_bytes(b"".join(lines))
    monkeypatch.chdir(tmp_path)
    return book


@pytest.mark.usefixtures("damaged")
@over("kind", KINDS)
@over("form", ["html", "txt"])
def test_what_could_not_be_read_is_said_on_the_paper(run: Run, kind: str, form: str) -> None:
    made = (*KINDS[kind], "--client", "MB", "--for", "family", "--format", form, "-o", "-")
    refused = run(*made)
    assert (refused.code, refused.data) == (1, b"")
    assert "Line 3 of the logbook can't be read." in " ".join(refused.err.split())
    assert "--skip-damaged" in refused.err
    done = run(*made, "--skip-damaged")
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert UNREAD in said
    assert "No later harm" not in said, "it may stand in what can't be read"
    assert "place 0" in said
    assert "place 1" not in said


def test_a_whole_book_does_not_speak_of_it(run: Run, book: Logbook) -> None:
    book.append([make_report()], "Maria", NOW)
    done = run("export", "--for", "family", "--format", "txt", "-o", "-")
    assert "could not be read" not in " ".join(done.out.split())


def test_a_report_without_a_readable_neighbour_is_still_found(run: Run, damaged: Logbook) -> None:
    rows = run("list", "--all", "--json").rows
    assert [row["location"] for row in rows] == ["place 2", "place 0"]
    assert run("show", "2").code == 1
    assert run("show", "3", "--json").rows[0]["location"] == "place 2"
    assert len(list(damaged.read_forward())) == 4


@over("form", ["pdf", "html", "txt", "csv", "xlsx", "json", "fhir"])
def test_a_book_that_is_not_there_yet_says_how_to_begin(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("export", "--format", form)
    assert (done.code, done.data) == (1, b"")
    assert "To write the first: nearmiss log" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_paper_and_its_note_show_the_same_seal_whatever_is_written_meanwhile(
    run: Run, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nearmiss.sharing import hand_over

    book.append([make_report()], "Maria", NOW)
    monkeypatch.chdir(tmp_path)
    build = hand_over._make_document

    def write_meanwhile(*given: Any) -> Any:
        book.append([make_report(client="JS")], "Maria", NOW)
        return build(*given)

    monkeypatch.setattr(hand_over, "_make_document", write_meanwhile)
    done = run(
        "export",
        "--to",
        "Shah",
        "--basis",
        "direct_care",
        "--decided-by",
        "M",
        "--format",
        "txt",
        "-o",
        "page.txt",
    )
    assert done.code == 0, done.err
    noted = list(book.read_forward())[-1]
    assert isinstance(noted, Disclosure)
    assert noted.seal_shown in (tmp_path / "page.txt").read_text()
    assert run("verify", "--seal", noted.seal_shown).code == 0


def test_data_that_is_read_as_it_is_written_out_holds_nothing_that_was_written_meanwhile(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nearmiss.sharing import select

    book.append([make_report()], "Maria", NOW)
    find = select.Whole.find_ties

    def write_meanwhile(whole: select.Whole) -> Any:
        book.append([make_report(location="under no seal")], "Maria", NOW)
        return find(whole)

    monkeypatch.setattr(select.Whole, "find_ties", write_meanwhile)
    done = run("export", "--format", "csv", "-o", "-")
    assert done.code == 0, done.err
    assert "lounge" in done.out
    assert "under no seal" not in done.out
