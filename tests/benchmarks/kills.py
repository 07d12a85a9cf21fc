"""Kill each writing command again and again: python -m tests.benchmarks.kills [times] [command].

The moments are spread over the whole run. What was confirmed must be there, the book must verify,
and what was typed more than a second ago must be in its draft.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nearmiss.logbook.book import Logbook, Make
from nearmiss.logbook.verify import check_book
from nearmiss.model.entries import Entry
from tests.benchmarks.faults import (
    FAST,
    Case,
    Command,
    Tally,
    build_case,
    load_rooms,
    read_entries,
    start_forked,
)
from tests.conftest import NOW, make_report

if sys.platform == "win32":
    raise SystemExit("This kills processes in ways that Windows lacks.")

CLEAR = "\x15"  # takes away what stands there
WORDS = "MB stood up from the armchair and his foot slid on the rug "


def make_command(name: str, case: Case, number: int) -> Command:
    """Return the command of one trial; what it needs is made first."""
    if name in _MADE_ANEW:
        return _MADE_ANEW[name](case, number), ""
    if name == "restore":
        (case.folder / "out.jsonl").unlink(missing_ok=True)
    command = case.list_commands()[name]
    force = ["--force"] if name in ("backup", "export", "print") else []
    return [*command[0], *force], command[1]


def _add_report(case: Case, number: int) -> str:
    return case.book.append([make_report(location=f"place {number}")], "M", NOW).ids[0]


def _take_in(case: Case, number: int) -> str:
    report, origin = make_report(location=f"place {number}"), {"origin_seal": f"{number:064}"}
    make: Make = lambda at: [(report, {**origin, "batch": str(at)})]  # noqa: E731
    return case.book.append_made(make, "M", NOW).ids[0]


def _write_book(case: Case, number: int) -> str:
    source = case.folder / f"source{number}.jsonl"
    Logbook(source).append([make_report(client="JS") for _ in range(30)], "Ann", NOW)
    return str(source)


def _write_rows(case: Case, number: int) -> str:
    head, row = (case.folder / "rows.csv").read_text(encoding="utf-8").splitlines()
    rows = [row.replace("hall", f"hall {number} {n}") for n in range(30)]
    source = case.folder / "some.csv"
    source.write_text("\n".join([head, *rows]), encoding="utf-8")
    return str(source)


# A second time, these would have nothing to do.
_MADE_ANEW: dict[str, Callable[[Case, int], list[str]]] = {
    "correct": lambda _, number: ["correct", "1", "--where", f"hall {number}", "--reason", "x"],
    "erase": lambda case, n: ["erase", _add_report(case, n), "--reason", "x", "--yes"],
    "withdraw": lambda case, n: ["correct", _add_report(case, n), "--withdraw", "--reason", "x"],
    "undo": lambda case, number: ["import", "--undo", _take_in(case, number)],
    "setup": lambda _, number: ["setup", "--name", f"Maria {number}"],
    "import book": lambda case, number: ["import", _write_book(case, number)],
    "import csv": lambda case, n: ["import", _write_rows(case, n), "--entry", "near-miss"],
}


def run_killed(case: Case, command: Command, after: float | None) -> tuple[int, str]:
    """Run a command and kill it ``after`` seconds; return how it ended, and its stdout."""
    with tempfile.TemporaryDirectory(dir=FAST) as away:
        child = start_forked(case, command, Path(away))
        if after is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        out = (Path(away) / "out").read_text("utf-8", "replace")
        return os.waitstatus_to_exitcode(status), out


def kill_often(name: str, times: int) -> Tally:
    """Kill one command until ``times`` of its runs have died of it; some end before."""
    tally = Tally(f"kill -9 of {name}")
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        case = build_case(Path(folder) / "case")
        began = time.perf_counter()
        code, out = run_killed(case, make_command(name, case, 0), None)
        took = time.perf_counter() - began
        if code:
            tally.unclear.append(f"{name} fails without being killed: {code}")
        killed = 0
        while killed < times and tally.tried < 4 * times:
            command = make_command(name, case, tally.tried + 1)
            before = read_entries(case.book)
            code, out = run_killed(case, command, random.uniform(0, 1.1) * took)
            killed += code == -signal.SIGKILL
            if code not in (0, -signal.SIGKILL):
                tally.unclear.append(f"{name}: exit {code}")
            tally.tried += 1
            judge(tally, name, case, before, out)
        case.book.append([make_report()], "M", NOW)
        left = [*case.home.glob(".*nearmiss-tmp")]
        if left:
            tally.unclear.append(f"{len(left)} half-written files stay beside the book")
        tally.fault += f" ({killed} died of it)"
    return tally


def judge(tally: Tally, name: str, case: Case, before: list[Entry], out: str) -> None:
    """Count what is gone, and what does not verify."""
    after = {entry.id: entry for entry in read_entries(case.book)}
    gone = [entry for entry in before if after.get(entry.id) != entry]
    allowed = 1 if name == "erase" else 0
    tally.lost += max(0, len(gone) - allowed)
    printed = [line for line in out.split() if line[4:5] == "-" and line[5:].isdigit()]
    tally.lost += sum(each not in after for each in printed)
    with case.book.open_settled() as (file, size):
        found = [each for each in check_book(file, size).findings if "line end" not in each.what]
        cut = [each for each in found if "cut off" in each.what]
    if len(found) > len(cut):
        tally.unclear.append(f"{name}: {found[0]}")
    copy = case.folder / "out.jsonl"
    source = case.folder / "other.jsonl" if name == "restore" else case.book.file
    if copy.exists() and not source.read_bytes().startswith(copy.read_bytes()):
        tally.unclear.append("a backup that is not whole")
    made = any((case.folder / each).exists() for each in ("out.csv", "out.pdf"))
    if made and not any(each.entry == "disclosure" for each in after.values()):
        tally.lost += 1


# What is typed at a terminal until a long answer, and the field that has it.
TYPED: dict[str, tuple[list[str], list[tuple[str, str]], str, str]] = {
    "interview": (
        ["log", "--client=MB", "--when=2026-04-14 21:15", "--where=hall"],
        [("might they be?", "n")],
        "4 of 10",
        "what_nearly_happened",
    ),
    "typed follow-up": (
        ["follow-up", "last"],
        [("What is there to add?", "7")],
        "What would you like to note?",
        "note",
    ),
    "typed correction": (
        ["correct", "last"],
        [("What is wrong?", "1"), ("Which answer is wrong?", "3")],
        "3 of 10",
        "location",
    ),
}


def kill_typing(name: str, times: int) -> Tally:
    """Kill a question in the middle of a word; a last second may be lost, no more."""
    from tests.interview.terminal import Terminal, name_carer

    command, answers, seen, field = TYPED[name]
    tally = Tally(f"kill -9 of the {name} in the middle of a word")
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["NEARMISS_HOME"] = folder
            name_carer(Path(folder))
            if name != "interview":
                Logbook(Path(folder) / "logbook.jsonl").append([make_report()], "M", NOW)
            terminal = Terminal(*command)
            for question, answer in answers:
                terminal.answer(question, answer)
            terminal.see(seen)
            terminal.see("Esc: back" if name != "interview" else "Enter")
            terminal.child.send(CLEAR)
            stamps = type_slowly(terminal.child.send, random.uniform(0.3, 4))
            terminal.child.kill(signal.SIGKILL)
            killed = time.perf_counter()
            terminal.child.close(force=True)
            due = sum(stamp < killed - 1.3 for stamp in stamps)  # a second, and the terminal's way
            kept = read_draft(Path(folder), field)
            tally.tried += 1
            if not WORDS.startswith(kept) or len(kept) < min(due, len(WORDS)) - 1:
                tally.lost += 1
                tally.unclear.append(f"of {due} characters {len(kept)} were kept: {kept!r}")
    return tally


def type_slowly(send: Callable[[str], object], seconds: float) -> list[float]:
    """Type for so many seconds; return when each character was typed."""
    stamps: list[float] = []
    end = time.perf_counter() + seconds
    for character in WORDS:
        if time.perf_counter() > end:
            break
        send(character)
        stamps.append(time.perf_counter())
        time.sleep(0.06)
    return stamps


def read_draft(home: Path, field: str) -> str:
    """Return what the draft has of the answer to that field."""
    for path in (home / "state" / "drafts").glob("*.json"):
        with suppress(ValueError):
            draft = json.loads(path.read_text(encoding="utf-8"))
            return str(draft.get(field) or (draft.get("unfinished") or {}).get(field) or "")
    return ""


def main() -> None:
    """Kill every command, or those that are named."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    commands = [name for name in Case(Path()).list_commands() if name != "first log"]
    names = sys.argv[2:] or [*commands, *TYPED]
    load_rooms()
    for name in names:
        if name in TYPED:
            kill_typing(name, times).show()
        else:
            kill_often(name, times).show()


if __name__ == "__main__":
    main()
