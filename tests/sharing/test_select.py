"""A document from a book in which something can't be read: refused, or said on the paper."""

from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, Run, make_report
from tests.documents.pages import read_text

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
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["pdf", "html", "txt"])
def test_what_could_not_be_read_is_said_on_the_paper(run: Run, kind: str, form: str) -> None:
    made = (*KINDS[kind], "--client", "MB", "--for", "family", "--format", form, "-o", "-")
    refused = run(*made)
    assert (refused.code, refused.data) == (1, b"")
    assert "Line 3 of the logbook can't be read." in " ".join(refused.err.split())
    assert "--skip-damaged" in refused.err
    done = run(*made, "--skip-damaged")
    assert done.code == 0, done.err
    said = read_text(done.data) if form == "pdf" else " ".join(done.out.split())
    assert UNREAD in said
    assert "place 0" in said
    assert "place 1" not in said


@pytest.mark.parametrize("form", ["pdf", "html", "txt"])
def test_a_whole_book_does_not_speak_of_it(run: Run, book: Logbook, form: str) -> None:
    book.append([make_report()], "Maria", NOW)
    done = run("export", "--for", "family", "--format", form, "-o", "-")
    said = read_text(done.data) if form == "pdf" else " ".join(done.out.split())
    assert "could not be read" not in said


def test_a_report_without_a_readable_neighbour_is_still_found(run: Run, damaged: Logbook) -> None:
    rows = run("list", "--all", "--json").rows
    assert [row["location"] for row in rows] == ["place 2", "place 0"]
    assert run("show", "2").code == 1
    assert run("show", "3", "--json").rows[0]["location"] == "place 2"
    assert len(list(damaged.read_forward())) == 4
