"""The sample logbook: a year of believable reports, ending shortly before today."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from nearmiss.dates.shown import to_timestamp
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    CorrectionFields,
    FollowUpFields,
    NearMissFields,
    ReportFields,
)
from nearmiss.words import read_words

_AUTHOR = "Maria, carer"
_WRITTEN = time(21, 30)  # when later entries are written
_ANSWERED = timedelta(minutes=2)  # after a report, the carer says which it is like
_NAMED_WITH = 3  # reports: as the third one joins, the hazard gets its name


def fill_book(book: Logbook, now: datetime) -> int:
    """Write the sample reports to ``book``, which is not there yet; return how many entries.

    ``now`` is aware. Raises what ``append`` raises.
    """
    ids: dict[int, str] = {}
    count = 1  # the entry that opens the book
    for moment, number, make in sorted(list_entries(now), key=lambda each: each[0]):
        written = book.append([make(ids)], _AUTHOR, moment)
        ids.setdefault(number, written.ids[0])
        count += 1
    return count


def _read() -> list[dict[str, Any]]:
    return list(read_words("demo")["report"])


# Makes an entry once it is known which id each report was given.
_Make = Callable[[dict[int, str]], Content]


def list_entries(now: datetime) -> Iterator[tuple[datetime, int, _Make]]:
    """Yield each sample entry: when it is written, the number of its report, what makes it."""
    alike: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(_read()):
        happened = _place(now, row["days"], time.fromisoformat(row["time"]))
        fields = {name: row[name] for name in NearMissFields.model_fields if name in row}
        report = NearMissFields.model_validate({**fields, "occurred_at": to_timestamp(happened)})
        written = happened + timedelta(hours=row.get("late", 0), minutes=35)
        yield written, number, partial(_give, report)
        if hazard := row.get("hazard"):
            alike[hazard].append(number)
            yield from _mark(written + _ANSWERED, alike[hazard], hazard)
        for later in row.get("later", ()):
            moment = _place(now, later["days"], _WRITTEN)
            yield moment, number, partial(_make_later, number, later)


def _mark(moment: datetime, alike: list[int], hazard: str) -> Iterator[tuple[datetime, int, _Make]]:
    *earlier, number = alike
    if earlier:
        name = hazard if len(alike) == _NAMED_WITH else None
        yield moment, number, partial(_compare, number, earlier[-1], name)


def _place(now: datetime, days: int, at: time) -> datetime:
    # An hour that the clocks skipped that day becomes the next one: a sample need not mind.
    return datetime.combine(now.date() - timedelta(days=days), at).astimezone()


def _give(report: ReportFields, ids: dict[int, str]) -> Content:
    del ids
    return report


def _compare(number: int, other: int, name: str | None, ids: dict[int, str]) -> Content:
    return ComparisonFields(about=ids[number], other=ids[other], same_hazard=True, hazard=name)


def _make_later(number: int, row: dict[str, Any], ids: dict[int, str]) -> Content:
    fields = {name: value for name, value in row.items() if name != "days"}
    kind: type[Content] = CorrectionFields if "changes" in fields else FollowUpFields
    return kind.model_validate({"about": ids[number], **fields})
