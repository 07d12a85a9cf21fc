"""Verify: it vouches for what stands in the book, and names what does not."""

from pathlib import Path

from nearmiss.logbook.book import Logbook
from tests.conftest import NOW, Run, make_report


def test_a_seal_and_a_copy_name_what_was_erased_since(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    ids = book.append([make_report(), make_report(), make_report()], "M", NOW).ids
    run("follow-up", ids[0], "--note", "n")
    seal = run("verify").out.split("Seal: ")[1].strip()
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    run("backup", str(before))
    run("erase", ids[0], "--reason", "The family asked", "--yes")
    run("backup", str(after))
    for arguments in (("--seal", seal), (str(after),), (str(after), "--seal", seal), ()):
        result = run("verify", *arguments)
        assert result.code == 0
        assert f"nchanged except {ids[0]} and 0004, erased " in result.out.replace(" up to it", "")
        assert ": The family asked." in result.out
        assert "all as they were written" not in result.out
        assert "All up to it is unchanged" not in result.out
    older = run("verify", str(before))
    assert older.code == 0
    assert f"Erased in your logbook, but not in it: {ids[0]} and {ids[0][:4]}-0004." in older.out
    assert f"This copy ends at {ids[0][:4]}-0004; your logbook goes on to" in older.out
    later = run("verify", "--seal", run("verify").out.split("Seal: ")[1].strip())
    assert (later.code, "The family asked" in later.out) == (0, True)


def test_what_was_erased_after_a_seal_was_given_does_not_touch_it(run: Run, book: Logbook) -> None:
    book.append([make_report()], "M", NOW)
    seal = run("verify").out.split("Seal: ")[1].strip()
    second = book.append([make_report()], "M", NOW).ids[0]
    run("erase", second, "--reason", "x", "--yes")
    assert "All up to it is unchanged." in run("verify", "--seal", seal).out


def test_an_erasure_explains_only_if_it_stands_as_written(run: Run, book: Logbook) -> None:
    first = book.append([make_report(), make_report()], "M", NOW).ids[0]
    run("erase", first, "--reason", "AAA", "--yes")
    book.path.write_bytes(book.path.read_bytes().replace(b"AAA", b"BBB"))
    result = run("verify")
    assert (result.code, "no entry says why" in result.out) == (3, True)


def test_a_foreign_line_names_itself_alone(run: Run, book: Logbook, tmp_path: Path) -> None:
    book.append([make_report()] * 2, "M", NOW)
    other = Logbook(tmp_path / "other.jsonl")
    foreign_id = other.append([make_report()] * 4, "Ann", NOW).ids[3]
    lines = book.path.read_bytes().splitlines(keepends=True)
    lines.insert(1, other.path.read_bytes().splitlines(keepends=True)[4])
    book.path.write_bytes(b"".join(lines))
    result = run("verify")
    assert result.code == 3
    assert result.out.splitlines() == [f"Line 2: entry {foreign_id} is from another book."]


def test_a_seal_that_is_not_found_is_not_called_removed(run: Run, book: Logbook) -> None:
    """The tail may have been rewritten, or the seal misread."""
    book.append([make_report()], "M", NOW)
    result = run("verify", "--seal", "8K2M-Q7XR-ZZ3A-01TB")
    assert (result.code, "changed or taken away" in result.out) == (3, True)
    assert "misread" in result.out


def test_a_file_that_is_not_there_can_not_be_vouched_for(run: Run, tmp_path: Path) -> None:
    assert run("verify", str(tmp_path / "none.jsonl")).code == 1
    assert run("verify", str(tmp_path)).code == 1


def test_of_many_erasures_the_first_are_named_and_the_rest_counted(run: Run, book: Logbook) -> None:
    book.append([make_report()] * 25, "M", NOW)
    run("erase", "--client", "MB", "--reason", "x", "--yes")
    told = run("verify").out
    assert told.count("erased") == 20
    assert "5 more erasures" in told
