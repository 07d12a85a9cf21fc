"""A campaign of damage: python -m tests.benchmarks.campaign [times] [step]. Prints what was lost.

Every fault is real: processes are killed, disks are full, files are cut, system calls fail. Each
command is killed ``times`` times (500), and every ``step``-th system call fails (each). At 500 and
1 it takes some hours; at 40 and 15 ten minutes.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from nearmiss.logbook.book import Logbook
from tests.benchmarks.faults import FAST, Tally, read_entries
from tests.conftest import NOW, make_report
from tests.logbook.test_crash import list_states

if sys.platform == "win32":
    raise SystemExit("The campaign kills processes and fills disks in ways that Windows lacks.")
# A process on a full disk would leave half of what Python compiles for the next one.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

PROGRAM = [sys.executable, "-m", "nearmiss"]
TIMES = int(sys.argv[1]) if len(sys.argv) > 1 else 500
STEP = int(sys.argv[2]) if len(sys.argv) > 2 else 1
REPORT = make_report().model_dump_json()
LOG = ("log", "--json", "-")
_CONFUSING = ("Traceback", "Error:", "Errno")


def run(*arguments: str, given: str = REPORT) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return run_as((), *arguments, given=given)


def run_as(
    before: Sequence[str], *arguments: str, given: str = REPORT
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, by what ``before`` says."""
    command = [*before, *PROGRAM, *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def list_ids() -> set[str]:
    """Return the ids of all reports that the program shows."""
    return {json.loads(line)["id"] for line in run("list", "--all", "--json").stdout.splitlines()}


def judge(tally: Tally, confirmed: set[str], *, erased: bool = False) -> None:
    """Count what was confirmed and is gone, and whether the book still verifies."""
    if not erased:
        tally.lost += len(confirmed - list_ids())
    run(*LOG)  # the next save mends what was cut off
    checked = run("verify")
    if checked.returncode != 0:
        tally.unclear.append(checked.stdout + checked.stderr)


@contextmanager
def fresh_home() -> Iterator[Path]:
    """Work in a home of its own."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        os.environ["NEARMISS_HOME"] = str(home)
        yield home


def write_at_once() -> Iterator[Tally]:
    """Let thirty write at once, in six ways, with a reader and a verify running."""
    with fresh_home() as home, tempfile.TemporaryDirectory() as other:
        tally = Tally("30 mixed writers at once, a reader and a verify")
        run(*LOG, given="\n".join([REPORT] * 40))
        Logbook(Path(other) / "other.jsonl").append([make_report(client="JS")] * 20, "Ann", NOW)
        kinds: list[tuple[str, ...]] = [
            LOG,
            ("follow-up", "3", "--note", "Rang"),
            ("correct", "4", "--where", "hall", "--reason", "x"),
            ("erase", "5", "--reason", "x", "--yes"),
            ("import", f"{other}/other.jsonl"),
            ("export", "2", "--format", "csv", "--to", "Sue", "--basis", "client_agreed"),
        ]
        writers = []
        for number in range(30):
            kind = kinds[number % len(kinds)]
            if kind[0] == "erase":
                kind = ("erase", str(5 + number), *kind[2:])
            if kind[0] == "correct":
                kind = ("correct", "4", "--where", f"hall {number}", *kind[4:])
            if kind[0] == "export":
                kind = (*kind, "--decided-by", "MB", "-o", f"{other}/{number}.csv")
            writers.append(start(kind))
        while any(writer.poll() is None for writer in writers):
            if run("verify").returncode or run("list").returncode:
                tally.unclear.append("a reader was disturbed")
        said = [writer.communicate() for writer in writers]
        tally.tried = len(writers)
        tally.unclear += [err[-200:] for out, err in said if "Traceback" in err]
        tally.unclear += [
            f"exit {writer.returncode}: {err[-300:]}"
            for writer, (_, err) in zip(writers, said, strict=True)
            if writer.returncode
        ]
        entries = {entry.id for entry in read_entries(Logbook(home / "logbook.jsonl"))}
        printed = {line for out, _ in said for line in out.split() if line[4:5] == "-"}
        tally.lost += len(printed - entries)
        judge(tally, set())
        yield tally


def start(arguments: Sequence[str]) -> "subprocess.Popen[str]":
    """Start a command with a report on its stdin."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    with suppress(BrokenPipeError):
        process.stdin.write(REPORT)
        process.stdin.close()
    process.stdin = None
    return process


def hold_locks() -> Iterator[Tally]:
    """Let the lock be held by a stopped process, owned by somebody else, or not to be had."""
    tally = Tally("lock held by a stopped process, of another user, or none on this disk")
    hold = "import sys,time,pathlib\nfrom nearmiss.logbook.book import hold_lock\n"
    hold += "with hold_lock(pathlib.Path(sys.argv[1]), 1):\n print(1, flush=True)\n time.sleep(60)"
    with fresh_home() as home:
        first = set(run(*LOG).stdout.split())
        holder = subprocess.Popen(
            [sys.executable, "-c", hold, str(home / "logbook.jsonl")], stdout=subprocess.PIPE
        )
        assert holder.stdout
        holder.stdout.readline()
        holder.send_signal(signal.SIGSTOP)
        check_refused(tally, run(*LOG), home)
        holder.kill()
        holder.wait()
        judge(tally, first)
    with fresh_home() as home:
        home.mkdir()
        (home / "logbook.jsonl.lock").mkdir()
        check_refused(tally, run(*LOG), home)
    with fresh_home() as home:
        code = (
            "import fcntl,sys,errno\n"
            "def none(*a): raise OSError(errno.ENOSYS,'')\n"
            "fcntl.flock = none\n"
            "sys.argv=['nearmiss','log','--json','-']\n"
            "from nearmiss.__main__ import main\nmain()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], input=REPORT, capture_output=True, text=True, check=False
        )
        check_refused(tally, done, home)
    as_other = ("setpriv", "--reuid", "23456", "--regid", "23456", "--clear-groups")
    if os.geteuid() or run_as(as_other, "--help").returncode:
        tally.fault += " (another user can't run the program here: not tried)"
    else:
        with fresh_home() as home:
            first = set(run(*LOG).stdout.split())
            for path in (home, *home.rglob("*")):
                os.chown(path, 12345, 12345)
            home.parent.chmod(0o755)
            check_refused(tally, run_as(as_other, *LOG), None)
            judge(tally, first)
    yield tally


def check_refused(
    tally: Tally, result: "subprocess.CompletedProcess[str]", home: Path | None
) -> None:
    """Count a refusal that is not clear, or that does not keep the answer."""
    tally.tried += 1
    check_words(tally, result)
    drafts = [*(home / "state" / "drafts").glob("*.json")] if home else []
    if result.returncode != 1:
        tally.unclear.append(f"exit {result.returncode}: {result.stderr[-200:]}")
    elif not drafts and "his foot slid" not in result.stderr.lower():
        tally.lost += 1


def set_clock_back() -> Iterator[Tally]:
    """Write with a clock that goes back, and one far ahead."""
    tally = Tally("clock set back, and far ahead")
    with fresh_home() as home:
        book = Logbook(home / "logbook.jsonl")
        for year in (2026, 1971, 2099, 2026):
            book.append([make_report(location=str(year))], "M", NOW.replace(year=year))
            tally.tried += 1
        if len(list_ids()) != tally.tried:
            tally.lost += 1
        judge(tally, set())
        for arguments in (("show", "2"), ("print", "--format", "txt", "-o", "-"), ("summary",)):
            check_words(tally, run(*arguments))
    yield tally


def crash_everywhere() -> Iterator[Tally]:
    """Try every state of the disk that a crash between two fsyncs allows."""
    tally = Tally("states of the disk between two fsyncs")
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        book = Logbook(Path(folder) / "logbook.jsonl")
        book.append([make_report(location=f"place {n}") for n in range(3)], "Maria", NOW)
        before, confirmed = book.path.read_bytes(), read_entries(book)
        text = "MB stood up. " * 90
        book.append([make_report(what_nearly_happened=text.strip())], "Maria", NOW)
        for state in set(list_states(before, book.path.read_bytes()[len(before) :])):
            book.path.write_bytes(state)
            tally.tried += 1
            new = book.append([make_report()], "Maria", NOW).ids[0]
            ids = [entry.id for entry in read_entries(book)]
            tally.lost += read_entries(book)[: len(confirmed)] != confirmed
            if ids.count(new) != 1 or ids[-1] != new:
                tally.unclear.append(f"{new} is there {ids.count(new)} times")
            for path in Path(folder).glob("*.torn-*"):
                path.unlink()
    yield tally


def fill_disks() -> Iterator[Tally]:
    """Run each writing command on disks from 64 to 512 KB, until they are full."""
    for name in ("log", "import", "erase", "backup", "export", "follow-up"):
        tally = Tally(f"full disk: {name}")
        for kilobytes in (64, 128, 256, 512):
            with tempfile.TemporaryDirectory() as disk:
                mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", disk]
                if subprocess.run(mount, capture_output=True, check=False).returncode:
                    tally.fault += " (no tmpfs here: not tried)"
                    break
                try:
                    fill_one(tally, name, Path(disk), kilobytes // 8)
                finally:
                    subprocess.run(["umount", "-l", disk], check=False)
        yield tally


def fill_one(tally: Tally, name: str, disk: Path, reports: int) -> None:
    """Fill a disk with reports, then try one command on it."""
    os.environ["NEARMISS_HOME"] = str(disk)
    confirmed: set[str] = set()
    batch = "\n".join([REPORT] * reports)
    while (result := run(*LOG, given=batch)).returncode == 0:
        confirmed |= set(result.stdout.split())
    check_words(tally, result)
    for draft in (disk / "state" / "drafts").glob("*"):
        draft.unlink()
    source = Path(tempfile.mkdtemp()) / "source.jsonl"
    Logbook(source).append([make_report(client="JS") for _ in range(100)], "Ann", NOW)
    arguments = {
        "log": LOG,
        "import": ("import", str(source)),
        "erase": ("erase", "1", "--reason", "x", "--yes"),
        "backup": ("backup", str(disk / "copy.jsonl")),
        "export": ("export", "--format", "csv", "-o", str(disk / "out.csv")),
        "follow-up": ("follow-up", "1", "--note", "x" * 4000),
    }[name]
    result = run(*arguments)
    tally.tried += 1
    check_words(tally, result)
    if name == "erase" and result.returncode == 0:
        confirmed = {each for each in confirmed if not each.endswith("-0001")}
    if name == "log" and result.returncode == 0:
        confirmed |= set(result.stdout.split())
    tally.lost += len(confirmed - list_ids())
    if run("verify").returncode:
        tally.unclear.append("the book does not verify")
    if list(disk.rglob("*.nearmiss-tmp")):
        tally.unclear.append("a temporary file stays")
    shutil.rmtree(source.parent)


def check_words(tally: Tally, result: "subprocess.CompletedProcess[str]") -> None:
    """Count an answer that a carer could not understand."""
    said = result.stderr
    if any(word in said for word in _CONFUSING) or (result.returncode and not said.strip()):
        tally.unclear.append(said[-300:])


def place_obstacles() -> Iterator[Tally]:
    """Put something else in the place of the logbook, and take rights away."""
    tally = Tally("a folder, a pipe, a socket or a device in the file's place")
    for obstacle in ("folder", "pipe", "socket", "device"):
        with fresh_home() as home:
            home.mkdir()
            place = home / "logbook.jsonl"
            if obstacle == "folder":
                place.mkdir()
            elif obstacle == "pipe":
                os.mkfifo(place)
            elif obstacle == "socket":
                import socket

                socket.socket(socket.AF_UNIX).bind(str(place))
            else:
                place.symlink_to("/dev/null")
            for arguments in (LOG, ("list",), ("verify",), ("backup",), ("show",), ("export",)):
                result = run(*arguments)
                tally.tried += 1
                check_words(tally, result)
                if result.returncode not in (1, 2):
                    tally.unclear.append(f"{arguments[0]} at a {obstacle}: {result.returncode}")
    yield tally


def speak_other_encodings() -> Iterator[Tally]:
    """Run everything without a locale, in the C locale, and in a Windows code page."""
    tally = Tally("no locale, C locale, Windows code page")
    hostile = make_report(what_nearly_happened="\u2028 ن 🦽 [red]x[/] =1+1").model_dump_json()
    for changes in (
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"LANG": ""},
    ):
        with fresh_home():
            os.environ.update(changes)
            try:
                for arguments in (LOG, ("list",), ("show",), ("verify",), ("summary",), ("where",)):
                    result = run(*arguments, given=hostile)
                    tally.tried += 1
                    check_words(tally, result)
                    if result.returncode:
                        tally.unclear.append(f"{changes} {arguments[0]}: {result.stderr[-200:]}")
            finally:
                for name in changes:
                    del os.environ[name]
    yield tally


def main() -> None:
    """Run everything and print a table: how often to kill, and every how many-th call fails."""
    print("| fault | times tried | lost | unclear |\n|---|---|---|---|", flush=True)
    for part in (
        place_obstacles,
        speak_other_encodings,
        hold_locks,
        set_clock_back,
        crash_everywhere,
        write_at_once,
        fill_disks,
    ):
        for tally in part():
            tally.show()
    for module, arguments in (("kills", [str(TIMES)]), ("faults", [f"step={STEP}"])):
        command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
        subprocess.run(command, check=False)


if __name__ == "__main__":
    main()
