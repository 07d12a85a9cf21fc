"""The mark: a book cut short is noticed, and no number is used twice."""

import shutil
from pathlib import Path

import pytest

from nearmiss.logbook.beside import name_book
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.mark import Marks
from nearmiss.model.entries import Report
from tests.conftest import NOW, Run, make_report
from tests.interview.terminal import Terminal, name_carer

REPORT = make_report().model_dump_json()


def write(run: Run, count: int = 1) -> list[str]:
    result = run("log", "--json", "-", given="\n".join([REPORT] * count))
    assert result.code == 0, result.err
    return result.out.split()


def cut(book: Logbook, lines: int) -> None:
    kept = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join(kept[:-lines] if lines else kept))


def test_a_shortened_book_is_noticed_and_its_numbers_are_not_used_again(
    run: Run, book: Logbook
) -> None:
    ids = write(run, 4)
    cut(book, 2)
    told = f"The logbook ends at {ids[1]}. On this computer it went up to {ids[3]}."
    assert told in run("list").err
    found = run("verify")
    assert found.code == 3
    assert f"entries {ids[2]} to {ids[3]}" in found.out
    result = run("log", "--json", "-", given=REPORT)
    assert (result.out.strip(), told in result.err) == (f"{ids[0][:4]}-0005", True)
    after = run("verify")
    assert after.code == 0
    assert f"entries {ids[2]} to {ids[3]} were already gone when {ids[0][:4]}-0005" in after.out
    assert run("list").err == ""


def test_another_entry_in_the_place_of_the_last_is_noticed(run: Run, book: Logbook) -> None:
    write(run, 2)
    cut(book, 1)
    book.append([make_report(client="ZZ")], "Somebody", NOW)
    assert "no longer holds" in run("list").err
    found = run("verify")
    assert (found.code, "Missing at the end" in found.out) == (3, False)


def test_what_did_not_fit_stays_known_after_writes_until_the_book_holds_it(
    run: Run, book: Logbook
) -> None:
    last = write(run, 2)[-1]
    held = book.path.read_bytes()
    cut(book, 1)
    book.append([make_report(client="ZZ")], "Somebody", NOW)
    write(run)
    write(run)
    found = run("verify")
    assert (found.code, f"no longer holds {last}" in found.out) == (3, True)
    assert run("erase", "1", "--reason", "x", "--yes").code == 0
    assert f"no longer holds {last}" in run("verify").out
    book.path.write_bytes(held)
    assert f"no longer holds {last}" not in run("verify").out


def test_a_book_that_is_gone_is_said(run: Run, book: Logbook) -> None:
    last = write(run, 2)[-1]
    book.path.unlink()
    assert f"went up to {last}" in run("list").err
    assert run("verify").code == 3
    assert run("--new-book", "log", "--json", "-", given=REPORT).code == 0
    found = run("verify")
    assert (found.code, f"another logbook stood here, which went up to {last}" in found.out) == (
        0,
        True,
    )
    assert f"another logbook, up to {last}" in run("where").out


def test_a_restored_older_backup_is_told_and_numbers_go_on_after_the_mark(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    write(run)
    copy = tmp_path / "old.jsonl"
    run("backup", str(copy))
    last = write(run, 2)[-1]
    book.path.unlink()
    assert "an older backup was put back" in run("restore", str(copy)).err
    assert "an older backup was put back" in run("list").err
    assert write(run) == [f"{last[:4]}-0004"]


def test_a_copy_on_another_path_is_not_held_against_the_mark(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    write(run, 2)
    copy = tmp_path / "copy.jsonl"
    shutil.copy(book.path, copy)
    cut(Logbook(copy), 1)
    result = run("--logbook", str(copy), "list")
    assert result.err == ""
    assert "This copy ends at" in run("verify", str(copy)).out
    assert run("verify", str(copy)).code == 0
    # Both have the tag: what was on paper from one must not mean another page in the other.
    assert run("--logbook", str(copy), "log", "--json", "-", given=REPORT).out.endswith("-0003\n")


def test_a_book_that_another_computer_went_on_with_is_in_order(run: Run, book: Logbook) -> None:
    write(run, 2)
    book.append([make_report()] * 3, "Sue", NOW)
    assert run("list").err == ""
    assert run("verify").code == 0
    assert write(run)[0].endswith("-0006")


def test_a_mark_that_can_not_be_kept_stops_nothing(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "state").write_text("in the way")
    assert len(write(run, 2)) == 2
    assert run("list").err == ""


def test_help_and_guide_do_not_look_at_the_book(run: Run, book: Logbook) -> None:
    write(run, 2)
    cut(book, 1)
    for arguments in (("--help",), ("guide",), ("log", "--help")):
        assert "The logbook ends at" not in run(*arguments).err


def test_a_cut_off_save_is_named_as_the_likely_cause(run: Run, book: Logbook) -> None:
    last = write(run, 2)[-1]
    data = book.path.read_bytes()
    book.path.write_bytes(data[:-30])
    assert "Line 3 of the logbook can't be read" in run("list").err
    result = run("log", "--json", "-", given=REPORT)
    assert ".torn-" in result.err
    assert result.out.strip().endswith("-0003")
    cut(book, 1)
    assert f"went up to {last[:4]}-0003" in run("list").err
    assert "What a cut-off save left is in" in run("list").err


def test_damaged_lines_keep_their_numbers_and_are_no_gap(run: Run, book: Logbook) -> None:
    write(run, 3)
    lines = book.path.read_bytes().splitlines(keepends=True)
    book.path.write_bytes(b"".join(lines[:3]) + lines[3].replace(b'"digest"', b'"diges*"'))
    assert "ends at" not in run("list").err
    assert write(run)[0].endswith("-0004")


def test_a_book_cut_back_to_its_first_line_is_not_empty_for_a_restore(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    write(run, 2)
    cut(book, 2)
    other = Logbook(tmp_path / "other.jsonl")
    other.append([make_report(client="JS")], "Ann", NOW)
    run("import", str(other.path))
    entries = list(book.read_forward())
    assert next(each.id for each in entries if isinstance(each, Report)).endswith("-0003")


def test_a_restore_without_a_mark_asks_for_what_stands_on_paper(
    run: Run, home: Path, book: Logbook, tmp_path: Path
) -> None:
    other = Logbook(tmp_path / "backup.jsonl")
    last = other.append([make_report()], "M", NOW).ids[0]
    told = run("restore", str(other.path)).err
    assert f"This backup ends at {last}" in told
    assert "--after NUMBER" in told
    assert run("restore", str(other.path), "--after", "41").code == 0
    assert write(run) == [f"{last[:4]}-0042"]
    assert run("verify").code == 0


def test_a_restore_with_the_highest_number_given_says_no_more_of_it(
    run: Run, tmp_path: Path
) -> None:
    other = Logbook(tmp_path / "backup.jsonl")
    last = other.append([make_report()], "M", NOW).ids[0]
    assert "--after" not in run("restore", str(other.path), "--after", "7").err
    assert run("list").err == ""
    assert write(run) == [f"{last[:4]}-0008"]


def test_who_writes_while_the_book_is_looked_at_makes_no_gap(
    home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is read before the book is measured: the book can only be further on."""
    own = Logbook(book.path, home / "state" / "marks")
    own.append([make_report()], "M", NOW)
    read = Marks.read

    def write_meanwhile(marks: Marks) -> object:
        monkeypatch.setattr(Marks, "read", read)  # whose own look is the other's
        found = read(marks)
        own.append([make_report()], "M", NOW)
        return found

    monkeypatch.setattr(Marks, "read", write_meanwhile)
    assert own.look().gap is None


def test_a_number_that_a_copy_took_is_told_as_that_and_not_as_gone(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    first = write(run)[0]
    copy = tmp_path / "copy.jsonl"
    shutil.copy(book.path, copy)
    assert run("--logbook", str(copy), "log", "--json", "-", given=REPORT).code == 0
    assert write(run)[0].endswith("-0003")
    found = run("verify")
    taken = f"entry {first[:4]}-0002 was given out in another copy of this book"
    assert (found.code, taken in found.out, "already gone" in found.out) == (0, True, False)


def test_what_is_gone_is_told_by_the_desk_until_it_was_answered(
    run: Run, home: Path, book: Logbook
) -> None:
    name_carer(home)
    ids = write(run, 3)
    cut(book, 2)
    write(run)
    said = f"Entries {ids[1]} to {ids[2]} were in this logbook and are gone."
    assert said in run().out
    terminal = Terminal()
    terminal.answer("Did you know?", "y")
    terminal.see("7 Leave")
    terminal.type("7")
    terminal.finish()
    assert said not in run().out
    assert run("verify").code == 0


def test_a_whole_book_that_is_gone_is_told_by_the_desk(run: Run, book: Logbook) -> None:
    last = write(run)[0]
    book.path.unlink()
    run("--new-book", "log", "--json", "-", given=REPORT)
    assert f"Another logbook stood here before, up to {last}." in run().out


def test_a_conflicted_copy_is_named_with_what_it_holds_until_it_is_taken_in(
    run: Run, book: Logbook
) -> None:
    write(run)
    copy = book.path.with_name("logbook (Maria's conflicted copy).jsonl")
    shutil.copy(book.path, copy)
    assert copy.name not in run("where").out
    Logbook(copy).append([make_report(location="STAIRS")] * 2, "M", NOW)
    copy.with_name("a link to nothing.jsonl").symlink_to("nothing")  # hides no other
    write(run)
    for command in ((), ("where",), ("verify",)):
        out = run(*command).out
        assert f"{copy} holds 2 entries of this book that are not in it" in out, out
    taken = run("import", str(copy))
    assert taken.code == 0, taken.err
    assert "Given out twice" in taken.err
    for command in ((), ("where",), ("verify",)):
        assert "not in it" not in run(*command).out


def test_copies_of_odd_names_are_named_after_what_presses_and_in_five_lines(
    run: Run, book: Logbook
) -> None:
    names = ["LOGBOOK.JSONL", "logbook.bak", "logbook.jsonl.bak", "logbook (1).jsonl.tmp", "a\nb"]
    ids = write(run)
    for name in names:
        copy = book.path.with_name(name if "." in name else f"{name}.jsonl")
        shutil.copy(book.path, copy)
        Logbook(copy).append([make_report(location=name.strip("\n").replace("\n", ""))], "M", NOW)
    for command in (("where",), ("verify",)):
        out = run(*command).out
        assert out.count("that is not in it") == len(names), out
        assert "a\\nb.jsonl' holds 1 entry" in out
        assert "To take in, give it a plain name, then: nearmiss import FILE" in out
    lines = run().out.splitlines()[1:]
    assert ids[0] in lines[0]
    assert len(lines) == 6
    assert lines[-1].endswith("more beside the book: nearmiss where")
    for each in ids:
        run("follow-up", each, "--informed", "GP")
    lines = run().out.splitlines()[1:]
    assert "that is not in it" in lines[0]


def test_another_spelling_is_the_same_book_where_the_disk_takes_it_so(
    run: Run, home: Path, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(run)

    def is_same(one: Path, other: Path) -> bool:
        return str(one).casefold() == str(other).casefold()

    monkeypatch.setattr(Path, "samefile", is_same)
    assert name_book(book.path.with_name("LOGBOOK.jsonl")) == name_book(book.path)
