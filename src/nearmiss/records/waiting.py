"""What needs doing, the most pressing first, and how it is said."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal, get_args

from nearmiss.dates.shown import echo_day, echo_near_day, name_weekday, tell_length
from nearmiss.logbook.book import Logbook
from nearmiss.logbook.lines import Unreadable
from nearmiss.model.entries import Correction, Entry, Erased
from nearmiss.records.doubted import list_doubted
from nearmiss.records.fold import fold_standing, fold_steps
from nearmiss.records.handed import Meeting, Paper, ask_of_meeting
from nearmiss.records.read import Note, fold_newest
from nearmiss.records.record import FollowedUp, LaterEntry, NextStep, Record, Stamped
from nearmiss.text import shorten

Need = Literal[
    "harm",
    "safeguarding",
    "untold",
    "doubted",
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
_SOON = timedelta(days=7)  # before its day, in which a next step is told already
_UNDATED = timedelta(days=7)  # after which a next step without a day is told
_BACKED_UP = timedelta(days=30)  # after which new entries should be backed up again


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: why, since when it has waited (aware), and which report it is about.

    ``text`` is the next step, or a paper; ``who`` does it, or was to have that paper, or holds a
    withdrawn report on one; ``what`` was added to a report and not finished. A report that lies
    beyond what was looked at has its id alone; an unfinished one has a client at most. For a
    backup, ``since`` is the last one, or the first entry where ``is_first``; for a next step, its
    day, which may be to come.
    """

    need: Need
    since: datetime
    report: str = ""
    client: str = ""
    occurred: datetime | None = None
    text: str = ""
    who: str = ""
    what: str = ""
    is_first: bool = False
    is_incident: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A report that was begun and not saved, or ``what`` was added to one.

    Texts are empty where nothing was answered.
    """

    client: str
    changed: datetime | None  # aware; None where that is not known
    what: str = ""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The last backup that was noted: its day, and the id of the newest entry in it."""

    day: date
    entry: str


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
    """Return the newest ``most`` entries; ``note`` is told what is unreadable.

    Raises what reading raises.
    """
    entries = book.read_backward()
    newest = list(islice(entries, most))
    has_more = next(entries, None) is not None
    folded = fold_newest(newest, note)
    times = [moment for each in newest if (moment := _find_time(each))]
    first = times[-1] if times else None
    return Seen(
        records=tuple(folded.records),
        strays=folded.strays,
        since=first if has_more else None,
        first=first,
        last=next((each.id for each in newest if not isinstance(each, Unreadable)), ""),
    )


def _find_time(entry: Entry | Unreadable) -> datetime | None:
    if isinstance(entry, Unreadable | Erased):
        return None
    return datetime.fromisoformat(entry.recorded_at)


def find_waiting(
    seen: Seen,
    now: datetime,
    *,
    drafts: Iterable[Unfinished] = (),
    meetings: Iterable[Meeting] = (),
    papers: Iterable[Paper] = (),
    alike: Iterable[str] = (),
    backed_up: BackedUp | None = None,
) -> list[Waiting]:
    """Return what waits at ``now`` (aware), the most pressing first.

    ``drafts`` were not finished; of ``meetings`` is not said yet what was agreed, of ``papers``
    whether they were handed over; ``alike`` are ids of reports to be compared with earlier ones;
    ``backed_up`` is the last backup that was noted.
    """
    found = [each for record in seen.records for each in needs(record, now)]
    for report, entries in seen.strays.items():
        found += _list_stray_needs(report, entries, now)
    found += [
        Waiting(
            "draft",
            each.changed or now,
            client=each.client,
            text=tell_moment(each.changed, now) if each.changed else "",
            what=each.what,
        )
        for each in drafts
    ]
    found += [
        Waiting("meeting", _begin_day(each.day, now), client=each.client) for each in meetings
    ]
    found += [
        Waiting("paper", _begin_day(each.made, now), text=each.name, who=each.note.recipient)
        for each in papers
    ]
    wanted = set(alike)
    found += [
        _about(each, "alike", _read_moment(each)) for each in seen.records if each.id in wanted
    ]
    for doubt in list_doubted(seen.records):
        about = _about(doubt.record, "doubted", _read_moment(doubt.record))
        found.append(replace(about, text=doubt.lines[0]))
    found += _find_backup(seen, now, backed_up)
    return put_in_order(found)


def put_in_order(found: Iterable[Waiting]) -> list[Waiting]:
    """Return what waits with the most pressing first.

    Of one kind the newest stands first, as in every list of reports; steps stand by their days.
    """

    def rank(item: Waiting) -> tuple[int, float]:
        at = item.since.timestamp()
        return NEEDS.index(item.need), at if item.need in _BY_DAY else -at

    return sorted(found, key=rank)


_BY_DAY = ("due", "soon", "later")


def needs(record: Record, now: datetime) -> list[Waiting]:
    """Return what presses about a report at ``now`` (aware).

    What is told of what is what was written of it: a harm waits until somebody was told of it, or
    in older entries of something since; a concern until somebody was told of the concern.
    """
    if record.withdrawn:
        return _list_holders(record)
    found = []
    harm = _find_untold_harm(record.standing, record.later)
    if harm:
        found.append(_about(record, "harm", _read_moment(harm)))
    if record.report.safeguarding and not _knows_of_concern(record):
        found.append(_about(record, "safeguarding", record.report.occurred))
    elif not harm and not record.informed and record.is_open:
        found.append(_about(record, "untold", record.report.occurred))
    found += [_about_step(_about(record, "due", now), each, now) for each in record.steps]
    if record.is_open and record.care_plan_waiting:
        found.append(_about(record, "review", _read_moment(record.care_plan_waiting)))
    return found


def tell_untold(record: Record) -> str:
    """Return of what nobody was told, closed or not: of all, the harm or the worry; else empty."""
    if not record.informed:
        return "nobody told"
    if _find_untold_harm(record.standing, record.later):
        return "nobody told of the harm"
    unknown = record.report.safeguarding and not _knows_of_concern(record)
    return "nobody told of the worry" if unknown and record.shows_concern else ""


def _knows_of_concern(record: Record) -> bool:
    """Whether somebody was told of the concern, or it was closed with somebody told of it all."""
    return bool(record.list_told_of("concern") or (record.informed and not record.is_open))


def _list_holders(record: Record) -> list[Waiting]:
    """Return who holds a withdrawn report on paper and was not told since."""
    gone = record.withdrawn
    if gone is None:
        return []
    if any(each.number > gone.number and each.informed for each in record.standing):
        return []
    holders = [each.recipient for each in record.disclosures if not each.withdrawn]
    held = _about(record, "held", _read_moment(gone))
    return [replace(held, who=who) for who in dict.fromkeys(holders)]


def is_due(step: NextStep | None, day: date) -> bool:
    """Whether there is a next step, and its day has come by ``day``."""
    return step is not None and step.due is not None and step.due <= day


def _about(record: Record, need: Need, since: datetime) -> Waiting:
    of = record.report.client, record.report.occurred
    return Waiting(need, since, record.id, *of, is_incident=record.is_incident)


def _read_moment(entry: Stamped) -> datetime:
    return datetime.fromisoformat(entry.recorded_at)


def _find_untold_harm(
    follow_ups: Sequence[FollowedUp], later: Iterable[LaterEntry]
) -> FollowedUp | None:
    """Return the first harm found of which nobody was told."""
    told_of = {what for each in follow_ups for what in each.told_of}
    unclear = [each.number for each in follow_ups if each.informed and not each.told_of]
    corrections = (each for each in later if isinstance(each, Correction))
    # One that says who was tried too may have moved a line there: it tells of nobody told since.
    says_so = (each for each in corrections if "tried" not in each.changes)
    unclear += [each.number for each in says_so if each.changes.get("informed")]
    last = max(unclear, default=0)
    harm = (each for each in follow_ups if each.harm_found)
    return next((each for each in harm if each.id not in told_of and each.number > last), None)


def _about_step(about: Waiting, step: NextStep, now: datetime) -> Waiting:
    """Return that a step is open, as ``about`` names the report: due, soon, later or undated."""
    if step.due is None:
        since = datetime.fromisoformat(step.noted)
        need: Need = "undated" if now - since > _UNDATED else "later"
    else:
        since = _begin_day(step.due, now)
        near: Need = "soon" if is_due(step, now.date() + _SOON) else "later"
        need = "due" if is_due(step, now.date()) else near
    return replace(about, need=need, since=since, text=step.text, who=step.who)


def _begin_day(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)


def _list_stray_needs(
    report: str, entries: Sequence[LaterEntry], now: datetime
) -> Iterator[Waiting]:
    """Yield what presses about a report beyond what was looked at: its later entries alone say."""
    follow_ups = fold_standing(entries)
    harm = _find_untold_harm(follow_ups, entries)
    if harm:
        yield Waiting("harm", _read_moment(harm), report)
    for step in fold_steps(follow_ups)[0]:
        yield _about_step(Waiting("due", now, report), step, now)


def _find_backup(seen: Seen, now: datetime, backed_up: BackedUp | None) -> Iterator[Waiting]:
    if not seen.records or seen.first is None:
        return
    since = _begin_day(backed_up.day, now) if backed_up else seen.first
    is_new = backed_up is None or backed_up.entry != seen.last
    if now - since > _BACKED_UP and is_new:
        yield Waiting("backup", since, is_first=backed_up is None and seen.since is None)


def tell_waiting(item: Waiting, now: datetime) -> str:
    """Return what is to do in words, with its report and how long it has waited."""
    return _WORDS[item.need](item, now)


def _tell_untold(what: str) -> Callable[[Waiting, datetime], str]:
    def tell(item: Waiting, now: datetime) -> str:
        return f"{_name(item, now)}: {what} ({tell_length(now - item.since)})"

    return tell


def _name_report(item: Waiting) -> str:
    number = f"{item.report} (incident)" if item.is_incident else item.report
    return ", ".join(filter(None, (number, item.client)))


def _name(item: Waiting, now: datetime) -> str:
    parts = [_name_report(item)]
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
    return _tell_step(item, f"due {when}")


def _tell_undated(item: Waiting, now: datetime) -> str:
    return _tell_step(item, f"no day, noted {tell_length(now - item.since)} ago")


def _tell_step(item: Waiting, when: str) -> str:
    return f"{_name_report(item)}: {item.text} ({'; '.join(filter(None, (item.who, when)))})"


def _tell_doubted(item: Waiting, now: datetime) -> str:
    return f'{_name(item, now)}: stands as told: "{shorten(item.text, 40)}". Was anybody reached?'


def _tell_held(item: Waiting, now: datetime) -> str:
    del now
    told = f"{item.who} holds it on paper and is not noted as told"
    return f"{_name_report(item)}: withdrawn; {told}"


def _tell_draft(item: Waiting, now: datetime) -> str:
    del now
    about = f" about {item.client}" if item.client else ""
    when = f" ({item.text})" if item.text else ""
    return f"{item.what or f'A report{about}'} was not finished{when}"


def _tell_meeting(item: Waiting, now: datetime) -> str:
    return f"{ask_of_meeting(item.client)} (pack of {echo_near_day(item.since, now)})"


def _tell_paper(item: Waiting, now: datetime) -> str:
    made = echo_near_day(item.since, now)
    return f"The {item.text}, made {made}: was it handed to {item.who}?"


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
    "safeguarding": _tell_untold("possible concern raised, nobody has been told of it yet"),
    "untold": _tell_untold("nobody has been told yet"),
    "doubted": _tell_doubted,
    "due": _tell_due,
    "review": _tell_untold("care plan review asked for, not answered"),
    "paper": _tell_paper,
    "meeting": _tell_meeting,
    "draft": _tell_draft,
    "alike": _tell_untold("not yet compared with earlier reports"),
    "backup": _tell_backup,
    "soon": _tell_due,
    "later": _tell_due,
    "undated": _tell_undated,
    "held": _tell_held,
}


def describe_waiting(found: Sequence[Waiting], seen: Seen, now: datetime) -> list[str]:
    """Return what waits in lines, the most pressing first, and of which reports that is said."""
    later = sum(each.need == "later" for each in found)
    pressing = [each for each in found if each.need != "later"]
    lines = [tell_waiting(each, now) for each in _choose_shown(pressing)]
    if not pressing:
        lines = [_tell_nothing(seen, now)]
    if len(pressing) > _SHOWN:
        lines.append(f"and {len(pressing) - _SHOWN} more")
    if later:
        lines.append(f"Later: {later} more")
    if seen.since and pressing:
        lines.append(f"This is of reports since {echo_day(seen.since)}. {_OLDER}")
    return lines


def _choose_shown(found: Sequence[Waiting]) -> list[Waiting]:
    """Return what is shown, in its order: of each kind what has waited longest, then the rest."""
    longest = sorted(found, key=lambda each: (NEEDS.index(each.need), each.since.timestamp()))
    firsts = {each.need: each for each in reversed(longest)}
    chosen = list(dict.fromkeys((*reversed(firsts.values()), *longest)))[:_SHOWN]
    return [each for each in found if each in chosen]


_SHOWN = 5  # of what waits
_OLDER = "Older ones: nearmiss list --not-informed --all"


def _tell_nothing(seen: Seen, now: datetime) -> str:
    if not seen.records:
        return "Nothing is waiting. There is no report yet."
    if seen.since:
        return f"Nothing is waiting among reports since {echo_day(seen.since)}. {_OLDER}"
    stand = (each for each in seen.records if not each.withdrawn)
    last = next(stand, seen.records[0]).report.occurred
    return f"Nothing is waiting. Last report: {name_weekday(last)[:3]} {echo_near_day(last, now)}."
