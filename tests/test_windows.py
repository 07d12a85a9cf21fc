"""Windows' rules for files, by a double under the real code: no open file is replaced."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nearmiss import files
from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, Run, make_report, start

REPORT = make_report().model_dump_json()
SHARING_VIOLATION = 32
_HANDLES = Path("/proc/self/fd")

pytestmark = pytest.mark.skipif(not _HANDLES.exists(), reason="asks the system what is open")


def refuse(path: Any) -> None:
    """Raise what Windows raises for a file that is open."""
    error = PermissionError(errno.EACCES, "Permission denied", str(path))
    error.winerror = SHARING_VIOLATION  # type: ignore[attr-defined, unused-ignore]
    raise error


def require_closed(path: Any) -> None:
    wanted = os.path.realpath(path)
    for handle in _HANDLES.iterdir():
        try:
            held = handle.readlink()
        except OSError:
            continue
        if str(held) == wanted and not wanted.endswith(".lock"):
            refuse(path)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls that Windows would have judged, in order."""
    made: list[str] = []

    def guard(name: str) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def guarded(path: Any, *arguments: Any, **options: Any) -> Any:
            made.append(f"{name} {Path(os.fsdecode(path)).name}")
            for each in (path, *arguments[:1]):
                if isinstance(each, str | Path):
                    require_closed(each)
            return real(path, *arguments, **options)

        monkeypatch.setattr(os, name, guarded)

    for name in ("replace", "rename", "unlink", "remove"):
        guard(name)
    monkeypatch.delattr(os, "O_DIRECTORY")  # there is no fsync of folders
    monkeypatch.setattr(files, "_PATIENCE", 0.2)
    return made


def list_commands(folder: Path) -> list[tuple[str, ...]]:
    """Return every command that writes, in an order in which each finds what it needs."""
    other = Logbook(folder / "other.jsonl")
    other.append([make_report(client="JS")], "Ann", NOW)
    row = "AK,2026-04-13 10:00,hall,slipped,frame held,sat her down,mobility"
    sheet = folder / "sheet.csv"
    sheet.write_text(f"client,when,where,what,prevented,action,kind\n{row}\n", encoding="utf-8")
    out = str(folder / "out")
    to = ("--to", "Sue", "--basis", "client_agreed", "--decided-by", "MB")
    return [
        ("setup", "--name", "Maria"),
        ("log", "--json", "-"),
        ("log", "--json", "-"),
        ("follow-up", "1", "--note", "Rang"),
        ("correct", "1", "--where", "hall", "--reason", "x"),
        ("similar", "2", "--same", "1"),
        ("import", str(other.path)),
        ("import", str(sheet), "--entry", "near-miss"),
        ("import", "--undo", "7"),
        ("backup", f"{out}.jsonl"),
        ("backup", f"{out}.jsonl", "--force"),
        ("--logbook", f"{out}-new.jsonl", "restore", f"{out}.jsonl"),
        ("export", "--client", "MB", "--format", "csv", *to, "-o", f"{out}.csv"),
        ("export", "--client", "MB", "--format", "csv", *to, "-o", f"{out}.csv", "--force"),
        ("print", "1", *to, "-o", f"{out}.pdf"),
        ("demo", f"{out}-demo.jsonl"),
        ("erase", "1", "--reason", "x", "--yes"),
        ("import", "--undo", "6"),
        ("verify",),
    ]


def test_every_command_that_writes_closes_what_it_replaces(
    run: Run, tmp_path: Path, calls: list[str]
) -> None:
    for command in list_commands(tmp_path):
        done = run(*command, given=REPORT if "-" in command else None)
        assert (command, done.code) == (command, 0), done.err
    assert any(each.startswith("replace .logbook.jsonl") for each in calls)


def test_no_command_gives_up_where_each_file_is_held_for_a_moment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks for viruses does so; of a file that C opens only "denied" is told."""
    commands, seen = list_commands(tmp_path), set[tuple[str, str]]()

    def hold(owner: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def held(path: Any, *arguments: Any, **options: Any) -> Any:
            called = (name, str(path))
            is_ours = str(path).startswith(str(tmp_path)) and not str(path).endswith(".lock")
            if is_ours and called not in seen and Path(path).is_file():
                seen.add(called)
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **options)

        monkeypatch.setattr(owner, name, held)

    for owner, name in ((os, "open"), (os, "replace"), (os, "unlink"), (Path, "open")):
        hold(owner, name)
    monkeypatch.setattr(files, "_ON_WINDOWS", True)
    monkeypatch.setattr(files, "_PATIENCE", 0.2)
    for command in commands:
        seen.clear()
        done = run(*command, given=REPORT if "-" in command else None)
        assert (command, done.code) == (command, 0), done.err


def test_what_another_program_holds_for_a_moment_is_tried_again(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "Maria", NOW)
    replace, held = os.replace, [3]

    def hold(source: Any, target: Any) -> None:
        if held[0] and Path(target) == book.path:
            held[0] -= 1
            refuse(target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", hold)
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    held[0] = 10**6
    monkeypatch.setattr(files, "_PATIENCE", 0.2)
    book.append([make_report()], "Maria", NOW)
    before = book.path.read_bytes()
    refused = run("erase", "3", "--reason", "x", "--yes")
    assert (refused.code, "another program has it open" in refused.err) == (1, True), refused.err
    assert book.path.read_bytes() == before


def test_a_drive_that_is_gone_ends_the_search_for_its_folders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There the root of a drive is its own parent, and it may not exist."""
    monkeypatch.setattr(Path, "exists", lambda path: False)
    with pytest.raises(FileNotFoundError):
        files.make_private_folder(Path("/gone/away"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOLCK, "this disk has no locks"), (errno.ENODEV, "the disk is not there any more")],
)
def test_a_disk_without_locks_is_refused_with_what_to_do(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    from filelock import FileLock

    def fail(lock: FileLock) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(FileLock, "_acquire", fail)
    refused = run("log", "--json", "-", given=REPORT)
    assert (refused.code, said in refused.err) == (1, True), refused.err
    assert "kept in" in refused.err


def test_what_is_piped_is_utf_8_whatever_the_code_page(run: Run, book: Logbook) -> None:
    book.append([make_report(location="Łóżko, café")], "Maria", NOW)
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    for command in (("list", "--json"), ("list",), ("show", "1")):
        out, _ = start(*command, env=environment).communicate()
        assert "Łóżko" in out.decode()
