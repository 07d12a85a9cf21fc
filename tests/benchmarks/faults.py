"""Let every system call of every writing command fail: python -m tests.benchmarks.faults [command].

Each call that touches the carer's files fails once, and from there on for good, with each error; a
write is also cut short; and the process is killed at each, and in the middle of each write. After
each: is all that was confirmed still there, was the answer kept, is the sentence true and the exit
code right, is the next save sound? Needs a C compiler: the calls are caught by a library that is
built here and loaded before the C library. Each command runs in a fork of a process that has read
the program already; a run without a fault in a process of its own has to make the same calls.
"""

import ctypes
import errno
import gc
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
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

SHORT, KILLED, TORN = 10_000, 10_001, 10_002  # see faults.c
ERRORS = {
    "EIO": errno.EIO,
    "ENOSPC": errno.ENOSPC,
    "EACCES": errno.EACCES,
    "EINTR": errno.EINTR,
    "short": SHORT,
    "killed": KILLED,
    "killed in a write": TORN,
}
OFTEN = ("EIO", "ENOSPC", "EACCES")  # EINTR for good: what is tried again is tried for ever
WRITES = ("short", "killed in a write")  # only a call that writes can be cut short
WORDS = "XYLOPHONE words of the carer"
ADDING = ("log", "first log", "log options", "follow-up", "correct", "withdraw", "similar")
FAST = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
_TOO_LONG = 60  # seconds, for a command
CONFUSING = re.compile(r"Traceback|inside nearmiss|Errno|Error\b")
DENYING = re.compile(
    r"Not saved|as it was before|Nothing was (changed|saved|written|erased|imported)"
)

Command = tuple[list[str], str]  # its arguments, and what it reads from stdin


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
        return self.find_book("")

    def find_book(self, name: str) -> Logbook:
        """Return the book into which the command of that name writes."""
        path = self.folder / "new" / "book.jsonl" if name == "first log" else None
        return Logbook(path or self.home / "logbook.jsonl", self.home / "state" / "marks")

    def list_commands(self) -> dict[str, Command]:
        """Return each writing command by its name."""
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
            "export": (["export", "1", "--format", "csv", *to, "-o", f"{out}.csv"], ""),
            "print": (["print", "1", *to, "-o", f"{out}.pdf"], ""),
            "undo": (["import", "--undo", "3"], ""),
            "setup": (["setup", "--name", "Maria"], ""),
            "first log": (
                ["--logbook", f"{self.folder}/new/book.jsonl", "log", "--json", "-"],
                report,
            ),
            "withdraw": (["correct", "1", "--withdraw", "--reason", WORDS], ""),
            "similar": (["similar", "1", "--same", "2", "--name", WORDS], ""),
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
    if not book.path.exists():
        return []
    return [entry for entry in book.read_forward() if not isinstance(entry, Unreadable)]


@dataclass(frozen=True)
class Outcome:
    """What a run of the program came to, how many calls it made, and which of them wrote."""

    code: int
    out: str
    err: str
    calls: int = 0
    writes: tuple[int, ...] = ()

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


Fault = tuple[int, int, int]  # the call that fails, the error, whether all later ones fail too


def run_faulty(library: ctypes.CDLL, case: Case, command: Command, fault: Fault) -> Outcome:
    """Run a command in a process of its own in which a call fails."""
    calls = [0]

    def arm() -> None:
        library.fault_arm(str(case.folder).encode(), *fault)

    def list_seen() -> list[int]:
        seen = library.fault_seen()
        return [seen, *filter(library.fault_writes, range(1, seen + 1))]

    with tempfile.TemporaryDirectory(dir=FAST) as away:
        child = start_forked(case, command, Path(away), arm, list_seen)
        status = os.waitpid(child, 0)[1]
        with suppress(OSError, ValueError):
            calls = [int(each) for each in (Path(away) / "calls").read_text().split()]
        out, err = ((Path(away) / name).read_text("utf-8", "replace") for name in ("out", "err"))
    return Outcome(os.waitstatus_to_exitcode(status), out, err, calls[0], tuple(calls[1:]))


def start_forked(
    case: Case,
    command: Command,
    away: Path,
    arm: Callable[[], object] = lambda: None,
    seen: Callable[[], list[int]] = list,
) -> int:
    """Run a command in a fork, its streams being files in ``away``; return its process id."""
    _write_streams(command, away)
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        signal.alarm(_TOO_LONG)
        _enter(case, command, away)
        code = _run_main(arm, seen, away)
    except BaseException as error:
        os.write(2, f"Traceback {error!r}".encode())
    os._exit(code)


def _write_streams(command: Command, away: Path) -> None:
    (away / "in").write_text(command[1], encoding="utf-8")
    for name in ("out", "err"):
        (away / name).touch()


def _enter(case: Case, command: Command, away: Path) -> None:
    os.environ["NEARMISS_HOME"] = str(case.home)
    os.chdir(case.folder)
    sys.argv = ["nearmiss", *command[0]]
    modes = {"in": os.O_RDONLY, "out": os.O_WRONLY, "err": os.O_WRONLY}
    for number, (name, mode) in enumerate(modes.items()):
        opened = os.open(away / name, mode)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", closefd=False)
        for number, mode in enumerate("rww")
    )


def _run_main(arm: Callable[[], object], seen: Callable[[], list[int]], away: Path) -> int:
    from nearmiss.__main__ import main

    arm()
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        (away / "calls").write_text(" ".join(map(str, seen())))
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
    return 0


def judge(tally: Tally, name: str, case: Case, before: list[Entry], done: Outcome, at: str) -> None:
    """Count what was lost, and what was not said clearly."""
    tally.tried += 1
    try:
        after = read_entries(case.find_book(name))
    except Exception as error:
        tally.lost += 1
        tally.unclear.append(f"{name} {at}: the book can't be read: {error}")
        return
    by_id = {entry.id: entry for entry in after}
    erased = {entry.id for entry in after if entry.entry == "erased" and entry.id[-4:] == "0002"}
    gone = [e for e in before if by_id.get(e.id) != e and not (name == "erase" and e.id in erased)]
    printed = set(re.findall(r"^[0-9A-Z]{4}-[0-9]{4}$", done.out, re.MULTILINE))
    tally.lost += len(gone) + len(printed - set(by_id))
    new = [entry for entry in after if entry.id not in {each.id for each in before}]
    for problem in find_unclear(name, case, done, new):
        said = " ".join(done.err.split())[-300:]
        tally.unclear.append(f"{name} {at}: {problem}; exit {done.code}; said: {said}")
    check_next(tally, name, case, at)


def find_unclear(name: str, case: Case, done: Outcome, new: list[Entry]) -> Iterator[str]:
    """Yield what was not said as it is; of what was killed, what is there by half."""
    if not done.killed:
        yield from _judge_words(done)
        if name in (*ADDING, "import book", "import csv", "undo", "erase"):
            yield from _judge_saving(name, case, done, saved=bool(new))
    if name in ("export", "print"):
        yield from _judge_handing_over(case, done, new)
    if name in ("backup", "restore"):
        copy = case.folder / "out.jsonl"
        wanted = case.book.path if name == "backup" else case.folder / "other.jsonl"
        whole = copy.exists() and copy.read_bytes() == wanted.read_bytes()
        if copy.exists() > whole or (not done.killed and (done.code == 0) != whole):
            yield "a copy that is not as it was told"
    if name == "setup":
        yield from _judge_settings(case.home / "config" / "settings.toml", done)


def _judge_words(done: Outcome) -> Iterator[str]:
    if done.code not in (0, 1, 2, 3):
        yield "a wrong exit code"
    if CONFUSING.search(done.err):
        yield "words of the inside"
    if done.code and not done.err.strip():
        yield "nothing was said"


def _judge_settings(path: Path, done: Outcome) -> Iterator[str]:
    name = tomllib.loads(path.read_text(encoding="utf-8")).get("name") if path.exists() else None
    if (path.exists() and name != "Maria") or (done.code == 0 and name is None):
        yield "the settings are not as it was told"


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
    if done.code and made and not done.killed:
        yield "made, and told as not made"
    if made and not noted:
        yield "made, and not noted"
    if done.killed:  # noted, and killed before it was made: nobody could withdraw it
        return
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
        book = case.find_book(name)
        book.append([make_report(location="after")], "M", NOW)
        with book.open_settled() as (file, size):
            found = check_book(file, size).findings
    except Exception as error:
        tally.unclear.append(f"{name} {at}: the next save failed: {error}")
        return
    if found:
        tally.unclear.append(f"{name} {at}: verify afterwards: {found[0]}")


def try_command(library: ctypes.CDLL, name: str, step: int, cold: int) -> Tally:
    """Run one command with every fault at every ``step``-th of its ``cold`` calls."""
    tally = Tally(f"every system call of {name}")
    root = Path(tempfile.mkdtemp(dir=FAST))
    try:
        build_case(root / "case").folder.rename(root / "model")  # the mark is of the first place

        def try_one(at: int, kind: str, all_: bool) -> Outcome:
            shutil.copytree(root / "model", root / "case")
            case = Case(root / "case")
            before = read_entries(case.find_book(name))
            fault = (at, ERRORS[kind], int(all_))
            done = run_faulty(library, case, case.list_commands()[name], fault)
            if at:
                judge(tally, name, case, before, done, f"call {at} {kind}{' for good' * all_}")
            shutil.rmtree(case.folder)
            return done

        usual = try_one(0, "EIO", False)
        if usual.code or usual.calls != cold:
            tally.unclear.append(f"{name} without a fault: {usual.calls}, {cold}: {usual.err}")
        for kind in ERRORS:
            calls = usual.writes if kind in WRITES else range(1, usual.calls + 1)
            for all_ in (False, True) if kind in OFTEN else (False,):
                for at in calls[::step]:
                    try_one(at, kind, all_)
        tally.fault += f" ({usual.calls} calls)"
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


def load_rooms(library: ctypes.CDLL | None = None) -> dict[str, int]:
    """Load what the commands load, once, so that a fork has it; return how many calls each makes.

    They are counted in processes that had read nothing yet but what every command reads.
    """
    os.environ.pop("NEARMISS_DEBUG", None)  # a carer has none: faults are told in words
    import nearmiss.cli  # noqa: F401

    modules, calls = set[str](), dict[str, int]()
    for name in Case(Path()).list_commands():
        with (
            tempfile.TemporaryDirectory(dir=FAST) as folder,
            tempfile.TemporaryDirectory(dir=FAST) as away,
        ):
            case = build_case(Path(folder) / "case")

            def arm(case: Case = case) -> None:
                if library:
                    library.fault_arm(str(case.folder).encode(), 0, 0, 0)

            def list_seen(away: str = away) -> list[int]:
                (Path(away) / "modules").write_text("\n".join(sys.modules))
                return [library.fault_seen() if library else 0]

            command = case.list_commands()[name]
            os.waitpid(start_forked(case, command, Path(away), arm, list_seen), 0)
            modules |= set((Path(away) / "modules").read_text().split())
            calls[name] = int((Path(away) / "calls").read_text())
    for each in sorted(modules):
        with suppress(ImportError):
            importlib.import_module(each)
    ready = [name for name in calls if name != "print"]  # typst's threads do not live on in a fork
    for name in ready:
        with tempfile.TemporaryDirectory(dir=FAST) as folder:
            case = build_case(Path(folder) / "case")
            _run_here(case, case.list_commands()[name], Path(folder))
    gc.collect()
    gc.freeze()  # else each fork would copy all of it as it looks for what to throw away
    return calls


def _run_here(case: Case, command: Command, away: Path) -> None:
    """Run a command in this process, so that what is made once in each process is made."""
    streams, arguments, place = (sys.stdin, sys.stdout, sys.stderr), sys.argv, Path.cwd()
    kept = [os.dup(number) for number in range(3)]
    environment = dict(os.environ)
    _write_streams(command, away)
    try:
        _enter(case, command, away)
        _run_main(lambda: None, list, away)
    finally:
        for number, each in enumerate(kept):
            os.dup2(each, number)
            os.close(each)
        os.chdir(place)
        os.environ.clear()
        os.environ.update(environment)
        (sys.stdin, sys.stdout, sys.stderr), sys.argv = streams, arguments


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
    loaded = ctypes.CDLL(path)
    calls = load_rooms(loaded)
    for name in names or list(calls):
        show(try_command(loaded, name, step, calls[name]))


def main() -> None:
    """Try every command, or those that are named; ``step=N`` takes every N-th call alone."""
    steps = [each for each in sys.argv[1:] if each.startswith("step=")]
    names = [each for each in sys.argv[1:] if not each.startswith("step=")]
    step = int(steps[-1].partition("=")[2]) if steps else 1
    try_all(names, step, Tally.show)


if __name__ == "__main__":
    main()
