"""What a report has come to: who was told when, and whether it is closed."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import Content, CorrectionFields, FollowUp, FollowUpFields
from nearmiss.records.fold import apply_correction
from nearmiss.records.read import is_meant, read_records
from nearmiss.records.record import Record
from tests.conftest import NOW, Run, make_report


def fold(book: Logbook, *later: Content, told: tuple[str, ...] = ()) -> Record:
    """Write a report and, an hour apart, what came later; return what it has come to."""
    report = make_report(informed=list(told))
    about = book.append([report], "Maria, carer", NOW).ids[0]
    for hours, entry in enumerate(later, start=1):
        aimed = entry.model_copy(update={"about": about})
        book.append([aimed], "Maria, carer", NOW + timedelta(hours=hours))
    (record,) = read_records(book, lambda damage: None)
    return record


def follow(**fields: object) -> FollowUpFields:
    return FollowUpFields.model_validate({"about": "0000-0001", **fields})


def correct(**changes: object) -> CorrectionFields:
    return CorrectionFields.model_validate(
        {"about": "0000-0001", "reason": "Forgotten", "changes": changes}
    )


@pytest.mark.parametrize(
    ("told", "later", "hours"),
    [
        ((), (), None),
        ((), (follow(note="Rug is gone"),), None),
        (("son, phone",), (follow(informed=["GP"]),), 0),
        ((), (follow(note="Rug is gone"), follow(informed=["GP"]), follow(informed=["son"])), 2),
        ((), (follow(closes=True), correct(informed=["son"]), follow(informed=["GP"])), 2),
        (("son, phone",), (correct(informed=[]),), None),  # nobody was, as it turned out
        ((), (correct(location="hall"), correct(informed=[])), None),
    ],
)
def test_the_first_entry_that_says_somebody_was_told_is_when(
    book: Logbook, told: tuple[str, ...], later: tuple[Content, ...], hours: int | None
) -> None:
    wanted: datetime | None = None if hours is None else NOW + timedelta(hours=hours)
    assert fold(book, *later, told=told).told_at == wanted


@pytest.mark.parametrize(
    ("later", "closed"),
    [
        ((), None),
        ((follow(note="Rug is gone"),), None),
        ((follow(closes=True),), 1),
        ((follow(closes=True), follow(note="Sue rang"), follow(informed=["GP"])), 1),
        ((follow(closes=True), follow(closes=False)), None),
        ((follow(closes=True), follow(closes=False), follow(closes=True)), 3),
        ((follow(closes=True), correct(location="hall")), 1),
    ],
)
def test_a_later_note_keeps_it_closed_and_only_reopening_opens_it(
    book: Logbook, later: tuple[Content, ...], closed: int | None
) -> None:
    record = fold(book, *later)
    assert record.status == ("open" if closed is None else "closed")
    assert record.closed_at == (None if closed is None else NOW + timedelta(hours=closed))


@pytest.mark.parametrize("field", ["informed", "closes", "harm_found", "care_plan_status"])
def test_a_follow_up_that_was_withdrawn_no_longer_counts(book: Logbook, field: str) -> None:
    values = {
        "informed": ["GP"],
        "closes": True,
        "harm_found": "A bruise",
        "care_plan_status": "asked",
    }
    about = book.append([make_report()], "M", NOW).ids[0]
    follow_up = follow(**{field: values[field]}).model_copy(update={"about": about})
    wrong = book.append([follow_up], "M", NOW).ids[0]
    withdrawal = {"about": wrong, "withdraws": True, "reason": "Another client"}
    book.append([CorrectionFields.model_validate(withdrawal)], "M", NOW)
    (record,) = read_records(book, lambda damage: None)
    assert record.told_at is None
    assert record.informed == []
    assert record.is_open
    assert record.harm_found == ()
    assert record.care_plan_waiting is None


def test_a_correction_changes_no_more_than_what_was_written(book: Logbook) -> None:
    one, two = book.append([make_report(), make_report()], "M", NOW).ids
    book.append([FollowUpFields(about=one, note="Rang")], "M", NOW)
    entries = [entry for entry in book.read_forward() if isinstance(entry, FollowUp)]
    changes: dict[str, str | bool | list[str]] = {"note": "Rang the GP", "about": two, "new": "x"}
    changed = apply_correction(entries[0], changes)
    assert (changed.note, changed.about) == ("Rang the GP", one)
    assert apply_correction(entries[0], {"informed": "no list"}) == entries[0]


def test_a_number_means_a_page_of_this_book_or_one_that_came_with_it(
    run: Run, book: Logbook, tmp_path: Path
) -> None:
    other = Logbook(tmp_path / "other.jsonl")
    there = other.append([make_report(client="JS"), make_report(client="AB")], "Ann", NOW).ids
    book.append([make_report()], "M", NOW)
    assert run("import", str(other.path)).code == 0
    own_tag, other_tag = (run("list", "--json").rows[0]["id"][:4], there[0][:4])
    entries = [entry for entry in book.read_forward() if not isinstance(entry, Unreadable)]

    def mean(tag: str | None, number: int) -> list[str]:
        return [entry.id[-4:] for entry in entries if is_meant(entry, tag, number)]

    assert mean(None, 2) == ["0002"]
    assert mean(own_tag, 2) == ["0002"]
    assert mean(other_tag, 1) == ["0002"]
    assert mean(other_tag, 2) == ["0003"]
    assert mean(other_tag, 0) == []
    assert mean(other_tag, 3) == []
    assert [run("show", each, "--json").rows[0]["client"] for each in there] == ["JS", "AB"]
