"""Logging without a terminal: everything wrong is named at once, and nothing is half done."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.verify import check_book
from tests.cases import over
from tests.conftest import Run, read_samples, start

GIVEN = {
    "--client": "MB",
    "--when": "3 April 2026 21:15",
    "--where": "lounge",
    "--category": "mobility",
    "--what": "His foot slid on the rug.",
    "--prevented": "I held his elbow.",
    "--action": "Moved the rug.",
}


def options(**changes: str | None) -> list[str]:
    given = GIVEN | {f"--{name}": value for name, value in changes.items()}
    return [part for name, value in given.items() if value is not None for part in (name, value)]


def test_options_make_a_report(run: Run) -> None:
    more = ("--informed", "son, phone", "--informed", "GP", "--recommend", "Mend the rug")
    result = run(
        "log", *options(when="about 9pm yesterday"), *more, "--safeguarding", "--by", "Ann"
    )
    assert result.code == 0, result.err
    row = run("list", "--json").rows[0]
    assert result.out == f"{row['id']}\n"
    assert row["occurred_approx"] is True
    assert row["informed"] == ["son, phone", "GP"]
    assert row["recommendations"] == ["Mend the rug"]
    assert row["safeguarding"] is True
    assert row["recorded_by"] == "Ann"


def test_everything_missing_or_wrong_is_named_at_once(run: Run, home: Path) -> None:
    result = run("log", "--client", "  ", "--when", "tomorrow 9am", "--category", "falls")
    assert result.code == 2
    for option in ("client", "when", "where", "what", "prevented", "action", "category"):
        assert f"--{option}: " in result.err
    assert not (home / "logbook.jsonl").exists()


@pytest.mark.usefixtures("usual_day")
@over(
    ("changes", "reason"),
    [
        ({"what": "x" * 5001}, "--what: has 5,001 characters; the most is 5,000"),
        ({"client": "x" * 41}, "--client: has 41 characters; the most is 40"),
        ({"what": " \n "}, "--what: is empty"),
        ({"what": "\x1b[31mred"}, "--what: holds a character that can't be kept: [U+001B]"),
        ({"what": "a\u202eb"}, "[U+202E]"),
        ({"where": "hall\nstairs"}, "--where: must be on one line"),
        ({"what": "\udcff"}, "[U+DCFF]"),
        ({"when": "1/4/1899 9:00"}, "--when: "),
        ({"when": "29 March 2026 1:30"}, "The clocks went forward"),
        ({"when": "25 October 2026 1:30"}, "The clocks went back: it came twice."),
    ],
)
def test_a_bad_answer_is_refused_in_words(
    run: Run, home: Path, changes: dict[str, str], reason: str
) -> None:
    result = run("log", *options(**changes))
    assert result.code == 2
    assert reason in result.err
    assert "\x1b" not in result.err
    assert not (home / "logbook.jsonl").exists()


def test_the_limits_themselves_are_kept_as_typed(run: Run) -> None:
    at_limit: dict[str, Any] = {
        "what_nearly_happened": "🦽" * 5000,
        "location": "ŵ" * 120,
        "client": "ن" * 40,
        "informed": ["i" * 500] * 200,
        "recommendations": ["a\nb\u2028c"] * 200,
    }
    record = {**read_samples()[0], **at_limit}
    assert run("log", "--json", "-", given=json.dumps(record)).code == 0
    row = run("list", "--json").rows[0]
    assert {key: row[key] for key in at_limit} == at_limit


def test_bad_records_are_all_named_and_none_is_saved(run: Run, home: Path) -> None:
    good = json.dumps(read_samples()[0])
    bad = [
        good,
        "{not json",
        json.dumps({**read_samples()[0], "theme": "falls", "client": ""}),
        "",
        json.dumps({**read_samples()[0], "occurred_at": "2999-01-01T10:00"}),
        "[1]",
        good[:-1] + ', "client": "XX"}',
        json.dumps({**read_samples()[0], "safeguarding": ["no"]}),
    ]
    result = run("log", "--json", "-", given="\n".join(bad))
    assert result.code == 2
    assert "6 of 7 reports can't be saved. Nothing was saved." in result.err
    for fault in (
        "line 2, record: is not JSON",
        "line 3, theme: is not a field",
        "line 3, client: is empty",
        "line 5, occurred_at: ",
        "line 6, record: is not a JSON object",
        "line 7, client: is given twice",
        "line 8, safeguarding: must be true or false",
    ):
        assert fault in result.err
    assert not (home / "logbook.jsonl").exists()


@over("given", ["", "\n\n", "\xff\xfe".encode("latin-1"), "null", "1" * 5001])
def test_what_is_no_report_is_refused(run: Run, given: str | bytes) -> None:
    assert run("log", "--json", "-", given=given).code == 2


def test_one_object_may_be_spread_over_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(read_samples()[0], indent=2), encoding="utf-8")
    assert run("log", "--json", str(file)).code == 0
    assert run("log", "--json", str(tmp_path)).code == 1
    assert run("log", "--json", str(tmp_path / "none.json")).code == 1


def kept_drafts(home: Path) -> list[Path]:
    return [path for path in (home / "state").rglob("*.json*") if path.is_file()]


OBSTACLES = ["folder", "pipe"] if sys.platform != "win32" else ["folder"]


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_something_else_in_the_files_place_keeps_the_answers(
    run: Run, home: Path, obstacle: str
) -> None:
    home.mkdir()
    place = home / "logbook.jsonl"
    if sys.platform != "win32" and obstacle == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    result = run("log", *options())
    assert result.code == 1
    assert "can't be opened" in result.err
    (draft,) = kept_drafts(home)
    assert str(draft) in result.err
    assert draft.stat().st_mode & 0o777 == 0o600
    place.rmdir() if obstacle == "folder" else place.unlink()
    assert run("log", "--json", str(draft)).code == 0
    assert run("list", "--json").rows[0]["what_nearly_happened"] == GIVEN["--what"]


def test_a_full_disk_leaves_the_book_as_it_was(run: Run, home: Path) -> None:
    """A limit on the file's size makes the write fall short, as a full disk does."""
    if sys.platform == "win32":
        pytest.skip("Windows has no limit on a file's size")
    import resource

    assert run("log", *options()).code == 0
    before = (home / "logbook.jsonl").read_bytes()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 400,) * 2)

    # The limit holds for the records of coverage too, which must not speak into this.
    quiet = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    process = start("log", *options(what="x" * 300), preexec_fn=limit, env=quiet)
    out, err = process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert b"Not saved" in err
    assert b"Traceback" not in err
    assert (home / "logbook.jsonl").read_bytes() == before
    (draft,) = kept_drafts(home)
    assert json.loads(draft.read_bytes())["what_nearly_happened"] == "x" * 300


def test_writers_at_once_write_an_entry_each(home: Path, book: Logbook) -> None:
    writers = [start("log", *options(where=f"place {number}")) for number in range(4)]
    ids = [writer.communicate()[0].strip() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4
    assert len(set(ids)) == 4
    with book.open_settled() as (file, size):
        found = check_book(file, size)
    assert (found.entries, found.findings) == (5, [])


def test_a_killed_writer_loses_nothing_that_was_confirmed(home: Path, book: Logbook) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows ends processes in another way")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from nearmiss.logbook.book import Logbook\n"
        "from tests.conftest import NOW, make_report\n"
        "book = Logbook(Path(sys.argv[1]))\n"
        "while True:\n"
        "    print(book.append([make_report()], 'Maria', NOW).ids[0], flush=True)\n"
    )
    confirmed: list[bytes] = []
    for attempt in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(book.path)], stdout=subprocess.PIPE
        )
        assert writer.stdout
        confirmed += [writer.stdout.readline().strip() for _ in range(10 + attempt)]
        writer.send_signal(signal.SIGKILL)
        confirmed += writer.communicate()[0].split(b"\n")[:-1]
    written = {str(getattr(entry, "id", "")).encode() for entry in book.read_forward()}
    assert set(confirmed) <= written
    with book.open_settled() as (file, size):
        assert not [each for each in check_book(file, size).findings if "line end" not in each.what]
