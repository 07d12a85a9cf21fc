"""The report that is still to be compared: remembered for each book, and never in the way."""

import json
from pathlib import Path

from nearmiss.logbook.beside import forget_to_compare, note_to_compare, read_to_compare
from tests.conftest import Run, read_samples


def test_the_last_one_is_remembered_for_each_book(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    folder = tmp_path / "state"
    assert read_to_compare(folder, one) == ""
    note_to_compare(folder, one, "K7QX-0001")
    note_to_compare(folder, one, "K7QX-0002")
    assert (read_to_compare(folder, one), read_to_compare(folder, other)) == ("K7QX-0002", "")
    forget_to_compare(folder, one)
    forget_to_compare(folder, one)
    assert read_to_compare(folder, one) == ""


def test_what_cannot_be_kept_is_passed_over(tmp_path: Path) -> None:
    book, folder = tmp_path / "one.jsonl", tmp_path / "a file"
    folder.write_text("in its place")
    note_to_compare(folder, book, "K7QX-0001")
    assert read_to_compare(folder, book) == ""


def test_a_script_that_saves_a_likely_one_leaves_the_look_to_the_desk(run: Run) -> None:
    row = read_samples()[0]
    twice = "\n".join(json.dumps(row) for _ in range(2))
    assert run("log", "--json", "-", given=twice).code == 0
    assert "not yet compared" not in run().out
    said = run("log", "--json", "-", given=json.dumps(row))
    assert "May be the same hazard" in said.err
    assert "not yet compared with earlier reports" in run().out
    assert run("similar", "last").code == 0
    assert "not yet compared" not in run().out
