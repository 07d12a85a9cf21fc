"""Restore: the carer's own book put back as it was, where there is none; import never does that."""

from pathlib import Path
from typing import Any

import pytest

from nearmiss.errors import CannotRead
from nearmiss.files import _CarefulFile
from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import Terminal, name_carer

REPORT = make_report().model_dump_json()


@pytest.fixture
def backup(tmp_path: Path) -> Logbook:
    """A backup of Maria's book, in a folder of its own."""
    (tmp_path / "stick").mkdir()
    book = Logbook(tmp_path / "stick" / "nearmiss-backup-2026-04-14.jsonl")
    book.append([make_report()] * 2, "Maria, carer", NOW)
    return book


def test_a_folder_is_looked_in_and_the_book_comes_back_byte_for_byte(
    run: Run, book: Logbook, backup: Logbook
) -> None:
    done = run("restore", str(backup.path.parent))
    assert done.code == 0, done.err
    assert book.path.read_bytes() == backup.path.read_bytes()
    assert "in one of them only" in done.err
    again = run("restore", str(backup.path))
    assert (again.code, "nothing was put back" in again.err) == (1, True)


def test_without_a_file_it_says_what_lies_there(run: Run, home: Path, backup: Logbook) -> None:
    home.mkdir()
    lies = home / "of-the-old-computer.jsonl"
    lies.write_bytes(backup.path.read_bytes())
    (home / "notes.jsonl").write_text("{}")
    refused = run("restore")
    assert (refused.code, str(lies) in refused.err) == (2, True)
    assert "notes.jsonl" not in refused.err


def test_the_last_backup_is_known_wherever_it_was_put(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    run("log", "--json", "-", given=REPORT)
    assert run("backup", str(tmp_path / "copy.jsonl")).code == 0
    book.path.unlink()
    assert str(tmp_path / "copy.jsonl") in run("restore").err


def test_a_book_of_somebody_else_is_not_put_back_unasked(
    run: Run, home: Path, book: Logbook, backup: Logbook
) -> None:
    run("setup", "--name", "Sue", "--role", "carer")
    refused = run("restore", str(backup.path))
    assert (refused.code, "Maria, carer" in refused.err) == (2, True), refused.err
    assert f"nearmiss --new-book import {backup.path}" in refused.err
    assert not book.path.exists()
    assert run("restore", str(backup.path), "--yes").code == 0
    book.path.unlink()
    name_carer(home)
    assert run("restore", str(backup.path)).code == 0


def test_the_highest_number_on_paper_can_be_said_later(
    run: Run, book: Logbook, backup: Logbook
) -> None:
    assert "nearmiss restore" in run("restore", str(backup.path)).err.partition("--after")[0]
    assert run("restore", str(backup.path), "--after", "41").code == 0
    assert run("log", "--json", "-", given=REPORT).out.strip().endswith("-0042")


def test_an_import_where_there_is_no_book_names_both_ways(
    run: Run, book: Logbook, backup: Logbook
) -> None:
    refused = run("import", str(backup.path))
    assert refused.code == 2
    for command in ("nearmiss restore", "nearmiss --new-book import"):
        assert command in refused.err
    assert not book.path.exists()
    taken = run("--new-book", "import", str(backup.path))
    assert taken.code == 0, taken.err
    tag = taken.out[:4]
    assert tag != next(iter(backup.read_forward())).id[:4]  # type: ignore[union-attr]


@pytest.mark.parametrize(("key", "same"), [("y", True), ("n", False)])
def test_an_import_where_there_is_no_book_asks_whose_it_is(
    home: Path, book: Logbook, backup: Logbook, key: str, same: bool
) -> None:
    name_carer(home)
    terminal = Terminal("import", str(backup.path))
    terminal.answer("Your own book, to be put back?", key)
    if same:
        terminal.answer("highest number", "")
    terminal.finish()
    assert terminal.code == 0
    assert (book.path.read_bytes() == backup.path.read_bytes()) == same


def test_a_changed_backup_and_a_sheet_are_refused(
    run: Run, book: Logbook, backup: Logbook, tmp_path: Path
) -> None:
    backup.path.write_bytes(backup.path.read_bytes().replace(b"MB", b"MC"))
    assert run("restore", str(backup.path)).code == 1
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("client\nMB\n")
    assert run("restore", str(sheet)).code == 2
    assert not book.path.exists()


@pytest.mark.parametrize("goes", ["the backup", "the book"])
def test_what_goes_once_it_was_put_back_denies_nothing(
    run: Run, book: Logbook, backup: Logbook, monkeypatch: pytest.MonkeyPatch, goes: str
) -> None:
    gone = backup.path if goes == "the backup" else book.path
    replace, read = Path.replace, _CarefulFile.readinto

    def fail(file: _CarefulFile, buffer: Any) -> int | None:
        if file.name == gone:
            raise CannotRead(path=gone, reason="the disk reports a fault")
        return read(file, buffer)

    def pull_out(own: Path, target: Path) -> Path:
        monkeypatch.setattr(_CarefulFile, "readinto", fail)
        return replace(own, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", pull_out)
        done = run("restore", str(backup.path), "--yes")
    assert (done.code, "Put back as it was" in done.err) == (0, True), done.err
    assert ("It could not be looked at again" in done.err) == (goes == "the book")
    assert book.path.read_bytes() == backup.path.read_bytes()
