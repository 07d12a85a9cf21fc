"""When it was, told beside the moment at which it was written."""

from datetime import datetime

from nearmiss.intake.stamps import asks_other, read_beside
from tests.cases import over

WRITTEN = datetime(2024, 10, 8, 14, 31, 33)  # a Tuesday


@over(
    ("cell", "said"),
    [
        ("", "08 14:31"),
        ("just now", "08 14:31"),
        ("10.20 this morning", "08 10:20"),
        ("11:40", "08 11:40"),
        ("around 2 ish", "08 14:00"),
        ("lunch time today, about ten past 12", "08 12:10"),
        ("yesterday home time", "07 -"),
        ("yesterday, snack, 10ish", "07 10:00"),
        ("yesterday 3.15", "07 15:15"),
        ("Mon", "07 -"),
        ("Fri 4th, end of the morning session", "04 -"),
        ("No idea when, noticed it at 1 o'clock", "08 13:00"),
        ("4pm", None),
        ("see my last one", None),
        ("w/e 5-6 Oct", None),
    ],
)
def test_a_day_beside_the_one_on_which_it_was_written(cell: str, said: str | None) -> None:
    found = read_beside(cell, WRITTEN, is_now=True)
    shown = (
        f"{found[0]:%d} {found[1]:%H:%M}" if found and found[1] else found and f"{found[0]:%d} -"
    )
    assert shown == said


def test_an_empty_cell_means_the_moment_of_writing_only_where_its_head_says_so() -> None:
    assert read_beside("", WRITTEN) is None
    assert asks_other("When did it happen? (only if not just now)")
    assert not asks_other("When did it happen?")
