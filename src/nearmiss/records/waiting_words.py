"""What needs doing in words: the same at the desk, in the summary and without a terminal."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from nearmiss.dates.shown import echo_day, echo_near_day, name_weekday, tell_length
from nearmiss.records.waiting import Need, Seen, Waiting


def tell_waiting(item: Waiting, now: datetime) -> str:
    """Return what is to do in words, with its report and how long it has waited."""
    return _WORDS[item.need](item, now)


def _tell_untold(what: str) -> Callable[[Waiting, datetime], str]:
    def tell(item: Waiting, now: datetime) -> str:
        return f"{_name(item, now)}: {what} ({tell_length(now - item.since)})"

    return tell


def _name(item: Waiting, now: datetime) -> str:
    parts = [item.report, item.client]
    if item.occurred:
        parts.append(f"{name_weekday(item.occurred)[:3]} {echo_near_day(item.occurred, now)}")
    return ", ".join(filter(None, parts))


def _tell_due(item: Waiting, now: datetime) -> str:
    days = (now.date() - item.since.date()).days
    when = {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days)
    if when is None:
        day = f"{name_weekday(item.since)} {echo_near_day(item.since, now)}"
        length = tell_length(timedelta(days=abs(days)))
        when = f"{day}, in {length}" if days < 0 else f"{day}, {length} ago"
    who = f"{item.who}; " if item.who else ""
    about = ", ".join(filter(None, (item.report, item.client)))
    return f"{about}: {item.text} ({who}due {when})"


def _tell_draft(item: Waiting, now: datetime) -> str:
    about = f" about {item.client}" if item.client else ""
    return f"A report{about} was not finished ({tell_moment(item.since, now)})"


def tell_moment(moment: datetime, now: datetime) -> str:
    """Return a past moment as it is told: ``today, 21:40``; ``yesterday, 21:40``; its day."""
    days = (now.date() - moment.date()).days
    named = {0: "today", 1: "yesterday"}.get(days)
    day = named or f"{name_weekday(moment)[:3]} {echo_near_day(moment, now)}"
    return f"{day}, {moment:%H:%M}"


def _tell_backup(item: Waiting, now: datetime) -> str:
    length = tell_length(now - item.since)
    if item.is_first:
        return f"No backup is noted yet, {length} after the first entry"
    return f"No backup is noted for {length}, and there are new entries"


_WORDS: dict[Need, Callable[[Waiting, datetime], str]] = {
    "harm": _tell_untold("harm was found later, nobody told since"),
    "safeguarding": _tell_untold("possible concern raised, nobody has been told yet"),
    "untold": _tell_untold("nobody has been told yet"),
    "due": _tell_due,
    "review": _tell_untold("care plan review asked for, not answered"),
    "draft": _tell_draft,
    "alike": _tell_untold("not yet compared with earlier reports"),
    "backup": _tell_backup,
    "soon": _tell_due,
}


def describe_waiting(found: Sequence[Waiting], seen: Seen, now: datetime) -> list[str]:
    """Return what waits in lines, the most pressing first, and of which reports that is said."""
    if not found:
        return [_tell_nothing(seen, now)]
    lines = [tell_waiting(each, now) for each in _choose_shown(found)]
    if len(found) > _SHOWN:
        lines.append(f"and {len(found) - _SHOWN} more")
    if seen.since:
        lines.append(f"This is of reports since {echo_day(seen.since)}. {_OLDER}")
    return lines


def _choose_shown(found: Sequence[Waiting]) -> list[Waiting]:
    """Return what is shown, in its order: of each kind the first, then the most pressing."""
    firsts: dict[Need, int] = {}
    for at, each in enumerate(found):
        firsts.setdefault(each.need, at)
    chosen = list(dict.fromkeys((*firsts.values(), *range(len(found)))))[:_SHOWN]
    return [found[at] for at in sorted(chosen)]


_SHOWN = 5  # of what waits
_OLDER = "Older ones: nearmiss list --not-informed --all"


def _tell_nothing(seen: Seen, now: datetime) -> str:
    if not seen.records:
        return "Nothing is waiting. There is no report yet."
    if seen.since:
        return f"Nothing is waiting among reports since {echo_day(seen.since)}. {_OLDER}"
    last = seen.records[0].report.occurred
    return f"Nothing is waiting. Last report: {name_weekday(last)[:3]} {echo_near_day(last, now)}."
