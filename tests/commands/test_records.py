"""The samples logged, listed, shown, exported and read back equal; filters and references."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import BOOK_SEAL, LATER_COLUMNS
from tests.cases import over
from tests.conftest import Run, read_samples

# The samples reach to November 2026.
pytestmark = pytest.mark.usefixtures("usual_day")


@pytest.fixture
def logged(run: Run, home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Sixty reports in the book: logged for the first test, and copied for the others."""
    samples = read_samples()
    kept = tmp_path_factory.getbasetemp() / "sixty"
    if not kept.exists():
        result = run("log", "--json", "-", given="\n".join(map(json.dumps, samples)))
        assert result.code == 0, result.err
        assert len(result.out.split()) == 60
        shutil.copytree(home, kept)
    shutil.copytree(kept, home, dirs_exist_ok=True)
    return samples


# What stands in a column of its own, and is empty in most reports.
SELDOM = ("hour_not_known", "noticed", "what_happened", "injury", "tried", "concern_informed")


def strip(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of output in the form of a sample."""
    kept = dict(row, occurred_at=row["occurred_at"][:16])
    beside = ("id", "recorded_at", "recorded_by", "status", "occurred_approx", "safeguarding")
    added = {*beside, "entry", *LATER_COLUMNS, BOOK_SEAL}
    return {key: value for key, value in kept.items() if key not in added and key not in SELDOM}


def test_what_was_logged_is_listed_newest_first(run: Run, logged: list[dict[str, Any]]) -> None:
    rows = run("list", "--all", "--json").rows
    assert [strip(row) for row in rows] == logged[::-1]
    assert {row["status"] for row in rows} == {"open"}
    assert len(run("list", "--json").rows) == 20
    assert [row["id"] for row in run("list", "-n", "3", "--json").rows] == [
        row["id"] for row in rows[:3]
    ]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_was_logged_is_exported_equal(
    run: Run, logged: list[dict[str, Any]], form: str
) -> None:
    data = run("export", "--for", "own", "--format", form).data
    rows: list[dict[str, Any]]
    if form == "json":
        rows = json.loads(data)
    else:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        for row in rows:
            row |= {key: text.removeprefix("'") for key, text in row.items()}
            row |= {key: row[key].split("\n") if row[key] else [] for key in LISTS}
    assert [strip(row) for row in rows] == logged
    assert not {"nonce", "digest", "seal"} & set(rows[0])


LISTS = ("informed", "recommendations")


def test_the_text_export_holds_every_word(run: Run, logged: list[dict[str, Any]]) -> None:
    words = run("export", "--for", "own", "--format", "txt", "-o", "-").data.decode().split()
    text = " ".join(words)
    for sample in logged:
        assert " ".join(sample["what_nearly_happened"].split()) in text
        assert " ".join(sample["immediate_action"].split()) in text


@over(
    ("options", "fits"),
    [
        (["--client", " m.h. "], lambda row: row["client"] == "M.H."),
        (["--category", "Medicines"], lambda row: row["category"] == "medication"),
        (["--where", "LOUNGE"], lambda row: "lounge" in row["location"].lower()),
        (["--not-informed"], lambda row: not row["informed"]),
        (["--safeguarding"], lambda row: False),
        (
            ["--since", "1 March 2026", "--until", "11/3/26"],
            lambda row: "2026-03-01" <= row["occurred_at"] < "2026-03-12",
        ),
        (["--find", "kettle"], lambda row: "kettle" in json.dumps(row).lower()),
    ],
)
def test_filters_choose(
    run: Run, logged: list[dict[str, Any]], options: list[str], fits: Any
) -> None:
    expected = [sample for sample in logged if fits(sample)]
    found = [strip(row) for row in run("list", "--all", "--json", *options).rows]
    assert found == expected[::-1]


def test_show_finds_ids_as_people_type_them(run: Run, logged: list[dict[str, Any]]) -> None:
    newest = json.loads(run("show", "--json").data)
    assert strip({k: v for k, v in newest.items() if k != "later"}) == logged[-1]
    tag = newest["id"][:4]
    for typed in ("14", "0014", f"{tag.lower()}-14"):
        assert strip(json.loads(run("show", typed, "--json").data)) == {**logged[13], "later": []}


@over("typed", ["ABCD-14", "lst", "14x", "\x1b[31m"])
def test_a_wrong_reference_gets_the_nearest_guess(
    run: Run, logged: list[dict[str, Any]], typed: str
) -> None:
    result = run("show", typed)
    tag = run("list", "-n", "1").out[:4]
    near = f"{tag}-0014" if typed == "ABCD-14" else f"{tag}-0060"
    assert result.code == 1
    assert f"Did you mean {near}?" in result.err
    assert "\x1b" not in result.err
    assert result.out == ""


def test_a_number_beyond_the_newest_report_is_not_guessed_at(
    run: Run, logged: list[dict[str, Any]]
) -> None:
    result = run("show", "99")
    assert (result.code, result.out) == (1, "")
    assert "No entry 99 in this logbook. The newest report is " in result.err
    assert "Did you mean" not in result.err


def damage(home: Path, number: int) -> None:
    """Make the line of the entry ``number`` unreadable."""
    book = home / "logbook.jsonl"
    lines = book.read_bytes().split(b"\n")
    lines[number] = lines[number].replace(b'"entry"', b'"entr\xff"')
    book.write_bytes(b"\n".join(lines))


@over(
    "command",
    [
        "show 5",
        "show K7QX-0005",
        "show 61",
        "follow-up 5 --note x",
        "correct 5 --where x --reason y",
        "correct 5 --withdraw --reason y",
        "print 5",
        "export 5 --skip-damaged",
        "similar 5",
        "similar 4 --same 5",
        "erase 5 --reason x --yes",
    ],
)
def test_a_report_whose_line_is_damaged_is_not_denied(
    run: Run, logged: list[dict[str, Any]], home: Path, command: str
) -> None:
    tag = run("list", "-n", "1").out[:4]
    if command == "show 5":
        assert run("follow-up", "5", "--note", "Looked at again").code == 0
        damage(home, 5)
    result = run(*command.replace("K7QX", tag).split())
    assert result.code == 1
    assert "Line 6 of the logbook can't be read." in result.err
    assert "nearmiss verify" in result.err
    assert "Did you mean" not in result.err


@pytest.mark.parametrize("number", ["4", "99"])
def test_damage_elsewhere_is_no_reason_for_a_number_that_is_not_there(
    run: Run, logged: list[dict[str, Any]], home: Path, number: str
) -> None:
    damage(home, 5)
    result = run("show", number)
    assert "It may stand there" not in result.err
    assert result.code == (0 if number == "4" else 1)


def test_the_newest_is_damaged_and_what_is_called_the_last_is_told_so(
    run: Run, logged: list[dict[str, Any]], home: Path
) -> None:
    damage(home, 60)
    assert "Line 61 of the logbook can't be read." in run("follow-up", "last", "--close").err


def test_one_client_a_document(run: Run, logged: list[dict[str, Any]], tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    refused = run("export", "--format", "csv", "-o", str(target))
    assert refused.code == 2
    assert "more than one client" in refused.err
    assert list(tmp_path.glob("*out*")) == []
    done = run("export", "--client", "S.K.", "--format", "csv", "-o", str(target))
    assert done.code == 0
    rows = list(csv.DictReader(target.open(encoding="utf-8-sig", newline="")))
    assert {row["client"] for row in rows} == {"S.K."}
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_export_never_writes_over_a_file_unasked(
    run: Run, logged: list[dict[str, Any]], tmp_path: Path
) -> None:
    target = tmp_path / "mine.csv"
    target.write_text("mine")
    refused = run("export", "14", "--format", "csv", "-o", str(target))
    assert (refused.code, target.read_text()) == (1, "mine")
    assert "already there" in refused.err
    assert run("export", "14", "--format", "csv", "-o", str(target), "--force").code == 0
    assert "armchair" in target.read_text(encoding="utf-8")
    assert run("export", "14", "--format", "csv", "-o", str(tmp_path)).code == 1
    assert run("export", "14", "--format", "csv", "-o", str(tmp_path / "no" / "x.csv")).code == 1


def test_no_formula_leaves_in_a_csv(run: Run) -> None:
    risky = ["=1+1", "+44", "-2", "@SUM(A1)", "'quoted", "plain"]
    for text in risky:
        record = {**read_samples()[0], "location": text, "how_prevented": text, "informed": [text]}
        assert run("log", "--json", "-", given=json.dumps(record)).code == 0
    data = run("export", "--format", "csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    for text, row in zip(risky, rows, strict=True):
        marked = text if text == "plain" else f"'{text}"
        assert [row[key] for key in ("location", "how_prevented", "informed")] == [marked] * 3


def test_damage_is_named_and_nothing_is_handed_over_unless_asked(
    run: Run, logged: list[dict[str, Any]], home: Path
) -> None:
    book = home / "logbook.jsonl"
    lines = book.read_bytes().split(b"\n")
    lines[14] = lines[14].replace(b'"report"', b'"repo\xff"')
    book.write_bytes(b"\n".join(lines))
    listed = run("list", "--all", "--json")
    assert (listed.code, len(listed.rows)) == (0, 59)
    assert "Line 15 of the logbook can't be read." in listed.err
    refused = run("export", "--for", "own", "--format", "csv")
    assert (refused.code, refused.data) == (1, b"")
    assert "--skip-damaged" in refused.err
    done = run("export", "--for", "own", "--format", "json", "--skip-damaged")
    assert (done.code, len(json.loads(done.data))) == (0, 59)
    checked = run("verify")
    assert checked.code == 3
    assert "Line 15: entry" in checked.out


def test_verify_says_what_a_seal_shows(run: Run, book: Logbook) -> None:
    for sample in read_samples()[:2]:
        run("log", "--json", "-", given=json.dumps(sample))
    seal = run("verify").out.split("Seal: ")[1].strip()
    assert run("verify", "--seal", seal.lower().replace("0", "o")).code == 0
    book.path.write_bytes(b"\n".join(book.path.read_bytes().split(b"\n")[:-2]) + b"\n")
    assert "Missing at the end" in run("verify").out
    missing = run("verify", "--seal", seal)
    assert missing.code == 3
    assert f"No entry has the seal {seal}" in missing.out
    assert run("verify", "--seal", "nonsense").code == 2
