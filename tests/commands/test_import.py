"""Import: a copy where there is nothing yet, entry by entry else; nothing readable is replaced."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nearmiss.errors import BookFault
from nearmiss.logbook.backup import restore_book
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import compute_digest, compute_seal, encode_line, parse_object
from nearmiss.model.entries import CorrectionFields, FollowUpFields, Report
from nearmiss.model.ids import EntryId
from tests.conftest import NOW, Run, make_report, start
from tests.interview.terminal import Terminal, name_carer


@pytest.fixture
def other(tmp_path: Path) -> Logbook:
    """Another device's book."""
    book = Logbook(tmp_path / "other.jsonl")
    book.append([make_report(client="JS")], "Ann", NOW)
    return book


def split(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "only the opening line, a bit of it changed": lambda data: split(data)[0].replace(
        b'"format":1', b'"format":3'
    ),
    "only the opening line, without its end": lambda data: split(data)[0][:-1],
    "the opening line and a torn report": lambda data: split(data)[0] + split(data)[1][:90],
    "a report alone": lambda data: split(data)[1],
    "the opening line and a damaged one": lambda data: split(data)[0] + b"\xff" + split(data)[1],
    "a damaged opening line and a report": lambda data: b"x" + data,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_book_is_never_copied_over(
    run: Run, book: Logbook, other: Logbook, name: str
) -> None:
    book.append([make_report(what_nearly_happened="MY OWN WORDS")], "M", NOW)
    before = DAMAGES[name](book.path.read_bytes())
    book.path.write_bytes(before)
    result = run("import", str(other.path))
    after = b"".join(path.read_bytes() for path in book.path.parent.glob("logbook.jsonl*"))
    assert all(line.strip(b"\n") in after for line in split(before)), result.err
    if result.code == 0:
        clients = [row["client"] for row in run("list", "--json").rows]
        assert "JS" in clients
    else:
        assert b'"client":"JS"' not in after


def test_a_book_that_was_only_opened_is_restored_into(
    run: Run, book: Logbook, other: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    book.path.write_bytes(split(book.path.read_bytes())[0])
    assert run("restore", str(other.path)).code == 0
    assert book.path.read_bytes() == other.path.read_bytes()


def test_a_report_written_meanwhile_is_not_lost_to_a_restore(
    run: Run, book: Logbook, other: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place is looked at again while nobody else can write."""

    def restore_late(*arguments: object) -> bool:
        assert start("log", "--json", "-", stdin=subprocess.PIPE).communicate(
            make_report(client="MB").model_dump_json().encode()
        )[0]
        return restore_book(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("nearmiss.logbook.backup.restore_book", restore_late)
    refused = run("restore", str(other.path))
    assert (refused.code, "already, so nothing was put back" in refused.err) == (1, True)
    assert {row["client"] for row in run("list", "--json").rows} == {"MB"}


def test_what_a_newer_version_wrote_is_not_imported_in_part(
    run: Run, book: Logbook, other: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    first, line = split(other.path.read_bytes())
    entry = {"witness": "Sue", **(parse_object(line) or {})}
    entry["digest"] = compute_digest(entry)
    entry["seal"] = compute_seal((parse_object(first) or {})["seal"], entry["digest"])
    other.path.write_bytes(first + encode_line(entry) + b"\n")
    result = run("import", str(other.path))
    assert (result.code, '"witness"' in result.err) == (1, True)
    assert len(run("list", "--json").rows) == 1


def copy_apart(book: Logbook, copy: Path) -> Logbook:
    """Return a copy of ``book`` in which another report has the next number."""
    copy.write_bytes(book.path.read_bytes())
    other = Logbook(copy)
    texts = {"what_nearly_happened": "KT slipped", "how_prevented": "Her frame"}
    other.append([make_report(client="KT", location="their place", **texts)], "Ann", NOW)
    return other


def test_a_number_of_this_book_never_means_a_page_of_a_copy(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    first = book.append([make_report()], "M", NOW).ids[0]
    other = copy_apart(book, tmp_path / "copy.jsonl")
    second = book.append([make_report(client="JS", location="my place")], "M", NOW).ids[0]
    imported = run("import", str(other.path)).out.split()
    assert len(imported) == 1
    for typed in (second, "2", second.lower()):
        assert run("show", typed, "--json").rows[0]["client"] == "JS"
    assert run("show", imported[0], "--json").rows[0]["client"] == "KT"
    assert run("erase", second, "--reason", "x", "--yes").code == 0
    assert {row["id"] for row in run("list", "--json").rows} == {first, imported[0]}


def test_a_number_from_elsewhere_that_means_two_is_refused_with_both(
    run: Run, book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    copy = copy_apart(other, tmp_path / "copy.jsonl")
    twice = other.append([make_report(client="AB")], "Ann", NOW).ids[0]
    book.append([make_report()], "M", NOW)
    for each in (other, copy):
        assert run("import", str(each.path)).code == 0
    assert len(run("list", "--json").rows) == 4
    result = run("show", twice)
    assert (result.code, twice in result.err) == (1, True)
    ids = [row["id"] for row in run("list", "--json").rows if row["client"] in ("AB", "KT")]
    assert all(each in result.err for each in ids)
    assert run("erase", twice, "--reason", "x", "--yes").code == 1


def test_an_imported_number_without_a_tag_takes_nothing_over(
    run: Run, book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    book.append([make_report(client="MB")], "M", NOW)
    first, line = split(other.path.read_bytes())
    entry = {**(parse_object(line) or {}), "origin_id": "None-0001"}
    entry["digest"] = compute_digest(entry)
    entry["seal"] = compute_seal((parse_object(first) or {})["seal"], entry["digest"])
    other.path.write_bytes(first + encode_line(entry) + b"\n")
    run("import", str(other.path))
    assert run("show", "1", "--json").rows[0]["client"] == "MB"


def test_a_row_with_the_number_of_another_report_comes_in(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report()], "M", NOW)
    other = copy_apart(book, tmp_path / "copy.jsonl")
    book.append([make_report(client="JS")], "M", NOW)
    file = tmp_path / "all.csv"
    arguments = ("export", "--for", "own", "--format", "csv", "-o", str(file))
    assert run("--logbook", str(other.path), *arguments).code == 0
    assert run("import", str(file)).code == 0
    assert sorted(row["client"] for row in run("list", "--json").rows) == ["JS", "KT", "MB"]
    assert run("import", str(file)).out == ""


def test_the_same_entries_with_their_text_erased_come_back_no_more(
    run: Run, book: Logbook, other: Logbook
) -> None:
    about = json.loads(split(other.path.read_bytes())[1])["id"]
    other.append([FollowUpFields(about=about, note="n")], "Ann", NOW)
    book.append([make_report()], "M", NOW)
    run("import", str(other.path))
    run("erase", "--client", "JS", "--reason", "x", "--yes")
    assert run("import", str(other.path)).out == ""


@pytest.mark.parametrize("erased", [True, False])
def test_what_went_out_as_a_row_does_not_return_in_another_book(
    run: Run, book: Logbook, tmp_path: Path, erased: bool
) -> None:
    first = book.append([make_report(), make_report(client="JS")], "M", NOW).ids[0]
    rows, copy = tmp_path / "rows.csv", tmp_path / "copy.jsonl"
    run("export", "--for", "own", "--format", "csv", "-o", str(rows))
    assert len(run("--logbook", str(copy), "import", str(rows)).out.split()) == 2
    assert run("--logbook", str(copy), "follow-up", "1", "--note", "Written since").code == 0
    if erased:
        assert run("erase", first, "--reason", "x", "--yes").code == 0
    added = run("import", str(copy))
    assert len(added.out.split()) == (0 if erased else 1), added.err
    assert len(run("list", "--json").rows) == (1 if erased else 2)


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff", "client,when\n", "[]"])
def test_a_file_without_an_entry_is_said_to_hold_none(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "empty.csv"
    file.write_text(text, encoding="utf-8")
    result = run("import", str(file))
    assert (result.code, "holds no entry" in result.err) == (2, True), result.err


def test_a_number_that_is_too_long_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    for text in ('{"client":%s}', '[{"client":%s}]', '{"seal":1,"digest":1,"format":%s}'):
        file.write_text(text % ("1" * 5001))
        result = run("import", str(file))
        assert (result.code, "too many digits" in result.err) == (2, True), result.err


def test_a_book_always_has_a_number_for_the_next_entry(
    run: Run, book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    assert run("restore", str(other.path), "--after", "999999999").code == 2
    assert not book.path.exists()
    high = Logbook(tmp_path / "high.jsonl", tmp_path / "marks")
    high.append([make_report()], "M", NOW)
    tag = json.loads(split(high.path.read_bytes())[0])["id"][:4]
    high.confirmed.reserve(EntryId(tag, 999_999_998))
    high.append([make_report()], "M", NOW)
    before = high.path.read_bytes()
    with pytest.raises(BookFault, match="no number left"):
        high.append([make_report()], "M", NOW)
    assert high.path.read_bytes() == before
    result = run("restore", str(high.path))
    assert (result.code, "999999999" in result.err) == (1, True)
    assert not book.path.exists()
    book.append([make_report(client="JS")], "M", NOW)
    assert len(run("import", str(high.path)).out.split()) == 2


def test_what_is_left_out_of_a_damaged_book_is_named(
    run: Run, book: Logbook, other: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    lost = next(each.id for each in other.read_forward() if isinstance(each, Report))
    note = FollowUpFields(about=lost, note="Sore")
    stray = other.append([make_report(client="AB"), note], "Ann", NOW).ids[1]
    whole = other.path.read_bytes()
    other.path.write_bytes(whole.replace(b'"JS"', b'"JX"'))
    result = run("import", str(other.path), "--skip-damaged")
    assert (result.code, len(result.out.split())) == (0, 1)
    assert "Line 2: " in result.err
    assert "Added 1 entry.\n" in result.err
    assert f"Left out, as what it is about can't be taken in: {stray}." in result.err
    (book.path.parent / "whole.jsonl").write_bytes(whole)
    assert len(run("import", str(book.path.parent / "whole.jsonl")).out.split()) == 2
    result = run("import", str(other.path), "--skip-damaged")
    assert "Nothing to add. 2 entries are here already.\n" in result.err
    assert stray not in result.err
    assert "Left out: line 2. The rest is taken." in result.err
    other.path.write_bytes(b"".join(other.path.read_bytes().splitlines(keepends=True)[:2]))
    result = run("import", str(other.path), "--skip-damaged")
    assert (result.code, "The rest is taken" in result.err) == (2, False)


def test_a_row_that_comes_twice_is_named(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    row = "MB,2026-04-03 21:15,hall,slid,held,moved,other\n"
    heads = "client,occurred_at,location,what_nearly_happened,how_prevented,immediate_action"
    rows.write_text(f"{heads},category\n{row}\n{row}")
    result = run("import", str(rows))
    assert (result.code, len(result.out.split())) == (0, 1), result.err
    assert "Row 4 says the same as row 2" in result.err


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"injury": "none"}, '"injury"'),
        ({"location": "hall", "id": "FGFG-0009", "recorded_at": "2020"}, '"id" and "recorded_at"'),
    ],
)
def test_a_correction_of_what_a_report_does_not_have_is_refused_and_told_by_the_check(
    run: Run, book: Logbook, other: Logbook, changes: Any, named: str
) -> None:
    about = next(each.id for each in other.read_forward() if isinstance(each, Report))
    content = CorrectionFields(about=about, changes=changes, reason="x")
    (forged,) = other.append([content], "Eve", NOW).ids
    book.append([make_report()], "M", NOW)
    told = f"Line 3: entry {forged} would change {named} in {about}, which has no such answer."
    refused = run("import", str(other.path))
    assert (refused.code, told in refused.err) == (1, True)
    taken = run("import", str(other.path), "--skip-damaged")
    assert "Left out: line 3. The rest is taken." in taken.err
    other.path.replace(book.path)
    checked = run("verify")
    assert (checked.code, told in checked.out) == (3, True)
    shown = run("show", "1").out
    assert ("FGFG-0009" in shown, "Injury" in shown) == (False, False)


def test_what_was_taken_back_stands_again_when_it_comes_again(
    run: Run, book: Logbook, other: Logbook, tmp_path: Path
) -> None:
    """One page, one number, one state in every book; and the import can be taken back again."""
    page = other.append([make_report(client="AB")], "Ann", NOW).ids[0]
    book.append([make_report()], "M", NOW)
    first, second = run("import", str(other.path)).out.split()
    assert run("import", "--undo", first).code == 0
    changed = CorrectionFields(about=second, changes={"client": "ZZ"}, reason="Wrong person")
    (since,) = book.append([changed], "M", NOW).ids
    again = run("import", str(other.path))
    assert f"Stands again, as it came in before and was taken back: {first} and {second}." in (
        again.err
    )
    assert f"So does what was written here about it: {since}." in again.err
    rows = run("list", "--json").rows
    assert [each["client"] for each in rows] == ["ZZ", "JS", "MB"]
    assert run("show", page, "--json").rows[0]["id"] == second
    assert "all of it is here already" in run("import", str(other.path)).err
    third = ("--logbook", str(tmp_path / "third.jsonl"))
    run(*third, "--new-book", "import", str(book.path))
    assert {each["client"] for each in run(*third, "list", "--json").rows} == {"ZZ", "JS", "MB"}
    assert f"Written since about what came in: {since}." in (
        run("import", "--undo", again.out.split()[0]).err
    )


def test_what_was_erased_is_named_by_its_number_here(
    run: Run, book: Logbook, other: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    here = run("import", str(other.path)).out.strip()
    assert run("erase", here, "--reason", "x", "--yes").code == 0
    (there,) = (each.id for each in other.read_forward() if isinstance(each, Report))
    assert f"erased here: {here} ({there} there)." in run("import", str(other.path)).err


def test_a_page_that_came_in_twice_is_erased_whole_and_found_by_its_number(
    run: Run, book: Logbook, other: Logbook
) -> None:
    """Books of before have a page that was taken back beside the same one that came again."""
    book.append([make_report()], "M", NOW)
    first = run("import", str(other.path)).out.strip()
    (page,) = (each for each in other.read_forward() if isinstance(each, Report))
    origin = {
        "origin_id": page.id,
        "origin_recorded_at": page.recorded_at,
        "origin_recorded_by": page.recorded_by,
        "origin_seal": page.seal,
    }
    assert run("import", "--undo", first).code == 0
    (second,) = book.append_made(lambda _: [(make_report(client="JS"), origin)], "M", NOW).ids
    alike = make_report(client="JS", location="Not the same words")
    book.append_made(lambda _: [(alike, {**origin, "origin_id": "F0RG-0001"})], "M", NOW)
    assert run("show", page.id, "--json").rows[0]["id"] == second
    erased = run("erase", page.id, "--reason", "x", "--yes")
    assert f"It goes with it: {first}." in erased.err
    assert len(run("list", "--json", "--all").rows) == 2, "a page with other words is another one"
    assert f"erased here: {second} ({page.id} there)." in run("import", str(other.path)).err


def test_a_number_given_out_twice_is_asked_about(
    run: Run, home: Path, book: Logbook, tmp_path: Path
) -> None:
    book.append([make_report()], "M", NOW)
    copy = copy_apart(book, tmp_path / "copy.jsonl")
    own = book.append([make_report(client="JS")], "M", NOW).ids[0]
    theirs = run("import", str(copy.path)).out.strip()
    before = book.path.read_bytes()
    for words in (
        ("follow-up", "2", "--note", "x"),
        ("correct", "2", "--withdraw", "--reason", "x"),
        ("erase", "2", "--reason", "x", "--yes"),
        ("similar", "2"),
        ("print", "2", "--format", "txt", "-o", "-"),
    ):
        refused = run(*words)
        assert (refused.code, f"{own}: JS, " in refused.err) == (1, True), words
        assert f"{theirs}: KT, KT slipped" in refused.err
    assert book.path.read_bytes() == before
    assert run("show", "2").code == 0
    noted = run("follow-up", own, "--note", "x")
    assert (noted.code, f"stands here as {theirs}" in noted.err) == (0, True)
    name_carer(home)
    terminal = Terminal("correct", "2", "--withdraw", "--reason", "Wrong person")
    terminal.answer("Which report is to be put right?", "2")
    terminal.finish()
    assert run("show", theirs, "--json").rows[0]["status"] == "withdrawn"
    assert run("correct", "last", "--withdraw", "--reason", "x").code == 1, "withdrawn already"
