"""What came since a change: a hazard before it and after it, counted and never explained."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from nearmiss.dates.shown import echo_day
from nearmiss.insight.cases import Marked, Verdicts
from nearmiss.model.entries import IncidentFields, ReportFields
from nearmiss.records.record import Changed, Record
from nearmiss.records.words import tell_doubt
from nearmiss.speech import count_of, join_words
from nearmiss.text import begin_sentence, fold_text


def tell_since(
    marked: Marked, records: Mapping[str, Record], verdicts: Verdicts, made: date
) -> dict[str, str]:
    """Return what came before each change that holds, and after it up to the day ``made``.

    That is a text by the id of the entry with the change, in the order of their days.

    ``records`` are all that stand in the book and the reader may see, whatever the paper covers:
    where one of those ``marked`` is not among them, nothing is said. A later report is compared
    where the carer said of it and one of those marked whether they show the same hazard.
    """
    tied = [records[each] for each in marked.ids if each in records]
    if len(tied) < len(marked.ids):
        return {}
    changes = [
        (change, record) for record in tied for change in record.in_force if change.day <= made
    ]
    changes.sort(key=lambda each: (each[0].day, each[0].id))
    others = list(_list_others(marked, records.values())) if changes else []
    return {
        change.id: " ".join(
            (
                f"{tell_change(change)}.",
                *_tell_before(change.day, record, tied),
                _tell_after(change.day, made, marked, others, verdicts),
            )
        )
        for change, record in changes
    }


def tell_change(change: Changed) -> str:
    """Return what is different, since when, and whether that is in doubt.

    ``Rug taken away (21 Jan 2026)``.
    """
    text = change.text.rstrip(" .")
    day = echo_day(change.day)
    told = f"{begin_sentence(text)} ({'' if change.on else 'written down '}{day})"
    return f"{told}; {tell_doubt(change.doubted)}" if change.doubted else told


def _list_others(marked: Marked, records: Iterable[Record]) -> Iterator[Record]:
    client = fold_text(marked.client)
    for record in records:
        if fold_text(record.report.client) == client and record.id not in marked.ids:
            yield record


def _tell_before(day: date, owner: Record, tied: Sequence[Record]) -> Iterator[str]:
    """Yield what came before; of another report of that very day nobody knows if it was before.

    The report that the change is written about led to it.
    """
    before = [each.report for each in tied if _day_of(each) < day]
    before += [owner.report] if _day_of(owner) == day else []
    that_day = [each.report for each in tied if _day_of(each) == day and each.id != owner.id]
    days = [each.occurred.date() for each in before]
    length = (max(days) - min(days)).days if days else 0
    span = " on one day" if len(days) > 1 else ""
    if length:
        first, last = echo_day(min(days)), echo_day(max(days))
        span = f" in {count_of(length, 'day')}, the first {first}, the last {last}"
    yield f"Before: {_count(before)}{span}."
    if that_day:
        yield f"On that day: {_count(that_day)} more."


def _tell_after(
    day: date,
    made: date,
    marked: Marked,
    others: Sequence[Record],
    verdicts: Verdicts,
) -> str:
    if made == day:
        return "Since then: not yet a day."
    span = count_of((made - day).days, "day")
    again = [each for each in marked.reports if day < each.occurred.date() <= made]
    later = [each for each in others if day < _day_of(each) <= made]
    if not again and not later:
        # Not "none at all": one may be hidden from the reader.
        return f"Since then: no report about {marked.client} to count in {span}."
    counted = f"Since then: {_count(again)} marked in {span}"
    if not later:
        return f"{counted}."
    unknown = sum(all(verdicts.find(each.id, one) is None for one in marked.ids) for each in later)
    of_these = f"{unknown} of these " if unknown < len(later) else ""
    more = f", {of_these}not yet compared with it" if unknown else ""
    beside = f"{_count_others([each.report for each in later])} about {marked.client}"
    return f"{counted}; {beside}{more}."


def _day_of(record: Record) -> date:
    return record.report.occurred.date()


def _count_others(reports: Sequence[ReportFields]) -> str:
    incidents = sum(isinstance(each, IncidentFields) for each in reports)
    misses = len(reports) - incidents
    if not misses:
        return count_of(incidents, "other incident")
    shown = [count_of(misses, "other report")]
    return join_words([*shown, count_of(incidents, "incident")] if incidents else shown)


def _count(reports: Sequence[ReportFields]) -> str:
    """Return how many, near misses and incidents apart where there are both."""
    return count_kinds(reports) or (str(len(reports)) if reports else "none")


def count_kinds(reports: Collection[ReportFields]) -> str:
    """Return how many near misses and incidents there are; empty where there is no incident."""
    incidents = sum(isinstance(each, IncidentFields) for each in reports)
    misses = len(reports) - incidents
    counts = [count_of(misses, "near miss")] if misses else []
    return join_words([*counts, count_of(incidents, "incident")]) if incidents else ""
