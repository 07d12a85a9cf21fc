"""What stands in the way of a save: another program, a folder that may not be written to."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook import book as books
from nearmiss.logbook.book import Logbook, hold_lock
from tests.conftest import NOW, Run, make_report

ANSWERS = make_report(what_nearly_happened="Nearly slid.").model_dump_json()
LOG = ("log", "--json", "-")


def list_kept(home: Path) -> list[Path]:
    return [path for path in (home / "state" / "drafts").glob("*") if path.suffix != ".lock"]


def test_a_book_in_use_is_said_and_the_answers_are_kept(
    run: Run, home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "Maria", NOW)
    before = book.path.read_bytes()
    monkeypatch.setattr(books, "_WRITER_WAIT", 0.05)
    with hold_lock(book.path, 1):
        refused = run(*LOG, given=ANSWERS)
        assert run("list", "--json").rows  # reading is never in the way
        other = run("follow-up", "1", "--note", "Rang")
    assert (refused.code, refused.out) == (1, "")
    assert "is in use by another program. Nothing was written." in refused.err
    assert (other.code, other.out) == (1, "")
    assert book.path.read_bytes() == before
    kept = [path for path in list_kept(home) if "Nearly slid." in path.read_text()]
    assert str(kept[0]) in refused.err
    assert run("log", "--json", str(kept[0])).code == 0
    assert run("list", "--json").rows[0]["what_nearly_happened"] == "Nearly slid."


@pytest.fixture
def read_only(home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home where nothing may be written. The system's own rights do not bind its root."""
    book.append([make_report()], "Maria", NOW)

    def refuse(real: Any, *, is_write: Any = lambda *a, **k: True) -> Any:
        def guarded(path: Any, *arguments: Any, **options: Any) -> Any:
            inside = isinstance(path, str | Path) and Path(path).is_relative_to(home)
            if inside and is_write(*arguments, **options):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **options)

        return guarded

    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    monkeypatch.setattr(
        os, "open", refuse(os.open, is_write=lambda flags=0, *a, **k: bool(flags & writing))
    )
    monkeypatch.setattr(os, "mkdir", refuse(os.mkdir))
    return home


def test_answers_that_can_not_even_be_kept_are_shown_to_be_copied(
    run: Run, read_only: Path, book: Logbook
) -> None:
    before = book.path.read_bytes()
    refused = run(*LOG, given=ANSWERS)
    assert (refused.code, refused.out) == (1, "")
    assert "you are not allowed to use it" in refused.err
    assert "Here it is, to copy before you close this window:" in refused.err
    shown = json.loads(refused.err[refused.err.index("{") :])
    assert shown["what_nearly_happened"] == "Nearly slid."
    assert book.path.read_bytes() == before


def test_a_book_that_may_only_be_read_is_read(run: Run, read_only: Path, tmp_path: Path) -> None:
    assert len(run("list", "--json").rows) == 1
    for command in ("show", "verify", "summary", "where", "list"):
        done = run(command)
        assert (command, done.code) == (command, 0), done.err
    paper = run("print", "--for", "own", "-o", str(tmp_path / "p.txt"), "--format", "txt")
    assert paper.code == 0, paper.err
    for line in ("follow-up 1 --note Rang", "setup --name Al"):
        refused = run(*line.split())
        assert (line, refused.code) == (line, 1)
        assert "you are not allowed to use it" in " ".join(refused.err.split())


@pytest.mark.parametrize("name", ["", "file/logbook.jsonl"])
def test_a_place_that_can_not_hold_a_book_is_said(
    run: Run, tmp_path: Path, name: str, home: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    place = tmp_path / name
    refused = run("--logbook", str(place), *LOG, given=ANSWERS)
    assert (refused.code, refused.out) == (1, "")
    assert str(place) in "".join(refused.err.split("\n"))
    assert len(list_kept(home)) == 1
    assert (tmp_path / "file").read_text() == "mine"
