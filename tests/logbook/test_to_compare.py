"""The report that is still to be compared: remembered for each book, and never in the way."""

import json
from pathlib import Path

from nearmiss.logbook.beside import Notes
from tests.conftest import Run, read_samples


def test_the_last_one_is_remembered_for_each_book(tmp_path: Path) -> None:
    one, other = (Notes(tmp_path / "state", tmp_path / name) for name in ("one", "other"))
    assert one.read_to_compare() == ""
    one.note_to_compare("K7QX-0001")
    one.note_to_compare("K7QX-0002")
    assert (one.read_to_compare(), other.read_to_compare()) == ("K7QX-0002", "")
    one.note_to_compare("")
    assert one.read_to_compare() == ""


def test_what_cannot_be_kept_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("in its place")
    notes = Notes(tmp_path / "a file", tmp_path / "one.jsonl")
    notes.note_to_compare("K7QX-0001")
    assert notes.read_to_compare() == ""


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
