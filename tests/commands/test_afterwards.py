"""What happens after a report is saved: follow-ups, corrections, and the figures."""

import json
from typing import Any

import pytest

from nearmiss.logbook.book import Logbook
from tests.cases import over
from tests.conftest import NOW, Run, make_report


@pytest.fixture
def one(book: Logbook) -> str:
    """A book with one report; its id."""
    return book.append([make_report()], "Maria, carer", NOW).ids[0]


def read_now(run: Run, reference: str = "last") -> Any:
    return run("show", reference, "--json").rows[0]


def test_a_follow_up_tells_who_was_told_and_closes(run: Run, one: str) -> None:
    assert [row["id"] for row in run("list", "--open", "--not-informed", "--json").rows] == [one]
    result = run("follow-up", "last", "--informed", "GP, by phone", "--note", "Rang", "--close")
    assert result.code == 0, result.err
    row = run("list", "--json").rows[0]
    assert row["status"] == "closed"
    assert row["informed"] == ["GP, by phone"]
    assert run("list", "--open", "--json").rows == []
    assert "Closed." in run("follow-up", "1", "--close").err
    run("follow-up", "1", "--reopen")
    assert run("list", "--json").rows[0]["status"] == "open"


def test_harm_found_later_is_shown_before_all_else(run: Run, one: str) -> None:
    run("follow-up", one, "--harm-found", "A bruise on the hip")
    shown = run("show").out
    assert shown.index("A bruise on the hip") < shown.index("Client")
    assert "No harm was noted" not in shown


def test_a_care_plan_review_waits_until_it_is_answered(run: Run, one: str) -> None:
    def count_waiting() -> Any:
        return run("summary", "--json").rows[0]["care_plan_waiting"]

    run("follow-up", one, "--care-plan-status", "asked", "--care-plan", "Two carers")
    assert count_waiting() == 1
    assert "care plan review asked" in run("list").out
    run("follow-up", one, "--care-plan-status", "declined")
    assert count_waiting() == 0


def test_a_correction_keeps_the_old_words_in_sight(run: Run, one: str) -> None:
    result = run("correct", one, "--where", "kitchen", "--reason", "Wrong room")
    assert result.code == 0, result.err
    row = read_now(run)
    assert row["location"] == "kitchen"
    shown = run("show").out
    assert "Location, was: lounge, by the armchair\n  Location, now: kitchen" in shown
    assert "Wrong room" in shown


def test_lists_are_replaced_by_a_correction(run: Run, one: str) -> None:
    run("correct", one, "--informed", "son", "--informed", "GP", "--reason", "Forgot")
    run("correct", one, "--informed", "nurse", "--reason", "It was the nurse")
    assert read_now(run)["informed"] == ["nurse"]


def test_correcting_a_report_leaves_its_follow_ups_alone(run: Run, one: str) -> None:
    run("follow-up", one, "--informed", "GP")
    run("correct", one, "--informed", "nurse", "--reason", "It was the nurse")
    assert read_now(run)["informed"] == ["nurse", "GP"]


def test_a_follow_up_is_corrected_by_its_own_number(run: Run, one: str) -> None:
    number = run("follow-up", one, "--note", "Rang the son", "--close").out.strip()
    assert run("correct", number, "--note", "Rang the GP", "--reopen", "--reason", "Slip").code == 0
    assert "Rang the GP" in run("show").out
    assert run("list", "--json").rows[0]["status"] == "open"
    refused = run("correct", number, "--where", "hall", "--reason", "x")
    assert refused.code == 2
    assert "--where can't be used" in refused.err


@over(
    ("arguments", "code", "reason"),
    [
        (("correct", "1", "--where", "kitchen"), 2, "Add --reason"),
        (("correct", "1", "--reason", "x"), 2, "Nothing in"),
        (("correct", "1", "--where", "lounge, by the armchair", "--reason", "x"), 2, "Nothing in"),
        (("correct", "1", "--when", "tomorrow 9am", "--reason", "x"), 2, "--when"),
        (("correct", "1", "--what", "", "--reason", "x"), 2, "--what: is empty"),
        (("correct", "2", "--where", "x", "--reason", "x"), 1, "neither a report nor a follow-up"),
        (("correct", "77", "--where", "x", "--reason", "x"), 1, "No entry 77"),
        (("follow-up", "1"), 2, "at least one of"),
        (("follow-up", "1", "--note", " "), 2, "--note: is empty"),
        (("follow-up", "1", "--note", "x" * 5001), 2, "the most is 5,000"),
        (("follow-up", "0", "--close"), 1, "not about a report"),
        (("follow-up", "77", "--close"), 1, "No entry 77"),
    ],
)
def test_what_can_not_be_saved_is_refused_in_words(
    run: Run, book: Logbook, one: str, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    run("correct", one, "--where", "hall", "--reason", "x")
    run("correct", one, "--where", "lounge, by the armchair", "--reason", "x")
    before = book.path.read_bytes()
    result = run(*arguments)
    assert (result.code, result.out) == (code, "")
    assert reason in result.err
    assert book.path.read_bytes() == before


def test_the_summary_counts_what_was_logged(run: Run, book: Logbook, one: str) -> None:
    book.append([make_report(client="JS", location="Hall", informed=["son"])], "M", NOW)
    run("follow-up", one, "--close")
    figures = run("summary", "--json").rows[0]
    assert (figures["reports"], figures["open"], figures["nobody_told"]) == (2, 1, 1)
    assert figures["by_client"] == {"JS": 1, "MB": 1}
    assert figures["by_month"] == {"2026-04": 2}
    assert figures["by_hour"]["21"] == 2
    assert figures["told"]["median"] == 25 * 60
    assert figures["closed"]["waiting"] == 1
    words = run("summary").out
    assert "%" not in words
    assert "2 near misses" in words
    assert json.loads(run("summary", "--client", "js", "--json").out)["reports"] == 1
