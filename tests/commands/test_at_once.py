"""Two commands at once: what was looked at before is looked at again under the lock."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook, hold_lock
from nearmiss.model.entries import CorrectionFields, Envelope, FollowUp, FollowUpFields
from tests.conftest import NOW, Run, make_report, start


@pytest.fixture
def taken(run: Run, book: Logbook, tmp_path: Path) -> str:
    """A book with a report of its own, in which another one came in; the number of that."""
    book.append([make_report()], "M", NOW)
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report(client="JS")], "Ann", NOW)
    return run("import", str(other.path)).out.strip()


def run_late(book: Logbook, meanwhile: Callable[[Logbook], object], *command: str) -> str:
    """Run a command that has looked at the book and waits to write, while that goes on meanwhile.

    Return what it said. What goes on is written in a copy, as the lock is held here.
    """
    copy = Logbook(book.path.with_name("copy.jsonl"))
    copy.path.write_bytes(book.path.read_bytes())
    meanwhile(copy)
    beside = book.path.with_name(f".{book.path.name}.{'0' * 16}.nearmiss-tmp")
    with hold_lock(book.path, 1):
        beside.touch()
        process = start(*command)
        assert process.stderr
        while b"Waiting until it is done" not in (line := process.stderr.readline()):
            assert line, "it did not wait"
        beside.unlink()
        with book.path.open("ab") as file:
            file.write(copy.path.read_bytes()[book.path.stat().st_size :])
        copy.path.unlink()
    return process.communicate()[1].decode()


def withdraw(about: str, **origin: str) -> Callable[[Logbook], object]:
    """Return what withdraws an entry, as ``correct`` does, or where it has a batch, an undo."""
    content = CorrectionFields(about=about, withdraws=True, reason="x")
    return lambda book: book.append_made(lambda first: [(content, origin)], "M", NOW)


def list_later(book: Logbook) -> Sequence[str]:
    """Return the kinds of the entries that came after the second report."""
    return [each.entry for each in book.read_forward() if isinstance(each, Envelope)][3:]


def test_what_came_since_about_an_import_is_named_and_nothing_is_undone(
    book: Logbook, taken: str
) -> None:
    note = FollowUpFields(about=taken, harm_found="a bruise")
    said = run_late(book, lambda copy: copy.append([note], "M", NOW), "import", "--undo", taken)
    (harm,) = [each.id for each in book.read_forward() if isinstance(each, FollowUp)]
    assert f"Written meanwhile about what came in: {harm}. Nothing was done." in said
    assert list_later(book) == ["follow_up"]


def test_of_two_undos_at_once_the_second_says_that_it_was_done(book: Logbook, taken: str) -> None:
    said = run_late(book, withdraw(taken, batch=taken), "import", "--undo", taken)
    assert f"What can be taken back of {taken} is withdrawn already." in said
    assert list_later(book) == ["correction"]


@pytest.mark.parametrize("batch", [True, False])
def test_what_is_said_of_a_report_that_was_withdrawn_meanwhile_is_kept_and_not_saved(
    book: Logbook, home: Path, taken: str, *, batch: bool
) -> None:
    meanwhile = withdraw(taken, **({"batch": taken} if batch else {}))
    said = run_late(book, meanwhile, "follow-up", taken, "--harm-found", "a bruise")
    assert f"{taken} was withdrawn meanwhile, so it no longer counts." in said
    (kept,) = (home / "state" / "drafts").glob("*.command.txt")
    assert "a bruise" in kept.read_text(encoding="utf-8")
    assert list_later(book) == ["correction"]


def test_two_imports_of_one_book_at_once_take_each_entry_in_once(
    book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report()], "M", NOW)
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report(client=f"C{at}") for at in range(50)], "Ann", NOW)
    running = [start("import", str(other.path)) for _ in range(2)]
    ids = [each.communicate()[0].split() for each in running]
    assert sorted(map(len, ids)) == [0, 50]
    assert [each.returncode for each in running] == [0, 0]
    numbers = [each.id for each in book.read_forward() if isinstance(each, Envelope)]
    assert len(numbers) == len(set(numbers)) == 52


def test_a_step_that_was_done_meanwhile_is_not_done_again(
    run: Run, book: Logbook, taken: str
) -> None:
    (step,) = book.append([FollowUpFields(about=taken, next_step="Ring")], "M", NOW).ids
    (other,) = book.append([FollowUpFields(about=taken, next_step="Write")], "M", NOW).ids
    done = FollowUpFields(about=taken, next_done=True, ends=step)
    words = ("follow-up", taken, "--done", "--ends")
    said = run_late(book, lambda copy: copy.append([done], "M", NOW), *words, step)
    assert f"That step of {taken} was noted as done meanwhile." in said
    assert "Noted as done" in run_late(book, lambda copy: None, *words, other)
