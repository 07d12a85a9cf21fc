"""What stands in the cells of a sheet: days and times, people, clients, kinds."""

import pytest

from nearmiss.intake.values import (
    DayOrder,
    NotRead,
    Order,
    find_kind,
    fold_client,
    read_moment,
    split_people,
)
from tests.cases import over
from tests.conftest import NOW


@over(
    ("day", "clock", "moment"),
    [
        ("03/04/2026 20:15", "", "2026-04-03T20:15:00+01:00"),
        ("03/04/2026 20:15:37", "", "2026-04-03T20:15:00+01:00"),
        ("2026-04-03T20:15:37.123Z", "", "2026-04-03T21:15:00+01:00"),
        ("2026/04/03 8:15:37 PM GMT+1", "", "2026-04-03T20:15:00+01:00"),
        ("46115.84375", "", "2026-04-03T20:15:00+01:00"),
        ("46115", "0.84375", "2026-04-03T20:15:00+01:00"),
        ("03.04.26 20.15", "", "2026-04-03T20:15:00+01:00"),
        ("3-Apr-26", "8:15 p.m.", "2026-04-03T20:15:00+01:00"),
        ("Friday 3rd of April 2026", "2015hrs", "2026-04-03T20:15:00+01:00"),
        ("April 3, 2026 at 8pm", "", "2026-04-03T20:00:00+01:00"),
        ("20:15 03/04/2026", "", "2026-04-03T20:15:00+01:00"),
        ("2026-04-03 00:00:00", "20:15:00", "2026-04-03T20:15:00+01:00"),
    ],
)
def test_days_and_times_as_spreadsheets_write_them(day: str, clock: str, moment: str) -> None:
    assert read_moment(day, clock).settle("day", NOW) == {"occurred_at": moment}


@over(
    ("day", "clock"),
    [("3/4/2026", "about 8pm"), ("about 3/4/26 8pm", ""), ("3/4/26", "8pm approx")],
)
def test_about_is_kept(day: str, clock: str) -> None:
    assert read_moment(day, clock).settle("day", NOW)["occurred_approx"]


@over(("day", "clock"), [("3/4/2026", ""), ("3/4/2026", "evening"), ("3/4/26 pm", "")])
def test_a_day_alone_has_no_hour(day: str, clock: str) -> None:
    fields = read_moment(day, clock).settle("day", NOW)
    assert (fields["hour_not_known"], fields["occurred_at"][:16]) == (True, "2026-04-03T12:00")


@over(
    ("day", "clock"),
    [
        ("yesterday 9pm", ""),  # of which day is not known
        ("3 April", ""),
        ("31/02/2026", ""),
        ("3/4/2026", "20:00-20:30"),
        ("3/4/2026", "8"),
        ("3/4/2026 20:15", "10:00"),
        ("0.84375", ""),
        ("", "20:15"),
    ],
)
def test_what_is_no_day_with_its_year_or_no_time_is_refused(day: str, clock: str) -> None:
    with pytest.raises(NotRead):
        read_moment(day, clock)


@over(
    ("days", "order"),
    [
        (["13/04/2026", "03/04/2026"], "day"),
        (["04/13/2026", "04/03/2026"], "month"),
        (["04/03/2026"], None),
        (["13/04/2026", "04/13/2026", "04/03/2026"], None),
        (["2026-04-03", "3 Apr 2026", "04/04/2026"], "day"),
    ],
)
def test_the_order_of_days_is_decided_by_the_whole_file(
    days: list[str], order: Order | None
) -> None:
    found = DayOrder()
    for number, day in enumerate(days, start=2):
        found.weigh(number, read_moment(day), NOW)
    assert found.decided == order


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(NotRead, match="lies ahead"):
        read_moment("15/04/2026").settle("day", NOW)


@over(
    ("cell", "people"),
    [
        ("Pharmacist; daughter (Sue), phone", ["Pharmacist", "daughter (Sue), phone"]),
        ("GP\r\nson\n", ["GP", "son"]),
        ("TBC", []),
        ("Not informed.", []),
        ("n/a; none", []),
    ],
)
def test_people_are_parted_and_nobody_is_nobody(cell: str, people: list[str]) -> None:
    assert split_people(cell) == people


def test_initials_that_look_the_same_fold_to_the_same() -> None:
    assert len({fold_client(each) for each in ("MB", "mb", "M.B.", "M B", "\u041c\u0412")}) == 1
    assert fold_client("MB1") != fold_client("MB2")


@over(
    ("typed", "kind"),
    [("Slips, trips and falls", "mobility"), ("Medicines", "medication"), ("Weather", None)],
)
def test_only_a_plain_word_is_a_kind(typed: str, kind: str | None) -> None:
    assert find_kind(typed) == kind
