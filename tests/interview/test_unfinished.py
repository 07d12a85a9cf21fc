"""Reports that were not finished: listed by number, gone on with, thrown away when asked."""

import errno
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nearmiss.dates.now import read_now
from nearmiss.interview.drafts import Drafts
from nearmiss.logbook.book import Logbook
from nearmiss.session import Session
from tests.conftest import LONDON, NOW, Run, make_report, moment
from tests.interview.terminal import CTRL_C, Terminal, name_carer

FULL = make_report().model_dump(exclude_none=True)


@pytest.fixture
def drafts(home: Path) -> Drafts:
    name_carer(home)
    return Drafts(home / "state" / "drafts", home / "logbook.jsonl")


def leave(drafts: Drafts, age: int, **answers: Any) -> Path:
    """Leave a draft that was last changed ``age`` seconds ago; return its file."""
    sitting = drafts.start()
    with moment(read_now() - timedelta(seconds=age), zone=LONDON):
        sitting.save(answers)
    sitting.leave()
    return sitting.path


def test_all_are_listed_by_number_and_one_is_gone_on_with(drafts: Drafts, run: Run) -> None:
    newest = leave(drafts, 60, client="MB", location="hall")
    when = FULL["occurred_at"]
    older = leave(drafts, 3 * 3600, client="KT", occurred_at=when, location="lounge")
    terminal = Terminal("log")
    terminal.see("1 MB, hall, just now")
    terminal.see("2 KT, lounge, 3 hours ago")
    terminal.see("Begin a new one")
    terminal.type("2")
    terminal.answer("4 of 10", "He slid", ends=CTRL_C)
    terminal.finish()
    assert json.loads(older.read_bytes())["unfinished"] == {"what_nearly_happened": "He slid"}
    assert json.loads(newest.read_bytes()).keys() == {"client", "location", "draft_written_at"}


def test_what_is_open_in_another_window_is_not_offered(drafts: Drafts) -> None:
    path = leave(drafts, 60, client="MB", location="hall")
    sitting = drafts.resume(path)
    terminal = Terminal("log")
    terminal.see("Was anyone hurt")
    terminal.child.send(CTRL_C)
    assert "MB, hall" not in terminal.finish()
    sitting.leave()
    assert path.exists()


def test_a_draft_is_shown_before_it_is_thrown_away(drafts: Drafts, run: Run) -> None:
    path = leave(drafts, 60, client="MB", location="hall", what_nearly_happened="He slid.")
    kept = Terminal("log", "--discard-draft")
    kept.see("What nearly happened: He slid.")
    kept.answer("Throw it away for good?", "n")
    assert "Nothing was thrown away" in kept.finish()
    assert path.exists()
    gone = Terminal("log", "--discard-draft")
    gone.answer("Throw it away for good?", "y")
    assert "Thrown away" in gone.finish()
    assert not path.exists()


def test_of_several_one_is_chosen(drafts: Drafts, run: Run) -> None:
    newest = leave(drafts, 60, client="MB")
    older = leave(drafts, 7200, client="KT")
    terminal = Terminal("log", "--discard-draft")
    terminal.answer("Which one is to be thrown away?", "2")
    terminal.see("Client: KT")
    terminal.answer("Throw it away for good?", "y")
    terminal.finish()
    assert newest.exists()
    assert not older.exists()


def test_without_a_terminal_it_must_be_said_which_and_that_one_is_sure(
    drafts: Drafts, run: Run
) -> None:
    newest = leave(drafts, 60, client="MB")
    older = leave(drafts, 7200, client="KT")
    for arguments, reason in (
        ((), "There are 2 drafts"),
        (("--yes",), "There are 2 drafts"),
        (("--draft", "2"), "add --yes"),
        (("--draft", "3", "--yes"), "There is no draft 3"),
        (("--draft", "0", "--yes"), "There is no draft 0"),
    ):
        refused = run("log", "--discard-draft", *arguments)
        assert (refused.code, refused.out) == (2, "")
        assert reason in refused.err
    assert newest.exists()
    assert older.exists()
    done = run("log", "--discard-draft", "--draft", "2", "--yes")
    assert done.code == 0, done.err
    assert "KT" in done.err
    assert newest.exists()
    assert not older.exists()
    assert run("log", "--discard-draft", "--yes").code == 0
    assert not newest.exists()
    assert "There is no draft" in run("log", "--discard-draft").err


def test_a_number_alone_throws_nothing_away(drafts: Drafts, run: Run) -> None:
    path = leave(drafts, 60, client="MB")
    assert run("log", "--draft", "1").code == 2
    assert path.exists()


@pytest.mark.parametrize("change", [{}, {"location": "hall"}, {"unfinished": {"informed": "son"}}])
@pytest.mark.parametrize("was_saving", [True, False])
def test_only_what_was_saved_whole_is_forgotten(
    drafts: Drafts, book: Logbook, change: dict[str, Any], was_saving: bool
) -> None:
    book.append([make_report()], "Maria", NOW)
    sitting = drafts.start()
    unfinished = change.pop("unfinished", None)
    sitting.save({**FULL, **change}, unfinished, is_saving=was_saving)
    sitting.leave()
    Session().forget_saved()
    assert sitting.path.exists() == (not was_saving or bool(change) or bool(unfinished))


def test_what_could_not_be_saved_from_a_file_can_be_thrown_away_too(
    drafts: Drafts, run: Run
) -> None:
    path = drafts.keep_input(b'{"client": "MB"}\n{"client": "KT"}\n')
    assert drafts.list_unfinished() == []
    done = run("log", "--discard-draft", "--yes")
    assert "what could not be saved" in " ".join(done.err.split())
    assert not path.exists()


def test_a_draft_that_is_no_text_is_no_reason_to_stop(drafts: Drafts) -> None:
    leave(drafts, 60, client="MB").write_bytes(b"\xff\x00")
    leave(drafts, 60, client="KT").write_bytes(b'{"client": ')
    terminal = Terminal("log")
    terminal.see("Was anyone hurt")
    terminal.child.send(CTRL_C)
    assert "Traceback" not in terminal.finish()


@pytest.mark.usefixtures("usual_day")
def test_the_age_of_a_draft_stands_in_it_and_an_older_draft_tells_none(
    drafts: Drafts, run: Run
) -> None:
    for written, client in ((None, "AB"), ("yesterday", "CD"), (7, "EF")):
        path = leave(drafts, 3600, client=client)
        kept = {"client": client, "draft_written_at": written}
        path.write_text(json.dumps({name: each for name, each in kept.items() if each}))
    newest = leave(drafts, 60, client="MB")
    older = leave(drafts, 7200, client="KT")
    assert [draft.path for draft in drafts.list_left()][:2] == [newest, older]
    assert "A report about KT was not finished (today, 07:00): choose 1" in run().out
    assert "A report about AB was not finished: choose 1\n" in run().out
    done = run("log", "--discard-draft", "--yes", "--draft", "2")
    assert "Thrown away: KT, 2 hours ago." in done.err
    done = run("log", "--discard-draft", "--yes", "--draft", "2")
    assert "hours ago" not in done.err


def test_what_a_draft_holds_beside_its_answers_is_no_fault_in_a_report(
    drafts: Drafts, run: Run
) -> None:
    path = leave(drafts, 60, **FULL)
    assert run("log", "--json", str(path)).code == 0
    assert not path.exists()


def test_what_cannot_be_removed_is_not_said_to_be_thrown_away(
    drafts: Drafts, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = leave(drafts, 60, client="MB")

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EACCES, "")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        done = run("log", "--discard-draft", "--yes")
    assert done.code == 1
    assert "Thrown away" not in done.err
    assert "not allowed" in done.err
    assert str(path) in done.err.replace("\n", "")
    sitting = drafts.resume(path)
    assert "another window" in drafts.discard(path)
    sitting.leave()
    assert path.exists()


def test_two_at_once_have_a_draft_each(drafts: Drafts) -> None:
    paths = {leave(drafts, 60, client=client) for client in ("MB", "KT")}
    assert len(paths) == 2


def test_where_nothing_can_be_kept_that_is_said_as_it_stops(home: Path) -> None:
    name_carer(home)
    (home / "state").write_text("in the way")
    terminal = Terminal("log")
    terminal.answer("might they be?", "n")
    terminal.answer("Who was it?", "MB")
    terminal.see("Your answers can't be kept as a draft: part of its path is not a folder.")
    terminal.see("When did it happen?")
    terminal.child.send(CTRL_C)
    said = terminal.finish()
    assert "Nothing is kept: part of its path is not a folder" in said
    assert "Thrown away" not in said


def test_reports_that_could_not_be_saved_at_once_are_on_the_desk_and_shown(
    run: Run, home: Path, book: Logbook
) -> None:
    book.append([make_report()], "M", NOW)
    reports = [
        make_report(client=each, what_nearly_happened=f"{each} slid") for each in ("JS", "KT")
    ]
    Drafts(home / "state" / "drafts", book.path).keep_input(
        "".join(f"{each.model_dump_json()}\n" for each in reports).encode()
    )
    assert "(JS, JS slid; KT, KT slid)" in run().out
    assert "(JS, JS slid; KT, KT slid)" in run("log", "--discard-draft", "--yes").err
