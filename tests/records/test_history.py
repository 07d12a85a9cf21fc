"""What a report has come to: who was told when, and whether it is closed."""

from datetime import datetime, timedelta

import pytest

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import Content, CorrectionFields, FollowUpFields
from nearmiss.records.history import Record, read_records
from tests.conftest import NOW, make_report


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
        (("son, phone",), (correct(informed=[]),), 0),
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
