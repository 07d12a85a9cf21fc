"""The sample logbook: a year of believable reports, ending shortly before today."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from nearmiss.dates.shown import to_timestamp
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import (
    ComparisonFields,
    Content,
    CorrectionFields,
    DisclosureFields,
    FollowUpFields,
    IncidentFields,
    NearMissFields,
    ReportFields,
    build_report,
)
from nearmiss.model.ids import show_seal
from nearmiss.words import read_words

_AUTHOR = "Maria, carer"
_WRITTEN = "21:30"  # when later entries are written, unless they say
_ANSWERED = timedelta(minutes=2)  # after a report, the carer says which it is like
_NAMED_WITH = 3  # reports: as the third one joins, the hazard gets its name
_OF_REPORTS = {*NearMissFields.model_fields, *IncidentFields.model_fields}
_DAYS = ("harm_on", "changed_on", "next_due", "agreed_on")  # given as days before today
_Row = Mapping[str, Any]


_Ids = dict[str, str]  # of the entries written so far, by their names: of reports their places
# Makes an entry of the book once it is known which ids those before it were given.
_Make = Callable[[Logbook, _Ids], Content]
_Dated = tuple[datetime, str, _Make]  # when it is written, its name or nothing, what makes it


def fill_book(book: Logbook, now: datetime) -> int:
    """Write the sample reports to ``book``, which is not there yet; return how many entries."""
    ids: _Ids = {}
    entries = sorted(list_entries(now), key=lambda each: each[0])
    for moment, name, make in entries:
        ids[name] = book.append([make(book, ids)], _AUTHOR, moment).ids[0]
    return 1 + len(entries)  # with the one that opens the book


def list_entries(now: datetime) -> Iterator[_Dated]:
    """Yield each sample entry: when it is written, what others call it, what makes it."""
    alike: dict[str, list[str]] = defaultdict(list)
    words = read_words("demo")
    for number, row in enumerate(words["report"]):
        name = str(number)
        happened = _place(now, row["days"], row["time"])
        fields = {each: row[each] for each in _OF_REPORTS & row.keys()}
        report = build_report({**fields, "occurred_at": to_timestamp(happened)})
        written = happened + timedelta(hours=row.get("late", 0), minutes=35)
        yield written, name, partial(_give, report)
        if hazard := row.get("hazard"):
            earlier = alike[hazard]
            if earlier:
                called = hazard if len(earlier) + 1 == _NAMED_WITH else None
                yield written + _ANSWERED, "", partial(_compare, name, earlier[-1], called)
            earlier.append(name)
        for later in row.get("later", ()):
            moment = _place(now, later["days"], later.get("time", _WRITTEN))
            yield moment, later.get("name", ""), partial(_make_later, name, later, now)
    for row in words["handed"]:
        moment = _place(now, row["days"], row["time"])
        yield moment, "", partial(_hand_over, row, words["report"])


def _place(now: datetime, days: int, at: str) -> datetime:
    # An hour that the clocks skipped that day becomes the next one: a sample need not mind.
    day = now.date() - timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(at)).astimezone()


def _give(report: ReportFields, _: Logbook, __: _Ids) -> Content:
    return report


def _compare(name: str, other: str, hazard: str | None, _: Logbook, ids: _Ids) -> Content:
    return ComparisonFields(about=ids[name], other=ids[other], same_hazard=True, hazard=hazard)


def _make_later(about: str, row: _Row, now: datetime, _: Logbook, ids: _Ids) -> Content:
    fields = {each: row[each] for each in row if each not in ("days", "time", "name")}
    for each in _DAYS:
        if each in fields:
            fields[each] = (now.date() - timedelta(days=fields[each])).isoformat()
    if "told_of" in fields:
        fields["told_of"] = [ids.get(each, each) for each in fields["told_of"]]
    kind: type[Content] = CorrectionFields if "reason" in fields else FollowUpFields
    return kind.model_validate({"about": ids[about], **fields})


def _hand_over(row: _Row, reports: Sequence[_Row], book: Logbook, ids: _Ids) -> Content:
    """Return the note of a paper about one client: what had been written, and not withdrawn."""
    held = [
        ids[str(number)]
        for number, each in enumerate(reports)
        if each["client"] == row["client"]
        and str(number) in ids
        and not any(later.get("withdraws") for later in each.get("later", ()))
    ]
    newest = next(each.seal for each in book.read_backward())  # type: ignore[union-attr]
    fields = {each: row[each] for each in DisclosureFields.model_fields if each in row}
    no_paper = sha256(b"A sample: there is no such paper.").hexdigest()
    return DisclosureFields(**fields, reports=held, sha256=no_paper, seal_shown=show_seal(newest))
