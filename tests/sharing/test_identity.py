"""Whom a paper is about: what is taken, what is refused, and how it is written."""

from datetime import date

import pytest

from nearmiss.errors import UsageProblem
from nearmiss.sharing.request import Identity, check_text, read_identity
from tests.cases import over

TODAY = date(2026, 4, 14)


@over("typed", ["9434765919", "943 476 5919", " 943-476-5919 "])
def test_an_nhs_number_is_written_in_groups(typed: str) -> None:
    assert read_identity(None, None, typed, TODAY) == Identity(nhs_number="943 476 5919")


# The last is in Arabic digits.
@over("typed", ["9434765918", "943 476 591", "94347659190", "943476591x", "\u0669" * 10])
def test_a_number_that_no_one_has_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem, match="--nhs-number"):
        read_identity(None, None, typed, TODAY)


def test_every_wrong_digit_is_found() -> None:
    right = "9434765919"
    for place, digit in enumerate(right):
        for other in set("0123456789") - {digit}:
            with pytest.raises(UsageProblem):
                read_identity(None, None, right[:place] + other + right[place + 1 :], TODAY)


@over(
    "typed", ["4 Feb 1941", "4th February 1941", "04/02/1941", "4-2-1941", "4.2.1941", "1941-02-04"]
)
def test_a_day_of_birth_is_read_day_first(typed: str) -> None:
    assert read_identity(None, typed, None, TODAY).born == "4 Feb 1941"


@over("typed", ["31 Feb 1941", "4/2/41", "1941", "15 Apr 2026", "4 Feb 1841", "Tuesday", "4 Feb"])
def test_what_is_no_day_of_birth_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem, match="--born"):
        read_identity(None, typed, None, TODAY)


def test_a_text_may_have_its_most_characters_and_no_more() -> None:
    assert check_text("--request", " " + "x" * 300, 300) == "x" * 300
    with pytest.raises(UsageProblem, match="has 301 characters; the most is 300"):
        check_text("--request", "x" * 301, 300)
    with pytest.raises(UsageProblem, match=r"U\+202E"):
        check_text("--name", "M\u202eB", 300)
    with pytest.raises(UsageProblem):
        check_text("--name", "M\nB", 300)
    assert check_text("--request", "M\nB", 300, one_line=False) == "M\nB"
