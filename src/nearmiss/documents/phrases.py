"""Phrases that several documents share."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from nearmiss.dates.shown import echo_day, echo_weekday
from nearmiss.records import words
from nearmiss.records.account import Account, FollowedUp
from nearmiss.records.steps import NextStep

A_NEAR_MISS = "A near miss could have caused harm but did not. Writing it down blames nobody."
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def join_parts(*texts: str) -> str:
    """Return the texts that are not empty beside each other on a line."""
    return " · ".join(filter(None, texts))


def tell_span(moments: Sequence[datetime]) -> str:
    """Return the first and the last day: ``9 Jan 2026 to 2 Apr 2026``."""
    first, last = min(moments), max(moments)
    if first.date() == last.date():
        return echo_day(first)
    return f"{echo_day(first)} to {echo_day(last)}"


def tell_span_of(records: Sequence[Account]) -> str:
    """Return the first and the last day on which something happened."""
    return tell_span([record.report.occurred for record in records])


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


def count_near_misses(records: Sequence[Account]) -> str:
    """Return how many near misses there are, in words."""
    return count(len(records), "near miss")


def list_harm(records: Iterable[Account]) -> list[tuple[Account, FollowedUp]]:
    """Return each harm found later with its report, the latest first."""
    found = [(record, each) for record in records for each in record.harm_found]
    return sorted(found, key=lambda each: _number(each[1].id), reverse=True)


def tell_harm(record: Account, entry: FollowedUp) -> str:
    """Return the whole of what was written about harm, with its day and report."""
    return f"{words.name_harm(record, entry)}: {entry.harm_found}"


def list_concerns(records: Iterable[Account]) -> list[Account]:
    """Return the reports that raise a possible safeguarding concern."""
    return [record for record in records if record.report.safeguarding]


def tell_concerns(records: Sequence[Account]) -> str:
    """Return which reports raise a possible safeguarding concern, the latest first, or nothing."""
    found = sorted(list_concerns(records), key=lambda each: each.report.occurred, reverse=True)
    if not found:
        return ""
    shown = [f"{each.id}, {echo_weekday(each.report.occurred)}" for each in found[:_CONCERNS]]
    more = [f"{len(found) - _CONCERNS} more"] if len(found) > _CONCERNS else []
    return f"Possible safeguarding concern raised: {'; '.join([*shown, *more])}"


_CONCERNS = 3  # that page one names; the table and the reports have them all


def list_changed(records: Iterable[Account]) -> list[str]:
    """Return what was changed: care plans marked so and steps marked done, the newest first."""
    found = [each for record in records for each in _list_changes(record)]
    return list(dict.fromkeys(text for _, text in sorted(found, reverse=True)))


def _list_changes(record: Account) -> Iterator[tuple[str, str]]:
    for each in record.standing:
        if each.care_plan_status == "changed" and each.day:
            name = f"{words.CARE_PLAN['changed']} {echo_day(each.day)}"
            yield each.recorded_at, f"{name}: {each.care_plan}" if each.care_plan else f"{name}."
    for step in record.steps_done:
        yield step.done, f"Done {echo_day(datetime.fromisoformat(step.done))}: {step.text}"


def list_steps(records: Iterable[Account]) -> list[NextStep]:
    """Return the next steps that stand, those due first before the others."""
    steps = [record.next_step for record in records if record.next_step]
    return sorted(steps, key=lambda each: (each.due is None, each.due or 0, each.text))


def list_ideas(records: Iterable[Account]) -> list[str]:
    """Return the recommendations of the reports that are open, the newest first, each once."""
    open_ones = [record for record in records if record.status == "open"]
    open_ones.sort(key=lambda record: record.report.occurred, reverse=True)
    ideas: dict[str, str] = {}
    for record in open_ones:
        for idea in record.report.recommendations:
            ideas.setdefault(idea.casefold(), idea)
    return list(ideas.values())


def tell_ids(ids: Sequence[str]) -> str:
    """Return ids with runs of numbers drawn together: ``K7QX-0001 to 0004, 0007``."""
    runs: list[list[int]] = []
    for number in sorted(map(_number, ids)):
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


def _number(entry_id: str) -> int:
    return int(entry_id.partition("-")[2])
