"""A campaign of damage: python -m tests.benchmarks.campaign [times]. Prints what was lost.

Every fault is real: processes are killed, disks are full, files are cut.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, make_report

if sys.platform == "win32":
    raise SystemExit("The campaign kills processes and fills disks in ways that Windows lacks.")
# A process on a full disk would leave half of what Python compiles for the next one.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

PROGRAM = [sys.executable, "-m", "nearmiss"]
TIMES = int(sys.argv[1]) if len(sys.argv) > 1 else 500
REPORT = make_report().model_dump_json()
LOG = ("log", "--json", "-")
_CONFUSING = ("Traceback", "Error:", "Errno")


@dataclass
class Tally:
    """What one fault did: how often it was tried, what was lost, and what was not said clearly."""

    fault: str
    tried: int = 0
    lost: int = 0
    unclear: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Print it as a line of a table."""
        print(f"| {self.fault} | {self.tried} | {self.lost} | {len(self.unclear)} |", flush=True)
        for each in self.unclear[:3]:
            print(f"    unclear: {each}")


def run(*arguments: str, given: str = REPORT) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [*PROGRAM, *arguments], input=given, capture_output=True, text=True, check=False
    )


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


def kill_often(tally: Tally, arguments: Sequence[str], home: Path, again: bool) -> None:
    """Start a command again and again and kill it at a random moment."""
    start = time.perf_counter()
    run(*arguments)
    took = time.perf_counter() - start
    confirmed = list_ids()
    for _ in range(TIMES):
        if again:
            (home / "state").mkdir(exist_ok=True)
        process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdin
        process.stdin.write(REPORT)
        process.stdin.close()
        process.stdin = None
        time.sleep(random.uniform(0.5, 1.1) * took)
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0]
        if arguments[0] == "log":
            confirmed |= set(said.split())
        tally.tried += 1
    judge(tally, confirmed, erased=arguments[0] == "erase")
    left = [path for path in home.rglob("*.nearmiss-tmp") if path.is_file()]
    if left:
        tally.unclear.append(f"{len(left)} temporary files stay: {left[0].name}")


@contextmanager
def fresh_home() -> Iterator[Path]:
    """Work in a home of its own."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        os.environ["NEARMISS_HOME"] = str(home)
        yield home


def kill_commands() -> Iterator[Tally]:
    """Kill each command that writes."""
    with fresh_home() as home:
        tally = Tally("kill -9 of log")
        kill_often(tally, LOG, home, again=False)
        yield tally
    for name in ("import", "erase", "backup"):
        with fresh_home() as home, tempfile.TemporaryDirectory() as other:
            run(*LOG, given="\n".join([REPORT] * 300))
            source = Logbook(Path(other) / "source.jsonl")
            source.append([make_report(client="JS") for _ in range(300)], "Ann", NOW)
            arguments = {
                "import": ("import", str(source.path)),
                "erase": ("erase", "--client", "MB", "--reason", "x", "--yes"),
                "backup": ("backup", str(Path(other) / "copy.jsonl"), "--force"),
            }[name]
            tally = Tally(f"kill -9 of {name}")
            kill_often(tally, arguments, home, again=True)
            yield tally


def write_at_once() -> Iterator[Tally]:
    """Let fifty write at once, with a reader and a verify running."""
    with fresh_home():
        tally = Tally("50 writers at once, a reader and a verify")
        run(*LOG)
        writers = [
            subprocess.Popen(
                [*PROGRAM, *LOG],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(50)
        ]
        for writer in writers:
            assert writer.stdin
            writer.stdin.write(REPORT)
            writer.stdin.close()
            writer.stdin = None
        while any(writer.poll() is None for writer in writers):
            if run("verify").returncode or run("list").returncode:
                tally.unclear.append("a reader was disturbed")
        said = [writer.communicate() for writer in writers]
        confirmed = {out.strip() for out, _ in said if out.strip()}
        tally.tried = 50
        tally.lost += 50 - len(confirmed)
        judge(tally, confirmed)
        yield tally


def fill_disks() -> Iterator[Tally]:
    """Run each writing command on disks from 64 KB to 1 MB, until they are full."""
    for name in ("log", "import", "erase", "backup", "export", "follow-up"):
        tally = Tally(f"full disk: {name}")
        for kilobytes in (64, 128, 256, 512, 1024):
            with tempfile.TemporaryDirectory() as disk:
                mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", disk]
                if subprocess.run(mount, capture_output=True, check=False).returncode:
                    tally.fault += " (no tmpfs here: not tried)"
                    break
                try:
                    fill_one(tally, name, Path(disk))
                finally:
                    subprocess.run(["umount", "-l", disk], check=False)
        yield tally


def fill_one(tally: Tally, name: str, disk: Path) -> None:
    """Fill a disk with reports, then try one command on it."""
    os.environ["NEARMISS_HOME"] = str(disk)
    confirmed: set[str] = set()
    batch = "\n".join([REPORT] * 20)
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
    """Run everything and print a table."""
    print("| fault | times tried | lost | unclear |\n|---|---|---|---|")
    for part in (
        place_obstacles,
        speak_other_encodings,
        write_at_once,
        fill_disks,
        kill_commands,
    ):
        for tally in part():
            tally.show()


if __name__ == "__main__":
    main()
