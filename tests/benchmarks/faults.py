"""Let every system call of every writing command fail: python -m tests.benchmarks.faults [command].

Each call that touches the carer's files fails once, and from there on for good, with each error; a
write is also cut short. After each: is all that was confirmed still there, was the answer kept, is
the sentence true and the exit code right, is the next save sound? Needs a C compiler: the calls are
caught by a library that is built here and loaded before the C library.
"""

import ctypes
import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.logbook.verify import check_book
from nearmiss.model.entries import Entry
from tests.conftest import NOW, make_report

if sys.platform == "win32":
    raise SystemExit("This needs a system whose processes can be forked.")

SHORT = 10_000  # see faults.c
ERRORS = {
    "EIO": errno.EIO,
    "ENOSPC": errno.ENOSPC,
    "EACCES": errno.EACCES,
    "EINTR": errno.EINTR,
    "short": SHORT,
}
ONCE_ONLY = ("EINTR", "short")  # for good, a call that is tried again would be tried for ever
WORDS = "XYLOPHONE words of the carer"
ADDING = ("log", "log options", "follow-up", "correct")
CONFUSING = re.compile(r"Traceback|inside nearmiss|Errno|Error\b")
DENYING = re.compile(
    r"Not saved|as it was before|Nothing was (changed|saved|written|erased|imported)"
)


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
        for each in sorted(set(self.unclear))[: int(os.environ.get("SHOWN", "3"))]:
            print(f"    unclear: {each}", flush=True)


@dataclass(frozen=True)
class Case:
    """A folder in which one command is run: its home, and the files that it reads or makes."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def book(self) -> Logbook:
        return Logbook(self.home / "logbook.jsonl", self.home / "state" / "marks")

    def list_commands(self) -> dict[str, tuple[list[str], str]]:
        """Return each writing command with what it reads from stdin."""
        report = make_report(what_nearly_happened=WORDS).model_dump_json()
        options = {
            "client": "MB",
            "when": "2026-04-14 21:15",
            "where": "hall",
            "category": "mobility",
            "what": WORDS,
            "prevented": "x",
            "action": "x",
        }
        given = [part for name, text in options.items() for part in (f"--{name}", text)]
        out = str(self.folder / "out")
        to = ["--to", "Sue", "--basis", "client_agreed", "--decided-by", "MB"]
        return {
            "log": (["log", "--json", "-"], report),
            "log options": (["log", *given], ""),
            "follow-up": (["follow-up", "1", "--note", WORDS], ""),
            "correct": (["correct", "1", "--what", WORDS, "--reason", "x"], ""),
            "erase": (["erase", "2", "--reason", WORDS, "--yes"], ""),
            "import book": (["import", str(self.folder / "other.jsonl")], ""),
            "import csv": (["import", f"{self.folder}/rows.csv", "--entry", "near-miss"], ""),
            "restore": (["--logbook", f"{out}.jsonl", "restore", f"{self.folder}/other.jsonl"], ""),
            "backup": (["backup", f"{out}.jsonl"], ""),
            "export": (["export", "--format", "csv", *to, "-o", f"{out}.csv"], ""),
            "print": (["print", "1", *to, "-o", f"{out}.pdf"], ""),
            "undo": (["import", "--undo", "3"], ""),
            "setup": (["setup", "--name", "Maria"], ""),
        }


def build_case(folder: Path) -> Case:
    """Write a book, another book and a spreadsheet."""
    case = Case(folder)
    case.book.append([make_report(), make_report(client="MB", location="hall")], "M", NOW)
    came_in = make_report(client="AK")
    origin = {"origin_seal": "0" * 64}
    case.book.append_made(lambda at: [(came_in, {**origin, "batch": str(at)})], "M", NOW)
    Logbook(folder / "other.jsonl").append([make_report(client="JS")], "Ann", NOW)
    names = "client,when,where,what,prevented,action,kind"
    row = "KT,2026-04-13 10:00,hall,slipped,frame,sat her down,mobility"
    (folder / "rows.csv").write_text(f"{names}\n{row}\n", encoding="utf-8")
    return case


def read_entries(book: Logbook) -> list[Entry]:
    """Return every entry that can be read."""
    return [entry for entry in book.read_forward() if not isinstance(entry, Unreadable)]


@dataclass(frozen=True)
class Outcome:
    """What a run of the program came to, and how many calls it made."""

    code: int
    out: str
    err: str
    calls: int


Fault = tuple[int, int, int]  # the call that fails, the error, whether all later ones fail too


def run_faulty(
    library: ctypes.CDLL, case: Case, command: tuple[list[str], str], fault: Fault
) -> Outcome:
    """Run a command in a process of its own in which a call fails."""
    calls = 0

    def arm() -> None:
        library.fault_arm(str(case.folder).encode(), *fault)

    with tempfile.TemporaryDirectory() as away:
        child = start_forked(case, command, Path(away), arm, library.fault_seen)
        status = os.waitpid(child, 0)[1]
        with suppress(OSError, ValueError):
            calls = int((Path(away) / "calls").read_text())
        out, err = ((Path(away) / name).read_text("utf-8", "replace") for name in ("out", "err"))
    return Outcome(os.waitstatus_to_exitcode(status), out, err, calls)


def start_forked(
    case: Case,
    command: tuple[list[str], str],
    away: Path,
    arm: Callable[[], object] = lambda: None,
    seen: Callable[[], int] = lambda: 0,
) -> int:
    """Run a command in a fork, its streams being files in ``away``; return its process id."""
    (away / "in").write_text(command[1], encoding="utf-8")
    for name in ("out", "err"):
        (away / name).touch()
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        _take_streams(away)
        os.environ["NEARMISS_HOME"] = str(case.home)
        os.chdir(case.folder)
        sys.argv = ["nearmiss", *command[0]]
        code = _run_main(arm, seen, away)
    except BaseException as error:
        os.write(2, f"Traceback {error!r}".encode())
    os._exit(code)


def _take_streams(away: Path) -> None:
    modes = {"in": os.O_RDONLY, "out": os.O_WRONLY, "err": os.O_WRONLY}
    for number, (name, mode) in enumerate(modes.items()):
        os.dup2(os.open(away / name, mode), number)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww")
    )


def _run_main(arm: Callable[[], object], seen: Callable[[], int], away: Path) -> int:
    from nearmiss.__main__ import main

    arm()
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        (away / "calls").write_text(str(seen()))
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
    return 0


def judge(tally: Tally, name: str, case: Case, before: list[Entry], done: Outcome, at: str) -> None:
    """Count what was lost, and what was not said clearly."""
    tally.tried += 1
    try:
        after = read_entries(case.book)
    except Exception as error:
        tally.lost += 1
        tally.unclear.append(f"{name} {at}: the book can't be read: {error}")
        return
    by_id = {entry.id: entry for entry in after}
    kept = [entry for entry in before if entry.id in by_id]
    erased = {"0002"} if name == "erase" else set()
    changed = [e for e in kept if by_id[e.id] != e and e.id[-4:] not in erased]
    printed = set(re.findall(r"^[0-9A-Z]{4}-[0-9]{4}$", done.out, re.MULTILINE))
    tally.lost += len(before) - len(kept) + len(changed) + len(printed - set(by_id))
    new = [entry for entry in after if entry.id not in {each.id for each in before}]
    for problem in find_unclear(name, case, done, new):
        said = " ".join(done.err.split())[-300:]
        tally.unclear.append(f"{name} {at}: {problem}; exit {done.code}; said: {said}")
    check_next(tally, name, case, at)


def find_unclear(name: str, case: Case, done: Outcome, new: list[Entry]) -> Iterator[str]:
    """Yield what was not said as it is."""
    if done.code not in (0, 1, 2, 3):
        yield "a wrong exit code"
    if CONFUSING.search(done.err):
        yield "words of the inside"
    if done.code and not done.err.strip():
        yield "nothing was said"
    if name in (*ADDING, "import book", "import csv", "undo", "erase"):
        yield from _judge_saving(name, case, done, saved=bool(new))
    if name in ("export", "print"):
        yield from _judge_handing_over(case, done, new)
    if name in ("backup", "restore"):
        copy = case.folder / "out.jsonl"
        wanted = case.book.path if name == "backup" else case.folder / "other.jsonl"
        whole = copy.exists() and copy.read_bytes() == wanted.read_bytes()
        if (done.code == 0) != whole or copy.exists() > whole:
            yield "a copy that is not as it was told"


def _judge_saving(name: str, case: Case, done: Outcome, *, saved: bool) -> Iterator[str]:
    denied = done.code not in (0, 3) or DENYING.search(done.err)
    if saved and denied and "not certain" not in done.err:
        yield "what is saved was denied"
    if not saved and done.code == 0:
        yield "what is not saved was not denied"
    if not saved and done.code and name in (*ADDING, "erase") and not find_words(case, done):
        yield "what was typed is gone"


def _judge_handing_over(case: Case, done: Outcome, new: list[Entry]) -> Iterator[str]:
    made = any(path.exists() for path in (case.folder / "out.csv", case.folder / "out.pdf"))
    noted = any(each.entry == "disclosure" for each in new)
    withdrawn = any(each.entry == "correction" for each in new)
    if done.code == 0 and not (made and noted):
        yield "told as handed over, and it was not"
    if done.code and made:
        yield "made, and told as not made"
    if noted and not made and not withdrawn and "could not be withdrawn" not in done.err:
        yield "noted as handed over, and it was not"


def find_words(case: Case, done: Outcome) -> bool:
    """Whether what was typed is kept in a draft, or was shown."""
    drafts = case.home / "state" / "drafts"
    kept = [path.read_text(errors="replace") for path in drafts.glob("*") if path.is_file()]
    return any(WORDS in text for text in (*kept, " ".join(done.err.split())))


def check_next(tally: Tally, name: str, case: Case, at: str) -> None:
    """Write once more, and check the whole book."""
    try:
        case.book.append([make_report(location="after")], "M", NOW)
        with case.book.open_settled() as (file, size):
            found = check_book(file, size).findings
    except Exception as error:
        tally.unclear.append(f"{name} {at}: the next save failed: {error}")
        return
    if found:
        tally.unclear.append(f"{name} {at}: verify afterwards: {found[0]}")


def try_command(library: ctypes.CDLL, name: str, step: int) -> Tally:
    """Run one command with every fault at every ``step``-th of its calls."""
    tally = Tally(f"every system call of {name}")
    root = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
    try:
        build_case(root / "model")

        def try_one(at: int, kind: str, all_: bool) -> int:
            shutil.copytree(root / "model", root / "case")
            case = Case(root / "case")
            before = read_entries(case.book)
            fault = (at, ERRORS[kind], int(all_))
            done = run_faulty(library, case, case.list_commands()[name], fault)
            if at:
                judge(tally, name, case, before, done, f"call {at} {kind}{' for good' * all_}")
            elif done.code:
                tally.unclear.append(f"{name} fails without a fault: {done.err}")
            shutil.rmtree(case.folder)
            return done.calls

        calls = try_one(0, "EIO", False)
        for kind in ERRORS:
            for all_ in (False,) if kind in ONCE_ONLY else (False, True):
                for at in range(1, calls + 1, step):
                    try_one(at, kind, all_)
        tally.fault += f" ({calls} calls)"
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return tally


def build_library() -> Path | None:
    """Build the library that catches the calls; None where there is no compiler for it."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    target = Path(tempfile.mkdtemp()) / "faults.so"
    source = Path(__file__).with_name("faults.c")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(target), str(source), "-ldl"]
    done = subprocess.run(command, capture_output=True, check=False)
    return target if done.returncode == 0 else None


def load_rooms() -> None:
    """Load what the commands load, once, so that a fork has it."""
    os.environ.pop("NEARMISS_DEBUG", None)  # a carer has none: faults are told in words
    import nearmiss.cli  # noqa: F401

    for name in ("filelock", "typst", "rich.console", "prompt_toolkit", "jinja2", "pydantic"):
        with suppress(ImportError):
            __import__(name)
    with tempfile.TemporaryDirectory() as folder:
        case = build_case(Path(folder))
        for arguments, given in case.list_commands().values():
            subprocess.run(
                [sys.executable, "-m", "nearmiss", *arguments],
                input=given.encode(),
                env={**os.environ, "NEARMISS_HOME": str(case.home)},
                capture_output=True,
                check=False,
            )


def try_all(names: list[str], step: int, show: Callable[[Tally], None]) -> None:
    """Try the commands; start once more with the library loaded where it is not."""
    path = os.environ.get("NEARMISS_FAULTS")
    if path is None:
        library = build_library()
        if library is None:
            print(
                "The faults of system calls were not tried: that needs Linux and a C compiler (cc, "
                "gcc or clang), as in the package build-essential."
            )
            return
        environment = {**os.environ, "NEARMISS_FAULTS": str(library), "LD_PRELOAD": str(library)}
        command = [sys.executable, "-m", "tests.benchmarks.faults", f"step={step}", *names]
        subprocess.run(command, env=environment, check=False)
        shutil.rmtree(library.parent)
        return
    library_loaded = ctypes.CDLL(path)
    load_rooms()
    for name in names or list(Case(Path()).list_commands()):
        show(try_command(library_loaded, name, step))


def main() -> None:
    """Try every command, or those that are named; ``step=N`` takes every N-th call alone."""
    steps = [each for each in sys.argv[1:] if each.startswith("step=")]
    names = [each for each in sys.argv[1:] if not each.startswith("step=")]
    step = int(steps[-1].partition("=")[2]) if steps else 1
    try_all(names, step, Tally.show)


if __name__ == "__main__":
    main()
