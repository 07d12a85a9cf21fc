"""What another carer's book may do here: nothing to what was written here, and in its own name."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, FollowUpFields, Report
from tests.conftest import NOW, TODAY, Run, make_report
from tests.interview.terminal import Terminal, name_carer


@pytest.fixture
def own(home: Path, book: Logbook) -> str:
    """The id of the only report here."""
    name_carer(home)
    return book.append([make_report()], "Maria, carer", NOW).ids[0]


def copy_report(book: Logbook, path: Path, **changes: str) -> tuple[Logbook, str]:
    """Write a whole book of Eve's that says it took in the only report of ``book``."""
    report = json.loads(book.path.read_text().splitlines()[1])
    origin = {
        "origin_id": report["id"],
        "origin_recorded_at": report["recorded_at"],
        "origin_recorded_by": report["recorded_by"],
        "origin_seal": report["seal"],
    }
    eve = Logbook(path)
    made = [(make_report(**changes), origin)]
    return eve, eve.append_made(lambda first: made, "Eve, neighbour", NOW).ids[0]


def test_an_import_undone_elsewhere_withdraws_nothing_at_home(
    run: Run, own: str, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ana:
        ana.setenv("NEARMISS_HOME", str(tmp_path / "ana"))
        assert run("--new-book", "import", str(book.path)).code == 0
        assert run("import", "--undo", "1").code == 0
        there = Logbook(tmp_path / "ana" / "logbook.jsonl")
        there.append([make_report(client="KT")], "Ana", NOW)
    taken = run("import", str(there.path))
    assert (taken.code, len(taken.out.split())) == (0, 1), taken.err
    assert "twice" not in taken.err
    assert {row["status"] for row in run("list", "--json").rows} == {"open"}


@pytest.mark.parametrize(("key", "status"), [("n", "open"), ("y", "withdrawn"), ("", "open")])
def test_what_would_withdraw_an_own_report_is_named_and_asked(
    run: Run, own: str, book: Logbook, tmp_path: Path, key: str, status: str
) -> None:
    eve, copied = copy_report(book, tmp_path / "eve.jsonl")
    gone = CorrectionFields(about=copied, withdraws=True, reason="Never happened")
    eve.append([gone], "Eve, neighbour", NOW)
    if key:
        terminal = Terminal("import", str(eve.path))
        terminal.answer("Take that in too?", key)
        terminal.finish()
    else:
        taken = run("import", str(eve.path))
        assert f'{own}: Eve, neighbour withdraws it ("Never happened")' in taken.err
    assert [row["status"] for row in run("list", "--all", "--json").rows] == [status]
    if key == "y":
        assert run("import", "--undo", "2").code == 0
        assert [row["status"] for row in run("list", "--json").rows] == ["open"]


def test_what_ends_a_part_of_an_own_report_is_said_and_stands_on_its_page(
    run: Run, own: str, book: Logbook, tmp_path: Path
) -> None:
    step = FollowUpFields(about=own, next_step="Ring the OT", changed="Rug gone")
    (noted,) = book.append([step], "Maria, carer", NOW).ids
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(book.path.read_bytes())
    ended = FollowUpFields(about=own, ends=noted, next_done=True, undoes=noted, closes=True)
    Logbook(copy).append([ended], "Eve, neighbour", NOW)
    tried = run("import", str(copy), "--dry-run")
    told = f"{own}: closes it; a step is done; a change holds no longer (written by Eve, neighbour)"
    assert (told in tried.err, "--reopen" in tried.err) == (True, False), tried.err
    taken = run("import", str(copy))
    assert told in taken.err
    assert f"Not so? To open it again: nearmiss follow-up {own} --reopen" in taken.err
    page = " ".join(run("export", own, "--format", "txt", "-o", "-").out.split())
    assert "Closed 14 Apr 2026 by Eve, neighbour" in page
    assert "by Eve" not in run("print", own, "--format", "txt", "-o", "-").out
    assert run("follow-up", own, "--reopen").code == 0
    assert run("list", "--json").rows[0]["status"] == "open"


def test_what_a_book_says_of_another_is_shown_as_its_word(
    run: Run, own: str, book: Logbook, tmp_path: Path
) -> None:
    eve, copied = copy_report(book, tmp_path / "eve.jsonl", what_nearly_happened="He was drunk.")
    run("import", str(eve.path))
    by = f"Maria (by Eve's book {copied[:4]}), carer"
    assert run("show", "last", "--json").rows[0]["recorded_by"] == by
    page = " ".join(run("export", "--client", "MB", "--format", "txt", "-o", "-").out.split())
    assert f"on Maria's papers {own} by Eve's book" in page
    assert f"Written 21:40, by {by}" in page
    assert "What I observed" not in page
    assert run("verify").code == 0


def test_another_book_of_the_same_name_is_refused(run: Run, own: str, tmp_path: Path) -> None:
    eve = Logbook(tmp_path / "eve.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nearmiss.logbook.book.new_tag", lambda: own[:4])
        eve.append([make_report(client="KT")], "Maria, carer", NOW)
    refused = run("import", str(eve.path))
    assert (refused.code, "is no copy of it" in refused.err) == (1, True)


def test_a_clock_that_was_ahead_has_no_say_over_what_is_written_here(
    run: Run, own: str, tmp_path: Path
) -> None:
    ana, year = Logbook(tmp_path / "ana.jsonl"), TODAY + timedelta(days=366)
    report = ana.append([make_report(client="KT")], "Ana", year).ids[0]
    ana.append([FollowUpFields(about=report, closes=True)], "Ana", year)
    taken = run("import", str(ana.path))
    assert "lies ahead, by its clock" in taken.err
    first, closing = taken.out.split()
    assert run("show", first, "--json").rows[0]["status"] == "closed"
    run("follow-up", first, "--reopen")
    run("correct", first, "--where", "hall", "--reason", "x")
    row = run("show", first, "--json").rows[0]
    assert (row["status"], row["location"]) == ("open", "hall")
    assert f"entry {closing} was written on" in run("verify").out
    assert f"lies ahead, by its clock: {first} and {closing}" in run().out


@pytest.fixture
def rolled_back(own: str, book: Logbook) -> tuple[Path, str]:
    """A copy beside the book with a report that was lost here, and its number."""
    before = book.path.read_bytes()
    lost = Logbook(book.path, book.path.parent / "state" / "marks").append(
        [make_report(client="KT", location="stairs")], "Maria", NOW
    )
    copy = book.path.with_name("logbook (conflicted copy).jsonl")
    copy.write_bytes(book.path.read_bytes())
    book.path.write_bytes(before)
    return copy, lost.ids[0]


def test_a_number_that_was_lost_finds_the_page_that_a_copy_brought_back(
    run: Run, rolled_back: tuple[Path, str]
) -> None:
    copy, lost = rolled_back
    assert run("follow-up", "1", "--note", "Looked again").code == 0
    here = run("import", str(copy)).out.strip()
    assert here not in ("", lost)
    for typed in (lost, str(int(lost[5:]))):
        assert run("show", typed, "--json").rows[0]["id"] == here
    told = f"Taken in again from a copy: {lost} (here {here})."
    assert told in run("verify").out
    assert told in run().out


def test_erasing_names_the_copy_beside_that_holds_the_text_too(
    run: Run, rolled_back: tuple[Path, str]
) -> None:
    copy, _ = rolled_back
    here = run("import", str(copy)).out.strip()
    erased = run("erase", here, "--reason", "Asked for", "--yes")
    assert f"{copy} holds the text too" in erased.err
    again = run("import", str(copy))
    assert ("erased here" in again.err, "all of it is here" in again.err) == (True, False)


def test_words_about_what_was_erased_here_are_named_and_not_kept(
    run: Run, own: str, book: Logbook, tmp_path: Path
) -> None:
    bob = tmp_path / "bob.jsonl"
    assert run("--logbook", str(bob), "--new-book", "import", str(book.path)).code == 0
    about = next(each.id for each in Logbook(bob).read_forward() if isinstance(each, Report))
    burn = FollowUpFields(about=about, harm_found="a burn on the arm")
    (harm,) = Logbook(bob).append([burn], "Bob, carer", NOW).ids
    healed = CorrectionFields(about=harm, changes={"harm_found": "a burn"}, reason="x")
    (put,) = Logbook(bob).append([healed], "Bob, carer", NOW).ids
    assert run("erase", own, "--reason", "family asked", "--yes").code == 0
    before = book.path.read_bytes()
    taken = run("import", str(bob))
    named = f"{harm} (Bob, carer, 14 Apr 2026) and {put} (Bob, carer, 14 Apr 2026)."
    assert f"Left out and not kept, as it is about what was erased here: {named}" in taken.err
    assert ("burn" in taken.err, "here already" in taken.err) == (False, False)
    assert book.path.read_bytes() == before


def test_what_was_erased_in_another_book_is_said_and_never_that_it_is_here(
    run: Run, own: str, book: Logbook, tmp_path: Path
) -> None:
    ana = Logbook(tmp_path / "ana.jsonl")
    (report,) = ana.append([make_report(client="KT")], "Ana", NOW).ids
    early = tmp_path / "early.jsonl"
    early.write_bytes(ana.path.read_bytes())
    assert run("--logbook", str(ana.path), "erase", "1", "--reason", "x", "--yes").code == 0
    taken = run("import", str(ana.path))
    assert (
        "Nothing to add. 2 stay out: that book's own papers, erasures and imports taken back."
        in taken.err
    )
    assert f"Erased in that book: {report}." in taken.err
    here = run("import", str(early)).out.strip()
    assert "Nothing to add: all of it is here already." in run("import", str(early)).err
    assert f"Erased in that book: {report} (here {here})." in run("import", str(ana.path)).err
