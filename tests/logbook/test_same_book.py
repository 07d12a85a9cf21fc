"""The book is looked at again under the lock: what is not the one that was asked about is left."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from nearmiss.errors import BookFault
from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import Terminal, name_carer

REPORT = make_report().model_dump_json()
Damage = Callable[[Logbook], object]


def cut(book: Logbook) -> None:
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join(lines[:-1]))


def cut_in_a_line(book: Logbook) -> None:
    book.path.write_bytes(book.path.read_bytes()[:-30])


def change(book: Logbook) -> None:
    cut(book)
    Logbook(book.path).append([make_report(client="ZZ")], "Somebody", NOW)


def replace(book: Logbook) -> None:
    book.path.unlink()
    Logbook(book.path).append([make_report(client="ZZ")] * 4, "Somebody", NOW)


DAMAGE: list[tuple[Damage, str]] = [
    (lambda book: book.path.unlink(), "is no longer at"),
    (lambda book: book.path.rename(book.path.with_name("away")), "is no longer at"),
    (lambda book: book.path.write_bytes(b""), "is empty now"),
    (cut, "ends at"),
    (cut_in_a_line, "ends at"),
    (change, "holds another"),
    (replace, "Another logbook"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGE)
def test_nothing_is_written_to_what_is_not_the_book_that_was_looked_at(
    book: Logbook, home: Path, damage: Damage, said: str
) -> None:
    kept = Logbook(book.path, home / "state" / "marks")
    kept.append([make_report()] * 3, "Maria", NOW)
    assert kept.look().gap is None
    damage(book)
    before = book.path.read_bytes() if book.path.exists() else None
    beside = sorted(book.path.parent.glob("*"))
    with pytest.raises(BookFault, match=said):
        kept.append([make_report()], "Maria", NOW)
    assert (book.path.read_bytes() if book.path.exists() else None) == before
    assert sorted(book.path.parent.glob("*")) == beside


def test_a_book_that_has_grown_or_was_erased_in_is_gone_on_with(run: Run, book: Logbook) -> None:
    book.append([make_report()] * 2, "Maria", NOW)
    open_elsewhere = Logbook(book.path)
    open_elsewhere.look()
    book.append([make_report()], "Sue", NOW)
    assert run("erase", "1", "2", "--reason", "x", "--yes").code == 0
    assert open_elsewhere.append([make_report()], "Maria", NOW).ids[0].endswith("-0006")


@pytest.mark.parametrize("left", [None, b""])
def test_a_new_book_is_begun_only_when_it_is_asked_for(
    run: Run, home: Path, book: Logbook, left: bytes | None
) -> None:
    first = run("log", "--json", "-", given=REPORT).out.strip()
    book.path.unlink()
    if left is not None:
        book.path.write_bytes(left)
    refused = run("log", "--json", "-", given=REPORT)
    assert (refused.code, refused.out) == (1, "")
    assert first in refused.err
    assert "--new-book" in refused.err
    assert (book.path.read_bytes() if book.path.exists() else None) == left
    (kept,) = (home / "state" / "drafts").glob("*.json")
    done = run("--new-book", "log", "--json", str(kept))
    assert (done.code, done.out[:4] != first[:4]) == (0, True), done.err
    assert run("log", "--json", "-", given=REPORT).code == 0


def test_a_book_that_goes_while_a_question_is_open_is_not_begun_anew(
    home: Path, book: Logbook, run: Run
) -> None:
    name_carer(home)
    run("log", "--json", "-", given=REPORT)
    terminal = Terminal("log", "--client", "MB", "--when", "yesterday 9pm", "--where", "hall",
        "--category", "mobility", "--what", "His foot slid.", "--prevented", "I held him",
        "--action", "None", "--no-safeguarding", "--informed", "GP, 9am")  # fmt: skip
    terminal.answer("Was anyone hurt", "n")
    terminal.answer("stop it happening again?", "")
    terminal.see("Save this report?")
    book.path.rename(book.path.with_name("away"))
    terminal.type("")
    shown = terminal.finish()
    assert (terminal.code, "is no longer at" in shown) == (1, True), shown
    assert not book.path.exists()
    (kept,) = (home / "state" / "drafts").glob("*.json")
    assert json.loads(kept.read_text())["what_nearly_happened"] == "His foot slid."


def go(book: Logbook) -> None:
    book.path.rename(book.path.with_name("away"))


def become_a_folder(book: Logbook) -> None:
    book.path.rename(book.path.with_name("kept"))
    book.path.mkdir()


@pytest.mark.parametrize(
    ("command", "answers", "question", "damage", "said"),
    [
        ("follow-up", [("to add?", "7")], "like to note?", go, "is no longer at"),
        ("follow-up", [("to add?", "7")], "like to note?", replace, "Another logbook"),
        ("follow-up", [("to add?", "7")], "like to note?", become_a_folder, "folder."),
        (
            "correct",
            [
                ("What is wrong?", "1"),
                ("Which answer is wrong?", "3"),
                ("3 of 10", "hall"),
                ("Which answer is wrong?", "d"),
            ],
            "Why is it corrected?",
            lambda book: book.path.write_bytes(b""),
            "is empty",
        ),
    ],
)
def test_what_is_added_to_a_book_that_goes_meanwhile_is_kept(
    home: Path,
    book: Logbook,
    command: str,
    answers: list[tuple[str, str]],
    question: str,
    damage: Damage,
    said: str,
) -> None:
    name_carer(home)
    book.append([make_report()], "Maria", NOW)
    terminal = Terminal(command, "1")
    for asked, answer in answers:
        terminal.answer(asked, answer)
    terminal.see(question)
    damage(book)
    terminal.type("Rang about the garden")
    shown = terminal.finish()
    assert (terminal.code, said in shown, "kept in" in shown) == (1, True, True), shown
    assert shown.count("Nothing was ") == 1, shown
    (kept,) = (home / "state" / "drafts").glob("*.json")
    assert "garden" in kept.read_text()
    assert not [*(home / "state" / "drafts").glob("*.txt")]


def test_a_book_that_lies_beside_its_place_is_named_wherever_it_is_missed(
    run: Run, book: Logbook
) -> None:
    run("log", "--json", "-", given=REPORT)
    moved = book.path.rename(book.path.with_name("logbook (moved).jsonl"))
    said = f"To put it back: nearmiss restore '{moved}'"
    for command in (["list"], ["where"], ["verify"], ["log", "--json", "-"], []):
        told = run(*command, given=REPORT)
        assert (told.out + told.err).count(said) == 1, command
    assert run("restore", str(moved)).code == 0


@pytest.mark.parametrize("key", ["y", "n"])
def test_at_a_terminal_it_is_asked_whether_a_new_book_is_begun(
    home: Path, book: Logbook, run: Run, key: str
) -> None:
    name_carer(home)
    first = run("log", "--json", "-", given=REPORT).out.strip()
    book.path.unlink()
    options = [f"--{name}=x" for name in ("client", "what", "prevented", "action", "where")]
    more = ("--when", "yesterday 9pm", "--category", "other", "--no-safeguarding", "--yes")
    terminal = Terminal("log", *options, *more)
    terminal.see(f"went up to {first}")
    terminal.answer("Begin a new logbook all the same?", key)
    terminal.finish()
    assert (terminal.code, book.path.exists()) == ((0, True) if key == "y" else (1, False))


def test_a_kept_command_that_was_run_since_is_kept_no_longer(run: Run, home: Path) -> None:
    book = Logbook(home / "logbook.jsonl", home / "state" / "marks")
    book.append([make_report()], "M", NOW)
    whole = book.path.read_bytes()
    book.path.write_bytes(b"")
    words = ("follow-up", "1", "--note", "It's dry now", "--next", "Look again", "--due", "today")
    assert run(*words).code == 1
    (kept,) = (home / "state" / "drafts").glob("*.command.txt")
    again = shlex.split(kept.read_text())[1:]
    Logbook(book.path).append([make_report(client="KT")], "M", NOW)
    assert run(*again).code == 1  # the number of another book's report
    book.path.write_bytes(whole)
    assert run(*again).code == 0
    assert not kept.exists()
    assert "not finished" not in run().out


def test_a_folder_that_is_gone_with_the_book_is_told_as_that(run: Run, home: Path) -> None:
    book = home / "stick" / "logbook.jsonl"
    at = ("--logbook", str(book))
    run(*at, "log", "--json", "-", given=REPORT)
    book.parent.rename(home / "pulled out")
    for command in (["list"], ["where"], ["verify"], ["follow-up", "1", "--note", "x"], []):
        told = run(*at, *command)
        assert "The file was taken away, moved or emptied." in told.out + told.err, command
