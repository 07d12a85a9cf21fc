"""Backup, import, erasure: nothing is lost, nothing comes twice, and every gap is explained."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, CorrectionFields, FollowUpFields
from tests.conftest import LONDON, NOW, Run, make_report, moment, read_samples

FIELDS = ("client", "occurred_at", "location", "what_nearly_happened", "informed", "category")


@pytest.fixture
def other(tmp_path: Path) -> Logbook:
    """Another device's book: a report corrected, followed up and compared."""
    book = Logbook(tmp_path / "other.jsonl")
    one, two = book.append(
        [make_report(), make_report(location="hall", informed=["son"])], "Ann, nurse", NOW
    ).ids
    follow_up = book.append([FollowUpFields(about=one, note="Rang KALEIDOSCOPE")], "Ann", NOW).ids
    book.append(
        [
            CorrectionFields(about=one, changes={"location": "kitchen"}, reason="Wrong room"),
            CorrectionFields(about=follow_up[0], changes={"note": "Rang her"}, reason="Slip"),
            ComparisonFields(about=two, other=one, same_hazard=True),
        ],
        "Ann",
        NOW,
    )
    return book


def read_reports(run: Run) -> list[dict[str, Any]]:
    rows = run("list", "--all", "--json").rows
    return [{name: row[name] for name in FIELDS} for row in rows]


def test_a_backup_is_exact_and_restores_byte_for_byte(
    run: Run, home: Path, book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report()], "M", NOW)
    copy = tmp_path / "copy.jsonl"
    assert run("backup", str(copy)).code == 0
    assert copy.read_bytes() == book.path.read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert run("verify", str(copy)).code == 0
    refused = run("backup", str(copy))
    assert (refused.code, "already there" in refused.err) == (1, True)
    assert run("backup", str(copy), "--force").code == 0
    assert run("backup", str(tmp_path)).out.startswith(str(tmp_path / "nearmiss-backup-20"))
    before = book.path.read_bytes()
    book.path.unlink()
    assert run("restore", str(copy)).code == 0
    assert book.path.read_bytes() == before


def test_another_book_keeps_its_authors_and_comes_only_once(
    run: Run, book: Logbook, other: Logbook
) -> None:
    book.append([make_report(client="JS")], "M", NOW)
    before = book.path.read_bytes()
    dry = run("import", str(other.path), "--dry-run")
    assert "Would add 6" in dry.err
    assert book.path.read_bytes() == before
    result = run("import", str(other.path))
    assert result.code == 0, result.err
    assert len(result.out.split()) == 6
    old = json.loads(other.path.read_text().splitlines()[1])
    found = run("show", old["id"], "--json").rows[0]
    assert (found["location"], found["recorded_by"]) == ("kitchen", "Ann, nurse")
    assert "Rang her" in run("show", old["id"]).out
    assert run("verify").code == 0
    after = book.path.read_bytes()
    assert run("import", str(other.path)).out == ""
    assert book.path.read_bytes() == after


def test_what_was_erased_does_not_come_back(run: Run, book: Logbook, other: Logbook) -> None:
    book.append([make_report(client="JS")], "M", NOW)
    run("import", str(other.path))
    run("erase", "--client", "MB", "--reason", "Asked", "--yes")
    again = run("import", str(other.path))
    about = json.loads(other.path.read_text().splitlines()[1])["id"]
    assert (again.out, "erased here: " in again.err) == ("", True), again.err
    assert f"({about} there)" in again.err
    other.append([FollowUpFields(about=about, note="Written since")], "Ann", NOW)
    assert run("import", str(other.path)).out == ""
    assert len(read_reports(run)) == 1


def test_a_book_that_was_changed_is_refused(run: Run, book: Logbook, other: Logbook) -> None:
    book.append([make_report(client="JS")], "M", NOW)
    data = other.path.read_bytes()
    other.path.write_bytes(data.replace(b"KALEIDOSCOPE", b"KALEIDOSCOPS"))
    before = book.path.read_bytes()
    refused = run("import", str(other.path))
    assert refused.code == 1
    assert "-0003 was changed" in refused.err
    assert book.path.read_bytes() == before
    assert run("import", str(other.path), "--skip-damaged").code == 0
    assert len(read_reports(run)) == 3


@pytest.mark.usefixtures("usual_day")
def test_a_csv_that_was_exported_reads_back_equal(run: Run, home: Path, tmp_path: Path) -> None:
    rows = [*read_samples(), {**read_samples()[0], "what_nearly_happened": "=1+1", "client": "'x"}]
    run("log", "--json", "-", given="\n".join(map(json.dumps, rows)))
    before = read_reports(run)
    exported = tmp_path / "all.csv"
    run("export", "--for", "own", "--format", "csv", "-o", str(exported))
    assert run("import", str(exported)).out == ""
    (home / "logbook.jsonl").rename(tmp_path / "gone")
    result = run("--new-book", "import", str(exported))
    assert result.code == 0, result.err
    assert read_reports(run) == before
    assert run("import", str(exported)).out == ""


def test_a_spreadsheets_own_csv_is_understood(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        [
            *("Kind", "Client", "Date and time", "Location", "What nearly happened"),
            *("How it was prevented", "Immediate action taken", "Safeguarding"),
        ]
    )
    writer.writerow(
        ["Medicines", "MB", "03/04/2026 21:15", "café", "Two packs", "Saw it", "Rang", "yes"]
    )
    file.write_bytes(text.getvalue().encode("cp1252"))
    refused = run("import", str(file))  # nobody can be asked whether the letters read right
    assert (refused.code, '"café"' in refused.err) == (2, True)
    result = run("import", str(file), "--yes")
    assert result.code == 0, result.err
    (row,) = run("list", "--json").rows
    assert (row["occurred_at"], row["location"]) == ("2026-04-03T21:15:00+01:00", "café")
    assert (row["category"], row["safeguarding"]) == ("medication", True)


def test_bad_rows_are_all_named_and_nothing_is_imported(
    run: Run, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text(
        "client,when,where,what nearly happened,how prevented,what I did,kind\n"
        "MB,3 April 2026 9am,hall,He slid,Luck,Rang,other\n"
        "MB,3 April 2199 9am,hall,,Luck,Rang,other\n",
        encoding="utf-8",
    )
    result = run("import", str(file))
    assert result.code == 2
    for name in ("when", "what nearly happened"):
        assert f"row 3, {name}" in result.err, result.err
    file.write_text("client,mood\nMB,good\n", encoding="utf-8")
    assert '"client", "mood"' in run("import", str(file)).err
    assert not (home / "logbook.jsonl").exists()


def test_an_erased_report_leaves_a_gap_that_verifies(
    run: Run, home: Path, book: Logbook, tmp_path: Path
) -> None:
    ids = book.append([make_report(what_nearly_happened="XYLOPHONE"), make_report()], "M", NOW).ids
    seal = run("verify").out.split("Seal: ")[1].strip()
    run("follow-up", ids[0], "--note", "XYLOPHONE again")
    run("correct", ids[0], "--where", "XYLOPHONE hall", "--reason", "x")
    torn = home / "logbook.jsonl.torn-20260414T214000"
    torn.write_text('{"client":"MB","what_nearly_happened":"XYLOPHO')
    link = tmp_path / "link.jsonl"
    link.symlink_to(book.path)
    result = run("--logbook", str(link), "erase", ids[0], "--reason", "Asked for", "--yes")
    assert result.code == 0, result.err
    assert link.is_symlink()
    assert not torn.exists()
    assert b"XYLOPHONE" not in b"".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file()
    )
    assert run("verify", "--seal", seal).code == 0
    assert [row["id"] for row in run("list", "--json").rows] == [ids[1]]
    gone = run("show", ids[0])
    assert (gone.code, "erased" in gone.err) == (1, True)
    assert run("follow-up", ids[0], "--close").code == 1
    entries = [json.loads(line) for line in book.path.read_text().splitlines()]
    assert entries[-1]["erased"] == [ids[0], entries[3]["id"], entries[4]["id"]]
    assert book.path.stat().st_mode & 0o777 == 0o600


def test_an_erasure_that_no_entry_names_is_tampering(run: Run, book: Logbook) -> None:
    first = book.append([make_report(), make_report()], "M", NOW).ids[0]
    run("erase", first, "--reason", "x", "--yes")
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join(lines[:-1]))
    found = run("verify")
    assert (found.code, "no entry says why" in found.out) == (3, True)


def test_erasing_is_refused_where_it_is_not_meant(run: Run, book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    before = book.path.read_bytes()
    assert run("erase", "--reason", "x", "--yes").code == 2
    assert run("erase", "1", "--reason", "x").code == 2
    assert run("erase", "1", "--reason", " ", "--yes").code == 2
    assert run("erase", "9", "--reason", "x", "--yes").code == 1
    assert book.path.read_bytes() == before


def test_what_is_past_its_keeping_time_is_found(run: Run, book: Logbook) -> None:
    old = make_report(occurred_at="2015-04-14T21:15:00+01:00")
    ids = book.append([old, make_report()], "M", NOW).ids
    assert [row["id"] for row in run("list", "--past-keeping", "--json").rows] == [ids[0]]
    run("setup", "--keep-years", "50")
    assert run("list", "--past-keeping", "--json").rows == []


def test_years_to_keep_are_those_of_the_calendar(run: Run, book: Logbook) -> None:
    with moment(datetime.fromisoformat("2026-11-24T09:00:00+00:00"), zone=LONDON):
        days = ("2023-11-23T23:30:00+00:00", "2023-11-24T12:00:00+00:00")
        ids = book.append([make_report(occurred_at=day) for day in days], "M", NOW).ids
        run("setup", "--keep-years", "3")
        assert [row["id"] for row in run("list", "--past-keeping", "--json").rows] == [ids[0]]


def test_a_backup_is_compared_with_the_book(run: Run, book: Logbook, tmp_path: Path) -> None:
    book.append([make_report()], "M", NOW)
    copy = tmp_path / "copy.jsonl"
    run("backup", str(copy))
    book.append([make_report()], "M", NOW)
    same = run("verify", str(copy))
    assert (same.code, "first 2 entries are the same" in same.out) == (0, True)
    Logbook(copy).append([make_report()], "Somebody", NOW)
    parted = run("verify", str(copy))
    assert (parted.code, "part at entry" in parted.out) == (3, True)


def test_what_a_killed_write_left_is_swept_away(run: Run, home: Path, book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    left = home / ".logbook.jsonl.0123456789abcdef.nearmiss-tmp"
    left.write_text("half a book")
    book.append([make_report()], "M", NOW)
    assert not left.exists()


def test_a_new_backup_is_only_advised_once_it_is_erased(
    run: Run, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append([make_report()], "M", NOW)
    assert "destroy the old ones" not in run("erase", "1", "--reason", "x").err
    with monkeypatch.context() as patch:
        patch.setattr("nearmiss.files.replace_whole", lambda *_: (_ for _ in ()).throw(OSError(28)))
        failed = run("erase", "1", "--reason", "x", "--yes")
    assert (failed.code, "destroy the old ones" in failed.err) == (1, False)
    done = run("erase", "1", "--reason", "x", "--yes")
    assert (done.code, "destroy the old ones" in done.err) == (0, True)
