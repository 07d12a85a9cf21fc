"""The sample logbook: a year of believable reports, ending shortly before today."""

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
    ReportFields,
)
from nearmiss.words import read_words

_AUTHOR = "Maria, carer"
_WRITTEN = time(21, 30)  # when later entries are written
_SAME = "by the armchair"  # where the reports happened that the carer has marked as one hazard


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
    alike = [ids[n] for n, row in enumerate(_read()) if _SAME in row["location"]]
    verdicts = [
        ComparisonFields(about=each, other=alike[0], same_hazard=True) for each in alike[1:]
    ]
    return count + len(book.append(verdicts, _AUTHOR, now).ids)


def _read() -> list[dict[str, Any]]:
    return list(read_words("demo")["report"])


# Makes an entry once it is known which id each report was given.
_Make = Callable[[dict[int, str]], Content]


def list_entries(now: datetime) -> Iterator[tuple[datetime, int, _Make]]:
    """Yield each sample entry: when it is written, the number of its report, what makes it."""
    for number, row in enumerate(_read()):
        happened = _place(now, row["days"], time.fromisoformat(row["time"]))
        fields = {name: row[name] for name in ReportFields.model_fields if name in row}
        report = ReportFields.model_validate({**fields, "occurred_at": to_timestamp(happened)})
        written = happened + timedelta(hours=row.get("late", 0), minutes=35)
        yield written, number, partial(_give, report)
        for later in row.get("later", ()):
            moment = _place(now, later["days"], _WRITTEN)
            yield moment, number, partial(_make_later, number, later)


def _place(now: datetime, days: int, at: time) -> datetime:
    # An hour that the clocks skipped that day becomes the next one: a sample need not mind.
    return datetime.combine(now.date() - timedelta(days=days), at).astimezone()


def _give(report: ReportFields, ids: dict[int, str]) -> Content:
    del ids
    return report


def _make_later(number: int, row: dict[str, Any], ids: dict[int, str]) -> Content:
    fields = {name: value for name, value in row.items() if name != "days"}
    kind: type[Content] = CorrectionFields if "changes" in fields else FollowUpFields
    return kind.model_validate({"about": ids[number], **fields})
