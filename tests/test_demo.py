"""The sample logbook can be made on any day, also where the clocks skip an hour in it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nearmiss.demo import fill_book, list_entries
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
