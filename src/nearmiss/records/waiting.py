"""What needs doing, the most pressing first, and how it is said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal, get_args

from nearmiss.dates.shown import echo_day, echo_near_day, name_weekday, tell_length
from nearmiss.logbook.beside import LastBackup
from nearmiss.logbook.book import Logbook
from nearmiss.model.entries import CorrectionFields, Erased, FollowUp, Report
from nearmiss.records.fold import fold_standing, fold_steps, list_standing
from nearmiss.records.handed import Meeting, Paper, ask_of_meeting
from nearmiss.records.informed import (
    concern_waits,
    find_untold_harm,
    lacks_protector,
    list_unreached,
)
from nearmiss.records.read import Note, fold_newest, take_readable
from nearmiss.records.record import LaterEntry, NextStep, Record, Stamped
from nearmiss.speech import join_words
from nearmiss.text import shorten

Need = Literal[
    "harm",
    "safeguarding",
    "unprotected",
    "untold",
    "doubted",
    "missed",
    "due",
    "held",
    "undated",
    "review",
    "paper",
    "meeting",
    "draft",
    "alike",
    "backup",
    "soon",
    "later",
]
NEEDS: tuple[Need, ...] = get_args(Need)  # the most pressing first
LOOKED_AT = 2000  # entries, from the end of the book: the cost stays the same as it grows
MOST_SHOWN = 5  # of what waits
_SOON = timedelta(days=7)  # before its day, in which a next step is told already
_UNDATED = timedelta(days=7)  # after which a next step without a day is told
_BACKED_UP = timedelta(days=30)  # after which new entries should be backed up again


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: why, since when it has waited (aware), its words, and the report's id.

    For a backup, ``since`` is the last one, or the first entry; for a next step, its day, which
    may be to come.
    """

    need: Need
    since: datetime
    says: str
    report: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest entries of a book.

    ``records`` are its reports, the newest first; ``strays`` are entries about older reports, by
    their ids. ``since`` is when the oldest entry that was looked at was written, None where the
    whole book was; ``first`` and ``last`` say when the oldest and the newest of them were.
    """

    records: tuple[Record, ...]
    strays: Mapping[str, Sequence[LaterEntry]]
    since: datetime | None
    first: datetime | None
    last: str


def look_back(book: Logbook, note: Note, most: int = LOOKED_AT) -> Seen:
    """Return the newest ``most`` entries; ``note`` is told what is unreadable."""
    entries = book.read_backward()
    newest = list(islice(entries, most))
    has_more = next(entries, None) is not None
    folded = fold_newest(newest, note)
    readable = list(take_readable(newest))
    dated = (each for each in reversed(readable) if not isinstance(each, Erased))
    oldest = next(dated, None)
    first = datetime.fromisoformat(oldest.recorded_at) if oldest else None
    return Seen(
        records=tuple(folded.records),
        strays=folded.strays,
        since=first if has_more else None,
        first=first,
        last=readable[0].id if readable else "",
    )


def find_waiting(
    seen: Seen,
    now: datetime,
    *,
    drafts: Iterable[Waiting] = (),
    meetings: Iterable[Meeting] = (),
    papers: Iterable[Paper] = (),
    alike: Iterable[str] = (),
    backed_up: LastBackup | None = None,
) -> list[Waiting]:
    """Return what waits at ``now`` (aware), the most pressing first."""
    found = [each for record in seen.records for each in needs(record, now)]
    for report, entries in seen.strays.items():
        found += _list_stray_needs(report, entries, now)
    found += drafts
    for meeting in meetings:
        says = f"{ask_of_meeting(meeting.client)} (pack of {echo_near_day(meeting.day, now)})"
        found.append(Waiting("meeting", _begin_day(meeting.day, now), says))
    for paper in papers:
        made = echo_near_day(paper.made, now)
        says = f"The {paper.name}, made {made}: was it handed to {paper.note.recipient}?"
        found.append(Waiting("paper", _begin_day(paper.made, now), says))
    wanted = set(alike)
    found += [
        _wait("alike", _read_moment(each), each.id, _name(each, now), now)
        for each in seen.records
        if each.id in wanted
    ]
    for doubt in list_doubted(seen.records):
        record, line = doubt.record, shorten(doubt.lines[0], 40)
        says = f'{_name(record, now)}: stands as told: "{line}". Was anybody reached?'
        found.append(Waiting("doubted", _read_moment(record), says, record.id))
    found += _find_backup(seen, now, backed_up)
    return put_in_order(found)


def put_in_order(found: Iterable[Waiting]) -> list[Waiting]:
    """Return what waits, the most pressing first; of one kind the newest, steps by their days."""

    def rank(item: Waiting) -> tuple[int, float]:
        at = item.since.timestamp()
        return NEEDS.index(item.need), at if item.need in _BY_DAY else -at

    return sorted(found, key=rank)


_BY_DAY = ("due", "soon", "later")


def needs(record: Record, now: datetime) -> list[Waiting]:
    """Return what presses about a report at ``now`` (aware).

    What is told of what is what was written of it: a harm waits until somebody was told of it, or
    in older entries of something since; a concern until somebody was told of the concern, and
    then until one of those who protect is noted as told of it.
    """
    if record.withdrawn:
        return _list_holders(record)
    found = []

    def wait(need: Need, since: datetime) -> None:
        found.append(_wait(need, since, record.id, _name(record, now), now))

    harm = find_untold_harm(record.standing, record.later)
    if harm:
        wait("harm", _read_moment(harm))
    if record.is_open and lacks_protector(record):
        wait("unprotected", record.report.occurred)
    if concern_waits(record):
        wait("safeguarding", record.report.occurred)
    elif not harm and not record.informed and record.is_open:
        wait("untold", record.report.occurred)
    elif not harm and record.is_open and (missed := list_unreached(record)):
        who, since = shorten("; ".join(missed), _MISSED), record.report.occurred
        says = f"{_name(record, now)}: not reached yet: {who} ({tell_length(now - since)})"
        found.append(Waiting("missed", since, says, record.id))
    found += [_wait_for(each, record.id, _name_shortly(record), now) for each in record.steps]
    if record.is_open and record.care_plan_waiting:
        wait("review", _read_moment(record.care_plan_waiting))
    return found


_MISSED = 60  # characters of who was tried
_WAITED = {
    "harm": "harm was found later, nobody told since",
    "safeguarding": "possible concern raised, nobody has been told of it yet",
    "unprotected": "possible concern, adult social care is not noted as told",
    "untold": "nobody has been told yet",
    "review": "care plan review asked for, not answered",
    "alike": "not yet compared with earlier reports",
}


def _wait(need: Need, since: datetime, report: str, named: str, now: datetime) -> Waiting:
    return Waiting(need, since, f"{named}: {_WAITED[need]} ({tell_length(now - since)})", report)


def _name_shortly(record: Record) -> str:
    number = f"{record.id} (incident)" if record.is_incident else record.id
    return f"{number}, {record.report.client}"


def _name(record: Record, now: datetime) -> str:
    occurred = record.report.occurred
    day = f"{name_weekday(occurred)[:3]} {echo_near_day(occurred, now)}"
    return f"{_name_shortly(record)}, {day}"


def _list_holders(record: Record) -> list[Waiting]:
    gone = record.withdrawn
    if gone is None:
        return []
    at = [each.id for each in record.later].index(gone.id)
    told = {each.id for each in record.standing if each.informed}
    if any(each.id in told for each in record.later[at:]):
        return []
    holders = [each.recipient for each in record.disclosures if not each.withdrawn]
    since, named = _read_moment(gone), f"{_name_shortly(record)}: withdrawn"
    return [
        Waiting(
            "held", since, f"{named}; {who} holds it on paper and is not noted as told", record.id
        )
        for who in dict.fromkeys(holders)
    ]


def _read_moment(entry: Stamped) -> datetime:
    return datetime.fromisoformat(entry.recorded_at)


def _wait_for(step: NextStep, report: str, named: str, now: datetime) -> Waiting:
    need: Need = "later"
    if step.due is None:
        since = datetime.fromisoformat(step.noted)
        need = "undated" if now - since > _UNDATED else "later"
        when = f"no day, noted {tell_length(now - since)} ago"
    else:
        since = _begin_day(step.due, now)
        if step.due <= now.date() + _SOON:
            need = "due" if step.is_due(now.date()) else "soon"
        when = f"due {_tell_due_day(step.due, now.date())}"
    is_bracketed = "(" in step.who
    text = f"{step.text}, {step.who}" if is_bracketed else step.text
    who = f"{step.who}; " if step.who and not is_bracketed else ""
    return Waiting(need, since, f"{named}: {text} ({who}{when})", report)


def _tell_due_day(due: date, today: date) -> str:
    days = (today - due).days
    if named := {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days):
        return named
    day = f"{name_weekday(due)} {echo_near_day(due, today)}"
    length = tell_length(timedelta(days=abs(days)))
    return f"{day}, in {length}" if days < 0 else f"{day}, {length} ago"


def _begin_day(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)


def _list_stray_needs(
    report: str, entries: Sequence[LaterEntry], now: datetime
) -> Iterator[Waiting]:
    """Yield what presses about a report beyond what was looked at: its later entries alone say."""
    follow_ups = fold_standing(entries)
    harm = find_untold_harm(follow_ups, entries)
    if harm:
        yield _wait("harm", _read_moment(harm), report, report, now)
    for step in fold_steps(follow_ups, entries)[0]:
        yield _wait_for(step, report, report, now)


def _find_backup(seen: Seen, now: datetime, backed_up: LastBackup | None) -> Iterator[Waiting]:
    if not seen.records or seen.first is None:
        return
    since = _begin_day(backed_up.day, now) if backed_up else seen.first
    is_new = backed_up is None or backed_up.entry != seen.last
    if now - since > _BACKED_UP and is_new:
        length = tell_length(now - since)
        says = f"No backup is noted for {length}, and there are new entries"
        if backed_up is None and seen.since is None:
            says = f"No backup is noted yet, {length} after the first entry"
        yield Waiting("backup", since, says)


def make_unfinished(what: str, changed: datetime | None, now: datetime, way: str = "") -> Waiting:
    """Return that ``what`` was begun and not saved, last changed then, and the ``way`` to go on."""
    when = ""
    if changed:
        named = {0: "today", 1: "yesterday"}.get((now.date() - changed.date()).days)
        day = named or f"{name_weekday(changed)[:3]} {echo_near_day(changed, now)}"
        when = f" ({day}, {changed:%H:%M})"
    return Waiting("draft", changed or now, f"{what} was not finished{when}{way and f': {way}'}")


def describe_waiting(
    found: Sequence[Waiting], seen: Seen, now: datetime, most: int = MOST_SHOWN
) -> list[str]:
    """Return what waits in lines, the most pressing first, and of which reports that is said."""
    later = sum(each.need == "later" for each in found)
    pressing = [each for each in found if each.need != "later"]
    shown = choose_shown(pressing, most)
    lines = [each.says for each in shown]
    if not pressing:
        lines = [_tell_nothing(seen, now)]
    if left := [each for each in pressing if each not in shown]:
        of_reports = sum(bool(each.report) for each in left)
        some = f"{of_reports} of them: " if of_reports < len(left) else ""
        way = f" ({some}{_THOSE})" if of_reports else ""
        lines.append(f"and {len(left)} more{way}")
    if later:
        lines.append(f"Later: {later} more ({_THOSE})")
    if seen.since and pressing:
        lines.append(f"This is of reports since {echo_day(seen.since)}. {_OLDER}")
    return lines


def choose_shown(found: Sequence[Waiting], most: int) -> list[Waiting]:
    """Return what is shown, in its order: of each kind what has waited longest, then the rest."""
    pressing = (each for each in found if each.need != "later")
    longest = sorted(pressing, key=lambda each: (NEEDS.index(each.need), each.since.timestamp()))
    firsts = {each.need: each for each in reversed(longest)}
    chosen = list(dict.fromkeys((*reversed(firsts.values()), *longest)))[:most]
    return [each for each in found if each in chosen]


_THOSE = "Look at reports, Those that wait"
_OLDER = "Older ones: nearmiss list --not-informed --all"


def _tell_nothing(seen: Seen, now: datetime) -> str:
    if not seen.records:
        return "Nothing is waiting. There is no report yet."
    if seen.since:
        return f"Nothing is waiting among reports since {echo_day(seen.since)}. {_OLDER}"
    stand = [each for each in seen.records if not each.withdrawn] or seen.records
    last = max(each.report.occurred for each in stand)
    return f"Nothing is waiting. Last report: {name_weekday(last)[:3]} {echo_near_day(last, now)}."


_QUOTED = 120  # characters of a line that the reason repeats
_TOLD = ("informed", "concern_informed")


@dataclass(frozen=True)
class Doubted:
    """An entry about ``record`` as it stands, and the lines of it that are doubted."""

    record: Record
    entry: Report | FollowUp
    lines: tuple[str, ...]


def list_doubted(records: Iterable[Record]) -> list[Doubted]:
    """Return the entries in which a line about who was told reads as if nobody was reached.

    Where the carer was asked, the entry has ``tried``, be it empty, or says of what they were
    told: it was written since these are asked for. Such a one is not asked about again.
    """
    from nearmiss.intake.reached import is_doubted

    found = []
    for record in records:
        if record.withdrawn or not record.told:
            continue
        entries: list[Report | FollowUp] = [record.current, *list_standing(record)]
        for entry in entries:
            lines = tuple(line for line in _list_told(entry) if is_doubted(line))
            if lines and entry.tried is None and not getattr(entry, "told_of", None):
                found.append(Doubted(record, entry, lines))
    return found


def _list_told(entry: Report | FollowUp) -> list[str]:
    return [line for field in _TOLD for line in getattr(entry, field, None) or ()]


def settle_doubted(doubted: Doubted, missed: Iterable[str]) -> CorrectionFields:
    """Return the correction that says who of the doubted was ``missed``, and who was reached."""
    entry, gone = doubted.entry, list(dict.fromkeys(missed))
    changes: dict[str, str | bool | list[str]] = {"tried": gone}
    for field in _TOLD:
        told = getattr(entry, field, None) or []
        if set(told) & set(gone):
            changes[field] = [line for line in told if line not in gone]
    said = [("not reached", gone), ("reached", [x for x in doubted.lines if x not in gone])]
    reasons = [f"{word}: {_quote(lines)}" for word, lines in said if lines]
    return CorrectionFields(
        about=entry.id, changes=changes, reason=f"Asked later. {'; '.join(reasons).capitalize()}"
    )


def _quote(lines: Iterable[str]) -> str:
    return join_words([f'"{shorten(each, _QUOTED)}"' for each in lines])
