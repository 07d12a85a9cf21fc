"""What belongs to another client, or was put down wrongly: asked about, moved, written anew."""

import re
from collections.abc import Callable
from contextlib import nullcontext

import pytest

from nearmiss.commands.later import say_since
from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.erase import erase_reports
from nearmiss.model.entries import (
    CorrectionFields,
    FollowUpFields,
    IncidentFields,
)
from nearmiss.session import Session
from nearmiss.terminal.asking import Asked, GoBack, Stopped
from tests.commands.conftest import Say, read
from tests.commands.test_nine import END, MORE, WHAT, add, hand_over, list_waiting
from tests.conftest import NOW, Run, make_report
from tests.interview.carer import Carer

WHY = "Why does it no longer count?"
WRONG_PERSON = (WHAT, "9"), ("What is wrong?", "2"), (WHY, "1")
ABOUT = "This report is about MB. You wrote KT. Is it about MB?"


@pytest.fixture
def other(book: Logbook, one: str) -> str:
    """A report about KT, written after one about MB."""
    return book.append([make_report(client="KT", location="bath")], "Maria, carer", NOW).ids[0]


Said = Callable[[], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: " ".join(capsys.readouterr().err.split())


def test_another_client_in_a_follow_up_is_asked_about_once(
    session: Session, one: str, other: str, say: Say
) -> None:
    record = say(
        one,
        (WHAT, "1"),
        ("Who have you told?", "council about KT"),
        (ABOUT, "y"),
        (MORE, "7"),
        ("like to note", "KT's walking frame stood in the way"),
        (ABOUT, "y"),
        END,
    )
    assert record.informed == ["council about KT"]
    assert read(session, other).informed == []
    assert session.drafts.list_left() == []


def test_what_is_not_about_this_client_goes_to_the_other_report(
    session: Session, one: str, other: str, say: Say, said: Said
) -> None:
    record = say(
        one,
        (WHAT, "3"),
        ("What harm showed?", "KT has a bruise on her arm"),
        ("On which day was it seen?", "16 April 2026"),
        (ABOUT, "n"),
        ("Which report does it belong to?", "1"),
        END,
    )
    assert record.harm_found == ()
    assert [each.harm_found for each in read(session, other).harm_found] == [
        "KT has a bruise on her arm"
    ]
    assert f"It goes to {other}, KT." in said()
    assert session.drafts.list_left() == []
    assert other in list_waiting(session)[0]


def test_going_back_from_there_loses_nothing(
    session: Session, one: str, other: str, say: Say
) -> None:
    note = ("like to note", "KT did well")
    say(one, (WHAT, "7"), note, (ABOUT, "n"), ("Which report", GoBack()), (WHAT, "d"))
    (draft,) = session.drafts.list_later()
    assert draft.answers == {"note": "KT did well"}


def test_without_a_terminal_it_is_said_and_saved(
    run: Run, one: str, other: str, book: Logbook
) -> None:
    done = run("follow-up", one, "--informed", "council about KT", "--note", "8 AM, GP rang")
    assert done.code == 0
    tag = one.split("-", maxsplit=1)[0]
    assert f"{tag}-0003 is saved as about MB. You wrote KT." in done.err
    done = run("correct", one, "--where", "KT's room", "--reason", "Wrong room")
    assert f"{one} is saved as about MB. You wrote KT." in done.err
    assert "You wrote" not in run("follow-up", one, "--informed", "GP, at 8 AM").err
    given = {"--client": "MB", "--when": "yesterday 8pm", "--where": "hall", "--category": "other"}
    given |= {"--what": "Took KT's pills", "--prevented": "I saw it", "--action": "Put them away"}
    done = run("log", "--yes", *(word for pair in given.items() for word in pair))
    assert "is saved as about MB. You wrote KT." in done.err


def test_an_hour_put_right_is_of_the_day_that_the_report_has(
    session: Session, run: Run, one: str, say: Say
) -> None:
    report = read(session, one).report
    right = (WHAT, "9"), ("What is wrong?", "1"), ("Which answer is wrong?", "2")
    done = ("Which answer is wrong?", "d"), ("Why is it corrected?", "The wrong hour"), END
    now = say(one, *right, ("When did it happen?", "13.00"), *done).report.occurred
    assert (now.date(), now.hour) == (report.occurred.date(), 13)
    assert run("correct", one, "--when", "2pm", "--reason", "No, an hour later").code == 0
    now = read(session, one).report.occurred
    assert (now.date(), now.hour) == (report.occurred.date(), 14)


def test_a_report_about_the_wrong_person_is_written_anew_for_the_right_one(
    session: Session, one: str, other: str, say: Say, said: Said, book: Logbook
) -> None:
    about = book.append(
        [make_report(informed=["daughter (Sue), phone, 8:40pm"], recommendations=["A mat"])],
        "Maria, carer",
        NOW,
    ).ids[0]
    hand_over(session, about)
    harm = add(session, FollowUpFields(about=about, harm_found="A bruise"))
    before = list_waiting(session)
    record = say(
        about,
        *WRONG_PERSON,
        ("Whose is it?", "MB"),
        ("Which MB?", GoBack()),
        ("Whose is it?", "kt"),
        ("KT, seen once", "y"),
        ("Write it anew about KT?", "y"),
        ("Who have you told?", "nobody yet"),
        ("This report is about KT. You wrote MB. Is it about KT?", "y"),
        ("Save this report?", "s"),
        ("Do any of these show the same hazard?", "l"),
        ("What next?", "4"),
    )
    assert record.withdrawn
    assert record.withdrawn.reason == "Written about the wrong person: it is about KT"
    new = next(iter(session.read_records()))
    assert (new.report.client, new.report.location) == ("KT", record.report.location)
    assert new.report.recommendations == ["A mat"]
    assert new.informed == []
    told = said()
    assert "Told about MB: daughter (Sue). Tell them it was not MB." in told
    assert f"{about} was handed to Sue" in told
    assert f"What was added to it no longer counts either: {harm}." in told
    assert any("Sue holds it on paper" in each for each in list_waiting(session))
    assert not any("Sue holds" in each for each in before)


def test_it_need_not_be_known_whose_it_is_nor_be_written_anew_now(
    session: Session, one: str, say: Say
) -> None:
    ways = WRONG_PERSON
    record = say(one, *ways, ("Whose is it?", "not known"), ("Write it anew?", "n"))
    assert record.withdrawn
    assert "not known" in record.withdrawn.reason
    assert session.drafts.list_left() == []


def test_it_can_wait_as_a_draft(session: Session, one: str, say: Say) -> None:
    ways = WRONG_PERSON
    say(one, *ways, ("Whose is it?", "JS"), ("Write it anew about JS?", "d"))
    (draft,) = session.drafts.list_unfinished()
    assert draft.answers["client"] == "JS"
    assert "A report about JS was not finished" in "\n".join(list_waiting(session))


def test_a_stop_at_the_last_question_keeps_what_was_filled_in(session: Session, one: str) -> None:
    session.asker = Carer(*WRONG_PERSON, ("Whose is it?", "JS"), ("Write it", Stopped()))
    with pytest.raises(KeyboardInterrupt):
        say_since(session, read(session, one))
    assert read(session, one).withdrawn
    (draft,) = session.drafts.list_unfinished()
    assert draft.answers["client"] == "JS"


def test_no_other_reader_learns_whose_it_is(run: Run, book: Logbook, one: str, say: Say) -> None:
    book.append([make_report()], "Maria, carer", NOW)
    ways = *WRONG_PERSON, ("Whose is it?", "QX")
    say(one, *ways, ("Write it anew", "n"))
    made = ("print", "--chronology", "--client", "MB", "--format", "txt", "-o", "-", "--for")
    assert "about QX" in run(*made, "own").out
    page = run(*made, "professional").out
    assert "Written about the wrong person" in page
    assert not re.search(r"\bQX\b", page)


def test_a_new_client_is_checked_and_the_old_name_pointed_out(
    session: Session, one: str, other: str, say: Say, said: Said
) -> None:
    add(session, FollowUpFields(about=one, informed=["son (Tom), phone"], note="MB slept well"))
    say(
        one,
        (WHAT, "9"),
        ("What is wrong?", "1"),
        ("Which answer", "1"),
        ("Who was it?", "kt"),
        ("KT, seen once", "y"),
        ("Which answer", "d"),
        ("Why is it corrected?", "Wrong person"),
        END,
    )
    record = read(session, one)
    assert record.report.client == "KT"
    told = said()
    assert "What nearly happened: this still says MB. Change it too?" in told
    assert f"MB still stands in: What nearly happened, {record.standing[0].id}" in told or (
        f"MB still stands in: What nearly happened and {record.standing[0].id}" in told
    )
    assert "Told about MB: son (Tom). If it was somebody else, tell them." in told


def test_a_report_is_not_turned_into_the_other_kind_but_written_anew(
    session: Session, book: Logbook, say: Say, said: Said
) -> None:
    fields = make_report(informed=["daughter"]).model_dump(exclude_none=True)
    fields["what_happened"] = fields.pop("what_nearly_happened")
    del fields["how_prevented"]
    incident = IncidentFields.model_validate({**fields, "injury": "None after all"})
    hurt = book.append([incident], "Maria, carer", NOW).ids[0]
    ask = "Withdraw it, and write it anew as a near miss?"
    say(hurt, (WHAT, "9"), ("What is wrong?", "3"), (ask, "n"), (WHAT, "d"))
    record = say(
        hurt,
        (WHAT, "9"),
        ("What is wrong?", "3"),
        (ask, "y"),
        ("Do they know that it was a near miss?", "y"),
        ("What stopped it?", "I held him"),
        ("Who have you told?", "daughter"),
        ("Save this report?", "s"),
        ("What next?", "4"),
    )
    told = said()
    assert "can't be made a near miss" in told
    assert "Told about MB: daughter. Tell them that it is now kept as a near miss." in told
    assert record.withdrawn
    assert record.withdrawn.reason == "It was a near miss, not an incident"
    new = next(iter(session.read_records()))
    assert not new.is_incident
    assert new.report.outcome == "I held him"
    assert new.informed == ["daughter"]


def test_who_was_told_of_a_near_miss_is_not_told_of_the_accident_without_a_word(
    session: Session, book: Logbook, say: Say
) -> None:
    one = book.append([make_report(informed=["daughter"])], "Maria, carer", NOW).ids[0]
    say(
        one,
        (WHAT, "9"),
        ("What is wrong?", "3"),
        ("Write it down now?", "y"),
        ("Withdraw it, and write it anew as an incident?", "y"),
        ("Do they know that it was an incident?", "n"),
        ("Who was hurt", "His wrist"),
        ("Who have you told?", ""),
        ("Save this report?", "s"),
        ("What next?", "4"),
    )
    assert next(iter(session.read_records())).informed == []


def test_closing_is_taken_back(session: Session, one: str, say: Say) -> None:
    add(session, FollowUpFields(about=one, closes=True))
    record = say(
        one,
        (WHAT, "9"),
        ("What is wrong?", "4"),
        ("What is wrong in it?", "1"),
        (WHY, "Too early"),
        END,
    )
    assert record.is_open


def withdraw(session: Session, report: str) -> None:
    session.book.append(
        [CorrectionFields(about=report, withdraws=True, reason="Twice")], "Ana", session.now()
    )


class Elsewhere(Carer):
    """A carer while another terminal does ``meanwhile`` as the last question is put."""

    def __init__(self, meanwhile: Callable[[], object], *answers: tuple[str, str]) -> None:
        super().__init__(*answers)
        self.meanwhile = meanwhile

    def ask(self, asked: Asked) -> str:
        if len(self._answers) == 2:
            self.meanwhile()
        return super().ask(asked)


@pytest.mark.parametrize("is_erased", [True, False])
@pytest.mark.parametrize(
    "ways",
    [
        ((WHAT, "7"), ("like to note", "Rang the GP")),
        (
            (WHAT, "9"),
            ("What is wrong?", "1"),
            ("Which answer", "3"),
            ("Where?", "Rang the GP"),
            ("Which answer", "d"),
            ("Why", "Wrong room"),
        ),
    ],
)
def test_what_is_erased_or_withdrawn_meanwhile_takes_nothing_and_the_words_are_shown(
    session: Session, one: str, said: Said, ways: tuple[tuple[str, str], ...], *, is_erased: bool
) -> None:
    def erase() -> None:
        erase_reports(session.book, [one], "asked for", "Maria", session.now())

    meanwhile = erase if is_erased else lambda: withdraw(session, one)
    session.asker = Elsewhere(meanwhile, *ways, (WHAT, "d"))
    with pytest.raises(NearmissError) if is_erased else nullcontext() as problem:
        say_since(session, read(session, one))
    told = said() + (" ".join(str(problem.value).split()) if problem else "")
    assert "Here is what you wrote, to copy: Rang the GP" in told
    assert session.drafts.list_left() == []
    if not is_erased:
        assert "was withdrawn meanwhile" in told
        assert len(read(session, one).corrections) == 0


def test_two_terminals_withdraw_one_report_once(session: Session, one: str, said: Said) -> None:
    ways = ((WHAT, "9"), ("What is wrong?", "2"), (WHY, "3"), ("Why", "No"), (WHAT, "d"))
    session.asker = Elsewhere(lambda: withdraw(session, one), *ways)
    say_since(session, read(session, one))
    assert "was withdrawn meanwhile" in said()
    assert sum(each.entry == "correction" for each in read(session, one).later) == 1


def test_what_was_written_twice_is_withdrawn(book: Logbook, one: str, say: Say, said: Said) -> None:
    twin = book.append([make_report(informed=["son"])], "Maria, carer", NOW).ids[0]
    ways = (WHAT, "9"), ("What is wrong?", "2"), (WHY, "2")
    say(twin, *ways, (f"Withdraw {twin}?", "n"), (WHAT, "d"))
    record = say(twin, *ways, (f"Withdraw {twin}?", "y"))
    assert record.withdrawn
    assert record.withdrawn.reason == "Written twice"
    assert "Told about MB: son. Tell them that it was written twice." in said()
