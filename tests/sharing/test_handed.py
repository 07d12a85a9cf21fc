"""Whether a paper was handed over is asked until it is known, and noted with the right bytes."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nearmiss.commands.desk import Sight
from nearmiss.logbook.beside import Notes
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Disclosure
from nearmiss.options import HandingOptions
from nearmiss.records.find import Filters
from nearmiss.session import Session
from nearmiss.sharing.hand_over import hand_over
from nearmiss.sharing.handed import ask_whether_handed, list_papers
from nearmiss.sharing.request import Workplace, read_request
from tests.conftest import NOW, Run, make_report
from tests.documents.pages import read_text
from tests.interview.carer import Answer, Carer
from tests.interview.terminal import CTRL_C, Terminal, name_carer

ASKED = "Did you hand the meeting pack about MB to Sue?"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, book: Logbook) -> Path:
    """Work in a folder of our own, with a carer and one report."""
    monkeypatch.chdir(tmp_path)
    name_carer(home)
    book.append([make_report(informed=["GP"])], "Maria, carer", NOW)
    return tmp_path


def make_pack(answer: str) -> Path:
    session = Session()
    carer = Carer(("Who will see it?", "Sue"), ("Has MB agreed", "y"), (ASKED, answer))
    request = read_request(
        "meeting", "pdf", "family", HandingOptions(output="pack.pdf"),
        references=(), filters=Filters(), today=session.now().date(),
    )  # fmt: skip
    hand_over(request, replace(session.workplace, asker=carer))
    carer.finish()
    return Path("pack.pdf")


def leave_unanswered() -> Path:
    """Make a pack at a terminal, and press Ctrl-C where it is asked whether it was handed over."""
    terminal = Terminal("print", "--meeting", "-o", "pack.pdf")
    terminal.answer("Who will see it?", "Sue")
    terminal.answer("Has MB agreed", "y")
    terminal.answer(ASKED, "", ends=CTRL_C)
    terminal.finish()
    return Path("pack.pdf")


def test_the_telephone_is_asked_where_a_page_needs_it(run: Run, home: Path) -> None:
    (home / "config" / "settings.toml").write_text('name = "Maria"\n')
    for number, times in (("", 0), ("020 7946 0000", 1)):
        terminal = Terminal("print", "--meeting", "-o", f"{times}.pdf")
        terminal.answer("Your telephone, for the page?", number)
        terminal.answer("Who will see it?", "")
        terminal.answer("Has MB agreed", "y")
        terminal.finish()
        text = " ".join(read_text(Path(f"{times}.pdf").read_bytes()).split())
        assert text.count("020 7946 0000") >= times
    assert "phone: 020 7946 0000" in run("setup").out
    make_pack("n")  # asks for no number


@pytest.fixture
def session(home: Path) -> Session:
    return Session()


def answer(session: Session, *answers: Answer) -> None:
    """Answer what is asked of each paper that is remembered."""
    session.asker = carer = Carer(*answers)
    work = session.workplace
    work = Workplace(work.book, work.settings, work.paths, work.now, carer)
    for paper in list_papers(Notes(work.paths.state, work.book.path)):
        ask_whether_handed(work, paper)
    carer.finish()


def list_noted(book: Logbook) -> list[Disclosure]:
    return [each for each in book.read_forward() if isinstance(each, Disclosure)]


@pytest.mark.parametrize("make", [lambda: make_pack("not yet"), leave_unanswered])
def test_not_yet_is_remembered_and_noted_once_it_is_so(
    run: Run, home: Path, book: Logbook, make: Callable[[], Path]
) -> None:
    pack = make()
    made = hashlib.sha256(pack.read_bytes()).hexdigest()
    (kept,) = (home / "state" / "papers").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert "rug" not in kept.read_text()
    assert "The meeting pack about MB, made " in run().out
    answer(Session(), (ASKED, "not yet"))
    assert list_noted(book) == []
    answer(Session(), (ASKED, "y"))
    (noted,) = list_noted(book)
    assert (noted.recipient, noted.sha256, noted.basis) == ("Sue", made, "client_agreed")
    assert "handed to Sue" not in run().out
    answer(Session())


def test_no_is_remembered_too(run: Run, book: Logbook) -> None:
    make_pack("n")
    assert "handed to Sue" not in run().out
    answer(Session())
    assert list_noted(book) == []


@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_is_not_as_it_was_is_told(book: Logbook, gone: bool) -> None:
    pack = make_pack("not yet")
    made = hashlib.sha256(pack.read_bytes()).hexdigest()
    if gone:
        pack.unlink()
    else:
        pack.write_bytes(b"another")
    session = Session()
    answer(session, (ASKED, "y"))
    told = session.asker.put[0].help  # type: ignore[attr-defined]
    assert ("no longer in" if gone else "was changed since") in told
    assert "as it was made" in told
    assert [each.sha256 for each in list_noted(book)] == [made]


def test_the_desk_asks_and_the_meeting_can_be_told_of_on_the_same_day(book: Logbook) -> None:
    make_pack("not yet")
    terminal = Terminal()
    terminal.answer(ASKED, "y")
    terminal.see("Noted in the logbook: handed to Sue.")
    terminal.answer("What would you like to do?", "3")
    terminal.answer("With which report?", "a")  # reports have their numbers, as without papers
    terminal.answer("The pack was handed to Sue", "1")
    terminal.see("On which day was the meeting?")
    terminal.child.close(force=True)
    sight = Sight(Session())
    sight.look()
    assert [each.client for each in sight.meetings] == ["MB"]
    assert not any(each.need == "meeting" for each in sight.waiting)  # it is asked from tomorrow on
