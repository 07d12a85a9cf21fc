"""What needs doing: what waits about reports and about the book, the most pressing first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Literal, get_args

from nearmiss.logbook.book import Logbook
from nearmiss.logbook.parsing import Unreadable
from nearmiss.model.entries import Correction, Entry, Erased, FollowUp
from nearmiss.model.ids import EntryId
from nearmiss.records.history import LaterEntry, Note, Record, fold_newest, list_standing
from nearmiss.records.steps import NextStep, fold_steps

Need = Literal[
    "harm", "safeguarding", "untold", "due", "review", "draft", "alike", "backup", "soon"
]
NEEDS: tuple[Need, ...] = get_args(Need)  # the most pressing first
LOOKED_AT = 2000  # entries, from the end of the book: the cost stays the same as it grows
_SOON = timedelta(days=7)  # before its day, in which a next step is told already
_BACKED_UP = timedelta(days=30)  # after which new entries should be backed up again


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: why, since when it has waited (aware), and which report it is about.

    ``text`` is the next step, ``who`` does it. A report that lies beyond what was looked at has
    its id alone; an unfinished one has a client at most. For a backup, ``since`` is the last one,
    or the first entry where ``is_first``; for a next step, its day, which may be to come.
    """

    need: Need
    since: datetime
    report: str = ""
    client: str = ""
    occurred: datetime | None = None
    text: str = ""
    who: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A report that was begun and not saved; texts are empty where nothing was answered."""

    client: str
    place: str
    changed: datetime  # aware


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
    alike: Iterable[str] = (),
    backed_up: BackedUp | None = None,
) -> list[Waiting]:
    """Return what waits at ``now`` (aware), the most pressing first.

    ``drafts`` were not finished; ``alike`` are ids of reports to be compared with earlier ones;
    ``backed_up`` is the last backup that was noted.
    """
    found = list(_find_needs(seen.records, now))
    for report, entries in seen.strays.items():
        found += _find_stray(report, entries, now)
    found += [Waiting("draft", each.changed, client=each.client) for each in drafts]
    wanted = set(alike)
    found += [
        _about(each, "alike", each.original.written_at)
        for each in seen.records
        if each.report.id in wanted
    ]
    found += _find_backup(seen, now, backed_up)
    return sorted(found, key=_press)


def _press(item: Waiting) -> tuple[int, float]:
    return NEEDS.index(item.need), item.since.timestamp()  # within a kind, the longest waiting


def find_waiting_about(records: Iterable[Record], now: datetime) -> list[Waiting]:
    """Return what waits about ``records`` at ``now`` (aware), the most pressing first."""
    return sorted(_find_needs(records, now), key=_press)


def _find_needs(records: Iterable[Record], now: datetime) -> Iterator[Waiting]:
    """Yield what waits about each of ``records`` at ``now`` (aware), in their order."""
    for record in records:
        harm = _find_untold_harm(record)
        if harm:
            yield _about(record, "harm", harm.written_at)
        elif not record.informed and (record.is_open or record.report.safeguarding):
            need: Need = "safeguarding" if record.report.safeguarding else "untold"
            yield _about(record, need, record.report.occurred)
        if record.is_open:
            yield from _find_due(record, now)
            if record.care_plan_waiting:
                yield _about(record, "review", record.care_plan_waiting.written_at)


def _about(record: Record, need: Need, since: datetime) -> Waiting:
    report = record.report
    return Waiting(need, since, report.id, report.client, report.occurred)


def _find_untold_harm(record: Record) -> FollowUp | None:
    """Return the first harm found after somebody was last told of anything."""
    if not record.harm_found:
        return None
    told = _find_last_told(record.follow_ups, record.later)
    untold = (each for each in record.harm_found if _number(each) > told)
    return next(untold, None)


def _find_last_told(follow_ups: Iterable[FollowUp], later: Iterable[LaterEntry]) -> int:
    telling = [_number(each) for each in follow_ups if each.informed]
    telling += [
        _number(each)
        for each in later
        if isinstance(each, Correction) and each.changes.get("informed")
    ]
    return max(telling, default=0)


def _number(entry: LaterEntry) -> int:
    return EntryId.parse(entry.id).number


def _find_due(record: Record, now: datetime) -> Iterator[Waiting]:
    step = record.next_step
    need = _find_need(step, now)
    if step and step.due and need:
        report = record.report
        since = _begin_day(step.due, now)
        yield Waiting(need, since, report.id, report.client, report.occurred, step.text, step.who)


def _find_need(step: NextStep | None, now: datetime) -> Need | None:
    """Return whether a next step is due or will be soon, None where neither is so."""
    if step is None or step.due is None or step.due > now.date() + _SOON:
        return None
    return "due" if step.due <= now.date() else "soon"


def _begin_day(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)


def _find_stray(report: str, entries: Sequence[LaterEntry], now: datetime) -> Iterator[Waiting]:
    """Yield what waits about a report beyond what was looked at: its later entries alone say."""
    follow_ups = list_standing(entries)
    told = _find_last_told(follow_ups, entries)
    harm = [each for each in follow_ups if each.harm_found and _number(each) > told]
    if harm:
        yield Waiting("harm", harm[0].written_at, report)
    step, _ = fold_steps(follow_ups)
    need = _find_need(step, now)
    if step and step.due and need:
        yield Waiting(need, _begin_day(step.due, now), report, text=step.text, who=step.who)


def _find_backup(seen: Seen, now: datetime, backed_up: BackedUp | None) -> Iterator[Waiting]:
    if not seen.records or seen.first is None:
        return
    since = _begin_day(backed_up.day, now) if backed_up else seen.first
    is_new = backed_up is None or backed_up.entry != seen.last
    if now - since > _BACKED_UP and is_new:
        yield Waiting("backup", since, is_first=backed_up is None and seen.since is None)
