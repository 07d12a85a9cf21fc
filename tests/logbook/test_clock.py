"""A clock that can't be right: said before saving, kept beside the entry, told on paper."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from tests.conftest import LONDON, TODAY, Run, make_report, moment
from tests.interview.terminal import Terminal, name_carer
from tests.program import LONG_AFTER

REPORT = make_report(occurred_at="1969-12-30T09:00:00Z").model_dump_json()
FLAT = datetime.fromisoformat("1970-01-01T00:05:00+00:00")


@pytest.fixture
def behind(run: Run, book: Logbook) -> str:
    """An entry of today, then one by a clock that a flat battery set back; its id."""
    book.append([make_report()], "Maria", TODAY)
    with moment(FLAT, zone=LONDON):
        saved = run("log", "--json", "-", given=REPORT)
    assert saved.code == 0, saved.err
    assert "The last entry is of" in saved.err
    assert "1 Jan 1970" in saved.err
    return saved.out.strip()


def test_a_clock_that_is_behind_is_kept_beside_the_entry_and_stands_on_paper(
    run: Run, book: Logbook, behind: str
) -> None:
    line = json.loads(book.path.read_bytes().splitlines()[-1])
    assert datetime.fromisoformat(line["written_after"]) == TODAY.replace(microsecond=0)
    found = run("verify")
    assert found.code == 0, found.out
    assert f"by its clock, entry {behind} was written on 1 Jan 1970" in found.out
    paper = ("--format", "txt", "-o", "-")
    chronology = ("print", "--chronology", *paper)
    for command in (("show", behind), ("export", behind, *paper), chronology):
        assert "clock that was behind" in " ".join(run(*command).out.split())


def test_no_page_is_older_than_the_newest_entry(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "Maria", TODAY)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000")
    page = run("print", "1", "--for", "own", "--format", "txt", "-o", "-").out
    assert "1970" not in page
    assert f"{TODAY.day} {TODAY:%b %Y}" in page


def test_a_time_that_lies_ahead_is_named_by_the_desk_and_the_check(run: Run, book: Logbook) -> None:
    book.append([make_report()], "Maria", TODAY + timedelta(days=400))
    assert "lies ahead" in run().out
    assert "lies ahead" in run("verify").out


@pytest.mark.parametrize("key", ["y", "n"])
def test_long_after_the_last_entry_the_day_is_asked_before_saving(
    run: Run, home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    name_carer(home)
    monkeypatch.setenv(LONG_AFTER, "1")
    book.append([make_report()], "Maria", TODAY - timedelta(days=61))
    before = book.path.read_bytes()
    terminal = Terminal("follow-up", "1", "--note", "Rang")
    terminal.see("The last entry is of")
    terminal.answer("Is today", key)
    terminal.finish()
    assert (book.path.read_bytes() != before) == (key == "y")
    kept = list((home / "state" / "drafts").glob("*.command.txt"))
    assert len(kept) == (key == "n")


def test_whatever_is_written_long_after_the_last_entry_says_so(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    report = make_report(location="garden").model_dump_json()
    (tmp_path / "rows.jsonl").write_text(report)
    Logbook(tmp_path / "other.jsonl").append([make_report(client="JS")], "Ann", TODAY)
    long_ago, seal = TODAY - timedelta(days=61), {"origin_seal": "0" * 64}
    for command in (
        ("log", "--json", str(tmp_path / "rows.jsonl")),
        ("import", str(tmp_path / "rows.jsonl")),
        ("import", str(tmp_path / "other.jsonl")),
        ("import", "--undo", "2"),
        ("follow-up", "1", "--note", "Rang"),
        ("erase", "1", "--reason", "x", "--yes"),
    ):
        book.path.unlink(missing_ok=True)
        book.append([make_report(client="KT")], "Maria", long_ago)
        book.append_made(lambda at: [(make_report(), seal | {"batch": str(at)})], "Maria", long_ago)
        done = run("--new-book", *command)
        assert (command, done.code, done.err.count("Is its clock right?")) == (command, 0, 1)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_clock_at_the_ends_of_time_stops_no_command(
    run: Run, book: Logbook, written: str
) -> None:
    book.append([make_report()], "Maria", datetime.fromisoformat(written))
    for command in (("list",), ("show",), ("summary",), (), ("verify",), ("where",)):
        done = run(*command)
        assert done.code == 0, done.err
        assert "went wrong" not in done.err
