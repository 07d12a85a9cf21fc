"""What an export wrote as JSON, read back by import."""

from pathlib import Path

from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import Run
from tests.records.rich import write_rich_book


def test_an_export_is_imported_once_without_what_came_later(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    about = write_rich_book(book)
    file = tmp_path / "all.json"
    assert run("export", "--for", "own", "--format", "json", "-o", str(file)).code == 0
    other = ("--logbook", str(tmp_path / "other.jsonl"))
    done = run(*other, "import", str(file))
    assert done.code == 0, done.err
    assert "Not taken: " in done.err
    assert "book_seal" in done.err
    rows = run(*other, "list", "--json").rows
    assert len(rows) == 3
    assert run(*other, "show", about).code == 0, "the page it came from is still found"
    again = run(*other, "import", str(file))
    assert (again.code, again.out) == (0, "")
    assert run("import", str(file)).out == "", "what stands here already adds nothing"


@over(
    ("data", "told"),
    [
        ('[{"client": "MB"}, 3]', "report 2, record: is not a JSON object"),
        ('[{"client": "MB", "client": "AB"}]', "client: is given twice"),
        ('[{"client": "MB"', "is not JSON"),
        ('{"client": "MB", "colour": "red"}', "line 1, colour: is not a field of a report"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    run: Run, tmp_path: Path, data: str, told: str
) -> None:
    file = tmp_path / "bad.json"
    file.write_text(data, encoding="utf-8")
    done = run("import", str(file))
    assert done.code == 2
    assert told in done.err
