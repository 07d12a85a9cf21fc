"""Old lines of nobody reached that stand as told: the desk asks once, and keeps the answer."""

import pytest

from nearmiss.commands.add import ask_about_doubted
from nearmiss.commands.desk import Sight
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields
from nearmiss.records.waiting import list_doubted
from nearmiss.session import Session
from tests.commands.conftest import read
from tests.conftest import NOW, Run, make_report
from tests.interview.carer import Answer, Carer

LINE = "council, phone, no answer"


@pytest.fixture
def old(book: Logbook) -> str:
    """A report as it was written when nothing was asked, with a follow-up; its id."""
    one = book.append([make_report(informed=["daughter, phone", LINE])], "Maria", NOW).ids[0]
    book.append([FollowUpFields(about=one, informed=["GP, will ring later"])], "Maria", NOW)
    return one


def ask(session: Session, *answers: Answer) -> None:
    carer = Carer(*answers)
    session.asker = carer
    sight = Sight(session)
    sight.look()
    for each in list_doubted(sight.seen.records):
        ask_about_doubted(session, each)
    carer.finish()


def test_who_was_not_reached_is_put_right_and_is_not_asked_about_again(
    session: Session, old: str, run: Run
) -> None:
    assert f'stands as told: "{LINE}". Was anybody reached?' in run().out
    ask(session, (LINE, "n"), ("will ring later", "n"))
    record = read(session, old)
    assert record.informed == ["daughter, phone"]
    assert [each.who for each in record.tried] == [(LINE,), ("GP, will ring later",)]
    assert "Was anybody reached?" not in run().out
    ask(session)
    shown = run("show", old).out
    assert f'Reason: Asked later. Not reached: "{LINE}"' in " ".join(shown.split())


def test_who_was_reached_all_the_same_stays_told_and_is_not_asked_about_again(
    session: Session, old: str, run: Run
) -> None:
    ask(session, (LINE, "y"), ("will ring later", "y"))
    record = read(session, old)
    assert record.informed == ["daughter, phone", LINE, "GP, will ring later"]
    assert record.tried == ()
    ask(session)
    assert "Was anybody reached?" not in run().out
    assert record.corrections[0].reason == f'Asked later. Reached: "{LINE}"'


def test_where_nobody_was_reached_the_desk_says_so_again(session: Session, book: Logbook) -> None:
    one = book.append([make_report(informed=[LINE])], "Maria", NOW).ids[0]
    ask(session, (LINE, "n"))
    record = read(session, one)
    assert (record.informed, record.told_at) == ([], None)
    sight = Sight(session)
    sight.look()
    assert "nobody has been told yet" in sight.describe()[0]


def test_what_was_asked_as_it_was_written_is_not_asked_about(
    session: Session, book: Logbook
) -> None:
    asked = make_report(informed=[LINE], tried=[])
    one = book.append([asked, make_report(informed=["son, phone"])], "Maria", NOW).ids[0]
    book.append([FollowUpFields(about=one, informed=[LINE], told_of=["event"])], "Maria", NOW)
    ask(session)
