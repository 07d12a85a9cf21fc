"""Where an imported entry came from, kept through every import and shown instead of our own."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import parse_object
from nearmiss.model.entries import FollowUpFields
from tests.conftest import NOW, Run, make_report

ORIGIN = ("origin_id", "origin_recorded_at", "origin_recorded_by", "origin_seal")


@pytest.fixture
def source(tmp_path: Path) -> Logbook:
    """A book of another carer."""
    book = Logbook(tmp_path / "source.jsonl")
    about = book.append([make_report(client="JS")], "Ann, nurse", NOW).ids[0]
    book.append([FollowUpFields(about=about, note="Rang")], "Bo, carer", NOW + timedelta(hours=1))
    return book


def read_lines(path: Path) -> list[dict[str, str]]:
    return [parse_object(line) or {} for line in path.read_bytes().split(b"\n") if line]


def test_each_entry_says_where_it_came_from(run: Run, book: Logbook, source: Logbook) -> None:
    book.append([make_report()], "Maria, carer", NOW)
    done = run("import", str(source.path))
    assert done.code == 0, done.err
    theirs, ours = read_lines(source.path)[1:], read_lines(book.path)[2:]
    for old, new in zip(theirs, ours, strict=True):
        assert [new[name] for name in ORIGIN] == [
            old[name] for name in ("id", "recorded_at", "recorded_by", "seal")
        ]
        assert new["id"] != old["id"]
    assert ours[1]["about"] == ours[0]["id"]


def test_an_entry_that_was_imported_before_keeps_its_first_origin(
    run: Run, tmp_path: Path, source: Logbook
) -> None:
    second = tmp_path / "second.jsonl"
    third = tmp_path / "third.jsonl"
    for path, taken in ((second, source.path), (third, second)):
        Logbook(path).append([make_report()], "Maria", NOW)
        done = run("--logbook", str(path), "import", str(taken))
        assert done.code == 0, done.err
    first = {row["id"]: row for row in read_lines(source.path)}
    last = {row["origin_id"]: row for row in read_lines(third) if "origin_id" in row}
    for number, old in list(first.items())[1:]:
        assert last[number]["origin_recorded_by"] == old["recorded_by"]
        assert last[number]["origin_seal"] == old["seal"]


def test_the_author_and_the_time_that_are_shown_are_those_of_the_origin(
    run: Run, book: Logbook, source: Logbook
) -> None:
    book.append([make_report()], "Maria, carer", NOW)
    run("import", str(source.path))
    number = read_lines(source.path)[1]["id"]
    paper = ("--format", "txt", "--for", "own", "-o", "-")
    for command in (("show", number), ("export", number, *paper)):
        said = run(*command).out
        assert "Ann, nurse" in said
        assert "Bo, carer" in said
        assert "Tue 14 Apr 2026" in said
        assert "21:40" in said
        assert f"on Ann's papers {number}" in said


def test_a_row_without_a_seal_has_the_digest_of_its_fields_in_its_place(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    report = make_report()
    rows = tmp_path / "rows.jsonl"
    rows.write_text(report.model_dump_json(), encoding="utf-8")
    assert run("import", str(rows)).code == 0
    (entry,) = read_lines(book.path)[1:]
    assert (
        entry["origin_seal"]
        == hashlib.sha256(rfc8785.dumps(report.model_dump(exclude_none=True))).hexdigest()
    )
    again = run("import", str(rows))
    assert (again.code, len(read_lines(book.path))) == (0, 2)


def test_what_was_erased_does_not_return_by_way_of_a_table_and_another_book(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report(), make_report(location="hall")], "Maria", NOW)
    table, there = tmp_path / "table.csv", tmp_path / "there.jsonl"
    assert run("export", "--for", "own", "--format", "csv", "-o", str(table)).code == 0
    assert run("--logbook", str(there), "import", str(table)).code == 0
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    before = book.path.read_bytes()
    done = run("import", str(there))
    assert (done.code, "Nothing to add" in done.err) == (0, True)
    assert book.path.read_bytes() == before
