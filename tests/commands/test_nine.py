"""What happened since: nine choices, each asked alone, saved at once and told back in words."""

import json
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest

from nearmiss.commands.browse import look_at_reports
from nearmiss.commands.desk import Sight
from nearmiss.commands.later import say_since
from nearmiss.errors import NearmissError
from nearmiss.logbook.book import Held, Logbook
from nearmiss.logbook.erase import erase_reports
from nearmiss.model.entries import Content, FollowUpFields
from nearmiss.records.since import list_unsettled
from nearmiss.records.words import tell_changed
from nearmiss.session import Session
from nearmiss.terminal.asking import Choice, Ended, GoBack, Stopped
from tests.cases import over
from tests.commands.conftest import Say, make_handing_over, read
from tests.conftest import NOW, TODAY, Run, make_report
from tests.interview.carer import Answer, Carer

WHAT, MORE, END = "What is there to add?", "What else is there to add?", ("What else", "d")


def add(session: Session, *contents: Content) -> str:
    return session.book.append(contents, "Maria, carer", session.now()).ids[-1]


def list_waiting(session: Session) -> list[str]:
    sight = Sight(session)
    sight.look()
    return [each for each in sight.describe() if "backup" not in each]


def test_reports_are_offered_in_the_order_of_the_lines_that_the_desk_has(
    session: Session, book: Logbook
) -> None:
    for _ in range(7):
        book.append([make_report()], "Maria, carer", NOW)
    asked = book.append([make_report(informed=["GP"])], "Maria, carer", NOW).ids[0]
    add(session, FollowUpFields(about=asked, care_plan_status="asked"))
    sight = Sight(session)
    for most in (5, 3):
        sight.look()
        said = (each for each in sight.describe(most)[:most] if "backup" not in each)
        lines = [each.partition(",")[0] for each in said]
        assert asked in lines
        assert sight.list_offered()[: len(lines)] == lines
    add(session, FollowUpFields(about=asked, care_plan_status="declined"))
    sight.look()
    assert sight.list_offered()[7:] == [asked]  # it waited in this sitting


def test_somebody_was_told_takes_one_question(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    record = say(one, (WHAT, "1"), ("Who have you told?", "daughter, phone"), END)
    assert record.informed == ["daughter, phone"]
    assert record.told[-1].of == ("event",)
    assert "Noted as told: daughter, phone." in capsys.readouterr().err
    assert list_waiting(session) == []


def test_where_there_is_more_it_is_asked_of_what(session: Session, book: Logbook, say: Say) -> None:
    worry = book.append([make_report(safeguarding=True)], "Maria, carer", NOW).ids[0]
    harm = add(session, FollowUpFields(about=worry, harm_found="A bruise", harm_on="2026-05-10"))
    record = say(
        worry,
        (WHAT, "1"),
        ("Who have you told?", "GP"),
        ("Of what were they told?", "1 3"),
        (MORE, "1"),
        ("Who have you told?", "adult social care"),
        ("Of what", "2"),
        END,
    )
    assert [each.of for each in record.told] == [("event", harm), ("concern",)]
    assert "the harm of 10 May 2026: A bruise" in [
        option.label
        for option in session.asker.put[2].options  # type: ignore[attr-defined]
    ]


def test_who_was_not_reached_is_asked_about_and_is_not_told(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    record = say(
        one,
        (WHAT, "1"),
        ("Who have you told?", "council, phone, no answer\ndaughter"),
        ("Did you reach them?", "n"),
        END,
    )
    assert record.informed == ["daughter"]
    assert [each.who for each in record.tried] == [("council, phone, no answer",)]
    assert "Noted as tried, not as told: council" in capsys.readouterr().err


def test_tried_ends_no_reminder(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    record = say(one, (WHAT, "2"), ("Whom did you try", "GP, engaged"), END)
    assert record.tried
    assert not record.informed
    assert "Noted as tried: nobody has been told yet." in capsys.readouterr().err
    assert "nobody has been told yet" in list_waiting(session)[0]
    told = ((WHAT, "1"), ("Who have you told?", "111"), (MORE, "3"), ("What harm", "A bruise"))
    harm = ("On which day", "16 April 2026"), (MORE, "2"), ("Whom did you try", "GP, engaged"), END
    say(one, *told, *harm)
    said = "Noted as tried: GP, engaged. Of the harm nobody is noted as told yet."
    assert said in capsys.readouterr().err
    assert 'Not reached yet: "GP, engaged".' in list_unsettled(read(session, one))


def test_those_that_wait_are_called_by_what_waits_as_it_stands_now(session: Session) -> None:
    report = make_report(informed=["111"], tried=["daughter, no answer"])
    told = session.book.append([report], "Maria, carer", NOW).ids[0]
    session.asker = carer = Carer(
        ("Which reports?", "2"),
        ("Which one?", "1"),
        ("What next?", "1"),
        (WHAT, "1"),
        ("Who have you told?", "daughter rang back"),
        END,
        ("Which one?", GoBack()),
        ("Which reports?", GoBack()),
    )
    other = add(session, make_report())
    with pytest.raises(GoBack):
        look_at_reports(session, [told, other, told])  # the one that presses most is the first
    first, second = (
        each.options[0].label
        for each in carer.put
        if isinstance(each, Choice) and each.ask == "Which one?"
    )
    assert "not reached yet: daughter, no answer" in first
    assert "His foot slid" in second


def test_harm_has_its_day(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    record = say(
        one,
        (WHAT, "3"),
        ("What harm showed?", "A bruise on the hip"),
        ("On which day was it seen?", "3 April 2026"),
        ("On which day was it seen?", "16 April 2026"),
        END,
    )
    (harm,) = record.harm_found
    assert (harm.harm_found, harm.harm_on) == ("A bruise on the hip", "2026-04-16")
    assert "Fri 3 Apr 2026 is too early: it can't be before" in capsys.readouterr().err
    assert "harm was found later" in list_waiting(session)[0]


def test_a_note_with_words_of_harm_is_asked_about(session: Session, one: str, say: Say) -> None:
    asked = "Was anything you wrote harm that showed later?"
    note = ("What would you like to note?", "MB has a large bruise on his hip today.")
    record = say(
        one,
        (WHAT, "7"),
        note,
        (asked, "n"),
        (MORE, "7"),
        note,
        (asked, "y"),
        ("On which day", "today"),
        END,
    )
    assert [bool(each.note) for each in record.standing] == [True, False]
    (harm,) = record.harm_found
    assert (harm.harm_found, harm.harm_on) == (note[1], TODAY.date().isoformat())


def test_a_change_holds_until_it_is_undone(session: Session, one: str, say: Say) -> None:
    record = say(
        one,
        (WHAT, "4"),
        ("What is different now?", "rug taken away"),
        ("Since which day?", "15 April 2026"),
        END,
    )
    (change,) = record.in_force
    assert (change.text, str(change.on)) == ("rug taken away", "2026-04-15")
    ended = (("What was changed?", "2"), ("What is so now", "rug back"))
    days = (("Since which day?", "14 April 2026"), ("Since which day?", "20 April 2026"))
    record = say(one, (WHAT, "4"), *ended, *days, END)
    assert [each.text for each in record.in_force] == ["rug back"]
    assert tell_changed(record.changes[0]) == (
        "rug taken away (Wed 15 Apr 2026; no longer so since Mon 20 Apr 2026)"
    )
    record = say(one, (WHAT, "4"), ("What was changed?", "2"), ("so now", ""), ("Since", ""), END)
    assert record.in_force == ()


def test_a_change_may_be_before_what_happened_and_is_asked_about(
    session: Session, one: str, say: Say
) -> None:
    record = say(
        one,
        (WHAT, "4"),
        ("What is different now?", "rug taken away"),
        ("Since which day?", "1 April 2026"),
        ("Is that right?", "n"),
        ("Since which day?", "2 April 2026"),
        ("Is that right?", "y"),
        END,
    )
    assert str(record.changes[0].on) == "2026-04-02"


def test_several_steps_stand_and_one_is_done(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    new = (
        ("What is to be done?", "Ring the OT"),
        ("Who does it?", "Sue"),
        ("By which", "in 2 days"),
    )
    other = (("What is to be done?", "Fit the rails"), ("Who does it?", ""), ("By which", ""))
    say(one, (WHAT, "5"), *new, (MORE, "5"), ("What is to be done, or", "1"), *other, END)
    record = say(one, (WHAT, "5"), ("What is to be done, or", "2"), END)
    assert [each.text for each in record.steps] == ["Fit the rails"]
    assert [each.text for each in record.steps_done] == ["Ring the OT"]
    assert "Noted as done: Ring the OT." in capsys.readouterr().err


def test_the_care_plan_has_a_status_or_only_a_note(session: Session, one: str, say: Say) -> None:
    record = say(one, (WHAT, "6"), ("care plan?", "1"), ("What about it?", "Two carers"), END)
    assert record.care_plan
    assert (record.care_plan.status, record.care_plan.text) == ("asked", "Two carers")
    say(one, (WHAT, "6"), ("care plan?", "4"), ("What about it?", ""), (WHAT, "d"))
    assert len(read(session, one).standing) == 1


def test_closing_says_so_and_so_does_opening_again(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    add(session, FollowUpFields(about=one, informed=["son"], told_of=["event"]))
    assert not say(one, (WHAT, "8"), (f"Close {one}?", "y"), END).is_open
    assert "Closed." in capsys.readouterr().err
    assert say(one, (WHAT, "8"), (f"Open {one} again?", "y"), END).is_open
    assert "Open again." in capsys.readouterr().err
    assert say(one, (WHAT, "8"), ("Close", "n"), (WHAT, "d")).is_open


def test_with_a_step_open_it_is_asked_whether_it_is_done(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    add(session, FollowUpFields(about=one, informed=["son"], next_step="Ring the OT"))
    add(session, FollowUpFields(about=one, next_step="Fit the rails"))
    assert say(one, (WHAT, "8"), ("Is this done? Ring the OT", "n"), (WHAT, "d")).is_open
    assert "Not closed" in capsys.readouterr().err
    record = say(
        one,
        (WHAT, "8"),
        ("Is this done? Ring", "y"),
        ("Is this done? Fit", "y"),
        ("Close", "y"),
        END,
    )
    assert not record.is_open
    assert record.steps == ()


def test_nothing_is_closed_in_silence_over_somebody_untold_or_a_plan_unanswered(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    harm = add(session, FollowUpFields(about=one, harm_found="A bruise", tried=["GP, engaged"]))
    add(session, FollowUpFields(about=one, care_plan_status="asked"))
    left = ((WHAT, "8"), (f"Close {one} all the same?", "n"), (WHAT, "d"))
    assert say(one, *left).is_open
    assert "When in doubt, escalate" in capsys.readouterr().err
    said = session.asker.put[1].help  # type: ignore[attr-defined]
    assert said.startswith('Nobody is noted as told of the harm "A bruise". Nobody is noted as')
    assert 'Not reached yet: "GP, engaged".' in said
    assert "The care plan review asked for on" in said
    add(session, FollowUpFields(about=one, informed=["GP"], told_of=["event", harm]))
    add(session, FollowUpFields(about=one, care_plan_status="declined"))
    assert not say(one, (WHAT, "8"), (f"Close {one}?", "y"), END).is_open


def test_what_is_still_to_be_done_is_no_telling(session: Session, one: str, say: Say) -> None:
    asked = ("Did you reach them?", "n")
    record = say(one, (WHAT, "1"), ("Who have you told?", "GP, will ring later"), asked, END)
    assert record.told == ()
    assert [each.who for each in record.tried] == [("GP, will ring later",)]


def test_who_was_reached_after_all_is_asked_about_among_those_tried(
    session: Session, one: str, say: Say
) -> None:
    lines = "GP, phone, 5pm\nrang the daughter, she answered and knows"
    asked = ("Did you reach them?", "y")
    record = say(one, (WHAT, "2"), ("Whom did you try", lines), asked, END)
    assert record.informed == ["rang the daughter, she answered and knows"]
    assert [each.who for each in record.tried] == [("GP, phone, 5pm",)]
    assert record.told[0].of == ("event",)


@over("answer", ["n", "u"])
def test_a_worry_is_not_closed_while_those_who_must_know_do_not(
    session: Session, book: Logbook, say: Say, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    worry = book.append([make_report(safeguarding=True, concern_informed=["daughter"])], "M", NOW)
    record = say(
        worry.ids[0],
        (WHAT, "8"),
        ("Was adult social care, or the police, told?", answer),
        (WHAT, "d"),
    )
    assert record.is_open
    assert "adult social care" in capsys.readouterr().err
    assert "Told of the worry: daughter." in session.asker.put[1].help  # type: ignore[attr-defined]


def test_a_worry_is_closed_once_it_is_said_who_was_told(
    session: Session, book: Logbook, say: Say
) -> None:
    worry = book.append([make_report(safeguarding=True)], "Maria, carer", NOW).ids[0]
    record = say(
        worry,
        (WHAT, "8"),
        ("Was adult social care", "y"),
        ("Who was told of the worry?", "adult social care, phone"),
        ("Close", "y"),
        END,
    )
    assert not record.is_open
    assert record.list_told_of("concern")[0].who == ("adult social care, phone",)


def hand_over(session: Session, *reports: str, form: str = "meeting, pdf") -> str:
    return add(session, make_handing_over(*reports, form=form))


def test_a_report_that_is_not_true_is_withdrawn_and_can_stand_again(
    session: Session, one: str, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_over(session, one)
    wrong = (("What is wrong?", "2"), ("Why does it no longer count?", "3"), ("Why", "Not so"))
    record = say(one, (WHAT, "9"), *wrong)  # and back at the menu
    assert record.withdrawn
    assert record.withdrawn.reason == "Not so"
    assert "Sue on" in capsys.readouterr().err
    assert "Sue holds it on paper" in list_waiting(session)[0]
    say(one, (WHAT, "1"), ("Who have you told?", "Sue"), END)
    assert list_waiting(session) == []
    again = (("What is to be put right?", "1"), ("Why does it count again?", "It was right"))
    record = say(one, (WHAT, "3"), *again, END)
    assert not record.withdrawn


def test_an_answer_and_a_later_entry_are_put_right(session: Session, one: str, say: Say) -> None:
    add(session, FollowUpFields(about=one, note="Rang the son"))
    say(
        one,
        (WHAT, "9"),
        ("What is wrong?", "1"),
        ("Which answer", "3"),
        ("Where?", "kitchen"),
        ("Which answer", "d"),
        ("Why is it corrected?", "Wrong room"),
        END,
    )
    say(
        one,
        (WHAT, "9"),
        ("What is wrong?", "4"),
        ("What is wrong in it?", "1"),
        ("like to note", "Rang the GP"),
        ("Why", "A slip"),
        END,
    )
    record = read(session, one)
    assert record.report.location == "kitchen"
    assert record.standing[0].note == "Rang the GP"


def stop_at(session: Session, report: str, *answers: Answer) -> None:
    session.asker = Carer(*answers)
    with pytest.raises((KeyboardInterrupt, EOFError)):
        say_since(session, read(session, report))


@over("left", [Stopped("Rang the GP, "), Ended("Rang the GP, ")])
def test_what_was_typed_is_kept_told_of_by_the_desk_and_gone_on_with(
    session: Session, one: str, say: Say, left: BaseException
) -> None:
    stop_at(session, one, (WHAT, "7"), ("like to note", left))
    assert f'A note about {one} ("Rang the GP,") was not finished (today, ' in "\n".join(
        list_waiting(session)
    )
    say(one, ("Go on with it?", "y"), ("like to note", "Rang the GP, no harm seen."), END)
    assert session.asker.put[1].typed == "Rang the GP, "  # type: ignore[attr-defined]
    assert read(session, one).standing[0].note == "Rang the GP, no harm seen."
    assert session.drafts.list_left() == []


def test_a_killed_program_loses_nothing_that_was_typed(session: Session, one: str) -> None:
    class Killed(BaseException):
        """The power is gone."""

    carer = Carer((WHAT, "5"), ("What is to be done?", "Ring the OT"), ("Who does it?", Killed()))
    session.asker = carer
    with pytest.raises(Killed):
        say_since(session, read(session, one))
    (draft,) = session.drafts.list_later()
    assert draft.answers == {"next_step": "Ring the OT"}
    assert (draft.about, draft.adding) == (one, "step")


def test_what_was_begun_is_not_gone_on_with_about_another_report_of_that_number(
    session: Session, one: str, book: Logbook, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where a cloud folder puts another computer's version of the book in its place."""
    stop_at(session, one, (WHAT, "7"), ("like to note", Stopped("MB's hip hurts")))
    first = book.path.read_bytes().splitlines(keepends=True)[0]
    book.path.write_bytes(first)
    assert Logbook(book.path).append([make_report(client="ZZ")], "Ana", NOW).ids == (one,)
    session = Session()
    session.asker = Carer((WHAT, "7"), ("like to note", "Slept well"), END)
    say_since(session, read(session, one))
    assert f"begun about another {one}" in capsys.readouterr().err
    assert [each.note for each in read(session, one).standing] == ["Slept well"]
    (left,) = session.drafts.list_later()
    assert left.unfinished == {"note": "MB's hip hurts"}


def test_going_back_keeps_what_was_typed_for_the_same_choice(
    session: Session, one: str, say: Say
) -> None:
    say(
        one,
        (WHAT, "7"),
        ("like to note", GoBack("Rang")),
        (WHAT, "7"),
        ("like to note", "Rang him"),
        END,
    )
    assert session.asker.put[3].typed == "Rang"  # type: ignore[attr-defined]
    assert session.drafts.list_left() == []


def test_a_correction_is_kept_too(session: Session, one: str, say: Say) -> None:
    stop_at(
        session,
        one,
        (WHAT, "9"),
        ("What is wrong?", "1"),
        ("Which answer", "3"),
        ("Where?", "kitchen"),
        ("Which answer", Stopped()),
    )
    assert f'A correction of {one} ("kitchen") was not finished' in "\n".join(list_waiting(session))
    say(
        one,
        ("Go on with it?", "y"),
        ("What is wrong?", "1"),
        ("Which answer", "d"),
        ("Why", "Wrong room"),
        END,
    )
    assert read(session, one).report.location == "kitchen"


def test_what_was_saved_as_the_program_was_killed_is_not_offered_again(
    session: Session, one: str, say: Say
) -> None:
    stop_at(session, one, (WHAT, "7"), ("like to note", Stopped("Rang the GP")))
    (draft,) = session.drafts.list_later()
    kept = {"note": "Rang the GP", "about": one, "adding": "note", "about_to_be_saved": True}
    draft.path.write_text(json.dumps(kept))
    add(session, FollowUpFields(about=one, note="Rang the GP"))
    say(one, (WHAT, "d"))
    assert session.drafts.list_later() == []


def test_a_report_erased_meanwhile_takes_nothing_and_the_words_are_shown(
    session: Session, one: str
) -> None:
    class Eraser(Carer):
        def ask(self, asked: object) -> str:
            erase_reports(session.book, [one], "asked for", "Maria", session.now())
            return super().ask(asked)  # type: ignore[arg-type]

    session.asker = Eraser((WHAT, "7"), ("like to note", "Rang the GP"))
    with pytest.raises(NearmissError, match="Rang the GP"):
        say_since(session, read(session, one))
    assert session.drafts.list_left() == []


def test_what_another_terminal_wrote_meanwhile_is_heeded_and_the_words_are_kept(
    session: Session, one: str, capsys: pytest.CaptureFixture[str]
) -> None:
    step = add(session, FollowUpFields(about=one, next_step="Ring the OT"))

    class Other(Carer):
        def choose(self, choice: Choice[Any]) -> Any:
            if choice.ask.startswith("What is to be done"):
                add(session, FollowUpFields(about=one, next_done=True, ends=step))
            return super().choose(choice)

    done = (WHAT, "5"), ("What is to be done, or is done?", "2")
    session.asker = Other(*done, (WHAT, "d"))
    say_since(session, read(session, one))
    assert f"{step} is not an open step of this report" in capsys.readouterr().err
    assert read(session, one).steps == ()


def test_what_is_erased_as_the_lock_is_taken_takes_nothing(
    session: Session, one: str, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    open_to_write, erased = Logbook.open_to_write, list[str]()

    def erase_first(self: Logbook, now: datetime) -> AbstractContextManager[Held]:
        if not erased:
            erased.append(one)
            erase_reports(session.book, [one], "asked for", "Maria", session.now())
        return open_to_write(self, now)

    monkeypatch.setattr(Logbook, "open_to_write", erase_first)
    result = run("follow-up", one, "--note", "Rang the GP")
    assert result.code == 1
    assert f"The text of {one} was erased" in result.err
    assert "Rang the GP" in result.err
    assert session.drafts.list_all() == []


def test_a_note_that_was_not_finished_can_be_thrown_away(
    session: Session, one: str, run: Run
) -> None:
    stop_at(session, one, (WHAT, "7"), ("like to note", Stopped("Rang the GP")))
    refused = run("log", "--discard-draft")
    assert refused.code == 2
    gone = run("log", "--discard-draft", "--yes")
    assert f"Thrown away: a note about {one}, Rang the GP, just now." in gone.err
    assert session.drafts.list_left() == []
