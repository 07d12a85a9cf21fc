"""What was typed is saved or kept; what is saved is never denied."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from typer.main import get_command

from nearmiss import files
from nearmiss.cli import app
from nearmiss.errors import BookFault
from nearmiss.interview.saving import write_command
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Report
from nearmiss.model.ids import FLAGS
from tests.conftest import NOW, TODAY, Run, make_report

REPORT = make_report().model_dump_json()
GIVEN = {
    "client": "MB",
    "when": "yesterday 8pm",
    "where": "lounge",
    "what": "Slipped",
    "prevented": "rail",
    "action": "sat",
    "category": "mobility",
}


def fail(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let nothing be written at the end of a file from now on."""
    return lambda: monkeypatch.setattr(files, "write_all", fail)


def list_kept(home: Path) -> list[Path]:
    return sorted((home / "state" / "drafts").glob("*"))


@pytest.mark.parametrize(
    "command",
    [
        ("follow-up", "1", "--note", "Rang it's the GP\nagain", "--close"),
        ("correct", "1", "--where", "hall", "--no-safeguarding", "--reason", "Wrong room"),
    ],
)
def test_a_later_entry_that_can_not_be_saved_is_kept_as_its_command(
    run: Run, home: Path, book: Logbook, full: Callable[[], None], command: tuple[str, ...]
) -> None:
    report = make_report(safeguarding=True, concern_informed=["council"])
    book.append([report], "M", NOW)
    before = book.path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "write_all", fail)
        result = run(*command)
    assert result.code == 1
    assert "the disk is full" in result.err
    assert book.path.read_bytes() == before
    (kept,) = list_kept(home)
    assert str(kept) in result.err
    again = shlex.split(kept.read_text())
    assert again[5] == command[0]
    assert run(*again[1:3], "--written-about", "0" * 64, *again[5:]).code == 1
    assert list_kept(home) == [kept], "it was about another report of that number"
    assert run(*again[1:]).code == 0
    assert not list_kept(home)
    assert len(list(book.read_forward())) == 3


def test_what_can_not_even_be_kept_is_shown(
    run: Run, home: Path, book: Logbook, full: Callable[[], None]
) -> None:
    book.append([make_report()], "M", NOW)
    (home / "state").write_text("in the way")
    full()
    result = run("follow-up", "1", "--note", "Rang the GP")
    assert result.code == 1
    assert "--note 'Rang the GP'" in result.err


def test_nothing_that_fails_after_the_write_denies_it(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "M", NOW)
    monkeypatch.setattr(Logbook, "lift_mark", fail)
    written = book.append([make_report(location="hall")], "M", NOW)
    assert written.ids[0].endswith("-0002")
    monkeypatch.setattr("filelock.FileLock.release", fail)
    written = book.append([make_report(location="bath")], "M", NOW)
    assert [each.id for each in book.read_forward() if isinstance(each, Report)][-1:] == [
        *written.ids
    ]


@pytest.mark.parametrize(
    "line",
    [
        "log --json -",
        "follow-up 1 --close",
        "correct 1 --where hall --reason x",
        "correct 1 --withdraw --reason x",
        "erase 1 --reason x --yes",
    ],
)
def test_a_book_that_can_not_be_read_after_saving_is_told_as_that(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    book.append([make_report()], "M", NOW)

    def break_off(*arguments: object) -> None:
        monkeypatch.setattr(Logbook, "open_settled", fail)

    with monkeypatch.context() as patch:
        patch.setattr(Logbook, "lift_mark", break_off)
        result = run(*line.split(), given=REPORT if "-" in line.split() else None)
    monkeypatch.undo()
    assert (result.code, "Nothing was changed" in result.err) == (0, False), result.err
    assert len(list(book.read_forward())) == 3


def run_in_shell(arguments: str) -> "subprocess.CompletedProcess[str]":
    # A stream that can't be written is no crash, but no test of ours should meet one unawares.
    environment = {name: text for name, text in os.environ.items() if name != "NEARMISS_DEBUG"}
    command = f"{shlex.quote(sys.executable)} -m nearmiss {arguments}"
    return subprocess.run(
        ["sh", "-c", command],
        input=REPORT,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such streams there")
@pytest.mark.parametrize("closed", [">/dev/full", ">&-", "2>&-", ">&- 2>&-", "2>/dev/full"])
def test_a_screen_that_can_not_be_written_is_no_failed_save(book: Logbook, closed: str) -> None:
    book.append([make_report()], "M", NOW)
    result = run_in_shell(f"log --json - {closed}")
    entries = list(book.read_forward())
    assert len(entries) == 3
    assert result.returncode == 0
    if closed.startswith(">") and "2>" not in closed:
        assert entries[2].id in result.stderr  # type: ignore[union-attr]
    if ">&-" in closed and "2>" in closed:  # each of the two alone shows what a list does
        return
    shown = run_in_shell(f"list {closed}")
    assert shown.returncode == (1 if closed.startswith(">") else 0)
    assert "Traceback" not in shown.stderr
    assert "inside nearmiss" not in shown.stderr


def test_what_is_stopped_while_it_waits_to_be_saved_is_kept(
    run: Run, home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    book.append([make_report()], "M", NOW)
    monkeypatch.setattr(Logbook, "append_made", stop)
    result = run("follow-up", "1", "--note", "Rang the GP")
    assert result.code == 130
    (kept,) = list_kept(home)
    assert "Rang the GP" in kept.read_text()
    assert str(kept) in result.err


def test_what_was_typed_for_a_book_that_can_not_be_read_is_kept(
    run: Run, home: Path, book: Logbook
) -> None:
    book.path.mkdir(parents=True)
    result = run("follow-up", "1", "--note", "Rang the GP")
    assert result.code == 1
    (kept,) = list_kept(home)
    assert "--note 'Rang the GP'" in kept.read_text()
    assert str(kept) in result.err


@pytest.mark.parametrize("command", ["follow-up", "log"])
def test_where_the_drafts_folder_can_not_be_written_what_was_typed_is_shown_to_be_copied(
    run: Run, home: Path, book: Logbook, command: str
) -> None:
    book.path.mkdir(parents=True)
    (home / "state").write_text("in the way")
    given = ["--note", "Rang the GP"] if command == "follow-up" else ["--json", "-"]
    number = ["1"] if command == "follow-up" else []
    result = run(
        command, *number, *given, given=make_report(location="Rang the GP").model_dump_json()
    )
    assert result.code == 1
    assert "It could not be kept as a draft either: part of its path is not a folder." in result.err
    assert "Rang the GP" in result.err.partition("Here it is, to copy")[2]
    assert ("Thrown away" in result.err, "is kept in" in result.err) == (False, False)


def test_a_file_that_can_not_be_closed_hides_no_other_fault(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be taken back is said, whatever fails after that."""
    book.append([make_report()], "M", NOW)
    monkeypatch.setattr(files, "flush", fail)
    monkeypatch.setattr("os.ftruncate", fail)
    with pytest.raises(BookFault, match="not certain"):
        book.append([make_report()], "M", NOW)


def test_a_command_is_kept_with_nothing_that_means_another_thing_tomorrow(
    run: Run, home: Path, book: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    away = book.path.with_name("away")
    book.path.rename(away)
    book.path.mkdir()
    told = run("follow-up", "last", "--harm-found", "A bruise", "--harm-on", "today")
    assert "with the report's number in the place of NUMBER" in told.err
    book.path.rmdir()
    away.rename(book.path)
    (kept,) = list_kept(home)
    words = shlex.split(kept.read_text())[1:]
    assert words[:4] == ["--logbook", str(book.path), "follow-up", "NUMBER"]
    assert words[4:] == ["--harm-found", "A bruise", "--harm-on", f"{TODAY:%Y-%m-%d}"]
    assert run(*words).code == 1
    assert run(*(word.replace("NUMBER", "1") for word in words)).code == 0


def test_each_word_that_names_an_entry_is_kept_with_the_tag_of_its_book() -> None:
    words = ["follow-up", "last", "--close", "4", "--note", "5", "--note=last", "--ends=6", "--yes"]
    shown = write_command(words, Path("/b"), NOW, "K7QX")
    assert shown == (
        "nearmiss --logbook /b follow-up NUMBER --close K7QX-0004 --note 5 --note=last "
        "--ends=K7QX-0006"
    )
    shown = write_command(["correct", "last", "--what", "x"], Path("/b"), NOW, "", "K7QX-0002")
    assert shown == "nearmiss --logbook /b correct K7QX-0002 --what x"


def test_behind_due_stands_a_day_but_where_reports_are_chosen() -> None:
    due = date(2026, 4, 17)
    shown = write_command(["follow-up", "1", "--next", "x", "--due", "friday"], Path("/b"), NOW, "")
    assert shown == f"nearmiss --logbook /b follow-up 1 --next x --due {due}"
    shown = write_command(["erase", "--due", "5", "--reason", "x"], Path("/b"), NOW, "K7QX")
    assert shown == "nearmiss --logbook /b erase --due K7QX-0005 --reason x"


def test_it_is_known_behind_which_options_nothing_is_typed() -> None:
    program = cast(Any, get_command(app))
    for name in ("follow-up", "correct", "similar", "erase"):
        command = program.get_command(program.make_context("nearmiss", ["list"]), name)
        flags = {
            each
            for option in command.params
            if getattr(option, "is_flag", False)
            for each in (*option.opts, *option.secondary_opts)
        }
        assert flags - {"--help", "--due"} <= FLAGS, name


def test_an_erasure_that_was_typed_for_a_book_that_can_not_be_read_is_kept_to_be_asked_again(
    run: Run, home: Path, book: Logbook
) -> None:
    book.path.mkdir(parents=True)
    result = run("erase", "1", "--reason", "The family asked", "--until", "last month", "--yes")
    assert result.code == 1
    (kept,) = list_kept(home)
    day = TODAY.date().replace(day=1) - timedelta(days=1)
    assert kept.read_text().split("erase ")[1].strip() == (
        f"1 --reason 'The family asked' --until {day}"
    )


@pytest.mark.parametrize("left", [None, b""])
def test_words_about_a_report_are_kept_where_the_book_is_gone_or_a_placeholder(
    run: Run, home: Path, left: bytes | None
) -> None:
    run("log", "--json", "-", given=REPORT)
    book = home / "logbook.jsonl"
    before = book.read_bytes()
    book.unlink() if left is None else book.write_bytes(left)
    assert run("follow-up", "1", "--note", "Rang the GP").code == 1
    book.write_bytes(before)
    (kept,) = (each for each in list_kept(home) if each.suffix == ".txt")
    assert run(*shlex.split(kept.read_text())[1:]).code == 0
    assert "Rang the GP" in run("show", "1").out


def test_who_writes_is_kept_with_what_could_not_be_saved(
    run: Run, home: Path, book: Logbook
) -> None:
    answers = [f"--{name}={text}" for name, text in GIVEN.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "write_all", fail)
        book.append([make_report()], "M", NOW)
        failed = run("log", "--by", "Ana Silva, nurse", *answers)
    assert "log --json" in failed.err
    (kept,) = list_kept(home)
    assert run("log", "--json", str(kept)).code == 0
    assert run("show", "last", "--json").rows[0]["recorded_by"] == "Ana Silva, nurse"
