"""Phrases that several documents share, made from a record."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from nearmiss.dates.shown import MONTHS, echo, echo_day
from nearmiss.model.entries import FollowUp, Report
from nearmiss.records.history import LaterEntry, Record

CARE_PLAN = {
    "asked": "Care plan review asked for",
    "changed": "Care plan changed",
    "declined": "Care plan change declined",
}
A_NEAR_MISS = "A near miss could have caused harm but did not. Writing it down blames nobody."
NO_HANDOVER = "No handover noted"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def tell_when(report: Report) -> str:
    """Return when it happened: ``about Tue 14 Apr 2026, 21:15``."""
    return echo(report.occurred, report.occurred_approx)


def tell_day(moment: datetime) -> str:
    """Return a day without its year: ``14 Apr``."""
    return f"{moment.day} {MONTHS[moment.month - 1][:3].title()}"


def tell_written(entry: Report | LaterEntry) -> str:
    """Return when and by whom an entry was written."""
    return f"{echo(entry.written_at)}, by {entry.written_by}"


def tell_span(moments: Sequence[datetime]) -> str:
    """Return the first and the last day: ``9 Jan to 2 Apr 2026``."""
    first, last = min(moments), max(moments)
    if first.date() == last.date():
        return echo_day(first)
    return f"{tell_day(first) if first.year == last.year else echo_day(first)} to {echo_day(last)}"


def tell_delay(delay: timedelta) -> str:
    """Return how long after the happening something was written: ``35 minutes later``."""
    if delay < _MINUTE:
        return "at once"
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        # Two of a unit at least, so that 25 hours are not rounded to a day.
        if delay >= 2 * unit or unit == _MINUTE:
            return f"{count(delay // unit, name)} later"
    raise AssertionError


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 near miss``, ``6 near misses``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}{'es' if noun.endswith('s') else 's'}"


def count_near_misses(records: Sequence[Record]) -> str:
    """Return how many near misses there are, in words."""
    return count(len(records), "near miss")


def tell_status(record: Record) -> str:
    """Return whether something may still be to do."""
    return f"Closed {echo_day(record.closed_at)}" if record.closed_at else "Open"


def tell_told(record: Record) -> str:
    """Return when it was written that somebody was told, as the report itself says."""
    moment = record.original.written_at
    for entry in record.corrections:
        if entry.about == record.report.id and "informed" in entry.changes:
            moment = entry.written_at
    return f"Told, as written {echo(moment)}"


def list_follow_up(entry: FollowUp) -> tuple[str, ...]:
    """Return what a follow-up says but for harm found, a text each."""
    texts = [entry.note] if entry.note else []
    if entry.informed:
        texts.append(f"Told: {'; '.join(entry.informed)}")
    if entry.care_plan or entry.care_plan_status:
        status = CARE_PLAN[entry.care_plan_status] if entry.care_plan_status else "Care plan"
        texts.append(f"{status}: {entry.care_plan}" if entry.care_plan else f"{status}.")
    if entry.closes is not None:
        texts.append("Closed." if entry.closes else "Opened again.")
    return tuple(texts)


def tell_harm(entry: FollowUp) -> str:
    """Return the harm that a follow-up tells of, with who wrote it when."""
    return f"Harm found later: {entry.harm_found} (written {tell_written(entry)})"


def list_changed(records: Iterable[Record]) -> list[str]:
    """Return what follow-ups say was changed, the newest first."""
    entries = [entry for record in records for entry in record.follow_ups]
    entries.sort(key=lambda entry: entry.written_at, reverse=True)
    texts = [
        (entry.care_plan if entry.care_plan_status == "changed" else None) or entry.note
        for entry in entries
    ]
    return list(dict.fromkeys(f"{text}" for text in texts if text))


def list_ideas(records: Iterable[Record]) -> list[str]:
    """Return the recommendations of the reports that are open, the newest first, each once."""
    open_ones = [record for record in records if record.is_open]
    open_ones.sort(key=lambda record: record.report.occurred, reverse=True)
    ideas: dict[str, str] = {}
    for record in open_ones:
        for idea in record.report.recommendations:
            ideas.setdefault(idea.casefold(), idea)
    return list(ideas.values())


def tell_ids(ids: Sequence[str]) -> str:
    """Return ids with runs of numbers drawn together: ``K7QX-0001 to 0004, 0007``."""
    runs: list[list[int]] = []
    for number in sorted(int(each.partition("-")[2]) for each in ids):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(_tell_run(run) for run in runs)
    return f"{ids[0].partition('-')[0]}-{shown}"


def _tell_run(run: list[int]) -> str:
    if len(run) == 1:
        return f"{run[0]:04d}"
    joint = ", " if len(run) == 2 else " to "  # noqa: PLR2004 - a pair needs no span
    return f"{run[0]:04d}{joint}{run[-1]:04d}"
