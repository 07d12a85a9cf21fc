"""What a report is now: later entries folded, withdrawn ones told as such, and put into words."""

from datetime import date, timedelta

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import ComparisonFields, Content, CorrectionFields, FollowUpFields
from nearmiss.records import words
from nearmiss.records.data import later_fields, public_fields
from nearmiss.records.informed import tell_told
from nearmiss.records.read import find_entry, read_newest, read_records
from nearmiss.records.record import Record
from nearmiss.records.words import tell_step
from nearmiss.terminal.lists import describe_record
from tests.conftest import NOW, Run, make_report
from tests.records.rich import MARIA, read_rich_book, write_rich_book

MADE = date(2026, 11, 24)


def write(book: Logbook, *later: Content) -> Record:
    """Write a report and entries about it a day apart; return the report as it stands."""
    book.append([make_report()], MARIA, NOW)
    for number, each in enumerate(later, start=1):
        book.append([each], MARIA, NOW + timedelta(days=number))
    return next(read_records(book, lambda unreadable: None))


@pytest.fixture
def about(book: Logbook) -> str:
    """The id that the first report of the book will have."""
    book.append([make_report(client="AB")], MARIA, NOW)
    return f"{next(read_records(book, lambda unreadable: None)).id[:4]}-0002"


def test_every_step_stands_until_it_is_done_on_a_closed_report_too(
    book: Logbook, about: str
) -> None:
    first = FollowUpFields(about=about, next_step="Ring the OT", next_due="2026-05-01")
    second = FollowUpFields(about=about, next_step="Ring the GP", next_who="Maria", closes=True)
    record = write(book, first, second)
    assert [each.text for each in record.steps] == ["Ring the OT", "Ring the GP"]
    assert record.next_step is record.steps[0], "the one with a day comes first"
    book.append([FollowUpFields(about=about, next_done=True)], MARIA, NOW + timedelta(days=9))
    (record, *_) = read_records(book, lambda unreadable: None)
    assert [each.text for each in record.steps_done] == ["Ring the GP"], (
        "the newest, if none is named"
    )
    assert record.steps_done[0].done.startswith("2026-04-23")
    ended = FollowUpFields(about=about, next_done=True, ends=record.steps[0].id)
    book.append([ended, ended], MARIA, NOW + timedelta(days=10))
    (record, *_) = read_records(book, lambda unreadable: None)
    assert record.steps == ()
    assert [each.text for each in record.steps_done] == ["Ring the GP", "Ring the OT"]


def test_a_change_holds_until_an_entry_says_that_it_does_not(book: Logbook, about: str) -> None:
    first = FollowUpFields(about=about, changed="Rug taken away", changed_on="2026-04-14")
    record = write(book, first, FollowUpFields(about=about, changed="Rail fitted"))
    assert [each.text for each in record.in_force] == ["Rug taken away", "Rail fitted"]
    assert [words.tell_changed(each) for each in record.changes] == [
        "Rug taken away (Tue 14 Apr 2026)",
        "Rail fitted (written down Thu 16 Apr 2026)",
    ]
    book.append([FollowUpFields(about=about, undoes=record.changes[0].id)], MARIA, NOW)
    (record, *_) = read_records(book, lambda unreadable: None)
    assert [each.text for each in record.in_force] == ["Rail fitted"]


def test_a_withdrawn_report_is_told_as_that_until_the_withdrawal_is_withdrawn(
    book: Logbook, about: str
) -> None:
    record = write(book, CorrectionFields(about=about, withdraws=True, reason="It was KT."))
    assert record.status == "withdrawn"
    assert "Withdrawn by" in describe_record(record, MADE)
    assert record.withdrawn
    again = CorrectionFields(about=record.withdrawn.id, withdraws=True, reason="It was MB.")
    book.append([again], MARIA, NOW + timedelta(days=3))
    (record, *_) = read_records(book, lambda unreadable: None)
    assert record.status == "open"


def test_who_was_told_of_what_is_known_where_it_was_said(book: Logbook, about: str) -> None:
    harm = FollowUpFields(about=about, harm_found="A bruise", harm_on="2026-04-15")
    record = write(book, harm)
    told = FollowUpFields(about=about, informed=["GP"], told_of=[record.harm_found[0].id])
    unclear = FollowUpFields(about=about, informed=["son"], tried=["nurse, no answer"])
    book.append([told, unclear], MARIA, NOW + timedelta(days=3))
    (record, *_) = read_records(book, lambda unreadable: None)
    assert [each.who for each in record.list_told_of(record.harm_found[0].id)] == [("GP",)]
    assert record.list_told_of("event") == ()
    assert [each.who for each in record.tried] == [("nurse, no answer",)]
    assert record.informed == ["GP", "son"], "who was not reached is not among them"


def test_what_ends_a_step_may_begin_another(book: Logbook, about: str) -> None:
    first = FollowUpFields(about=about, next_step="Ring the OT")
    second = FollowUpFields(about=about, next_done=True, next_step="Fit the rail")
    record = write(book, first, second)
    assert record.next_step is not None
    assert tell_step(record.next_step) == "Fit the rail"
    assert [each.text for each in record.steps_done] == ["Ring the OT"]


def test_harm_on_the_wrong_report_no_longer_counts_and_is_told_as_withdrawn(
    book: Logbook, about: str
) -> None:
    harm = FollowUpFields(about=about, harm_found="A bruise", informed=["GP"], closes=True)
    record = write(book, harm)
    assert record.harm_found
    assert record.closing
    withdrawn = CorrectionFields(
        about=record.follow_ups[0].id, withdraws=True, reason="It was KT's bruise."
    )
    written = book.append([withdrawn], MARIA, NOW + timedelta(days=2)).ids[0]
    record = next(read_records(book, lambda unreadable: None))
    assert not record.harm_found
    assert record.is_open
    assert record.informed == []
    assert record.told_at is None
    assert record.harm_found == ()
    assert record.status == "open"
    text = describe_record(record, MADE)
    assert f"Withdrawn by {written}, Thu 16 Apr 2026, 21:40" in text
    assert "It was KT's bruise." in text
    assert "It said: Harm found later: A bruise" in text
    assert words.tell_no_harm(MADE) in text
    assert find_entry(book, None, 4, lambda unreadable: None) == record


def test_a_withdrawn_verdict_and_handing_over_no_longer_count(book: Logbook) -> None:
    write_rich_book(book)
    records, verdicts = read_rich_book(book)
    assert [each.recipient for each in records[-1].disclosures if not each.withdrawn] == ["Dr Pym"]
    assert len(verdicts.marked[0].reports) == 3
    said = read_newest(book, lambda unreadable: None)[1]
    ties = [each for each in said if each.same_hazard]
    book.append(
        [CorrectionFields(about=each.id, withdraws=True, reason="Not so") for each in ties],
        MARIA,
        NOW,
    )
    assert read_rich_book(book)[1].marked == ()


def test_a_correction_of_a_corrected_field_tells_what_stood_before_it(
    book: Logbook, about: str
) -> None:
    record = write(
        book,
        CorrectionFields(about=about, changes={"location": "hall"}, reason="one"),
        CorrectionFields(about=about, changes={"location": "stairs"}, reason="two"),
    )
    assert [(each.changes[0].old, each.changes[0].new) for each in record.corrections] == [
        ("lounge, by the armchair", "hall"),
        ("hall", "stairs"),
    ]
    assert words.tell_changes(record.corrections[1]) == [
        "Location, was: hall",
        "Location, now: stairs",
        "Reason: two",
    ]


def test_who_was_told_stands_with_the_day_on_which_that_was_written(
    book: Logbook, about: str
) -> None:
    record = write(
        book,
        FollowUpFields(about=about, informed=["GP (Shah)", "111"]),
        CorrectionFields(about=about, changes={"informed": ["Sue"]}, reason="Forgot her"),
    )
    assert [tell_told(record, each) for each in record.told] == [
        "Sue (written down Thu 16 Apr 2026, 21:40)",
        "GP (Shah); 111 (written down Wed 15 Apr 2026, 21:40)",
    ]
    assert record.informed == ["Sue", "GP (Shah)", "111"]


def test_the_care_plan_is_told_with_its_day_and_by_its_newest_word(
    book: Logbook, about: str
) -> None:
    record = write(
        book,
        FollowUpFields(about=about, care_plan_status="asked"),
        FollowUpFields(about=about, care_plan_status="changed", care_plan="Two carers"),
    )
    assert record.care_plan is not None
    plan = record.care_plan
    assert (plan.status, plan.text, plan.day) == ("changed", "Two carers", date(2026, 4, 16))
    assert later_fields(record)["care_plan_status"] == "changed"


def test_a_care_plan_status_stands_until_a_later_one(book: Logbook, about: str) -> None:
    asked = FollowUpFields(about=about, care_plan_status="asked", care_plan="Ring the GP")
    record = write(book, asked, FollowUpFields(about=about, care_plan="Walk review"))
    assert record.care_plan is not None
    assert (record.care_plan.status, record.care_plan.text) == ("asked", "Ring the GP")
    assert later_fields(record)["care_plan_status"] == "asked"


def test_a_care_plan_without_a_status_is_given_none(book: Logbook, about: str) -> None:
    record = write(book, FollowUpFields(about=about, care_plan="Walk review"))
    assert "care_plan_status" not in later_fields(record)
    assert later_fields(record)["follow_ups"][0]["care_plan"] == "Walk review"


def test_a_report_without_later_entries_is_told_in_its_own_fields_alone(book: Logbook) -> None:
    record = write(book)
    assert later_fields(record) == {}
    assert public_fields(record)["status"] == "open"
    assert words.tell_no_harm(MADE) == (
        "No later harm has been written down, as of 24 Nov 2026. This is not a medical check."
    )


def test_the_screen_tells_what_the_record_tells(run: Run, book: Logbook) -> None:
    about = write_rich_book(book)
    shown = run("show", about).out
    for word in ("HARMWORD", "NOTEWORD", "PLANWORD", "STEPLAST", "WHYPLACE", "WHYWRONG", "Dr Pym"):
        assert word in shown
    assert "Location, was: OLDPLACE\n  Location, now: NEWPLACE" in shown
    row = next(each for each in run("list", "--json").rows if each["id"] == about)
    assert [each["text"] for each in row["next_steps"]] == ["STEPTWO ask", "STEPLAST look"]
    [harm] = row["harm_found"]
    assert (harm["text"], harm["seen_on"], harm["written_on"], harm["told"]) == (
        "HARMWORD a bruise",
        "2026-04-15",
        "2026-04-17",
        ["physio (Amina)"],
    )
    assert "pattern" not in row


def test_two_hundred_follow_ups_on_one_report_are_all_told(book: Logbook, about: str) -> None:
    later = [FollowUpFields(about=about, note=f"note {n}.") for n in range(200)]
    book.append([make_report(), *later], MARIA, NOW)
    record = next(read_records(book, lambda unreadable: None))
    text = describe_record(record, MADE)
    assert all(f"note {n}." in text for n in range(200))


def test_a_verdict_is_no_entry_about_a_report_that_it_names_second(book: Logbook) -> None:
    ids = book.append([make_report(), make_report()], MARIA, NOW).ids
    book.append([ComparisonFields(about=ids[1], other=ids[0], same_hazard=True)], MARIA, NOW)
    assert [len(each.later) for each in read_records(book, lambda unreadable: None)] == [0, 0]
