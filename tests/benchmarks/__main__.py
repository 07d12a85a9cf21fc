"""The figures of the contract, each beside its reach: python -m tests.benchmarks --help.

Ratios within one run: what is compared takes turns, and the medians are divided. Times are the
seconds that a process and its children used on a processor, which other work on the machine
disturbs less than the clock; what waits for a terminal is taken by the clock.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Annotated, Any

from tests.benchmarks.books import make_book
from tests.conftest import read_samples

# As it is installed: what Python compiled is kept for the next time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
FLOOR = [sys.executable, str(Path(__file__).with_name("floor.py")), "one"]
PARTS = ("growth", "whole", "terminal", "question", "patterns", "pdf", "jrnl")


def read_arguments() -> argparse.Namespace:
    """Return what is to be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all")
    parser.add_argument("--row", default="", help="only those rows of a part that have these words")
    parser.add_argument("--quick", action="store_true", help="smaller books and fewer rounds")
    given = parser.parse_args()
    if not set(given.parts) <= set(PARTS):
        parser.error(f"a part is one of {', '.join(PARTS)}")
    if given.row and not given.parts:
        parser.error("--row needs the part that the row is in")
    return given


GIVEN = read_arguments()
QUICK = GIVEN.quick
ROUNDS = 5 if QUICK else 11
SMALL, LARGE, WHOLE = 100, 5_000 if QUICK else 50_000, 10_000 if QUICK else 100_000
MIDDLE = 3_000  # entries: more than the desk looks at
REPORT = json.dumps({**read_samples()[0], "client": "Nobody"})
Measure = Callable[[], float]


def run(*arguments: str, book: Path | None = None, given: str = "") -> Measure:
    """Return a measure of the processor time of one command, in seconds."""
    chosen = ["--logbook", str(book)] if book else []
    command = [sys.executable, "-m", "nearmiss", *chosen, *arguments]
    return lambda: spend(command, given)


def spend(command: Sequence[str], given: str = "") -> float:
    """Return the processor time of a process, in seconds."""
    before = _read_spent()
    subprocess.run(command, input=given.encode(), capture_output=True, check=True)
    return _read_spent() - before


def _read_spent() -> float:
    if sys.platform == "win32":
        used = os.times()
        return used.children_user + used.children_system
    import resource  # finer than the hundredths of a second that os.times() counts

    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def divide(one: Measure, other: Measure, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the ratio of the medians of two measures that take turns, and its spread."""
    pairs = [(one(), other()) for _ in range(rounds)]
    ratios = sorted(a / b for a, b in pairs)
    middle = statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs)
    return middle, ratios[-1] - ratios[0]


def compare(
    what: str,
    one: Measure,
    other: Measure,
    reach: float,
    *,
    rounds: int = ROUNDS,
    most: bool = True,
) -> None:
    """Measure one figure, where it is chosen, and print it beside its reach."""
    if GIVEN.row in what:
        show(what, divide(one, other, rounds), reach, most=most)


def show(what: str, measured: tuple[float, float], reach: float, *, most: bool = True) -> None:
    """Print one figure beside its reach."""
    value, spread = measured
    met = value <= reach if most else value >= reach
    sign = "at most" if most else "at least"
    line = f"{value:8.2f}  (spread {spread:.2f})  {sign} {reach:<6}"
    print(f"{what:58}{line}{'met' if met else 'MISSED'}", flush=True)


def measure_growth(folder: Path) -> None:
    """Measure what must not grow with the book."""
    small, large = folder / "small.jsonl", folder / "large.jsonl"
    make_book(small, SMALL)
    make_book(large, LARGE)
    for name, arguments, given in (
        ("log --json", ("log", "--json", "-"), REPORT),
        ("list", ("list",), ""),
        ("show last", ("show", "last"), ""),
    ):
        compare(
            f"{name} at {LARGE:,} entries / at {SMALL}",
            run(*arguments, book=large, given=given),
            run(*arguments, book=small, given=given),
            1.15,
        )
    middle = folder / "middle.jsonl"
    make_book(middle, MIDDLE)
    desk = f"the desk at {LARGE:,} entries / at {MIDDLE:,}"
    compare(desk, run(book=large), run(book=middle), 1.15)
    floor = lambda: spend(FLOOR)  # noqa: E731 - a measure as any other
    compare("list / the floor", run("list", book=small), floor, 1.15)
    compare("--version / the floor", run("--version"), floor, 0.5)
    compare("--help / the floor", run("--help"), floor, 1.0)


def make_bare_loop(path: Path) -> Measure:
    """Return a measure of reading the lines of a book with pydantic and nothing else."""
    from pydantic import Field, TypeAdapter

    from nearmiss.model.entries import Entry

    lines = path.read_bytes().split(b"\n")[:-1]
    read = TypeAdapter[Entry](Annotated[Entry, Field(discriminator="entry")]).validate_json

    def loop() -> float:
        start = time.process_time()
        for line in lines:
            read(line)
        return time.process_time() - start

    return loop


def measure_whole(folder: Path) -> None:
    """Measure the commands that read a whole book, in this process, and their memory."""
    from nearmiss.cli import app

    path = folder / "whole.jsonl"
    make_book(path, WHOLE)
    loop = make_bare_loop(path)

    def call(*arguments: str) -> Measure:
        def measure() -> float:
            with open(os.devnull, "w", encoding="utf-8") as output, redirect_stdout(output):
                start = time.process_time()
                app(["--logbook", str(path), *arguments], standalone_mode=False)
                return time.process_time() - start

        return measure

    csv = str(folder / "out.csv")
    export = ("export", "--for", "own", "--format", "csv", "-o", csv, "--force")
    for name, arguments, reach in (
        ("export --format csv, the chain checked", export, 6.0),
        ("list --all --json", ("list", "--all", "--json"), 2.7),
        ("verify", ("verify",), 5.0),
    ):
        if GIVEN.row not in name:
            continue
        show(f"{name} at {WHOLE:,} / validate_json", divide(call(*arguments), loop, 3), reach)
        command = [sys.executable, "-m", "nearmiss", "--logbook", str(path), *arguments]
        print(f"{'':4}peak memory {measure_peak(command):.0f} MB (at most 120)")


def measure_peak(command: Sequence[str]) -> float:
    """Return the peak memory of a process in MB."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    used = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, check=True)
    return int(used.stdout) / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure_terminal(folder: Path) -> None:
    """Measure the time to the first question, and what a key costs in a long answer."""
    from tests.interview.terminal import Terminal

    def ask() -> float:
        start = time.perf_counter()
        terminal = Terminal("log")
        terminal.see("Was anyone hurt")
        used = time.perf_counter() - start
        terminal.child.close(force=True)
        return used

    def floor() -> float:
        import pexpect

        start = time.perf_counter()
        pexpect.spawn(FLOOR[0], FLOOR[1:], encoding="utf-8").expect_exact("one")
        return time.perf_counter() - start

    compare("log until its first question / the floor", ask, floor, 1.6)
    if GIVEN.row not in "a key in 5,000 characters":
        return
    short = measure_key("He stood up.")
    for name, begun in (("long", "He slid. " * 540), ("many lines", "He slid.\n" * 540)):
        ratio = measure_key(begun) / short
        show(f"a key in 5,000 characters, {name} / in a few", (ratio, 0.0), 2.0)


def measure_key(begun: str) -> float:
    """Return the processor time of a key in an answer that holds ``begun`` already (Linux)."""
    from tests.interview.screen import Screen

    book = str(Path(tempfile.mkdtemp()) / "logbook.jsonl")  # a book has its own drafts
    given = ("--by=Maria", "--client=MB", "--when=now", "--where=hall")
    screen = Screen("--logbook", book, "log", *given)
    screen.wait("Was anyone hurt")
    screen.child.send("n\r")
    screen.wait("4 of 10")
    screen.child.send(f"\x1b[200~{begun}\x1b[201~")
    _take_in(screen)
    before = _read_processor_time(screen.child.pid or 0)
    for _ in range(_KEYS):
        screen.child.send("x")
        screen.child.read_nonblocking(65536, timeout=2)
    _take_in(screen)
    used = _read_processor_time(screen.child.pid or 0) - before
    screen.child.close(force=True)
    return used / _KEYS


def _take_in(screen: Any) -> None:
    """Read what is painted until nothing more comes."""
    import pexpect

    with suppress(pexpect.TIMEOUT):
        while True:
            screen.child.read_nonblocking(65536, timeout=0.25)


_KEYS = 200


def _read_processor_time(process: int) -> float:
    if sys.platform == "win32":
        raise NotImplementedError
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_question(folder: Path) -> None:
    """Measure what stands before the question after saving, and the word table."""
    from nearmiss.commands.hazards import make_reader
    from nearmiss.insight.cases import NEWEST
    from nearmiss.insight.likeness import find_meaning
    from nearmiss.insight.patterns import find_neighbours
    from nearmiss.insight.vectors import FOLDER, read_table
    from nearmiss.session import Session
    from tests.benchmarks.labelled import TUNING, read_clients

    def prepare(entries: int) -> Measure:
        path = folder / f"question-{entries}.jsonl"
        make_book(path, entries)

        def ask() -> float:
            start = time.process_time()
            reader = make_reader(Session(chosen_logbook=str(path)))
            book = reader.read(NEWEST)
            report = next(iter(book.records.values())).current
            find_neighbours(reader, book, report).choose_to_ask(book.verdicts)
            return time.process_time() - start

        first = ask()
        print(f"the question after saving at {entries:,}, nothing kept yet: {first:.2f} s")
        print(f"the same with meanings kept: {ask():.2f} s")
        return ask

    compare(
        f"the question after saving at {LARGE:,} / at 2,000",
        prepare(LARGE),
        prepare(2000),
        1.15,
    )
    start = time.process_time()
    table = read_table(FOLDER)
    print(f"the word table opens in {1000 * (time.process_time() - start):.0f} ms (at most 25)")
    rows = [report for client in read_clients(TUNING) for report in client.reports]
    start = time.process_time()
    for row in rows:
        find_meaning(row, table)
    each = 1000 * (time.process_time() - start) / len(rows)
    print(f"the meaning of a report takes {each:.1f} ms (at most 8)")
    size = sum(path.stat().st_size for path in FOLDER.iterdir()) / 1e6
    print(f"the table and what is beside it have {size:.1f} MB (at most 6)")


def measure_patterns(folder: Path) -> None:
    """Measure patterns over a book of 10,000 reports against reading its lines."""
    from nearmiss.commands.hazards import make_reader
    from nearmiss.insight.telling import find as find_patterns
    from nearmiss.session import Session

    path = folder / "patterns.jsonl"
    make_book(path, 10_000)

    def find() -> float:
        start = time.process_time()
        find_patterns(make_reader(Session(chosen_logbook=str(path))), None, 90)
        return time.process_time() - start

    find()  # so that the meanings are kept
    loop = make_bare_loop(path)
    compare("patterns in 10,000 reports / validate_json", find, loop, 10.0, rounds=3)


def measure_pdf(folder: Path) -> None:
    """Measure 500 reports to PDF against typst alone on the same template and data."""
    import typst
    from pydantic_core import to_json

    from nearmiss.documents.html import read_templates
    from nearmiss.documents.pdf import find_fonts
    from nearmiss.options import HandingOptions
    from nearmiss.session import Session
    from nearmiss.sharing import hand_over as handing
    from nearmiss.sharing.request import read_request

    path = folder / "pdf.jsonl"
    make_book(path, 501)
    kept: dict[str, Any] = {}
    render = handing._render

    def watch(document: Any, form: Any, password: Any) -> Any:
        kept["document"] = document
        return render(document, form, password)

    def forget() -> None:
        # typst keeps what it has set for the ten compilations that follow: a document that is
        # set again costs next to nothing, and then one is measured cold and the other warm.
        for _ in range(12):
            typst.compile(b"x")

    def make() -> float:
        forget()
        session = Session(chosen_logbook=str(path))
        given = HandingOptions(output=str(folder / "out.pdf"), force=True)
        start = time.process_time()
        request = read_request("report", "pdf", "own", given, today=session.now().date())
        handing.hand_over(request, session.workplace)
        return time.process_time() - start

    def compile_alone() -> float:
        document = kept["document"]
        sources: Any = read_templates(".typ")
        sources["main.typ"] = sources["report.typ"]
        data = to_json(document).decode()
        forget()
        start = time.process_time()
        typst.compile(
            sources,
            sys_inputs={"data": data},
            font_paths=find_fonts(),
            ignore_system_fonts=True,
            pdf_standards=["a-3a", "ua-1"],
        )
        return time.process_time() - start

    handing._render = watch
    try:
        with redirect_stdout(io.StringIO()):
            measured = divide(make, compile_alone, 3)
    finally:
        handing._render = render
    show("500 reports to PDF / typst alone", measured, 1.5)
    numbers = [str(number) for number in range(1, 501)]
    named = ["--logbook", str(path), "print", *numbers, "--for", "own"]
    target = ["-o", str(folder / "peak.pdf")]
    peak = measure_peak([sys.executable, "-m", "nearmiss", *named, *target])
    print(f"{'':4}peak memory {peak:.0f} MB (at most 400)")


def measure_jrnl(folder: Path) -> None:
    """Measure jrnl on 10,000 entries beside this, where it can be installed."""
    venv = folder / "jrnl"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    command = [str(venv / "bin" / "pip"), "install", "--quiet", "jrnl==4.6"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        print("jrnl 4.6 can't be installed here: not measured.")
        return
    path, settings = folder / "journal.txt", folder / "jrnl.yaml"
    lines = [f"[2025-01-01 {n // 60 % 24:02d}:{n % 60:02d}] Entry {n}.\n" for n in range(10_000)]
    path.write_text("\n".join(lines), encoding="utf-8")
    settings.write_text(f"journals:\n  default: {path}\nversion: 4.6\n", encoding="utf-8")
    jrnl = [str(venv / "bin" / "jrnl"), "--config-file", str(settings)]
    book = folder / "beside.jsonl"
    make_book(book, 10_000)
    try:
        compare(
            "jrnl -10 / list -n 10, at 10,000",
            lambda: spend([*jrnl, "-10"]),
            run("list", "-n", "10", book=book),
            2.0,
            rounds=5,
            most=False,
        )
        compare(
            "jrnl adding one / log --json, at 10,000",
            lambda: spend([*jrnl, "A new one."]),
            run("log", "--json", "-", book=book, given=REPORT),
            2.0,
            rounds=5,
            most=False,
        )
    except subprocess.CalledProcessError as error:
        print(f"jrnl could not be run: {error.stderr.decode()[-200:]}")


def main() -> None:
    """Measure every part that was named, or all."""
    measures: dict[str, Callable[[Path], None]] = {
        "growth": measure_growth,
        "whole": measure_whole,
        "terminal": measure_terminal,
        "question": measure_question,
        "patterns": measure_patterns,
        "pdf": measure_pdf,
        "jrnl": measure_jrnl,
    }
    with tempfile.TemporaryDirectory() as name:
        os.environ["NEARMISS_HOME"] = str(Path(name) / "home")
        for part in GIVEN.parts or PARTS:
            measures[part](Path(name))


if __name__ == "__main__":
    main()
