"""The sample logbook can be made on any day, also where the clocks skip an hour in it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nearmiss.demo import fill_book, list_entries
from nearmiss.insight.cases import CaseBook, CaseReader, read_verdicts
from nearmiss.insight.patterns import find_all_possible
from nearmiss.logbook.book import Logbook
from tests.conftest import LONDON, NEW_YORK, TODAY, moment


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, "AEST-10AEDT,M10.1.0,M4.1.0/3"])
def test_no_sample_falls_into_an_hour_that_is_not_there(zone: str) -> None:
    with moment(TODAY, zone=zone):
        start = datetime.fromisoformat("2026-11-01T09:00:00").astimezone()
        for days in range(0, 380, 2):
            now = (start + timedelta(days=days)).astimezone()
            assert all(written <= now for written, _, _ in list_entries(now))


@pytest.mark.parametrize(
    ("day", "zone"), [("2026-11-25T09:00:00", NEW_YORK), ("2027-05-28T09:00:00", LONDON)]
)
def test_a_book_of_samples_verifies(tmp_path: Path, day: str, zone: str) -> None:
    from nearmiss.logbook.verify import check_book

    with moment(TODAY, zone=zone):
        now = datetime.fromisoformat(day).astimezone()
        book = Logbook(tmp_path / "demo.jsonl")
        count = fill_book(book, now)
        with book.open_settled() as (file, size):
            check = check_book(file, size)
    assert (check.entries, check.findings) == (count, [])


def read_demo(tmp_path: Path) -> tuple[CaseReader, CaseBook]:
    book = Logbook(tmp_path / "demo.jsonl")
    fill_book(book, TODAY.astimezone())
    reader = CaseReader(book, tmp_path / "kept", lambda _: None, lambda _: None)
    return reader, reader.read(None)


def test_the_three_hazards_of_the_handbook_are_confirmed_and_one_is_still_to_be_asked(
    tmp_path: Path,
) -> None:
    reader, book = read_demo(tmp_path)
    confirmed = {marked.client: marked.name for marked in book.verdicts.marked}
    assert confirmed == {
        "MB": "near falls at the armchair",
        "JS": "medicines after the agency's handover",
        "AK": "at the front door in the night",
    }
    assert all(marked.is_pattern() for marked in book.verdicts.marked)
    (possible,) = find_all_possible(reader, book, None, 90)
    assert (possible.client, possible.shared.words[0]) == ("JS", "hob")


def test_the_three_hazards_would_be_found_without_the_carers_word(tmp_path: Path) -> None:
    reader, book = read_demo(tmp_path)
    guessed = find_all_possible(reader, replace(book, verdicts=read_verdicts([], [])), None, 90)
    for marked in book.verdicts.marked:
        assert any(set(marked.ids) <= set(each.ids) for each in guessed), marked.name
