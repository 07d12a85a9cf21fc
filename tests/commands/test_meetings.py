"""After a meeting: the desk asks once what was agreed, and the next pack begins with it."""

from datetime import timedelta

import pytest

from nearmiss.commands.desk import Sight
from nearmiss.commands.meeting import ask_about_meeting
from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import FollowUpFields
from nearmiss.records.handed import Meeting
from nearmiss.session import Session
from nearmiss.terminal.asking import Stopped
from tests.commands.conftest import make_handing_over
from tests.conftest import LONDON, NOW, TODAY, Run, make_report, moment
from tests.interview.carer import Answer, Carer

ASKED = "The meeting about MB: what was agreed?"


@pytest.fixture
def pack(book: Logbook) -> str:
    """A book with two ideas and an open step, and a pack handed over yesterday; its report."""
    report = make_report(informed=["son"], recommendations=["Ask about the rug", "A stair gate"])
    one = book.append([report], "Maria, carer", NOW).ids[0]
    yesterday = TODAY - timedelta(days=1)
    step = FollowUpFields(about=one, next_step="Ring the OT", next_who="me")
    with moment(yesterday, zone=LONDON):
        book.append([step, make_handing_over(one)], "Maria, carer", yesterday)
    return one


def find_meetings(session: Session) -> list[Meeting]:
    sight = Sight(session)
    sight.look()
    return sight.meetings


def go_through(session: Session, *answers: Answer) -> None:
    (meeting,) = find_meetings(session)
    carer = Carer(*answers)
    session.asker = carer
    ask_about_meeting(session, meeting)
    carer.finish()


def test_it_is_a_line_from_the_next_day_on(pack: str, run: Run, session: Session) -> None:
    assert f"{ASKED} (pack of " in run().out
    with moment(TODAY - timedelta(days=1), zone=LONDON):
        assert ASKED not in run().out
    with moment(TODAY + timedelta(days=120), zone=LONDON):
        assert ASKED not in run().out


def test_there_was_no_meeting_ends_the_asking(pack: str, run: Run, session: Session) -> None:
    go_through(session, (ASKED, "3"))
    assert ASKED in run().out
    go_through(session, (ASKED, "2"))
    assert ASKED not in run().out


def test_what_was_agreed_and_declined_is_saved_and_the_next_pack_begins_with_it(
    pack: str, run: Run, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    go_through(
        session,
        (ASKED, "1"),
        ("On which day was the meeting?", "yesterday"),
        ("To do: Ring the OT", "1"),
        ("Who does it?", "Sue"),
        ("By which day?", "in 2 weeks"),
        ("Idea: Ask about the rug", "1"),
        ("Who does it?", ""),
        ("By which day?", ""),
        ("Idea: A stair gate", "2"),
        ("Was anything else agreed?", "A key safe"),
        ("Who does it?", "the son"),
        ("By which day?", ""),
        ("Was anything else agreed?", ""),
    )
    said = capsys.readouterr().err
    assert "Agreed: Ring the OT (Sue), by " in said
    assert "3 things agreed" in said
    assert ASKED not in run().out
    (row,) = run("show", pack, "--json").rows
    day = (TODAY - timedelta(days=1)).date().isoformat()
    steps = {each["text"]: each for each in row["next_steps"]}
    assert steps.keys() == {"Ring the OT", "Ask about the rug", "A key safe"}
    assert {each["agreed_on"] for each in steps.values()} == {day}
    assert steps["Ring the OT"]["who"] == "Sue"
    assert "Declined at the meeting of " in run("show", pack).out
    run("follow-up", pack, "--done", "--ends", steps["Ring the OT"]["id"])
    page = run("print", "--meeting", "--format", "txt", "-o", "-").out
    last = page.split("Last time (")[1].partition("talk about")[0]
    assert "we agreed" in last
    assert "Ring the OT (someone else), by " in last  # it is the family's
    assert ": done" in last
    assert "Ask about the rug: not yet" in last
    assert page.index("Last time (") < page.index("In short")


def test_what_is_done_already_is_noted_and_a_declined_step_stands_no_longer(
    pack: str, run: Run, session: Session
) -> None:
    begin = ((ASKED, "1"), ("On which day", "yesterday"))
    go_through(
        session,
        *begin,
        ("To do: Ring the OT", "2"),
        ("Idea: Ask", "3"),
        ("Idea: A stair gate", "3"),
        ("Was anything else", ""),
    )
    (row,) = run("show", pack, "--json").rows
    assert not row.get("next_steps")
    assert ASKED not in run().out


def test_what_was_stopped_goes_on_with_what_is_left(pack: str, run: Run, session: Session) -> None:
    (meeting,) = find_meetings(session)
    session.asker = Carer(
        (ASKED, "1"),
        ("On which day", "yesterday"),
        ("To do: Ring the OT", "4"),
        ("Idea: Ask about the rug", "2"),
        ("Idea: A stair gate", Stopped()),
    )
    with pytest.raises(KeyboardInterrupt):
        ask_about_meeting(session, meeting)
    assert ASKED in run().out
    go_through(
        session,
        (ASKED, "1"),
        ("On which day", "yesterday"),
        ("Idea: A stair gate", "3"),
        ("Was anything else", ""),
    )


def test_what_was_begun_about_a_report_before_is_not_lost_by_a_meeting(
    pack: str, session: Session
) -> None:
    begun = {"step": {"next_step": "Begun before"}, "note": {"note": "Begun before"}}
    for adding, typed in begun.items():
        sitting = session.drafts.start(pack, adding)
        sitting.save({}, typed)
        sitting.leave()
    go_through(
        session,
        (ASKED, "1"),
        ("On which day was the meeting?", "yesterday"),
        ("To do: Ring the OT", "1"),
        ("Who does it?", ""),
        ("By which day?", ""),
        ("Idea: Ask about the rug", "2"),
        ("Idea: A stair gate", "3"),
        ("Was anything else agreed?", ""),
    )
    left = [each for each in session.drafts.list_later() if each.about == pack]
    assert {each.adding: each.unfinished for each in left} == begun


def test_what_could_not_be_saved_of_another_report_is_kept_as_of_that(
    pack: str, session: Session, book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = book.append([make_report(client="KT")], "Maria, carer", NOW).ids[0]

    def fail(*args: object) -> None:
        raise NearmissError("The disk is full.")

    monkeypatch.setattr(Logbook, "append_made", fail)
    with pytest.raises(NearmissError, match=f"nearmiss follow-up {other}"):
        go_through(
            session,
            (ASKED, "1"),
            ("On which day was the meeting?", "yesterday"),
            ("To do: Ring the OT", "3"),
            ("Idea: Ask about the rug", "3"),
            ("Idea: A stair gate", "3"),
            ("Was anything else agreed?", "A key safe for KT"),
            ("Who does it?", ""),
            ("By which day?", ""),
            ("Is it about MB?", "n"),
            ("Which report does it belong to?", "1"),
        )
    assert [each.about for each in session.drafts.list_later()] == [other]
