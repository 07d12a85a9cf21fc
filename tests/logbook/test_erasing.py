"""Erasing: what was asked for goes wherever it stands, and nothing else does."""

import json
from pathlib import Path

import pytest

from nearmiss.errors import LogbookInUse
from nearmiss.logbook.book import Logbook, hold_lock
from nearmiss.logbook.erase import erase_reports, find_gone
from nearmiss.logbook.lines import Unreadable
from nearmiss.logbook.verify import check_book
from nearmiss.model.entries import ComparisonFields, Erased, Erasure, FollowUpFields, NearMiss
from tests.conftest import NOW, Run, make_report


def read_entries(book: Logbook) -> list[object]:
    return list(book.read_forward())


def find_faults(book: Logbook) -> list[str]:
    with book.open_settled() as (file, size):
        return [str(finding) for finding in check_book(file, size).findings]


@pytest.mark.parametrize("cut", [1, 40])
def test_an_entry_whose_write_was_cut_off_outlives_an_erasure(
    run: Run, book: Logbook, cut: int
) -> None:
    ids = book.append([make_report(), make_report(location="hall")], "M", NOW).ids
    data = book.path.read_bytes()
    book.path.write_bytes(data[:-cut])
    result = run("erase", ids[0], "--reason", "x", "--yes")
    assert result.code == 0, result.err
    assert "cut off" in result.err
    kinds = [type(entry) for entry in read_entries(book)[1:]]
    assert kinds == ([Erased, NearMiss, Erasure] if cut == 1 else [Erased, Erasure])
    assert find_faults(book) == []
    torn = list(book.path.parent.glob("*.torn-*"))
    assert [each.read_bytes() for each in torn] == ([data.split(b"\n")[2][: -cut + 1]] * (cut > 1))


def test_only_pieces_of_the_report_itself_go(run: Run, home: Path) -> None:
    book = Logbook(home / "my [book].jsonl")
    text = "MB nearly fell on the stairs"
    mine, other = book.append(
        [make_report(what_nearly_happened=text), make_report(location="bath")], "M", NOW
    ).ids
    drafts = home / "state" / "drafts"
    drafts.mkdir(parents=True)
    held = {
        home / "my [book].jsonl.torn-1": f'{{"entry":"follow_up","id":"X","about":"{mine}","no',
        home / ".my [book].jsonl.0123456789abcdef.nearmiss-tmp": f'"{text}"',
    }
    kept = {
        home / "my [book].jsonl.torn-2": f'{{"entry":"follow_up","about":"{other}","note":"MB',
        home / "my b.jsonl.torn-3": f'{{"about":"{mine}"}}',
    }
    for path, piece in {**held, **kept}.items():
        path.write_text(piece)
    run("--logbook", str(book.path), "log", "--json", "-", given='{"client":"MB"}')
    gone = find_gone(book, [mine])
    assert set(gone.pieces) == set(held)
    assert run("--logbook", str(book.path), "erase", mine, "--reason", "x", "--yes").code == 0
    assert not any(path.exists() for path in held)
    assert all(path.exists() for path in kept)
    assert text.encode() not in b"".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file()
    )


def test_the_text_goes_from_damaged_lines_too(book: Logbook) -> None:
    mine, other = book.append([make_report(), make_report(location="bath")], "M", NOW).ids
    about = [FollowUpFields(about=each, note=f"NOTE {each}") for each in (mine, other)]
    book.append([*about, FollowUpFields(about=mine, note="last")], "M", NOW)
    lines = book.path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b'"nonce"', b'"nonc*"')
    lines[4] = lines[4].replace(b'"nonce"', b'"nonc*"')
    book.path.write_bytes(b"".join(lines))
    erase_reports(book, [mine], "x", "M", NOW)
    data = book.path.read_bytes()
    assert f"NOTE {mine}".encode() not in data
    assert f"NOTE {other}".encode() in data
    entries = read_entries(book)
    assert [type(each) for each in entries[1:5]] == [Erased, NearMiss, Erased, Unreadable]
    assert json.loads(data.splitlines()[-1])["erased"] == [mine, *_list(mine, 5), *_list(mine, 3)]


def _list(like: str, number: int) -> list[str]:
    return [f"{like[:4]}-{number:04d}"]


def test_what_else_an_erasure_does_is_said_first(run: Run, home: Path, book: Logbook) -> None:
    ids = book.append([make_report()] * 3, "M", NOW).ids
    same = [
        ComparisonFields(about=one, other=ids[0], same_hazard=True, hazard="the rug")
        for one in ids[1:]
    ]
    book.append(same, "M", NOW)
    (home / "other name").hardlink_to(book.path)
    refused = run("erase", ids[0], "--reason", "x")
    assert refused.code == 2
    assert 'This also ends the pattern "the rug" of MB.' in refused.err
    assert "hard link" in refused.err
    assert "still hold the text" in refused.err


def test_an_erasure_that_fails_keeps_what_was_typed(
    run: Run, home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "")

    first = book.append([make_report()], "M", NOW).ids[0]
    before = book.path.read_bytes()
    monkeypatch.setattr("nearmiss.logbook.erase.seal_each", fail)
    result = run("erase", first, "--reason", "The family asked", "--yes")
    assert result.code == 1
    assert book.path.read_bytes() == before
    (kept,) = (home / "state" / "drafts").glob("*.command.txt")
    assert f"erase {first} --reason 'The family asked'" in kept.read_text()


def test_who_waits_for_an_erasure_is_told_so(home: Path, book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    (home / ".logbook.jsonl.0123456789abcdef.nearmiss-tmp").write_text("half a book")
    with (
        hold_lock(book.file, 1),
        pytest.raises(LogbookInUse, match="is being written anew"),
        hold_lock(book.file, 0.01),
    ):
        raise AssertionError


def test_a_number_that_stands_in_two_lines_is_not_erased(run: Run, book: Logbook) -> None:
    ids = book.append([make_report(), make_report(), make_report()], "M", NOW).ids
    lines = book.path.read_bytes().splitlines(keepends=True)
    lines[-1] = lines[-1].replace(ids[2].encode(), ids[1].encode())
    before = b"".join(lines)
    book.path.write_bytes(before)
    result = run("erase", "2", "--reason", "x", "--yes")
    assert (result.code, f"{ids[1]} stands in lines 3 and 4" in result.err) == (1, True)
    assert book.path.read_bytes() == before


def test_an_erased_text_that_was_put_back_is_named(run: Run, book: Logbook) -> None:
    ids = book.append([make_report(), make_report()], "M", NOW).ids
    line = book.path.read_bytes().splitlines(keepends=True)[1]
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join([lines[0], line, *lines[2:]]))
    found = run("verify")
    assert (found.code, f"Line 2: the text of entry {ids[0]} stands" in found.out) == (3, True)
