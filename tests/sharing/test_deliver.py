"""What was made reaches its place whole or not at all, and the note of it is true."""

import os
from pathlib import Path
from typing import Any

import pytest

from nearmiss import files
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Correction, Disclosure
from tests.conftest import NOW, Run, make_report

TOLD = ("--to", "Sue", "--basis", "client_agreed", "--decided-by", "MB")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Logbook) -> Path:
    """A folder of our own, and a book with one report."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    book.append([make_report()], "Maria, carer", NOW)
    return here


def break_renames(monkeypatch: pytest.MonkeyPatch, *endings: str) -> None:
    """Let a file take its place no more where its name ends so."""
    replace = Path.replace

    def refuse(self: Path, target: Any) -> Path:
        if str(target).endswith(endings):
            raise OSError(5, os.strerror(5))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)


def test_the_note_of_a_file_that_failed_is_withdrawn(
    run: Run, book: Logbook, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_renames(monkeypatch, ".pdf")
    failed = run("print", *TOLD)
    assert (failed.code, failed.out) == (1, "")
    assert "the disk reports a fault" in failed.err
    assert "The note that it was handed to Sue was withdrawn." in failed.err
    assert list(folder.iterdir()) == []
    noted, withdrawn = list(book.read_forward())[-2:]
    assert isinstance(noted, Disclosure)
    assert isinstance(withdrawn, Correction)
    assert (withdrawn.about, withdrawn.withdraws) == (noted.id, True)
    assert run("verify").code == 0


def test_a_note_that_can_not_be_withdrawn_is_named(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_renames(monkeypatch, ".pdf")
    append, calls = Logbook.append, []

    def fail_second(self: Logbook, contents: Any, *rest: Any) -> Any:
        calls.append(contents)
        if len(calls) > 1:
            from nearmiss.errors import BookFault

            raise BookFault("Not saved: the disk is full.")
        return append(self, contents, *rest)

    monkeypatch.setattr(Logbook, "append", fail_second)
    failed = run("print", *TOLD)
    assert failed.code == 1
    noted = list(book.read_forward())[-1]
    assert isinstance(noted, Disclosure)
    assert f"The note {noted.id} says that it was handed to Sue. It was not" in failed.err
    assert f"nearmiss correct {noted.id} --withdraw" in failed.err


def test_nothing_is_handed_over_that_could_not_be_noted(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nearmiss.errors import BookFault

    def fail(self: Logbook, *given: Any) -> Any:
        raise BookFault("Not saved: the disk is full.")

    monkeypatch.setattr(Logbook, "append", fail)
    for output in (("-o", "-"), ()):
        failed = run("print", *TOLD, *output)
        assert (failed.code, failed.out) == (1, "")
    assert list(folder.iterdir()) == []


def test_what_the_program_lives_by_is_never_written_over(
    run: Run, home: Path, book: Logbook, folder: Path
) -> None:
    run("setup", "--name", "Maria")
    draft = home / "state" / "drafts" / "kept.json"
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text("{}")
    (folder / "linked.pdf").symlink_to(book.path)
    own = [book.path, home / "logbook.jsonl.lock", home / "config" / "settings.toml", draft]
    own += [folder / "linked.pdf", home / "x" / ".." / "logbook.jsonl"]
    before = {path: path.read_bytes() for path in own if path.exists()}
    for path in own:
        for command in (("print",), ("export", "--format", "csv")):
            refused = run(*command, "-o", str(path), "--force", "--for", "own")
            assert (refused.code, refused.out) == (1, ""), path
            assert "belongs to nearmiss itself" in refused.err
    assert {path: path.read_bytes() for path in before} == before


def test_a_half_written_file_is_never_seen(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.csv").write_text("mine")

    def fail(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(files, "flush", fail)
    done = run("export", "--format", "csv", "-o", "mine.csv", "--force")
    assert done.code == 1
    assert "the disk is full" in done.err
    assert {each.name: each.read_text() for each in folder.iterdir()} == {"mine.csv": "mine"}


def test_a_name_that_promises_another_form_is_pointed_out(run: Run) -> None:
    assert "x.csv is called .csv, and holds pdf." in run("export", "-o", "x.csv").err
    for form, name in (("csv", "y.csv"), ("fhir", "y.json"), ("txt", "y"), ("html", "y.htm")):
        assert "is called" not in run("export", "--format", form, "-o", name).err


def test_a_folder_that_is_not_there_is_named(run: Run) -> None:
    failed = run("export", "-o", "no/such/x.pdf")
    assert (failed.code, failed.out) == (1, "")
    assert "there is no folder no/such" in failed.err
