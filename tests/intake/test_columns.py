"""Columns of a carer's own spreadsheet: which are known, which are asked about."""

import pytest

from nearmiss.intake.table import (
    CLOCK,
    DAY,
    LEFT_OUT,
    TwiceNamed,
    UnknownColumns,
    join_moment,
    match_columns,
)
from tests.cases import over


def test_our_own_names_titles_and_questions_are_known() -> None:
    headings = ["client", "Date and time", "Where?", "What nearly happened", "informed", "KIND"]
    assert match_columns(headings) == (
        "client",
        "occurred_at",
        "location",
        "what_nearly_happened",
        "informed",
        "category",
    )


def test_a_day_and_a_time_beside_each_other_are_one_moment() -> None:
    assert match_columns(["Date", "Time"]) == (DAY, CLOCK)
    assert match_columns(["Date"]) == ("occurred_at",)


def test_every_unknown_column_is_named_at_once_with_the_nearest_field() -> None:
    with pytest.raises(UnknownColumns) as caught:
        match_columns(["Client", "Where it happened", "Who was told", "Weather"])
    assert [(each.heading, each.guess) for each in caught.value.columns] == [
        ("Where it happened", "location"),
        ("Who was told", "informed"),
        ("Weather", ""),
    ]
    said = str(caught.value)
    assert '"Where it happened" is not known: perhaps Location?' in said
    assert '"Weather" is not known.' in said


def test_what_the_carer_said_of_a_column_is_used() -> None:
    chosen = {"Where it happened": "location", "Weather": LEFT_OUT}
    assert match_columns(["Where it happened", "Weather"], chosen) == ("location", LEFT_OUT)


def test_two_columns_for_one_field_are_refused() -> None:
    with pytest.raises(TwiceNamed, match='"Location" and "where" both'):
        match_columns(["Location", "where"])


def test_a_field_that_is_taken_is_not_guessed_again() -> None:
    with pytest.raises(UnknownColumns) as caught:
        match_columns(["Location", "Room"])
    assert caught.value.columns[0].guess == ""


@over(
    ("day", "clock", "joined"),
    [
        ("03/04/2026", "21:15:00", "03/04/2026 21:15"),
        ("2026-04-03 00:00:00", "21:15", "2026-04-03 21:15"),
        ("03-Apr-26", "9.15pm", "03 Apr 26 9.15pm"),
        ("3 April", "", "3 April"),
    ],
)
def test_days_and_times_as_spreadsheets_write_them(day: str, clock: str, joined: str) -> None:
    assert join_moment(day, clock) == joined
