"""Logbooks of any size, for measuring."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import NearMissFields
from tests.conftest import read_samples

_START = datetime(2016, 1, 4, 8, tzinfo=UTC)


def make_book(path: Path, entries: int) -> Logbook:
    """Write a book of so many entries, from the samples with their words in another order."""
    chance = random.Random(entries)
    rows, reports = read_samples(), []
    for number in range(entries - 1):  # the first entry opens the book
        row = dict(chance.choice(rows))
        words = row["what_nearly_happened"].split()
        row["what_nearly_happened"] = " ".join(chance.sample(words, len(words)))
        row = {key: _without_pictures(value) for key, value in row.items()}
        moment = _START + timedelta(days=3650 * number / entries)
        row["occurred_at"] = moment.isoformat(timespec="seconds")
        reports.append(NearMissFields.model_validate(row))
    book = Logbook(path)
    book.append(reports, "Maria, carer", datetime.now(UTC))
    return book


def _without_pictures(value: Any) -> Any:
    """Leave out what no font here has, so that setting a page takes one try."""
    if isinstance(value, list):
        return [_without_pictures(each) for each in value]
    return value.encode("ascii", "ignore").decode() if isinstance(value, str) else value
